"""What people do in meetings at a human pace: they type, move on, fill in forms, look at Home, raise a concern."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bench import units
from bench.load.watching import Json, Watching, heading_of, text_of
from bot.practice.seat import find_element, shaped, shaped_values, value_field
from bot.practice.server import PracticeServer
from prompts_and_forms.meeting import discussion_wording, script

TYPED, MOVE, FORM, HOME = 20.0, 60.0, 90.0, 180.0
"""Mean seconds between two of them in one meeting."""
FILLING = 4.0
FULL_EVERY = 2
"""Every second family is held full: it moves through stages, and each record is a message of its own."""
NOTES = re.compile(r"(?:(\d+) notes|(1) note) saved")
HEARD = "typed: seen as heard"


@dataclass
class Room:
    """One unit's channel with its meeting: where the board, the family's thread and its newest card lie."""

    number: int
    board: str = ""
    thread: str = ""
    card: str = ""
    full: bool = False
    stopped: bool = False
    notes: Counter[str] = field(default_factory=Counter)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def channel(self) -> str:
        return units.channel(self.number)

    @property
    def kind(self) -> str:
        return script.FULL if self.full else script.LIGHT


class People:
    """Everybody in every room."""

    def __init__(self, server: PracticeServer, watching: Watching, seed: int) -> None:
        self.server, self.watching = server, watching
        self.dice = random.Random(seed)
        self.trouble: Counter[str] = Counter()
        self._rooms: dict[str, Room] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._busy: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._number = 0

    def enter(self, room: Room) -> None:
        """From now on the room's newest card is followed."""
        self._rooms[room.channel] = room

        def follow(how: str, shown: Json) -> bool:
            if how == "post" and shown.get("thread_ts") == room.thread and '"stage.more' in text_of(shown):
                room.card = shown["ts"]
            return False

        self.watching.watch("(newest card)", room.channel, follow)

    async def press(self, room: Room, place: int, ts: str, wanted: str, choose: str = "") -> Json:
        """Presses, or chooses, in a message of the room."""
        shown = self.server.workspace.channels[room.channel].messages[ts]
        block, element = find_element(shown, wanted)
        action = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
        if choose:
            name = value_field(element["type"]) or "selected_option"
            action[name] = shaped(element, choose)[name]
        where = {"type": "message", "channel": room.channel, "ts": ts}
        return await self.server.seats.action(
            {"user": units.chat_user(room.number, place), "container": where, "action": action}
        )

    # ---- a meeting

    def acts(self, seconds: float) -> list[tuple[float, str]]:
        """What happens in one meeting, and when."""
        found = []
        for act, mean in (("typed", TYPED), ("move", MOVE), ("form", FORM), ("home", HOME)):
            at = self.dice.uniform(0, mean)
            while at < seconds:
                found.append((at, act))
                at += mean * self.dice.uniform(0.7, 1.3)
        return sorted(found)

    async def meet(self, room: Room, seconds: float, stop_at: float | None) -> None:
        """So many seconds of a meeting; nobody waits for one thing to be seen before they do another."""
        began = time.monotonic()
        plan = [*self.acts(seconds), *([(stop_at, "concern")] if stop_at is not None else [])]
        for at, act in sorted(plan):
            await asyncio.sleep(max(0.0, began + at - time.monotonic()))
            if not room.stopped:
                self._later(getattr(self, f"_{act}")(room))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.trouble[f"{type(error).__name__}: {str(error)[:80]}"] += 1

    async def _typed(self, room: Room) -> None:
        async with room.lock:
            self._number += 1
            who = units.chat_user(room.number, self.dice.randrange(len(units.ROLES)))
            stage = self._stage(room)
            room.notes[stage] += 1
            count = room.notes[stage]

            def seen(how: str, shown: Json) -> bool:
                if how not in ("post", "change") or shown.get("thread_ts") != room.thread:
                    return False
                found = NOTES.search(text_of(shown))
                here = not room.full or heading_of(shown).startswith(stage)
                return bool(found) and here and int(found[1] or found[2]) >= count if found else False

            self.watching.watch(HEARD, room.channel, seen)
            text = f"He said that mornings are better when his grandmother is there ({self._number})."
            said = {"user": who, "channel": room.channel, "thread_ts": room.thread, "text": text}
            await self.server.seats.message(said)

    def _stage(self, room: Room) -> str:
        """The name of the stage the newest card shows."""
        if not room.full:
            return script.LIGHT
        heading = heading_of(self.server.workspace.channels[room.channel].messages[room.card])
        return next((one.name for one in script.stages(script.FULL) if heading.startswith(one.name)), "")

    async def _move(self, room: Room) -> None:
        """A full family goes on to the next stage; a light one opens its form and leaves it for now."""
        if not room.full:
            await self._look_into_form(room)
            return
        async with room.lock:
            stages = script.stages(script.FULL)
            here = next((n for n, one in enumerate(stages) if one.name == self._stage(room)), 0)
            to = stages[(here + 1) % (len(stages) - 1)]
            seen = _headed(room, to.name)
            moved = self.watching.watch("press: next stage visible", room.channel, seen)
            board = text_of(self.server.workspace.channels[room.channel].messages[room.board])
            await self.press(room, 1, room.card, "stage.more", choose=f"stage:{to.id}")
            self.watching.watch("the board after it", room.channel, _board(room, board)).began = moved.began
            await asyncio.wait([moved.done], timeout=20)
            self.watching.give_up(HEARD, room.channel)
            room.notes.clear()

    async def _look_into_form(self, room: Room) -> None:
        who = units.chat_user(room.number, 1)
        async with self._busy[who]:
            opened = self.watching.watch("press: window opens", f"modal:{who}", lambda how, shown: True)
            await self.press(room, 1, room.card, "form.open")
            await asyncio.wait([opened.done], timeout=6)
            await self._close(who)

    async def _close(self, who: str) -> None:
        for left in self.server.modals.stack(who):
            await self.server.seats.close({"user": who, "view_id": left["id"], "cleared": True})

    async def _form(self, room: Room) -> None:
        who = units.chat_user(room.number, 2)
        async with self._busy[who]:
            opened = self.watching.watch("press: window opens", f"modal:{who}", lambda how, shown: True)
            await self.press(room, 2, room.card, "stage.more", choose="form:hypothesis")
            await asyncio.wait([opened.done], timeout=6)
            await asyncio.sleep(FILLING)
            stack = self.server.modals.stack(who)
            if stack and stack[-1]["callback_id"] == "hypothesis":
                await self._hand_in(room, who, stack[-1])
            else:
                self.trouble["the form did not open"] += 1
            await self._close(who)

    async def _hand_in(self, room: Room, who: str, view: Json) -> None:
        self._number += 1
        mark = f"The mornings are hard since the move, number {self._number}"
        values = shaped_values(view["blocks"], {"text": mark})

        def seen(how: str, shown: Json) -> bool:
            return how in ("post", "change") and f"number {self._number_in(mark)}" in text_of(shown)

        self.watching.watch("form: what was saved visible", room.channel, seen)
        answer = await self.server.seats.submit({"user": who, "view_id": view["id"], "values": values})
        if not answer["ok"]:
            self.trouble[f"form refused: {answer.get('error') or answer.get('errors')}"[:80]] += 1

    def _number_in(self, mark: str) -> str:
        return mark.rpartition(" ")[2]

    async def _home(self, room: Room) -> None:
        who = units.chat_user(room.number, self.dice.randrange(len(units.ROLES)))
        self.watching.watch("Home", f"home:{who}", lambda how, shown: True)
        await self.server.seats.home({"user": who})

    async def _concern(self, room: Room) -> None:
        """An immediate concern: contacts in a new message, then the card and the board show the stop."""
        async with room.lock:
            room.stopped = True
            board = text_of(self.server.workspace.channels[room.channel].messages[room.board])
            card = room.card

            def contacts(how: str, shown: Json) -> bool:
                return how == "post" and shown.get("thread_ts") == room.thread and "999" in text_of(shown)

            def stopped(how: str, shown: Json) -> bool:
                return how == "change" and shown["ts"] == card and discussion_wording.SAY_WHO in text_of(shown)

            self.watching.watch("concern: contacts visible", room.channel, contacts)
            self.watching.watch("concern: the stop on the card", room.channel, stopped)
            self.watching.watch("concern: the stop on the board", room.channel, _board(room, board))
            await self.press(room, 1, card, "discussion.concern")


def _headed(room: Room, name: str) -> Any:
    def seen(how: str, shown: Json) -> bool:
        here = how in ("post", "change") and shown.get("thread_ts") == room.thread
        return here and heading_of(shown).startswith(name) and '"stage.more' in text_of(shown)

    return seen


def _board(room: Room, before: str) -> Any:
    def seen(how: str, shown: Json) -> bool:
        return how == "change" and shown["ts"] == room.board and text_of(shown) != before

    return seen
