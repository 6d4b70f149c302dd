"""One light family from its start to its end, by hand through a practice workspace: what that costs in Slack calls."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session

from bench import units
from bot.practice.sample.unit_file import LoadedUnit
from bot.practice.seat import Practice, Seat
from bot.practice.server import PracticeServer, serve
from bot.process import running
from handlers import messages
from storage.database.db import Database
from storage.meeting import discussions, meetings
from storage.messages import outbox, posts
from storage.messages.posts import find_post

Json = dict[str, Any]
Seen = TypeVar("Seen")
TRIES = 200
OPENINGS = 20
POSTS = ("chat.postMessage", "chat.postEphemeral")
ROUND = {"today": "none", "change": "The mornings go better."}
PRESSES_MOST, FORMS_MOST = 8, 1
"""From Start to Finish of a light family (the meeting's design, rule 5)."""
PAUSE = 5.0
"""Seconds of the unit's clock between two steps."""
TYPED = 15
"""Notes typed in the family's thread."""


@dataclass
class Cost:
    """What a light family took: new posts, all Slack calls, presses from Start to Finish, forms and typed messages."""

    posts: int
    calls: int
    presses: int
    forms: int
    typed: int
    named: list[str]

    @property
    def within(self) -> bool:
        return self.presses <= PRESSES_MOST and self.forms <= FORMS_MOST


@dataclass
class Hands:
    """Everybody's hands in one unit's channel; after every step all is quiet."""

    server: PracticeServer
    db: Database
    unit_id: str
    number: int
    seat_of: Callable[[str], Seat]
    settle: Callable[[], Awaitable[None]]

    @property
    def channel(self) -> str:
        return units.channel(self.number)

    def seat(self, slug: str) -> Seat:
        place = next(n for n, (name, _roles) in enumerate(units.ROLES) if name == slug)
        return self.seat_of(units.chat_user(self.number, place))

    async def until(self, what: str, look: Callable[[Session], Seen | None]) -> Seen:
        """Looks into the record until it is there."""
        for _ in range(TRIES):
            with self.db.read() as session:
                found = look(session)
            if found is not None:
                return found
            await self.settle()
            await asyncio.sleep(0.05)
        raise LookupError(what)

    async def message(self, key: str) -> Json:
        post = await self.until(key, lambda session: find_post(session, key))
        return self.server.workspace.channels[post.channel].messages[post.ts]

    def newest(self, wanted: str, user: str) -> Json:
        """The newest words only this person sees that carry such a button."""
        whispers = self.server.workspace.channels[self.channel].whispers.values()
        for whisper in reversed([w for w in whispers if w.user == user]):
            if any(str(e.get("action_id", "")).startswith(wanted) for e in _elements(whisper.message)):
                return whisper.message
        raise LookupError(wanted)

    async def press(self, slug: str, shown: Json, wanted: str, **chosen: Any) -> None:
        await self.seat(slug).press(shown, wanted, channel=self.channel, **chosen)
        await self.settle()

    async def open_meeting(self) -> str:
        """Opens the unit's meeting, again where the bot asked to try again; answers its id."""
        for _ in range(OPENINGS):
            await self.seat(units.COORDINATOR).command(self.channel, "/meeting")
            await self.settle()
            with self.db.read() as session:
                found = meetings.open_meeting(session, self.unit_id)
            if found is not None:
                return found.id
            await asyncio.sleep(0.5)
        raise LookupError("the meeting")

    async def start_family(self, meeting: str) -> str:
        """Starts the first family on the board; answers the discussion's id."""
        await self.press("consultant", await self.message(f"meeting:{meeting}/board"), "agenda.start")
        held = await self.until("the discussion", lambda session: meetings.discussions(session, meeting) or None)
        found = held[-1]
        assert found.kind == "light", "the family should be held light"
        return found.id

    async def card(self, discussion: str) -> Json:
        """The discussion's newest card."""
        with self.db.read() as session:
            key = messages.stage_key(discussions.get(session, discussion))
        return await self.message(key)


def _elements(message: Json) -> list[Json]:
    return [element for block in message.get("blocks", []) for element in block.get("elements", [])]


async def light_family(folder: Path, db: Database, unit: LoadedUnit) -> Cost:
    """The cost of unit 0's first family, with the real bot in this process on a workspace of its own."""
    return await served(folder, db, unit, hold_light_family)


async def served(folder: Path, db: Database, unit: LoadedUnit, held: Callable[[Hands], Awaitable[Seen]]) -> Seen:
    """What `held` answers, with the real bot in this process and unit 0 in a workspace of its own.

    The unit's clock is moved on after each step, so that no drawing waits for another: the dearest case.
    """
    config = units.workspace(1)
    server = await serve(config, clock_file=folder / "clock.json")
    settings = units.settings(config, server, str(db.url), bytes(32), folder / "clock.json", log_level="INFO")
    try:
        async with Practice(server.base_url) as practice, running(settings, db) as service:
            passed = itertools.count(1)

            async def settle() -> None:
                await practice.settle()
                await practice.move_clock(PAUSE * next(passed))
                for _ in range(TRIES):
                    service.runtime.woken.set()
                    await practice.settle()
                    with db.read() as session:
                        quiet = outbox.how_many_due(session, service.clock.now()) == 0
                    if quiet and not service.busy:
                        return
                    await asyncio.sleep(0.01)
                raise TimeoutError("the bot did not come to rest")

            return await held(Hands(server, db, unit.unit_id, 0, practice.seat, settle))
    finally:
        await server.close()


async def hold_light_family(hands: Hands) -> Cost:
    """A light family with some notes and its quick round: safety answered, each child seen, open actions said."""
    meeting = await hands.open_meeting()
    before = hands.server.ledger.counted_calls
    discussion = await hands.start_family(meeting)
    thread = (await hands.message(f"discussion:{discussion}"))["ts"]
    for number in range(TYPED):
        await hands.seat("worker").type(hands.channel, f"Note {number}.", thread)
        await hands.settle()
    await hands.press("worker", await hands.card(discussion), "form.open")
    chosen = await _fill(hands)
    await hands.press("worker", await hands.card(discussion), "discussion.finish")
    with hands.db.read() as session:
        assert discussions.get(session, discussion).state == "awaiting"
    calls = hands.server.ledger.report(calls_after=before)["calls"]
    methods = [call["method"] for call in calls]
    new = sum(method in POSTS for method in methods)
    start, opened, saved, finished = 1, 1, 1, 1
    presses = start + opened + chosen + saved + finished
    return Cost(new, len(methods), presses, 1, TYPED, _named(hands.db, calls))


async def _fill(hands: Hands) -> int:
    """The quick round as it opens, with today's answer and each open action; answers how many boxes were chosen in."""
    seat = hands.seat("worker")
    view = await seat.next_modal()
    values: dict[str, Any] = dict(ROUND) | {key: "carry_on" for key in _blocks(view) if key.endswith("#result")}
    answer = await seat.submit(view, values)
    assert answer["ok"], answer["errors"]
    await hands.settle()
    return sum(values[key] not in ("", None) for key in values if key != "change" and not key.endswith("#kind"))


def _blocks(view: Json) -> list[str]:
    return [str(block["block_id"]) for block in view["blocks"]]


def _named(db: Database, calls: list[Json]) -> list[str]:
    """Each call with the message it was about."""
    with db.read() as session:
        keys = {call["ts"]: posts.key_at(session, str(call["channel"]), str(call["ts"])) for call in calls}
    return [f"{call['method']} {keys[call['ts']] or ''}".strip() for call in calls]
