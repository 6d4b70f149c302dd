"""One message of the outbox on its way: found again where it was tried before, posted, edited, pinned.

A card longer than a message becomes several posts, "key", "key#2", ... in its lane, each with its own address. A try
that ended in silence is looked for after seconds, and the message posted again where it is not there (a reminder not
before a minute is over). The platform may still accept the silent try: a minute later the copy is taken away. Where the
platform lets nobody look, a reminder is not sent twice: it stays unknown. What matters more is sent once more.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.documents.trouble import DocumentTrouble
from bot.platform import Address, NotWanted, Page, Platform
from bot.runtime import Runtime
from bot.sending.lease import TakenOver, lease_held, renewed
from bot.sending.noting import Noting
from bot.sending.seen import Seen
from prompts_and_forms.card import Card, card, say
from prompts_and_forms.documents import wording as documents_wording
from storage.database.tables_machinery import Post
from storage.messages import delivery, outbox
from storage.messages.delivery import Claimed, Shown
from storage.messages.outbox import NUDGE
from storage.messages.posts import find_post, forget_post, lose_post, part_key
from storage.retention import left

LOOK_BACK = timedelta(hours=2)
"""How far before the first try to look: the machine's clock may have been wrong by an hour then."""
COPIES_BACK = timedelta(minutes=10)
"""How far before the kept post a copy of it may lie, by the platform's own clock."""
MOST_PARTS = 20


class NobodyKnows(Exception):
    """An earlier try may have arrived, nobody can look it up, and it can wait until somebody asks for it."""


