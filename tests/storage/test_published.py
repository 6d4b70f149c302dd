"""Forms as they were published: each kept once, and found again by its hash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, delete, select

from bot.practice.sample.unit_file import load_unit
from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms.published_forms import hash_of
from storage import migrate
from storage.database.db import Database
from storage.database.tables import Entry
from storage.database.tables_machinery import PublishedForm
from storage.forms import entries, published
from tests.worlds.sample import sample_unit
from tests.worlds.storage_world import NOW


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    yield
    form_catalogue.use()


def hashes(db: Database, form: str) -> list[str]:
    with db.read() as session:
        return list(session.exec(select(PublishedForm.hash).where(PublishedForm.form == form)))


def forget(db: Database) -> None:
    """As a database is that was made before its forms were kept."""
    with db.write() as session:
        session.exec(delete(PublishedForm))


def reword(folder: Path, title: str) -> str:
    (folder / "own.yaml").write_text(f"wording_of: review\ntitle: {title}\n", "utf-8")
    assert form_catalogue.use(folder) == ()
    return form_catalogue.hash_in_force("review")


def test_a_database_that_was_brought_up_to_date_holds_every_form(db: Database) -> None:
    with db.read() as session:
        kept = session.exec(select(PublishedForm)).all()
    assert {row.form for row in kept} >= set(form_catalogue.form_ids())
    assert all(hash_of(form_catalogue.shipped_form(row.form)) == row.hash for row in kept)


def test_bringing_it_up_to_date_again_keeps_nothing_twice(db: Database) -> None:
    migrate.upgrade(db.url.render_as_string(hide_password=False))
    assert len(hashes(db, "review")) == 1


def test_other_words_are_kept_beside_the_first(db: Database, tmp_path: Path) -> None:
    reworded = reword(tmp_path, "Looking back")
    for _ in range(3):
        with db.write() as session:
            assert published.in_force(session, "review", NOW) == reworded
    assert len(hashes(db, "review")) == 2
    with db.read() as session:
        assert session.exec(select(PublishedForm).where(PublishedForm.hash == reworded)).one().shipped is False


def test_a_turn_that_was_rolled_back_kept_nothing_and_the_next_one_does(db: Database) -> None:
    forget(db)
    with pytest.raises(ZeroDivisionError), db.write() as session:
        published.in_force(session, "review", NOW)
        raise ZeroDivisionError
    assert hashes(db, "review") == []
    with db.write() as session:
        published.in_force(session, "review", NOW)
        published.in_force(session, "review", NOW)
    assert hashes(db, "review") == [form_catalogue.hash_in_force("review")]


def test_at_a_start_only_what_is_missing_is_kept(db: Database, tmp_path: Path) -> None:
    reworded = reword(tmp_path, "Looking back")
    with db.write() as session:
        session.exec(delete(PublishedForm).where(col(PublishedForm.form) == "safety"))
    for _ in range(2):
        with db.write() as session:
            published.keep_all(session, NOW)
    assert hashes(db, "safety") == [form_catalogue.hash_in_force("safety")]
    assert reworded in hashes(db, "review")
    assert len(hashes(db, "review")) == 2


def test_a_kept_form_that_was_tampered_with_is_not_believed(db: Database, tmp_path: Path) -> None:
    reworded = reword(tmp_path, "Looking back")
    with db.write() as session:
        kestrel = load_unit(session, sample_unit(), day=NOW.date(), channel="C0KESTREL", now=NOW)
        entry = entries.keep(
            session,
            form=form_catalogue.load_form("review"),
            answers={},
            person_id=kestrel.people["devan"],
            unit_id=kestrel.unit_id,
            now=NOW,
        )
    form_catalogue.use()
    with db.write() as session:
        row = session.exec(select(PublishedForm).where(PublishedForm.hash == reworded)).one()
        row.text = row.text.replace("Looking back", "Something else")
    with db.read() as session:
        assert published.form_of(session, session.get_one(Entry, entry.id)) == form_catalogue.shipped_form("review")
