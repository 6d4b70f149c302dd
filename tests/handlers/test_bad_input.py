"""Whatever is typed into whatever form: nothing breaks, nothing typed is lost, and no private detail is kept."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from sqlmodel import Session

from handlers.forms import registry
from handlers.forms.private_details import OWN_NUMBERS
from handlers.turn import Answer, Ask, Done, EventKind, Note, Wrong
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.form import FieldKind
from prompts_and_forms.typed import all_keepable
from storage.database.bodies import EntryBody
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from tests.worlds.presses import CHANNEL, World

FORMS = sorted(registry._submits)
WRITTEN = (FieldKind.TEXT, FieldKind.LONG_TEXT)
TYPED_IN = (*WRITTEN, FieldKind.NUMBER, FieldKind.DATE)
PRIVATE = ("Her number is 943 476 5919", "born 3/4/2015", "ring 07700 900123", "they live at SW1A 1AA")
ODD = (
    "<!channel> =1+1 @here",
    "\u202eabc 💥👨‍👩‍👧",
    "\x00\x01",
    "half \ud83d",
    "\u200b\ufeff",
    " x" * 1450,
    "-1",
    "2026-02-30",
)


def opened(world: World, session: Session, form: str) -> Ask | None:
    """The form as it opens for the clinician; None for one that opens only where it is needed."""
    ids = world.ids
    args = {key: ids[key] for key in ("family", "discussion", "meeting", "unit", "child", "episode")}
    args |= {"form": form, "subject": ids["action"], "nudge": ids["nudge"], "move": "session", "person": ids["person"]}
    answer, _written = world.handled(session, "tomasz", EventKind.BUTTON, CHANNEL, {"name": "form.open", "args": args})
    assert isinstance(answer, Ask | Note), answer
    return answer if isinstance(answer, Ask) else None


def kept(session: Session, asked: Ask) -> dict[str, Any]:
    """What the draft behind a window holds."""
    flat: dict[str, Any] = unseal(session, session.get_one(Draft, asked.view.args["draft"]), EntryBody).answers["flat"]
    return flat


def submitted(world: World, session: Session, asked: Ask, values: dict[str, Any]) -> Answer:
    more = {"name": asked.view.form, "args": dict(asked.view.args), "values": values}
    return world.handled(session, "tomasz", EventKind.SUBMIT, CHANNEL, more)[0]


def test_a_private_detail_is_refused_beside_each_box_it_stands_in_and_is_not_kept(world: World) -> None:
    private = cycle(PRIVATE)
    for name in FORMS:
        form = load_form(name)
        with world.db.write() as session:
            asked = opened(world, session, name)
            if asked is None or name in OWN_NUMBERS:
                continue
            boxes = [one.key for one in asked.view.fields if one.kind in WRITTEN]
            typed = {key: next(private) for key in boxes if not engine.is_personal(form, key)}
            if not typed:
                continue
            answer = submitted(world, session, asked, typed)
            assert isinstance(answer, Wrong), (name, answer)
            assert set(answer.errors) >= set(typed), (name, answer)
            assert not set(kept(session, asked)) & set(typed), name
            session.rollback()


def test_odd_words_are_kept_or_still_in_their_boxes(world: World) -> None:
    odd = cycle(ODD)
    for name in FORMS:
        with world.db.write() as session:
            asked = opened(world, session, name)
            for _ in range(3):
                again = session.begin_nested()
                typed = {one.key: next(odd) for one in asked.view.fields if one.kind in TYPED_IN} if asked else {}
                if asked is None or not typed:
                    break
                answer = submitted(world, session, asked, typed)
                assert isinstance(answer, Wrong | Ask | Done), (name, answer)
                if isinstance(answer, Wrong):
                    assert kept(session, asked).items() >= all_keepable(typed).items(), name
                    assert not set(answer.errors) - {one.key for one in asked.view.fields}, (name, answer)
                again.rollback()
                session.expire_all()
            session.rollback()
