"""In an emergency a linked manager reads a family of another unit for an hour, with a reason, and its unit hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handlers import render
from handlers.turn import Answer, Ask, Done, EventKind, Note, Wrong
from storage.database.looked import Asked, lines
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import OutboxMessage
from storage.family import access
from storage.unit import people, units
from tests.worlds.records_world import Room, other_unit_with_family

REF = "H0001A"
WHY = "A child of theirs was found alone at the station."


@pytest.fixture
def manager(room: Room) -> Room:
    """Ngozi is linked to the sample unit; the family is in Heron, where Ida works."""
    other_unit_with_family(room, REF)
    with room.db.write() as session:
        membership = people.belongs(session, room.unit.unit_id, room.people["ngozi"])
        assert membership is not None
        membership.linked = True
        session.add(membership)
    return room


def opens(room: Room, who: str = "ngozi", ref: str = REF) -> Answer:
    return room.command(who, "/family", f"emergency {ref}")


def test_the_units_contact_for_such_questions_hears_as_well(manager: Room) -> None:
    with manager.db.write() as session:
        heron = session.get_one(Unit, session.get_one(Family, manager.family(REF)).unit_id)
        marisol = manager.people["marisol"]
        people.add_member(session, unit_id=heron.id, person_id=marisol, roles=[], on=manager.now.date())
        units.choose(session, heron, ig_contact=marisol)
    manager.hand_in("ngozi", opens(manager), {"ref": REF, "why": WHY})
    with manager.reading() as session:
        assert [key for key in told(session) if key.endswith(marisol)] != []


def told(session: Session) -> list[str]:
    return [key for key in session.exec(select(OutboxMessage.key)) if "/emergency:" in key]


def test_with_a_reason_the_page_is_shown_and_the_unit_is_told_at_once(manager: Room) -> None:
    asked = opens(manager)
    assert isinstance(asked, Ask)
    shown = manager.hand_in("ngozi", asked, {"ref": REF, "why": WHY})
    assert isinstance(shown, Done), shown
    text = shown.note.model_dump_json() if shown.note else ""
    assert REF in text
    assert "You can read this page until" in text
    assert '"action"' not in text
    with manager.reading() as session:
        (key,) = told(session)
        assert key.endswith(manager.people["ida"])
        drawn = render.render(session, key, manager.now)
        assert drawn is not None
        assert WHY in drawn.model_dump_json()
        asked_for = Asked(family_id=manager.family(REF), person_id=manager.people["ngozi"])
        assert {"break_glass", "read"} <= {line.what for line in lines(session, asked_for)}


def test_it_lasts_an_hour(manager: Room) -> None:
    manager.hand_in("ngozi", opens(manager), {"ref": REF, "why": WHY})
    assert isinstance(opens(manager), Note)
    manager.now += access.EMERGENCY
    assert isinstance(opens(manager), Ask)
    manager.now -= timedelta(days=30)
    assert isinstance(opens(manager), Ask)


def test_nobody_else_opens_anything_and_nothing_can_be_changed_with_it(manager: Room) -> None:
    refused = opens(manager, "devan")
    assert isinstance(refused, Note)
    assert "Only managers who are linked" in refused.card.model_dump_json()
    manager.hand_in("ngozi", opens(manager), {"ref": REF, "why": WHY})
    pressed = manager.press("ngozi", "family.timeline", family=manager.family(REF))
    assert REF not in str(pressed)


def test_an_unknown_reference_keeps_what_was_typed(manager: Room) -> None:
    answer = manager.hand_in("ngozi", opens(manager, ref="H9999Z"), {"ref": "H9999Z", "why": WHY})
    assert isinstance(answer, Wrong)
    with manager.reading() as session:
        assert told(session) == []


def test_a_family_closed_to_the_manager_stays_closed(manager: Room) -> None:
    with manager.db.write() as session:
        family = session.get_one(access.Family, manager.family(REF))
        access.close_to(
            session, family, kind=access.NOT_THIS_WORKER, person_id=manager.people["ngozi"], reason="x",
            review_on=None, by_id=manager.people["ida"], now=manager.now,
        )  # fmt: skip
    answer = manager.hand_in("ngozi", opens(manager), {"ref": REF, "why": WHY})
    assert isinstance(answer, Wrong), answer
    assert manager.send("ngozi", EventKind.HOME) is not None
