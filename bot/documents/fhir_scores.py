"""Families and scores as FHIR R4B: a Group for each family, an Observation for each score of a questionnaire.

A missing score says that it is missing and is never 0. Results that were corrected or not completed are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from bot.documents.source import Source
from prompts_and_forms.measures import catalogue, goals, snomed
from prompts_and_forms.states import FamilyStatus, MeasureState
from prompts_and_forms.typed import printable
from storage.database.tables import Family
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures

Json = dict[str, Any]
BASE = "urn:unit-meeting-bot"
SNOMED = "http://snomed.info/sct"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def families_of(source: Source, family_ref: str | None) -> list[Family]:
    """The unit's families, open and closed, or the one of that case reference."""
    if family_ref:
        found = families.by_ref(source.session, source.unit.id, family_ref)
        return [found] if found else []
    wanted = select(Family).where(Family.unit_id == source.unit.id)
    return list(source.session.exec(wanted.order_by(col(Family.allocated_on), col(Family.id))))


def case_reference(source: Source, family: Family) -> Json:
    """The identifier a family goes by."""
    return {"system": f"{BASE}:case-reference", "value": printable(families.body(source.session, family).ref)}


def group(source: Source, family: Family) -> Json:
    """A family, by its case reference alone."""
    return {
        "resourceType": "Group",
        "id": family.id,
        "identifier": [case_reference(source, family)],
        "active": family.status == FamilyStatus.OPEN,
        "type": "person",
        "actual": True,
    }


def observations(source: Source, family: Family) -> Iterator[Json]:
    """Every score of every result that counts."""
    keys = {row.id: body.key for row, body in families.children(source.session, family.id, include_gone=True)}
    subject = {"type": "Group", "identifier": case_reference(source, family)}
    for row in measures.of_family(source.session, family.id):
        if row.state == MeasureState.NOT_COMPLETED:
            continue
        known = measures.body(source.session, row)
        about = {"subject": subject, **_about(row, keys.get(row.child_id or "", ""), known.informant)}
        for scale, value in known.scores.items():
            if scale in goals.SCALES and value is None and scale not in known.goals:
                continue
            yield {
                "resourceType": "Observation",
                "id": f"{row.id}-{scale.replace('_', '-')}"[:64],
                "status": "amended" if row.replaced_by_id else "final",
                "code": _code(row, scale),
                **about,
                **_value(value),
            }


def _about(row: Measure, child: str, informant: str) -> Json:
    found: Json = {}
    if child:
        found["focus"] = [{"display": printable(child)}]
    if row.completed_on:
        found["effectiveDateTime"] = row.completed_on.isoformat()
    if informant.strip():
        found["performer"] = [{"display": printable(informant)}]
    return found


def _code(row: Measure, scale_id: str) -> Json:
    measure = catalogue.find(row.measure)
    scale = measure.scales.get(scale_id) if measure else None
    text = f"{catalogue.label_of(row.measure, row.form)}: {scale.label if scale else scale_id}"
    code = snomed.code(row.measure, row.form, scale_id)
    return {"text": text} | ({"coding": [{"system": SNOMED, "code": code}]} if code else {})


def _value(value: Decimal | None) -> Json:
    if value is None:
        return {"dataAbsentReason": {"coding": [{"system": ABSENT, "code": "unknown"}]}}
    if value == value.to_integral_value():
        return {"valueInteger": int(value)}
    return {"valueQuantity": {"value": float(value)}}
