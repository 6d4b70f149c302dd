"""A backup is one file: the database as it was at one moment, and a page that says what it is. Never the key."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from prompts_and_forms import backup_wording
from storage.database.db import DatabaseTrouble

FORMAT = 1
ABOUT = "backup.json"
INSIDE = "database"
PIECE = 1 << 20
OWNER_ALONE = 0o600
AS_IT_IS = getattr(os, "O_BINARY", 0)
"""Windows would otherwise put a letter of its own before each line end."""


class BackupTrouble(DatabaseTrouble):
    """A backup cannot be made or brought back. `sentence` is what a person reads."""


class About(BaseModel):
    """What a backup says of itself. `opens_with` tells one key from another and opens nothing."""

    model_config = ConfigDict(frozen=True)

    format: int
    kind: str
    schema_version: str
    made_at: datetime
    size: int
    sha256: str
    opens_with: str
    keys_apart: bool = False
    """The data keys are not in it, but in the file of keys (key_file.py)."""


def pack(copy: Path, to: Path, about: Callable[[int, str], About]) -> About:
    """Puts a copied database and its page into one file at `to`, whole or not at all, for its owner's eyes alone."""
    half = to.with_name(f".{to.name}.part")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | AS_IT_IS, OWNER_ALONE), "wb") as stream:
            size, checksum = copy.stat().st_size, _checksum(copy)
            page = about(size, checksum)
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.write(copy, INSIDE)
                archive.writestr(ABOUT, page.model_dump_json())
            stream.flush()
            os.fsync(stream.fileno())
        os.link(half, to)
        return page
    except FileExistsError as taken:
        raise BackupTrouble(backup_wording.THERE_ALREADY.format(place=to)) from taken
    except OSError as trouble:
        why = trouble.strerror or type(trouble).__name__
        raise BackupTrouble(backup_wording.NOT_WRITTEN.format(place=to, why=why)) from trouble
    finally:
        with suppress(OSError):
            half.unlink()


def about(file: Path) -> About:
    """What a backup says of itself; raises BackupTrouble for anything that is none."""
    try:
        with zipfile.ZipFile(file) as archive:
            page = About.model_validate_json(archive.read(ABOUT))
            if page.format != FORMAT or INSIDE not in archive.namelist():
                raise BackupTrouble(backup_wording.NOT_A_BACKUP.format(place=file))
            return page
    except (OSError, zipfile.BadZipFile, KeyError, ValidationError, json.JSONDecodeError, EOFError) as wrong:
        raise BackupTrouble(backup_wording.NOT_A_BACKUP.format(place=file)) from wrong


def unpack(file: Path, page: About, to: Path) -> None:
    """The database of a backup, written to `to`; raises BackupTrouble where it is not what was put in."""
    try:
        with zipfile.ZipFile(file) as archive, archive.open(INSIDE) as inside:
            written = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | AS_IT_IS, OWNER_ALONE)
            with os.fdopen(written, "wb") as stream:
                found = _copied(inside, stream)
                stream.flush()
                os.fsync(stream.fileno())
    except OSError as trouble:
        why = trouble.strerror or type(trouble).__name__
        raise BackupTrouble(backup_wording.NOT_WRITTEN.format(place=to, why=why)) from trouble
    except (zipfile.BadZipFile, EOFError, ValueError) as wrong:
        raise BackupTrouble(backup_wording.CHANGED.format(place=file)) from wrong
    if found != page.sha256:
        raise BackupTrouble(backup_wording.CHANGED.format(place=file))


def _copied(inside: object, stream: BinaryIO) -> str:
    checksum = sha256()
    while piece := inside.read(PIECE):  # type: ignore[attr-defined]
        checksum.update(piece)
        stream.write(piece)
    return checksum.hexdigest()


def _checksum(file: Path) -> str:
    with file.open("rb") as stream:
        checksum = sha256()
        while piece := stream.read(PIECE):
            checksum.update(piece)
        return checksum.hexdigest()
