"""One document, ready to send or to write: what it is, in which form, under which file name."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.documents.contents.agenda import agenda
from bot.documents.contents.agreement import agreement
from bot.documents.contents.answers import form_document
from bot.documents.contents.genogram import genogram_document
from bot.documents.contents.letter import letter
from bot.documents.contents.measure import result
from bot.documents.contents.permission import permission
from bot.documents.contents.record import record
from bot.documents.contents.script import paper_script
from bot.documents.contents.subject import of_request
from bot.documents.formats.pdf import as_pdf
from bot.documents.formats.picture import as_png
from bot.documents.formats.word import as_word
from bot.documents.model import Document, Picture
from bot.documents.source import Source
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.documents.permission import READERS
from storage.database.tables import Agreement, Discussion, Entry, Family, Meeting
from storage.database.tables_measures import Measure
from storage.database.tables_retention import SubjectRequest
from storage.export.meetings import PRIVATE_FORMS
from storage.family import genograms, letters

DRAWN: dict[str, Callable[[Document], bytes]] = {"pdf": as_pdf, "docx": as_word, "png": as_png}

RECORDS = ("record", "decisions")
"""A discussion's record with what was typed word for word, and without it."""


@dataclass(frozen=True)
class File:
    """`name` says nothing about a family."""

    name: str
    content: bytes
    alt: str = ""
    """A picture in words, for those who hear it; at most 1,000 characters."""


def document(source: Source, what: str, row_id: str = "") -> Document:
    """The document of a row: record, decisions, agreement, form, measure, genogram, agenda (of a meeting or today), or
    permission (of a family, with who reads it), script (full or light).

    Raises DocumentTrouble. A row of another unit is answered like one that does not exist.
    """
    session, unit_id = source.session, source.unit.id
    if what in RECORDS:
        discussion = session.get(Discussion, row_id)
        if discussion is not None and discussion.unit_id == unit_id:
            return record(source, discussion, talk=what == "record")
    if what == "agreement":
        found = session.get(Agreement, row_id)
        if found is not None and source.family(found.family_id).unit_id == unit_id:
            return agreement(source, found)
    if what == "form":
        entry = session.get(Entry, row_id)
        if entry is not None and entry.unit_id == unit_id and entry.form not in PRIVATE_FORMS:
            return (genogram_document if entry.form in genograms.FORMS else form_document)(source, entry)
    if what == "letter":
        written = session.get(Entry, row_id)
        if written is not None and written.unit_id == unit_id and written.form in letters.FORMS:
            return letter(source, written)
    if what == "measure":
        kept = session.get(Measure, row_id)
        if kept is not None and kept.unit_id == unit_id:
            return result(source, kept)
    if what == "permission":
        family_id, _, reader = row_id.partition(".")
        family = session.get(Family, family_id)
        if family is not None and family.unit_id == unit_id and reader in READERS:
            return permission(source, family_id, reader)
    if what == "genogram":
        entry = session.get(Entry, row_id)
        if entry is not None and entry.unit_id == unit_id and entry.form in genograms.FORMS:
            return genogram_document(source, entry)
    if what == "agenda":
        meeting = session.get(Meeting, row_id) if row_id else None
        return agenda(source, meeting if meeting is not None and meeting.unit_id == unit_id else None)
    if what == "subject":
        request = session.get(SubjectRequest, row_id)
        if request is not None and source.family(request.family_id).unit_id == unit_id:
            return of_request(source, request)
    if what == "script" and row_id in documents_wording.SCRIPT:
        return paper_script(source, row_id)
    raise DocumentTrouble(documents_wording.GONE)


def draw(document: Document, form: str, unit_slug: str) -> File:
    """The file itself; `form` is pdf, docx, or png for its picture alone. Raises DocumentTrouble. Needs a thread."""
    shown = [part.short for part in document.parts if isinstance(part, Picture)] if form == "png" else []
    return File(file_name(document, form, unit_slug), DRAWN[form](document), "".join(shown[:1]))


def file_name(document: Document, form: str, unit_slug: str) -> str:
    """The name a document is sent under; it tells nothing about the family."""
    return name_of_file(unit_slug, document.kind, document.at, form)


def name_of_file(unit_slug: str, kind: str, at: datetime, form: str) -> str:
    """Unit, kind, day and a few random letters: nothing that points at a family or a person."""
    return f"{unit_slug or 'unit'}-{kind}-{at:%Y-%m-%d}-{secrets.token_hex(3)}.{form}"
