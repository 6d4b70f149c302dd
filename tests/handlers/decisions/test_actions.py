"""Actions: kept with gaps, closed, carried over, handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.turn import Done, EventKind, Note, Wrong
from storage.database.tables import Action, Membership
from storage.decisions import actions
from tests.worlds.in_memory import buttons_of, text_of
from tests.worlds.records_world import TODAY, Room, other_unit_with_family


def one(room: Room, slug: str) -> Action:
    with room.reading() as session:
        action = session.get(Action, room.unit.actions[slug])
        assert action is not None
        return action


def history(room: Room, action: Action) -> list[tuple[str, str]]:
    with room.reading() as session:
        found = actions.by_id(session, action.id)
        assert found is not None
        return [(change.what, note) for change, note in actions.history(session, found)]


def made(room: Room, discussion_id: str) -> list[Action]:
    with room.reading() as session:
        return actions.made_in(session, discussion_id)


def leave(room: Room, who: str, status: str = "left", **dates: object) -> None:
    with room.db.write() as session:
        membership = session.exec(select(Membership).where(Membership.person_id == room.people[who])).one()
        membership.status = status
        for name, value in dates.items():
            setattr(membership, name, value)
        session.add(membership)


def test_an_action_is_kept_with_its_owner_date_and_outcome(room: Room) -> None:
    talk = room.discuss("K3107C")
    answers = {
        "text": "Meet CB at a place he chooses",
        "owner": room.people["devan"],
        "due": room.day(5),
        "plan_outcome": "P3",
        "how_we_know": "CB's own words are in the notes",
    }
    assert isinstance(room.record("pippa", "action", talk, answers), Done)
    (action,) = made(room, talk)
    assert action.owner_id == room.people["devan"]
    assert action.due_on == action.original_due_on == TODAY + timedelta(days=5)
    assert (action.status, action.carried_over, action.plan_outcome) == ("open", 0, "P3")
    assert room.codes(talk) == []
    (entry,) = room.entries("action")
    assert entry.subject_id == action.id
    assert room.messages(f"entry:{entry.id}")
    shown = room.card(f"entry:{entry.id}")
    assert "Meet CB at a place he chooses" in text_of(shown)
    assert [b.action for b in buttons_of(shown)] == ["action.edit", "entry.show"]
    whole = buttons_of(room.whole("pippa", entry.id))
    assert [b.action for b in whole] == ["action.edit", "action.close", "action.carry", "action.handover"]


def test_an_action_without_owner_and_date_is_kept_and_both_are_asked_for(room: Room) -> None:
    talk = room.discuss("K3107C")
    room.record("pippa", "action", talk, {"text": "Ring the school", "plan_outcome": "P1"})
    (action,) = made(room, talk)
    assert sorted(room.codes(talk)) == ["ask_due", "ask_owner"]
    (entry,) = room.entries("action")
    question = 'Who will do \\"Ring the school\\", and by when?'
    assert text_of(room.card(f"entry:{entry.id}")).count('Ring the school\\"') == 1
    assert question in text_of(room.card(f"entry:{entry.id}"))
    asked = room.press("pippa", "action.edit", action=action.id, discussion=talk)
    room.hand_in("pippa", asked, {"owner": room.people["orla"], "due": room.day(3)})
    (action,) = made(room, talk)
    assert action.owner_id == room.people["orla"]
    assert action.due_on == action.original_due_on == TODAY + timedelta(days=3)
    assert room.codes(talk).count("ask_owner") == 1
    assert "Who will do" not in text_of(room.card(f"entry:{entry.id}"))


def test_a_second_window_of_a_form_that_is_saved_loses_nothing_and_a_second_press_makes_nothing(room: Room) -> None:
    talk = room.discuss("K3107C")
    asked = room.open("pippa", "action", talk)
    room.hand_in("pippa", asked, {"text": "Ring Nan"})
    room.hand_in("pippa", asked, {"text": "Ring Nan"})
    assert len(made(room, talk)) == 1
    room.hand_in("pippa", asked, {"text": "Ring the school"})
    assert len(made(room, talk)) == 2
    away = room.open("pippa", "action", talk)
    room.press("pippa", "form.discard", draft=away.view.args["draft"])
    room.hand_in("pippa", away, {"text": "Write to Nan"})
    assert len(made(room, talk)) == 3


def test_a_date_that_has_gone_by_is_kept_and_pointed_out(room: Room) -> None:
    talk = room.discuss("K3107C")
    answers = {"text": "x", "owner": room.people["orla"], "due": room.day(-1), "plan_outcome": "P1"}
    room.record("pippa", "action", talk, answers)
    assert room.codes(talk) == ["warn_due_past"]
    assert made(room, talk)[0].due_on == TODAY - timedelta(days=1)


def test_somebody_outside_the_unit_can_own_an_action_but_is_not_reminded(room: Room) -> None:
    talk = room.discuss("K3107C")
    answers = {"text": "x", "owner": "outside", "due": room.day(1), "plan_outcome": "P1"}
    room.record("pippa", "action", talk, answers)
    (action,) = made(room, talk)
    assert action.owner_outside
    assert action.owner_id is None
    assert room.codes(talk) == ["owner_outside"]


def test_an_owner_on_leave_is_pointed_out(room: Room) -> None:
    leave(room, "marisol", "on_leave", leave_from=TODAY, leave_until=TODAY + timedelta(days=9))
    talk = room.discuss("K3107C")
    answers = {"text": "x", "owner": room.people["marisol"], "due": room.day(4), "plan_outcome": "P1"}
    room.record("pippa", "action", talk, answers)
    assert room.codes(talk) == ["warn_owner_on_leave"]
    assert made(room, talk)[0].owner_id == room.people["marisol"]


def test_an_owner_who_left_is_refused_beside_the_field_and_nothing_is_lost(room: Room) -> None:
    leave(room, "marisol", left_on=TODAY - timedelta(days=3))
    talk = room.discuss("K3107C")
    asked = room.open("pippa", "action", talk)
    answer = room.hand_in("pippa", asked, {"text": "Long words", "owner": room.people["marisol"], "due": room.day(2)})
    assert isinstance(answer, Wrong)
    assert "Marisol left the unit on 14 November 2026" in answer.errors["owner"]
    assert made(room, talk) == []
    assert room.codes(talk) == ["refuse_owner_left"]
    assert isinstance(room.hand_in("pippa", asked, {"text": "Long words", "owner": room.people["orla"]}), Done)
    assert made(room, talk)[0].owner_id == room.people["orla"]


def test_more_than_five_new_actions_are_gently_questioned(room: Room) -> None:
    talk = room.discuss("K3107C")
    for number in range(7):
        answers = {"text": f"Action {number}", "owner": room.people["orla"], "due": room.day(1), "plan_outcome": "P1"}
        room.record("pippa", "action", talk, answers)
        assert room.codes(talk).count("many_actions") == (1 if number >= 5 else 0)


def test_only_a_carry_over_raises_the_count_and_it_needs_a_new_date(room: Room) -> None:
    talk = room.discuss("K3107C")
    before = one(room, "a01")
    asked = room.press("pippa", "action.carry", action=before.id, discussion=talk)
    room.hand_in("pippa", asked, {"due": room.day(9), "note": "Nursery was shut"})
    after = one(room, "a01")
    assert after.carried_over == before.carried_over + 1
    assert after.due_on == TODAY + timedelta(days=9)
    assert after.original_due_on == before.original_due_on
    assert history(room, after)[-1] == ("carried_over", "Nursery was shut")


def test_handing_over_keeps_the_count_and_the_old_date_unless_a_new_one_is_given(room: Room) -> None:
    talk = room.discuss("K2284H")
    before = one(room, "a04")
    room.record("marisol", "reassign", talk, {"action": before.id, "to": room.people["orla"], "note": "Moves"})
    after = one(room, "a04")
    assert (after.owner_id, after.carried_over, after.due_on) == (room.people["orla"], 2, before.due_on)
    room.record("marisol", "reassign", talk, {"action": before.id, "to": room.people["devan"], "due": room.day(4)})
    assert one(room, "a04").due_on == TODAY + timedelta(days=4)


def test_an_action_is_set_down_only_with_a_reason(room: Room) -> None:
    talk = room.discuss("K3107C")
    asked = room.press("pippa", "action.close", action=room.unit.actions["a03"], discussion=talk)
    answer = room.hand_in("pippa", asked, {"result": "drop"})
    assert isinstance(answer, Wrong)
    assert "note" in answer.errors
    assert isinstance(room.hand_in("pippa", asked, {"result": "drop", "note": "CB came by himself"}), Done)
    dropped = one(room, "a03")
    assert (dropped.status, dropped.closed_on) == ("dropped", TODAY)


def test_a_closed_action_takes_no_second_press_and_can_be_opened_again(room: Room) -> None:
    talk = room.discuss("K3107C")
    action_id = room.unit.actions["a02"]
    room.record("pippa", "action_close", talk, {"action": action_id, "result": "done"})
    answer = room.press("pippa", "action.carry", action=action_id, discussion=talk)
    assert isinstance(answer, Note)
    assert "closed already" in text_of(answer.card)
    room.press("pippa", "action.reopen", action=action_id, discussion=talk)
    assert one(room, "a02").status == "open"


def test_a_closed_action_puts_no_message_in_a_light_discussion(room: Room) -> None:
    talk = room.discuss("K4419D", "light")
    room.record("pippa", "action_close", talk, {"action": room.unit.actions["a07"], "result": "done"})
    assert room.messages("entry:") == []


class TestBetweenMeetings:
    def test_an_action_is_written_down_for_a_case_reference(self, room: Room) -> None:
        asked = room.command("orla", "/action", "k3107c")
        answer = room.hand_in("orla", asked, {"text": "Ring AD", "owner": room.people["orla"], "due": room.day(1)})
        assert isinstance(answer, Done)
        assert answer.note is not None
        assert "Ring AD" in text_of(answer.note)
        assert room.entries("action")[0].discussion_id is None

    def test_the_family_can_be_chosen_from_a_list(self, room: Room) -> None:
        answer = room.command("orla", "/action")
        assert isinstance(answer, Note)
        asked = room.press("orla", "action.new", chosen=room.family("K2284H"), unit=room.unit.unit_id)
        room.hand_in("orla", asked, {"text": "Ring PM"})
        assert room.entries("action")[0].family_id == room.family("K2284H")

    def test_the_list_shows_stuck_actions_first_with_days_in_words(self, room: Room) -> None:
        answer = room.command("orla", "/action", "list K2284H")
        assert isinstance(answer, Note)
        words = text_of(answer.card)
        assert words.index("Meet PM on his own") < words.index("Send the permission form")
        assert "carried over 2 times" in words
        assert "1 day overdue" in words

    def test_mine_shows_only_my_open_actions(self, room: Room) -> None:
        answer = room.command("tomasz", "/action", "mine")
        assert isinstance(answer, Note)
        assert "Hold the six-session review" in text_of(answer.card)
        assert "Write up the initial consultation" not in text_of(answer.card)
        assert "Chase the record" not in text_of(answer.card)

    @pytest.mark.parametrize("words", ["K3107C now please", "mine K3107C", "list a b"])
    def test_words_it_does_not_know_are_answered_with_what_is_possible(self, room: Room, words: str) -> None:
        answer = room.command("orla", "/action", words)
        assert isinstance(answer, Note)
        assert "I do not know" in text_of(answer.card)
        assert "/action mine" in text_of(answer.card)

    def test_a_family_of_another_unit_is_as_unknown_as_none(self, room: Room) -> None:
        other = other_unit_with_family(room, "K9999Z")
        unknown = room.command("orla", "/action", "K9998Y")
        elsewhere = room.command("orla", "/action", other)
        assert isinstance(unknown, Note)
        assert isinstance(elsewhere, Note)
        assert text_of(unknown.card).replace("K9998Y", "?") == text_of(elsewhere.card).replace("K9999Z", "?")


def test_a_message_becomes_an_action_with_its_words(room: Room) -> None:
    talk = room.discuss("K3107C")
    room.posted(f"discussion:{talk}", "100.1")
    asked = room.send(
        "pippa",
        EventKind.SHORTCUT,
        name="make_action",
        ts="100.5",
        thread="100.1",
        text="Ask school about the badge",
        author="U0KEST02",
    )
    room.hand_in("pippa", asked, {"owner": room.people["devan"], "due": room.day(2)})
    with room.reading() as session:
        (action,) = actions.made_in(session, talk)
        assert actions.words(session, action).text == "Ask school about the badge"
