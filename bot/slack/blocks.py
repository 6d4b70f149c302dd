"""A card as Slack draws it. Words people wrote are drawn where Slack reads no markup, so nothing typed acts as any.

Rich text leaves and plain text are literal; `emoji` is switched off so that a typed ``:name:`` stays typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import slackblocks as sb
from slackblocks.rich_text.objects import ListType

from bot.slack.charts import IN_A_MESSAGE as CHARTS
from bot.slack.charts import KIND as CHART
from bot.slack.charts import chart_block
from bot.slack.text import escape, shorten, split
from prompts_and_forms import card as cards
from prompts_and_forms.card import Card

Json = dict[str, Any]
Surface = Literal["message", "modal", "home"]

MESSAGE_BLOCKS = 45
"""Slack takes 50; some room is left for what an older message may need."""
MESSAGE_CHARACTERS = 9000
"""No total is published: 9,597 characters of blocks passed and 11,341 were refused in one report."""
OF_A_KIND = {"table": 1, CHART: CHARTS}
"""Slack takes so many of these in one message."""
PIECE = 2900
TABLE_CHARACTERS = 9000
TABLE_ROWS = 100
TABLE_COLUMNS = 20
BUTTONS_IN_A_ROW = 25
OPTIONS = 100
HEADING, BUTTON_LABEL, OPTION_LABEL, ACTION_ID, BUTTON_VALUE = 150, 75, 75, 255, 2000
_USER = re.compile(r"[UW][A-Z0-9]{2,}")


@dataclass(frozen=True)
class Drawn:
    """One block, and how much text it holds."""

    block: Json
    weight: int


def messages(card: Card) -> list[Json]:
    """The card as one message, or several when it is longer than Slack takes. Each is ``{"text", "blocks"}``."""
    pages: list[list[Json]] = [[]]
    weight, room = 0, dict(OF_A_KIND)
    for drawn in draw(card.blocks, "message"):
        kind = drawn.block["type"]
        full = len(pages[-1]) >= MESSAGE_BLOCKS or weight + drawn.weight > MESSAGE_CHARACTERS
        if pages[-1] and (full or room.get(kind, 1) < 1):
            pages.append([])
            weight, room = 0, dict(OF_A_KIND)
        pages[-1].append(drawn.block)
        weight += drawn.weight
        if kind in room:
            room[kind] -= 1
    notice = escape(card.notice)
    texts = [notice] + [f"{notice} (continued)"] * (len(pages) - 1)
    return [{"text": text, "blocks": page} for text, page in zip(texts, pages, strict=True)]


def draw(blocks: tuple[cards.Block, ...], surface: Surface) -> Iterator[Drawn]:
    """The blocks of a card in order, as dictionaries Slack takes on this surface."""
    beside = _beside_its_button(blocks, surface)
    if beside is not None:
        yield beside
        return
    for block in blocks:
        yield from _DRAWERS[type(block)](block, surface)


def _beside_its_button(blocks: tuple[cards.Block, ...], surface: Surface) -> Drawn | None:
    """A message that is one quiet line and one button takes one line: the button stands at its side."""
    match blocks:
        case (cards.Text(quiet=True) as line, cards.Buttons(items=(cards.Button() as button,))):
            words = "".join(_plain(span) for span in line.spans)
        case _:
            return None
    if surface != "message" or not words.strip() or len(words) > PIECE:
        return None
    block = resolved(sb.SectionBlock(sb.PlainText(words), accessory=_button(button, _action_id(button))))
    return Drawn(block, len(words) + _labels(button))


def words_of(card: Card) -> str:
    """The card in plain words, for places that take only a line of text."""
    lines: list[str] = []
    for block in card.blocks:
        if isinstance(block, cards.Text):
            lines.append("".join(_plain(span) for span in block.spans))
        elif isinstance(block, cards.Heading | cards.Quote):
            lines.append(block.text)
        elif isinstance(block, cards.Bullets):
            lines += ["".join(_plain(span) for span in item) for item in block.items]
    return " ".join(line for line in lines if line) or card.notice


# ---- words


def _plain(span: cards.Span) -> str:
    if isinstance(span, str):
        return span
    return span.text if isinstance(span, cards.Strong) else span.name


def _leaf(span: cards.Span) -> sb.RichTextElement:
    if isinstance(span, str):
        return sb.RichText(span)
    if isinstance(span, cards.Strong):
        return sb.RichText(span.text, bold=True)
    if _USER.fullmatch(span.chat_user):
        return sb.RichTextUser(span.chat_user)
    return sb.RichText(span.name)


def _pieces(spans: tuple[cards.Span, ...]) -> list[list[cards.Span]]:
    """The line in runs of at most `PIECE` characters, nothing left out."""
    runs: list[list[cards.Span]] = [[]]
    room = PIECE
    for span in spans:
        for part in _parts(span):
            size = len(_plain(part))
            if size > room and runs[-1]:
                runs.append([])
                room = PIECE
            runs[-1].append(part)
            room -= size
    return [run for run in runs if run]


def _parts(span: cards.Span) -> list[cards.Span]:
    if isinstance(span, str):
        return [part for part in split(span, PIECE) if part]
    if isinstance(span, cards.Strong):
        return [cards.Strong(text=part) for part in split(span.text, PIECE) if part]
    return [span]


def _weight(run: list[cards.Span]) -> int:
    return sum(len(_plain(span)) for span in run)


def rich(*elements: sb.RichTextObject) -> Json:
    """A block of rich text."""
    return resolved(sb.RichTextBlock(list(elements)))


def resolved(block: sb.Block, block_id: str | None = None) -> Json:
    """The block as a dictionary: without the random id the library gives it, emoji codes left as typed."""
    found: Json = block._resolve()
    found.pop("block_id", None)
    if block_id is not None:
        found["block_id"] = block_id
    _leave_emoji_typed(found)
    return found


def _leave_emoji_typed(part: Any) -> None:
    if isinstance(part, dict):
        if part.get("type") == "plain_text":
            part["emoji"] = False
        for inner in part.values():
            _leave_emoji_typed(inner)
    elif isinstance(part, list):
        for inner in part:
            _leave_emoji_typed(inner)


def _section(run: list[cards.Span]) -> sb.RichTextSection:
    return sb.RichTextSection([_leaf(span) for span in run])


def _heading(block: cards.Heading, surface: Surface) -> Iterator[Drawn]:
    if not block.text.strip():
        return
    if len(block.text) <= HEADING:
        yield Drawn(resolved(sb.HeaderBlock(block.text)), len(block.text))
        return
    yield from _text(cards.Text(spans=(cards.Strong(text=block.text),)), surface)


def _text(block: cards.Text, surface: Surface) -> Iterator[Drawn]:
    for run in _pieces(block.spans):
        words = "".join(_plain(span) for span in run)
        if block.quiet and words.strip():
            drawn = resolved(sb.ContextBlock([sb.PlainText(words)]))
        else:
            drawn = rich(_section(run))
        yield Drawn(drawn, len(words))


def _quote(block: cards.Quote, surface: Surface) -> Iterator[Drawn]:
    for part in split(block.text, PIECE):
        if part:
            yield Drawn(rich(sb.RichTextQuote([sb.RichText(part)])), len(part))
    if block.by:
        yield from _text(cards.small(block.by), surface)


def _bullets(block: cards.Bullets, surface: Surface) -> Iterator[Drawn]:
    if block.title:
        yield from _text(cards.say(cards.Strong(text=block.title)), surface)
    runs = [run for item in block.items for run in _pieces(item)]
    group: list[list[cards.Span]] = []
    for run in runs:
        if group and sum(map(_weight, group)) + _weight(run) > PIECE:
            yield _list(group)
            group = []
        group.append(run)
    if group:
        yield _list(group)


def _list(group: list[list[cards.Span]]) -> Drawn:
    block = rich(sb.RichTextList(ListType.BULLET, [_section(run) for run in group]))
    return Drawn(block, sum(map(_weight, group)))


def _facts(block: cards.Facts, surface: Surface) -> Iterator[Drawn]:
    spans: list[cards.Span] = []
    for n, (label, value) in enumerate(block.rows):
        spans += [cards.Strong(text=f"{label}: "), value + ("\n" if n < len(block.rows) - 1 else "")]
    yield from _text(cards.Text(spans=tuple(spans)), surface)


def _table(block: cards.Table, surface: Surface) -> Iterator[Drawn]:
    size = sum(len(cell) for row in block.rows for cell in row)
    wide = max((len(row) for row in block.rows), default=0) > TABLE_COLUMNS
    if surface == "modal" or wide or size > TABLE_CHARACTERS or not block.rows:
        yield from _table_in_lines(block, surface)
    else:
        for part in _table_parts(block.rows):
            cells: list[list[Any]] = [[sb.RawText(cell or " ") for cell in row] for row in part]
            yield Drawn(resolved(sb.TableBlock(cells)), sum(len(cell) for row in part for cell in row))
    if block.words:
        yield from _text(cards.small(block.words), surface)


def _table_parts(rows: tuple[tuple[str, ...], ...]) -> Iterator[tuple[tuple[str, ...], ...]]:
    head, body = rows[0], rows[1:]
    for start in range(0, max(len(body), 1), TABLE_ROWS - 1):
        yield (head, *body[start : start + TABLE_ROWS - 1])


def _table_in_lines(block: cards.Table, surface: Surface) -> Iterator[Drawn]:
    head = block.rows[0] if block.rows else ()
    lines = [
        "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False) if cell)
        for row in block.rows[1:]
    ]
    yield from _bullets(cards.Bullets(items=tuple((line,) for line in lines)), surface)


def _progress(block: cards.Progress, surface: Surface) -> Iterator[Drawn]:
    yield from _text(cards.say(block.words), surface)


def _divider(block: cards.Divider, surface: Surface) -> Iterator[Drawn]:
    yield Drawn(resolved(sb.DividerBlock()), 0)


def _image(block: cards.Image, surface: Surface) -> Iterator[Drawn]:
    yield from _text(cards.small(block.alt), surface)


def _chart(block: cards.Chart, surface: Surface) -> Iterator[Drawn]:
    """A picture only in messages; what it shows is said in words everywhere."""
    picture = chart_block(block) if surface == "message" else None
    if picture is not None:
        yield Drawn(picture, len(json.dumps(picture)))
    yield from _text(cards.say(cards.Strong(text=f"{block.title}. "), block.words), surface)


# ---- things to press


def _buttons(block: cards.Buttons, surface: Surface) -> Iterator[Drawn]:
    items = [item for item in block.items if isinstance(item, cards.Button) or item.choices]
    for row in _rows(items):
        elements, used = [], set[str]()
        for item in row:
            action_id = _once(_action_id(item), used)
            elements.append(_button(item, action_id) if isinstance(item, cards.Button) else _menu(item, action_id))
        yield Drawn(resolved(sb.ActionsBlock(elements)), sum(map(_labels, row)))


def _rows(items: list[cards.Button | cards.Menu]) -> Iterator[list[cards.Button | cards.Menu]]:
    """What is to press, in rows Slack takes; menus of many choices are kept apart, for their labels count as text."""
    row: list[cards.Button | cards.Menu] = []
    for item in items:
        if row and (len(row) == BUTTONS_IN_A_ROW or sum(map(_labels, row)) + _labels(item) > MESSAGE_CHARACTERS):
            yield row
            row = []
        row.append(item)
    if row:
        yield row


def _labels(item: cards.Button | cards.Menu) -> int:
    """Characters of text on a button or in a menu."""
    choices = () if isinstance(item, cards.Button) else item.choices
    return len(item.label) + sum(min(len(choice.label), OPTION_LABEL) for choice in choices)


def _action_id(item: cards.Button | cards.Menu) -> str:
    """A button's arguments travel in its value; a menu has none, so they travel in the name of its action."""
    if isinstance(item, cards.Button) or not item.args:
        return item.action
    return f"{item.action}?{urlencode(item.args)}"


