"""A person with a new account, a unit in a new channel or with a new name: all goes with them, and history says so."""

from __future__ import annotations

import pytest
from sqlmodel import select

from handlers.turn import ChannelFacts, ChannelPeople, ChannelTrouble
from storage.database.db import Database
from storage.database.tables import Meeting
from storage.database.tables_machinery import OutboxMessage
from storage.messages import outbox
from storage.unit import people, units
from tests.worlds.in_memory import a_note, words_of
from tests.worlds.setting_up import CHANNEL, NOW, TODAY, Seat, a_family, heron_unit

NEW_CHANNEL = "CNEW"


@pytest.fixture
def mia(db: Database) -> Seat:
    a_family(db, heron_unit(db))
    return Seat(db, "UMIA")


def new_account(seat: Seat, account: str, who: str) -> str:
    card = a_note(seat.command("/unit account @somebody", facts=ChannelFacts(mentions=(account,))))
    sure = a_note(seat.choose(card, "It is the account of", who))
    return words_of(seat.press(sure, f"{who} has this account now"))


def waiting(db: Database, account: str) -> list[str]:
    with db.read() as session:
        return list(session.exec(select(OutboxMessage.key).where(OutboxMessage.chat_user == account)))


def test_a_replaced_account_brings_everything_and_the_old_one_sees_nothing(mia: Seat) -> None:
    with mia.db.write() as session:
        outbox.say(session, "person:x/digest:1", now=NOW, chat_user="UBEN")
    assert "Ben has the new account now" in new_account(mia, "UBENNEW", "Ben")
    assert "You are not in this unit" in Seat(mia.db, "UBEN").says("/unit")
    assert "B1234C" in Seat(mia.db, "UBENNEW").says("/family list")
    assert "Ben" in Seat(mia.db, "UBENNEW").says("/unit members")
    assert "person:x/digest:1" in waiting(mia.db, "UBENNEW")
    assert waiting(mia.db, "UBEN") == []


def test_those_who_look_after_the_unit_hear_of_a_replaced_account_and_the_unit_says_so(mia: Seat) -> None:
    new_account(mia, "UBENNEW", "Ben")
    assert any("/account:" in key for key in waiting(mia.db, "UOLA"))
    assert "Ben had another account until Tuesday 3 March 2026 (changed by Mia)." in mia.says("/unit")


def test_an_account_that_only_asked_once_can_become_somebodys(mia: Seat) -> None:
    with mia.db.write() as session:
        people.add_person(session, chat_user="UBENNEW", name="ben b")
    assert "Ben has the new account now" in new_account(mia, "UBENNEW", "Ben")


def test_an_account_of_somebody_in_a_unit_is_not_given_away(mia: Seat) -> None:
    said = mia.says("/unit account @somebody", facts=ChannelFacts(mentions=("UTAM",)))
    assert "already Tam's" in said
    assert "Name the new account" in mia.says("/unit account")


def test_only_who_looks_after_the_unit_gives_an_account(mia: Seat) -> None:
    said = Seat(mia.db, "UTAM").says("/unit account @somebody", facts=ChannelFacts(mentions=("UBENNEW",)))
    assert "look after this" in said


# ---- another channel


def there(user: str = "UMIA") -> ChannelFacts:
    return ChannelFacts(people=ChannelPeople("heron-two"), user_name=user)


def test_a_unit_moves_to_a_new_channel_with_everything(mia: Seat) -> None:
    here = Seat(mia.db, "UMIA", NEW_CHANNEL)
    card = a_note(here.command("/unit move", facts=there()))
    assert "meets in this channel from now on" in words_of(here.press(card, "Heron Unit meets here"))
    assert "B1234C" in here.says("/family list")
    assert "Met in another channel until Tuesday 3 March 2026 (changed by Mia)." in here.says("/unit")
    with mia.db.read() as session:
        assert units.by_channel(session, CHANNEL) is None
        said = session.exec(select(OutboxMessage.channel).where(OutboxMessage.key.like("unit:%/meets_here:%"))).all()  # type: ignore[attr-defined]
    assert said == [NEW_CHANNEL]


def test_a_unit_does_not_move_in_the_middle_of_its_meeting(mia: Seat) -> None:
    here = Seat(mia.db, "UMIA", NEW_CHANNEL)
    card = a_note(here.command("/unit move", facts=there()))
    with mia.db.write() as session:
        unit = units.by_channel(session, CHANNEL)
        assert unit is not None
        session.add(Meeting(unit_id=unit.id, day=TODAY, opened_at=NOW))
    assert "close it first" in words_of(here.press(card, "Heron Unit meets here"))


def test_somebody_who_looks_after_no_unit_moves_none(mia: Seat) -> None:
    assert "look after no unit" in Seat(mia.db, "UTAM", NEW_CHANNEL).says("/unit move", facts=there("UTAM"))


@pytest.mark.parametrize("code", ["public", "shared", "guest"])
def test_a_unit_does_not_move_where_others_read(mia: Seat, code: str) -> None:
    here = Seat(mia.db, "UMIA", NEW_CHANNEL)
    facts = ChannelFacts(trouble=ChannelTrouble(code), people=ChannelPeople("open"))
    answer = here.command("/unit move", facts=facts)
    assert "meets here" not in words_of(answer)


# ---- another name


def test_a_new_name_leaves_the_old_one_in_the_history(mia: Seat) -> None:
    mia.submit(mia.asked("/unit settings"), name="Merlin Unit")
    said = mia.says("/unit")
    assert "Merlin Unit" in said
    assert "Called “Heron Unit” until Tuesday 3 March 2026 (changed by Mia)." in said
    with mia.db.read() as session:
        assert units.by_name(session, "heron") is not None
