"""The practice page in a real browser, against the real practice server and a small connected app.

Without Chromium these tests are left out with one sentence; where CI=true they fail with it instead.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.practice.seat import Practice
from bot.practice.server import serve
from tests.browser.practice_app import CONFIG, Heard, client, connected
from tests.worlds.chromium import FLAGS, NO_CHROMIUM, Desk, find_chromium
from tests.worlds.until import patience

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    if ours and find_chromium() is None and os.environ.get("CI") != "true":
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)
        config.stash[LEFT_OUT] = len(ours)


LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = config.stash.get(LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(f"{count} browser tests left out. {NO_CHROMIUM}", yellow=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = find_chromium()
    if program is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    server = await serve(CONFIG)
    heard = Heard()
    app = await connected(server.base_url, heard)
    practice = Practice(server.base_url)
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", timezone_id="Europe/London"
    )
    context.set_default_timeout(patience(5) * 1000)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield Desk(page, context, server, practice, heard, client(server.base_url))
    await context.close()
    await app.close_async()
    await practice.close()
    await server.close()
    assert problems == []
