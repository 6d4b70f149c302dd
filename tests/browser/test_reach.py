"""Zoom, narrow windows, the clock and trouble: the page for everyone."""

from playwright.async_api import expect

from tests.browser.practice_app import UNIT
from tests.figures import counted
from tests.worlds.chromium import Desk


async def no_sideways_scroll(desk: Desk) -> bool:
    return bool(await desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


async def test_at_200_percent_zoom_nothing_scrolls_sideways(desk: Desk) -> None:
    await desk.page.set_viewport_size({"width": 640, "height": 400})
    await desk.open()
    await desk.say("/meeting start")
    await expect(desk.message("Kestrel Unit meeting")).to_be_visible()
    assert await no_sideways_scroll(desk)
    await desk.page.get_by_role("button", name="Open the form").click()
    await expect(desk.form.get_by_role("button", name="Save")).to_be_visible()
    assert await no_sideways_scroll(desk)
    await desk.form.get_by_role("button", name="Save").scroll_into_view_if_needed()
    await expect(desk.form.get_by_role("button", name="Save")).to_be_in_viewport()


async def test_at_400_percent_zoom_nothing_scrolls_sideways_either(desk: Desk) -> None:
    await desk.page.set_viewport_size({"width": 320, "height": 300})
    await desk.open()
    await desk.say("/meeting start")
    await expect(desk.message("Kestrel Unit meeting")).to_be_visible()
    assert await no_sideways_scroll(desk)
    await desk.page.locator("#clock-button").click()
    await expect(desk.page.locator("#clock-panel")).to_be_visible()
    assert await no_sideways_scroll(desk)


async def test_the_list_stays_at_its_end_when_the_thread_opens_beside_it(desk: Desk) -> None:
    for number in range(12):
        await desk.practice.seat("U0DEVAN").type(UNIT, f"a message long enough to wrap, number {number}. " * 4)
    await desk.open()
    await expect(desk.message("number 11")).to_be_in_viewport()
    await desk.page.get_by_role("button", name="Reply in thread to Devan").last.click()
    await expect(desk.thread_box).to_be_focused()
    gap = "box => box.scrollHeight - box.scrollTop - box.clientHeight"
    assert await desk.page.locator("#channel-list").evaluate(gap) < 2


async def test_at_800_pixels_the_columns_stack_and_all_is_within_reach(desk: Desk) -> None:
    await desk.page.set_viewport_size({"width": 800, "height": 700})
    await desk.open()
    await desk.say("stacked")
    await expect(desk.page.get_by_role("link", name="# town-hall")).to_be_hidden()
    await desk.page.get_by_role("button", name="Reply in thread to Orla").click()
    await expect(desk.thread_box).to_be_focused()
    await expect(desk.message_box).to_be_hidden()
    await desk.page.get_by_role("button", name="Close thread").click()
    await desk.page.get_by_role("button", name="Channels and messages").click()
    await desk.page.get_by_role("link", name="# town-hall").click()
    await expect(desk.page.locator("#channel-head h1")).to_have_text("# town-hall")
    assert await no_sideways_scroll(desk)


async def test_the_first_tab_stop_leads_past_everything_to_the_messages(desk: Desk) -> None:
    await desk.open()
    await desk.page.keyboard.press("Tab")
    assert await desk.focused() == "Skip to the messages"
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Enter")
    await expect(desk.message_box).to_be_focused()


async def test_the_clock_is_moved_by_a_day_and_back(desk: Desk) -> None:
    await desk.open()
    await desk.page.get_by_role("button", name="Unit's clock").click()
    await desk.page.get_by_role("button", name="+ 1 day").click()
    await expect(desk.page.get_by_role("button", name="Unit's clock")).to_contain_text("(moved)")
    state = await desk.practice.seat("U0ORLA").state()
    assert 82_000 < state["workspace"]["clock"]["offset_seconds"] < 91_000
    await desk.page.get_by_role("button", name="Back to the real time").click()
    await expect(desk.page.get_by_role("button", name="Unit's clock")).not_to_contain_text("(moved)")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator("#clock-panel")).to_be_hidden()


async def test_trouble_is_switched_on_and_off(desk: Desk) -> None:
    await desk.open()
    await desk.page.get_by_role("button", name="Trouble").click()
    await desk.page.get_by_role("button", name="Refuse").click()
    await expect(desk.page.locator("#trouble-said")).to_contain_text("too many requests")
    assert desk.server.faults.ratelimit["chat.postMessage"]["count"] == 3
    await desk.page.get_by_role("button", name="End all trouble").click()
    await expect(desk.page.locator("#trouble-said")).to_contain_text("switched off")
    assert desk.server.faults.ratelimit == {}


async def test_people_here_are_listed_and_somebody_may_leave(desk: Desk) -> None:
    await desk.open()
    await desk.page.get_by_role("button", name="2 people").click()
    await desk.page.get_by_role("button", name="Devan leaves this channel").click()
    await expect(desk.page.get_by_role("button", name="1 person")).to_be_visible()
    assert "U0DEVAN" not in desk.server.workspace.channels[UNIT].members


async def test_the_pinned_boards_first_button_is_at_most_8_tabs_from_the_top_of_the_page(desk: Desk) -> None:
    await desk.open()
    await desk.say("/meeting start")
    await expect(desk.message("Kestrel Unit meeting")).to_contain_text("Pinned")
    for number in range(20):
        await desk.practice.seat("U0DEVAN").type(UNIT, f"chat {number}")
    await desk.open()
    await expect(desk.message("chat 19")).to_be_in_viewport()
    tabs = 0
    while await desk.focused() != "Next: stage 2":
        await desk.page.keyboard.press("Tab")
        tabs += 1
        if await desk.focused() == "Skip to the pinned card":
            await desk.page.keyboard.press("Enter")
            await expect(desk.message("Kestrel Unit meeting")).to_be_focused()
        assert tabs <= 8
    counted("Tabs from the top of the page to the board's first button", tabs, "Tabs", 8)
