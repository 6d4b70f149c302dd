"""Rules 10, 11 and 13 over the real connection: added in the meeting, the date that is proposed, all confirmed."""

from __future__ import annotations

from datetime import date

from prompts_and_forms.days.working_days import is_working_day
from storage.database.tables import Family, Unit
from storage.meeting import meetings
from tests.worlds.practised import Room, words

TUESDAY = 1
ALL = "Every discussion of this meeting is confirmed"


async def added(meeting: Room, ref: str, *, new: bool) -> str:
    """How a family is held that was not on the agenda and is put on it by somebody in the meeting."""
    family_id = meeting.unit.families[ref]
    with meeting.db.write() as session:
        session.delete(meetings.item_of(session, meeting.meeting().id, family_id))
        if new:
            family = session.get_one(Family, family_id)
            family.last_discussed_on = family.last_full_on = None
            session.add(family)
    await meeting.press("marisol", "agenda.change")
    await meeting.press("marisol", "agenda.add", choose=family_id)
    with meeting.read() as session:
        item = meetings.item_of(session, meeting.meeting().id, family_id)
        return "" if item is None else item.kind


async def test_rule_10_a_family_asked_for_or_new_is_full_also_in_mid_meeting(meeting: Room) -> None:
    assert await added(meeting, "K4419D", new=False) == "full"
    assert await added(meeting, "K1936E", new=True) == "full"
    board = meeting.address(f"meeting:{meeting.meeting().id}/board")
    shown = next(words(m) for m in await meeting.seen("pippa") if m["ts"] == board)
    assert "somebody asked" in shown
    assert "new to the unit" in shown


async def test_rule_11_all_confirmed_is_said_only_when_all_are(meeting: Room) -> None:
    first, second = [await meeting.start(ref, "light") for ref in ("K5052R", "K4419D")]
    for talk in (first, second):
        await meeting.finish("devan", talk)
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    await meeting.press("orla", "discussion.confirm", talk=first)
    assert ALL not in "\n".join(words(m) for m in await meeting.direct("orla"))
    await meeting.press("orla", "discussion.confirm", talk=second)
    assert ALL in "\n".join(words(m) for m in await meeting.direct("orla"))


async def test_rule_13_the_proposed_date_is_a_meeting_day_and_the_very_next_after_a_concern(meeting: Room) -> None:
    with meeting.db.write() as session:
        unit = session.get_one(Unit, meeting.unit.unit_id)
        unit.weekday = TUESDAY
        session.add(unit)
    talk = await meeting.start("K1936E", "light")
    usual = await proposed(meeting, talk)
    assert usual > date.fromisoformat(meeting.day(7))
    assert usual.weekday() == TUESDAY
    assert is_working_day(usual)
    await meeting.press("devan", "discussion.concern", talk=talk)
    await meeting.press_direct("orla", "form.open", form="stop")
    await meeting.submit("orla", {"told#0#outside": "Duty manager", "after": "go_on"})
    assert await proposed(meeting, talk) == date.fromisoformat(meeting.day(7))


async def proposed(meeting: Room, talk: str) -> date:
    """The day in the form of the next date as it opens."""
    view = await meeting.form("pippa", talk, "l_next")
    found = next(b for b in view["blocks"] if b.get("block_id") == "next_discussion#0#date")
    await meeting.seat("pippa").close(view)
    await meeting.settle()
    return date.fromisoformat(found["element"]["initial_date"])
