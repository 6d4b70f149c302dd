"""The app on the page: commands, buttons, forms, the Home tab."""

import re

from playwright.async_api import Locator, expect

from tests.browser.practice_app import DEVAN, ORLA, TOWN
from tests.worlds.chromium import Desk


async def pick(field: Locator, typed: str, name: str) -> None:
    """Chooses in a combobox by keyboard: type, wait for the choice, Enter."""
    await field.focus()
    await field.page.keyboard.type(typed)
    await expect(field.page.locator("[role=option]", has_text=name).first).to_be_visible()
    await field.page.keyboard.press("Enter")


async def test_a_command_is_found_and_sent_by_keyboard(desk: Desk) -> None:
    await desk.open()
    await desk.message_box.click()
    await desk.page.keyboard.type("/")
    await expect(desk.choices).to_have_count(3)
    await desk.page.keyboard.press("ArrowDown")
    await desk.page.keyboard.press("ArrowDown")
    await expect(desk.page.locator("[role=option][aria-selected=true]")).to_contain_text("/family")
    await expect(desk.message_box).to_have_attribute("aria-activedescendant", re.compile("s-"))
    await desk.page.keyboard.press("Enter")
    await expect(desk.message_box).to_have_value("/family ")
    await desk.page.keyboard.press("Enter")
    await expect(desk.form.get_by_role("heading", name="Family")).to_be_visible()


async def test_an_unknown_command_is_refused_and_kept(desk: Desk) -> None:
    await desk.open()
    await desk.say("/metting start")
    await expect(desk.page.locator("#compose-channel [role=alert]")).to_contain_text("There is no command /metting")
    await expect(desk.message_box).to_have_value("/metting start")


async def test_a_button_changes_the_board_and_keeps_the_keyboard(desk: Desk) -> None:
    await desk.open()
    await desk.say("/meeting start")
    await desk.page.get_by_role("button", name="Next: stage 2").focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("button", name="Next: stage 3")).to_be_focused()
    await expect(desk.message("Kestrel Unit meeting")).to_contain_text("Stage 2 of 9")


async def test_the_pinned_board_is_marked_and_within_reach(desk: Desk) -> None:
    await desk.open()
    await desk.say("/meeting start")
    await expect(desk.message("Kestrel Unit meeting")).to_contain_text("Pinned")
    for number in range(25):
        await desk.practice.seat(DEVAN).type("C0UNIT", f"chat {number}")
    await expect(desk.message("chat 24")).to_be_in_viewport()
    await desk.page.get_by_role("button", name="Pinned: show it").click()
    await expect(desk.message("Kestrel Unit meeting")).to_be_in_viewport()
    await expect(desk.message("Kestrel Unit meeting")).to_be_focused()


async def test_a_button_that_asks_first_does_nothing_on_no(desk: Desk) -> None:
    await desk.open()
    await desk.say("/meeting start")
    park = desk.page.get_by_role("button", name="Park this family")
    await park.click()
    await expect(desk.page.get_by_role("dialog", name="Park it?")).to_contain_text("It comes first next week.")
    await desk.page.keyboard.press("Escape")
    await expect(park).to_be_focused()
    await park.click()
    await desk.page.get_by_role("button", name="Park", exact=True).click()
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)
    await desk.practice.settle()
    assert [press["action_id"] for press in desk.heard.pressed] == ["park"]


async def test_a_press_nobody_answers_is_said_in_a_sentence(desk: Desk) -> None:
    await desk.open()
    await desk.say("/meeting start")
    await desk.page.get_by_role("button", name="Nobody answers this").click()
    await expect(desk.page.locator("#notices")).to_contain_text("did not answer in time")


async def test_a_form_with_every_input_arrives_as_slack_would_send_it(desk: Desk) -> None:
    await desk.open()
    await desk.say("/unit")
    form = desk.form
    await expect(form.get_by_label("Hypothesis")).to_be_focused()
    await desk.page.keyboard.type("When mornings are hard ...")
    await pick(form.get_by_role("combobox", name="Owner"), "dev", "Devan")
    await form.get_by_role("radio", name="Dropped").check()
    await form.get_by_role("checkbox", name="School").check()
    await pick(form.get_by_role("combobox", name="Kind"), "li", "Light")
    await pick(form.get_by_role("combobox", name="Plan outcomes"), "P3", "P3")
    await pick(form.get_by_role("combobox", name="Plan outcomes"), "P1", "P1")
    await pick(form.get_by_role("combobox", name="Who helps"), "or", "Orla")
    await pick(form.get_by_role("combobox", name="Channel"), "town", "#town-hall")
    await pick(form.get_by_role("combobox", name="Family"), "k2", "K2284H")
    await form.get_by_label("Review on").fill("2026-12-01")
    await expect(form.locator(".field", has_text="Review on")).to_contain_text("Tuesday 1 December 2026")
    await form.get_by_label("Starts at").fill("09:30")
    await form.get_by_label("Visit").fill("2026-12-01T14:00")
    await form.get_by_label("Minutes").fill("45")
    await form.get_by_label("Email").fill("orla@example.org")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()

    [values] = desk.heard.submitted
    state = {block: next(iter(entry.values())) for block, entry in values.items()}
    assert state["text"] == {"type": "plain_text_input", "value": "When mornings are hard ..."}
    assert state["owner"] == {"type": "users_select", "selected_user": DEVAN}
    assert state["status"]["selected_option"]["value"] == "dropped"
    assert [option["value"] for option in state["shown"]["selected_options"]] == ["school"]
    assert state["kind"]["selected_option"]["value"] == "light"
    assert [option["value"] for option in state["plan"]["selected_options"]] == ["p3", "p1"]
    assert state["team"] == {"type": "multi_users_select", "selected_users": [ORLA]}
    assert state["place"] == {"type": "conversations_select", "selected_conversation": TOWN}
    assert state["family"]["selected_option"]["value"] == "k2284h"
    assert state["review"] == {"type": "datepicker", "selected_date": "2026-12-01"}
    assert state["at"] == {"type": "timepicker", "selected_time": "09:30"}
    assert state["when"] == {"type": "datetimepicker", "selected_date_time": 1796133600}
    assert state["minutes"] == {"type": "number_input", "value": "45"}
    assert state["mail"] == {"type": "email_text_input", "value": "orla@example.org"}
    assert state["web"] == {"type": "url_text_input", "value": None}


