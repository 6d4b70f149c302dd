"""What a manager reads of a unit in figures: who may, what is written down, what is behind each number."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.turn import Answer, EventKind, Note, Window
from prompts_and_forms.card import Card, Chart, Table
from prompts_and_forms.managers.wording import MEANINGS
from storage.database.db import Database
from storage.database.looked import Asked, lines
from storage.unit import people, units
from tests.worlds.in_memory import buttons_of, menus_of, words_of
from tests.worlds.records_world import TODAY, Room


@pytest.fixture
def room(db: Database) -> Room:
    return Room(db)


def shown(answer: Answer) -> Card:
    assert isinstance(answer, Note)
    return answer.card


def figures(room: Room, who: str = "graham") -> Card:
    return shown(room.press(who, "figures.show", unit=room.unit.unit_id))


def row(card: Card, name: str) -> tuple[str, ...]:
    (table,) = [block for block in card.blocks if isinstance(block, Table)]
    return next(cells for cells in table.rows if cells[0] == name)


def test_a_manager_reads_each_figure_with_how_many_of_how_many_and_a_week_ago(room: Room) -> None:
    card = figures(room)
    assert row(card, "Discussed this week") == ("Discussed this week", "12 of 14 (86%)", "9 of 14 (64%)")
    assert row(card, "Children seen in time")[1:] == ("26 of 31 (84%)", "today only")
    assert row(card, "Supervision in the past month")[1] == "0 of 1"
    assert row(card, "SDQ pairs")[1] == "0 of 2 (missing: 2)"
    assert row(card, "Clinical work begun and ended")[1].endswith("first session not shown: 1 so far, and it needs 10)")
    assert "Permission to share looked at again: 2, longest 233 days" in row(card, "Reviews late now")[1]


def test_one_chart_says_in_words_what_it_shows(room: Room) -> None:
    (chart,) = [block for block in figures(room).blocks if isinstance(block, Chart)]
    assert (len(chart.points), chart.series[0][1][-1]) == (13, 12.0)
    assert chart.words.startswith("In the last 13 weeks between 0 and 12 families were discussed in a week")


def test_no_worker_and_no_family_is_named_among_the_figures(room: Room) -> None:
    said = words_of(figures(room))
    assert not any(name.capitalize() in said for name in room.people)
    assert "K2045X" not in said


def test_what_a_figure_means_is_one_press_away(room: Room) -> None:
    card = figures(room)
    menu = next(one for one in menus_of(card) if one.action == "figures.meaning")
    assert {choice.value for choice in menu.choices} == MEANINGS.keys()
    for name in MEANINGS:
        assert "It counts " in words_of(shown(room.press("graham", "figures.meaning", chosen=name)))


def test_families_behind_a_number_are_one_press_away_and_each_is_written_down(room: Room) -> None:
    args = {"unit": room.unit.unit_id, "chosen": "discussed_week"}
    said = words_of(shown(room.press("graham", "figures.families", **args)))
    assert said.startswith("Discussed this week: these families are missing.")
    assert said.index("K1564A") < said.index("K2045X")
    with room.reading() as session:
        read = list(lines(session, Asked(person_id=room.people["graham"])))
    listed = {line.family_id for line in read if line.what == "listed"}
    assert listed == {room.family("K1564A"), room.family("K2045X")}


def test_every_reading_of_figures_is_in_the_audit(room: Room) -> None:
    figures(room)
    with room.reading() as session:
        read = [line.what for line in lines(session, Asked(person_id=room.people["graham"]))]
    assert "figures" in read


@pytest.mark.parametrize("who", ["orla", "devan", "pippa", "tomasz"])
@pytest.mark.parametrize("button", ["figures.show", "figures.families", "figures.sheet"])
def test_who_is_no_manager_is_refused_in_words(room: Room, who: str, button: str) -> None:
    answer = room.press(who, button, unit=room.unit.unit_id, chosen="discussed_week")
    assert "for the unit's managers" in words_of(shown(answer))


def test_a_family_closed_to_the_manager_is_in_no_number_and_no_list(room: Room) -> None:
    room.close_to("K2045X", "graham")
    assert row(figures(room), "Discussed this week")[1] == "12 of 13 (92%)"
    args = {"unit": room.unit.unit_id, "chosen": "discussed_week"}
    assert "K2045X" not in words_of(shown(room.press("graham", "figures.families", **args)))
    assert "K2045X" in words_of(shown(room.press("ngozi", "figures.families", **args)))


def test_a_clinician_sees_their_own_caseload_and_the_clinical_manager_one_at_a_time(room: Room) -> None:
    args = {"unit": room.unit.unit_id, "chosen": room.people["tomasz"]}
    for who in ("tomasz", "ngozi"):
        assert "Caseload of Tomasz: 7" in words_of(shown(room.press(who, "figures.caseload", **args)))
    for who in ("graham", "orla", "devan"):
        assert "Caseload" not in words_of(shown(room.press(who, "figures.caseload", **args)))
    assert "Caseload of" not in words_of(figures(room, "graham"))


def test_a_manager_of_two_units_sees_both_together_and_one_who_left_only_the_other(room: Room) -> None:
    with room.db.write() as session:
        wren = units.add_unit(session, name="Wren Unit", channel="C0WREN", now=room.now)
        membership = people.add_member(
            session, unit_id=wren.id, person_id=room.people["graham"], roles=["team_manager"], on=TODAY
        )
        membership.linked = True
        wren_id = wren.id
    card = shown(room.press("graham", "figures.together"))
    assert "Figures of your 2 units together" in words_of(card)
    assert row(card, "Discussed this week")[1] == "12 of 14 (86%)"
    assert "Wren Unit" in words_of(shown(room.press("graham", "figures.of_unit", chosen=wren_id)))
    with room.db.write() as session:
        left = people.membership(session, wren_id, room.people["graham"])
        assert left is not None
        people.leave_unit(session, left, TODAY + timedelta(days=2))
    assert "Kestrel Unit" in words_of(shown(room.press("graham", "figures.together")))
    assert "for the unit's managers" in words_of(shown(room.press("graham", "figures.of_unit", chosen=wren_id)))
    assert "not in this unit" in words_of(shown(room.press("graham", "figures.show", unit=wren_id)))


def test_somebody_linked_to_no_unit_is_told_what_to_do(room: Room) -> None:
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["graham"])
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    said = words_of(shown(room.send("graham", EventKind.BUTTON, name="figures.together", channel="D0GRAHAM")))
    assert "linked to no unit" in said


def test_only_a_group_manager_makes_the_totals_for_a_head_of_service(room: Room) -> None:
    assert any(one.action == "figures.totals" for one in buttons_of(figures(room, "graham")))
    assert not any(one.action == "figures.totals" for one in buttons_of(figures(room, "ngozi")))
    assert "made by a group manager" in words_of(shown(room.press("ngozi", "figures.totals")))
    assert "in a moment" in words_of(shown(room.press("graham", "figures.totals")))
    assert room.messages("file:figures_totals")


def test_from_the_home_tab_they_open_in_a_window_and_in_a_conversation_as_a_note(room: Room) -> None:
    args = {"unit": room.unit.unit_id}
    at_home = room.send("graham", EventKind.BUTTON, name="figures.show", args=args, channel="")
    assert isinstance(at_home, Window)
    assert "Discussed this week: 12 of 14 (86%); a week ago 9 of 14 (64%)" in words_of(at_home.card)
    assert isinstance(room.press("graham", "figures.show", **args), Note)


def test_the_home_tab_of_a_manager_begins_with_their_unit(room: Room) -> None:
    answer = room.send("graham", EventKind.HOME, channel="")
    said = words_of(answer.card)  # type: ignore[union-attr]
    assert said.startswith(
        "Your units\nKestrel Unit: 15 families, 12 of 14 (86%) discussed this week, 7 actions overdue"
    )
    other = room.send("orla", EventKind.HOME, channel="")
    assert "Your units" not in words_of(other.card)  # type: ignore[union-attr]
