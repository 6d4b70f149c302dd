"""What the documentation asks of a chart: one value for each series at each point, short names, none twice."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.practice.slack.limits import Json, limits

Fault = Callable[..., None]


def check_chart(chart: Any, at: str, fault: Fault) -> None:
    """Tells `fault(kind of wording, where, **values)` everything that is wrong with a chart of lines, bars or areas."""
    if not isinstance(chart, dict):
        return fault("type_object", at)
    most = limits()["charts"]
    kind = chart.get("type")
    if kind not in most["types"]:
        return fault("unsupported_type", f"{at}/type", value=kind)
    if kind == "pie":
        return _labels(_listed(chart, "segments", at, most["segments"], fault), "label", at, fault)
    series = list(_listed(chart, "series", at, most["series"], fault))
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        return fault("required", at, field="axis_config")
    categories = [item for item, _ in _listed(axis, "categories", f"{at}/axis_config", most["points"], fault)]
    if len(set(categories)) != len(categories):
        fault("one_of", f"{at}/axis_config/categories")
    for label in categories:
        _short(label, f"{at}/axis_config/categories", fault)
    _labels(iter(series), "name", at, fault)
    for one, here in series:
        _points(one, here, categories, fault)


def _points(series: Json, at: str, categories: list[Any], fault: Fault) -> None:
    points = series.get("data") if isinstance(series, dict) else None
    if not isinstance(points, list):
        return fault("required", at, field="data")
    for n, point in enumerate(points):
        value = point.get("value") if isinstance(point, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            fault("type_number", f"{at}/data/{n}/value")
    if [point.get("label") for point in points if isinstance(point, dict)] != categories:
        fault("one_of", f"{at}/data")


def _listed(holder: Json, name: str, at: str, most: int, fault: Fault) -> Iterator[tuple[Any, str]]:
    items = holder.get(name)
    if not isinstance(items, list) or not items:
        fault("required", at, field=name)
        return
    if len(items) > most:
        fault("max_items", f"{at}/{name}", n=most)
    for n, item in enumerate(items):
        yield item, f"{at}/{name}/{n}"


def _labels(items: Iterator[tuple[Any, str]], field: str, at: str, fault: Fault) -> None:
    seen: set[Any] = set()
    for item, here in items:
        label = item.get(field) if isinstance(item, dict) else None
        _short(label, f"{here}/{field}", fault)
        if label in seen:
            fault("one_of", f"{here}/{field}")
        seen.add(label)


def _short(label: Any, at: str, fault: Fault) -> None:
    most = limits()["charts"]["label"]
    if not isinstance(label, str) or not label:
        fault("required", at, field="label")
    elif len(label) > most:
        fault("max_length", at, n=most)
