"""A message Slack refuses: held where the channel can be put right, sent plainer where it is too much, told of else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from bot.practice.seat import Seat
from bot.practice.slack.faults import text_in
from bot.slack import blocks
from handlers.turn import HomeView
from prompts_and_forms.card import Buttons, Chart, Choice, Menu, Table, card, say
from storage.database.tables import Membership
from storage.messages.outbox import SAFETY
from tests.worlds.on_the_line import ANN, BEN, UNIT, World, answering, first_ts, holds_are_over, shown, state_of, words

DRAWN = Chart(title="Over time", points=("May", "June"), series=(("Total", (20, 12)),), words="Total 20, 12.")
TABLE = Table(rows=(("Who", "What"), ("Ann", "Call the school"), ("Ben", "Visit")), words="Two actions.")


async def kinds(world: World) -> list[list[str]]:
    return [[block["type"] for block in one["blocks"]] for one in await world.ann.messages(UNIT)]


async def hears(world: World, seat: Seat, title: str) -> list[str]:
    """Waits for a direct message with this notice; answers what it says."""
    channel = await seat.direct_channel()

    async def look() -> list[str]:
        found = [one for one in await seat.messages(channel) if one["text"] == title]
        return [str(one["blocks"]) for one in found]

    return await world.practice.until(look)


# ---- about the channel


@pytest.mark.parametrize(
    "code",
    [
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "channel_not_found",
        "not_in_channel",
        "channel_is_limited_access",
    ],
)
async def test_what_its_channel_does_not_take_is_held_with_its_thread_and_posted_later(world: World, code: str) -> None:
    await world.practice.faults(errors={"chat.postMessage": [code]})
    await world.say("test:parent", words("parent"))
    await world.say("test:child", words("child"), thread="test:parent")
    assert "waiting and nothing is lost" in (await hears(world, world.ann, "The unit's channel"))[0]
    assert (state_of(world, "test:parent"), state_of(world, "test:child")) == ("waiting", "waiting")
    holds_are_over(world)
    await world.quiet()
    assert await shown(world, await first_ts(world)) == ["parent", "child"]


async def test_nothing_is_tried_in_an_archived_channel_and_all_goes_out_when_it_is_back(world: World) -> None:
    await world.practice.post("channel", channel=UNIT, is_archived=True)
    await world.say("test:a", words("Hello"))
    assert "archived" in (await hears(world, world.ann, "The unit's channel"))[0]
    assert not [call for call in await world.calls("chat.postMessage") if call["channel"] == UNIT]
    await world.practice.post("channel", channel=UNIT, is_archived=False)
    holds_are_over(world)
    await world.quiet()
    assert (await shown(world)).count("Hello") == 1


async def test_a_board_in_an_archived_channel_is_edited_when_it_is_back(world: World) -> None:
    await world.show("test:board", words("One"))
    await world.quiet()
    await world.practice.faults(errors={"chat.update": ["is_inactive"]})
    await world.show("test:board", words("Two"))
    await hears(world, world.ann, "The unit's channel")
    holds_are_over(world)
    await world.quiet()
    assert await shown(world) == ["Two"]


async def test_emergency_contacts_their_channel_does_not_take_reach_people_directly_at_once(world: World) -> None:
    await world.practice.faults(errors={"chat.postMessage": ["restricted_action"]})
    await world.say("test:stop", words("Stop. Call 999."), priority=SAFETY)
    assert await hears(world, world.ann, "Stop. Call 999.")
    holds_are_over(world)
    await world.quiet()
    assert await shown(world) == ["Stop. Call 999."]


# ---- about the size


LONG = card("Read-back", *(say(f"line {n} " + "word " * 40) for n in range(30)))


@pytest.mark.parametrize("code", ["msg_blocks_too_long", "msg_too_long", "invalid_blocks"])
async def test_what_is_too_long_goes_out_in_smaller_parts(world: World, code: str) -> None:
    await world.practice.faults(errors={"chat.postMessage": [code]})
    await world.say("test:long", LONG)
    await world.say("test:child", words("child"), thread="test:long")
    await world.quiet()
    assert await shown(world) == ["Read-back", "Read-back (continued)"]
    assert await shown(world, await first_ts(world)) == ["Read-back", "child"]
    assert _all_words(await world.ann.messages(UNIT)) == _all_words([{"blocks": blocks.messages(LONG)[0]["blocks"]}])


async def test_smaller_and_smaller_parts_until_slack_takes_them_and_edited_like_any(world: World) -> None:
    await world.practice.faults(blocks_over=1500)
    await world.show("test:long", LONG)
    await world.quiet()
    assert len(await shown(world)) >= 4
    await world.practice.faults(blocks_over=0)
    await world.show("test:long", LONG)
    await world.quiet()
    assert await shown(world) == ["Read-back"]
    await world.practice.faults(blocks_over=1500)
    await world.show("test:long", LONG)
    await world.quiet()
    assert _all_words(await world.ann.messages(UNIT)) == _all_words([{"blocks": blocks.messages(LONG)[0]["blocks"]}])


def test_a_message_weighs_the_labels_in_its_menus_too() -> None:
    choices = tuple(Choice(value=str(n), label=f"{n} " + "x" * 70) for n in range(99))
    menus = Buttons(items=tuple(Menu(action=f"m{n}", label="Which?", choices=choices) for n in range(4)))
    pages = blocks.messages(card("Board", say("word " * 1000), menus))
    assert len(pages) > 1
    assert max(text_in(page["blocks"]) for page in pages) <= blocks.MESSAGE_CHARACTERS


def _all_words(messages: list[dict[str, Any]]) -> str:
    """Every word of some messages, in order."""
    found: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                look(one)
        elif isinstance(part, dict):
            if isinstance(part.get("text"), str):
                found.append(part["text"])
            look([value for value in part.values() if not isinstance(value, str)])

    look([one["blocks"] for one in messages])
    return " ".join(" ".join(found).split())


# ---- a table or a chart


@pytest.mark.parametrize("code", ["invalid_blocks", "internal_error", "invalid_attachments"])
async def test_a_table_slack_does_not_take_is_said_in_words(world: World, code: str) -> None:
    await world.practice.faults(refuse_blocks={"table": code})
    await world.show("test:list", card("Actions", TABLE))
    await world.quiet()
    [message] = await world.ann.messages(UNIT)
    assert "Who: Ann; What: Call the school" in str(message["blocks"])
    assert "Two actions." in str(message["blocks"])
    await world.show("test:list", card("Actions", TABLE))
    await world.quiet()
    assert await kinds(world) == [["rich_text", "context"]]


async def test_a_table_and_a_chart_both_refused_leave_the_words(world: World) -> None:
    await world.practice.faults(refuse_blocks={"table": "internal_error", "data_visualization": "invalid_blocks"})
    await world.say("test:a", card("Both", DRAWN, TABLE))
    await world.quiet()
    assert await kinds(world) == [["rich_text", "rich_text", "context"]]


async def test_a_table_slack_took_without_saying_so_is_not_posted_twice(world: World) -> None:
    await world.practice.faults(errors_after={"chat.postMessage": ["internal_error"]})
    await world.say("test:a", card("Actions", TABLE))
    await world.quiet()
    assert await shown(world) == ["Actions"]


async def test_a_home_tab_whose_table_is_refused_shows_it_in_words(world: World) -> None:
    world.desk.replies["home"] = answering(HomeView(card("Home", TABLE)))
    await world.practice.faults(refuse_blocks={"table": "invalid_arguments"})
    await world.ann.home()
    await world.quiet()
    assert "Who: Ann; What: Call the school" in str((await world.ann.state())["home"]["view"])


async def test_one_refused_chart_rests_charts_for_an_hour_and_no_longer(world: World) -> None:
    assert world.service is not None
    poster, moment = world.service.platform.poster, 1000.0
    poster.moment = lambda: moment
    await world.practice.faults(errors={"chat.postMessage": ["invalid_blocks"]})
    for n in range(3):
        await world.say(f"test:{n}", card("A result", DRAWN))
        await world.quiet()
        moment += 1800.0
    assert await kinds(world) == [["rich_text"], ["rich_text"], ["data_visualization", "rich_text"]]


async def test_a_message_refused_for_another_reason_takes_no_charts_away(world: World) -> None:
    await world.practice.faults(errors={"chat.postMessage": ["invalid_blocks"] * 9})
    await world.say("test:1", card("A result", DRAWN))
    await world.quiet()
    await world.practice.faults(clear=True)
    await world.say("test:2", card("A result", DRAWN))
    await world.quiet()
    assert "data_visualization" in (await kinds(world))[-1]


# ---- for good


async def test_who_asked_and_the_lead_hear_of_a_message_that_can_never_be_posted(world: World) -> None:
    make_lead(world, ANN)
    await world.practice.faults(errors={"chat.postMessage": ["invalid_metadata_format"]})
    await world.say("test:bad", words("bad"), asked_by=BEN)
    for seat in (world.ann, world.ben):
        [notice] = await hears(world, seat, "A message could not be posted")
        assert "Nothing that was recorded is lost" in notice
        assert "invalid_metadata_format" in notice
    assert state_of(world, "test:bad") == "failed"


async def test_who_asked_hears_that_somebody_cannot_be_reached(world: World) -> None:
    await world.practice.faults(errors={"chat.postMessage": ["cannot_dm_bot"]})
    await world.say("test:a", words("For Ben"), channel="", chat_user=BEN, asked_by=ANN)
    [notice] = await hears(world, world.ann, "A message could not be posted")
    assert "to Ben could not be sent" in notice
    await world.quiet()
    assert await world.texts(await world.ben.direct_channel(), seat=world.ben) == []


async def test_half_of_a_message_that_can_never_be_posted_whole_does_not_stay(world: World) -> None:
    await world.practice.faults(blocks_over=3)
    await world.say("test:long", card("Title", say("a"), say("b"), say("four")))
    await world.quiet()
    assert await shown(world) == []
    assert state_of(world, "test:long") == "failed"


def make_lead(world: World, chat_user: str) -> None:
    from storage.unit import people

    with world.db.write() as session:
        person = people.by_chat_user(session, chat_user)
        assert person is not None
        people.make_lead(session, session.exec(select(Membership).where(Membership.person_id == person.id)).one())
