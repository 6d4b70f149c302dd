"""`unitbot health`: asks the bot of this machine how things are. For people, and for a container's own check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException

from bot.health import GOOD

NOT_ASKED = "Set HEALTH_PORT for the bot and for this command: it is the port the bot answers on (docs/running.md)."
SILENT = "Nobody answers on port {port} of this machine. Is the bot running, with HEALTH_PORT={port}?"
PARTS = {
    "database": "the database",
    "sender": "posting",
    "records": "what was saved",
    "platform": "the chat platform",
}
PATIENCE_SECONDS = 15.0


def ask(given: Mapping[str, str]) -> tuple[list[str], bool]:
    """A line for each part, and whether all is well."""
    port = given.get("HEALTH_PORT", "")
    if not (port.isascii() and port.isdigit()):
        return [NOT_ASKED], False
    line = HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE_SECONDS)
    try:
        line.request("GET", "/healthz")
        found = json.loads(line.getresponse().read())
    except (OSError, HTTPException, ValueError):
        return [SILENT.format(port=port)], False
    finally:
        line.close()
    lines = [f"{'good' if found[part] == GOOD else 'WRONG':5}  {words}: {found[part]}" for part, words in PARTS.items()]
    return lines, bool(found["ok"])
