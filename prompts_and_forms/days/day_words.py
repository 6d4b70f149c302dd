"""A day as people write it, and a number of days."""

from __future__ import annotations

from datetime import date


def in_full(day: date) -> str:
    """17 November 2026."""
    return f"{day.day} {day:%B %Y}"


def in_short(day: date) -> str:
    """17 Nov 2026."""
    return f"{day.day} {day:%b} {day.year}"


def with_weekday(day: date) -> str:
    """Tuesday 17 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def on_day(day: date) -> str:
    """Tuesday 1 December: of a day that is near."""
    return f"{day:%A} {day.day} {day:%B}"


def of_this_year(day: date) -> str:
    """Tue 17 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def day_and_month(day: date) -> str:
    """17 Nov."""
    return f"{day.day} {day:%b}"


def count(days: int) -> str:
    """1 day, 3 days."""
    return "1 day" if days == 1 else f"{days} days"
