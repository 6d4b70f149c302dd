"""The clock of the machine is set back a day: nothing is lost, nothing opens again, and the audit stays whole."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from handlers.turn import Ask, Done, EventKind
from storage.database import chain
from storage.database.tables import Action, Contribution
from storage.database.tables_retention import LegalHold
from storage.retention import holds
from tests.worlds.records_world import Room

REF = "K3107C"
DAY = timedelta(days=1)


def test_what_was_begun_is_finished_and_what_is_said_comes_after(room: Room) -> None:
    talk = room.discuss(REF)
    room.posted(f"discussion:{talk}", "100.1")
    room.send("devan", EventKind.MESSAGE, text="Said before.", ts="100.2", thread="100.1")
    begun = room.open("devan", "action", talk)
    room.now -= DAY
    answers = {"text": "Ring the school", "owner": room.people["devan"], "due": room.day(7)}
    assert isinstance(room.hand_in("devan", begun, answers), Done)
    room.send("devan", EventKind.MESSAGE, text="Said afterwards.", ts="100.3", thread="100.1")
    with room.reading() as session:
        said = [one.ts for one in session.exec(select(Contribution).order_by(Contribution.ts))]
        assert said == ["100.2", "100.3"]
        wanted = select(Action).where(Action.family_id == room.family(REF), Action.discussion_id == talk)
        assert len(session.exec(wanted).all()) == 1
        assert list(chain.broken(session, room.db.vault)) == []


def test_a_lifted_hold_stays_lifted_and_one_that_is_set_stays_set(room: Room) -> None:
    asked = room.press("orla", "family.hold", family=room.family(REF))
    assert isinstance(room.hand_in("orla", asked, {"scope": "family", "why": "Inquest."}), Done)
    room.now -= DAY
    assert len(in_force(room)) == 1
    (row,) = in_force(room)
    room.press("orla", "family.hold_lift", family=room.family(REF), chosen=row.id)
    room.now -= DAY
    assert in_force(room) == []
    again = room.press("orla", "family.hold", family=room.family(REF))
    assert isinstance(again, Ask)


def in_force(room: Room) -> list[LegalHold]:
    with room.reading() as session:
        return holds.all_in_force(session, room.now.date())
