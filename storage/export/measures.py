"""Questionnaires and reviews as plain values for an export."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlmodel import Session

from storage.clinical import reviews
from storage.database.tables import Family
from storage.database.tables_measures import Review
from storage.export.names import Names, iso
from storage.family import families
from storage.measures import measures


def measures_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """Every result of a family, oldest first, corrected ones with what replaced them."""
    keys = {child.id: body.key for child, body in families.children(session, family.id, include_gone=True)}
    found = []
    for row in measures.of_family(session, family.id, replaced_too=True):
        body = measures.body(session, row)
        found.append(
            {
                "id": row.slug or row.id,
                "child": keys.get(row.child_id or "", body.extra.get("child")),
                "measure": row.measure,
                "version": row.form,
                "informant": body.informant,
                "point": row.point,
                "state": row.state,
                "reason": row.reason or None,
                "completed": iso(row.completed_on),
                "scores": {scale: plain(value) for scale, value in body.scores.items()},
                "incomplete": body.incomplete,
                "answers": body.answers,
                "goals": body.goals,
                "own_words": body.own_words,
                "alert": body.alert or None,
                "note": body.note,
                "recorded_by": names(row.recorded_by_id),
                "recorded_at": iso(row.recorded_at),
                "replaced_by": row.replaced_by_id,
                "extra": names.inside(body.extra),
            }
        )
    return found


def reviews_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """Every review recorded for a family, oldest first."""
    return [one_review(session, row, names) for row in reviews.of_family(session, family.id)]


def unit_reviews(session: Session, unit_id: str, names: Names) -> list[dict[str, Any]]:
    """Supervision and staff meetings: reviews without a family."""
    return [one_review(session, row, names) for row in reviews.of_unit(session, unit_id) if row.family_id is None]


def one_review(session: Session, row: Review, names: Names) -> dict[str, Any]:
    """A review as an export shows it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "about": names(row.subject_id),
        "held": iso(row.held_on),
        "chaired_by": names(row.chaired_by_id),
        "next": iso(row.next_on),
        "due": iso(row.due_on),
        "plan_by": iso(row.plan_by),
        "rule": {"id": row.rule_id, "edition": row.edition} if row.rule_id else None,
        "recorded_by": names(row.recorded_by_id),
        "recorded_at": iso(row.recorded_at),
        **names.inside(reviews.body(session, row).model_dump()),
    }


def plain(value: Decimal | None) -> int | float | None:
    """A whole score as a whole number, another one with its point; a missing one as null."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
