"""A calendar file (RFC 5545) of days and times with plain titles. Pure.

Times are written in UTC, so that no time zone has to be described. Titles are the bot's own words and unit names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

HEAD = (
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Unit Meeting Bot//Calendar//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    "X-PUBLISHED-TTL:PT6H",
)
LONGEST = 75
"""Bytes of a line; the rest goes on in the next one, after a blank (section 3.1)."""


@dataclass(frozen=True)
class Entry:
    """One line of somebody's calendar: a whole day, or from `start` for so many minutes. `key` tells it from others."""

    key: str
    title: str
    day: date
    start: datetime | None = None
    minutes: int = 0


def calendar(name: str, entries: Iterable[Entry], made: datetime) -> str:
    """The file, with the name a calendar program shows."""
    lines = [*HEAD, f"X-WR-CALNAME:{escaped(name)}"]
    for one in entries:
        lines += _event(one, made)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: Entry, made: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(one.key.encode()).hexdigest()[:32]}@unit-meeting-bot"
    yield f"DTSTAMP:{_moment(made)}"
    if one.start is None:
        yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    else:
        yield f"DTSTART:{_moment(one.start)}"
        yield f"DTEND:{_moment(one.start + timedelta(minutes=one.minutes))}"
    yield f"SUMMARY:{escaped(one.title)}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _moment(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as a value: no sign in it means anything else (section 3.3.11)."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())


def folded(line: str) -> Iterator[str]:
    """The line in pieces of 75 bytes at most, never within a letter."""
    part, size = "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LONGEST:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + width
    yield part
