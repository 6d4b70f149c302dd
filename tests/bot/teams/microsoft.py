"""`make cards`: Microsoft's renderer and the practice page draw the same cards, and what people read is compared."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Route, async_playwright

from bot.practice.our_own_page import PAGE
from bot.teams import cards as teams
from bot.teams import dialogs
from prompts_and_forms import card as cards
from prompts_and_forms.card import Choice, card, say, small
from prompts_and_forms.forms.catalogue import form_ids, load_form
from tests.bot.teams.full_forms import MARKUP, every_view
from tests.bot.teams.judge import INPUTS, parts_of
from tests.worlds.chromium import FLAGS, NO_CHROMIUM, find_chromium

Json = dict[str, Any]

HERE = "http://127.0.0.1:1/"
EMPTY = "<!doctype html><html lang='en'><body><main id='own'></main><div id='theirs'></div></body></html>"
MARKDOWN = r"""window.markdown = (text) => {
  const safe = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const linked = safe.replace(/\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>');
  return linked.replace(/[*_]([^*_]+)[*_]/g, "<em>$1</em>").replace(/`([^`]+)`/g, "<code>$1</code>");
};"""
DRAW = """async (content) => {
  const { cardWithFoot } = await import("/page/static/teams/card.js");
  const [own, theirs] = [document.getElementById("own"), document.getElementById("theirs")];
  own.replaceChildren(cardWithFoot(content, async () => {}, "card"));
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    Object.assign(result, { outputHtml: window.markdown(text), didProcess: true });
  };
  const [found, context] = [new AdaptiveCards.AdaptiveCard(), new AdaptiveCards.SerializationContext()];
  found.parse(content, context);
  theirs.replaceChildren(found.render());
  const words = (root) => {
    const [all, walker] = [[], document.createTreeWalker(root, NodeFilter.SHOW_TEXT)];
    while (walker.nextNode()) all.push(walker.currentNode.data);
    return all.join("").replace(/\\s+/g, "");
  };
  return {
    wrong: Array.from({ length: context.eventCount }, (_, n) => context.getEventAt(n).message),
    inputs: found.getAllInputs().map((one) => [one.id, String(one.value ?? "")]).sort(),
    live: theirs.querySelectorAll("a, em, code, img").length, own: words(own), theirs: words(theirs),
  };
}"""


@dataclass
class Count:
    """What was compared, and what differed."""

    cards: int = 0
    inputs: int = 0
    differences: int = 0


def every_card() -> Iterator[tuple[str, Json]]:
    """Every form with every box full of markup, part by part, and every kind of block with markup in it."""
    for form_id in form_ids():
        for view in every_view(load_form(form_id), MARKUP):
            for part in dialogs.parts(view):
                yield form_id, dialogs.task(view, at=part[0].key)["card"]["content"]
    sure = cards.Confirm(title=MARKUP, text=MARKUP, yes=MARKUP, no=MARKUP)
    menu = cards.Menu(action="a.b", label=MARKUP, choices=(Choice(value="1", label=MARKUP),))
    for block in (
        say(MARKUP),
        small(MARKUP),
        cards.Heading(text=MARKUP),
        cards.Quote(text=MARKUP, by=MARKUP),
        cards.Bullets(items=((MARKUP,),), title=MARKUP),
        cards.Facts(rows=((MARKUP, MARKUP),)),
        cards.Table(rows=((MARKUP, "b"), ("c", MARKUP)), words=MARKUP),
        cards.Buttons(items=(cards.Button(action="a.b", label=MARKUP, about=MARKUP, confirm=sure), menu)),
    ):
        (page,) = teams.pages(card("notice", block))
        yield type(block).__name__, page["attachments"][0]["content"]


def differences(content: Json, seen: Json) -> Iterator[str]:
    """What Microsoft's renderer makes of a card otherwise than the page, in words."""
    yield from seen["wrong"]
    if seen["live"]:
        yield f"{seen['live']} parts of typed words act or stand out"
    if seen["own"] != seen["theirs"]:
        yield "other words"
    held = sorted([part["id"], str(part.get("value", ""))] for kind in INPUTS for part in parts_of(content, kind))
    if held != seen["inputs"]:
        yield "other answers"


async def compared(renderer: str) -> Count:
    """Draws every card twice in Chromium, and says what differs."""
    program = find_chromium()
    if program is None:
        raise SystemExit(NO_CHROMIUM)
    count = Count()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page()
        await page.route("**/*", _serve)
        await page.goto(HERE)
        for script in (renderer, MARKDOWN):
            await page.add_script_tag(content=script)
        for name, content in every_card():
            seen = await page.evaluate(DRAW, content)
            count.cards += 1
            count.inputs += len(seen["inputs"])
            for words in differences(content, seen):
                count.differences += 1
                print(f"{name}: {words}")
        await browser.close()
    return count


async def _serve(route: Route) -> None:
    file = PAGE / (route.request.url.removeprefix(HERE).removeprefix("page/static/") or "none")
    if file.suffix == ".js" and file.is_file():
        await route.fulfill(body=file.read_text("utf-8"), content_type="text/javascript")
    else:
        await route.fulfill(body=EMPTY, content_type="text/html")


if __name__ == "__main__":
    found = asyncio.run(compared(Path(sys.argv[1]).read_text("utf-8")))
    print(f"{found.cards} cards, {found.inputs} inputs, {found.differences} differences")
    sys.exit(1 if found.differences else 0)
