"""Clinical work, its tracking form and signatures as plain values for an export."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from storage.clinical import episodes, signings, tracking
from storage.database.tables import Family, Unit
from storage.database.tables_clinical import Episode, Signing, TrackingEntry
from storage.export.names import Names, iso


def episodes_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """The family's pieces of clinical work, oldest first, each with every move."""
    return [_episode(session, episode, names) for episode in episodes.of_family(session, family.id)]


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
        **names.inside(episodes.body(session, episode).model_dump()),
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
