"""The package an administrator uploads to Teams: within Microsoft's limits, with what the bot needs and no more."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.offers import COMMANDS, SHORTCUTS
from bot.teams.setting_up.manifest import PERMISSIONS, manifest, package

APP, SITE = "33333333-3333-4333-8333-333333333333", "https://council.example"


def test_the_package_holds_the_description_and_two_icons_and_is_the_same_each_time() -> None:
    made = package(APP, SITE)
    assert made == package(APP, SITE)
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        assert found.namelist() == ["manifest.json", "color.png", "outline.png"]
        sizes = [struct.unpack(">II", found.read(name)[16:24]) for name in ("color.png", "outline.png")]
        assert json.loads(found.read("manifest.json")) == manifest(APP, SITE)
    assert sizes == [(192, 192), (32, 32)]


def test_it_asks_for_four_permissions_of_the_team_and_none_of_the_tenant() -> None:
    asked = manifest(APP, SITE)["authorization"]["permissions"]["resourceSpecific"]
    assert [one["name"] for one in asked] == list(PERMISSIONS)
    assert all(name.endswith(".Group") and ".Read." in name for name in PERMISSIONS)


def test_it_stays_within_microsofts_limits() -> None:
    found = manifest(APP, SITE)
    assert len(found["name"]["short"]) <= 30
    assert len(found["description"]["short"]) <= 80
    for listed in found["bots"][0]["commandLists"]:
        assert len(listed["commands"]) <= 10
    (extension,) = found["composeExtensions"]
    assert [one["id"] for one in extension["commands"]] == [name for name, _title, _words in SHORTCUTS]
    every = [one for listed in found["bots"][0]["commandLists"] for one in listed["commands"]] + extension["commands"]
    assert all(len(one["title"]) <= 32 and len(one["description"]) <= 128 for one in every)
    assert {title for title, _words, _usage in COMMANDS} >= {
        one["title"] for one in found["bots"][0]["commandLists"][0]["commands"]
    }


def test_every_command_of_the_bot_is_listed_in_one_of_the_two_places_or_can_be_typed() -> None:
    lists = manifest(APP, SITE)["bots"][0]["commandLists"]
    listed = {one["title"] for found in lists for one in found["commands"]}
    assert {name for name, _words, _usage in COMMANDS} - listed == {"hypothesis", "agreement"}


def test_the_package_is_written_where_it_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM", "teams")
    monkeypatch.setenv("TEAMS_APP_ID", APP)
    where = tmp_path / "app.zip"
    done = CliRunner().invoke(app, ["manifest", "--url", SITE, "--output", str(where)])
    assert done.exit_code == 0, done.output
    assert where.read_bytes() == package(APP, SITE)
    assert str(where) in done.output


@pytest.mark.parametrize(("given", "missing"), [([], "--url https://"), (["--url", "http://x"], "--url")])
def test_what_is_missing_is_said(given: list[str], missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM", "teams")
    monkeypatch.setenv("TEAMS_APP_ID", APP)
    done = CliRunner().invoke(app, ["manifest", *given])
    assert done.exit_code == 2
    assert missing in done.output