def _once(action_id: str, used: set[str]) -> str:
    n, found = 1, action_id
    while found in used:
        n += 1
        found = f"{action_id}#{n}"
    used.add(found)
    if len(found) > ACTION_ID:
        raise ValueError(f"too many arguments for a menu: {action_id}")
    return found


def _button(item: cards.Button, action_id: str) -> sb.Element:
    value = json.dumps(item.args, separators=(",", ":"))
    if len(value) > BUTTON_VALUE:
        raise ValueError(f"too many arguments for the button {item.action}")
    label = shorten(item.label, BUTTON_LABEL)
    return sb.Button(
        label,
        action_id=action_id,
        value=value,
        style=None if item.style == "plain" else item.style,
        confirm=_confirm(item.confirm) if item.confirm else None,
        accessibility_label=shorten(f"{item.label}: {item.about}", BUTTON_LABEL) if item.about else None,
    )


def _confirm(confirm: cards.Confirm) -> sb.ConfirmationDialogue:
    return sb.ConfirmationDialogue(
        title=sb.PlainText(shorten(confirm.title, 100)),
        text=sb.PlainText(shorten(confirm.text, 300)),
        confirm=sb.PlainText(shorten(confirm.yes, 30)),
        deny=sb.PlainText(shorten(confirm.no, 30)),
    )


