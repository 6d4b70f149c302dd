"""A figure in words: its number as small numbers are shown, what makes it up, what stands beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from prompts_and_forms.clinical import pathway, reviews_wording
from prompts_and_forms.clinical.tracking_rules import KINDS as TRACKING_KINDS
from prompts_and_forms.days import day_words
from prompts_and_forms.managers import small_numbers, wording
from prompts_and_forms.managers.figures import Figure, Part
from prompts_and_forms.managers.wording import MEANINGS, PARTS

LONGEST = "longest:"
GROUPS = {"kind": "kind", "method": "method", "theme": "theme"}


def number(figure: Figure) -> str:
    """The figure itself: "12 of 14 (86%)", or one number where it is of nothing."""
    if MEANINGS[figure.id].plain:
        return str(figure.count)
    return small_numbers.share(figure.count, figure.of)


def in_words(figure: Figure) -> str:
    """The figure with its parts, what stands beside it, and its average, in one line."""
    parts = _waits(figure) if figure.id == "reviews_late" else [*_parts(figure.parts), *_parts(figure.apart)]
    parts = _parts(figure.apart) if figure.id == "tracking" else parts
    said = [*parts, *average(figure)]
    return f"{number(figure)} ({'; '.join(said)})" if said else number(figure)


def _parts(parts: Iterable[Part]) -> list[str]:
    return [f"{label(one.code)}: {_count(one)}" for one in parts if one.count or one.code in ("up", "down", "missing")]


def _waits(figure: Figure) -> list[str]:
    """Each kind of late review, with how long the oldest of them waits."""
    days = {part.code.removeprefix(LONGEST): day_words.count(part.count) for part in figure.apart}
    return [wording.WAITS.format(kind=label(one.code), count=one.count, days=days[one.code]) for one in figure.parts]


def _count(part: Part) -> str:
    if part.code.startswith(LONGEST):
        return day_words.count(part.count)
    return small_numbers.share(part.count, part.of) if part.of is not None else str(part.count)


def average(figure: Figure) -> list[str]:
    """The average a figure has, where there are enough to show one; that there are too few, otherwise."""
    named = {
        "throughput": (wording.MEDIAN, wording.MEDIAN_NAME),
        "sdq_change": (wording.ADDED_VALUE, wording.ADDED_VALUE_NAME),
    }.get(figure.id)
    if named is None or not figure.over:
        return []
    return [small_numbers.average(figure.average, figure.over, *named)]


def label(code: str) -> str:
    """What a part of a figure is called."""
    if code in PARTS:
        return PARTS[code]
    if code.startswith(LONGEST):
        return wording.LONGEST.format(kind=label(code.removeprefix(LONGEST)).lower())
    if code in reviews_wording.KINDS:
        return reviews_wording.KINDS[code]
    group, _, rest = code.partition(":")
    if group in GROUPS:
        return f"{GROUPS[group]} {TRACKING_KINDS.get(rest, rest.replace('_', ' '))}"
    if rest in PARTS:
        return f"{group.replace('_', ' ')} {PARTS[rest]}"
    return pathway.state(code).name


def meaning(name: str) -> tuple[str, ...]:
    """How a figure is counted, a sentence each."""
    one = MEANINGS[name]
    said = [wording.COUNTS.format(counts=one.counts)]
    if one.of:
        said.append(wording.OUT_OF.format(of=one.of))
    return (*said, *([one.more] if one.more else []))
