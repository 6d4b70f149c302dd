"""A drawing as PNG, for where none can be drawn: chat, and Word."""

from __future__ import annotations

from bot.documents.formats.pdf import fonts
from bot.documents.model import Document, Picture
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording

TEMPLATE = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg")
"""
"""The drawing goes in beside it, so that nothing in it is ever code."""
SHARP = 160.0
"""Dots an inch: small letters stay readable where the picture is made larger on a telephone."""


def as_png(document: Document) -> bytes:
    """The document's picture alone. Raises DocumentTrouble. Belongs in a worker thread."""
    found = next((part for part in document.parts if isinstance(part, Picture)), None)
    if found is None:
        raise DocumentTrouble(documents_wording.GONE)
    return png(found.svg)


def png(svg: str) -> bytes:
    """A drawing as PNG. Raises DocumentTrouble."""
    try:
        import typst
    except ImportError as missing:
        raise DocumentTrouble(documents_wording.NO_PDF) from missing
    try:
        image = typst.Compiler(TEMPLATE, font_paths=fonts()).compile(format="png", ppi=SHARP, sys_inputs={"svg": svg})
    except typst.TypstError as trouble:
        raise DocumentTrouble(documents_wording.NOT_MADE.format(why="the picture could not be drawn")) from trouble
    assert isinstance(image, bytes)
    return image
