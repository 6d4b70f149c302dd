"""The app as Teams wants it described: a package of its manifest and two icons, for the administrator to upload.

It asks for four permissions, each for the one team it is added to and given by that team's owner; none for the tenant.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.offers import COMMANDS, SHORTCUTS
from bot.teams.setting_up.config import GUID, MEANINGS
from prompts_and_forms.platform_words import BOT_NAME

Json = dict[str, Any]

VERSION = "1.16"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
PERMISSIONS = (
    "ChannelMessage.Read.Group",
    "ChannelMember.Read.Group",
    "TeamSettings.Read.Group",
    "ChannelSettings.Read.Group",
)
"""Every message of the channel without being named, who is in it, and whether team and channel are private."""
HOME = ("home", "What needs you: your reminders, drafts and families")
IN_CHANNEL = ("meeting", "unit", "family", "find", "action", "work", "track", "measure", "review", "nudges")
IN_CHAT = ("meeting", "family", "find", "action", "work", "track", "forms", "measure", "nudges")
"""Teams lists ten commands in each place; the others can be typed all the same."""
SHORT, FULL = 32, 128
ADDRESS = "Say where the bot is reached, for the description of the app: --url https://bot.council.example"
INK, PAPER = (18, 53, 58, 255), (255, 255, 255, 255)
CLEAR = (0, 0, 0, 0)


def manifest(app_id: str, website: str) -> Json:
    """The description. `website`: the address of the bot. Raises ValueError for none."""
    if not website.startswith("https://"):
        raise ValueError(ADDRESS)
    words = {name: hint for name, hint, _usage in COMMANDS}
    channel = [_command(name, words[name]) for name in IN_CHANNEL]
    chat = [_command(*HOME), *(_command(name, words[name]) for name in IN_CHAT)]
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": "1.0.0",
        "id": app_id,
        "developer": {"name": BOT_NAME, "websiteUrl": website, "privacyUrl": website, "termsOfUseUrl": website},
        "name": {"short": BOT_NAME, "full": BOT_NAME},
        "description": {
            "short": "Guides the weekly meeting of a children's social work unit",
            "full": (
                "Asks the unit's own questions one stage at a time, saves what people type and decide, and brings it "
                "back the week after. It makes no decision and never says a child is safe."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#12353A",
        "bots": [
            {
                "botId": app_id,
                "scopes": ["team", "personal"],
                "supportsFiles": True,
                "isNotificationOnly": False,
                "commandLists": [
                    {"scopes": ["team"], "commands": channel},
                    {"scopes": ["personal"], "commands": chat},
                ],
            }
        ],
        "composeExtensions": [{"botId": app_id, "commands": [_on_message(*one) for one in SHORTCUTS]}],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [],
        "webApplicationInfo": {"id": app_id, "resource": "https://RscPermission"},
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]}
        },
    }


def package(app_id: str, website: str) -> bytes:
    """The zip that is uploaded: the same bytes for the same app. Raises ValueError."""
    found = io.BytesIO()
    content = {
        "manifest.json": json.dumps(manifest(app_id, website), indent=2).encode(),
        "color.png": picture(192, _in_colour),
        "outline.png": picture(32, _in_outline),
    }
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return found.getvalue()


def write(app_id: str, website: str, output: Path) -> str:
    """Writes the package and answers what to do with it. Raises ValueError, in words, where it cannot be written."""
    if not GUID.fullmatch(app_id):
        raise ValueError(f"TEAMS_APP_ID: {MEANINGS['TEAMS_APP_ID']}")
    try:
        output.write_bytes(package(app_id.lower(), website))
    except OSError as trouble:
        raise ValueError(f"{output} cannot be written: {trouble.strerror}") from trouble
    return f"{output} is ready. Upload it in the Teams admin centre (docs/teams.md)."


def _command(name: str, words: str) -> Json:
    return {"title": name[:SHORT], "description": words[:FULL]}


def _on_message(name: str, title: str, words: str) -> Json:
    about = {"id": name, "type": "action", "title": title[:SHORT], "description": words[:FULL]}
    return about | {"context": ["message"], "fetchTask": True}


# ---- icons: a ring of people round a table

Colour = tuple[int, int, int, int]


def picture(size: int, colour: Callable[[float, float], Colour]) -> bytes:
    """A square PNG; `colour` of a place, both from -1 to 1."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            rows += bytes(colour((x + 0.5) / size * 2 - 1, (y + 0.5) / size * 2 - 1))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, data) for kind, data in parts)


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SEATS = ((0.0, -0.62), (0.59, -0.19), (0.36, 0.5), (-0.36, 0.5), (-0.59, -0.19))


def _is_ink(x: float, y: float) -> bool:
    at_table = 0.2 < (x * x + y * y) ** 0.5 < 0.32
    return at_table or any(((x - a) ** 2 + (y - b) ** 2) ** 0.5 < 0.17 for a, b in SEATS)


def _in_colour(x: float, y: float) -> Colour:
    return PAPER if _is_ink(x, y) else INK


def _in_outline(x: float, y: float) -> Colour:
    return PAPER if _is_ink(x, y) else CLEAR
