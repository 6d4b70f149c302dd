"""Reminders on Teams: a button on each line, and one that may have arrived is not sent again but shown on home."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from bot.practice.teams.connector import Fault
from tests.worlds.teams.world import NINE_THIRTY, OnTeams
from tests.worlds.until import until

DUE, PERHAPS = "The most pressing comes first", "A reminder of the past day may not have reached you"


def _digests(world: OnTeams, who: str) -> list[str]:
    return [text for text in world.chat(who) if DUE in text]


async def _next_morning(world: OnTeams, who: str) -> None:
    """The next working day begins; waits until the person's message is in their chat."""
    before = len(_digests(world, who))
    offset = (NINE_THIRTY + timedelta(days=1) - datetime.now(UTC)).total_seconds()
    world.clock_file.write_text(json.dumps({"offset_seconds": offset}))
    world.web.runtime.woken.set()
    await until(lambda: len(_digests(world, who)) > before, lambda: len(world.connector.calls))


async def test_an_action_is_carried_over_from_its_line(world: OnTeams) -> None:
    await until(lambda: bool(_digests(world, "devan")), lambda: len(world.connector.calls))
    chat = world.tenant.chat_of(world.id("devan"))
    card = world.with_button("action.carry", conversation=chat)
    form = await world.press("devan", "action.carry", message=card)
    assert form.dialog


async def test_one_that_may_have_arrived_comes_once_and_home_says_so(world: OnTeams) -> None:
    await until(lambda: bool(_digests(world, "devan")), lambda: len(world.connector.calls))
    await world.ask("devan", "home")
    assert not any(PERHAPS in text for text in world.chat("devan"))
    chat = world.tenant.chat_of(world.id("devan"))
    world.connector.faults.append(Fault(f"POST .*{chat}.*activities", 502, "BadGateway", delivered=True, times=1))
    await _next_morning(world, "devan")
    await world.until_sent()
    assert len(_digests(world, "devan")) == 2
    await world.ask("devan", "home")
    assert any(PERHAPS in text for text in world.chat("devan"))
