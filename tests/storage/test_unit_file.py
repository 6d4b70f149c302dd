from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlmodel import select

from bot.practice.sample.unit_file import UnitFileTrouble, load_unit, read_unit_file, with_dates
from storage.database.db import Database
from storage.database.tables import Agreement, AgreementVersion, Discussion, Family, Meeting, Reflection, Unit
from storage.database.vault import Vault
from storage.export.export import export_unit
from storage.family import families
from storage.unit import people, units
from tests.worlds.storage_world import NOW

SAMPLE = Path("bot/practice/kestrel_unit.yaml")
DAY = date(2026, 3, 2)

SMALL = (Path(__file__).parent / "merlin.yaml").read_text(encoding="utf-8")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "merlin.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def sample(
    request: pytest.FixtureRequest, empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """The sample unit, loaded once for the tests that only read it."""
    path = tmp_path_factory.mktemp("sample") / "unit.db"
    shutil.copy(empty_database, path)
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("postgres").new_database() if on_server else f"sqlite:///{path}"
    db = Database.open(url, Vault(bytes(range(32))))
    load(db, SAMPLE)
    yield db
    db.close()


def export_of(db: Database) -> dict[str, Any]:
    with db.read() as session:
        return export_unit(session, session.exec(select(Unit.id)).one())


def load(db: Database, path: Path) -> dict[str, Any]:
    with db.write() as session:
        loaded = load_unit(session, read_unit_file(path), day=DAY, channel="C1", now=NOW)
    with db.read() as session:
        return export_unit(session, loaded.unit_id)


def on(days: int) -> str:
    return (DAY + timedelta(days=days)).isoformat()


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def test_every_word_of_the_sample_unit_comes_back(sample: Database) -> None:
    kept = set(texts(export_of(sample)))
    with SAMPLE.open(encoding="utf-8") as file:
        written = YAML(typ="safe").load(file)
    del written["unit"]["channel"]
    for part in ("unit", "members", "families", "hypotheses", "actions", "measures"):
        assert set(texts(written[part])) <= kept
    agreed = [{k: v for k, v in contract.items() if k != "boundary_check"} for contract in written["contracts"]]
    assert set(texts(agreed)) <= kept


def test_the_sample_unit_comes_back_family_by_family(sample: Database) -> None:
    export = export_of(sample)
    with SAMPLE.open(encoding="utf-8") as file:
        written = YAML(typ="safe").load(file)
    kept = {family["ref"]: family for family in export["families"]}
    assert set(kept) == {family["ref"] for family in written["families"]}
    for family in written["families"]:
        found = kept[family["ref"]]
        for name in ("initials", "category", "summary", "lead_worker"):
            assert found[name] == family[name]
        assert found["clinical"] == with_dates(family["clinical"], DAY)
        assert found["permission_to_share"] == with_dates(family["permission_to_share"], DAY)
        assert [(c["key"], c["age"], c["seen"]["by"]) for c in found["children"]] == [
            (c["key"], c["age"], c["seen"]["by"]) for c in family["children"]
        ]
        assert [c["key"] for c in found["carers"]] == [c["key"] for c in family["carers"]]
        assert found["last_full"] == with_dates(family["last_full"], DAY)
    ideas = {idea["id"]: idea for idea in export["hypotheses"]}
    for idea in written["hypotheses"]:
        for name in ("text", "pattern", "evidence_for", "evidence_against", "would_change_mind", "owner", "status"):
            assert ideas[idea["id"]][name] == idea[name]
        assert ideas[idea["id"]]["review"] == with_dates(idea["review"], DAY)
    done = {action["id"]: action for action in export["actions"]}
    for action in written["actions"]:
        for name in ("text", "owner", "carried_over", "status", "plan_outcome", "how_we_know", "family"):
            assert done[action["id"]][name] == action[name]
        assert done[action["id"]]["due"] == with_dates(action["due"], DAY)


def test_odd_parts_of_a_file_are_kept_as_they_are(db: Database, small: Path) -> None:
    export = load(db, small)
    family = export["families"][0]
    assert family["summary"] == "one\r\ntwo =1+1 <!channel> &amp; שלום 👩‍👧"
    assert family["lead_worker"] == "outside"
    assert family["extra"]["pets"] == "a dog {days}"
    assert family["extra"]["dates_in_file"] == {"last_seen": on(-2), "odd": "soon"}
    assert family["extra"]["things"] == {"h1": {"mood": "grey"}}
    assert family["dates"] == {
        "next_review": on(-5),
        "conference": None,
        "court": {"on": on(12), "type": "final_hearing"},
    }
    assert family["transferred"] == {"on": on(-30), "from_unit": "Heron"}
    assert family["clinical"]["sessions"] == [{"number": 1, "date": on(-4)}]
    assert family["clinical"]["clinician"] == "kit"
    assert [step["category"] for step in family["category_history"]] == ["child_protection", "child_in_need"]
    unborn, older = family["children"]
    assert (unborn["unborn"], unborn["age"], unborn["due"], unborn["twin_of"]) == (True, None, on(40), "K3107C-2")
    assert unborn["seen"] == {"on": on(-2), "by": "outside", "place": "home"}
    assert (older["turns_18"], older["extra"]) == (on(60), {"hobby": "chess"})
    assert family["carers"][0]["safe_contact"] == "Never ring after six."
    assert family["measures"][0]["scores"] == {"emotional": None, "conduct": 3}
    assert export["hypotheses"][0]["owner"] == "outside"
    assert export["actions"][0]["owner"] == "outside"
    agreement = export["agreements"][0]
    assert agreement["status"] == "offered"
    assert agreement["versions"][0]["roles"][1]["member"] == "outside"
    assert agreement["versions"][0]["goal"] == "Calm"


