"""What Slack says of people: their names, who is a guest, whose account is closed. One question for many people."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import TROUBLE

PERSON_SECONDS = 3600.0
FEW = 5
"""So many people are asked about one by one, at the same time; more of them with the list of everybody."""
LIST_SECONDS = 900.0
"""How long the list of everybody is kept: it is one call for every thousand people of the workspace."""
LIST_WAITS = 3.0
LIST_AGAIN = 60.0
PEOPLE_A_PAGE = 1000


@dataclass(frozen=True)
class Account:
    """What matters of a Slack user."""

    name: str
    guest: bool
    bot: bool
    title: str = ""
    closed: bool = False


class Accounts:
    """Kept for an hour. Raises what a Slack call raises, unless a method says otherwise."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: dict[str, tuple[float, Account]] = {}
        self._closed: frozenset[str] = frozenset()
        self._listed_at = -LIST_SECONDS
        self._ask_at = 0.0
        self._asking = asyncio.Lock()

    async def of_one(self, user: str) -> Account:
        """What Slack says of one person."""
        return (await self.of([user]))[0]

    async def of(self, users: Sequence[str]) -> list[Account]:
        """What Slack says of some people, in their order."""
        if len(self._unknown(users)) > FEW:
            async with self._asking:
                if len(self._unknown(users)) > FEW and time.monotonic() - self._listed_at >= LIST_SECONDS:
                    await self._list()
        unknown = self._unknown(users)
        for start in range(0, len(unknown), FEW):
            await asyncio.gather(*(self._ask(user) for user in unknown[start : start + FEW]))
        return [self._known[user][1] for user in users]

    async def has_left(self, user: str) -> bool:
        """Whether an account is closed. Slack takes a message to one without a word, and nobody ever reads it.

        Where Slack does not say in time, what it said last counts: a message is never kept back for want of an answer.
        """
        async with self._asking:
            if time.monotonic() >= self._ask_at:
                self._ask_at = time.monotonic() + LIST_AGAIN
                with suppress(*TROUBLE):
                    await asyncio.wait_for(self._list(), LIST_WAITS)
        return user in self._closed

    def _unknown(self, users: Sequence[str]) -> list[str]:
        now = time.monotonic()
        return [user for user in users if user not in self._known or now - self._known[user][0] >= PERSON_SECONDS]

    async def _ask(self, user: str) -> None:
        self._keep((await self._client.users_info(user=user))["user"])

    async def _list(self) -> None:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page: Any = await self._client.users_list(limit=PEOPLE_A_PAGE, cursor=cursor or None)
            found += page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        for user in found:
            self._keep(user)
        self._closed = frozenset(user["id"] for user in found if user.get("deleted"))
        self._listed_at = time.monotonic()
        self._ask_at = self._listed_at + LIST_SECONDS

    def _keep(self, user: dict[str, Any]) -> None:
        guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
        account = Account(
            name=shown_name(user),
            guest=bool(guest),
            bot=bool(user.get("is_bot")),
            title=str((user.get("profile") or {}).get("title") or ""),
            closed=bool(user.get("deleted")),
        )
        self._known[user["id"]] = (time.monotonic(), account)


def shown_name(user: dict[str, Any]) -> str:
    """What Slack calls somebody."""
    return str(user.get("real_name") or (user.get("profile") or {}).get("real_name") or user.get("name", ""))
