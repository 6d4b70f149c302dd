"""Small numbers in words: a share only of ten or more, an average only over ten or more. Pure.

For a head of service a number from 1 to 5 becomes "1 to 5", and where that could be worked out from the others one
more cell is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from prompts_and_forms.managers import wording

LEAST = 10
"""Of fewer than this there is no percentage, no average and no table of two things at once."""
HIDDEN_UP_TO = 5


def share(count: int, of: int) -> str:
    """ "3 of 7"; with ten or more "12 of 20 (60%)"; "none to count" where there is nothing."""
    if of <= 0:
        return wording.NONE_TO_COUNT
    said = wording.OF.format(count=count, of=of)
    return f"{said} ({percent(count, of)}%)" if of >= LEAST else said


def percent(count: int, of: int) -> int:
    """The share in whole per cent, halves upwards."""
    return (200 * count + of) // (2 * of)


def average(value: Decimal | None, over: int, words: str, name: str) -> str:
    """An average with what it is over; where there are too few it says so and shows none."""
    if value is None or over < LEAST:
        return wording.TOO_FEW.format(name=name, over=over, least=LEAST)
    return words.format(value=value, over=over)


def hidden(count: int) -> bool:
    """Whether a number is too small to be shown above the units."""
    return 1 <= count <= HIDDEN_UP_TO


def for_head_of_service(count: int) -> str:
    """One number as it is shown above the units."""
    return wording.ONE_TO_FIVE if hidden(count) else str(count)


def row(parts: Sequence[int]) -> list[str]:
    """Numbers that make up a total which is shown. Where exactly one is hidden another is too, or it could be worked
    out; a nought is never hidden for it where a larger number can be.
    """
    shown = [for_head_of_service(one) for one in parts]
    small = [place for place, one in enumerate(parts) if hidden(one)]
    if len(small) != 1:
        return shown
    others = [place for place in range(len(parts)) if place not in small]
    second = min(others, key=lambda place: (parts[place] == 0, parts[place]), default=None)
    if second is not None:
        shown[second] = wording.HIDDEN
    return shown


def pair(count: int, of: int) -> tuple[str, str]:
    """A numerator and its denominator above the units: what is left over must not be small either."""
    yes, no = row((count, of - count)) if of >= count else (for_head_of_service(count), "")
    whole = for_head_of_service(of)
    if yes == str(count) and no == str(of - count):
        return yes, whole
    return (yes if yes != str(count) else wording.HIDDEN), whole
