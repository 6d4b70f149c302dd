"""Rule 15, beforehand: anybody adds to the next agenda and sees it; the coordinator sends or changes it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from handlers.turn import Answer, Ask, Done, EventKind, HomeView, Note, Wrong
from prompts_and_forms.card import Bullets
from storage.database.bodies import EntryBody
from storage.database.tables import Family, Unit
from storage.database.tables_decisions import AgendaWish
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from storage.export.export import export_unit
from storage.meeting import meetings
from tests.worlds.discussion_world import Meeting, note_text, text_of
from tests.worlds.in_memory import buttons_of, menus_of
from tests.worlds.records_world import Room, other_unit_with_family

REF, LIGHT = "K3107C", "K1936E"
"""A family that is full by the rules, and one that is light."""


def add(room: Room, who: str, text: str = "", **answers: Any) -> Answer:
    """/meeting add, and what is filled in on top of what the form opens with."""
    asked = room.command(who, "/meeting", f"add {text}".strip())
    assert isinstance(asked, Ask), asked
    return room.hand_in(who, asked, answers)


def agenda(room: Room, who: str = "pippa") -> str:
    return note_text(room.command(who, "/meeting", "agenda"))


def line(room: Room, ref: str, who: str = "pippa") -> str:
    """What the agenda says of a family."""
    shown = room.command(who, "/meeting", "agenda")
    assert isinstance(shown, Note)
    lines = [item for block in shown.card.blocks if isinstance(block, Bullets) for item in block.items]
    read = ["".join(span if isinstance(span, str) else span.text for span in one) for one in lines]  # type: ignore[union-attr]
    return next(one for one in read if ref in one)


def wishes(room: Room) -> list[AgendaWish]:
    with room.reading() as session:
        return list(session.exec(select(AgendaWish).order_by(AgendaWish.at)))  # type: ignore[arg-type]


def opened(room: Room) -> str:
    room.command("pippa", "/meeting")
    with room.reading() as session:
        meeting = meetings.open_meeting(session, room.unit.unit_id)
        assert meeting is not None
        return meeting.id


def board(room: Room, meeting_id: str) -> str:
    return text_of(room.card(f"meeting:{meeting_id}/board"))


# ---- anybody adds, and sees it


def test_a_family_with_a_reason_is_on_the_next_agenda_and_full(room: Room) -> None:
    assert ", light," in line(room, LIGHT)
    answer = add(room, "devan", f"{LIGHT} the court letter came")
    assert isinstance(answer, Done)
    assert answer.note is not None
    assert LIGHT in text_of(answer.note)
    assert "is on the agenda of Tuesday 17 November 2026" in text_of(answer.note)
    for who in ("pippa", "marisol"):
        assert ", full," in line(room, LIGHT, who)
        assert "Devan asked: the court letter came" in line(room, LIGHT, who)


def test_something_that_is_no_family_stands_below_the_families(room: Room) -> None:
    add(room, "tomasz", "Duty rota over Christmas")
    assert "Also on the agenda" in agenda(room)
    assert "Duty rota over Christmas (Tomasz)" in agenda(room)


def test_the_form_asks_for_both_where_nothing_was_typed(room: Room) -> None:
    answer = add(room, "devan", family=room.family(LIGHT), why="Nan is in hospital")
    assert isinstance(answer, Done)
    assert "Devan asked: Nan is in hospital" in line(room, LIGHT)


def test_what_was_asked_for_is_in_the_meeting_until_it_was_talked_about(room: Room) -> None:
    add(room, "devan", f"{LIGHT} the court letter came")
    add(room, "tomasz", "Duty rota")
    meeting = opened(room)
    shown = board(room, meeting)
    assert "Devan asked: the court letter came" in shown
    assert "Duty rota (Tomasz)" in shown
    assert "Not talked about yet: Duty rota" in note_text(room.press("orla", "meeting.close", meeting=meeting))
    item = next(w for w in wishes(room) if w.family_id is None)
    room.press("orla", "agenda.item_done", meeting=meeting, chosen=item.id)
    assert "Duty rota" not in board(room, meeting)
    room.press("orla", "agenda.start", meeting=meeting, family=room.family(LIGHT))
    room.press("orla", "meeting.close_now", meeting=meeting)
    assert {w.how for w in wishes(room)} == {"done", "discussed"}
    assert "Devan asked" not in agenda(room)


def test_what_was_not_reached_and_what_is_asked_for_in_the_meeting_stay_for_the_next_one(room: Room) -> None:
    add(room, "devan", f"{LIGHT} the court letter came")
    add(room, "tomasz", "Duty rota")
    meeting = opened(room)
    room.press("orla", "agenda.start", meeting=meeting, family=room.family(REF))
    asked = room.command("pippa", "/meeting", f"add {REF} tell us how the visit went")
    assert isinstance(asked, Ask)
    assert "A meeting is on now" in str(asked.view.intro)
    room.hand_in("pippa", asked, {})
    add(room, "orla", "Away day")
    assert "Away day" not in board(room, meeting)
    room.press("orla", "meeting.close_now", meeting=meeting)
    after = agenda(room)
    for said in ("the court letter came", "Duty rota", "tell us how the visit went", "Away day"):
        assert said in after


def test_a_message_goes_on_the_next_agenda_with_its_words_and_its_family(meeting: Meeting) -> None:
    talk = meeting.start(LIGHT, "light")
    thread = meeting.address(f"discussion:{talk}")
    asked = meeting.send(
        "tomasz", EventKind.SHORTCUT, name="add_to_agenda", text="Ask CAMHS", ts="18.1", thread=thread, author="U1"
    )
    assert isinstance(asked, Ask)
    known = {field.key: field.value for field in asked.view.fields}
    assert known == {"family": meeting.family(LIGHT), "why": "Ask CAMHS"}
    plain = meeting.send("tomasz", EventKind.SHORTCUT, name="add_to_agenda", text="x " * 300, ts="18.2", author="U1")
    assert isinstance(plain, Ask)
    known = {field.key: field.value for field in plain.view.fields}
    assert known["family"] is None
    assert "Only the first 200 characters" in str(plain.view.intro)
    assert isinstance(meeting.hand_in("tomasz", plain, {}), Done)


def test_home_and_the_agenda_have_the_buttons(room: Room) -> None:
    home = room.send("marisol", EventKind.HOME, channel="")
    assert isinstance(home, HomeView)
    labels = {button.label for button in buttons_of(home.card)}
    assert {"Add to the next agenda", "Show the agenda"} <= labels
    asked = room.press("marisol", "next.add", unit=room.unit.unit_id)
    assert isinstance(asked, Ask)
    shown = room.command("marisol", "/meeting", "agenda")
    assert isinstance(shown, Note)
    labels = {button.label for button in buttons_of(shown.card)}
    assert "Add to the next agenda" in labels
    assert "Send to the unit" not in labels


# ---- twice, odd and from outside


def test_the_same_again_is_not_added_twice_and_a_new_reason_replaces_ones_own(room: Room) -> None:
    add(room, "devan", f"{LIGHT} the court letter came")
    again = add(room, "devan", f"{LIGHT} the court letter came")
    assert isinstance(again, Done)
    assert again.note is not None
    assert "on the next agenda already" in text_of(again.note)
    asked = room.command("devan", "/meeting", f"add {LIGHT}")
    assert isinstance(asked, Ask)
    assert "the court letter came" in {field.value for field in asked.view.fields}
    room.hand_in("devan", asked, {"why": "the hearing is on Monday"})
    other = add(room, "orla", f"{LIGHT} contact with dad")
    assert isinstance(other, Done)
    assert other.note is not None
    assert "Devan asked for it too" in text_of(other.note)
    shown = line(room, LIGHT)
    assert "the hearing is on Monday" in shown
    assert "contact with dad" in shown
    assert "the court letter came" not in shown
    assert [w.how for w in wishes(room)] == ["replaced", "", ""]
    add(room, "pippa", "Duty rota")
    add(room, "orla", "duty rota")
    assert agenda(room).casefold().count("duty rota") == 1


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("x" * 201, "200 characters or fewer"),
        ("", "choose a family, or write"),
        ("  \u200b ", "choose a family, or write"),
        ("her number is 943 476 5919", "NHS number"),
    ],
)
def test_what_cannot_be_added_stays_in_its_box(room: Room, why: str, said: str) -> None:
    answer = add(room, "devan", why=why)
    assert isinstance(answer, Wrong)
    assert said in answer.errors["why"]
    assert wishes(room) == []


def test_an_nhs_number_in_the_command_is_neither_taken_over_nor_saved(room: Room) -> None:
    asked = room.command("devan", "/meeting", f"add {LIGHT} her number is 943 476 5919")
    assert isinstance(asked, Ask)
    assert {field.value for field in asked.view.fields} == {room.family(LIGHT), None}
    assert "NHS number" in str(asked.view.intro)
    with room.reading() as session:
        draft = session.get_one(Draft, asked.view.args["draft"])
        assert "943 476" not in str(unseal(session, draft, EntryBody).answers)


def test_markup_is_shown_as_it_was_typed(room: Room) -> None:
    add(room, "devan", LIGHT, why="<!channel> *bold* & <b>x</b>")
    assert "<!channel> *bold* & <b>x</b>" in line(room, LIGHT)


def test_a_family_of_another_unit_is_unknown_and_a_closed_one_is_said_to_be_closed(room: Room) -> None:
    ref = other_unit_with_family(room, "K8080A")
    elsewhere = room.family(ref)
    assert "I do not know the case reference K8080A" in note_text(
        room.command("devan", "/meeting", f"add {ref} please")
    )
    asked = room.command("devan", "/meeting", "add")
    assert isinstance(asked, Ask)
    forged = room.send(
        "devan", EventKind.SUBMIT, name="agenda_wish", args=dict(asked.view.args), values={"family": elsewhere}
    )
    assert isinstance(forged, Wrong)
    with room.db.write() as session:
        closed = session.get_one(Family, room.family(LIGHT))
        closed.status = "closed"  # type: ignore[assignment]
        session.add(closed)
    assert "is closed" in note_text(room.command("devan", "/meeting", f"add {LIGHT}"))
    asked = room.command("devan", "/meeting", "add")
    assert isinstance(asked, Ask)
    values = {"family": room.family(LIGHT)}
    assert isinstance(
        room.send("devan", EventKind.SUBMIT, name="agenda_wish", args=dict(asked.view.args), values=values), Wrong
    )
    assert wishes(room) == []


def test_a_unit_without_a_day_still_has_a_next_agenda(room: Room) -> None:
    ref = other_unit_with_family(room, "K8080A")
    asked = room.send("ida", EventKind.COMMAND, name="/meeting", text=f"add {ref} dad is back", channel="C0HERON")
    assert isinstance(asked, Ask)
    assert "has no day for its meeting yet" in str(asked.view.intro)
    answer = room.hand_in("ida", asked, {})
    assert isinstance(answer, Done)
    assert answer.note is not None
    assert "K8080A is on the next agenda." in text_of(answer.note)
    shown = room.send("ida", EventKind.COMMAND, name="/meeting", text="agenda", channel="C0HERON")
    assert "Ida asked: dad is back" in note_text(shown)
    assert "/unit settings" in note_text(shown)


# ---- taking off, changing and sending


def test_whoever_asked_or_the_coordinator_takes_it_off(room: Room) -> None:
    add(room, "devan", f"{LIGHT} the court letter came")
    [wish] = wishes(room)
    args = {"unit": room.unit.unit_id, "wish": wish.id}
    assert "Only whoever asked" in note_text(room.press("tomasz", "next.off", **args))
    assert "Taken off" in note_text(room.press("devan", "next.off", **args))
    assert "not on the next agenda any more" in note_text(room.press("devan", "next.off", **args))
    assert ", light," in line(room, LIGHT)
    add(room, "devan", f"{LIGHT} the court letter came")
    assert "Taken off" in note_text(room.press("pippa", "next.off", unit=args["unit"], chosen=wishes(room)[-1].id))


def changed(room: Room, ref: str, what: str, who: str = "pippa") -> str:
    return note_text(room.press(who, "next.set", unit=room.unit.unit_id, family=room.family(ref), what=what))


def test_the_coordinator_changes_it_and_the_meeting_opens_that_way(room: Room) -> None:
    shown = room.press("pippa", "next.change", unit=room.unit.unit_id)
    assert isinstance(shown, Note)
    [menu] = [m for m in menus_of(shown.card) if m.action == "next.pick"]
    order = [choice.value for choice in menu.choices]
    waiting = next(ref for ref, known in room.unit.families.items() if known == order[-1])
    assert "comes first" in changed(room, waiting, "first")
    later = [ref for ref in room.unit.families if "light" in line(room, ref) and ref != waiting]
    assert "is left for another day" in changed(room, later[-1], "leave")
    meeting = opened(room)
    with room.reading() as session:
        items = meetings.items(session, meeting)
    states = {item.family_id: item.state for item in items}
    assert states[room.family(later[-1])] == "parked"
    assert [item.family_id for item in items].index(room.family(waiting)) < order.index(room.family(waiting))
    assert {w.how for w in wishes(room)} == {"used"}


def test_a_plan_too_long_says_who_may_wait_and_one_press_follows_it(room: Room) -> None:
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        unit.length_minutes = 170
        session.add(unit)
    assert "The plan is longer than the meeting" in agenda(room)
    assert "Pippa" in note_text(room.press("tomasz", "next.fit", unit=room.unit.unit_id))
    assert "Done." in note_text(room.press("pippa", "next.fit", unit=room.unit.unit_id))
    assert "left for another day" in agenda(room)
    pressing = [r for r in room.unit.families if "overdue" in (said := line(room, r)) and "left for" in said]
    assert pressing == []


def test_what_must_not_wait_is_neither_left_out_nor_made_light(room: Room) -> None:
    add(room, "devan", f"{LIGHT} the court letter came")
    for what in ("leave", "light"):
        assert "stays as it is for this agenda" in changed(room, LIGHT, what)
    assert "comes first" in changed(room, LIGHT, "first")
    assert "as before" in changed(room, LIGHT, "first")
    assert "Pippa" in changed(room, LIGHT, "first", who="tomasz")


def test_the_agenda_is_sent_to_the_channel_and_stays_up_to_date_there(room: Room) -> None:
    args = {"unit": room.unit.unit_id}
    assert "Pippa" in note_text(room.press("tomasz", "next.send", **args))
    assert "Sent." in note_text(room.press("pippa", "next.send", **args))
    key = f"unit:{room.unit.unit_id}/agenda:2026-11-17"
    assert key in room.messages("unit:")
    add(room, "devan", f"{LIGHT} the court letter came")
    assert "the court letter came" in text_of(room.card(key))
    assert {button.label for button in buttons_of(room.card(key))} == {"Add to the next agenda"}


def test_what_was_asked_for_is_in_the_export(room: Room) -> None:
    add(room, "devan", f"{LIGHT} the court letter came")
    add(room, "tomasz", "Duty rota")
    with room.reading() as session:
        whole = export_unit(session, room.unit.unit_id)["asked_for"]
        alone = export_unit(session, room.unit.unit_id, LIGHT)["asked_for"]
    assert [row["words"] for row in whole] == ["the court letter came", "Duty rota"]
    assert [row["family"] for row in alone] == [LIGHT]


def test_somebody_from_outside_adds_nothing(room: Room) -> None:
    other_unit_with_family(room, "K8080A")
    assert "not in this unit" in note_text(room.command("ida", "/meeting", "add the rota"))
    assert "not in this unit" in note_text(room.press("ida", "next.show", unit=room.unit.unit_id))
    assert wishes(room) == []
