"""From an empty private channel to the first meeting, as a person does it over the real connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storage.unit import people, units
from tests.figures import counted
from tests.worlds.practised import GUEST, HALL, KESTREL, OUTSIDER, Json, Room, words

FOUR = ("orla", "devan", "tomasz")
CONTACT = {"contacts#1#who": "Duty manager", "contacts#1#how": "01632 960123"}


@dataclass
class Counting:
    """A person's seat that counts what they type after a slash and what they click; a menu is two clicks."""

    room: Room
    who: str
    clicks: int = 0
    commands: int = 0

    async def command(self, command: str) -> None:
        self.commands += 1
        await self.room.command(self.who, command)

    async def press(self, action: str) -> None:
        self.clicks += 1
        await self.room.press(self.who, action)

    async def hand_in(self, typed: Json, chosen: Json | None = None) -> None:
        """What is typed costs no click, each choice from a menu two, the form's own button one."""
        self.clicks += 1 + 2 * len(chosen or {})
        await self.room.submit(self.who, {**typed, **(chosen or {})})
        assert await self.room.seat(self.who).top_modal() is None


async def a_channel(room: Room, name: str = "falcon-unit", members: tuple[str, ...] = FOUR, **more: Any) -> str:
    """A private channel that Pippa makes, with the bot and colleagues in it; the room looks at it from now on."""
    config = room.server.workspace.config
    everybody = [config.bot_user_id, *(room.users.get(one, one) for one in members)]
    asked = {"user": room.users["pippa"], "name": name, "is_private": True, "members": everybody} | more
    room.channel = (await room.practice.post("new_channel", **asked))["channel"]
    return room.channel


async def test_a_unit_of_four_holds_its_first_meeting_after_at_most_12_clicks_and_2_commands(room: Room) -> None:
    channel = await a_channel(room)
    pippa = Counting(room, "pippa")
    await pippa.command("/unit")
    await pippa.hand_in(CONTACT)
    await pippa.press("family.add")
    await pippa.hand_in({"ref": "B1234C", "initials": "QD"}, {"category": "child_in_need"})
    await pippa.command("/meeting")
    await pippa.press("agenda.start")
    said = await room.said("pippa")
    assert "B1234C (QD)" in said
    assert counted("set-up to a first meeting: commands", pippa.commands, "commands", 2) == 2
    assert counted("set-up to a first meeting: clicks", pippa.clicks, "clicks", 12) <= 12
    with room.read() as session:
        unit = units.by_channel(session, channel)
        assert unit is not None
        assert unit.name == "Falcon Unit"
        assert len(people.members(session, unit.id)) == 4
        lead = people.unit_lead(session, unit.id)
        assert lead is not None
        assert lead.name == "Orla"
        assert [one.how for one in units.contacts(session, unit.id)] == ["999", "01632 960123"]


async def test_setting_up_costs_at_most_12_clicks_when_every_guess_was_wrong(room: Room) -> None:
    await a_channel(room)
    pippa = Counting(room, "pippa")
    await pippa.command("/unit")
    user = room.users["devan"]
    await pippa.hand_in(CONTACT, {f"people#{user}#role": "childrens_practitioner", "weekday": "3"})
    await pippa.press("family.add")
    await pippa.hand_in({"ref": "B1234C"}, {"category": "child_in_need"})
    await pippa.command("/meeting")
    await pippa.press("agenda.start")
    assert (pippa.commands, pippa.clicks <= 12) == (2, True)


async def test_in_the_open_no_unit_is_set_up_and_a_private_channel_is_offered(room: Room) -> None:
    await room.command("pippa", "/unit", channel=HALL)
    assert await room.seat("pippa").top_modal() is None
    notes = await room.notes("pippa", channel=HALL)
    assert "This channel is public" in notes[-1]
    assert "Make a private channel for your unit" in notes[-1]


async def test_beside_a_guest_no_unit_is_set_up(room: Room) -> None:
    await a_channel(room, members=(*FOUR, GUEST))
    await room.command("pippa", "/unit")
    assert "There is a guest in this channel" in (await room.notes("pippa"))[-1]


async def test_where_slack_does_not_say_who_reads_no_unit_is_set_up(room: Room) -> None:
    await a_channel(room)
    await room.practice.faults(errors={"conversations.info": ["fatal_error"] * 5})
    await room.command("pippa", "/unit")
    assert await room.seat("pippa").top_modal() is None
    said = (await room.notes("pippa"))[-1]
    assert "I could not find out just now who can read this channel" in said
    assert "Make a private channel for your unit" in said


async def test_a_channel_made_public_while_the_form_is_open_gets_no_unit(room: Room) -> None:
    channel = await a_channel(room)
    await room.command("pippa", "/unit")
    await room.practice.post("channel", channel=channel, is_private=False)
    await room.submit("pippa", CONTACT)
    view = await room.window("pippa")
    assert view["title"]["text"] == "Set up a unit here"
    with room.read() as session:
        assert units.by_channel(session, channel) is None


async def test_somebody_from_another_team_in_the_channel_is_a_line_like_everybody(room: Room) -> None:
    await a_channel(room, members=(*FOUR, OUTSIDER))
    await room.command("pippa", "/unit")
    view = await room.window("pippa")
    assert "Sam (another team) (Not in the unit)" in words(view)
    assert sum(str(block.get("block_id")).endswith("#role") for block in view["blocks"]) == 5


async def test_a_unit_comes_to_meet_in_another_channel(room: Room) -> None:
    with room.read() as session:
        kestrel = units.by_channel(session, KESTREL)
        assert kestrel is not None
    channel = await a_channel(room, "kestrel-two")
    await room.command("pippa", "/unit", "move")
    await room.press("pippa", "unit.move_here", unit=kestrel.id)
    assert "meets in this channel from now on" in await room.said("orla")
    with room.read() as session:
        here = units.by_channel(session, channel)
        assert here is not None
        assert here.id == kestrel.id
