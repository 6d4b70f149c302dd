"""Hypotheses: offered by one, recorded by another; reworded, replaced, weakened; where each member stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.turn import Done, EventKind, Note
from storage.database.tables import Hypothesis
from storage.decisions import hypotheses
from tests.worlds.in_memory import buttons_of, menus_of, text_of
from tests.worlds.records_world import TODAY, Room, other_unit_with_family

IDEA: dict[str, Any] = {
    "text": "Perhaps the more TD does, the more adults praise him, and the further AD steps back.",
    "pattern": "TD, AD, school and us.",
    "evidence_for": ["TD calls himself the alarm clock."],
    "evidence_against": ["AD was up first in the last week off school."],
    "would_change_mind": "If praise stops for three weeks and nothing shifts.",
    "riskiest_if_dropped": True,
    "status": "live",
}


def ideas(room: Room, ref: str) -> list[Hypothesis]:
    with room.reading() as session:
        return hypotheses.of_family(session, room.family(ref))


def new_idea(room: Room, talk: str, **more: Any) -> Hypothesis:
    room.record("pippa", "hypothesis", talk, {**IDEA, **more})
    with room.reading() as session:
        return hypotheses.offered_in(session, talk)[-1]


def test_an_idea_is_offered_by_one_person_and_recorded_by_another(room: Room) -> None:
    talk = room.discuss("K3107C", stage="hypotheses")
    idea = new_idea(room, talk, owner=room.people["tomasz"], due=room.day(21), replaces=room.unit.hypotheses["h01"])
    assert idea.offered_by_id == room.people["tomasz"]
    assert idea.recorded_by_id == room.people["pippa"]
    assert (idea.raised_on, idea.test_due_on) == (TODAY, TODAY + timedelta(days=21))
    assert idea.riskiest
    assert idea.replaces_id == room.unit.hypotheses["h01"]
    with room.reading() as session:
        body = hypotheses.words(session, idea)
        earlier = hypotheses.by_id(session, room.unit.hypotheses["h01"])
        assert earlier is not None
        assert earlier.status == "live"
    assert body.evidence_against == IDEA["evidence_against"]
    assert room.codes(talk) == []


def test_its_card_carries_author_date_status_and_both_kinds_of_evidence(room: Room) -> None:
    talk = room.discuss("K3107C", stage="hypotheses")
    new_idea(room, talk, owner=room.people["tomasz"])
    (entry,) = room.entries("hypothesis")
    assert entry.stage == "hypotheses"
    short, whole = text_of(room.card(f"entry:{entry.id}")), text_of(room.whole("pippa", entry.id))
    for words in (
        "Tomasz, Tue 17 Nov, live",
        IDEA["evidence_for"][0].rstrip("."),
        IDEA["evidence_against"][0].rstrip("."),
    ):
        assert words in short
    for words in ("Offered by Tomasz, recorded by Pippa", "17 November 2026", "live", *IDEA["evidence_for"]):
        assert words in whole
    assert IDEA["evidence_against"][0] in whole


def test_an_idea_without_anything_against_it_is_kept_as_unfinished(room: Room) -> None:
    talk = room.discuss("K3107C")
    asked = room.open("pippa", "hypothesis", talk)
    assert isinstance(room.hand_in("pippa", asked, {"text": "Perhaps.", "owner": room.people["orla"]}), Done)
    (remark,) = room.remarks(talk)
    assert remark.code == "unfinished_hypothesis"
    assert remark.params["what"] == "what does not fit it or what would change our minds"


def test_rewording_keeps_the_words_before_with_who_and_when(room: Room) -> None:
    talk = room.discuss("K3107C")
    idea = new_idea(room, talk)
    asked = room.press("orla", "hypothesis.edit", hypothesis=idea.id, discussion=talk)
    room.hand_in("orla", asked, {"text": "Perhaps, said better."})
    with room.reading() as session:
        found = hypotheses.by_id(session, idea.id)
        assert found is not None
        assert hypotheses.words(session, found).text == "Perhaps, said better."
        first, second = hypotheses.history(session, found)
    assert first[0].what == "offered"
    assert (second[0].what, second[0].by_id) == ("reworded", room.people["orla"])
    assert second[1].before is not None
    assert second[1].before.text == IDEA["text"]
    assert found.recorded_by_id == room.people["pippa"]


def test_a_change_of_status_is_dated_with_who_and_why(room: Room) -> None:
    talk = room.discuss("K3107C", stage="hypotheses")
    idea_id = room.unit.hypotheses["h02"]
    answers = {"hypothesis": idea_id, "status": "dropped", "note": "Payment day did not matter."}
    room.record("devan", "hypothesis_status", talk, answers)
    with room.reading() as session:
        found = hypotheses.by_id(session, idea_id)
        assert found is not None
        change, body = hypotheses.history(session, found)[-1]
        (in_talk,) = hypotheses.changed_in(session, talk)
    assert found.status == "dropped"
    assert (change.status, change.by_id, body.note) == ("dropped", room.people["devan"], "Payment day did not matter.")
    assert in_talk.id == change.id
    listed = room.command("devan", "/hypothesis", "list K3107C")
    assert isinstance(listed, Note)
    assert "set aside" in text_of(listed.card)


def test_members_can_stand_in_different_places_and_the_newest_of_each_counts(room: Room) -> None:
    talk = room.discuss("K3107C")
    idea_id = room.unit.hypotheses["h01"]
    for who, stance, sentence in (
        ("orla", "persuaded", "I see it each morning."),
        ("ngozi", "not_persuaded", "It leaves CB out."),
        ("orla", "curious", "Less sure now."),
    ):
        asked = room.press(who, "hypothesis.position", hypothesis=idea_id, discussion=talk)
        room.hand_in(who, asked, {"stance": stance, "sentence": sentence})
    with room.reading() as session:
        found = hypotheses.by_id(session, idea_id)
        assert found is not None
        stands = [(p.person_id, p.stance, text) for p, text in hypotheses.positions(session, found)]
    assert stands == [
        (room.people["ngozi"], "not_persuaded", "It leaves CB out."),
        (room.people["orla"], "curious", "Less sure now."),
    ]


def test_two_people_recording_the_same_idea_at_once_keep_it_once(room: Room) -> None:
    talk = room.discuss("K3107C")
    first = room.open("pippa", "hypothesis", talk)
    second = room.open("marisol", "hypothesis", talk, minutes=0)
    same = {**IDEA, "owner": room.people["tomasz"]}
    room.hand_in("pippa", first, same)
    answer = room.hand_in("marisol", second, same)
    assert isinstance(answer, Done)
    assert answer.note is not None
    assert "Pippa saved the same" in text_of(answer.note)
    assert len(room.entries("hypothesis")) == 1
    (remark,) = room.remarks(talk, "concurrent_submit")
    assert remark.person_id == room.people["marisol"]


def test_the_same_words_two_minutes_later_are_a_record_of_their_own(room: Room) -> None:
    talk = room.discuss("K3107C")
    same = {**IDEA, "owner": room.people["tomasz"]}
    room.record("pippa", "hypothesis", talk, same)
    room.record("pippa", "hypothesis", talk, same, minutes=2)
    assert len(room.entries("hypothesis")) == 2


def test_a_second_press_on_the_same_form_keeps_nothing_twice(room: Room) -> None:
    talk = room.discuss("K3107C")
    asked = room.open("pippa", "hypothesis", talk)
    room.hand_in("pippa", asked, IDEA)
    assert isinstance(room.hand_in("pippa", asked, IDEA), Done)
    assert len(room.entries("hypothesis")) == 1


def test_a_typed_idea_becomes_a_record_offered_by_its_author(room: Room) -> None:
    talk = room.discuss("K3107C")
    room.posted(f"discussion:{talk}", "100.1")
    words = {"ts": "100.5", "thread": "100.1", "text": IDEA["text"], "author": "U0KEST05"}
    asked = room.send("pippa", EventKind.SHORTCUT, name="record_hypothesis", **words)
    room.hand_in("pippa", asked, {"evidence_against": ["x"], "would_change_mind": "y"})
    with room.reading() as session:
        (idea,) = hypotheses.offered_in(session, talk)
        assert hypotheses.words(session, idea).text == IDEA["text"]
    assert (idea.offered_by_id, idea.recorded_by_id) == (room.people["tomasz"], room.people["pippa"])


def test_a_message_outside_every_discussion_is_answered_with_the_way_to_do_it(room: Room) -> None:
    answer = room.send("pippa", EventKind.SHORTCUT, name="record_hypothesis", ts="9.9", text="Hello")
    assert isinstance(answer, Note)
    assert "/hypothesis" in text_of(answer.card)


def test_an_idea_survives_unusual_text(room: Room) -> None:
    talk = room.discuss("K3107C")
    text = "مرحبا <!channel> & *bold* =1+1 🙂\n" + "long " * 2000
    idea = new_idea(room, talk, text=text)
    with room.reading() as session:
        assert hypotheses.words(session, idea).text == text


class TestBetweenMeetings:
    def test_an_idea_is_written_down_for_a_case_reference(self, room: Room) -> None:
        before = len(ideas(room, "K3107C"))
        asked = room.command("orla", "/hypothesis", "K3107C")
        assert isinstance(room.hand_in("orla", asked, IDEA), Done)
        assert len(ideas(room, "K3107C")) == before + 1
        assert ideas(room, "K3107C")[0].discussion_id is None

    def test_the_list_shows_each_idea_with_buttons_and_help_is_always_there(self, room: Room) -> None:
        listed = room.command("orla", "/hypothesis", "list K3107C")
        assert isinstance(listed, Note)
        assert "The riskiest idea to drop".casefold() in text_of(listed.card).casefold()
        assert {"hypothesis.edit", "hypothesis.status", "hypothesis.position", "hypothesis.new"} == {
            b.action for b in buttons_of(listed.card)
        }
        helped = room.command("orla", "/hypothesis", "help")
        assert isinstance(helped, Note)
        assert "/hypothesis list" in text_of(helped.card)

    def test_without_words_the_families_are_offered(self, room: Room) -> None:
        answer = room.command("orla", "/hypothesis")
        assert isinstance(answer, Note)
        (menu,) = menus_of(answer.card)
        assert room.family("K3107C") in {choice.value for choice in menu.choices}

    def test_a_button_of_another_units_idea_does_nothing(self, room: Room) -> None:
        other_unit_with_family(room, "K9999Z")
        answer = room.send(
            "ida",
            EventKind.BUTTON,
            name="hypothesis.edit",
            args={"hypothesis": room.unit.hypotheses["h01"]},
            channel="C0HERON",
        )
        assert isinstance(answer, Note)
        assert "TD" not in text_of(answer.card)
        assert "cannot find that" in text_of(answer.card)


def test_an_idea_stands_before_what_is_pointed_out_about_it(room: Room) -> None:
    talk = room.discuss("K3107C", stage="hypotheses")
    new_idea(room, talk, evidence_against=[], would_change_mind="")
    (entry,) = room.entries("hypothesis")
    (remark,) = room.remarks(talk, "unfinished_hypothesis")
    shown = text_of(room.card(f"entry:{entry.id}"))
    assert shown.index(IDEA["text"]) < shown.index("does not yet say")
    assert f"remark:{remark.id}" not in room.messages("")