async def test_a_form_left_empty_is_refused_beside_the_fields_before_it_is_sent(desk: Desk) -> None:
    await desk.open()
    await desk.say("/unit")
    await desk.form.get_by_role("combobox", name="Owner").focus()
    await desk.form.get_by_role("button", name="Save").click()
    first = desk.form.get_by_label("Hypothesis")
    await expect(first).to_be_focused()
    await expect(first).to_have_attribute("aria-invalid", "true")
    await expect(first).to_have_accessible_description(re.compile("Please fill this in"))
    assert desk.heard.submitted == []


async def test_the_apps_own_refusal_stands_beside_its_field_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.heard.refusal = {"notes": "There is a phone number in this. Please take it out."}
    await desk.open()
    await desk.say("/family")
    notes = desk.form.get_by_label("Notes")
    await notes.fill("ring 01632 960000")
    await pick(desk.form.get_by_role("combobox", name="Kind"), "fu", "Full")
    await expect(desk.form).to_contain_text("Chosen: Full")
    await desk.form.get_by_role("button", name="Save").click()
    await expect(notes).to_be_focused()
    await expect(notes).to_have_accessible_description(re.compile("There is a phone number in this"))
    await expect(notes).to_have_value("ring 01632 960000")
    desk.heard.refusal = {}
    await notes.fill("ring the school")
    await desk.page.keyboard.press("Enter")
    await expect(desk.form).to_be_hidden()
    assert desk.heard.submitted[-1]["notes"]["v"]["value"] == "ring the school"


async def test_an_update_in_place_keeps_what_was_typed_and_where_the_keyboard_is(desk: Desk) -> None:
    await desk.open()
    await desk.say("/family")
    await desk.form.get_by_label("Notes").fill("half way")
    await pick(desk.form.get_by_role("combobox", name="Kind"), "li", "Light")
    await expect(desk.form).to_contain_text("Chosen: Light")
    await expect(desk.form.get_by_label("Notes")).to_have_value("half way")
    await expect(desk.form.get_by_role("combobox", name="Kind")).to_be_focused()
    await expect(desk.form.get_by_role("combobox", name="Kind")).to_have_value("Light")


async def test_a_form_on_top_goes_back_to_the_one_below_with_its_text(desk: Desk) -> None:
    await desk.open()
    await desk.say("/family")
    await desk.form.get_by_label("Notes").fill("below")
    await desk.form.get_by_role("button", name="Add a carer").click()
    await expect(desk.form.get_by_label("Carer")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(desk.form.get_by_label("Notes")).to_have_value("below")
    await expect(desk.form.get_by_role("button", name="Add a carer")).to_be_focused()


async def test_escape_closes_the_form_tells_the_app_and_gives_the_keyboard_back(desk: Desk) -> None:
    await desk.open()
    await desk.say("/unit")
    await expect(desk.form.get_by_label("Hypothesis")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(desk.form).to_be_hidden()
    await expect(desk.message_box).to_be_focused()
    await desk.practice.settle()
    assert [body["is_cleared"] for body in desk.heard.closed] == [False]


async def test_escape_in_an_open_choice_closes_the_choice_only(desk: Desk) -> None:
    await desk.open()
    await desk.say("/unit")
    await desk.form.get_by_role("combobox", name="Owner").click()
    await expect(desk.choices.filter(has_text="Devan")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await expect(desk.choices.filter(has_text="Devan")).to_be_hidden()
    await expect(desk.form).to_be_visible()


async def test_the_keyboard_returns_to_the_button_that_opened_a_form(desk: Desk) -> None:
    await desk.open()
    await desk.say("/meeting start")
    opener = desk.page.get_by_role("button", name="Open the form")
    await opener.focus()
    await desk.page.keyboard.press("Enter")
    await expect(desk.form.get_by_label("Notes")).to_be_focused()
    await desk.form.get_by_role("button", name="Close").click()
    await expect(opener).to_be_focused()


async def test_an_app_that_is_silent_leaves_the_form_open_with_a_sentence(desk: Desk) -> None:
    desk.heard.wait = 1.2
    await desk.open()
    await desk.say("/family")
    await desk.form.get_by_label("Notes").fill("do not lose me")
    await pick(desk.form.get_by_role("combobox", name="Kind"), "fu", "Full")
    await expect(desk.form).to_contain_text("Chosen: Full")
    await desk.form.get_by_role("button", name="Save").click()
    await expect(desk.form.get_by_role("button", name="Sending …")).to_be_visible()
    await expect(desk.form.locator(".problem")).to_contain_text("did not answer")
    await expect(desk.form.get_by_label("Notes")).to_have_value("do not lose me")


async def test_the_home_tab_shows_what_the_app_drew_for_this_person(desk: Desk) -> None:
    await desk.open()
    await desk.page.get_by_role("link", name="Unit Meeting Bot: Home").click()
    await expect(desk.page.locator("#channel-list")).to_contain_text("Kestrel Unit meeting")
    await desk.page.get_by_role("button", name="Open the form").click()
    await expect(desk.form.get_by_role("heading", name="Family")).to_be_visible()
