"""Whether a request really comes from Teams, for this bot, out of this tenant. What cannot be told is not trusted."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt

from bot.teams.setting_up.config import HOSTS, TeamsSettings

Json = dict[str, Any]

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
LEEWAY = 300
"""Seconds two clocks may differ."""
KEYS_SECONDS, AGAIN_SECONDS = 24 * 3600.0, 60.0
"""How long Microsoft's keys count, and how soon they are asked for again where a key is not among them."""
MUST_SAY = ("exp", "iss", "aud")


class NotTrusted(Exception):
    """`reason` is for the log: it holds nothing of the request."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Keys:
    """Microsoft's public keys, by their names. Raises what an HTTP call raises where they cannot be had."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asked_at = -KEYS_SECONDS
        self._asking = asyncio.Lock()

    async def of(self, name: str) -> jwt.PyJWK | None:
        """The key of this name, where Microsoft vouches for it for Teams."""
        if self._is_known(name):
            return self._keys.get(name)
        async with self._asking:
            if not self._is_known(name):
                await self._ask()
        return self._keys.get(name)

    def _is_known(self, name: str) -> bool:
        """Whether there is nothing to ask: a strange name is no reason to ask again and again."""
        age = time.monotonic() - self._asked_at
        return age < (KEYS_SECONDS if name in self._keys else AGAIN_SECONDS)

    async def _ask(self) -> None:
        try:
            where = await self._get(self._url)
            found = await self._get(str(where["jwks_uri"]))
        except (aiohttp.ClientError, TimeoutError, OSError):
            if not self._keys:
                raise
            found = {"keys": []}
        keys = {str(one.get("kid")): _key(one) for one in found.get("keys") or () if CHANNEL in _endorsed(one)}
        self._keys = {name: key for name, key in keys.items() if key is not None} or self._keys
        self._asked_at = time.monotonic()

    async def _get(self, url: str) -> Json:
        async with self._session.get(url) as answer:
            answer.raise_for_status()
            return dict(await answer.json(content_type=None))


def _endorsed(one: Json) -> list[str]:
    return list(one.get("endorsements") or ())


def _key(one: Json) -> jwt.PyJWK | None:
    try:
        return jwt.PyJWK(one, algorithm="RS256")
    except jwt.PyJWTError:
        return None


class TokenCheck:
    """Looks at the token of a request and at what the request says of itself."""

    def __init__(self, settings: TeamsSettings, keys: Keys) -> None:
        self._settings, self._keys = settings, keys

    async def signed(self, header: str) -> Json:
        """What the token says, once its signature, issuer, audience and time are right. Raises NotTrusted."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotTrusted("no token")
        try:
            head = jwt.get_unverified_header(token)
            if head.get("alg") != "RS256":
                raise NotTrusted("another algorithm")
            key = await self._keys.of(str(head.get("kid") or ""))
            if key is None:
                raise NotTrusted("unknown key")
            return dict(
                jwt.decode(
                    token,
                    key=key,
                    algorithms=["RS256"],
                    audience=self._settings.app_id,
                    issuer=ISSUER,
                    leeway=LEEWAY,
                    options={"require": list(MUST_SAY)},
                )
            )
        except jwt.PyJWTError as error:
            raise NotTrusted(type(error).__name__) from None

    def belongs(self, claims: Json, activity: Json) -> None:
        """Whether the request is what its token is for, and of this tenant. Raises NotTrusted."""
        if activity.get("channelId") != CHANNEL:
            raise NotTrusted("another channel")
        url = str(activity.get("serviceUrl") or "")
        if str(claims.get("serviceurl") or "").rstrip("/").lower() != url.rstrip("/").lower():
            raise NotTrusted("another service url")
        if not self.may_go_to(url):
            raise NotTrusted("an unknown service url")
        if tenants_of(activity) != {self._settings.tenant}:
            raise NotTrusted("another tenant")

    def may_go_to(self, url: str) -> bool:
        """Whether the bot's own token may be sent there."""
        there, usual = urlsplit(url), urlsplit(self._settings.service_url)
        if (there.scheme, there.netloc) == (usual.scheme, usual.netloc):
            return True
        return there.scheme == "https" and there.netloc in HOSTS


def tenants_of(activity: Json) -> set[str]:
    """Every tenant a request names for the place it comes from."""
    conversation, more = activity.get("conversation"), activity.get("channelData")
    tenant = more.get("tenant") if isinstance(more, dict) else None
    named = [
        conversation.get("tenantId") if isinstance(conversation, dict) else None,
        tenant.get("id") if isinstance(tenant, dict) else None,
    ]
    return {str(one).lower() for one in named if one}
