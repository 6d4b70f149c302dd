"""A unit splits, merges or closes: several families are asked for at once, and a closed unit is quiet."""

from __future__ import annotations

import pytest
from sqlmodel import select

from handlers.turn import Answer, Ask, Done, EventKind, Note, Wrong
from prompts_and_forms.states import FamilyStatus
from storage.database.db import Database
from storage.database.tables import Family, Unit
from storage.family import families, transfers
from storage.meeting import meeting_days
from storage.unit import units
from tests.worlds.council.two_units import DAY, REF, TwoUnits
from tests.worlds.in_memory import words_of
from tests.worlds.records_world import TODAY

OTHER = "K4419D"


@pytest.fixture
def council(db: Database) -> TwoUnits:
    return TwoUnits(db)


def ask_for(council: TwoUnits, *refs: str, who: str = "orla", on: str = "") -> Answer:
    opened = council.press(who, "unit.families_to", unit=council.unit.unit_id, chosen=council.heron.unit_id)
    assert isinstance(opened, Ask), opened
    values = {"which": "some" if refs else "every", "on": on or DAY.isoformat(), "why": "We are two units now."}
    chosen = {"families": [council.family(ref) for ref in refs]} if refs else {}
    return council.send(
        who, EventKind.SUBMIT, name=opened.view.form, args=dict(opened.view.args), values=values | chosen
    )


def held_by(council: TwoUnits, unit_id: str) -> set[str]:
    with council.reading() as session:
        return {families.body(session, one).ref for one in families.every_family(session, unit_id)}


def test_some_families_go_at_once_with_one_question_and_one_yes(council: TwoUnits) -> None:
    done = ask_for(council, REF, OTHER)
    assert isinstance(done, Done), done
    assert len(council.keys_to("ama", "/asked/")) == 1
    asked = council.reads("ama", "/asked/")
    assert "2 families for Heron Unit" in asked
    assert REF in asked
    assert OTHER in asked
    assert isinstance(council.accept("ama"), Done)
    council.tick(DAY)
    assert {REF, OTHER} <= held_by(council, council.heron.unit_id)
    assert not {REF, OTHER} & held_by(council, council.unit.unit_id)


def test_a_family_that_is_on_its_way_is_not_asked_for_again(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id)
    again = ask_for(council, REF, OTHER)
    assert isinstance(again, Wrong)
    assert "on their way already" in again.errors["which"]
    assert isinstance(ask_for(council), Done)
    with council.reading() as session:
        asked = [transfers.live_of(session, one.id) for one in families.every_family(session, council.unit.unit_id)]
    assert all(asked)


def test_merging_takes_everything_along_and_the_empty_unit_closes(council: TwoUnits) -> None:
    with council.db.write() as session:
        family = session.get_one(Family, council.family(OTHER))
        families.close_family(session, family, TODAY, council.people["orla"], "They are well.")
    refused = council.press("orla", "unit.close", unit=council.unit.unit_id)
    assert "open families. Move them" in words_of(refused)
    ask_for(council, on=TODAY.isoformat())
    assert "on its way" in words_of(council.press("orla", "unit.close", unit=council.unit.unit_id))
    assert isinstance(council.accept("ama"), Done)
    assert held_by(council, council.unit.unit_id) == set()
    assert OTHER in held_by(council, council.heron.unit_id)
    closed = council.press("orla", "unit.close_now", unit=council.unit.unit_id)
    assert "is closed from today" in words_of(closed)


def closed(council: TwoUnits) -> None:
    with council.db.write() as session:
        for family in session.exec(select(Family).where(Family.unit_id == council.unit.unit_id)):
            family.status = FamilyStatus.CLOSED
            session.add(family)
    council.press("orla", "unit.close_now", unit=council.unit.unit_id)


def test_a_closed_unit_meets_no_more_reminds_nobody_and_is_no_place_to_move_to(council: TwoUnits) -> None:
    closed(council)
    council.now = council.now.replace(hour=8, minute=0)
    council.tick(TODAY, 9)
    assert "so it does not meet" in council.says("pippa", "/meeting")
    with council.reading() as session:
        unit = session.get_one(Unit, council.unit.unit_id)
        assert units.is_closed(unit)
        assert meeting_days.held_on(session, unit, TODAY) == ()
    assert council.keys_to("pippa", "/digest:") == []
    refused = council.press("ama", "family.transfer", family=council.family("H1007U"))
    assert "no other unit" in words_of(refused)
    assert "K3107C" in council.says("orla", "/family", REF)


def test_it_can_be_opened_again(council: TwoUnits) -> None:
    closed(council)
    shown = council.command("orla", "/unit")
    assert isinstance(shown, Note)
    assert "[Open the unit again]" in words_of(shown)
    council.press("orla", "unit.reopen", unit=council.unit.unit_id)
    with council.reading() as session:
        unit = session.get_one(Unit, council.unit.unit_id)
        assert meeting_days.held_on(session, unit, TODAY) != ()


def test_only_the_lead_the_deputy_and_managers_split_or_close_a_unit(council: TwoUnits) -> None:
    assert "[Close the unit]" in council.says("orla", "/unit")
    assert "[Close the unit]" not in council.says("marisol", "/unit")
    for button in ("unit.close", "unit.close_now", "unit.move_families", "unit.families_to", "unit.reopen"):
        refused = council.press("marisol", button, unit=council.unit.unit_id, chosen=council.heron.unit_id)
        assert "Please ask one of them" in words_of(refused), button
