"""Slack slow, refusing, gone; the bot killed at the worst moments. Nothing is lost and nothing is posted twice."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.practice.bot_process import environment
from storage.database.tables import Meeting
from storage.messages.posts import find_post
from tests.worlds.practised import Room
from tests.worlds.until import until


async def test_slack_says_slow_down_and_everything_comes_once_later(meeting: Room) -> None:
    await meeting.practice.faults(ratelimit={"chat.postMessage": 2, "chat.update": 1, "retry_after": 1})
    talk = await meeting.start("K4419D", "light")
    await meeting.type("devan", talk, "Still heard.")
    await meeting.all_sent()
    await meeting.later(minutes=1)
    await meeting.all_sent()
    assert meeting.kept(talk) == ["Still heard."]
    assert len(meeting.posted(f"discussion:{talk}/stage:1")) == 1
    assert _twice(meeting) == []
    refused = [call for call in await meeting.calls() if call["error"] == "ratelimited"]
    assert len(refused) == 3


async def test_slack_fails_or_hangs_up_half_way_and_nothing_is_posted_twice(meeting: Room) -> None:
    await meeting.practice.faults(errors={"chat.postMessage": ["http_500"]}, drop_replies={"chat.postMessage": 2})
    family = meeting.unit.families["K4419D"]
    shown, menu = await meeting.look_for("orla", "agenda.start", choose=family)
    await meeting.act("orla", shown, menu, family)
    for _ in range(4):
        await meeting.practice.settle(quiet=0.1)
        await meeting.waits_are_over()
    await meeting.all_sent()
    found = meeting.talk("K4419D")
    assert found is not None
    assert len(meeting.posted(f"discussion:{found.id}")) == 1
    assert len(meeting.posted(f"discussion:{found.id}/stage:1")) == 1
    assert _twice(meeting) == []


async def test_a_closing_socket_loses_no_words(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    texts = []
    for number, reason in enumerate(("warning", "refresh_requested")):
        await meeting.practice.disconnect(reason)
        texts.append(f"Said while it closed, {number}")
        await meeting.seat("devan").type(meeting.channel, texts[-1], meeting.thread(talk))
        await _connected(meeting)
    await meeting.settle()
    assert meeting.kept(talk) == texts


async def test_slack_is_down_for_a_while_and_what_was_said_is_caught_up_with(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.practice.faults(down=True)
    ts = await meeting.seat("devan").type(meeting.channel, "Written while it was down.", meeting.thread(talk))
    second = await meeting.seat("devan").type(meeting.channel, "To be changed.", meeting.thread(talk))
    await meeting.seat("devan").edit(meeting.channel, second, "Changed while it was down.")
    assert meeting.note(ts) is None
    await meeting.practice.faults(down=False)
    await _connected(meeting)

    async def caught_up() -> bool:
        return meeting.kept(talk) == ["Written while it was down.", "Changed while it was down."]

    await until(caught_up, meeting.server.moves)
    await meeting.all_sent()
    assert _twice(meeting) == []


async def test_a_kill_before_after_or_between_posts_nothing_twice_and_loses_nothing(idle: Room) -> None:
    """Killed between commit and post, then between post and the note that it was posted, then while people type."""
    room = idle
    await room.practice.faults(ratelimit={"chat.postMessage": {"count": 1000, "retry_after": 1}})
    async with _process(room):
        before = room.count(Meeting)
        await room.seat("pippa").command(room.channel, "/meeting", "")
        await until(lambda: _more(room, before), room.server.moves)
    board = f"meeting:{room.meeting().id}/board"
    assert room.posted(board) == []

    await room.practice.faults(clear=True)
    await room.waits_are_over()
    async with _process(room):
        await until(lambda: _there(room, board), room.server.moves)
        await room.all_sent(without_waits=True)
        await room.practice.faults(slow={"chat.postMessage": 1.5})
        shown, menu = await room.look_for("orla", "agenda.start", choose=room.unit.families["K4419D"])
        await room.act("orla", shown, menu, room.unit.families["K4419D"])
        await until(lambda: _talk_there(room), room.server.moves)
    talk = room.talk("K4419D")
    assert talk is not None
    first = f"discussion:{talk.id}"
    assert len(room.posted(first)) == 1
    with room.db.read() as session:
        assert find_post(session, first) is None

    await room.practice.faults(clear=True)
    await room.waits_are_over()
    async with _process(room):
        await until(lambda: _there(room, f"{first}/stage:1"), room.server.moves)
        await room.all_sent(without_waits=True)
        texts = [f"The last words, {number}" for number in range(4)]
        for text in texts:
            await room.seat("devan").type(room.channel, text, room.thread(talk.id))
    async with _process(room):
        await until(lambda: _all_kept(room, talk.id, texts), room.server.moves)
        await room.all_sent(without_waits=True)
    assert _twice(room) == []
    posted = Counter(call["key"] for call in await room.calls("chat.postMessage") if call["ok"] and call["key"])
    assert {key: count for key, count in posted.items() if count > 1} == {}
    log = (room.folder / "bot.log").read_text()
    assert "connected" in log
    assert not any(word in log for word in ("The last words", "K4419D", "Traceback"))


# ---- small parts


@asynccontextmanager
async def _process(room: Room) -> AsyncIterator[Any]:
    """The real bot in a process of its own, killed without a word at the end."""
    log = (room.folder / "bot.log").open("ab")
    root = Path(__file__).parents[3]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run", stdout=log, stderr=log, env=environment(room.settings), cwd=root
    )
    try:
        await _connected(room)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        log.close()
        await until(lambda: _gone(room), room.server.moves)


async def _connected(room: Room) -> None:
    async def look() -> bool:
        return room.server.sockets.connected

    await until(look, room.server.moves)


async def _gone(room: Room) -> bool:
    return not room.server.sockets.connected


async def _more(room: Room, before: int) -> bool:
    return room.count(Meeting) > before


async def _there(room: Room, key: str) -> bool:
    return bool(room.posted(key))


async def _talk_there(room: Room) -> bool:
    found = room.talk("K4419D")
    return found is not None and bool(room.posted(f"discussion:{found.id}"))


async def _all_kept(room: Room, talk: str, texts: list[str]) -> bool:
    return room.kept(talk) == texts


def _twice(room: Room) -> list[str]:
    return [key for key, count in Counter(room.all_keys()).items() if count > 1]


async def test_a_meeting_goes_on_when_its_channel_gets_another_id(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "full")
    await meeting.practice.post("channel", channel=meeting.channel, id="C0MOVED")
    meeting.channel = "C0MOVED"
    await meeting.settle()
    await meeting.type("devan", talk, "Still here.")
    await meeting.press("orla", "stage.next", talk=talk)
    assert meeting.kept(talk) == ["Still here."]
    await meeting.command("orla", "/meeting")
    assert "already open" in (await meeting.notes("orla"))[-1]
