"""Forms and answers as FHIR R4B: a Questionnaire for each form, a QuestionnaireResponse for each one handed in.

A Group for each family and an Observation for each score stand beside them (fhir_scores.py).

Everything goes into one Bundle of type "collection". Each response points at the form as it was asked: a form's version
is its number with the beginning of its hash, so that other words for the same questions are another version. A family
is the subject, as a Group with its case reference for an identifier; people are named by their display only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.documents import fhir_scores
from bot.documents.contents.answers import NOT_A_FORM, PRIVATE, capital
from bot.documents.source import Source
from handlers.entries import show
from prompts_and_forms.forms.form import Form, Question, QuestionKind
from prompts_and_forms.forms.published_forms import hash_of
from prompts_and_forms.typed import printable
from storage.database.tables import Entry, Family
from storage.export.meetings import PRIVATE_FORMS
from storage.family import families
from storage.forms import entries, published
from storage.unit import people

Json = dict[str, Any]
BASE = "urn:unit-meeting-bot"
TYPES = {
    QuestionKind.TEXT: "string",
    QuestionKind.LONG_TEXT: "text",
    QuestionKind.LINES: "text",
    QuestionKind.WHOLE_NUMBER: "integer",
    QuestionKind.DATE: "date",
    QuestionKind.TIME: "time",
    QuestionKind.YES_NO: "boolean",
    QuestionKind.CHOICE: "choice",
    QuestionKind.CHOICES: "choice",
    QuestionKind.GROUP: "group",
    QuestionKind.WORDS: "display",
}
"""Whatever points at a person, a child, an action or an idea is answered in words: "string"."""
SEVERAL = (QuestionKind.LINES, QuestionKind.CHOICES, QuestionKind.PEOPLE, QuestionKind.CHILDREN, QuestionKind.CARERS)
HASH_SHOWN = 8
SUBJECT = "subject"
"""The link under a group's row for a child, carer or action: which one it is about."""


def bundle(source: Source, family_ref: str | None = None) -> Json:
    """The forms, the families, every form that was handed in, and every score."""
    found = list(_entries(source, family_ref))
    used = {_form_id(form): form for form in (published.form_of(source.session, entry) for entry in found)}
    resources = [questionnaire(used[name]) for name in sorted(used)]
    held = fhir_scores.families_of(source, family_ref)
    resources += [fhir_scores.group(source, family) for family in held]
    resources += [response(source, entry) for entry in found]
    resources += [score for family in held for score in fhir_scores.observations(source, family)]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _instant(source.at(source.now)),
        "entry": [{"fullUrl": _url(one), "resource": one} for one in resources],
    }


def _entries(source: Source, family_ref: str | None) -> Iterator[Entry]:
    wanted = select(Entry).where(Entry.unit_id == source.unit.id, col(Entry.form).not_in((*NOT_A_FORM, *PRIVATE_FORMS)))
    if family_ref:
        family = families.by_ref(source.session, source.unit.id, family_ref)
        wanted = wanted.where(Entry.family_id == (family.id if family else ""))
    yield from source.session.exec(wanted.order_by(col(Entry.recorded_at), col(Entry.id)))


def _url(resource: Json) -> str:
    return f"{BASE}:{resource['resourceType'].lower()}:{resource['id']}"


def _instant(at: datetime) -> str:
    return at.replace(microsecond=0).isoformat()


# ---- the form


def questionnaire(form: Form) -> Json:
    """A form as it was asked."""
    items = _items(form.questions, "")
    return {
        "resourceType": "Questionnaire",
        "id": _form_id(form),
        "url": f"{BASE}:form:{form.id}",
        "version": _version(form),
        "name": "".join(part.capitalize() for part in form.id.split("_")),
        "title": form.title,
        "status": "active",
        "subjectType": ["Group"],
        **({"description": form.intro} if form.intro.strip() else {}),
        **({"item": items} if items else {}),
    }


def _form_id(form: Form) -> str:
    return f"{form.id.replace('_', '-')}-{_version(form)}"


def _version(form: Form) -> str:
    return f"{form.version}-{hash_of(form)[:HASH_SHOWN]}"


def _items(questions: Iterable[Question], prefix: str) -> list[Json]:
    return [_item(question, prefix) for question in questions if question.id not in PRIVATE]


def _item(question: Question, prefix: str) -> Json:
    link = f"{prefix}{question.id}"
    item: Json = {"linkId": link, "text": capital(question.label), "type": _type(question)}
    if item["type"] == "display":
        return item
    if question.required:
        item["required"] = True
    if question.kind in SEVERAL or (question.kind is QuestionKind.GROUP and not question.single):
        item["repeats"] = True
    if item["type"] == "choice":
        options = question.options
        item["answerOption"] = [{"valueCoding": {"code": _code(o.value), "display": o.label}} for o in options]
    if question.kind is QuestionKind.GROUP:
        inner = _items(question.questions, f"{link}.")
        about = {"linkId": f"{link}.{SUBJECT}", "text": "About", "type": "string"}
        item["item"] = [about, *inner] if question.per else inner
    conditions = _conditions(question, prefix)
    if conditions:
        item["enableWhen"] = conditions
        item["enableBehavior"] = "any"
    return item


