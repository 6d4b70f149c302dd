"""One family from the first consultation to closing, over the real connection: each person in their own seat."""

from __future__ import annotations

from typing import Any

from bot.practice.seat import Seat, find_element
from storage.clinical import clinical_work, episodes, signings, tracking
from storage.database.tables import Entry
from storage.forms import entries
from storage.measures import measures
from tests.worlds.practised import Room, words

REF = "K1564A"
"""Two brothers in two foster homes; their clinical work is free to begin."""


class Clinical:
    """Steps of the pathway as people take them in the unit's channel."""

    def __init__(self, room: Room) -> None:
        self.room, self.family = room, room.unit.families[REF]

    async def card(self, who: str) -> str:
        await self.room.command(who, "/work", REF)
        return (await self.room.notes(who))[-1]

    async def open(self, who: str, move: str) -> Any:
        await self.room.command(who, "/work", REF)
        await self.room.press(who, "work.move", move=move)
        return await self.room.window(who)

    async def step(self, who: str, move: str, values: dict[str, Any]) -> None:
        await self.open(who, move)
        await self.save(who, values)

    async def save(self, who: str, values: dict[str, Any]) -> None:
        await self.room.submit(who, values)
        left = await self.room.seat(who).top_modal()
        assert left is None, words(left)

    async def following(self, who: str, form: str) -> None:
        """The form that opened next, in the same window."""
        view = await self.room.window(who)
        assert view["callback_id"] == form

    async def step_in_window(self, who: str, label: str) -> str:
        """Presses Back or Save in a long form; what is typed in it goes along."""
        seat = self.room.seat(who)
        view = await seat.top_modal()
        assert view is not None
        _block, element = find_element(view, label)
        await seat.press(view, element["action_id"])
        await self.room.settle()
        return words(await seat.top_modal())

    @property
    def state(self) -> str:
        with self.room.read() as session:
            found = episodes.current(session, self.family)
            return found.state if found else ""

    def newest(self, form: str) -> Entry:
        with self.room.read() as session:
            found = entries.newest_of_family(session, self.family, form)
            assert found is not None
            return found


async def reopened(room: Room, who: str, form: str) -> Any:
    """Takes a draft up again from /forms."""
    await room.command(who, "/forms")
    await room.press(who, "form.resume")
    view = await room.window(who)
    assert view["callback_id"] == form
    return view


def people(room: Room, *names: str) -> list[str]:
    return [room.unit.people[name] for name in names]


async def agree(room: Room, family: str) -> None:
    """An agreement from /agreement, confirmed by each side in their own seat."""
    await room.command("tomasz", "/agreement", REF)
    tomasz, orla = people(room, "tomasz", "orla")
    await room.submit(
        "tomasz",
        {
            "focus": "Two brothers, one story.",
            "space": "joint_session",
            "lead": tomasz,
            "roles#0#member": tomasz,
            "roles#0#does": "leads",
            "roles#1#member": orla,
            "roles#1#does": "joins",
        },
    )
    await room.press_direct("orla", "agreement.confirm", side="social_work")


async def write_assessment(work: Clinical, seat: Seat) -> None:
    """Four steps, closed in the middle and taken up again."""
    room = work.room
    first = await work.open("tomasz", "assess")
    assert "1 of 4: Front sheet" in words(first)
    refused = await seat.submit(first, {"reason": ""})
    assert list(refused["errors"]) == ["reason"]
    await room.submit("tomasz", {"reason": "They ask where they belong."})
    await room.submit("tomasz", {"views_children": "We want to be together more."})
    assert "3 of 4" in words(await room.window("tomasz"))
    back = await work.step_in_window("tomasz", "Back")
    assert "2 of 4" in back
    await room.submit("tomasz", {})
    await seat.close(await room.window("tomasz"))
    await room.settle()
    await room.later(days=2)
    assert "3 of 4" in words(await reopened(room, "tomasz", "assessment"))
    await room.submit("tomasz", {})
    await room.submit("tomasz", {"formulation": "One story told in two houses."})
    assert await seat.top_modal() is None


