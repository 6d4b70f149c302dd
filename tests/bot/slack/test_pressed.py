"""What was pressed is drawn anew through the answer to the press; where Slack refuses that, by an edit as any other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from handlers.turn import Answer, Event, Nothing
from prompts_and_forms.card import Button, Buttons, Card, card, say
from storage.messages import outbox
from tests.worlds.on_the_line import CARDS, OUTSIDER, UNIT, World, state_of

BOARD = "test:board"


def with_button(text: str) -> Card:
    return card(text, say(text), Buttons(items=(Button(action="go.on", label="Go on"),)))


async def a_board(world: World) -> None:
    def pressed(session: Session, event: Event, now: datetime) -> Answer:
        CARDS["board"] = with_button("Two")
        outbox.show(session, BOARD, now=now, channel=UNIT)
        return Nothing()

    world.desk.replies["go.on"] = pressed
    await world.show(BOARD, with_button("One"))
    await world.quiet()


async def press(world: World) -> None:
    (shown,) = await world.ann.messages(UNIT)
    await world.ann.press(shown, "go.on", channel=UNIT)
    await world.until(lambda: bool(world.desk.of("button")))
    await world.quiet()


async def test_what_was_pressed_is_drawn_anew_without_an_edit(world: World) -> None:
    await a_board(world)
    await press(world)
    assert await world.texts() == ["Two"]
    assert state_of(world, BOARD) == "sent"
    assert await world.calls("chat.update") == []


@pytest.mark.parametrize("code", ["expired_url", "used_url", "invalid_blocks"])
async def test_where_slack_refuses_that_the_message_is_edited(world: World, code: str) -> None:
    await a_board(world)
    await world.practice.faults(errors={"response_url": [code]})
    await press(world)
    assert await world.texts() == ["Two"]
    assert state_of(world, BOARD) == "sent"
    assert len(await world.calls("chat.update")) == 1


async def test_while_others_read_the_channel_a_press_shows_nothing_new_in_it(world: World) -> None:
    await a_board(world)
    world.server.workspace.join(world.server.workspace.channels[UNIT], OUTSIDER)
    await world.practice.settle()
    (shown,) = await world.ann.messages(UNIT)
    await world.ann.press(shown, "go.on", channel=UNIT)
    await world.until(lambda: bool(world.desk.of("button")))
    await world.until(lambda: state_of(world, BOARD) == "waiting")
    await world.practice.settle(quiet=0.3)
    assert await world.texts() == ["One"]


async def test_the_next_change_of_what_was_pressed_is_shown_too(world: World) -> None:
    await a_board(world)
    await press(world)
    await world.show(BOARD, with_button("Three"))
    await world.quiet()
    assert await world.texts() == ["Three"]


async def test_what_was_pressed_is_drawn_again_later_without_an_edit_as_often_as_slack_takes_answers(
    world: World,
) -> None:
    await a_board(world)
    await press(world)
    for text in ("Three", "Four", "Five", "Six"):
        await world.show(BOARD, with_button(text))
        await world.quiet()
    assert await world.texts() == ["Six"]
    assert await world.calls("chat.update") == []
    await world.show(BOARD, with_button("Seven"))
    await world.quiet()
    assert await world.texts() == ["Seven"]
    assert len(await world.calls("chat.update")) == 1


@pytest.mark.parametrize("code", ["expired_url", "used_url"])
async def test_where_slack_takes_no_later_answer_the_message_is_edited(world: World, code: str) -> None:
    await a_board(world)
    await press(world)
    await world.practice.faults(errors={"response_url": [code]})
    for text in ("Three", "Four"):
        await world.show(BOARD, with_button(text))
        await world.quiet()
    assert await world.texts() == ["Four"]
    assert len(await world.calls("chat.update")) == 2


async def test_what_lies_somewhere_else_since_it_was_pressed_is_edited_there(world: World) -> None:
    await a_board(world)
    await press(world)
    with world.db.write() as session:
        outbox.post_again(session, BOARD, now=datetime.now(UTC))
    await world.show(BOARD, with_button("Three"))
    await world.quiet()
    assert (await world.texts())[-1] == "Three"
    await world.show(BOARD, with_button("Four"))
    await world.quiet()
    assert (await world.texts())[-1] == "Four"
    assert len(await world.calls("chat.update")) == 1
