"""The guided first meeting, step by step through the real bot, from every kind of seat."""

from __future__ import annotations

from typing import Any

import pytest

from bot.practice.guide.steps import read_guides
from bot.practice.seat import SeatError
from tests.worlds.practised import KESTREL, Room

Json = dict[str, Any]


class Guided:
    """Somebody at the page, with the guide open."""

    def __init__(self, room: Room, name: str) -> None:
        self.room, self.user = room, room.users.get(name) or {"sam": "U0OUTSIDE"}[name]
        self.place, self.thread = KESTREL, ""

    async def look(self) -> Json:
        found = await self.room.practice.get("guide", user=self.user, place=self.place, thread=self.thread)
        return dict(found["guide"])

    async def press(self, act: str) -> Json:
        found = await self.room.practice.post("guide", user=self.user, place=self.place, thread=self.thread, act=act)
        if found["go"]:
            self.place, self.thread = found["go"]["place"], found["go"]["thread"]
        await self.room.settle()
        return await self.look()


@pytest.mark.parametrize("guide", read_guides().guides, ids=lambda guide: guide.id)
async def test_do_it_for_me_leads_from_the_first_step_to_the_last(room: Room, guide: Any) -> None:
    person = Guided(room, guide.seats[0])
    for _ in guide.steps:
        before = await person.look()
        if before["finished"]:
            break
        after = await person.press("do")
        assert after["finished"] or after["step"]["id"] != before["step"]["id"], before["step"]["title"]
    assert (await person.look())["finished"]


async def test_a_step_done_by_hand_is_behind_them(room: Room) -> None:
    pippa = Guided(room, "pippa")
    assert "It is Tuesday, 09:30. Type /meeting" in (await pippa.look())["step"]["say"]
    await room.seat("pippa").command(KESTREL, "/meeting")
    await room.settle()
    assert (await pippa.look())["step"]["id"] == "start"


async def test_the_guide_is_left_and_taken_up_where_it_was(room: Room) -> None:
    pippa = Guided(room, "pippa")
    await pippa.press("do")
    assert (await pippa.press("leave"))["left"]
    again = await pippa.press("take_up")
    assert (again["left"], again["step"]["id"]) == (False, "start")
    assert (await pippa.press("next"))["step"]["id"] == "thread"


async def test_where_somebody_is_outlives_the_workspace(room: Room) -> None:
    pippa = Guided(room, "pippa")
    await pippa.press("do")
    assert dict(room.server.workspace.store.all("guide"))[pippa.user]["step"] == "start"


async def test_a_step_that_cannot_be_done_yet_is_said_in_a_sentence(room: Room) -> None:
    pippa = Guided(room, "pippa")
    await pippa.press("next")
    with pytest.raises(SeatError, match="I cannot find “Start another family”"):
        await pippa.press("do")


async def test_each_seat_has_its_own_place_in_the_guide(room: Room) -> None:
    await Guided(room, "pippa").press("do")
    assert (await Guided(room, "devan").look())["step"]["id"] == "start"
    assert (await Guided(room, "tomasz").look())["step"]["id"] == "home"
