"""/unit, as the people of a unit meet it."""

from __future__ import annotations

import pytest

from handlers.turn import ChannelFacts, Done
from storage.database.bodies import ActionBody
from storage.database.db import Database
from storage.decisions import actions
from storage.export.export import export_unit
from storage.unit import people, units
from tests.worlds.in_memory import a_note, faults, words_of
from tests.worlds.setting_up import CHANNEL, NOW, TODAY, Seat, a_family, heron_unit


@pytest.fixture
def mia(db: Database) -> Seat:
    heron_unit(db)
    return Seat(db, "UMIA")


def test_the_unit_shows_its_people_their_leave_its_contacts_and_what_makes_a_discussion_full(mia: Seat) -> None:
    mia.submit(mia.asked("/unit leave"), leave_from="2026-03-01", leave_until="2026-03-09")
    shown = mia.says("/unit")
    assert "Ola: consultant social worker, leads the unit" in shown
    assert "Ben: social worker, deputy" in shown
    assert "Nia: clinical manager, manager linked to the unit" in shown
    assert "Mia: unit coordinator, on leave 1 Mar 2026 to 9 Mar 2026" in shown
    assert "Duty manager: extension 4000" in shown
    assert "14 days away or fewer" in shown


def test_help_is_answered_to_anybody_anywhere(db: Database) -> None:
    assert "/unit contacts" in Seat(db, "UZED", channel="COTHER").says("/unit help")


@pytest.mark.parametrize("word", ["memmbers", "שלום", "🐦", "<!channel>", "x" * 12000])
def test_unknown_words_are_said_back_with_what_is_possible(mia: Seat, word: str) -> None:
    said = mia.says(f"/unit {word}")
    assert word[:20] in said
    assert "/unit members shows" in said
    assert len(said) < 1000


def test_somebody_from_outside_sees_nothing_of_the_unit(mia: Seat) -> None:
    said = Seat(mia.db, "UZED").says("/unit")
    assert "You are not in this unit" in said
    assert "Ola" not in said


def test_a_colleague_is_added_by_mentioning_them(mia: Seat) -> None:
    ask = mia.asked("/unit add @somebody", facts=ChannelFacts(mentions=("UNEW",)))
    shown = words_of(mia.submit(ask, name="Pat", roles=["social_worker", "childrens_practitioner"]))
    assert "Pat: social worker, children's practitioner" in shown
    assert "Heron Unit" in Seat(mia.db, "UNEW").says("/unit")


def test_a_mention_is_understood_in_the_words_too(mia: Seat) -> None:
    ask = mia.asked("/unit add <@UNEW|pat>")
    assert next(f.value for f in ask.view.fields if f.key == "name") == "pat"


def test_adding_needs_one_person(mia: Seat) -> None:
    assert "Say who" in mia.says("/unit add")
    assert "One person at a time" in mia.says("/unit add", facts=ChannelFacts(mentions=("U1", "U2")))


def test_only_those_who_look_after_the_unit_change_it_and_the_others_hear_whom_to_ask(mia: Seat) -> None:
    said = Seat(mia.db, "UTAM").says("/unit add", facts=ChannelFacts(mentions=("UNEW",)))
    assert "Please ask Ola, Ben, Mia and Nia." in said
    for chat_user in ("UOLA", "UBEN", "UNIA"):
        Seat(mia.db, chat_user).asked("/unit settings")


def test_a_new_lead_takes_over_from_the_old_one(mia: Seat) -> None:
    card = a_note(mia.command("/unit members"))
    ask = mia.choose(card, "Change somebody", "Tam")
    shown = words_of(mia.submit(ask, unit_lead="yes"))  # type: ignore[arg-type]
    assert "Tam: clinician, leads the unit" in shown
    assert shown.count("leads the unit") == 1


def test_nobody_is_lead_and_deputy_at_once(mia: Seat) -> None:
    ask = mia.choose(a_note(mia.command("/unit members")), "Change somebody", "Ben")
    assert "both lead and deputy" in faults(mia.submit(ask, unit_lead="yes"))["deputy"]  # type: ignore[arg-type]


def test_everybody_sets_their_own_leave_and_only_their_own(mia: Seat) -> None:
    tam = Seat(mia.db, "UTAM")
    assert "on leave 1 Apr 2026 to 4 Apr 2026" in words_of(
        tam.submit(tam.asked("/unit leave"), leave_from="2026-04-01", leave_until="2026-04-04")
    )
    assert "look after this" in tam.says("/unit leave @Ben", facts=ChannelFacts(mentions=("UBEN",)))


def test_leave_that_ends_before_it_begins_is_pointed_out(mia: Seat) -> None:
    answer = mia.submit(mia.asked("/unit leave"), leave_from="2026-04-04", leave_until="2026-04-01")
    assert "before the first" in faults(answer)["leave_until"]


def test_who_leaves_the_unit_loses_access_at_once_and_their_actions_are_named(mia: Seat) -> None:
    family_id = a_family(mia.db, _unit_id(mia.db))
    with mia.db.write() as session:
        ben = people.by_chat_user(session, "UBEN")
        assert ben is not None
        change = actions.Change(by_id=ben.id, now=NOW, today=TODAY)
        actions.make(
            session,
            family_id,
            ActionBody(text="Ring the school"),
            change,
            owner=ben.id,
            due_on=TODAY,
            plan_outcome=None,
        )
    asked = a_note(mia.choose(a_note(mia.command("/unit members")), "Somebody leaves the unit", "Ben"))
    assert "B1234C (QD): Ring the school (Tue 3 Mar)" in words_of(asked)
    assert "Ben has left Heron Unit" in words_of(mia.press(asked, "Ben leaves today"))
    assert "You are not in this unit" in Seat(mia.db, "UBEN").says("/unit")
    assert "Deputy: nobody yet" in mia.says("/unit")


