"""A unit file as a practice tenant: its people, their private team with the unit's channel, and the bot in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.practice.sample.unit_file import UnitFile
from bot.practice.teams.connector import Connector
from bot.practice.teams.records import APP_ID, OTHER_TENANT, SECRET, TENANT, Channel, Person, Tenant, guid
from bot.settings import Settings
from bot.teams.setting_up.config import TeamsSettings
from prompts_and_forms.states import MemberStatus

GUEST, STRANGER, OUTSIDER = guid("guest"), guid("stranger"), guid("outsider")
GENERAL = "19:general@thread.tacv2"


def on_teams(unit_file: UnitFile) -> UnitFile:
    """The unit with its people known by the ids of a directory."""
    members = [one.model_copy(update={"chat_user": guid(one.id)}) for one in unit_file.members]
    return unit_file.model_copy(update={"members": members})


def channel_on_teams(unit_file: UnitFile) -> str:
    """The id of the unit's channel."""
    return f"19:{unit_file.unit.id.partition('-')[0] or 'unit'}@thread.tacv2"


def tenant_of(unit_file: UnitFile) -> Tenant:
    """Everybody of the unit (as `on_teams` knows them) in one private team, and three who are not of it."""
    people = [Person(one.chat_user, one.name) for one in unit_file.members]
    people += [Person(GUEST, "Gwen Guest", guest=True), Person(STRANGER, "Sam Stranger")]
    people += [Person(OUTSIDER, "Olu Outside", tenant=OTHER_TENANT)]
    members = {one.chat_user for one in unit_file.members if one.status != MemberStatus.LEFT}
    unit = Channel(channel_on_teams(unit_file), unit_file.unit.name, set(members))
    channels = {one.id: one for one in (unit, Channel(GENERAL, "General", members))}
    return Tenant({one.id: one for one in people}, channels)


def settings_for(
    connector: Connector,
    database_url: str,
    clock: Path | None = None,
    *,
    key: bytes,
    tiers: bool = True,
    **more: Any,
) -> Settings:
    """What the bot is told, for this connector in place of Microsoft's. `tiers`: whether it holds to its limits."""
    base = connector.base_url
    teams = TeamsSettings(
        app_id=APP_ID,
        secret=SECRET,
        tenant=TENANT,
        login_url=f"{base}/login/",
        graph_url=f"{base}/graph/",
        service_url=f"{base}/",
        keys_url=f"{base}/keys/openid",
        **more,
    )
    return Settings(key=key, database_url=database_url, clock_file=clock, platform="teams", teams=teams, tiers=tiers)
