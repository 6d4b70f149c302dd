"""Slack as a chat platform: its parts put together over one client."""

from __future__ import annotations

from bot.platform import Rates, Verdict
from bot.runtime import Runtime
from bot.sending.budget import Budget
from bot.sending.pressed import Pressed
from bot.settings import Settings
from bot.slack.answers import Answers
from bot.slack.app import Parts, SlackAdapter
from bot.slack.client import CLAIMED, TIERS, TROUBLE, new_client, new_session, verdict
from bot.slack.directory import Names, SlackGate
from bot.slack.events import Reader
from bot.slack.line import SlackLine
from bot.slack.poster import SlackPoster
from bot.slack.reading.lists import SentLists
from bot.slack.reconcile import SlackReconciler
from bot.slack.uploads import SlackFiles

RATES = Rates(a_minute=240, burst=20)
"""Slack allows "several hundred messages a minute" in a workspace, and bursts, and names no numbers; this is the
careful reading."""


class SlackPlatform:
    """One workspace, as one running bot sees it. Made inside the event loop."""

    failures: tuple[type[Exception], ...] = TROUBLE
    can_pin = True
    sweep_every = 0.0

    def __init__(self, settings: Settings, runtime: Runtime) -> None:
        self.rates = RATES if settings.tiers else RATES.unpaced()
        self._session = new_session()
        client = new_client(settings, self._session)
        self.budget = client.budget = Budget(runtime, *((TIERS, CLAIMED) if settings.tiers else ({}, {})))
        names = Names(runtime, client)
        reader = Reader(runtime.clock, names.of)
        self.gate = SlackGate(client, runtime)
        self.poster = SlackPoster(client)
        self.files = SlackFiles(client, runtime, self.poster)
        self.reconciler = SlackReconciler(client, runtime, reader, names)
        lists = SentLists(client, self._session)
        answers = Answers(client, self.poster, self._session)
        pressed = Pressed(runtime, self)
        parts = Parts(client, runtime, reader, names, self.gate, answers, self.reconciler, lists, pressed)
        adapter = SlackAdapter(parts)
        self.line = SlackLine(settings, client, self._session, adapter, self.gate)

    def verdict(self, error: BaseException) -> Verdict:
        """What became of a call that raised this."""
        return verdict(error)

    async def close(self) -> None:
        """Lets go of every connection."""
        await self.budget.close()
        await self._session.close()
