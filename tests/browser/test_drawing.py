"""What the app writes, as it looks: mrkdwn, rich text, markdown, tables, lists of facts."""

from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.practice_app import DEVAN, UNIT, mrkdwn, option, plain
from tests.worlds.chromium import Desk


async def drawn(desk: Desk, *blocks: dict[str, Any], text: str = "shown") -> Locator:
    """The newest message of the app, after it wrote this."""
    await desk.open()
    await desk.bot.chat_postMessage(channel=UNIT, text=text, blocks=list(blocks) or None)
    message = desk.page.locator("#channel-list .msg").last
    await expect(message).to_contain_text("Unit Meeting Bot")
    return message.locator(".content")


async def test_slacks_marks_become_what_they_mean(desk: Desk) -> None:
    plainly = "&lt;b&gt; 5 * 3 * 2 snake_case_name"
    text = f"*bold* _italic_ ~gone~ `a*b*c` <https://example.org/x?a=1&amp;b=2|the guide> :wave: {plainly}"
    content = await drawn(desk, text=text)
    await expect(content.locator("strong")).to_have_text("bold")
    await expect(content.locator("em")).to_have_text("italic")
    await expect(content.locator("s")).to_have_text("gone")
    await expect(content.locator("code")).to_have_text("a*b*c")
    await expect(content.get_by_role("link", name="the guide")).to_have_attribute(
        "href", "https://example.org/x?a=1&b=2"
    )
    await expect(content.get_by_role("img", name="wave")).to_have_text("👋")
    await expect(content).to_contain_text("<b> 5 * 3 * 2 snake_case_name")


async def test_people_channels_and_broadcasts_are_named(desk: Desk) -> None:
    content = await drawn(desk, text=f"<@{DEVAN}> in <#{UNIT}> <!channel>")
    await expect(content.locator(".mention")).to_have_text(["@Devan", "#kestrel-unit", "@channel"])


async def test_quotes_and_code_keep_their_lines(desk: Desk) -> None:
    content = await drawn(desk, text="&gt; first\n&gt; second\nafter\n```one\n  two```\n• a\n• b")
    await expect(content.locator("blockquote")).to_have_text("first\nsecond", use_inner_text=True)
    assert await content.locator("pre").inner_text() == "one\n  two"
    await expect(content.locator("li")).to_have_text(["a", "b"])


async def test_an_address_that_runs_a_script_is_no_link(desk: Desk) -> None:
    content = await drawn(desk, text="<javascript:alert(1)|press me>")
    await expect(content.get_by_role("link")).to_have_count(0)


async def test_rich_text_keeps_lists_styles_and_people(desk: Desk) -> None:
    section = [
        {"type": "text", "text": "strong", "style": {"bold": True}},
        {"type": "user", "user_id": DEVAN},
        {"type": "emoji", "name": "wave"},
    ]
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": word}]} for word in ("one", "two")]
    block = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": section},
            {"type": "rich_text_list", "style": "ordered", "elements": items},
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
        ],
    }
    content = await drawn(desk, block)
    await expect(content.locator("strong")).to_have_text("strong")
    await expect(content.locator(".mention")).to_have_text("@Devan")
    await expect(content.locator("ol li")).to_have_text(["one", "two"])
    await expect(content.locator("blockquote")).to_have_text("quoted")


async def test_a_chart_says_its_numbers_and_tells_its_lines_apart_without_colour(desk: Desk) -> None:
    def line(name: str, *values: int) -> dict[str, Any]:
        return {
            "name": name,
            "data": [{"label": on, "value": n} for on, n in zip(("May", "June"), values, strict=True)],
        }

    series = [line("Total", 20, 12), line("Impact", 4, 2)]
    chart = {"type": "line", "series": series, "axis_config": {"categories": ["May", "June"]}}
    content = await drawn(desk, {"type": "data_visualization", "title": "Over time", "chart": chart})
    picture = content.get_by_role("img", name="Over time. Total: May 20, June 12. Impact: May 4, June 2")
    await expect(picture.locator(".chart-value")).to_have_text(["20", "12", "4", "2"])
    await expect(content.locator(".chart-legend li")).to_have_text([" Total", " Impact"])
    assert await picture.locator("circle").count() == 2


async def test_a_table_has_headers_for_columns_and_rows(desk: Desk) -> None:
    def cells(*words: str) -> list[dict[str, str]]:
        return [{"type": "raw_text", "text": word} for word in words]

    block = {
        "type": "data_table",
        "caption": "Open actions",
        "rows": [cells("Action", "Owner"), cells("Ring the school", "Devan")],
        "row_header_column_index": 0,
    }
    content = await drawn(desk, block)
    table = content.get_by_role("table", name="Open actions")
    await expect(table.get_by_role("columnheader")).to_have_text(["Action", "Owner"])
    await expect(table.get_by_role("rowheader")).to_have_text("Ring the school")


async def test_markdown_facts_and_context_are_drawn(desk: Desk) -> None:
    content = await drawn(
        desk,
        {"type": "markdown", "text": "## Summary\n**kept** and *said*\n\n- one\n- two"},
        {"type": "section", "fields": [mrkdwn("*Now*\nVoices"), mrkdwn("*Time*\n34 minutes")]},
        {"type": "context", "elements": [mrkdwn("version 4")]},
    )
    await expect(content.get_by_role("heading", name="Summary")).to_be_visible()
    await expect(content.locator("ul li")).to_have_text(["one", "two"])
    await expect(content.locator(".fact")).to_have_text(["Now Voices", "Time 34 minutes"])
    await expect(content).to_contain_text("version 4")


async def test_the_small_menu_of_a_section_works_by_keyboard(desk: Desk) -> None:
    menu = {"type": "overflow", "action_id": "more", "options": [option("Hand over"), option("Hide the timer")]}
    content = await drawn(desk, {"type": "section", "text": mrkdwn("Facilitator"), "accessory": menu})
    more = content.get_by_role("button", name="More choices")
    await more.focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("menuitem", name="Hand over")).to_be_focused()
    await desk.page.keyboard.press("ArrowDown")
    await expect(desk.page.get_by_role("menuitem", name="Hide the timer")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(more).to_be_focused()


async def test_a_picture_from_elsewhere_is_described_not_fetched(desk: Desk) -> None:
    block = {
        "type": "image",
        "image_url": "https://example.org/x.png",
        "alt_text": "A genogram",
        "title": plain("Family"),
    }
    content = await drawn(desk, block)
    await expect(content).to_contain_text("Picture: A genogram")
    await expect(content.locator("img")).to_have_count(0)


async def test_a_choice_the_app_changes_is_shown_as_the_app_now_has_it(desk: Desk) -> None:
    def row(initial: str) -> list[dict[str, Any]]:
        choices = {"type": "radio_buttons", "action_id": "here", "options": [option("Present"), option("Apologies")]}
        return [{"type": "actions", "block_id": "r", "elements": [{**choices, "initial_option": option(initial)}]}]

    content = await drawn(desk, *row("Present"))
    await expect(content.get_by_role("radio", name="Present")).to_be_checked()
    [message] = await desk.practice.seat(DEVAN).messages(UNIT)
    await desk.bot.chat_update(channel=UNIT, ts=message["ts"], text="shown", blocks=row("Apologies"))
    await expect(content.get_by_role("radio", name="Apologies")).to_be_checked()
