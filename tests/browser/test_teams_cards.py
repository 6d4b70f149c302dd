"""Adaptive Cards as the practice page draws them: words shown as they were typed, boxes filled in by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.practice.our_own_page import PAGE
from bot.teams import cards as teams
from bot.teams import dialogs
from prompts_and_forms import card as cards
from prompts_and_forms.card import Choice, card, say
from prompts_and_forms.forms.form import Field, FieldKind, FormView

Json = dict[str, Any]

KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
HERE = "http://127.0.0.1:1/"
EMPTY = """<!doctype html><html lang="en"><head><link rel="stylesheet" href="/page/static/style.css">
<link rel="stylesheet" href="/page/static/teams/teams.css"></head><body><main id="here"></main></body></html>"""
DRAW = """async (content) => {
  const { cardWithFoot } = await import("/page/static/teams/card.js");
  window.sent = [];
  const act = async (action, values) => { window.sent.push([action.title, values]); };
  document.getElementById("here").replaceChildren(cardWithFoot(content, act, "card"));
}"""
MARKUP = "*bold* [click](https://evil.example) <b>html</b> &amp; # `code`"


@dataclass
class Drawn:
    """A page with one card on it."""

    page: Page

    async def draw(self, content: Json) -> None:
        await self.page.evaluate(DRAW, content)

    async def sent(self) -> list[Any]:
        found: list[Any] = await self.page.evaluate("window.sent")
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def drawn(browser: Browser) -> AsyncIterator[Drawn]:
    async def serve(route: Route) -> None:
        path = route.request.url.removeprefix(HERE).removeprefix("page/static/")
        file = PAGE / path
        body = file.read_text("utf-8") if path and file.is_file() else EMPTY
        await route.fulfill(body=body, content_type=KINDS.get(file.suffix, "text/html"))

    page = await browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.route("**/*", serve)
    await page.goto(HERE)
    yield Drawn(page)
    await page.close()
    assert problems == []


def content_of(*blocks: cards.Block) -> Json:
    (page,) = teams.pages(card("notice", *blocks))
    found: Json = page["attachments"][0]["content"]
    return found


def dialog(*fields: Field, **more: Any) -> Json:
    view = FormView(form="f", title="A form", fields=fields)
    found: Json = dialogs.task(view, **more)["card"]["content"]
    return found


@pytest.mark.parametrize(
    "block",
    [
        say(MARKUP),
        cards.Heading(text=MARKUP),
        cards.Quote(text=MARKUP),
        cards.Bullets(items=((MARKUP,),)),
        cards.Facts(rows=(("Label", MARKUP),)),
        cards.Table(rows=(("Head",), (MARKUP,))),
    ],
    ids=lambda block: type(block).__name__,
)
async def test_markup_is_shown_and_acts_as_nothing(drawn: Drawn, block: cards.Block) -> None:
    await drawn.draw(content_of(block))
    await expect(drawn.page.locator("#here")).to_contain_text(MARKUP)
    await expect(drawn.page.locator("#here a, #here b, #here em, #here code, #here img")).to_have_count(0)


async def test_a_heading_is_one_and_words_go_in_their_own_direction(drawn: Drawn) -> None:
    await drawn.draw(content_of(cards.Heading(text="Safety first"), say("مرحبا")))
    await expect(drawn.page.get_by_role("heading", name="Safety first")).to_be_visible()
    assert await drawn.page.locator(".ac-text").last.evaluate("node => getComputedStyle(node).direction") == "rtl"


async def test_a_form_is_filled_in_by_keyboard_and_every_box_is_named(drawn: Drawn) -> None:
    options = (Choice(value="a", label="Nan"), Choice(value="b", label="School"))
    await drawn.draw(
        dialog(
            Field(key="what", kind=FieldKind.TEXT, label="What", required=True),
            Field(key="why", kind=FieldKind.LONG_TEXT, label="Why", value="so far"),
            Field(key="one", kind=FieldKind.ONE, label="Which one", options=options),
            Field(key="some", kind=FieldKind.MANY, label="Who", options=options, value=("b",)),
            Field(key="when", kind=FieldKind.DATE, label="When", value="2026-11-24"),
        )
    )
    page = drawn.page
    await expect(page.get_by_label("What *")).to_have_attribute("aria-required", "true")
    await page.get_by_label("What *").focus()
    await page.keyboard.type("Ring Nan")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Why")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(page.get_by_role("group", name="Which one").get_by_label("Nan")).to_be_checked()
    await page.get_by_role("group", name="Who").get_by_label("Nan").check()
    await page.get_by_role("button", name="Save").press("Enter")
    (said,) = await drawn.sent()
    assert said == [
        "Save",
        {"in:what": "Ring Nan", "in:why": "so far", "in:one": "a", "in:some": "a,b", "in:when": "2026-11-24"},
    ]


async def test_a_fault_is_read_before_its_field(drawn: Drawn) -> None:
    field = Field(key="when", kind=FieldKind.DATE, label="When", required=True)
    await drawn.draw(dialog(field, errors={"when": "Please choose a date, so that this can be saved."}))
    words = await drawn.page.locator("#here").inner_text()
    assert words.index("This is not saved yet.") < words.index("Please choose a date") < words.index("When *")


async def test_are_you_sure_is_asked_in_the_card_and_can_be_left_by_keyboard(drawn: Drawn) -> None:
    sure = cards.Confirm(title="Close it?", text="Nobody can add to it.", yes="Close it", no="Leave it")
    button = cards.Button(action="meeting.close_now", label="Close", confirm=sure, style="danger")
    await drawn.draw(content_of(cards.Buttons(items=(button,))))
    page = drawn.page
    opener = page.get_by_role("button", name="Close", exact=True)
    await expect(page.get_by_text("Close it?")).to_be_hidden()
    await opener.press("Enter")
    await expect(page.get_by_text("Close it?")).to_be_visible()
    await expect(page.get_by_role("button", name="Close it")).to_be_focused()
    await page.get_by_role("button", name="Leave it").press("Enter")
    await expect(page.get_by_text("Close it?")).to_be_hidden()
    await expect(opener).to_be_focused()
    assert await drawn.sent() == []


async def test_a_menu_sends_what_was_chosen_and_other_buttons_send_no_inputs(drawn: Drawn) -> None:
    choices = (Choice(value="f1", label="K3107C"), Choice(value="f2", label="K2284H"))
    menu = cards.Menu(action="agenda.start", label="Start another family", choices=choices)
    await drawn.draw(content_of(cards.Buttons(items=(cards.Button(action="meeting.break", label="Break"), menu))))
    page = drawn.page
    await page.get_by_label("Start another family", exact=True).select_option("f2")
    await page.get_by_role("button", name="Choose: Start another family").press("Enter")
    await page.get_by_role("button", name="Break").press("Enter")
    (chosen, (_title, nothing)) = await drawn.sent()
    assert list(chosen[1].values()) == ["f2"]
    assert nothing == {}
