"""What a meeting costs, counted and not timed: questions to the database, and calls to Slack."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.light import FORMS_MOST, PRESSES_MOST, Cost, light_family
from bench.questions import Meeting, questions, unit_with_past
from storage.database.db import Database
from storage.database.vault import Vault

A_SEASON, TWO_YEARS = 0.25, 2


def a_meeting(empty: Path, folder: Path, vault: Vault, *, years: float, families: int) -> Meeting:
    path = folder / f"{years}-{families}.db"
    shutil.copy(empty, path)
    db = Database.open(f"sqlite:///{path}", vault)
    try:
        return questions(db, unit_with_past(db, families=families, years=years))
    finally:
        db.close()


def test_no_event_asks_more_questions_when_there_are_years_of_history(
    empty_database: Path, tmp_path: Path, vault: Vault
) -> None:
    young = a_meeting(empty_database, tmp_path, vault, years=A_SEASON, families=4)
    old = a_meeting(empty_database, tmp_path, vault, years=TWO_YEARS, families=4)

    grown = {name: (young.counts[name], count) for name, count in old.counts.items() if count > young.counts[name]}

    assert grown == {}


def test_what_is_drawn_asks_no_more_questions_when_the_agenda_is_long(
    empty_database: Path, tmp_path: Path, vault: Vault
) -> None:
    short = a_meeting(empty_database, tmp_path, vault, years=0, families=3)
    long = a_meeting(empty_database, tmp_path, vault, years=0, families=15)

    drawn = [name for name in long.counts if name.startswith(("draw", "message", "hand in", "button: close"))]

    assert {name: long.counts[name] for name in drawn} == {name: short.counts[name] for name in drawn}


MOST = {
    "message": 8,
    "message edited": 9,
    "message deleted": 8,
    "button: next": 8,
    "button: next, something missing": 8,
    "button: back": 8,
    "open form: l_safety": 9,
    "open form: hypothesis": 9,
    "open form: action": 9,
    "hand in: l_changed": 12,
    "hand in: hypothesis": 14,
    "hand in: l_safety": 13,
    "hand in: action": 17,
    "hand in: l_next": 15,
    "button: go on anyway": 12,
    "button: finish": 16,
}
"""Questions to the database, by event. What is above twelve also points something out, or looks at all of a family.
Opening a form asks whether the same person left it half-written before.
"""


def test_what_people_do_most_asks_few_questions(empty_database: Path, tmp_path: Path, vault: Vault) -> None:
    counts = a_meeting(empty_database, tmp_path, vault, years=0, families=4).counts

    assert {name: counts[name] for name, most in MOST.items() if counts[name] > most} == {}


@pytest.fixture
async def cost(db: Database, tmp_path: Path) -> Cost:
    return await light_family(tmp_path, db, unit_with_past(db, families=2, years=0))


async def test_rule_5_a_light_family_is_one_form_and_at_most_eight_presses(cost: Cost) -> None:
    assert cost.forms <= FORMS_MOST, cost
    assert cost.presses <= PRESSES_MOST, cost
