"""The meeting's design, rules 1 to 5: talk first, one press from talk to a record, the card at the bottom, one form."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from handlers.turn import Ask, Done, EventKind, Note
from prompts_and_forms.card import GONE, Button, Buttons, Card, Menu
from storage.decisions import actions
from tests.figures import counted
from tests.worlds.discussion_world import Meeting, button, labels, note_text, text_of


def controls(card: Card) -> list[Button | Menu]:
    """The card's own row; what was pointed out above it may offer one button of its own."""
    rows = [list(block.items) for block in card.blocks if isinstance(block, Buttons)]
    assert sum(len(row) for row in rows[:-1]) <= 1
    return rows[-1]


def choices(card: Card) -> list[str]:
    return [choice.value for item in controls(card) if isinstance(item, Menu) for choice in item.choices]


@pytest.fixture
def light(meeting: Meeting) -> str:
    return meeting.start("K4419D", "light")


@pytest.fixture
def full(meeting: Meeting) -> str:
    return meeting.start("K3107C")


def held(answer: Any) -> dict[str, Any]:
    """What an opened form is filled with."""
    assert isinstance(answer, Ask), answer
    return {field.key: field.value for field in answer.view.fields if field.value}


def more(meeting: Meeting, who: str, talk: str, chosen: str) -> Any:
    return meeting.step(who, "stage.more", talk, chosen=chosen)


class TestRule2OnePressTurnsTalkIntoARecord:
    def test_an_action_opens_with_the_words_who_typed_them_and_the_next_meeting(
        self, meeting: Meeting, full: str
    ) -> None:
        meeting.type("devan", full, "I will ring the nursery.")
        asked = held(more(meeting, "pippa", full, "note:action"))
        assert asked["text"] == "I will ring the nursery."
        assert asked["owner"] == meeting.people["devan"]
        assert asked["due"] == meeting.day(7)

    def test_an_idea_is_offered_by_whoever_typed_it(self, meeting: Meeting, full: str) -> None:
        meeting.type("tomasz", full, "Perhaps mornings are hard when nobody sleeps.")
        more_form = more(meeting, "pippa", full, "note:hypothesis")
        assert held(more_form) == {
            "text": "Perhaps mornings are hard when nobody sleeps.",
            "owner": meeting.people["tomasz"],
        }

    def test_words_name_the_child_whose_initials_are_in_them(self, meeting: Meeting, full: str) -> None:
        meeting.type("devan", full, "TD said he likes the new teacher.")
        assert held(more(meeting, "devan", full, "note:view"))["who"] == "K3107C-1"

    def test_a_worry_joins_those_that_were_recorded(self, meeting: Meeting, full: str) -> None:
        meeting.record("devan", "safety", full, {"immediate_concern": False, "worries": ["Nights are short."]})
        meeting.type("devan", full, "The cooker is on all night.")
        asked = held(more(meeting, "devan", full, "note:worry"))
        assert [asked["worries#0"], asked["worries#1"]] == ["Nights are short.", "The cooker is on all night."]

    @pytest.mark.parametrize(
        ("shortcut", "form", "key"),
        [
            ("make_action", "action", "text"),
            ("record_hypothesis", "hypothesis", "text"),
            ("record_words", "view", "words"),
            ("record_worry", "safety", "worries#0"),
        ],
    )
    def test_the_menu_of_a_message_does_the_same(
        self, meeting: Meeting, full: str, shortcut: str, form: str, key: str
    ) -> None:
        ts = meeting.type("devan", full, "The cooker is on all night.")
        thread = meeting.address(f"discussion:{full}")
        event = {"name": shortcut, "ts": ts, "thread": thread, "text": "The cooker is on all night."}
        asked = meeting.send("pippa", EventKind.SHORTCUT, **event)
        assert isinstance(asked, Ask)
        assert (asked.view.form, held(asked)[key]) == (form, "The cooker is on all night.")

    def test_it_is_offered_only_once_somebody_has_typed(self, meeting: Meeting, full: str) -> None:
        assert not any(value.startswith("note:") for value in choices(meeting.stage_card(full)))
        assert "Nobody has typed a note" in note_text(more(meeting, "devan", full, "note:action"))
        meeting.type("devan", full, "A note.")
        assert "note:action" in choices(meeting.stage_card(full))

    def test_the_last_note_is_the_last_that_was_not_taken_back(self, meeting: Meeting, full: str) -> None:
        meeting.type("devan", full, "First.")
        gone = meeting.type("orla", full, "Second.")
        meeting.delete("orla", gone)
        assert held(more(meeting, "devan", full, "note:action"))["text"] == "First."


