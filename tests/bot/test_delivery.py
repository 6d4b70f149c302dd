"""The outbox on its way to Slack: in order, once, found again after trouble, never where outsiders read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.practice.seat import Seat
from bot.slack import blocks
from prompts_and_forms.card import Chart, card, say
from storage.database.tables_machinery import OutboxMessage
from storage.database.tables_retention import Erased, LeftInChat
from storage.messages import delivery, outbox
from storage.messages.outbox import NUDGE, SAFETY
from storage.messages.posts import find_post
from storage.retention import erase, left
from tests.worlds.on_the_line import ANN, BEN, OUTSIDER, UNIT, World, first_ts, shown, state_of, words


async def test_what_was_kept_is_posted(world: World) -> None:
    await world.say("test:a", words("Hello"))
    await world.quiet()
    assert await shown(world) == ["Hello"]
    assert state_of(world, "test:a") == "sent"


async def test_a_thread_is_posted_in_order_after_its_parent(world: World) -> None:
    for n in range(6):
        await world.say(f"test:{n}", words(f"part {n}"), thread="test:parent")
    await world.say("test:parent", words("parent"))
    await world.quiet()
    thread = await first_ts(world)
    assert await shown(world, thread) == ["parent", *(f"part {n}" for n in range(6))]


async def test_a_board_is_edited_in_place_and_pinned(world: World) -> None:
    await world.show("test:board", words("One"))
    with world.db.write() as session:
        outbox.pin(session, "test:board", now=datetime.now(UTC))
    await world.quiet()
    await world.show("test:board", words("Two"))
    await world.quiet()
    assert await shown(world) == ["Two"]
    channel = next(one for one in (await world.ann.state())["channels"] if one["id"] == UNIT)
    assert channel["pins"] == [await first_ts(world)]


async def test_posts_about_an_erased_family_are_deleted_in_the_chat_and_noted_as_gone(world: World) -> None:
    await world.say("test:about", words("About a family"))
    await world.say("test:other", words("About another"))
    await world.quiet()
    with world.db.write() as session:
        stone = Erased(of_family_id="f", ref_hash="h", rule="ours", at=datetime.now(UTC))
        session.add(stone)
        session.flush()
        lying = find_post(session, "test:about")
        assert lying is not None
        row = LeftInChat(erased_id=stone.id, what="post", channel=lying.channel, ts=lying.ts)
        lying.key = left.key_of(row.id)
        session.add_all((row, lying))
        session.flush()
        assert left.ask_to_delete(session, stone.id, datetime.now(UTC)) == 1
    await world.quiet()
    assert await shown(world) == ["About another"]
    with world.db.read() as session:
        assert erase.left_in_chat(session, stone.id) == []
        assert find_post(session, left.key_of(row.id)) is None


async def test_a_busy_board_costs_fewer_calls_than_changes(world: World) -> None:
    await world.show("test:board", words("0"))
    await world.quiet()
    with world.db.write() as session:
        for _ in range(10):
            outbox.show(session, "test:board", now=datetime.now(UTC), channel=UNIT)
    await world.show("test:board", words("last"))
    await world.quiet()
    assert await shown(world) == ["last"]
    assert len(await world.calls("chat.update")) <= 2


async def test_where_slack_takes_no_chart_the_message_goes_out_in_words_and_no_chart_is_tried_again(
    world: World,
) -> None:
    drawn = Chart(title="Over time", points=("May", "June"), series=(("Total", (20, 12)),), words="Total 20, 12.")
    await world.practice.faults(errors={"chat.postMessage": ["invalid_blocks"]})
    for n in (1, 2):
        await world.say(f"test:{n}", card("A result", drawn))
        await world.quiet()
    messages = await world.ann.messages(UNIT)
    assert [[block["type"] for block in one["blocks"]] for one in messages] == [["rich_text"]] * 2
    assert len(await world.calls("chat.postMessage")) == 3


async def test_a_message_to_a_closed_account_counts_as_not_sent_though_slack_would_take_it(world: World) -> None:
    await world.practice.post("person", id=BEN, deleted=True)
    await world.say("test:a", words("For Ben"), channel="", chat_user=BEN)
    await world.say("test:b", words("For Ann"), channel="", chat_user=ANN)
    await world.quiet()
    assert (state_of(world, "test:a"), state_of(world, "test:b")) == ("failed", "sent")
    assert len(await world.calls("users.list")) == 1


async def test_where_slack_does_not_say_who_left_nobody_goes_without_a_message(world: World) -> None:
    await world.practice.faults(errors={"users.list": ["internal_error"]})
    await world.say("test:a", words("For Ben"), channel="", chat_user=BEN)
    await world.quiet()
    assert state_of(world, "test:a") == "sent"


@pytest.mark.parametrize("code", ["user_disabled", "cannot_dm_bot", "channel_not_found"])
async def test_a_closed_account_or_direct_messages_switched_off_hold_up_nobody_else(world: World, code: str) -> None:
    await world.practice.faults(errors={"chat.postMessage": [code]})
    await world.say("test:a", words("For Ben"), channel="", chat_user=BEN)
    await world.quiet()
    await world.say("test:b", words("For Ann"), channel="", chat_user=ANN)
    await world.quiet()
    assert (state_of(world, "test:a"), state_of(world, "test:b")) == ("failed", "sent")


async def test_a_message_slack_does_not_take_at_all_is_not_tried_for_ever(world: World) -> None:
    drawn = Chart(title="Over time", points=("May", "June"), series=(("Total", (20, 12)),), words="Total 20, 12.")
    await world.practice.faults(errors={"chat.postMessage": ["invalid_blocks"] * 9})
    await world.say("test:1", card("A result", drawn))
    await world.quiet()
    assert state_of(world, "test:1") == "failed"
    assert len([call for call in await world.calls("chat.postMessage") if call["channel"] == UNIT]) == 2


async def test_a_message_somebody_removed_is_posted_again(world: World) -> None:
    await world.show("test:board", words("One"))
    await world.quiet()
    client_delete = world.server.workspace
    client_delete.remove(client_delete.channels[UNIT], await first_ts(world))
    await world.show("test:board", words("Two"))
    await world.quiet()
    assert await shown(world) == ["Two"]


async def test_what_is_no_longer_wanted_is_not_posted(world: World) -> None:
    await world.say("test:a", None)
    await world.quiet()
    assert await shown(world) == []
    assert state_of(world, "test:a") == "cancelled"


async def test_a_long_card_is_posted_in_parts_and_edited_in_parts(world: World) -> None:
    long = card("Read-back", *(say(f"line {n} " + "word " * 400) for n in range(12)))
    await world.show("test:long", long)
    await world.quiet()
    parts = len(blocks.messages(long))
    assert len(await shown(world)) == parts > 2
    await world.show("test:long", words("Short now"))
    await world.quiet()
    assert await shown(world) == ["Short now"]
    await world.show("test:long", long)
    await world.quiet()
    assert len(await shown(world)) == parts


async def at_once(world: World, calls: int) -> None:
    """Waits until so many calls are in progress at the same time."""
    await world.until(lambda: world.server.api.in_flight >= calls)


async def test_a_safety_message_goes_while_six_others_are_still_on_their_way(world: World) -> None:
    await world.practice.faults(slow={"chat.postMessage": 1.0})
    for n in range(12):
        await world.say(f"test:{n}", words(f"{n}"))
    await at_once(world, 6)
    await world.say("test:stop", words("Emergency contacts"), priority=SAFETY)
    await at_once(world, 7)
    await world.practice.faults(clear=True)
    await world.quiet()
    assert "Emergency contacts" in await shown(world)


async def test_slow_reminders_leave_room_for_the_meeting(world: World) -> None:
    await world.practice.faults(slow={"chat.postMessage": 1.0})
    for n in range(4):
        await world.say(f"test:nudge{n}", words("nudge"), channel="", chat_user=ANN if n % 2 else BEN, priority=NUDGE)
    await at_once(world, 2)
    await world.say("test:stage", words("Next stage"))
    await at_once(world, 3)
    await world.practice.faults(clear=True)
    await world.quiet()
    assert await shown(world) == ["Next stage"]


async def test_a_direct_message_reaches_its_person(world: World) -> None:
    await world.say("test:actions", words("Your actions"), channel="", chat_user=ANN)
    await world.quiet()
    assert await world.texts(await world.ann.direct_channel()) == ["Your actions"]


async def test_a_note_is_seen_by_one_person(world: World) -> None:
    await world.ask(outbox.note, "test:note", words("Only you"), chat_user=ANN)
    await world.quiet()
    assert await shown(world) == ["Only you"]
    assert await world.texts(seat=world.ben) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"drop_replies": {"chat.postMessage": 1}},
        {"errors": {"chat.postMessage": ["http_500"]}},
        {"errors": {"chat.postMessage": ["internal_error"]}},
        {"ratelimit": {"chat.postMessage": {"count": 1, "retry_after": 1}}},
    ],
)
async def test_trouble_on_the_way_neither_loses_nor_doubles(world: World, fault: dict[str, Any]) -> None:
    await world.practice.faults(**fault)
    await world.say("test:parent", words("parent"))
    await world.say("test:child", words("child"), thread="test:parent")
    await world.quiet()
    assert await shown(world, await first_ts(world)) == ["parent", "child"]
    assert await shown(world) == ["parent"]


async def test_a_reply_that_got_lost_in_a_thread_is_found_again(world: World) -> None:
    await world.say("test:parent", words("parent"))
    await world.quiet()
    await world.practice.faults(drop_replies={"chat.postMessage": 1})
    await world.say("test:child", words("child"), thread="test:parent")
    await world.quiet()
    assert await shown(world, await first_ts(world)) == ["parent", "child"]


async def test_a_message_tried_by_a_bot_that_died_is_not_posted_twice(idle: World) -> None:
    await idle.say("test:a", words("Once"))
    long_ago = datetime.now(UTC) - timedelta(seconds=90)
    with idle.db.write() as session:
        claimed = delivery.claim(session, now=datetime.now(UTC), machine=long_ago)
    assert claimed is not None
    workspace = idle.server.workspace
    metadata = {"event_type": "unitbot", "event_payload": {"key": "test:a"}}
    message = workspace.message_by_bot({"text": "Once", "metadata": metadata})
    posted = workspace.post(workspace.channels[UNIT], message)
    with idle.db.write() as session:
        session.connection().exec_driver_sql("UPDATE outbox SET first_try_at = datetime('now', '-1 minutes')")
    await idle.connect()
    await idle.quiet()
    assert await shown(idle) == ["Once"]
    with idle.db.read() as session:
        post = find_post(session, "test:a")
    assert post is not None
    assert post.ts == posted["ts"]


async def test_a_message_slack_will_never_take_does_not_stop_the_others(world: World) -> None:
    await world.practice.faults(errors={"chat.postMessage": ["invalid_blocks"]})
    await world.say("test:bad", words("bad"))
    await world.quiet()
    await world.say("test:good", words("good"))
    await world.quiet()
    assert await shown(world) == ["good"]
    assert state_of(world, "test:bad") == "failed"


async def test_a_thread_whose_first_message_is_gone_gets_a_new_one(world: World) -> None:
    await world.show("test:parent", words("parent"))
    await world.quiet()
    workspace = world.server.workspace
    workspace.remove(workspace.channels[UNIT], await first_ts(world))
    await world.say("test:child", words("child"), thread="test:parent")
    await world.quiet()
    assert await shown(world) == ["parent"]
    assert await shown(world, await first_ts(world)) == ["parent", "child"]


async def coordinator_hears(world: World, seat: Seat) -> list[str]:
    channel = await seat.direct_channel()
    return await world.until(lambda: world.texts(channel))


async def test_nothing_is_posted_while_an_outsider_reads_and_the_coordinator_is_told(world: World) -> None:
    channel = world.server.workspace.channels[UNIT]
    world.server.workspace.join(channel, OUTSIDER)
    await world.say("test:a", words("About a family"))
    assert await coordinator_hears(world, world.ann) == ["The unit's channel"]
    assert await shown(world) == []
    assert state_of(world, "test:a") == "waiting"


async def test_emergency_contacts_are_never_held_back(world: World) -> None:
    world.server.workspace.join(world.server.workspace.channels[UNIT], OUTSIDER)
    await world.say("test:stop", words("Stop. Call 999."), priority=outbox.SAFETY)
    await world.quiet()
    assert await shown(world) == ["Stop. Call 999."]


@pytest.mark.parametrize("change", [{"is_private": False}, {"is_ext_shared": True}])
async def test_nothing_is_posted_in_a_public_or_shared_channel(world: World, change: dict[str, bool]) -> None:
    for name, value in change.items():
        setattr(world.server.workspace.channels[UNIT], name, value)
    await world.say("test:a", words("About a family"))
    assert await coordinator_hears(world, world.ann) == ["The unit's channel"]
    assert await shown(world) == []


def tried(world: World, key: str) -> bool:
    with world.db.read() as session:
        return bool(session.exec(select(OutboxMessage.error).where(OutboxMessage.key == key)).one())


async def test_an_outage_neither_loses_nor_doubles(world: World) -> None:
    await world.say("test:before", words("before"))
    await world.quiet()
    await world.practice.faults(down=True)
    for n in range(3):
        await world.say(f"test:{n}", words(f"during {n}"), thread="test:before")
    await world.show("test:before", words("board"))
    await world.until(lambda: tried(world, "test:before"))
    await world.practice.faults(clear=True)
    await world.quiet()
    assert await shown(world, await first_ts(world)) == ["board", "during 0", "during 1", "during 2"]


async def test_a_withdrawn_token_makes_messages_wait_and_not_fail(world: World) -> None:
    await world.practice.faults(errors={"chat.postMessage": ["token_revoked"]})
    await world.say("test:a", words("a"))
    await world.until(lambda: world.calls("chat.postMessage"))
    await world.practice.settle(quiet=0.05)
    assert state_of(world, "test:a") == "waiting"
