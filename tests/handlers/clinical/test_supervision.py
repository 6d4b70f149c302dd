"""Supervision that was written down wrongly is corrected as a new version with its reason, by those it is for."""

from __future__ import annotations

from typing import Any

from handlers.turn import Ask, Done, Note, Wrong
from storage.clinical import reviews
from storage.database.tables import Entry
from tests.worlds.assessing import ACTIONS, recorded
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.records_world import Room


def corrected(room: Room, who: str, entry: Entry, **answers: Any) -> Done:
    asked = room.press(who, "supervision.correct", entry=entry.id)
    step = room.hand_in(who, asked, {"reason": "The day was wrong."})
    assert isinstance(step, Ask), step
    done = room.hand_in(who, step, answers)
    assert isinstance(done, Done), done
    return done


def test_a_correction_is_a_new_version_and_the_first_can_still_be_read(room: Room) -> None:
    first = recorded(room)
    said = words_of(corrected(room, "tomasz", first, date=room.day(-2)))
    assert "Tomasz, 15 November 2026" in said
    assert "17 November 2026" not in said
    newest = room.entries("supervision_record")[-1]
    shown = words_of(room.press("ngozi", "supervision.read", entry=newest.id))
    assert "Version 2. Why it was written: The day was wrong." in shown
    assert "Two families." in shown
    assert "17 November 2026" in words_of(room.press("ngozi", "supervision.read", entry=first.id))


def test_it_still_counts_once_as_the_months_supervision(room: Room) -> None:
    corrected(room, "ngozi", recorded(room), date=room.day(-2))
    with room.reading() as session:
        (held,) = [row for row in reviews.of_unit(session, room.unit.unit_id) if row.kind == "supervision"]
    assert held.held_on.isoformat() == room.day(-2)


def test_a_version_that_was_corrected_is_not_corrected_again(room: Room) -> None:
    first = recorded(room)
    late = room.press("tomasz", "supervision.correct", entry=first.id)
    step = room.hand_in("tomasz", late, {"reason": "Minutes."})
    corrected(room, "ngozi", first, date=room.day(-2))
    answer = room.hand_in("tomasz", step, {"minutes": 60})
    assert isinstance(answer, Wrong)
    assert "newer version" in " ".join(answer.errors.values())
    assert "newer version" in words_of(room.press("tomasz", "supervision.correct", entry=first.id))


def test_others_neither_read_nor_correct_nor_record(room: Room) -> None:
    entry = recorded(room)
    for press in ("supervision.read", "supervision.correct"):
        assert "cannot find that any more" in words_of(room.press("devan", press, entry=entry.id))
    assert "recorded by the clinician" in words_of(room.press("devan", "supervision.record", unit=room.unit.unit_id))
    card = room.command("devan", "/track", "supervision")
    assert isinstance(card, Note)
    assert not buttons_of(card.card)


def test_the_next_one_comes_after_this_one(room: Room) -> None:
    asked = room.press("ngozi", "supervision.record", unit=room.unit.unit_id)
    answer = room.hand_in("ngozi", asked, {"next_on": room.day(-1), **ACTIONS})
    assert isinstance(answer, Wrong)
    assert "next_on" in answer.errors
