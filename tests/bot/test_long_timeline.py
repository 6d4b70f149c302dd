"""A family with a thousand events behind it: one readable card, page by page, and no more work for the database."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, insert

from bot.practice.slack.checks.validator import check_message
from bot.slack import blocks
from handlers.turn import Note
from storage.clinical import episodes
from storage.database.bodies import TextBody
from storage.database.columns import new_id
from storage.database.db import Database
from storage.database.tables_clinical import EpisodeChange
from storage.database.vault import Scope, seal
from storage.family import timeline
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.records_world import Room

EVENTS = 1000
REF, OTHER = "K3107C", "K1218Y"
LONG = "She says that mornings are calmer since her grandmother stays over, and school has noticed it too. " * 5
STATES = ("in_therapy", "review_due", "commissioned")


@pytest.fixture
def room(db: Database) -> Room:
    room = Room(db)
    family = room.family(REF)
    with db.write() as session:
        (episode,) = episodes.of_family(session, family)
        made = []
        for number in range(EVENTS):
            row, at = new_id(), room.now - timedelta(hours=7 * number + 1)
            sealed = SimpleNamespace(id=row, __table__=EpisodeChange.__table__, sealed=b"", sealed_no=0)  # type: ignore[attr-defined]
            seal(session, sealed, TextBody(text=f"{number}. {LONG}"), Scope.family(family))
            made.append(
                {
                    "id": row,
                    "episode_id": episode.id,
                    "family_id": family,
                    "move": "session",
                    "from_state": "in_therapy",
                    "to_state": STATES[number % len(STATES)],
                    "on": at.date(),
                    "at": at,
                    "by_id": room.people["tomasz"],
                    "override": False,
                    "sealed_no": 1,
                    "sealed": sealed.sealed,
                }
            )
        session.connection().execute(insert(EpisodeChange), made)
    return room


def shown(room: Room, ref: str, page: int = 0) -> Note:
    answer = room.press("orla", "family.timeline", family=room.family(ref), page=str(page))
    assert isinstance(answer, Note)
    return answer


def questions(room: Room, ref: str) -> int:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(room.db.engine, "before_cursor_execute", note)
    shown(room, ref)
    event.remove(room.db.engine, "before_cursor_execute", note)
    return len(asked)


def test_a_long_past_asks_the_database_no_more_than_a_short_one(room: Room) -> None:
    for ref in (REF, OTHER):
        shown(room, ref)
    assert questions(room, REF) == questions(room, OTHER)


def test_every_page_is_one_message_slack_takes(room: Room) -> None:
    for page in (0, 1, 40, 83, 84):
        (message,) = blocks.messages(shown(room, REF, page).card)
        check_message(message)
        assert len(message["blocks"]) < 20


def test_the_first_page_says_where_the_work_stands_and_leads_to_what_is_older(room: Room) -> None:
    note = shown(room, REF)
    said = words_of(note)
    assert all(words in said for words in ("The way so far", "… → ", "What comes next", "Whose turn"))
    older = next(one for one in buttons_of(note.card) if one.label == "Older")
    labels = [one.label for one in buttons_of(shown(room, REF, int(older.args["page"])).card)]
    assert labels == ["Newer", "Older", "Clinical work", "Urgent Tier 3", "Documents"]


def test_turning_all_pages_shows_everything_once(room: Room) -> None:
    with room.reading() as session:
        told, number, older = [], 0, True
        while older:
            events, older = timeline.page(session, room.family(REF), number, 125)
            told += events
            number += 1
    numbers = [int(one.text.split(".")[0]) for one in told if one.text.endswith(LONG)]
    assert numbers == list(range(EVENTS))
    assert [one.on for one in told] == sorted((one.on for one in told), reverse=True)
