"""A form as it was handed in: every question that was asked, with its answer or the word that there is none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import zip_longest
from typing import Any

from bot.documents.contents.genogram import kept_then
from bot.documents.contents.short_names import explained
from bot.documents.model import (
    AnyPart,
    Bullets,
    Document,
    Facts,
    Heading,
    Notice,
    Paragraph,
    Signatures,
    Table,
    line,
    say,
)
from bot.documents.source import Source
from handlers.decisions import agreement
from handlers.entries import show
from prompts_and_forms.clinical.wording import version_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.form import Form, Question, QuestionKind
from prompts_and_forms.forms.wording import ALSO_WRITTEN
from prompts_and_forms.genogram.wording import TITLE
from storage.clinical import signings
from storage.database.tables import Entry
from storage.family import families
from storage.forms import corrections, entries, published
from storage.unit import people

SHORT = 90
"""Answers up to this length stand beside their question; longer ones below it."""
MOST_COLUMNS = 5
PRIVATE = (agreement.PRIVATE,)
"""Never part of what is shown to others, so that not even its question is named."""
GENOGRAM = "genogram"
"""The question under which a form shows the family's picture."""
NOT_A_FORM = ("unit_file",)
"""Entries that were loaded, not handed in."""


def form_document(source: Source, entry: Entry) -> Document:
    """Who handed in what, when, and each answer under its question."""
    form = published.form_of(source.session, entry)
    subject = source.unit.name
    if entry.family_id:
        subject = f"{documents_wording.of_family(source.ref(entry.family_id))}, {subject}"
    answers = entries.answers(source.session, entry)
    first: list[AnyPart] = [_front(source, entry, form), *_warnings(source, entry)]
    first += [say(documents_wording.LATE)] if entry.after_confirm else []
    first += _replaced(source, entry)
    parts: list[AnyPart] = []
    writer = _Writer(source, entry)
    for section, step in zip_longest(form.sections, engine.steps(form)):
        parts.append(Heading(text=section.title if section else documents_wording.ANSWERS))
        parts += writer.parts(step.questions, answers)
        parts += _genogram(source, entry, step.questions)
    parts += _also(source, entry)
    parts = [*first, *explained(source.session, entry.family_id, parts), *parts, *_signatures(source, entry)]
    return source.document(f"form-{entry.form.replace('_', '-')}", form.title, parts, subject=subject)


def _front(source: Source, entry: Entry, form: Form) -> Facts:
    """Which form, by whom and when; for one that was put right, in place of what and why."""
    rows = [("Handed in by", _name(source, entry)), ("Handed in on", _when(source, entry))]
    if entry.family_id:
        rows.insert(0, ("Case reference", source.ref(entry.family_id)))
    rows.append(("Form", f"{form.title}, version {entry.form_version} of its questions"))
    for one in corrections.earlier(source.session, entry)[:1]:
        rows.append(
            (documents_wording.IN_PLACE_OF, documents_wording.handed_in(_name(source, one), _when(source, one)))
        )
    if why := _why(source, entry):
        rows.append((documents_wording.WHY_ANEW, why))
    return Facts(rows=tuple(rows))


def _replaced(source: Source, entry: Entry) -> list[AnyPart]:
    """Above a form that holds no more: what became of it, who did that, when and why."""
    newer = source.session.get(Entry, entry.replaced_by_id) if entry.replaced_by_id else None
    if newer is None:
        return []
    if newer.form == corrections.MISTAKE:
        why = str(entries.answers(source.session, newer).get("reason") or "")
        return [say(documents_wording.taken_out(_name(source, newer), _when(source, newer), why))]
    return [say(documents_wording.replaced(_name(source, newer), _when(source, newer), _why(source, newer)))]


def _name(source: Source, entry: Entry) -> str:
    return people.name_of(source.session, entry.recorded_by_id)


def _when(source: Source, entry: Entry) -> str:
    return documents_wording.when_words(source.at(entry.recorded_at))


def _why(source: Source, entry: Entry) -> str:
    """Why a form was written anew; "" for a first one, or where no reason was asked for."""
    signing = signings.of_entry(source.session, entry.id)
    return signings.why(source.session, signing) if signing else corrections.why(source.session, entry)


def _warnings(source: Source, entry: Entry) -> list[AnyPart]:
    lines = families.safe_contact_warnings(source.session, entry.family_id) if entry.family_id else []
    return [Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(lines))] if lines else []


def _also(source: Source, entry: Entry) -> list[AnyPart]:
    """What was written in an earlier version of the form, each under its question."""
    parts: list[AnyPart] = []
    for one in entries.also(source.session, entry):
        parts.append(Heading(text=capital(one.label), level=2))
        parts += [Paragraph(runs=line(text)) for text in one.text.split("\n\n") if text.strip()]
    return [Heading(text=ALSO_WRITTEN), *parts] if parts else []


def _genogram(source: Source, entry: Entry, questions: Iterable[Question]) -> list[AnyPart]:
    """The family's genogram where the form asks for one: as it was at the first signature, or as it is now."""
    if entry.family_id is None or all(question.id != GENOGRAM for question in questions):
        return []
    signing = signings.of_entry(source.session, entry.id)
    signed = signing.signed if signing else []
    shown = kept_then(source, entry.family_id, datetime.fromisoformat(signed[0]["at"]) if signed else None)
    if shown is None:
        return []
    return [shown] if shown.wide else [Heading(text=TITLE, level=2), shown]


