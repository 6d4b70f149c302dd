"""The guide's file: what it may say, and what is said when it cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.practice.guide.steps import Act, GuideFault, read_guides
from bot.practice.sample.unit_file import read_unit_file
from bot.practice.unit_workspace import SAMPLE, workspace_of

BROKEN = """
unit: kestrel-unit
everyone: everyone
guides:
  - {id: a, seats: [pippa], title: A, end: Z, steps: [{id: x}]}
"""


def test_everybody_in_the_practice_workspace_has_a_guide() -> None:
    guides, config = read_guides(), workspace_of(read_unit_file(SAMPLE))
    assert [person.name for person in config.people if guides.for_seat(person.name) is None] == []
    assert {guides.unit, guides.everyone} <= {room.name for room in config.rooms}


def test_every_step_says_something_and_the_named_colleagues_are_there() -> None:
    names = {person.name for person in workspace_of(read_unit_file(SAMPLE)).people}
    steps = [step for guide in read_guides().guides for step in guide.steps]
    assert all(step.say and step.title and step.do for step in steps)
    assert {name for step in steps for name in (step.by, *(act.by for act in step.do)) if name} <= names


def test_an_act_is_one_thing() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Act(press="Start", command="/meeting")


def test_a_mistake_in_the_file_is_said_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "steps.yaml"
    file.write_text(BROKEN, "utf-8")
    with pytest.raises(GuideFault, match=r"guides\.0\.steps\.0\.title"):
        read_guides(file)
