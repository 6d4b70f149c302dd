"""A referral to the clinical service: sent, answered, and what follows."""

from __future__ import annotations

from handlers.turn import Done, Wrong
from storage.clinical import clinical_work
from tests.worlds.in_memory import text_of, words_of
from tests.worlds.records_world import Room
from tests.worlds.work_world import NEW, Work, day, session


class TestReferrals:
    REFERRAL = {"service": "Young carers", "tier": "community", "asked_for": "A group."}

    def test_a_referral_keeps_service_tier_who_and_what_came_of_it(self, room: Room) -> None:
        work = Work(room, "K3107C")
        work.do("orla", "refer", date=day(room), referrer=room.people["orla"], **self.REFERRAL)
        assert work.state == "in_therapy"
        said = work.said("tomasz")
        assert "Referral: Young carers, Community or voluntary; sent 17 Nov 2026 (today); no answer yet" in said
        work.do("pippa", "panel", date=day(room), outcome="accepted_beside", note="From next month.")
        assert (work.state, work.asked) == ("in_therapy", False)
        with room.reading() as session_:
            panel = clinical_work.of_family(session_, work.family).body.panel
        assert (panel["service"], panel["tier"], panel["referrer"]) == (
            "Young carers",
            "community",
            room.people["orla"],
        )
        assert (panel["outcome"], panel["note"]) == ("accepted_beside", "From next month.")

    def test_sessions_go_on_while_a_referral_waits_and_it_stays_in_sight(self, room: Room) -> None:
        work = Work(room, "K3107C")
        work.do("orla", "refer", date=day(room), referrer=room.people["orla"], **self.REFERRAL)
        assert work.steps("tomasz") == ["session", "panel", "assess", "review", "urgent"]
        session(work, 0)
        assert work.asked
        others = words_of(room.press("tomasz", "work.others", family=work.family))
        assert "End the clinical work: A referral is waiting for its answer." in others
        work.do("pippa", "panel", date=day(room), outcome="waiting")
        assert work.asked
        work.do("pippa", "panel", date=day(room), outcome="not_accepted")
        assert (work.state, work.asked) == ("in_therapy", False)

    def test_a_service_that_takes_over_does_not_skip_the_closing_questionnaires(self, room: Room) -> None:
        work = Work(room, "K3107C")
        work.do("orla", "refer", date=day(room), referrer=room.people["orla"], **self.REFERRAL)
        work.do("pippa", "panel", date=day(room), outcome="accepted")
        assert work.state == "ending"
        work.do("tomasz", "close", date=day(room), why="moved_on", came_of_it="They know whom to ring.")
        assert work.state == "ended_awaiting_measures"

    def test_the_consultant_social_worker_hears_of_a_referral_beside_the_work(self, room: Room) -> None:
        answers = {"service": "CAMHS", "tier": "tier_3", "asked_for": "An assessment.", "csw_agrees": True}
        Work(room, "K3107C").do("tomasz", "refer", date=day(room), referrer=room.people["tomasz"], **answers)
        (key,) = [key for key in room.messages("work:") if "/referred:" in key]
        assert key.endswith(room.people["orla"])
        assert "referred to CAMHS, Tier 3 CAMHS by Tomasz" in text_of(room.card(key))

    def test_what_is_no_camhs_referral_is_made_by_the_consultant_social_worker(self, room: Room) -> None:
        asked = Work(room, "K3107C").press("tomasz", "refer")
        answer = room.hand_in("tomasz", asked, {"date": day(room), **self.REFERRAL})
        assert isinstance(answer, Wrong)
        assert "consultant social worker makes this referral" in answer.errors["referrer"]

    def test_a_consultation_that_refers_says_where_and_by_whom(self, room: Room) -> None:
        work = Work(room, NEW)
        asked = work.press("tomasz", "consult")
        answers = {"discussion": "What brings them.", "outcome": "panel_tier_2"}
        answer = room.hand_in("tomasz", asked, answers)
        assert isinstance(answer, Wrong)
        assert set(answer.errors) == {"resource", "referrer"}

    def test_a_clinicians_referral_to_camhs_needs_the_consultant_social_worker(self, room: Room) -> None:
        work = Work(room, "K2284H")
        answers = {"service": "CAMHS", "tier": "tier_3", "asked_for": "An assessment.", "date": day(room)}
        asked = work.press("tomasz", "refer")
        answer = room.hand_in("tomasz", asked, answers)
        assert isinstance(answer, Wrong)
        assert "agreement" in answer.errors["csw_agrees"]
        assert isinstance(room.hand_in("tomasz", asked, {**answers, "csw_agrees": True}), Done)

    def test_a_loaded_referral_can_be_answered(self, room: Room) -> None:
        work = Work(room, "K4903E")
        work.do("pippa", "panel", date=day(room), outcome="not_accepted")
        assert work.state == "initial_consultation_only"
