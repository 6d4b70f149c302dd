"""Every kind of reminder: who gets it, in which words, and that its first button opens what does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.turn import Answer, Ask, Done, Note
from prompts_and_forms.nudges.nudge_kinds import load
from storage.database.bodies import AgreementBody, FamilyBody, TransferBody
from storage.database.db import Database
from storage.database.tables import Family, Meeting, Unit
from storage.database.tables_nudges import Nudge
from storage.decisions import agreements
from storage.family import access, families, transfers
from storage.unit import people, units
from tests.worlds.assessing import corrected, sign, written
from tests.worlds.in_memory import buttons_of, menus_of, text_of
from tests.worlds.measuring import permission
from tests.worlds.nudge_world import WEDNESDAY, Mornings
from tests.worlds.records_world import TODAY
from tests.worlds.work_world import Work

Setup = Callable[[Mornings], None]


@pytest.fixture
def room(db: Database) -> Mornings:
    return Mornings(db)


def opened(room: Mornings, who: str, row: Nudge) -> Note:
    """The reminder by itself, as its person sees it."""
    shown = room.press(who, "nudge.open", nudge=row.id)
    assert isinstance(shown, Note)
    return shown


def first_button(room: Mornings, who: str, row: Nudge) -> Answer:
    button = buttons_of(opened(room, who, row).card)[0]
    return room.press(who, button.action, **button.args)


def nothing(room: Mornings) -> None:
    """The sample unit as it is."""


def over(state: str) -> Setup:
    """The meeting is over and left one discussion in this state."""

    def set_up(room: Mornings) -> None:
        discussion = room.discuss("K3107C", kind="light")
        with room.db.write() as session:
            session.get_one(Meeting, room.meeting_id).state = "closed"
            held = room.discussion(discussion)
            held.state = state
            session.merge(held)

    return set_up


def stopped(room: Mornings) -> None:
    room.press("devan", "discussion.concern", discussion=room.discuss("K3107C"))


def risk(room: Mornings) -> None:
    asked = room.press("tomasz", "form.open", form="measure_mfq", family=room.family("K3107C"))
    answers = {"child": "K3107C-1", "version": "long_parent", "informant": "AD", "completed": room.day(0)}
    done = room.hand_in("tomasz", asked, {**answers, "point": "during", "total": 30, "alert": "yes"})
    assert isinstance(done, Done), done


def no_permission(room: Mornings) -> None:
    for ref in room.unit.families:
        permission(room, ref, status="not_asked")


def offered(room: Mornings) -> None:
    with room.db.write() as session:
        body = AgreementBody(space="joint_session", focus="Bedtimes", lead=room.people["tomasz"])
        orla = room.people["orla"]
        found = agreements.offer(session, room.family("K2284H"), body, by_id=orla, made_on=TODAY, now=room.now)
        agreements.confirm(session, found, "social_work", by_id=orla, now=room.now)


def unsigned(room: Mornings) -> None:
    written(room)


def referred(room: Mornings) -> None:
    answers = {"service": "Young carers", "tier": "community", "asked_for": "A group.", "date": room.day(0)}
    work = Work(room, "K3107C")
    work.do("orla", "refer", referrer=room.people["orla"], answer_by=WEDNESDAY.isoformat(), **answers)


def asked_to_see(room: Mornings) -> None:
    """A request that came in a month ago."""
    form = room.press("orla", "subject.new", family=room.family("K3107C"))
    answers = {"child": "K3107C-1", "received": room.day(-30), "responsible": room.people["pippa"]}
    assert isinstance(room.hand_in("orla", form, answers), Done)


def closed_to_somebody(room: Mornings) -> None:
    """A family closed to Tomasz, to be looked at again on Wednesday."""
    with room.db.write() as session:
        access.close_to(
            session, session.get_one(Family, room.family("K3107C")), kind="not_this_worker",
            person_id=room.people["tomasz"], reason="The uncle.", review_on=WEDNESDAY, by_id=room.people["orla"],
            now=room.now,
        )  # fmt: skip


def asked_for(room: Mornings) -> None:
    """Another unit would like Kestrel to take a family, since two working days."""
    with room.db.write() as session:
        other = units.add_unit(session, name="Heron Unit", channel="C0HERON", now=room.now)
        person = people.add_person(session, chat_user="U0HER", name="Ama")
        family = families.add_family(
            session, unit_id=other.id, known=FamilyBody(ref="K7001A"), category="child_in_need", allocated_on=TODAY,
            lead_worker_id=None, visiting_days=None, decided_by_id=None, now=room.now,
        )  # fmt: skip
        transfers.ask(
            session, family, room.unit.unit_id, TransferBody(why="They moved."), on=WEDNESDAY + timedelta(days=14),
            meeting_at=None, together="t1", by_id=person.id, now=datetime(2026, 11, 16, 9, tzinfo=UTC),
        )  # fmt: skip


def fridays(room: Mornings) -> None:
    """A unit that meets every fourth Friday, next on Christmas Day."""
    with room.db.write() as session:
        unit = session.get(Unit, room.unit.unit_id)
        assert unit is not None
        unit.weekday, unit.every_days = 4, 28
        session.add(unit)
        session.add(Meeting(unit_id=unit.id, day=date(2026, 11, 27), state="closed", opened_at=room.now))


CASES: dict[str, tuple[Setup, str, str, str]] = {
    "concern_told": (stopped, "orla", "immediate concern", "stop"),
    "risk_item": (risk, "tomasz", "an answer a person must look at", ""),
    "review": (nothing, "devan", "due", "review"),
    "visit": (nothing, "devan", "See the children", "last_seen"),
    "permission": (no_permission, "tomasz", "no signed permission", "permission_to_share"),
    "permission_review": (nothing, "marisol", "permission to share again", "permission_to_share"),
    "sdq": (nothing, "tomasz", ": 1 form to come", "measure_sdq"),
    "chi": (nothing, "tomasz", "CHI-ESQ at the end", ""),
    "sixth_session": (nothing, "tomasz", "time for the review", "review"),
    "consultation": (nothing, "tomasz", "first clinical consultation", "initial_consultation"),
    "referral": (referred, "orla", "No answer to the referral", "panel_outcome"),
    "assessment": (unsigned, "tomasz", "not signed yet", ""),
    "confirm": (over("awaiting"), "orla", "your yes", ""),
    "unfinished": (over("parked"), "devan", "parked and not finished", ""),
    "copy": (over("closed"), "pippa", "not in the case file", ""),
    "agreement": (offered, "tomasz", "waits for your side", ""),
    "agreement_review": (nothing, "tomasz", "joint working agreement", "review"),
    "action": (nothing, "devan", "due", "action_close"),
    "tracking": (nothing, "tomasz", "A session is planned", "session"),
    "tracking_quiet": (nothing, "tomasz", "nothing is on the tracking form since", "tracking_entry"),
    "meeting_tomorrow": (nothing, "pippa", "Its agenda comes in a message of its own", ""),
    "meeting_holiday": (fridays, "pippa", "falls on a bank holiday (Christmas Day)", "move_meeting"),
    "drift": (nothing, "orla", "still moving", ""),
    "supervision": (nothing, "tomasz", "Clinical supervision", "review_unit"),
    "subject_access": (asked_to_see, "pippa", "The answer to a request to see the record is due", ""),
    "transfer": (asked_for, "orla", "Heron Unit would like you to take over a family, and waits for your answer", ""),
    "access_review": (closed_to_somebody, "orla", "This family is closed to somebody", ""),
}


def test_no_kind_is_forgotten() -> None:
    assert set(CASES) == set(load().kinds)


ON_ITS_OWN = [kind for kind, case in CASES.items() if case[0] is nothing]


def test_what_the_record_asks_for_by_itself_opens_what_does_it(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    for kind in ON_ITS_OWN:
        opens_what_does_it(room, kind)


@pytest.mark.parametrize("kind", [kind for kind in CASES if kind not in ON_ITS_OWN])
def test_what_somebody_left_open_opens_what_does_it(room: Mornings, kind: str) -> None:
    CASES[kind][0](room)
    room.tick(WEDNESDAY, "07:00")
    opens_what_does_it(room, kind)


def opens_what_does_it(room: Mornings, kind: str) -> None:
    """The reminder says what it is about, its first button opens the form or the record, and it can be put off."""
    _set_up, who, said, form = CASES[kind]
    own = [one for one in room.rows(kind) if one.person_id == room.people[who] and one.state == "open"]
    shown = [(one, opened(room, who, one).card) for one in own]
    row, card = next(((one, card) for one, card in shown if said in text_of(card)), (None, None))
    assert row is not None, (kind, shown)
    assert card is not None
    answer = first_button(room, who, row)
    if form:
        assert isinstance(answer, Ask), kind
        assert answer.view.form == form
    else:
        assert isinstance(answer, Note | Done), kind
        assert "no longer know" not in text_of(answer.card if isinstance(answer, Note) else card)
    choices = {choice.value for menu in menus_of(card) for choice in menu.choices}
    assert {"tomorrow", "not_mine"} <= choices, kind
    assert ("not_needed" in choices) is not row.statutory, kind


# ---- referrals


def of_the_referral(room: Mornings) -> dict[str, Nudge]:
    """Each person's newest reminder of the referral that was made here."""
    own = [row for row in room.rows("referral") if row.family_id == room.family("K3107C")]
    return {row.person_id: row for row in sorted(own, key=lambda row: row.due_on)}


