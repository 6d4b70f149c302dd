"""One answer: from what a platform's field carries to what is saved, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from prompts_and_forms.card import Choice
from prompts_and_forms.days import plausible
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.form import FormContext, Question, QuestionKind
from prompts_and_forms.typed import is_empty

TEXTS = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT})
MANY = frozenset(
    {
        QuestionKind.CHOICES,
        QuestionKind.PEOPLE,
        QuestionKind.CHILDREN,
        QuestionKind.CARERS,
        QuestionKind.FAMILIES,
        QuestionKind.DRAWN,
    }
)
YES_NO = (Choice(value="yes", label=forms_wording.YES), Choice(value="no", label=forms_wording.NO))


@dataclass(frozen=True)
class Unread:
    """What was filled in cannot be saved; `sentence` is what the person reads."""

    sentence: str


def options(question: Question, context: FormContext) -> tuple[Choice, ...]:
    """What can be chosen."""
    if question.options:
        return question.options
    if question.kind is QuestionKind.YES_NO:
        return YES_NO
    if question.kind in (QuestionKind.PERSON, QuestionKind.PEOPLE):
        outside = (Choice(value="outside", label=forms_wording.OUTSIDE),) if question.outside else ()
        return (*context.people, *outside)
    return {
        QuestionKind.CHILD: context.children,
        QuestionKind.CHILDREN: context.children,
        QuestionKind.CARER: context.carers,
        QuestionKind.CARERS: (*context.carers, *context.children),
        QuestionKind.FAMILY_MEMBER: (*context.children, *context.carers),
        QuestionKind.FAMILY: context.families,
        QuestionKind.FAMILIES: context.families,
        QuestionKind.OUTCOME: context.outcomes,
        QuestionKind.ACTION: context.open_actions,
        QuestionKind.HYPOTHESIS: context.hypotheses,
        QuestionKind.AGREEMENT: context.agreements,
        QuestionKind.DRAWN: context.drawn,
    }.get(question.kind, ())


def read_value(question: Question, raw: Any, context: FormContext) -> Any:
    """The answer as it is saved, None when there is none, or `Unread`."""
    if raw is None or (isinstance(raw, str) and is_empty(raw)) or raw in ([], ()):
        return None
    kind = question.kind
    if kind in TEXTS:
        return raw
    if kind in MANY:
        return _many(raw, options(question, context))
    if not isinstance(raw, str):
        return Unread(forms_wording.CHOOSE_AGAIN)
    if kind is QuestionKind.DATE:
        return _date(question, raw, context)
    if kind is QuestionKind.TIME:
        return raw if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", raw) else Unread(forms_wording.GIVE_TIME)
    if kind is QuestionKind.WHOLE_NUMBER and not question.options:
        return int(raw) if re.fullmatch(r"\s*[0-9]{1,6}\s*", raw, re.ASCII) else Unread(forms_wording.GIVE_NUMBER)
    if raw not in {choice.value for choice in options(question, context)}:
        return Unread(forms_wording.CHOOSE_AGAIN)
    if kind is QuestionKind.YES_NO:
        return raw == "yes"
    return int(raw) if kind is QuestionKind.WHOLE_NUMBER else raw


def write_value(question: Question, value: Any) -> Any:
    """The flat form of a kept answer."""
    if question.kind is QuestionKind.YES_NO:
        return "yes" if value else "no"
    if question.kind in MANY:
        return list(value)
    return str(value)


def _many(raw: Any, offered: Iterable[Choice]) -> Any:
    chosen = [raw] if isinstance(raw, str) else list(raw)
    values = {choice.value for choice in offered}
    return chosen if all(value in values for value in chosen) else Unread(forms_wording.CHOOSE_AGAIN)


def _date(question: Question, raw: str, context: FormContext) -> Any:
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        return Unread(forms_wording.GIVE_DATE)
    if fault := plausible.date_fault(question.id, day, context.today):
        return Unread(forms_wording.implausible(fault, day))
    if question.not_future and day > context.today:
        return Unread(forms_wording.DAY_TO_COME)
    if question.earliest_today and day < context.today:
        return Unread(forms_wording.DAY_PAST)
    return day.isoformat()
