"""The Home tab, as each person sees it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.turn import Ask, HomeView
from storage.database.bodies import ActionBody, AgreementBody
from storage.database.db import Database
from storage.database.tables import Discussion, Family, Meeting
from storage.decisions import actions, agreements
from storage.meeting import meetings
from storage.unit import people, units
from tests.worlds.in_memory import a_note, an_ask, words_of
from tests.worlds.setting_up import CHANNEL, NOW, TODAY, Seat, a_family, heron_unit


@pytest.fixture
def unit_id(db: Database) -> str:
    return heron_unit(db)


def home(db: Database, chat_user: str) -> str:
    return words_of(Seat(db, chat_user).home())


def test_a_stranger_is_greeted_and_told_whom_to_ask(db: Database, unit_id: str) -> None:
    said = home(db, "UZED")
    assert "ask your unit coordinator" in said
    assert "Heron" not in said


def test_somebody_who_left_sees_nothing_of_the_unit(db: Database, unit_id: str) -> None:
    a_family(db, unit_id)
    with db.write() as session:
        person = people.by_chat_user(session, "UTAM")
        assert person is not None
        membership = people.membership(session, unit_id, person.id)
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    said = home(db, "UTAM")
    assert "Heron" not in said
    assert "B1234C" not in said


def test_before_the_meeting_it_says_when_the_next_one_is(db: Database, unit_id: str) -> None:
    assert "The next one is today at 09:30" in home(db, "UBEN")


def test_an_open_meeting_shows_who_facilitates_how_far_it_is_and_what_is_now(db: Database, unit_id: str) -> None:
    meeting_id = _meeting(db, unit_id)
    first, second = a_family(db, unit_id, "A1111B"), a_family(db, unit_id, "B2222C")
    _discussion(db, meeting_id, first, "closed")
    _discussion(db, meeting_id, second, "open")
    with db.write() as session:
        for position, (family_id, state) in enumerate(((first, "done"), (second, "now"))):
            item = meetings.add_item(
                session,
                meeting_id=meeting_id,
                family_id=family_id,
                position=position,
                kind="full",
                reasons=[],
                minutes=20,
            )
            item.state = state
    said = home(db, "UBEN")
    assert "Today's meeting is open." in said
    assert "Facilitator: Ola." in said
    assert "1 of 2 families done." in said
    assert "Now: B2222C (QD), " in said


def test_a_stopped_discussion_says_so_in_words(db: Database, unit_id: str) -> None:
    _discussion(db, _meeting(db, unit_id), a_family(db, unit_id), "stopped")
    assert "Stopped for an immediate concern: B1234C (QD)" in home(db, "UBEN")


def test_a_closed_meeting_says_so_and_reminds_the_coordinator_of_what_is_to_copy(db: Database, unit_id: str) -> None:
    meeting_id = _meeting(db, unit_id)
    _discussion(db, meeting_id, a_family(db, unit_id), "closed")
    with db.write() as session:
        session.get_one(Meeting, meeting_id).state = "closed"
    assert "Today's meeting is closed." in home(db, "UMIA")
    assert "1 record has still to be copied" in home(db, "UMIA")
    assert "to be copied" not in home(db, "UTAM")


def test_my_actions_come_overdue_first_in_words_and_only_mine(db: Database, unit_id: str) -> None:
    family_id = a_family(db, unit_id)
    _action(db, family_id, "UBEN", "Visit on Friday", TODAY + timedelta(days=3))
    _action(db, family_id, "UBEN", "Ring the school", TODAY - timedelta(days=2))
    _action(db, family_id, "UTAM", "Write the letter", TODAY)
    said = home(db, "UBEN")
    assert (
        said.index("My actions, overdue")
        < said.index("Ring the school (2 days overdue")
        < said.index("Visit on Friday")
    )
    assert "Write the letter" not in said


def test_an_action_is_opened_with_everything_that_can_be_done_about_it(db: Database, unit_id: str) -> None:
    _action(db, a_family(db, unit_id), "UBEN", "Ring the school", TODAY)
    ben = Seat(db, "UBEN", channel="")
    card = a_note(ben.choose(ben.home(), "Update an action", "Ring the school"))
    assert "[Carry over]" in words_of(card)


def test_a_form_begun_is_offered_again_with_what_was_written(db: Database, unit_id: str) -> None:
    ben = Seat(db, "UBEN")
    ben.submit(ben.asked("/family add"), ref="12", category="child_in_need", summary="Half a thought")
    card = ben.home()
    assert "Add a family, begun Tuesday 3 March 2026" in words_of(card)
    resumed = an_ask(ben.press(card, "Go on writing"))
    assert "Half a thought" in [field.value for field in resumed.view.fields]
    ben.press(card, "Put away")
    assert "You have no drafts." in words_of(ben.home())


def test_the_lead_and_the_deputy_see_what_waits_for_their_yes(db: Database, unit_id: str) -> None:
    _discussion(db, _meeting(db, unit_id), a_family(db, unit_id), "awaiting")
    for chat_user in ("UOLA", "UBEN"):
        assert "Waiting for you to confirm\nB1234C (QD), full discussion of Tuesday 3 March 2026" in home(db, chat_user)
    assert "Waiting for you" not in home(db, "UTAM")


def test_the_lead_s_yes_is_kept_and_the_tab_shows_it(db: Database, unit_id: str) -> None:
    _discussion(db, _meeting(db, unit_id), a_family(db, unit_id), "awaiting")
    ola = Seat(db, "UOLA", channel="")
    answer = ola.press(ola.home(), "Confirm")
    assert isinstance(answer, HomeView)
    assert "Waiting for you" not in words_of(answer.card)
    with db.read() as session:
        assert session.exec(select(Discussion)).one().state == "closed"


def test_an_offered_agreement_waits_for_each_side(db: Database, unit_id: str) -> None:
    family_id = a_family(db, unit_id)
    with db.write() as session:
        tam = people.by_chat_user(session, "UTAM")
        assert tam is not None
        body = AgreementBody(space="home_visit", focus="Calmer mornings")
        agreements.offer(session, family_id, body, by_id=tam.id, made_on=TODAY, now=NOW)
    assert "B1234C (QD): Calmer mornings" in home(db, "UTAM")
    assert "B1234C (QD): Calmer mornings" in home(db, "UBEN")
    assert "Calmer mornings" not in home(db, "UMIA")


def test_our_families_are_listed_with_what_comes_next(db: Database, unit_id: str) -> None:
    a_family(db, unit_id, dates={"next_review": date(2026, 3, 12)})
    said = home(db, "UTAM")
    assert "B1234C (QD): child in need; next review 12 Mar 2026 (in 9 days); last discussed never" in said
    tam = Seat(db, "UTAM", channel="")
    assert "B1234C (QD)" in words_of(tam.choose(tam.home(), "Show a family", "B1234C"))


def test_a_manager_of_two_units_sees_both_and_a_member_only_their_own(db: Database, unit_id: str) -> None:
    a_family(db, unit_id, "A1111B")
    other = heron_unit(db, "Egret Unit", "CEGRET", "E")
    a_family(db, other, "B2222C")
    with db.write() as session:
        nia = people.by_chat_user(session, "UNIA")
        assert nia is not None
        people.add_member(session, unit_id=other, person_id=nia.id, roles=["clinical_manager"], on=TODAY)
    seen = home(db, "UNIA")
    assert "A1111B" in seen
    assert "B2222C" in seen
    assert "B2222C" not in home(db, "UBEN")


def test_a_unit_without_contacts_is_told_what_is_missing(db: Database, unit_id: str) -> None:
    with db.write() as session:
        units.set_contacts(session, unit_id, [])
    assert "/unit contacts" in home(db, "UBEN")


def test_a_draft_of_a_unit_left_behind_is_not_shown(db: Database, unit_id: str) -> None:
    tam = Seat(db, "UTAM")
    ask: Ask = tam.asked("/family add")
    tam.submit(ask, ref="12", category="child_in_need")
    other = heron_unit(db, "Egret Unit", "CEGRET", "E")
    with db.write() as session:
        person = people.by_chat_user(session, "UTAM")
        assert person is not None
        people.add_member(session, unit_id=other, person_id=person.id, roles=["clinician"], on=TODAY)
        membership = people.membership(session, unit_id, person.id)
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    assert "You have no drafts." in home(db, "UTAM")


def _meeting(db: Database, unit_id: str) -> str:
    with db.write() as session:
        ola = people.by_chat_user(session, "UOLA")
        unit = units.by_channel(session, CHANNEL)
        assert ola is not None
        assert unit is not None
        meeting = meetings.start(
            session, unit_id=unit_id, day=TODAY, now=NOW, opened_by=ola.id, facilitator=ola.id, writer=None
        )
        return meeting.id


def _discussion(db: Database, meeting_id: str, family_id: str, state: str) -> None:
    with db.write() as session:
        family = session.get_one(Family, family_id)
        session.add(
            Discussion(
                meeting_id=meeting_id,
                family_id=family_id,
                unit_id=family.unit_id,
                kind="full",
                first_kind="full",
                stage="safety",
                state=state,
                started_at=NOW,
            )
        )


def _action(db: Database, family_id: str, chat_user: str, text: str, due: date) -> None:
    with db.write() as session:
        person = people.by_chat_user(session, chat_user)
        assert person is not None
        change = actions.Change(by_id=person.id, now=NOW, today=TODAY)
        actions.make(session, family_id, ActionBody(text=text), change, owner=person.id, due_on=due, plan_outcome=None)
