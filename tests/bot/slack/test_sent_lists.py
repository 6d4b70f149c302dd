"""Fetching a list: the bot's token goes to Slack and to nobody else."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.reading.lists import SentLists


class Asked(Exception):
    """The session was asked for an address."""


class NeverAsked:
    """Stands where the session stands and says when it is used."""

    def get(self, address: str, **_more: object) -> None:
        raise Asked(address)


def lists() -> SentLists:
    session: aiohttp.ClientSession = NeverAsked()  # type: ignore[assignment]
    return SentLists(AsyncWebClient(token="xoxb-secret"), session)


def sent(address: str, name: str = "families.csv") -> dict[str, object]:
    return {"files": [{"name": name, "url_private_download": address}]}


@pytest.mark.parametrize(
    "address",
    [
        "https://files.slack.com.example.org/a.csv",
        "https://example.org/slack.com/a.csv",
        "http://files.slack.com/a.csv",
        "https://notslack.com/a.csv",
        "file:///etc/passwd",
        "",
    ],
)
async def test_another_address_is_not_asked(address: str) -> None:
    found = await lists().sent(sent(address))
    assert found is not None
    assert found.content is None


async def test_slacks_own_address_is_asked() -> None:
    with pytest.raises(Asked):
        await lists().sent(sent("https://files.slack.com/files-pri/T1-F1/download/families.csv"))


async def test_a_message_without_a_list_asks_nothing() -> None:
    assert await lists().sent({}) is None
    assert await lists().sent(sent("https://files.slack.com/a.png", "photo.png")) is None
