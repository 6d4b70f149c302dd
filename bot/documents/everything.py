"""Every document of a unit, or of one of its families, written into a folder."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from sqlmodel import col, select

from bot.documents.answers import NOT_A_FORM
from bot.documents.lists import action_list, caseload
from bot.documents.make import document, draw
from bot.documents.save import save, write
from bot.documents.sheets import Sheet, write_csv, write_xlsx
from bot.documents.source import Source
from prompts_and_forms import wording_documents as wording
from storage import families
from storage.tables import Agreement, Discussion, Entry, Family

Which = tuple[str, str]


def write_documents(source: Source, form: str, folder: Path, family_ref: str | None = None) -> list[Path]:
    """Agenda, paper scripts, records, agreements and forms as pdf or docx. Raises DocumentTrouble."""
    written: list[Path] = []
    for what, row_id in _wanted(source, family_ref):
        made = draw(document(source, what, row_id), form, source.unit.slug)
        save(folder / made.name, made.content)
        written.append(folder / made.name)
    return written


def _wanted(source: Source, family_ref: str | None) -> Iterator[Which]:
    held = _families(source, family_ref)
    if family_ref is None:
        yield "agenda", ""
        yield from (("script", kind) for kind in wording.SCRIPT)
    session, unit_id = source.session, source.unit.id
    ids = [family.id for family in held]
    talks = select(Discussion.id).where(Discussion.unit_id == unit_id, col(Discussion.family_id).in_(ids))
    for row in session.exec(talks.order_by(col(Discussion.started_at))):
        yield "record", row
    for row in session.exec(select(Agreement.id).where(col(Agreement.family_id).in_(ids))):
        yield "agreement", row
    forms = select(Entry.id).where(Entry.unit_id == unit_id, col(Entry.form).not_in(NOT_A_FORM))
    if family_ref is not None:
        forms = forms.where(col(Entry.family_id).in_(ids))
    for row in session.exec(forms.order_by(col(Entry.recorded_at), col(Entry.id))):
        yield "form", row


def _families(source: Source, family_ref: str | None) -> list[Family]:
    if family_ref is None:
        return list(source.session.exec(select(Family).where(Family.unit_id == source.unit.id)))
    found = families.by_ref(source.session, source.unit.id, family_ref)
    return [found] if found else []


def write_lists(source: Source, form: str, place: Path) -> list[Path]:
    """Caseload and actions: one workbook at `place`, or a CSV file each in the folder `place`."""
    sheets = (caseload(source), action_list(source))
    if form == "xlsx":
        marking = wording.marking(str(source.unit.settings.get("marking") or ""), source.unit.fictional)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_xlsx(place, sheets, title=source.unit.name, marking=marking)
        return [place]
    return [_csv(place, sheet) for sheet in sheets]


def _csv(folder: Path, sheet: Sheet) -> Path:
    path = folder / f"{sheet.name.lower()}.csv"

    def fill(stream: BinaryIO) -> None:
        words = TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        write_csv(words, sheet.head, sheet.rows)
        words.detach()

    write(path, fill)
    return path


def csv_text(sheet: Sheet) -> str:
    """A list as CSV in one string, for a screen."""
    words = StringIO(newline="")
    write_csv(words, sheet.head, sheet.rows)
    return words.getvalue()
