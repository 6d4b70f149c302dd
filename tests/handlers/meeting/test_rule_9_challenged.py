"""Rule 9, what was challenged is carried: it is answered, or it stands in the record, the read-back and the copy."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.turn import Ask, Note
from prompts_and_forms.card import Card
from tests.worlds.discussion_world import Meeting, button, labels, note_text, text_of

NOT_SEEN = "was not seen within the time this plan gives, and nobody has said who will go"
UNSURE = "Whether a manager is needed today: left open"
SUICIDE = "nobody has written down that Tier 3 was told"


@pytest.fixture(params=["light", "full"])
def talk(meeting: Meeting, request: pytest.FixtureRequest) -> str:
    """K4419D, whose children have not been seen for a year."""
    found = meeting.start("K4419D", request.param)
    meeting.now = meeting.now.replace(year=2027)
    return found


def safety(meeting: Meeting, talk: str, **more: Any) -> None:
    form = "safety" if meeting.discussion(talk).kind == "full" else "l_safety"
    said = {"immediate_concern": False, "manager_needed_today": False, **more}
    meeting.record("marisol", form, talk, said)


def finish(meeting: Meeting, talk: str) -> None:
    form = "close" if meeting.discussion(talk).kind == "full" else "l_next"
    meeting.record("pippa", form, talk, {"next_discussion": {"date": "2027-11-30", "kind": "full"}})
    meeting.finish("devan", talk)


def everywhere(meeting: Meeting, talk: str) -> list[str]:
    """The record, the read-back, the lead's list and the copy for the case file."""
    found = meeting.discussion(talk)
    light = meeting.stage_card(talk) if found.kind == "light" else None
    read_back = light or meeting.card(f"discussion:{talk}/readback:{found.stage_no}")
    lead = meeting.card(f"person:{meeting.people['orla']}/awaiting:{meeting.meeting_id}")
    copy = meeting.card(f"copies:{meeting.meeting_id}/{meeting.people['pippa']}")
    record = note_text(meeting.press("orla", "discussion.record", discussion=talk))
    return [record, text_of(read_back), text_of(lead), text_of(copy)]


def who_goes(shown: Any) -> Any:
    """The first button that answers for a child; it names the child."""
    return button(shown, next(label for label in sorted(labels(shown)) if label.startswith("Who goes to see ")))


def answer(meeting: Meeting, talk: str, remark: Any, who: str = "marisol") -> None:
    pressed = who_goes(meeting.card(f"remark:{remark.id}"))
    asked = meeting.press(who, pressed.action, **pressed.args)
    assert isinstance(asked, Ask)
    assert pressed.label.split()[4].rstrip(",") in text_of(Card(notice="", blocks=asked.view.intro))
    meeting.hand_in(who, asked, {"owner": meeting.people["marisol"], "due": "2027-11-19"})


def test_a_child_not_seen_in_time_stands_as_missing_until_somebody_says_who_goes(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk)
    assert NOT_SEEN in note_text(meeting.press("orla", "discussion.record", discussion=talk))
    finish(meeting, talk)
    for shown in everywhere(meeting, talk):
        assert "Recorded as missing" in shown
        assert shown.count(NOT_SEEN) == 2


def test_finishing_asks_once_about_a_question_that_is_still_open_and_offers_its_answer(
    meeting: Meeting, talk: str
) -> None:
    safety(meeting, talk, manager_needed_today=None)
    form = "close" if meeting.discussion(talk).kind == "full" else "l_next"
    meeting.record("pippa", form, talk, {"next_discussion": {"date": "2027-11-30", "kind": "full"}})
    asked = meeting.press("devan", "discussion.finish", discussion=talk)
    assert NOT_SEEN in note_text(asked)
    assert isinstance(asked, Note)
    assert meeting.discussion(talk).state == "open"
    pressed = who_goes(asked.card)
    opened = meeting.press("devan", pressed.action, **pressed.args)
    assert isinstance(opened, Ask)
    meeting.hand_in("devan", opened, {"owner": meeting.people["devan"], "due": "2027-11-19"})
    meeting.press("devan", "discussion.finish_anyway", discussion=talk)
    assert meeting.discussion(talk).state != "open"
    assert everywhere(meeting, talk)[0].count(NOT_SEEN) == 1


def test_who_goes_and_when_is_an_action_among_the_decisions(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk)
    for remark in meeting.remarks(talk, "child_not_seen"):
        answer(meeting, talk, remark)
        assert labels(meeting.card(f"remark:{remark.id}")) == set()
    finish(meeting, talk)
    for shown in everywhere(meeting, talk):
        assert NOT_SEEN not in shown
    for shown in everywhere(meeting, talk)[:3]:
        assert "who was not seen within the time this plan gives - Marisol" in shown


def test_what_was_answered_about_safety_is_read_back_and_in_the_leads_list(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk)
    finish(meeting, talk)
    for shown in everywhere(meeting, talk)[1:3]:
        assert "Safety: " in shown
        assert "No concern today." in shown


def test_one_child_answered_leaves_the_other_open(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk)
    answer(meeting, talk, meeting.remarks(talk, "child_not_seen")[0])
    finish(meeting, talk)
    for shown in everywhere(meeting, talk):
        assert shown.count(NOT_SEEN) == 1


def test_an_answer_after_the_family_is_finished_takes_it_off_the_list(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk)
    finish(meeting, talk)
    for remark in meeting.remarks(talk, "child_not_seen"):
        answer(meeting, talk, remark)
    if meeting.discussion(talk).state == "awaiting":
        assert NOT_SEEN not in everywhere(meeting, talk)[0]


def test_a_visit_recorded_in_the_meeting_answers_it(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk)
    row = {"date": "2027-11-16", "by": meeting.people["marisol"], "alone": True}
    meeting.record("marisol", "last_seen", talk, {"child": "K4419D-1", "others": ["K4419D-2"], **row})
    finish(meeting, talk)
    assert NOT_SEEN not in everywhere(meeting, talk)[0]


def test_a_manager_needed_or_not_left_open_is_carried(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk, manager_needed_today=None)
    finish(meeting, talk)
    for shown in everywhere(meeting, talk):
        assert UNSURE in shown


def test_answered_in_the_form_it_is_not_carried(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk, manager_needed_today=None)
    form = "safety" if meeting.discussion(talk).kind == "full" else "l_safety"
    asked = meeting.press("marisol", "entry.edit", entry=meeting.entries(form)[-1].id)
    meeting.hand_in("marisol", asked, {"manager_needed_today": False})
    finish(meeting, talk)
    assert UNSURE not in everywhere(meeting, talk)[0]


def test_words_about_suicide_are_carried_until_somebody_is_told(meeting: Meeting, talk: str) -> None:
    safety(meeting, talk)
    meeting.type("devan", talk, "She says she wants to die.")
    finish(meeting, talk)
    for shown in everywhere(meeting, talk):
        assert SUICIDE in shown


def test_a_view_not_known_is_carried(meeting: Meeting) -> None:
    talk = meeting.start("K4419D")
    safety(meeting, talk)
    meeting.go_to(talk, "voices")
    meeting.on("devan", talk)
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    for shown in everywhere(meeting, talk):
        assert shown.count("Child's view not known") == 2
