"""`unitbot sar`, as whoever answers a request types it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, create_engine, select
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import new_key
from storage.database.bodies import ChildBody, FamilyBody
from storage.database.db import Database
from storage.database.tables_machinery import Audit
from storage.database.vault import Vault
from storage.family import families
from storage.migrate import upgrade
from tests.worlds.storage_world import a_unit

RUNNER = CliRunner()


@pytest.fixture
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A family with one child; answers the database's address."""
    url, key = f"sqlite:///{tmp_path / 'unit.db'}", new_key()
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("UNITBOT_KEY", key)
    monkeypatch.chdir(tmp_path)
    upgrade(url)
    db, now = Database.open(url, Vault(base64.b64decode(key))), datetime(2026, 3, 2, tzinfo=UTC)
    with db.write() as session:
        family = families.add_family(
            session, unit_id=a_unit(session).id, known=FamilyBody(ref="K3107C", summary="They moved twice."),
            category="child_in_need", allocated_on=now.date(), lead_worker_id=None, visiting_days=None,
            decided_by_id=None, now=now,
        )  # fmt: skip
        families.keep_child(session, family.id, ChildBody(key="K3107C-1", initials="TB"))
    db.close()
    return url


def run(*words: str) -> str:
    """What it says, on either stream."""
    return RUNNER.invoke(app, ["sar", *words]).output


def test_three_files_are_written_that_name_nobody_and_it_is_noted(council: str, tmp_path: Path) -> None:
    out = tmp_path / "answer"
    out.mkdir()
    said = run("--family", "K3107C", "--child", "K3107C-1", "--out", str(out))
    assert "nothing is hidden" in said
    files = sorted(out.iterdir(), key=lambda file: file.suffix)
    assert [file.suffix for file in files] == [".docx", ".json", ".pdf"]
    assert [file for file in files if "K3107" in file.name] == []
    lines = json.loads(files[1].read_text())["lines"]
    assert [one["words"] for one in lines if "moved twice" in one["words"]] == ["Summary: They moved twice."]
    with Session(create_engine(council)) as session:
        assert "subject_access" in session.exec(select(Audit.what)).all()


def test_an_unknown_family_or_child_is_said_in_words(council: str, tmp_path: Path) -> None:
    assert "No family has the reference" in run("--family", "K9999X", "--child", "K3107C-1", "--out", str(tmp_path))
    said = run("--family", "K3107C", "--child", "K3107C-9", "--out", str(tmp_path))
    assert "Its children: K3107C-1" in said
