"""Once, for a database of an older version: what only a family's own page knew of clinical work becomes a piece of it.

Until version 0006 the page kept a second account of the clinical work (`clinical`), which some turns wrote alone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session, col, select

from prompts_and_forms.days.reading import as_day
from prompts_and_forms.states import WorkState
from storage.clinical import episodes, handed_in
from storage.database.bodies import FamilyBody
from storage.database.tables import Family
from storage.database.tables_clinical import Episode
from storage.database.vault import Scope, VaultTrouble, seal, unseal


class OldFamilyBody(FamilyBody):
    clinical: dict[str, Any] = {}


def carry_over(session: Session, now: datetime) -> int:
    """Takes over what the pages of families say of clinical work; answers for how many."""
    return sum(_family(session, family, now) for family in session.exec(select(Family).order_by(col(Family.id))).all())


def _family(session: Session, family: Family, now: datetime) -> bool:
    try:
        known = unseal(session, family, OldFamilyBody)
    except VaultTrouble:
        return False
    said = known.clinical
    episode = episodes.current(session, family.id)
    if episode is None:
        handed_in.keep(session, family, said, today=now.date(), now=now)
    else:
        _beyond(session, episode, said)
        _review(session, family, episode, said)
    seal(session, family, FamilyBody(**known.model_dump(exclude={"clinical"})), Scope.family(family.id))
    session.add(family)
    session.flush()
    return bool(said)


def _beyond(session: Session, episode: Episode, said: dict[str, Any]) -> None:
    """What a file said about the work that has no place of its own."""
    extra = handed_in.beyond(said, knows_clinician=episode.clinician_id is not None)
    known = episodes.body(session, episode)
    if extra and not known.extra:
        episodes.keep(session, episode, known.model_copy(update={"extra": extra}))


def _review(session: Session, family: Family, episode: Episode, said: dict[str, Any]) -> None:
    """A review that only the page knew of, also where it ended the work."""
    on = as_day(said.get("last_review"))
    ends = said.get("state") == WorkState.ENDED_AWAITING_MEASURES and episode.ended_on is None
    if on is None or not (ends or episode.reviewed_on is None or on > episode.reviewed_on):
        return
    episodes.reviewed(session, family, on, ends=ends, by_id=None, now=_noon(on))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
