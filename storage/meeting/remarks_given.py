"""What the bot pointed out, kept with ids and numbers only. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from storage.database.tables import RemarkGiven
from storage.turn import known


def keep(session: Session, remark: RemarkGiven) -> RemarkGiven:
    """Writes down that something was pointed out. Whoever has read what was before knows it too."""
    asked = ("remarks", remark.discussion_id)
    before = known.answer(session, asked)
    session.add(remark)
    session.flush()
    if before is not None:
        known.learn(session, (RemarkGiven,), asked, sorted([*before, remark], key=lambda one: (one.at, one.id)))
    return remark


def get(session: Session, remark_id: str) -> RemarkGiven | None:
    """None for an unknown remark."""
    return session.get(RemarkGiven, remark_id)


def of_discussion(session: Session, discussion_id: str, code: str = "") -> list[RemarkGiven]:
    """Everything pointed out in a discussion, oldest first."""
    found = known.once(session, (RemarkGiven,), ("remarks", discussion_id), lambda: _all_of(session, discussion_id))
    return [remark for remark in found if code in ("", remark.code)]


def _all_of(session: Session, discussion_id: str) -> list[RemarkGiven]:
    wanted = select(RemarkGiven).where(RemarkGiven.discussion_id == discussion_id)
    return list(session.exec(wanted.order_by(col(RemarkGiven.at), col(RemarkGiven.id))))


def alike(
    session: Session,
    code: str,
    *,
    unit_id: str,
    discussion_id: str | None,
    meeting_id: str | None,
    since: datetime | None = None,
) -> list[RemarkGiven]:
    """Remarks of one code already made in the same discussion (or else meeting, or else unit)."""
    if discussion_id:
        found = of_discussion(session, discussion_id, code)
        return [one for one in found if one.unit_id == unit_id and (since is None or one.at >= since)]
    wanted = select(RemarkGiven).where(RemarkGiven.code == code, RemarkGiven.unit_id == unit_id)
    if meeting_id:
        wanted = wanted.where(RemarkGiven.meeting_id == meeting_id)
    if since is not None:
        wanted = wanted.where(RemarkGiven.at >= since)
    return list(session.exec(wanted))


def same_subject(given: RemarkGiven, params: dict[str, Any]) -> bool:
    """Whether a remark was about the same thing: the ids agree, numbers may have moved on."""
    return _ids(given.params) == _ids(params)


def _ids(params: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in params.items() if isinstance(v, str | list) and k not in ("shown_in", "posted_to")}
