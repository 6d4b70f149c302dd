"""The Web API as the real SDK meets it: what it answers, what it refuses and with which code."""

from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice.config import from_manifest
from bot.settings import Settings
from bot.slack.client import workspace_address
from tests.worlds.practice_pieces import (
    ANN,
    BOT,
    CONFIG,
    EMPTY,
    OUTSIDER,
    TOWN,
    UNIT,
    Starter,
    World,
    home,
    row,
    section,
)


async def refusal(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    return str(refused.value.response["error"])


async def asked(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    """As `refusal`, for methods that take no JSON."""
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, params=arguments)
    return str(refused.value.response["error"])


async def test_tokens_are_checked_before_anything_else(world: World) -> None:
    bot, app = world.client(), world.client(CONFIG.app_token)
    assert await refusal(bot, "chat.scheduleMessage", channel=UNIT) == "unknown_method"
    assert await refusal(world.client(""), "chat.postMessage") == "not_authed"
    assert await refusal(world.client("xoxb-other"), "chat.postMessage") == "invalid_auth"
    assert await refusal(app, "chat.postMessage") == "not_allowed_token_type"
    assert await refusal(bot, "apps.connections.open") == "not_allowed_token_type"
    assert await refusal(bot, "chat.postMessage", text="x") == "invalid_arguments"


async def test_a_missing_scope_names_what_is_needed(start: Starter) -> None:
    world = await start(CONFIG.model_copy(update={"scopes": ("chat:write", "channels:history")}))
    with pytest.raises(SlackApiError) as refused:
        await world.client().pins_add(channel=UNIT, timestamp="1.000001")
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "pins:write"
    assert refused.value.response["provided"] == "chat:write,channels:history"
    assert await refusal(world.client(), "conversations.history", channel=UNIT) == "missing_scope"


async def test_auth_test_tells_the_scopes_in_a_header(world: World) -> None:
    answer = await world.client().auth_test()
    assert answer["user_id"] == BOT
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_the_workspace_says_where_its_messages_are_opened_and_trouble_is_no_address(world: World) -> None:
    settings = Settings(key=bytes(32), bot_token=CONFIG.bot_token, api_url=f"{world.server.base_url}/api/")
    assert await workspace_address(settings) == "https://practice.slack.com/"
    assert await workspace_address(settings.model_copy(update={"bot_token": "xoxb-other"})) == ""
    assert await workspace_address(settings.model_copy(update={"api_url": "http://127.0.0.1:9/api/"})) == ""


async def test_a_private_channel_without_the_bot_does_not_exist_and_a_public_one_is_closed(world: World) -> None:
    client = world.client()
    assert await refusal(client, "chat.postMessage", channel=EMPTY, text="x") == "channel_not_found"
    assert await refusal(client, "chat.postMessage", channel=TOWN, text="x") == "not_in_channel"
    assert await refusal(client, "chat.postMessage", channel="C0NONE", text="x") == "channel_not_found"
    await client.conversations_join(channel=TOWN)
    assert (await client.chat_postMessage(channel="town-hall", text="x"))["channel"] == TOWN


async def test_a_message_to_a_person_lands_in_their_direct_message(world: World) -> None:
    answer = await world.client().chat_postMessage(channel=ANN, text="your actions")
    direct = await world.ann.direct_channel()
    assert answer["channel"] == direct
    assert [message["text"] for message in await world.ann.messages(direct)] == ["your actions"]


async def test_text_is_cut_at_40000_characters_and_says_so(world: World) -> None:
    answer = await world.client().chat_postMessage(channel=UNIT, text="x" * 40_001)
    assert len(answer["message"]["text"]) == 40_000
    assert answer["warning"] == "message_truncated"


async def test_blocks_come_back_named_and_give_the_text(world: World) -> None:
    answer = await world.client().api_call("chat.postMessage", json={"channel": UNIT, "blocks": [section("Agenda")]})
    [block] = answer["message"]["blocks"]
    assert block["block_id"]
    assert block["text"] == {"type": "mrkdwn", "text": "Agenda", "verbatim": False}
    assert answer["message"]["text"] == "Agenda"


async def test_an_unacceptable_block_is_refused_with_slacks_line(world: World) -> None:
    with pytest.raises(SlackApiError) as refused:
        await world.client().chat_postMessage(channel=UNIT, text="x", blocks=[row()])
    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must provide at least 1 items [json-pointer:/blocks/0/elements]"
    ]


