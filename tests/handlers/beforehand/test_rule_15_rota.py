"""Rule 15, beforehand: people take turns at facilitating; a turn is swapped by one press and the other's yes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.turn import Ask, Done, EventKind, HomeView, Note, Wrong
from prompts_and_forms.card import Bullets, Card, Menu
from prompts_and_forms.meeting.rota import whose_turn
from storage.database.tables import Membership, Unit
from storage.export.export import export_unit
from storage.meeting import meetings
from storage.unit import people
from tests.worlds.discussion_world import note_text, text_of
from tests.worlds.in_memory import buttons_of, menus_of
from tests.worlds.records_world import TODAY, Room, other_unit_with_family

THREE = ("devan", "marisol", "orla")


@pytest.fixture
def turns(room: Room) -> Room:
    """The unit meets on Tuesdays; Devan, Marisol and Orla take turns."""
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        unit.weekday = TODAY.weekday()
        session.add(unit)
    asked = room.press("pippa", "rota.choose", unit=room.unit.unit_id)
    assert isinstance(room.hand_in("pippa", asked, {"people": [room.people[who] for who in THREE]}), Done)
    return room


def rota_of(room: Room, who: str = "pippa") -> Card:
    shown = room.command(who, "/meeting", "rota")
    assert isinstance(shown, Note)
    return shown.card


def lines(room: Room) -> list[str]:
    [found] = [block for block in rota_of(room).blocks if isinstance(block, Bullets)]
    return ["".join(str(span) for span in item) for item in found.items]


def swap_menu(room: Room, who: str) -> Menu:
    [menu] = [one for one in menus_of(rota_of(room, who)) if one.action == "rota.swap"]
    return menu


def ask_swap(room: Room, who: str, other: str) -> str:
    """Asks to swap one's next turn with the other's next; answers the swap's id."""
    menu = swap_menu(room, who)
    choice = next(one for one in menu.choices if one.label.casefold().startswith(other))
    note_text(room.press(who, "rota.swap", **menu.args, chosen=choice.value))
    return room.messages(f"person:{room.people[other]}/swap:")[-1].rpartition(":")[2]


def facilitator(room: Room) -> str:
    room.command("pippa", "/meeting")
    with room.reading() as session:
        meeting = meetings.open_meeting(session, room.unit.unit_id)
        assert meeting is not None
        room.meeting_id = meeting.id
        return people.name_of(session, meeting.facilitator_id).partition(" ")[0].casefold()


def test_without_a_rota_the_lead_facilitates_and_the_coordinator_can_begin_one(room: Room) -> None:
    assert "Nobody takes turns yet" in text_of(rota_of(room))
    assert {b.label for b in buttons_of(rota_of(room))} == {"Who takes turns"}
    assert not buttons_of(rota_of(room, "tomasz"))
    assert "Pippa" in note_text(room.press("tomasz", "rota.choose", unit=room.unit.unit_id))
    assert facilitator(room) == "orla"


def test_people_take_turns_week_by_week(turns: Room) -> None:
    assert [line.split(": ") for line in lines(turns)[:4]] == [
        ["Tue 17 Nov", "Devan"],
        ["Tue 24 Nov", "Marisol"],
        ["Tue 1 Dec", "Orla"],
        ["Tue 8 Dec", "Devan"],
    ]
    assert "Devan facilitates." in note_text(turns.command("tomasz", "/meeting", "agenda"))
    home = turns.send("devan", EventKind.HOME, channel="")
    assert isinstance(home, HomeView)
    assert "It is your turn to facilitate." in text_of(home.card)
    assert facilitator(turns) == "devan"
    turns.press("orla", "meeting.close_now", meeting=turns.meeting_id)
    assert lines(turns)[0] == "Tue 24 Nov: Marisol"
    turns.press("pippa", "meeting.open", unit=turns.unit.unit_id, extra="1")
    assert lines(turns)[0] == "Tue 24 Nov: Marisol"


def test_a_turn_is_swapped_once_the_other_says_yes(turns: Room) -> None:
    swap = ask_swap(turns, "devan", "marisol")
    assert lines(turns)[0] == "Tue 17 Nov: Devan"
    question = turns.card(f"person:{turns.people['marisol']}/swap:{swap}")
    assert "would you facilitate on Tuesday 17 November 2026" in text_of(question)
    assert [b.label for b in buttons_of(question)] == ["Yes, swap", "No"]
    said = note_text(turns.press("marisol", "rota.yes", unit=turns.unit.unit_id, swap=swap))
    assert "Swapped with Devan" in said
    assert lines(turns)[:2] == ["Tue 17 Nov: Marisol (swapped)", "Tue 24 Nov: Devan (swapped)"]
    told = turns.card(f"person:{turns.people['devan']}/swapped:{swap}")
    assert "said yes and facilitates on Tuesday 17 November 2026" in text_of(told)
    assert not buttons_of(turns.card(f"person:{turns.people['marisol']}/swap:{swap}"))
    assert facilitator(turns) == "marisol"
    with turns.reading() as session:
        [row] = export_unit(session, turns.unit.unit_id)["swaps"]
    assert (row["asked_by"], row["asked"], row["state"]) == ("devan", "marisol", "yes")


