"""The sender: takes what is due from the outbox, draws it from the record as it stands, and posts it.

The rows are the truth; a commit only wakes it, and once a second it looks by itself. Threads are served side by side,
each in its own order. As many as have room are taken in one turn.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.logs import log, where
from bot.runtime import Runtime
from bot.sending.pacing import Pace
from bot.slack.client import TROUBLE, Verdict, verdict
from bot.slack.directory import ChannelGate, ClosedAccounts
from bot.slack.poster import NotYet, ParentGone, Poster, TakenOver
from bot.slack.uploads import Uploader
from handlers import render, routes
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.meeting.wording import trouble_words
from storage.database.db import DatabaseTrouble
from storage.messages import delivery, outbox
from storage.messages.delivery import Claimed
from storage.messages.outbox import MEETING, NUDGE, SAFETY
from storage.unit import people, units

SWEEP_SECONDS = 1.0
MANNERS_SECONDS = 0.2
AT_ONCE = 6
"""Messages on their way at the same time: several meetings go on, and Slack allows about one a second a channel."""
NUDGES_AT_ONCE = AT_ONCE // 2
"""While Slack is slow, reminders leave room for the meeting."""
SAFETY_BESIDE = 2
"""On their way beside the others: a safety message waits for nobody."""
HOLD_SECONDS = 5.0
TOLD_SECONDS = 6 * 3600.0
MOST_TRIES = 8
HELD = "Messages for the unit's channel are waiting and nothing is lost."


class Delivery:
    """Runs until cancelled."""

    def __init__(
        self,
        runtime: Runtime,
        poster: Poster,
        gate: ChannelGate,
        uploader: Uploader,
        closed: ClosedAccounts,
        lease: timedelta = delivery.LEASE,
    ) -> None:
        self._runtime, self._poster, self._gate, self._lease = runtime, poster, gate, lease
        self._uploader, self._closed = uploader, closed
        self._on_the_way: dict[asyncio.Task[None], Claimed] = {}
        self._pen = asyncio.Lock()
        self._resting: dict[str, float] = {}
        self._pace = Pace()
        self._told: dict[tuple[str, str], float] = {}
        self._log = log("delivery")

    @property
    def busy(self) -> bool:
        """Whether a message is on its way."""
        return bool(self._on_the_way)

    async def run(self) -> None:
        try:
            while True:
                self._runtime.woken.clear()
                try:
                    await self._sweep()
                except DatabaseTrouble as trouble:
                    self._log.warning("outbox_not_read", reason=type(trouble).__name__)
                except Exception as error:
                    self._log.error("sweep_failed", where=where(error))
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(SWEEP_SECONDS, self._pace.wait(time.monotonic()) or SWEEP_SECONDS)):
                        await self._runtime.woken.wait()
        finally:
            for task in self._on_the_way:
                task.cancel()
            await asyncio.gather(*self._on_the_way, return_exceptions=True)

    async def _sweep(self) -> None:
        """Starts everything that may go now."""
        while (room := AT_ONCE + SAFETY_BESIDE - len(self._on_the_way)) > 0:
            taken = await self._claim(room - SAFETY_BESIDE)
            for claimed in taken:
                task = asyncio.create_task(self._deliver(claimed))
                self._on_the_way[task] = claimed
                task.add_done_callback(self._arrived)
            if not taken:
                return

    def _arrived(self, task: asyncio.Task[None]) -> None:
        del self._on_the_way[task]
        if not task.cancelled() and (error := task.exception()):
            self._log.warning("left_to_its_lease", where=where(error))
        self._runtime.woken.set()

    async def _after_people(self) -> None:
        """Whoever waits for an answer goes before what is posted; but posting does not wait for ever."""
        end = time.monotonic() + MANNERS_SECONDS
        while self._runtime.busy and time.monotonic() < end:
            await asyncio.sleep(0.002)

    async def _claim(self, room: int) -> list[Claimed]:
        """Takes what may go now: reminders only with what room and pace leave of it; safety also where no room is."""
        await self._after_people()
        moment = time.monotonic()
        self._resting = {place: until for place, until in self._resting.items() if until > moment}
        nudging = sum(claimed.priority >= NUDGE for claimed in self._on_the_way.values())
        nudges = min(self._pace.nudges(moment), NUDGES_AT_ONCE - nudging)
        now = self._runtime.clock.now()

        def take(session: Session, most: int, upto: int) -> list[Claimed]:
            resting, machine = tuple(self._resting), datetime.now(UTC)
            return delivery.claim_some(
                session, most=most, now=now, machine=machine, lease=self._lease, upto=upto, resting=resting
            )

        def turn(session: Session) -> list[Claimed]:
            if room <= 0:
                return take(session, 1, SAFETY)
            taken = take(session, room, MEETING)
            left = min(room - len(taken), nudges)
            return [*taken, *(take(session, left, NUDGE) if left > 0 else ())]

        taken = await self._runtime.write(turn)
        for claimed in taken:
            new_post = claimed.post is None and claimed.how in ("say", "show")
            in_channel = bool(claimed.channel or claimed.thread_key)
            self._pace.went(claimed.priority, moment, new_post=new_post, in_channel=in_channel)
        return taken

    async def _deliver(self, claimed: Claimed) -> None:
        """One message, to its end: shown, held back, or known to have failed."""
        try:
            await self._send(claimed)
        except NotYet as soon:
            await self._wait(claimed, soon.seconds)
        except ParentGone:
            await self._poster.parent_gone(claimed, self._runtime.clock.now())
        except TakenOver:
            self._log.warning("taken_over", key=claimed.key)
        except TROUBLE as error:
            await self._trouble(claimed, verdict(error), error)
        except DatabaseTrouble as trouble:
            self._log.warning("not_noted", key=claimed.key, reason=type(trouble).__name__)
        except Exception as error:
            self._log.error("not_drawn", key=claimed.key, where=where(error))
            await self._not_drawn(claimed, type(error).__name__)

    async def _send(self, claimed: Claimed) -> None:
        if claimed.how == "pin":
            await self._poster.pin(claimed)
            return
        if claimed.how == "copies":
            await self._poster.drop_copies(claimed)
            return
        if claimed.how == "file":
            await self._uploader.send(claimed)
            return
        if claimed.priority == SAFETY and claimed.post is None:
            if claimed.how == "show" and await self._others_read(claimed):
                await self._stand_in(claimed)
                return
        elif await self._held(claimed):
            return
        drawn = await self._draw(claimed, claimed.key)
        if drawn is None:
            await self._runtime.write(lambda session: delivery.not_wanted(session, claimed))
            return
        if claimed.chat_user and claimed.post is None and await self._closed.holds(claimed.chat_user):
            await self._runtime.write(lambda session: delivery.failed(session, claimed, "user_disabled"))
            self._log.error("failed_for_good", key=claimed.key, reason="user_disabled")
            return
        await self._poster.send(claimed, drawn)

    async def _stand_in(self, claimed: Claimed) -> None:
        """Contacts cannot wait for the message their thread hangs on: it is posted without a word of the family.

        It is asked for once more, and drawn in full as soon as only the unit reads the channel.
        """
        drawn = await self._draw(claimed, f"{claimed.key}/held")
        if drawn is None:
            await self._wait(claimed, HOLD_SECONDS)
            return
        now = self._runtime.clock.now()
        await self._runtime.write(lambda session: outbox.show(session, claimed.key, now=now, channel=claimed.channel))
        await self._poster.send(claimed, drawn)

    async def _draw(self, claimed: Claimed, key: str) -> Card | None:
        """One card at a time: drawing is work for the processor, which people's turns need too."""
        routes.load()
        async with self._pen:
            if claimed.priority != SAFETY:
                await self._after_people()
            now = self._runtime.clock.now()
            return await self._runtime.read(lambda session: render.render(session, key, now))

    # ---- the gate

    async def _held(self, claimed: Claimed) -> bool:
        """Holds a record back from a channel others can read."""
        channel = claimed.parent.channel if claimed.parent else claimed.channel
        if not channel or channel.startswith("D"):
            return False
        try:
            trouble = await self._gate.trouble(channel)
        except TROUBLE as error:
            found = verdict(error)
            self._log.warning("channel_not_checked", channel=channel, reason=found.code)
            await self._wait(claimed, max(found.wait, 5))
            return True
        if not trouble:
            return False
        await self._wait(claimed, HOLD_SECONDS)
        await self._tell_coordinator(channel, trouble)
        return True

    async def _others_read(self, claimed: Claimed) -> bool:
        """Also when Slack cannot tell just now."""
        if not claimed.channel or claimed.channel.startswith("D"):
            return False
        try:
            trouble = await self._gate.trouble(claimed.channel)
        except TROUBLE:
            return True
        if trouble:
            await self._tell_coordinator(claimed.channel, trouble)
        return bool(trouble)

    async def _tell_coordinator(self, channel: str, trouble: str) -> None:
        last = self._told.get((channel, trouble))
        if last is not None and time.monotonic() - last < TOLD_SECONDS:
            return
        self._told[channel, trouble] = time.monotonic()
        self._log.warning("channel_not_safe", channel=channel, trouble=trouble.partition(":")[0])
        code, _, user = trouble.partition(":")
        who = (await self._gate.account(user)).name if user else ""
        words = card("The unit's channel", say(trouble_words(code, who)), say(HELD))
        for coordinator in await self._coordinators(channel):
            await self._poster.tell(coordinator, words)

    async def _coordinators(self, channel: str) -> list[str]:
        def find(session: Session) -> list[str]:
            unit = units.by_channel(session, channel)
            return [person.chat_user for person in people.coordinators(session, unit.id)] if unit else []

        return await self._runtime.read(find)

    # ---- endings that are not "shown"

    async def _trouble(self, claimed: Claimed, found: Verdict, error: BaseException) -> None:
        self._log.warning("not_posted", key=claimed.key, reason=found.code, tries=claimed.attempts)
        if found.code == "ratelimited":
            place = claimed.parent.channel if claimed.parent else claimed.channel or claimed.chat_user
            moment = time.monotonic()
            self._resting[place] = moment + found.wait
            self._pace.refused(moment, found.wait)
            await self._wait(claimed, found.wait)
        elif found.code in ("thread_not_found",) and claimed.thread_key:
            await self._poster.parent_gone(claimed, self._runtime.clock.now())
        elif found.final and isinstance(error, SlackApiError):
            await self._runtime.write(lambda session: delivery.failed(session, claimed, found.code))
            self._log.error("failed_for_good", key=claimed.key, reason=found.code)
        elif found.sent is False:
            await self._wait(claimed, found.wait)
        else:
            until = datetime.now(UTC) + min(timedelta(seconds=found.wait), self._lease / 10)
            await self._runtime.write(lambda session: delivery.unknown(session, claimed, found.code, until))

    async def _wait(self, claimed: Claimed, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        await self._runtime.write(lambda session: delivery.not_sent_until(session, claimed, until))

    async def _not_drawn(self, claimed: Claimed, reason: str) -> None:
        """Our own mistake: tried some more times, further and further apart, then given up and logged."""
        if claimed.attempts >= MOST_TRIES:
            await self._runtime.write(lambda session: delivery.failed(session, claimed, reason))
            return
        until = datetime.now(UTC) + timedelta(seconds=min(2**claimed.attempts, 300))
        await self._runtime.write(lambda session: delivery.unknown(session, claimed, reason, until))
