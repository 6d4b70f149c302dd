"""What leaves the bot onto a disk that is full: a sentence, no half file, nothing lost, and no temporary file stays."""

from __future__ import annotations

import base64
import errno
import json
import os
import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from bot.settings import new_key
from storage.backup.verify import verify
from storage.database.bodies import ChildBody, FamilyBody
from storage.database.db import Database
from storage.database.vault import Vault
from storage.family import families
from storage.migrate import upgrade
from tests.worlds.command_line import unitbot
from tests.worlds.storage_world import a_unit, room_for

REF, CHILD = "K3107C", "K3107C-1"
BEFORE = b"What stood there before."
WORDS = "They moved twice. " * 4000
ONE_FILE = ("json", "fhir", "html", "scores-csv", "xlsx")
MANY_FILES = ("pdf", "docx", "csv")
STEPS = (1, 2_000, 40_000)
"""Bytes a file may have: none for a turn, none for a document, and too few for a long one."""


class Council:
    """A family with a long record; `typed` is what whoever sits at the computer reads."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.temporary, self.key = folder, folder / "temporary", new_key()
        self.url = f"sqlite:///{folder / 'unit.db'}"
        self.temporary.mkdir()
        upgrade(self.url)
        db, now = self.opened(), datetime(2026, 3, 2, tzinfo=UTC)
        with db.write() as session:
            family = families.add_family(
                session, unit_id=a_unit(session).id, known=FamilyBody(ref=REF, summary=WORDS),
                category="child_in_need", allocated_on=now.date(), lead_worker_id=None, visiting_days=None,
                decided_by_id=None, now=now,
            )  # fmt: skip
            families.keep_child(session, family.id, ChildBody(key=CHILD, initials="TB"))
        db.close()

    def opened(self) -> Database:
        return Database.open(self.url, Vault(base64.b64decode(self.key)))

    def typed(self, *words: str) -> tuple[int, str]:
        done = unitbot(self.folder, *words, DATABASE_URL=self.url, UNITBOT_KEY=self.key)
        return done.returncode, done.stdout + done.stderr

    def is_sound(self) -> bool:
        db = self.opened()
        try:
            return all(one.good is not False for one in verify(db))
        finally:
            db.close()


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Council:
    found = Council(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(found.temporary))
    return found


def is_whole(file: Path) -> bool:
    content = file.read_bytes()
    match file.suffix:
        case ".pdf":
            return content.rstrip().endswith(b"%%EOF")
        case ".docx" | ".xlsx":
            with ZipFile(file) as parts:
                return parts.testzip() is None
        case ".json":
            return bool(json.loads(content))
        case ".html":
            return ElementTree.fromstring(content.partition(b"\n")[2].replace(b'"utf-8">', b'"utf-8"/>')) is not None
        case _:
            return content.endswith(b"\n")


@pytest.mark.parametrize("most", STEPS)
@pytest.mark.parametrize("form", ONE_FILE)
def test_a_file_without_room_leaves_the_one_that_was_there(council: Council, form: str, most: int) -> None:
    out = council.folder / "out" / f"unit.{'json' if form == 'fhir' else form.removeprefix('scores-')}"
    out.parent.mkdir()
    out.write_bytes(BEFORE)
    wanted = ("export", "--unit", "Kestrel Unit", "--format", form, "--out", str(out), "--yes")
    with room_for(most):
        code, said = council.typed(*wanted)
    if code:
        assert "no room left on the disk" in said or "Nothing was changed" in said, said
        assert out.read_bytes() == BEFORE
    else:
        assert most > 1
        assert is_whole(out)
    assert [one.name for one in out.parent.iterdir()] == [out.name]
    assert list(council.temporary.iterdir()) == []
    code, said = council.typed(*wanted)
    assert code == 0, said
    assert is_whole(out)
    assert council.is_sound()


@pytest.mark.parametrize("most", STEPS)
@pytest.mark.parametrize("form", MANY_FILES)
def test_documents_without_room_are_whole_as_far_as_they_were_written(council: Council, form: str, most: int) -> None:
    out = council.folder / "out"
    out.mkdir()
    wanted = ("export", "--unit", "Kestrel Unit", "--format", form, "--out", str(out))
    with room_for(most):
        code, said = council.typed(*wanted)
    if code:
        assert "no room left on the disk" in said or "Nothing was changed" in said, said
    written = {line.removeprefix("Written: ") for line in said.splitlines() if line.startswith("Written: ")}
    assert {str(one) for one in out.iterdir()} == written
    assert all(map(is_whole, out.iterdir()))
    assert list(council.temporary.iterdir()) == []
    code, said = council.typed(*wanted, "--yes")
    assert code == 0, said
    assert council.is_sound()


@pytest.mark.parametrize("most", STEPS)
def test_the_answer_to_a_child_is_whole_or_not_there(council: Council, most: int) -> None:
    with room_for(most):
        answer_fails(council)
    answer_is_written(council)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_none_of_the_answers_files_stays_where_the_disk_fills_up_in_between(
    council: Council, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    saved, whole = os.fsync, count(1)

    def fills_up(stream: int) -> None:
        if next(whole) >= number:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved(stream)

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fills_up)
        answer_fails(council)
    answer_is_written(council)


def answer_fails(council: Council) -> None:
    out = council.folder / "answer"
    out.mkdir()
    code, said = council.typed("sar", "--family", REF, "--child", CHILD, "--out", str(out))
    assert code == 1
    assert "no room left on the disk" in said or "Nothing was changed" in said, said
    assert "Written" not in said
    assert list(out.iterdir()) == []
    assert list(council.temporary.iterdir()) == []


def answer_is_written(council: Council) -> None:
    out = council.folder / "answer"
    code, said = council.typed("sar", "--family", REF, "--child", CHILD, "--out", str(out))
    assert code == 0, said
    assert sorted(one.suffix for one in out.iterdir()) == [".docx", ".json", ".pdf"]
    assert all(map(is_whole, out.iterdir()))
    assert WORDS[:200] in next(out.glob("*.json")).read_text()
    assert council.is_sound()
