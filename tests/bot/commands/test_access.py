"""`unitbot access --table`: who sees what, tried with the commands and buttons the bot answers to."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands import access

RUNNER = CliRunner()


def test_nobody_outside_is_shown_anything_and_the_leads_buttons_are_the_leads() -> None:
    done = RUNNER.invoke(app, ["access", "--table", "--only", "family.s"])
    assert done.exit_code == 0, done.output
    rows = {line.split("\t")[1]: line.split("\t")[2:] for line in done.output.splitlines() if "\t" in line}
    assert rows["family.stays"] == ["yes", "-", "-", "-", "-", "yes", "-", "-", "-", "-"]
    assert rows["family.show"] == ["yes"] * 6 + ["-"] * 4
    assert "none was shown anything" in done.output


def test_one_who_is_shown_what_is_not_theirs_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    leak = access.Tried("button", "family.show", (True,) * len(access.SEATS))
    monkeypatch.setattr(access, "tried", lambda only="": iter([leak]))
    done = RUNNER.invoke(app, ["access", "--table"])
    assert done.exit_code == 1
    assert "WRONG: of 4 tries" in done.output


def test_what_is_not_there_is_said() -> None:
    done = RUNNER.invoke(app, ["access", "--table", "--only", "nothing.like.this"])
    assert done.exit_code == 1
    assert "Nothing has that in its name" in done.output
