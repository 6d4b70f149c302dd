"""The unit's clock jumps, and the two nights on which the clocks change."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from tests.faults.numbered import key_of, plan_one
from tests.faults.world import World

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


async def test_the_units_clock_is_moved_an_hour_either_way(world: World) -> None:
    """What is due comes once; what the clock jumped over comes at once; going back repeats nothing."""
    start = datetime.now(UTC)
    with world.db.write() as session:
        for number in range(24):
            plan_one(session, number, now=start, due_at=start + timedelta(minutes=10 * number))
    world.keys = [key_of(number) for number in range(24)]
    world.move_clock(timedelta())
    await world.connect()
    due: list[int] = []
    for hours in (0, 1, -1, 0, 1, 2, 1, 5):
        world.move_clock(HOUR * hours)
        await world.all_sent()
        due.append(world.api.posted)
    assert due == [1, 7, 7, 7, 7, 13, 13, 24]
    assert world.figures("the unit's clock an hour either way").exactly_once


async def test_the_nights_the_clocks_change(world: World) -> None:
    """Every half hour of both nights has its message; 01:30 comes twice in autumn, and never in spring."""
    nights = [datetime(2027, 3, 28, tzinfo=LONDON), datetime(2027, 10, 31, tzinfo=LONDON)]
    moments = [night.astimezone(UTC) + timedelta(minutes=30 * step) for night in nights for step in range(10)]
    with world.db.write() as session:
        for number, moment in enumerate(moments):
            plan_one(session, number, now=moments[0], due_at=moment)
    world.keys = [key_of(number) for number in range(len(moments))]
    sent = []
    for number, moment in enumerate(moments):
        world.move_clock(moment - datetime.now(UTC) + timedelta(seconds=20))
        if number == 0:
            await world.connect()
        await world.all_sent()
        sent.append(world.api.posted)
    assert sent == list(range(1, len(moments) + 1))
    local = [moment.astimezone(LONDON).strftime("%H:%M") for moment in moments]
    assert local[:10].count("01:30") == 0
    assert local[10:].count("01:30") == 2
    assert world.figures("both nights the clocks change").exactly_once


async def test_a_minutes_tick_is_handled_once_however_many_keep_the_clock(world: World) -> None:
    """The minute that comes twice on the autumn night is two minutes; the same minute asked for twice is one."""
    service = await world.connect()
    night = datetime(2027, 10, 31, 0, 30, 20, tzinfo=UTC)
    minutes = [night, night, night + HOUR, night + HOUR, night]
    for moment in minutes:
        world.move_clock(moment - datetime.now(UTC))
        await asyncio.gather(service.ticker.tick(), service.ticker.tick())
    with world.db.read() as session:
        ticks = [row.event_id for row in session.connection().exec_driver_sql("SELECT event_id FROM seen")]
    wanted = {f"tick:{moment:%Y-%m-%dT%H:%M}" for moment in minutes}
    assert {tick for tick in ticks if tick.startswith("tick:2027")} == wanted
    assert Clock(world.clock_file).now().year == 2027