def option(choice: cards.Choice) -> sb.Option:
    """A choice as Slack shows it, cut to Slack's length."""
    return sb.Option(sb.PlainText(shorten(choice.label, OPTION_LABEL) or "-"), value=choice.value)


def grouped(choices: tuple[cards.Choice, ...]) -> list[sb.OptionGroup]:
    """More options than a menu takes at once, in groups that say from where to where they go."""
    groups = []
    for start in range(0, len(choices), OPTIONS):
        part = choices[start : start + OPTIONS]
        label = f"{shorten(part[0].label, 35)} to {shorten(part[-1].label, 35)}"
        groups.append(sb.OptionGroup(label=sb.PlainText(label), options=[option(choice) for choice in part]))
    return groups


def _menu(item: cards.Menu, action_id: str) -> sb.Element:
    placeholder = sb.PlainText(shorten(item.label, 150))
    if len(item.choices) > OPTIONS:
        return sb.StaticSelectMenu(action_id=action_id, option_groups=grouped(item.choices), placeholder=placeholder)
    options = [option(choice) for choice in item.choices]
    return sb.StaticSelectMenu(action_id=action_id, options=options, placeholder=placeholder)


_DRAWERS: dict[type, Callable[[Any, Surface], Iterator[Drawn]]] = {
    cards.Heading: _heading,
    cards.Text: _text,
    cards.Quote: _quote,
    cards.Bullets: _bullets,
    cards.Facts: _facts,
    cards.Table: _table,
    cards.Progress: _progress,
    cards.Divider: _divider,
    cards.Image: _image,
    cards.Chart: _chart,
    cards.Buttons: _buttons,
}
