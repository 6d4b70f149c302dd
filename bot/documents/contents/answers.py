"""A form on paper: each answer under its question, and what was left open where that matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from bot.documents.contents.genogram import kept_then
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
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.catalogue import has_own_words
from prompts_and_forms.forms.form import Form, Question, QuestionKind
from prompts_and_forms.forms.wording import ALSO_WRITTEN
from prompts_and_forms.genogram.wording import TITLE
from prompts_and_forms.measures import catalogue
from storage.clinical import signings
from storage.database.tables import Entry
from storage.family import families
from storage.forms import corrections, entries, published

SHORT = 90
"""Answers up to this length stand beside their question; longer ones below it."""
MOST_COLUMNS = 5
PRIVATE = (agreement.PRIVATE,)
"""Never part of what is shown to others, so that not even its question is named."""
COUNTED = ("seen", "manager_needed_today", "words")
"""Where an empty answer matters: when each child was last seen, by whom and whether alone, if a manager is needed, and
what a child said or showed.
"""
MEMBER, OUTSIDE = "member", "outside"
BY_NAME = (
    QuestionKind.CHILD,
    QuestionKind.CHILDREN,
    QuestionKind.CARER,
    QuestionKind.CARERS,
    QuestionKind.FAMILY_MEMBER,
)
"""Questions answered with somebody of the family."""
SignatureRow = tuple[str, str, str, str]
GENOGRAM = "genogram"
"""The question under which a form shows the family's picture."""
SIGNED_BY_WRITER, CLINICIAN = ("initial_consultation",), "clinician"
NOT_A_FORM = ("unit_file",)
"""Entries that were loaded, not handed in."""


def form_document(source: Source, entry: Entry) -> Document:
    """Who wrote what, when, and each answer under its question; what was not answered only where that matters."""
    form = published.form_of(source.session, entry)
    first: list[AnyPart] = [_front(source, entry), *_warnings(source, entry)]
    first += [say(documents_wording.LATE)] if entry.after_confirm else []
    first += _replaced(source, entry)
    last = [*_signatures(source, entry), say(documents_wording.asked_with(entry.form_version), quiet=True)]
    return source.document(
        f"form-{entry.form.replace('_', '-')}",
        paper_title(form),
        [*first, *entry_parts(source, entry, form), *last],
        subject="" if entry.family_id else source.unit.name,
        family_id=entry.family_id,
        on=source.at(entry.recorded_at).date(),
        by=_name(source, entry),
    )


def entry_parts(source: Source, entry: Entry, form: Form, left_out: frozenset[str] = frozenset()) -> list[AnyPart]:
    """The answers of an entry, section by section where the form has sections. `left_out`: questions told elsewhere."""
    answers = entries.answers(source.session, entry)
    writer = Writer(source, entry, form, left_out)
    parts: list[AnyPart] = []
    for section, step in zip_longest(form.sections, engine.parts(form)):
        found = [*writer.parts(step.questions, answers), *_genogram(source, entry, step.questions)]
        parts += [Heading(text=section.title), *found] if section and found else found
    return [*parts, *_also(source, entry)]


def _front(source: Source, entry: Entry) -> Facts:
    """Whom it is about, by whom and when; for one that was changed, what it replaces and why."""
    rows = about_family(source, entry.family_id)
    rows += [
        (documents_wording.WRITTEN_BY, _name(source, entry)),
        (documents_wording.WRITTEN_ON, _when(source, entry)),
    ]
    for one in corrections.earlier(source.session, entry)[:1]:
        rows.append(
            (documents_wording.IN_PLACE_OF, documents_wording.handed_in(_name(source, one), _when(source, one)))
        )
    if why := _why(source, entry):
        rows.append((documents_wording.WHY_ANEW, why))
    return Facts(rows=tuple(rows), front=True)


def paper_title(form: Form) -> str:
    """What a form is called on paper; a council's own words stand as they are."""
    return form.title if has_own_words(form.id) else documents_wording.PAPER_TITLES.get(form.id, form.title)


def about_family(source: Source, family_id: str | None) -> list[tuple[str, str]]:
    """Whom a paper is about: the children, and their parents and carers, by initials."""
    names = source.names(family_id)
    rows = ((documents_wording.CHILDREN, names.children), (documents_wording.CARERS, names.carers))
    return [(label, ", ".join(found)) for label, found in rows if found]


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
    return source.name(entry.recorded_by_id)


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
    for one in entries.orphaned_answers(source.session, entry):
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
    """Who signed, and a line for whoever has not yet; nothing for a form nobody signs."""
    signing = signings.of_entry(source.session, entry.id)
    if signing is None:
        return _writer_signs(source, entry)
    signed = {one["role"]: one for one in signing.signed}
    rows = [_signature(source, role, signed.get(role)) for role in signing.wanted]
    parts: list[AnyPart] = [Heading(text=documents_wording.SIGNATURES)]
    if signing.no > 1:
        parts.append(say(version_words(signing.no, signings.why(source.session, signing))))
    open_lines = documents_wording.SIGN_HERE if len(signed) < len(signing.wanted) else ""
    return [*parts, Signatures(rows=tuple(rows), words=open_lines)]


