"""What lies readable in the database, and what a locked telephone shows: ids and case references, never words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from handlers import render
from storage.database.tables_machinery import OutboxMessage
from storage.messages.outbox import AGAIN
from tests.worlds.presses import REF, TYPED, World

KEY = re.compile(r"[a-z_]+:[0-9A-Za-z:/_#.\-]+")
SAID = (TYPED, "Two families.", "Ask about the MFQ", "It hangs together so.", "FL is low", "Mother AD", REF)
NEW = ("draft", "entry", "episode", "measure", "nudge", "reflection", "review", "signing", "tracking_entry")


def readable(world: World) -> Iterator[tuple[str, str, str]]:
    """Every value of every table that is not sealed."""
    with world.db.read() as session:
        connection = session.connection()
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        for table in tables:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings():
                for column, value in row.items():
                    yield table, column, value.decode("latin-1") if isinstance(value, bytes) else str(value)


def test_no_table_holds_a_word_or_a_reference_of_a_family_that_is_not_sealed(world: World) -> None:
    held = set()
    for table, column, value in readable(world):
        held.add(table)
        assert not [word for word in SAID if word in value], (table, column, value)
    assert held >= set(NEW)


def test_every_message_has_a_key_of_ids_and_a_notification_without_what_was_said(world: World) -> None:
    with world.db.read() as session:
        keys = session.exec(select(OutboxMessage.key)).all()
        assert len(keys) > 10
        for key in keys:
            assert KEY.fullmatch(key), key
            if key.startswith(("file:", AGAIN)):
                continue
            shown = render.render(session, key, world.now)
            if shown is not None:
                assert not [word for word in (*world.words, *SAID) if word != REF and word in shown.notice], key


@pytest.mark.parametrize("name", ["entry", "supervision", "genogram", "measure", "reflection"])
def test_the_world_these_tests_look_at_has_one_of_each(world: World, name: str) -> None:
    assert world.ids[name]
