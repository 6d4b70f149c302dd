"""How things are, for whoever looks after the bot: /healthz and /metrics on a port of their own.

`HEALTH_PORT` opens it, under run, serve and worker alike. It answers on this machine alone unless `HEALTH_HOST` says
otherwise, and it is no door to people's words: sentences about the bot, ids and counts.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector

from bot.health import GOOD, Health, Load
from bot.tally import Tally
from bot.trouble import CannotStart
from storage.messages.outbox import MEETING, NUDGE, SAFETY

HEALTH, METRICS = "/healthz", "/metrics"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
GOODBYE_SECONDS = 1.0
PRIORITIES = {SAFETY: "safety", MEETING: "meeting", NUDGE: "reminders"}

Look = Callable[[], Awaitable[Health]]
Measure = Callable[[], Awaitable[Load | None]]


class Caretaker:
    """Listens until it is closed."""

    def __init__(self, address: tuple[str, int], look: Look, measure: Measure, tally: Tally) -> None:
        self._address, self._look, self._measure, self._tally = address, look, measure, tally
        ProcessCollector(namespace="unitbot", registry=tally.registry)
        app = web.Application()
        app.router.add_get(HEALTH, self._health)
        app.router.add_get(METRICS, self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=GOODBYE_SECONDS)

    @property
    def port(self) -> int:
        """Where it listens, also where any free port was asked for."""
        return int(self._runner.addresses[0][1])

    async def open(self) -> None:
        """Begins to listen. Raises CannotStart where the port is taken."""
        await self._runner.setup()
        host, port = self._address
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as taken:
            await self._runner.cleanup()
            raise CannotStart(f"Cannot listen on {host} port {port}. Set HEALTH_PORT to a free one.") from taken

    async def close(self) -> None:
        """Ends the listening."""
        await self._runner.cleanup()

    async def _health(self, request: web.Request) -> web.Response:
        health = await self._look()
        return web.Response(
            status=200 if health.ok else 503,
            body=json.dumps(health.as_json()).encode(),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def _metrics(self, request: web.Request) -> web.Response:
        health, load = await self._look(), await self._measure()
        body = generate_latest(self._tally.registry) + generate_latest(_Now(health, load))
        return web.Response(body=body, headers={"Content-Type": TEXT, "Cache-Control": "no-store"})


class _Now(CollectorRegistry):
    """What is so at this moment; asked of the database at each scrape, and left out where it does not answer."""

    def __init__(self, health: Health, load: Load | None) -> None:
        super().__init__()
        self._health, self._load = health, load
        self.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges."""
        up = GaugeMetricFamily("unitbot_good", "1 where this part works, 0 where not.", labels=["part"])
        for part, words in self._health.parts().items():
            up.add_metric([part], float(words == GOOD))
        yield up
        if self._load is None:
            return
        waiting = GaugeMetricFamily("unitbot_messages_waiting", "Messages due and not sent.", labels=["priority"])
        for number in {**PRIORITIES, **self._load.waiting}:
            waiting.add_metric([PRIORITIES.get(number, str(number))], self._load.waiting.get(number, 0))
        yield waiting
        yield GaugeMetricFamily(
            "unitbot_longest_wait_seconds", "How long the first of them has waited.", self._load.longest.total_seconds()
        )
        yield GaugeMetricFamily("unitbot_texts_unreadable", "Texts that cannot be read.", self._load.unreadable)
        yield GaugeMetricFamily("unitbot_meetings_open", "Meetings going on.", self._load.meetings)
