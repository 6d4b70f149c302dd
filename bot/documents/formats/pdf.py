"""A document as PDF, tagged for screen readers (PDF/UA-1), drawn by Typst.

The template is the only thing that is compiled; the document goes in beside it as JSON, so that nothing a person wrote
is ever markup, code or a file name.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.documents.model import AnyPart, Document, Picture, in_words
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording

if TYPE_CHECKING:
    from typst import Fonts

TEMPLATE = Path(__file__).with_name("template.typ")
TAGGED: Literal["ua-1"] = "ua-1"
LIKED = ("Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans")
"""Plain upright letters, where the computer has them."""
ALWAYS = "Libertinus Serif"
"""Typst brings this one along."""
NO_GLYPH = "could not be displayed"
SUSPECTS = b"/MarkInfo<</Marked true/Suspects false>>"
NO_SUSPECTS = b"/MarkInfo<</Marked true>>".ljust(len(SUSPECTS))
"""That no tag is doubted is what a PDF says by saying nothing; some readers call the word itself a fault. Both are as
long as each other, so that every place in the file stays where its index says.
"""


def as_pdf(document: Document) -> bytes:
    """The document's pages. Raises DocumentTrouble. Slow enough (tens of milliseconds) to belong in a worker thread."""
    kept: dict[str, Any] = document.model_dump(mode="json")
    kept["parts"] = [_with_size(said, part) for said, part in zip(kept["parts"], document.parts, strict=True)]
    try:
        return _compile(kept, document.at)
    except _NoFont:
        kept = _pictures_in_words(kept)
    try:
        return _compile(kept, document.at)
    except _NoFont:
        kept["parts"].insert(
            0, {"what": "paragraph", "runs": [{"text": documents_wording.NO_FONT, "strong": True}], "quiet": False}
        )
    return _compile(kept, document.at, tagged=False)


def _with_size(said: dict[str, Any], part: AnyPart) -> dict[str, Any]:
    return said | {"shown": part.shown} if isinstance(part, Picture) else said


class _NoFont(Exception):
    """The fonts of this computer lack a letter of the document."""


def _compile(kept: dict[str, Any], at: datetime, *, tagged: bool = True) -> bytes:
    try:
        import typst
    except ImportError as missing:
        raise DocumentTrouble(documents_wording.NO_PDF) from missing
    data = json.dumps(
        kept | {"fonts": _letters(), "signature_head": documents_wording.SIGNATURE_HEAD}, ensure_ascii=True
    )
    try:
        pages = typst.Compiler(TEMPLATE.read_bytes(), root=TEMPLATE.parent, font_paths=fonts()).compile(
            format="pdf",
            sys_inputs={"document": data},
            pdf_standards=[TAGGED] if tagged else [],
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    except typst.TypstError as trouble:
        if tagged and NO_GLYPH in trouble.message:
            raise _NoFont from trouble
        raise DocumentTrouble(documents_wording.NOT_MADE.format(why="the page could not be drawn")) from trouble
    assert isinstance(pages, bytes)
    return pages.replace(SUSPECTS, NO_SUSPECTS)


@cache
def fonts() -> Fonts:
    """The fonts of this computer, read once."""
    import typst

    return typst.Fonts()


@cache
def _letters() -> list[str]:
    found = set(fonts().families())
    return [*(name for name in LIKED if name in found), ALWAYS]


def _pictures_in_words(value: Any) -> Any:
    if isinstance(value, str):
        return in_words(value)
    if isinstance(value, list):
        return [_pictures_in_words(one) for one in value]
    if isinstance(value, dict):
        return {name: one if name == "svg" else _pictures_in_words(one) for name, one in value.items()}
    return value
