"""Opening the meeting, its board, its agenda and its closing, through the one door for events."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from handlers.turn import Answer, ChannelFacts, ChannelTrouble, Done, EventKind, Note, Nothing, Window
from prompts_and_forms.card import Card
from storage.database.tables import AgendaItem, Membership, Unit
from storage.meeting import meetings
from storage.unit import people, units
from tests.worlds.discussion_world import Meeting, button, labels, note_text, text_of
from tests.worlds.in_memory import menus_of
from tests.worlds.records_world import TODAY, Room, other_unit_with_family


def board(meeting: Meeting) -> Card:
    return meeting.card(f"meeting:{meeting.meeting_id}/board")


def agenda(meeting: Meeting) -> list[AgendaItem]:
    with meeting.reading() as session:
        return meetings.items(session, meeting.meeting_id)


def item_of(meeting: Meeting, ref: str) -> AgendaItem:
    return next(i for i in agenda(meeting) if i.family_id == meeting.family(ref))


def press(meeting: Meeting, who: str, name: str, **args: str) -> Answer:
    return meeting.press(who, name, meeting=meeting.meeting_id, **args)


# ---- opening


def test_the_meeting_opens_with_a_pinned_board_and_every_open_family(meeting: Meeting) -> None:
    assert len(agenda(meeting)) == 15
    assert f"meeting:{meeting.meeting_id}/board" in meeting.messages("meeting:")
    shown = text_of(board(meeting))
    for word in ("Kestrel Unit", "Devan", "Facilitates", "Orla", "Takes notes", "Pippa", "0 of 15 families discussed"):
        assert word in shown


def test_no_meeting_opens_without_contacts(room: Room) -> None:
    with room.db.write() as session:
        units.set_contacts(session, room.unit.unit_id, [])
    answer = room.command("pippa", "/meeting")
    assert "no emergency contacts" in note_text(answer)
    with room.reading() as session:
        assert meetings.open_meeting(session, room.unit.unit_id) is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("public", "public"),
        ("shared", "shared with another organisation"),
        ("guest:U0X", "guest"),
        ("unknown_member:U0X", "not a member of the unit"),
        ("something_new", "cannot be sure"),
    ],
)
def test_nothing_is_posted_where_others_read(room: Room, code: str, words: str) -> None:
    answer = room.send(
        "pippa", EventKind.COMMAND, name="/meeting", facts=ChannelFacts(trouble=ChannelTrouble.read(code))
    )
    assert words in note_text(answer)
    assert room.messages("meeting:") == []


def test_a_second_meeting_command_shows_the_one_that_is_open(meeting: Meeting) -> None:
    assert "already open" in note_text(meeting.command("devan", "/meeting"))
    with meeting.reading() as session:
        assert len(meetings.open_meetings(session)) == 1


def test_an_unknown_word_says_what_is_possible(meeting: Meeting) -> None:
    said = note_text(meeting.command("devan", "/meeting", "opne"))
    assert "opne" in said
    assert "/meeting agenda" in said


def test_somebody_of_another_unit_cannot_open_this_units_meeting(room: Room) -> None:
    other_unit_with_family(room, "K0001B")
    assert "not in this unit" in note_text(room.command("ida", "/meeting"))


def test_people_on_leave_are_not_counted_as_here(room: Room) -> None:
    with room.db.write() as session:
        place = next(p for p in _places(session, room) if p.person_id == room.people["devan"])
        place.leave_from, place.leave_until = TODAY - timedelta(days=1), TODAY + timedelta(days=3)
        session.add(place)
    room.command("pippa", "/meeting")
    with room.reading() as session:
        found = meetings.open_meeting(session, room.unit.unit_id)
        assert found is not None
        here = meetings.attendance(session, found.id)
    assert [p.name for p in here["on_leave"]] == ["Devan"]
    assert "Devan" not in [p.name for p in here["present"]]


def _places(session: Session, room: Room) -> list[Membership]:
    return [membership for membership, _ in people.members(session, room.unit.unit_id)]


def test_facilitating_can_be_handed_over_and_apologies_are_kept(meeting: Meeting) -> None:
    asked = press(meeting, "orla", "meeting.people")
    everyone = [meeting.people[p] for p in ("orla", "devan", "marisol", "pippa", "tomasz")]
    answer = meeting.hand_in(
        "orla",
        asked,
        {"present": everyone, "apologies": [meeting.people["ngozi"]], "facilitator": meeting.people["devan"]},
    )
    assert isinstance(answer, Done)
    shown = board(meeting)
    assert "Apologies" in text_of(shown)
    assert '"Facilitates","Devan"' in text_of(shown)


def test_nobody_is_here_and_away_at_once(meeting: Meeting) -> None:
    asked = press(meeting, "orla", "meeting.people")
    answer = meeting.hand_in("orla", asked, {"apologies": [meeting.people["devan"]]})
    assert "cannot be both here and away" in str(answer)


# ---- the agenda


def test_the_agenda_says_why_in_words(meeting: Meeting) -> None:
    shown = text_of(board(meeting))
    assert "court date in 12 days" in shown
    assert "an action carried over twice" in shown
    assert "new to the unit" in shown


def test_a_plan_that_is_too_long_names_who_could_wait(meeting: Meeting) -> None:
    shown = text_of(board(meeting))
    assert "The plan is longer than the meeting" in shown
    assert "You could" in shown


def test_holding_a_family_light_keeps_the_rules_reason_on_the_board(meeting: Meeting) -> None:
    family = meeting.family("K4128M")
    card = note_text(press(meeting, "devan", "agenda.pick", chosen=family))
    assert "The rule said full: court date in 12 days" in card
    press(meeting, "devan", "agenda.hold", family=family, kind="light")
    assert item_of(meeting, "K4128M").kind == "light"
    assert item_of(meeting, "K4128M").minutes == 5
    assert "the rule said full" in text_of(board(meeting))


def test_families_move_up_and_down_and_to_the_ends(meeting: Meeting) -> None:
    order = [i.family_id for i in agenda(meeting)]
    press(meeting, "orla", "agenda.move", family=order[4], to="first")
    assert [i.family_id for i in agenda(meeting)][:2] == [order[4], order[0]]
    press(meeting, "orla", "agenda.move", family=order[4], to="later")
    assert [i.family_id for i in agenda(meeting)][:2] == [order[0], order[4]]
    press(meeting, "orla", "agenda.move", family=order[0], to="last")
    assert [i.family_id for i in agenda(meeting)][-1] == order[0]
    press(meeting, "orla", "agenda.move", family=order[0], to="later")
    assert [i.family_id for i in agenda(meeting)][-1] == order[0]


def test_a_family_parked_for_today_can_be_brought_back(meeting: Meeting) -> None:
    press(meeting, "orla", "agenda.park", family=meeting.family("K1936E"))
    assert item_of(meeting, "K1936E").state == "parked"
    press(meeting, "orla", "agenda.park", family=meeting.family("K1936E"))
    assert item_of(meeting, "K1936E").state == "to_come"


def test_a_family_of_another_unit_cannot_be_put_on_the_agenda(meeting: Meeting) -> None:
    other_unit_with_family(meeting, "K0001B")
    answer = press(meeting, "orla", "agenda.add", chosen=meeting.family("K0001B"))
    assert "do not know that family" in note_text(answer)


def test_a_family_that_is_discussed_already_is_not_moved(meeting: Meeting) -> None:
    meeting.start("K4128M")
    answer = press(meeting, "orla", "agenda.move", family=meeting.family("K4128M"), to="last")
    assert "already moved on" in note_text(answer)


def test_starting_a_family_twice_starts_it_once(meeting: Meeting) -> None:
    family = meeting.family("K4128M")
    press(meeting, "orla", "agenda.start", family=family)
    assert "already moved on" in note_text(press(meeting, "devan", "agenda.start", family=family))
    assert len(meeting.messages(f"meeting:{meeting.meeting_id}/now:")) == 1


def test_moving_on_says_one_short_line_with_who_comes_next(meeting: Meeting) -> None:
    meeting.start("K4128M")
    key = meeting.messages(f"meeting:{meeting.meeting_id}/now:")[0]
    assert "Now: K4128M (AE), full discussion. Next:" in text_of(meeting.card(key))


def test_the_agenda_can_be_seen_before_the_meeting(room: Room) -> None:
    assert "court date in 12 days" in note_text(room.command("pippa", "/meeting", "agenda"))
    assert room.messages("meeting:") == []


# ---- the board's other buttons


def test_the_time_can_be_hidden(meeting: Meeting) -> None:
    assert "Started" in text_of(board(meeting))
    press(meeting, "orla", "meeting.timer")
    assert "Started" not in text_of(board(meeting))
    assert "Show the time" in labels(board(meeting))


def test_a_break_says_until_when_and_is_over_by_itself(meeting: Meeting) -> None:
    press(meeting, "orla", "meeting.break", chosen="10")
    line = meeting.messages(f"meeting:{meeting.meeting_id}/break:")[0]
    assert "A break until" in text_of(meeting.card(line))
    assert "A break until" in text_of(board(meeting))
    meeting.now += timedelta(minutes=11)
    assert "A break until" not in text_of(board(meeting))


def test_a_concern_from_the_board_asks_which_family_and_stops_only_that(meeting: Meeting) -> None:
    other = meeting.start("K4128M")
    asked = press(meeting, "marisol", "board.concern")
    assert isinstance(asked, Window)
    assert "call 999 first" in text_of(asked.card)
    assert len(menus_of(asked.card)[0].choices) == 15
    press(meeting, "marisol", "board.concern_family", chosen=meeting.family("K5052R"))
    with meeting.reading() as session:
        stopped = meetings.discussion_of(session, meeting.meeting_id, meeting.family("K5052R"))
        assert stopped is not None
        assert stopped.state == "stopped"
    assert meeting.state(other) == "open"
    assert "STOPPED" in text_of(board(meeting))


# ---- closing


def test_closing_says_what_was_not_discussed_and_carries_it_over_first(meeting: Meeting) -> None:
    talk = meeting.start("K4128M", "light")
    meeting.set_next("pippa", talk, kind="light")
    meeting.finish("orla", talk)
    said = note_text(press(meeting, "pippa", "meeting.close"))
    assert "Not discussed today" in said
    assert "K1791W" in said
    press(meeting, "pippa", "meeting.close_now")
    assert {i.state for i in agenda(meeting)} == {"done", "not_reached"}
    assert "Closed." in text_of(board(meeting))
    meeting.now += timedelta(days=7)
    meeting.command("pippa", "/meeting")
    with meeting.reading() as session:
        following = meetings.open_meeting(session, meeting.unit.unit_id)
        assert following is not None
        first = meetings.items(session, following.id)[0]
        last = meetings.items(session, following.id)[-1]
    assert {"code": "carried_from_last"} in first.reasons
    assert {"code": "carried_from_last"} not in last.reasons


def test_a_parked_family_is_not_called_open_and_what_it_left_behind_is_copied(meeting: Meeting) -> None:
    talk, empty = meeting.start("K3107C"), meeting.start("K1564A")
    meeting.record("pippa", "identity", talk, {"check_with_family": "Ask AD about church."})
    for one in (talk, empty):
        meeting.step("pippa", "discussion.park", one)
    told = note_text(press(meeting, "pippa", "meeting.close"))
    assert "Still open" not in told
    assert "Parked: K3107C (BD) and K1564A (CQ)" in told or "Parked: K1564A (CQ) and K3107C (BD)" in told
    press(meeting, "pippa", "meeting.close_now")
    key = f"copies:{meeting.meeting_id}/{meeting.people['pippa']}"
    assert meeting.messages("copies:") == [key]
    shown = text_of(meeting.card(key))
    assert "K3107C" in shown
    assert "K1564A" not in shown


def test_closing_says_one_short_line_in_the_boards_thread(meeting: Meeting) -> None:
    press(meeting, "pippa", "meeting.close_now")
    key = f"meeting:{meeting.meeting_id}/closed"
    assert key in meeting.messages("meeting:")
    assert "The meeting is closed" in text_of(meeting.card(key))


def test_a_stopped_family_holds_the_closing_until_somebody_was_told(meeting: Meeting) -> None:
    talk = meeting.start("K5052R", "light")
    meeting.press("devan", "discussion.concern", discussion=talk)
    assert "nobody has said yet who was told" in note_text(press(meeting, "pippa", "meeting.close"))
    assert "nobody has said yet who was told" in note_text(press(meeting, "pippa", "meeting.close_now"))
    with meeting.reading() as session:
        assert meetings.get(session, meeting.meeting_id).state == "open"


def test_every_owner_gets_one_message_with_their_actions(meeting: Meeting) -> None:
    talk = meeting.start("K3107C", "light")
    meeting.set_next("pippa", talk)
    meeting.finish("orla", talk)
    press(meeting, "pippa", "meeting.close_now")
    sent = meeting.messages("person:")
    mine = [k for k in sent if k == f"person:{meeting.people['devan']}/actions:{meeting.meeting_id}"]
    assert len(mine) == 1
    card = meeting.card(mine[0])
    assert "Ask the nursery and the school nurse" in text_of(card)
    assert "3 days overdue, was due Sat 14 Nov" in text_of(card)
    assert "K3107C" not in card.notice


def test_the_coordinator_marks_a_record_as_copied_with_who_and_when(meeting: Meeting) -> None:
    talk = meeting.start("K3107C", "light")
    meeting.set_next("pippa", talk)
    meeting.finish("orla", talk)
    press(meeting, "pippa", "meeting.close_now")
    key = f"copies:{meeting.meeting_id}/{meeting.people['pippa']}"
    assert key in meeting.messages("copies:")
    mark = button(meeting.card(key), "Mark as copied")
    assert isinstance(meeting.press("pippa", mark.action, **mark.args), Nothing)
    assert "by Pippa" in text_of(meeting.card(key))
    assert "already marked" in note_text(meeting.press("pippa", mark.action, **mark.args))


def test_the_quality_check_is_the_units_own(meeting: Meeting) -> None:
    asked = press(meeting, "pippa", "meeting.quality")
    meeting.hand_in("pippa", asked, {"relationships": 2, "voices": 0, "note": "Two fathers missing."})
    key = meeting.messages(f"meeting:{meeting.meeting_id}/quality:")[0]
    shown = text_of(meeting.card(key))
    assert "Two fathers missing." in shown
    assert "not about any one person" in shown
    assert "Pippa" not in shown


def test_buttons_of_a_closed_meeting_change_nothing(meeting: Meeting) -> None:
    press(meeting, "pippa", "meeting.close_now")
    for name in ("meeting.close_now", "meeting.people", "agenda.change", "meeting.timer", "board.concern"):
        assert "closed" in note_text(press(meeting, "orla", name))


def test_an_extra_meeting_starts_with_an_empty_agenda(meeting: Meeting) -> None:
    press(meeting, "pippa", "meeting.close_now")
    offer = meeting.command("pippa", "/meeting")
    assert isinstance(offer, Note)
    again = button(offer.card, "Open an extra meeting")
    meeting.press("pippa", again.action, **again.args)
    with meeting.reading() as session:
        extra = meetings.open_meeting(session, meeting.unit.unit_id)
        assert extra is not None
        assert extra.extra
        assert meetings.items(session, extra.id) == []


def test_a_forgotten_meeting_is_noticed_next_morning_once_a_day(meeting: Meeting) -> None:
    def tick() -> None:
        meeting.now = meeting.now.replace(minute=meeting.now.minute // 10 * 10)
        meeting.send("pippa", EventKind.TICK, minutes=0)

    meeting.now = meeting.now.replace(hour=7) + timedelta(days=1)
    tick()
    assert not [k for k in meeting.messages("person:") if "forgotten" in k]
    meeting.now = meeting.now.replace(hour=8, minute=10)
    tick()
    meeting.now += timedelta(minutes=10)
    tick()
    told = [k for k in meeting.messages("person:") if "forgotten" in k]
    assert len(told) == 2
    card = meeting.card(told[0])
    assert {"Close that meeting", "Carry on with it"} <= labels(card)
    assert "still open" in note_text(meeting.command("pippa", "/meeting"))


def test_two_units_meet_at_once(meeting: Meeting) -> None:
    other_unit_with_family(meeting, "K0001B")
    with meeting.db.write() as session:
        unit = units.by_channel(session, "C0HERON")
        assert unit is not None
        units.set_contacts(session, unit.id, [("Duty", "extension 1")])
    meeting.send("ida", EventKind.COMMAND, name="/meeting", channel="C0HERON")
    with meeting.reading() as session:
        unit = session.get(Unit, unit.id)
        assert unit is not None
        theirs = meetings.open_meeting(session, unit.id)
        assert theirs is not None
        assert [i.family_id for i in meetings.items(session, theirs.id)] == [meeting.family("K0001B")]
    assert len(agenda(meeting)) == 15
