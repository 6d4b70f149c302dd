"""Who hears of a reminder: leave and cover, a manager later on, the unit's week, and the plan behind it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from bench.questions import counting
from handlers import render
from handlers.nudges import digest
from handlers.turn import Done, Event, EventKind, Note, Turn, Wrong
from storage.database.db import Database
from storage.database.tables import Action, Meeting, Unit
from storage.database.tables_machinery import Audit
from storage.database.tables_nudges import NudgePreference
from storage.decisions import actions
from storage.nudges import nudges
from storage.unit import people
from tests.worlds.in_memory import buttons_of, text_of
from tests.worlds.nudge_world import WEDNESDAY, Mornings
from tests.worlds.records_world import TODAY


@pytest.fixture
def room(db: Database) -> Mornings:
    return Mornings(db)


# ---- leave and cover


def test_while_somebody_is_away_their_cover_hears_and_afterwards_they_do(room: Mornings) -> None:
    room.away("marisol", WEDNESDAY, WEDNESDAY + timedelta(days=1), cover="devan")
    found = room.morning(WEDNESDAY)
    assert "marisol" not in found
    room.away("marisol", WEDNESDAY, WEDNESDAY, cover=None)
    assert room.nudge("marisol", "action", room.unit.actions["a02"]).said_on == WEDNESDAY


def test_without_a_cover_it_waits_and_is_caught_up_with(room: Mornings) -> None:
    room.away("marisol", WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert "marisol" not in room.morning(WEDNESDAY)
    assert room.nudge("marisol", "action", room.unit.actions["a02"]).said_on is None
    assert "picture chart" in text_of(room.morning(WEDNESDAY + timedelta(days=2))["marisol"])


def test_leave_is_kept_with_who_covers(room: Mornings) -> None:
    asked = room.command("marisol", "/unit", "leave")
    mine = {"leave_from": "2026-11-18", "leave_until": "2026-11-19"}
    assert isinstance(room.hand_in("marisol", asked, {**mine, "cover": room.people["marisol"]}), Wrong)
    done = room.hand_in("marisol", asked, {**mine, "cover": room.people["devan"]})
    assert isinstance(done, Done)
    assert done.note is not None
    assert "Devan covers" in text_of(done.note)
    room.morning(WEDNESDAY)
    row = room.nudge("marisol", "action", room.unit.actions["a02"])
    with room.reading() as session:
        [said] = nudges.said_where(session, [row.id], WEDNESDAY)
    assert said.person_id == room.people["devan"]


# ---- taken further


def test_a_manager_is_told_only_after_the_person_heard_that_they_would_be(room: Mornings) -> None:
    warned: dict[str, date] = {}
    for n in range(20):
        day = WEDNESDAY + timedelta(days=n)
        found = room.morning(day)
        if "tomasz" in found and "Ngozi will be told" in text_of(found["tomasz"]):
            warned.setdefault("tomasz", day)
        if "ngozi" in found and "Still open with Tomasz" in text_of(found["ngozi"]):
            warned.setdefault("ngozi", day)
    assert warned["tomasz"] < warned["ngozi"]
    assert (warned["ngozi"] - WEDNESDAY).days >= 13


def test_a_manager_who_has_seen_it_does_not_hear_of_it_again(room: Mornings) -> None:
    days = [WEDNESDAY + timedelta(days=n) for n in range(16)]
    for day in days:
        room.morning(day)
    mine = [one for one in room.rows("sdq") if one.person_id == room.people["ngozi"]]
    assert mine
    for row in mine:
        room.press("ngozi", "nudge.done", nudge=row.id, unit=row.unit_id)
    before = [room.said_days(row) for row in mine]
    for n in range(1, 15):
        room.morning(days[-1] + timedelta(days=n))
    assert [room.said_days(row) for row in mine] == before


# ---- /nudges and the week


def test_a_person_chooses_when_they_hear(room: Mornings) -> None:
    shown = room.command("devan", "/nudges")
    assert isinstance(shown, Note)
    assert "One message at 08:30, every working day" in text_of(shown.card)
    asked = room.press("devan", "nudge.preferences")
    done = room.hand_in("devan", asked, {"at": "11:00", "days": ["0", "1", "2"], "left_out": ["actions"]})
    assert isinstance(done, Done)

    room.tick(WEDNESDAY)
    assert "devan" not in room.deliver()
    room.tick(WEDNESDAY, "11:00")
    card = text_of(room.deliver()["devan"])
    assert "housing" not in card
    assert "K2045X" in card
    assert "devan" not in room.morning(WEDNESDAY + timedelta(days=1))


def test_the_week_of_the_unit_is_for_those_who_look_after_it(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    week = room.command("pippa", "/nudges", "week")
    assert isinstance(week, Note)
    assert all(name in text_of(week.card) for name in ("Devan", "Marisol", "Tomasz", "K2045X"))
    refused = room.command("marisol", "/nudges", "week")
    assert isinstance(refused, Note)
    assert "K2045X" not in text_of(refused.card)


def test_what_cannot_be_understood_is_answered_with_what_can(room: Mornings) -> None:
    said = room.command("devan", "/nudges", "tomorrow?")
    assert isinstance(said, Note)
    assert "/nudges week" in text_of(said.card)


# ---- the plan


def test_planning_again_changes_nothing(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    before = sorted((one.id, one.state, one.version) for kind in ("action", "sdq", "review") for one in room.rows(kind))
    for minute in range(1, 5):
        room.tick(WEDNESDAY, f"07:0{minute}")
    after = sorted((one.id, one.state, one.version) for kind in ("action", "sdq", "review") for one in room.rows(kind))
    assert before == after


def test_only_what_changed_is_planned_anew(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    asked = room.press("devan", "action.new", family=room.family("K3107C"))
    room.hand_in("devan", asked, {"text": "Ring the school", "owner": room.people["devan"], "due": "2026-11-20"})
    room.tick(WEDNESDAY, "07:05")
    with room.reading() as session:
        made = {
            one.id: one for one in session.exec(select(Action)) if actions.words(session, one).text == "Ring the school"
        }
    assert [one.due_on for one in room.rows("action") if one.subject in made] == [date(2026, 11, 20)]


def test_a_new_date_is_a_new_reminder_and_the_old_one_is_settled(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    action = room.unit.actions["a02"]
    room.hand_in("marisol", room.press("marisol", "action.carry", action=action), {"due": "2026-11-25"})
    room.tick(WEDNESDAY, "09:30")
    found = {one.due_on: one.state for one in room.rows("action") if one.subject == action}
    assert found == {TODAY: "settled", date(2026, 11, 25): "open"}


def test_an_action_opened_again_is_reminded_of_again(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    action = room.unit.actions["a02"]
    room.hand_in("marisol", room.press("marisol", "action.close", action=action), {"result": "done", "note": "Yes"})
    room.tick(WEDNESDAY, "09:30")
    assert room.nudge("marisol", "action", action).state == "settled"
    room.press("marisol", "action.reopen", action=action)
    room.tick(WEDNESDAY, "09:35")
    assert room.nudge("marisol", "action", action).state == "open"


def test_the_clock_leaves_no_trace_of_reading_and_people_do(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    room.later("tomasz", row, "tomorrow")
    with room.reading() as session:
        noted = session.exec(select(Audit).where(Audit.row_kind == "nudge")).all()
    assert [(one.what, one.person_id) for one in noted] == [("nudge_snoozed", room.people["tomasz"])]


def test_who_leaves_the_unit_hears_nothing_more(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["marisol"])
        assert membership is not None
        people.leave_unit(session, membership, WEDNESDAY)
    key = f"person:{room.people['marisol']}/digest:{WEDNESDAY.isoformat()}"
    with room.reading() as session:
        shown = render.render(session, key, room.now)
    assert shown is None or "K3107C" not in text_of(shown)
    assert "marisol" not in room.morning(WEDNESDAY + timedelta(days=1))


def test_the_coordinator_sees_the_agenda_the_working_day_before_the_meeting(room: Mornings) -> None:
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        unit.weekday = 1
        session.add(unit)
    card = room.morning(date(2026, 11, 23))["pippa"]
    assert "Next unit meeting: tomorrow" in text_of(card)
    own = f"person:{room.people['pippa']}/agenda:{room.unit.unit_id}/2026-11-24"
    assert [key for key in room.messages("person:") if "/agenda:" in key] == [own]
    agenda = room.card(own)
    assert "Agenda for Tuesday 24 November 2026" in text_of(agenda)
    assert {"Send to the unit", "Change", "Add to the next agenda"} <= {one.label for one in buttons_of(agenda)}
    row = room.nudge("pippa", "meeting_tomorrow")
    shown = room.press("pippa", "nudge.agenda", nudge=row.id, unit=row.unit_id)
    assert isinstance(shown, Note)
    assert "K3107C" in text_of(shown.card)


def test_records_to_copy_are_one_line_that_opens_them(room: Mornings) -> None:
    discussion = room.discuss("K3107C", kind="light")
    with room.db.write() as session:
        meeting = session.get_one(Meeting, room.meeting_id)
        meeting.state = "closed"
        held = room.discussion(discussion)
        held.state = "closed"
        session.add(meeting)
        session.merge(held)
    card = room.morning(WEDNESDAY)["pippa"]
    assert "1 record of yesterday is not in the case file yet" in text_of(card)
    row = room.nudge("pippa", "copy")
    shown = room.press("pippa", "nudge.list", nudge=row.id, unit=row.unit_id)
    assert isinstance(shown, Note)
    [copied, _record] = buttons_of(shown.card)
    room.press("pippa", copied.action, 1, **copied.args)
    assert f"person:{room.people['pippa']}/digest:{WEDNESDAY.isoformat()}" in room.asked_again()
    room.tick(WEDNESDAY, "10:00")
    assert room.nudge("pippa", "copy").state == "settled"


def test_preferences_start_the_same_for_everybody(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    with room.reading() as session:
        for row in session.exec(select(NudgePreference)):
            assert (row.at, row.days, row.left_out, row.digested_on) == ("08:30", [0, 1, 2, 3, 4], [], WEDNESDAY)


def test_a_plan_asks_the_database_as_often_for_one_family_as_for_all(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        turn = Turn(session=session, event=Event(id="", kind=EventKind.TICK, at=room.now), now=room.now, unit=unit)
        asked: list[int] = []
        for families in (None, [room.family("K3107C")], list(room.unit.families.values())):
            with counting(room.db) as statements:
                digest.plan_unit(turn, unit, families, WEDNESDAY)
            asked.append(len(statements))
    assert asked[0] == asked[1] == asked[2] <= 30
