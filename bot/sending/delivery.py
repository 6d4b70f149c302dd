"""The sender: takes what is due, as much as has room, and brings each message to its end (the story: __init__)."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.logs import log, where
from bot.platform import Outcome, ParentGone, Platform, Verdict
from bot.runtime import Runtime
from bot.sending.drawing import drawn
from bot.sending.lease import TakenOver, Taking
from bot.sending.pacing import Pace, Places
from bot.sending.posting import NobodyKnows, NotYet, Posting
from handlers import shown
from handlers.unit import not_posted
from prompts_and_forms.card import GONE, Card, card, say
from prompts_and_forms.meeting.wording import trouble_words
from storage.database.db import DatabaseTrouble
from storage.messages import delivery, outbox
from storage.messages.answered import claim_answered
from storage.messages.delivery import Claimed
from storage.messages.outbox import NUDGE, PAST, SAFETY
from storage.unit import people, units

SWEEP_SECONDS = 1.0
MANNERS_SECONDS = 0.2
AT_ONCE = 6
"""Messages on their way at the same time: several meetings go on at once."""
NUDGES_AT_ONCE = AT_ONCE // 2
"""While the platform is slow, reminders leave room for the meeting."""
COUNTED_AT_ONCE = AT_ONCE // 2
"""While edits are slow, new posts have room."""
SAFETY_BESIDE = 2
"""On their way beside the others: a safety message waits for nobody."""
ANSWERS_EVERY = 0.25
HOLD_SECONDS = 5.0
GATE_PATIENCE, GATE_AGAIN = 1.0, 0.5
"""Seconds a message waits for the word who reads its channel before others go first, and until it is asked again."""
SAFETY_PATIENCE, SAFETY_AGAIN = 0.3, 1.0
"""Seconds contacts wait for what is not yet known, and at most until the next try where the platform refused one."""
GONE_AGAIN = 10.0
"""Until the next try to take a message away, where the platform takes no more of that just now."""
LIMITED_SECONDS = 60.0
"""Until the next try where a channel takes no posts for a reason only a try can find out."""
TOLD_SECONDS = 6 * 3600.0
MOST_TRIES = 8
ACCOUNT_CLOSED = "account closed"
OF_A_CHANNEL = ("say", "show", "pin", "unpin")
SHUT_OUT = "Nothing is lost: what waits goes out with a good token. unitbot check says what is wrong."
HELD = "Messages for the unit's channel are waiting and nothing is lost."


class Delivery:
    """Runs until cancelled."""

    def __init__(self, runtime: Runtime, platform: Platform, lease: timedelta = delivery.LEASE) -> None:
        self._runtime, self._platform, self._lease = runtime, platform, lease
        self._posting = Posting(platform, runtime)
        self._on_the_way: dict[asyncio.Task[None], Claimed] = {}
        self._taking = Taking(runtime)
        self._pen = asyncio.Lock()
        self._places = Places(platform.rates.in_one)
        self._pace = Pace(platform.rates)
        self._budget = platform.budget
        self._read_by: set[tuple[str, str, date]] = set()
        self._told: dict[tuple[str, str], float] = {}
        self._shut_out = False
        self._answers_at = 0.0
        self._log = log("delivery")

    @property
    def busy(self) -> bool:
        """Whether a message is on its way, or just being taken."""
        return self._taking.going_on or bool(self._on_the_way)

    async def run(self) -> None:
        """Sends what is due, woken by commits and once a second, until cancelled."""
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
                    async with asyncio.timeout(self._rest()):
                        await self._runtime.woken.wait()
        finally:
            for task in self._on_the_way:
                task.cancel()
            await asyncio.gather(*self._on_the_way, return_exceptions=True)

    def _rest(self) -> float:
        """Seconds until there may be something to do that nobody wakes this for."""
        moment = time.monotonic()
        waits = (self._pace.wait(moment), self._budget.wait(moment), self._places.wait(moment))
        return min(SWEEP_SECONDS, *(wait or SWEEP_SECONDS for wait in waits))

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
        self._runtime.tally.delivered(self._on_the_way.pop(task).how)
        if not task.cancelled() and (error := task.exception()):
            self._log.warning("left_to_its_lease", where=where(error))
        self._runtime.woken.set()

    async def _after_people(self) -> None:
        """Whoever waits for an answer goes before what is posted; but posting does not wait for ever."""
        end = time.monotonic() + MANNERS_SECONDS
        while self._runtime.busy and time.monotonic() < end:
            await asyncio.sleep(0.002)

    async def _let_in(self) -> bool:
        """Whether the platform lets the bot in. While it does not, nothing is tried, and what waits goes on waiting."""
        if not self._shut_out or await self._platform.line.shut_out():
            return not self._shut_out
        self._shut_out = False
        self._log.info("let_in_again")
        return True

    def _hears_of_being_shut_out(self, found: Verdict) -> None:
        if found.outcome is Outcome.SHUT_OUT and not self._shut_out:
            self._shut_out = True
            self._log.error("shut_out", reason=found.code, what_to_do=SHUT_OUT)

    async def _claim(self, room: int) -> list[Claimed]:
        """Takes what may go now: reminders only with what room and pace leave of it; safety also where no room is."""
        if not await self._let_in():
            return []
        await self._after_people()
        moment = time.monotonic()
        resting = self._places.full(moment)
        on_their_way = self._on_the_way.values()
        nudges = min(self._pace.nudges(moment), NUDGES_AT_ONCE - sum(one.priority >= NUDGE for one in on_their_way))
        counted = COUNTED_AT_ONCE - sum(one.post is not None or one.how in ("pin", "unpin") for one in on_their_way)
        now, kinds = self._runtime.clock.now(), self._budget.kinds(moment)
        keys = self._answered(moment)

        def take(session: Session, most: int, upto: int) -> list[Claimed]:
            others, machine = self._budget.counted, datetime.now(UTC)
            return delivery.claim_some(
                session,
                most=most,
                now=now,
                machine=machine,
                lease=self._lease,
                upto=upto,
                resting=resting,
                counted=others,
            )

        def take_counted(session: Session, most: int, upto: int) -> list[Claimed]:
            allowed, machine = partial(self._budget.allowed, session, moment=moment), datetime.now(UTC)
            return delivery.claim_counted(
                session, allowed, kinds=kinds, most=most, now=now, machine=machine, lease=self._lease, upto=upto
            )

        def turn(session: Session) -> list[Claimed]:
            if room <= 0:
                return take(session, 1, SAFETY)
            most = min(room, counted)
            machine, taken = datetime.now(UTC), []
            if keys and most > 0:
                taken = claim_answered(session, keys, most=most, now=now, machine=machine, lease=self._lease)
                most -= len(taken)
            if kinds and most > 0:
                taken += take_counted(session, most, NUDGE if nudges > 0 else PAST)
            if len(taken) < room:
                taken += take(session, room - len(taken), PAST)
            left = min(room - len(taken), nudges)
            return [*taken, *(take(session, left, NUDGE) if left > 0 else ())]

        taken = await self._taking.by(turn)
        for claimed in taken:
            new_post = claimed.post is None and claimed.how in ("say", "show")
            in_channel = bool(claimed.channel or claimed.thread_key)
            self._pace.went(claimed.priority, moment, new_post=new_post, in_channel=in_channel)
        return taken

    def _answered(self, moment: float) -> list[str]:
        """What can be drawn again by an answer to a press, looked for a few times a second at most."""
        if moment < self._answers_at:
            return []
        self._answers_at = moment + ANSWERS_EVERY
        return self._budget.answers.keys(moment)

    async def _deliver(self, claimed: Claimed) -> None:
        """One message, to its end: shown, held back, or known to have failed."""
        try:
            await self._send(claimed)
        except NotYet as soon:
            await self._wait(claimed, soon.seconds)
        except ParentGone:
            await self._parent_gone(claimed)
        except NobodyKnows:
            await self._give_up(claimed, delivery.UNKNOWN)
        except TakenOver:
            self._log.warning("taken_over", key=claimed.key)
        except self._platform.failures as error:
            await self._trouble(claimed, self._platform.verdict(error))
        except DatabaseTrouble as trouble:
            self._log.warning("not_noted", key=claimed.key, reason=type(trouble).__name__)
        except Exception as error:
            self._log.error("not_drawn", key=claimed.key, where=where(error))
            await self._not_drawn(claimed, type(error).__name__)

    async def _send(self, claimed: Claimed) -> None:
        if claimed.priority != SAFETY and (still := self._places.still(_place(claimed), time.monotonic())):
            raise NotYet(still)
        if (way := self._posting.way_of(claimed.how)) is not None:
            await way(claimed)
            return
        if claimed.priority == SAFETY and claimed.post is None:
            if claimed.how == "show" and await self._others_read(claimed):
                await self._stand_in(claimed)
                return
        elif await self._held(claimed):
            return
        if claimed.post is None and claimed.how in ("say", "show"):
            at_once = claimed.priority == SAFETY
            if wait := self._places.post(_place(claimed), time.monotonic(), at_once=at_once):
                raise NotYet(wait)
        drawn = await self._draw(claimed, claimed.key)
        if drawn is None:
            await self._runtime.write(lambda session: delivery.not_wanted(session, claimed))
            return
        if await self._account_closed(claimed):
            await self._give_up(claimed, ACCOUNT_CLOSED)
            return
        if drawn == GONE:
            if not claimed.free:
                self._budget.not_made("edit")
            if not await self._budget.may("gone"):
                raise NotYet(GONE_AGAIN)
            await self._posting.take_away(claimed)
            return
        await self._posting.send(claimed, drawn)

    async def _account_closed(self, claimed: Claimed) -> bool:
        """Whether nobody would ever read it. Contacts do not wait for the answer."""
        if not claimed.chat_user or claimed.post is not None:
            return False
        asked = self._platform.gate.has_left(claimed.chat_user)
        if claimed.priority != SAFETY:
            return await asked
        with suppress(TimeoutError):
            return await asyncio.wait_for(asked, SAFETY_PATIENCE)
        return False

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
        await self._posting.send(claimed, drawn)

    async def _draw(self, claimed: Claimed, key: str) -> Card | None:
        """One card at a time: drawing is work for the processor, which people's turns need too."""
        async with self._pen:
            if claimed.priority != SAFETY:
                await self._after_people()
            now = self._runtime.clock.now()
            card_now, about = await self._runtime.read(lambda session: drawn(session, claimed, key, now))
        if claimed.chat_user:
            await self._note_reader(claimed.chat_user, about)
        return card_now

    async def _note_reader(self, chat_user: str, about: frozenset[str]) -> None:
        """What goes to one person is noted before it goes: of which families, once a day for each."""
        now = self._runtime.clock.now()
        fresh = {(chat_user, family_id, now.date()) for family_id in about} - self._read_by
        if fresh:
            ids = [family_id for _who, family_id, _day in fresh]
            await self._runtime.write(lambda session: shown.sent(session, chat_user, ids, now))
            self._read_by = {one for one in self._read_by if one[2] == now.date()} | fresh

    # ---- the gate

    async def _held(self, claimed: Claimed) -> bool:
        """Holds a record back from a channel others can read."""
        channel = self._channel_of(claimed)
        if not channel:
            return False
        try:
            async with asyncio.timeout(GATE_PATIENCE):
                trouble = await self._platform.gate.trouble(channel)
        except TimeoutError:
            await self._wait(claimed, GATE_AGAIN)
            return True
        except self._platform.failures as error:
            found = self._platform.verdict(error)
            self._hears_of_being_shut_out(found)
            self._log.warning("channel_not_checked", channel=channel, reason=found.code)
            await self._wait(claimed, max(found.wait, 5))
            return True
        if not trouble:
            return False
        await self._wait(claimed, HOLD_SECONDS)
        await self._tell_coordinator(channel, trouble)
        return True

    async def _channel_shut(self, claimed: Claimed, trouble: str) -> None:
        """Holds a message its channel does not take, until somebody has mended the channel; a pin waits unsaid."""
        channel = self._channel_of(claimed)
        await self._platform.gate.forget(channel)
        await self._wait(claimed, LIMITED_SECONDS if trouble == "restricted" else HOLD_SECONDS)
        if claimed.how not in ("say", "show"):
            return
        if claimed.priority == SAFETY:
            await self._safety_by_hand(claimed, channel)
        await self._tell_coordinator(channel, trouble)

    async def _safety_by_hand(self, claimed: Claimed, channel: str) -> None:
        """Whom to call cannot wait for a channel: who asked and who looks after the unit get it directly, once."""
        if (channel, claimed.key) in self._told:
            return
        self._told[channel, claimed.key] = time.monotonic()
        drawn = await self._draw(claimed, claimed.key)
        for user in {claimed.asked_by, *await self._coordinators(channel)} - {""}:
            if drawn is not None:
                await self._posting.tell(user, drawn)

    def _channel_of(self, claimed: Claimed) -> str:
        """The channel a message goes to, "" for one person's direct messages."""
        channel = claimed.parent.channel if claimed.parent else claimed.channel
        return "" if channel and self._platform.gate.is_direct(channel) else channel

    async def _others_read(self, claimed: Claimed) -> bool:
        """Also when the platform cannot tell just now."""
        if not claimed.channel:
            return False
        try:
            async with asyncio.timeout(SAFETY_PATIENCE):
                trouble = await self._platform.gate.trouble(claimed.channel)
        except TimeoutError:
            return True
        except self._platform.failures:
            return True
        if trouble:
            await self._tell_coordinator(claimed.channel, trouble)
        return bool(trouble)

    async def _tell_coordinator(self, channel: str, trouble: str) -> None:
        last = self._told.get((channel, trouble))
        if last is not None and time.monotonic() - last < TOLD_SECONDS:
            return
        self._told[channel, trouble] = time.monotonic()
        code, _, user = trouble.partition(":")
        self._log.warning("channel_not_safe", channel=channel, trouble=code)
        who = await self._platform.gate.name_of(user) if user else ""
        words = card("The unit's channel", say(trouble_words(code, who)), say(HELD))
        for coordinator in await self._coordinators(channel):
            await self._posting.tell(coordinator, words)

    async def _coordinators(self, channel: str) -> list[str]:
        def find(session: Session) -> list[str]:
            unit = units.by_channel(session, channel)
            return [person.chat_user for person in people.coordinators(session, unit.id)] if unit else []

        return await self._runtime.read(find)

    # ---- endings that are not "shown"

    async def _trouble(self, claimed: Claimed, found: Verdict) -> None:
        self._log.warning("not_posted", key=claimed.key, reason=found.code, tries=claimed.attempts)
        match found.outcome:
            case Outcome.TOO_MANY:
                if found.posting:
                    moment = time.monotonic()
                    self._places.refused(_place(claimed), moment, found.wait, edits=found.edits)
                    self._pace.refused(moment, found.wait)
                await self._wait(claimed, min(found.wait, SAFETY_AGAIN) if claimed.priority == SAFETY else found.wait)
            case Outcome.SHUT_OUT:
                self._hears_of_being_shut_out(found)
                await self._wait(claimed, found.wait)
            case Outcome.NOT_DONE:
                await self._wait(claimed, found.wait)
            case Outcome.UNKNOWN:
                until = datetime.now(UTC) + min(timedelta(seconds=found.wait), self._lease / 10)
                await self._runtime.write(lambda session: delivery.unknown(session, claimed, found.code, until))
            case Outcome.PARENT_GONE if claimed.thread_key:
                await self._parent_gone(claimed)
            case Outcome.CHANNEL_SHUT if claimed.how in OF_A_CHANNEL and self._channel_of(claimed):
                await self._channel_shut(claimed, found.trouble)
            case _:
                await self._give_up(claimed, found.code)

    async def _give_up(self, claimed: Claimed, code: str) -> None:
        """It will never be posted: people who wait for it are told, in the same transaction."""
        now = self._runtime.clock.now()

        def end(session: Session) -> None:
            if delivery.failed(session, claimed, code):
                not_posted.tell(session, claimed, now)

        await self._runtime.write(end)
        self._runtime.woken.set()
        self._log.error("failed_for_good", key=claimed.key, reason=code)

    async def _parent_gone(self, claimed: Claimed) -> None:
        """Asks for the thread's first message anew; this one is tried again once it is there."""
        now = self._runtime.clock.now()
        gone = claimed.parent.ts if claimed.parent else ""

        def again(session: Session) -> None:
            outbox.post_again(session, claimed.thread_key, now=now, gone=gone)
            delivery.not_sent_until(session, claimed, datetime.now(UTC) + timedelta(seconds=1))

        await self._runtime.write(again)

    async def _wait(self, claimed: Claimed, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        await self._runtime.write(lambda session: delivery.not_sent_until(session, claimed, until))

    async def _not_drawn(self, claimed: Claimed, reason: str) -> None:
        """Our own mistake: tried some more times, further and further apart, then given up and logged."""
        if claimed.attempts >= MOST_TRIES:
            await self._give_up(claimed, reason)
            return
        until = datetime.now(UTC) + timedelta(seconds=min(2**claimed.attempts, 300))
        await self._runtime.write(lambda session: delivery.unknown(session, claimed, reason, until))


def _place(claimed: Claimed) -> str:
    """The channel or the person that a post of this message counts for."""
    return claimed.parent.channel if claimed.parent else claimed.channel or claimed.chat_user
