"""The practice page in a real browser, against the real practice server and a small connected app.

Without Chromium these tests are left out with one sentence; where CI=true they fail with it instead.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice.seat import Practice
from bot.practice.server import PracticeServer, serve
from tests.browser.practice_app import CONFIG, ORLA, UNIT, Heard, client, connected
from tests.worlds.chromium import FLAGS, NO_CHROMIUM, find_chromium

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


@dataclass
class Desk:
    """One person's page, the workspace behind it, and what the app heard."""

    page: Page
    context: BrowserContext
    server: PracticeServer
    practice: Practice
    heard: Heard
    bot: AsyncWebClient

    async def open(self, seat: str = ORLA, channel: str = UNIT) -> None:
        await self.page.goto(f"{self.server.base_url}/?seat={seat}&channel={channel}")
        await self.page.locator("#channel-head h1").filter(has_text="#").wait_for()

    @property
    def message_box(self) -> Locator:
        return self.page.locator("#compose-channel textarea")

    @property
    def thread_box(self) -> Locator:
        return self.page.locator("#compose-thread textarea")

    @property
    def form(self) -> Locator:
        return self.page.locator("#modal")

    @property
    def choices(self) -> Locator:
        """What an open list of suggestions or choices offers."""
        return self.page.locator("[role=option]:visible")

    def message(self, text: str) -> Locator:
        return self.page.locator("#channel-list .msg", has_text=text)

    async def say(self, text: str) -> None:
        await self.message_box.fill(text)
        await self.message_box.press("Enter")

    async def focused(self) -> str:
        """What the keyboard is on: its accessible words."""
        script = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
        return str(await self.page.evaluate(script)).strip()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser) -> AsyncIterator[Desk]:
    server = await serve(CONFIG)
    heard = Heard()
    app = await connected(server.base_url, heard)
    practice = Practice(server.base_url)
    context = await browser.new_context(
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce", timezone_id="Europe/London"
    )
    context.set_default_timeout(5000)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield Desk(page, context, server, practice, heard, client(server.base_url))
    await context.close()
    await app.close_async()
    await practice.close()
    await server.close()
    assert problems == []
