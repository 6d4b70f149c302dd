"""Scores as a table for a spreadsheet or a data return: one row a score, with its SNOMED CT code where there is one.

A missing score is an empty cell and says so in the next one; it is never 0. Only current codes are written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from prompts_and_forms.documents import cells
from prompts_and_forms.measures import catalogue, chi_esq, goals, sdq, snomed
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.states import MeasureState
from prompts_and_forms.typed import printable
from storage.database.bodies import MeasureBody
from storage.database.tables import Family, Unit
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures

COLUMNS = (
    "unit",
    "case_reference",
    "child",
    "measure",
    "form",
    "informant_kind",
    "informant",
    "point",
    "completed",
    "state",
    "reason",
    "return_code",
    "scale",
    "score",
    "missing",
    "band_4",
    "band_3",
    "answer",
    "snomed_ct",
)


def scores_csv(session: Session, unit_id: str, family_ref: str | None = None) -> str:
    """Every result of a unit, or of one family, as CSV. Raises KeyError for a family that is not there."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    table.writeheader()
    for row in score_rows(session, unit_id, family_ref):
        table.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def score_rows(session: Session, unit_id: str, family_ref: str | None = None) -> Iterator[dict[str, Any]]:
    """The same as values, family by family, results oldest first; corrected results are left out."""
    unit = session.get_one(Unit, unit_id)
    for family in _families(session, unit, family_ref):
        ref = families.body(session, family).ref
        keys = {child.id: body.key for child, body in families.children(session, family.id, include_gone=True)}
        for row in measures.of_family(session, family.id):
            known = measures.body(session, row)
            head = _head(unit, ref, keys.get(row.child_id or "", ""), row, known)
            for scored in _scored(row, known, unit):
                yield head | scored


def _families(session: Session, unit: Unit, family_ref: str | None) -> list[Family]:
    if family_ref is not None:
        found = families.by_ref(session, unit.id, family_ref)
        if found is None:
            raise KeyError(family_ref)
        return [found]
    wanted = select(Family).where(Family.unit_id == unit.id)
    return list(session.exec(wanted.order_by(col(Family.allocated_on), col(Family.id))))


def _head(unit: Unit, ref: str, child: str, row: Measure, known: MeasureBody) -> dict[str, Any]:
    measure = catalogue.find(row.measure)
    version = measure.version(row.form) if measure else None
    return {
        "unit": unit.name,
        "case_reference": ref,
        "child": child,
        "measure": row.measure,
        "form": row.form,
        "informant_kind": version.informant if version else "",
        "informant": known.informant,
        "point": row.point,
        "completed": row.completed_on.isoformat() if row.completed_on else "",
        "state": row.state,
        "reason": measures_wording.REASONS.get(row.reason, row.reason),
        "return_code": measures_wording.RETURN_CODES.get(row.reason, "SDQ4")
        if row.reason and row.measure == "SDQ"
        else "",
    }


def _scored(row: Measure, known: MeasureBody, unit: Unit) -> Iterator[dict[str, Any]]:
    if row.state == MeasureState.NOT_COMPLETED:
        yield {}
        return
    for scale, value in known.scores.items():
        if scale in goals.SCALES and value is None and scale not in known.goals:
            continue
        yield {
            "scale": scale,
            "score": value,
            "missing": "yes" if value is None else "no",
            "band_4": _band(row, scale, value, "4band"),
            "band_3": _band(row, scale, value, "3band"),
            "snomed_ct": snomed.code(row.measure, row.form, scale),
        }
    if row.measure == "CHI_ESQ":
        yield from _experience(row, known, unit.settings.get("chi_highest_is_best"))


def _experience(row: Measure, known: MeasureBody, highest_is_best: bool | None) -> Iterator[dict[str, Any]]:
    """The category of each item; a number only where the service has said which way the numbers run."""
    for number in chi_esq.ITEMS:
        answer = known.answers.get(str(number))
        said = str(answer) if answer is not None else None
        yield {
            "scale": f"item_{number}",
            "score": chi_esq.as_number(said, highest_is_best),
            "missing": "yes" if said is None else "no",
            "answer": said or "",
            "snomed_ct": snomed.code("CHI_ESQ", row.form, f"item_{number}"),
        }


def _band(row: Measure, scale: str, value: Decimal | None, scheme: sdq.Scheme) -> str:
    if row.measure != "SDQ" or value is None:
        return ""
    found = sdq.band(row.form, scale, int(value), scheme)
    return found.label if found else ""


def _cell(value: Any) -> str:
    """Text as it is, but never something a spreadsheet would work out: such a cell begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return measures_wording.number_words(value)
    return cells.as_words(printable(str(value)))
