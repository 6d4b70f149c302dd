"""A list of families beside what a unit has: new, changed, refused, and the same list again without doubles."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlmodel import func, select

from prompts_and_forms.days import day_words
from prompts_and_forms.imports import sheet
from prompts_and_forms.imports.families import gather
from storage.database.db import Database
from storage.database.hiding import hide
from storage.database.tables import CategoryChange, Child, Family, Unit
from storage.database.tables_machinery import Audit
from storage.database.watching import watch
from storage.export.export import export_unit
from storage.family import families, timeline
from storage.imports.reconcile import Importing, Outcome
from storage.unit import people
from tests.worlds.setting_up import NOW, TODAY, heron_unit

HEAD = (
    "Case reference,Family initials,Category,Lead worker,Child initials,Child age,Carer initials,Safe contact,"
    "Next review,Court,Court for\n"
)
KNOWN = HEAD + "K3107C,AD,child protection,Ben,TD,9,AD,Not by text,03/12/2026,,\n" + "K3107C,,,,LD,14 months,,,,,\n"


@pytest.fixture
def unit_id(db: Database) -> str:
    return heron_unit(db)


def brought_in(db: Database, unit_id: str, text: str, *, write: bool = True, now: datetime = NOW) -> Outcome:
    with db.write() as session:
        watch(session, at=now, person_id=None, unit_id=unit_id)
        unit = session.get_one(Unit, unit_id)
        read = sheet.read(text)
        return Importing(session, unit, now, now.date(), write=write).run(*gather(read, TODAY))


def test_a_new_family_comes_with_children_carers_warning_and_dates(db: Database, unit_id: str) -> None:
    assert brought_in(db, unit_id, KNOWN).summary() == "1 new, 0 changed"
    with db.read() as session:
        family = families.by_ref(session, unit_id, "K3107C")
        assert family is not None
        assert (family.category, people.name_of(session, family.lead_worker_id)) == ("child_protection", "Ben")
        body = families.body(session, family)
        assert (body.initials, body.dates) == ("AD", {"next_review": date(2026, 12, 3)})
        ages = [(one.key, one.initials, one.age, one.age_months) for _row, one in families.children(session, family.id)]
        assert ages == [("K3107C-1", "TD", 9, None), ("K3107C-2", "LD", None, 14)]
        assert families.safe_contact_warnings(session, family.id) == ["K3107C-A (AD): Not by text"]


def test_looking_changes_nothing(db: Database, unit_id: str) -> None:
    assert brought_in(db, unit_id, KNOWN, write=False).new == ["K3107C"]
    with db.read() as session:
        assert families.by_ref(session, unit_id, "K3107C") is None
        assert (
            session.exec(select(func.count()).select_from(Audit)).one()
            == session.exec(select(func.count()).select_from(Audit).where(Audit.row_kind != "family")).one()
        )


def test_the_same_list_again_changes_nothing(db: Database, unit_id: str) -> None:
    brought_in(db, unit_id, KNOWN)
    again = brought_in(db, unit_id, KNOWN)
    assert (again.new, again.changed, again.same) == ([], [], ["K3107C"])
    with db.read() as session:
        assert session.exec(select(func.count()).select_from(Child)).one() == 2
        assert session.exec(select(func.count()).select_from(CategoryChange)).one() == 1


def test_what_is_different_is_changed_and_what_the_list_leaves_open_stays(db: Database, unit_id: str) -> None:
    brought_in(db, unit_id, KNOWN)
    later = (
        HEAD + "K3107C,,child in need,Tam,TD,10,AD,,10/12/2026,14/12/2026,first hearing\n" + "K3107C,,,,RD,2,CB,,,,\n"
    )
    ((ref, what),) = brought_in(db, unit_id, later).changed
    assert ref == "K3107C"
    assert what == (
        "next review 10 Dec 2026",
        "court date",
        "lead worker",
        "now child in need",
        "age of TD",
        "new child RD",
        "new carer CB",
    )
    with db.read() as session:
        family = families.by_ref(session, unit_id, "K3107C")
        assert family is not None
        assert family.category == "child_in_need"
        assert families.body(session, family).initials == "AD"
        assert [one.initials for _row, one in families.children(session, family.id)] == ["TD", "LD", "RD"]
        assert families.safe_contact_warnings(session, family.id) == ["K3107C-A (AD): Not by text"]
        [before] = families.body(session, family).replaced
        assert before.was == [
            "Next review: 3 Dec 2026",
            "Court date: none",
            "Lead worker: Ben",
            f"Age of TD: 9 on {day_words.in_short(TODAY)}",
        ]
        [told] = [one for one in timeline.page(session, family.id, 0, 20)[0] if one.what == "list"]
        assert "Next review: 3 Dec 2026" in told.text
    assert brought_in(db, unit_id, later).same == ["K3107C"]


def test_a_safe_contact_warning_that_a_list_replaces_can_still_be_read(db: Database, unit_id: str) -> None:
    brought_in(db, unit_id, KNOWN)
    brought_in(db, unit_id, KNOWN.replace("Not by text", "Ring the nursery only"))
    with db.read() as session:
        family = families.by_ref(session, unit_id, "K3107C")
        assert family is not None
        assert families.safe_contact_warnings(session, family.id) == ["K3107C-A (AD): Ring the nursery only"]
        assert [one.was for one in families.body(session, family).replaced] == [["AD: none; safe contact: Not by text"]]
        [row] = export_unit(session, unit_id)["families"]
        assert row["replaced"][0]["was"] == ["AD: none; safe contact: Not by text"]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("K3107A,,CIN,,,,,,,,\n", "line 2, K3107A: the reference has the wrong check letter"),
        ("12345,,CIN,,,,,,,,\n", "does not look like your council's"),
        ("K3107C,,,,,,,,,,\n", "the category is missing"),
        ("K3107C,,CIN,Sam Smith,,,,,,,\n", "nobody in the unit is called “Sam Smith”"),
        ("K3107C,,CIN,,,,,,,,hearing\n", "“Court for” needs a date"),
    ],
)
def test_a_family_that_cannot_be_taken_is_refused_as_a_whole(
    db: Database, unit_id: str, row: str, sentence: str
) -> None:
    found = brought_in(db, unit_id, HEAD + row)
    assert sentence in str(found.refused[0])
    assert found.summary().endswith("1 refused")
    with db.read() as session:
        assert session.exec(select(func.count()).select_from(Family)).one() == 0


def test_a_council_with_its_own_references_needs_no_check_letter(db: Database, unit_id: str) -> None:
    with db.write() as session:
        unit = session.get_one(Unit, unit_id)
        unit.settings = {"case_pattern": r"\d{6}", "case_example": "123456"}
        session.add(unit)
    assert brought_in(db, unit_id, HEAD + "123456,,CIN,,,,,,,,\n").new == ["123456"]


def test_a_family_of_another_unit_or_a_closed_one_stays_untouched(db: Database, unit_id: str) -> None:
    other = heron_unit(db, "Kestrel Unit", "CKESTREL", prefix="X")
    brought_in(db, other, KNOWN)
    found = brought_in(db, unit_id, KNOWN)
    assert "in use already" in str(found.refused[0])
    assert "Kestrel" not in str(found.refused[0])
    with db.write() as session:
        family = families.by_ref(session, other, "K3107C")
        assert family is not None
        families.close_family(session, family, TODAY, by_id="", why="")
    assert "this family is closed" in str(brought_in(db, other, KNOWN).refused[0])


def test_a_family_closed_to_whoever_asks_is_as_unknown_as_one_of_another_unit(db: Database, unit_id: str) -> None:
    brought_in(db, unit_id, KNOWN)
    with db.write() as session:
        family = families.by_ref(session, unit_id, "K3107C")
        assert family is not None
        hide(session, {family.id})
        unit = session.get_one(Unit, unit_id)
        read = sheet.read(KNOWN.replace("03/12/2026", "04/12/2026"))
        found = Importing(session, unit, NOW, TODAY, write=True).run(*gather(read, TODAY))
    assert "in use already" in str(found.refused[0])
    assert not found.changed


def test_a_fault_found_half_way_leaves_nothing_of_the_family_changed(db: Database, unit_id: str) -> None:
    brought_in(db, unit_id, KNOWN)
    with db.write() as session:
        family = families.by_ref(session, unit_id, "K3107C")
        assert family is not None
        (_, first), (row, second) = families.children(session, family.id)
        families.keep_child(session, family.id, second.model_copy(update={"initials": first.initials}), row)
    found = brought_in(db, unit_id, HEAD + "K3107C,XX,CIN,Tam,TD,11,,,,,\n")
    assert "two people with the initials TD already" in str(found.refused[0])
    with db.read() as session:
        family = families.by_ref(session, unit_id, "K3107C")
        assert family is not None
        assert family.category == "child_protection"
        assert families.body(session, family).initials == "AD"
        assert people.name_of(session, family.lead_worker_id) == "Ben"


def test_each_family_brought_in_has_a_line_in_the_audit(db: Database, unit_id: str) -> None:
    brought_in(db, unit_id, KNOWN)
    brought_in(db, unit_id, KNOWN.replace("03/12/2026", "04/12/2026"))
    with db.read() as session:
        said = session.exec(select(Audit.what).where(Audit.row_kind == "family").order_by(Audit.at, Audit.id)).all()
    assert {"imported", "imported a change"} <= set(said)