def test_the_last_one_who_looks_after_the_unit_cannot_leave(db: Database) -> None:
    mia = Seat(db, "UMIA")
    with db.write() as session:
        unit = units.add_unit(session, name="Heron Unit", channel=CHANNEL, now=NOW, weekday=1)
        person = people.add_person(session, chat_user="UMIA", name="Mia")
        people.add_member(session, unit_id=unit.id, person_id=person.id, roles=["unit_coordinator"], on=TODAY)
    asked = a_note(mia.choose(a_note(mia.command("/unit members")), "Somebody leaves the unit", "Mia"))
    assert "nobody would be left" in words_of(mia.press(asked, "Mia leaves today"))
    assert "Heron Unit" in mia.says("/unit")


def test_emergency_contacts_are_kept_in_their_order_numbers_and_all(mia: Seat) -> None:
    answer = mia.submit(
        mia.asked("/unit contacts"),
        contacts__0__who="Duty manager",
        contacts__0__how="020 7946 0000",
        contacts__1__who="Out of hours",
        contacts__1__how="020 7946 0999",
    )
    assert words_of(answer).index("Duty manager: 020 7946 0000") < words_of(answer).index("Out of hours: 020 7946 0999")


def test_half_a_contact_is_pointed_out_beside_the_empty_half(mia: Seat) -> None:
    answer = mia.submit(
        mia.asked("/unit contacts"), contacts__0__who=None, contacts__0__how=None, contacts__2__who="Duty manager"
    )
    assert faults(answer) == {"contacts#2#how": "Please give both: who, and how to reach them."}


def test_a_unit_keeps_at_least_one_contact(mia: Seat) -> None:
    answer = mia.submit(mia.asked("/unit contacts"), contacts__0__who=None, contacts__0__how=None)
    assert "at least one contact" in faults(answer)["contacts#0#who"]


@pytest.mark.parametrize(
    ("pattern", "example", "field", "sentence"),
    [
        ("[A-Z", "A", "case_pattern", "cannot read this pattern"),
        ("([A-Z]+)+", "A", "case_pattern", "repeat inside a repeat"),
        ("[A-Z]{2}\\d{6}", None, "case_example", "made-up reference"),
        ("[A-Z]{2}\\d{6}", "A12", "case_example", "does not fit the pattern"),
        ("A" * 101, "A", "case_pattern", "very long"),
    ],
)
def test_a_case_reference_pattern_is_tried_before_it_is_kept(
    mia: Seat, pattern: str, example: str | None, field: str, sentence: str
) -> None:
    answer = mia.submit(mia.asked("/unit settings"), case_pattern=pattern, case_example=example)
    assert sentence in faults(answer)[field]


def test_the_council_s_own_pattern_decides_what_a_reference_looks_like(mia: Seat) -> None:
    mia.submit(mia.asked("/unit settings"), case_pattern="[A-Z]{2}\\d{6}", case_example="HE123456")
    ask = mia.asked("/family add B1234C")
    assert "an example that fits: HE123456" in faults(mia.submit(ask, category="child_in_need"))["ref"]
    assert isinstance(mia.submit(mia.asked("/family add HE654321"), category="child_in_need"), Done)


def test_settings_change_what_the_unit_shows(mia: Seat) -> None:
    answer = mia.submit(
        mia.asked("/unit settings"), show_initials="no", full_minutes="25", date_soon_days="21", name="Egret Unit"
    )
    shown = words_of(answer)
    assert "Egret Unit" in shown
    assert "full discussion 25" in shown
    assert "case reference only" in shown
    assert "21 days away or fewer" in shown


def test_a_deputy_is_somebody_in_the_unit_who_does_not_lead(mia: Seat) -> None:
    with mia.db.read() as session:
        ola = people.by_chat_user(session, "UOLA")
        assert ola is not None
    answer = mia.submit(mia.asked("/unit settings"), deputy=ola.id)
    assert "Ola leads the unit" in faults(answer)["deputy"]


def _unit_id(db: Database) -> str:
    with db.read() as session:
        unit = units.by_channel(session, CHANNEL)
        assert unit is not None
        return unit.id


def test_contacts_that_are_no_longer_on_the_list_stay_as_history(mia: Seat) -> None:
    before = {("Duty manager", "extension 4000")}
    mia.submit(mia.asked("/unit contacts"), contacts__0__who="Out of hours", contacts__0__how="extension 5")
    said = mia.says("/unit")
    assert "Out of hours: extension 5" in said
    assert "extension 4000" not in said
    mia.submit(mia.asked("/unit contacts"), contacts__0__who="Duty manager", contacts__0__how="extension 4000")
    with mia.db.read() as session:
        unit = units.by_channel(session, CHANNEL)
        assert unit is not None
        exported = export_unit(session, unit.id)["unit"]
    assert {(one["who"], one["how"]) for one in exported["emergency_contacts"]} == before
    earlier = [(one["who"], one["how"]) for one in exported["earlier_contacts"]]
    assert sorted(earlier) == [("Duty manager", "extension 4000"), ("Out of hours", "extension 5")]
