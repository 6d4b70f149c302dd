"""A private calendar address over real HTTP: it is made in chat, read by a calendar program, and withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from aiohttp import ClientSession

from bot.http import Web
from bot.slack.platform import SlackPlatform
from prompts_and_forms.unit import feed_address
from tests.worlds.practised import Room


@pytest.fixture
def reached() -> Iterator[None]:
    feed_address.use("https://bot.council.example")
    yield
    feed_address.use("")


@pytest.mark.usefixtures("reached")
async def test_an_address_is_read_until_it_is_withdrawn(room: Room) -> None:
    await room.command("devan", "/unit", "calendar")
    await room.press("devan", "calendar.make")
    found = re.search(r"https://bot\.council\.example(/calendar/\S+\.ics)", (await room.notes("devan"))[-1])
    assert found is not None
    settings = room.settings.model_copy(update={"signing_secret": "practice", "app_token": ""})
    web = Web(settings, room.db, SlackPlatform, address=("127.0.0.1", 0))
    await web.start()
    try:
        async with ClientSession() as calendar:
            address = f"http://127.0.0.1:{web.port}{found.group(1)}"
            async with calendar.get(address) as reply:
                assert reply.status == 200
                assert reply.content_type == "text/calendar"
                assert "BEGIN:VEVENT" in await reply.text()
            await room.press("devan", "calendar.withdraw")
            async with calendar.get(address) as reply:
                assert reply.status == 404
    finally:
        await web.stop()
