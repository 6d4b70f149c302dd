"""Reminders as people get and answer them: the morning message, its buttons, leave and cover, a manager later on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from handlers import digest, render, routes
from handlers.turn import Answer, Done, Event, EventKind, HomeView, Note, Turn, Wrong
from prompts_and_forms.card import Card
from storage import actions, agreements, nudges, people, posts
from storage.bodies import ActionBody, AgreementBody
from storage.db import Database
from storage.tables import Action, Meeting, Unit
from storage.tables_machinery import Audit, OutboxMessage
from storage.tables_reminders import Nudge, NudgePreference
from tests.bench.questions import counting
from tests.handlers.records_world import TODAY, Room, buttons_of, menus_of, other_unit_with_family, text_of

WEDNESDAY = TODAY + timedelta(days=1)


class Mornings(Room):
    """The sample unit over days. A posted message lies where the platform would put it."""

    ticks = 0

    def tick(self, day: date, at: str = "08:30") -> None:
        hour, minute = map(int, at.split(":"))
        self.now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        self.ticks += 1
        with self.db.write() as session:
            event = Event(id=f"tick {self.ticks}", kind=EventKind.TICK, at=self.now)
            routes.handle(session, event, self.now)

    def morning(self, day: date) -> dict[str, Card]:
        """What each person gets that morning, by name; posted at once."""
        self.tick(day)
        return self.deliver()

    def deliver(self) -> dict[str, Card]:
        names = {person_id: name for name, person_id in self.people.items()}
        found: dict[str, Card] = {}
        with self.db.write() as session:
            for row in session.exec(select(OutboxMessage).where(OutboxMessage.state == "waiting")):
                row.state = "sent"
                session.add(row)
                if not row.key.startswith("person:") or "/actions:" in row.key:
                    continue
                shown = render.render(session, row.key, self.now)
                if shown is None:
                    continue
                posts.keep_post(session, row.key, "D1", "1")
                found[names[row.key.split("/")[0].removeprefix("person:")]] = shown
        return found

    def asked_again(self) -> list[str]:
        """Keys of messages that are to be drawn again."""
        with self.reading() as session:
            return list(session.exec(select(OutboxMessage.key).where(OutboxMessage.state == "waiting")))

    def nudge(self, who: str, kind: str, about: str = "") -> Nudge:
        with self.reading() as session:
            wanted = select(Nudge).where(Nudge.person_id == self.people[who], Nudge.kind == kind)
            found = [one for one in session.exec(wanted) if about in one.subject]
        assert found, f"{who} has no {kind}"
        return found[0]

    def rows(self, kind: str) -> list[Nudge]:
        with self.reading() as session:
            return list(session.exec(select(Nudge).where(Nudge.kind == kind)))

    def later(self, who: str, row: Nudge, chosen: str) -> Answer:
        return self.press(who, "nudge.later", nudge=row.id, unit=row.unit_id, chosen=chosen)

    def said_days(self, row: Nudge) -> list[date]:
        """The days on which it was in somebody's message."""
        with self.reading() as session:
            return sorted(said.day for said in nudges.said_where(session, [row.id], date.min))

    def away(self, who: str, first: date, last: date, cover: str | None = None) -> None:
        with self.db.write() as session:
            place = people.membership(session, self.unit.unit_id, self.people[who])
            assert place is not None
            place.leave_from, place.leave_until = first, last
            place.cover_id = self.people[cover] if cover else None
            session.add(place)

    def change(self) -> actions.Change:
        return actions.Change(by_id=self.people["orla"], now=self.now, today=self.now.date())


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


def test_a_long_message_says_how_many_more_and_leads_to_home(room: Mornings) -> None:
    card = room.morning(WEDNESDAY)["devan"]

    assert "more is on your Home tab" in text_of(card)
    assert len(card.blocks) <= 45
    home = room.send("devan", EventKind.HOME)
    assert isinstance(home, HomeView)
    assert any(menu.action == "nudge.open" for menu in menus_of(home.card))


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


# ---- leave and cover


def test_while_somebody_is_away_their_cover_hears_and_afterwards_they_do(room: Mornings) -> None:
    room.away("marisol", WEDNESDAY, WEDNESDAY + timedelta(days=1), cover="devan")
    found = room.morning(WEDNESDAY)
    assert "marisol" not in found
    room.away("marisol", WEDNESDAY, WEDNESDAY, cover=None)
    assert room.nudge("marisol", "action", room.unit.actions["a02"]).said_on == WEDNESDAY


