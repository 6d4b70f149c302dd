"""Rule 10, the board: first what to do now, then a line a family, then what does not fit and a button that does it."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.turn import Nothing
from prompts_and_forms.card import Buttons
from storage.database.tables import AgendaItem, Family, Unit
from storage.meeting import meetings
from tests.worlds.discussion_world import Meeting, buttons_of, labels, note_text, text_of


def board(meeting: Meeting) -> Any:
    return meeting.card(f"meeting:{meeting.meeting_id}/board")


def items(meeting: Meeting) -> list[AgendaItem]:
    with meeting.reading() as session:
        return meetings.items(session, meeting.meeting_id)


def shorten(meeting: Meeting, minutes: int) -> None:
    with meeting.db.write() as session:
        unit = session.get_one(Unit, meeting.unit.unit_id)
        unit.length_minutes = minutes
        session.add(unit)


def press(meeting: Meeting, who: str, action: str, **args: str) -> Any:
    return meeting.press(who, action, meeting=meeting.meeting_id, **args)


# ---- what to do now


def test_the_board_begins_with_what_to_do_now_and_its_button(meeting: Meeting) -> None:
    card = board(meeting)
    assert "Now: " in card.blocks[1].model_dump_json()
    row = card.blocks[2]
    assert isinstance(row, Buttons)
    assert row.items[0].label.startswith("Start ")
    assert [b.label for b in buttons_of(card) if getattr(b, "style", "") == "primary"] == [row.items[0].label]


def test_while_a_family_is_discussed_the_board_says_where(meeting: Meeting) -> None:
    meeting.start("K3107C")
    assert "K3107C (BD), in its thread." in board(meeting).blocks[1].model_dump_json()


def test_a_stopped_family_is_what_matters_now(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.press("devan", "discussion.concern", discussion=talk)
    assert "stopped for an immediate concern" in board(meeting).blocks[1].model_dump_json()


def test_when_all_have_had_their_turn_the_one_button_closes_the_meeting(meeting: Meeting) -> None:
    with meeting.db.write() as session:
        for item in meetings.items(session, meeting.meeting_id):
            item.state = "done"
            session.add(item)
    row = board(meeting).blocks[2]
    assert isinstance(row, Buttons)
    assert (row.items[0].label, getattr(row.items[0], "style", "")) == ("Close the meeting", "primary")


def test_each_family_has_one_line(meeting: Meeting) -> None:
    talk = meeting.start("K4419D", "light")
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    meeting.start("K3107C")
    lines = [line for block in board(meeting).blocks if block.__class__.__name__ == "Bullets" for line in block.items]
    assert len(lines) == len(items(meeting))


# ---- who is here


def test_who_is_here_is_one_press(meeting: Meeting) -> None:
    assert {"Everyone", "Choose"} <= labels(board(meeting))
    assert isinstance(press(meeting, "pippa", "meeting.everyone"), Nothing)
    assert not {"Everyone", "Choose"} & labels(board(meeting))
    assert "Who is here, who leads" in labels(board(meeting))


def test_choosing_who_is_here_answers_it_too(meeting: Meeting) -> None:
    asked = press(meeting, "pippa", "meeting.people")
    meeting.hand_in("pippa", asked, {"apologies": [meeting.people["ngozi"]], "present": [meeting.people["orla"]]})
    assert "Everyone" not in labels(board(meeting))
    assert "Ngozi" in text_of(board(meeting))


# ---- what does not fit


@pytest.mark.parametrize("minutes", [60, 120, 200])
def test_nobody_with_a_concern_an_overdue_review_or_an_unseen_child_is_left_for_another_day(
    meeting: Meeting, minutes: int
) -> None:
    shorten(meeting, minutes)
    before = {item.family_id: item for item in items(meeting)}
    assert "Do that" in labels(board(meeting))
    press(meeting, "orla", "agenda.fit")
    left = [item for item in items(meeting) if item.state == "parked"]
    never = {"concern", "date_missed", "child_not_seen", "child_never_seen", "carried_from_last", "new"}
    for item in left:
        assert not {reason["code"] for reason in before[item.family_id].reasons} & never
    silent = [max((r.get("weeks", 0) for r in i.reasons if r["code"] == "not_discussed"), default=0) for i in left]
    longest = max(r.get("weeks", 0) for i in before.values() for r in i.reasons if r["code"] == "not_discussed")
    assert longest not in silent


def test_one_press_does_what_is_proposed(meeting: Meeting) -> None:
    planned = sum(item.minutes for item in items(meeting))
    shorten(meeting, planned)
    assert "Do that" in labels(board(meeting))
    press(meeting, "orla", "agenda.fit")
    assert "Do that" not in labels(board(meeting))
    assert "longer than the meeting" not in text_of(board(meeting))
    assert "already moved on" in note_text(press(meeting, "orla", "agenda.fit"))


def test_where_nobody_should_wait_the_board_says_so(meeting: Meeting) -> None:
    shorten(meeting, 30)
    press(meeting, "orla", "agenda.fit")
    card = board(meeting)
    assert "none of these families should wait" in text_of(card)
    assert "Do that" not in labels(card)


# ---- added during the meeting


def taken_off(meeting: Meeting, ref: str) -> str:
    """A family that is not on the agenda."""
    family_id = meeting.family(ref)
    with meeting.db.write() as session:
        item = meetings.item_of(session, meeting.meeting_id, family_id)
        session.delete(item)
    return family_id


def test_a_family_somebody_asks_for_in_the_meeting_is_full(meeting: Meeting) -> None:
    family_id = taken_off(meeting, "K4419D")
    press(meeting, "marisol", "agenda.add", chosen=family_id)
    found = next(item for item in items(meeting) if item.family_id == family_id)
    assert (found.kind, found.minutes > 10) == ("full", True)
    assert "somebody asked" in text_of(board(meeting))


def test_a_family_new_to_the_unit_is_full_also_when_it_comes_up_by_itself(meeting: Meeting) -> None:
    family_id = taken_off(meeting, "K4419D")
    with meeting.db.write() as session:
        family = session.get_one(Family, family_id)
        family.last_discussed_on = family.last_full_on = None
        session.add(family)
    press(meeting, "marisol", "board.concern_family", chosen=family_id)
    found = next(item for item in items(meeting) if item.family_id == family_id)
    assert found.kind == "full"
    assert "new to the unit" in text_of(board(meeting))
