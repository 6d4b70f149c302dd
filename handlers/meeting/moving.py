"""Moving a weekly meeting, as one that falls on a bank holiday: to another day, or left out that time."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.forms.asking import ask, submits
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Refused, Turn, Wrong
from handlers.unit import people as unit_people
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.days import meeting_days as days_of
from prompts_and_forms.days.meeting_days import MeetingDay
from prompts_and_forms.meeting import moving_wording
from storage.database.tables import Unit
from storage.database.tables_machinery import Draft
from storage.meeting import meeting_days
from storage.messages import outbox
from storage.unit import units


@button("meeting.move", opens=True)
def move(turn: Turn) -> Answer:
    """Asks what becomes of the next meeting, or of the one the button is about."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    asked = turn.event.args.get("day")
    meeting = _meeting(turn, unit, date.fromisoformat(asked) if asked else None)
    proposed = meeting.on or days_of.instead_of(meeting.usual, turn.today(unit))
    known = {"instead": "other", "day": proposed.isoformat()}
    return ask(turn, "move_meeting", unit_id=unit.id, answers=known, args={"usual": meeting.usual.isoformat()})


def _meeting(turn: Turn, unit: Unit, usual: date | None) -> MeetingDay:
    """The meeting that is still to come; raises Refused where there is none."""
    coming = days_of.meeting_days(meeting_days.rhythm(turn.session, unit), turn.today(unit))
    found = next((one for one in coming if usual is None or usual in (one.usual, one.on)), None)
    if found is None:
        raise Refused(moving_wording.NO_SUCH_MEETING)
    return found


@submits("move_meeting")
def keep_move(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Moves or cancels one meeting day, and says so in the channel."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    usual, today = date.fromisoformat(draft.args["usual"]), turn.today(unit)
    on = {"other": answers.get("day"), "same": usual.isoformat()}.get(answers["instead"])
    to = date.fromisoformat(on) if on else None
    if to is not None and to != usual:
        fault = days_of.move_fault(usual, to, today, unit.every_days)
        if fault:
            return Wrong({"day": moving_wording.fault_words(fault, to)})
    meeting_days.move(turn.session, unit, usual, to, by_id=turn.actor().id, on=today)
    key = f"unit:{unit.id}/moved:{usual.isoformat()}/{turn.event.id.replace('/', '-')}"
    outbox.say(turn.session, key, now=turn.now, channel=unit.channel)
    said = moving_wording.moved_words(usual, to, unit.start)
    return Done(card(moving_wording.NOTICE, say(said)))


@renders("unit:{unit_id}/moved:{usual}/{event_id}")
def draw_moved(view: Rendering, unit_id: str, usual: str, event_id: str) -> Card | None:
    """Tells the unit's channel; not wanted where the unit is gone or the meeting is as usual again."""
    unit = units.by_id(view.session, unit_id)
    moved = meeting_days.rhythm(view.session, unit).moved if unit else {}
    day = date.fromisoformat(usual)
    if unit is None or day not in moved:
        return None
    return card(moving_wording.NOTICE, say(moving_wording.moved_words(day, moved[day], unit.start)))
