"""Clinical work as a file or an older database tells it, kept as a piece of work with the moves its dates tell of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from prompts_and_forms.clinical.pathway import FIRST, REVIEW_AFTER
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.states import WorkState
from storage.clinical import tracking
from storage.database.bodies import EpisodeBody, TextBody, TrackingBody
from storage.database.tables import Family, Person, Unit
from storage.database.tables_clinical import Episode, EpisodeChange
from storage.database.vault import Scope, seal
from storage.unit import units

NOON = time(12)
TRACKED = {"consult": "consultation", "commission": "meeting", "session": "session", "refer": "referral"}
KNOWN = frozenset(
    {"state", "initial_consultation", "commissioning_meeting", "work", "sessions", "next_session", "last_review"}
    | {"review_after_sessions", "ended", "panel", "tier3", "awaiting"}
)
"""What a piece of work has a place for; `clinician` too, where it names somebody of the unit."""


@dataclass(frozen=True)
class Then:
    """A move of the past: what, when, and where it led."""

    move: str
    on: date
    to: WorkState


def keep(session: Session, family: Family, said: Mapping[str, Any], *, today: date, now: datetime) -> Episode | None:
    """One piece of work for a family, in the state that is told. It can go on from there. None where nothing is told.

    `said`: state, clinician (a person's id), initial_consultation, commissioning_meeting, work, sessions, next_session,
    review_after_sessions, last_review, ended, panel, tier3, awaiting; days as dates or ISO.
    """
    if not any(said.values()):
        return None
    zone = units.zone(session.get_one(Unit, family.unit_id))
    past = sorted(_past(said, today), key=lambda one: one.on)
    sessions = list(session_rows(said.get("sessions")))
    state = _state(said) or (WorkState.NONE if past else FIRST)
    reviewed = as_day(said.get("last_review"))
    person = session.get(Person, str(said.get("clinician") or ""))
    episode = Episode(
        unit_id=family.unit_id,
        family_id=family.id,
        state=state,
        back_state=past[-2].to
        if state in (WorkState.URGENT_TIER3, WorkState.REFERRED_TO_PANEL) and len(past) > 1
        else "",
        clinician_id=person.id if person else None,
        started_on=past[0].on if past else family.allocated_on,
        consulted_on=as_day(said.get("initial_consultation")),
        commissioned_on=as_day(said.get("commissioning_meeting")),
        sessions=len(sessions),
        reviewed_at=sum((as_day(one.get("date")) or date.max) <= reviewed for one in sessions) if reviewed else 0,
        review_after=int(said.get("review_after_sessions") or REVIEW_AFTER),
        reviewed_on=reviewed,
        next_on=_next(said, today),
        ended_on=as_day(said.get("ended")),
        since=_noon(past[-1].on, zone) if past else now,
    )
    known = EpisodeBody(
        work=str(said.get("work") or ""),
        sessions=sessions,
        panel=dict(said.get("panel") or {}),
        tier3=dict(said.get("tier3") or {}),
        awaiting=[str(one) for one in said.get("awaiting") or []],
        extra=beyond(said, person is not None),
    )
    seal(session, episode, known, Scope.family(family.id))
    session.add(episode)
    session.flush()
    before = FIRST
    for then in past:
        _change(session, episode, then, before, _noon(then.on, zone))
        before = then.to
    return episode


def session_rows(told: Any) -> Iterator[dict[str, Any]]:
    """Sessions as rows with a date, also where only their days were told."""
    for one in told or []:
        row = dict(one) if isinstance(one, dict) else {"date": one}
        if "date" not in row and "on" in row:
            row["date"] = row.pop("on")
        yield row


def beyond(said: Mapping[str, Any], knows_clinician: bool) -> dict[str, Any]:
    """What is told that a piece of work has no place for."""
    has_place = (KNOWN | {"clinician"} if knows_clinician else KNOWN) - (
        {"state"} if said.get("state") and not _state(said) else set()
    )
    return {name: value for name, value in said.items() if name not in has_place and value is not None}


def _state(said: Mapping[str, Any]) -> WorkState | None:
    """None where no state is told, or one the pathway does not know."""
    return WorkState(said["state"]) if said.get("state") in set(WorkState) else None


def _past(said: Mapping[str, Any], today: date) -> Iterator[Then]:
    """The moves whose days are told; what lies ahead is no move yet."""
    work, panel, tier3 = said.get("state"), said.get("panel") or {}, said.get("tier3") or {}
    consulted, met = as_day(said.get("initial_consultation")), as_day(said.get("commissioning_meeting"))
    if consulted:
        yield Then(
            "consult", consulted, WorkState.NONE if work == WorkState.NONE else WorkState.INITIAL_CONSULTATION_ONLY
        )
    if met and met <= today:
        yield Then("commission", met, WorkState.COMMISSIONED)
    if met and met > today and consulted:
        yield Then("book", consulted, WorkState.COMMISSIONING_BOOKED)
    for row in session_rows(said.get("sessions")):
        day = as_day(row.get("date"))
        if day:
            yield Then("session", day, WorkState.IN_THERAPY)
    referred, called, ended = as_day(panel.get("referred")), as_day(tier3.get("called")), as_day(said.get("ended"))
    if referred:
        yield Then("refer", referred, WorkState.REFERRED_TO_PANEL)
    if called:
        yield Then("urgent", called, WorkState.URGENT_TIER3)
    if ended:
        yield Then("close", ended, WorkState.ENDED_AWAITING_MEASURES)


def _change(session: Session, episode: Episode, then: Then, before: WorkState, at: datetime) -> None:
    change = EpisodeChange(
        episode_id=episode.id,
        family_id=episode.family_id,
        move=then.move,
        from_state=before,
        to_state=then.to,
        on=then.on,
        at=at,
        by_id=episode.clinician_id,
    )
    seal(session, change, TextBody(), Scope.family(episode.family_id))
    session.add(change)
    session.flush()
    if then.move in TRACKED and episode.clinician_id:
        tracking.keep(
            session,
            unit_id=episode.unit_id,
            family_id=episode.family_id,
            person_id=episode.clinician_id,
            on=then.on,
            kind=TRACKED[then.move],
            source=f"change:{change.id}",
            body=TrackingBody(),
            by_id=None,
            now=at,
        )


def _next(said: Mapping[str, Any], today: date) -> date | None:
    """The next booked thing: a session, or a commissioning meeting that is still to come."""
    met = as_day(said.get("commissioning_meeting"))
    return as_day(said.get("next_session")) or (met if met and met > today else None)


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, NOON, zone).astimezone(UTC)
