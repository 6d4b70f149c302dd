"""A picture of numbers as Slack's own chart, and the same message without it where Slack does not take it.

Slack wants one value for each series at each point, and nought is a value: what is missing is left out of the picture.
The sentence and the table beside it say so.
"""

from __future__ import annotations

from typing import Any

import slackblocks as sb

from bot.slack.text import shorten
from prompts_and_forms.card import Chart

Json = dict[str, Any]
Series = tuple[tuple[str, tuple[float | None, ...]], ...]

KIND = "data_visualization"
MOST_SERIES = 6
"""One page of Slack's says 6 and another 12."""
MOST_POINTS, LABEL, TITLE = 20, 20, 50
IN_A_MESSAGE = 2


def chart_block(chart: Chart) -> Json | None:
    """The chart as a block; None for one of which fewer than two points are known."""
    series = tuple((name, values[-MOST_POINTS:]) for name, values in chart.series[:MOST_SERIES])
    points = _apart(chart.points[-MOST_POINTS:])
    drawn, places = _whole(series)
    if len(places) < 2:
        return None
    labels = [points[place] for place in places]
    names = _apart(tuple(name for name, _ in drawn))
    lines = [
        sb.DataSeries(
            name, [sb.DataPoint(label, _number(values[place])) for label, place in zip(labels, places, strict=True)]
        )
        for name, (_, values) in zip(names, drawn, strict=True)
    ]
    title = shorten(f"{chart.title}: {', '.join(name for name, _ in drawn)}", TITLE)
    block: Json = sb.DataVisualizationBlock(title, sb.LineChart(lines, sb.AxisConfig(labels)))._resolve()
    block.pop("block_id", None)
    return block


def _whole(series: Series) -> tuple[Series, list[int]]:
    """The series to draw and the places where each has a value; a series that leaves too few places waits outside."""
    drawn: list[tuple[str, tuple[float | None, ...]]] = []
    places: list[int] = []
    for name, values in series:
        known = [n for n, value in enumerate(values) if value is not None and (not drawn or n in places)]
        if len(known) >= 2 and (not drawn or len(known) == len(places)):
            drawn.append((name, values))
            places = known
    return tuple(drawn), places


def _apart(labels: tuple[str, ...]) -> list[str]:
    """Short labels of which no two are the same."""
    found: list[str] = []
    for label in labels:
        n, one = 1, shorten(label, LABEL)
        while one in found:
            n += 1
            mark = f" ({n})"
            one = shorten(label, LABEL - len(mark)) + mark
        found.append(one)
    return found


def _number(value: float | None) -> float | int:
    assert value is not None
    return int(value) if value == int(value) else value
