"""People who come into and go out of a unit's channel."""

from __future__ import annotations

import pytest
from sqlmodel import select

from handlers import routes
from handlers.render import render
from handlers.turn import EventKind
from storage.database.db import Database
from storage.database.tables_machinery import OutboxMessage
from storage.messages import posts
from storage.unit import people, units
from tests.worlds.in_memory import words_of
from tests.worlds.setting_up import CHANNEL, NOW, TODAY, Seat, heron_unit


@pytest.fixture
def unit_id(db: Database) -> str:
    routes.load()
    return heron_unit(db)


def told(db: Database) -> dict[str, str]:
    """Whom the bot writes to, and what, as it would be drawn now."""
    found = {}
    with db.read() as session:
        for row in session.exec(select(OutboxMessage).where(OutboxMessage.state == "waiting")):
            card = render(session, row.key, NOW)
            if card is not None:
                found[row.chat_user] = words_of(card)
    return found


def test_somebody_not_in_the_unit_who_joins_is_pointed_out_to_coordinator_and_lead(db: Database, unit_id: str) -> None:
    Seat(db, "UZED").do(EventKind.JOINED)
    said = told(db)
    assert set(said) == {"UOLA", "UMIA"}
    assert "Somebody who is not in Heron Unit has joined its channel: somebody I do not know." in said["UMIA"]
    assert "I post nothing about families there" in said["UMIA"]


def test_a_colleague_of_the_unit_joins_without_a_word(db: Database, unit_id: str) -> None:
    Seat(db, "UTAM").do(EventKind.JOINED)
    assert told(db) == {}


def test_somebody_who_left_the_unit_and_joins_again_is_pointed_out(db: Database, unit_id: str) -> None:
    _leaves(db, unit_id, "UTAM")
    Seat(db, "UTAM").do(EventKind.JOINED)
    assert "channel: Tam." in told(db)["UMIA"]


def test_once_the_newcomer_is_added_the_message_is_no_longer_wanted(db: Database, unit_id: str) -> None:
    Seat(db, "UZED").do(EventKind.JOINED)
    with db.write() as session:
        person = people.add_person(session, chat_user="UZED", name="Zed")
        people.add_member(session, unit_id=unit_id, person_id=person.id, roles=["social_worker"], on=TODAY)
    assert told(db) == {}


def test_who_is_told_is_not_told_after_leaving(db: Database, unit_id: str) -> None:
    Seat(db, "UZED").do(EventKind.JOINED)
    _leaves(db, unit_id, "UMIA")
    assert set(told(db)) == {"UOLA"}


def test_nobody_on_leave_is_told(db: Database, unit_id: str) -> None:
    with db.write() as session:
        mia = people.by_chat_user(session, "UMIA")
        assert mia is not None
        membership = people.membership(session, unit_id, mia.id)
        assert membership is not None
        membership.leave_from = membership.leave_until = TODAY
    Seat(db, "UZED").do(EventKind.JOINED)
    assert set(told(db)) == {"UOLA"}


def test_a_colleague_who_goes_out_of_the_channel_is_asked_about(db: Database, unit_id: str) -> None:
    Seat(db, "UTAM").do(EventKind.LEFT)
    assert "Tam has left the channel of Heron Unit but still belongs to the unit" in told(db)["UMIA"]


def test_a_shared_channel_is_pointed_out(db: Database, unit_id: str) -> None:
    Seat(db, "").do(EventKind.SHARED)
    assert "now shared with another organisation" in told(db)["UOLA"]


def test_a_unit_follows_its_channel_to_its_new_id_with_all_that_was_posted(db: Database, unit_id: str) -> None:
    Seat(db, "UZED").do(EventKind.JOINED)
    with db.write() as session:
        posts.keep_post(session, "board:1", CHANNEL, "100.1")
    Seat(db, "", channel="C0NEW").do(EventKind.MOVED, args={"old_channel": CHANNEL})
    with db.read() as session:
        unit = units.by_channel(session, "C0NEW")
        assert unit is not None
        assert unit.id == unit_id
        assert units.by_channel(session, CHANNEL) is None
        assert posts.key_at(session, "C0NEW", "100.1") == "board:1"


def test_a_channel_of_no_unit_may_change_its_id(db: Database, unit_id: str) -> None:
    Seat(db, "", channel="C0NEW").do(EventKind.MOVED, args={"old_channel": "CTOWN"})
    with db.read() as session:
        assert units.by_channel(session, CHANNEL) is not None


def test_other_channels_are_none_of_our_business(db: Database, unit_id: str) -> None:
    for kind in (EventKind.JOINED, EventKind.LEFT, EventKind.SHARED):
        Seat(db, "UZED", channel="CTOWN").do(kind)
    assert told(db) == {}


def _leaves(db: Database, unit_id: str, chat_user: str) -> None:
    with db.write() as session:
        assert units.by_channel(session, CHANNEL) is not None
        person = people.by_chat_user(session, chat_user)
        assert person is not None
        membership = people.membership(session, unit_id, person.id)
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
