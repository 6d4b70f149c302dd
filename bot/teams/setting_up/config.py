"""What the bot needs to be told for Microsoft Teams."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

LOGIN = "https://login.microsoftonline.com/"
GRAPH = "https://graph.microsoft.com/v1.0/"
SERVICE = "https://smba.trafficmanager.net/teams/"
KEYS = "https://login.botframework.com/v1/.well-known/openidconfiguration"
HOSTS = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")
"""Where Microsoft's connectors for Teams are reached; a token goes nowhere else."""
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MEANINGS = {
    "TEAMS_APP_ID": "the application (client) id of the bot's app registration",
    "TEAMS_TENANT_ID": "the id of your tenant (Microsoft Entra ID, Overview)",
    "TEAMS_APP_SECRET": "a client secret of the app registration (its value, not its id)",
}
ADDRESSES = {"TEAMS_LOGIN_URL": LOGIN, "TEAMS_GRAPH_URL": GRAPH, "TEAMS_SERVICE_URL": SERVICE, "TEAMS_KEYS_URL": KEYS}


class TeamsSettings(BaseModel):
    """One tenant, and the app that is registered in it."""

    model_config = ConfigDict(frozen=True)

    app_id: str
    secret: str
    tenant: str
    login_url: str = LOGIN
    graph_url: str = GRAPH
    service_url: str = SERVICE
    keys_url: str = KEYS
    private_channels: bool = False
    """Whether somebody has tried that the app works in a private channel of this tenant."""


def faults(found: Mapping[str, str]) -> list[str]:
    """What is missing or wrong, a sentence each."""
    wrong = [f"{name}: {words}" for name, words in MEANINGS.items() if not found.get(name)]
    for name in ("TEAMS_APP_ID", "TEAMS_TENANT_ID"):
        if found.get(name) and not GUID.fullmatch(found[name]):
            wrong.append(f"{name}: {MEANINGS[name]}, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427")
    for name in ADDRESSES:
        if not found.get(name, "https://").startswith(("https://", "http://127.0.0.1")):
            wrong.append(f"{name}: an address that begins with https://")
    if found.get("TEAMS_PRIVATE_CHANNELS", "tried") != "tried":
        wrong.append('TEAMS_PRIVATE_CHANNELS: the word "tried", once somebody has tried the bot in a private channel')
    return wrong


def read(found: Mapping[str, str]) -> TeamsSettings:
    """The settings, where nothing is wrong with them."""
    login, graph, service, keys = (found.get(name, usual) for name, usual in ADDRESSES.items())
    return TeamsSettings(
        app_id=found["TEAMS_APP_ID"].lower(),
        secret=found["TEAMS_APP_SECRET"],
        tenant=found["TEAMS_TENANT_ID"].lower(),
        login_url=login,
        graph_url=graph,
        service_url=service,
        keys_url=keys,
        private_channels="TEAMS_PRIVATE_CHANNELS" in found,
    )
