"""From a written turn to the answers a person would give in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from prompts_and_forms.forms.form import Form, Question, QuestionKind

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
        """A day of the file, as a form takes it."""
        return (self.day + timedelta(days=days)).isoformat()

    def at(self, minute: int) -> str:
        """A minute of the meeting as a time of day."""
        return (self.start + timedelta(minutes=minute)).strftime("%H:%M")


class NotInForm(Exception):
    """The written turn holds something the form has no place for."""


PLAIN = {
    "initial_consultation": "discussion",
    "permission_to_share": "note",
    "tracking_entry": "description",
}
"""Forms a file may fill with words of its own: what has no field goes into this one, with its name."""


def answers(form: Form, data: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The nested answers of `form` for a turn's `data`; raises NotInForm for what has no place."""
    if form.id in PLAIN:
        return _plain(form, data, names)
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


def _plain(form: Form, data: Mapping[str, Any], names: Names) -> dict[str, Any]:
    known = {q.id: q for q in form.questions}
    found: dict[str, Any] = {}
    lines: list[str] = []
    for key, value in data.items():
        question = known.get(_our_key(key, known))
        if value is None or key in IGNORED:
            continue
        fitting = _fitting(question, value, names, f"{form.id}.{key}") if question else None
        if question is None or fitting is None:
            lines.append(f"{key}: {_words(value)}")
        else:
            found[question.id] = fitting
    free = PLAIN[form.id]
    found[free] = "\n".join([*([found[free]] if found.get(free) else []), *lines])
    for question in form.questions:
        if question.required and not found.get(question.id) and _is_asked(question, found):
            found[question.id] = _stand_in(question, names)
    return {key: value for key, value in found.items() if value != ""}


def _is_asked(question: Question, found: Mapping[str, Any]) -> bool:
    """Whether the form shows a question that hangs on another answer."""
    wanted = (question.when or {}).items()
    return all(found.get(key) in (value if isinstance(value, list | tuple) else (value,)) for key, value in wanted)


def _fitting(question: Question, value: Any, names: Names, place: str) -> Any:
    """The value as the question takes it, None where it does not."""
    options = {o.value for o in question.options}
    if question.kind is QuestionKind.CHOICE:
        word = str(value).strip().lower().replace(" ", "_")
        return word if word in options else None
    if question.kind is QuestionKind.CHOICES:
        given = [str(v) for v in value] if isinstance(value, list) else [str(value)]
        return given if set(given) <= options else None
    if question.kind in (QuestionKind.CHILDREN, QuestionKind.CARERS, QuestionKind.CARER):
        given = value if isinstance(value, list) else [value]
        return given if all("-" in str(v) for v in given) else None
    if question.kind is QuestionKind.PERSON:
        return names.people.get(value)
    if question.kind is QuestionKind.LINES:
        return [str(v) for v in value] if isinstance(value, list) else [str(value)]
    if question.kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT):
        return value if isinstance(value, str) else None
    return _value(question, value, names, place)


def _words(value: Any) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _stand_in(question: Question, names: Names) -> Any:
    if question.kind is QuestionKind.DATE:
        return names.on(0)
    if question.kind is QuestionKind.PERSON:
        return next(iter(names.people.values()))
    if question.kind is QuestionKind.PEOPLE:
        return [next(iter(names.people.values()))]
    if question.options:
        return question.options[-1].value
    return "(nothing written)"