def test_a_referral_is_asked_about_from_the_day_its_answer_was_expected_until_it_is_there(room: Mornings) -> None:
    referred(room)
    room.tick(WEDNESDAY, "07:00")
    row = of_the_referral(room)[room.people["orla"]]
    assert (row.state, row.due_on) == ("open", WEDNESDAY)
    room.now = room.now.replace(hour=10)
    asked = first_button(room, "orla", row)
    answers = {"date": WEDNESDAY.isoformat(), "outcome": "accepted_beside"}
    assert isinstance(room.hand_in("orla", asked, answers), Done)
    room.tick(WEDNESDAY, "10:30")
    assert of_the_referral(room)[room.people["orla"]].state == "settled"


def test_no_answer_yet_with_a_new_day_is_asked_about_on_that_day(room: Mornings) -> None:
    referred(room)
    room.tick(WEDNESDAY, "07:00")
    row = of_the_referral(room)[room.people["orla"]]
    later = WEDNESDAY + timedelta(days=7)
    room.now = room.now.replace(hour=10)
    answers = {"date": WEDNESDAY.isoformat(), "outcome": "waiting", "answer_by": later.isoformat()}
    assert isinstance(room.hand_in("orla", first_button(room, "orla", row), answers), Done)
    room.tick(later, "07:00")
    newest = of_the_referral(room)[room.people["orla"]]
    assert (newest.due_on, newest.state) == (later, "open")


