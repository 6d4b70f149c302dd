"""A draft that was handed on: its first writer's window may still stand open, and nothing typed there is lost."""

from __future__ import annotations

from typing import Any

from handlers.turn import Answer, Ask, Done, EventKind
from storage.database.bodies import EntryBody
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from tests.worlds.in_memory import words_of
from tests.worlds.records_world import Room
from tests.worlds.windows import following, held, resumed, said, step
from tests.worlds.windows import submit as send


def begun(room: Room) -> Ask:
    """The assessment of a family, open with its first words kept."""
    asked = following(room.press("tomasz", "form.open", form="assessment", family=room.family("K2770L")))
    return step(room, "tomasz", asked, "save", {"reason": "Low at night."})


def hand_on(room: Room, asked: Ask, to: str = "ngozi") -> Answer:
    return room.hand_in("tomasz", room.press("tomasz", "form.hand_on", draft=draft_of(asked)), {"to": room.people[to]})


def draft_of(asked: Ask) -> str:
    return asked.view.args["draft"]


def typed_since(room: Room, asked: Ask, **values: Any) -> Ask:
    """The first writer presses the window's button, with more in it than was handed on."""
    return following(send(room, "tomasz", asked, {"reason": "Low at night. And at school.", **values}))


def test_words_typed_after_it_was_handed_on_are_a_draft_of_ones_own(room: Room) -> None:
    window = begun(room)
    hand_on(room, window)
    mine = typed_since(room, window)
    assert "Nothing is lost" in said(mine)
    assert "Ngozi has it now" in said(mine)
    assert held(mine)["reason"] == "Low at night. And at school."
    assert draft_of(mine) != draft_of(window)
    assert "Clinician's assessment, K2770L (LK)" in words_of(room.command("tomasz", "/forms"))
    assert held(resumed(room, "tomasz", mine))["reason"] == "Low at night. And at school."


def test_the_colleague_has_what_was_handed_on_and_no_more(room: Room) -> None:
    window = begun(room)
    hand_on(room, window)
    typed_since(room, window)
    assert held(resumed(room, "ngozi", window))["reason"] == "Low at night."


def test_it_can_be_handed_on_as_well(room: Room) -> None:
    window = begun(room)
    hand_on(room, window)
    mine = typed_since(room, window)
    assert isinstance(hand_on(room, mine), Done)
    assert held(resumed(room, "ngozi", mine))["reason"] == "Low at night. And at school."


def test_saving_there_keeps_it_too_and_a_second_press_makes_no_second_draft(room: Room) -> None:
    window = begun(room)
    hand_on(room, window)
    first = step(room, "tomasz", window, "save", {"reason": "More."})
    again = step(room, "tomasz", window, "save", {"reason": "More. Still more."})
    assert draft_of(first) == draft_of(again)
    assert held(again)["reason"] == "More. Still more."


def test_a_window_with_nothing_new_only_says_who_has_it(room: Room) -> None:
    window = begun(room)
    hand_on(room, window)
    assert "Ngozi has it now" in str(send(room, "tomasz", window, {}))
    assert "K2770L" not in words_of(room.command("tomasz", "/forms"))


def test_what_must_not_be_kept_stays_in_its_box_and_is_not_kept(room: Room) -> None:
    window = begun(room)
    hand_on(room, window)
    mine = typed_since(room, window, school="Near E8 1EA.")
    assert held(mine)["school"] == "Near E8 1EA."
    with room.reading() as session:
        draft = session.get_one(Draft, draft_of(mine))
        assert "E8 1EA" not in str(unseal(session, draft, EntryBody))


def test_nobody_else_gets_a_draft_by_sending_a_form_that_is_not_theirs(room: Room) -> None:
    window = begun(room)
    hand_on(room, window)
    assert "somebody else" in str(send(room, "devan", window, {"reason": "Mine now?"}))


def test_the_private_look_stays_with_its_writer(room: Room) -> None:
    window = following(room.press("tomasz", "form.open", form="contract", family=room.family("K3107C")))
    typed = {"focus": "Sleep", "boundary_check#0#note": "I am too close.", "boundary_check#0#reading": "too_close"}
    more = {**window.view.args, "more": "roles"}
    room.send("tomasz", EventKind.CHANGE, name="contract", args=more, values={**held(window), **typed})
    assert "did not go with it" in words_of(hand_on(room, window, "orla"))
    theirs = resumed(room, "orla", window)
    assert held(theirs)["focus"] == "Sleep"
    assert "I am too close." not in str(theirs)
    assert "I am too close." in words_of(room.command("tomasz", "/agreement", "reflections"))
