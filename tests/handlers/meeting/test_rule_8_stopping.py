"""Rule 8, stopping: whom to call is on the presser's screen at once, others hear, a slip can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from handlers.turn import Answer, Ask, Done, Note, Window
from prompts_and_forms.days import timescale_file
from prompts_and_forms.meeting.discussion_wording import STOP_DUTY
from storage.database.tables import Family
from storage.database.tables_machinery import OutboxMessage
from storage.family import access
from storage.messages import outbox
from tests.worlds.discussion_world import Meeting, buttons_of, labels, note_text, text_of

CONTACT = "extension 4000 (fictional)"


@pytest.fixture(params=["light", "full"])
def talk(meeting: Meeting, request: pytest.FixtureRequest) -> str:
    return meeting.start("K5052R", request.param)


def told(meeting: Meeting, **more: Any) -> dict[str, Any]:
    return {"told": [{"outside": "Duty manager", "time": "10:04"}], **more}


def window(answer: Answer) -> str:
    """What stands in the window, 999 first, then the contacts, before anything else."""
    assert isinstance(answer, Window), answer
    shown = text_of(answer.card)
    assert shown.index("call 999 first") < shown.index(CONTACT)
    first_two = "".join(block.model_dump_json() for block in answer.card.blocks[:2])
    assert CONTACT in first_two
    return shown


def test_the_duty_to_report_is_said_below_the_contacts_once_the_council_has_put_it_in_force(
    meeting: Meeting, talk: str, tmp_path: Path
) -> None:
    pressed = meeting.press("devan", "discussion.concern", discussion=talk)
    assert STOP_DUTY not in window(pressed)
    own = tmp_path / "timescales.yaml"
    own.write_text(timescale_file.OWN_FILE.read_text("utf-8").replace("    in_force: false\n", ""), "utf-8")
    timescale_file.use(own)
    try:
        shown = window(meeting.press("devan", "discussion.concern", discussion=talk))
    finally:
        timescale_file.use(timescale_file.OWN_FILE)
    assert shown.index(CONTACT) < shown.index(STOP_DUTY)


def test_a_press_anywhere_opens_a_window_with_999_and_the_contacts(meeting: Meeting, talk: str) -> None:
    family = meeting.family("K5052R")
    ts = meeting.type("devan", talk, "School rang.")
    pressed = [
        meeting.press("devan", "discussion.concern", discussion=talk),
        meeting.shortcut("ngozi", "immediate_concern", ts),
        meeting.press("marisol", "board.concern", meeting=meeting.meeting_id),
        meeting.press("marisol", "board.concern_family", meeting=meeting.meeting_id, chosen=family),
    ]
    for answer in pressed:
        window(answer)
    assert meeting.state(talk) == "stopped"
    assert len(meeting.messages(f"discussion:{talk}/stop")) == 1


@pytest.mark.parametrize("yes", [{"immediate_concern": True}, {"manager_needed_today": True}])
def test_a_yes_in_the_safety_form_turns_it_into_that_window(meeting: Meeting, talk: str, yes: dict[str, bool]) -> None:
    form = "safety" if meeting.discussion(talk).kind == "full" else "l_safety"
    window(meeting.record("devan", form, talk, {"immediate_concern": False, **yes}))
    assert meeting.messages(f"discussion:{talk}/")[-1].startswith(f"discussion:{talk}/stop")


def test_the_contacts_are_posted_in_the_thread_and_under_the_board_before_all_else(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    in_thread, under_board = f"discussion:{talk}/stop:1", f"meeting:{meeting.meeting_id}/stop:{talk}:1"
    with meeting.reading() as session:
        for key in (in_thread, under_board):
            row = session.exec(select(OutboxMessage).where(OutboxMessage.key == key)).one()
            assert (row.how, row.priority) == ("say", outbox.SAFETY)
            assert bool(row.thread_key) == (key == in_thread)
    for key in (in_thread, under_board):
        shown = text_of(meeting.card(key))
        assert shown.index("call 999 first") < shown.index(CONTACT)
        assert "K5052R" not in shown


def test_lead_deputy_and_linked_managers_hear_at_once_and_read_the_reference_only(meeting: Meeting, talk: str) -> None:
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    told_to = {key.split(":")[1].split("/")[0] for key in meeting.messages("person:") if f"/stopped:{talk}:1" in key}
    assert told_to == {meeting.people[who] for who in ("orla", "devan", "ngozi", "graham")}
    card = meeting.card(f"person:{meeting.people['graham']}/stopped:{talk}:1")
    assert "K5052R" in card.notice
    shown = text_of(card)
    assert CONTACT in shown
    for detail in ("(NC)", "NC", "Do not write, text"):
        assert detail not in shown


def test_who_pressed_needs_no_message_to_hear_of_it(meeting: Meeting, talk: str) -> None:
    answer = meeting.press("orla", "discussion.concern", discussion=talk)
    assert f"person:{meeting.people['orla']}/stopped:{talk}:1" not in meeting.messages("person:")
    assert "Graham" in window(answer)


# ---- pressed by mistake


@pytest.mark.parametrize("who", ["tomasz", "orla", "devan"])
def test_who_pressed_or_the_lead_or_the_deputy_can_say_it_was_a_mistake(meeting: Meeting, talk: str, who: str) -> None:
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    answer = meeting.press(who, "stop.mistake", discussion=talk)
    assert isinstance(answer, Window)
    found = meeting.discussion(talk)
    assert (found.state, found.stopped_at, found.stopped_by_id) == ("open", None, None)
    shown = text_of(meeting.card(f"discussion:{talk}/stop:1"))
    assert "Pressed by mistake, says" in shown
    assert labels(meeting.card(f"discussion:{talk}/stop:1")) == set()
    assert labels(meeting.card(f"meeting:{meeting.meeting_id}/stop:{talk}:1")) == set()
    meeting.step("devan", "stage.next", talk)
    assert meeting.state(talk) == "open"


def test_nobody_else_can_and_is_told_who_may(meeting: Meeting, talk: str) -> None:
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    said = note_text(meeting.press("marisol", "stop.mistake", discussion=talk))
    assert "Tomasz" in said
    assert "Orla" in said
    assert meeting.state(talk) == "stopped"


def test_once_somebody_was_told_it_stays_a_concern(meeting: Meeting, talk: str) -> None:
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting))
    assert "already" in note_text(meeting.press("tomasz", "stop.mistake", discussion=talk))
    assert meeting.state(talk) == "stopped"


def test_the_record_says_what_was_pressed_by_mistake(meeting: Meeting, talk: str) -> None:
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    meeting.press("tomasz", "stop.mistake", discussion=talk)
    shown = note_text(meeting.press("orla", "discussion.record", discussion=talk))
    assert "Pressed by Tomasz at 09:" in shown
    assert "By mistake, said Tomasz" in shown
    assert "Stopped: an immediate concern" not in shown


def test_a_mistake_is_no_concern_at_the_next_meeting(meeting: Meeting, talk: str) -> None:
    from datetime import date

    from storage.meeting import meetings

    meeting.press("tomasz", "discussion.concern", discussion=talk)
    meeting.press("tomasz", "stop.mistake", discussion=talk)
    with meeting.reading() as session:
        assert meetings.families_with_concern(session, meeting.unit.unit_id, date(2026, 11, 17)) == set()


def test_a_slip_about_a_finished_family_leaves_it_finished(meeting: Meeting) -> None:
    talk = meeting.start("K5052R", "light")
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.press("devan", "stop.mistake", discussion=talk)
    assert (meeting.state(talk), meeting.item(talk).state) == ("awaiting", "done")


def test_a_family_only_named_by_a_slip_on_the_board_waits_for_its_turn(meeting: Meeting) -> None:
    family = meeting.family("K5052R")
    answer = meeting.press("devan", "board.concern_family", meeting=meeting.meeting_id, chosen=family)
    assert isinstance(answer, Window)
    talk = next(b.args["discussion"] for b in buttons_of(answer.card) if b.action == "stop.mistake")
    meeting.press("devan", "stop.mistake", discussion=talk)
    assert (meeting.state(talk), meeting.item(talk).state) == ("parked", "parked")


def test_an_earlier_concern_counts_again_after_a_later_slip(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    first = meeting.discussion(talk).stopped_at
    meeting.record("orla", "stop", talk, told(meeting, after="go_on"))
    meeting.press("tomasz", "discussion.concern", discussion=talk)
    meeting.press("tomasz", "stop.mistake", discussion=talk)
    found = meeting.discussion(talk)
    assert (found.state, found.stopped_at, found.after_stop) == ("open", first, "go_on")


def test_a_yes_in_the_form_that_was_a_slip_is_answered_again(meeting: Meeting, talk: str) -> None:
    form = "safety" if meeting.discussion(talk).kind == "full" else "l_safety"
    meeting.record("devan", form, talk, {"immediate_concern": True})
    asked = meeting.press("devan", "stop.mistake", discussion=talk)
    assert isinstance(asked, Ask)
    assert isinstance(meeting.hand_in("devan", asked, {"immediate_concern": False}), Done)
    assert meeting.state(talk) == "open"
    assert [code for code in meeting.codes(talk) if code == "pressed_by_mistake"] == ["pressed_by_mistake"]


def test_a_changed_answer_of_somebody_else_does_not_undo_the_stop(meeting: Meeting, talk: str) -> None:
    form = "safety" if meeting.discussion(talk).kind == "full" else "l_safety"
    meeting.record("devan", form, talk, {"immediate_concern": True})
    asked = meeting.press("marisol", "entry.edit", entry=meeting.entries(form)[-1].id)
    meeting.hand_in("marisol", asked, {"immediate_concern": False})
    assert meeting.state(talk) == "stopped"


# ---- who was told


def test_the_time_told_is_now(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    asked = meeting.open("orla", "stop", talk)
    times = [field.value for field in asked.view.fields if field.key == "told#0#time"]
    assert times == [f"{meeting.now:%H:%M}"]


def test_after_somebody_was_told_no_message_still_asks(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting, after="go_on"))
    graham = meeting.people["graham"]
    keys = (f"discussion:{talk}/stop:1", f"meeting:{meeting.meeting_id}/stop:{talk}:1")
    for key in (*keys, f"person:{graham}/stopped:{talk}:1"):
        assert "Told: Duty manager at 10:04" in text_of(meeting.card(key)), key
        assert labels(meeting.card(key)) == set()


def test_an_old_button_says_what_is_true_now(meeting: Meeting, talk: str) -> None:
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.record("orla", "stop", talk, told(meeting, after="go_on"))
    said = note_text(meeting.press("tomasz", "form.open", form="stop", discussion=talk))
    assert "K5052R is not stopped any more. Told: Duty manager at 10:04." in said
    assert "going on" in said
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    meeting.press("orla", "discussion.confirm", discussion=talk)
    for press in ("form.open", "stop.go_on", "stop.not_today", "stop.mistake"):
        answer = meeting.press("tomasz", press, form="stop", discussion=talk)
        assert isinstance(answer, Note), press
        assert "Orla confirmed it on 17 November" in note_text(answer), press


def test_a_family_open_to_few_still_shows_whom_to_call_and_posts_nothing(meeting: Meeting) -> None:
    family_id = meeting.family("K5052R")
    with meeting.db.write() as session:
        family = session.get_one(Family, family_id)
        access.close_to(
            session,
            family,
            kind=access.NOT_THIS_WORKER,
            person_id=meeting.people["ngozi"],
            reason="Knows the family privately.",
            review_on=None,
            by_id=meeting.people["orla"],
            now=meeting.now,
        )
    answer = meeting.press("devan", "board.concern_family", meeting=meeting.meeting_id, chosen=family_id)
    assert "tell the unit lead yourself" in window(answer)
    assert meeting.messages("discussion:") == []
