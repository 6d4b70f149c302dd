"""Who does actions that nobody has yet: one form for all of them, and whatever can come in between."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import select

from handlers.turn import Answer, Ask, Done, Note, Wrong
from storage.database.tables import Action, Membership
from storage.database.tables_machinery import Audit
from storage.decisions import actions
from tests.worlds.discussion_world import Meeting
from tests.worlds.in_memory import text_of
from tests.worlds.records_world import other_unit_with_family

TWO = ("Ring school", "Ask Nan")


@pytest.fixture
def talk(meeting: Meeting) -> str:
    found = meeting.start("K3107C", "full")
    for words in TWO:
        meeting.record("pippa", "action", found, {"text": words})
    return found


def made(meeting: Meeting, talk: str) -> list[Action]:
    with meeting.reading() as session:
        return actions.made_in(session, talk)


def asked(meeting: Meeting, talk: str) -> Ask:
    answer = meeting.press("pippa", "action.owners", discussion=talk)
    assert isinstance(answer, Ask), answer
    return answer


def given(meeting: Meeting, form: Ask, *who: str, by: str = "pippa") -> Answer:
    rows = [{"action": row, "to": meeting.people[name]} for row, name in zip(rows_in(form), who, strict=False)]
    return meeting.hand_in(by, form, {"actions": rows})


def rows_in(form: Ask) -> list[str]:
    return [str(field.value) for field in form.view.fields if field.key.endswith("#action")]


def owners(meeting: Meeting, talk: str) -> list[str | None]:
    return [actions.owner_of(one) for one in made(meeting, talk)]


def test_every_action_gets_its_person_in_one_form(meeting: Meeting, talk: str) -> None:
    assert given(meeting, asked(meeting, talk), "devan", "orla") == Done()
    assert owners(meeting, talk) == [meeting.people["devan"], meeting.people["orla"]]


def test_somebody_who_left_meanwhile_is_refused_beside_their_name_and_nothing_is_saved(
    meeting: Meeting, talk: str
) -> None:
    form = asked(meeting, talk)
    with meeting.db.write() as session:
        gone = session.exec(select(Membership).where(Membership.person_id == meeting.people["orla"])).one()
        gone.status = "left"
        session.add(gone)
    answer = given(meeting, form, "devan", "orla")
    assert isinstance(answer, Wrong)
    assert set(answer.errors) == {"actions#1#to"}
    assert owners(meeting, talk) == [None, None]


def test_an_action_closed_meanwhile_is_pointed_at_and_stays_closed(meeting: Meeting, talk: str) -> None:
    form = asked(meeting, talk)
    first, second = rows_in(form)
    meeting.record("orla", "action_close", talk, {"action": first, "result": "done"})
    answer = given(meeting, form, "devan", "orla")
    assert isinstance(answer, Wrong)
    assert set(answer.errors) == {"actions#0#action"}
    meeting.hand_in("pippa", form, {"actions": [{"action": second, "to": meeting.people["orla"]}]})
    assert [(one.status, actions.owner_of(one)) for one in made(meeting, talk)] == [
        ("done", None),
        ("open", meeting.people["orla"]),
    ]


def test_an_action_given_to_somebody_meanwhile_stays_theirs(meeting: Meeting, talk: str) -> None:
    form, slower = asked(meeting, talk), asked(meeting, talk)
    given(meeting, form, "devan", "orla")
    answer = given(meeting, slower, "marisol", "orla")
    assert isinstance(answer, Done)
    assert answer.note is not None
    assert "Ring school" in text_of(answer.note)
    assert "Ask Nan" not in text_of(answer.note)
    assert owners(meeting, talk) == [meeting.people["devan"], meeting.people["orla"]]


def test_saved_twice_it_is_given_once(meeting: Meeting, talk: str) -> None:
    form = asked(meeting, talk)
    given(meeting, form, "devan", "orla")
    given(meeting, form, "devan", "orla")
    assert len(meeting.entries("reassign")) == len(TWO)


def test_two_people_at_once_give_each_action_one_person(meeting: Meeting, talk: str) -> None:
    forms = [asked(meeting, talk), asked(meeting, talk)]
    names = ("devan", "marisol")
    both = zip(forms, names, strict=True)
    ends = [threading.Thread(target=given, args=(meeting, form, name, name)) for form, name in both]
    for one in ends:
        one.start()
    for one in ends:
        one.join()
    assert len(set(owners(meeting, talk))) == 1
    assert set(owners(meeting, talk)) <= {meeting.people[name] for name in names}
    assert len(meeting.entries("reassign")) == len(TWO)


def test_somebody_of_another_unit_gives_nothing_to_anybody(meeting: Meeting, talk: str) -> None:
    other_unit_with_family(meeting, "K9999X")
    form = asked(meeting, talk)
    assert not isinstance(meeting.press("ida", "action.owners", discussion=talk), Ask)
    answer = given(meeting, form, "devan", "orla", by="ida")
    assert not (isinstance(answer, Done) and answer.note is None)
    assert owners(meeting, talk) == [None, None]


def test_after_the_meeting_the_open_form_still_counts_and_the_button_says_why_not(meeting: Meeting, talk: str) -> None:
    form = asked(meeting, talk)
    meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)
    assert isinstance(meeting.press("pippa", "action.owners", discussion=talk), Note)
    assert given(meeting, form, "devan", "orla") == Done()
    assert owners(meeting, talk) == [meeting.people["devan"], meeting.people["orla"]]


def test_more_than_the_form_has_room_for_are_asked_about_afterwards(meeting: Meeting, talk: str) -> None:
    for number in range(12):
        meeting.record("pippa", "action", talk, {"text": f"Ring number {number}"})
    first = asked(meeting, talk)
    assert len(rows_in(first)) == 12
    given(meeting, first, *["devan"] * 12)
    assert len(rows_in(asked(meeting, talk))) == len(TWO)


def test_an_action_recorded_again_with_its_person_is_the_same_one_with_a_line_in_the_audit(
    meeting: Meeting, talk: str
) -> None:
    with meeting.reading() as session:
        before = len(session.exec(select(Audit).where(Audit.what == "action_reworded")).all())
    meeting.record("pippa", "action", talk, {"text": "ring  school.", "owner": meeting.people["devan"]}, minutes=5)
    assert sorted(str(owner) for owner in owners(meeting, talk)) == sorted(["None", meeting.people["devan"]])
    with meeting.reading() as session:
        lines = session.exec(select(Audit).where(Audit.what == "action_reworded")).all()
        assert len(lines) == before + 1
    standing = [one for one in meeting.entries("action") if one.replaced_by_id is None]
    assert len(standing) == len(TWO)


def test_the_same_words_for_somebody_else_are_an_action_of_its_own(meeting: Meeting, talk: str) -> None:
    for who in ("devan", "orla"):
        row = {"text": "See TD", "owner": meeting.people[who], "due": meeting.day(3)}
        meeting.record("pippa", "action", talk, row)
    assert len(made(meeting, talk)) == len(TWO) + 2
