"""The command `unitbot`, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "UNITBOT_", "DATABASE_"))}


def unitbot(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", *arguments]
    root = str(Path(__file__).parents[2])
    environment = CLEAN | {"PYTHONPATH": root} | settings
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
