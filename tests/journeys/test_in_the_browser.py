"""A light and a full family held in a real browser, with every press counted: what the hand has to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.meeting import discussion_wording, script
from tests.figures import counted
from tests.worlds.chromium import a_page
from tests.worlds.practised import KESTREL, Room
from tests.worlds.until import patience

LIGHT_MOST, FULL_MOST, FORMS_MOST = 8, 30, 6
SHORT, LONGER = 900, 1150
"""Pixels of a form above "Add more": with two children and two open actions, and with three of each. Each child's words
and each action are answers of their own."""
ABOVE_ADD_MORE = """m => {
  const all = [...m.querySelectorAll('.blocks > *')], top = all[0].getBoundingClientRect().top;
  const asked = all.filter(one => one.innerText.trim() != 'Add more');
  return Math.round(asked.at(-1).getBoundingClientRect().bottom - top);
}"""
SCREEN, THREAD_MOST = 572, 5
"""Pixels of a thread in view at 1366 x 768 without the guide, and how many such screens a full family takes."""
WITH_EVERYTHING = 5.25
"""The same with three more records: an agreement, different views, a role."""


@dataclass
class Hand:
    """One person at the page. Typing costs nothing here, every press does."""

    page: Page
    room: Room
    presses: int = 0
    forms: int = 0
    heights: dict[str, int] = field(default_factory=dict)

    async def press(self, where: Locator) -> None:
        self.presses += 1
        await where.last.click()
        await self.room.settle()

    async def button(self, name: str, *, within: str = "#thread, .thread") -> None:
        await self.press(self.page.locator(within).get_by_role("button", name=name, exact=True))

    async def type(self, words: str) -> None:
        box = self.page.locator("#compose-thread textarea")
        await box.fill(words)
        await box.press("Enter")
        await self.room.settle()

    @property
    def form(self) -> Locator:
        return self.page.locator("#modal")

    async def opened(self, title: str) -> None:
        """A form is there; how tall it is, as it opened."""
        await self.form.get_by_role("heading", name=title).wait_for()
        self.forms += 1
        self.heights[title] = await self.form.evaluate(ABOVE_ADD_MORE)

    async def choose(self, name: str, *, nth: int = 0) -> None:
        self.presses += 1
        await self.form.get_by_label(name, exact=True).nth(nth).check()

    async def pick(self, label: str, what: str, *, nth: int = 0) -> None:
        """Opens a menu of the form with one press, types the beginning of a choice and takes it with Enter."""
        await self._from_menu(self.form.get_by_role("combobox", name=label).nth(nth), what)
        await self.room.settle()

    async def more(self, what: str) -> None:
        """The same in "More" on the card."""
        menu = self.page.locator("#thread, .thread").get_by_role("combobox", name="More").last
        await self._from_menu(menu, what)
        await self.room.settle()

    async def _from_menu(self, menu: Locator, what: str) -> None:
        self.presses += 1
        await menu.click()
        await menu.fill(what)
        await menu.press("Enter")

    async def write(self, label: str, words: str, *, nth: int = 0) -> None:
        await self.form.get_by_label(label).nth(nth).fill(words)

    async def each_opened(self, wanted: dict[str, str]) -> None:
        """Opens from "More" each form that is wanted still and there, and closes it again."""
        menu = self.page.locator("#thread, .thread").get_by_role("combobox", name="More").last
        await menu.click()
        offered = await self.page.get_by_role("option").all_inner_texts()
        await self.page.keyboard.press("Escape")
        for form, title in list(wanted.items()):
            label = discussion_wording.record_label(title)
            if label in offered:
                await self.more(label)
                await self.opened(wanted.pop(form))
                await self.page.keyboard.press("Escape")
                await self.form.wait_for(state="hidden")

    async def screens(self) -> float:
        """How many screens of a thread the family's thread is long, as somebody finds it who opens it now."""
        thread = parse_qs(urlsplit(self.page.url).query)["thread"][0]
        kept = await self.room.seat("pippa").messages(KESTREL, thread)
        await self.page.reload()
        await expect(self.page.locator("#thread-list .msg")).to_have_count(len(kept), timeout=patience(20) * 1000)
        tall = await self.page.evaluate("document.querySelector('#thread-list, .thread .list').scrollHeight")
        return round(float(tall) / SCREEN, 2)

    async def save(self) -> None:
        await self.press(self.form.locator("button[type=submit]"))
        await self.form.wait_for(state="hidden")

    async def thread_of(self, ref: str) -> None:
        """Opens the family's thread from its message in the channel; no press of the discussion's own."""
        talk = self.room.talk(ref)
        assert talk is not None
        address = f"{self.room.server.base_url}/?seat={self.room.users['pippa']}&channel={KESTREL}"
        await self.page.goto(address)
        await self.page.get_by_role("button", name="Leave the guide").click()
        message = self.page.locator("#channel-list .msg", has_text=f"{ref} (").filter(has_text="discussion").last
        await message.locator(".thread-line").click()


@pytest.fixture
async def hand(meeting: Room) -> AsyncIterator[Hand]:
    async with a_page() as page:
        yield Hand(page, meeting)


