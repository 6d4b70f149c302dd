"""Lead, deputy, coordinator and chair have left or are on leave: somebody hears, somebody confirms, somebody chairs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from handlers.turn import Note, Nothing
from storage.database.db import Database
from storage.database.tables import Discussion, Meeting, Membership, Unit
from storage.database.tables_machinery import OutboxMessage
from storage.nudges import nudges
from storage.unit import people
from tests.worlds.in_memory import text_of
from tests.worlds.nudge_world import WEDNESDAY, Mornings
from tests.worlds.records_world import TODAY, Room


@pytest.fixture
def room(db: Database) -> Mornings:
    return Mornings(db)


def place_of(room: Room, session: object, who: str) -> Membership:
    found = people.membership(session, room.unit.unit_id, room.people[who])  # type: ignore[arg-type]
    assert found is not None
    return found


def gone(room: Room, *who: str) -> None:
    with room.db.write() as session:
        for one in who:
            people.leave_unit(session, place_of(room, session, one), TODAY)


def on_leave(room: Room, *who: str) -> None:
    with room.db.write() as session:
        for one in who:
            membership = place_of(room, session, one)
            membership.leave_from, membership.leave_until = TODAY, TODAY + timedelta(days=14)
            session.add(membership)


def names(room: Room, start: str) -> set[str]:
    """Who was sent a message whose key begins so."""
    users = {}
    with room.reading() as session:
        for name, person_id in room.people.items():
            person = people.by_id(session, person_id)
            users[person.chat_user if person else ""] = name
        rows = session.exec(select(OutboxMessage).where(OutboxMessage.chat_user != ""))
        return {users[row.chat_user] for row in rows if row.key.startswith(start)}


def awaiting(room: Room) -> str:
    discussion_id = room.discuss("K2284H", "light", "l_next")
    room.record("pippa", "l_next", discussion_id, {"next_discussion": {"date": room.day(7), "kind": "light"}})
    room.press("devan", "discussion.finish_anyway", discussion=discussion_id)
    return discussion_id


def state(room: Room, discussion_id: str) -> str:
    with room.reading() as session:
        return session.get_one(Discussion, discussion_id).state


def deputy(room: Room) -> str:
    with room.reading() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        return next(name for name, one in room.people.items() if one == unit.deputy_id)


def test_with_lead_and_deputy_on_leave_a_linked_manager_is_asked_and_may_confirm(room: Mornings) -> None:
    on_leave(room, "orla", deputy(room))
    discussion_id = awaiting(room)
    [asked] = names(room, "person:")
    assert asked not in ("orla", deputy(room))
    refused = room.press("tomasz", "discussion.confirm", discussion=discussion_id)
    assert isinstance(refused, Note)
    assert "Today that is" in text_of(refused.card)
    assert isinstance(room.press(asked, "discussion.confirm", discussion=discussion_id), Nothing)
    assert state(room, discussion_id) == "closed"


def test_with_no_lead_and_no_deputy_left_the_reminders_of_the_lead_reach_somebody(room: Mornings) -> None:
    awaiting(room)
    gone(room, "orla", deputy(room))
    room.tick(WEDNESDAY, "07:00")
    assert [row.person_id for row in room.rows("confirm") if row.state == "open"]


def test_while_the_lead_is_on_leave_without_cover_the_deputy_hears_that_a_yes_is_waited_for(room: Mornings) -> None:
    awaiting(room)
    on_leave(room, "orla")
    room.tick(WEDNESDAY)
    [row] = [one for one in room.rows("confirm") if one.person_id == room.people["orla"]]
    with room.reading() as session:
        told = [one.person_id for one in nudges.said_where(session, [row.id], TODAY)]
    assert told == [room.people[deputy(room)]]


def test_an_immediate_concern_reaches_somebody_who_is_there_whoever_is_away(room: Mornings) -> None:
    away = ["orla", deputy(room)]
    with room.reading() as session:
        memberships = people.members(session, room.unit.unit_id)
        linked = {person.id for membership, person in memberships if membership.linked}
    away += [name for name, one in room.people.items() if one in linked]
    on_leave(room, *away)
    room.press("devan", "discussion.concern", discussion=room.discuss("K2284H"))
    assert names(room, "person:") - set(away)


def test_without_a_coordinator_the_records_go_to_somebody_who_is_there(room: Mornings) -> None:
    awaiting(room)
    on_leave(room, "pippa")
    room.press("orla", "meeting.close_now", meeting=room.meeting_id)
    assert "orla" in names(room, f"copies:{room.meeting_id}/")


def test_a_meeting_left_open_is_somebodys_also_when_chair_and_coordinator_are_away(room: Mornings) -> None:
    room.discuss("K2284H")
    on_leave(room, "orla", "pippa")
    room.tick(WEDNESDAY, "08:10")
    found = names(room, "person:")
    assert found
    assert not found & {"orla", "pippa"}


def test_the_board_names_somebody_else_when_the_chair_leaves_in_mid_meeting(room: Mornings) -> None:
    room.command("pippa", "/meeting")
    with room.reading() as session:
        [meeting_id] = session.exec(select(Meeting.id).where(Meeting.state == "open"))
    assert chair(room, meeting_id) == "orla"
    second = deputy(room)
    room.press("pippa", "unit.left", unit=room.unit.unit_id, person=room.people["orla"])
    assert chair(room, meeting_id) == second
    room.press("pippa", "unit.left", unit=room.unit.unit_id, person=room.people[second])
    assert chair(room, meeting_id) not in ("", "orla", second)
    assert "someone" not in text_of(room.card(f"meeting:{meeting_id}/board"))


def chair(room: Room, meeting_id: str) -> str:
    with room.reading() as session:
        found = session.get_one(Meeting, meeting_id).facilitator_id
        return next((name for name, one in room.people.items() if one == found), "")
