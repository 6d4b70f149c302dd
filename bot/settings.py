"""What the bot needs to be told: from the environment, or a file named .env. All that is missing is said at once."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict

from bot.teams.setting_up import config as teams_config
from bot.teams.setting_up.config import TeamsSettings

DEFAULT_DATABASE = "sqlite:///var/unitbot.db"
SLACK_API = "https://slack.com/api/"
KEY_BYTES = 32
PREFIX = re.compile(r"[a-z0-9_-]{0,20}")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DEFAULT_PORT = 3000
THIS_MACHINE = "127.0.0.1"
SLACK, TEAMS = "slack", "teams"
SHARED = "DATABASE_URL: a PostgreSQL address; several processes cannot share a file"

MEANINGS = {
    "SLACK_BOT_TOKEN": "the bot token of the Slack app, beginning with xoxb- (OAuth & Permissions)",
    "SLACK_APP_TOKEN": "the app-level token, beginning with xapp-, scope connections:write (Basic Information)",
    "SLACK_SIGNING_SECRET": "what Slack signs its requests with (Basic Information, App Credentials)",
    "UNITBOT_KEY": "the key everything people wrote is encrypted with; make one with: unitbot key",
}


class SettingsTrouble(Exception):
    """One message that names every setting that is missing or wrong."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(
            f"The bot cannot start. Please set:\n{lines}\nin the environment or in .env (see .env.example)."
        )


class StorageSettings(BaseModel):
    """Enough to open the database."""

    model_config = ConfigDict(frozen=True)

    database_url: str = DEFAULT_DATABASE
    key: bytes
    clock_file: Path | None = None
    timescales: Path | None = None
    wording: Path | None = None
    """The folder of the council's own words for forms."""
    retention: Path | None = None
    """The council's own rules for how long things stay."""
    address: str = ""
    """Where `unitbot serve` is reached from outside, for private calendar addresses."""
    platform: str = SLACK
    command_prefix: str = ""
    """What stands before every command in the chat platform, such as swu-, so that sentences name commands rightly."""
    log_level: str = "INFO"


class Settings(StorageSettings):
    """Enough to run."""

    teams: TeamsSettings | None = None
    bot_token: str = ""
    app_token: str = ""
    api_url: str = SLACK_API
    signing_secret: str = ""
    port: int = DEFAULT_PORT
    health: tuple[str, int] | None = None
    """Where whoever looks after the bot asks how things are (host, port)."""
    lease: timedelta | None = None
    tiers: bool = True
    """Whether the platform's limits on calls are kept; a practice workspace may have none."""


class Role(StrEnum):
    """What a process does: everything over a socket, only Slack's requests, or only the posting and the clock."""

    RUN = "run"
    SERVE = "serve"
    WORKER = "worker"


def from_environment(folder: Path | None = None) -> dict[str, str]:
    """The environment, with .env of this folder behind it."""
    file = (folder or Path.cwd()) / ".env"
    kept = {name: value for name, value in dotenv_values(file).items() if value}
    return kept | {name: value for name, value in os.environ.items() if value}


def read_settings(given: Mapping[str, str] | None = None, role: Role = Role.RUN) -> Settings:
    """Everything a process of this role needs. Raises SettingsTrouble naming all that is missing or wrong."""
    found = from_environment() if given is None else given
    platform = found.get("PLATFORM", SLACK).lower()
    teams, api_url = platform == TEAMS, found.get("SLACK_API_URL", SLACK_API)
    faults = _storage_faults(found) + (_teams_faults(found, role) if teams else _slack_faults(found, role, api_url))
    if platform not in (SLACK, TEAMS):
        faults.append("PLATFORM: slack or teams")
    health = found.get("HEALTH_PORT", "")
    if health and not _is_port(health):
        faults.append("HEALTH_PORT: a number from 0 to 65535, for /healthz and /metrics")
    if faults:
        raise SettingsTrouble(faults)
    return Settings(
        **_storage(found).model_dump(),
        teams=teams_config.read(found) if teams else None,
        bot_token=found.get("SLACK_BOT_TOKEN", ""),
        app_token=found.get("SLACK_APP_TOKEN", ""),
        api_url=api_url,
        signing_secret=found.get("SLACK_SIGNING_SECRET", ""),
        port=int(found.get("PORT", DEFAULT_PORT)) if teams or role is Role.SERVE else DEFAULT_PORT,
        health=(found.get("HEALTH_HOST", THIS_MACHINE), int(health)) if health else None,
        tiers=found.get("UNITBOT_TIERS", "") != "off",
    )


