"""The clinical pathway as people walk it with /work: only what fits is offered, and nothing urgent ever waits."""

from __future__ import annotations

from typing import Any

import pytest

from handlers import render
from handlers.turn import Ask, Done, Note, Wrong
from prompts_and_forms.card import Card
from storage.clinical import clinical_work, reviews
from tests.worlds.in_memory import buttons_of, menus_of, text_of, words_of
from tests.worlds.records_world import Room
from tests.worlds.work_world import Work, commissioned, consulted, day, session


class TestWhatIsOffered:
    def test_it_says_where_the_work_is_what_comes_next_and_whose_turn(self, room: Room) -> None:
        said = Work(room, "K2770L").said("tomasz")
        assert "Where the work is: Commissioning meeting booked" in said
        assert "Whose turn: Tomasz and Orla" in said
        assert "hear and record everyone's views" in said

    def test_each_sees_only_their_own_steps(self, room: Room) -> None:
        work = Work(room, "K2770L")
        assert work.steps("pippa") == ["book", "urgent"]
        assert work.steps("tomasz") == ["commission", "refer", "close", "urgent"]
        assert work.steps("marisol") == ["urgent"]

    def test_the_others_say_why_not(self, room: Room) -> None:
        answer = room.press("marisol", "work.others", family=room.family("K2770L"))
        assert isinstance(answer, Note)
        said = words_of(answer)
        assert "Book the commissioning meeting: The unit coordinator books" in said
        assert "Closing questionnaires: The closing questionnaires come when the work has been ended." in said
        assert not menus_of(answer.card)

    def test_an_older_card_is_answered_with_where_it_stands_now(self, room: Room) -> None:
        work = Work(room, "K2770L")
        old = next(b for b in buttons_of(work.card("tomasz")) if b.args.get("move") == "commission")
        work.do("tomasz", "close", date=day(room), why="moved_away", came_of_it="They moved.")
        said = words_of(room.press("tomasz", old.action, **old.args))
        assert "moved on" in said
        assert "Ended" in said

    def test_all_families_with_whose_turn(self, room: Room) -> None:
        answer = room.command("orla", "/work")
        said = words_of(answer)
        assert "K4903E (DV) | Referred, waiting for the answer | Tomasz and Orla" in said
        assert "K1218Y (GF) | Ended, closing questionnaires still to come | Tomasz" in said
        assert said.index("K4903E") < said.index("K1218Y")
        mine = words_of(room.command("tomasz", "/work"))
        assert "K5377U (YA) | Urgent Tier 3 | Tomasz and Ngozi (your turn)" in mine
        assert mine.index("K5377U") < mine.index("K1218Y")
        assert "No clinical work now: K1564A (CQ), " in mine

    def test_a_stranger_to_the_unit_sees_nothing(self, room: Room) -> None:
        assert "do not know the case reference" in words_of(room.command("orla", "/work", "X9999X"))


