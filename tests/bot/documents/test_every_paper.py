"""Every paper of the sample unit, with every form filled in: nobody meets a key, an id or a word of the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlmodel import select

from bot.documents.contents.lists import action_list, caseload, tracking_list
from bot.documents.everything import LEFT_OUT, every_paper
from bot.documents.make import document
from bot.documents.model import Document, Picture, Quote
from bot.documents.source import Source
from handlers.forms import context
from handlers.turn import Event, EventKind, Turn
from prompts_and_forms.forms.catalogue import form_ids, load_form
from prompts_and_forms.forms.form import FormContext, Question, QuestionKind
from prompts_and_forms.forms.values import MANY, TEXTS, options
from storage.clinical.tracking import Asked
from storage.database.tables import Entry
from storage.forms import entries
from storage.unit import people
from tests.bot.documents.conftest import Kept

REF = "K3107C"
KEYS = re.compile(
    r"\bK\d{4}[A-Z]-\w+"  # a child or carer by key
    r"|\bP\d{1,2}\b"  # a line of the plan by key
    r"|\b[0-9a-f]{32}\b"  # a row
    r"|\b[a-z0-9]+(?:_[a-z0-9]+)+\b"  # a code
    r"|\b\d{4}-\d\d-\d\d\b"  # a day as a program writes it
    r"|\bNone\b|\bTrue\b|\bFalse\b|\bin \d+ days\b|Status:"
)


def turn_of(kept: Kept, source: Source) -> Turn:
    return Turn(
        session=source.session,
        event=Event(id="", kind=EventKind.BUTTON, at=kept.room.now),
        now=kept.room.now,
        person=people.by_id(source.session, kept.room.people["tomasz"]),
        unit=source.unit,
    )


def filled(questions: tuple[Question, ...], offered: FormContext) -> dict[str, Any]:
    found = {question.id: answer(question, offered) for question in questions}
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def answer(question: Question, offered: FormContext) -> Any:
    kind = question.kind
    if kind is QuestionKind.GROUP:
        rows = {
            "child": offered.children,
            "carer": offered.carers,
            "open_action": offered.open_actions,
            "person": offered.people,
        }
        inside = filled(question.questions, offered)
        if question.per:
            return [{question.per.removeprefix("open_"): one.value, **inside} for one in rows[question.per]]
        return inside if question.single else [inside, inside]
    if kind is QuestionKind.LINES:
        return ["First in words", "Then in words"]
    if kind in TEXTS:
        return "In words."
    if kind is QuestionKind.DATE:
        return date(2026, 11, 16).isoformat()
    if kind is QuestionKind.TIME:
        return "09:30"
    if kind is QuestionKind.YES_NO:
        return True
    if kind is QuestionKind.WORDS:
        return None
    if kind is QuestionKind.WHOLE_NUMBER and not question.options:
        return 7
    values = [choice.value for choice in options(question, offered)]
    if kind in MANY:
        return values
    return values[0] if values else None


def words_in(value: Any) -> Iterator[str]:
    """Everything a paper says, but for what somebody said word for word."""
    if isinstance(value, Quote):
        return
    if isinstance(value, Picture):
        yield from (value.alt, value.caption)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from words_in(one)
    elif hasattr(value, "__pydantic_fields__"):
        for name in type(value).__pydantic_fields__:
            if name not in ("what", "kind", "widths"):
                yield from words_in(getattr(value, name))


def keys_of(paper: Document) -> list[str]:
    return [found for said in words_in(paper) for found in KEYS.findall(said)]


def every_form(kept: Kept) -> dict[str, str]:
    """One entry of each form, filled in to the end, in the discussion under way."""
    found = {}
    for form in (load_form(one) for one in form_ids() if one not in LEFT_OUT):
        with kept.source() as source:
            offered = context.context(turn_of(kept, source), kept.room.family(REF), form)
        with kept.room.db.write() as session:
            entry = entries.keep(
                session,
                form=form,
                answers=filled(form.questions, offered),
                person_id=kept.room.people["tomasz"],
                unit_id=kept.room.unit.unit_id,
                now=kept.room.now,
                family_id=kept.room.family(REF),
                discussion_id=kept.discussion,
            )
            found[form.id] = entry.id
    return found


def test_a_form_filled_to_the_end_shows_no_key_and_says_whose_it_is(kept: Kept) -> None:
    shown = {form: kept.document("form", row) for form, row in every_form(kept).items()}
    assert {form: keys_of(paper) for form, paper in shown.items() if keys_of(paper)} == {}
    assert all(f"{REF} (TD, LD, RD)" in paper.subject and paper.by == "Tomasz" and paper.on for paper in shown.values())
    assert keys_of(kept.document("record", kept.discussion)) == []


def test_no_paper_of_the_sample_shows_a_key(kept: Kept) -> None:
    with kept.source() as source:
        papers = [document(source, what, row) for what, row in every_paper(source, None)]
    assert len(papers) > 50
    assert {one.title: keys_of(one) for one in papers if keys_of(one)} == {}


def test_no_list_of_the_sample_shows_a_key(kept: Kept) -> None:
    with kept.source() as source:
        sheets = (
            caseload(source),
            action_list(source),
            tracking_list(source, Asked(source.unit.id, date.min, date.max)),
        )
        said = [str(cell) for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str)]
    assert [found for one in said for found in KEYS.findall(one)] == []


def test_a_key_would_be_found(kept: Kept) -> None:
    with kept.room.reading() as session:
        entry = session.exec(select(Entry)).first()
    assert entry is not None
    said = f"K3107C-1, K3107C-A, P2, {entry.id}, parent_4_17, 2026-11-16, in 3 days, Status: live"
    assert len(KEYS.findall(said)) == 8
