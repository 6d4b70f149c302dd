"""What Slack no longer lets the bot edit is posted anew: one live copy, pinned where the old one was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from prompts_and_forms.card import Button, Buttons, card, say
from storage.messages import outbox, posts
from tests.worlds.on_the_line import UNIT, World, first_ts, shown, words

CLOSED = ["edit_window_closed", "cant_update_message"]


async def pins(world: World) -> list[str]:
    channel = next(one for one in (await world.ann.state())["channels"] if one["id"] == UNIT)
    return list(channel["pins"])


async def a_pinned_board(world: World) -> str:
    await world.show("test:board", card("One", say("One"), Buttons(items=(Button(action="go", label="Go"),))))
    with world.db.write() as session:
        outbox.pin(session, "test:board", now=datetime.now(UTC))
    await world.quiet()
    return await first_ts(world)


@pytest.mark.parametrize("code", CLOSED)
async def test_a_board_that_cannot_be_edited_is_posted_anew_and_pinned_and_the_old_one_goes(
    world: World, code: str
) -> None:
    old = await a_pinned_board(world)
    await world.practice.faults(errors={"chat.update": [code]})
    await world.show("test:board", words("Two"))
    await world.quiet()
    new = await first_ts(world)
    assert await shown(world) == ["Two"]
    assert new != old
    assert await pins(world) == [new]
    await world.show("test:board", words("Three"))
    await world.quiet()
    assert (await shown(world), await pins(world)) == (["Three"], [new])


async def test_an_old_copy_that_cannot_be_deleted_says_that_it_is_out_of_date(world: World) -> None:
    await a_pinned_board(world)
    await world.practice.faults(errors={"chat.update": CLOSED[:1], "chat.delete": ["cant_delete_message"]})
    await world.show("test:board", words("Two"))
    await world.quiet()
    first, second = await world.ann.messages(UNIT)
    assert "out of date" in first["text"]
    assert not first.get("blocks")
    assert second["text"] == "Two"
    assert second["ts"] in await pins(world)


async def test_replies_to_the_old_copy_are_still_understood_and_new_ones_go_under_the_new_one(world: World) -> None:
    await world.show("test:parent", words("parent"))
    await world.say("test:child", words("child"), thread="test:parent")
    await world.quiet()
    old = await first_ts(world)
    await world.practice.faults(errors={"chat.update": CLOSED[:1]})
    await world.show("test:parent", words("parent, changed"))
    await world.quiet()
    await world.say("test:later", words("later"), thread="test:parent")
    await world.quiet()
    with world.db.read() as session:
        assert posts.key_at(session, UNIT, old) == "test:parent"
        now = posts.find_post(session, "test:parent")
    assert now is not None
    assert now.ts != old
    assert await shown(world, now.ts) == ["parent, changed", "later"]
    assert await shown(world, old) == ["This message was deleted.", "child"]


@pytest.mark.parametrize("lost", [{"drop_replies": {"chat.postMessage": 1}}, {"drop_replies": {"chat.delete": 1}}])
async def test_a_reply_lost_on_the_way_leaves_one_copy_too(world: World, lost: dict[str, Any]) -> None:
    await a_pinned_board(world)
    await world.practice.faults(errors={"chat.update": CLOSED[:1] * 2}, **lost)
    await world.show("test:board", words("Two"))
    await world.quiet()
    assert await shown(world) == ["Two"]
    assert await pins(world) == [await first_ts(world)]


async def test_a_part_of_a_long_message_that_cannot_be_edited_is_posted_anew_alone(world: World) -> None:
    def long(last: str) -> Any:
        return card("Long", *(say(f"{n} " + "word " * 500) for n in range(9)), say(last))

    await world.show("test:long", long("one"))
    await world.quiet()
    before = [message["ts"] for message in await world.ann.messages(UNIT)]
    await world.practice.faults(errors={"chat.update": CLOSED[:1]})
    await world.show("test:long", long("two"))
    await world.quiet()
    assert len(await world.ann.messages(UNIT)) == len(before)


async def test_somebody_deletes_the_board_and_the_new_one_is_pinned(world: World) -> None:
    old = await a_pinned_board(world)
    world.server.workspace.remove(world.server.workspace.channels[UNIT], old)
    await world.show("test:board", words("Two"))
    await world.quiet()
    assert await pins(world) == [await first_ts(world)]
