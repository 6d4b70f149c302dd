"""A written record as plain text for a case system, and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from prompts_and_forms.card import Block, Bullets, Facts, Heading, Mention, Quote, Span, Strong, Table, Text
from prompts_and_forms.typed import printable


def as_text(blocks: Iterable[Block]) -> str:
    """The record as plain text that pastes well into a case system."""
    return printable("\n".join(line for block in blocks for line in (*_text_lines(block), "")).strip()) + "\n"


def _text_lines(block: Block) -> list[str]:
    if isinstance(block, Heading):
        return [block.text, "=" * min(len(block.text), 70)]
    if isinstance(block, Text):
        return [_plain(block.spans)]
    if isinstance(block, Quote):
        return [f"“{block.text}”" + (f" ({block.by})" if block.by else "")]
    if isinstance(block, Bullets):
        return [*([block.title] if block.title else []), *(f"- {_plain(item)}" for item in block.items)]
    if isinstance(block, Facts):
        return [f"{label}: {value}" for label, value in block.rows]
    if isinstance(block, Table):
        return [" | ".join(row) for row in block.rows]
    return []


def _plain(spans: Iterable[Span]) -> str:
    return "".join(_span(one) for one in spans)


def _span(span: Span) -> str:
    if isinstance(span, str):
        return span
    return span.name if isinstance(span, Mention) else span.text


def as_part(blocks: Iterable[Block], level: int = 2) -> str:
    """The record as a part of a page, its headings on that level."""
    return "\n".join(_html(block, level) for block in blocks)


def _html(block: Block, level: int) -> str:
    if isinstance(block, Heading):
        return f"<h{level}>{_html_text(block.text)}</h{level}>"
    if isinstance(block, Text):
        tag = "small" if block.quiet else "span"
        return f"<p><{tag}>{_html_spans(block.spans)}</{tag}></p>"
    if isinstance(block, Quote):
        by = f"<footer>{_html_text(block.by)}</footer>" if block.by else ""
        return f'<blockquote dir="auto"><p>{_html_text(block.text)}</p>{by}</blockquote>'
    if isinstance(block, Bullets):
        title = f"<p><strong>{_html_text(block.title)}</strong></p>" if block.title else ""
        return f"{title}<ul>{''.join(f'<li>{_html_spans(item)}</li>' for item in block.items)}</ul>"
    if isinstance(block, Facts):
        rows = (f"<dt>{_html_text(label)}</dt><dd>{_html_text(value)}</dd>" for label, value in block.rows)
        return f"<dl>{''.join(rows)}</dl>"
    if isinstance(block, Table):
        return _html_table(block)
    return ""


def _html_table(table: Table) -> str:
    head, *rest = table.rows
    first = "".join(f'<th scope="col">{_html_text(cell)}</th>' for cell in head)
    rows = "".join(f"<tr>{''.join(f'<td>{_html_text(cell)}</td>' for cell in row)}</tr>" for row in rest)
    return f"<table><thead><tr>{first}</tr></thead><tbody>{rows}</tbody></table>"


def _html_spans(spans: Iterable[Span]) -> str:
    return "".join(
        f"<strong>{_html_text(span.text)}</strong>" if isinstance(span, Strong) else _html_text(_span(span))
        for span in spans
    )


def _html_text(text: str) -> str:
    return escape(printable(text)).replace("\n", "<br>")
