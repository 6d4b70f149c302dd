"""Scores as CSV: one row a score, codes where there are any, and nothing a spreadsheet would work out."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from bot.practice.sample.unit_file import LoadedUnit
from storage.database.bodies import MeasureBody
from storage.database.db import Database
from storage.database.tables import Family
from storage.database.tables_measures import Measure
from storage.export.scores import scores_csv
from storage.family import families
from storage.measures import measures
from tests.worlds.measuring import code_is_sound
from tests.worlds.sample import sample_in
from tests.worlds.storage_world import NOW

DAY = date(2026, 11, 17)


@pytest.fixture
def unit(db: Database) -> LoadedUnit:
    return sample_in(db, day=DAY, channel="C1", now=NOW)


def exported(db: Database, unit: LoadedUnit, ref: str | None = None) -> list[dict[str, str]]:
    with db.read() as session:
        return list(csv.DictReader(io.StringIO(scores_csv(session, unit.unit_id, ref))))


def keep(db: Database, unit: LoadedUnit, ref: str, measure: str, form: str, **more: Any) -> Measure:
    with db.write() as session:
        family = session.get_one(Family, unit.families[ref])
        child, _body = families.children(session, family.id)[0]
        state = {name: more.pop(name) for name in ("state", "reason") if name in more}
        return measures.keep(
            session,
            unit_id=unit.unit_id,
            family_id=family.id,
            child_id=child.id,
            measure=measure,
            form=form,
            point="end",
            completed_on=DAY,
            body=MeasureBody(**more),
            by_id=None,
            now=NOW,
            **state,
        )


def test_every_score_of_the_sample_unit_has_its_code_and_bands(db: Database, unit: LoadedUnit) -> None:
    rows = exported(db, unit)
    assert len(rows) == 12 * 7
    assert all(code_is_sound(row["snomed_ct"]) for row in rows)
    (total,) = [
        row for row in rows if (row["child"], row["form"], row["scale"]) == ("K3107C-1", "parent_4_17", "total")
    ]
    assert (total["score"], total["band_4"], total["band_3"]) == ("20", "very high", "abnormal")
    assert (total["snomed_ct"], total["informant_kind"], total["informant"]) == ("986121000000101", "parent", "AD")


def test_one_family_alone(db: Database, unit: LoadedUnit) -> None:
    assert {row["case_reference"] for row in exported(db, unit, "K4419D")} == {"K4419D"}
    with pytest.raises(KeyError):
        exported(db, unit, "K0000Z")


def test_missing_is_empty_and_says_so(db: Database, unit: LoadedUnit) -> None:
    keep(db, unit, "K1936E", "SDQ", "parent_4_17", scores={"total": None, "impact": 0})
    rows = {row["scale"]: row for row in exported(db, unit, "K1936E")}
    assert (rows["total"]["score"], rows["total"]["missing"], rows["total"]["band_4"]) == ("", "yes", "")
    assert (rows["impact"]["score"], rows["impact"]["missing"]) == ("0", "no")


def test_a_reason_is_a_row_with_the_code_of_the_yearly_return(db: Database, unit: LoadedUnit) -> None:
    keep(db, unit, "K1936E", "SDQ", "parent_4_17", state="not_completed", reason="declined_carer")
    (row,) = exported(db, unit, "K1936E")
    assert (row["reason"], row["return_code"], row["score"]) == ("the parent or carer declined", "SDQ2", "")


def test_experience_of_service_is_given_as_categories(db: Database, unit: LoadedUnit) -> None:
    keep(db, unit, "K1936E", "CHI_ESQ", "parent", answers={"1": "most", "2": "do_not_know"})
    rows = {row["scale"]: row for row in exported(db, unit, "K1936E")}
    assert (rows["item_1"]["answer"], rows["item_1"]["score"]) == ("most", "")
    assert (rows["item_2"]["answer"], rows["item_3"]["missing"]) == ("do_not_know", "yes")
    assert code_is_sound(rows["item_12"]["snomed_ct"])


def test_nothing_a_person_wrote_becomes_a_formula(db: Database, unit: LoadedUnit) -> None:
    keep(db, unit, "K1936E", "SDQ", "parent_4_17", informant="=1+1", scores={"impact": 1})
    assert exported(db, unit, "K1936E")[0]["informant"] == "'=1+1"
