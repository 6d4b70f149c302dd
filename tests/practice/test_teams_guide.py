"""The guided first meeting on Teams: every seat's guide is done for somebody from its first step to its last."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.practice.guide.steps import read_guides
from bot.practice.teams.guided import FILE
from bot.practice.teams.launch import TeamsPractice
from bot.practice.teams.records import guid

KEY = bytes(range(32))
SEATS = [guide.seats[0] for guide in read_guides(FILE).guides]


@pytest.mark.parametrize("seat", SEATS)
async def test_each_step_of_a_guide_is_done_and_seen_as_done(seat: str, tmp_path: Path) -> None:
    practice = TeamsPractice(tmp_path, KEY)
    address = f"{await practice.start(0)}/seat/guide"
    try:
        async with ClientSession() as session:
            async with session.get(address, params={"user": guid(seat)}) as answer:
                shown = (await answer.json())["guide"]
            while not shown["finished"]:
                before = shown["number"]
                async with session.post(address, json={"user": guid(seat), "act": "do"}) as answer:
                    found = await answer.json()
                    assert answer.status == 200, (shown["step"], found)
                shown = found["guide"]
                assert shown["finished"] or shown["number"] > before, shown["step"]
            async with session.post(address, json={"user": guid(seat), "act": "again"}) as answer:
                again = (await answer.json())["guide"]
        assert again["of"] == shown["of"]
    finally:
        await practice.close()


async def test_a_stranger_has_no_guide_and_it_can_be_left_and_taken_up(tmp_path: Path) -> None:
    practice = TeamsPractice(tmp_path, KEY)
    address = f"{await practice.start(0)}/seat/guide"
    try:
        async with ClientSession() as session:
            async with session.get(address, params={"user": guid("stranger")}) as answer:
                assert (await answer.json())["guide"] is None
            for act, left in (("leave", True), ("take_up", False)):
                async with session.post(address, json={"user": guid("pippa"), "act": act}) as answer:
                    assert (await answer.json())["guide"]["left"] is left
    finally:
        await practice.close()
