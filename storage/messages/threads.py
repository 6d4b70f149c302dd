"""The threads people are typing in now, and what is already kept of them: enough to notice what was missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from prompts_and_forms.states import ContributionState, MeetingState
from storage.database.tables import Contribution, Discussion, Meeting
from storage.database.tables_machinery import Seen
from storage.meeting.meetings import OPEN_DISCUSSION_STATES
from storage.messages.posts import find_post


@dataclass(frozen=True)
class OpenThread:
    """A thread in the chat platform; `kept` are the messages of it that count now, by ts -> author's person id.

    `deleted`: those that were kept and taken back, by ts.
    """

    key: str
    channel: str
    ts: str
    kept: dict[str, str]
    deleted: frozenset[str] = frozenset()


def open_threads(session: Session, discussion_id: str | None = None) -> list[OpenThread]:
    """The threads of open meetings: each one's board, and its discussions that are not over; or one discussion's."""
    found: list[OpenThread] = []
    if discussion_id is None:
        for meeting_id in session.exec(select(Meeting.id).where(Meeting.state == MeetingState.OPEN)):
            opening = select(Contribution).where(
                Contribution.meeting_id == meeting_id, col(Contribution.discussion_id).is_(None)
            )
            _add(session, found, f"meeting:{meeting_id}/board", session.exec(opening))
    wanted = select(Discussion.id).where(col(Discussion.state).in_((*OPEN_DISCUSSION_STATES, "awaiting")))
    if discussion_id is not None:
        wanted = wanted.where(Discussion.id == discussion_id)
    else:
        wanted = wanted.join(Meeting, col(Meeting.id) == col(Discussion.meeting_id)).where(
            Meeting.state == MeetingState.OPEN
        )
    for one in session.exec(wanted).all():
        said = select(Contribution).where(Contribution.discussion_id == one)
        _add(session, found, f"discussion:{one}", session.exec(said))
    return found


def any_open(session: Session) -> bool:
    """Whether there is a thread people may be typing in."""
    return bool(open_threads(session))


def _add(session: Session, found: list[OpenThread], key: str, said: Iterable[Contribution]) -> None:
    post = find_post(session, key)
    if post is not None:
        here = [row for row in said if row.channel == post.channel]
        kept = {row.ts: row.author_id for row in here if row.state == ContributionState.KEPT}
        deleted = frozenset(row.ts for row in here if row.state == ContributionState.DELETED)
        found.append(OpenThread(key, post.channel, post.ts, kept, deleted))


def handled(session: Session, event_ids: Iterable[str]) -> set[str]:
    """Which of these events were handled already."""
    wanted, known = list(event_ids), set[str]()
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        known.update(session.exec(select(Seen.event_id).where(col(Seen.event_id).in_(part))))
    return known


def last_handled(session: Session, beginning: str) -> str:
    """What follows this beginning in the id of the event handled last of those that begin so; "" for none."""
    ids = session.exec(select(Seen.event_id).where(col(Seen.event_id).startswith(beginning, autoescape=True)))
    return max((event_id.removeprefix(beginning) for event_id in ids), default="")
