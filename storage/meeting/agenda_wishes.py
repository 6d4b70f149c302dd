"""What people ask for on the next agenda, and what its coordinator changes beforehand. Nothing here commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.database.audit import audit
from storage.database.bodies import TextBody
from storage.database.tables import Discussion, Meeting
from storage.database.tables_decisions import AgendaWish
from storage.database.vault import Scope, seal, unseal

ADD, LIGHT, FIRST, LEAVE = "add", "light", "first", "leave"
CHANGES = (LIGHT, FIRST, LEAVE)


def live(session: Session, unit_id: str) -> list[AgendaWish]:
    """Everything asked for on the unit's next agenda, oldest first."""
    wanted = select(AgendaWish).where(AgendaWish.unit_id == unit_id, col(AgendaWish.ended_at).is_(None))
    return list(session.exec(wanted.order_by(col(AgendaWish.at), col(AgendaWish.id))))


def by_family(found: Sequence[AgendaWish]) -> dict[str, list[AgendaWish]]:
    """Those about a family, by its id."""
    grouped: dict[str, list[AgendaWish]] = defaultdict(list)
    for wish in found:
        if wish.family_id:
            grouped[wish.family_id].append(wish)
    return dict(grouped)


def items(found: Sequence[AgendaWish], before: datetime | None = None) -> list[AgendaWish]:
    """Those that are no family; with `before` only what was asked for by then."""
    return [wish for wish in found if wish.family_id is None and (before is None or wish.at < before)]


def get(session: Session, wish_id: str) -> AgendaWish | None:
    """One of them, also when it is over; None for one that is not there or hidden from whoever asks."""
    return session.exec(select(AgendaWish).where(AgendaWish.id == wish_id)).first()


def some(session: Session, wish_ids: Collection[str]) -> dict[str, AgendaWish]:
    """Those with these ids, also when they are over."""
    found = session.exec(select(AgendaWish).where(col(AgendaWish.id).in_(wish_ids))) if wish_ids else ()
    return {wish.id: wish for wish in found}


def words(session: Session, wish: AgendaWish) -> str:
    """The reason, or the item, as somebody wrote it; "" where no reason was given."""
    return unseal(session, wish, TextBody).text


def add(
    session: Session, *, unit_id: str, family_id: str | None, text: str, by_id: str, now: datetime, what: str = ADD
) -> AgendaWish:
    """One more thing for the next agenda."""
    wish = AgendaWish(unit_id=unit_id, family_id=family_id, what=what, by_id=by_id, at=now)
    seal(session, wish, TextBody(text=text), Scope.family(family_id) if family_id else Scope.unit(unit_id))
    session.add(wish)
    session.flush()
    audit(session, at=now, what=f"agenda {what}", row=wish, person_id=by_id, unit_id=unit_id, family_id=family_id)
    return wish


def end(session: Session, wish: AgendaWish, *, how: str, by_id: str | None, now: datetime) -> None:
    """No longer for the next agenda; that it was, and why it ended, can still be read."""
    wish.ended_at, wish.ended_by_id, wish.how = now, by_id, how
    session.add(wish)
    session.flush()


def meeting_opened(session: Session, meeting: Meeting) -> None:
    """What the coordinator changed beforehand is in the agenda of the meeting now."""
    for wish in live(session, meeting.unit_id):
        if wish.what in CHANGES:
            end(session, wish, how="used", by_id=None, now=meeting.opened_at)


def meeting_closed(session: Session, meeting: Meeting, discussed: Collection[Discussion], now: datetime) -> None:
    """Families that had their turn are no longer asked for; what was asked for after that is for the next meeting."""
    began = {discussion.family_id: discussion.started_at for discussion in discussed}
    for wish in live(session, meeting.unit_id):
        if wish.what == ADD and wish.family_id in began and wish.at <= began[wish.family_id]:
            end(session, wish, how="discussed", by_id=None, now=now)
