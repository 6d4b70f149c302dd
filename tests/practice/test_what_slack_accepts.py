"""Messages and views at Slack's limits are taken; one step over, the refusal has Slack's code and words."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.practice.slack.checks.validator import check_message, check_update_text, check_view
from bot.practice.slack.limits import limits
from bot.practice.slack.refusal import Refusal
from tests.worlds.practice_pieces import (
    Json,
    asking,
    button,
    form,
    home,
    image,
    marked,
    menu,
    modal,
    option,
    plain,
    raw,
    rich,
    row,
    section,
    text_field,
)

DIVIDER = {"type": "divider"}
CONFIRM = {
    "title": plain("Sure?"),
    "text": marked("*Really*"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
RULED_LIST = {
    "type": "rich_text_list",
    "style": "bullet",
    "indent": 1,
    "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": "https://example.org"}]}],
}

TAKEN: dict[str, list[Json]] = {
    "fifty blocks": [DIVIDER] * 50,
    "a section of 3,000 characters": [section("x" * 3000)],
    "ten fields of 2,000": [{"type": "section", "fields": [marked("y" * 2000)] * 10}],
    "25 buttons in a row": [row(*(button(f"b{n}") for n in range(25)))],
    "a button with everything": [
        row(
            button(
                value="v" * 2000,
                url="https://example.org",
                style="danger",
                accessibility_label="Go now",
                confirm=CONFIRM,
            )
        )
    ],
    "one action_id in two blocks": [row(button("same"), block_id="a"), row(button("same"), block_id="b")],
    "header, context, image": [
        {"type": "header", "text": plain("h" * 150)},
        {"type": "context", "elements": [marked("by me"), image()]},
        image(title=plain("t")),
    ],
    "an overflow menu with links": [
        section(
            accessory={
                "type": "overflow",
                "action_id": "more",
                "options": [option("1", url="https://example.org"), *(option(str(n)) for n in range(2, 6))],
            }
        )
    ],
    "checkboxes in mrkdwn, one ticked": [
        section(
            accessory={
                "type": "checkboxes",
                "action_id": "c",
                "options": [{"text": marked("*a*"), "value": "a", "description": marked("_d_")}],
                "initial_options": [{"text": marked("*a*"), "value": "a", "description": marked("_d_")}],
            }
        )
    ],
    "an input that sends at once": [
        asking(text_field(dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"]}), dispatch_action=True)
    ],
    "rich text with a list": [
        {
            "type": "rich_text",
            "elements": [
                rich({"type": "text", "text": "a", "style": {"bold": True}}, {"type": "user", "user_id": "U1"})[
                    "elements"
                ][0],
                RULED_LIST,
            ],
        }
    ],
    "markdown of 12,000 altogether": [{"type": "markdown", "text": "m" * 6000}] * 2,
    "a table": [
        {
            "type": "table",
            "rows": [[raw("Day"), raw("Item")], [{"type": "raw_number", "value": 1, "text": "1"}, rich()]],
            "column_settings": [{"align": "right"}, None],
        }
    ],
    "a data table": [
        {"type": "data_table", "caption": "Cases", "rows": [[raw()], [{"type": "raw_number", "value": 2}]]}
    ],
    "every single menu": [
        row(
            menu(),
            {"type": "users_select", "action_id": "u", "initial_user": "U01"},
            {"type": "channels_select", "action_id": "c"},
            {
                "type": "conversations_select",
                "action_id": "v",
                "filter": {"include": ["im", "public"], "exclude_bot_users": True},
            },
            {"type": "external_select", "action_id": "e", "min_query_length": 0},
        )
    ],
    "a menu in groups with one chosen": [
        row(
            {
                "type": "static_select",
                "action_id": "g",
                "option_groups": [{"label": plain("G"), "options": [option("1")]}],
                "initial_option": option("1"),
            }
        )
    ],
}

EVERY_INPUT = [
    text_field(multiline=True, min_length=1, max_length=3000),
    {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "0", "max_value": "10"},
    {"type": "email_text_input", "action_id": "e"},
    {"type": "url_text_input", "action_id": "u"},
    {"type": "datepicker", "action_id": "d", "initial_date": "2026-02-28"},
    {"type": "timepicker", "action_id": "t", "initial_time": "23:59", "timezone": "Europe/London"},
    {"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1790000000},
    {"type": "file_input", "action_id": "f", "max_files": 10, "filetypes": ["pdf"]},
    {"type": "rich_text_input", "action_id": "r"},
    {"type": "radio_buttons", "action_id": "rb", "options": [option("1")]},
    {"type": "multi_users_select", "action_id": "mu", "max_selected_items": 3},
]
HUNDRED_LONG_OPTIONS = [option(f"{n:03d}" + "v" * 147, "t" * 75) for n in range(100)]

TAKEN_VIEWS: dict[str, tuple[Json, str]] = {
    "a modal without a submit button": (modal(section()), "views.open"),
    "a modal with every input": (
        form(*(asking(element, str(n), hint=plain("hint")) for n, element in enumerate(EVERY_INPUT))),
        "views.open",
    ),
    "a modal with fields at their limits": (
        modal(
            section(),
            title=plain("t" * 24),
            close=plain("c" * 24),
            submit=plain("s" * 24),
            callback_id="c" * 255,
            private_metadata="m" * 3000,
            external_id="e" * 255,
            notify_on_close=True,
            clear_on_close=False,
        ),
        "views.open",
    ),
    "a hundred blocks": (modal(*[DIVIDER] * 100), "views.open"),
    "a channel menu that answers by link": (
        form(
            asking(
                {
                    "type": "conversations_select",
                    "action_id": "c",
                    "response_url_enabled": True,
                    "default_to_current_conversation": True,
                }
            )
        ),
        "views.open",
    ),
    "an alert": (modal({"type": "alert", "text": marked("careful"), "level": "warning"}), "views.update"),
    "a Home tab with an input": (
        home(section(), row(button()), asking(text_field()), private_metadata="x", callback_id="home"),
        "views.publish",
    ),
    "a hundred options of full length": (
        form(asking({"type": "multi_static_select", "action_id": "m", "options": HUNDRED_LONG_OPTIONS})),
        "views.push",
    ),
}

SELECT = {"type": "static_select", "action_id": "s"}
REFUSED: dict[str, tuple[list[Json], str]] = {
    "51 blocks": ([DIVIDER] * 51, "no more than 50 items allowed"),
    "an alert": ([{"type": "alert", "text": marked("x")}], "unsupported type: alert"),
    "an unknown block": ([{"type": "banner"}], "unsupported type: banner"),
    "a file block": ([{"type": "file", "external_id": "x", "source": "remote"}], "unsupported type: file"),
    "a section of 3,001": ([section("x" * 3001)], "must be less than 3001 characters"),
    "an empty section": ([section("")], "must be more than 0 characters"),
    "a section with nothing in it": ([{"type": "section"}], "must define either `text` or `fields`"),
    "eleven fields": ([{"type": "section", "fields": [marked("x")] * 11}], "no more than 10 items allowed"),
    "a field of 2,001": ([{"type": "section", "fields": [marked("x" * 2001)]}], "must be less than 2001 characters"),
    "a header of 151": ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
    "a header in mrkdwn": ([{"type": "header", "text": marked("x")}], "must be a valid enum value"),
    "26 buttons": ([row(*(button(f"b{n}") for n in range(26)))], "no more than 25 items allowed"),
    "a text field among buttons": ([row(text_field())], "unsupported type: plain_text_input"),
    "one action_id twice in a row": ([row(button("x"), button("x"))], '`action_id` "x" already exists'),
    "one block_id twice": ([section(block_id="x"), section(block_id="x")], '`block_id` "x" already exists'),
    "a block_id of 256": ([section(block_id="b" * 256)], "must be less than 256 characters"),
    "an action_id of 256": ([row(button("a" * 256))], "must be less than 256 characters"),
    "a button text of 76": ([row(button(label="x" * 76))], "must be less than 76 characters"),
    "a button value of 2,001": ([row(button(value="x" * 2001))], "must be less than 2001 characters"),
    "a green button": ([row(button(style="success"))], "must be a valid enum value"),
    "a button with a block_id": ([row(button(block_id="x"))], "invalid additional property: block_id"),
    "a style of null": ([row(button(style=None))], "must provide a string"),
    "six overflow options": (
        [section(accessory={"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]})],
        "no more than 5 items allowed",
    ),
    "eleven checkboxes": (
        [row({"type": "checkboxes", "action_id": "c", "options": [option(str(n)) for n in range(11)]})],
        "no more than 10 items allowed",
    ),
    "an option text of 76": ([row({**SELECT, "options": [option("1", "x" * 76)]})], "must be less than 76 characters"),
    "a link on a menu option": (
        [row({**SELECT, "options": [option("1", url="https://example.org")]})],
        "invalid additional property: url",
    ),
    "a menu without options": ([row(SELECT)], "failed to match exactly one allowed schema"),
    "a date and time beside a section": (
        [section(accessory={"type": "datetimepicker", "action_id": "d"})],
        "unsupported type: datetimepicker",
    ),
    "a file field in a message": (
        [asking({"type": "file_input", "action_id": "f"})],
        "unsupported type: file_input",
    ),
    "an impossible date": (
        [row({"type": "datepicker", "action_id": "d", "initial_date": "2026-13-01"})],
        "input must match regex pattern",
    ),
    "an empty rich text style": ([rich({"type": "text", "text": "a", "style": {}})], "additional property: style"),
}

NUMBER = {"type": "number_input", "action_id": "n"}
REFUSED_VIEWS: dict[str, tuple[Json, str, str]] = {
    "101 blocks": (modal(*[DIVIDER] * 101), "views.open", "no more than 100 items allowed"),
    "markdown in a modal": (modal({"type": "markdown", "text": "x"}), "views.open", "unsupported type: markdown"),
    "a table in a modal": (modal({"type": "table", "rows": [[raw()]]}), "views.open", "unsupported type: table"),
    "101 options": (form(asking(menu(101))), "views.open", "no more than 100 items allowed"),
    "a choice that is not offered": (
        form(asking(menu(initial_option=option("no")))),
        "views.open",
        "initial option must be one of the options",
    ),
    "a number field that says nothing of decimals": (
        form(asking(NUMBER)),
        "views.open",
        "missing required field: is_decimal_allowed",
    ),
    "a number field upside down": (
        form(asking({**NUMBER, "is_decimal_allowed": True, "min_value": "5", "max_value": "4"})),
        "views.open",
        "must be less than 4",
    ),
    "an input without a submit button": (
        modal(asking(text_field())),
        "views.open",
        "must define `submit` to use an `input` block in modals",
    ),
    "a title of 25": (modal(section(), title=plain("x" * 25)), "views.open", "must be less than 25 characters"),
    "private metadata of 3,001": (
        modal(section(), private_metadata="x" * 3001),
        "views.open",
        "must be less than 3001 characters",
    ),
    "a Home tab opened as a modal": (home(section()), "views.open", "view type cannot be used with this method"),
    "a Home tab with a title": (home(section(), title=plain("x")), "views.publish", "additional property: title"),
    "no title": ({"type": "modal", "blocks": []}, "views.open", "missing required field: title"),
}


def lines(refusal: Refusal) -> str:
    return "\n".join(refusal.body["response_metadata"]["messages"])


@pytest.mark.parametrize("name", TAKEN)
def test_a_message_may_have(name: str) -> None:
    check_message({"text": "for notifications", "blocks": TAKEN[name]})


@pytest.mark.parametrize("name", TAKEN_VIEWS)
def test_a_view_may_be(name: str) -> None:
    check_view(*TAKEN_VIEWS[name])


@pytest.mark.parametrize("name", REFUSED)
def test_a_message_may_not_have(name: str) -> None:
    blocks, sentence = REFUSED[name]
    with pytest.raises(Refusal) as refused:
        check_message({"text": "for notifications", "blocks": blocks})
    assert refused.value.code == "invalid_blocks"
    assert sentence in lines(refused.value)
    assert len(refused.value.body["errors"]) == 1


@pytest.mark.parametrize("name", REFUSED_VIEWS)
def test_a_view_may_not_be(name: str) -> None:
    view, method, sentence = REFUSED_VIEWS[name]
    with pytest.raises(Refusal) as refused:
        check_view(view, method)
    assert refused.value.code == "invalid_arguments"
    assert sentence in lines(refused.value)


def test_a_refusal_says_where() -> None:
    with pytest.raises(Refusal) as refused:
        check_message({"blocks": [DIVIDER, row(button("a"), button("b", "x" * 76))]})
    expected = "[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/1/text/text]"
    assert lines(refused.value) == expected


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({}, "no_text"),
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": [{"type": "table", "rows": [[raw()]]}] * 2}, "invalid_attachments"),
        ({"blocks": [{"type": "markdown", "text": "m" * 6001}] * 2}, "msg_blocks_too_long"),
        ({"text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"text": "x", "metadata": "key"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "key"}}, "invalid_metadata_schema"),
    ],
)
def test_other_refusals_of_a_message(message: Json, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_message(message)
    assert refused.value.code == code


def test_an_edit_takes_4000_characters_and_no_more() -> None:
    check_update_text("x" * 4000)
    with pytest.raises(Refusal, match="msg_too_long"):
        check_update_text("x" * 4001)


def test_a_view_over_250_kilobytes_is_too_large() -> None:
    with pytest.raises(Refusal, match="view_too_large"):
        check_view(modal(*[section("é" * 3000)] * 50), "views.open")


anything = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5) | some.just("rich_text"),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(
            some.sampled_from(["type", "text", "elements", "element", "options", "rows", "style", "value", "blocks"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)
typed = some.fixed_dictionaries(
    {"type": some.sampled_from(sorted([*limits()["blocks"], *limits()["elements"]]))},
    optional=dict.fromkeys(("text", "elements", "element", "accessory", "rows", "fields", "options"), anything),
)


@settings(max_examples=80, deadline=None)
@given(some.lists(typed | anything, max_size=4))
def test_whatever_is_sent_is_taken_or_refused_and_never_a_crash(blocks: list[Any]) -> None:
    for check in (lambda: check_message({"blocks": blocks}), lambda: check_view(form(*blocks), "views.open")):
        with suppress(Refusal):
            check()
