"""A document as a Word file, with real headings, lists and tables, so that it can be read aloud and edited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from io import BytesIO
from typing import Any

from bot.documents.formats.picture import png
from bot.documents.formats.word_look import Paper
from bot.documents.model import (
    AnyPart,
    Blanks,
    Bullets,
    Contents,
    Document,
    Facts,
    Heading,
    Line,
    NewPage,
    Notice,
    Paragraph,
    Picture,
    Quote,
    Signatures,
    Space,
    Table,
)
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording

FACT_WIDTHS = (34, 66)
BLANK_WIDTHS = (24, 26)
SIGN_WIDTHS = (24, 22, 32, 22)
SHORT_ROWS, SHORT_LETTERS = 10, 1200
"""A table of so many rows and letters stays on one page."""
SPACE_HEIGHT, SIGN_HEIGHT = 8.5, 11.0
"""Millimetres of a line to write on."""


def as_word(document: Document) -> bytes:
    """The document as a .docx file. Raises DocumentTrouble. Belongs in a worker thread."""
    try:
        paper = Paper()
    except ImportError as missing:
        raise DocumentTrouble(documents_wording.NO_WORD) from missing
    paper.about(document.title, document.at.astimezone(UTC).replace(tzinfo=None))
    paper.around(document.classification, document.about, document.made)
    paper.title(document.title, document.subject)
    for part in document.parts:
        paper.upright()
        DRAWN[type(part)](paper, part)
    kept = BytesIO()
    paper.file.save(kept)
    return kept.getvalue()


def _heading(paper: Paper, part: Heading) -> None:
    line = paper.heading(part.level)
    line.add_run(part.text)
    if part.aside:
        paper.quiet(line.add_run(f" {part.aside}"), small=True)


def _paragraph(paper: Paper, part: Paragraph) -> None:
    _runs(paper.paragraph("Quiet" if part.quiet else "Normal"), part.runs)


def _quote(paper: Paper, part: Quote) -> None:
    line = paper.paragraph("Said")
    line.add_run(part.text)
    if part.by:
        line.add_run().add_break()
        paper.quiet(line.add_run(part.by), small=True)


def _facts(paper: Paper, part: Facts) -> None:
    grid = paper.grid(part.rows, FACT_WIDTHS, ruled=False)
    for cell in grid.columns[0].cells:
        for run in cell.paragraphs[0].runs:
            paper.quiet(run)
    if part.front:
        paper.set_apart()


def _table(paper: Paper, part: Table) -> None:
    widths = part.widths or (100 // len(part.head),) * len(part.head)
    height = SPACE_HEIGHT + 1 if part.tall else None
    grid = paper.grid((part.head, *part.rows), widths, head=True, height=height, words=part.words)
    if len(part.rows) <= SHORT_ROWS and sum(len(cell) for row in part.rows for cell in row) < SHORT_LETTERS:
        paper.keep_together(grid)


def _bullets(paper: Paper, part: Bullets) -> None:
    if part.title:
        title = paper.paragraph("Normal")
        title.add_run(part.title).bold = True
        title.paragraph_format.keep_with_next = True
    for item in part.items:
        line = paper.paragraph("Tick" if part.ticks else "List Bullet")
        if part.ticks:
            line.add_run("☐\t")
        _runs(line, item)


def _notice(paper: Paper, part: Notice) -> None:
    paper.framed(part.title, part.lines)


def _space(paper: Paper, part: Space) -> None:
    if part.label:
        paper.paragraph("Quiet").add_run(part.label)
    paper.grid((("",),) * part.lines, (100,), height=SPACE_HEIGHT, below_only=True)


def _blanks(paper: Paper, part: Blanks) -> None:
    labels = [label for label in part.labels if label]
    rows = [labels[n : n + part.columns] for n in range(0, len(labels), part.columns)]
    cells = [[cell for label in row for cell in (label, "")] for row in rows]
    widths = BLANK_WIDTHS * part.columns if part.columns > 1 else FACT_WIDTHS
    full = [row + [""] * (len(widths) - len(row)) for row in cells]
    grid = paper.grid(full, widths, height=SPACE_HEIGHT, ruled=False)
    for number, row in enumerate(cells):
        for n in range(1, len(row), 2):
            paper.underlined(grid.cell(number, n))


def _signatures(paper: Paper, part: Signatures) -> None:
    if part.words:
        line = paper.paragraph("Quiet")
        line.add_run(part.words)
        line.paragraph_format.keep_with_next = True
    rows = [documents_wording.SIGNATURE_HEAD, *part.rows]
    paper.keep_together(paper.grid(rows, SIGN_WIDTHS, head=True, height=SIGN_HEIGHT))


def _picture(paper: Paper, part: Picture) -> None:
    """The drawing with its words behind it; only the words where it cannot be drawn on this computer."""
    try:
        image = png(part.svg)
    except DocumentTrouble:
        paper.framed(part.caption or documents_wording.PICTURE, (part.alt,))
        return
    paper.picture(image, part.alt, part.shown, part.caption, wide=part.wide)


def _runs(line: Any, runs: Line) -> None:
    for one in runs:
        line.add_run(one.text).bold = one.strong or None


def _new_page(paper: Paper, part: NewPage) -> None:
    paper.new_page()


def _contents(paper: Paper, part: Contents) -> None:
    paper.contents(part.title, part.items)


DRAWN: dict[type[AnyPart], Callable[[Paper, Any], None]] = {
    Heading: _heading,
    NewPage: _new_page,
    Contents: _contents,
    Paragraph: _paragraph,
    Quote: _quote,
    Facts: _facts,
    Table: _table,
    Bullets: _bullets,
    Notice: _notice,
    Space: _space,
    Blanks: _blanks,
    Signatures: _signatures,
    Picture: _picture,
}
