"""Held to Slack's tiers: what people wait for goes first, and nothing is called that Slack would refuse."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.render import Rendering, renders
from prompts_and_forms.card import Button, Buttons, Card, card, say
from storage.messages.outbox import ECHO, PAST, SAFETY, STOP
from tests.worlds.on_the_line import ANN, UNIT, World, first_ts, shown, state_of, words


@renders("test:{name}/held")
def without_a_word_of_the_family(view: Rendering, name: str) -> Card | None:
    return words("A family is discussed here")


@pytest.fixture
async def held(idle: World) -> World:
    """The bot is connected to a workspace that holds it to Slack's tiers."""
    config = idle.server.workspace.config
    idle.server.workspace.config = config.model_copy(update={"enforce_rates": True})
    await idle.connect()
    return idle


async def refused(world: World, method: str) -> int:
    return sum(call["error"] == "ratelimited" for call in await world.calls(method))


@pytest.mark.parametrize("seconds", [15, 30])
async def test_an_edit_told_to_wait_holds_up_no_post_of_its_channel_and_no_contacts(held: World, seconds: int) -> None:
    await held.show("test:board", words("One"))
    await held.quiet()
    await held.practice.faults(used_up=["chat.update"], wait_at_least={"chat.update": seconds})
    await held.show("test:board", words("Two"))
    await held.until(lambda: refused(held, "chat.update"))

    await held.say("test:stage", words("Next stage"))
    await held.say("test:stop", words("Contacts"), priority=SAFETY)
    await held.until(lambda: state_of(held, "test:stage") == state_of(held, "test:stop") == "sent")

    assert await shown(held) == ["One", "Contacts", "Next stage"] or await shown(held) == [
        "One",
        "Next stage",
        "Contacts",
    ]
    assert state_of(held, "test:board") == "waiting"
    assert await refused(held, "chat.update") == 1


async def test_many_edits_at_once_are_none_too_many_and_the_stop_goes_before_those_that_wait(held: World) -> None:
    for n in range(20):
        await held.show(f"test:{n}", words(f"{n}"), channel="" if n % 2 else UNIT, chat_user=ANN if n % 2 else "")
    await held.show("test:stopped", words("Stage"))
    await held.quiet()
    for n in range(20):
        await held.show(
            f"test:{n}",
            words(f"{n} heard"),
            channel="" if n % 2 else UNIT,
            chat_user=ANN if n % 2 else "",
            priority=ECHO,
        )
    await held.show("test:stopped", words("Stopped"), priority=STOP)
    await held.until(lambda: state_of(held, "test:stopped") == "sent")

    assert [state_of(held, f"test:{n}") for n in range(20)].count("waiting") > 5
    assert await refused(held, "chat.update") == 0


async def test_what_somebody_has_pressed_in_is_drawn_again_while_slack_takes_no_edits(held: World) -> None:
    button = Buttons(items=(Button(action="form.open", label="Open"),))
    await held.show("test:card", card("One", say("One"), button))
    await held.show("test:board", words("One"))
    await held.quiet()
    (pressed,) = [one for one in await held.ann.messages(UNIT) if "Open" in str(one["blocks"])]
    await held.ann.press(pressed, "form.open", channel=UNIT)
    await held.until(lambda: bool(held.desk.of("button")))
    await held.practice.faults(used_up=["chat.update"], wait_at_least={"chat.update": 30})
    await held.show("test:board", words("Two"))
    await held.until(lambda: refused(held, "chat.update"))
    await held.show("test:card", card("Two", say("Two"), button), priority=PAST)
    await held.until(lambda: state_of(held, "test:card") == "sent")

    assert sorted(await held.texts()) == ["One", "Two"]
    assert await refused(held, "chat.update") == 1


async def test_edits_of_one_message_that_wait_are_one_call(held: World) -> None:
    await held.show("test:card", words("0"))
    await held.quiet()
    await held.practice.faults(used_up=["chat.update"])
    await held.show("test:card", words("1"))
    await held.until(lambda: refused(held, "chat.update"))
    for n in range(2, 9):
        await held.show("test:card", words(f"{n}"))
    await held.until(lambda: state_of(held, "test:card") == "sent")

    assert await held.texts() == ["8"]
    assert len(await held.calls("chat.update")) - await refused(held, "chat.update") == 1


async def test_a_drawing_that_looks_the_same_is_no_call(world: World) -> None:
    await world.show("test:digest", words("Two things"))
    await world.quiet()
    for _ in range(3):
        await world.show("test:digest", words("Two things"))
        await world.quiet()
    assert await world.calls("chat.update") == []
    await world.show("test:digest", words("One thing"))
    await world.quiet()
    assert await world.texts() == ["One thing"]


@pytest.mark.parametrize("trouble", [{"slow": {"conversations.info": 30}}, {"slow": {"users.list": 30}}])
async def test_contacts_wait_neither_for_the_channel_nor_for_the_list_of_people(
    world: World, trouble: dict[str, Any]
) -> None:
    await world.practice.faults(**trouble)
    await world.show("test:family", words("A family"))
    await world.say("test:stop", words("Contacts"), thread="test:family", priority=SAFETY)
    await world.say("test:lead", words("Contacts for you"), channel="", chat_user=ANN, priority=SAFETY)
    await world.until(lambda: state_of(world, "test:stop") == state_of(world, "test:lead") == "sent")
    assert "Contacts" in await world.texts(UNIT, await first_ts(world))
    await world.practice.faults(clear=True)


async def test_many_posts_at_once_in_one_channel_are_none_too_many(held: World) -> None:
    for n in range(13):
        await held.say(f"test:{n}", words(f"{n}"))
    await held.until(lambda: state_of(held, "test:7") == "sent")
    await held.say("test:elsewhere", words("For Ann"), channel="", chat_user=ANN)
    await held.say("test:stop", words("Contacts"), priority=SAFETY)
    await held.until(lambda: state_of(held, "test:elsewhere") == state_of(held, "test:stop") == "sent")
    assert state_of(held, "test:12") == "waiting"
    await held.until(lambda: state_of(held, "test:12") == "sent")
    assert await refused(held, "chat.postMessage") == 0


async def test_a_post_in_a_channel_that_took_too_many_waits_and_the_other_channel_does_not(world: World) -> None:
    await world.practice.faults(ratelimit={"chat.postMessage": {"count": 1, "retry_after": 30}})
    await world.say("test:a", words("First"))
    await world.until(lambda: refused(world, "chat.postMessage"))
    await world.say("test:b", words("Second"))
    await world.say("test:c", words("For Ann"), channel="", chat_user=ANN)
    await world.say("test:stop", words("Contacts"), priority=SAFETY)
    await world.until(lambda: state_of(world, "test:c") == state_of(world, "test:stop") == "sent")
    assert await shown(world) == ["Contacts"]
    assert (state_of(world, "test:a"), state_of(world, "test:b")) == ("waiting", "waiting")
