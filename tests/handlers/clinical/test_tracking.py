"""The tracking form fills by itself; what is missing is two presses away; supervision stays between those it is for."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.turn import Answer, Ask, Done, EventKind, Note, Wrong
from prompts_and_forms.clinical.tracking_rules import RULES, line_of
from storage.clinical import reviews
from storage.unit import people, units
from tests.worlds.assessing import following, kinds, lines, submit, to_the_end, written
from tests.worlds.in_memory import buttons_of, menus_of, words_of
from tests.worlds.records_world import Room, other_unit_with_family
from tests.worlds.work_world import Work


def supervise(room: Room, **more: Any) -> Answer:
    asked = room.press("ngozi", "supervision.record", unit=room.unit.unit_id)
    actions = [{"what": "Ask about the MFQ"}, {"what": "Read the court letter"}]
    return room.hand_in("ngozi", asked, {"talked": "Two families.", "actions": actions, **more})


class TestByItself:
    def test_a_consultation_is_a_line(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        answers = {"date": room.day(0), "clinician": room.people["tomasz"], "discussion": "Two homes."}
        room.record("pippa", "initial_consultation", talk, {**answers, "outcome": "discuss_at_unit_meeting"})
        ((line, body),) = lines(room)
        assert (line.kind, line.person_id, body.description) == ("consultation", room.people["tomasz"], "Two homes.")

    def test_a_session_is_a_line_with_method_and_themes(self, room: Room) -> None:
        answers = {"note": "We drew the house.", "method": "family_therapy", "themes": ["loss"], "date": room.day(0)}
        Work(room, "K3107C").do("tomasz", "session", **answers)
        ((line, body),) = lines(room)
        assert (line.kind, line.method, body.themes) == ("session", "family_therapy", ["loss"])

    def test_a_joint_visit_is_a_line_of_the_clinician(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        who = [room.people["tomasz"], room.people["devan"]]
        room.record("tomasz", "joint_visit", talk, {"date": room.day(0), "who": who, "noticed": "The hall was warm."})
        ((line, body),) = lines(room)
        assert (line.kind, line.person_id, body.description) == (
            "joint_visit",
            room.people["tomasz"],
            "The hall was warm.",
        )

    def test_the_meetings_with_the_family_are_lines(self, room: Room) -> None:
        Work(room, "K4419D").do("tomasz", "review", date=room.day(0), worked="The mornings.", decision="end")
        commissioned = {"date": room.day(0), "decision": "goes_ahead", "work": "Six sessions."}
        Work(room, "K2770L").do("tomasz", "commission", **commissioned)
        assert kinds(room) == ["meeting", "meeting"]

    def test_an_assessment_is_a_line_however_often_it_is_changed_before_signing(self, room: Room) -> None:
        entry, _card = written(room)
        asked = following(room.press("tomasz", "entry.edit", entry=entry.id))
        submit(room, to_the_end(room, asked), {"assessed_on": room.day(-1)})
        assert [line.kind for line, _body in lines(room, -1)] == ["assessment"]

    def test_an_urgent_call_to_tier_three_is_a_referral(self, room: Room) -> None:
        work = Work(room, "K3107C")
        work.press("marisol", "urgent")
        answers = {
            "called_on": room.day(0),
            "called_by": room.people["tomasz"],
            "spoke_to": "Duty",
            "plan": "Ring at 4.",
        }
        work.do("tomasz", "tier3", **answers)
        assert [(line.kind, body.description) for line, body in lines(room)] == [("referral", "Ring at 4.")]

    def test_what_is_handed_in_twice_is_one_line(self, room: Room) -> None:
        asked = Work(room, "K3107C").press("tomasz", "session")
        for _ in range(2):
            room.hand_in("tomasz", asked, {"date": room.day(0), "note": "We drew the house."})
        assert kinds(room) == ["session"]

    def test_an_action_that_is_reworded_stays_one_line(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        room.record("tomasz", "action", talk, {"text": "Ring", "owner": room.people["tomasz"], "due": room.day(5)})
        (entry,) = room.entries("action")
        asked = room.press("tomasz", "action.edit", action=str(entry.subject_id))
        room.hand_in("tomasz", asked, {"text": "Ring the school"})
        assert [body.description for _line, body in lines(room)] == ["Ring the school"]

    def test_an_action_that_was_never_the_clinicians_is_no_line(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        room.record("tomasz", "action", talk, {"text": "Ring", "owner": room.people["tomasz"], "due": room.day(5)})
        (entry,) = room.entries("action")
        asked = room.press("tomasz", "action.edit", action=str(entry.subject_id))
        room.hand_in("tomasz", asked, {"owner": room.people["devan"]})
        assert kinds(room) == []

    def test_an_action_handed_to_the_clinician_is_a_line_from_that_day(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        room.record("devan", "action", talk, {"text": "Ring", "owner": room.people["devan"], "due": room.day(5)})
        (entry,) = room.entries("action")
        asked = room.press("orla", "action.handover", action=str(entry.subject_id))
        room.hand_in("orla", asked, {"to": room.people["tomasz"], "due": room.day(6)})
        assert [(line.person_id, body.description) for line, body in lines(room)] == [(room.people["tomasz"], "Ring")]

    def test_a_line_typed_for_what_is_there_already_says_so(self, room: Room) -> None:
        Work(room, "K3107C").do("tomasz", "session", date=room.day(0), note="We drew the house.")
        asked = room.command("tomasz", "/track", "K3107C")
        said = words_of(room.hand_in("tomasz", asked, {"kind": "session", "description": "Drew."}))
        assert "another line for that day, a session as well: “We drew the house”" in said

    def test_a_referral_is_a_line(self, room: Room) -> None:
        answers = {"service": "Young carers", "tier": "community", "asked_for": "A group.", "date": room.day(0)}
        Work(room, "K3107C").do("orla", "refer", referrer=room.people["orla"], **answers)
        assert kinds(room) == ["referral"]

    def test_an_action_of_the_clinician_is_a_line_and_others_are_not(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        for who in ("tomasz", "devan"):
            answers = {"text": f"Ring the school, {who}", "owner": room.people[who], "due": room.day(5)}
            room.record("orla", "action", talk, answers)
        assert [body.description for _line, body in lines(room)] == ["Ring the school, tomasz"]

    def test_a_commissioning_meeting_that_did_not_take_place_is_none(self, room: Room) -> None:
        Work(room, "K2770L").do("tomasz", "commission", date=room.day(0), decision="another_day")
        assert kinds(room) == []

    def test_a_record_put_right_puts_its_line_right(self, room: Room) -> None:
        work = Work(room, "K3107C")
        work.do("tomasz", "session", date=room.day(0), note="First words.")
        (entry,) = room.entries("session")
        asked = room.press("tomasz", "entry.edit", entry=entry.id)
        room.hand_in("tomasz", asked, {"note": "Better words."})
        assert [body.description for _line, body in lines(room)] == ["Better words."]
        assert work.episode.sessions == 4

    def test_every_form_that_becomes_a_line_has_words_for_it(self) -> None:
        for form in RULES:
            line = line_of(form, {})
            assert line is not None
            assert line.kind


class TestTheWeek:
    def test_my_week_shows_what_is_written(self, room: Room) -> None:
        Work(room, "K3107C").do("tomasz", "session", date=room.day(0), note="We drew the house.")
        said = words_of(room.command("tomasz", "/track"))
        assert "Week of 16 November 2026" in said
        assert "17 November 2026 | K3107C (BD) | session | We drew the house." in said
        assert "We drew" not in words_of(room.command("orla", "/track"))

    def test_other_weeks(self, room: Room) -> None:
        shown = room.command("tomasz", "/track")
        assert isinstance(shown, Note)
        before = next(b for b in buttons_of(shown.card) if b.label == "Week before")
        earlier = words_of(room.press("tomasz", before.action, **before.args))
        assert "Week of 9 November 2026" in earlier
        assert "K3107C (BD) | session" in earlier

    def test_a_line_is_added_in_two_presses(self, room: Room) -> None:
        shown = room.command("tomasz", "/track")
        assert isinstance(shown, Note)
        (menu,) = menus_of(shown.card)
        asked = room.press("tomasz", menu.action, **menu.args, chosen=room.family("K3107C"))
        done = room.hand_in("tomasz", asked, {"kind": "meeting", "description": "Core group."})
        assert isinstance(done, Done)
        assert kinds(room) == ["meeting"]

    def test_a_booked_session_nobody_wrote_about_is_two_presses_away(self, room: Room) -> None:
        room.now = room.now.replace(day=24)
        shown = room.command("tomasz", "/track")
        assert isinstance(shown, Note)
        assert "K3107C (BD): a session was booked for 23 November 2026" in words_of(shown)
        held = next(b for b in buttons_of(shown.card) if b.label == "It was held")
        asked = room.press("tomasz", held.action, **held.args)
        assert isinstance(asked, Ask)
        assert next(f.value for f in asked.view.fields if f.key == "date") == "2026-11-23"
        room.hand_in("tomasz", asked, {"note": "We drew the house."})
        assert "was booked for" not in words_of(room.command("tomasz", "/track"))

    def test_a_line_for_one_family_by_its_reference(self, room: Room) -> None:
        asked = room.command("tomasz", "/track", "K3107C")
        assert isinstance(asked, Ask)
        assert asked.view.form == "tracking_entry"


class TestTheUnit:
    def test_a_clinicians_week_is_chosen_by_name(self, room: Room) -> None:
        Work(room, "K3107C").do("tomasz", "session", date=room.day(0), note="We drew the house.")
        shown = room.command("ngozi", "/track", "unit")
        assert isinstance(shown, Note)
        (menu,) = menus_of(shown.card)
        chosen = next(choice.value for choice in menu.choices if choice.label == "Tomasz")
        week = room.press("ngozi", menu.action, **menu.args, chosen=chosen)
        assert "Week of 16 November 2026, Tomasz" in words_of(week)
        assert "We drew the house." in words_of(week)
        assert isinstance(week, Note)
        before = next(b for b in buttons_of(week.card) if b.label == "Week before")
        assert "Week of 9 November 2026, Tomasz" in words_of(room.press("ngozi", before.action, **before.args))

    def test_who_is_in_several_units_chooses_one(self, room: Room) -> None:
        other_unit_with_family(room, "H0001A")
        with room.db.write() as session:
            heron = people.membership(session, room.unit.unit_id, room.people["ngozi"])
            other = next(unit for unit in units.every_unit(session) if unit.name == "Heron Unit")
            assert heron is not None
            add = {"unit_id": other.id, "person_id": room.people["ngozi"], "roles": ["clinical_manager"]}
            people.add_member(session, **add, on=date.fromisoformat(room.day(0)))
        asked = room.send("ngozi", EventKind.COMMAND, name="/track", text="", channel="D1", in_direct_message=True)
        assert isinstance(asked, Note)
        found = {button.label: button for button in buttons_of(asked.card)}
        assert set(found) == {"Heron Unit", "Kestrel Unit"}
        shown = room.press("ngozi", found["Kestrel Unit"].action, **found["Kestrel Unit"].args)
        assert isinstance(shown, Note)
        menu = next(one for one in menus_of(shown.card) if one.label == "Another unit")
        said = words_of(room.press("ngozi", menu.action, **menu.args, chosen=menu.choices[0].value))
        assert "Heron Unit, everybody" in said
        assert "cannot find that" in words_of(
            room.press("tomasz", menu.action, **menu.args, chosen=menu.choices[0].value)
        )

    def test_everybodys_lines_of_some_days_or_one_persons(self, room: Room) -> None:
        said = words_of(room.command("orla", "/track", "unit"))
        assert "everybody" in said
        assert "| session | Tomasz |" in said
        asked = room.press("orla", "track.days", unit=room.unit.unit_id)
        days = {"since": room.day(-300), "until": room.day(-250), "person": room.people["tomasz"], "kind": "session"}
        shown = words_of(room.hand_in("orla", asked, days))
        assert "Tomasz, session" in shown
        assert "K1218Y (GF) | session" in shown
        assert "K3107C" not in shown

    def test_days_the_wrong_way_round_are_said(self, room: Room) -> None:
        asked = room.press("orla", "track.days", unit=room.unit.unit_id)
        answer = room.hand_in("orla", asked, {"since": room.day(0), "until": room.day(-5)})
        assert isinstance(answer, Wrong)
        assert "before the first" in answer.errors["until"]


class TestSupervision:
    def test_the_agreed_actions_are_shown_to_the_clinician_and_to_managers(self, room: Room) -> None:
        assert isinstance(supervise(room), Done)
        for who in ("tomasz", "ngozi", "graham"):
            assert "Ask about the MFQ" in words_of(room.command(who, "/track", "supervision"))

    def test_nobody_else_reads_them(self, room: Room) -> None:
        supervise(room)
        for text in ("supervision", "unit"):
            assert "MFQ" not in words_of(room.command("orla", "/track", text))

    def test_it_counts_as_the_months_supervision(self, room: Room) -> None:
        supervise(room, next_on=room.day(28))
        with room.reading() as session:
            (held,) = [row for row in reviews.of_unit(session, room.unit.unit_id) if row.kind == "supervision"]
        assert (held.subject_id, held.next_on) == (room.people["tomasz"], date.fromisoformat(room.day(28)))

    def test_the_caseload_is_counted_for_it(self, room: Room) -> None:
        asked = room.press("ngozi", "supervision.record", unit=room.unit.unit_id)
        assert isinstance(asked, Ask)
        assert next(f.value for f in asked.view.fields if f.key == "caseload") == "2"


def test_a_diagnosis_where_there_is_one_stands_in_its_own_column(room: Room) -> None:
    asked = room.press("tomasz", "track.add", family=room.family("K3107C"))
    room.hand_in(
        "tomasz",
        asked,
        {
            "date": room.day(0),
            "kind": "other",
            "description": "A talk with school.",
            "diagnosis": "ADHD (young person)",
        },
    )
    ((_line, body),) = lines(room)
    assert body.diagnosis == "ADHD (young person)"
