"""How old a child is on a day: from the age somebody said and the day they said it, or from the day they turn 18.

An age on the day that counts: that of the first meeting, of the end, of the day a form was filled in. No birthday is
kept, so that an age said a while ago can be one of two; it is exact where the day the child turns 18 is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from prompts_and_forms.days.timescales import months_later

ADULT = 18


@dataclass(frozen=True)
class KnownAge:
    """`said_on` is the day on which `years` or `months` was true; None = not known, the age stays as it was said."""

    years: int | None = None
    months: int | None = None
    said_on: date | None = None
    turns_18: date | None = None


def age_range(known: KnownAge, day: date) -> tuple[int, int] | None:
    """The youngest and oldest the child can be on that day, in whole years; None where no age is known."""
    if known.turns_18 is not None:
        age = max(ADULT + whole_years(known.turns_18, day), 0)
        return age, age
    if known.months is not None and not known.years and known.said_on is not None:
        first, last = _moved(known.months, whole_months(known.said_on, day), known.said_on, day)
        return first // 12, last // 12
    if known.years is None:
        return None if known.months is None else (known.months // 12, known.months // 12)
    if known.said_on is None:
        return known.years, known.years
    return _moved(known.years, whole_years(known.said_on, day), known.said_on, day)


def age_on(known: KnownAge, day: date) -> int | None:
    """The age on that day, of two that are possible the one nearer to what was said; None where none is known."""
    found = age_range(known, day)
    if found is None:
        return None
    return found[1] if known.said_on is not None and day < known.said_on else found[0]


def months_on(known: KnownAge, day: date) -> int | None:
    """Whole months on that day for a child under two; None for an older one or where no months were said."""
    if known.months is None or known.years:
        return None
    moved = whole_months(known.said_on, day) if known.said_on else 0
    months = max(known.months + moved, 0)
    return months if months < 24 else None


def whole_years(start: date, day: date) -> int:
    """Full years from `start` to `day`, minus where the day lies before; 29 February counts on 1 March."""
    return day.year - start.year - ((day.month, day.day) < (start.month, start.day))


def whole_months(start: date, day: date) -> int:
    """Full months from `start` to `day`, minus where the day lies before."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months - (months_later(start, months) > day)


def _moved(said: int, full: int, said_on: date, day: date) -> tuple[int, int]:
    """What was said, moved by full years (or months): a birthday may have come in the part of one that is left."""
    exact = day == said_on
    return max(said + full, 0), max(said + full + (0 if exact else 1), 0)