def _writer_signs(source: Source, entry: Entry) -> list[AnyPart]:
    """The clinician under a consultation: handing it in was the signature, where they did it themselves."""
    if entry.form not in SIGNED_BY_WRITER:
        return []
    clinician = str(entries.answers(source.session, entry).get(CLINICIAN) or "")
    part = capital(CLINICIAN)
    row = (part, source.name_and_role(clinician, part) if clinician else "", "", "")
    if clinician and clinician == entry.recorded_by_id:
        row = signature(source, part, clinician, entry.recorded_at)
    return [Heading(text=documents_wording.SIGNATURES), Signatures(rows=(row,))]


def _signature(source: Source, role: str, one: Mapping[str, str] | None) -> SignatureRow:
    part = capital(role.replace("_", " "))
    if one is None:
        return part, "", "", ""
    return signature(source, part, one["person"], datetime.fromisoformat(one["at"]))


def signature(source: Source, part: str, person_id: str | None, at: datetime | None) -> SignatureRow:
    """A line of the signature table; empty but for its part where nobody has signed."""
    if person_id is None or at is None:
        return part, "", "", ""
    then = source.at(at)
    who = source.name_and_role(person_id, part)
    return part, who, documents_wording.signed_at(then), day_words.in_full(then.date())


class Writer:
    """Writes the answers of one entry."""

    def __init__(self, source: Source, entry: Entry, form: Form, left_out: frozenset[str] = frozenset()) -> None:
        self._source, self._entry = source, entry
        self._names = source.names(entry.family_id)
        self._signed, self._left_out = bool(form.signed_by), left_out

    def parts(self, questions: Iterable[Question], answers: dict[str, Any]) -> list[AnyPart]:
        """Answers in their order. A form that people sign names what was left open, in one line at the end."""
        found: list[AnyPart] = []
        beside: list[tuple[str, str]] = []
        empty: list[str] = []
        for question in questions:
            value = answers.get(question.id)
            if question.id in PRIVATE or question.id in self._left_out:
                continue
            if not answered(value) and question.kind is not QuestionKind.WORDS:
                if _asked(question, answers) and self._signed and question.kind is not QuestionKind.DRAWN:
                    empty.append(beside_label(question.label))
                elif (question.required or question.id in COUNTED) and _asked(question, answers):
                    beside.append((beside_label(question.label), documents_wording.NOT_ANSWERED))
                continue
            written = self._below(question, value)
            if written is None:
                beside.append((beside_label(question.label), self._words(question, value)))
                continue
            if beside:
                found.append(Facts(rows=tuple(beside)))
                beside = []
            found += written
        if beside:
            found.append(Facts(rows=tuple(beside)))
        if empty:
            found.append(say(documents_wording.left_open(empty), quiet=True))
        return found

    def _below(self, question: Question, value: Any) -> list[AnyPart] | None:
        """What needs the width of the page; None for what stands beside its label."""
        head = Heading(text=beside_label(question.label), level=2)
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
        counts = group.id in COUNTED
        used = [q for q in group.questions if any(answered(row.get(q.id)) for row in rows) or counts]
        joined = {MEMBER, OUTSIDE} <= {q.id for q in group.questions}
        if joined:
            used = [q for q in used if q.id not in (MEMBER, OUTSIDE)]
        cells = [[self._cell(q, row, counts=counts or q.id in COUNTED) for q in used] for row in rows]
        if joined:
            cells = [[self._who(group, row), *cell] for row, cell in zip(rows, cells, strict=True)]
        subjects = [self._subject(group, row) for row in rows]
        if group.per:
            cells = [[subject, *row] for subject, row in zip(subjects, cells, strict=True)]
        head = [
            *([_PER[group.per]] if group.per else []),
            *([documents_wording.WHO] if joined else []),
            *(beside_label(q.label) for q in used),
        ]
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
        if group.per == "open_action":
            return show.subject_words(self._source.session, group.per, found)
        return self._names.who(found)

    def _who(self, group: Question, row: dict[str, Any]) -> str:
        """Somebody of the unit or from outside, asked for in two boxes and read in one column."""
        asked = (q for q in group.questions if q.id in (MEMBER, OUTSIDE) and answered(row.get(q.id)))
        return ", ".join(self._words(q, row[q.id]) for q in asked)

    def _cell(self, question: Question, row: dict[str, Any], *, counts: bool) -> str:
        """Empty where nothing was answered, unless that matters."""
        value = row.get(question.id)
        if question.id == "version" and (known := catalogue.find(str(row.get("measure") or "").upper())):
            return catalogue.label_of(known.id, str(value)) if known.version(str(value)) else str(value or "")
        return self._words(question, value) if answered(value) or counts else ""

    def _words(self, question: Question, value: Any) -> str:
        if not answered(value):
            return documents_wording.NOT_ANSWERED
        if question.kind in (QuestionKind.LINES, QuestionKind.GROUP):
            return "; ".join(str(one) for one in value)
        if question.kind in BY_NAME:
            return ", ".join(self._names.who(str(one)) for one in (value if isinstance(value, list) else [value]))
        if question.kind is QuestionKind.OUTCOME:
            return self._names.line(str(value)) or str(value)
        words = show.value_words(self._source.session, self._entry, question, value)
        return capital(words) if question.kind is QuestionKind.YES_NO else words


def beside_label(question: str) -> str:
    """A question as the label beside its answer."""
    return capital(question.rstrip("?").rstrip())


def capital(words: str) -> str:
    """The same with a capital letter first."""
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


def answered(value: Any) -> bool:
    """Whether there is an answer; no and 0 are answers."""
    return value is not None and value != "" and value != [] and value != {}
