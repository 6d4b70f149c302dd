"""The command `unitbot`, as somebody types it."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.export import as_page
from bot.settings import new_key
from storage.database.db import Database
from storage.database.tables_machinery import OutboxMessage
from storage.database.vault import Vault
from tests.worlds.command_line import in_a_process_of_its_own, unitbot
from tests.worlds.setting_up import a_family, heron_unit


def test_help_names_every_command() -> None:
    words = CliRunner().invoke(app, ["--help"]).output
    for name in (
        "practice",
        "rehearse",
        "run",
        "check",
        "manifest",
        "db",
        "export",
        "import",
        "forms",
        "key",
        "rekey",
        "backup",
        "restore",
        "verify",
        "health",
    ):
        assert name in words


@pytest.mark.parametrize("command", ["run", "check"])
def test_missing_settings_are_listed_in_one_message(tmp_path: Path, command: str) -> None:
    done = in_a_process_of_its_own(tmp_path, command)
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "UNITBOT_KEY"))
    assert "Traceback" not in done.stderr


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN=xoxb-1\nSLACK_APP_TOKEN=xapp-1\nUNITBOT_KEY={new_key()}\n")
    done = in_a_process_of_its_own(tmp_path, "run")
    assert done.returncode == 1
    assert "unitbot db upgrade" in done.stderr or "does not exist" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_is_made_and_then_up_to_date(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'unit.db'}"
    first = in_a_process_of_its_own(tmp_path, "db", "upgrade", DATABASE_URL=url)
    again = unitbot(tmp_path, "db", "upgrade", DATABASE_URL=url)
    assert first.returncode == again.returncode == 0
    assert first.stdout == again.stdout != ""


def test_a_second_bot_on_the_same_database_is_turned_away(tmp_path: Path) -> None:
    from bot.lock import only_one
    from bot.trouble import CannotStart

    url = f"sqlite:///{tmp_path / 'unit.db'}"
    held = only_one(url)
    with pytest.raises(CannotStart, match="already running"):
        only_one(url)
    assert held is not None
    held.release()
    again = only_one(url)
    assert again is not None
    again.release()


def test_the_bot_starts_where_unix_locks_are_unknown() -> None:
    without = "import sys; sys.modules['fcntl'] = None; import bot.cli, bot.http, bot.worker, bot.commands.rekey"
    root = Path(__file__).parents[2]
    started = subprocess.run([sys.executable, "-c", without], cwd=root, capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr


def test_the_manifest_is_printed_ready_to_paste() -> None:
    made = json.loads(CliRunner().invoke(app, ["manifest", "--prefix", "swu-"]).output)
    assert made["features"]["slash_commands"][0]["command"] == "/swu-unit"


def test_a_key_opens_the_settings() -> None:
    from bot.settings import read_storage_settings

    made = CliRunner().invoke(app, ["key"]).output.strip()
    assert len(read_storage_settings({"UNITBOT_KEY": made}).key) == 32


def test_an_export_for_people_shows_every_word_as_it_was_written() -> None:
    page = as_page("K3107C", {"family": {"text": '<b>"bold"</b> & more'}, "list": [], "seen": True, "none": None})
    assert "&lt;b&gt;&quot;bold&quot;&lt;/b&gt; &amp; more" in page
    assert "<dt>seen</dt><dd>yes</dd>" in page


def test_an_export_for_people_begins_with_the_written_records() -> None:
    page = as_page("K3107C", {"family": {"ref": "K3107C"}}, ("<p>Decisions of the day</p>",))
    assert page.index("Decisions of the day") < page.index("Everything that is saved") < page.index("<dt>family</dt>")


def test_a_rehearsal_of_no_unit_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text("- not: a unit\n")
    done = CliRunner().invoke(app, ["rehearse", str(tmp_path / "notes.yaml")])
    assert done.exit_code == 2
    assert "notes.yaml" in done.output.replace("\n", "")
    assert done.exception is None or isinstance(done.exception, SystemExit)


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> dict[str, str]:
    """What opens a database with one unit in it."""
    shutil.copy(empty_database, tmp_path / "u.db")
    url = f"sqlite:///{tmp_path}/u.db"
    settings = {"UNITBOT_KEY": base64.urlsafe_b64encode(bytes(32)).decode(), "DATABASE_URL": url}
    db = Database.open(settings["DATABASE_URL"], Vault(bytes(32)))
    heron_unit(db)
    db.close()
    return settings


def test_families_are_brought_in_after_a_preview_and_again_without_doubles(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    head, file = "Case reference,Category,Child initials,Child age\n", tmp_path / "list.csv"
    file.write_bytes(f"{head}K3107C,child protection,TD,9\nK3107C,,LD,5\nK2284A,CIN,,\n".encode("cp1252"))
    looked = in_a_process_of_its_own(tmp_path, "import", "list.csv", "--check", **settings)
    assert looked.stdout.splitlines() == [
        "1 new, 0 changed, 1 refused.",
        "Refused: line 4, K2284A: the reference has the wrong check letter",
        "Nothing was changed.",
    ]
    assert "Done: 1 new" in unitbot(tmp_path, "import", "list.csv", "--yes", **settings).stdout
    file.write_text(f"{head}K3107C,child protection,TD,10\n", encoding="utf-8-sig")
    again = unitbot(tmp_path, "import", "list.csv", "--unit", "heron unit", "--yes", **settings).stdout.splitlines()
    assert again == ["0 new, 1 changed.", "Changes: K3107C: age of TD", "Done: 0 new, 1 changed."]
    assert "0 new, 0 changed, 1 already as in the list" in unitbot(tmp_path, "import", "list.csv", **settings).stdout


def test_a_reference_of_another_unit_in_a_list_brings_two_people_together(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    db = Database.open(settings["DATABASE_URL"], Vault(bytes(32)))
    a_family(db, heron_unit(db, "Wren Unit", "CWREN", prefix="W"), "B2222C")
    (tmp_path / "list.csv").write_text("Case reference,Category\nB2222C,CIN\nK3107C,CIN\n")
    said = unitbot(tmp_path, "import", "list.csv", "--unit", "Heron Unit", "--yes", **settings).stdout
    assert "line 2, B2222C: this reference is in use already" in said
    assert "Wren" not in said
    with db.read() as session:
        asked = [key for key in session.exec(select(OutboxMessage.key)) if key.startswith("talk:")]
    db.close()
    assert len(asked) == 2
    assert "B2222C" not in str(asked)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere.csv",), "nowhere.csv cannot be read"),
        (("sheet.xlsx",), "This is an Excel workbook"),
        (("list.csv", "--unit", "Kestrel"), "There is no unit called Kestrel. There is: Heron Unit."),
        ((), "Please name a file"),
    ],
)
def test_what_cannot_be_brought_in_is_said_in_a_sentence(
    tmp_path: Path, settings: dict[str, str], arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "list.csv").write_text("Case reference,Category\nK3107C,CIN\n")
    done = unitbot(tmp_path, "import", *arguments, **settings)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode != 0


def test_an_empty_list_with_its_headings_is_printed(tmp_path: Path) -> None:
    assert unitbot(tmp_path, "import", "--template").stdout.startswith("Case reference,Family initials,Category")
