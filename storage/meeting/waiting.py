"""What waits for somebody: records to confirm, records to copy. Nothing here commits."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from prompts_and_forms.states import DiscussionState, MeetingState
from storage.database.tables import Discussion, Meeting


def to_confirm(session: Session, unit_id: str) -> list[Discussion]:
    """Discussions whose read-back or short record the unit lead has still to confirm, oldest first."""
    waiting = col(Discussion.state).in_((DiscussionState.READ_BACK, DiscussionState.AWAITING))
    wanted = select(Discussion).where(Discussion.unit_id == unit_id, waiting)
    return list(session.exec(wanted.order_by(col(Discussion.started_at), col(Discussion.id))))


def count_to_copy(session: Session, unit_id: str) -> int:
    """How many finished discussions of closed meetings nobody has copied to the case file yet."""
    wanted = (
        select(func.count())
        .select_from(Discussion)
        .join(Meeting, col(Meeting.id) == col(Discussion.meeting_id))
        .where(
            Discussion.unit_id == unit_id,
            Meeting.state == MeetingState.CLOSED,
            col(Discussion.state).in_((DiscussionState.AWAITING, DiscussionState.CLOSED)),
            col(Discussion.copied_at).is_(None),
        )
    )
    return session.exec(wanted).one()
