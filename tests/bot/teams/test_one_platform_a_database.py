"""One database serves one platform and one tenant: the bot does not start on another's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import process
from bot.cli import app
from bot.http import Web
from bot.practice.teams.connector import Connector
from bot.practice.teams.records import OTHER_TENANT, Tenant
from bot.practice.teams.unit_tenant import settings_for
from bot.process import belongs_here
from bot.settings import Role, Settings, SettingsTrouble, read_settings
from bot.trouble import CannotStart
from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.teams.world import KEY, load_on_teams

GUID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
GIVEN = {
    "PLATFORM": "teams",
    "UNITBOT_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "TEAMS_APP_ID": GUID.upper(),
    "TEAMS_TENANT_ID": GUID,
    "TEAMS_APP_SECRET": "secret",
}


@pytest.fixture
def settings() -> Settings:
    return settings_for(Connector(Tenant({}, {})), "sqlite://", key=KEY)


def _on(path: Path) -> Database:
    return Database.open(f"sqlite:///{path}", Vault(KEY))


def test_a_new_database_belongs_to_whoever_starts_on_it_first(empty_copy: Path, settings: Settings) -> None:
    db = _on(empty_copy)
    belongs_here(settings, db)
    belongs_here(settings, db)
    with pytest.raises(CannotStart, match=r"belongs to Microsoft Teams.*set up for Slack"):
        belongs_here(settings.model_copy(update={"platform": "slack", "teams": None}), db)
    assert settings.teams is not None
    elsewhere = settings.teams.model_copy(update={"tenant": OTHER_TENANT})
    with pytest.raises(CannotStart, match="another tenant"):
        belongs_here(settings.model_copy(update={"teams": elsewhere}), db)
    db.close()


def test_a_database_with_a_unit_from_before_is_slacks(empty_copy: Path, settings: Settings) -> None:
    db = _on(empty_copy)
    load_on_teams(db)
    with pytest.raises(CannotStart, match="belongs to Slack"):
        belongs_here(settings, db)
    belongs_here(settings.model_copy(update={"platform": "slack", "teams": None}), db)
    db.close()


def test_everything_that_is_missing_for_teams_is_said_at_once() -> None:
    with pytest.raises(SettingsTrouble) as trouble:
        read_settings({"PLATFORM": "teams", "TEAMS_TENANT_ID": "our council", "PORT": "x"})
    said = str(trouble.value)
    for name in ("UNITBOT_KEY", "TEAMS_APP_ID", "TEAMS_APP_SECRET", "TEAMS_TENANT_ID", "PORT"):
        assert name in said
    assert "SLACK" not in said


def test_teams_needs_no_token_of_slacks() -> None:
    found = read_settings(GIVEN)
    assert found.teams is not None
    assert (found.platform, found.teams.app_id, found.port) == ("teams", GUID, 3000)
    assert not found.teams.private_channels


def test_serve_and_worker_on_teams_need_a_database_they_can_share() -> None:
    for role in (Role.SERVE, Role.WORKER):
        with pytest.raises(SettingsTrouble, match="DATABASE_URL"):
            read_settings(GIVEN, role)
        read_settings(GIVEN | {"DATABASE_URL": "postgresql://x/y"}, role)


def test_an_unknown_platform_is_named() -> None:
    with pytest.raises(SettingsTrouble, match="PLATFORM: slack or teams"):
        read_settings(GIVEN | {"PLATFORM": "irc"})


def test_run_says_that_teams_needs_https_and_where_to_lead_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(process, "run", lambda settings, **more: made.append((settings, more["make"])))
    done = CliRunner().invoke(app, ["run", "--host", "0.0.0.0"], env=GIVEN | {"PORT": "4711"})
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "public HTTPS only" in said
    assert "https://your-address/api/messages lead to 0.0.0.0 port 4711" in said
    ((settings, make),) = made
    assert settings.platform == "teams"
    assert (make.func, make.keywords) == (Web, {"address": ("0.0.0.0", 4711), "whole": True})
