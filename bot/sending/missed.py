"""What was typed, edited or deleted in open discussions and was never told to the bot: found, and handed in.

What a thread holds becomes the same events the platform would have sent, under the same ids, so that nothing is kept
twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from bot.logs import log
from bot.platform import Outcome, Verdict
from bot.runtime import Runtime, TurnFailed
from handlers.turn import Event
from storage.messages.threads import OpenThread, handled, open_threads


class Missed(ABC):
    """Compares open threads with what is kept. `failures` and `verdict` are the platform's."""

    def __init__(
        self, runtime: Runtime, failures: tuple[type[Exception], ...], verdict: Callable[[BaseException], Verdict]
    ) -> None:
        self._runtime, self._failures, self._verdict = runtime, failures, verdict
        self._log = log("reconcile")

    @abstractmethod
    async def events_of(self, thread: OpenThread) -> Sequence[Event]:
        """What has happened in a thread, as the platform shows it now. Raises one of the failures."""

    async def reconcile(self, discussion_id: str | None = None) -> int:
        """Every open thread, or one discussion's. Answers how many events were missed."""
        threads = await self._runtime.read(lambda session: open_threads(session, discussion_id))
        missed = 0
        for thread in threads:
            try:
                missed += await self._catch_up(thread)
            except self._failures as error:
                found = self._verdict(error)
                self._log.warning("thread_not_read", key=thread.key, reason=found.code)
                if found.outcome is Outcome.TOO_MANY:
                    break
        if missed:
            self._log.info("caught_up", events=missed)
        return missed

    async def _catch_up(self, thread: OpenThread) -> int:
        events = await self.events_of(thread)
        known = await self._runtime.read(lambda session: handled(session, [event.id for event in events]))
        missed = 0
        for event in events:
            if event.id not in known:
                missed += await self._hand_in(event)
        return missed

    async def _hand_in(self, event: Event) -> int:
        try:
            await self._runtime.handle(event)
        except TurnFailed:
            return 0
        return 1
