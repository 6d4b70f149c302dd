"""One damaged text harms one family: everything else is shown, planned and written as before, and people hear of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import LargeBinary, bindparam, true
from sqlmodel import Session, col, select

from handlers import render, routes
from handlers.turn import Event, EventKind, HomeView, Note, Nothing
from prompts_and_forms import database_wording
from prompts_and_forms.unit import unreadable_wording
from storage.database.columns import metadata
from storage.database.tables import Family
from storage.database.tables_machinery import DataKey, OutboxMessage, Unreadable
from storage.database.tables_nudges import Nudge, NudgePlan
from storage.nudges import facts
from tests.worlds.presses import BUTTONS, COMMANDS, DIRECT, REF, TYPED, World

SEALED = sorted(table.name for table in metadata.tables.values() if "sealed" in table.c)
EVERYWHERE = (("/family", ""), ("/family", REF), ("/work", ""), ("/review", ""), ("/track", ""), ("/meeting", ""))
GONE = database_wording.CANNOT_READ
OTHER = "K2284H"


def flip(session: Session, *tables: str, only: str = "") -> None:
    """One bit of every kept text of these tables, or of the row with this id."""
    session.flush()
    for name in tables:
        table = metadata.tables[name]
        kept = select(table.c.id, table.c.sealed).where(table.c.id == only if only else true())
        broken = [
            {"row": row_id, "broken": sealed[:-1] + bytes([sealed[-1] ^ 1])}
            for row_id, sealed in session.connection().execute(kept)
            if sealed
        ]
        if broken:
            change = table.update().where(table.c.id == bindparam("row")).values(sealed=bindparam("broken"))
            session.connection().execute(change, broken)
    session.expire_all()


def flip_family(session: Session, family_id: str) -> None:
    flip(session, "family", only=family_id)


def test_the_list_of_kept_texts_is_the_list_of_sealed_columns() -> None:
    binary = {table.name for table in metadata.tables.values() if any(isinstance(c.type, LargeBinary) for c in table.c)}
    assert binary == {*SEALED, "data_key"}


@pytest.mark.parametrize("table", SEALED)
def test_every_screen_opens_whatever_is_damaged(world: World, table: str) -> None:
    for who in ("orla", "tomasz"):
        assert isinstance(world.send(who, EventKind.HOME, when=lambda s: flip(s, table)).answer, HomeView)
        for command, text in EVERYWHERE:
            shown = world.send(who, EventKind.COMMAND, name=command, text=text, when=lambda s: flip(s, table))
            assert not isinstance(shown.answer, Nothing), command
    for args in world.args_for("family.timeline"):
        shown = world.press("tomasz", "family.timeline", args, when=lambda s: flip(s, table))
        assert isinstance(shown.answer, Note)


@pytest.mark.parametrize("button", BUTTONS)
def test_every_button_answers_when_nothing_of_the_record_can_be_read(world: World, button: str) -> None:
    for args in world.args_for(button):
        pressed = world.press("tomasz", button, args, when=lambda s: flip(s, *SEALED))
        assert TYPED not in pressed.text, (button, args)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_when_nothing_of_the_record_can_be_read(world: World, command: str) -> None:
    for text in ("", REF, "list", "week", "unit", "members", f"reflect {REF}"):
        shown = world.send("tomasz", EventKind.COMMAND, name=command, text=text, when=lambda s: flip(s, *SEALED))
        assert TYPED not in shown.text, text


def test_the_other_families_are_shown_and_the_damaged_ones_place_is_marked(world: World) -> None:
    def damage(session: Session) -> None:
        flip_family(session, world.ids["family"])

    shown = world.send("pippa", EventKind.COMMAND, name="/family", when=damage).text
    assert OTHER in shown
    assert database_wording.FAMILY_CANNOT_BE_READ in shown
    assert GONE in world.send("pippa", EventKind.COMMAND, name="/family", text=REF, when=damage).text
    assert OTHER in world.send("pippa", EventKind.COMMAND, name="/family", text=OTHER, when=damage).text


def test_a_safe_contact_warning_that_cannot_be_read_still_warns(world: World) -> None:
    shown = world.send("pippa", EventKind.COMMAND, name="/family", text=REF, when=lambda s: flip(s, "carer")).text
    assert "before anybody gets in touch" in shown


def test_what_cannot_be_read_is_not_written_over(world: World) -> None:
    with world.db.write() as session:
        flip_family(session, world.ids["family"])
        args = {"family": world.ids["family"], "unit": world.ids["unit"]}
        before = session.get_one(Family, world.ids["family"]).sealed
        for button in ("family.close", "family.correct", "family.change", "family.dates"):
            if button in BUTTONS:
                world.handled(session, "pippa", EventKind.BUTTON, "C0KESTREL", {"name": button, "args": args})
        session.expire_all()
        assert session.get_one(Family, world.ids["family"]).sealed == before
        session.rollback()


def tick(session: Session, world: World, minutes: int) -> None:
    now = world.now + timedelta(minutes=minutes)
    routes.handle(session, Event(id=f"damaged {minutes}", kind=EventKind.TICK, at=now), now)


def plan_anew(session: Session) -> None:
    for plan in session.exec(select(NudgePlan)):
        session.delete(plan)
    session.flush()


def open_nudges(session: Session) -> dict[str, str | None]:
    rows = session.exec(select(Nudge).where(col(Nudge.state).in_(("open", "snoozed"))))
    return {row.id: row.family_id for row in rows}


@pytest.mark.parametrize("table", SEALED)
def test_reminders_of_everybody_else_are_planned_and_the_damaged_familys_stay_open(world: World, table: str) -> None:
    with world.db.write() as session:
        plan_anew(session)
        tick(session, world, 1)
        before = open_nudges(session)
        family = world.ids["family"]
        if table == "family":
            flip_family(session, family)
        else:
            flip(session, table)
        plan_anew(session)
        tick(session, world, 2)
        session.expire_all()
        assert not session.info.get(routes.FAULTS)
        assert set(before) <= set(open_nudges(session))
        assert len(session.exec(select(NudgePlan)).all()) == 2
        session.rollback()


def test_a_family_that_breaks_the_rules_of_reminders_keeps_no_other_from_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = facts._family_facts

    def breaks(session: Session, held: list[Family], *rest: Any) -> object:
        if any(family.id == world.ids["family"] for family in held):
            raise ZeroDivisionError
        return known(session, held, *rest)

    with world.db.write() as session:
        session.connection().execute(metadata.tables["nudge_said"].delete())
        session.connection().execute(metadata.tables["nudge"].delete())
        plan_anew(session)
        monkeypatch.setattr(facts, "_family_facts", breaks)
        tick(session, world, 1)
        planned = {family for family in open_nudges(session).values() if family}
        assert world.ids["family"] not in planned
        assert len(planned) > 3
        parts = [part for part, _fault in session.info[routes.FAULTS]]
        assert f"plan of family {world.ids['family']}" in parts
        session.rollback()


def test_the_coordinator_and_the_lead_hear_once_and_it_is_noted_with_ids_alone(world: World) -> None:
    with world.db.write() as session:
        flip_family(session, world.ids["family"])
        for _ in range(2):
            world.handled(session, "devan", EventKind.HOME, DIRECT, {})
        noted = session.exec(select(Unreadable)).all()
        assert [(row.row_kind, row.row_id, row.family_id) for row in noted] == [
            ("family", world.ids["family"], world.ids["family"])
        ]
        keys = [key for key in session.exec(select(OutboxMessage.key)) if "/unreadable:" in key]
        assert {key.rpartition(":")[2] for key in keys} == {world.room.people["pippa"], world.room.people["orla"]}
        shown = render.render(session, keys[0], world.now)
        assert shown is not None
        assert shown.notice == unreadable_wording.NOTICE
        session.rollback()


def test_a_damaged_key_of_one_family_lets_the_others_open(world: World) -> None:
    with world.db.write() as session:
        row = session.exec(select(DataKey).where(DataKey.owner_id == world.ids["family"])).one()
        row.wrapped = row.wrapped[:-1] + bytes([row.wrapped[-1] ^ 1])
        session.flush()
        session.info["vault"] = type(world.db.vault)(bytes(range(32)))
        answer, _ = world.handled(session, "pippa", EventKind.COMMAND, "C0KESTREL", {"name": "/family"})
        assert isinstance(answer, Note)
        assert OTHER in answer.card.model_dump_json()
        session.rollback()
