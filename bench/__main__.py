"""`make bench`: what the bot costs, beside a bare app that only acknowledges, in one run on this machine."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from bench import run
from bench.report import show


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="unitbot-bench-"))
    try:
        rows = asyncio.run(run.everything(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    show(rows, Path("bench.json"))
    sys.exit(1 if rows.broken else 0)


if __name__ == "__main__":
    main()
