"""Who chairs a meeting and who writes, and who does instead when one of them is no longer there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from prompts_and_forms.unit import who
from storage.database.tables import Meeting, Unit
from storage.meeting import meetings
from storage.unit import people


def chair_of(session: Session, unit: Unit, present: Collection[str], day: date, otherwise: str | None) -> str | None:
    """Of those who are present the lead, else the deputy, else `otherwise`, else the next who may confirm."""
    here = [one for one in people.in_unit(session, unit) if one.person_id in present and one.hears(day)]
    ranked = who.in_order(here, who.CONFIRMS)
    if ranked and (ranked[0].unit_lead or ranked[0].deputy):
        return ranked[0].person_id
    if any(one.person_id == otherwise for one in here):
        return otherwise
    return ranked[0].person_id if ranked else None


def writer_of(session: Session, unit: Unit, present: Collection[str], day: date) -> str | None:
    """The coordinator who is present; None leaves it to the people."""
    here = [one for one in people.in_unit(session, unit) if one.person_id in present and one.hears(day)]
    return next((one.person_id for one in here if who.COORDINATOR in one.roles), None)


def replace(session: Session, unit: Unit, person_id: str, day: date) -> Meeting | None:
    """In the meeting going on somebody else chairs or writes in this person's place; None where they did neither."""
    meeting = meetings.open_meeting(session, unit.id)
    if meeting is None or person_id not in (meeting.facilitator_id, meeting.writer_id):
        return None
    present = {one.id for one in meetings.attendance(session, meeting.id)["present"]} - {person_id}
    if meeting.facilitator_id == person_id:
        meeting.facilitator_id = chair_of(session, unit, present, day, None)
    if meeting.writer_id == person_id:
        meeting.writer_id = writer_of(session, unit, present, day)
    session.add(meeting)
    session.flush()
    return meeting
