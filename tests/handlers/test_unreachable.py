"""Somebody no direct message reaches: what is due stays, and those who look after the unit are told once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from storage.db import Database
from storage.tables_machinery import OutboxMessage
from tests.handlers.nudge_world import WEDNESDAY, Mornings
from tests.handlers.records_world import text_of


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
