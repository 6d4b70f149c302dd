"""The database locked, read-only, missing or of another version; the night the clocks change."""

from __future__ import annotations

import base64
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.practised import KEY, Prepared, Room, words
from tests.worlds.until import until


async def test_a_locked_database_is_said_in_words_and_typed_words_wait(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    other = sqlite3.connect(meeting.folder / "units.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await meeting.seat("devan").type(meeting.channel, "Typed while it was locked.", meeting.thread(talk))
    await meeting.press_without_settling("orla", "form.open", talk=talk)
    assert "try again" in (await meeting.notes("orla", talk))[-1]
    other.execute("ROLLBACK")
    other.close()
    await meeting.settle()
    assert meeting.kept(talk) == ["Typed while it was locked."]
    assert meeting.discussion(talk).stage == "l_safety"


async def test_a_read_only_database_is_said_in_words_and_nothing_is_lost(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    assert meeting.service is not None
    await meeting.service.stop()
    writable = meeting.db
    path = meeting.folder / "units.db"
    meeting.db = Database.open(f"sqlite:///file:{path}?mode=ro&uri=true", Vault(KEY))
    await meeting.connect()
    await meeting.press_without_settling("orla", "form.open", talk=talk)
    assert "can be read but not written" in (await meeting.notes("orla", talk))[-1]
    await meeting.seat("devan").type(meeting.channel, "Not lost.", meeting.thread(talk))
    await meeting.service.stop()
    meeting.db.close()
    meeting.db = writable
    await meeting.connect()
    await meeting.settle()

    async def kept() -> bool:
        return meeting.kept(talk) == ["Not lost."]

    await until(kept, meeting.server.moves)


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("missing", "There is no database at"),
        ("no folder", "does not exist"),
        ("newer", "was made by a newer version"),
        ("damaged", "is not a database of this program"),
        ("wrong key", "The key in the settings does not open this database"),
    ],
)
def test_a_database_that_cannot_be_used_stops_the_start_with_one_sentence(
    prepared: Prepared, tmp_path: Path, trouble: str, sentence: str
) -> None:
    path, key = tmp_path / "units.db", KEY
    path.write_bytes(prepared[0].read_bytes())
    if trouble == "missing":
        path.unlink()
    if trouble == "no folder":
        path = tmp_path / "nowhere" / "units.db"
    if trouble == "newer":
        with sqlite3.connect(path) as changed:
            changed.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
            changed.execute("UPDATE schema_floor SET version = '9999_from_the_future'")
    if trouble == "damaged":
        path.write_bytes(b"this is not a database at all " * 400)
    if trouble == "wrong key":
        key = bytes(32)
    given = {
        "SLACK_BOT_TOKEN": "xoxb-practice",
        "SLACK_APP_TOKEN": "xapp-practice",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "DATABASE_URL": f"sqlite:///{path}",
        "UNITBOT_KEY": base64.b64encode(key).decode(),
    }
    said = CliRunner().invoke(app, ["run"], env=given)
    assert said.exit_code == 1
    assert sentence in said.output
    assert "Traceback" not in said.output


@pytest.mark.parametrize(
    ("evening", "first_hour_after_eight"),
    [
        (datetime(2026, 10, 24, 16, 30, tzinfo=UTC), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 17, 30, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
    ],
    ids=["an hour twice", "an hour left out"],
)
async def test_after_the_night_the_clocks_change_a_forgotten_meeting_is_asked_about_once_on_monday(
    room: Room, evening: datetime, first_hour_after_eight: datetime
) -> None:
    await room.clock(evening)
    await room.open_meeting()
    for minutes in (-1930, -1870, -1810, -1750, -1440, -10):
        await room.clock(first_hour_after_eight + timedelta(minutes=minutes))
        await room.tick()
    assert await _asked_about_it(room) == 0
    for minutes in (0, 10, 60):
        await room.clock(first_hour_after_eight + timedelta(minutes=minutes))
        await room.tick()
    assert await _asked_about_it(room) == 1


async def _asked_about_it(room: Room) -> int:
    return sum("is still open" in words(message) for message in await room.direct("orla"))


async def test_time_goes_on_through_the_hour_that_comes_twice(room: Room) -> None:
    await room.clock(datetime(2026, 10, 25, 0, 50, tzinfo=UTC))
    await room.open_meeting()
    talk = await room.start("K4419D", "light")
    await room.later(minutes=20)
    await room.type("devan", talk, "Said in the second hour.")
    await room.later(seconds=5)
    assert "last from Devan at 01:10" in await room.said("orla", talk)
    await room.press("orla", "meeting.timer")
    await room.press("orla", "meeting.timer")
    assert "Started 01:50, 20 minutes ago" in await room.said("orla")
