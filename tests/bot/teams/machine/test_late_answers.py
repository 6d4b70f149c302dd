"""A turn that takes longer than Teams waits: answered in time, finished later, told in the chat; nothing lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.practice.sample.unit_file import LoadedUnit
from bot.teams import in_time
from handlers import routes
from handlers.turn import Answer, Event, EventKind
from storage.database.bodies import ActionBody
from storage.database.db import Database, DatabaseBusy
from storage.database.tables import Action
from storage.database.vault import unseal
from tests.worlds.teams.world import CHANNEL, OnTeams, copied, teams_world, words
from tests.worlds.until import patience

REF = "K3107C"


@dataclass
class Slow:
    """The handlers, where those of one kind of event halt until they may go on, or find the database busy."""

    kind: EventKind | None = None
    busy: EventKind | None = None
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, session: Session, event: Event, now: datetime) -> Answer:
        if event.kind is self.busy:
            raise DatabaseBusy("One moment, please try again: I am busy. Nothing was changed.")
        if event.kind is self.kind:
            assert self.go_on.wait(patience())
        return routes.handle(session, event, now)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def world(loaded: tuple[Path, LoadedUnit], tmp_path: Path, slow: Slow) -> AsyncIterator[OnTeams]:
    db: Database = copied(loaded[0], tmp_path)
    try:
        async with teams_world(tmp_path, db, loaded[1], slow) as made:
            yield made
    finally:
        slow.go_on.set()
        db.close()


async def _too_late(monkeypatch: pytest.MonkeyPatch, slow: Slow, kind: EventKind, send: Callable[[], Any]) -> Any:
    """What is answered while the turn halts."""
    slow.kind = kind
    with monkeypatch.context() as patch:
        patch.setattr(in_time, "PATIENCE", 0.05)
        answer = await send()
    assert answer.status == 200
    assert "One moment" in str(answer.body)
    return answer


async def test_a_press_that_takes_long_is_answered_and_done_once(
    world: OnTeams, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    board = world.with_button("agenda.start", choose=world.unit.families[REF])
    orla = world.id("orla")

    def press() -> Any:
        return world.hands.press(orla, board, "agenda.start", choose=world.unit.families[REF])

    await _too_late(monkeypatch, slow, EventKind.BUTTON, press)
    await _too_late(monkeypatch, slow, EventKind.BUTTON, press)
    slow.go_on.set()
    await world.settle()
    assert sum("light discussion" in text and REF in text for text in world.posts(CHANNEL, "")) == 1
    assert sum("is done" in text for text in world.chat("orla")) == 1


async def test_a_form_that_opens_too_late_waits_in_the_chat(
    world: OnTeams, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.start(REF)
    more = world.with_button("stage.more", choose="form:action")
    devan = world.id("devan")
    await _too_late(
        monkeypatch,
        slow,
        EventKind.BUTTON,
        lambda: world.hands.press(devan, more, "stage.more", choose="form:action"),
    )
    slow.go_on.set()
    await world.settle()
    assert any("is ready" in text for text in world.chat("devan"))
    door = world.with_button("form.resume", conversation=world.tenant.chat_of(devan))
    opened = await world.press("devan", "form.resume", message=door)
    assert opened.dialog["body"]


async def test_a_form_handed_in_is_saved_once_however_long_that_takes(
    world: OnTeams, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    inputs = {"text": "Ring Nan about Friday", "owner": world.unit.people["devan"], "due": "2026-12-01"}
    sending = [world.hands.submitting(world.id("devan"), CHANNEL, dialog, inputs) for _ in range(2)]
    for one in sending:
        await _too_late(monkeypatch, slow, EventKind.SUBMIT, lambda one=one: world.hands.send(one))  # type: ignore[misc]
    slow.go_on.set()
    await world.settle()
    assert _actions(world).count("Ring Nan about Friday") == 1
    assert sum("is done" in text for text in world.chat("devan")) == 1


async def test_a_form_found_wrong_too_late_opens_again_as_it_was_filled_in(
    world: OnTeams, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    inputs, before = {"owner": world.unit.people["devan"], "due": "2026-12-02"}, _actions(world)
    sent = world.hands.submitting(world.id("devan"), CHANNEL, dialog, inputs)
    await _too_late(monkeypatch, slow, EventKind.SUBMIT, lambda: world.hands.send(sent))
    slow.go_on.set()
    await world.settle()
    assert _actions(world) == before
    door = world.with_button("form.resume", conversation=world.tenant.chat_of(world.id("devan")))
    opened = await world.press("devan", "form.resume", message=door)
    assert "2026-12-02" in str(opened.dialog)


async def test_a_form_that_cannot_be_saved_stays_with_the_words_in_it(world: OnTeams, slow: Slow) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    slow.busy = EventKind.SUBMIT
    inputs = {"text": "Ring Nan about Friday", "owner": world.unit.people["devan"], "due": "2026-12-01"}
    answer = await world.submit("devan", dialog, **inputs)
    assert "I am busy" in words(answer.dialog)
    assert "Ring Nan about Friday" in str(answer.dialog)
    slow.busy = None
    await world.submit("devan", answer.dialog)
    assert _actions(world).count("Ring Nan about Friday") == 1


async def test_where_not_even_the_form_can_be_drawn_the_words_come_back(world: OnTeams, slow: Slow) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    really = world.web.runtime.handle

    async def never(event: Event, patience: float | None = None) -> Answer:
        slow.busy = event.kind
        return await really(event, patience)

    world.web.runtime.handle = never  # type: ignore[method-assign]
    inputs = {"text": "Ring Nan about Friday", "owner": world.unit.people["devan"], "due": "2026-12-01"}
    answer = await world.submit("devan", dialog, **inputs)
    assert "Ring Nan about Friday" in words(answer.dialog)
    assert world.unit.people["devan"] not in words(answer.dialog)


async def test_the_same_words_delivered_twice_at_once_are_saved_once(world: OnTeams) -> None:
    root = await world.start(REF)
    note = world.hands.type_unheard(world.id("marisol"), CHANNEL, "Mum rang the school", root=root)
    said = world.hands.said(note, "message")
    answers = await asyncio.gather(*(world.hands.send(said) for _ in range(3)))
    assert {one.status for one in answers} == {200}
    await world.settle()
    assert world.notes() == [("Mum rang the school", "kept")]


def _actions(world: OnTeams) -> list[str]:
    with world.db.read() as session:
        return [unseal(session, one, ActionBody).text for one in session.exec(select(Action))]
