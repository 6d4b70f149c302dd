"""Pointing things out: how often, to whom, in which words."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import remarks
from handlers.turn import Event, EventKind, Turn
from storage.database.tables import Person, RemarkGiven, Unit
from tests.worlds.discussion_world import Meeting, text_of


@pytest.fixture
def talk(meeting: Meeting) -> str:
    return meeting.start("K3107C")


def give(meeting: Meeting, talk: str, code: str, who: str = "devan", **more: Any) -> RemarkGiven | None:
    with meeting.db.write() as session:
        event = Event(id=meeting.stamp(), kind=EventKind.BUTTON, at=meeting.now)
        person = session.get(Person, meeting.people[who])
        turn = Turn(session, event, meeting.now, person, session.get(Unit, meeting.unit.unit_id))
        made = remarks.give(turn, code, unit_id=meeting.unit.unit_id, discussion_id=talk, **more)
        if made is not None:
            session.expunge(made)
        return made


def test_once_a_discussion_about_the_same_thing(meeting: Meeting, talk: str) -> None:
    assert give(meeting, talk, "ask_child_view", params={"child": "K3107C-1"}) is not None
    assert give(meeting, talk, "ask_child_view", params={"child": "K3107C-1"}) is None
    assert give(meeting, talk, "ask_child_view", params={"child": "K3107C-2"}) is not None


def test_each_time_about_another_record(meeting: Meeting, talk: str) -> None:
    assert give(meeting, talk, "keep_both_views", about="one") is not None
    assert give(meeting, talk, "keep_both_views", about="one") is None
    assert give(meeting, talk, "keep_both_views", about="two") is not None


def test_kept_every_time_and_shown_once(meeting: Meeting, talk: str) -> None:
    first = give(meeting, talk, "stop_rule_still_on", about="one", every_time=True)
    second = give(meeting, talk, "stop_rule_still_on", about="two", every_time=True)
    assert first is not None
    assert second is not None
    assert text_of(meeting.stage_card(talk)).count("still stopped") == 1


def test_a_remark_for_its_author_is_seen_by_nobody_else(meeting: Meeting, talk: str) -> None:
    made = give(meeting, talk, "file_not_kept", to_person=meeting.people["devan"])
    assert made is not None
    with meeting.reading() as session:
        from sqlmodel import select

        from storage.database.tables_machinery import OutboxMessage

        row = session.exec(select(OutboxMessage).where(OutboxMessage.key == f"remark:{made.id}")).one()
        person = session.get(Person, meeting.people["devan"])
        assert person is not None
        assert (row.how, row.chat_user, row.thread_key) == ("note", person.chat_user, f"discussion:{talk}")


def test_ids_become_what_people_read(meeting: Meeting, talk: str) -> None:
    action = meeting.unit.actions["a04"]
    params = {"action": action, "count": 2, "person": meeting.people["orla"]}
    made = give(meeting, talk, "stuck_action", params=params)
    assert made is not None
    shown = text_of(meeting.card(f"remark:{made.id}"))
    assert "has been carried over 2 times" in shown
    assert action not in shown


def test_a_light_discussion_stays_one_message(meeting: Meeting) -> None:
    talk = meeting.start("K4419D", "light")
    made = give(meeting, talk, "ask_child_view", params={"child": "K4419D-1"})
    assert made is not None
    assert meeting.messages(f"remark:{made.id}") == []
    assert "EP" in text_of(meeting.stage_card(talk))


def test_params_hold_ids_and_numbers_only(meeting: Meeting, talk: str) -> None:
    meeting.type("devan", talk, "Perhaps the more we ring AD, the more she hides, and the more we ring her again.")
    meeting.type("devan", talk, "NHS 999 047 3129")
    for remark in meeting.remarks(talk):
        assert "AD" not in str(remark.params)
        assert "999" not in str(remark.params)