class TestRule3TheCardIsAlwaysTheLastMessage:
    @pytest.mark.parametrize("kind", ["light", "full"])
    def test_never_more_than_four_controls_with_one_menu(self, meeting: Meeting, kind: str) -> None:
        talk = meeting.start("K3107C", kind)
        for _ in range(9):
            card = meeting.stage_card(talk)
            assert counted(f"controls on a card, {kind}", len(controls(card)), "controls", 4) <= 4
            assert sum(isinstance(item, Menu) for item in controls(card)) == 1
            assert "Immediate concern" in labels(card)
            if kind == "full" and meeting.discussion(talk).stage != "close":
                meeting.on("devan", talk)

    def test_it_comes_down_after_four_notes(self, meeting: Meeting, full: str) -> None:
        for number in range(3):
            meeting.type("devan", full, f"Note {number}.", minutes=0)
        assert meeting.discussion(full).stage_no == 1
        meeting.type("devan", full, "Note 3.", minutes=0)
        assert meeting.discussion(full).stage_no == 2
        assert meeting.messages(f"discussion:{full}/stage")[-1] == f"discussion:{full}/stage:2"

    def test_it_comes_down_after_a_minute_of_talk(self, meeting: Meeting, full: str) -> None:
        meeting.type("devan", full, "Slowly.", minutes=2)
        assert meeting.discussion(full).stage_no == 2

    def test_a_record_of_a_full_discussion_is_followed_by_the_card(self, meeting: Meeting, full: str) -> None:
        meeting.record("pippa", "action", full, {"text": "Ring school."})
        said = meeting.messages(f"discussion:{full}/stage") + meeting.messages("entry:")
        assert meeting.discussion(full).stage_no == 2
        assert f"discussion:{full}/stage:2" in said

    def test_the_first_card_of_a_stage_stays_as_its_heading(self, meeting: Meeting, full: str) -> None:
        meeting.on("devan", full)
        meeting.type("devan", full, "Slowly.", minutes=2)
        meeting.deliver()
        above = meeting.card(f"discussion:{full}/stage:2")
        assert text_of(above).count("Safety first") == 1
        assert labels(above) == {"Immediate concern"}
        assert "When was each child last seen" in text_of(above)
        meeting.record("devan", "safety", full, {"immediate_concern": False})
        meeting.on("devan", full)
        meeting.deliver()
        assert len(meeting.card(f"discussion:{full}/stage:2").blocks) == 2

    def test_another_one_further_up_goes_once_the_newer_one_is_there(self, meeting: Meeting, full: str) -> None:
        meeting.type("devan", full, "Slowly.", minutes=2)
        assert "Who leads on this family" in text_of(meeting.card(f"discussion:{full}/stage:1"))
        assert "Who leads on this family" not in text_of(meeting.stage_card(full))
        meeting.on("devan", full)
        assert f"again:discussion:{full}/stage:1" in meeting.messages("again:")
        meeting.deliver()
        assert meeting.card(f"discussion:{full}/stage:1") == GONE

    def test_in_a_long_talk_a_concern_is_never_out_of_reach(self, meeting: Meeting, full: str) -> None:
        meeting.on("devan", full)
        for _ in range(6):
            meeting.type("devan", full, "Slowly.", minutes=2)
        meeting.deliver()
        numbers = range(2, meeting.discussion(full).stage_no + 1)
        drawn = [meeting.card(f"discussion:{full}/stage:{number}") for number in numbers]
        gone = [one == GONE for one in drawn]
        assert not any(first and second for first, second in pairwise(gone))
        assert all("Immediate concern" in labels(one) for one in drawn if one != GONE)