def _signatures(source: Source, entry: Entry) -> list[AnyPart]:
    """Who signed in the bot, and a line for whoever has not yet; nothing for a form nobody signs."""
    signing = signings.of_entry(source.session, entry.id)
    if signing is None:
        return []
    signed = {one["role"]: one for one in signing.signed}
    rows = []
    for role in signing.wanted:
        one = signed.get(role)
        name = people.name_of(source.session, one["person"]) if one else ""
        when = documents_wording.when_words(source.at(datetime.fromisoformat(one["at"]))) if one else ""
        rows.append((capital(role.replace("_", " ")), name, when))
    parts: list[AnyPart] = [Heading(text=documents_wording.SIGNATURES)]
    if signing.no > 1:
        parts.append(say(version_words(signing.no, signings.why(source.session, signing))))
    return [*parts, Signatures(rows=tuple(rows), words=documents_wording.SIGNED_BELOW)]


class _Writer:
    """Writes the answers of one entry."""

    def __init__(self, source: Source, entry: Entry) -> None:
        self._source, self._entry = source, entry

    def parts(self, questions: Iterable[Question], answers: dict[str, Any]) -> list[AnyPart]:
        found: list[AnyPart] = []
        beside: list[tuple[str, str]] = []
        for question in questions:
            value = answers.get(question.id)
            if question.id in PRIVATE or (not _answered(value) and not _asked(question, answers)):
                continue
            written = self._below(question, value)
            if written is None:
                beside.append((capital(question.label), self._words(question, value)))
                continue
            if beside:
                found.append(Facts(rows=tuple(beside)))
                beside = []
            found += written
        return [*found, Facts(rows=tuple(beside))] if beside else found

    def _below(self, question: Question, value: Any) -> list[AnyPart] | None:
        """What needs the width of the page; None for what stands beside its label."""
        head = Heading(text=capital(question.label), level=2)
        if question.kind is QuestionKind.WORDS:
            return [say(question.label, quiet=True)]
        if question.kind is QuestionKind.GROUP:
            rows = [value] if isinstance(value, dict) else list(value or [])
            return [head, *self._group(question, rows)] if rows else None
        if question.kind is QuestionKind.LINES:
            return [head, Bullets(items=tuple(line(str(one)) for one in value))] if value else None
        words = self._words(question, value)
        if len(words) <= SHORT and "\n" not in words:
            return None
        return [head, *(Paragraph(runs=line(one)) for one in words.split("\n\n") if one.strip())]

    def _group(self, group: Question, rows: list[dict[str, Any]]) -> list[AnyPart]:
        used = [q for q in group.questions if any(_answered(row.get(q.id)) or _asked(q, row) for row in rows)]
        cells = [[self._cell(q, row) for q in used] for row in rows]
        subjects = [self._subject(group, row) for row in rows]
        if group.per:
            cells = [[subject, *row] for subject, row in zip(subjects, cells, strict=True)]
        head = [*([_PER[group.per]] if group.per else []), *(capital(q.label) for q in used)]
        if not group.single and 1 < len(head) <= MOST_COLUMNS:
            return [Table(head=tuple(head), rows=tuple(tuple(row) for row in cells), words=group.label)]
        return self._rows(group, used, rows, subjects)

    def _rows(
        self, group: Question, used: list[Question], rows: list[dict[str, Any]], subjects: list[str]
    ) -> list[AnyPart]:
        found: list[AnyPart] = []
        for number, (row, subject) in enumerate(zip(rows, subjects, strict=True), start=1):
            if not group.single:
                found.append(Heading(text=subject or f"{group.row or group.label} {number}", level=3))
            found += self.parts(used, row)
        return found

    def _subject(self, group: Question, row: dict[str, Any]) -> str:
        if not group.per:
            return ""
        found = str(row.get(group.per.removeprefix("open_")) or "")
        return show.subject_words(self._source.session, group.per, found)

    def _cell(self, question: Question, row: dict[str, Any]) -> str:
        """Empty only where the row's other answers left nothing to ask."""
        value = row.get(question.id)
        return self._words(question, value) if _answered(value) or _asked(question, row) else ""

    def _words(self, question: Question, value: Any) -> str:
        if not _answered(value):
            return documents_wording.NOT_ANSWERED
        if question.kind in (QuestionKind.LINES, QuestionKind.GROUP):
            return "; ".join(str(one) for one in value)
        words = show.value_words(self._source.session, self._entry, question, value)
        return capital(words) if question.kind is QuestionKind.YES_NO else words


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


_PER = {"child": "Child", "carer": "Parent or carer", "open_action": "Action"}


def _asked(question: Question, answers: dict[str, Any]) -> bool:
    """Whether its condition held, as far as the answers beside it tell."""
    return all(_fits(answers.get(other), wanted) for other, wanted in (question.when or {}).items())


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, list | tuple):
        return any(_fits(value, one) for one in wanted)
    if isinstance(value, list | tuple):
        return wanted in value
    return bool(value == wanted or (value is not None and not isinstance(value, bool) and str(value) == str(wanted)))


def _answered(value: Any) -> bool:
    return value is not None and value != "" and value != [] and value != {}
