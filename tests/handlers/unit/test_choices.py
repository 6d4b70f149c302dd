"""/unit scores: bands, cut-offs, numbers in exports and the marking, seen by all and changed by those who may."""

from __future__ import annotations

from typing import Any

import pytest

from bot.documents.source import Source
from handlers.turn import Ask, Done, Note, Wrong
from storage.database.tables import Unit
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.records_world import Room


def scores(room: Room, who: str) -> str:
    return words_of(room.command(who, "/unit", "scores"))


def change(room: Room, who: str, **answers: Any) -> Any:
    shown = room.command(who, "/unit", "scores")
    assert isinstance(shown, Note)
    [button] = buttons_of(shown.card)
    asked = room.press(who, button.action, **button.args)
    assert isinstance(asked, Ask)
    return room.hand_in(who, asked, answers)


def test_everybody_sees_what_counts_and_that_it_is_the_usual(room: Room) -> None:
    said = scores(room, "marisol")
    assert "four bands (usual)" in said
    assert "long form, young person 27" in said
    assert "in words only" in said
    assert "OFFICIAL-SENSITIVE (usual)" in said


def test_a_change_counts_at_once_and_says_who_made_it_and_when(room: Room) -> None:
    answers = {"sdq_bands": "3band", "long_self": 28, "chi_highest_is_best": "yes", "marking": "OFFICIAL"}
    said = words_of(change(room, "pippa", **answers))
    by = "set by Pippa on 17 November 2026"
    assert f"three bands ({by})" in said
    assert f"OFFICIAL ({by})" in said
    assert "long form, young person 28; long form, parent or carer 29" in said
    with room.reading() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        assert unit.settings["chi_highest_is_best"] is True
        made = Source(session, unit, room.now, "Pippa").document("x", "X", [], subject="S")
    assert made.classification.startswith("OFFICIAL ")


def test_only_what_was_changed_bears_a_name(room: Room) -> None:
    said = words_of(change(room, "orla", sdq_bands="3band"))
    assert "three bands (set by Orla on 17 November 2026)" in said
    assert said.count("(usual)") == 3


def test_those_who_do_not_look_after_the_unit_cannot_change_it(room: Room) -> None:
    shown = room.command("marisol", "/unit", "scores")
    assert isinstance(shown, Note)
    assert buttons_of(shown.card) == []
    assert "Pippa" in words_of(room.press("marisol", "unit.choices_change"))


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"short_self": 27}, "short_self", "from 1 to 26"),
        ({"long_parent": 0}, "long_parent", "from 1 to 66"),
        ({"marking": "x" * 61}, "marking", "60 characters"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(room: Room, answers: dict[str, Any], field: str, words: str) -> None:
    refused = change(room, "pippa", **answers)
    assert isinstance(refused, Wrong)
    assert words in refused.errors[field]


def test_an_sdq_is_said_in_the_bands_the_unit_chose(room: Room) -> None:
    assert isinstance(change(room, "pippa", sdq_bands="3band"), Done)
    shown = room.command("tomasz", "/measure", "K3107C")
    assert isinstance(shown, Note)
    menu = next(
        b for block in shown.card.blocks if hasattr(block, "items") for b in block.items if hasattr(b, "choices")
    )
    said = words_of(room.press("tomasz", menu.action, **menu.args, chosen=menu.choices[0].value))
    assert "abnormal" in said
    assert "very high" not in said
