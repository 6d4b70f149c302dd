"""What was typed, edited and deleted while nobody was listening is caught up with."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bot.slack.line import SlackLine
from handlers.turn import Event
from storage.database.tables import Meeting
from storage.meeting import contributions
from storage.messages.posts import keep_post
from storage.unit import people, units
from tests.worlds.on_the_line import ANN, UNIT, World


def open_meeting(world: World) -> tuple[str, str]:
    """A meeting whose board is posted; answers its id and the board's ts."""
    workspace = world.server.workspace
    board = workspace.post(workspace.channels[UNIT], workspace.message_by_bot({"text": "Board"}))
    now = datetime.now(UTC)
    with world.db.write() as session:
        unit = units.by_channel(session, UNIT)
        assert unit is not None
        meeting = Meeting(unit_id=unit.id, day=now.date(), opened_at=now)
        session.add(meeting)
        session.flush()
        keep_post(session, f"meeting:{meeting.id}/board", UNIT, board["ts"])
        return meeting.id, board["ts"]


def kept(world: World, meeting_id: str, ts: str) -> None:
    with world.db.write() as session:
        author = people.by_chat_user(session, ANN)
        assert author is not None
        contributions.keep(
            session,
            meeting_id=meeting_id,
            discussion=None,
            stage="opening",
            author_id=author.id,
            channel=UNIT,
            ts=ts,
            text="kept",
            now=datetime.now(UTC),
        )


@contextmanager
def unheard(world: World) -> Iterator[None]:
    """What happens meanwhile is never told to the app, as after a long break."""
    sinks = list(world.server.workspace.event_sinks)
    world.server.workspace.event_sinks.clear()
    yield
    world.server.workspace.event_sinks.extend(sinks)


def said(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.kind.value, event.text) for event in events if event.kind.value != "tick"]


async def test_what_was_typed_before_the_bot_came_back_is_handed_in(idle: World) -> None:
    _, board = open_meeting(idle)
    with unheard(idle):
        await idle.ann.type(UNIT, "typed while you were away", thread_ts=board)
        await idle.ann.type(UNIT, "not in a thread")
    await idle.connect()
    await idle.heard(1)
    await idle.quiet()
    assert said(idle.desk.events) == [("message", "typed while you were away")]


async def test_nothing_is_handed_in_twice(world: World) -> None:
    _, board = open_meeting(world)
    await world.ann.type(UNIT, "once", thread_ts=board)
    await world.heard(1)
    await world.quiet()
    assert world.service is not None
    assert await world.service.platform.reconciler.reconcile() == 0
    assert said(world.desk.events) == [("message", "once")]


async def test_an_edit_and_a_deletion_that_were_missed_are_handed_in(idle: World) -> None:
    meeting_id, board = open_meeting(idle)
    with unheard(idle):
        edited = await idle.ann.type(UNIT, "first", thread_ts=board)
        deleted = await idle.ann.type(UNIT, "sorry", thread_ts=board)
        kept(idle, meeting_id, edited)
        kept(idle, meeting_id, deleted)
        await idle.ann.edit(UNIT, edited, "second")
        await idle.ann.delete(UNIT, deleted)
    await idle.connect()
    found = await idle.heard(1, "deleted")
    assert (found[0].ts, found[0].thread) == (deleted, board)
    assert ("edited", "second") in said(idle.desk.events)


async def test_the_bot_catches_up_after_the_connection_broke(world: World) -> None:
    _, board = open_meeting(world)
    await world.practice.disconnect("abrupt")
    with unheard(world):
        await world.ann.type(UNIT, "into the gap", thread_ts=board)
    assert [event.text for event in await world.heard(1)] == ["into the gap"]


async def test_a_thread_that_cannot_be_read_is_left_for_the_next_time(world: World) -> None:
    open_meeting(world)
    await world.practice.faults(errors={"conversations.replies": ["internal_error"]})
    assert world.service is not None
    assert await world.service.platform.reconciler.reconcile() == 0


async def test_a_moved_clock_ticks_at_once(world: World) -> None:
    await world.heard(1, "tick")
    await world.practice.move_clock(7 * 86_400)
    ticks = await world.heard(2, "tick")
    assert (ticks[-1].at - ticks[0].at).days in (6, 7)


async def test_the_same_minute_ticks_once(world: World) -> None:
    assert world.service is not None
    await world.heard(1, "tick")
    await asyncio.gather(*(world.service.ticker.tick() for _ in range(3)))
    assert len({event.id for event in world.desk.of("tick")}) == len(world.desk.of("tick"))


async def test_what_was_typed_while_slack_dropped_events_is_read_once_it_delivers_again(world: World) -> None:
    assert world.service is not None
    line = world.service.platform.line
    assert isinstance(line, SlackLine)
    line.adapter.slowed_seconds = 0.1
    _, board = open_meeting(world)
    with unheard(world):
        await world.ann.type(UNIT, "Dropped on the way", board)
    await world.server.sockets.tell_of_dropped_events()
    assert [event.text for event in await world.heard(1)] == ["Dropped on the way"]