def test_without_a_cover_it_waits_and_is_caught_up_with(room: Mornings) -> None:
    room.away("marisol", WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert "marisol" not in room.morning(WEDNESDAY)
    assert room.nudge("marisol", "action", room.unit.actions["a02"]).said_on is None
    assert "picture chart" in text_of(room.morning(WEDNESDAY + timedelta(days=2))["marisol"])


def test_leave_is_kept_with_who_covers(room: Mornings) -> None:
    asked = room.command("marisol", "/unit", "leave")
    mine = {"leave_from": "2026-11-18", "leave_until": "2026-11-19"}
    assert isinstance(room.hand_in("marisol", asked, {**mine, "cover": room.people["marisol"]}), Wrong)
    done = room.hand_in("marisol", asked, {**mine, "cover": room.people["devan"]})
    assert isinstance(done, Done)
    assert done.note is not None
    assert "Devan covers" in text_of(done.note)
    room.morning(WEDNESDAY)
    row = room.nudge("marisol", "action", room.unit.actions["a02"])
    with room.reading() as session:
        [said] = nudges.said_where(session, [row.id], WEDNESDAY)
    assert said.person_id == room.people["devan"]


# ---- taken further


def test_a_manager_is_told_only_after_the_person_heard_that_they_would_be(room: Mornings) -> None:
    warned: dict[str, date] = {}
    for n in range(20):
        day = WEDNESDAY + timedelta(days=n)
        found = room.morning(day)
        if "tomasz" in found and "Ngozi will be told" in text_of(found["tomasz"]):
            warned.setdefault("tomasz", day)
        if "ngozi" in found and "Still open with Tomasz" in text_of(found["ngozi"]):
            warned.setdefault("ngozi", day)
    assert warned["tomasz"] < warned["ngozi"]
    assert (warned["ngozi"] - WEDNESDAY).days >= 13


def test_a_manager_who_has_seen_it_does_not_hear_of_it_again(room: Mornings) -> None:
    days = [WEDNESDAY + timedelta(days=n) for n in range(16)]
    for day in days:
        room.morning(day)
    mine = [one for one in room.rows("sdq") if one.person_id == room.people["ngozi"]]
    assert mine
    for row in mine:
        room.press("ngozi", "nudge.done", nudge=row.id, unit=row.unit_id)
    before = [room.said_days(row) for row in mine]
    for n in range(1, 15):
        room.morning(days[-1] + timedelta(days=n))
    assert [room.said_days(row) for row in mine] == before


# ---- /nudges and the week


def test_a_person_chooses_when_they_hear(room: Mornings) -> None:
    shown = room.command("devan", "/nudges")
    assert isinstance(shown, Note)
    assert "One message at 08:30, every working day" in text_of(shown.card)
    asked = room.press("devan", "nudge.preferences")
    done = room.hand_in("devan", asked, {"at": "11:00", "days": ["0", "1", "2"], "left_out": ["actions"]})
    assert isinstance(done, Done)

    room.tick(WEDNESDAY)
    assert "devan" not in room.deliver()
    room.tick(WEDNESDAY, "11:00")
    card = text_of(room.deliver()["devan"])
    assert "housing" not in card
    assert "K2045X" in card
    assert "devan" not in room.morning(WEDNESDAY + timedelta(days=1))


def test_the_week_of_the_unit_is_for_those_who_look_after_it(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    week = room.command("pippa", "/nudges", "week")
    assert isinstance(week, Note)
    assert all(name in text_of(week.card) for name in ("Devan", "Marisol", "Tomasz", "K2045X"))
    refused = room.command("marisol", "/nudges", "week")
    assert isinstance(refused, Note)
    assert "K2045X" not in text_of(refused.card)


def test_what_cannot_be_understood_is_answered_with_what_can(room: Mornings) -> None:
    said = room.command("devan", "/nudges", "tomorrow?")
    assert isinstance(said, Note)
    assert "/nudges week" in text_of(said.card)


# ---- the plan


def test_planning_again_changes_nothing(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    before = sorted((one.id, one.state, one.version) for kind in ("action", "sdq", "review") for one in room.rows(kind))
    for minute in range(1, 5):
        room.tick(WEDNESDAY, f"07:0{minute}")
    after = sorted((one.id, one.state, one.version) for kind in ("action", "sdq", "review") for one in room.rows(kind))
    assert before == after


def test_only_what_changed_is_planned_anew(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    asked = room.press("devan", "action.new", family=room.family("K3107C"))
    room.hand_in("devan", asked, {"text": "Ring the school", "owner": room.people["devan"], "due": "2026-11-20"})
    room.tick(WEDNESDAY, "07:05")
    with room.reading() as session:
        made = {
            one.id: one for one in session.exec(select(Action)) if actions.words(session, one).text == "Ring the school"
        }
    assert [one.due_on for one in room.rows("action") if one.subject in made] == [date(2026, 11, 20)]


def test_a_new_date_is_a_new_reminder_and_the_old_one_is_settled(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    action = room.unit.actions["a02"]
    room.hand_in("marisol", room.press("marisol", "action.carry", action=action), {"due": "2026-11-25"})
    room.tick(WEDNESDAY, "09:30")
    found = {one.due_on: one.state for one in room.rows("action") if one.subject == action}
    assert found == {TODAY: "settled", date(2026, 11, 25): "open"}


def test_an_action_opened_again_is_reminded_of_again(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    action = room.unit.actions["a02"]
    room.hand_in("marisol", room.press("marisol", "action.close", action=action), {"result": "done", "note": "Yes"})
    room.tick(WEDNESDAY, "09:30")
    assert room.nudge("marisol", "action", action).state == "settled"
    room.press("marisol", "action.reopen", action=action)
    room.tick(WEDNESDAY, "09:35")
    assert room.nudge("marisol", "action", action).state == "open"


def test_the_clock_leaves_no_trace_of_reading_and_people_do(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    row = room.nudge("tomasz", "sdq", room.family("K3107C"))
    room.later("tomasz", row, "tomorrow")
    with room.reading() as session:
        noted = session.exec(select(Audit).where(Audit.row_kind == "nudge")).all()
    assert [(one.what, one.person_id) for one in noted] == [("nudge_snoozed", room.people["tomasz"])]


def test_who_leaves_the_unit_hears_nothing_more(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    with room.db.write() as session:
        place = people.membership(session, room.unit.unit_id, room.people["marisol"])
        assert place is not None
        people.leave_unit(session, place, WEDNESDAY)
    key = f"person:{room.people['marisol']}/digest:{WEDNESDAY.isoformat()}"
    with room.reading() as session:
        shown = render.render(session, key, room.now)
    assert shown is None or "K3107C" not in text_of(shown)
    assert "marisol" not in room.morning(WEDNESDAY + timedelta(days=1))


def test_the_coordinator_sees_the_agenda_the_working_day_before_the_meeting(room: Mornings) -> None:
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        unit.weekday = 1
        session.add(unit)
    card = room.morning(date(2026, 11, 23))["pippa"]
    assert "Next unit meeting: tomorrow" in text_of(card)
    row = room.nudge("pippa", "meeting_tomorrow")
    shown = room.press("pippa", "nudge.agenda", nudge=row.id, unit=row.unit_id)
    assert isinstance(shown, Note)
    assert "K3107C" in text_of(shown.card)


def test_records_to_copy_are_one_line_that_opens_them(room: Mornings) -> None:
    discussion = room.discuss("K3107C", kind="light")
    with room.db.write() as session:
        meeting = session.get_one(Meeting, room.meeting_id)
        meeting.state = "closed"
        held = room.discussion(discussion)
        held.state = "closed"
        session.add(meeting)
        session.merge(held)
    card = room.morning(WEDNESDAY)["pippa"]
    assert "1 record of yesterday is not in the case file yet" in text_of(card)
    row = room.nudge("pippa", "copy")
    shown = room.press("pippa", "nudge.list", nudge=row.id, unit=row.unit_id)
    assert isinstance(shown, Note)
    [copied, _record] = buttons_of(shown.card)
    room.press("pippa", copied.action, 1, **copied.args)
    assert f"person:{room.people['pippa']}/digest:{WEDNESDAY.isoformat()}" in room.asked_again()
    room.tick(WEDNESDAY, "10:00")
    assert room.nudge("pippa", "copy").state == "settled"


def test_preferences_start_the_same_for_everybody(room: Mornings) -> None:
    room.morning(WEDNESDAY)
    with room.reading() as session:
        for row in session.exec(select(NudgePreference)):
            assert (row.at, row.days, row.left_out, row.digested_on) == ("08:30", [0, 1, 2, 3, 4], [], WEDNESDAY)


def test_a_plan_asks_the_database_as_often_for_one_family_as_for_all(room: Mornings) -> None:
    room.tick(WEDNESDAY, "07:00")
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        turn = Turn(session=session, event=Event(id="", kind=EventKind.TICK, at=room.now), now=room.now, unit=unit)
        asked: list[int] = []
        for families in (None, [room.family("K3107C")], list(room.unit.families.values())):
            with counting(room.db) as statements:
                digest.plan_unit(turn, unit, families, WEDNESDAY)
            asked.append(len(statements))
    assert asked[0] == asked[1] == asked[2] <= 30
