"""A card as Teams draws it: Adaptive Cards 1.5, in as many messages as the size of one asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bot.lengths import shorten
from bot.teams.presses import Presses, Surface
from bot.teams.runs import BULLET, Json, is_harmless, paragraph, plain, size
from prompts_and_forms import card as cards
from prompts_and_forms.card import Card

VERSION = "1.5"
CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = 60_000
"""Bytes in UTF-16. Teams takes about 100,000 and advises 80,000; some is left for what goes round a card."""
TABLE = 24_000
"""Bytes of one table; a longer one goes on under its head."""
COLUMNS = 6
"""More columns than this are lines: nobody can read them in a chat."""
HEADING = 150
CONTINUED = "{notice} (continued)"
FULL_WIDTH = {"width": "Full"}
_SMALL: Json = {"size": "small", "isSubtle": True}


def pages(card: Card) -> list[Json]:
    """The card as one message activity, or several when it is longer than Teams takes. Its notice is the summary."""
    found: list[list[Json]] = [[]]
    weight = 0
    for together in elements(card.blocks, "message"):
        heavy = size(together)
        if found[-1] and weight + heavy > MESSAGE:
            found.append([])
            weight = 0
        found[-1] += together
        weight += heavy
    notices = [card.notice] + [CONTINUED.format(notice=card.notice)] * (len(found) - 1)
    return [_message(notice, body) for notice, body in zip(notices, found, strict=True)]


def _message(notice: str, body: list[Json]) -> Json:
    return {"type": "message", "summary": notice, "attachments": [attachment(adaptive(_without_line_first(body)))]}


def adaptive(body: list[Json], actions: list[Json] | None = None) -> Json:
    """An Adaptive Card."""
    found: Json = {"type": "AdaptiveCard", "version": VERSION, "msteams": FULL_WIDTH, "body": body}
    return found | ({"actions": actions} if actions else {})


def attachment(content: Json) -> Json:
    """A card as a message or a dialog carries it."""
    return {"contentType": CARD, "content": content}


def _without_line_first(body: list[Json]) -> list[Json]:
    """Above the first part of a message there is nothing a line could part it from."""
    if not body:
        return body
    return [{key: value for key, value in body[0].items() if key != "separator"}, *body[1:]]


def elements(blocks: tuple[cards.Block, ...], surface: Surface) -> Iterator[list[Json]]:
    """The blocks of a card in order; each list lies in one message."""
    presses = Presses(surface)
    parted = False
    for block in blocks:
        if isinstance(block, cards.Divider):
            parted = True
            continue
        drawn = presses.drawn(block) if isinstance(block, cards.Buttons) else _alone(_DRAWERS[type(block)](block))
        for together in drawn:
            if parted and together:
                together = [{**together[0], "separator": True, "spacing": "medium"}, *together[1:]]
                parted = False
            yield together


def _alone(parts: Iterator[Json]) -> Iterator[list[Json]]:
    for part in parts:
        yield [part]


def words_of(card: Card) -> str:
    """The card in plain words, for places that take only a line of text."""
    lines: list[str] = []
    for block in card.blocks:
        if isinstance(block, cards.Text):
            lines.append("".join(map(plain, block.spans)))
        elif isinstance(block, cards.Heading | cards.Quote):
            lines.append(block.text)
        elif isinstance(block, cards.Bullets):
            lines += ["".join(map(plain, item)) for item in block.items]
    return " ".join(line for line in lines if line.strip()) or card.notice


def _heading(block: cards.Heading) -> Iterator[Json]:
    """A heading to those who listen too, where no sign in it could be read as markdown."""
    if is_harmless(block.text) and len(block.text) <= HEADING:
        if block.text.strip():
            yield {
                "type": "TextBlock",
                "text": block.text,
                "style": "heading",
                "size": "large",
                "weight": "bolder",
                "wrap": True,
            }
    else:
        yield from paragraph((cards.Strong(text=block.text),), size="large")


def _text(block: cards.Text) -> Iterator[Json]:
    yield from paragraph(block.spans, **(_SMALL if block.quiet else {}))


def _quote(block: cards.Quote) -> Iterator[Json]:
    for part in paragraph((block.text,)):
        yield {"type": "Container", "style": "emphasis", "spacing": part.pop("spacing", "small"), "items": [part]}
    yield from paragraph((block.by,), **_SMALL)


def _bullets(block: cards.Bullets) -> Iterator[Json]:
    yield from paragraph((cards.Strong(text=block.title),))
    for item in block.items:
        for part in paragraph(item, before=BULLET):
            yield {**part, "spacing": part.get("spacing", "small")}


def _facts(block: cards.Facts) -> Iterator[Json]:
    for number, (label, value) in enumerate(block.rows):
        for part in paragraph((cards.Strong(text=f"{label}: "), value)):
            yield part if number == 0 else {**part, "spacing": part.get("spacing", "none")}


def _table(block: cards.Table) -> Iterator[Json]:
    wide = max((len(row) for row in block.rows), default=0) > COLUMNS
    if not block.rows or wide or any(size(row) > TABLE / 2 for row in block.rows):
        yield from _in_lines(block)
    else:
        yield from _grids(block.rows)
    yield from paragraph((block.words,), **_SMALL)


def _in_lines(block: cards.Table) -> Iterator[Json]:
    head = block.rows[0] if block.rows else ()
    lines = [
        "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False) if cell)
        for row in block.rows[1:]
    ]
    yield from _bullets(cards.Bullets(items=tuple((line,) for line in lines)))


def _grids(rows: tuple[tuple[str, ...], ...]) -> Iterator[Json]:
    head, *body = rows
    columns = max(map(len, rows))
    first = _row(head, columns, bold=True)
    lines, weight = [first], size(first)
    for row in body:
        drawn = _row(row, columns)
        if len(lines) > 1 and weight + size(drawn) > TABLE:
            yield _grid(lines, columns)
            lines, weight = [first], size(first)
        lines.append(drawn)
        weight += size(drawn)
    yield _grid(lines, columns)


def _grid(lines: list[Json], columns: int) -> Json:
    return {
        "type": "Table",
        "columns": [{"type": "TableColumnDefinition", "width": 1} for _ in range(columns)],
        "firstRowAsHeader": True,
        "rows": lines,
    }


def _row(row: tuple[str, ...], columns: int, bold: bool = False) -> Json:
    cells = [*row, *[""] * (columns - len(row))]
    return {"type": "TableRow", "cells": [_cell(cell, bold) for cell in cells]}


def _cell(text: str, bold: bool) -> Json:
    return {"type": "TableCell", "items": list(paragraph((cards.Strong(text=text) if bold else text,)))}


def _progress(block: cards.Progress) -> Iterator[Json]:
    yield from paragraph((block.words,))


def _image(block: cards.Image) -> Iterator[Json]:
    yield from paragraph((block.alt,), **_SMALL)


def _chart(block: cards.Chart) -> Iterator[Json]:
    """Its numbers as a table: Teams draws no lines. What it shows is said in words."""
    yield from paragraph((cards.Strong(text=f"{block.title}. "), block.words))
    names = [shorten(name, HEADING) for name, _ in block.series]
    rows = [("", *names)] + [
        (point, *(_number(values, n) for _, values in block.series)) for n, point in enumerate(block.points)
    ]
    if names and block.points:
        yield from _table(cards.Table(rows=tuple(rows)))


def _number(values: tuple[float | None, ...], at: int) -> str:
    value = values[at] if at < len(values) else None
    return "" if value is None else f"{value:g}"


_DRAWERS: dict[type, Callable[[Any], Iterator[Json]]] = {
    cards.Heading: _heading,
    cards.Text: _text,
    cards.Quote: _quote,
    cards.Bullets: _bullets,
    cards.Facts: _facts,
    cards.Table: _table,
    cards.Progress: _progress,
    cards.Image: _image,
    cards.Chart: _chart,
}
