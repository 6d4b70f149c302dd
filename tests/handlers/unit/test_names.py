"""Two people of one name are told apart everywhere, and a name belongs to the unit that gave it."""

from __future__ import annotations

import pytest

from handlers import routes
from handlers.turn import ChannelFacts, ChannelMember, ChannelPeople, Done, Event, EventKind
from storage.database.db import Database
from storage.unit import people, units
from tests.worlds.in_memory import a_note, menus_of, words_of
from tests.worlds.setting_up import NOW, TODAY, Seat, heron_unit

OTHER = "CMERLIN"


@pytest.fixture
def mia(db: Database) -> Seat:
    heron_unit(db)
    return Seat(db, "UMIA")


def add(seat: Seat, chat_user: str, **answers: object) -> str:
    ask = seat.asked("/unit add @somebody", facts=ChannelFacts(mentions=(chat_user,)))
    done = seat.submit(ask, **answers)
    assert isinstance(done, Done), done
    return words_of(done)


def offered(seat: Seat) -> set[str]:
    """Who is in the menu of people, by the words in it."""
    card = a_note(seat.command("/unit members"))
    return {choice.label for choice in menus_of(card)[0].choices}


def name_of(db: Database, chat_user: str) -> str:
    with db.read() as session:
        person = people.by_chat_user(session, chat_user)
        return person.name if person else ""


@pytest.mark.parametrize("typed", ["Ben", "ben", "  BEN\u200b"])
def test_two_of_one_name_with_different_parts_are_told_apart_by_them(mia: Seat, typed: str) -> None:
    said = add(mia, "UBEN2", name=typed, roles=["clinician"])
    assert "Ben (social worker)" in said
    assert "(clinician)" in said
    assert "Ben (social worker)" in offered(mia)


def test_two_of_one_name_and_one_part_are_told_apart_by_their_accounts(mia: Seat) -> None:
    add(mia, "UBEN2", name="Ben", roles=["social_worker"])
    assert {"Ben (UBEN)", "Ben (UBEN2)"} <= offered(mia)
    add(mia, "UBEN3", name="Ben", roles=["clinician"])
    assert {"Ben (UBEN)", "Ben (UBEN2)", "Ben (clinician)"} <= offered(mia)


def test_the_form_shows_the_name_as_it_was_typed_and_another_name_ends_it(mia: Seat) -> None:
    add(mia, "UBEN2", name="Ben", roles=["clinician"])
    ask = mia.asked("/unit add @somebody", facts=ChannelFacts(mentions=("UBEN2",)))
    assert next(field.value for field in ask.view.fields if field.key == "name") == "Ben"
    mia.submit(ask, name="Ben Brook", roles=["clinician"])
    assert {"Ben", "Ben Brook"} <= offered(mia)


def test_a_new_part_is_in_the_name_at_once(mia: Seat) -> None:
    add(mia, "UBEN2", name="Ben", roles=["clinician"])
    add(mia, "UBEN2", name="Ben", roles=["childrens_practitioner"])
    assert "Ben (children's practitioner)" in offered(mia)


def test_sentences_and_confirmations_say_which_one(mia: Seat) -> None:
    add(mia, "UBEN2", name="Ben", roles=["clinician"])
    card = a_note(mia.command("/unit members"))
    leaving = words_of(mia.choose(card, "Somebody leaves the unit", "Ben (clinician)"))
    assert "Ben (clinician) will see nothing more" in leaving
    assert "Ben (clinician)" in Seat(mia.db, "UBEN2").says("/unit members")


def test_half_a_character_in_a_name_from_the_platform_is_kept_as_a_replacement(mia: Seat) -> None:
    facts = ChannelFacts(mentions=("UNEW",), user_name="Mia \ud83d")
    ask = mia.asked("/unit add @somebody", facts=facts)
    assert isinstance(mia.submit(ask, name="Pat \ud83d", roles=["clinician"]), Done)
    assert name_of(mia.db, "UNEW") == "Pat \ufffd"
    members = (ChannelMember("UZED", "Zed \ud83d"),)
    event = Event(id="e", kind=EventKind.COMMAND, at=NOW, facts=ChannelFacts(people=ChannelPeople("x", members)))
    people_there = routes.as_typed(event).facts.people
    assert people_there is not None
    assert people_there.members[0].name == "Zed \ufffd"


# ---- a name belongs to the unit that gave it


@pytest.fixture
def lou(db: Database, mia: Seat) -> Seat:
    """The coordinator of another unit."""
    with db.write() as session:
        unit = units.add_unit(session, name="Merlin Unit", channel=OTHER, now=NOW, weekday=2)
        person = people.add_person(session, chat_user="ULOU", name="Lou")
        people.add_member(session, unit_id=unit.id, person_id=person.id, roles=["unit_coordinator"], on=TODAY)
        units.set_contacts(session, unit.id, [("Duty", "extension 1")])
    return Seat(db, "ULOU", OTHER)


def test_another_unit_that_adds_a_shared_clinician_does_not_rename_them(mia: Seat, lou: Seat) -> None:
    said = add(lou, "UTAM", name="Thomas", roles=["clinician"])
    assert "Tam is known by this name in another unit" in said
    assert name_of(mia.db, "UTAM") == "Tam"
    assert "Tam" in mia.says("/unit members")
    add(lou, "UTAM", name="Thomas again", roles=["clinician"])
    assert name_of(mia.db, "UTAM") == "Tam"


def test_the_unit_that_gave_the_name_changes_it_for_both(mia: Seat, lou: Seat) -> None:
    add(mia, "UTAM", name="Tamsin", roles=["clinician"])
    add(lou, "UTAM", name="Thomas", roles=["clinician"])
    add(mia, "UTAM", name="Tamsin Trent", roles=["clinician"])
    assert "Tamsin Trent" in lou.says("/unit members")


def test_once_they_left_the_first_unit_the_second_may_name_them(mia: Seat, lou: Seat) -> None:
    add(lou, "UTAM", name="Tam", roles=["clinician"])
    card = a_note(mia.command("/unit members"))
    mia.press(a_note(mia.choose(card, "Somebody leaves the unit", "Tam")), "Tam leaves today")
    add(lou, "UTAM", name="Thomas", roles=["clinician"])
    assert name_of(mia.db, "UTAM") == "Thomas"


def test_a_shared_clinician_is_told_apart_in_the_unit_where_there_are_two(mia: Seat, lou: Seat) -> None:
    add(lou, "UTAM2", name="Tam", roles=["social_worker"])
    assert "Tam" in offered(mia)
    add(lou, "UTAM", name="Tam", roles=["clinician"])
    assert {"Tam (clinician)", "Tam (social worker)"} <= offered(lou)
