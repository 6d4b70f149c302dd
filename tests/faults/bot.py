"""Real bot processes that can draw numbered messages, born quickly: this one has everything imported and forks them.

Each line on its standard input is JSON: role (run or worker), settings (the environment), lease (seconds, shortened so
that nobody waits half a minute), wrong_by (seconds the machine's clock is wrong), lines (a file for what it says). It
answers with the number of the new process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import time_machine

from bot import logs, process
from bot.service import Service
from bot.settings import Role, read_settings
from bot.trouble import CannotStart
from bot.worker import Worker
from handlers import routes
from tests.faults import numbered


def live(asked: dict[str, Any]) -> int:
    role = Role(asked["role"])
    settings = read_settings(asked["settings"], role).model_copy(update={"lease": timedelta(seconds=asked["lease"])})
    logs.set_up(settings.log_level)
    wrong_by = timedelta(seconds=asked["wrong_by"])
    clock = time_machine.travel(datetime.now(UTC) + wrong_by, tick=True) if wrong_by else nullcontext()
    with clock:
        try:
            process.run(settings, make=Service if role is Role.RUN else Worker)
        except CannotStart as trouble:
            print(trouble, file=sys.stderr)
            return 1
    return 0


def born(asked: dict[str, Any]) -> int:
    """The number of a new process that lives; it never comes back here."""
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    lines = os.open(asked["lines"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((0, nothing), (1, lines), (2, lines)):
        os.dup2(new, old)
    code = 1
    try:
        code = live(asked)
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    assert numbered.PEOPLE
    assert psycopg.__version__
    routes.load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        print(born(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
