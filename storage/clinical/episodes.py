"""Pieces of clinical work with a family, and every move they made. Nothing here commits.

This is the one place where clinical work is kept: the family's page, the agenda, the reminders and the plan of
questionnaires read it here (clinical_work.py).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from itertools import groupby

from sqlmodel import Session, col, select

from prompts_and_forms.clinical.pathway import FIRST, Move, Standing, keeps_its_place, move, state
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.states import AgreementStatus, FamilyStatus, WorkState
from storage.database.bodies import EpisodeBody, TextBody
from storage.database.tables import Agreement, AgreementVersion, Entry, Family
from storage.database.tables_clinical import Episode, EpisodeChange
from storage.database.vault import Scope, seal, unseal

REFERRAL = "panel_decision"
"""What is awaited (`EpisodeBody.awaiting`) while a referral has no answer."""
SIX_SESSION_REVIEW = "six_session_review"
CLOSING_MEASURES = ("sdq_end", "chi_esq")
TAKEN_OUT = move("session").model_copy(update={"id": "session_taken_out"})
"""In the history of a piece of work: a session that was recorded by mistake."""


def current(session: Session, family_id: str) -> Episode | None:
    """The newest piece of work, open or closed; None for a family without any."""
    wanted = select(Episode).where(Episode.family_id == family_id)
    return session.exec(wanted.order_by(col(Episode.no).desc()).limit(1)).first()


def of_family(session: Session, family_id: str) -> list[Episode]:
    """Every piece of work, oldest first."""
    return list(session.exec(select(Episode).where(Episode.family_id == family_id).order_by(col(Episode.no))))


def of_unit(session: Session, unit_id: str) -> list[Episode]:
    """The newest piece of work of each open family of a unit."""
    wanted = (
        select(Episode)
        .join(Family, col(Family.id) == col(Episode.family_id))
        .where(Family.unit_id == unit_id, Family.status == FamilyStatus.OPEN)
        .order_by(col(Episode.no))
    )
    return list({one.family_id: one for one in session.exec(wanted)}.values())


def body(session: Session, episode: Episode) -> EpisodeBody:
    """What is written about a piece of work beside its state and days."""
    return unseal(session, episode, EpisodeBody)


def changes(session: Session, episode: Episode) -> list[tuple[EpisodeChange, str]]:
    """Every move, oldest first, each with the reason where one was given."""
    wanted = select(EpisodeChange).where(EpisodeChange.episode_id == episode.id)
    rows = session.exec(wanted.order_by(col(EpisodeChange.on), col(EpisodeChange.at), col(EpisodeChange.id)))
    return [(row, reason(session, row)) for row in rows]


def forms_of(session: Session, family_id: str, forms: Collection[str], most: int) -> list[Entry]:
    """What was written about a family in these forms, newest first; what was put right since is left out."""
    wanted = select(Entry).where(
        Entry.family_id == family_id, col(Entry.form).in_(forms), col(Entry.replaced_by_id).is_(None)
    )
    return list(session.exec(wanted.order_by(col(Entry.recorded_at).desc(), col(Entry.id)).limit(most)))


def way(session: Session, episode: Episode) -> list[str]:
    """The states it went through, oldest first, none twice in a row."""
    wanted = select(EpisodeChange.to_state).where(EpisodeChange.episode_id == episode.id)
    rows = session.exec(wanted.order_by(col(EpisodeChange.on), col(EpisodeChange.at), col(EpisodeChange.id)))
    return [to for to, _same in groupby(rows)]


def reason(session: Session, change: EpisodeChange) -> str:
    """Why a move was made; "" where nobody said."""
    return unseal(session, change, TextBody).text


def standing(session: Session, family_id: str, episode: Episode | None, roles: Collection[str]) -> Standing:
    """Where the work stands for somebody with these roles."""
    if episode is None:
        return Standing(roles=frozenset(roles))
    return Standing(
        state=episode.state,
        roles=frozenset(roles),
        agreed=agreed_since(session, family_id, episode.reviewed_on),
        sessions=episode.sessions - episode.reviewed_at,
        sessions_held=episode.sessions,
        review_after=episode.review_after,
        back=episode.back_state,
        asked=REFERRAL in body(session, episode).awaiting,
    )


def agreed_since(session: Session, family_id: str, since: date | None) -> bool:
    """Whether an agreement of both sides holds; after a review, one that was written on that day or later."""
    wanted = (
        select(AgreementVersion)
        .join(Agreement, col(Agreement.id) == col(AgreementVersion.agreement_id))
        .where(Agreement.family_id == family_id, Agreement.status == AgreementStatus.ACTIVE)
        .where(col(AgreementVersion.no) == col(Agreement.current))
    )
    return any(since is None or row.at.date() >= since for row in session.exec(wanted))


# ---- writing


def begin(session: Session, family: Family, on: date, now: datetime) -> Episode:
    """A new piece of work, referred to the unit."""
    before = current(session, family.id)
    episode = Episode(
        unit_id=family.unit_id,
        family_id=family.id,
        no=before.no + 1 if before else 1,
        clinician_id=before.clinician_id if before else None,
        started_on=on,
        since=now,
        state=FIRST,
    )
    keep(session, episode, EpisodeBody())
    return episode


def keep(session: Session, episode: Episode, known: EpisodeBody) -> None:
    """Keeps a piece of work as it now is."""
    seal(session, episode, known, Scope.family(episode.family_id))
    session.add(episode)
    session.flush()


def advance(
    session: Session,
    family: Family,
    episode: Episode,
    step: Move,
    to: WorkState,
    *,
    on: date,
    by_id: str | None,
    now: datetime,
    entry_id: str | None = None,
    override: bool = False,
    why: str = "",
) -> EpisodeChange:
    """Makes a move and keeps it in the history."""
    change = EpisodeChange(
        episode_id=episode.id,
        family_id=family.id,
        move=step.id,
        from_state=episode.state,
        to_state=to,
        on=on,
        at=now,
        by_id=by_id,
        entry_id=entry_id,
        override=override,
    )
    seal(session, change, TextBody(text=why), Scope.family(family.id))
    session.add(change)
    if keeps_its_place(step) and episode.state not in (WorkState.URGENT_TIER3, WorkState.REFERRED_TO_PANEL):
        episode.back_state = episode.state
    if to != episode.state:
        episode.state, episode.since = to, now
    keep(session, episode, body(session, episode))
    return change


def reviewed(
    session: Session,
    family: Family,
    on: date,
    *,
    ends: bool,
    by_id: str | None,
    now: datetime,
    entry_id: str | None = None,
) -> Episode | None:
    """The work was reviewed with the family: counting begins again, and it goes on or comes to its end.

    Answers the piece of work, None where there is none. A review of earlier days changes nothing.
    """
    episode = current(session, family.id)
    if episode is None or (episode.reviewed_on is not None and on < episode.reviewed_on):
        return episode
    known = body(session, episode)
    episode.reviewed_on = on
    episode.reviewed_at = sum((as_day(row.get("date")) or date.max) <= on for row in known.sessions)
    to = WorkState.IN_THERAPY if episode.state == WorkState.REVIEW_DUE else episode.state
    known.awaiting = [one for one in known.awaiting if one != SIX_SESSION_REVIEW]
    if ends and not (episode.ended_on or state(episode.state).over):
        to, episode.ended_on, episode.next_on = WorkState.ENDED_AWAITING_MEASURES, on, None
        known.awaiting = [*(one for one in known.awaiting if one == REFERRAL), *CLOSING_MEASURES]
    keep(session, episode, known)
    if to != episode.state:
        advance(session, family, episode, move("review"), to, on=on, by_id=by_id, now=now, entry_id=entry_id)
    return episode
