"""Typing, reading, threads, menus: the page as a place to talk."""

import asyncio

from playwright.async_api import Route, expect

from tests.browser.practice_app import DEVAN, ORLA, TOWN, UNIT
from tests.worlds.chromium import Desk


async def test_the_page_says_it_is_practice(desk: Desk) -> None:
    await desk.open()
    await expect(desk.page.get_by_role("banner").first).to_contain_text("Practice workspace")
    await expect(desk.page.get_by_role("banner").first).to_contain_text("Nobody here is real")


async def test_a_page_opened_without_a_seat_takes_the_first(desk: Desk) -> None:
    await desk.page.goto(desk.server.base_url)
    await expect(desk.page.get_by_label("Sitting as")).to_have_value(ORLA)


async def test_a_typed_message_appears_and_the_box_is_empty(desk: Desk) -> None:
    await desk.open()
    await desk.message_box.click()
    await desk.page.keyboard.type("Good morning")
    await desk.page.keyboard.press("Shift+Enter")
    await desk.page.keyboard.type("second line")
    await desk.page.keyboard.press("Enter")
    await expect(desk.message("Good morning")).to_contain_text("second line")
    await expect(desk.message_box).to_have_value("")


async def test_markup_that_was_typed_is_shown_and_never_acted_on(desk: Desk) -> None:
    await desk.open()
    typed = "<img src=x onerror=alert(1)> &amp; *stars* <!channel> <@U1>"
    await desk.say(typed)
    await expect(desk.message("onerror")).to_contain_text(typed)
    assert await desk.message("onerror").locator(".content").locator("img, strong, .mention").count() == 0


async def test_text_stays_in_the_box_when_it_could_not_be_sent(desk: Desk) -> None:
    await desk.open()
    await desk.page.route("**/seat/message", lambda route: route.abort())
    await desk.say("please keep me")
    await expect(desk.page.locator("#compose-channel [role=alert]")).to_contain_text("Not sent")
    await expect(desk.message_box).to_have_value("please keep me")


async def test_what_is_only_for_orla_is_gone_from_devans_seat(desk: Desk) -> None:
    await desk.open()
    await desk.say("/meeting help")
    await expect(desk.message("You can start a meeting.")).to_contain_text("Only visible to you")
    await desk.page.get_by_label("Sitting as").select_option(DEVAN)
    await expect(desk.page).to_have_url(f"{desk.server.base_url}/?seat={DEVAN}&channel={UNIT}")
    await expect(desk.page.locator("#channel-list")).to_contain_text("No messages here yet")
    await desk.page.get_by_label("Sitting as").select_option(ORLA)
    await expect(desk.message("You can start a meeting.")).to_be_visible()


async def test_the_seat_is_remembered_in_this_tab(desk: Desk) -> None:
    await desk.open(DEVAN)
    await desk.page.goto(desk.server.base_url)
    await expect(desk.page.get_by_label("Sitting as")).to_have_value(DEVAN)


async def test_a_message_of_another_person_is_announced_and_leaves_the_keyboard_alone(desk: Desk) -> None:
    await desk.open()
    await desk.message_box.fill("half a sent")
    await desk.practice.seat(DEVAN).type(UNIT, "I am running late")
    await expect(desk.message("I am running late")).to_be_visible()
    await expect(desk.page.locator("#say-polite")).to_contain_text("Devan: I am running late")
    await expect(desk.message_box).to_be_focused()
    await expect(desk.message_box).to_have_value("half a sent")


async def test_reading_older_messages_is_not_interrupted_by_new_ones(desk: Desk) -> None:
    for number in range(40):
        await desk.practice.seat(DEVAN).type(UNIT, f"message number {number}")
    await desk.open()
    await expect(desk.message("message number 39")).to_be_visible()
    scroller = desk.page.locator("#channel-list")
    await scroller.evaluate("box => { box.scrollTop = 0 }")
    await desk.practice.seat(DEVAN).type(UNIT, "the newest of all")
    newer = desk.page.get_by_role("button", name="New messages below")
    await expect(newer).to_be_visible()
    assert await scroller.evaluate("box => box.scrollTop") == 0
    await newer.click()
    await expect(desk.message("the newest of all")).to_be_in_viewport()


async def test_unread_messages_elsewhere_are_said_in_words(desk: Desk) -> None:
    await desk.open()
    await desk.practice.seat(DEVAN).type(TOWN, "anyone there?")
    room = desk.page.get_by_role("link", name="# town-hall")
    await expect(room).to_contain_text("1 new")
    await room.click()
    await expect(desk.message("anyone there?")).to_be_visible()
    await expect(room).not_to_contain_text("new")


async def test_a_reply_is_written_in_the_thread_and_counted_in_the_channel(desk: Desk) -> None:
    await desk.open()
    await desk.say("shall we start?")
    await desk.page.get_by_role("button", name="Reply in thread to Orla").click()
    await expect(desk.thread_box).to_be_focused()
    await desk.page.keyboard.type("yes, ready")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator("#thread-list")).to_contain_text("yes, ready")
    await expect(desk.message("shall we start?")).to_contain_text("1 reply")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator("#thread")).to_be_hidden()
    assert "Reply in thread to Orla" in await desk.focused()


