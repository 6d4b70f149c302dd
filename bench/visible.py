"""How long people wait: from Save to what was saved, and from "Immediate concern" to whom to call, on their screens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from bench import units
from bench.light import ROUND, Hands, served
from bot.practice.sample.unit_file import LoadedUnit
from storage.database.db import Database

SAVES = 20
LOOK_EVERY, PATIENCE = 0.005, 20.0


@dataclass
class Waits:
    """Seconds from a press to what it led to."""

    light: list[float] = field(default_factory=list)
    full: list[float] = field(default_factory=list)
    concern: float = 0.0


async def waits(folder: Path, db: Database, unit: LoadedUnit) -> Waits:
    """One family, light and then full, with the real bot in this process: each save and one concern, timed."""
    found = Waits()

    async def held(hands: Hands) -> None:
        discussion = await hands.start_family(await hands.open_meeting())
        for number in range(SAVES):
            await hands.press("worker", await hands.card(discussion), "form.open")
            words = f"Change number {number}."
            found.light.append(await _saved(hands, {**ROUND, "change": words}, words))
        await hands.press("worker", await hands.card(discussion), "stage.more", choose="do:switch")
        for number in range(SAVES):
            await hands.press("worker", await hands.card(discussion), "stage.more", choose="form:action")
            words = f"Action number {number}"
            found.full.append(await _saved(hands, {"text": words}, words))
        seat, shown = hands.seat("worker"), await hands.card(discussion)
        start = perf_counter()
        await seat.press(shown, "discussion.concern", channel=hands.channel)
        await seat.next_modal()
        found.concern = perf_counter() - start

    await served(folder, db, unit, held)
    return found


async def _saved(hands: Hands, values: dict[str, Any], words: str) -> float:
    """Saves the form that is open; answers how long it took until its words were in the channel."""
    seat = hands.seat("worker")
    view = await seat.next_modal()
    start = perf_counter()
    answer = await seat.submit(view, values)
    assert answer["ok"], answer["errors"]
    await _until(lambda: _is_there(hands, words))
    taken = perf_counter() - start
    await hands.settle()
    return taken


def _is_there(hands: Hands, words: str) -> bool:
    messages = list(hands.server.workspace.channels[units.channel(hands.number)].messages.values())
    return any(words in json.dumps(message.get("blocks", ""), ensure_ascii=False) for message in messages[-6:])


async def _until(look: Callable[[], bool], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    end = perf_counter() + PATIENCE
    while not look():
        if perf_counter() > end:
            raise TimeoutError("what was saved did not appear")
        await sleep(LOOK_EVERY)
