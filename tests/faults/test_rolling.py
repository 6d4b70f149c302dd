"""A newer version takes over from an older one: beside it where the tables allow that, otherwise only after it."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from storage.database import versions
from storage.database.db import Database
from tests.faults.lives import ROOT, Nursery
from tests.faults.numbered import plan
from tests.faults.world import World
from tests.worlds.command_line import CLEAN
from tests.worlds.until import until

PARTS = ("bot", "handlers", "storage", "prompts_and_forms", "tests/faults", "tests/worlds")
NEXT = f"{int(versions.newest()) + 1:04d}"
MIGRATION = f'''"""A later version of the program."""

import sqlalchemy as sa
from alembic import op

revision = "{NEXT}"
down_revision = "{versions.newest()}"
OLDER_MAY_WORK_ON = {{only_adds}}


def upgrade() -> None:
    with op.batch_alter_table("unit") as unit:
        unit.add_column(sa.Column("motto", sa.String(20), nullable=True))
'''
pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)


@dataclass(frozen=True)
class Newer:
    """The program as it will be one version later, in a folder of its own."""

    root: Path

    def become(self, *, only_adds: bool) -> None:
        words = MIGRATION.format(only_adds=only_adds)
        (self.root / f"storage/migrations/versions/{NEXT}_motto.py").write_text(words, "utf-8")

    def upgrade(self, url: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.cli", "db", "upgrade"]
        around = CLEAN | {"PYTHONPATH": str(self.root), "DATABASE_URL": url}
        return subprocess.run(command, cwd=self.root, env=around, capture_output=True, text=True, check=False)


@pytest.fixture
def newer(tmp_path: Path) -> Newer:
    root = tmp_path / "newer"
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "tests/__init__.py").touch()
    return Newer(root)


@pytest.fixture
def newer_nursery(newer: Newer) -> Iterator[Nursery]:
    newer.become(only_adds=True)
    nursery = Nursery(newer.root)
    yield nursery
    nursery.close()


async def test_two_versions_share_the_work_and_nothing_is_lost_or_sent_twice(
    world: World, newer: Newer, newer_nursery: Nursery
) -> None:
    older = await world.lives.next()
    world.keys = await asyncio.to_thread(plan, world.db, range(30))
    done = await asyncio.to_thread(newer.upgrade, world.url)
    assert (done.returncode, NEXT in done.stdout) == (0, True), done.stderr
    successor = await replace(world.lives, nursery=newer_nursery).next()
    world.keys += await asyncio.to_thread(plan, world.db, range(30, 60))
    await world.all_sent()
    assert older.lives
    older.kill()
    await older.ended()
    world.keys += await asyncio.to_thread(plan, world.db, range(60, 70))
    await world.all_sent()
    assert successor.lives
    assert world.figures("an older and a newer version at work", kills=1).exactly_once
    again = await world.lives.next()
    world.keys += await asyncio.to_thread(plan, world.db, range(70, 80))
    await world.all_sent()
    assert again.lives


async def test_what_an_older_version_cannot_live_with_waits_until_it_is_stopped(world: World, newer: Newer) -> None:
    newer.become(only_adds=False)
    older = await world.lives.next()
    world.keys = await asyncio.to_thread(plan, world.db, range(5))
    await world.all_sent()
    world.db.close()
    refused = await asyncio.to_thread(newer.upgrade, world.url)
    assert refused.returncode == 1
    assert "Stop unitbot everywhere" in refused.stderr
    assert "Nothing was changed" in refused.stderr
    older.kill()
    await older.ended()
    done = await until(lambda: _when_nobody_is_at_work(newer, world.url))
    assert NEXT in done
    with pytest.raises(Exception, match="made by a newer version of this program"):
        Database.open(world.url, world.db.vault)


async def _when_nobody_is_at_work(newer: Newer, url: str) -> str:
    """The server needs a moment to notice that a process died."""
    done = await asyncio.to_thread(newer.upgrade, url)
    return done.stdout
