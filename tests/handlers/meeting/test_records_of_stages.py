"""What has changed, voices, the next conversation, roles, disagreement and the plain records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers.turn import Done, EventKind, Note, Wrong
from storage.clinical import clinical_work
from storage.database.tables import Action, Carer, Entry
from storage.database.vault import Scope, seal
from storage.decisions import actions, roles
from storage.family import families
from storage.forms import entries
from storage.meeting import discussions
from tests.worlds.in_memory import text_of
from tests.worlds.records_world import TODAY, Room, other_unit_with_family


def answers_of(room: Room, entry: Entry) -> dict[str, Any]:
    with room.reading() as session:
        return entries.answers(session, entry)


def one(room: Room, slug: str) -> Action:
    with room.reading() as session:
        action = session.get(Action, room.unit.actions[slug])
        assert action is not None
        return action


def update(room: Room, slug: str, result: str, **more: str) -> dict[str, str]:
    return {"action": room.unit.actions[slug], "result": result, **more}


class TestWhatHasChanged:
    def test_facts_views_and_earlier_actions_are_kept(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        answers = {
            "seen_or_heard": ["Breakfast on four of five mornings."],
            "our_view": ["The chart gives AD a part."],
            "previous_actions": [
                update(room, "a01", "not_done", note="Needs a set time."),
                update(room, "a02", "done", note="Chart in use."),
                update(room, "a03", "carry_on"),
            ],
            "going_well": "AD asked for her name on it.",
        }
        assert isinstance(room.record("pippa", "changed", talk, answers), Done)
        assert (one(room, "a01").status, one(room, "a01").carried_over) == ("open", 1)
        assert (one(room, "a02").status, one(room, "a02").closed_on) == ("done", TODAY)
        assert (one(room, "a03").status, one(room, "a03").carried_over) == ("open", 0)
        (entry,) = room.entries("changed")
        assert entry.stage == "changed"
        kept = answers_of(room, entry)
        assert kept["seen_or_heard"] == answers["seen_or_heard"]
        assert kept["going_well"] == answers["going_well"]
        assert {row["result"] for row in kept["previous_actions"]} == {"not_done", "done", "carry_on"}
        assert room.codes(talk) == []
        shown = text_of(room.card(f"entry:{entry.id}"))
        assert "Done: Try the picture chart" in shown
        assert "Chart in use." in text_of(room.whole("pippa", entry.id))

    def test_a_stuck_action_that_stays_open_is_pointed_out(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        room.record("marisol", "changed", talk, {"previous_actions": [update(room, "a04", "not_done")]})
        (remark,) = room.remarks(talk, "stuck_action")
        assert remark.params["action"] == room.unit.actions["a04"]
        assert remark.params["count"] == 2

    def test_a_stuck_action_that_gets_done_is_not(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        room.record("marisol", "changed", talk, {"previous_actions": [update(room, "a04", "done")]})
        assert room.codes(talk) == []

    def test_carrying_over_without_a_date_is_refused_beside_the_field(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        asked = room.open("pippa", "changed", talk)
        answer = room.hand_in("pippa", asked, {"previous_actions": [update(room, "a01", "carry_over")]})
        assert isinstance(answer, Wrong)
        assert list(answer.errors) == [f"previous_actions#{room.unit.actions['a01']}#due"]
        assert one(room, "a01").carried_over == 1

    def test_setting_down_without_a_reason_is_refused_and_nothing_else_happens(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        asked = room.open("pippa", "changed", talk)
        rows = [update(room, "a02", "done"), update(room, "a01", "drop")]
        answer = room.hand_in("pippa", asked, {"previous_actions": rows})
        assert isinstance(answer, Wrong)
        assert one(room, "a02").status == "open"

    def test_written_anew_nothing_is_counted_twice(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        rows = [update(room, "a01", "carry_over", due=room.day(4)), update(room, "a02", "done")]
        room.record("pippa", "changed", talk, {"previous_actions": rows, "our_view": ["x"]})
        (first,) = room.entries("changed")
        asked = room.press("pippa", "entry.edit", entry=first.id)
        moved = update(room, "a01", "carry_over", due=room.day(6))
        room.hand_in("pippa", asked, {"our_view": ["y"], "previous_actions": [moved]})
        assert one(room, "a01").carried_over == 2
        assert one(room, "a01").due_on == TODAY + timedelta(days=6)
        old, new = room.entries("changed")
        assert old.replaced_by_id == new.id
        assert {row["result"] for row in answers_of(room, new)["previous_actions"]} == {"carry_over", "done"}
        assert "written anew" in text_of(room.card(f"entry:{old.id}"))


class TestLightActions:
    def test_updates_and_new_actions_in_one_form_and_no_message_of_its_own(self, room: Room) -> None:
        talk = room.discuss("K1936E", "light", stage="l_actions")
        answers = {
            "updates": [
                update(room, "a09", "carry_over", due=room.day(2), note="Spoke to EW."),
                update(room, "a10", "carry_on"),
            ],
            "new": [
                {
                    "text": "See MT on her own",
                    "owner": room.people["marisol"],
                    "due": room.day(6),
                    "plan_outcome": "P1",
                },
                {"text": "Bring the weekend forward", "owner": room.people["pippa"], "plan_outcome": "P2"},
            ],
        }
        assert isinstance(room.record("pippa", "l_actions", talk, answers), Done)
        assert one(room, "a09").carried_over == 1
        with room.reading() as session:
            new = actions.made_in(session, talk)
            texts = [actions.words(session, action).text for action in new]
        assert sorted(texts) == ["Bring the weekend forward", "See MT on her own"]
        assert room.codes(talk) == ["ask_due"]
        assert room.messages("entry:") == []

    def test_an_edit_adds_new_actions_and_does_not_make_the_old_ones_again(self, room: Room) -> None:
        talk = room.discuss("K1936E", "light", stage="l_actions")
        first = {"text": "One", "owner": room.people["orla"], "due": room.day(1)}
        room.record("pippa", "l_actions", talk, {"new": [first]})
        (entry,) = room.entries("l_actions")
        asked = room.press("pippa", "entry.edit", entry=entry.id)
        room.hand_in("pippa", asked, {"new": [{**first, "text": "Two"}]})
        with room.reading() as session:
            made = actions.made_in(session, talk)
            assert [actions.words(session, action).text for action in made] == ["One", "Two"]
        assert [row["text"] for row in answers_of(room, room.entries("l_actions")[-1])["new"]] == ["One", "Two"]

    def test_the_change_itself_is_kept(self, room: Room) -> None:
        talk = room.discuss("K1936E", "light")
        room.record("pippa", "l_changed", talk, {"change": "EW asked for a break.", "how_we_know": "By phone."})
        (entry,) = room.entries("l_changed")
        assert (entry.stage, answers_of(room, entry)["change"]) == ("l_changed", "EW asked for a break.")


class TestVoices:
    def words(self, *keys: str) -> list[dict[str, str]]:
        return [{"child": key, "words": f"Words of {key}."} for key in keys]

    def test_every_childs_words_and_each_carers_view_are_kept(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        answers = {
            "children": self.words("K2284H-1", "K2284H-2"),
            "carers": [{"carer": "K2284H-A", "view": "It was never a row between equals."}],
            "missing": ["PM"],
            "wants": "To be believed.",
        }
        room.record("marisol", "voices", talk, answers)
        assert answers_of(room, room.entries("voices")[0]) == answers
        assert room.codes(talk) == []

    def test_a_silent_child_is_asked_about_once_and_then_kept_as_not_known(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        room.record("marisol", "voices", talk, {"children": self.words("K2284H-1")})
        assert [(r.code, room.child_of(r)) for r in room.remarks(talk)] == [("ask_child_view", "K2284H-2")]
        room.record("marisol", "voices", talk, {"children": self.words("K2284H-1"), "missing": ["PM"]})
        assert room.codes(talk) == ["ask_child_view", "child_view_not_known"]
        assert room.child_of(room.remarks(talk)[1]) == "K2284H-2"

    def test_in_a_light_discussion_only_the_child_of_the_form_is_asked_about(self, room: Room) -> None:
        talk = room.discuss("K1936E", "light")
        room.record("pippa", "l_voice", talk, {"child": "K1936E-1", "words": "Two front doors."})
        assert room.codes(talk) == []
        room.record("pippa", "l_voice", talk, {"child": "K1936E-2"})
        assert [(r.code, room.child_of(r)) for r in room.remarks(talk)] == [("ask_child_view", "K1936E-2")]
        room.record("pippa", "l_voice", talk, {"child": "K1936E-2"})
        assert room.codes(talk) == ["ask_child_view", "child_view_not_known"]

    def test_words_kept_in_another_form_count(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        room.record("marisol", "view", talk, {"who": "K2284H-2", "words": "Likes the car best."})
        room.record("marisol", "voices", talk, {"children": self.words("K2284H-1")})
        assert room.codes(talk) == []

    def test_a_sighting_moves_the_last_seen_day_forward_and_never_back(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        seen = {"child": "K3107C-3", "by": room.people["marisol"], "alone": True}
        room.record("marisol", "last_seen", talk, {**seen, "date": room.day(-2)})
        room.record("marisol", "last_seen", talk, {**seen, "date": room.day(-20)})
        with room.reading() as session:
            child = families.children(session, room.family("K3107C"))[2][0]
        assert child.last_seen_on == child.seen_alone_on == TODAY - timedelta(days=2)
        assert child.seen_by_id == room.people["marisol"]

    def test_children_seen_on_one_visit_are_recorded_together(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        seen = {"child": "K3107C-1", "others": ["K3107C-1", "K3107C-3"], "date": room.day(0)}
        room.record("devan", "last_seen", talk, {**seen, "by": room.people["devan"], "alone": False})
        with room.reading() as session:
            days = {body.key: child.last_seen_on for child, body in families.children(session, room.family("K3107C"))}
        assert [days["K3107C-1"], days["K3107C-3"]] == [TODAY, TODAY]
        assert days["K3107C-2"] != TODAY


class TestConversationsAndRoles:
    conversation: dict[str, Any] = {
        "with": ["K3107C-B"],
        "opening_line": "I have come to ask.",
        "questions": ["Who notices first?", "What would TD say?"],
    }

    def test_the_next_conversation_is_kept_with_its_first_sentence(self, room: Room) -> None:
        talk = room.discuss("K3107C", stage="rehearse")
        answers = {**self.conversation, "by": room.people["devan"], "when": room.day(5)}
        room.record("pippa", "conversation", talk, {**answers, "contract": room.unit.agreements["c01"]})
        (entry,) = room.entries("conversation")
        assert "Devan with CB" in text_of(room.card(f"entry:{entry.id}"))
        shown = text_of(room.whole("pippa", entry.id))
        for words in ("I have come to ask.", "Who notices first?", "Devan", "Mornings that belong to the grown-ups"):
            assert words in shown

    def test_a_planned_contact_never_shows_without_its_safe_contact_warning(self, room: Room) -> None:
        with room.db.write() as session:
            row, body = families.carers(session, room.family("K3107C"))[1]
            carer = session.get(Carer, row.id)
            assert carer is not None
            body.safe_contact = "Never by post."
            seal(session, carer, body, Scope.family(room.family("K3107C")))
            session.add(carer)
        talk = room.discuss("K3107C")
        room.record("pippa", "conversation", talk, {**self.conversation, "by": room.people["devan"]})
        blocks = room.card(f"entry:{room.entries('conversation')[0].id}").blocks
        assert "Never by post." in blocks[1].model_dump_json()

    def test_a_conversation_on_a_day_gone_by_is_pointed_out(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        answers = {**self.conversation, "by": room.people["devan"], "when": room.day(-5)}
        room.record("pippa", "conversation", talk, answers)
        assert room.codes(talk) == ["warn_due_past"]

    def test_a_role_holds_from_today_and_writing_it_anew_ends_the_old_one(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        room.record("pippa", "role", talk, {"person": room.people["marisol"], "role": "sees the children alone"})
        (entry,) = room.entries("role")
        asked = room.press("pippa", "entry.edit", entry=entry.id)
        room.hand_in("pippa", asked, {"person": room.people["devan"]})
        with room.reading() as session:
            found = roles.of_family(session, room.family("K3107C"))
            assert sorted(roles.words(session, role).role for role in found) == ["sees the children alone"] * 2
        ended = {role.person_id: role.until_on for role in found}
        assert ended == {room.people["marisol"]: TODAY, room.people["devan"]: None}

    def test_an_agreed_role_stands_on_the_family_s_card_until_it_ends(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        room.record("pippa", "role", talk, {"person": room.people["marisol"], "role": "sees the children alone"})
        assert "Marisol: sees the children alone, since Tue 17 Nov" in self.family_card(room)
        with room.reading() as session:
            (role,) = roles.of_family(session, room.family("K3107C"))
        room.press("devan", "role.end", chosen=role.id)
        assert "sees the children alone" not in self.family_card(room)

    def family_card(self, room: Room) -> str:
        shown = room.command("devan", "/family", "K3107C")
        assert isinstance(shown, Note)
        return text_of(shown.card)

    def test_both_views_of_a_disagreement_are_kept_apart(self, room: Room) -> None:
        talk = room.discuss("K2284H", stage="rehearse")
        answers = {
            "about": "When to see IH and PM together",
            "views": [
                {"who": room.people["tomasz"], "view": "Within the month."},
                {"who": room.people["orla"], "view": "Each alone first."},
            ],
            "settled": False,
            "until_then": "Each is seen alone.",
            "next_step": {"step": "We talk", "date": room.day(1), "with": [room.people["orla"], room.people["ngozi"]]},
        }
        room.record("marisol", "disagreement", talk, answers)
        assert room.codes(talk) == ["keep_both_views"]
        (entry,) = room.entries("disagreement")
        assert answers_of(room, entry) == answers
        shown = text_of(room.card(f"entry:{entry.id}"))
        assert "Tomasz: “Within the month.” Orla: “Each alone first.”" in shown


class TestPlainRecords:
    @pytest.mark.parametrize(
        ("form", "answers"),
        [
            ("identity", {"named": ["gender", "class"], "not_yet_explored": ["religion"], "check_with_family": "Ask."}),
            ("stop_doing", {"text": "We stop praising TD for running the house."}),
            ("tracking_entry", {"date": "2026-11-10", "kind": "session", "description": "Session three"}),
        ],
    )
    def test_they_are_kept_as_handed_in(self, room: Room, form: str, answers: dict[str, Any]) -> None:
        talk = room.discuss("K3107C")
        assert isinstance(room.record("pippa", form, talk, answers), Done)
        (entry,) = room.entries(form)
        assert answers_of(room, entry) == answers
        assert text_of(room.card(f"entry:{entry.id}"))

    def test_a_first_consultation_counts_for_the_family(self, room: Room) -> None:
        talk = room.discuss("K5640F")
        answers = {"date": room.day(-1), "clinician": room.people["tomasz"], "discussion": "We thought together."}
        room.record("tomasz", "initial_consultation", talk, {**answers, "outcome": "discuss_at_unit_meeting"})
        with room.reading() as session:
            work = clinical_work.of_family(session, room.family("K5640F"))
        assert str(work.consulted_on) == room.day(-1)
        assert work.state == "to_unit_meeting"

    def test_permission_to_share_counts_for_the_family_and_keeps_what_was_not_said(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        said = {"status": "signed", "signed": room.day(0), "signed_by": ["K2284H-A"]}
        room.record("pippa", "permission_to_share", talk, said)
        with room.reading() as session:
            family = families.by_id(session, room.family("K2284H"))
            assert family is not None
            permission = families.body(session, family).permission
        assert (permission["status"], permission["scope"]) == ("signed", ["school"])

    def test_a_record_after_the_lead_confirmed_is_marked(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        with room.db.write() as session:
            discussions.confirm(session, discussions.get(session, talk), room.people["orla"], room.now)
        room.record("pippa", "stop_doing", talk, {"text": "One more."})
        (entry,) = room.entries("stop_doing")
        assert entry.after_confirm
        assert room.discussion(talk).changed_after_confirm
        assert "after the lead confirmed" in text_of(room.card(f"entry:{entry.id}"))
        assert "late_note" in room.codes(talk)

    def test_somebody_of_another_unit_cannot_open_a_kept_record(self, room: Room) -> None:
        talk = room.discuss("K3107C")
        room.record("pippa", "stop_doing", talk, {"text": "Private words."})
        other_unit_with_family(room, "K9999Z")
        args = {"entry": room.entries("stop_doing")[0].id}
        answer = room.send("ida", EventKind.BUTTON, name="entry.edit", args=args, channel="C0HERON")
        assert isinstance(answer, Note)
        assert "Private words" not in text_of(answer.card)


class TestFormsWithNothingInThem:
    @pytest.mark.parametrize("form", ["identity", "changed"])
    def test_are_not_kept_and_stay_open_with_a_sentence(self, room: Room, form: str) -> None:
        talk = room.discuss("K3107C", stage=form)
        answer = room.record("pippa", form, talk, {})
        assert isinstance(answer, Wrong)
        assert "Nothing is filled in yet" in " ".join(answer.errors.values())
        assert room.entries(form) == []


class TestPersonalDetailsInAForm:
    def test_stay_in_the_box_are_not_stored_and_are_remembered_by_kind_alone(self, room: Room) -> None:
        talk = room.discuss("K3107C", stage="roles")
        answer = room.record("pippa", "stop_doing", talk, {"text": "Ring 07700 900123 less often."})
        assert isinstance(answer, Wrong)
        assert room.entries("stop_doing") == []
        assert [r.params["kinds"] for r in room.remarks(talk, "privacy_block")] == [["phone"]]