class TestRule5ALightFamilyIsOneForm:
    def answers(self, meeting: Meeting, **more: Any) -> dict[str, Any]:
        following = {"next_discussion": {"date": meeting.day(14)}}
        return {"today": "none", "visits": "as_known", **following, **more}

    def test_it_opens_filled_with_what_is_known(self, meeting: Meeting, light: str) -> None:
        asked = meeting.press("pippa", "form.open", discussion=light, form="quick_round")
        assert isinstance(asked, Ask)
        assert "EP seen" in str(asked.view.intro)
        assert held(asked)["next_discussion#0#date"]
        assert asked.view.fields[0].key == "today"
        assert asked.view.fields[0].required

    def test_one_form_records_each_part_as_what_it_is(self, meeting: Meeting, light: str) -> None:
        said = self.answers(
            meeting,
            visits="visit",
            seen=[{"child": "K4419D-1", "date": meeting.day(-1), "by": meeting.people["marisol"], "alone": True}],
            voices=[{"child": "K4419D-1", "words": "I pick the day."}],
            change="Mornings go better.",
            new=[{"text": "Ring school.", "owner": meeting.people["devan"], "due": meeting.day(7)}],
        )
        meeting.record("pippa", "quick_round", light, said)
        shown = text_of(meeting.stage_card(light))
        assert shown.index("No concern today") < shown.index("Mornings go better.")
        assert "by Marisol" in shown
        assert "I pick the day." in shown
        assert "Mornings go better." in shown
        assert "Ring school (Devan" in shown
        assert "Handed in" not in shown
        found = meeting.discussion(light)
        assert (found.next_on.isoformat() if found.next_on else "", found.next_kind) == (meeting.day(14), "light")
        with meeting.reading() as session:
            assert [a.owner_id for a in actions.made_in(session, light)] == [meeting.people["devan"]]

    def test_safety_cannot_be_left_out(self, meeting: Meeting, light: str) -> None:
        asked = meeting.press("pippa", "form.open", discussion=light, form="quick_round")
        answer = meeting.hand_in("pippa", asked, {"visits": "as_known", "next_discussion": {"date": meeting.day(14)}})
        assert "today" in getattr(answer, "errors", {})

    def test_a_concern_stops_and_shows_whom_to_call(self, meeting: Meeting, light: str) -> None:
        asked = meeting.press("pippa", "form.open", discussion=light, form="quick_round")
        said = self.answers(meeting, today="concern", what_was_heard="A mark on her arm.")
        answer = meeting.hand_in("pippa", asked, said)
        assert meeting.state(light) == "stopped"
        assert "999" in str(answer)
        assert meeting.discussion(light).next_on is None

    def test_a_part_that_cannot_be_saved_leaves_the_whole_form_open_and_saves_nothing(
        self, meeting: Meeting, light: str
    ) -> None:
        asked = meeting.press("pippa", "form.open", discussion=light, form="quick_round")
        answer = meeting.hand_in("pippa", asked, self.answers(meeting, next_discussion={"date": meeting.day(-30)}))
        assert not isinstance(answer, Done)
        with meeting.reading() as session:
            assert actions.made_in(session, light) == []
        assert meeting.entries("l_safety") == []

    def test_saying_it_again_writes_it_anew_and_not_a_second_time(self, meeting: Meeting, light: str) -> None:
        meeting.record("pippa", "quick_round", light, self.answers(meeting, change="One."))
        meeting.record("orla", "quick_round", light, self.answers(meeting, change="Two."))
        shown = text_of(meeting.stage_card(light))
        assert "Two." in shown
        assert "One." not in shown
        assert shown.count("No concern today") == 1

    def test_finish_without_the_round_opens_it(self, meeting: Meeting, light: str) -> None:
        asked = meeting.press("devan", "discussion.finish", discussion=light)
        assert isinstance(asked, Ask)
        assert asked.view.form == "quick_round"

    def test_after_the_round_finish_is_the_first_button(self, meeting: Meeting, light: str) -> None:
        assert controls(meeting.stage_card(light))[0].label == "Quick round"
        meeting.record("pippa", "quick_round", light, self.answers(meeting))
        assert controls(meeting.stage_card(light))[0].label == "Finish"
        meeting.press("devan", "discussion.finish", discussion=light)
        assert meeting.state(light) != "open"


def test_rule_1_an_action_nobody_took_is_asked_about_at_the_end(meeting: Meeting, full: str) -> None:
    meeting.record("pippa", "safety", full, {"immediate_concern": False, "manager_needed_today": False})
    meeting.record("pippa", "action", full, {"text": "Ring school."})
    meeting.set_next("pippa", full)
    told = meeting.press("devan", "discussion.finish", discussion=full)
    assert isinstance(told, Note)
    assert "Nobody has this action yet: Ring school." in text_of(told.card)
    assert labels(told.card) == {"Say who does it", "Finish anyway"}


