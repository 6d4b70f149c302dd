"""Two people press at the very same moment, on both databases: one of them is first, and the record says so once."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta
from typing import Any

from sqlmodel import select

from handlers import routes
from handlers.turn import Answer, Ask, Done, Event, EventKind, Note, Wrong
from storage.clinical import signings
from storage.database.db import Database, DatabaseBusy
from storage.database.tables import Person
from storage.database.tables_clinical import EpisodeChange
from tests.worlds.assessing import correcting, held, sign, written
from tests.worlds.records_world import CHANNEL, Room
from tests.worlds.work_world import Work

NUMBERS = itertools.count(1)


def both(room: Room, *events: dict[str, Any]) -> list[Answer]:
    """Hands events in at the same time, each again for as long as the database says that it is busy."""
    start = threading.Barrier(len(events))
    answers: dict[int, Answer] = {}
    with room.reading() as session:
        chat_user = session.get_one(Person, room.people["tomasz"]).chat_user
    now = room.now + timedelta(minutes=1)

    def go(number: int, fields: dict[str, Any]) -> None:
        event = Event(id=f"at once {next(NUMBERS)}", at=now, chat_user=chat_user, channel=CHANNEL, **fields)
        start.wait()
        while number not in answers:
            try:
                with room.db.write() as session:
                    answer = routes.handle(session, event, now)
                answers[number] = answer
            except DatabaseBusy:
                continue

    threads = [threading.Thread(target=go, args=one) for one in enumerate(events)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[number] for number in range(len(events))]


def handed_in(asked: Answer, **typed: Any) -> dict[str, Any]:
    assert isinstance(asked, Ask)
    values = {**held(asked), **typed}
    return {"kind": EventKind.SUBMIT, "name": asked.view.form, "args": dict(asked.view.args), "values": values}


def test_one_signature_one_session_and_one_newest_version(db: Database) -> None:
    room = Room(db)
    entry, _card = written(room)
    press = {"kind": EventKind.BUTTON, "name": "form.sign", "args": {"entry": entry.id, "role": "clinician"}}
    assert all(isinstance(one, Note) for one in both(room, press, press))
    with room.reading() as session:
        signing = signings.of_entry(session, entry.id)
        assert signing is not None
        assert [one["role"] for one in signing.signed] == ["clinician"]

    sign(room, "ngozi", entry, "clinical_manager")
    corrections = [handed_in(correcting(room, entry, said)) for said in ("First.", "Second.")]
    assert sorted(type(one).__name__ for one in both(room, *corrections)) == [Done.__name__, Wrong.__name__]
    assert [one.replaced_by_id is None for one in room.entries("assessment")] == [False, True]

    work = Work(room, "K3107C")
    said = {"note": "We drew the house.", "date": room.day(0)}
    windows = [handed_in(work.press("tomasz", "session"), **said) for _ in range(2)]
    both(room, *windows)
    with room.reading() as session:
        wanted = select(EpisodeChange).where(
            EpisodeChange.move == "session", EpisodeChange.episode_id == work.episode.id
        )
        assert len([one for one in session.exec(wanted) if one.at > room.now]) == 1
