"""What somebody pressed in is drawn again through the answer to the press, which the platform's limits leave out.

The turn leaves its drawing to this for a moment. Where that does not do (others read the channel, the answer is refused
or comes too late) the row waits again at once, and the sender edits the message as any other.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlmodel import Session

from bot.logs import log, where
from bot.platform import Platform
from bot.runtime import PERSON, Runtime
from bot.sending.answers_left import AnswersLeft, Replace
from bot.sending.drawing import drawn
from prompts_and_forms.card import GONE, Card
from storage.database.db import DatabaseTrouble
from storage.messages import answered, delivery, wake
from storage.messages.delivery import Claimed


class Pressed:
    """Redraws what was pressed. Never raises: what does not work is left to the sender."""

    def __init__(self, runtime: Runtime, platform: Platform) -> None:
        self._runtime, self._platform = runtime, platform
        self._log = log("pressed")

    @property
    def _answers(self) -> AnswersLeft:
        return self._platform.budget.answers

    async def redraw(self, channel: str, ts: str, replace: Replace) -> None:
        """Shows how the message looks now, where its turn asked for that. What is left to answer is remembered."""
        try:
            key, claimed = await self._runtime.write(
                lambda session: answered.claim_pressed(session, channel, ts, machine=datetime.now(UTC)),
                priority=PERSON,
            )
            if key:
                self._answers.pressed(key, channel, ts, replace, time.monotonic())
            if claimed is None:
                return
            if await self._replaced(claimed, channel, ts):
                await self._runtime.write(lambda session: _finish(session, claimed, channel, ts), priority=PERSON)
            else:
                await self._runtime.write(lambda session: _give_back(session, claimed), priority=PERSON)
                self._runtime.woken.set()
        except DatabaseTrouble as trouble:
            self._log.warning("left_to_the_sender", reason=type(trouble).__name__)

    async def _replaced(self, claimed: Claimed, channel: str, ts: str) -> bool:
        try:
            if await self._platform.gate.trouble(channel):
                return False
            found = await self._card(claimed)
            pages = self._platform.poster.pages(found) if found not in (None, GONE) and found else []
            moment = time.monotonic()
            return len(pages) == 1 and await self._answers.drawn(claimed.key, channel, ts, pages[0], moment)
        except self._platform.failures as error:
            self._log.info("not_replaced", key=claimed.key, reason=self._platform.verdict(error).code)
            return False
        except Exception as error:
            self._log.error("not_drawn", key=claimed.key, where=where(error))
            return False

    async def _card(self, claimed: Claimed) -> Card | None:
        now = self._runtime.clock.now()
        found, _about = await self._runtime.read(lambda session: drawn(session, claimed, claimed.key, now))
        return found


def _finish(session: Session, claimed: Claimed, channel: str, ts: str) -> None:
    thread = claimed.post.thread if claimed.post else ""
    delivery.finish(session, claimed, at=datetime.now(UTC), channel=channel, ts=ts, thread=thread)


def _give_back(session: Session, claimed: Claimed) -> None:
    delivery.not_sent_until(session, claimed, datetime.now(UTC))
    wake.mark(session)
    wake.ring(session)