class TestRule14Lenses:
    def at_changed(self, meeting: Meeting, talk: str) -> None:
        meeting.record("pippa", "safety", talk, {"immediate_concern": False, "manager_needed_today": False})
        meeting.go_to(talk, "changed")

    def test_whoever_facilitates_opens_one_and_anybody_closes_it(self, meeting: Meeting, full: str) -> None:
        self.at_changed(meeting, full)
        more(meeting, "orla", full, "lens:strengths")
        assert "Who did it, and how did they manage?" in text_of(meeting.stage_card(full))
        assert "Close this question" in labels(meeting.stage_card(full))
        meeting.press("devan", "lens.close", discussion=full)
        assert "how did they manage" not in text_of(meeting.stage_card(full))

    def test_a_second_one_takes_the_place_of_the_first(self, meeting: Meeting, full: str) -> None:
        self.at_changed(meeting, full)
        more(meeting, "orla", full, "lens:strengths")
        more(meeting, "orla", full, "lens:voice")
        shown = text_of(meeting.stage_card(full))
        assert "Who would be surprised" in shown
        assert "how did they manage" not in shown

    def test_aspects_of_identity_take_turns(self, meeting: Meeting, full: str) -> None:
        self.at_changed(meeting, full)
        asked = []
        for _ in range(2):
            more(meeting, "orla", full, "lens:identity")
            asked.append(text_of(meeting.stage_card(full)))
        assert "gender, geography and race" in asked[0]
        assert "religion, age and ability" in asked[1]

    def test_none_while_a_childs_safety_is_talked_about_or_in_a_light_discussion(
        self, meeting: Meeting, full: str
    ) -> None:
        meeting.go_to(full, "safety")
        assert not any(value.startswith("lens:") for value in choices(meeting.stage_card(full)))
        assert "no lens for this moment" in note_text(more(meeting, "orla", full, "lens:sure"))
        other = meeting.start("K4419D", "light")
        assert "no lens for this moment" in note_text(more(meeting, "orla", other, "lens:sure"))

    def test_somebody_else_is_told_who_may(self, meeting: Meeting, full: str) -> None:
        self.at_changed(meeting, full)
        assert "whoever facilitates or leads" in note_text(more(meeting, "tomasz", full, "lens:voice"))


def test_an_action_nobody_has_is_given_a_person_and_a_day_in_one_form(meeting: Meeting) -> None:
    talk = meeting.start("K3107C", "full")
    meeting.record("pippa", "action", talk, {"text": "Ring school"})
    [remark] = meeting.remarks(talk, "ask_owner")
    pressed = button(meeting.card(f"remark:{remark.id}"), "Say who does it")
    asked = meeting.press("pippa", pressed.action, **pressed.args)
    assert isinstance(asked, Ask)
    known = {field.key: field.value for field in asked.view.fields}
    assert known["action"] == remark.params["action"]
    assert known["due"]
    meeting.hand_in("pippa", asked, {"to": meeting.people["devan"]})
    with meeting.reading() as session:
        action = actions.by_id(session, str(remark.params["action"]))
        assert action is not None
        assert (action.owner_id, action.due_on is not None) == (meeting.people["devan"], True)
    assert labels(meeting.card(f"remark:{remark.id}")) == set()


class TestTheProposedNextDateIsOnePress:
    def at_the_end(self, meeting: Meeting, full: str) -> Button:
        meeting.go_to(full, "close")
        return next(one for one in controls(meeting.stage_card(full)) if one.action == "next.usual")

    def test_it_is_saved_as_the_button_says_and_the_form_is_still_there(self, meeting: Meeting, full: str) -> None:
        proposed = self.at_the_end(meeting, full)
        assert "form:close" in choices(meeting.stage_card(full))
        meeting.press("pippa", proposed.action, **proposed.args)
        found = meeting.discussion(full)
        assert (str(found.next_on), found.next_kind) == (proposed.args["on"], "full")
        assert next(one.label for one in controls(meeting.stage_card(full))) == "Finish"

    def test_pressed_twice_it_is_one_record(self, meeting: Meeting, full: str) -> None:
        proposed = self.at_the_end(meeting, full)
        for who in ("pippa", "devan"):
            assert not isinstance(meeting.press(who, proposed.action, **proposed.args), Ask)
        assert len(meeting.entries("close")) == 1

    @pytest.mark.parametrize("on", ["", "2020-01-01", "never", "9999-99-99"])
    def test_any_other_day_is_asked_about_and_not_saved(self, meeting: Meeting, full: str, on: str) -> None:
        proposed = self.at_the_end(meeting, full)
        answer = meeting.press("pippa", proposed.action, **{**proposed.args, "on": on})
        assert isinstance(answer, Ask)
        assert meeting.discussion(full).next_on is None
