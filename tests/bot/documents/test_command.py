"""`unitbot export` of documents, lists and FHIR, as somebody types it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from tests.bot.documents.conftest import Kept

Export = Callable[..., Result]


@pytest.fixture
def export(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Export:
    monkeypatch.setenv("DATABASE_URL", str(kept.room.db.url))
    monkeypatch.setenv("UNITBOT_KEY", base64.b64encode(bytes(range(32))).decode())

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["export", "--unit", "Kestrel Unit", *arguments])

    return run


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_familys_documents_go_into_a_folder(export: Export, tmp_path: Path, form: str) -> None:
    done = export("--family", "K3107C", "--format", form, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(names) == done.output.count("Written: ")
    for kind in ("meeting-record", "agreement", "form-safety", "form-action"):
        assert any(kind in name for name in names), names
    assert not any("K3107C" in name for name in names)


def test_lists_go_into_one_workbook_or_two_files(export: Export, tmp_path: Path) -> None:
    assert export("--format", "xlsx", "--out", str(tmp_path / "unit.xlsx")).exit_code == 0
    assert export("--format", "csv", "--out", str(tmp_path / "lists")).exit_code == 0
    assert (tmp_path / "unit.xlsx").read_bytes().startswith(b"PK")
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == ["actions.csv", "caseload.csv"]


def test_fhir_is_a_bundle(export: Export) -> None:
    assert json.loads(export("--format", "fhir").output)["resourceType"] == "Bundle"


def test_documents_need_a_place(export: Export) -> None:
    done = export("--format", "pdf")
    assert done.exit_code == 1
    assert "--out" in done.output + done.stderr


def test_a_list_of_one_family_is_refused(export: Export, tmp_path: Path) -> None:
    done = export("--family", "K3107C", "--format", "csv", "--out", str(tmp_path))
    assert done.exit_code == 1
    assert list(tmp_path.glob("*.csv")) == []
