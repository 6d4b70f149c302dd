"""Every document of a unit, or of one of its families, written into a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import BinaryIO

from sqlmodel import col, select

from bot.documents.bundle import bundle
from bot.documents.contents import figures
from bot.documents.contents.answers import NOT_A_FORM
from bot.documents.contents.lists import action_list, caseload, tracking_list
from bot.documents.formats.save import save, trouble_of, write
from bot.documents.formats.sheets import Sheet, write_csv, write_xlsx
from bot.documents.make import File, document, draw, name_of_file
from bot.documents.source import Source
from prompts_and_forms.documents import wording as documents_wording
from storage.clinical.tracking import Asked
from storage.database.tables import Agreement, Discussion, Entry, Family, Unit
from storage.database.tables_measures import Measure
from storage.export.meetings import PRIVATE_FORMS
from storage.family import families, genograms, letters

Which = tuple[str, str]
LEFT_OUT = (*NOT_A_FORM, *PRIVATE_FORMS, *genograms.FORMS, *letters.FORMS)
"""Entries that are no documents of their own."""


@dataclass(frozen=True)
class Days:
    """The days of the tracking form; both are included, and what is not given has no end."""

    since: date = date.min
    until: date = date.max


def write_documents(source: Source, form: str, folder: Path, family_ref: str | None = None) -> Iterator[Path]:
    """A unit's agenda, paper scripts, records, agreements and forms as pdf or docx, each as it is written; of a family
    one bundle of everything.

    Raises DocumentTrouble.
    """
    if family_ref is not None:
        for family in _families(source, family_ref):
            made = draw(bundle(source, family.id), form, source.unit.slug)
            save(folder / made.name, made.content)
            yield folder / made.name
        return
    for what, row_id in every_paper(source, family_ref):
        made = draw(document(source, what, row_id), form, source.unit.slug)
        save(folder / made.name, made.content)
        yield folder / made.name


def every_paper(source: Source, family_ref: str | None) -> Iterator[Which]:
    """Every document there can be of a unit, or of one of its families, oldest first within a kind."""
    held = _families(source, family_ref)
    if family_ref is None:
        yield "agenda", ""
        yield from (("script", kind) for kind in documents_wording.SCRIPT)
    session, unit_id = source.session, source.unit.id
    ids = [family.id for family in held]
    talks = select(Discussion.id).where(Discussion.unit_id == unit_id, col(Discussion.family_id).in_(ids))
    for row in session.exec(talks.order_by(col(Discussion.started_at))):
        yield "record", row
    for row in session.exec(select(Agreement.id).where(col(Agreement.family_id).in_(ids))):
        yield "agreement", row
    drawn = select(Entry).where(Entry.unit_id == unit_id, col(Entry.form).in_(genograms.FORMS))
    for entry in session.exec(drawn.where(col(Entry.family_id).in_(ids)).order_by(col(Entry.recorded_at))):
        if genograms.is_a_picture(session, entry):
            yield "genogram", entry.id
    yield from _results(source, ids)
    yield from (("letter", one.id) for family_id in ids for one in letters.of_family(session, family_id))
    forms = select(Entry.id).where(Entry.unit_id == unit_id, col(Entry.form).not_in(LEFT_OUT))
    if family_ref is not None:
        forms = forms.where(col(Entry.family_id).in_(ids))
    for row in session.exec(forms.order_by(col(Entry.recorded_at), col(Entry.id))):
        yield "form", row


def _results(source: Source, family_ids: list[str]) -> Iterator[Which]:
    """Every questionnaire that holds, in the order in which they were recorded."""
    wanted = select(Measure.id).where(col(Measure.family_id).in_(family_ids), col(Measure.replaced_by_id).is_(None))
    for row in source.session.exec(wanted.order_by(col(Measure.recorded_at), col(Measure.id))):
        yield "measure", row


def _families(source: Source, family_ref: str | None) -> list[Family]:
    if family_ref is None:
        return list(source.session.exec(select(Family).where(Family.unit_id == source.unit.id)))
    found = families.by_ref(source.session, source.unit.id, family_ref)
    return [found] if found else []


def write_lists(source: Source, form: str, place: Path, days: Days = Days()) -> Iterator[Path]:
    """Caseload, actions and tracking form: one workbook at `place`, or a CSV file each in the folder `place`."""
    asked = Asked(source.unit.id, days.since, days.until)
    sheets = (caseload(source), action_list(source), tracking_list(source, asked))
    if form == "xlsx":
        write_book(source, sheets, place)
        yield place
        return
    for sheet in sheets:
        write_as_csv(sheet, place / f"{sheet.name.lower()}.csv")
        yield place / f"{sheet.name.lower()}.csv"


def write_book(source: Source, sheets: Sequence[Sheet], place: Path) -> None:
    """A workbook with the unit's marking on every page. Raises DocumentTrouble."""
    marking = documents_wording.marking(str(source.unit.settings.get("marking") or ""), source.unit.fictional)
    write_xlsx(place, sheets, title=source.unit.name, marking=marking)


def figures_file(source: Source, what: str, units: Sequence[tuple[Unit, date]]) -> File:
    """The figures of some units as one workbook to send. Raises DocumentTrouble."""
    found = figures.counted(source.session, units)
    book = figures.totals(found) if what == "figures_totals" else figures.sheets(source.session, found)
    try:
        with TemporaryDirectory(prefix="unitbot-") as folder:
            place = Path(folder, "figures")
            write_book(source, book, place)
            name = name_of_file(
                source.unit.slug if len(units) == 1 else "units", "figures", source.at(source.now), "xlsx"
            )
            return File(name, place.read_bytes())
    except OSError as trouble:
        raise trouble_of(trouble, Path(gettempdir())) from trouble


def write_as_csv(sheet: Sheet, place: Path) -> None:
    """One list, in letters every spreadsheet reads. Raises DocumentTrouble."""

    def fill(stream: BinaryIO) -> None:
        words = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        write_csv(words, sheet.head, sheet.rows)
        words.flush()
        words.detach()

    write(place, fill)


def list_file(source: Source, form: str, asked: Asked | None) -> File:
    """The tracking form as asked for, or caseload and actions, as one file to send. Raises DocumentTrouble."""
    sheets = (tracking_list(source, asked),) if asked else (caseload(source), action_list(source))
    kind = "tracking" if asked else "caseload"
    try:
        with TemporaryDirectory(prefix="unitbot-") as folder:
            place = Path(folder, "list")
            if form == "xlsx":
                write_book(source, sheets, place)
            else:
                write_as_csv(sheets[0], place)
            return File(name_of_file(source.unit.slug, kind, source.at(source.now), form), place.read_bytes())
    except OSError as trouble:
        raise trouble_of(trouble, Path(gettempdir())) from trouble
