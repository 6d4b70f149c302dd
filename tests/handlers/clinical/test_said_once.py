"""What was said once is known, only what makes sense is offered, and what is said afterwards is true now."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.turn import Ask, Done, Note, Wrong
from prompts_and_forms.card import card
from storage.database.tables import Discussion
from storage.forms import entries
from tests.worlds.assessing import signed
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.records_world import Room
from tests.worlds.work_world import Work

FAMILY = "K2770L"
"""Its commissioning meeting is booked; mother and two children."""


def consulted(room: Room, ref: str = "K1564A") -> Work:
    work = Work(room, ref)
    work.do("tomasz", "consult", discussion="What brings them here now.", outcome="commissioning_meeting")
    return work


def held(asked: Any) -> dict[str, Any]:
    assert isinstance(asked, Ask), asked
    return {field.key: field.value for field in asked.view.fields if field.value}


def met(room: Room, **more: Any) -> Any:
    """The commissioning meeting with the mother, permission signed there."""
    room.now = room.now.replace(day=23)
    said = {"date": room.day(5), "family": [f"{FAMILY}-A"], "permission": True, "work": "Calmer mornings."}
    asked = Work(room, FAMILY).press("tomasz", "commission")
    return room.hand_in("tomasz", asked, {**said, **more})


class TestPermission:
    def test_signed_at_the_meeting_opens_the_form_with_that_answered(self, room: Room) -> None:
        asked = met(room)
        known = held(asked)
        assert asked.view.form == "permission_to_share"
        assert (known["status"], known["signed"]) == ("signed", room.day(5))
        assert known["who"] == known["signed_by"] == (f"{FAMILY}-A",)
        shown = room.hand_in("tomasz", asked, {"scope": ["gp"]})
        assert "Permission to share is signed." in words_of(shown)
        assert "Where the work is: Commissioned" in words_of(shown)

    def test_not_signed_at_the_meeting_says_so_with_the_button(self, room: Room) -> None:
        said = words_of(met(room, permission=False))
        assert "Permission to share is not signed yet" in said
        assert "[Permission to share]" in said

    def test_a_window_closed_on_it_loses_nothing_of_the_meeting(self, room: Room) -> None:
        met(room)
        work = Work(room, FAMILY)
        assert work.state == "commissioned"
        again = room.press("tomasz", "form.open", form="permission_to_share", family=work.family)
        assert held(again)["status"] == "signed"

    def test_somebody_who_was_in_it_and_is_unticked_is_asked_about_once(self, room: Room) -> None:
        asked = met(room)
        room.hand_in("tomasz", asked, {"scope": ["gp"]})
        again = room.press("tomasz", "form.open", form="permission_to_share", family=room.family(FAMILY))
        first, *_others = held(again)["about_whom"]
        answer = room.hand_in("tomasz", again, {"about_whom": [first], "status": "signed"})
        if len(held(again)["about_whom"]) == 1:
            answer = room.hand_in("tomasz", again, {"about_whom": [], "status": "signed"})
        assert isinstance(answer, Wrong)
        assert "in it before. If that is right, press Save once more." in answer.errors["about_whom"]


class TestWhatIsOffered:
    def test_no_end_of_clinical_work_where_none_is_under_way(self, room: Room) -> None:
        assert "close" not in Work(room, "K1564A").steps("tomasz")
        assert "close" in Work(room, "K3107C").steps("tomasz")
        others = words_of(room.press("tomasz", "work.others", family=room.family("K1564A")))
        assert "End the clinical work: No clinical work is under way." in others

    def test_the_card_does_not_ask_for_an_assessment_that_is_signed(self, room: Room) -> None:
        met(room, permission=False)
        work = Work(room, FAMILY)
        assert (
            "What comes next: The clinician's assessment, a joint working agreement and the first session."
            in work.said("tomasz")
        )
        signed(room)
        said = work.said("tomasz")
        assert "What comes next: A joint working agreement and the first session." in said
        assert "Assessment: signed by everyone it needs" in said
        work.agree()
        assert "What comes next: The first session." in work.said("tomasz")

    def test_the_clinical_manager_confirms_with_one_press_below_all_there_is_to_read(self, room: Room) -> None:
        work = consulted(room)
        (key,) = [key for key in room.messages("work:") if key.endswith(room.people["ngozi"])]
        shown = words_of(Note(room.card(key)))
        with room.reading() as session:
            newest = entries.newest_of_family(session, work.family, "initial_consultation")
            assert newest is not None
            assert entries.answers(session, newest)["discussion"] in shown
        assert "Tomasz would do the clinical work." in shown
        button = next(one for one in buttons_of(room.card(key)) if one.args.get("answer") == "confirmed")
        done = room.press("ngozi", button.action, **button.args)
        assert "Confirmed: Tomasz does the clinical work." in words_of(done)
        assert work.state == "to_commission"
        twice = room.press("ngozi", button.action, **button.args)
        assert len(room.entries("allocation")) == 1, words_of(twice)

    def test_people_to_invite_are_the_carers_first_then_staff(self, room: Room) -> None:
        consulted(room, ref="K1564A")
        work = Work(room, "K1564A")
        work.do("ngozi", "confirm", decision="confirmed")
        asked = work.press("pippa", "book")
        assert isinstance(asked, Ask)
        keys = [field.key for field in asked.view.fields]
        assert keys.index("family") < keys.index("who")
        assert held(asked)["family"] == ("K1564A-A", "K1564A-B", "K1564A-C")

    def test_nobody_with_a_warning_about_contact_is_ticked_beforehand(self, room: Room) -> None:
        consulted(room, ref="K5052R")
        work = Work(room, "K5052R")
        work.do("ngozi", "confirm", decision="confirmed")
        asked = work.press("pippa", "book")
        assert held(asked)["family"] == ("K5052R-A",)
        assert isinstance(asked, Ask)
        assert "Do not write, text or leave messages" in words_of(Note(card("", *asked.view.intro)))

    def test_a_booked_meeting_can_be_booked_for_another_day(self, room: Room) -> None:
        said = Work(room, FAMILY).said("pippa")
        assert "[Book another day]" in said
        assert "[Book the commissioning meeting]" not in said

    @pytest.mark.parametrize("word", ["session", "consultation"])
    def test_a_word_opens_a_step_at_once(self, room: Room, word: str) -> None:
        ref = {"session": "K3107C", "consultation": "K1564A"}[word]
        asked = room.command("tomasz", "/work", f"{word} {ref}")
        assert isinstance(asked, Ask)
        refused = words_of(room.command("marisol", "/work", f"{word} {ref}"))
        assert "Where the work is" in refused


class TestWhatIsSaid:
    def test_a_booked_meeting_is_said_with_day_time_and_place(self, room: Room) -> None:
        said = Work(room, FAMILY).do("pippa", "book", date=room.day(14), time="10:00", place="Hill Centre")
        assert "Commissioning meeting booked: Tuesday 1 December, 10:00, Hill Centre." in said

    def test_a_session_says_its_number_and_the_next_one(self, room: Room) -> None:
        said = Work(room, "K3107C").do("tomasz", "session", note="We talked.", next_session=room.day(7))
        assert "saved on Tuesday 17 November. The next one is on Tuesday 24 November." in said

    def test_a_review_that_ends_the_work_opens_the_end_with_what_it_said(self, room: Room) -> None:
        work = Work(room, "K4419D")
        asked = room.hand_in(
            "tomasz",
            work.press("tomasz", "review"),
            {"worked": "Mornings.", "decision": "end", "recommendations": "A play group."},
        )
        assert held(asked)["recommendations"] == "A play group."
        assert held(asked)["second_sdqs"] == ("family", "young_person", "school")
        said = words_of(room.hand_in("tomasz", asked, {"why": "goal_reached", "came_of_it": "Calm."}))
        assert "The clinical work has ended on Tuesday 17 November." in said


class TestClosing:
    def test_the_last_closing_questionnaire_leads_to_the_closing_of_the_work(self, room: Room) -> None:
        work = Work(room, "K1218Y")
        assert "What comes next: The second SDQs" in work.said("tomasz")
        for _number in range(8):
            planned = room.command("tomasz", "/measure", "K1218Y")
            assert isinstance(planned, Note)
            left = [one.args for one in buttons_of(planned.card) if one.args.get("form") == "measure_not_done"]
            left = [args for args in left if args["point"] == "end"]
            if not left:
                break
            shown = room.hand_in("tomasz", room.press("tomasz", "form.open", **left[0]), {"reason": "not_returned"})
            assert isinstance(shown, Done), shown
        assert "What comes next: Every closing questionnaire is in." in work.said("tomasz")
        assert "No closing questionnaire is still to come." in words_of(shown)
        assert "[Closing questionnaires]" in words_of(shown)


class TestSessions:
    def test_the_next_session_opens_as_the_last_and_in_its_rhythm(self, room: Room) -> None:
        work = Work(room, "K3107C")
        who = [f"K3107C-{one}" for one in ("A", "1")]
        answers = {"note": "One.", "who": who, "method": "cbt", "themes": ["school"], "next_session": room.day(7)}
        work.do("tomasz", "session", **answers)
        room.now = room.now.replace(day=24)
        known = held(work.press("tomasz", "session"))
        assert known["date"] == room.day(7)
        assert (known["method"], known["themes"]) == ("cbt", ("school",))
        assert set(known["who"]) == set(who)
        assert known["next_session"] == room.day(14)
        assert "note" not in known


class TestAnAgreement:
    def offered(self, room: Room, ref: str = "K4419D") -> Any:
        asked = room.command("tomasz", "/agreement", ref)
        me = room.people["tomasz"]
        answers = {"focus": "One meal.", "space": "joint_session", "roles": [{"member": me, "does": "leads"}]}
        done = room.hand_in("tomasz", asked, answers)
        assert isinstance(done, Done)
        return done

    def test_an_old_card_opens_the_one_that_waits(self, room: Room) -> None:
        self.offered(room)
        for who in ("tomasz", "orla"):
            shown = room.press(who, "agreement.new", family=room.family("K4419D"))
            assert isinstance(shown, Note)
            said = words_of(shown)
            assert "offered on Tuesday 17 November. It waits for a yes from Orla." in said
        buttons = [one for one in buttons_of(shown.card) if one.action == "agreement.confirm"]
        assert [one.args["side"] for one in buttons] == ["social_work"]
        another = next(one for one in buttons_of(shown.card) if one.args.get("anew"))
        assert isinstance(room.press("orla", another.action, **another.args), Ask)

    def test_the_command_opens_what_waits_and_else_an_offer(self, room: Room) -> None:
        self.offered(room)
        assert "One meal." in words_of(room.command("orla", "/agreement", "K4419D"))
        assert isinstance(room.command("orla", "/agreement", "K3681B"), Ask)

    def test_the_other_side_hears_on_the_day_also_where_it_is_not_named(self, room: Room) -> None:
        self.offered(room)
        asked = [key.rpartition(":")[2] for key in room.messages("agreement:") if "/to:" in key]
        assert asked == [room.people["orla"]]
        (key,) = [key for key in room.messages("agreement:") if "/to:" in key]
        assert "[Confirm for social work]" in words_of(Note(room.card(key)))

    def test_in_a_meeting_whoever_is_not_there_hears_in_person(self, room: Room) -> None:
        talk = room.discuss("K4419D")
        with room.db.write() as session:
            held_now = session.get_one(Discussion, talk)
            held_now.present = [one for one in held_now.present if one != room.people["orla"]]
            session.add(held_now)
        me = room.people["tomasz"]
        answers = {"focus": "One meal.", "space": "joint_session", "roles": [{"member": me, "does": "leads"}]}
        room.record("tomasz", "contract", talk, answers)
        asked = [key.rpartition(":")[2] for key in room.messages("agreement:") if "/to:" in key]
        assert asked == [room.people["orla"]]