class TestTheWay:
    def test_from_consultation_to_the_first_session(self, room: Room) -> None:
        work = commissioned(room)
        assert work.state == "commissioned"
        assert "session" not in work.steps("tomasz")
        others = words_of(room.press("tomasz", "work.others", family=work.family))
        assert "A joint working agreement that both sides have confirmed comes before joint work" in others
        work.agree()
        session(work, 3)
        assert (work.state, work.episode.sessions) == ("in_therapy", 1)

    def test_whose_turn_it_becomes_hears_of_it(self, room: Room) -> None:
        consulted(room)
        (key,) = [key for key in room.messages("work:") if key.endswith(room.people["ngozi"])]
        assert "waiting for the clinical manager. It is your turn." in text_of(room.card(key))

    def test_a_message_about_a_turn_that_is_over_is_not_sent(self, room: Room) -> None:
        work = consulted(room)
        (key,) = [key for key in room.messages("work:") if key.endswith(room.people["ngozi"])]
        work.do("ngozi", "confirm", decision="confirmed", clinician=room.people["tomasz"])
        with room.reading() as session_:
            assert render.render(session_, key, room.now) is None

    def test_the_clinical_manager_can_alter_it_but_says_why(self, room: Room) -> None:
        work = consulted(room)
        asked = work.press("ngozi", "confirm")
        answers = {"decision": "altered", "clinician": room.people["tomasz"]}
        answer = room.hand_in("ngozi", asked, answers)
        assert isinstance(answer, Wrong)
        assert "why" in answer.errors
        assert isinstance(room.hand_in("ngozi", asked, {**answers, "why": "Her hours."}), Done)
        assert work.state == "to_commission"

    def test_the_sixth_session_asks_for_the_review(self, room: Room) -> None:
        work = commissioned(room)
        work.agree()
        room.now = room.now.replace(month=12, day=20)
        for number in range(5):
            said = session(work, 4 + number)
            assert "review it with the family" not in said
        said = session(work, 9)
        assert "That was session 6" in said
        assert work.state == "review_due"
        assert work.steps("tomasz") == ["review", "assess", "refer", "close", "urgent"]
        with room.reading() as session_:
            assert clinical_work.of_family(session_, work.family).body.awaiting == ["six_session_review"]

    def test_the_clinical_manager_reads_what_was_thought_before_confirming(self, room: Room) -> None:
        asked = consulted(room).press("ngozi", "confirm")
        assert isinstance(asked, Ask)
        assert "What brings them here now." in str(asked.view.intro)

    def test_clinical_work_is_given_to_a_clinician(self, room: Room) -> None:
        asked = consulted(room).press("ngozi", "confirm")
        answer = room.hand_in("ngozi", asked, {"decision": "confirmed", "clinician": room.people["pippa"]})
        assert isinstance(answer, Wrong)
        assert "no clinician here" in answer.errors["clinician"]

    def test_more_work_after_a_review_needs_a_new_agreement(self, room: Room) -> None:
        work = Work(room, "K4419D")
        said = work.do("tomasz", "review", date=day(room), worked="The mornings.", decision="more_work")
        assert "needs a new joint working agreement" in said
        assert work.state == "in_therapy"
        assert "session" not in work.steps("tomasz")
        work.agree()
        assert "session" in work.steps("tomasz")
        with room.reading() as session_:
            (kept,) = [row for row in reviews.of_family(session_, work.family) if row.kind == "six_sessions"]
            assert reviews.body(session_, kept).worked == "The mornings."

    def test_ending_asks_for_the_closing_questionnaires(self, room: Room) -> None:
        work = Work(room, "K3107C")
        said = work.do("tomasz", "close", date=day(room), why="goal_reached", came_of_it="Calm evenings.")
        assert "second SDQs" in said
        assert work.state == "ended_awaiting_measures"
        asked = work.press("tomasz", "finish")
        answer = room.hand_in("tomasz", asked, {"all_in": "done", "sdq_in": True})
        assert isinstance(answer, Wrong)
        assert "chi_esq_in" in answer.errors
        room.hand_in("tomasz", asked, {"all_in": "done", "sdq_in": True, "why_not": "They moved."})
        assert work.state == "ended"

    def test_after_closing_a_consultation_opens_a_new_piece_of_work(self, room: Room) -> None:
        work = Work(room, "K1218Y")
        work.do("pippa", "finish", all_in="done", sdq_in=True, chi_esq_in=True, closed_on=day(room))
        work.do(
            "tomasz",
            "consult",
            date=day(room),
            clinician=room.people["tomasz"],
            discussion="A new worry.",
            outcome="discuss_at_unit_meeting",
        )
        assert (work.episode.no, work.state, work.episode.sessions) == (2, "to_unit_meeting", 0)

    def test_a_consultation_in_the_meeting_moves_the_work_too(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        answers = {
            "date": day(room),
            "clinician": room.people["tomasz"],
            "discussion": "Two homes.",
            "outcome": "joint_home_visit",
        }
        room.record("pippa", "initial_consultation", talk, answers)
        assert Work(room, "K2284H").state == "joint_visit"

    def test_a_consultation_during_the_work_is_kept_and_moves_nothing(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        answers = {"date": day(room), "clinician": room.people["tomasz"], "discussion": "Stuck at bedtime."}
        room.record("tomasz", "initial_consultation", talk, {**answers, "outcome": "discuss_at_unit_meeting"})
        assert Work(room, "K3107C").state == "in_therapy"
        assert len(room.entries("initial_consultation")) == 1

    def test_a_session_before_the_commissioning_meeting_is_a_slip(self, room: Room) -> None:
        work = Work(room, "K3107C")
        answer = room.hand_in("tomasz", work.press("tomasz", "session"), {"date": day(room, -90), "note": "Talked."})
        assert isinstance(answer, Wrong)
        assert "commissioning meeting was on" in answer.errors["date"]


class TestBooking:
    def test_who_comes_hears_when_and_where_also_of_another_day(self, room: Room) -> None:
        work = Work(room, "K2770L")
        people = [room.people["marisol"]]
        work.do("pippa", "book", date=day(room, 3), time="10:00", place="Hill Centre", who=people)
        first = {key.rpartition(":")[2]: key for key in room.messages("work:") if "/booked:" in key}
        assert set(first) == {room.people[name] for name in ("marisol", "orla", "tomasz")}
        assert "booked for 20 November 2026, 10:00, Hill Centre" in text_of(room.card(first[room.people["marisol"]]))
        work.do("pippa", "book", date=day(room, 4), place="Hill Centre", who=people)
        with room.reading() as session_:
            assert render.render(session_, first[room.people["marisol"]], room.now) is None
        second = [key for key in room.messages("work:") if "/booked:" in key and key not in first.values()]
        assert len(second) == 3

    def test_a_voice_that_is_not_written_down_is_asked_for(self, room: Room) -> None:
        work = Work(room, "K2770L")
        room.now = room.now.replace(day=23)
        said = work.do("tomasz", "commission", date=day(room, 5), decision="goes_ahead", views_parents="Tired.")
        assert "Not written down yet: how this is seen by the children, professionals." in said
        assert "Permission to share is not signed yet" in said
        assert "[Permission to share] [Questionnaires]" in said
        assert "[Offer an agreement]" in said


class TestTheSampleUnitGoesOn:
    """Every family with clinical work, one step further from where it was loaded."""

    @pytest.mark.parametrize(
        ("ref", "who", "move", "answers", "then"),
        [
            ("K3107C", "tomasz", "session", {"note": "We talked."}, "in_therapy"),
            ("K2284H", "orla", "agree", {"decision": "clinical_work"}, "to_confirm"),
            ("K4419D", "orla", "review", {"worked": "Mornings.", "decision": "end"}, "ending"),
            ("K2770L", "tomasz", "commission", {"decision": "goes_ahead"}, "commissioned"),
            ("K1218Y", "pippa", "finish", {"all_in": "done", "why_not": "HF did not want to."}, "ended"),
            ("K4903E", "pippa", "panel", {"outcome": "accepted"}, "with_service"),
            ("K5377U", "ngozi", "calmer", {"decision": "go_on", "with": "Duty", "plan": "Weekly."}, "commissioned"),
        ],
    )
    def test_a_step_further(
        self, room: Room, ref: str, who: str, move: str, answers: dict[str, Any], then: str
    ) -> None:
        work = Work(room, ref)
        work.do(who, move, **({"date": day(room)} if move != "finish" else {}), **answers)
        assert work.state == then


class TestWhatWasWritten:
    def forms(self, room: Room, who: str, ref: str) -> Card:
        answer = room.press(who, "work.forms", family=room.family(ref))
        assert isinstance(answer, Note)
        return answer.card

    def test_every_step_can_be_read_again_and_put_right(self, room: Room) -> None:
        work = Work(room, "K3107C")
        said = session(work, 0)
        assert "[Correct it]" in said
        (menu,) = menus_of(self.forms(room, "orla", "K3107C"))
        assert [one.label for one in menu.choices] == ["17 November 2026: Session held, Tomasz"]
        shown = room.press("orla", menu.action, **menu.args, chosen=menu.choices[0].value)
        assert "We talked." in words_of(shown)
        assert "[Edit]" in words_of(shown)

    def test_what_was_put_right_is_there_once(self, room: Room) -> None:
        session(Work(room, "K3107C"), 0)
        edited = room.press("tomasz", "entry.edit", entry=room.entries("session")[-1].id)
        room.hand_in("tomasz", edited, {"note": "We drew the house."})
        (menu,) = menus_of(self.forms(room, "orla", "K3107C"))
        shown = room.press("orla", menu.action, **menu.args, chosen=menu.choices[0].value)
        assert len(menu.choices) == 1
        assert "We drew the house." in words_of(shown)

    def test_without_a_form_it_says_so(self, room: Room) -> None:
        assert "No form of the clinical work" in words_of(
            room.press("orla", "work.forms", family=room.family("K5052R"))
        )


class TestPuttingRight:
    def test_a_wrong_outcome_is_decided_anew(self, room: Room) -> None:
        work = consulted(room, "no_clinical_input")
        assert work.state == "none"
        edited = room.press("tomasz", "entry.edit", entry=room.entries("initial_consultation")[-1].id)
        assert isinstance(room.hand_in("tomasz", edited, {"outcome": "commissioning_meeting"}), Done)
        assert work.state == "to_confirm"
        assert [key for key in room.messages("work:") if key.endswith(room.people["ngozi"])]
        assert [change.to_state for change, _why in work.history()][-2:] == ["none", "to_confirm"]

    def test_what_came_after_it_is_not_undone(self, room: Room) -> None:
        work = consulted(room)
        work.do("ngozi", "confirm", decision="confirmed", clinician=room.people["tomasz"])
        edited = room.press("tomasz", "entry.edit", entry=room.entries("initial_consultation")[-1].id)
        room.hand_in("tomasz", edited, {"outcome": "no_clinical_input"})
        assert work.state == "to_commission"

    def test_a_session_put_right_is_no_second_session(self, room: Room) -> None:
        work = Work(room, "K3107C")
        session(work, 0, next_session=day(room, 7))
        count = work.episode.sessions
        for on in (-1, -2):
            edited = room.press("tomasz", "entry.edit", entry=room.entries("session")[0].id)
            room.hand_in("tomasz", edited, {"date": day(room, on), "next_session": day(room, 9)})
        assert (work.episode.sessions, str(work.episode.next_on)) == (count, day(room, 9))
        with room.reading() as session_:
            known = clinical_work.of_family(session_, work.family).body.sessions
        assert known[-1]["date"] == day(room, -2)
        assert day(room, 0) not in {row["date"] for row in known}

    def test_the_same_day_twice_is_asked_about_once(self, room: Room) -> None:
        work = Work(room, "K3107C")
        session(work, 0)
        asked = work.press("tomasz", "session")
        answers = {"date": day(room), "note": "A second one, with the mother."}
        answer = room.hand_in("tomasz", asked, answers)
        assert isinstance(answer, Wrong)
        assert "saved already" in answer.errors["date"]
        assert isinstance(room.hand_in("tomasz", asked, answers), Done)
        assert work.episode.sessions == 5


class TestAnotherWay:
    def test_a_manager_may_go_another_way_with_a_reason_that_is_kept(self, room: Room) -> None:
        work = Work(room, "K2770L")
        asked = work.override("ngozi", "session", "The court asked for it now.")
        assert isinstance(asked, Ask)
        answer = room.hand_in("ngozi", asked, {"date": day(room), "note": "We met."})
        assert isinstance(answer, Done), answer
        change, why = work.history()[-1]
        assert (change.move, change.override, why) == ("session", True, "The court asked for it now.")

    def test_nobody_else_may(self, room: Room) -> None:
        answer = room.press("tomasz", "work.override", family=room.family("K2770L"), chosen="session")
        assert "A manager can do this" in words_of(answer)


class TestDifferentViews:
    def views(self, room: Room, first: str, second: str) -> dict[str, Any]:
        pair = (("tomasz", first), ("orla", second))
        return {
            "about": "Whether to begin now",
            "views": [{"who": room.people[who], "view": view} for who, view in pair],
        }

    def test_three_steps_with_the_views_kept_apart(self, room: Room) -> None:
        work = Work(room, "K2284H")
        answers = self.views(room, "Begin with the parents.", "Wait for the court.")
        for step, role in ((1, None), (2, "ngozi"), (3, "graham"), (3, "graham")):
            asked = room.press("tomasz", "work.differ", family=work.family)
            answers["about"] = f"Whether to begin now, {len(room.entries('disagreement'))}"
            assert isinstance(room.hand_in("tomasz", asked, {**answers, "settled": False}), Done)
            assert work.episode.differ_step == step
            assert f"Step {step} of 3" in work.said("tomasz")
            if role:
                assert [key for key in room.messages("differ:") if key.endswith(room.people[role])]
        asked = room.press("ngozi", "work.differ", family=work.family)
        assert isinstance(asked, Ask)
        assert "Begin with the parents." in str(asked.view.intro)
        room.hand_in("ngozi", asked, {**answers, "settled": True, "outcome": "Begin with two talks."})
        assert work.episode.differ_step == 0
        assert len(room.entries("disagreement")) == 5

    def test_both_sides_hear_of_the_first_step(self, room: Room) -> None:
        work = Work(room, "K2284H")
        asked = room.press("devan", "work.differ", family=work.family)
        room.hand_in("devan", asked, {**self.views(room, "Now.", "Later."), "settled": False})
        told = {key.rpartition(":")[2] for key in room.messages("differ:")}
        assert told == {room.people["tomasz"], room.people["orla"]}

    def test_two_at_once_are_one_step_and_both_are_kept(self, room: Room) -> None:
        work = Work(room, "K2284H")
        first, second = (room.press(who, "work.differ", family=work.family) for who in ("tomasz", "orla"))
        room.hand_in("tomasz", first, {**self.views(room, "Now.", "Later."), "settled": False})
        said = words_of(
            room.hand_in("orla", second, {**self.views(room, "Soon.", "After the court."), "settled": False})
        )
        assert "it stays at the step it is at now" in said
        assert (work.episode.differ_step, len(room.entries("disagreement"))) == (1, 2)

    def test_settled_says_how(self, room: Room) -> None:
        asked = room.press("tomasz", "work.differ", family=room.family("K2284H"))
        answer = room.hand_in("tomasz", asked, {**self.views(room, "Now.", "Later."), "settled": True})
        assert isinstance(answer, Wrong)
        assert "all can accept" in answer.errors["outcome"]

    def test_urgent_never_waits_for_it(self, room: Room) -> None:
        work = Work(room, "K2284H")
        asked = room.press("tomasz", "work.differ", family=work.family)
        room.hand_in("tomasz", asked, {**self.views(room, "Now.", "Later."), "settled": False})
        assert "urgent" in work.steps("marisol")