async def test_threads_count_their_replies_and_history_holds_only_roots(world: World) -> None:
    client = world.client()
    parent = (await client.chat_postMessage(channel=UNIT, text="family"))["ts"]
    first = await client.chat_postMessage(channel=UNIT, text="stage 1", thread_ts=parent)
    await world.ann.type(UNIT, "an idea", parent)
    await client.chat_postMessage(channel=UNIT, text="done", thread_ts=parent, reply_broadcast=True)

    assert first["message"]["parent_user_id"] == BOT
    history = (await client.conversations_history(channel=UNIT))["messages"]
    assert [message["text"] for message in history] == ["done", "family"]
    assert (history[1]["reply_count"], history[1]["reply_users"]) == (3, [BOT, ANN])
    thread = (await client.conversations_replies(channel=UNIT, ts=parent))["messages"]
    assert [message["text"] for message in thread] == ["family", "stage 1", "an idea", "done"]
    seen = await world.ann.messages(UNIT, parent)
    assert [message["text"] for message in seen] == ["family", "stage 1", "an idea", "done"]


async def test_a_reply_to_a_parent_that_is_gone_is_posted_at_the_top(world: World) -> None:
    client = world.client()
    answer = await client.chat_postMessage(channel=UNIT, text="x", thread_ts="1700000000.000100")
    assert "thread_ts" not in answer["message"]
    reply = await client.chat_postMessage(channel=UNIT, text="y", thread_ts=answer["ts"])
    arguments = {"channel": UNIT, "text": "z"}
    assert await refusal(client, "chat.postMessage", **arguments, thread_ts=reply["ts"]) == "cannot_reply_to_message"
    assert await refusal(client, "chat.postMessage", **arguments, thread_ts="0") == "invalid_thread_ts"


async def test_metadata_is_shown_only_to_who_asks_for_it(world: World) -> None:
    client = world.client()
    metadata = {"event_type": "unitbot", "event_payload": {"key": "meeting:12/board"}}
    sent = await client.chat_postMessage(channel=UNIT, text="board", metadata=metadata)
    assert sent["message"]["metadata"] == metadata

    without = await client.conversations_history(channel=UNIT)
    asked_for = await client.conversations_history(channel=UNIT, include_all_metadata=True)
    assert "metadata" not in without["messages"][0]
    assert asked_for["messages"][0]["metadata"] == metadata

    await client.chat_update(channel=UNIT, ts=sent["ts"], text="board 2")
    still = await client.conversations_history(channel=UNIT, include_all_metadata=True)
    assert still["messages"][0]["metadata"] == metadata
    assert (await world.practice.ledger())["calls"][0]["key"] == "meeting:12/board"


async def test_an_edit_without_blocks_takes_them_away(world: World) -> None:
    client = world.client()
    sent = await client.chat_postMessage(channel=UNIT, text="a", blocks=[section("a")])
    edited = await client.chat_update(channel=UNIT, ts=sent["ts"], text="b")
    assert "blocks" not in edited["message"]
    assert edited["message"]["edited"]["user"] == BOT
    assert await refusal(client, "chat.update", channel=UNIT, ts=sent["ts"], text="x" * 4001) == "msg_too_long"


