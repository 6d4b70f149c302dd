"""Each time a discussion was stopped for an immediate concern, and which were pressed by mistake. Never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from prompts_and_forms.states import DiscussionState
from storage.database.tables import Discussion, Entry, RemarkGiven
from storage.forms import entries
from storage.meeting import discussions, remarks_given

STOPPED = "stop_rule"
BY_MISTAKE = "pressed_by_mistake"


@dataclass(frozen=True)
class Stop:
    """One stop. `number` counts from 1; `about` is the safety form that said yes, "" where somebody pressed.

    `until` is when the next stop began, None for the last one.
    """

    id: str
    number: int
    at: datetime
    by_id: str | None
    about: str
    before: dict[str, Any]
    until: datetime | None = None
    mistake_at: datetime | None = None
    mistake_by_id: str | None = None


def before(discussion: Discussion, state: str = "") -> dict[str, Any]:
    """Where a discussion is now, in ids and numbers, so that a press by mistake can be undone. `state` = as good as."""
    return {
        "was": state or discussion.state,
        "was_stopped_at": discussion.stopped_at.isoformat() if discussion.stopped_at else "",
        "was_stopped_by": discussion.stopped_by_id or "",
        "was_after": discussion.after_stop or "",
    }


def of_discussion(session: Session, discussion_id: str) -> list[Stop]:
    """Every stop of a discussion, oldest first."""
    rows = remarks_given.of_discussion(session, discussion_id, STOPPED)
    mistakes = {row.about: row for row in remarks_given.of_discussion(session, discussion_id, BY_MISTAKE)}
    return [
        _stop(row, number, rows[number].at if number < len(rows) else None, mistakes.get(row.id))
        for number, row in enumerate(rows, start=1)
    ]


def _stop(row: RemarkGiven, number: int, until: datetime | None, mistake: RemarkGiven | None) -> Stop:
    return Stop(
        id=row.id,
        number=number,
        at=row.at,
        by_id=row.person_id,
        about=row.about,
        before=row.params,
        until=until,
        mistake_at=mistake.at if mistake else None,
        mistake_by_id=mistake.person_id if mistake else None,
    )


def latest(session: Session, discussion_id: str) -> Stop | None:
    """The last stop; None where there was none."""
    found = of_discussion(session, discussion_id)
    return found[-1] if found else None


def told_since(session: Session, discussion_id: str, stop: Stop) -> list[Entry]:
    """What was written down about who was told, from this stop to the next one."""
    return [
        entry
        for entry in entries.of_discussion(session, discussion_id, "stop")
        if entry.recorded_at >= stop.at and (stop.until is None or entry.recorded_at < stop.until)
    ]


def undo(session: Session, discussion: Discussion, stop: Stop) -> None:
    """Back to where the discussion was before it was stopped; an earlier stop counts again."""
    was = stop.before
    discussion.state = DiscussionState(was.get("was") or DiscussionState.OPEN)
    discussion.stopped_at = datetime.fromisoformat(was["was_stopped_at"]) if was.get("was_stopped_at") else None
    discussion.stopped_by_id = was.get("was_stopped_by") or None
    discussion.after_stop = was.get("was_after") or None
    discussions.keep(session, discussion)
