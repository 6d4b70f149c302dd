"""The key in several safes: any few of its shares give it back, fewer say nothing."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import new_key

RUNNER = CliRunner()


@pytest.fixture
def in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key in the settings."""
    found = new_key()
    monkeypatch.setenv("UNITBOT_KEY", found)
    monkeypatch.chdir(tmp_path)
    return found


def run(*words: str, typed: str = "") -> Result:
    return RUNNER.invoke(app, ["key", *words], input=typed)


def shares_of(said: str) -> list[str]:
    """The lines that are shares."""
    return [line for line in said.splitlines() if len(line.split()) == 33 and line == line.casefold()]


def test_any_two_of_three_shares_give_the_key_back(in_use: str) -> None:
    shares = shares_of(run("--split", "2-of-3").stdout)
    assert len(shares) == 3
    for some in [*combinations(shares, 2), tuple(shares)]:
        typed = "\n\n".join(one.upper() for one in reversed(some))
        assert run("--join", typed=typed).stdout.strip() == in_use


def test_no_share_holds_the_key_and_one_gives_nothing(in_use: str) -> None:
    said = run("--split", "3-of-5").stdout
    assert in_use not in said
    for some in ("", shares_of(said)[0], "\n".join(shares_of(said)[:2])):
        joined = run("--join", typed=some)
        assert joined.exit_code == 1
        assert in_use not in joined.output


def test_a_word_written_wrongly_or_shares_of_two_splits_are_told_of(in_use: str) -> None:
    shares, others = shares_of(run("--split", "2-of-3").stdout), shares_of(run("--split", "2-of-3").stdout)
    first, *rest = shares[0].split()
    wrong = " ".join([first, *rest[:-1], "academic" if rest[-1] != "academic" else "acid"])
    for typed in ([wrong, shares[1]], [shares[0], others[1]], ["not a share", shares[1]], [shares[0], shares[0]]):
        joined = run("--join", typed="\n".join(typed))
        assert joined.exit_code == 1
        assert "give no key" in joined.output


@pytest.mark.parametrize("parts", ["1-of-3", "4-of-3", "2-of-17", "2 of 3", "x", "-1-of-2"])
def test_a_way_to_split_that_is_none_is_told_of(in_use: str, parts: str) -> None:
    assert "Write it like 2-of-3" in run(f"--split={parts}").output


def test_without_a_key_in_the_settings_nothing_is_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNITBOT_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    assert "UNITBOT_KEY" in run("--split", "2-of-3").output
    assert len(run().stdout.strip()) == 44
