"""`unitbot export` of documents, lists and FHIR, as somebody types it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from storage.database.bodies import FamilyBody
from storage.database.tables_machinery import Audit
from storage.family import families
from tests.worlds.papers import Kept
from tests.worlds.records_world import TODAY

Export = Callable[..., Result]


@pytest.fixture
def export(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Export:
    monkeypatch.setenv("DATABASE_URL", str(kept.room.db.url))
    monkeypatch.setenv("UNITBOT_KEY", base64.b64encode(bytes(range(32))).decode())

    def run(*arguments: str, input: str | None = None) -> Result:
        return CliRunner().invoke(app, ["export", "--unit", "Kestrel Unit", *arguments], input=input)

    return run


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_familys_papers_are_one_bundle(export: Export, tmp_path: Path, form: str) -> None:
    done = export("--family", "K3107C", "--format", form, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    (name,) = [path.name for path in (tmp_path / "out").iterdir()]
    assert done.output.count("Written: ") == 1
    assert "-bundle-" in name
    assert "K3107C" not in name


def test_every_paper_of_a_unit_goes_into_a_folder(export: Export, tmp_path: Path) -> None:
    done = export("--format", "pdf", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(names) == done.output.count("Written: ")
    for kind in ("meeting-record", "agreement", "form-safety", "form-action"):
        assert any(kind in name for name in names), names


def test_a_family_of_which_nothing_is_written_down_is_said(export: Export, kept: Kept, tmp_path: Path) -> None:
    with kept.room.db.write() as session:
        families.add_family(
            session,
            unit_id=kept.room.unit.unit_id,
            known=FamilyBody(ref="K9000Z"),
            category="child_in_need",
            allocated_on=TODAY,
            lead_worker_id=None,
            visiting_days=None,
            decided_by_id=kept.room.people["orla"],
            now=kept.room.now,
        )
    done = export("--family", "K9000Z", "--format", "pdf", "--out", str(tmp_path / "out"))
    assert done.exit_code == 1
    assert "nothing to print about K9000Z yet" in done.output + done.stderr
    assert not (tmp_path / "out").exists()


def test_lists_go_into_one_workbook_or_three_files(export: Export, tmp_path: Path) -> None:
    assert export("--format", "xlsx", "--out", str(tmp_path / "unit.xlsx")).exit_code == 0
    assert export("--format", "csv", "--out", str(tmp_path / "lists")).exit_code == 0
    assert (tmp_path / "unit.xlsx").read_bytes().startswith(b"PK")
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == [
        "actions.csv",
        "caseload.csv",
        "tracking.csv",
    ]


def test_the_days_of_the_tracking_form_are_chosen(export: Export, tmp_path: Path) -> None:
    days = ("--since", "2026-11-01", "--until", "2026-11-30")
    assert export("--format", "csv", "--out", str(tmp_path / "lists"), *days).exit_code == 0
    told = (tmp_path / "lists" / "tracking.csv").read_text("utf-8-sig")
    assert "2026-11-" in told
    assert "2026-10-" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "json", "--since", "2026-11-01"), "--format xlsx or csv"),
        (("--format", "csv", "--since", "2026-11-02", "--until", "2026-11-01"), "--until is before --since"),
    ],
)
def test_days_that_make_no_sense_are_said(export: Export, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = export("--out", str(tmp_path / "out"), *words)
    assert done.exit_code == 1
    assert said in done.output + done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", ["json", "html", "xlsx", "csv", "pdf"])
@pytest.mark.parametrize("said", ["n\n", ""])
def test_what_is_there_is_written_over_only_when_somebody_says_so(
    export: Export, tmp_path: Path, form: str, said: str
) -> None:
    out = tmp_path / "out"
    (out if form in ("csv", "pdf") else tmp_path / "elsewhere").mkdir()
    there = out / "caseload.csv" if out.is_dir() else out
    there.write_text("before")
    done = export("--format", form, "--out", str(out), input=said)
    assert done.exit_code == 1
    assert "Nothing was written" in done.stderr
    assert there.read_text() == "before"


def test_a_word_is_enough_to_write_over_what_is_there(export: Export, tmp_path: Path) -> None:
    out = tmp_path / "unit.json"
    for words, said in (((), "y\n"), (("--yes",), "")):
        out.write_text("before")
        assert export("--out", str(out), *words, input=said).exit_code == 0
        assert json.loads(out.read_text())


@pytest.mark.parametrize(("family", "kind"), [("", "unit"), ("K3107C", "family")])
def test_an_export_is_audited(export: Export, kept: Kept, family: str, kind: str) -> None:
    assert export("--format", "fhir", *(("--family", family) if family else ())).exit_code == 0
    with kept.room.reading() as session:
        (row,) = session.exec(select(Audit).where(Audit.what == "exported as fhir")).all()
    assert (row.row_kind, row.unit_id, row.person_id) == (kind, kept.room.unit.unit_id, None)
    assert row.family_id == (kept.room.family(family) if family else None)


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
