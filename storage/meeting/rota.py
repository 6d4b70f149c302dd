"""Who takes turns at facilitating, whose turn each meeting is, and turns that were swapped. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlmodel import Session, col, func, select

from prompts_and_forms.days import meeting_days as days_of
from prompts_and_forms.meeting.rota import whose_turn
from storage.database.tables import Meeting, Unit
from storage.database.tables_decisions import RotaSwap
from storage.meeting import meeting_days
from storage.unit import people, units

ROTA = "facilitators"
ASKED, YES, NO, OVER = "asked", "yes", "no", "over"


@dataclass(frozen=True)
class Duty:
    """One meeting to come and who facilitates it; `usual` names the meeting, `day` is when it is held."""

    usual: date
    day: date
    person_id: str
    swapped: bool = False


def takers(session: Session, unit: Unit) -> list[str]:
    """Who takes turns, in their order; nobody who has left."""
    listed = (unit.settings.get(ROTA) or {}).get("people") or []
    return [one for one in listed if people.belongs(session, unit.id, one) is not None]


def choose(session: Session, unit: Unit, person_ids: list[str], *, by_id: str, on: date) -> None:
    """From now on these take turns, the first of them at the next meeting."""
    chosen = {"people": person_ids, "held": _held(session, unit), "by": by_id, "on": on.isoformat()}
    units.choose(session, unit, **{ROTA: chosen})


def _held(session: Session, unit: Unit) -> int:
    """How many weekly meetings were held; each is a turn."""
    counted = select(func.count()).where(Meeting.unit_id == unit.id, col(Meeting.extra).is_(False))
    return session.exec(counted).one()


def duties(session: Session, unit: Unit, start: date, most: int = 6) -> list[Duty]:
    """The next meetings from `start` on and who facilitates each; [] where nobody takes turns or no day is known."""
    listed = takers(session, unit)
    if not listed:
        return []
    first = _held(session, unit) - int((unit.settings.get(ROTA) or {}).get("held") or 0)
    swapped = _swapped(session, unit.id)
    places = {membership.person_id: membership for membership, _person in people.members(session, unit.id)}
    found = []
    coming = days_of.meeting_days(meeting_days.rhythm(session, unit), start)
    for number, meeting in enumerate(islice(coming, most), start=first):
        away = {one for one in listed if people.is_on_leave(places[one], meeting.day)}
        instead = swapped.get(meeting.usual)
        agreed = instead if instead in listed and instead not in away else None
        person_id = agreed or whose_turn(listed, number, away)
        if person_id is not None:
            found.append(Duty(meeting.usual, meeting.day, person_id, agreed is not None))
    return found


def _swapped(session: Session, unit_id: str) -> dict[date, str]:
    """By a meeting's usual day who took it on; the newest swap counts."""
    agreed = select(RotaSwap).where(RotaSwap.unit_id == unit_id, RotaSwap.state == YES)
    found: dict[date, str] = {}
    for swap in session.exec(agreed.order_by(col(RotaSwap.answered_at), col(RotaSwap.id))):
        found |= {swap.usual: swap.asked_id, swap.other_usual: swap.asked_by_id}
    return found


def ask_swap(session: Session, unit: Unit, mine: Duty, theirs: Duty, *, now: datetime) -> RotaSwap:
    """Asks another whether they would swap."""
    swap = RotaSwap(
        unit_id=unit.id,
        usual=mine.usual,
        other_usual=theirs.usual,
        asked_by_id=mine.person_id,
        asked_id=theirs.person_id,
        at=now,
    )
    session.add(swap)
    session.flush()
    return swap


def swap_of(session: Session, swap_id: str) -> RotaSwap | None:
    """A swap that was asked for; None where there is none."""
    return session.get(RotaSwap, swap_id)


def open_swaps(session: Session, unit_id: str, usual: date) -> list[RotaSwap]:
    """Who has been asked about the meeting of that usual day and has not answered yet."""
    wanted = select(RotaSwap).where(RotaSwap.unit_id == unit_id, RotaSwap.usual == usual, RotaSwap.state == ASKED)
    return list(session.exec(wanted.order_by(col(RotaSwap.at), col(RotaSwap.id))))


def answer(session: Session, swap: RotaSwap, *, yes: bool, now: datetime) -> list[RotaSwap]:
    """Yes or no; after a yes the others who were asked about the same turn need not answer. Answers those."""
    swap.state, swap.answered_at = YES if yes else NO, now
    session.add(swap)
    session.flush()
    others = open_swaps(session, swap.unit_id, swap.usual) if yes else []
    for other in others:
        other.state, other.answered_at = OVER, now
        session.add(other)
    session.flush()
    return others
