"""Case words stay in threads and sealed columns: never in notifications, logs, hidden data of windows or the outbox."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from storage.decisions import reflections
from tests.worlds.practised import BOT, Room, words

SAID = "Zebedee painted the shed purple"
INITIALS = re.compile(r"\b(RP|EP|DP|GP|NC|JC|AC|LN|DC)\b")
REFS = ("K4419D", "K5052R")
OURS = re.compile(r"[a-z_]+:[0-9A-Za-z:/_#.\-]+")


@pytest.fixture
def talkative_log() -> Iterator[None]:
    """The log as a running bot writes it, at its most talkative."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith(("slack", "aiohttp", "asyncio"))]
    before = {name: (log.handlers, log.propagate, log.level) for name in names if (log := logging.getLogger(name))}
    logs.set_up("DEBUG")
    yield
    structlog.reset_defaults()
    for name, (handlers, propagate, level) in before.items():
        log = logging.getLogger(name)
        log.handlers, log.propagate = handlers, propagate
        log.setLevel(level)


async def _a_busy_hour(room: Room) -> str:
    """One family in full and one light, with notes, forms, remarks, a stop and a close."""
    talk = await room.start("K4419D", "full")
    await room.type("devan", talk, SAID)
    await room.record("devan", talk, "action", {"text": SAID, "owner": room.unit.people["tomasz"]})
    idea = {"text": f"Perhaps {SAID}", "evidence_for#0": SAID, "owner": room.unit.people["tomasz"]}
    await room.record("tomasz", talk, "hypothesis", idea)
    await room.finish("devan", talk)
    await room.press("orla", "discussion.confirm", talk=talk)
    ts = await room.type("devan", talk, "One more thing.")
    await room.seat("devan").edit(room.channel, ts, f"One more thing: {SAID}")
    await room.settle()
    other = await room.start("K5052R", "light")
    await room.type("devan", other, "Call 07700 900123 about JC")
    await room.press("devan", "discussion.concern", talk=other)
    told = {"told#0#outside": "Duty", "told#0#time": "09:50", "after": "not_today", "what_happens_now": SAID}
    await room.record("devan", other, "stop", told)
    await room.record("devan", other, "l_next", {"next_discussion#0#date": room.day(1)})
    await room.press("orla", "meeting.close")
    await room.press("orla", "meeting.close_now")
    return talk


async def test_nothing_of_a_family_leaves_by_the_back_door(
    meeting: Room, capfd: pytest.CaptureFixture[str], talkative_log: None
) -> None:
    await _a_busy_hour(meeting)
    await meeting.practice.faults(errors={"chat.postMessage": ["internal_error", "msg_too_long"]})
    await meeting.command("orla", "/meeting")
    await meeting.waits_are_over()
    await meeting.all_sent()

    said = list(_notifications(meeting))
    assert len(said) > 20
    for text in said:
        _clean(text, refs=True)
    out = capfd.readouterr()
    _clean(out.out + out.err)
    for table, column, value in _readable(meeting):
        assert "Zebedee" not in value, (table, column)
        assert not any(ref in value for ref in REFS), (table, column, value)
    for key in meeting.all_keys():
        assert OURS.fullmatch(key), key


async def test_the_hidden_data_of_windows_and_buttons_is_ids_only(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.type("devan", talk, SAID)
    for form in ("action", "l_safety", "hypothesis", "contract", "reassign", "view"):
        window = await meeting.form("devan", talk, form)
        hidden = json.loads(window["private_metadata"])
        assert set(hidden) <= {"draft", "asked", "_channel", "_thread", "_redraws"}, hidden
        assert re.fullmatch(r"[0-9,]*", hidden.get("_redraws", "")), "only the places of fields"
        assert re.fullmatch("[0-9a-f]{64}|", hidden.get("asked", "")), "only which published form it is"
        await meeting.seat("devan").close(window)
        await meeting.settle()
    for message in await meeting.seen("devan", talk):
        for value in _hidden(message.get("blocks")):
            _clean(value)
            assert not any(ref in value for ref in REFS)


async def test_private_reflections_are_for_their_clinician_and_the_clinical_manager(meeting: Room) -> None:
    mine = "I notice I side with the father"
    await meeting.command("tomasz", "/agreement", "reflect K4419D")
    await meeting.submit("tomasz", {"note": mine})
    with meeting.db.read() as session:
        kept = reflections.of_unit(session, meeting.unit.unit_id)
        assert [reflections.words(session, row).note for row in kept][-1] == mine
    for who, may in (("tomasz", True), ("ngozi", True), ("orla", False), ("devan", False), ("graham", False)):
        await meeting.command(who, "/agreement", "reflections")
        assert (mine in (await meeting.notes(who))[-1]) == may, who
    talk = await meeting.start("K4419D", "light")
    await meeting.finish("marisol", talk)
    await meeting.press("orla", "discussion.record", talk=talk)
    everything = "\n".join(words(m) for c in meeting.server.workspace.channels.values() for m in c.messages.values())
    assert mine not in everything
    assert mine not in "\n".join(await meeting.notes("orla", talk))
    await meeting.command("devan", "/agreement", "reflect K4419D")
    assert await meeting.seat("devan").top_modal() is None
    for table, _column, value in _readable(meeting):
        assert mine not in value, table


async def test_a_note_for_one_person_is_seen_by_nobody_else(meeting: Room) -> None:
    await meeting.command("devan", "/family", "K5052R")
    assert "K5052R" in (await meeting.notes("devan"))[-1]
    for who in ("orla", "marisol", "graham"):
        assert await meeting.notes(who) == []


# ---- small parts


def _notifications(room: Room) -> Iterator[str]:
    """What a locked telephone shows of each of the bot's messages."""
    for channel in room.server.workspace.channels.values():
        for message in channel.messages.values():
            if message.get("user") == BOT:
                yield str(message.get("text") or "")
        for whisper in channel.whispers.values():
            yield str(whisper.message.get("text") or "")


def _clean(text: str, *, refs: bool = False) -> None:
    assert "Zebedee" not in text, text
    assert "purple" not in text, text
    assert "07700" not in text, text
    assert not INITIALS.search(text), text
    assert "Do not write" not in text, text
    assert refs or not any(ref in text for ref in REFS), text


def _readable(room: Room) -> Iterator[tuple[str, str, str]]:
    """Every value in the database that is not sealed."""
    with sqlite3.connect(room.folder / "units.db") as file:
        file.row_factory = sqlite3.Row
        tables = [row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in file.execute(f'SELECT * FROM "{table}"'):
                for column in row.keys():  # noqa: SIM118
                    value = row[column]
                    yield table, column, value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _hidden(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _hidden(one)
    if isinstance(part, dict):
        for key in ("value", "action_id", "block_id"):
            if isinstance(part.get(key), str):
                yield part[key]
        for value in part.values():
            yield from _hidden(value)
