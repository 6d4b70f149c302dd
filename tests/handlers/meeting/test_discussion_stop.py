"""The stop rule: anyone, any stage, that family only; a person says who was told before anything goes on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from handlers.turn import Ask, Done, Note, Window, Wrong
from storage.database.tables import Child
from storage.database.tables_machinery import OutboxMessage
from storage.messages import outbox
from tests.worlds.discussion_world import Meeting, button, labels, note_text, text_of

YES = {"immediate_concern": True, "what_was_heard": "School: a mark on her arm."}


@pytest.fixture
def talk(meeting: Meeting) -> str:
    return meeting.start("K5052R", "light")


def told(meeting: Meeting, **more: Any) -> dict[str, Any]:
    rows = [
        {"member": meeting.people["graham"], "time": "10:04"},
        {"outside": "police and health, through the strategy discussion", "time": "10:22"},
    ]
    return {"told": rows, "what_happens_now": "A strategy discussion.", "who_decides": meeting.people["graham"], **more}


def test_an_immediate_concern_stops_the_script(meeting: Meeting, talk: str) -> None:
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    assert meeting.state(talk) == "stopped"
    (key,) = meeting.messages(f"discussion:{talk}/stop")
    shown = text_of(meeting.card(key))
    assert "call 999 first" in shown
    assert "extension 4000 (fictional)" in shown
    assert "Raised by Tomasz" in shown
    assert labels(meeting.card(key)) == {"Say who was told", "Pressed by mistake"}


def test_the_stop_message_is_a_new_post_that_goes_before_all_others(meeting: Meeting, talk: str) -> None:
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    with meeting.reading() as session:
        row = session.exec(select(OutboxMessage).where(OutboxMessage.key == f"discussion:{talk}/stop:1")).one()
        assert (row.how, row.priority) == ("say", outbox.SAFETY)


def test_a_yes_in_the_safety_form_stops_at_once_and_is_kept(meeting: Meeting, talk: str) -> None:
    assert isinstance(meeting.record("devan", "l_safety", talk, YES), Window)
    assert meeting.state(talk) == "stopped"
    assert meeting.codes(talk).count("stop_rule") == 1
    assert len(meeting.entries("l_safety")) == 1


def test_a_manager_needed_today_stops_too(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.record("devan", "safety", talk, {"immediate_concern": False, "manager_needed_today": True})
    assert meeting.state(talk) == "stopped"


def test_a_message_shortcut_stops_the_family_the_message_is_about(meeting: Meeting, talk: str) -> None:
    ts = meeting.type("devan", talk, "A teacher rang.")
    meeting.shortcut("ngozi", "immediate_concern", ts)
    assert meeting.state(talk) == "stopped"


def test_the_shortcut_elsewhere_shows_the_contacts(meeting: Meeting, talk: str) -> None:
    assert "extension 4000" in note_text(meeting.shortcut("ngozi", "immediate_concern", meeting.stamp()))
    assert meeting.state(talk) == "open"


def test_only_that_family_stops(meeting: Meeting, talk: str) -> None:
    other = meeting.start("K3107C")
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.on("devan", other)
    assert (meeting.state(other), meeting.discussion(other).stage) == ("open", "safety")


@pytest.mark.parametrize("action", ["stage.next", "stage.go_on", "stage.back", "discussion.park", "discussion.switch"])
def test_nothing_moves_while_stopped(meeting: Meeting, talk: str, action: str) -> None:
    meeting.go_to(talk, "l_changed")
    meeting.press("devan", "discussion.concern", discussion=talk)
    assert "First say who was told" in note_text(meeting.step("devan", action, talk))
    assert (meeting.state(talk), meeting.discussion(talk).stage) == ("stopped", "l_changed")


def test_nothing_finishes_while_stopped(meeting: Meeting, talk: str) -> None:
    meeting.set_next("pippa", talk)
    meeting.press("devan", "discussion.concern", discussion=talk)
    assert "who was told" in note_text(meeting.finish("orla", talk))
    assert meeting.state(talk) == "stopped"


def test_neither_going_on_nor_not_today_before_people_were_told(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    for action in ("stop.go_on", "stop.not_today"):
        assert "First say who was told" in note_text(meeting.press("orla", action, discussion=talk))
    answer = meeting.record("pippa", "l_next", talk, {"next_discussion": {"date": meeting.day(1), "kind": "full"}})
    assert isinstance(answer, Wrong)
    assert meeting.state(talk) == "stopped"


def test_who_was_told_needs_a_name_or_a_service(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    assert isinstance(meeting.record("orla", "stop", talk, {"told": [{"time": "10:04"}]}), Wrong)
    assert isinstance(meeting.record("orla", "stop", talk, {"what_happens_now": "Nothing yet."}), Wrong)
    assert meeting.entries("stop") == []


def test_after_people_were_told_somebody_still_has_to_choose(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting))
    assert meeting.state(talk) == "stopped"
    (key,) = meeting.messages(f"discussion:{talk}/told")
    card = meeting.card(key)
    assert "Graham at 10:04" in text_of(card)
    assert labels(card) == {"Go on with this family", "Not today: set the next date"}
    meeting.press("orla", "stop.go_on", discussion=talk)
    assert (meeting.state(talk), meeting.discussion(talk).after_stop) == ("open", "go_on")


def test_going_on_in_a_full_discussion_posts_its_stage_anew(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.go_to(talk, "changed")
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting, after="go_on"))
    assert (meeting.state(talk), meeting.discussion(talk).stage) == ("open", "changed")
    assert meeting.messages(f"discussion:{talk}/")[-1] == f"discussion:{talk}/stage:4"


def test_not_today_needs_only_the_next_date(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting, after="not_today"))
    (key,) = meeting.messages(f"discussion:{talk}/told")
    asked = meeting.press("pippa", "form.open", **button(meeting.card(key), "Set the next date").args)
    answer = meeting.hand_in("pippa", asked, {"next_discussion": {"date": meeting.day(1), "kind": "full"}})
    assert isinstance(answer, Done)
    found = meeting.discussion(talk)
    assert (found.state, found.after_stop) == ("awaiting", "not_today")
    assert (found.next_on, found.next_kind) == (date(2026, 11, 18), "full")
    assert "no_resume_today" in meeting.codes(talk)
    assert meeting.item(talk).state == "done"


def test_not_today_by_button_asks_for_the_date(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting))
    asked = meeting.press("orla", "stop.not_today", discussion=talk)
    assert isinstance(asked, Ask)
    assert asked.view.form == "l_next"


def test_notes_typed_while_stopped_are_kept_and_said_to_be(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.type("orla", talk, "We stop here.")
    meeting.type("ngozi", talk, "I hold the room.")
    assert meeting.kept(talk) == ["We stop here.", "I hold the room."]
    given = meeting.remarks(talk, "stop_rule_still_on")
    assert len(given) == 2
    assert sum(r.params.get("shown_in") == "nowhere" for r in given) == 1


def test_once_people_were_told_notes_need_no_reminder(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting))
    meeting.type("orla", talk, "Graham leads on it.")
    assert meeting.remarks(talk, "stop_rule_still_on") == []


def test_pressing_again_shows_the_contacts_again_and_stops_once(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    again = meeting.press("orla", "discussion.concern", discussion=talk)
    assert "extension 4000" in note_text(again)
    assert meeting.messages(f"discussion:{talk}/stop") == [f"discussion:{talk}/stop:1"]


def test_a_second_concern_later_is_a_second_message_and_asks_anew(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting, after="go_on"))
    meeting.press("ngozi", "discussion.concern", discussion=talk)
    assert len(meeting.messages(f"discussion:{talk}/stop")) == 2
    assert isinstance(meeting.press("orla", "stop.go_on", discussion=talk), Note)
    assert meeting.state(talk) == "stopped"


def test_a_finished_and_confirmed_family_can_be_stopped(meeting: Meeting, talk: str) -> None:
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    meeting.press("orla", "discussion.confirm", discussion=talk)
    meeting.press("devan", "discussion.concern", discussion=talk)
    assert meeting.state(talk) == "stopped"
    assert meeting.discussion(talk).changed_after_confirm
    meeting.record("orla", "stop", talk, told(meeting, after="go_on"))
    assert (meeting.state(talk), meeting.item(talk).state) == ("closed", "done")


def test_the_meeting_does_not_close_over_a_stopped_family(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    assert "stopped for an immediate concern" in note_text(
        meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)
    )


def test_somebody_from_outside_the_unit_cannot_stop_or_start_anything(meeting: Meeting, talk: str) -> None:
    from tests.worlds.records_world import other_unit_with_family

    other_unit_with_family(meeting, "K9999X")
    meeting.press("ida", "discussion.concern", discussion=talk)
    assert meeting.state(talk) == "open"


def test_the_safety_form_keeps_when_each_child_was_seen(meeting: Meeting, talk: str) -> None:
    seen = [
        {"child": "K5052R-1", "date": meeting.day(-1), "by": meeting.people["devan"], "alone": True},
        {"child": "K5052R-2", "date": meeting.day(-400), "by": meeting.people["devan"], "alone": False},
    ]
    meeting.record("devan", "l_safety", talk, {"immediate_concern": False, "seen": seen})
    with meeting.reading() as session:
        first, second = session.exec(
            select(Child).where(Child.family_id == meeting.family("K5052R")).order_by(Child.position)
        ).all()
        assert first.last_seen_on == first.seen_alone_on == date(2026, 11, 16)
        assert second.last_seen_on == date(2026, 11, 8)


def test_a_hesitation_in_a_light_discussion_offers_a_full_one(meeting: Meeting, talk: str) -> None:
    meeting.record("devan", "l_safety", talk, {"immediate_concern": False})
    assert "offer_full" in meeting.codes(talk)
    assert "Switch to full" in labels(meeting.stage_card(talk))


def test_a_child_not_seen_in_time_is_named(meeting: Meeting) -> None:
    talk = meeting.start("K4419D", "light")
    meeting.now = meeting.now.replace(year=2027)
    meeting.record("marisol", "l_safety", talk, {"immediate_concern": False, "manager_needed_today": False})
    assert {meeting.child_of(r) for r in meeting.remarks(talk, "child_not_seen")} == {"K4419D-1", "K4419D-2"}
    assert "offer_full" in meeting.codes(talk)