def read_storage_settings(given: Mapping[str, str] | None = None) -> StorageSettings:
    """Enough for `unitbot export` and `unitbot db upgrade`. Raises SettingsTrouble."""
    found = from_environment() if given is None else given
    faults = _storage_faults(found)
    if faults:
        raise SettingsTrouble(faults)
    return _storage(found)


def read_new_key(given: Mapping[str, str] | None = None) -> bytes:
    """The key a database is changed to (`unitbot rekey`). Raises SettingsTrouble."""
    found = from_environment() if given is None else given
    key = found.get("UNITBOT_NEW_KEY", "")
    if not _is_key(key):
        raise SettingsTrouble(["UNITBOT_NEW_KEY: the new key, 32 bytes written as base64. Make one with: unitbot key"])
    if key == found.get("UNITBOT_KEY", ""):
        raise SettingsTrouble(["UNITBOT_NEW_KEY: this is the key in use. Make another with: unitbot key"])
    return base64.b64decode(key)


def new_key() -> str:
    """A fresh key for UNITBOT_KEY."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def _storage(found: Mapping[str, str]) -> StorageSettings:
    clock, own = found.get("UNITBOT_CLOCK", ""), found.get("UNITBOT_TIMESCALES", "")
    wording, retention = found.get("UNITBOT_WORDING", ""), found.get("UNITBOT_RETENTION", "")
    return StorageSettings(
        database_url=found.get("DATABASE_URL", DEFAULT_DATABASE),
        key=base64.b64decode(found["UNITBOT_KEY"]),
        clock_file=Path(clock) if clock else None,
        timescales=Path(own) if own else None,
        wording=Path(wording) if wording else None,
        retention=Path(retention) if retention else None,
        address=found.get("UNITBOT_ADDRESS", ""),
        platform=found.get("PLATFORM", SLACK).lower(),
        command_prefix=found.get("COMMAND_PREFIX", ""),
        log_level=found.get("LOG_LEVEL", "INFO").upper(),
    )


def _storage_faults(found: Mapping[str, str]) -> list[str]:
    faults = []
    key = found.get("UNITBOT_KEY", "")
    if not key:
        faults.append(f"UNITBOT_KEY: {MEANINGS['UNITBOT_KEY']}")
    elif not _is_key(key):
        faults.append("UNITBOT_KEY: 32 bytes written as base64; the one given is not. Make one with: unitbot key")
    if not found.get("UNITBOT_ADDRESS", "https://").startswith(("https://", "http://127.0.0.1")):
        faults.append("UNITBOT_ADDRESS: an address such as https://bot.council.example")
    if not PREFIX.fullmatch(found.get("COMMAND_PREFIX", "")):
        faults.append("COMMAND_PREFIX: small letters, digits, - and _, at most 20 of them, such as swu-")
    if found.get("LOG_LEVEL", "INFO").upper() not in LEVELS:
        faults.append(f"LOG_LEVEL: one of {', '.join(LEVELS)}")
    return faults


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _slack_faults(found: Mapping[str, str], role: Role, api_url: str) -> list[str]:
    faults = _token_fault(found, "SLACK_BOT_TOKEN", "xoxb-") + _role_faults(found, role)
    if not api_url.startswith(("https://", "http://")):
        faults.append("SLACK_API_URL: an address such as https://slack.com/api/")
    return faults


def _teams_faults(found: Mapping[str, str], role: Role) -> list[str]:
    faults = teams_config.faults(found) + (_shared_faults(found) if role is not Role.RUN else [])
    if not _is_port(found.get("PORT", str(DEFAULT_PORT))):
        faults.append("PORT: a number from 0 to 65535, where requests from Teams arrive")
    return faults


def _shared_faults(found: Mapping[str, str]) -> list[str]:
    return [] if found.get("DATABASE_URL", "").startswith(("postgresql", "postgres:")) else [SHARED]


def _role_faults(found: Mapping[str, str], role: Role) -> list[str]:
    if role is Role.RUN:
        return _token_fault(found, "SLACK_APP_TOKEN", "xapp-")
    faults = _shared_faults(found)
    if role is Role.SERVE:
        if not found.get("SLACK_SIGNING_SECRET"):
            faults.append(f"SLACK_SIGNING_SECRET: {MEANINGS['SLACK_SIGNING_SECRET']}")
        if not _is_port(found.get("PORT", str(DEFAULT_PORT))):
            faults.append("PORT: a number from 0 to 65535, where Slack's requests arrive")
    return faults


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < 65536


def _token_fault(found: Mapping[str, str], name: str, start: str) -> list[str]:
    token = found.get(name, "")
    if not token:
        return [f"{name}: {MEANINGS[name]}"]
    return [] if token.startswith(start) else [f"{name}: {MEANINGS[name]}; the one given begins otherwise"]
