"""`unitbot forms check`, as a council's form editor types it, and a start with words that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot import process
from bot.cli import app
from bot.settings import Settings
from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms.catalogue import load_form, shipped_form
from storage.database.db import Database
from storage.database.tables_machinery import PublishedForm

FORM = "title: Talk\nquestions:\n  - {id: worked, kind: text, label: What worked?}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Somebody works in a folder with their own words in `wording`."""
    (tmp_path / "wording").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("UNITBOT_WORDING", "wording")
    yield tmp_path
    form_catalogue.use()


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["forms", "check", *arguments])


def test_all_is_well(folder: Path) -> None:
    (folder / "wording" / "review.yaml").write_text("wording_of: review\ntitle: Looking back\n")
    done = check()
    assert done.exit_code == 0, done.output
    assert done.output.endswith("forms are sound, with 1 in your own words.\n")


def test_faults_of_the_folder_are_named_by_file_and_line(folder: Path) -> None:
    (folder / "wording" / "review.yaml").write_text("wording_of: review\nid: other\n")
    done = check()
    assert done.exit_code == 1
    first, last = done.output.splitlines()
    assert first.startswith("wording/review.yaml:2: “id” stays as it comes with the bot.")
    assert last == "1 fault."


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (FORM, 0, "talk.yaml is sound."),
        (FORM.replace("text", "verse"), 1, "talk.yaml:3: “verse” is not a kind."),
        ("wording_of: review\ntitle: Looking back\n", 0, "talk.yaml is sound."),
        ("wording_of: review\nquestions: {worked: {kind: text}}\n", 1, "talk.yaml:2: "),
        ("title: !!python/object/new:os.system [ls]\n", 1, "talk.yaml:1: !!python/object/new:os.system is not allowed"),
        ("questions: {reason: {label: Why?}}\n", 1, "talk.yaml:1: First say which form these words are for"),
    ],
)
def test_one_file_is_a_form_or_words_for_one(folder: Path, text: str, code: int, said: str) -> None:
    (folder / "talk.yaml").write_text(text)
    done = check("talk.yaml")
    assert (done.exit_code, done.output.startswith(said)) == (code, True), done.output


@pytest.mark.parametrize("name", ["nowhere.yaml", "wording"])
def test_a_file_that_cannot_be_read_is_a_sentence(name: str) -> None:
    done = check(name)
    assert done.exit_code == 1
    assert done.output.startswith(f"{name}:1: Th")


def test_a_start_with_a_broken_file_uses_the_other_words_and_says_so(
    folder: Path, db: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "wording" / "a.yaml").write_text("wording_of: safety\nquestions: {seen: {required: true}}\n")
    (folder / "wording" / "b.yaml").write_text("wording_of: review\ntitle: Looking back\n")
    process.use_forms(Settings(key=bytes(32), bot_token="xoxb-1", wording=Path("wording")), db)
    said = capfd.readouterr()
    assert "a.yaml" in said.err + said.out
    assert load_form("safety") == shipped_form("safety")
    with db.read() as session:
        kept = session.exec(select(PublishedForm).where(PublishedForm.form == "review")).all()
    assert sorted((row.shipped, "Looking back" in row.text) for row in kept) == [(False, True), (True, False)]
