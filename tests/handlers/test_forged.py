"""Ids that were made up or taken from somebody else: a sentence, nothing shown, nothing lost."""

from __future__ import annotations

from sqlmodel import select

from handlers.turn import Ask, EventKind, Wrong
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.states import DraftState
from storage.database.bodies import EntryBody
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from tests.worlds.presses import NOBODY, World
from tests.worlds.records_world import CHANNEL

NHS_NUMBER = "943 476 5919"


def test_nobody_ends_the_draft_of_another_by_closing_a_window(world: World) -> None:
    with world.db.write() as session:
        more = {"name": "form.open", "args": {"form": "action", "family": world.ids["family"]}}
        opened, _ = world.handled(session, "orla", EventKind.BUTTON, CHANNEL, more)
        assert isinstance(opened, Ask)
        assert not session.get_one(Draft, opened.view.args["draft"]).saved
        closed = {"name": "action", "args": {"draft": opened.view.args["draft"]}}
        for who in ("marisol", "ida"):
            world.handled(session, who, EventKind.CLOSED, CHANNEL, closed)
            assert session.get_one(Draft, opened.view.args["draft"]).state == DraftState.OPEN
        world.handled(session, "orla", EventKind.CLOSED, CHANNEL, closed)
        assert session.get_one(Draft, opened.view.args["draft"]).state == DraftState.DONE
        session.rollback()


def test_another_way_without_its_step_is_refused_in_words_and_keeps_what_was_typed(world: World) -> None:
    with world.db.write() as session:
        ids = {"family": world.ids["family"], "unit": world.ids["unit"], "form": "work_override"}
        for args in (ids, ids | {"move": "nonsense"}):
            opened, _ = world.handled(session, "ngozi", EventKind.BUTTON, CHANNEL, {"name": "form.open", "args": args})
            assert isinstance(opened, Ask), opened
            typed = {field.key: "The panel agreed on the telephone." for field in opened.view.fields}
            handed = {"name": "work_override", "args": dict(opened.view.args), "values": typed}
            answer, written = world.handled(session, "ngozi", EventKind.SUBMIT, CHANNEL, handed)
            assert "I no longer know" in str(answer), answer
            assert "entry" not in written
            draft = session.get_one(Draft, opened.view.args["draft"])
            assert draft.state == DraftState.OPEN
            assert "The panel agreed" in str(unseal(session, draft, EntryBody).answers)
        session.rollback()


def test_a_form_that_belongs_to_nothing_says_so_and_what_was_typed_is_saved(world: World) -> None:
    """One that ends a discussion, opened where none is named."""
    with world.db.write() as session:
        more = {"name": "form.open", "args": {"form": "close", "unit": world.ids["unit"]}}
        opened, _ = world.handled(session, "orla", EventKind.BUTTON, CHANNEL, more)
        assert isinstance(opened, Ask), opened
        typed = {one.key: one.options[0].value if one.options else world.room.day(3) for one in opened.view.fields}
        typed |= {one.key: "Some words" for one in opened.view.fields if one.kind in ("text", "long_text")}
        handed = {"name": "close", "args": dict(opened.view.args), "values": typed}
        answer, _ = world.handled(session, "orla", EventKind.SUBMIT, CHANNEL, handed)
        assert isinstance(answer, Wrong), answer
        assert forms_wording.BELONGS_TO_NOTHING in answer.errors.values()
        assert session.get_one(Draft, opened.view.args["draft"]).state == DraftState.OPEN
        session.rollback()


def test_a_message_with_an_nhs_number_is_not_copied_into_a_form(world: World) -> None:
    for shortcut in ("make_action", "record_hypothesis"):
        with world.db.write() as session:
            words = f"Ring the surgery, her number is {NHS_NUMBER}"
            more = {"name": shortcut, "ts": "100.2", "thread": "100.1", "text": words}
            opened, _ = world.handled(session, "devan", EventKind.SHORTCUT, CHANNEL, more)
            assert isinstance(opened, Ask), opened
            assert NHS_NUMBER not in opened.view.model_dump_json()
            assert forms_wording.NOT_TAKEN_OVER in opened.view.model_dump_json()
            draft = session.get_one(Draft, opened.view.args["draft"])
            assert NHS_NUMBER not in str(unseal(session, draft, EntryBody).answers)
            session.rollback()


def test_what_somebody_chooses_for_themselves_leaves_nothing_in_a_unit_that_is_not_theirs(world: World) -> None:
    with world.db.write() as session:
        forged = {"name": "nudge.preferences", "args": {"unit": world.ids["heron"]}}
        for who in ("devan", NOBODY):
            answer, _ = world.handled(session, who, EventKind.BUTTON, CHANNEL, forged)
            drafts = session.exec(select(Draft).where(Draft.unit_id == world.ids["heron"])).all()
            assert drafts == [], (who, answer)
        own, _ = world.handled(session, "devan", EventKind.BUTTON, CHANNEL, forged | {"args": {}})
        assert isinstance(own, Ask)
        session.rollback()
