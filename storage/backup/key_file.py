"""The data keys of a database, in a file of their own beside its backups.

Keys are not in a backup. Each backup replaces this one file with the keys there are now: after the next one the key of
an erased family is nowhere, and older backups say nothing of it any more. The keys in the file are wrapped: without
UNITBOT_KEY it opens nothing.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import Connection, insert, select
from sqlmodel import Session

from prompts_and_forms import backup_wording
from storage.backup.archive import OWNER_ALONE, BackupTrouble
from storage.database.columns import metadata
from storage.database.db import Database
from storage.retention import erase
from storage.retention.erase import Tombstone

FORMAT = 1
NAME = "unitbot.keys"
KEYS = metadata.tables["data_key"]


class OneKey(BaseModel):
    """A wrapped data key."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    owner_id: str
    wrapped: str
    made_at: datetime


class Stone(BaseModel):
    """An erased family, as its tombstone says."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    of_family_id: str
    unit_id: str | None
    ref_hash: str
    category: str
    rule: str
    by_id: str | None
    at: datetime


class KeyFile(BaseModel):
    """Every key of a database at a moment, and every family that was erased until then."""

    model_config = ConfigDict(frozen=True)

    format: int
    made_at: datetime
    opens_with: str
    keys: tuple[OneKey, ...]
    erased: tuple[Stone, ...]

    def owners(self) -> set[tuple[str, str]]:
        """Whose keys are in it."""
        return {(one.kind, one.owner_id) for one in self.keys}

    def gone(self) -> set[tuple[str, str]]:
        """Whose keys were destroyed."""
        return {("family", one.of_family_id) for one in self.erased}


def beside(backup: Path) -> Path:
    """Where the keys of a backup lie unless somebody says otherwise."""
    return backup.parent / NAME


def write(db: Database, to: Path) -> None:
    """Replaces the file of keys. One that has a key this database does not know is never written over."""
    with db.read() as session:
        fresh = _now(session, db.vault.fingerprint())
    if to.exists():
        lost = read(to).owners() - fresh.owners() - fresh.gone()
        if lost:
            raise BackupTrouble(backup_wording.OTHER_KEYS.format(place=to, n=len(lost)))
    words = fresh.model_dump_json()
    whole = json.dumps({"keys": words, "sha256": sha256(words.encode()).hexdigest()})
    half = to.with_name(f".{to.name}.part")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE), "w") as stream:
            stream.write(whole)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(half, to)
    except OSError as trouble:
        why = trouble.strerror or type(trouble).__name__
        raise BackupTrouble(backup_wording.KEYS_NOT_WRITTEN.format(place=to, why=why)) from trouble
    finally:
        with suppress(OSError):
            half.unlink()


def read(file: Path) -> KeyFile:
    """What a file of keys holds; raises BackupTrouble for one that is none, or only half of one."""
    try:
        whole = json.loads(file.read_text("utf-8"))
        words = whole["keys"]
        if whole["sha256"] != sha256(words.encode()).hexdigest():
            raise BackupTrouble(backup_wording.NO_KEYS.format(place=file))
        found = KeyFile.model_validate_json(words)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ValidationError) as wrong:
        raise BackupTrouble(backup_wording.NO_KEYS.format(place=file)) from wrong
    if found.format != FORMAT:
        raise BackupTrouble(backup_wording.NO_KEYS.format(place=file))
    return found


def put_back(connection: Connection, keys: KeyFile) -> None:
    """The keys into a database that was brought back without any; those of erased families stay out."""
    there = set(connection.execute(select(KEYS.c.id)).scalars())
    gone = keys.gone()
    rows = [
        one.model_dump() | {"wrapped": bytes.fromhex(one.wrapped)}
        for one in keys.keys
        if one.id not in there and (one.kind, one.owner_id) not in gone
    ]
    if rows:
        connection.execute(insert(KEYS), rows)


def bury_again(session: Session, keys: KeyFile) -> None:
    """What was erased since the backup is erased in what was brought back, too."""
    for one in keys.erased:
        erase.bury(session, Tombstone(**one.model_dump()))


def _now(session: Session, opens_with: str) -> KeyFile:
    rows = session.connection().execute(select(KEYS)).mappings()
    keys = tuple(OneKey(**{**row, "wrapped": row["wrapped"].hex()}) for row in rows)
    stones = tuple(Stone.model_validate(one) for one in erase.tombstones(session))
    return KeyFile(format=FORMAT, made_at=datetime.now(UTC), opens_with=opens_with, keys=keys, erased=stones)
