"""What is in deploy/: the container's steps are run as they are written, and each file says what the program takes."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from bot.cli import app
from bot.practice.bot_process import environment, settings_for
from bot.practice.server import serve
from bot.settings import Role, new_key, read_settings
from storage.migrate import upgrade
from tests.worlds.command_line import CLEAN
from tests.worlds.on_the_line import CONFIG
from tests.worlds.until import until

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy/Dockerfile"
SERVICES = sorted(path.name for path in (ROOT / "deploy").glob("*.service"))
COMPOSE = YAML(typ="safe").load((ROOT / "deploy/compose.yaml").read_text("utf-8"))
COMMANDS = set(get_command(app).commands)
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
    "User": "unitbot",
    "Restart": "always",
}


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's lines, each as its word and the rest."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.M).replace("\\\n", " ")
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(word, rest.strip()) for word, rest in lines]


def said(word: str) -> Any:
    """The list the Dockerfile gives last for this word."""
    rest = [rest for found, rest in instructions() if found == word][-1]
    return json.loads(rest[rest.index("[") :])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as the first part of the Dockerfile makes it, in an empty folder."""
    folder = tmp_path_factory.mktemp("container")
    words = [word for word, _rest in instructions()]
    first = instructions()[: words.index("FROM", 1)]
    assert [rest for word, rest in first if word == "COPY"] == [". /src"]
    (run,) = [rest for word, rest in first if word == "RUN"]
    command = run.replace("/src", str(ROOT)).replace("/opt/unitbot", str(folder / "unitbot"))
    done = subprocess.run(
        ["sh", "-euc", command.replace("PYTHON=python ", f"PYTHON={sys.executable} ")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_container_has_every_file_the_program_reads(installed: Path) -> None:
    (packages,) = installed.glob("unitbot/lib/*/site-packages")
    tracked = subprocess.run(["git", "ls-files", "*"], cwd=ROOT, capture_output=True, text=True, check=True)
    floors = ("bot/", "handlers/", "storage/", "prompts_and_forms/")
    ours = [path for path in tracked.stdout.splitlines() if path.startswith(floors)]
    assert len(ours) > 500
    assert [path for path in ours if not (packages / path).exists()] == []
    there = [path.relative_to(packages) for floor in floors for path in (packages / floor).rglob("*.py")]
    assert sorted({str(path) for path in there} - set(ours)) == []


def test_the_container_can_talk_to_teams(installed: Path) -> None:
    python = installed / "unitbot/bin/python"
    done = subprocess.run(
        [python, "-c", "import bot.teams.platform"], cwd=installed, env=CLEAN, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


async def test_its_health_check_hears_the_bot_it_starts(installed: Path) -> None:
    url = f"sqlite:///{installed / 'unit.db'}"
    upgrade(url)
    clock = installed / "clock.json"
    server = await serve(CONFIG, port=0, database=installed / "workspace.db", clock_file=clock)
    key = base64.b64decode(new_key())
    settings = settings_for(CONFIG, server.base_url, database_url=url, key=key, clock=clock)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    path = f"{installed}/unitbot/bin{os.pathsep}{os.environ['PATH']}"
    around = CLEAN | environment(settings) | {"HEALTH_PORT": port, "PATH": path}

    def healthy() -> bool:
        check = subprocess.run(said("HEALTHCHECK"), cwd=installed, env=around, capture_output=True, check=False)
        return check.returncode == 0

    assert not healthy()
    with subprocess.Popen(
        [*said("ENTRYPOINT"), *said("CMD")], cwd=installed, env=around, stderr=subprocess.PIPE
    ) as bot:
        try:
            assert await until(lambda: asyncio.to_thread(healthy))
        finally:
            bot.terminate()
    await server.close()
    assert bot.returncode == 0


def test_a_linter_has_nothing_to_say_about_the_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, DOCKERFILE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_runs_as_nobody_special_and_writes_in_one_place() -> None:
    users = [rest for word, rest in instructions() if word == "USER"]
    assert users == ["10001"]
    assert [rest for word, rest in instructions() if word == "VOLUME"] == ["/var/lib/unitbot/var"]
    assert not [rest for _word, rest in instructions() if "UNITBOT_KEY" in rest or "TOKEN" in rest]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened_and_starts_a_command_that_exists(name: str) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy" / name, "utf-8")
    service = unit["Service"]
    at_once = service.get("Type") == "oneshot"
    wanted = {key: value for key, value in HARDENED.items() if not (at_once and key == "Restart")}
    assert {key: service[key] for key in wanted} == wanted
    program, command, *_where = service["ExecStart"].split()
    assert program == "/opt/unitbot/bin/unitbot"
    assert command in COMMANDS


def test_there_is_a_service_for_each_way_to_run() -> None:
    assert SERVICES == [
        "unitbot-backup.service",
        "unitbot-serve.service",
        "unitbot-worker@.service",
        "unitbot.service",
    ]


GUID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
ON = {
    "slack": {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
    "teams": {"PLATFORM": "teams", "TEAMS_APP_ID": GUID, "TEAMS_TENANT_ID": GUID, "TEAMS_APP_SECRET": "s"},
}


def _composed(name: str, given: dict[str, str]) -> dict[str, str]:
    """A process's environment as compose fills it in. Raises KeyError for what has to be given and is not."""

    def value(found: re.Match[str]) -> str:
        return given[found[1]] if found[2] == "?" else given.get(found[1]) or found[2].removeprefix("-")

    around = COMPOSE["services"][name]["environment"]
    filled = {key: re.sub(r"\$\{(\w+):(\?|-\w*)\}", value, text) for key, text in around.items()}
    return {key: text for key, text in filled.items() if text}


@pytest.mark.parametrize("platform", ON)
@pytest.mark.parametrize("name", ["serve", "worker"])
def test_the_composed_processes_have_the_settings_they_ask_for(name: str, platform: str) -> None:
    process = COMPOSE["services"][name]
    found = read_settings(
        _composed(name, ON[platform] | {"UNITBOT_KEY": new_key(), "POSTGRES_PASSWORD": "p"}), Role(name)
    )
    assert process["command"][0] == name
    assert (found.database_url, found.platform) == ("postgresql://unitbot:p@database/unitbot", platform)
    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]


def test_two_workers_stand_beside_one_door_that_only_this_machine_reaches() -> None:
    services = COMPOSE["services"]
    assert services["worker"]["deploy"]["replicas"] == 2
    assert services["serve"]["ports"] == ["127.0.0.1:3000:3000"]
    assert "ports" not in services["database"]
