"""How long things stay: rules by category, none of them due by itself, and the council's own where there is no law."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prompts_and_forms.retention import wording
from prompts_and_forms.retention.rules import Known, Retention, RetentionFault, What, read, years_later

TODAY = date(2026, 11, 17)
CLOSED = date(2020, 2, 29)


def known(*categories: str, closed: date | None = CLOSED, turn_18: tuple[date | None, ...] = ()) -> Known:
    return Known(frozenset(categories), closed, turn_18)


def own(tmp_path: Path, **years: int) -> Retention:
    rows = [
        f"  - {{id: {name}, what: families, categories: [{name}], starts: closed, years: {n}, status: local, "
        "source: schedule, checked: local}"
        for name, n in years.items()
    ]
    file = tmp_path / "own.yaml"
    file.write_text("rules:\n" + "\n".join(rows) + "\n")
    return read(file)


def test_a_looked_after_childs_record_stays_to_the_youngest_childs_75th_birthday() -> None:
    children = (date(2020, 5, 1), date(2024, 2, 29))
    found = read().family(known("looked_after", turn_18=children), TODAY)
    assert (found.rule, found.on) == ("looked_after", date(2081, 3, 1))


def test_without_every_birthday_nothing_is_due() -> None:
    found = read().family(known("looked_after", turn_18=(date(2020, 5, 1), None)), TODAY)
    assert (found.on, found.why) == (None, wording.NO_BIRTHDAY)


@pytest.mark.parametrize("category", ["child_protection", "child_in_need", "complex_child_in_need"])
def test_where_the_council_has_not_said_nothing_is_due(category: str) -> None:
    found = read().family(known(category), TODAY)
    assert found.on is None
    assert "not said how long" in found.why


def test_nothing_is_due_by_default() -> None:
    rules = read()
    assert [rule.id for rule in rules.rules if rule.is_set and rule.what is not What.FAMILIES] == []


def test_the_longest_of_all_categories_a_family_ever_had_counts(tmp_path: Path) -> None:
    rules = own(tmp_path, child_in_need=6, child_protection=25)
    assert rules.family(known("child_in_need"), TODAY).on == date(2026, 3, 1)
    assert rules.family(known("child_in_need", "child_protection"), TODAY).on == date(2045, 3, 1)


def test_a_category_without_a_rule_or_an_open_family_is_never_due(tmp_path: Path) -> None:
    rules = own(tmp_path, child_in_need=6)
    assert rules.family(known("child_in_need", "family_help"), TODAY).why == wording.NO_RULE
    assert rules.family(known("child_in_need", closed=None), TODAY).why == wording.STILL_OPEN


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("rules:\n  - {id: a}\n", "line 2"),
        (
            "rules:\n  - {id: drafts, what: drafts, starts: saved, days: soon, status: a, source: b, checked: c}\n",
            "days",
        ),
        ("rules:\n  - {id: drafts, what: drafts, starts: saved, days: 0, status: a, source: b, checked: c}\n", "days"),
        ("rules:\n  - {id: x, what: families, starts: closed, status: a, source: b, checked: c}\n", "categories"),
        ("rules: []\n", "no rules"),
        ("rules:\n  - a\n", "names and values"),
        ("nothing", "no rules"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(rows)
    with pytest.raises(RetentionFault, match=said):
        read(file)


def test_the_same_day_so_many_years_on() -> None:
    assert years_later(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert years_later(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert years_later(date(2024, 2, 29), -18) == date(2006, 3, 1)
