"""What a card brings back is read as what was pressed, chosen or typed, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from bot.teams import wire


def test_a_button_brings_back_its_action_and_arguments() -> None:
    assert wire.pressed(wire.button("agenda.start", {"family": "f1"})) == ("agenda.start", {"family": "f1"})


def test_a_menu_brings_what_was_chosen() -> None:
    data = wire.button("stage.more", {"discussion": "d1"}, menu="m0") | {"in:m0": "form:action"}
    assert wire.pressed(data) == ("stage.more", {"discussion": "d1", "chosen": "form:action"})


def test_a_form_brings_its_answers_and_where_it_was_opened() -> None:
    data = wire.form("action", {"draft": "d"}, {"channel": "19:c", "thread": "1"}, many=["who"], keys=["who", "what"])
    found = wire.filled(data | {"in:who": "a,b", "in:what": "Ring, then write", "in:when": ""})
    assert found is not None
    assert (found.form, found.args, found.channel, found.thread) == ("action", {"draft": "d"}, "19:c", "1")
    assert found.values == {"who": ["a", "b"], "what": "Ring, then write"}
    assert found.keys == {"who", "what"}


def test_an_answer_named_like_a_part_of_the_form_stays_an_answer() -> None:
    found = wire.filled(wire.form("unit", {}, {}) | {"in:form": "typed", "in:args": "typed too"})
    assert found is not None
    assert (found.form, found.values) == ("unit", {"form": "typed", "args": "typed too"})


def test_each_drawing_has_a_mark_of_its_own() -> None:
    assert wire.form("a", {}, {})["once"] != wire.form("a", {}, {})["once"]


@pytest.mark.parametrize("data", [None, "text", 3, [], {}, {"do": 4}, {"form": None}, {"do": ["x"], "args": 1}])
def test_what_is_none_of_ours_is_nothing(data: object) -> None:
    assert wire.pressed(data) is None
    assert wire.filled(data) is None


def test_arguments_of_another_kind_do_not_break_anything() -> None:
    assert wire.pressed({"do": "x", "args": [1], "menu": "m", "in:m": 5}) == ("x", {})
