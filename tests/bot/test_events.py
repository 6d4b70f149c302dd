"""Slack's payloads as events: the same thing delivered twice is the same event."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock import Clock
from bot.slack.events import Reader
from handlers.turn import EventKind

Json = dict[str, Any]
READER = Reader(Clock(), {"U0ANN": "Ann"}.get)


def happening(event: Json, event_id: str = "Ev1") -> Any:
    return READER.happening({"event_id": event_id, "event": event})


def message(**more: Any) -> Json:
    return {
        "type": "message",
        "channel": "C1",
        "channel_type": "group",
        "user": "U0ANN",
        "ts": "1790000010.000100",
    } | more


def test_a_message_in_a_thread() -> None:
    event = happening(message(text="hello &amp; <@U0ANN>", thread_ts="1790000000.000100"))
    assert (event.kind, event.text, event.thread) == (EventKind.MESSAGE, "hello & @Ann", "1790000000.000100")
    assert event.at == datetime.fromtimestamp(1790000010.0001, UTC)
    assert not event.in_direct_message


def test_a_message_delivered_under_another_event_id_is_the_same_event() -> None:
    assert happening(message(text="x"), "Ev1").id == happening(message(text="x"), "Ev2").id


def test_the_first_message_of_a_thread_is_not_a_reply() -> None:
    assert happening(message(text="x", thread_ts="1790000010.000100")).thread == ""


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"subtype": "bot_message"}, {"subtype": "channel_join"}])
def test_what_no_person_typed_is_left_out(more: Json) -> None:
    assert happening(message(text="x", **more)) is None


def test_a_reply_also_sent_to_the_channel_is_a_message() -> None:
    event = happening(message(text="x", subtype="thread_broadcast", thread_ts="1.000100"))
    assert event.kind is EventKind.MESSAGE


def test_files_are_named_by_their_kind() -> None:
    files = [{"mimetype": "image/png"}, {"mimetype": "audio/webm"}, {"mimetype": "application/pdf"}, {}]
    event = happening(message(text="", subtype="file_share", files=files))
    assert event.files == ("image", "audio", "file", "file")


def edited(before: str, after: str, **more: Any) -> Json:
    inner = {"type": "message", "user": "U0ANN", "ts": "1790000010.000100", "thread_ts": "1.000100"}
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C1",
        "event_ts": "1790000020.000100",
        "message": inner | {"text": after, "edited": {"user": "U0ANN", "ts": "1790000019.000000"}} | more,
        "previous_message": inner | {"text": before},
    }


def test_an_edit_says_which_message_and_what_it_says_now() -> None:
    event = happening(edited("old", "new &lt;b&gt;"))
    assert (event.kind, event.ts, event.text) == (EventKind.EDITED, "1790000010.000100", "new <b>")
    assert event.id == "msg:C1:1790000010.000100:1790000019.000000"


def test_an_edit_that_changes_no_word_is_none() -> None:
    assert happening(edited("same", "same")) is None


def test_the_bots_own_message_edited_is_none() -> None:
    assert happening(edited("a", "b", bot_id="B1")) is None


def test_an_edit_found_later_in_the_thread_is_the_same_event() -> None:
    live = happening(edited("old", "new"))
    found = READER.edit("C1", edited("old", "new")["message"])
    assert found is not None
    assert found.id == live.id


def test_a_deleted_message() -> None:
    before = {"type": "message", "user": "U0ANN", "ts": "1790000010.000100", "thread_ts": "1.000100", "text": "x"}
    event = happening(
        {
            "type": "message",
            "subtype": "message_deleted",
            "channel": "C1",
            "ts": "1790000030.000100",
            "event_ts": "1790000030.000100",
            "deleted_ts": "1790000010.000100",
            "previous_message": before,
        }
    )
    assert (event.kind, event.ts, event.thread) == (EventKind.DELETED, "1790000010.000100", "1.000100")
    assert event.id == READER.missing("C1", "1.000100", "1790000010.000100").id


def test_a_deleted_first_message_leaves_a_stone_and_counts_as_deleted() -> None:
    assert happening(edited("x", "gone", subtype="tombstone")).kind is EventKind.DELETED


def test_joins_leaves_shares_and_the_home_tab() -> None:
    assert happening({"type": "member_joined_channel", "user": "U1", "channel": "C1"}).kind is EventKind.JOINED
    assert happening({"type": "member_left_channel", "user": "U1", "channel": "C1"}).kind is EventKind.LEFT
    assert happening({"type": "channel_shared", "channel": "C1"}).kind is EventKind.SHARED
    assert happening({"type": "app_home_opened", "user": "U1", "tab": "home"}).kind is EventKind.HOME
    assert happening({"type": "app_home_opened", "user": "U1", "tab": "messages"}) is None
    assert happening({"type": "reaction_added", "user": "U1"}) is None


def command(**more: Any) -> Json:
    return {"command": "/meeting", "text": " agenda ", "user_id": "U1", "channel_id": "C1", "trigger_id": "t1"} | more


@pytest.mark.parametrize("name", ["/meeting", "/swu-meeting", "/unit-meeting"])
def test_a_command_is_known_with_and_without_the_prefix(name: str) -> None:
    event = READER.command(command(command=name))
    assert (event.name, event.text, event.id) == ("/meeting", "agenda", "act:t1")


def test_a_command_in_a_direct_message() -> None:
    assert READER.command(command(channel_id="D1")).in_direct_message


def pressed(action: Json, **more: Any) -> Any:
    container = {"type": "message", "message_ts": "1.000200", "thread_ts": "1.000100", "channel_id": "C1"}
    body = {"user": {"id": "U1"}, "trigger_id": "t1", "container": container, "channel": {"id": "C1"}}
    return READER.action(body | {"actions": [{"action_ts": "9.1", "block_id": "b"} | action]} | more)


def test_a_button_in_a_thread() -> None:
    value = json.dumps({"discussion": "d1", "stage_no": "3"})
    event = pressed({"type": "button", "action_id": "stage.next#2", "value": value})
    assert (event.kind, event.name, event.args) == (
        EventKind.BUTTON,
        "stage.next",
        {"discussion": "d1", "stage_no": "3"},
    )
    assert (event.channel, event.thread, event.ts) == ("C1", "1.000100", "1.000200")


def test_a_menu_says_what_was_chosen() -> None:
    option = {"text": {"type": "plain_text", "text": "K3107C"}, "value": "f1"}
    event = pressed({"type": "static_select", "action_id": "agenda.pick?meeting=m1", "selected_option": option})
    assert (event.name, event.args) == ("agenda.pick", {"meeting": "m1", "chosen": "f1"})


def test_a_button_with_a_broken_value_has_no_arguments() -> None:
    assert pressed({"type": "button", "action_id": "a.b", "value": "[1"}).args == {}


def form(**more: Any) -> Json:
    metadata = {"draft": "d1", "_channel": "C1", "_thread": "1.000100"}
    state = {"values": {"text": {"v": {"type": "plain_text_input", "value": "Words"}}}}
    return {
        "id": "V1",
        "type": "modal",
        "callback_id": "hypothesis",
        "private_metadata": json.dumps(metadata),
        "state": state,
    } | more


def test_a_form_handed_in_knows_its_draft_and_where_it_was_opened() -> None:
    event = READER.submission({"user": {"id": "U1"}, "trigger_id": "t1", "view": form()})
    assert (event.kind, event.name, event.args) == (EventKind.SUBMIT, "hypothesis", {"draft": "d1"})
    assert (event.channel, event.thread, event.values) == ("C1", "1.000100", {"text": "Words"})


def test_asking_for_one_more_box_is_a_change_of_the_form() -> None:
    event = pressed({"type": "button", "action_id": "more#evidence_for", "value": "evidence_for"}, view=form())
    assert (event.kind, event.name) == (EventKind.CHANGE, "hypothesis")
    assert (event.args, event.values) == ({"draft": "d1", "more": "evidence_for"}, {"text": "Words"})


def test_a_choice_others_depend_on_is_a_change_of_the_form() -> None:
    option = {"text": {"type": "plain_text", "text": "Yes"}, "value": "yes"}
    event = pressed(
        {"type": "radio_buttons", "action_id": "v", "block_id": "concern", "selected_option": option}, view=form()
    )
    assert (event.kind, event.args["changed"]) == (EventKind.CHANGE, "concern")


def test_a_button_on_the_home_tab_has_no_channel() -> None:
    home = {"id": "V2", "type": "home", "callback_id": "", "private_metadata": ""}
    event = pressed({"type": "button", "action_id": "form.resume", "value": '{"draft":"d1"}'}, view=home)
    assert (event.kind, event.channel, event.args) == (EventKind.BUTTON, "", {"draft": "d1"})


def test_a_closed_form_is_one_event_however_often_it_is_told() -> None:
    event = READER.closed({"user": {"id": "U1"}, "view": form(state={"values": {}})})
    assert (event.id, event.kind, event.args) == ("closed:V1", EventKind.CLOSED, {"draft": "d1"})
    assert (event.channel, event.thread) == ("C1", "1.000100")


def test_a_message_shortcut_carries_the_message() -> None:
    event = READER.shortcut(
        {
            "callback_id": "record_hypothesis",
            "trigger_id": "t1",
            "user": {"id": "U1"},
            "channel": {"id": "C1"},
            "message_ts": "1.000200",
            "message": {"user": "U0ANN", "text": "an &lt;idea&gt;", "ts": "1.000200", "thread_ts": "1.000100"},
        }
    )
    assert (event.text, event.author, event.ts, event.thread) == ("an <idea>", "U0ANN", "1.000200", "1.000100")
