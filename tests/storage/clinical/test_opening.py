"""A database of an older version opens, shows the same, and keeps clinical work in one place from then on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from storage import migrate, opening
from storage.clinical import clinical_work, episodes
from storage.database.db import Database
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import SealedChange
from storage.database.vault import Vault
from storage.export.export import export_unit
from storage.family import families
from storage.opening import open_database
from tests.worlds.storage_world import KEY

OLD = Path(__file__).parent / "before_one_clinical_work.sql"
"""Made at version 0006, sealed with the key of the tests: six families, two of them with a review that only their page
knew of, one whose work only the page knew of, one with a line the work had no place for."""


@pytest.fixture
def old_url(tmp_path: Path) -> str:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as file:
        file.executescript(OLD.read_text(encoding="utf-8"))
    return f"sqlite:///{path}"


def opened(url: str) -> Database:
    migrate.upgrade(url)
    return open_database(url, Vault(KEY))


def exported(db: Database) -> dict[str, Any]:
    with db.read() as session:
        return export_unit(session, session.exec(select(Unit)).one().id)


def test_what_only_the_page_of_a_family_knew_is_carried_over(old_url: str) -> None:
    export = exported(opened(old_url))
    pages = {family["ref"]: family["clinical"] for family in export["families"]}
    work = {episode["family"]: episode for episode in export["episodes"]}
    ended, goes_on, only_there = pages["K1001A"], pages["K1006F"], pages["K1003C"]
    assert (ended["state"], ended["ended"], ended["last_review"]) == (
        "ended_awaiting_measures",
        "2026-11-15",
        "2026-11-15",
    )
    assert (goes_on["state"], goes_on["awaiting"], goes_on["next_session"]) == (
        "in_therapy",
        ["panel_decision"],
        "2026-11-25",
    )
    assert (only_there["clinician"], only_there["work"]) == ("kit", "to be talked about")
    assert pages["K1002B"]["room_booked"] == "the quiet room"
    assert pages["K1002B"]["panel"] == {
        "referred": "2026-10-08",
        "service": "Lark service",
        "answered": "2026-10-13",
    }
    assert pages["K1004D"]["state"] == "to_confirm"
    assert pages["K1005E"] == {}
    assert {ref: page["state"] for ref, page in pages.items() if page} == {
        ref: one["state"] for ref, one in work.items()
    }
    assert work["K1001A"]["history"][-1]["on"] == "2026-11-15"


def test_it_is_carried_over_once(old_url: str) -> None:
    first = opened(old_url)
    export = exported(first)
    with first.write() as session:
        found = families.by_ref(session, session.exec(select(Unit)).one().id, "K1006F")
        assert found is not None
        work = episodes.current(session, found.id)
        assert work is not None
        work.state = "ending"
    first.close()
    again = open_database(old_url, Vault(KEY))
    with again.read() as session:
        assert clinical_work.of_family(session, found.id).state == "ending"
        made = session.exec(select(SealedChange.name)).all()
        assert sorted(made) == sorted(opening.CHANGES)
        assert len(session.exec(select(Family)).all()) == len(export["families"])


def test_a_family_whose_key_is_gone_keeps_no_one_waiting(old_url: str) -> None:
    migrate.upgrade(old_url)
    with closing(sqlite3.connect(old_url.removeprefix("sqlite:///"))) as file:
        file.execute("DELETE FROM data_key WHERE kind = 'family' AND owner_id = (SELECT min(id) FROM family)")
        file.commit()
    db = open_database(old_url, Vault(KEY))
    with db.read() as session:
        assert "one_clinical_work" in session.exec(select(SealedChange.name)).all()
