"""What people typed, kept word for word, with every change as a version. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from prompts_and_forms.states import ContributionState
from storage.database.bodies import TextBody
from storage.database.tables import Contribution, ContributionVersion, Discussion, Meeting
from storage.database.vault import Scope, seal, unseal
from storage.turn import known

AT = select(Contribution).where(Contribution.channel == bindparam("channel"), Contribution.ts == bindparam("ts"))
JUST_NOW = select(Contribution).where(
    Contribution.author_id == bindparam("author_id"),
    Contribution.meeting_id == bindparam("meeting_id"),
    col(Contribution.discussion_id).is_not_distinct_from(bindparam("discussion_id")),
    Contribution.state == ContributionState.KEPT,
    col(Contribution.said_at) >= bindparam("since"),
)
"""Asked with every note, so made once."""


@dataclass(frozen=True)
class Tally:
    """How much is kept under a stage, and who spoke last."""

    count: int
    last_author_id: str
    last_at: datetime


def find(session: Session, channel: str, ts: str) -> Contribution | None:
    """The contribution a chat message became, also when it was taken back."""
    where = {"channel": channel, "ts": ts}
    asked = ("contribution", channel, ts)
    return known.once(session, (Contribution,), asked, lambda: session.exec(AT, params=where).first())


def get(session: Session, contribution_id: str) -> Contribution | None:
    """None for an unknown message."""
    return session.get(Contribution, contribution_id)


def keep(
    session: Session,
    *,
    meeting_id: str,
    discussion: Discussion | None,
    stage: str,
    author_id: str,
    channel: str,
    ts: str,
    text: str,
    now: datetime,
) -> Contribution:
    """A message somebody typed. After the discussion was confirmed it is marked as late."""
    contribution = Contribution(
        meeting_id=meeting_id,
        discussion_id=discussion.id if discussion else None,
        family_id=discussion.family_id if discussion else None,
        stage=stage,
        author_id=author_id,
        channel=channel,
        ts=ts,
        said_at=now,
        after_confirm=discussion is not None and discussion.confirmed_at is not None,
    )
    return _write(session, contribution, "typed", text, author_id, now, ts)


def edit(
    session: Session, contribution: Contribution, text: str, by_id: str | None, now: datetime, ts: str = ""
) -> None:
    """The author changed their message; what it said before stays in its history."""
    contribution.edits += 1
    contribution.state = ContributionState.KEPT
    _write(session, contribution, "edited", text, by_id, now, ts)


def delete(session: Session, contribution: Contribution, by_id: str | None, now: datetime, ts: str = "") -> None:
    """Taken back: it no longer counts, what it said stays in its history."""
    contribution.state = ContributionState.DELETED
    _write(session, contribution, "deleted", "", by_id, now, ts)


def move(session: Session, contribution: Contribution, stage: str, by_id: str | None, now: datetime) -> None:
    """The message belongs to another stage now; where it was stays in its history."""
    contribution.stage = stage
    _write(session, contribution, "moved", text(session, contribution), by_id, now, contribution.ts)


def _write(
    session: Session, row: Contribution, what: str, words: str, by_id: str | None, now: datetime, ts: str
) -> Contribution:
    scope = _scope(session, row)
    if row.discussion_id and what != "typed":
        discussion = session.get(Discussion, row.discussion_id)
        row.after_confirm = row.after_confirm or (discussion is not None and discussion.confirmed_at is not None)
    with session.no_autoflush:
        number = 1 if what == "typed" else _next_number(session, row.id)
    seal(session, row, TextBody(text=words), scope)
    session.add(row)
    session.flush()
    version = ContributionVersion(
        contribution_id=row.id,
        n=number,
        what=what,
        stage=row.stage,
        by_id=by_id,
        at=now,
        platform_ts=ts,
    )
    seal(session, version, TextBody(text=words), scope)
    session.add(version)
    session.flush()
    return row


def _scope(session: Session, row: Contribution) -> Scope:
    if row.family_id:
        return Scope.family(row.family_id)
    meeting = session.get(Meeting, row.meeting_id)
    if meeting is None:
        raise KeyError(row.meeting_id)
    return Scope.unit(meeting.unit_id)


def _next_number(session: Session, contribution_id: str) -> int:
    wanted = select(func.max(ContributionVersion.n)).where(ContributionVersion.contribution_id == contribution_id)
    return (session.exec(wanted).one() or 0) + 1


def text(session: Session, row: Contribution | ContributionVersion) -> str:
    """What the message says, or said then."""
    return unseal(session, row, TextBody).text


def versions(session: Session, contribution_id: str) -> list[ContributionVersion]:
    """From the first words to the last change."""
    wanted = select(ContributionVersion).where(ContributionVersion.contribution_id == contribution_id)
    return list(session.exec(wanted.order_by(col(ContributionVersion.n))))


def of_discussion(session: Session, discussion_id: str, *, include_deleted: bool = False) -> list[Contribution]:
    """In the order in which they were said."""
    wanted = select(Contribution).where(Contribution.discussion_id == discussion_id)
    if not include_deleted:
        wanted = wanted.where(Contribution.state == ContributionState.KEPT)
    return list(session.exec(wanted.order_by(col(Contribution.said_at), col(Contribution.ts))))


def of_meeting(session: Session, meeting_id: str, *, include_deleted: bool = False) -> list[Contribution]:
    """What was said in the opening and the closing, in order."""
    wanted = select(Contribution).where(
        Contribution.meeting_id == meeting_id, col(Contribution.discussion_id).is_(None)
    )
    if not include_deleted:
        wanted = wanted.where(Contribution.state == ContributionState.KEPT)
    return list(session.exec(wanted.order_by(col(Contribution.said_at), col(Contribution.ts))))


def last_note(session: Session, discussion_id: str) -> Contribution | None:
    """The newest note of a discussion that its author has not taken back."""
    wanted = select(Contribution).where(
        Contribution.discussion_id == discussion_id, Contribution.state == ContributionState.KEPT
    )
    return session.exec(wanted.order_by(col(Contribution.said_at).desc(), col(Contribution.ts).desc()).limit(1)).first()


def count_since(session: Session, discussion_id: str, since: datetime) -> int:
    """How many notes a discussion got since a moment, the moment itself counted."""
    wanted = select(func.count()).select_from(Contribution)
    wanted = wanted.where(Contribution.discussion_id == discussion_id, col(Contribution.said_at) >= since)
    asked = ("notes since", discussion_id, since)
    return known.once(session, (Contribution,), asked, lambda: session.exec(wanted).one())


def tally(session: Session, discussion_id: str, stage: str) -> Tally | None:
    """None while nothing is kept under a stage."""
    wanted = select(Contribution).where(
        Contribution.discussion_id == discussion_id,
        Contribution.stage == stage,
        Contribution.state == ContributionState.KEPT,
    )
    wanted = wanted.order_by(col(Contribution.said_at), col(Contribution.ts))
    asked = ("kept at", discussion_id, stage)
    kept = known.once(session, (Contribution,), asked, lambda: list(session.exec(wanted)))
    return Tally(len(kept), kept[-1].author_id, kept[-1].said_at) if kept else None


def said_just_now(
    session: Session, *, author_id: str, meeting_id: str, discussion_id: str | None, words: str, since: datetime
) -> bool:
    """Whether the same person already said exactly this in the same place: a message sent twice by accident."""
    asked = {"author_id": author_id, "meeting_id": meeting_id, "discussion_id": discussion_id, "since": since}
    return any(text(session, row) == words for row in session.exec(JUST_NOW, params=asked))
