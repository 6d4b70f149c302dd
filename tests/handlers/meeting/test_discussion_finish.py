"""Finishing: the next date, the read-back, the lead's yes, and changes afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from handlers.turn import Ask, Note, Wrong
from storage.database.tables import Family
from storage.unit import people
from tests.worlds.discussion_world import Meeting, labels, note_text, text_of

ACTION = {"text": "Ring school", "how_we_know": "TD says so"}


@pytest.fixture
def full(meeting: Meeting) -> str:
    return meeting.start("K3107C")


@pytest.fixture
def light(meeting: Meeting) -> str:
    return meeting.start("K4419D", "light")


def finished(meeting: Meeting, talk: str) -> str:
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    return talk


def test_finishing_without_a_next_date_asks_for_it(meeting: Meeting, full: str) -> None:
    asked = meeting.press("devan", "discussion.finish", discussion=full)
    assert isinstance(asked, Ask)
    assert asked.view.form == "close"
    assert meeting.state(full) == "open"


def test_a_next_date_that_has_gone_is_refused(meeting: Meeting, full: str) -> None:
    assert isinstance(meeting.set_next("pippa", full, days=-1), Wrong)
    assert meeting.discussion(full).next_on is None


def test_a_next_date_after_the_next_review_is_kept_and_said(meeting: Meeting, light: str) -> None:
    answer = meeting.set_next("pippa", light, days=20)
    assert "next review on Sat 28 Nov comes before that day" in str(answer)
    assert meeting.discussion(light).next_on == date(2026, 12, 7)


def test_the_usual_next_date_comes_before_the_next_review(meeting: Meeting, light: str) -> None:
    asked = meeting.open("pippa", "l_next", light)
    assert {f.key: f.value for f in asked.view.fields}["next_discussion#0#date"] == "2026-11-24"


def test_a_review_soon_suggests_a_full_discussion(meeting: Meeting, light: str) -> None:
    meeting.set_next("pippa", light, days=7)
    (given,) = meeting.remarks(light, "suggest_full")
    assert given.params["reason"]["code"] == "date_soon"
    assert "Review in 11 days" in text_of(meeting.stage_card(light))


def test_finishing_says_what_is_missing_and_then_records_it(meeting: Meeting, full: str) -> None:
    meeting.set_next("pippa", full)
    told = meeting.press("devan", "discussion.finish", discussion=full)
    assert isinstance(told, Note)
    assert "Safety first: not reached" in text_of(told.card)
    assert "Finish anyway" in labels(told.card)
    meeting.press("devan", "discussion.finish_anyway", discussion=full)
    assert "safety:stage" in meeting.discussion(full).missing
    assert "Recorded as missing" in text_of(meeting.card(f"discussion:{full}/readback:1"))


def test_what_was_missing_and_came_later_is_no_longer_missing(meeting: Meeting, full: str) -> None:
    meeting.go_to(full, "safety")
    meeting.record("pippa", "open", full, {"need": "both"})
    finished(meeting, full)
    assert "open:form" not in meeting.discussion(full).missing


def test_a_full_discussion_is_read_back_with_actions_owners_and_dates(meeting: Meeting, full: str) -> None:
    due = {"owner": meeting.people["devan"], "due": meeting.day(5), "plan_outcome": "P1"}
    meeting.record("pippa", "action", full, {**ACTION, **due})
    finished(meeting, full)
    assert meeting.state(full) == "read_back"
    shown = text_of(meeting.card(f"discussion:{full}/readback:1"))
    assert "Ring school - Devan; due in 5 days (22 November 2026)" in shown
    assert "for P1" not in shown
    assert "We will know it helped when: TD says so" in shown
    assert "Next discussion" in shown


def test_only_the_lead_or_the_deputy_confirms(meeting: Meeting, full: str) -> None:
    finished(meeting, full)
    assert "The unit lead or the deputy" in note_text(meeting.press("pippa", "discussion.confirm", discussion=full))
    assert meeting.state(full) == "read_back"
    meeting.press("orla", "discussion.confirm", discussion=full)
    found = meeting.discussion(full)
    assert (found.state, found.confirmed_by_id) == ("closed", meeting.people["orla"])
    assert meeting.item(full).state == "done"
    assert "Confirmed by Orla" in text_of(meeting.card(f"discussion:{full}/summary"))


def test_the_deputy_may_confirm(meeting: Meeting, full: str) -> None:
    with meeting.reading() as session:
        deputy = people.deputy(session, meeting.unit.unit_id)
        assert deputy is not None
    finished(meeting, full)
    meeting.press(deputy.slug, "discussion.confirm", discussion=full)
    assert meeting.state(full) == "closed"


def test_confirming_twice_says_so(meeting: Meeting, full: str) -> None:
    finished(meeting, full)
    meeting.press("orla", "discussion.confirm", discussion=full)
    assert "confirmed already" in note_text(meeting.press("orla", "discussion.confirm", discussion=full))


def test_not_yet_goes_back_to_the_discussion(meeting: Meeting, full: str) -> None:
    finished(meeting, full)
    meeting.press("devan", "discussion.reopen", discussion=full)
    assert meeting.state(full) == "open"
    assert "Confirm" not in labels(meeting.card(f"discussion:{full}/readback:1"))
    assert "nothing to confirm" in note_text(meeting.press("orla", "discussion.confirm", discussion=full))


def test_both_views_stand_side_by_side_apart_from_the_decisions(meeting: Meeting, full: str) -> None:
    views = [
        {"who": meeting.people["tomasz"], "view": "See them together."},
        {"who": meeting.people["orla"], "view": "See each alone first."},
    ]
    meeting.record("marisol", "disagreement", full, {"about": "When to see both", "views": views, "settled": False})
    finished(meeting, full)
    shown = text_of(meeting.card(f"discussion:{full}/readback:1"))
    assert shown.index("Different views") < shown.index("See them together.") < shown.index("See each alone first.")


def test_a_light_discussion_closes_and_asks_the_lead_in_one_direct_message(meeting: Meeting, light: str) -> None:
    other = meeting.start("K1936E", "light")
    for talk in (light, other):
        finished(meeting, talk)
    assert [meeting.state(talk) for talk in (light, other)] == ["awaiting", "awaiting"]
    key = f"person:{meeting.people['orla']}/awaiting:{meeting.meeting_id}"
    assert [k for k in meeting.messages("person:") if "awaiting" in k] == [key]
    assert {"Confirm K4419D", "Confirm K1936E"} <= labels(meeting.card(key))
    meeting.press("orla", "discussion.confirm", discussion=light)
    assert meeting.state(light) == "closed"
    assert "Confirm K4419D" not in labels(meeting.card(key))
    assert "Confirmed by Orla" in text_of(meeting.stage_card(light))


def test_the_lead_may_confirm_after_the_meeting(meeting: Meeting, light: str) -> None:
    finished(meeting, light)
    meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)
    meeting.press("orla", "discussion.confirm", discussion=light)
    assert meeting.state(light) == "closed"


def test_while_the_lead_is_away_the_deputy_is_asked(meeting: Meeting, light: str) -> None:
    with meeting.db.write() as session:
        membership = people.membership(session, meeting.unit.unit_id, meeting.people["orla"])
        deputy = people.deputy(session, meeting.unit.unit_id)
        assert membership is not None
        assert deputy is not None
        membership.leave_from = membership.leave_until = meeting.now.date()
        session.add(membership)
    finished(meeting, light)
    assert f"person:{deputy.id}/awaiting:{meeting.meeting_id}" in meeting.messages("person:")


def test_the_family_remembers_when_it_was_discussed_and_when_it_comes_next(meeting: Meeting, full: str) -> None:
    finished(meeting, full)
    meeting.press("orla", "discussion.confirm", discussion=full)
    with meeting.reading() as session:
        family = session.exec(select(Family).where(Family.id == meeting.family("K3107C"))).one()
        assert family.last_discussed_on == family.last_full_on == date(2026, 11, 17)
        assert (family.next_on, family.next_kind) == (date(2026, 12, 1), "full")


def confirmed(meeting: Meeting, talk: str) -> str:
    finished(meeting, talk)
    meeting.press("orla", "discussion.confirm", discussion=talk)
    return talk


def test_an_edit_after_confirming_is_a_flagged_version_the_lead_sees(meeting: Meeting, full: str) -> None:
    ts = meeting.type("devan", full, "Three visits.")
    confirmed(meeting, full)
    meeting.edit("devan", ts, "Four visits.")
    note = meeting.note(ts)
    assert note is not None
    assert note.after_confirm
    assert meeting.discussion(full).changed_after_confirm
    (remark,) = meeting.remarks(full, "late_edit")
    assert f"remark:{remark.id}/to:{meeting.people['orla']}" in meeting.messages("remark:")
    assert "Something was added or changed after the lead confirmed" in text_of(meeting.card(f"discussion:{full}"))


def test_a_record_after_confirming_is_flagged_too(meeting: Meeting, full: str) -> None:
    confirmed(meeting, full)
    meeting.record("pippa", "stop_doing", full, {"text": "We stop ringing AD."})
    assert [e.after_confirm for e in meeting.entries("stop_doing")] == [True]
    assert len(meeting.remarks(full, "late_note")) == 1


def test_a_note_does_not_move_after_confirming(meeting: Meeting, full: str) -> None:
    ts = meeting.type("devan", full, "Three visits.")
    confirmed(meeting, full)
    assert "stays where it was read back" in note_text(meeting.shortcut("devan", "note_stage", ts))


def test_a_record_kept_while_it_is_read_back_is_read_back_again(meeting: Meeting, full: str) -> None:
    finished(meeting, full)
    meeting.record("pippa", "action", full, ACTION)
    assert "Ring school" in text_of(meeting.card(f"discussion:{full}/readback:1"))


def test_next_is_refused_after_finishing(meeting: Meeting, light: str) -> None:
    finished(meeting, light)
    assert "finished" in note_text(meeting.step("devan", "stage.back", light))


def test_anyone_in_the_unit_can_read_the_record(meeting: Meeting, light: str) -> None:
    meeting.type("marisol", light, "EP chose her mornings.")
    finished(meeting, light)
    shown = meeting.press("tomasz", "discussion.record", discussion=light)
    assert "EP chose her mornings." in note_text(shown)
