"""A turn asks once: what it has read it knows, what it asks for goes in together, and nothing closed gets in."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session, col, select

from bench.questions import counting
from prompts_and_forms.states import MemberStatus
from storage.database.bodies import FamilyBody
from storage.database.db import Database
from storage.database.tables import Discussion, Family, Meeting, Membership, Person, RemarkGiven, Unit
from storage.database.tables_machinery import OutboxMessage
from storage.family import access, families
from storage.meeting import discussions, remarks_given
from storage.messages import outbox
from storage.turn import scene
from storage.turn.known import keep_in_mind
from storage.unit import people, units
from tests.worlds.storage_world import NOW, a_person, a_unit


def asked_for(session: Session) -> list[tuple[str, int]]:
    rows = session.exec(select(OutboxMessage.key, OutboxMessage.wanted).order_by(col(OutboxMessage.lane_no)))
    return [(key, wanted) for key, wanted in rows]


def ask(session: Session, *keys: str) -> None:
    for key in keys:
        outbox.show(session, key, now=NOW, channel="C1")


def test_what_a_turn_asks_for_goes_in_together_and_in_its_order(db: Database) -> None:
    with db.write() as session:
        ask(session, "earlier")
        outbox.gather(session)
        ask(session, "b")
        outbox.say(session, "a", now=NOW, channel="C1")
        ask(session, "b", "earlier")
        assert asked_for(session) == [("earlier", 1)]
        outbox.put_in(session, last=True)
        assert asked_for(session) == [("earlier", 2), ("b", 2), ("a", 1)]
        ask(session, "later")
        assert asked_for(session)[-1] == ("later", 1)


def test_what_was_taken_back_is_not_shown(db: Database) -> None:
    with db.write() as session:
        outbox.gather(session)
        ask(session, "before")
        with pytest.raises(ValueError, match="no"), session.begin_nested():
            ask(session, "taken back")
            raise ValueError("no")
        ask(session, "after")
        outbox.put_in(session, last=True)
        assert [key for key, _ in asked_for(session)] == ["before", "after"]


def test_a_message_cancelled_in_the_turn_that_asked_for_it_is_not_sent(db: Database) -> None:
    with db.write() as session:
        outbox.gather(session)
        ask(session, "a")
        outbox.cancel(session, "a")
        outbox.put_in(session, last=True)
        assert session.exec(select(OutboxMessage.state)).all() == ["cancelled"]


def a_place(session: Session) -> tuple[Unit, Person]:
    unit, person = a_unit(session), a_person(session)
    session.add(Membership(unit_id=unit.id, person_id=person.id, roles=["social_worker"]))
    session.flush()
    return unit, person


def test_what_changed_in_a_turn_is_read_as_it_is_now(db: Database) -> None:
    with db.write() as session:
        keep_in_mind(session)
        unit, person = a_place(session)
        assert [who.name for _, who in people.members(session, unit.id)] == [person.name]
        membership = people.membership(session, unit.id, person.id)
        assert membership is not None
        membership.status = MemberStatus.LEFT
        session.add(membership)
        assert people.members(session, unit.id) == []
        newcomer = a_person(session, "Ngozi", "U2")
        session.add(Membership(unit_id=unit.id, person_id=newcomer.id, roles=["social_worker"]))
        assert [who.name for _, who in people.members(session, unit.id)] == ["Ngozi"]


def test_what_was_taken_back_is_not_remembered(db: Database) -> None:
    with db.write() as session:
        keep_in_mind(session)
        unit, person = a_place(session)
        with pytest.raises(ValueError, match="no"), session.begin_nested():
            session.add(Membership(unit_id=unit.id, person_id=a_person(session, "Ngozi", "U2").id, roles=[]))
            assert len(people.members(session, unit.id)) == 2
            raise ValueError("no")
        assert [who.name for _, who in people.members(session, unit.id)] == [person.name]


def a_discussion(session: Session) -> tuple[Discussion, Person]:
    unit, person = a_place(session)
    family = families.add_family(
        session, unit_id=unit.id, known=FamilyBody(ref="K1791W"), category="cin", allocated_on=None,
        lead_worker_id=None, visiting_days=None, decided_by_id=None, now=NOW,
    )  # fmt: skip
    meeting = Meeting(unit_id=unit.id, day=date(2026, 11, 17), opened_at=NOW)
    session.add(meeting)
    session.flush()
    found = discussions.begin(
        session, meeting=meeting, family=family, kind="light", stage="light", lead_id=None, note_taker_id=None,
        present=[], now=NOW,
    )  # fmt: skip
    return found, person


def a_remark(found: Discussion, code: str) -> RemarkGiven:
    return RemarkGiven(
        code=code, unit_id=found.unit_id, discussion_id=found.id, family_id=found.family_id, at=NOW, params={}
    )


def codes(session: Session, found: Discussion) -> list[str]:
    return sorted(one.code for one in remarks_given.of_discussion(session, found.id))


def test_what_a_turn_pointed_out_itself_it_knows_beside_what_it_read(db: Database) -> None:
    with db.write() as session:
        keep_in_mind(session)
        found, _person = a_discussion(session)
        remarks_given.keep(session, a_remark(found, "one_idea_only"))
        assert codes(session, found) == ["one_idea_only"]
        with pytest.raises(ValueError, match="no"), session.begin_nested():
            remarks_given.keep(session, a_remark(found, "suggest_full"))
            assert codes(session, found) == ["one_idea_only", "suggest_full"]
            raise ValueError("no")
        assert codes(session, found) == ["one_idea_only"]
        with counting(db) as asked:
            remarks_given.keep(session, a_remark(found, "no_idea_yet"))
            assert codes(session, found) == ["no_idea_yet", "one_idea_only"]
        assert len(asked) == 1


def enter(session: Session, chat_user: str, **ids: str) -> Person | None:
    keep_in_mind(session)
    return scene.enter(session, chat_user=chat_user, channel="C1", ts="", thread="", ids=ids)


def test_a_press_brings_what_it_is_about_along(db: Database) -> None:
    with db.write() as session:
        discussion_id = a_discussion(session)[0].id
    with db.write() as session:
        person = enter(session, "U1", discussion=discussion_id)
        assert person is not None
        kinds = {type(row) for row in session.identity_map.values()}
        assert {Person, Unit, Membership, Discussion, Meeting, Family} <= kinds
        found = discussions.get(session, discussion_id)
        assert people.membership(session, found.unit_id, person.id) is not None


def test_a_family_closed_to_whoever_pressed_is_not_brought_along(db: Database) -> None:
    with db.write() as session:
        found, person = a_discussion(session)
        family = session.get_one(Family, found.family_id)
        access.close_to(
            session, family, kind=access.NOT_THIS_WORKER, person_id=person.id, reason="He knows them.",
            review_on=None, by_id=person.id, now=NOW,
        )  # fmt: skip
        discussion_id, family_id = found.id, family.id
    with db.write() as session:
        assert enter(session, "U1", discussion=discussion_id, family=family_id) is not None
        assert session.get(Discussion, discussion_id) is None
        assert session.get(Family, family_id) is None


def test_somebody_unknown_brings_nothing_along(db: Database) -> None:
    with db.write() as session:
        discussion_id = a_discussion(session)[0].id
    with db.write() as session:
        assert enter(session, "U9", discussion=discussion_id) is None
        assert not any(isinstance(row, Discussion | Family) for row in session.identity_map.values())
        assert units.by_channel(session, "nowhere") is None
