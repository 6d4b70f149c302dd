"""The command `unitbot`, as somebody types it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from unittest.mock import patch

from typer.testing import CliRunner

from bot.cli import OTHERS_NOTHING, app
from tests.worlds.until import patience

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "UNITBOT_", "DATABASE_"))}


def unitbot(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What it answers, in this process: to start one takes longer than most commands. A traceback fails the test."""
    umask = os.umask(OTHERS_NOTHING)
    try:
        with chdir(folder), patch.dict(os.environ, CLEAN | settings, clear=True):
            done = CliRunner().invoke(app, arguments)
    finally:
        os.umask(umask)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def in_a_process_of_its_own(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same from its first line on, as a shell starts it."""
    command = [sys.executable, "-m", "bot.cli", *arguments]
    root = str(Path(__file__).parents[2])
    environment = CLEAN | {"PYTHONPATH": root} | settings
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=patience(), check=False
    )