async def test_only_its_own_messages_can_be_changed(world: World) -> None:
    client = world.client()
    ts = await world.ann.type(UNIT, "mine")
    assert await refusal(client, "chat.update", channel=UNIT, ts=ts, text="x") == "cant_update_message"
    assert await refusal(client, "chat.delete", channel=UNIT, ts=ts) == "cant_delete_message"
    assert await refusal(client, "chat.update", channel=UNIT, ts="1.000001", text="x") == "message_not_found"
    own = (await client.chat_postMessage(channel=UNIT, text="x"))["ts"]
    await client.chat_delete(channel=UNIT, ts=own)
    assert await refusal(client, "chat.delete", channel=UNIT, ts=own) == "message_not_found"


async def test_an_ephemeral_message_is_seen_by_one_person_and_in_no_history(world: World) -> None:
    client = world.client()
    await client.chat_postEphemeral(channel=UNIT, user=ANN, text="only you")
    assert [message["text"] for message in await world.ann.messages(UNIT)] == ["only you"]
    assert await world.ben.messages(UNIT) == []
    assert (await client.conversations_history(channel=UNIT))["messages"] == []
    arguments = {"channel": UNIT, "user": OUTSIDER, "text": "x"}
    assert await refusal(client, "chat.postEphemeral", **arguments) == "user_not_in_channel"


