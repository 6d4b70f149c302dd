from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from storage.database.bodies import EntryBody, FamilyBody, TextBody
from storage.database.db import Database, DatabaseUnusable
from storage.database.tables import Entry, Family, Reflection
from storage.database.tables_machinery import DataKey
from storage.database.vault import Scope, Vault, VaultTrouble, ref_index, rewrap, seal, unseal
from tests.worlds.storage_world import NOW, a_person, a_unit


def a_family(db: Database, ref: str = "K3107C", summary: str = "Three children at home.") -> str:
    with db.write() as session:
        unit = a_unit(session)
        family = Family(unit_id=unit.id, ref_index=ref_index(session, ref), category="child_in_need")
        seal(session, family, FamilyBody(ref=ref, summary=summary), Scope.family(family.id))
        session.add(family)
    return family.id


def test_what_was_sealed_comes_back_in_another_process(db: Database) -> None:
    family_id = a_family(db)
    fresh = Database.open(db.url.render_as_string(hide_password=False), Vault(bytes(range(32))))
    with fresh.read() as session:
        family = session.get_one(Family, family_id)
        assert unseal(session, family, FamilyBody).summary == "Three children at home."
    fresh.close()


def test_nothing_readable_lies_in_the_database(db: Database) -> None:
    family_id = a_family(db, ref="K3107C", summary="Three children at home.")
    with db.read() as session:
        row = session.get_one(Family, family_id)
        kept = repr(row.model_dump()).encode() + row.sealed
    assert b"K3107C" not in kept
    assert b"Three" not in kept


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_character_for_character(text: str) -> None:
    assert TextBody.model_validate_json(TextBody(text=text).model_dump_json().encode()).text == text


@pytest.mark.parametrize(
    "text", ["", "a", "מה שלומך", "👩‍👧‍👦 é", "one\r\ntwo\n", "=1+1", "<!channel> &amp;", "x" * 12000]
)
def test_odd_texts_survive_the_vault(db: Database, text: str) -> None:
    with db.write() as session:
        unit, person = a_unit(session), a_person(session)
        entry = Entry(unit_id=unit.id, form="note", recorded_by_id=person.id, recorded_at=NOW)
        seal(session, entry, EntryBody(answers={"text": text}), Scope.unit(unit.id))
        session.add(entry)
    with db.read() as session:
        assert unseal(session, session.get_one(Entry, entry.id), EntryBody).answers == {"text": text}


def test_a_changed_byte_is_refused(db: Database) -> None:
    family_id = a_family(db)
    with db.write() as session:
        family = session.get_one(Family, family_id)
        family.sealed = family.sealed[:-1] + bytes([family.sealed[-1] ^ 1])
    with db.read() as session, pytest.raises(VaultTrouble, match="does not open"):
        unseal(session, session.get_one(Family, family_id), FamilyBody)


def test_a_text_moved_to_another_row_is_refused(db: Database) -> None:
    with db.write() as session:
        unit, person = a_unit(session), a_person(session)
        rows = [Entry(unit_id=unit.id, form="note", recorded_by_id=person.id, recorded_at=NOW) for _ in range(2)]
        for number, row in enumerate(rows):
            seal(session, row, EntryBody(answers={"n": number}), Scope.unit(unit.id))
            session.add(row)
        session.flush()
        rows[0].sealed = rows[1].sealed
    with db.read() as session, pytest.raises(VaultTrouble):
        unseal(session, session.get_one(Entry, rows[0].id), EntryBody)


def test_an_older_text_put_back_in_the_same_row_is_refused(db: Database) -> None:
    family_id = a_family(db, summary="Three children at home.")
    with db.write() as session:
        family = session.get_one(Family, family_id)
        older = family.sealed
        seal(session, family, FamilyBody(ref="K3107C", summary="Two children at home."), Scope.family(family_id))
        session.flush()
        family.sealed = older
    with db.read() as session, pytest.raises(VaultTrouble):
        unseal(session, session.get_one(Family, family_id), FamilyBody)


def test_a_text_that_was_taken_away_is_no_empty_one(db: Database) -> None:
    family_id = a_family(db)
    with db.write() as session:
        session.get_one(Family, family_id).sealed = b""
    with db.read() as session, pytest.raises(VaultTrouble):
        unseal(session, session.get_one(Family, family_id), FamilyBody)


def test_texts_from_before_they_were_numbered_still_open_until_they_are_written_again(db: Database) -> None:
    family_id = a_family(db)
    with db.write() as session:
        family = session.get_one(Family, family_id)
        _key_id, key = db.vault.key_for(session, Scope.family(family_id))
        nonce, words = os.urandom(12), FamilyBody(ref="K3107C", summary="As it was.").model_dump_json().encode()
        old = b"\x01" + family.sealed[1:17] + nonce + key.encrypt(nonce, words, f"family|sealed|{family_id}|1".encode())
        family.sealed = old
        session.flush()
        assert unseal(session, family, FamilyBody).summary == "As it was."
        seal(session, family, FamilyBody(ref="K3107C", summary="As it is."), Scope.family(family_id))
        assert unseal(session, family, FamilyBody).summary == "As it is."
        family.sealed = old
        with pytest.raises(VaultTrouble):
            unseal(session, family, FamilyBody)


