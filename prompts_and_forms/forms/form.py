"""A form: questions with conditions, groups that repeat, and checks. Pure: answers in, fields or faults out.

Three shapes of an answer, and the two functions between them:

- nested: what is kept, e.g. ``{"immediate_concern": False, "seen": [{"child": "K3107C-1", "date": "2026-11-15"}]}``
- flat:   what a platform's form carries, ``{"immediate_concern": "no", "seen#K3107C-1#date": "2026-11-15"}``.
  A row of a group that repeats is numbered ("views#0#view"); a row for a child, carer or open action goes by its id,
  so that an answer can never slide to another row while a form is open.
- fields: what is drawn, a `FormView` of `Field`s with flat keys

`fields(form, context, flat, boxes)` draws; `read(form, context, flat)` checks and nests; `flatten(form, context,
nested)` goes back (prefill, corrections, rehearsal). They are in form_engine.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from prompts_and_forms.card import Block, Choice


class QuestionKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    LINES = "lines"
    """Several short texts, one box each; kept as a list of strings."""
    WHOLE_NUMBER = "whole_number"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    PEOPLE = "people"
    CHILD = "child"
    CHILDREN = "children"
    """Several of the family's children."""
    CARER = "carer"
    CARERS = "carers"
    """Several of the family's carers and children."""
    FAMILY_MEMBER = "family_member"
    """One of the family's children or carers."""
    FAMILY = "family"
    FAMILIES = "families"
    """Several of the unit's open families."""
    OUTCOME = "outcome"
    ACTION = "action"
    HYPOTHESIS = "hypothesis"
    AGREEMENT = "agreement"
    DRAWN = "drawn"
    """Several of the people in the family's genogram."""
    WORK = "work"
    """What somebody who leaves has in hand: only what a group has rows for."""
    GROUP = "group"
    WORDS = "words"
    """Read-only text, no answer."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(Model):
    """`id` is the name the answer is kept under. Text kinds take 1..3000 characters a box.

    GROUP: `per` = child | carer | open_action | person | work gives one fixed group for each; `single` gives one group,
    kept as a dictionary and not as a list; otherwise it repeats, `boxes` of them at first, up to `most`, each called
    `row`.
    LINES: `boxes` boxes at first, up to `most`. `when` = {other question id: value} shows it only then; "*" is any
    answer. A WHOLE_NUMBER with options is chosen in words and kept as a number. `long` = answers often go beyond one
    box: it says how to go on, and has a button for more room.
    """

    id: str
    kind: QuestionKind
    label: str
    help: str = ""
    required: bool = False
    options: tuple[Choice, ...] = ()
    per: str | None = None
    single: bool = False
    row: str = ""
    questions: tuple[Question, ...] = ()
    boxes: int = 1
    most: int = 10
    when: dict[str, Any] | None = None
    outside: bool = False
    """A person question that also offers "someone outside the unit" (kept as `outside`)."""
    bare: bool = False
    """A group whose questions say themselves what they are about: nothing stands above it."""
    later: bool = False
    """Asked once somebody wants to add more, or where it has an answer already: a form opens short."""
    earliest_today: bool = False
    not_future: bool = False
    long: bool = False
    personal: bool = False
    """Addresses and telephone numbers belong here, so they are not refused; an NHS number or a date of birth is."""


class Section(Model):
    """One part of a long form: its questions by id, in the order of the form."""

    title: str
    questions: tuple[str, ...]
    joins: bool = False
    """Asked in one step with the part before it, below a title of its own."""


class Form(Model):
    """`title` at most 24 characters (a form's window title). `id` and `version` stay with the answers for ever.

    With `sections` the form is asked a step at a time, one part or several a step. `signed_by` = the roles that sign
    it, in this order: it is fixed once the first has signed.
    """

    id: str
    version: int = 1
    title: str
    intro: str = ""
    submit: str = "Save"
    questions: tuple[Question, ...]
    sections: tuple[Section, ...] = ()
    signed_by: tuple[str, ...] = ()

    def asks_for(self) -> frozenset[QuestionKind]:
        """The kinds of its questions, and of what its groups are made for: which lists the form needs."""
        return frozenset(_kinds(self.questions))


PER = {
    "child": QuestionKind.CHILD,
    "carer": QuestionKind.CARER,
    "open_action": QuestionKind.ACTION,
    "person": QuestionKind.PERSON,
    "work": QuestionKind.WORK,
}


def _kinds(questions: tuple[Question, ...]) -> Iterator[QuestionKind]:
    for question in questions:
        yield question.kind
        if question.per:
            yield PER[question.per]
        yield from _kinds(question.questions)


class FormContext(Model):
    """What a form needs to know to offer choices. Values are ids; labels are what people read."""

    today: date
    people: tuple[Choice, ...] = ()
    children: tuple[Choice, ...] = ()
    carers: tuple[Choice, ...] = ()
    outcomes: tuple[Choice, ...] = ()
    open_actions: tuple[Choice, ...] = ()
    hypotheses: tuple[Choice, ...] = ()
    agreements: tuple[Choice, ...] = ()
    families: tuple[Choice, ...] = ()
    drawn: tuple[Choice, ...] = ()
    work: tuple[Choice, ...] = ()


class FieldKind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    ONE = "one"
    MANY = "many"
    TEXT_ONLY = "words"
    MORE = "more"
    """A button that asks for one more box of `key` (arrives as a CHANGE event, args["more"] = key)."""


class Field(Model):
    """One thing drawn in a form. `key` is flat and unique in the view; `value` str, list of str, or None."""

    key: str
    kind: FieldKind
    label: str
    help: str = ""
    required: bool = False
    options: tuple[Choice, ...] = ()
    value: str | tuple[str, ...] | None = None
    max_length: int = 3000
    redraws: bool = False
    """A change of this field shows or hides others: the adapter asks for the form to be drawn again."""
    urgent: bool = False
    """The answer in it waits for nothing else: the adapter hands the form in, whatever more it would ask."""
    placeholder: str = ""
    """What stands in an empty menu, where its label names only whom or what it is about."""
    compact: bool = False
    """A menu, also where there are few choices: the same ones stand in many fields."""


class FormView(Model):
    """An open form. `form` and `args` (draft id, draft version, ids) come back with every event from it."""

    form: str
    title: str
    submit: str = "Save"
    intro: tuple[Block, ...] = ()
    fields: tuple[Field, ...] = ()
    args: dict[str, str] = {}
    steps: tuple[Choice, ...] = ()
    """Buttons that lead elsewhere in the form (back, save): a press arrives as a CHANGE event, args["step"] = value."""


Question.model_rebuild()
