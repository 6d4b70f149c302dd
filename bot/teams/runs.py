"""Words as Teams draws them: what people typed stays as they typed it, and acts as nothing.

Markdown is live in every text of a card except in the runs of a rich text block. So words go there, a line a block,
for a line break inside a run is not promised. Labels and choices take no runs: what a markdown reader could act on is
taken out of them, and where that changes anything the words in full lie in a run above.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bot.lengths import split
from prompts_and_forms import card as cards

Json = dict[str, Any]

PIECE = 2900
"""Characters in one block of words."""
BULLET = "• "
_LINE_END = re.compile(r"\r\n|\r|\n")
_LIVE = re.compile(
    r"^\s*(?:[#>+=-]+|(?P<number>\d+)[.)])(?=\s)|[\[\]*_`<>\\~]|&(?=#?\w+;)|://|www\.|mailto:|\s*[\r\n\t\v\f]\s*", re.I
)


def size(part: Any) -> int:
    """What a part of a card takes, as Teams counts: bytes in UTF-16."""
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-16-le", "surrogatepass"))


def harmless(text: str) -> str:
    """The words without a sign that markdown reads, for a label that can be no run."""
    bare = " ".join(_LIVE.sub(lambda found: f"{found['number'] or ''} ", text).split())
    return bare if is_harmless(bare) else harmless(bare)


def is_harmless(text: str) -> bool:
    """Whether no markdown reader finds anything in the words."""
    return not _LIVE.search(text)


def plain(span: cards.Span) -> str:
    """The words of a span."""
    if isinstance(span, str):
        return span
    return span.text if isinstance(span, cards.Strong) else span.name


def paragraph(spans: tuple[cards.Span, ...], *, before: str = "", **look: Any) -> Iterator[Json]:
    """A block of rich text for each line. `look`: how every run looks; `before`: what the first line begins with."""
    first, gap = True, False
    for line in _lines(spans):
        if not any(plain(span).strip() for span in line):
            gap = True
            continue
        for runs in _pieces(line):
            drawn = [_run(span, look) for span in runs]
            if first and before:
                drawn.insert(0, {"type": "TextRun", "text": before, **look})
            block: Json = {"type": "RichTextBlock", "inlines": drawn}
            if not first:
                block["spacing"] = "medium" if gap else "none"
            yield block
            first, gap = False, False


def _run(span: cards.Span, look: Json) -> Json:
    run: Json = {"type": "TextRun", "text": plain(span), **look}
    if not isinstance(span, str):
        run["weight"] = "bolder"
    return run


def _lines(spans: tuple[cards.Span, ...]) -> list[list[cards.Span]]:
    lines: list[list[cards.Span]] = [[]]
    for span in spans:
        first, *others = _LINE_END.split(plain(span))
        lines[-1].append(_same(span, first))
        lines += [[_same(span, other)] for other in others]
    return lines


def _same(span: cards.Span, text: str) -> cards.Span:
    """A part of a span, looking as the span does."""
    return text if isinstance(span, str) else cards.Strong(text=text)


def _pieces(line: list[cards.Span]) -> Iterator[list[cards.Span]]:
    """The line in runs of at most `PIECE` characters, nothing left out."""
    piece: list[cards.Span] = []
    room = PIECE
    for span in line:
        for part in split(plain(span), PIECE):
            if not part:
                continue
            if len(part) > room and piece:
                yield piece
                piece, room = [], PIECE
            piece.append(_same(span, part))
            room -= len(part)
    if piece:
        yield piece