def test_one_damaged_key_neither_stops_the_bot_nor_a_change_of_the_key(db: Database) -> None:
    first, second = a_family(db, "K3107C"), a_family(db, "K2284H")
    with db.write() as session:
        key = session.exec(select(DataKey).where(DataKey.owner_id == first)).one()
        key.wrapped = key.wrapped[:-1] + bytes([key.wrapped[-1] ^ 1])
    url, new = db.url.render_as_string(hide_password=False), Vault(os.urandom(32))
    Database.open(url, Vault(bytes(range(32)))).close()
    with db.write() as session:
        assert rewrap(session, Vault(bytes(range(32))), new) == 1
    changed = Database.open(url, new)
    with changed.read() as session:
        assert unseal(session, session.get_one(Family, second), FamilyBody).ref == "K2284H"
    changed.close()


def test_a_text_under_another_familys_key_is_refused(db: Database) -> None:
    """The key's id stands in the text: putting another family's id there does not open it."""
    first, second = a_family(db, "K3107C"), a_family(db, "K2284H")
    with db.write() as session:
        one, two = session.get_one(Family, first), session.get_one(Family, second)
        one.sealed = one.sealed[:1] + two.sealed[1:17] + one.sealed[17:]
    with db.read() as session, pytest.raises(VaultTrouble):
        unseal(session, session.get_one(Family, first), FamilyBody)


def test_a_wrapped_key_given_to_another_family_is_refused(db: Database) -> None:
    first, second = a_family(db, "K3107C"), a_family(db, "K2284H")
    with db.write() as session:
        keys = {key.owner_id: key for key in session.exec(select(DataKey))}
        keys[first].wrapped = keys[second].wrapped
    fresh = Database(db.url, db.engine, Vault(bytes(range(32))))
    with fresh.read() as session, pytest.raises(VaultTrouble):
        unseal(session, session.get_one(Family, first), FamilyBody)


def test_every_family_unit_and_person_has_one_key_of_its_own(db: Database) -> None:
    a_family(db, "K3107C"), a_family(db, "K2284H")
    with db.write() as session:
        unit, person = a_unit(session), a_person(session)
        for _ in range(2):
            mirror = Reflection(person_id=person.id, unit_id=unit.id, at=NOW)
            seal(session, mirror, TextBody(text="too close"), Scope.person(person.id))
            session.add(mirror)
    with db.read() as session:
        kinds = sorted(key.kind for key in session.exec(select(DataKey)))
    assert kinds == ["family", "family", "person"]


def test_a_key_made_in_a_turn_that_failed_is_not_used_again(db: Database) -> None:
    """Were it remembered, the next text would be sealed with a key that is nowhere."""
    with pytest.raises(ZeroDivisionError), db.write() as session:
        unit = a_unit(session)
        family = Family(unit_id=unit.id, ref_index="x", category="child_in_need")
        seal(session, family, FamilyBody(ref="K3107C"), Scope.family(family.id))
        raise ZeroDivisionError
    with db.write() as session:
        unit = a_unit(session)
        family.unit_id = unit.id
        seal(session, family, FamilyBody(ref="K3107C"), Scope.family(family.id))
        session.add(family)
    fresh = Database(db.url, db.engine, Vault(bytes(range(32))))
    with fresh.read() as session:
        assert unseal(session, session.get_one(Family, family.id), FamilyBody).ref == "K3107C"


def test_changing_the_master_key_keeps_every_text_and_finds_every_family(db: Database) -> None:
    family_id = a_family(db)
    old, new = db.vault, Vault(os.urandom(32))
    with db.write() as session:
        before = session.get_one(Family, family_id).sealed
        assert rewrap(session, old, new) == 1
    rotated = Database(db.url, db.engine, new)
    with rotated.read() as session:
        family = session.exec(select(Family).where(Family.ref_index == ref_index(session, "k3107c "))).one()
        assert family.sealed == before
        assert unseal(session, family, FamilyBody).ref == "K3107C"
    with pytest.raises(DatabaseUnusable, match="key in the settings"):
        Database.open(db.url.render_as_string(hide_password=False), old)


def test_changing_the_master_key_with_the_wrong_old_one_changes_nothing(db: Database) -> None:
    family_id = a_family(db)
    with pytest.raises(VaultTrouble, match="does not open this database"), db.write() as session:
        rewrap(session, Vault(os.urandom(32)), Vault(os.urandom(32)))
    with db.read() as session:
        assert unseal(session, session.get_one(Family, family_id), FamilyBody).ref == "K3107C"


def test_a_case_reference_is_found_however_it_is_typed(db: Database) -> None:
    with db.read() as session:
        assert ref_index(session, " k3107c ") == ref_index(session, "K3107C")
        assert ref_index(session, "K3107C") != ref_index(session, "K3107D")
        assert "3107" not in ref_index(session, "K3107C")


def test_the_index_of_a_case_reference_needs_the_key() -> None:
    assert Vault(bytes(32)).index("K3107C") != Vault(bytes(range(32))).index("K3107C")


@pytest.mark.parametrize("length", [0, 16, 33])
def test_a_key_that_is_none_is_told_what_it_should_be(length: int) -> None:
    with pytest.raises(VaultTrouble, match="32 bytes"):
        Vault(bytes(length))
