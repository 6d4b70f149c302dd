"""People in their meetings: what each of them does, in the same way and at the same pace in front of either app."""

from __future__ import annotations

import asyncio
import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench import units
from bench.apps import Side
from bot.practice.seat import find_element, shaped, shaped_values, value_field

Json = dict[str, Any]
FORM = "hypothesis"
"""A form from the card's menu; "one moment" may stand in its place first."""
MENU = "stage.more"
WAIT = 10.0
FILLING = 0.5
"""Seconds somebody takes to fill a form in; people need longer."""


@dataclass
class Room:
    """One unit's channel, and the thread of the family under discussion in it."""

    number: int
    thread: str

    @property
    def channel(self) -> str:
        return units.channel(self.number)


@dataclass
class Crowd:
    """`views` are forms our app has opened: the bare app is handed the same ones in."""

    rooms: list[Room]
    pace: float
    views: list[Json] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10_000_000)))
    _busy: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def act(self, side: Side, seconds: float, seed: int) -> None:
        """So many seconds of meetings. With one seed, the same people do the same things at the same moments."""
        dice = random.Random(seed)
        loop = asyncio.get_running_loop()
        began, at = loop.time(), 0.0
        tasks = []
        acts = ["message", "command", "form"]
        number = 0
        while (at := at + dice.expovariate(self.pace)) < seconds:
            room, act = self.rooms[number % len(self.rooms)], acts[number % len(acts)]
            number += 1
            who = units.chat_user(room.number, dice.randrange(len(units.ROLES)))
            await asyncio.sleep(max(0.0, began + at - loop.time()))
            tasks.append(asyncio.create_task(getattr(self, f"_{act}")(side, room, who)))
        await asyncio.gather(*tasks)

    async def _message(self, side: Side, room: Room, who: str) -> None:
        text = f"He said that mornings are better when his grandmother is there ({next(self.numbers)})."
        await side.server.seats.message({"user": who, "channel": room.channel, "text": text, "thread_ts": room.thread})

    async def _command(self, side: Side, room: Room, who: str) -> None:
        await side.server.seats.command({"user": who, "channel": room.channel, "command": "/meeting", "text": ""})

    async def _form(self, side: Side, room: Room, who: str) -> None:
        """Chooses the form in the menu of the newest card, fills it and hands it in."""
        async with self._busy.setdefault(who, asyncio.Lock()):
            shown = await _newest_card(side, room)
            block, element = find_element(shown, MENU)
            action = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
            name = value_field(element["type"]) or "selected_option"
            action[name] = shaped(element, f"form:{FORM}")[name]
            where = {"type": "message", "channel": room.channel, "ts": shown["ts"]}
            await side.server.seats.action({"user": who, "container": where, "action": action})
            view = await self._opened(side, who)
            await asyncio.sleep(FILLING)
            values = shaped_values(view["blocks"], {"text": f"Mornings go better ({next(self.numbers)})."})
            await side.server.seats.submit({"user": who, "view_id": view["id"], "values": values})
            for left in side.server.modals.stack(who):
                await side.server.seats.close({"user": who, "view_id": left["id"], "cleared": True})

    async def _opened(self, side: Side, who: str) -> Json:
        """The form our app opens; for the bare app one like it is put there."""
        modals = side.server.modals
        if side.name == "bare":
            given = copy.deepcopy(random.Random(len(self.views)).choice(self.views))
            return modals.open(modals.issue_trigger(who), given)
        end = asyncio.get_running_loop().time() + WAIT
        while not any(view["callback_id"] == FORM for view in modals.stack(who)):
            if asyncio.get_running_loop().time() > end:
                raise RuntimeError("no form opened")
            await asyncio.sleep(0.002)
        view = modals.stack(who)[-1]
        names = ("type", "callback_id", "title", "submit", "close", "blocks", "private_metadata", "notify_on_close")
        self.views.append({name: view[name] for name in names if view.get(name) is not None})
        return view


async def _newest_card(side: Side, room: Room) -> Json:
    """The card with the menu; a new one may just be on its way."""
    end = asyncio.get_running_loop().time() + WAIT
    while True:
        found = [
            one
            for one in side.server.workspace.channels[room.channel].messages.values()
            if one.get("thread_ts") == room.thread and MENU in json.dumps(one.get("blocks") or [])
        ]
        if found:
            return max(found, key=lambda one: float(one["ts"]))
        if asyncio.get_running_loop().time() > end:
            raise RuntimeError("no card")
        await asyncio.sleep(0.01)
