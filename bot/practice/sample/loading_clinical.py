"""Keeping a unit file: the clinical work that was under way before the bot came, with the moves its dates tell of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.practice.sample.loading import Loading
from prompts_and_forms.clinical.pathway import REVIEW_AFTER
from storage.clinical import tracking
from storage.database.bodies import EpisodeBody, TextBody, TrackingBody
from storage.database.tables import Family
from storage.database.tables_clinical import Episode, EpisodeChange
from storage.database.vault import Scope, seal
from storage.family import families

NOON = time(12)
NO_WORK = "none"
TRACKED = {"consult": "consultation", "commission": "meeting", "session": "session", "refer": "referral"}


@dataclass(frozen=True)
class Then:
    """A move of the past: what, when, and where it led."""

    move: str
    on: date
    to: str


def keep_episodes(loading: Loading) -> None:
    """One piece of work for each family with clinical work, in the state the file gives it. It can go on from there."""
    for part in loading.file.families:
        family = loading.session.get_one(Family, loading.families[part.ref])
        clinical = families.body(loading.session, family).clinical
        if clinical.get("state") or clinical.get("initial_consultation"):
            _episode(loading, family, clinical)


def _episode(loading: Loading, family: Family, clinical: dict[str, Any]) -> None:
    past = sorted(_past(clinical, loading.day), key=lambda one: one.on)
    sessions = [one for one in clinical.get("sessions") or [] if isinstance(one, dict)]
    state = str(clinical.get("state") or NO_WORK)
    reviewed = _day(clinical.get("last_review"))
    episode = Episode(
        unit_id=family.unit_id,
        family_id=family.id,
        state=state,
        back_state=past[-2].to if state in ("urgent_tier3", "referred_to_panel") and len(past) > 1 else "",
        clinician_id=_person(loading, clinical.get("clinician")),
        started_on=past[0].on if past else family.allocated_on,
        consulted_on=_day(clinical.get("initial_consultation")),
        commissioned_on=_day(clinical.get("commissioning_meeting")),
        sessions=len(sessions),
        reviewed_at=sum((_day(one.get("date")) or date.max) <= reviewed for one in sessions) if reviewed else 0,
        review_after=int(clinical.get("review_after_sessions") or REVIEW_AFTER),
        reviewed_on=reviewed,
        next_on=_next(clinical, loading.day),
        ended_on=_day(clinical.get("ended")),
        since=_moment(loading, past[-1].on) if past else loading.now,
    )
    known = EpisodeBody(
        work=str(clinical.get("work") or ""),
        sessions=sessions,
        panel=dict(clinical.get("panel") or {}),
        tier3=dict(clinical.get("tier3") or {}),
        awaiting=[str(one) for one in clinical.get("awaiting") or []],
    )
    seal(loading.session, episode, known, Scope.family(family.id))
    loading.session.add(episode)
    loading.session.flush()
    before = "referred"
    for then in past:
        _change(loading, episode, then, before)
        before = then.to


def _past(clinical: dict[str, Any], today: date) -> Iterator[Then]:
    """The moves whose days the file gives; what lies ahead is no move yet."""
    work, panel, tier3 = clinical.get("state"), clinical.get("panel") or {}, clinical.get("tier3") or {}
    consulted, met = _day(clinical.get("initial_consultation")), _day(clinical.get("commissioning_meeting"))
    if consulted:
        yield Then("consult", consulted, NO_WORK if work == NO_WORK else "initial_consultation_only")
    if met and met <= today:
        yield Then("commission", met, "commissioned")
    if met and met > today and consulted:
        yield Then("book", consulted, "commissioning_booked")
    for one in clinical.get("sessions") or []:
        day = _day(one.get("date")) if isinstance(one, dict) else None
        if day:
            yield Then("session", day, "in_therapy")
    referred, called, ended = _day(panel.get("referred")), _day(tier3.get("called")), _day(clinical.get("ended"))
    if referred:
        yield Then("refer", referred, "referred_to_panel")
    if called:
        yield Then("urgent", called, "urgent_tier3")
    if ended:
        yield Then("close", ended, "ended_awaiting_measures")


def _change(loading: Loading, episode: Episode, then: Then, before: str) -> None:
    change = EpisodeChange(
        episode_id=episode.id,
        family_id=episode.family_id,
        move=then.move,
        from_state=before,
        to_state=then.to,
        on=then.on,
        at=_moment(loading, then.on),
        by_id=episode.clinician_id,
    )
    seal(loading.session, change, TextBody(), Scope.family(episode.family_id))
    loading.session.add(change)
    loading.session.flush()
    if then.move in TRACKED and episode.clinician_id:
        tracking.keep(
            loading.session,
            unit_id=episode.unit_id,
            family_id=episode.family_id,
            person_id=episode.clinician_id,
            on=then.on,
            kind=TRACKED[then.move],
            source=f"change:{change.id}",
            body=TrackingBody(),
            by_id=None,
            now=change.at,
        )


def _next(clinical: dict[str, Any], today: date) -> date | None:
    """The next booked thing: a session, or a commissioning meeting that is still to come."""
    met = _day(clinical.get("commissioning_meeting"))
    return _day(clinical.get("next_session")) or (met if met and met > today else None)


def _person(loading: Loading, who: Any) -> str | None:
    return who if who in loading.people.values() else None


def _moment(loading: Loading, day: date) -> datetime:
    return datetime.combine(day, NOON, ZoneInfo(loading.unit.timezone)).astimezone(UTC)


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
