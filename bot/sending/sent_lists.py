"""A list that somebody sends the bot: fetched before the message is handled, whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import aiohttp

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
MOST = 2_000_001
"""Bytes that are fetched: one more than is read, so that a larger file is seen to be too large."""


async def fetched(session: aiohttp.ClientSession, address: str, seconds: float, **request: Any) -> bytes | None:
    """The first MOST bytes at an address, nowhere it sends on to; None where a page is there or nothing.

    `request` goes to the session: headers, proxy. Raises what a call raises, and TimeoutError after `seconds`.
    """
    async with (
        asyncio.timeout(seconds),
        session.get(address, allow_redirects=False, **request) as found,
    ):
        if found.status != 200 or found.content_type == "text/html":
            return None
        content = bytearray()
        while len(content) < MOST and (piece := await found.content.read(MOST - len(content))):
            content += piece
        return bytes(content)


def may_go(address: str, own: str, hosts: Collection[str]) -> bool:
    """Whether a file may come from an address or go there: over TLS to one of the hosts, or where `own` itself is."""
    there, usual = urlsplit(address), urlsplit(own)
    if there.netloc and (there.scheme, there.netloc) == (usual.scheme, usual.netloc):
        return True
    return there.scheme == "https" and f".{there.hostname}".endswith(tuple(hosts))
