"""The neutral vocabulary of a message: what it shows, never how a platform draws it.

Every string here is plain text as a person meant it. An adapter escapes it once on the way out, so nothing a person
typed can turn into markup, a mention or a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Strong(Part):
    """Words that stand out inside a line."""

    text: str


class Mention(Part):
    """A person of the platform, called by name; an adapter may make it a mention. `chat_user` is the platform's id."""

    chat_user: str
    name: str


Span = str | Strong | Mention


class Heading(Part):
    text: str


class Text(Part):
    """A paragraph; `quiet` is small print. Any length: adapters split, never cut."""

    spans: tuple[Span, ...]
    quiet: bool = False


class Quote(Part):
    """Somebody's own words, shown as theirs."""

    text: str
    by: str = ""


class Bullets(Part):
    items: tuple[tuple[Span, ...], ...]
    title: str = ""


class Facts(Part):
    """Pairs of label and value."""

    rows: tuple[tuple[str, str], ...]


class Table(Part):
    """First row is the head. `words` says the same in a sentence for those who hear it."""

    rows: tuple[tuple[str, ...], ...]
    words: str = ""


class Progress(Part):
    done: int
    total: int
    words: str


class Divider(Part):
    pass


class Confirm(Part):
    title: str
    text: str
    yes: str
    no: str


class Button(Part):
    """`action` names the route; `args` are ids and versions only, never anything a person wrote."""

    action: str
    label: str
    args: dict[str, str] = {}
    style: Literal["plain", "primary", "danger"] = "plain"
    about: str = ""
    confirm: Confirm | None = None


@dataclass(frozen=True)
class Chosen:
    """What a choice in a menu stands for: a kind of thing, and which one of them."""

    what: str
    row: str = ""

    @property
    def value(self) -> str:
        """As the menu carries it, and the event that comes of choosing."""
        return f"{self.what}:{self.row}"

    @classmethod
    def read(cls, value: str) -> Chosen:
        """What a value carries; nothing of either where it is of another kind."""
        what, _, row = value.partition(":")
        return cls(what, row)


class Choice(Part):
    value: str
    label: str


class Menu(Part):
    """A drop-down that acts when something is chosen: the event carries `chosen` = the value."""

    action: str
    label: str
    choices: tuple[Choice, ...]
    args: dict[str, str] = {}


class Buttons(Part):
    items: tuple[Button | Menu, ...]


class Image(Part):
    """A picture kept by the bot; `alt` says in words what it shows."""

    key: str
    alt: str


class Chart(Part):
    """Lines of numbers over points; always shown with `words`."""

    title: str
    points: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    words: str


Block = Heading | Text | Quote | Bullets | Facts | Table | Progress | Divider | Buttons | Image | Chart


class Card(Part):
    """One message. `notice` is the notification text: it names no family detail beyond the case reference."""

    notice: str
    blocks: tuple[Block, ...]


GONE = Card(notice="", blocks=())
"""In place of a message that is to lie nowhere any more: it is taken away."""


def say(*spans: Span) -> Text:
    """A paragraph."""
    return Text(spans=spans)


def small(*spans: Span) -> Text:
    """A paragraph in small print."""
    return Text(spans=spans, quiet=True)


def card(notice: str, *blocks: Block) -> Card:
    """A card with the line that is shown outside the chat, which says nothing about anybody."""
    return Card(notice=notice, blocks=blocks)
