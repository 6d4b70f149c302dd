"""After a backup was brought back: which of the bot's own posts lie in the channels that the record does not know."""

from __future__ import annotations

from functools import partial

from sqlmodel import Session

from bot.logs import log
from bot.platform import Address, FoundPost, Platform
from bot.runtime import Runtime
from handlers.unit import restored as unit_restored
from storage.backup import restored
from storage.unit import units


class Comparer:
    """Looks once after each restoration, at every unit's channel, since the moment of the backup."""

    def __init__(self, runtime: Runtime, platform: Platform) -> None:
        self._runtime, self._platform = runtime, platform
        self._log = log("compare")

    async def compare(self) -> int:
        """How many of its posts the record does not know; 0 where nothing was restored since the last look."""
        asked = await self._runtime.read(restored.to_compare)
        if asked is None:
            return 0
        restoration_id, since = asked
        missing: dict[str, list[str]] = {}
        for unit_id, channel in await self._runtime.read(_channels):
            try:
                found = [post async for post in self._platform.poster.history(Address(channel), since)]
            except self._platform.failures as error:
                self._log.warning("channel_not_read", reason=self._platform.verdict(error).code)
                continue
            missing[unit_id] = await self._runtime.read(partial(_unknown, channel=channel, posts=found))
        now = self._runtime.clock.now()
        count = await self._runtime.write(lambda s: unit_restored.tell(s, restoration_id, missing, now))
        self._log.info("restored", posts_not_in_the_record=count)
        return count


def _channels(session: Session) -> list[tuple[str, str]]:
    return [(unit.id, unit.channel) for unit in units.every_unit(session) if unit.channel]


def _unknown(session: Session, *, channel: str, posts: list[FoundPost]) -> list[str]:
    return restored.unknown(session, channel, {post.ts: post.key for post in posts})
