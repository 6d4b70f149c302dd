"""A CSV as spreadsheets save it: its encoding, what stands between cells, its headings, and the lines of its rows."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

from prompts_and_forms.imports import wording
from prompts_and_forms.typed import keepable, name_key, tidy
from prompts_and_forms.unit.wording import DATE_WORDS

MOST_MB = 2
MOST_LINES = 10_000
MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins, which Excel calls Unicode text."""

COLUMNS = {
    "ref": "Case reference",
    "initials": "Family initials",
    "category": "Category",
    "lead_worker": "Lead worker",
    "allocated": "With the unit since",
    "child_initials": "Child initials",
    "child_age": "Child age",
    "child_turns_18": "Child turns 18",
    "carer_initials": "Carer initials",
    "carer_relation": "Carer relation",
    "safe_contact": "Safe contact",
    **DATE_WORDS,
    "court_on": "Court",
    "court_type": "Court for",
}
"""Every column and its heading, in the order of the template."""
ALSO_CALLED = {
    "ref": ("reference", "case ref", "case id", "case number", "case no"),
    "initials": ("initials",),
    "lead_worker": ("worker", "allocated worker", "social worker"),
    "allocated": ("allocated", "allocated on", "allocation date"),
    "child_initials": ("child",),
    "child_age": ("age",),
    "child_turns_18": ("turns 18", "18th birthday"),
    "carer_initials": ("carer", "parent or carer"),
    "carer_relation": ("relation", "relationship"),
    "safe_contact": ("safe contact warning", "carer safe contact"),
    "ccin_meeting": ("ccin meeting",),
    "court_on": ("court date",),
}


class NotASheet(Exception):
    """A file that is no list of families; `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Row:
    """One row: the line it begins on, and its filled cells by column."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file; `not_read` are headings nobody knows."""

    rows: tuple[Row, ...]
    not_read: tuple[str, ...] = ()


def template() -> str:
    """An empty list: the headings alone."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow(COLUMNS.values())
    return written.getvalue()


def text_of(content: bytes) -> str:
    """The words of a file, however a spreadsheet wrote them. Raises NotASheet."""
    if len(content) > MOST_MB * 1_000_000:
        raise NotASheet(wording.TOO_LARGE.format(most=MOST_MB))
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NotASheet(wording.A_WORKBOOK)
    encodings = ("utf-16",) if content.startswith(MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return keepable(text)
    raise NotASheet(wording.NOT_A_SHEET)


def read(text: str) -> Sheet:
    """The rows of a list. Raises NotASheet where it is none."""
    text = re.sub(r"\Asep=.\r?\n", "", text.removeprefix("\ufeff"))
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    try:
        return _rows(reader)
    except csv.Error:
        raise NotASheet(wording.NOT_A_SHEET) from None


def _rows(reader: Any) -> Sheet:
    names, not_read = _headings(next(reader, []))
    rows: list[Row] = []
    line = reader.line_num + 1
    for cells in reader:
        filled = {
            name: cell.strip() for name, cell in zip(names, cells, strict=False) if name is not None and tidy(cell)
        }
        if filled:
            rows.append(Row(line, filled))
        line = reader.line_num + 1
        if line > MOST_LINES + 2:
            raise NotASheet(wording.TOO_LONG.format(most=MOST_LINES))
    if not rows:
        raise NotASheet(wording.EMPTY)
    return Sheet(tuple(rows), not_read)


def _headings(cells: list[str]) -> tuple[list[str | None], tuple[str, ...]]:
    names: list[str | None] = []
    for cell in cells:
        name = KNOWN.get(_plain(cell))
        if name is not None and name in names:
            raise NotASheet(wording.TWICE.format(name=COLUMNS[name]))
        names.append(name)
    if "ref" not in names:
        raise NotASheet(wording.NO_REFERENCE)
    unknown = (tidy(cell) for cell, name in zip(cells, names, strict=True) if name is None)
    return names, tuple(cell[:60] for cell in unknown if cell)


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", name_key(heading))


KNOWN = {
    _plain(called): name for name, heading in COLUMNS.items() for called in (heading, name, *ALSO_CALLED.get(name, ()))
}