def test_a_running_agreement_was_confirmed_by_both_sides(sample: Database) -> None:
    with sample.read() as session:
        for agreement in session.exec(select(Agreement)):
            version = session.exec(select(AgreementVersion).where(AgreementVersion.agreement_id == agreement.id)).one()
            sides = {
                people.name_of(session, version.social_work_by_id),
                people.name_of(session, version.clinical_by_id),
            }
            assert "Tomasz" in sides
            assert len(sides) == 2


def test_a_private_reflection_is_kept_and_in_no_export(db: Database, small: Path) -> None:
    export = load(db, small)
    assert "I run ahead." not in set(texts(export))
    with db.read() as session:
        assert session.exec(select(Reflection)).one().reading == "too_close"


def test_earlier_meetings_are_closed_and_confirmed(sample: Database) -> None:
    with sample.read() as session:
        meetings = session.exec(select(Meeting)).all()
        assert {meeting.day for meeting in meetings} == {DAY - timedelta(days=n) for n in (7, 14, 21)}
        assert {meeting.state for meeting in meetings} == {"closed"}
        discussions = session.exec(select(Discussion)).all()
        assert len(discussions) == 12 + 9 + 12
        assert all(discussion.confirmed_at for discussion in discussions)


def test_earlier_discussions_are_in_the_case_file_already(sample: Database) -> None:
    with sample.read() as session:
        assert all(held.copied_at is not None for held in session.exec(select(Discussion)))


def test_families_know_when_they_were_last_discussed(sample: Database) -> None:
    with sample.read() as session:
        unit_id = session.exec(select(Unit.id)).one()
        known, new = (families.by_ref(session, unit_id, ref) for ref in ("k2045x", "K5640F"))
        assert known is not None
        assert new is not None
        assert (known.last_discussed_on, known.last_discussed_kind) == (DAY - timedelta(days=28), "light")
        assert (new.last_discussed_on, new.last_full_on) == (None, None)


def test_a_unit_without_contacts_gets_marked_fictional_ones(db: Database, small: Path) -> None:
    with db.write() as session:
        loaded = load_unit(session, read_unit_file(small), day=DAY, channel="C1", now=NOW)
        given = units.contacts(session, loaded.unit_id)
        assert any("fictional" in contact.who for contact in given)


def test_the_same_unit_is_not_loaded_twice(sample: Database) -> None:
    with pytest.raises(UnitFileTrouble, match="Kestrel Unit is here already"):
        load(sample, SAMPLE)
    with sample.read() as session:
        assert len(session.exec(select(Family)).all()) == 15


def test_a_family_that_is_in_another_unit_is_not_loaded(sample: Database, small: Path) -> None:
    with pytest.raises(UnitFileTrouble, match="K3107C"):
        load(sample, small)


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ("category: child_in_need\n", "category: fine\n", "families[0].category"),
        ("deputy: sam", "timezone: Europe/Atlantis, deputy: sam", "unit.timezone: Europe/Atlantis is not a time zone"),
        ("deputy: sam", "deputy: zoe", "unit.deputy: zoe is not one of the members"),
        ("clinician: kit", "clinician: zoe", "families[0].clinical.clinician: zoe"),
        ("- {id: h1, family: K3107C", "- {id: h1, family: K9", "hypotheses[0].family: K9 is not one of the families"),
        ("age: 17", "age: many", "families[0].children[1].age"),
        ('    ref: "K3107C"\n', "", "families[0].ref: this is missing"),
        ("id: sam, name", "id: ana, name", "members: ana is there twice"),
        ("raised: {days: -7}", "raised: last week", "hypotheses[0].raised"),
    ],
)
def test_a_fault_is_named_with_its_place(small: Path, was: str, becomes: str, fault: str) -> None:
    assert was in SMALL
    small.write_text(SMALL.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(UnitFileTrouble) as trouble:
        read_unit_file(small)
    assert fault in trouble.value.sentence


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("unit: [", "line"),
        ("- a\n- b", "does not describe a unit"),
        ("", "does not describe a unit"),
        ("a: 1\na: 2", "line"),
    ],
)
def test_a_file_that_is_no_unit_file_says_so(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnitFileTrouble, match=says):
        read_unit_file(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnitFileTrouble, match=r"nowhere\.yaml"):
        read_unit_file(tmp_path / "nowhere.yaml")
