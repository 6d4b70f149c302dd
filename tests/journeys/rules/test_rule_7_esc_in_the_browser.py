"""Rule 7 in a real browser: every form of a meeting, half filled in and left, stands as it was when it is opened again.

The forms are those the menus offer, so that a new one is tried too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

from bot.slack import half_written
from prompts_and_forms.meeting import discussion_wording
from storage.forms import drafts
from tests.worlds.chromium import a_page
from tests.worlds.practised import KESTREL, Room
from tests.worlds.until import until

HALF = "Half a sentence, and then the phone"
RECORD = discussion_wording.record_label("")
OF_THE_CARD = ("Close an action", "Carry over an action")
Open = Callable[[], Awaitable[None]]
LIST = "#channel-list"


@pytest.fixture
async def page(meeting: Room) -> AsyncIterator[Page]:
    async with a_page() as found:
        await found.goto(f"{meeting.server.base_url}/?seat={meeting.users['orla']}&channel={KESTREL}")
        await found.get_by_role("button", name="Leave the guide").click()
        yield found


async def thread_of(page: Page, ref: str) -> None:
    message = page.locator(f"{LIST} .msg", has_text=f"{ref} (").filter(has_text="discussion").last
    await message.locator(".thread-line").click()


def from_more(page: Page, label: str) -> Open:
    async def press() -> None:
        menu = page.locator("#thread").get_by_role("combobox", name="More").last
        await menu.click()
        await menu.fill(label)
        await menu.press("Enter")

    return press


def button(page: Page, where: str, name: str) -> Open:
    return lambda: page.locator(where).get_by_role("button", name=name, exact=True).last.click()


async def offered(page: Page) -> list[str]:
    """What "More" can record now."""
    menu = page.locator("#thread").get_by_role("combobox", name="More").last
    await menu.click()
    labels = await page.locator("[role=option]:visible").all_inner_texts()
    await page.keyboard.press("Escape")
    return [label for label in labels if label.startswith(RECORD) or label in OF_THE_CARD]


async def half_filled(form: Locator) -> Callable[[], Awaitable[None]]:
    """Fills in one field of the open form, of whatever kind it has; answers a look whether it is filled in still."""
    text = form.locator("textarea:visible, input[type=text]:not([role=combobox]):visible")
    if await text.count():
        await text.first.fill(HALF)
        return lambda: expect(text.first).to_have_value(HALF)
    ticked = form.locator("input[type=radio]:not(:checked), input[type=checkbox]:not(:checked)")
    if await ticked.count():
        words = await ticked.first.evaluate("box => box.closest('label').innerText.trim()")
        kind = await ticked.first.get_attribute("type")
        place = await form.locator(f"input[type={kind}]").evaluate_all("all => all.findIndex(one => !one.checked)")
        await form.locator(f"input[type={kind}]").nth(place).check()
        assert words
        return lambda: expect(form.locator(f"input[type={kind}]").nth(place)).to_be_checked()
    menu = form.get_by_role("combobox").last
    await menu.click()
    await menu.press("ArrowDown")
    await menu.press("Enter")
    chosen = await menu.input_value()
    return lambda: expect(menu).to_have_value(chosen)


async def left_and_opened_again(meeting: Room, page: Page, press: Open, leave: Open) -> str:
    """Opens a form, fills it in by half, leaves it, and opens it again the same way. Answers its title."""
    form = page.locator("#modal")
    await press()
    await expect(form.locator("button[type=submit]")).to_be_visible()
    title = await form.get_by_role("heading").first.inner_text()
    still_there = await half_filled(form)
    await meeting.settle()
    await leave()
    await meeting.settle()
    await press()
    await expect(form.locator("button[type=submit]")).to_be_visible()
    await still_there()
    await expect(form).to_contain_text("Here is what you wrote.")
    await page.keyboard.press("Escape")
    await expect(form).to_be_hidden()
    await meeting.settle()
    return title


async def test_rule_7_esc_on_any_form_of_a_meeting_keeps_what_was_written(meeting: Room, page: Page) -> None:
    talk = await meeting.start("K3107C", "light")
    await thread_of(page, "K3107C")

    async def esc() -> None:
        await page.keyboard.press("Escape")
        await expect(page.locator("#modal")).to_be_hidden()

    tried: dict[str, str] = {}

    async def each(ways: dict[str, Open]) -> None:
        for name, press in ways.items():
            if name not in tried:
                tried[name] = await left_and_opened_again(meeting, page, press, esc)
                told = f"You closed “{tried[name]}”. What you filled in is saved."
                noted = [*await meeting.notes("orla", talk), *await meeting.notes("orla")]
                assert told in "\n".join(noted), name

    await each({"Quick round": button(page, "#thread", "Quick round")})
    await each({label: from_more(page, label) for label in await offered(page)})
    await meeting.more("orla", talk, "do:switch")
    await each({label: from_more(page, label) for label in await offered(page)})
    for name in ("Who is here, who leads", "One-minute quality check"):
        await each({name: button(page, LIST, name)})
    await meeting.press("orla", "discussion.concern", talk=talk)
    await meeting.seat("orla").close(await meeting.window("orla"))
    await meeting.settle()
    await each({"Say who was told": button(page, "#thread", "Say who was told")})
    assert len(tried) > 25, tried


async def test_rule_7_a_form_left_while_the_line_is_down_stands_as_it_was(
    meeting: Room, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(half_written, "PAUSE", 0.05)
    left: list[str] = []

    def has_heard() -> bool:
        """Whether what was written last has reached the bot: before that, no program could know of it."""
        with meeting.read() as session:
            return len(drafts.drafts_of(session, meeting.unit.people["orla"])) > len(left)

    await meeting.start("K3107C", "full")
    await thread_of(page, "K3107C")

    async def lost() -> None:
        """The bot goes while the form is open, hears nothing of its closing, and comes back."""
        assert meeting.service is not None
        await until(has_heard)
        left.append("one more")
        await meeting.service.stop()
        await page.keyboard.press("Escape")
        await expect(page.locator("#modal")).to_be_hidden()
        await meeting.connect()

    for label in ("Record: An action", "Record: Joint working agreement", "Record: Safety first", "Close an action"):
        await left_and_opened_again(meeting, page, from_more(page, label), lost)