async def test_rule_5_a_light_family_takes_one_form_and_eight_presses(meeting: Room, hand: Hand) -> None:
    await meeting.start("K4419D", "light")
    hand.presses += 1
    await hand.thread_of("K4419D")
    await hand.type("EP was calm at the visit.")
    await hand.button("Quick round")
    await hand.opened("Quick round")
    await hand.choose("No concern today")
    await hand.form.get_by_label("What has changed", exact=False).fill("The mornings go better.")
    await hand.save()
    assert "No concern today." in await meeting.said("pippa", str(getattr(meeting.talk("K4419D"), "id", "")))
    await hand.button("Finish")
    talk = meeting.talk("K4419D")
    assert talk is not None
    assert talk.state != "open"
    assert counted("light family: clicks from Start to Finish", hand.presses, "clicks", LIGHT_MOST) <= LIGHT_MOST
    assert counted("light family: forms", hand.forms, "forms", 1) == 1
    tall = counted("quick round, two children", hand.heights["Quick round"], "pixels", SHORT)
    assert tall <= SHORT, hand.heights


async def test_a_form_grows_sensibly_with_the_family(meeting: Room, hand: Hand) -> None:
    await meeting.start("K3107C", "light")
    await hand.thread_of("K3107C")
    await hand.button("Quick round")
    await hand.opened("Quick round")
    tall = counted("quick round, three children and three open actions", hand.heights["Quick round"], "pixels", LONGER)
    assert tall <= LONGER, hand.heights


async def test_every_form_of_the_meeting_is_short_as_it_opens(meeting: Room, hand: Hand) -> None:
    """With three children, two carers and three open actions; the forms of clinical work are not the meeting's."""
    stages = [stage for kind in (script.LIGHT, script.FULL) for stage in script.stages(kind)]
    wanted = {form: load_form(form).title for stage in stages for form in (stage.form, *stage.also) if form}
    talk = await meeting.start("K3107C", "light")
    await hand.thread_of("K3107C")
    await hand.each_opened(wanted)
    await meeting.more("orla", talk, "do:switch")
    await hand.each_opened(wanted)
    await meeting.more("orla", talk, "stage:rehearse")
    await hand.each_opened(wanted)
    assert wanted == {}
    tallest = counted("tallest other form of the meeting, three children", max(hand.heights.values()), "pixels", SHORT)
    assert tallest <= SHORT, hand.heights


async def through_the_first_stages(meeting: Room, hand: Hand) -> None:
    """A full family from its start to the ideas: safety answered, something typed in each stage, one idea."""
    await meeting.start("K3107C", "full")
    hand.presses += 1
    await hand.thread_of("K3107C")
    await hand.type("I lead, Pippa writes.")
    await hand.button("Next: Safety first")
    await hand.button("Safety")
    await hand.opened("Safety first")
    await hand.choose("No")
    await hand.choose("No", nth=1)
    await hand.save()
    for name, words in (
        ("What has changed", "The mornings go better."),
        ("Child and family voices", "TD said the house is quieter."),
        ("Who they are and who we are", "We have not asked about faith."),
        ("Ideas about what is going on", "Perhaps nobody knows who takes TD."),
    ):
        await hand.button(f"Next: {name}")
        await hand.type(words)
    await hand.button("An idea")
    await hand.opened("An idea")
    await hand.write("The idea", "Perhaps mornings are hard when nobody knows who takes TD.")
    await hand.save()
    await hand.button("Next: Plan the next conversation")
    await hand.type("Devan rings Nan first.")


async def an_action_and_the_end(meeting: Room, hand: Hand) -> None:
    await hand.button("An action")
    await hand.opened("An action")
    await hand.write("What will be done?", "Ring Nan.")
    await hand.pick("Who will do it?", "Devan")
    await hand.save()
    await hand.button("Next: Measures, reviews and next date")
    await hand.button("Next: Tue 22 Dec, full")
    await hand.button("Finish")
    talk = meeting.talk("K3107C")
    assert talk is not None
    assert talk.state == "read_back"
    assert talk.next_on is not None


async def test_rule_6_six_typed_lines_and_three_records_are_five_screens(meeting: Room, hand: Hand) -> None:
    await through_the_first_stages(meeting, hand)
    await hand.button("Next: Roles and actions")
    await an_action_and_the_end(meeting, hand)
    long = counted("full thread, six typed lines, three records", await hand.screens(), "screens", THREAD_MOST)
    assert long <= THREAD_MOST


async def test_rule_6_a_full_family_with_one_of_everything_is_thirty_presses_and_six_forms(
    meeting: Room, hand: Hand
) -> None:
    await through_the_first_stages(meeting, hand)
    await hand.more("Record: Joint working agreement")
    await hand.opened("Joint working agreement")
    await hand.write("The one change we work towards", "Calm mornings.")
    await hand.pick("Where does the joint work happen?", "Home visit")
    await hand.write("Does what", "Listens to TD.")
    await hand.pick("Who", "Devan", nth=2)
    await hand.write("Does what", "Plans the mornings with Nan.", nth=1)
    await hand.save()
    await hand.more("Record: Different views")
    await hand.opened("Different views")
    await hand.write("What is it about?", "How soon.")
    await hand.write("In their words", "This week.")
    await hand.pick("whose view", "Devan", nth=1)
    await hand.write("In their words", "After the review.", nth=1)
    await hand.save()
    await hand.button("Next: Roles and actions")
    await hand.more("Record: An agreed role")
    await hand.opened("An agreed role")
    await hand.pick("Who?", "Marisol")
    await hand.write("For this family, does what?", "Sees the children alone.")
    await hand.save()
    await an_action_and_the_end(meeting, hand)
    assert counted("full family with one of everything: clicks", hand.presses, "clicks", FULL_MOST) <= FULL_MOST
    assert counted("full family with one of everything: forms", hand.forms, "forms", FORMS_MOST) <= FORMS_MOST
    long = counted("full thread, six typed lines, six records", await hand.screens(), "screens", THREAD_MOST)
    assert long <= WITH_EVERYTHING
    assert max(hand.heights.values()) <= SHORT, hand.heights
