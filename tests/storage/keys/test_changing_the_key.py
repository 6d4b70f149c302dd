"""Changing the key of a database with `unitbot rekey`, as the IT officer does it."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.commands.rekey import rekey
from bot.lock import only_one
from bot.settings import SettingsTrouble, StorageSettings, new_key, read_new_key
from bot.trouble import CannotStart
from storage.database.bodies import FamilyBody
from storage.database.db import Database, DatabaseUnusable
from storage.database.tables import Family
from storage.database.vault import Scope, Vault, ref_index, seal, unseal
from tests.worlds.command_line import unitbot
from tests.worlds.storage_world import a_unit
from tests.worlds.until import patience

OLD, NEW = bytes(range(32)), bytes(range(1, 33))


def settings_of(url: str, key: bytes = OLD) -> StorageSettings:
    return StorageSettings(database_url=url, key=key)


def keep_a_family(url: str) -> None:
    db = Database.open(url, Vault(OLD))
    with db.write() as session:
        family = Family(unit_id=a_unit(session).id, ref_index=ref_index(session, "K3107C"), category="child_in_need")
        seal(session, family, FamilyBody(ref="K3107C", summary="Three children at home."), Scope.family(family.id))
        session.add(family)
    db.close()


def summary(session: Session) -> str:
    family = session.exec(select(Family).where(Family.ref_index == ref_index(session, "k3107c"))).one()
    return unseal(session, family, FamilyBody).summary


def test_the_new_key_opens_everything_and_the_old_one_nothing(url: str) -> None:
    keep_a_family(url)
    assert rekey(settings_of(url), NEW) == 1
    changed = Database.open(url, Vault(NEW))
    with changed.read() as session:
        assert summary(session) == "Three children at home."
    changed.close()
    with pytest.raises(DatabaseUnusable, match="key in the settings"):
        Database.open(url, Vault(OLD))


def test_while_a_bot_runs_nothing_is_changed(url: str) -> None:
    keep_a_family(url)
    running, lock = Database.open(url, Vault(OLD)), only_one(url)
    with running.read() as session:
        summary(session)
        with pytest.raises(CannotStart, match=r"[Ss]top"):
            rekey(settings_of(url), NEW)
    running.close()
    if lock is not None:
        lock.release()
    Database.open(url, Vault(OLD)).close()


def test_the_command_reads_both_keys_from_the_settings(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'unit.db'}"
    assert unitbot(tmp_path, "db", "upgrade", DATABASE_URL=url).returncode == 0
    keep_a_family(url)
    old, new = base64.b64encode(OLD).decode(), new_key()
    alone = unitbot(tmp_path, "rekey", DATABASE_URL=url, UNITBOT_KEY=old)
    assert alone.returncode == 2
    assert "UNITBOT_NEW_KEY" in alone.stderr
    done = unitbot(tmp_path, "rekey", DATABASE_URL=url, UNITBOT_KEY=old, UNITBOT_NEW_KEY=new)
    assert done.returncode == 0
    assert "1 data keys" in done.stdout
    again = unitbot(tmp_path, "rekey", DATABASE_URL=url, UNITBOT_KEY=old, UNITBOT_NEW_KEY=new)
    assert again.returncode == 1
    assert "key in the settings" in again.stderr
    assert old not in again.stderr
    assert new not in again.stderr


@pytest.mark.parametrize("given", ["", "short", "same"])
def test_a_new_key_that_cannot_serve_is_refused(given: str) -> None:
    old = new_key()
    with pytest.raises(SettingsTrouble, match="UNITBOT_NEW_KEY"):
        read_new_key({"UNITBOT_KEY": old, "UNITBOT_NEW_KEY": old if given == "same" else given})


KILLED = """
import sys, time
from bot.commands import rekey
from bot.settings import StorageSettings
from tests.storage.keys.test_changing_the_key import NEW, OLD
whole = rekey.rewrap
def half(session, old, new):
    found = whole(session, old, new)
    print("half way", flush=True)
    time.sleep(60)
    return found
rekey.rewrap = half
rekey.rekey(StorageSettings(database_url=sys.argv[1], key=OLD), NEW)
"""


def test_killed_in_the_middle_the_old_key_still_opens_everything_and_it_can_be_done_again(url: str) -> None:
    keep_a_family(url)
    command = [sys.executable, "-c", KILLED, url]
    half_way = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3], text=True)
    assert half_way.stdout is not None
    assert half_way.stdout.readline() == "half way\n"
    half_way.kill()
    half_way.wait()
    before = Database.open(url, Vault(OLD))
    with before.read() as session:
        assert summary(session) == "Three children at home."
    before.close()
    for _ in range(int(patience() / 0.1)):
        try:
            assert rekey(settings_of(url), NEW) == 1
            break
        except CannotStart:
            time.sleep(0.1)
    after = Database.open(url, Vault(NEW))
    with after.read() as session:
        assert summary(session) == "Three children at home."
    after.close()
