"""A calendar file: times in UTC, whole days, folded lines, and no sign in a title that means anything else."""

from __future__ import annotations

from datetime import UTC, date, datetime

from prompts_and_forms.days.ics import LONGEST, Entry, calendar

MADE = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


def test_a_time_is_in_utc_and_a_day_is_a_day() -> None:
    text = calendar(
        "Unit meetings",
        [
            Entry("a", "Unit meeting", date(2026, 7, 7), datetime(2026, 7, 7, 8, 30, tzinfo=UTC), 180),
            Entry("b", "A review is due", date(2026, 12, 31)),
        ],
        MADE,
    )
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART:20260707T083000Z" in lines
    assert "DTEND:20260707T113000Z" in lines
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert text.count("CLASS:PRIVATE") == 2


def test_the_same_thing_has_the_same_name_and_another_one_has_not() -> None:
    def uid(key: str) -> str:
        text = calendar("x", [Entry(key, "A", date(2026, 1, 1))], MADE)
        return next(line for line in text.split("\r\n") if line.startswith("UID:"))

    assert uid("a") == uid("a")
    assert uid("a") != uid("b")


def test_signs_and_line_ends_in_a_name_mean_nothing_and_long_lines_are_folded() -> None:
    title = "Unit meeting, Łódź; North\\South\nEND:VCALENDAR " + "é" * 60
    text = calendar("x", [Entry("a", title, date(2026, 1, 1))], MADE)
    assert text.count("\r\nEND:VCALENDAR") == 1
    assert "Unit meeting\\, Łódź\\; North\\\\South END:VCALENDAR" in text.replace("\r\n ", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= LONGEST
