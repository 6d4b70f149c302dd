"""The command and practice work on Windows too: nothing that only Unix has is needed, and files say their encoding."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds.command_line import CLEAN
from tests.worlds.until import patience

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "storage", "prompts_and_forms")
ONLY_UNIX = {"fcntl", "grp", "pwd", "pty", "resource", "termios", "tty", "syslog", "posix", "readline"}
ONLY_UNIX_OF = {
    "os": {"fork", "getuid", "geteuid", "getgid", "fchmod", "chown", "killpg", "setsid", "uname", "sysconf", "mkfifo"},
    "signal": {"SIGHUP", "SIGKILL", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGCHLD", "alarm", "pause", "setitimer"},
    "asyncio": {"open_unix_connection", "start_unix_server"},
    "socket": {"AF_UNIX"},
}
LIKE_WINDOWS = """
import asyncio, os, signal, sys
del signal.SIGHUP, os.geteuid, os.fchmod

def refuse(*_):
    raise NotImplementedError

asyncio.SelectorEventLoop.add_signal_handler = refuse
"""


def test_the_product_uses_nothing_that_only_unix_has() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        for line, name in _only_unix(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def _only_unix(tree: ast.AST) -> list[tuple[int, str]]:
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found += [(node.lineno, alias.name) for alias in names if alias.name in ONLY_UNIX]
            case ast.ImportFrom(module=str(module)) if module in ONLY_UNIX:
                found.append((node.lineno, module))
            case ast.Attribute(value=ast.Name(id=of), attr=name) if name in ONLY_UNIX_OF.get(of, ()):
                found.append((node.lineno, f"{of}.{name}"))
    return found


@pytest.mark.parametrize("line", ["import fcntl", "from pwd import getpwuid", "os.fork()", "signal.SIGKILL"])
def test_what_only_unix_has_would_be_found(line: str) -> None:
    assert _only_unix(ast.parse(line))


def test_every_file_is_read_and_written_in_an_encoding_it_names() -> None:
    """Windows would guess another one."""
    rule = ("check", "--preview", "--isolated", "--select", "PLW1514", *FLOORS)
    done = subprocess.run([sys.executable, "-m", "ruff", *rule], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_practice_starts_and_stops_where_loops_know_no_signals(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LIKE_WINDOWS, "utf-8")
    command = [sys.executable, "-m", "bot.cli", "practice", "--port", "0", "--no-browser", "--folder", str(tmp_path)]
    paths = os.pathsep.join((str(tmp_path), str(ROOT)))
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=CLEAN | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as bot:
        assert bot.stdout is not None
        said: list[str] = []
        for line in bot.stdout:
            said.append(line)
            if "connected" in line.lower() or "http://" in line:
                break
        bot.terminate()
        rest, trouble = bot.communicate(timeout=patience())
    assert any("http://" in line for line in said), (said, trouble)
    assert "Stopping" in rest
    assert "Traceback" not in trouble
