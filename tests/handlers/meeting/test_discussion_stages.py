"""Starting a family and going through its stages."""

from __future__ import annotations

from handlers.turn import Ask, Note, Nothing
from prompts_and_forms.card import Card
from storage.family import families
from tests.worlds.discussion_world import Meeting, button, labels, note_text, text_of
from tests.worlds.in_memory import menus_of


def choices(card: Card) -> set[str]:
    return {choice.label for menu in menus_of(card) for choice in menu.choices}


def test_a_family_starts_with_one_message_and_its_first_stage(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    assert meeting.deliver()[:2] == [f"discussion:{talk}", f"discussion:{talk}/stage:1"]
    assert meeting.item(talk).state == "now"
    card = meeting.card(f"discussion:{talk}")
    assert card.notice == "Discussion of K3107C"
    assert labels(card) == {"Immediate concern"}


def test_a_safe_contact_warning_comes_before_everything_else(meeting: Meeting) -> None:
    talk = meeting.start("K5052R", "light")
    blocks = meeting.card(f"discussion:{talk}").blocks
    assert "Do not write" in blocks[1].model_dump_json()


def test_a_stage_shows_purpose_prompts_and_what_was_carried_in(meeting: Meeting) -> None:
    talk = meeting.start("K2284H")
    shown = text_of(meeting.stage_card(talk))
    assert "Who leads on this family" in shown
    assert "Stuck: carried over 2 times" in shown
    assert "Does not fit" in shown
    assert "Key dates" in shown


def test_every_stage_message_has_the_immediate_concern_button(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    for stage in ("safety", "changed", "voices", "identity", "hypotheses", "rehearse", "roles", "close"):
        meeting.go_to(talk, stage)
        for number in range(1, meeting.discussion(talk).stage_no + 1):
            assert "Immediate concern" in labels(meeting.card(f"discussion:{talk}/stage:{number}"))


def test_buttons_name_the_stage_they_lead_to(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.go_to(talk, "safety")
    card = meeting.stage_card(talk)
    assert labels(card) == {"Next: What has changed", "Safety", "Immediate concern", "More"}
    assert "Go to: Settle and set up" in choices(card)


def test_every_form_is_within_reach_at_every_stage(meeting: Meeting) -> None:
    talk = meeting.start("K4419D", "light")
    menu = next(m for m in menus_of(meeting.stage_card(talk)) if m.action == "stage.more")
    offered = {c.value.removeprefix("form:") for c in menu.choices}
    assert {"hypothesis", "contract", "disagreement", "stop_doing", "reassign"} <= offered
    asked = meeting.press("devan", "stage.more", **menu.args, chosen="form:hypothesis")
    assert isinstance(asked, Ask)
    assert asked.view.form == "hypothesis"


def test_two_people_pressing_next_at_once_move_one_stage(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.record("pippa", "open", talk, {"need": "both"})
    number = str(meeting.discussion(talk).stage_no)
    meeting.press("devan", "stage.next", discussion=talk, stage_no=number)
    second = meeting.press("orla", "stage.next", discussion=talk, stage_no=number)
    assert meeting.discussion(talk).stage == "safety"
    assert "moved on to “Safety first”" in note_text(second)


def test_only_a_childs_safety_is_asked_about_before_going_on(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.step("devan", "stage.next", talk)
    assert meeting.discussion(talk).stage == "safety"
    assert meeting.discussion(talk).missing == ["open:form"]
    told = meeting.step("devan", "stage.next", talk)
    assert meeting.discussion(talk).stage == "safety"
    assert isinstance(told, Note)
    assert {"Go on anyway", "Safety"} == labels(told.card)
    meeting.press("devan", "stage.go_on", **button(told.card, "Go on anyway").args)
    assert meeting.discussion(talk).stage == "changed"
    assert "safety:form" in meeting.discussion(talk).missing


def test_what_is_typed_in_a_stage_counts(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.type("devan", talk, "I lead, Pippa writes, and we need to think.")
    meeting.step("devan", "stage.next", talk)
    assert meeting.discussion(talk).missing == []
    meeting.type("devan", talk, "Nothing new, nobody is worried.")
    assert isinstance(meeting.step("devan", "stage.next", talk), Note)


def test_safety_left_unanswered_is_pointed_out(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.go_to(talk, "changed")
    assert "safety_not_recorded" in meeting.codes(talk)


def test_a_childs_view_that_nobody_knows_is_written_down_with_an_offer_to_find_out(meeting: Meeting) -> None:
    talk = meeting.start("K4419D")
    meeting.go_to(talk, "voices")
    meeting.record("pippa", "view", talk, {"who": "K4419D-1", "words": "I pick the day."})
    meeting.step("marisol", "stage.next", talk)
    with meeting.reading() as session:
        asked = families.child_id(session, meeting.family("K4419D"), "K4419D-2")
    assert meeting.discussion(talk).missing[-1] == f"voices:view:{asked}"
    assert meeting.codes(talk).count("child_view_not_known") == 1
    assert "Make an action to find out" in labels(meeting.stage_card(talk))


def test_stages_may_be_visited_in_any_order(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.step("orla", "stage.go", talk, chosen="hypotheses")
    assert meeting.discussion(talk).stage == "hypotheses"
    meeting.step("orla", "stage.back", talk)
    assert meeting.discussion(talk).stage == "identity"


def test_a_stage_left_behind_keeps_its_notes_and_no_stage_buttons(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.type("devan", talk, "I hold this one.")
    meeting.go_to(talk, "safety")
    behind = meeting.card(f"discussion:{talk}/stage:1")
    assert labels(behind) == {"Immediate concern"}
    assert len(behind.blocks) == 2
    assert "Settle and set up" in text_of(behind)


def test_a_card_further_up_for_the_same_stage_still_works(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    old = button(meeting.stage_card(talk), "Next: Safety first").args
    for words in ("One.", "Two.", "Three.", "Four."):
        meeting.type("devan", talk, words, minutes=0)
    assert meeting.discussion(talk).stage_no > 1
    meeting.press("orla", "stage.next", **old)
    assert meeting.discussion(talk).stage == "safety"
    assert "moved on to “Safety first”" in note_text(meeting.press("orla", "stage.next", **old))


def test_parking_keeps_the_place_and_taking_up_goes_on_there(meeting: Meeting) -> None:
    talk = meeting.start("K4419D", "light")
    meeting.go_to(talk, "l_voice")
    meeting.press("orla", "discussion.park", discussion=talk)
    assert (meeting.state(talk), meeting.item(talk).state) == ("parked", "parked")
    assert "parked" in note_text(meeting.step("orla", "stage.next", talk))
    meeting.press("devan", "discussion.resume", discussion=talk)
    assert (meeting.state(talk), meeting.discussion(talk).stage) == ("open", "l_voice")


def test_switching_to_full_goes_on_at_the_stage_on_the_same_matter(meeting: Meeting) -> None:
    talk = meeting.start("K4419D", "light")
    meeting.type("marisol", talk, "I am not sure about this.")
    meeting.go_to(talk, "l_voice")
    meeting.press("tomasz", "stage.more", discussion=talk, stage_no="1", chosen="do:switch")
    found = meeting.discussion(talk)
    assert (found.kind, found.first_kind, found.stage) == ("full", "light", "safety")
    assert meeting.kept(talk) == ["I am not sure about this."]
    assert "full already" in note_text(meeting.press("tomasz", "discussion.switch", discussion=talk))


def test_set_up_hands_over_who_leads_and_who_writes(meeting: Meeting) -> None:
    talk = meeting.start("K3107C")
    meeting.record("pippa", "open", talk, {"lead": meeting.people["marisol"], "note_taker": meeting.people["devan"]})
    found = meeting.discussion(talk)
    assert (found.lead_id, found.note_taker_id) == (meeting.people["marisol"], meeting.people["devan"])


def test_buttons_of_a_closed_meeting_change_nothing(meeting: Meeting) -> None:
    talk = meeting.start("K4419D", "light")
    meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)
    answer = meeting.step("orla", "stage.next", talk)
    assert "This meeting is closed" in note_text(answer)
    assert meeting.discussion(talk).stage_no == 1


def test_what_is_missing_at_the_start_is_pointed_out_in_the_first_message(meeting: Meeting) -> None:
    talk = meeting.start("K2284H")
    assert "stuck_action" in meeting.codes(talk)
    assert "carried over 2 times" in text_of(meeting.card(f"discussion:{talk}"))
    assert meeting.messages("remark:") == []


def test_a_family_without_a_first_consultation_is_told_and_not_blocked(meeting: Meeting) -> None:
    talk = meeting.start("K5640F")
    assert "initial_consultation_missing" in meeting.codes(talk)
    assert isinstance(meeting.step("orla", "stage.go_on", talk), Nothing)


def test_without_a_clinician_a_clinical_view_is_asked_for(meeting: Meeting) -> None:
    answers = {
        "present": [meeting.people[who] for who in ("orla", "devan", "pippa")],
        "apologies": [meeting.people["tomasz"]],
    }
    meeting.hand_in("orla", meeting.press("orla", "meeting.people", meeting=meeting.meeting_id), answers)
    talk = meeting.start("K4419D", "light")
    assert "no_clinical_view" in meeting.codes(talk)