async def test_history_comes_in_pages_newest_first(world: World) -> None:
    client = world.client()
    sent = [(await client.chat_postMessage(channel=UNIT, text=str(n)))["ts"] for n in range(5)]
    seen, cursor = [], None
    while cursor != "":
        page = await client.conversations_history(channel=UNIT, limit=2, cursor=cursor)
        seen += [message["text"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
    assert seen == ["4", "3", "2", "1", "0"]
    later = await client.conversations_history(channel=UNIT, oldest=sent[2])
    assert [message["text"] for message in later["messages"]] == ["4", "3"]
    from_there = await client.conversations_history(channel=UNIT, oldest=sent[2], latest=sent[3], inclusive=True)
    assert [message["text"] for message in from_there["messages"]] == ["3", "2"]
    assert await refusal(client, "conversations.history", channel=UNIT, cursor="nonsense") == "invalid_cursor"


async def test_timestamps_are_unique_and_rise_even_when_the_clock_stands_still(world: World) -> None:
    stamps = [(await world.client().chat_postMessage(channel=UNIT, text="x"))["ts"] for _ in range(20)]
    assert stamps == sorted(set(stamps))


async def test_people_can_be_looked_up(world: World) -> None:
    client = world.client()
    assert (await client.users_info(user=ANN))["user"]["profile"]["title"] == "Unit coordinator"
    assert (await client.users_lookupByEmail(email="ben@example.org"))["user"]["name"] == "ben"
    assert {user["id"] for user in (await client.users_list())["members"]} >= {ANN, BOT, "USLACKBOT"}
    assert (await client.conversations_members(channel=UNIT))["members"][0] == ANN
    assert await asked(client, "users.info", user="U0NONE") == "user_not_found"
    assert await asked(client, "users.lookupByEmail", email="x@example.org") == "users_not_found"


async def test_emails_need_their_own_scope(start: Starter) -> None:
    world = await start(CONFIG.model_copy(update={"scopes": ("users:read",)}))
    assert "email" not in (await world.client().users_info(user=ANN))["user"]["profile"]


async def test_conversations_are_listed_opened_and_made(world: World) -> None:
    client = world.client()
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert {channel["id"] for channel in listed["channels"]} == {UNIT, TOWN}
    mine = await client.users_conversations(types="private_channel")
    assert [channel["id"] for channel in mine["channels"]] == [UNIT]
    opened = await client.conversations_open(users=[ANN])
    assert (opened["channel"]["id"], opened["already_open"]) == ("D0ANN", True)
    assert await refusal(client, "conversations.open", users="U0NONE") == "user_not_found"
    assert await refusal(client, "conversations.open") == "users_list_not_supplied"
    made = await client.conversations_create(name="kestrel-extra", is_private=True)
    invited = await client.conversations_invite(channel=made["channel"]["id"], users=[ANN])
    assert invited["channel"]["is_private"]
    again = {"channel": made["channel"]["id"], "users": ANN}
    assert await refusal(client, "conversations.invite", **again) == "already_in_channel"
    assert await refusal(client, "conversations.create", name="kestrel-extra") == "name_taken"
    assert await refusal(client, "conversations.create", name="No Spaces") == "invalid_name_specials"


async def test_pins_reactions_bookmarks_and_permalinks(world: World) -> None:
    client = world.client()
    ts = (await client.chat_postMessage(channel=UNIT, text="board"))["ts"]
    await client.pins_add(channel=UNIT, timestamp=ts)
    assert await refusal(client, "pins.add", channel=UNIT, timestamp=ts) == "already_pinned"
    [channel] = [c for c in (await world.ann.state())["channels"] if c["id"] == UNIT]
    assert channel["pins"] == [ts]
    await client.reactions_add(channel=UNIT, timestamp=ts, name="eyes")
    assert await refusal(client, "reactions.add", channel=UNIT, timestamp=ts, name="eyes") == "already_reacted"
    [message] = await world.ann.messages(UNIT)
    assert message["reactions"] == [{"name": "eyes", "users": [BOT], "count": 1}]
    arguments = {"channel_id": UNIT, "title": "Guide", "type": "link"}
    assert (await client.bookmarks_add(**arguments, link="https://example.org"))["bookmark"]["id"].startswith("Bk")
    assert await refusal(client, "bookmarks.add", **arguments, link="ftp://example.org") == "invalid_link"
    link = (await client.chat_getPermalink(channel=UNIT, message_ts=ts))["permalink"]
    assert link == f"https://practice.slack.com/archives/{UNIT}/p{ts.replace('.', '')}"


async def test_a_file_is_uploaded_and_shared_in_three_steps(world: World) -> None:
    client = world.client()
    answer = await client.files_upload_v2(channel=UNIT, filename="note.txt", content="kept", initial_comment="here")
    [message] = await world.ann.messages(UNIT)
    assert (message["subtype"], message["text"], message["files"][0]["name"]) == ("file_share", "here", "note.txt")
    async with ClientSession() as session, session.get(message["files"][0]["url_private"]) as response:
        assert await response.text() == "kept"
    file_id = answer["files"][0]["id"]
    assert (await client.files_info(file=file_id))["file"]["shares"]["private"][UNIT][0]["ts"] == message["ts"]
    await client.files_delete(file=file_id)
    assert await asked(client, "files.info", file=file_id) == "file_deleted"


async def test_json_without_a_charset_gets_a_warning(world: World) -> None:
    headers = {"Authorization": f"Bearer {CONFIG.bot_token}", "Content-Type": "application/json"}
    async with ClientSession(headers=headers) as session:
        body = f'{{"channel": "{UNIT}", "text": "x"}}'
        async with session.post(f"{world.api}chat.postMessage", data=body) as response:
            assert (await response.json())["warning"] == "missing_charset"


async def test_without_a_home_tab_nothing_is_published(start: Starter) -> None:
    world = await start(CONFIG.model_copy(update={"home_tab": False}))
    assert await refusal(world.client(), "views.publish", user_id=ANN, view=home(section())) == "not_enabled"
    assert await refusal(world.client(), "views.publish", user_id="U0X", view=home(section())) == "invalid_arguments"


def test_a_manifest_installs_the_app() -> None:
    manifest = {
        "features": {
            "bot_user": {"display_name": "Unit bot"},
            "app_home": {"home_tab_enabled": True},
            "slash_commands": [{"command": "/unit", "description": "d", "usage_hint": "help", "should_escape": True}],
            "shortcuts": [{"name": "To action", "type": "message", "callback_id": "a", "description": "d"}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.groups"]}},
    }
    config = from_manifest(manifest, people=CONFIG.people)
    assert config.commands[0].usage_hint == "help"
    assert (config.scopes, config.events) == (("chat:write", "commands"), ("message.groups",))
    assert config.home_tab
    assert config.people == CONFIG.people