def _type(question: Question) -> str:
    if question.kind is QuestionKind.WHOLE_NUMBER and question.options:
        return "choice"
    return TYPES.get(question.kind, "string")


def _conditions(question: Question, prefix: str) -> list[Json]:
    found = []
    for other, wanted in (question.when or {}).items():
        for one in wanted if isinstance(wanted, list | tuple) else (wanted,):
            answer = {"answerBoolean": one} if isinstance(one, bool) else {"answerCoding": {"code": _code(str(one))}}
            found.append({"question": f"{prefix}{other}", "operator": "=", **answer})
    return found


def _code(value: str) -> str:
    return " ".join(value.split())


# ---- the answers


def response(source: Source, entry: Entry) -> Json:
    """One form as it was handed in. A newer writing of it does not change it."""
    session = source.session
    writer, form = _Writer(session, entry), published.form_of(session, entry)
    items = writer.items(form.questions, entries.answers(session, entry), "")
    return {
        "resourceType": "QuestionnaireResponse",
        "id": entry.id,
        "questionnaire": f"{BASE}:form:{entry.form}|{_version(form)}",
        "status": "amended" if entry.replaced_by_id else "completed",
        **_subject(session, entry),
        "authored": _instant(source.at(entry.recorded_at)),
        "author": {"display": printable(people.name_of(session, entry.recorded_by_id))},
        **({"item": items} if items else {}),
        **_also(session, entry),
    }


def _also(session: Session, entry: Entry) -> Json:
    """What was written in an earlier version of the form: no question of this one asks it, so it stands beside."""
    pairs = [(printable(one.label), printable(one.text)) for one in entries.orphaned_answers(session, entry)]
    found = [
        {
            "url": f"{BASE}:also-written",
            "extension": [{"url": "question", "valueString": label}, {"url": "answer", "valueString": text}],
        }
        for label, text in pairs
    ]
    return {"extension": found} if found else {}


def _subject(session: Session, entry: Entry) -> Json:
    family = session.get(Family, entry.family_id) if entry.family_id else None
    if family is None:
        return {}
    ref = printable(families.body(session, family).ref)
    return {"subject": {"type": "Group", "identifier": {"system": f"{BASE}:case-reference", "value": ref}}}


class _Writer:
    def __init__(self, session: Session, entry: Entry) -> None:
        self._session, self._entry = session, entry

    def items(self, questions: Iterable[Question], answers: Json, prefix: str) -> list[Json]:
        found: list[Json] = []
        for question in questions:
            value = answers.get(question.id)
            if question.id in PRIVATE or question.kind is QuestionKind.WORDS or value in (None, "", [], {}):
                continue
            if question.kind is QuestionKind.GROUP:
                found += self._group(question, value, prefix)
            elif values := self._values(question, value):
                link = f"{prefix}{question.id}"
                found.append({"linkId": link, "text": capital(question.label), "answer": values})
        return found

    def _group(self, group: Question, value: Any, prefix: str) -> list[Json]:
        link = f"{prefix}{group.id}"
        found = []
        for row in [value] if isinstance(value, dict) else value:
            inner = self.items(group.questions, row, f"{link}.")
            if group.per:
                subject = str(row.get(group.per.removeprefix("open_")) or "")
                words = printable(show.subject_words(self._session, group.per, subject))
                about = {"linkId": f"{link}.{SUBJECT}", "text": "About", "answer": [{"valueString": words}]}
                inner = [about, *inner] if words.strip() else inner
            if inner:
                found.append({"linkId": link, "text": capital(group.label), "item": inner})
        return found

    def _values(self, question: Question, value: Any) -> list[Json]:
        several = value if isinstance(value, list | tuple) else [value]
        return [one for one in (self._value(question, each) for each in several) if one]

    def _value(self, question: Question, value: Any) -> Json:
        kind = _type(question)
        if kind == "boolean":
            return {"valueBoolean": bool(value)}
        if kind == "integer":
            return {"valueInteger": int(value)}
        if kind == "date":
            return {"valueDate": str(value)}
        if kind == "time":
            return {"valueTime": f"{value}:00" if str(value).count(":") == 1 else str(value)}
        words = printable(show.value_words(self._session, self._entry, question, value))
        if not words.strip():
            return {}
        if kind == "choice":
            return {"valueCoding": {"code": _code(str(value)), "display": words}}
        return {"valueString": words}
