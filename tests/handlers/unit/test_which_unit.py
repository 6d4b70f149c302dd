"""In a direct message somebody in several units is asked which one is meant, and need not say it again for an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.turn import Ask, Note
from storage.database.db import Database
from storage.unit import choices, people, units
from tests.worlds.in_memory import a_note, buttons_of, menus_of, words_of
from tests.worlds.setting_up import TODAY, Seat, a_family, heron_unit

DIRECT = {"channel": "D0NIA", "in_direct_message": True}


@pytest.fixture
def nia(db: Database) -> Seat:
    """A manager of two units, each with a family."""
    a_family(db, heron_unit(db), "A1111B")
    a_family(db, heron_unit(db, "Wren Unit", "CWREN", prefix="W"), "B2222C")
    _linked(db, "Wren Unit")
    return Seat(db, "UNIA", channel="")


def _linked(db: Database, name: str) -> None:
    with db.write() as session:
        unit, person = units.by_name(session, name), people.by_chat_user(session, "UNIA")
        assert unit is not None
        assert person is not None
        membership = people.add_member(
            session, unit_id=unit.id, person_id=person.id, roles=["clinical_manager"], on=TODAY
        )
        membership.linked = True


def test_a_command_that_could_mean_two_units_asks_which_and_is_not_typed_twice(db: Database, nia: Seat) -> None:
    asked = a_note(nia.command("/family list", **DIRECT))
    assert [one.label for one in buttons_of(asked)] == ["Heron Unit", "Wren Unit"]
    shown = words_of(nia.press(asked, "Wren Unit"))
    assert "B2222C" in shown
    assert "A1111B" not in shown
    assert "This is about Wren Unit." in shown


def test_the_answer_is_remembered_for_an_hour_and_can_be_changed(nia: Seat) -> None:
    nia.press(a_note(nia.command("/family list", **DIRECT)), "Wren Unit")
    again = a_note(nia.command("/family B2222C", **DIRECT))
    assert "B2222C" in words_of(again)
    asked = a_note(nia.press(again, "Another unit"))
    assert "B2222C (QD)" not in words_of(nia.press(asked, "Heron Unit"))
    nia.now += timedelta(minutes=61)
    assert "Which unit?" in nia.says("/family list", **DIRECT)


def test_a_reference_of_the_other_unit_is_answered_with_a_way_to_it(db: Database, nia: Seat) -> None:
    nia.press(a_note(nia.command("/family list", **DIRECT)), "Wren Unit")
    answer = a_note(nia.command("/family A1111B", **DIRECT))
    assert "A1111B" in words_of(answer)
    other = a_note(nia.press(answer, "Another unit"))
    assert "A1111B (QD)" in words_of(nia.press(other, "Heron Unit"))


def test_a_form_opens_for_the_unit_that_was_chosen(db: Database, nia: Seat) -> None:
    asked = a_note(nia.command("/family add", **DIRECT))
    assert isinstance(nia.press(asked, "Heron Unit"), Ask)


def test_somebody_in_one_unit_is_never_asked(db: Database, nia: Seat) -> None:
    shown = Seat(db, "UOLA", channel="").says("/family list", **DIRECT)
    assert "A1111B" in shown
    assert "Which unit?" not in shown
    assert "Another unit" not in shown


def test_who_left_the_chosen_unit_in_the_middle_of_the_hour_is_not_shown_it(db: Database, nia: Seat) -> None:
    asked = a_note(nia.command("/family list", **DIRECT))
    nia.press(asked, "Wren Unit")
    with db.write() as session:
        person = people.by_chat_user(session, "UNIA")
        assert person is not None
        wren = next(unit for _place, unit in people.units_of(session, person.id) if unit.name == "Wren Unit")
        membership = people.membership(session, wren.id, person.id)
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    shown = nia.says("/family list", **DIRECT)
    assert "A1111B" in shown
    assert "B2222C" not in shown
    assert "not in this unit" in words_of(nia.press(asked, "Wren Unit"))


def test_of_a_hundred_units_one_is_chosen_in_a_menu(db: Database, nia: Seat) -> None:
    for number in range(98):
        name = f"Unit number {number:03}"
        heron_unit(db, name, f"C{number}", prefix=f"X{number}")
        _linked(db, name)
    asked = a_note(nia.command("/action", **DIRECT))
    (menu,) = menus_of(asked)
    assert len(menu.choices) == 100
    assert isinstance(nia.choose(asked, menu.label, "number 050"), Note)


def test_what_was_typed_is_sealed(db: Database, nia: Seat) -> None:
    nia.command("/family A1111B", **DIRECT)
    with db.read() as session:
        person = people.by_chat_user(session, "UNIA")
        assert person is not None
        row = choices.of_person(session, person.id)
        assert row is not None
        assert b"A1111B" not in row.sealed
        assert choices.words(session, person.id) == ("/family", "A1111B")


def test_the_units_own_page_is_asked_about_too(db: Database, nia: Seat) -> None:
    asked = a_note(nia.command("/unit", **DIRECT))
    shown = words_of(nia.press(asked, "Wren Unit"))
    assert shown.startswith("Wren Unit")