def test_a_no_changes_nothing_and_is_told(turns: Room) -> None:
    swap = ask_swap(turns, "devan", "orla")
    assert "Nothing has changed" in note_text(turns.press("orla", "rota.no", unit=turns.unit.unit_id, swap=swap))
    assert lines(turns)[0] == "Tue 17 Nov: Devan"
    assert "is still yours" in text_of(turns.card(f"person:{turns.people['devan']}/swapped:{swap}"))


def test_the_first_yes_counts(turns: Room) -> None:
    first, second = ask_swap(turns, "devan", "marisol"), ask_swap(turns, "devan", "orla")
    turns.press("orla", "rota.yes", unit=turns.unit.unit_id, swap=second)
    late = note_text(turns.press("marisol", "rota.yes", unit=turns.unit.unit_id, swap=first))
    assert "answered already" in late
    assert lines(turns)[0] == "Tue 17 Nov: Orla (swapped)"


def test_nobody_else_answers_and_nothing_is_asked_twice(turns: Room) -> None:
    menu = swap_menu(turns, "devan")
    swap = ask_swap(turns, "devan", "marisol")
    args = {"unit": turns.unit.unit_id, "swap": swap}
    assert "Only Marisol can answer" in note_text(turns.press("orla", "rota.yes", **args))
    again = turns.press("devan", "rota.swap", **menu.args, chosen=menu.choices[0].value)
    assert "has been asked already" in note_text(again)
    for who, day, chosen in (
        ("tomasz", menu.args["day"], menu.choices[0].value),
        ("devan", "2031-01-01", menu.choices[0].value),
        ("devan", menu.args["day"], menu.args["day"]),
        ("devan", menu.args["day"], "nonsense"),
    ):
        assert "nothing to swap" in note_text(
            turns.press(who, "rota.swap", unit=turns.unit.unit_id, day=day, chosen=chosen)
        )
    other_unit_with_family(turns, "K8080A")
    assert "not in this unit" in note_text(turns.press("ida", "rota.yes", **args))
    assert lines(turns)[0] == "Tue 17 Nov: Devan"


def test_a_yes_after_the_meeting_began_changes_nothing(turns: Room) -> None:
    swap = ask_swap(turns, "devan", "marisol")
    assert facilitator(turns) == "devan"
    assert "have changed since then" in note_text(
        turns.press("marisol", "rota.yes", unit=turns.unit.unit_id, swap=swap)
    )


def test_who_is_on_leave_or_has_left_is_passed_over(turns: Room) -> None:
    with turns.db.write() as session:
        membership = people.membership(session, turns.unit.unit_id, turns.people["devan"])
        assert isinstance(membership, Membership)
        membership.leave_from, membership.leave_until = TODAY, TODAY + timedelta(days=3)
        session.add(membership)
    assert lines(turns)[:2] == ["Tue 17 Nov: Marisol", "Tue 24 Nov: Marisol"]
    with turns.db.write() as session:
        left = people.membership(session, turns.unit.unit_id, turns.people["marisol"])
        assert left is not None
        people.leave_unit(session, left, TODAY)
    assert "Marisol" not in " ".join(lines(turns))
    asked = turns.press("pippa", "rota.choose", unit=turns.unit.unit_id)
    assert isinstance(asked, Ask)
    wrong = turns.hand_in("pippa", asked, {"people": [turns.people["marisol"]]})
    assert isinstance(wrong, Wrong)
    assert "has left the unit" in wrong.errors["people"]


def test_a_unit_without_a_day_says_so(turns: Room) -> None:
    other_unit_with_family(turns, "K8080A")
    shown = turns.send("ida", EventKind.COMMAND, name="/meeting", text="rota", channel="C0HERON")
    assert "Nobody takes turns yet" in note_text(shown)


def test_turns_go_round() -> None:
    assert [whose_turn("abc", n) for n in range(5)] == ["a", "b", "c", "a", "b"]
    assert whose_turn("abc", 0, {"a"}) == "b"
    assert whose_turn("abc", 0, {"a", "b", "c"}) is None
    assert whose_turn("", 3) is None
