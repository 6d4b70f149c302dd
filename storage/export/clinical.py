"""Clinical work, its tracking form and signatures as plain values for an export."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from storage.clinical import clinical_work, episodes, signings, tracking
from storage.database.tables import Family, Unit
from storage.database.tables_clinical import Episode, Signing, TrackingEntry
from storage.export.names import Names, iso


def episodes_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """The family's pieces of clinical work, oldest first, each with every move."""
    return [_episode(session, episode, names) for episode in episodes.of_family(session, family.id)]


def clinical_of(session: Session, family: Family, names: Names) -> dict[str, Any]:
    """Where clinical work is, in short; empty for a family without any."""
    work = clinical_work.of_family(session, family.id)
    if not work.state:
        return {}
    known = work.body
    rare = {
        "last_review": iso(work.reviewed_on),
        "ended": iso(work.ended_on),
        "panel": known.panel,
        "tier3": known.tier3,
    }
    found = {
        "state": work.state,
        "clinician": work.clinician_id or known.extra.get("clinician"),
        "initial_consultation": iso(work.consulted_on),
        "commissioning_meeting": iso(work.commissioned_on),
        "work": known.work,
        "sessions": known.sessions,
        "next_session": iso(work.next_session),
        "review_after_sessions": work.review_after,
        **{name: value for name, value in rare.items() if value},
        "awaiting": known.awaiting,
    }
    return dict(names.inside(known.extra | found))


def _episode(session: Session, episode: Episode, names: Names) -> dict[str, Any]:
    return {
        "id": episode.id,
        "family": names(episode.family_id),
        "number": episode.no,
        "state": episode.state,
        "since": iso(episode.since),
        "clinician": names(episode.clinician_id),
        "started": iso(episode.started_on),
        "initial_consultation": iso(episode.consulted_on),
        "commissioning_meeting": iso(episode.commissioned_on),
        "sessions_held": episode.sessions,
        "reviewed_at_session": episode.reviewed_at,
        "review_after_sessions": episode.review_after,
        "last_review": iso(episode.reviewed_on),
        "next": iso(episode.next_on),
        "ended": iso(episode.ended_on),
        "different_views_step": episode.differ_step,
        **names.inside(episodes.body(session, episode).model_dump(exclude={"extra"})),
        "history": [
            {
                "move": change.move,
                "from": change.from_state,
                "to": change.to_state,
                "on": iso(change.on),
                "at": iso(change.at),
                "by": names(change.by_id),
                "entry": change.entry_id,
                "another_way": change.override,
                "why": why,
            }
            for change, why in episodes.changes(session, episode)
        ],
    }


def tracking_of(session: Session, unit: Unit, names: Names, only: set[str] | None) -> list[dict[str, Any]]:
    """The tracking form, oldest first; with `only` the lines of those families."""
    wanted = select(TrackingEntry).where(TrackingEntry.unit_id == unit.id)
    rows = session.exec(wanted.order_by(col(TrackingEntry.on), col(TrackingEntry.at), col(TrackingEntry.id)))
    return [
        {
            "id": row.id,
            "family": names(row.family_id),
            "person": names(row.person_id),
            "on": iso(row.on),
            "kind": row.kind,
            "method": row.method or None,
            "source": row.source,
            **tracking.body(session, row).model_dump(),
            "recorded_by": names(row.recorded_by_id),
            "at": iso(row.at),
            "taken_out_at": iso(row.taken_out_at),
            "taken_out_by": names(row.taken_out_by_id),
        }
        for row in rows
        if only is None or row.family_id in only
    ]


def signatures_of(session: Session, unit: Unit, names: Names, only: set[str] | None) -> list[dict[str, Any]]:
    """Who signed which form, version by version."""
    rows = session.exec(
        select(Signing).where(Signing.unit_id == unit.id).order_by(col(Signing.root_id), col(Signing.no))
    )
    return [
        {
            "entry": row.entry_id,
            "first_entry": row.root_id,
            "version": row.no,
            "state": row.state,
            "wanted": row.wanted,
            "signed": [{**one, "person": names(one["person"])} for one in row.signed],
            "why": signings.why(session, row),
        }
        for row in rows
        if only is None or row.family_id in only
    ]