async def enter_sdqs(work: Clinical) -> None:
    """Those of one child in one form; a part without scores is not back yet."""
    room = work.room
    await room.command("tomasz", "/measure", REF)
    await room.press("tomasz", "form.open", form="measure_sdqs", point="end")
    scores = {"emotional": "4", "conduct": "3", "hyperactivity": "5", "peer": "0", "prosocial": "8", "impact": "2"}
    first = {"informant": "foster carer", **scores}
    await room.submit("tomasz", {f"results#0#{key}": value for key, value in first.items()})
    said = (await room.notes("tomasz"))[-1]
    assert "Total difficulties 12 of 40" in said
    assert "Show the scores" in said
    with room.read() as session:
        found = [one for one in measures.of_family(session, work.family) if one.point == "end"]
    assert [one.measure for one in found] == ["SDQ"]


async def test_a_family_goes_from_consultation_to_closing(room: Room) -> None:
    work, day = Clinical(room), room.day
    (tomasz,) = people(room, "tomasz")
    assert "Whose turn" in await work.card("tomasz")
    await work.step("tomasz", "consult", {"discussion": "Two homes, one story.", "outcome": "discuss_at_unit_meeting"})
    assert work.state == "to_unit_meeting"
    await work.step("orla", "agree", {"decision": "clinical_work", "clinician": tomasz, "work": "Sibling talks"})
    await room.press_direct("ngozi", "work.show", family=work.family)
    await room.press_direct("ngozi", "work.move", move="confirm", now="yes")
    assert work.state == "to_commission"
    await work.step("pippa", "book", {"date": day(2), "place": "Hill Centre"})
    assert "Commissioning meeting booked" in await work.card("marisol")
    await room.later(days=2)
    await work.open("orla", "commission")
    await room.submit(
        "orla",
        {
            "decision": "goes_ahead",
            "views_children": "We miss each other.",
            "safeguarding": "Contact stays supervised.",
            "permission": "yes",
            "first_sdqs": ["family", "school"],
            "first_session": day(9),
        },
    )
    await work.following("orla", "permission_to_share")
    await work.save("orla", {"scope": ["school"], "signed_by": [f"{REF}-A"]})
    await work.open("ngozi", "assess")
    await room.seat("ngozi").close(await room.window("ngozi"))
    await write_assessment(work, room.seat("tomasz"))
    await room.press("tomasz", "form.sign", role="clinician")
    await room.press_direct("ngozi", "form.read")
    await room.command("ngozi", "/forms")
    await room.press("ngozi", "form.read")
    await room.press("ngozi", "form.sign", role="clinical_manager")
    with room.read() as session:
        signing = signings.of_entry(session, work.newest("assessment").id)
        assert signing is not None
        assert signing.state == "signed"
    assert "Session held" not in await work.card("tomasz")
    await agree(room, work.family)
    for number in range(6):
        await room.later(days=7)
        await work.step("tomasz", "session", {"note": f"Talk {number + 1}.", "method": "family_therapy"})
    assert work.state == "review_due"
    assert "review it with the family" in (await room.notes("tomasz"))[-1]
    await work.open("tomasz", "review")
    await room.submit("tomasz", {"worked": "Being in one room.", "decision": "end"})
    await work.following("tomasz", "ending")
    await work.save("tomasz", {"why": "goal_reached", "came_of_it": "They meet every week.", "chi_esq": "yes"})
    assert work.state == "ended_awaiting_measures"
    await enter_sdqs(work)
    await work.step("pippa", "finish", {"all_in": "done", "sdq_in": "yes", "chi_esq_in": "yes", "closed_on": day(40)})
    assert work.state == "ended"
    await room.command("orla", "/family", REF)
    await room.press("orla", "family.timeline")
    told = (await room.notes("orla"))[-1]
    assert "Clinical work now" in told
    assert "(6 sessions)" in told
    with room.read() as session:
        kinds = [one.kind for one in tracking.of_family(session, work.family)]
        page = clinical_work.of_family(session, work.family)
    assert kinds.count("session") == 6
    assert {"consultation", "meeting", "assessment"} <= set(kinds)
    assert (page.state, len(page.session_days), page.body.awaiting) == ("ended", 6, [])


async def test_urgent_tier_3_is_a_new_message_in_the_channel_and_to_those_who_answer_for_it(room: Room) -> None:
    work = Clinical(room)
    await room.command("marisol", "/work", REF)
    await room.press("marisol", "work.move", move="urgent")
    seen = await room.said("devan")
    assert "Urgent: Tier 3 now" in seen
    assert "Telephone Tier 3 CAMHS yourself" in seen
    assert "Urgent: Tier 3 now" in words(await room.direct("ngozi"))
    assert work.state == "urgent_tier3"