class NotYet(Exception):
    """An earlier try may still arrive, and there is time to wait for it."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass
class _Going:
    """One message on its way, part by part. `new`: the parts that are new posts."""

    claimed: Claimed
    address: Address
    stamps: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    unsure: bool = False
    same: bool = False

    def shown(self) -> Shown:
        """Where it lies. One that may have arrived twice is looked at once more for copies."""
        claimed, where = self.claimed, self.address
        tried = claimed.tried_before and (bool(self.new) or claimed.attempts > 2)
        again = claimed.post is None and (tried or self.unsure)
        return Shown(claimed, where.channel, self.stamps[0], where.thread, tuple(self.stamps[1:]), again)


class Posting:
    """Brings messages to where they belong. Raises what the platform's calls raise."""

    def __init__(self, platform: Platform, runtime: Runtime) -> None:
        self._platform, self._runtime = platform, runtime
        self._poster = platform.poster
        self._noting = Noting(runtime)
        self._direct: dict[str, str] = {}
        self._seen = Seen()

    def way_of(self, how: str) -> Callable[[Claimed], Awaitable[None]] | None:
        """How a message is brought on its way that needs no drawing here; None for one that does."""
        ways = {
            "pin": self.pin,
            "unpin": self.unpin,
            "remove": self.remove,
            "again": self.ask_again,
            "copies": self.drop_copies,
            "file": self.send_file,
        }
        return ways.get(how)

    async def send(self, claimed: Claimed, drawn: Card) -> None:
        """Shows the card where it belongs and notes where it lies."""
        address = await self._address(claimed)
        pages = self._poster.pages(drawn)
        if claimed.how == "note":
            for page in pages:
                await self._poster.whisper(address, claimed.chat_user, page)
            await self._noted(claimed)
            return
        going = _Going(claimed, address)
        if len(pages) == 1 and await self._by_an_answer(going, pages[0]):
            return
        if claimed.free and not going.same:
            self._platform.budget.answers.forget(claimed.key)
            raise NotYet(0)
        try:
            for page in pages:
                await self._poster.fit(page, partial(self._put_next, going))
        except self._platform.failures as error:
            if not self._platform.verdict(error).outcome.passes:
                await self._take_back(going)
            raise
        await self._drop_later_parts(claimed, len(going.stamps) + 1)
        if await self._finish(going.shown(), going.new):
            self._seen.note(claimed, going.stamps, going.pages)

    async def _by_an_answer(self, going: _Going, page: Page) -> bool:
        """Draws what somebody has pressed in once more, without a call that counts. False where that cannot be."""
        claimed, post, budget = going.claimed, going.claimed.post, self._platform.budget
        if claimed.how != "show" or post is None:
            return False
        going.same = self._seen.same(claimed, 1, post.ts, page)
        if going.same:
            return False
        try:
            if not await budget.answers.drawn(claimed.key, post.channel, post.ts, page, time.monotonic()):
                return False
        except self._platform.failures:
            return False
        if not claimed.free:
            budget.not_made("edit")
        going.stamps.append(post.ts)
        await self._drop_later_parts(claimed, 2)
        if await self._finish(going.shown()):
            self._seen.note(claimed, going.stamps, [page])
        return True

    async def _put_next(self, going: _Going, page: Page, unsure: bool) -> None:
        """The next part of a message. `unsure`: a try just now may have arrived, so it is looked for first."""
        claimed, number = going.claimed, len(going.stamps) + 1
        going.unsure = going.unsure or unsure
        ts, new = await self._put(claimed, going.address, number, page, look=claimed.tried_before or unsure)
        going.stamps.append(ts)
        going.pages.append(page)
        if new:
            going.new.append(ts)
        if going.address.channel == claimed.chat_user:
            going.address = Address(self._direct[claimed.chat_user])

    async def _take_back(self, going: _Going) -> None:
        """Half a message says something else than the whole: what was posted of it goes again."""
        for ts in going.new:
            with suppress(*self._platform.failures):
                await self._poster.remove(going.address.channel, ts)

    async def send_file(self, claimed: Claimed) -> None:
        """Brings one document to the person who asked. What cannot be made or sent is said in words instead."""
        try:
            async with lease_held(self._runtime, claimed):
                words = await self._platform.files.send(claimed)
        except NotWanted:
            await self._runtime.write(lambda session: delivery.not_wanted(session, claimed))
            return
        except DocumentTrouble as trouble:
            words = card(documents_wording.NOTICE, say(trouble.sentence))
        if words is None:
            await self._noted(claimed)
        else:
            await self.send(claimed, words)

    async def pin(self, claimed: Claimed) -> None:
        """Pins the message this one hangs on, where that can be done."""
        assert claimed.parent is not None
        if self._platform.can_pin:
            await self._poster.pin(claimed.parent.channel, claimed.parent.ts)
        await self._noted(claimed)

    async def unpin(self, claimed: Claimed) -> None:
        """Pins the message this one hangs on no longer."""
        assert claimed.parent is not None
        await self._poster.unpin(claimed.parent.channel, claimed.parent.ts)
        await self._noted(claimed)

    async def remove(self, claimed: Claimed) -> None:
        """Takes away the post this one hangs on: what it was about was erased."""
        assert claimed.parent is not None
        await self._poster.remove(claimed.parent.channel, claimed.parent.ts)
        key, now = claimed.parent.key, self._runtime.clock.now()
        await self._runtime.write(lambda session: left.gone(session, key, now))
        await self._noted(claimed)

    async def ask_again(self, claimed: Claimed) -> None:
        """The message that was waited for is there: the other one is drawn once more."""
        key, now = claimed.key.removeprefix(outbox.AGAIN), self._runtime.clock.now()
        await self._runtime.write(lambda session: outbox.show_again(session, key, now=now, priority=outbox.PAST))
        await self._noted(claimed)

    async def take_away(self, claimed: Claimed) -> None:
        """Takes a message away with all its parts, also where only a try without an answer has put it there."""
        address = await self._address(claimed)
        ts = claimed.post.ts if claimed.post else ""
        if not ts and claimed.tried_before:
            ts = await self._find(claimed, address, claimed.key)
        if ts:
            await self._poster.remove(address.channel, ts)
        await self._drop_later_parts(claimed, 2)
        await self._runtime.write(partial(forget_post, key=claimed.key))
        await self._noted(claimed)

    async def tell(self, chat_user: str, words: Card) -> None:
        """A direct message that is not of the record: best effort, once."""
        address = Address(await self._direct_channel(chat_user))

        async def put(page: Page, _unsure: bool) -> None:
            await self._poster.post(address, page, "")

        for page in self._poster.pages(words):
            await self._poster.fit(page, put)

    async def _noted(self, claimed: Claimed) -> None:
        """Notes what has no address to keep."""
        await self._noting.shown(Shown(claimed, claimed.channel))

    # ---- one part of a message

    async def _put(
        self, claimed: Claimed, address: Address, number: int, page: Page, *, look: bool
    ) -> tuple[str, bool]:
        """Shows one part; answers where, and whether it is a new post.

        An existing post is edited, one that is gone is posted anew. `look`: an earlier try is looked for first.
        """
        key = part_key(claimed.key, number)
        post = claimed.post if number == 1 else await self._runtime.read(lambda session: find_post(session, key))
        ts = post.ts if post and post.channel == address.channel else ""
        if not ts and look:
            if claimed.priority >= NUDGE and not self._poster.finds_again(address):
                raise NobodyKnows
            ts = await self._find(claimed, address, key)
        if not ts:
            if number == 1:
                _not_too_soon(claimed)
            return await self._post(claimed, address, key, page), True
        if claimed.how == "say" and post is None:
            return ts, False
        if self._seen.same(claimed, number, ts, page):
            if not claimed.free:
                self._platform.budget.not_made("edit")
            return ts, False
        if await self._poster.edit(address.channel, ts, page):
            return ts, False
        return await self._in_its_place(claimed, address, key, page, ts), True

    async def _in_its_place(self, claimed: Claimed, address: Address, key: str, page: Page, old: str) -> str:
        """Posts anew what can no longer be edited, and takes the old one away: one live copy, no stale buttons."""
        ts = await self._find(claimed, address, key, but=old) if claimed.tried_before else ""
        if not ts or not await self._poster.edit(address.channel, ts, page):
            ts = await self._post(claimed, address, key, page)
        await self._poster.remove(address.channel, old)
        return ts

    async def _post(self, claimed: Claimed, address: Address, key: str, page: Page) -> str:
        await self._still_ours(claimed)
        posted = await self._poster.post(address, page, key)
        if address.channel == claimed.chat_user:
            self._direct[claimed.chat_user] = posted.channel
        return posted.ts

    async def _still_ours(self, claimed: Claimed) -> None:
        """Posting needs a lease that outlasts the call; after a long halt somebody else may have the message."""
        if datetime.now(UTC) < claimed.lease_until - claimed.lease / 2:
            return
        if not await renewed(self._runtime, claimed):
            raise TakenOver

    async def _find(self, claimed: Claimed, address: Address, key: str, but: str = "") -> str:
        """Where an earlier try has put this message; "" when it never arrived. `but`: not the one that lies there."""
        async for found in self._poster.history(address, claimed.first_try_at - LOOK_BACK):
            if found.key == key and found.ts != but:
                return found.ts
        return ""

    # ---- copies

    async def drop_copies(self, claimed: Claimed) -> None:
        """Takes away what lies there beside the kept post: a try that was accepted after it was posted again.

        One that people have answered already stays.
        """
        kept = claimed.parent
        assert kept is not None
        own = await self._runtime.read(
            lambda session: {kept.ts, *(post.ts for post in _parts_from(session, kept.key, 2))}
        )
        since = self._poster.moment_of(kept.ts) - COPIES_BACK
        async for found in self._poster.history(Address(kept.channel, kept.thread), since):
            ours = found.key.partition("#")[0] == kept.key
            if ours and found.ts not in own and not found.answered:
                await self._poster.remove(kept.channel, found.ts)
        await self._noted(claimed)

    # ---- addresses and endings

    async def _address(self, claimed: Claimed) -> Address:
        """A first message to somebody goes to the person, and the platform opens the conversation in the same call."""
        if claimed.thread_key and claimed.parent is not None:
            return Address(claimed.parent.channel, claimed.parent.ts)
        if claimed.channel:
            return Address(claimed.channel)
        if claimed.post is not None:
            return Address(claimed.post.channel)
        if claimed.tried_before or claimed.how not in ("say", "show"):
            return Address(await self._direct_channel(claimed.chat_user))
        return Address(self._direct.get(claimed.chat_user, claimed.chat_user))

    async def _direct_channel(self, chat_user: str) -> str:
        if chat_user not in self._direct:
            self._direct[chat_user] = await self._poster.direct_channel(chat_user)
        return self._direct[chat_user]

    async def _finish(self, shown: Shown, new: Sequence[str] = ()) -> bool:
        """Notes that it is shown. Where another sender was quicker, this copy is one too many and is taken away.

        `new`: what was posted in the place of a post that was gone. Where its thread asked for it anew meanwhile, that
        one counts. While the old place is still noted, another sender may be about to find this one: it stays.
        """
        claimed = shown.claimed
        if await self._noting.shown(shown):
            return True
        kept = await self._runtime.read(lambda session: find_post(session, claimed.key))
        if claimed.post is None:
            extra = [shown.ts, *shown.parts] if kept is not None and kept.ts != shown.ts else []
        else:
            extra = list(new) if kept is None or kept.ts not in (claimed.post.ts, shown.ts) else []
        for stamp in extra:
            await self._poster.remove(shown.channel, stamp)
        return False

    async def _drop_later_parts(self, claimed: Claimed, first: int) -> None:
        """A card that became shorter: the posts it no longer needs are taken away."""
        if claimed.post is None:
            return
        for post in await self._runtime.read(lambda session: _parts_from(session, claimed.key, first)):
            await self._poster.remove(post.channel, post.ts)
            await self._runtime.write(partial(lose_post, key=post.key))


def _not_too_soon(claimed: Claimed) -> None:
    """A reminder whose first try has not been found has time: that try may still arrive."""
    long = delivery.settled(claimed.lease)
    left = claimed.first_try_at + long - datetime.now(UTC)
    if claimed.tried_before and claimed.priority >= NUDGE and timedelta() < left <= long:
        raise NotYet(left.total_seconds())


def _parts_from(session: Session, key: str, first: int) -> list[Post]:
    found = []
    for number in range(first, MOST_PARTS):
        post = find_post(session, part_key(key, number))
        if post is None:
            break
        found.append(post)
    return found
