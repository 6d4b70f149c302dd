"""Somebody no direct message reaches: what is due stays, and those who look after the unit are told once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from handlers import render
from storage.database.db import Database
from storage.database.tables_machinery import OutboxMessage
from storage.database.tables_nudges import Nudge
from storage.messages.delivery import UNKNOWN
from storage.nudges import unreached
from storage.unit import people
from tests.worlds.in_memory import text_of
from tests.worlds.nudge_world import WEDNESDAY, Mornings


@pytest.fixture
def room(db: Database) -> Mornings:
    return Mornings(db)


def refuse(room: Mornings, who: str) -> None:
    """The platform refuses every message to this person."""
    with room.db.write() as session:
        start = f"person:{room.people[who]}/"
        for row in session.exec(select(OutboxMessage).where(col(OutboxMessage.key).startswith(start))):
            row.state, row.error = "failed", "user_disabled"
            session.add(row)


def told(room: Mornings) -> list[str]:
    return sorted(key for key in room.messages("unit:") if "/unreached:" in key)


def test_those_who_look_after_the_unit_are_told_once_a_week_and_nothing_is_lost(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    refuse(room, "marisol")
    for minutes in (10, 20, 30):
        room.tick(WEDNESDAY, f"09:{minutes}")
    keys = told(room)
    assert {key.rpartition(":")[2] for key in keys} == {room.people["orla"], room.people["pippa"]}
    card = text_of(room.card(keys[0]))
    assert "I could not send Marisol a direct message" in card
    assert "K3107C" not in card
    assert room.nudge("marisol", "action", room.unit.actions["a02"]).state == "open"


def test_a_leader_nobody_reaches_is_told_of_to_the_others(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    refuse(room, "orla")
    room.tick(WEDNESDAY, "09:30")
    assert {key.rpartition(":")[2] for key in told(room)} == {room.people["pippa"]}


def test_who_was_reached_is_not_told_of(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    room.tick(date(2026, 11, 18), "09:30")
    room.morning(WEDNESDAY + timedelta(days=1))
    assert told(room) == []


def due_by_law(room: Mornings, who: str, action: str) -> str:
    """The person's reminder of this action, as if law or guidance asked for it."""
    row = room.nudge(who, "action", room.unit.actions[action])
    with room.db.write() as session:
        session.get_one(Nudge, row.id).statutory = True
    return row.id


def shown_to(room: Mornings, who: str, day: date) -> str:
    with room.reading() as session:
        found = render.render(session, f"person:{room.people[who]}/digest:{day.isoformat()}", room.now)
    return text_of(found) if found else ""


def test_what_law_asks_for_reaches_the_lead_the_same_day_when_its_person_cannot_be_reached(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    due_by_law(room, "marisol", "a02")
    room.tick(WEDNESDAY)
    assert "For Marisol" not in shown_to(room, "orla", WEDNESDAY)
    refuse(room, "marisol")
    room.tick(WEDNESDAY, "08:40")
    assert "For Marisol, who does not get my messages. Try the picture chart" in shown_to(room, "orla", WEDNESDAY)


def test_an_immediate_concern_never_sits_with_somebody_who_cannot_get_it(room: Mornings) -> None:
    room.press("devan", "discussion.concern", discussion=room.discuss("K3107C"))
    room.tick(WEDNESDAY, "09:01")
    row = room.rows("concern_told")[0]
    assert row.person_id == room.people["orla"]
    refuse(room, "orla")
    room.tick(WEDNESDAY, "09:10")
    devan = f"person:{room.people['devan']}/nudge:{row.id}"
    assert devan in room.asked_again()
    assert "For Orla, who does not get my messages" in text_of(room.card(devan))


def test_somebody_out_of_reach_is_tried_again_and_hears_once_the_account_is_back(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    refuse(room, "marisol")
    room.tick(WEDNESDAY, "08:50")
    heard = room.morning(WEDNESDAY + timedelta(days=1))
    assert "Try the picture chart" in text_of(heard["marisol"])
    later = [room.morning(WEDNESDAY + timedelta(days=days)) for days in (2, 5, 6)]
    assert any("marisol" in cards for cards in later)
    assert all("For Marisol" not in text_of(card) for cards in later for card in cards.values())


@pytest.mark.parametrize("cover", ["pippa", None])
def test_a_cover_hears_instead_of_somebody_out_of_reach(room: Mornings, cover: str | None) -> None:
    room.tick(WEDNESDAY)
    refuse(room, "marisol")
    room.tick(WEDNESDAY, "08:50")
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["marisol"])
        assert membership is not None
        membership.cover_id = room.people[cover] if cover else None
        session.add(membership)
    room.tick(WEDNESDAY + timedelta(days=1))
    key = f"person:{room.people['pippa']}/digest:{(WEDNESDAY + timedelta(days=1)).isoformat()}"
    heard = text_of(room.with_all("pippa", room.card(key)))
    assert ("For Marisol, who does not get my messages. Try the picture chart" in heard) is bool(cover)


def test_a_reminder_that_may_have_arrived_is_not_called_refused_and_home_says_so(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    start = f"person:{room.people['marisol']}/"
    with room.db.write() as session:
        for row in session.exec(select(OutboxMessage).where(col(OutboxMessage.key).startswith(start))):
            row.state, row.error = "failed", UNKNOWN
            session.add(row)
    room.tick(WEDNESDAY, "09:10")
    assert told(room) == []
    with room.reading() as session:
        assert unreached.unsure(session, room.people["marisol"], room.now)
        assert not unreached.unsure(session, room.people["orla"], room.now)
        assert not unreached.unsure(session, room.people["marisol"], room.now + timedelta(days=1, hours=3))