def test_who_referred_hears_of_it_and_so_does_the_consultant_social_worker(room: Mornings) -> None:
    answers = {"service": "CAMHS", "tier": "tier_3", "asked_for": "A view.", "date": room.day(0), "csw_agrees": True}
    work = Work(room, "K3107C")
    work.do("tomasz", "refer", referrer=room.people["tomasz"], answer_by=WEDNESDAY.isoformat(), **answers)
    room.tick(WEDNESDAY, "07:00")
    assert set(of_the_referral(room)) == {room.people["tomasz"], room.people["orla"]}


# ---- assessments and their signatures


def test_whoever_wrote_it_is_asked_first_and_then_the_second_to_sign(room: Mornings) -> None:
    entry, _card = written(room)
    room.tick(WEDNESDAY)
    [mine] = room.rows("assessment")
    assert (mine.person_id, mine.due_on) == (room.people["tomasz"], WEDNESDAY)

    room.now = room.now.replace(hour=10)
    sign(room, "tomasz", entry, "clinician")
    room.tick(WEDNESDAY, "10:30")
    waiting = {row.person_id: row for row in room.rows("assessment") if row.state == "open"}
    assert {one: row.due_on for one, row in waiting.items()} == {room.people["ngozi"]: date(2026, 11, 23)}
    assert "waits for your signature" in text_of(opened(room, "ngozi", waiting[room.people["ngozi"]]).card)

    sign(room, "ngozi", entry, "clinical_manager")
    room.tick(WEDNESDAY, "10:40")
    assert {row.state for row in room.rows("assessment")} == {"settled"}


