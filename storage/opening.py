"""Opening a database with its key, and bringing what lies sealed in it up to date, which no migration can read."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session, select

from storage.clinical.carried_over import carry_over
from storage.database.chain import chain_up
from storage.database.columns import new_id
from storage.database.db import Database
from storage.database.rows import insert_once
from storage.database.tables_machinery import SealedChange
from storage.database.vault import Vault

CHANGES = {"one_clinical_work": carry_over, "audit_chain": chain_up}
"""Each is made once in the life of a database, in a turn of its own, before anybody reads it."""


def open_database(url: str, vault: Vault) -> Database:
    """The database at `url`, ready to be read and written. Raises DatabaseTrouble with a sentence otherwise."""
    db = Database.open(url, vault)
    try:
        with db.read() as session:
            made = set(session.exec(select(SealedChange.name)))
        for name in CHANGES.keys() - made:
            with db.write() as session:
                _make(session, name, datetime.now(UTC))
    except BaseException:
        db.close()
        raise
    return db


def _make(session: Session, name: str, now: datetime) -> None:
    """Two processes that open at once: the second waits for the row of the first, and then has nothing to do."""
    if insert_once(session, SealedChange, {"id": new_id(), "name": name, "at": now}, "name"):
        CHANGES[name](session, now)
