"""/unit where no unit meets yet: one form with the channel's people as lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.slack.views import VIEW_BLOCKS, modal
from handlers.turn import Answer, Ask, ChannelFacts, ChannelMember, ChannelPeople, ChannelTrouble
from storage.database.db import Database
from storage.unit import people, units
from tests.worlds.in_memory import a_note, buttons_of, faults, words_of
from tests.worlds.setting_up import CHANNEL, HERE, Seat, heron_unit

CONTACT = {"contacts__1__who": "Duty manager", "contacts__1__how": "01632 960123"}


def opened(db: Database, here: ChannelPeople = HERE, who: str = "UMIA", **more: Any) -> Ask:
    return Seat(db, who, **more).asked("/unit", facts=ChannelFacts(people=here))


def handed_in(db: Database, ask: Ask, here: ChannelPeople | None = HERE, who: str = "UMIA", **values: Any) -> Answer:
    return _Later(db, who, here).submit(ask, **values)


class _Later(Seat):
    """A seat whose form is handed in while these people are in the channel."""

    def __init__(self, db: Database, who: str, here: ChannelPeople | None) -> None:
        super().__init__(db, who)
        self.here = here

    def do(self, kind: Any, name: str = "", **more: Any) -> Answer:
        return super().do(kind, name, facts=ChannelFacts(people=self.here), **more)


def field(ask: Ask, key: str) -> Any:
    return next(one for one in ask.view.fields if one.key == key)


def test_the_form_names_the_unit_from_its_channel_and_guesses_each_persons_role(db: Database) -> None:
    ask = opened(db)
    assert field(ask, "name").value == "Heron Unit"
    roles = {f.label: f.value for f in ask.view.fields if f.key.startswith("people#") and f.options}
    assert roles == {
        "Mia Marsh (Unit coordinator)": "unit_coordinator",
        "Ben Brook": "social_worker",
        "Ola Odell (Consultant Social Worker)": "consultant_social_worker",
        "Tam Trent (Family therapist)": "clinician",
    }
    assert field(ask, "lead").value == "UOLA"
    assert (field(ask, "weekday").value, field(ask, "start").value) == ("1", "09:30")
    assert field(ask, "contacts#0#how").value == "999"


def test_one_press_makes_the_unit_with_its_people_meeting_and_contacts(db: Database) -> None:
    shown = words_of(handed_in(db, opened(db), **CONTACT))
    assert "Heron Unit is ready: 4 people, every Tuesday at 09:30." in shown
    assert "Ola Odell: consultant social worker, leads the unit" in shown
    assert "Mia Marsh: unit coordinator" in shown
    said = Seat(db, "UBEN").says("/unit")
    assert "Anybody in danger right now: 999" in said
    assert "Duty manager: 01632 960123" in said
    with db.read() as session:
        tam = people.by_name(session, "Tam Trent")
        assert tam is not None
        assert tam.profession == "family_therapist"


def test_the_next_step_is_one_press_away(db: Database) -> None:
    card = a_note(handed_in(db, opened(db), **CONTACT))
    assert [button.label for button in buttons_of(card)] == ["Add a family"]
    assert "Case reference" in str(Seat(db, "UMIA").press(card, "Add a family"))


def test_a_guess_can_be_changed_and_somebody_left_out(db: Database) -> None:
    changed = {"people__UBEN__role": "childrens_practitioner", "people__UTAM__role": "not_in_unit"}
    shown = words_of(handed_in(db, opened(db), **CONTACT, **changed))
    assert "Ben Brook: children's practitioner" in shown
    assert "In this channel, but not in the unit: Tam Trent" in shown
    assert "You are not in this unit" in Seat(db, "UTAM").says("/unit")


def test_a_manager_is_linked_and_not_counted_in_the_meeting(db: Database) -> None:
    here = replace(HERE, members=(*HERE.members, ChannelMember("UNIA", "Nia Noor", "Clinical manager")))
    shown = words_of(handed_in(db, opened(db, here), here, **CONTACT))
    assert "Nia Noor: clinical manager, manager linked to the unit" in shown


def test_999_alone_is_taken_and_the_duty_manager_asked_for(db: Database) -> None:
    assert "999 is the only contact so far" in words_of(handed_in(db, opened(db)))


@pytest.mark.parametrize(
    ("values", "key", "sentence"),
    [
        ({"lead": "UTAM", "people__UTAM__role": "not_in_unit"}, "lead", "has to be in the unit"),
        ({"lead": None, "people__UMIA__role": "social_worker"}, "lead", "choose who leads"),
        ({"people__UBEN__role": None}, "people#UBEN#role", "choose a role"),
        ({"contacts__0__who": None, "contacts__0__how": None}, "contacts#0#who", "at least one contact"),
        ({"contacts__1__who": "Duty manager"}, "contacts#1#how", "give both"),
        ({"start": "half nine"}, "start", "such as 10:15"),
        ({"contacts__1__who": "Pat, NHS 943 476 5919", "contacts__1__how": "4000"}, "contacts#1#who", "NHS number"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(db: Database, values: Any, key: str, sentence: str) -> None:
    ask = opened(db)
    assert sentence in faults(handed_in(db, ask, **values))[key]
    assert "is ready" in words_of(handed_in(db, ask))


def test_two_units_cannot_have_one_name(db: Database) -> None:
    heron_unit(db, channel="COTHER")
    assert "already" in faults(handed_in(db, opened(db)))["name"]


def test_two_people_who_set_up_at_once_get_one_unit(db: Database) -> None:
    first, second = opened(db), opened(db, who="UBEN")
    handed_in(db, first, **CONTACT)
    assert "Heron Unit was set up in this channel a moment ago" in words_of(handed_in(db, second, who="UBEN"))
    with db.read() as session:
        assert len(units.every_unit(session)) == 1


def test_whoever_left_the_channel_meanwhile_is_not_added(db: Database) -> None:
    ask = opened(db)
    left = replace(HERE, members=tuple(one for one in HERE.members if one.chat_user != "UBEN"))
    shown = words_of(handed_in(db, ask, left, **CONTACT))
    assert "Ben Brook left the channel meanwhile" in shown
    assert "You are not in this unit" in Seat(db, "UBEN").says("/unit")


def test_whoever_came_into_the_channel_meanwhile_is_named(db: Database) -> None:
    ask = opened(db)
    more = replace(HERE, members=(*HERE.members, ChannelMember("UNEW", "Pat Poole")))
    assert "In this channel, but not in the unit: Pat Poole" in words_of(handed_in(db, ask, more, **CONTACT))


def test_another_app_in_the_channel_is_named_before_and_after(db: Database) -> None:
    here = replace(HERE, members=(*HERE.members, ChannelMember("UPOLL", "Polly", app=True)))
    ask = opened(db, here)
    assert not any("Polly" in f.label for f in ask.view.fields)
    assert "Polly can read along in this channel too" in str(ask.view.intro)
    assert "not in the unit: Polly" in words_of(handed_in(db, ask, here, **CONTACT))


def test_a_channel_with_very_many_people_still_fits_a_window(db: Database) -> None:
    many = tuple(ChannelMember(f"U{n:03}", f"Person {n:03}") for n in range(130))
    here = ChannelPeople("everybody", (*many, ChannelMember("UMIA", "Mia Marsh")))
    ask = opened(db, here)
    assert "There are 131 people in this channel. The first 45 are listed" in str(ask.view.intro)
    assert next(f for f in ask.view.fields if f.key.startswith("people#") and f.options).key == "people#UMIA#role"
    assert len(modal(ask.view)["blocks"]) < VIEW_BLOCKS
    assert "45 people" in words_of(handed_in(db, ask, here, **CONTACT))


def test_whoever_sets_it_up_for_others_hands_over(db: Database) -> None:
    answer = handed_in(db, opened(db), people__UMIA__role="not_in_unit", **CONTACT)
    assert "You are not in the unit yourself" in words_of(answer)
    assert not buttons_of(a_note(answer))


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [("public", "public"), ("shared", "shared"), ("group", "group conversation"), ("guest:UX", "guest")],
)
def test_where_others_can_read_a_private_channel_is_offered_instead(db: Database, trouble: str, sentence: str) -> None:
    said = Seat(db, "UMIA").says("/unit", facts=ChannelFacts(trouble=ChannelTrouble.read(trouble), people=HERE))
    assert sentence in said
    assert "Make a private channel for your unit" in said


def test_no_unit_is_set_up_where_nobody_can_say_who_reads(db: Database) -> None:
    said = Seat(db, "UMIA").says("/unit")
    assert "I cannot see who reads this conversation" in said
    assert "Make a private channel for your unit" in said


def test_a_form_handed_in_while_nobody_can_say_who_reads_stays_open(db: Database) -> None:
    ask = opened(db)
    assert "I cannot see who is in this channel" in faults(handed_in(db, ask, None))["name"]
    with db.read() as session:
        assert units.by_channel(session, CHANNEL) is None


def test_a_unit_is_not_set_up_in_a_direct_message(db: Database) -> None:
    assert "lives in a private channel" in Seat(db, "UMIA", channel="D1").says("/unit", in_direct_message=True)
