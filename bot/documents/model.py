"""What a document holds, whatever file it becomes. Everything is a value: no text is read as markup or a formula."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from prompts_and_forms.typed import printable

_CHANGES_PICTURE = re.compile("[\u200d\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""What only changes how the picture beside it looks."""


def in_words(text: str) -> str:
    """Pictures among the letters by their names, for fonts that do not have them: "well done [party popper]"."""
    return "".join(_name(one) for one in text)


def _name(character: str) -> str:
    if _CHANGES_PICTURE.match(character):
        return ""
    if ord(character) < 0x2190 or unicodedata.category(character) not in ("So", "Sm", "Co", "Cn"):
        return character
    return f"[{unicodedata.name(character, f'character {ord(character):X}').lower()}]"


Plain = Annotated[str, AfterValidator(printable)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Run(Part):
    """Some words of a line."""

    text: Plain
    strong: bool = False


Line = tuple[Run, ...]


class Heading(Part):
    """A section begins. Level 1 stands under the title. `aside` is who and when, smaller, on the same line."""

    what: Literal["heading"] = "heading"
    text: Plain
    level: int = 1
    aside: Plain = ""


class Paragraph(Part):
    what: Literal["paragraph"] = "paragraph"
    runs: Line
    quiet: bool = False


class NewPage(Part):
    """What comes next begins on a page of its own."""

    what: Literal["new_page"] = "new_page"


class Contents(Part):
    """A list of the sections of level 1 with their pages. `items` are their titles, for readers that count no pages."""

    what: Literal["contents"] = "contents"
    title: Plain = ""
    items: tuple[Plain, ...] = ()


class Quote(Part):
    """Somebody's own words, and whose they are."""

    what: Literal["quote"] = "quote"
    text: Plain
    by: Plain = ""


class Facts(Part):
    """Labels and their values, side by side. `front`: whom a paper is about and who wrote it, set apart by a line."""

    what: Literal["facts"] = "facts"
    rows: tuple[tuple[Plain, Plain], ...]
    front: bool = False


class Table(Part):
    """`widths` are shares of the page, one a column; equal where none are given. `words` says what the table shows."""

    what: Literal["table"] = "table"
    head: tuple[Plain, ...]
    rows: tuple[tuple[Plain, ...], ...]
    widths: tuple[int, ...] = ()
    words: Plain = ""
    tall: bool = False
    """Rows high enough to write in by hand."""


class Bullets(Part):
    what: Literal["bullets"] = "bullets"
    items: tuple[Line, ...]
    title: Plain = ""
    ticks: bool = False
    """Each item has a box to tick, for paper."""


class Notice(Part):
    """What must be seen first: a stop, a safe-contact warning, emergency contacts. Framed, never by colour alone."""

    what: Literal["notice"] = "notice"
    title: Plain
    lines: tuple[Plain, ...]


class Space(Part):
    """Ruled lines to write on. `label` says what for."""

    what: Literal["space"] = "space"
    label: Plain = ""
    lines: int = 3


class Blanks(Part):
    """Labels, each with a ruled line beside it to write on."""

    what: Literal["blanks"] = "blanks"
    labels: tuple[Plain, ...]
    columns: int = 1


class Signatures(Part):
    """Who signs: (in what part, name, how it was signed, on which day). What is empty is signed by hand."""

    what: Literal["signatures"] = "signatures"
    rows: tuple[tuple[Plain, Plain, Plain, Plain], ...]
    words: Plain = ""


ROOM, WIDE_ROOM = (468.0, 610.0), (715.0, 385.0)
"""What a page of A4 leaves for a picture and the line below it, upright and on its side, in points."""


class Picture(Part):
    """A drawing (SVG) with what it shows in words. It is `width` by `height` points; as wide as the page where 0.

    `short` says it in 1,000 characters, for where no more fit. `wide`: on a page of its own, turned on its side.
    """

    what: Literal["picture"] = "picture"
    svg: str
    alt: Plain
    short: Plain = ""
    width: float = 0.0
    height: float = 0.0
    caption: Plain = ""
    wide: bool = False

    @property
    def room(self) -> tuple[float, float]:
        """How wide and high it may be on its page, in points."""
        return WIDE_ROOM if self.wide else ROOM

    @property
    def shown(self) -> float:
        """How wide it is drawn, in points: never larger than it is."""
        wide, high = self.room
        return min(self.width, wide, high * self.width / self.height) if self.width and self.height else wide


AnyPart = (
    Heading
    | NewPage
    | Contents
    | Paragraph
    | Quote
    | Facts
    | Table
    | Bullets
    | Notice
    | Space
    | Blanks
    | Signatures
    | Picture
)


def _stepwise(parts: tuple[AnyPart, ...]) -> tuple[AnyPart, ...]:
    """Headings that go down one level at a time and begin at the first, as screen readers (and PDF/UA) need them."""
    found: list[AnyPart] = []
    level = 0
    for part in parts:
        if isinstance(part, Heading):
            level = min(part.level, level + 1)
            part = part.model_copy(update={"level": level})
        found.append(part)
    return tuple(found)


class Document(Part):
    """`about` stands on every page beside the page number, `made` says who had it made and when; `on` and `by` are the
    day it was written and its author, where it has them.

    `kind` is a plain word for the file's name ("meeting-record"); `subject` a line under the title.
    """

    kind: str
    title: Plain
    subject: Plain = ""
    about: Plain = ""
    classification: Plain
    made: Plain
    at: datetime
    on: date | None = None
    by: Plain = ""
    parts: Annotated[tuple[AnyPart, ...], AfterValidator(_stepwise)]
    whole_sections: bool = False
    """No section of level 1 is split over two pages; each must be shorter than a page."""

    @property
    def said_openly(self) -> str:
        """Its subject with no more of a family than the case reference."""
        return self.about.removeprefix(f"{self.title}: ")


def line(*words: str) -> Line:
    """Words in one line, without the empty ones."""
    return tuple(Run(text=one) for one in words if one)


def say(*words: str, quiet: bool = False) -> Paragraph:
    """A paragraph."""
    return Paragraph(runs=line(*words), quiet=quiet)
