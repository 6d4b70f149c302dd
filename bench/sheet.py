"""The tracking form as a spreadsheet, in a process of its own, so that its memory is nobody else's."""

from __future__ import annotations

import base64
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter

from bot.documents.contents.lists import tracking_list
from bot.documents.formats.sheets import write_xlsx
from bot.documents.source import Source
from storage.clinical.tracking import Asked
from storage.database.db import Database
from storage.database.tables import Unit
from storage.database.vault import Vault


def main() -> None:
    """Reads what is wanted from standard input and answers rows, seconds and the most memory it had, in MB."""
    asked = json.loads(sys.stdin.read())
    db = Database.open(asked["url"], Vault(base64.b64decode(asked["key"])))
    try:
        with db.read() as session:
            unit = session.get(Unit, asked["unit"])
            assert unit is not None
            wanted = Asked(unit.id, date.fromisoformat(asked["since"]), date.max)
            sheet = tracking_list(Source(session, unit, datetime.now(UTC)), wanted)
            began = perf_counter()
            rows = write_xlsx(Path(asked["place"]), [sheet])
            seconds = perf_counter() - began
    finally:
        db.close()
    print(json.dumps({"rows": rows, "seconds": seconds, "peak": _peak()}))


def _peak() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
