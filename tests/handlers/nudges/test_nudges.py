"""Reminders as people get and answer them: the morning message and its buttons."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from handlers.turn import Done, EventKind, HomeView, Note, Wrong
from storage.database.bodies import ActionBody, AgreementBody
from storage.database.db import Database
from storage.database.tables import Action
from storage.decisions import actions, agreements
from storage.nudges import nudges
from tests.worlds.in_memory import buttons_of, menus_of, text_of, words_of
from tests.worlds.nudge_world import WEDNESDAY, Mornings
from tests.worlds.records_world import TODAY, other_unit_with_family


@pytest.fixture
def room(db: Database) -> Mornings:
    return Mornings(db)


# ---- the morning message


def test_each_person_gets_one_message_with_what_is_theirs(room: Mornings) -> None:
    found = room.morning(WEDNESDAY)

    assert set(found) == {"orla", "devan", "marisol", "pippa", "tomasz", "graham"}
    assert "Try the picture chart" in text_of(found["marisol"])
    assert "Try the picture chart" not in text_of(found["devan"])
    assert room.morning(WEDNESDAY) == {}


def test_the_notification_names_no_family(room: Mornings) -> None:
    for card in room.morning(WEDNESDAY).values():
        assert "K" not in card.notice
        assert card.notice.endswith("due")


def test_families_are_named_by_reference_only_and_the_most_pressing_comes_first(room: Mornings) -> None:
    card = text_of(room.morning(WEDNESDAY)["devan"])

    assert card.index("K2045X") < card.index("K5052R")
    assert "(BD)" not in card


def test_a_long_message_is_one_screen_with_the_rest_behind_one_button(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    card = room.deliver()["devan"]
    said = words_of(Note(card))

    assert said.startswith("Today there are 11 things.")
    assert len([one for one in menus_of(card) if one.action == "nudge.later"]) == 3
    assert "And 8 more: " in said
    assert "[Show all 11]" in said
    assert len(said.splitlines()) <= 14
    whole = words_of(room.press("devan", "nudge.all", day=WEDNESDAY.isoformat()))
    assert whole.count("[Not now]") == 11
    home = room.send("devan", EventKind.HOME)
    assert isinstance(home, HomeView)
    more = next(one for one in buttons_of(home.card) if one.action == "nudge.more")
    next_ones = room.press("devan", "nudge.more", **more.args)
    assert isinstance(next_ones, Note)
    assert buttons_of(next_ones.card)


def test_one_screen_is_enough_for_a_few_things(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    assert "nudge.all" not in [one.action for one in buttons_of(room.deliver()["marisol"])]


def test_somebody_elses_morning_is_not_shown(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    said = words_of(room.press("graham", "nudge.all", day=WEDNESDAY.isoformat()))
    assert "K2045X: See the children" not in said
    assert "no longer" not in said


def test_nothing_is_sent_before_half_past_eight_at_weekends_or_in_the_evening(room: Mornings) -> None:
    room.tick(WEDNESDAY, "08:29")
    assert room.deliver() == {}
    room.tick(TODAY + timedelta(days=4))
    assert room.deliver() == {}
    room.tick(WEDNESDAY, "18:00")
    assert room.deliver() == {}


def test_christmas_is_caught_up_with_on_the_next_working_day(room: Mornings) -> None:
    with room.db.write() as session:
        about = ActionBody(text="Send the Christmas plan round")
        on = date(2026, 12, 25)
        actions.make(session, room.family("K3107C"), about, room.change(), owner=room.people["pippa"], due_on=on)
    said = {
        day: "Christmas plan" in text_of(found["pippa"])
        for n in range(22, 31)
        if "pippa" in (found := room.morning(day := date(2026, 12, n)))
    }
    assert [day.day for day, heard in said.items() if heard] == [24, 29]


def test_what_was_settled_before_the_message_is_sent_is_not_in_it(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    with room.db.write() as session:
        for name in ("marisol",):
            for row in actions.open_of_person(session, room.people[name]):
                actions.finish(session, row, room.change())
    card = room.deliver()["marisol"]
    assert "picture chart" not in text_of(card)


def test_a_message_in_which_nothing_is_left_is_not_sent(room: Mornings) -> None:
    room.tick(WEDNESDAY)
    with room.db.write() as session:
        for row in actions.open_of_person(session, room.people["pippa"]):
            actions.finish(session, row, room.change())
    assert "pippa" not in room.deliver()


def test_an_action_done_from_its_button_changes_the_message_at_once(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    action = room.unit.actions["a02"]

    room.hand_in(
        "marisol", room.press("marisol", "action.close", action=action), {"result": "done", "note": "It works"}
    )

    key = f"person:{room.people['marisol']}/digest:{WEDNESDAY.isoformat()}"
    assert key in room.asked_again()
    card = room.card(key)
    assert "Settled: Try the picture chart" in text_of(card)
    assert "action.close" not in [b.action for b in buttons_of(card) if b.args.get("action") == action]


def test_a_yes_given_in_the_thread_takes_the_agreement_out_of_the_message(room: Mornings) -> None:
    with room.db.write() as session:
        body = AgreementBody(space="joint_session", focus="Bedtimes", lead=room.people["tomasz"])
        offered = agreements.offer(
            session, room.family("K2284H"), body, by_id=room.people["orla"], made_on=TODAY, now=room.now
        )
        agreements.confirm(session, offered, "social_work", by_id=room.people["orla"], now=room.now)
    found = room.morning(WEDNESDAY)
    assert "Bedtimes" in text_of(found["tomasz"])
    assert "agreement.confirm" in [button.action for button in buttons_of(found["tomasz"])]

    room.press("tomasz", "agreement.confirm", agreement=offered.id, side="clinical", no="1")

    key = f"person:{room.people['tomasz']}/digest:{WEDNESDAY.isoformat()}"
    assert key in room.asked_again()
    assert "agreement.confirm" not in [button.action for button in buttons_of(room.card(key))]


# ---- what cannot wait


def test_a_stopped_discussion_is_said_to_the_lead_at_once_and_settles_itself(room: Mornings) -> None:
    room.morning(TODAY)
    discussion = room.discuss("K3107C")
    room.press("devan", "discussion.concern", discussion=discussion)
    room.tick(TODAY, "10:30")
    found = room.deliver()

    assert "immediate concern" in text_of(found["orla"])
    assert found["orla"].notice == "Something needs you today"
    told = {"told": [{"member": room.people["graham"], "outside": "", "time": "10:31"}], "after": "not_today"}
    answer = room.record("orla", "stop", discussion, told)
    assert isinstance(answer, Done), answer
    nudge = room.nudge("orla", "concern_told")
    assert "Settled" in text_of(room.card(f"person:{room.people['orla']}/nudge:{nudge.id}"))


# ---- answering


def test_tomorrow_means_not_before_tomorrow(room: Mornings) -> None:
    found = room.morning(WEDNESDAY)
    row = room.nudge("marisol", "action", room.unit.actions["a02"])
    answer = room.later("marisol", row, "tomorrow")

    assert isinstance(answer, Note)
    assert "Thursday 19 November" in text_of(answer.card)
    assert "picture chart" in text_of(found["marisol"])
    assert "Put off until Thu 19 Nov" in text_of(room.card(room.asked_again()[0]))
    assert "picture chart" in text_of(room.morning(WEDNESDAY + timedelta(days=1))["marisol"])


def test_what_is_put_off_is_named_beside_the_choices(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    shown = room.press("tomasz", "nudge.not_now", nudge=row.id, unit=row.unit_id)
    assert isinstance(shown, Note)
    assert "K3107C: " in text_of(shown.card)
    assert "SDQ at the start of the work" in text_of(shown.card)


def test_sent_and_waiting_is_asked_again_after_a_week(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    room.later("tomasz", row, "sent")

    for n in range(1, 8):
        room.morning(WEDNESDAY + timedelta(days=n))
    assert room.said_days(row) == [WEDNESDAY, date(2026, 11, 25)]


def test_what_law_asks_for_is_put_off_with_a_reason_and_not_for_long(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("devan", "review", f"{room.family('K5052R')}:conference")
    assert row.statutory
    asked = room.later("devan", row, "tomorrow")

    without = room.hand_in("devan", asked, {"until": "2026-11-20"})
    assert isinstance(without, Wrong)
    assert "reason" in without.errors
    too_far = room.hand_in("devan", asked, {"until": "2027-01-20", "reason": "The chair is ill"})
    assert isinstance(too_far, Wrong)
    assert "until" in too_far.errors
    kept = room.hand_in("devan", asked, {"until": "2026-11-20", "reason": "The chair is ill"})
    assert isinstance(kept, Done)
    with room.reading() as session:
        again = nudges.get(session, row.id)
        assert again is not None
        assert nudges.reason(session, again) == "The chair is ill"
        assert b"chair" not in again.sealed


def test_what_law_asks_for_cannot_be_set_aside_or_left_out(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("devan", "review", f"{room.family('K5052R')}:conference")
    refused = room.later("devan", row, "not_needed")
    assert isinstance(refused, Note)
    assert "cannot be set aside" in text_of(refused.card)

    asked = room.press("devan", "nudge.preferences")
    room.hand_in("devan", asked, {"at": "08:30", "days": ["0", "1", "2", "3", "4"], "left_out": ["reviews", "actions"]})
    said = text_of(room.morning(date(2026, 11, 30))["devan"])
    assert "Review conference" in said


def test_not_needed_keeps_the_reason_and_never_comes_back(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    room.hand_in("tomasz", room.later("tomasz", row, "not_needed"), {"reason": "The teacher has left"})

    for n in range(1, 20):
        room.morning(WEDNESDAY + timedelta(days=n))
    assert room.said_days(row) == [WEDNESDAY]
    assert [one.state for one in room.rows("sdq") if one.id == row.id] == ["not_needed"]


def test_handing_over_brings_it_to_the_other_and_says_from_whom(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    answer = room.hand_in("tomasz", room.later("tomasz", row, "not_mine"), {"to": room.people["pippa"]})
    assert isinstance(answer, Done)

    found = room.morning(WEDNESDAY + timedelta(days=1))
    assert "Handed to you by Tomasz" in text_of(found["pippa"])
    again = room.nudge("pippa", "sdq", room.family("K3107C"))
    assert (again.given, again.from_id) == (True, room.people["tomasz"])


def test_an_action_changes_hands_in_the_record_itself(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("marisol", "action", room.unit.actions["a02"])
    asked = room.later("marisol", row, "not_mine")
    room.hand_in("marisol", asked, {"to": room.people["devan"], "due": "2026-11-20"})

    with room.reading() as session:
        assert session.get_one(Action, room.unit.actions["a02"]).owner_id == room.people["devan"]
    assert "picture chart" in text_of(room.morning(WEDNESDAY + timedelta(days=1))["devan"])


def test_nobody_answers_what_is_somebody_elses(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    refused = room.later("marisol", row, "tomorrow")
    assert isinstance(refused, Note)
    assert "somebody else's" in text_of(refused.card)
    assert room.nudge("tomasz", "sdq", room.family("K3107C")).state == "open"


def test_somebody_of_another_unit_learns_nothing(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    other_unit_with_family(room, "H1000A")
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    refused = room.press("ida", "nudge.open", nudge=row.id)
    assert isinstance(refused, Note)
    assert "You are not in this unit" in text_of(refused.card)
    elsewhere = room.send("ida", EventKind.BUTTON, name="nudge.open", args={"nudge": row.id}, channel="D1")
    assert isinstance(elsewhere, Note)
    assert "no longer know" in text_of(elsewhere.card)


def test_a_second_press_changes_nothing(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    asked = room.later("tomasz", row, "not_needed")
    room.hand_in("tomasz", asked, {"reason": "The teacher has left"})
    again = room.later("tomasz", row, "tomorrow")
    assert isinstance(again, Note)
    assert "already dealt with" in text_of(again.card)
