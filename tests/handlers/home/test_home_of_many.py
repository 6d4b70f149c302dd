"""The Home tab of somebody with very much to do fits the platform, whole sentences only, and is there at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import event

from bot.slack import views
from handlers import routes
from handlers.turn import Event, EventKind, HomeView
from prompts_and_forms.card import Bullets, Buttons, Card, Menu, Text
from prompts_and_forms.home import wording as home_wording
from storage.database.db import Database
from storage.database.tables_machinery import Draft
from storage.database.vault import Vault
from storage.unit import people
from tests.worlds.in_memory import words_of
from tests.worlds.managers.many_units import LONG, MANAGER, NOW, manager_of

SLACK_BLOCKS, SLACK_CHARACTERS = 100, 250_000
UNITS, FAMILIES, DRAFTS = 100, 3, 14


@pytest.fixture(scope="module")
def filled(empty_database: Path, tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    path = tmp_path_factory.mktemp("many") / "unit.db"
    copy(empty_database, path)
    db = Database.open(f"sqlite:///{path}", vault)
    with db.write() as session:
        manager_of(session, UNITS, FAMILIES)
    db.close()
    return path


@pytest.fixture
def many(filled: Path, tmp_path: Path, vault: Vault) -> Iterator[Database]:
    copy(filled, tmp_path / "unit.db")
    db = Database.open(f"sqlite:///{tmp_path / 'unit.db'}", vault)
    yield db
    db.close()


def home(db: Database, number: int = 1) -> tuple[Card, int]:
    """The tab, and how many statements it took."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with db.write() as session:
            opened = Event(id=f"home {number}", kind=EventKind.HOME, at=NOW, chat_user=MANAGER)
            answer = routes.handle(session, opened, NOW)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert isinstance(answer, HomeView)
    return answer.card, len(asked)


def press(db: Database, name: str, number: int, **args: str) -> Card:
    with db.write() as session:
        pressed = Event(id=f"press {number}", kind=EventKind.BUTTON, at=NOW, chat_user=MANAGER, name=name, args=args)
        answer = routes.handle(session, pressed, NOW)
    return answer.card  # type: ignore[union-attr]


def fits(shown: Card) -> None:
    drawn = views.home(shown)
    assert len(drawn["blocks"]) <= SLACK_BLOCKS
    assert len(json.dumps(drawn)) <= SLACK_CHARACTERS
    assert home_wording.TOO_MUCH not in json.dumps(drawn)


def menus(shown: Card) -> list[Menu]:
    return [
        item for block in shown.blocks if isinstance(block, Buttons) for item in block.items if isinstance(item, Menu)
    ]


def test_a_hundred_units_fit_with_a_line_each_in_alphabetical_order(many: Database) -> None:
    shown, _ = home(many)
    fits(shown)
    (lines,) = [block for block in shown.blocks if isinstance(block, Bullets) and block.title == "Your units"]
    names = ["".join(span if isinstance(span, str) else span.text for span in item) for item in lines.items]
    assert len(names) == UNITS
    assert names == sorted(names)
    assert names[0] == "Unit 000: 3 families, 2 of 3 discussed this week, 2 actions overdue."


def test_what_needs_the_person_comes_first_in_whole_sentences_with_buttons(many: Database) -> None:
    shown, _ = home(many)
    said = words_of(shown)
    assert said.startswith("200 things are due.")
    assert said.index(LONG) < said.index("Your units")
    due = [block for block in shown.blocks if isinstance(block, Text) and any(LONG in str(one) for one in block.spans)]
    assert len(due) == 8
    assert all(len(choice.label) <= 75 for menu in menus(shown) for choice in menu.choices)


def test_the_next_ones_are_a_press_away_until_there_are_no_more(many: Database) -> None:
    shown, _ = home(many)
    seen, number = words_of(shown).count(LONG), 100
    while True:
        more = [
            item
            for block in shown.blocks
            if isinstance(block, Buttons)
            for item in block.items
            if item.action == "nudge.more"
        ]
        if not more:
            break
        number += 1
        shown = press(many, "nudge.more", number, **more[0].args)
        seen += words_of(shown).count(LONG)
    assert seen == 2 * UNITS


def test_every_draft_is_there_however_many(many: Database) -> None:
    with many.write() as session:
        person = people.by_chat_user(session, MANAGER)
        assert person is not None
        unit = people.active_units(session, person.id)[0]
        for _ in range(DRAFTS):
            begun = Draft(person_id=person.id, unit_id=unit.id, form="family", saved=True, made_at=NOW, saved_at=NOW)
            session.add(begun)
    shown, _ = home(many)
    fits(shown)
    labels = [choice.label for menu in menus(shown) for choice in menu.choices if menu.action == "home.draft"]
    assert words_of(shown).count("[Go on writing]") + len(labels) == DRAFTS


def test_the_number_of_questions_is_bounded_however_many_units(many: Database) -> None:
    _, statements = home(many)
    assert statements <= 420


def test_a_unit_of_many_families_fits_too(empty_database: Path, tmp_path: Path, vault: Vault) -> None:
    copy(empty_database, tmp_path / "unit.db")
    db = Database.open(f"sqlite:///{tmp_path / 'unit.db'}", vault)
    with db.write() as session:
        manager_of(session, 2, 60, actions=30)
    shown, _ = home(db)
    fits(shown)
    assert "Unit 000" in words_of(shown)
    assert "Unit 001" in words_of(shown)
    db.close()


def test_one_of_many_opens_in_a_window_with_its_figures_and_families_behind_buttons(many: Database) -> None:
    shown, _ = home(many)
    menu = next(one for one in menus(shown) if one.action == "home.unit")
    window = press(many, "home.unit", 7, chosen=menu.choices[41].value)
    said = words_of(window)
    assert said.startswith("Unit 041")
    assert "[All families] [Figures]" in said
    assert "[Show a family]" not in said
