"""A message Slack refused, once more and plainer: without its chart, its table in words, or in smaller parts.

Works on a page as it would be sent, ``{"text", "blocks"}``, so that only the page that was refused changes.
"""

from __future__ import annotations

from typing import Any

import slackblocks as sb
from slackblocks.rich_text.objects import ListType

from bot.slack.charts import KIND as CHART
from bot.slack.text import split

Json = dict[str, Any]

TABLE = "table"
TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long"})
REFUSED = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_attachments", "unsupported_type"}
)
UNSURE = frozenset({"internal_error", "fatal_error"})
"""Slack answers a table or a chart it cannot take with these too, but they do not say that nothing was posted."""
LIST_CHARACTERS = 2900
CONTINUED = " (continued)"


def plainer(page: Json, code: str) -> list[Json] | None:
    """What to send instead of a page refused with this code: one or more pages; None where nothing plainer is left."""
    if code not in TOO_LONG | REFUSED | UNSURE:
        return None
    if code in TOO_LONG and len(page.get("blocks") or ()) > 1:
        return _halves(page)
    if has(page, CHART):
        return [without_charts(page)]
    if has(page, TABLE):
        return [without_tables(page)]
    if code in REFUSED and len(page.get("blocks") or ()) > 1:
        return _halves(page)
    return None


def in_words(view: Json, code: str) -> Json | None:
    """The Home tab without charts and tables, where Slack refused it with this code; None where it has neither."""
    if code not in REFUSED | UNSURE or not (has(view, CHART) or has(view, TABLE)):
        return None
    return without_tables(without_charts(view))


def has(page: Json, kind: str) -> bool:
    """Whether a page has a block of this kind."""
    return any(block.get("type") == kind for block in page.get("blocks") or ())


def has_chart(page: Json) -> bool:
    """Whether a page has a chart."""
    return has(page, CHART)


def without_charts(page: Json) -> Json:
    """The same message with its sentences and tables only."""
    return {**page, "blocks": [block for block in page["blocks"] if block.get("type") != CHART]}


def without_tables(page: Json) -> Json:
    """The same message with each row of its tables as a line of a list."""
    drawn: list[Json] = []
    for block in page["blocks"]:
        drawn += _in_words(block) if block.get("type") == TABLE else [block]
    return {**page, "blocks": drawn}


def _in_words(table: Json) -> list[Json]:
    head, *rows = [[str(cell.get("text") or "").strip() for cell in row] for row in table["rows"]]
    lines = [
        "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(head, row, strict=False) if cell)
        for row in rows
    ] or ["; ".join(filter(None, head))]
    groups: list[list[str]] = [[]]
    for part in [part for line in lines for part in split(line, LIST_CHARACTERS) if part]:
        if groups[-1] and sum(map(len, groups[-1])) + len(part) > LIST_CHARACTERS:
            groups.append([])
        groups[-1].append(part)
    return [_list(group) for group in groups if group]


def _list(lines: list[str]) -> Json:
    items = [sb.RichTextSection([sb.RichText(line)]) for line in lines]
    block: Json = sb.RichTextBlock([sb.RichTextList(ListType.BULLET, items)])._resolve()
    block.pop("block_id", None)
    return block


def _halves(page: Json) -> list[Json]:
    blocks = page["blocks"]
    middle = len(blocks) // 2
    text = str(page.get("text") or "")
    after = text if text.endswith(CONTINUED) else text + CONTINUED
    return [{**page, "blocks": blocks[:middle]}, {**page, "text": after, "blocks": blocks[middle:]}]
