"""Answers to what a person did: each shown once, however Slack says that it has taken them."""

from __future__ import annotations

import pytest

from handlers.turn import Ask, HomeView, Note
from prompts_and_forms.card import Button, Buttons, Chart, card, say
from prompts_and_forms.forms.form import FormView
from tests.worlds.on_the_line import UNIT, World, answering, whispers

DRAWN = Chart(title="Over time", points=("May", "June"), series=(("Total", (20, 12)),), words="Total 20, 12.")
EVERY_WAY_OF_SAYING_YES = 3


@pytest.mark.parametrize("block", [say("Words."), DRAWN])
async def test_a_note_is_shown_once_however_slack_says_that_it_took_it(world: World, block: object) -> None:
    world.desk.replies["/meeting"] = answering(Note(card("Help", block)))  # type: ignore[arg-type]
    for _ in range(EVERY_WAY_OF_SAYING_YES):
        await world.ann.command(UNIT, "/meeting")
        await world.quiet()
    assert await whispers(world) == ["Help"] * EVERY_WAY_OF_SAYING_YES


async def test_a_note_pressed_in_makes_room_for_the_next_however_slack_says_yes(world: World) -> None:
    ask = Note(card("Ask", say("Sure?"), Buttons(items=(Button(action="yes", label="Yes"),))))
    world.desk.replies |= {"/meeting": answering(ask), "yes": answering(ask)}
    await world.ann.command(UNIT, "/meeting")
    await world.quiet()
    for _ in range(EVERY_WAY_OF_SAYING_YES):
        await world.ann.press((await world.ann.messages(UNIT))[-1], "yes", channel=UNIT)
        await world.quiet()
    assert await whispers(world) == ["Ask"]


@pytest.mark.parametrize("code", ["expired_url", "used_url", "invalid_payload"])
async def test_an_answer_slack_refuses_is_shown_another_way(world: World, code: str) -> None:
    world.desk.replies["/meeting"] = answering(Note(card("Help", say("Words."))))
    await world.practice.faults(errors={"response_url": [code]})
    await world.ann.command(UNIT, "/meeting")
    await world.quiet()
    assert await whispers(world) == ["Help"]
    assert len(await world.calls("chat.postEphemeral")) == 1


@pytest.mark.parametrize("code", ["invalid_arguments", "view_too_large", "internal_error", "expired_trigger_id"])
async def test_whoever_asked_for_a_form_slack_does_not_open_hears_what_to_do(world: World, code: str) -> None:
    world.desk.replies["/meeting"] = answering(Ask(FormView(form="idea", title="An idea")))
    await world.practice.faults(errors={"views.open": [code]})
    await world.ann.command(UNIT, "/meeting")
    await world.quiet()
    assert await whispers(world) == ["Please try again"]
    [note] = [message for message in await world.ann.messages(UNIT) if message.get("is_ephemeral")]
    assert "Nothing was lost" in str(note["blocks"])


async def test_a_form_slack_takes_too_many_of_just_now_is_answered_with_when_to_press_again(world: World) -> None:
    world.desk.replies["/meeting"] = answering(Ask(FormView(form="idea", title="An idea")))
    await world.practice.faults(
        ratelimit={"views.open": 1, "retry_after": 30}, errors={"response_url": ["expired_url"]}
    )
    await world.ann.command(UNIT, "/meeting")
    await world.quiet()
    [note] = [message for message in await world.ann.messages(UNIT) if message.get("is_ephemeral")]
    assert "press it again in a minute" in str(note["blocks"])


async def test_a_note_slack_takes_nowhere_in_the_channel_comes_as_a_direct_message(world: World) -> None:
    world.desk.replies["/meeting"] = answering(Ask(FormView(form="idea", title="An idea")))
    await world.practice.faults(
        ratelimit={"views.open": 1, "chat.postEphemeral": 1, "retry_after": 30}, errors={"response_url": ["used_url"]}
    )
    await world.ann.command(UNIT, "/meeting")
    await world.quiet()
    assert await world.texts(await world.ann.direct_channel()) == ["Please try again"]


async def test_a_home_tab_slack_does_not_take_at_once_is_shown_a_moment_later(world: World) -> None:
    world.desk.replies["home"] = answering(HomeView(card("Home", say("Nothing today"))))
    await world.practice.faults(ratelimit={"views.publish": 1, "retry_after": 1})
    await world.ann.home()
    await world.quiet()
    assert "Nothing today" in str((await world.ann.state())["home"]["view"])
    assert await world.texts(await world.ann.direct_channel()) == []


async def test_whoever_cannot_be_shown_their_home_tab_hears_so(world: World) -> None:
    world.desk.replies["home"] = answering(HomeView(card("Home", say("Nothing today"))))
    await world.practice.faults(errors={"views.publish": ["invalid_arguments"] * 2})
    await world.ann.home()
    await world.quiet()
    assert await world.texts(await world.ann.direct_channel()) == ["Please try again"]
