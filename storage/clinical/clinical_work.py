"""Where clinical work with a family is: its newest piece, as every reader sees it. One question for many families."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from prompts_and_forms.clinical.pathway import state
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.states import WorkState
from storage.database.bodies import EpisodeBody
from storage.database.tables_clinical import Episode
from storage.database.vault import unseal


@dataclass(frozen=True)
class ClinicalWork:
    """The newest piece of work of a family. `state` is "" where there has been none.

    `next_session` is the next day that is booked with the family, without the commissioning meeting.
    """

    state: str = ""
    clinician_id: str | None = None
    consulted_on: date | None = None
    commissioned_on: date | None = None
    next_session: date | None = None
    review_after: int | None = None
    reviewed_on: date | None = None
    ended_on: date | None = None
    body: EpisodeBody = field(default_factory=EpisodeBody)

    @property
    def session_days(self) -> tuple[date, ...]:
        """The days on which sessions were held, as they were written down."""
        days = (as_day(row.get("date")) for row in self.body.sessions)
        return tuple(day for day in days if day is not None)

    @property
    def started_on(self) -> date | None:
        """The first meeting with the family about the work."""
        return self.commissioned_on or min(self.session_days, default=None)


def of_family(session: Session, family_id: str) -> ClinicalWork:
    """Where the work with one family is."""
    return of_families(session, [family_id])[family_id]


def of_families(session: Session, family_ids: Collection[str]) -> dict[str, ClinicalWork]:
    """The same for many families; every one of them has an answer."""
    wanted = select(Episode).where(col(Episode.family_id).in_(family_ids)).order_by(col(Episode.no))
    newest = {episode.family_id: episode for episode in session.exec(wanted)}
    found = {family_id: _as_it_is(session, episode) for family_id, episode in newest.items()}
    return dict.fromkeys(family_ids, ClinicalWork()) | found


def _as_it_is(session: Session, episode: Episode) -> ClinicalWork:
    return ClinicalWork(
        state=episode.state,
        clinician_id=episode.clinician_id,
        consulted_on=episode.consulted_on,
        commissioned_on=episode.commissioned_on,
        next_session=_next_session(episode),
        review_after=episode.review_after,
        reviewed_on=episode.reviewed_on,
        ended_on=episode.ended_on,
        body=unseal(session, episode, EpisodeBody),
    )


def _next_session(episode: Episode) -> date | None:
    meeting = episode.state == WorkState.COMMISSIONING_BOOKED or episode.next_on == episode.commissioned_on
    return None if meeting or state(episode.state).over else episode.next_on
