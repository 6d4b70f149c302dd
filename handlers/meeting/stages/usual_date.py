"""Which day a family is usually talked about next: a meeting of the unit, before a review or conference."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from handlers.meeting.stages import stage_opening
from prompts_and_forms.days import meeting_days as days_of
from prompts_and_forms.days.working_days import ONE_DAY
from prompts_and_forms.meeting import discussion_wording
from storage.database.tables import Discussion, Unit
from storage.meeting import meeting_days

NEXT_FULL = timedelta(weeks=4)
NEXT_LIGHT = timedelta(weeks=2)
"""What a next date starts from (meeting script, stage 8: four weeks after a full one, one to two after a light one)."""
MEETINGS_LOOKED_AT = 8


def usual(session: Session, discussion: Discussion, today: date) -> dict[str, str | None]:
    """The date that is set; else the usual one, the last before a statutory date, or after a concern the very next."""
    if discussion.next_on is not None:
        return {"date": discussion.next_on.isoformat(), "kind": discussion.next_kind}
    unit = session.get(Unit, discussion.unit_id)
    days = meeting_days.held_on(session, unit, today + ONE_DAY, MEETINGS_LOOKED_AT) if unit else ()
    wanted = today + (NEXT_FULL if discussion.kind == "full" else NEXT_LIGHT)
    first = statutory_before(session, discussion.family_id, wanted, today)
    soon = discussion.stopped_at is not None
    on = days_of.next_discussion(days, today, wanted, first[1] if first else None, soon=soon)
    return {"date": on.isoformat(), "kind": discussion.kind}


def statutory_before(session: Session, family_id: str, day: date, today: date) -> tuple[str, date] | None:
    """The first review, conference or court date from today on that comes before `day`."""
    for name, on in stage_opening.dates_of(session, family_id):
        if name in discussion_wording.STATUTORY and today <= on < day:
            return name, on
    return None
