"""Before anything is shown or kept in a channel, Slack must say who reads it; where it does not, nothing is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.practice.config import Person
from bot.practice.seat import SeatError
from bot.practice.slack.records import Channel, person_record
from bot.service import Service
from bot.slack import app, directory
from bot.slack.directory import SlackGate
from handlers.turn import ChannelFacts, ChannelTrouble
from prompts_and_forms.states import MemberStatus
from storage.unit import people, units
from tests.worlds.on_the_line import ANN, BEN, BOT, OUTSIDER, UNIT, World, shown, words
from tests.worlds.until import patience

PLACE, GROUP = "C0PLACE", "C0GROUP"


def gate_of(world: World) -> SlackGate:
    assert isinstance(world.service, Service)
    found = world.service.platform.gate
    assert isinstance(found, SlackGate)
    return found


async def facts(world: World, channel: str = UNIT, command: str = "/unit") -> ChannelFacts:
    """What the handlers hear of a channel when a command is typed there."""
    before = len(world.desk.of("command"))
    await world.ann.command(channel, command)
    await world.quiet()
    return world.desk.of("command")[before].facts


def a_channel(world: World, **more: Any) -> None:
    channel = Channel(**{"id": PLACE, "name": "place", "members": [ANN, BEN, BOT]} | more)
    world.server.workspace.channels[channel.id] = channel


# ---- nobody can tell


@pytest.mark.parametrize(
    "trouble",
    [
        {"errors": {"conversations.info": ["missing_scope"]}},
        {"errors": {"conversations.info": ["internal_error"]}},
        {"errors": {"conversations.info": ["http_500"]}},
        {"errors": {"conversations.members": ["missing_scope"]}},
        {"errors": {"users.info": ["fatal_error"] * 9}},
        {"ratelimit": {"conversations.info": 1, "retry_after": 30}},
        {"slow": {"conversations.info": 3}},
        {"drop_replies": {"conversations.info": 9}},
    ],
)
async def test_while_slack_does_not_say_who_reads_a_channel_nothing_goes_on_in_it(
    world: World, trouble: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "READERS_PATIENCE", 1.0)
    await world.practice.faults(**trouble)
    assert (await facts(world)).trouble == ChannelTrouble("unknown")
    await world.practice.faults(clear=True)
    assert (await facts(world)).trouble is None


async def test_a_slow_answer_is_waited_for_and_nobody_has_to_press_again(world: World) -> None:
    await world.practice.faults(slow={"conversations.info": 1.5})
    assert (await facts(world)).trouble is None


async def test_a_slow_answer_is_there_for_the_next_try(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "READERS_PATIENCE", 1.0)
    await world.practice.faults(slow={"conversations.info": 1.5})
    assert (await facts(world)).trouble == ChannelTrouble("unknown")

    async def known() -> bool:
        return (await facts(world)).trouble is None

    assert await world.until(known)
    assert len(await world.calls("conversations.info")) == 1


async def test_people_who_ask_at_the_same_time_wait_for_one_look(world: World) -> None:
    gate = gate_of(world)
    assert await asyncio.gather(*(gate.trouble(UNIT) for _ in range(9))) == [""] * 9
    assert len(await world.calls("conversations.info")) == 1


# ---- what a channel can be


async def test_a_group_conversation_is_no_place_for_a_unit(world: World) -> None:
    a_channel(world, id=GROUP, name="mpdm-ann--ben-1", is_mpim=True)
    assert (await facts(world, GROUP)).trouble == ChannelTrouble("group")
    assert await gate_of(world).trouble(GROUP) == "group"
    a_channel(world, id="C0OTHERS", name="mpdm-ann--olu-1", is_mpim=True, members=[ANN, OUTSIDER])
    assert (await facts(world, "C0OTHERS")).trouble == ChannelTrouble("group")


@pytest.mark.parametrize(
    ("flags", "trouble"),
    [
        ({"is_pending_ext_shared": True}, "shared"),
        ({"is_ext_shared": True}, "shared"),
        ({"is_private": False}, "public"),
        ({"is_archived": True}, "archived"),
        ({"members": [ANN, BEN]}, "not_in_channel"),
    ],
)
async def test_a_channel_others_read_or_will_read_or_that_is_shut_is_known(
    world: World, flags: dict[str, Any], trouble: str
) -> None:
    a_channel(world, **flags)
    assert await gate_of(world).trouble(PLACE) == trouble


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ({"is_private": False}, "public"),
        ({"is_archived": True}, "archived"),
        ({"is_ext_shared": True}, "shared"),
    ],
)
async def test_a_change_of_the_channel_is_seen_at_once_and_so_is_its_way_back(
    world: World, change: dict[str, Any], trouble: str
) -> None:
    world.server.workspace.config.__dict__["events"] = (*world.server.workspace.config.events, "message.channels")
    gate = gate_of(world)
    assert await gate.trouble(UNIT) == ""
    await world.practice.post("channel", channel=UNIT, **change)
    await world.quiet()
    assert await gate.trouble(UNIT) == trouble
    await world.practice.post("channel", channel=UNIT, **{name: not value for name, value in change.items()})
    await world.quiet()
    assert await gate.trouble(UNIT) == ""


async def test_a_message_the_channel_writes_about_itself_makes_the_bot_look_again(world: World) -> None:
    gate, workspace = gate_of(world), world.server.workspace
    assert await gate.trouble(UNIT) == ""
    channel = workspace.channels[UNIT]
    channel.is_pending_ext_shared = True
    workspace.post(channel, {"type": "message", "subtype": "sh_room_shared", "user": ANN, "text": "invited"})
    await world.quiet()
    assert await gate.trouble(UNIT) == "shared"


async def test_what_people_type_does_not_make_the_bot_look_again(world: World) -> None:
    gate = gate_of(world)
    await gate.trouble(UNIT)
    ts = await world.ann.type(UNIT, "hello")
    await world.ann.edit(UNIT, ts, "hello there")
    await world.ann.delete(UNIT, ts)
    await world.say("test:a", words("Hello"))
    await world.quiet()
    assert len(await world.calls("conversations.info")) == 1


async def test_the_unit_goes_with_its_channel_to_its_new_id_and_posts_there(world: World) -> None:
    await world.show("test:board", words("One"))
    await world.quiet()
    await world.practice.post("channel", channel=UNIT, id="C0MOVED")
    with pytest.raises(SeatError):
        await world.texts(UNIT)
    moved = [event for event in world.desk.events if event.kind.value == "moved"]
    assert [(event.args["old_channel"], event.channel) for event in await world.heard(1, "moved")] == [
        (UNIT, "C0MOVED")
    ], moved


# ---- many people


def crowd(world: World, many: int, **last: Any) -> None:
    workspace = world.server.workspace
    people = [Person(id=f"U0P{n:03}", name=f"p{n}", real_name=f"Person {n}") for n in range(many)]
    people[-1] = people[-1].model_copy(update=last)
    for person in people:
        workspace.people[person.id] = person_record(person, workspace.config.team_id)
    a_channel(world, members=[ANN, BOT, *(person.id for person in people)])


async def test_a_channel_of_many_people_is_looked_at_with_few_questions(world: World) -> None:
    crowd(world, 200)
    assert await gate_of(world).trouble(PLACE) == ""
    assert len(await world.calls("users.info")) <= 5
    assert len(await world.calls("users.list")) == 1


async def test_a_guest_among_many_is_found(world: World) -> None:
    crowd(world, 200, is_restricted=True)
    assert await gate_of(world).trouble(PLACE) == "guest:U0P199"


async def test_in_a_units_channel_one_stranger_is_enough_to_know(world: World) -> None:
    crowd(world, 200)
    with world.db.write() as session:
        unit = units.by_channel(session, UNIT)
        assert unit is not None
        unit.channel = PLACE
    assert await gate_of(world).trouble(PLACE) == "unknown_member:U0P000"
    assert len(await world.calls("users.list")) == 0
    assert len(await world.calls("users.info")) <= 3


async def test_messages_are_shown_where_a_look_is_good(world: World) -> None:
    await world.say("test:a", words("Hello"))
    await world.quiet()
    assert await shown(world) == ["Hello"]


# ---- known to every process


def another_process(world: World) -> SlackGate:
    mine = gate_of(world)
    return SlackGate(mine._client, mine._runtime, mine.bot_user)


async def test_what_one_process_has_seen_of_a_channel_another_does_not_ask_again(world: World) -> None:
    assert await gate_of(world).trouble(UNIT) == ""
    before = len(await world.calls("conversations.info"))
    assert await another_process(world).trouble(UNIT) == ""
    assert len(await world.calls("conversations.info")) == before


async def test_what_happens_to_a_channel_is_known_to_every_process_at_once(world: World) -> None:
    other = another_process(world)
    assert await other.trouble(UNIT) == ""
    world.server.workspace.join(world.server.workspace.channels[UNIT], OUTSIDER)
    await world.quiet()
    assert await other.trouble(UNIT) == f"unknown_member:{OUTSIDER}"


async def test_who_is_taken_out_of_the_unit_is_a_stranger_in_its_channel_at_once(world: World) -> None:
    assert await gate_of(world).trouble(UNIT) == ""
    with world.db.write() as session:
        unit = units.by_channel(session, UNIT)
        assert unit is not None
        membership = next(
            membership for membership, person in people.members(session, unit.id) if person.chat_user == BEN
        )
        membership.status = MemberStatus.LEFT
        session.add(membership)
    assert await gate_of(world).trouble(UNIT) == f"unknown_member:{BEN}"


async def test_a_channel_that_changes_while_somebody_looks_is_looked_at_again(world: World) -> None:
    gate = gate_of(world)
    await gate.forget(UNIT)
    await world.practice.faults(slow={"conversations.info": 0.5})
    look = asyncio.create_task(another_process(world).trouble(UNIT))
    await world.until(lambda: world.server.api.in_flight > 0)
    world.server.workspace.channels[UNIT].is_private = False
    await gate.forget(UNIT)
    assert await look == "public"


async def test_after_a_break_of_the_line_channels_are_asked_about_anew(world: World) -> None:
    assert await gate_of(world).trouble(UNIT) == ""
    before = len(await world.calls("conversations.info"))
    await gate_of(world).forget_all()
    assert await another_process(world).trouble(UNIT) == ""
    assert len(await world.calls("conversations.info")) == before + 1


async def test_many_channels_at_once_are_asked_about_in_one_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "GATHERING", patience(0.5))
    for number in range(40):
        a_channel(world, id=f"C0MANY{number}", name=f"many{number}", is_private=number != 39)
    gate = another_process(world)
    found = await asyncio.gather(*(gate.trouble(f"C0MANY{number}") for number in range(40)))
    assert found == [""] * 39 + ["public"]
    assert len(await world.calls("conversations.info")) < 12
    assert len(await world.calls("users.conversations")) == 1
