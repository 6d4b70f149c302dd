"""Practice on Teams in a real browser, by keyboard: a post, a family, a form with a fault, a menu, another seat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.practice.teams.launch import TeamsPractice
from tests.worlds.until import patience

KEY = bytes(range(32))


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, tmp_path: Path) -> AsyncIterator[Page]:
    practice = TeamsPractice(tmp_path, KEY)
    address = await practice.start(0)
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(patience(10) * 1000)
    found = await context.new_page()
    problems: list[str] = []
    found.on("pageerror", lambda error: problems.append(str(error)))
    await found.goto(address)
    yield found
    await context.close()
    await practice.close()
    assert problems == []


async def test_a_family_is_discussed_with_the_keyboard_alone(page: Page) -> None:
    await page.get_by_label("Start a new post").focus()
    await page.keyboard.type("@Unit Meeting Bot meeting")
    await page.keyboard.press("Enter")
    start = page.get_by_role("button", name="Start K").first
    await start.press("Enter")

    reply = page.get_by_label("Reply to the post of Unit Meeting Bot").last
    await expect(page.get_by_text("Type in the thread below as you would speak.")).to_be_visible()
    await reply.focus()
    await page.keyboard.type("She said *no* [here](https://evil.example) <b>x</b>")
    await page.keyboard.press("Enter")
    typed = page.locator(".replies .msg", has_text="She said *no* [here](https://evil.example) <b>x</b>")
    await expect(typed).to_be_visible()
    await expect(typed.locator("a, b, em")).to_have_count(0)
    await expect(page.get_by_text("1 note saved, the last from Orla")).to_be_visible()

    await page.get_by_label("More", exact=True).last.select_option(label="Record: An action")
    opener = page.get_by_role("button", name="Choose: More").last
    await opener.press("Enter")
    dialog = page.locator("#modal")
    await expect(dialog.get_by_role("heading", name="An action")).to_be_focused()
    await dialog.get_by_role("button", name="Save").press("Enter")
    await expect(dialog.get_by_text("This is not saved yet.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()

    await typed.get_by_role("button", name="More actions").press("Enter")
    await page.get_by_role("menuitem", name="Make this an idea").press("Enter")
    await expect(dialog.get_by_role("heading", name="An idea")).to_be_visible()
    await expect(dialog.locator("textarea").first).to_have_value("She said *no* [here](https://evil.example) <b>x</b>")
    await page.keyboard.press("Escape")

    await page.get_by_label("Sitting as").select_option(label="Sam (another team), Not in the unit")
    await page.get_by_role("link", name="Unit Meeting Bot").press("Enter")
    await page.get_by_label("Message Unit Meeting Bot").fill("family list")
    await page.keyboard.press("Enter")
    await expect(page.locator("#channel-list .tag", has_text="App")).to_be_visible()
    await expect(page.locator("#channel-list")).not_to_contain_text("K1791W")


async def test_a_place_pressed_while_somebody_sits_down_is_the_one_that_opens(page: Page) -> None:
    pressed = asyncio.Event()

    async def late(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    await expect(page.get_by_label("Start a new post")).to_be_visible()
    await page.route("**/seat/state?*", late)
    await page.get_by_label("Sitting as").select_option(label="Sam (another team), Not in the unit")
    await page.get_by_role("link", name="Unit Meeting Bot").press("Enter")
    pressed.set()
    await expect(page.get_by_text("You now sit as Sam")).to_have_count(1)
    await expect(page.get_by_label("Message Unit Meeting Bot")).to_be_visible()
