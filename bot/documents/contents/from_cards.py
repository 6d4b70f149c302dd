"""The neutral cards of the record as parts of a document, in the same words and the same order."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.formats import chart_svg
from bot.documents.model import AnyPart, Bullets, Facts, Heading, Line, Paragraph, Quote, Run, Table
from prompts_and_forms import card


def parts(blocks: Iterable[card.Block], level: int = 1) -> list[AnyPart]:
    """Headings begin at `level`; a line that is all strong is a heading under it. Buttons stay behind."""
    found: list[AnyPart] = []
    for block in blocks:
        if isinstance(block, card.Chart):
            found += _chart(block)
        elif (part := _part(block, level)) is not None:
            found.append(part)
    return found


def _chart(block: card.Chart) -> list[AnyPart]:
    """The drawing where there is something to draw, and always its words."""
    drawn = chart_svg.picture(block)
    said = Paragraph(runs=(Run(text=f"{block.title}. ", strong=True), Run(text=block.words)))
    return [drawn, said] if drawn else [said]


def _part(block: card.Block, level: int) -> AnyPart | None:
    if isinstance(block, card.Heading):
        return Heading(text=block.text, level=level)
    if isinstance(block, card.Text):
        return _heading(block, level + 1) or Paragraph(runs=_line(block.spans), quiet=block.quiet)
    if isinstance(block, card.Quote):
        return Quote(text=block.text, by=block.by)
    if isinstance(block, card.Bullets):
        return Bullets(items=tuple(_line(item) for item in block.items), title=block.title)
    if isinstance(block, card.Facts):
        return Facts(rows=block.rows) if block.rows else None
    if isinstance(block, card.Table) and block.rows:
        return Table(head=block.rows[0], rows=block.rows[1:], words=block.words)
    if isinstance(block, card.Progress):
        return Paragraph(runs=(Run(text=block.words),))
    return None


def _heading(text: card.Text, level: int) -> Heading | None:
    """Strong words, alone or with who and when in brackets behind them."""
    first, *rest = text.spans
    if not isinstance(first, card.Strong) or len(rest) > 1:
        return None
    aside = rest[0] if rest else ""
    if not isinstance(aside, str) or (aside and not (aside.startswith(" (") and aside.endswith(")"))):
        return None
    return Heading(text=first.text, level=level, aside=aside.strip())


def _line(spans: Iterable[card.Span]) -> Line:
    return tuple(_run(span) for span in spans if span)


def _run(span: card.Span) -> Run:
    if isinstance(span, card.Strong):
        return Run(text=span.text, strong=True)
    return Run(text=span.name if isinstance(span, card.Mention) else span)
