"""A bare Bolt app in a process of its own: it acknowledges whatever comes and does nothing else."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

ANYTHING = re.compile(".*", re.DOTALL)


async def heard(ack: Callable[..., Awaitable[object]]) -> None:
    await ack()


async def main() -> None:
    """Runs until its standard input is closed."""
    client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    client.proxy = None
    app = AsyncApp(
        client=client,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    for register in (app.event, app.command, app.action, app.shortcut, app.view, app.view_closed):
        register(ANYTHING)(heard)  # type: ignore[operator]
    line = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client)
    line.client.proxy = None
    await line.connect_async()
    await asyncio.to_thread(sys.stdin.read)
    with suppress(Exception):
        await line.close_async()


if __name__ == "__main__":
    asyncio.run(main())
