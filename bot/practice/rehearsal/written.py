"""From a written turn to the answers a person would give in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from prompts_and_forms.form import Form, Question, QuestionKind

IGNORED = frozenset({"key"})
IMPLIED = {"contract": frozenset({"status"}), "reassign": frozenset({"from"})}
"""What the bot knows without being told: a new agreement is offered, an action has an owner already."""
REFERENCES = {
    QuestionKind.ACTION: "actions",
    QuestionKind.HYPOTHESIS: "hypotheses",
    QuestionKind.AGREEMENT: "agreements",
}
PERSON_KINDS = frozenset({QuestionKind.PERSON, QuestionKind.PEOPLE})


@dataclass
class Names:
    """What the file calls things -> what the bot calls them. Filled by loading, and by what a rehearsal makes."""

    day: date
    start: datetime
    people: dict[str, str]
    families: dict[str, str]
    hypotheses: dict[str, str] = field(default_factory=dict)
    agreements: dict[str, str] = field(default_factory=dict)
    actions: dict[str, str] = field(default_factory=dict)

    def on(self, days: int) -> str:
        return (self.day + timedelta(days=days)).isoformat()

    def at(self, minute: int) -> str:
        return (self.start + timedelta(minutes=minute)).strftime("%H:%M")


class NotInForm(Exception):
    """The written turn holds something the form has no place for."""


def answers(form: Form, data: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The nested answers of `form` for a turn's `data`; raises NotInForm for what has no place."""
    known = IMPLIED.get(form.id, frozenset())
    return _rows(form.questions, {k: v for k, v in data.items() if k not in known}, names, form.id)


def _rows(questions: tuple[Question, ...], data: Mapping[str, Any], names: Names, place: str) -> dict[str, Any]:
    known = {q.id: q for q in questions}
    found: dict[str, Any] = {}
    for key, value in data.items():
        if key in IGNORED or value is None:
            continue
        question = known.get(_our_key(key, known))
        if question is None:
            if key in ("child", "carer", "action"):
                found[key] = names.actions.get(value, value) if key == "action" else value
                continue
            raise NotInForm(f"{place}.{key}")
        found[question.id] = _value(question, value, names, f"{place}.{key}")
    return found


def _our_key(key: str, known: Mapping[str, Question]) -> str:
    """A row says `days` or `minute` where the form asks for a date or a time; a view is of a `child` or a `carer`."""
    if key in known:
        return key
    return {"days": "date", "minute": "time"}.get(key, key)


def _value(question: Question, value: Any, names: Names, place: str) -> Any:
    kind = question.kind
    if kind is QuestionKind.GROUP:
        if question.single:
            return _rows(question.questions, value, names, place)
        return [_rows(question.questions, row, names, place) for row in value]
    if kind is QuestionKind.DATE:
        days = value["days"] if isinstance(value, Mapping) else value
        return None if days is None else names.on(int(days))
    if kind is QuestionKind.TIME:
        return names.at(int(value))
    if kind in PERSON_KINDS:
        return [names.people.get(v, v) for v in value] if isinstance(value, list) else names.people.get(value, value)
    if kind in REFERENCES:
        return getattr(names, REFERENCES[kind]).get(value, value)
    if kind in (QuestionKind.CHOICE,) and not isinstance(value, str):
        return str(value)
    return value