def test_the_second_reads_and_signs_from_the_reminder(room: Mornings) -> None:
    entry, _card = written(room)
    sign(room, "tomasz", entry, "clinician")
    room.tick(TODAY, "17:00")
    [row] = [one for one in room.rows("assessment") if one.person_id == room.people["ngozi"]]
    read = first_button(room, "ngozi", row)
    assert isinstance(read, Note)
    button = next(one for one in buttons_of(read.card) if one.action == "form.sign")
    room.press("ngozi", button.action, **button.args)
    assert "Settled" in text_of(opened(room, "ngozi", row).card)


def test_a_corrected_assessment_is_signed_again(room: Mornings) -> None:
    entry, _card = written(room)
    sign(room, "tomasz", entry, "clinician")
    sign(room, "ngozi", entry, "clinical_manager")
    newest = corrected(room, entry, "A name was wrong", "Better words.")
    room.tick(WEDNESDAY, "07:00")
    [row] = [one for one in room.rows("assessment") if one.state == "open"]
    assert row.person_id == room.people["tomasz"]
    assert buttons_of(opened(room, "tomasz", row).card)[0].args == {"entry": newest.id}


def test_where_nobody_may_sign_the_coordinator_hears(room: Mornings) -> None:
    entry, _card = written(room)
    sign(room, "tomasz", entry, "clinician")
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["ngozi"])
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    room.tick(TODAY, "17:00")
    [row] = room.rows("assessment")
    assert row.person_id == room.people["pippa"]
    assert "/unit add" in text_of(opened(room, "pippa", row).card)


# ---- first ones, and what has gone quiet


def test_the_first_supervision_is_due_a_month_after_the_unit_began(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    due = {row.person_id: row.due_on for row in room.rows("supervision")}
    assert due == dict.fromkeys((room.people["tomasz"], room.people["ngozi"]), date(2026, 12, 17))


def test_a_line_on_the_tracking_form_quiets_its_reminder(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    [row] = room.rows("tracking_quiet")
    quiet = row.due_on + timedelta(days=1)
    room.morning(quiet)
    assert quiet in room.said_days(row)

    asked = first_button(room, "tomasz", row)
    answers = {"date": quiet.isoformat(), "kind": "other", "description": "Spoke with school."}
    assert isinstance(room.hand_in("tomasz", asked, answers), Done)
    room.tick(quiet, "10:00")
    assert [one.state for one in room.rows("tracking_quiet") if one.id == row.id] == ["settled"]


def test_a_family_with_one_form_to_come_opens_that_form_filled_in(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    row = room.nudge("tomasz", "sdq", room.family("K2770L"))
    asked = first_button(room, "tomasz", row)
    assert isinstance(asked, Ask)
    assert asked.view.form == "measure_sdq"
    values = {field.key: field.value for field in asked.view.fields}
    assert (values["child"], values["version"], values["point"]) == ("K2770L-2", "parent_2_4", "start")


def test_sdqs_of_one_child_open_in_one_form_and_those_of_several_children_as_a_list(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    asked = first_button(room, "tomasz", room.nudge("tomasz", "sdq", room.family("K1218Y")))
    assert isinstance(asked, Ask)
    assert asked.view.form == "measure_sdqs"
    listed = first_button(room, "tomasz", room.nudge("tomasz", "sdq", room.family("K5377U")))
    assert isinstance(listed, Note)
