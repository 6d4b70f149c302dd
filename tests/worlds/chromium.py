"""The browser the tests look through."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import BrowserContext, Locator, Page, async_playwright
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice.seat import Practice
from bot.practice.server import PracticeServer
from tests.browser.practice_app import ORLA, UNIT, Heard
from tests.worlds.until import patience

NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_CHROMIUM = (
    "No Chromium was found, so the browser tests cannot run. Install it (Debian: apt-get install chromium; "
    "elsewhere: https://www.chromium.org or Google Chrome), or set CHROMIUM to the program's path."
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
]


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((found for found in map(shutil.which, NAMES) if found), None)


@asynccontextmanager
async def a_page() -> AsyncIterator[Page]:
    """A page of 1366 by 768 pixels in a browser of its own. Without Chromium the test is skipped, and fails in CI."""
    program = find_chromium()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_CHROMIUM, pytrace=False)
        pytest.skip(NO_CHROMIUM)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(patience(20) * 1000)
        yield page
        await browser.close()


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
