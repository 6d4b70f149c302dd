"""Rows as a spreadsheet or as CSV. Whatever a cell begins with, it is text and never a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TextIO

from bot.documents.formats.save import trouble_of
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.documents.cells import starts_like_a_formula
from prompts_and_forms.typed import printable

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | datetime | bool | None
MOST_LETTERS = 32_767
"""Of one cell of a spreadsheet. What is longer ends with a word that says so."""
MOST_ROWS = 1_048_575
NAME_LIMIT = 31
WIDTH_LIMITS = (10, 60)


OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "d mmm yyyy",
    "remove_timezone": True,
}


@dataclass(frozen=True)
class Sheet:
    """A table of any length: `rows` is read once and never held in memory as a whole."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    """Letters a column has room for; by its heading where none are given."""


def write_xlsx(path: Path, sheets: Sequence[Sheet], *, title: str = "", marking: str = "") -> int:
    """One file with a sheet for each table; answers how many rows were written. Raises DocumentTrouble.

    Memory stays the same however many rows there are. A table longer than a sheet goes on on the next.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError
    except ImportError as missing:
        raise DocumentTrouble(documents_wording.NO_SHEETS) from missing
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".list-", dir=path.parent) as folder:
            book = xlsxwriter.Workbook(str(Path(folder, "part")), OPTIONS | {"tmpdir": folder})
            book.set_properties({"title": title, "author": "Unit Meeting Bot", "category": marking})
            count = sum(_sheet(book, sheet, marking) for sheet in sheets)
            book.close()
            Path(folder, "part").replace(path)
    except FileCreateError as trouble:
        raise trouble_of(_cause(trouble), path) from trouble
    except OSError as trouble:
        raise trouble_of(trouble, path) from trouble
    return count


def _cause(trouble: Exception) -> OSError:
    inner = trouble.args[0] if trouble.args else None
    return inner if isinstance(inner, OSError) else OSError(str(trouble))


def _sheet(book: Workbook, sheet: Sheet, marking: str) -> int:
    bold = book.add_format({"bold": True, "bg_color": "#F1F1F1", "bottom": 1, "valign": "top", "text_wrap": True})
    plain = book.add_format({"valign": "top", "text_wrap": True})
    day = book.add_format({"valign": "top", "num_format": "d mmm yyyy", "align": "left"})
    moment = book.add_format({"valign": "top", "num_format": "d mmm yyyy hh:mm", "align": "left"})
    formats: dict[type, Format] = {date: day, datetime: moment}
    count = 0
    for number, rows in enumerate(_pages(sheet.rows), start=1):
        page = book.add_worksheet(_name(sheet.name, number))
        _page(page, sheet, marking, bold)
        for row, cells in enumerate(rows, start=1):
            for column, cell in enumerate(cells):
                _cell(page, row, column, cell, formats.get(type(cell), plain))
            count += 1
    return count


def _page(page: Worksheet, sheet: Sheet, marking: str, bold: Format) -> None:
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    safe = marking.replace("&", "&&")
    page.set_header(f"&C&B{safe}")
    page.set_footer(f"&L{sheet.name.replace('&', '&&')}&C&B{safe}&RPage &P of &N")
    least, most = WIDTH_LIMITS
    for column, head in enumerate(sheet.head):
        width = sheet.widths[column] if column < len(sheet.widths) else len(head) + 4
        page.set_column(column, column, min(max(width, least), most))
        page.write_string(0, column, printable(head), bold)


def _cell(page: Worksheet, row: int, column: int, cell: Cell, look: Format) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        page.write_string(row, column, _fitting(printable(cell)), look)
    elif isinstance(cell, bool):
        page.write_string(row, column, "Yes" if cell else "No", look)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, look)
    else:
        page.write_datetime(row, column, cell, look)


def _fitting(words: str) -> str:
    """The words as one cell holds them. Excel counts in UTF-16, where a picture is two letters."""
    counted = words.encode("utf-16-le")
    if len(counted) <= 2 * MOST_LETTERS:
        return words
    room = 2 * (MOST_LETTERS - len(documents_wording.CELL_FULL))
    return counted[:room].decode("utf-16-le", "ignore") + documents_wording.CELL_FULL


def _pages(rows: Iterable[Sequence[Cell]]) -> Iterator[Iterator[Sequence[Cell]]]:
    """The rows, in parts that fit a sheet each; at least one, even where there are no rows."""
    source = iter(rows)
    held: list[Sequence[Cell]] = []

    def part() -> Iterator[Sequence[Cell]]:
        left = MOST_ROWS
        while left:
            row = held.pop() if held else next(source, None)
            if row is None:
                return
            yield row
            left -= 1

    yield part()
    while (row := next(source, None)) is not None:
        held.append(row)
        yield part()


def _name(name: str, number: int) -> str:
    plain = "".join("-" if letter in "[]:*?/\\'" else letter for letter in printable(name)) or "Sheet"
    end = "" if number == 1 else f" {number}"
    return plain[: NAME_LIMIT - len(end)] + end


# ---- CSV


def write_csv(stream: TextIO, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """The rows as CSV for any spreadsheet; answers how many. Raises OSError where the stream does."""
    writer = csv.writer(stream, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([safe_cell(one) for one in head])
    count = 0
    for row in rows:
        writer.writerow([safe_cell(one) for one in row])
        count += 1
    return count


def safe_cell(cell: Cell) -> str:
    """What stands in a CSV cell. A word that could be run as a formula begins with an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, int | float):
        return str(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    raw = str(cell)
    words = printable(raw)
    return f"'{words}" if starts_like_a_formula(raw) or starts_like_a_formula(words) else words