async def test_a_command_in_a_thread_is_refused_with_a_sentence_and_kept(desk: Desk) -> None:
    await desk.open()
    await desk.say("a parent")
    await desk.page.get_by_role("button", name="Reply in thread to Orla").click()
    await desk.thread_box.fill("/meeting start")
    await desk.thread_box.press("Enter")
    await expect(desk.page.locator("#compose-thread [role=alert]")).to_contain_text("does not work in a thread")
    await expect(desk.thread_box).to_have_value("/meeting start")


async def test_an_own_message_is_edited_and_deleted_from_its_menu_by_keyboard(desk: Desk) -> None:
    await desk.open()
    await desk.say("a first go")
    more = desk.page.get_by_role("button", name="More actions for the message of Orla")
    await more.focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("menuitem").first).to_be_focused()
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.type(", improved")
    await desk.page.keyboard.press("Enter")
    await expect(desk.message("a first go, improved")).to_contain_text("(edited)")
    await more.focus()
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("End")
    await desk.page.keyboard.press("Enter")
    await desk.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(desk.message("a first go")).to_have_count(0)


async def test_a_message_shortcut_opens_the_apps_form(desk: Desk) -> None:
    await desk.open()
    await desk.say("ring the school")
    await desk.page.get_by_role("button", name="More actions").click()
    await desk.page.get_by_role("menuitem", name="Make this an action").click()
    await expect(desk.form.get_by_role("heading", name="Carer")).to_be_visible()
    assert desk.heard.shortcuts[0]["message"]["text"] == "ring the school"


async def test_somebody_mentioned_is_named_by_id(desk: Desk) -> None:
    await desk.open()
    await desk.message_box.click()
    await desk.page.keyboard.type("thank you @dev")
    await expect(desk.choices.filter(has_text="Devan")).to_be_visible()
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.type("for coming")
    await desk.page.keyboard.press("Enter")
    await expect(desk.message("thank you").locator(".mention")).to_have_text("@Devan")
    [kept] = await desk.practice.seat(ORLA).messages(UNIT)
    assert kept["text"] == f"thank you <@{DEVAN}> for coming"


async def test_the_thread_stays_open_when_somebody_else_sits_down(desk: Desk) -> None:
    await desk.open()
    await desk.say("who was seen?")
    await desk.page.get_by_role("button", name="Reply in thread to Orla").click()
    await desk.page.get_by_label("Sitting as").select_option(DEVAN)
    await desk.thread_box.fill("I saw both")
    await desk.thread_box.press("Enter")
    await expect(desk.page.locator("#thread-list .msg").last).to_contain_text("Devan")
    await expect(desk.page.locator("#thread-list .msg").last).to_contain_text("I saw both")


async def test_a_channel_pressed_while_somebody_sits_down_is_the_one_that_opens(desk: Desk) -> None:
    await desk.open()
    pressed = asyncio.Event()

    async def late(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    await desk.page.route("**/seat/state?*", late)
    await desk.page.get_by_label("Sitting as").select_option(DEVAN)
    await desk.page.locator(f"#nav a[href*='channel={TOWN}']").click()
    pressed.set()
    await expect(desk.page.locator("#say-polite")).to_contain_text("You now sit as Devan")
    await expect(desk.page).to_have_url(f"{desk.server.base_url}/?seat={DEVAN}&channel={TOWN}")


async def test_a_reply_in_a_closed_thread_is_announced(desk: Desk) -> None:
    seat = desk.practice.seat(DEVAN)
    ts = await seat.type(UNIT, "about the review")
    await desk.open()
    await expect(desk.message("about the review")).to_be_visible()
    await seat.type(UNIT, "one more thing", thread_ts=ts)
    await expect(desk.page.locator("#say-polite")).to_contain_text("New reply in the thread of Devan: about the review")


async def test_a_deleted_first_message_leaves_its_thread_within_reach(desk: Desk) -> None:
    seat = desk.practice.seat(DEVAN)
    ts = await seat.type(UNIT, "to be deleted")
    await seat.type(UNIT, "still here", thread_ts=ts)
    await desk.open()
    await seat.delete(UNIT, ts)
    await expect(desk.message("This message was deleted.")).to_be_visible()
    await desk.page.get_by_role("button", name="1 reply").click()
    await expect(desk.page.locator("#thread-list")).to_contain_text("still here")


async def test_a_file_goes_with_its_message(desk: Desk) -> None:
    await desk.open()
    picture = {"name": "drawing.png", "mimeType": "image/png", "buffer": b"not really a picture"}
    await desk.page.locator("#compose-channel input[type=file]").set_input_files(picture)
    await expect(desk.page.get_by_role("button", name="Do not send drawing.png")).to_be_visible()
    await desk.say("a drawing")
    await expect(desk.message("a drawing")).to_contain_text("File: drawing.png")
    await expect(desk.page.get_by_role("button", name="Do not send drawing.png")).to_have_count(0)
