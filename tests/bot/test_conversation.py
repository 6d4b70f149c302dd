"""Commands, buttons, forms and messages through the real connection."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from sqlmodel import Session

from handlers.turn import Answer, Ask, ChannelTrouble, Done, Event, HomeView, Note, Nothing, Wrong
from prompts_and_forms.card import Button, Buttons, Choice, card, say
from prompts_and_forms.forms.form import Field, FieldKind, FormView
from tests.worlds.on_the_line import HALL, OUTSIDER, UNIT, World, answering, whispers

FORM = FormView(
    form="idea",
    title="An idea",
    args={"draft": "d1"},
    fields=(
        Field(key="text", kind=FieldKind.LONG_TEXT, label="The idea", required=True),
        Field(
            key="sure",
            kind=FieldKind.ONE,
            label="Sure?",
            options=(Choice(value="yes", label="Yes"), Choice(value="no", label="No")),
            redraws=True,
        ),
        Field(key="rows", kind=FieldKind.MORE, label="One more"),
    ),
)


NOTE = Note(card("Help", say("Use /meeting here.")))


async def test_a_command_is_answered_where_it_was_typed_and_only_to_the_person(world: World) -> None:
    world.desk.replies["/meeting"] = answering(NOTE)
    await world.ann.command(UNIT, "/meeting", "help")
    await world.quiet()
    assert await whispers(world) == ["Help"]
    assert await world.texts(seat=world.ben) == []


async def test_a_command_in_a_channel_the_bot_is_not_in_is_answered_too(world: World) -> None:
    world.desk.replies["/meeting"] = answering(NOTE)
    await world.ann.command(HALL, "/meeting")
    await world.quiet()
    assert await whispers(world, HALL) == ["Help"]
    assert world.desk.of("command")[0].facts.trouble == ChannelTrouble("public")


async def test_a_command_says_who_is_named_in_it(world: World) -> None:
    await world.ann.command(UNIT, "/unit", "add @Olu Outside")
    await world.quiet()
    event = world.desk.of("command")[0]
    assert event.facts.mentions == (OUTSIDER,)
    assert event.facts.user_name == "Ann Archer"


async def test_a_command_opens_a_form_and_the_form_comes_back(world: World) -> None:
    world.desk.replies |= {"/hypothesis": answering(Ask(FORM)), "idea": answering(Done(NOTE.card))}
    await world.ann.command(UNIT, "/hypothesis")
    await world.quiet()
    view = await world.ann.top_modal()
    assert view is not None
    assert view["title"]["text"] == "An idea"
    await world.ann.submit(view, {"text": "mornings <are> *hard*", "sure": "no"})
    await world.quiet()
    event = world.desk.of("submit")[0]
    assert (event.name, event.args, event.channel) == ("idea", {"draft": "d1"}, UNIT)
    assert event.values == {"text": "mornings <are> *hard*", "sure": "no"}
    assert await world.ann.modals() == []
    assert await whispers(world) == ["Help"]


async def test_a_wrong_form_stays_open_with_the_sentence_beside_its_field(world: World) -> None:
    wrong = Wrong({"text": "Say a little more.", "rows#0": "Name somebody."})
    world.desk.replies |= {"/hypothesis": answering(Ask(FORM)), "idea": answering(wrong)}
    await world.ann.command(UNIT, "/hypothesis")
    await world.quiet()
    view = await world.ann.top_modal()
    assert view is not None
    answer = await world.ann.submit(view, {"text": "x"})
    assert answer["errors"] == {"text": "Name somebody. Say a little more."}
    assert len(await world.ann.modals()) == 1


async def test_a_submission_that_fails_keeps_what_was_typed_and_gives_a_number_to_quote(world: World) -> None:
    def broken(session: Session, event: Event, now: datetime) -> Answer:
        raise ValueError("K3107C secret words")

    world.desk.replies |= {"/hypothesis": answering(Ask(FORM)), "idea": broken}
    await world.ann.command(UNIT, "/hypothesis")
    await world.quiet()
    view = await world.ann.top_modal()
    assert view is not None
    answer = await world.ann.submit(view, {"text": "x"})
    assert "quote" in answer["errors"]["text"]
    assert "secret" not in answer["errors"]["text"]


async def test_one_more_box_redraws_the_open_form_and_keeps_what_was_typed(world: World) -> None:
    more = FORM.model_copy(update={"fields": (*FORM.fields, Field(key="rows#1", kind=FieldKind.TEXT, label="Row"))})
    asked = iter([Ask(FORM), Ask(more)])
    world.desk.replies["/hypothesis"] = world.desk.replies["idea"] = lambda session, event, now: next(asked)
    await world.ann.command(UNIT, "/hypothesis")
    await world.quiet()
    view = await world.ann.top_modal()
    assert view is not None
    await world.ann.press(view, "more#rows", values={"text": "half a thought"})
    await world.quiet()
    event = world.desk.of("change")[0]
    assert event.args == {"draft": "d1", "more": "rows"}
    assert event.values == {"text": "half a thought"}
    stack = await world.ann.modals()
    assert [block["block_id"] for block in stack[0]["blocks"]] == ["text", "sure", "more#rows", "rows#1"]
    assert len(stack) == 1


async def test_a_refusal_inside_an_open_form_is_shown_over_it(world: World) -> None:
    world.desk.replies |= {"/hypothesis": answering(Ask(FORM)), "idea": answering(NOTE)}
    await world.ann.command(UNIT, "/hypothesis")
    await world.quiet()
    view = await world.ann.top_modal()
    assert view is not None
    await world.ann.press(view, "more#rows")
    await world.quiet()
    assert [view["title"]["text"] for view in await world.ann.modals()] == ["An idea", "A note"]


async def test_a_button_in_a_thread_answers_in_the_thread(world: World) -> None:
    ask = card("Stage", say("Voices"), Buttons(items=(Button(action="stage.next", label="Next", args={"no": "1"}),)))
    world.desk.replies["stage.next"] = answering(NOTE)
    await world.say("test:family", card("Family", say("K3107C")))
    await world.say("test:stage", ask, thread="test:family")
    await world.quiet()
    parent = (await world.ann.messages(UNIT))[0]
    stage = (await world.ann.messages(UNIT, parent["ts"]))[1]
    await world.ann.press(stage, "stage.next", channel=UNIT)
    await world.quiet()
    event = world.desk.of("button")[0]
    assert (event.args, event.thread, event.ts) == ({"no": "1"}, parent["ts"], stage["ts"])
    assert await whispers(world, UNIT, parent["ts"]) == ["Help"]


async def test_a_slow_command_shows_that_it_is_being_worked_on(world: World) -> None:
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(session: Session, event: Event, now: datetime) -> Answer:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result()
        return Ask(FORM)

    world.desk.replies["/hypothesis"] = slow
    await world.ann.command(UNIT, "/hypothesis")
    shown = await world.until(world.ann.modals)
    assert shown[0]["title"]["text"] == "One moment"
    release.set()
    await world.quiet()

    async def the_form() -> bool:
        return [view["title"]["text"] for view in await world.ann.modals()] == ["An idea"]

    assert await world.until(the_form)


async def test_the_home_tab_is_drawn_when_it_is_opened(world: World) -> None:
    world.desk.replies["home"] = answering(HomeView(card("Home", say("Nothing today"))))
    await world.ann.home()
    await world.quiet()
    view = (await world.ann.state())["home"]["view"]
    assert view["type"] == "home"


async def test_a_button_on_the_home_tab_answers_by_direct_message(world: World) -> None:
    home = card("Home", Buttons(items=(Button(action="home.go", label="Go"),)))
    world.desk.replies |= {"home": answering(HomeView(home)), "home.go": answering(NOTE)}
    await world.ann.home()
    await world.quiet()
    await world.ann.press((await world.ann.state())["home"]["view"], "home.go")
    await world.quiet()
    assert await world.texts(await world.ann.direct_channel()) == ["Help"]


AWKWARD = ["hello", "x", "*bold* <!channel> <@U0ANN> &lt; & 😄", "שלום\nعربية", "w" * 12_000]


@pytest.mark.parametrize("text", AWKWARD)
async def test_typed_words_arrive_as_they_were_typed(world: World, text: str) -> None:
    await world.ann.type(UNIT, text)
    assert [event.text for event in await world.heard(1)] == [text]


async def test_an_edit_and_a_deletion_arrive(world: World) -> None:
    ts = await world.ann.type(UNIT, "first")
    await world.ann.edit(UNIT, ts, "second")
    await world.ann.delete(UNIT, ts)
    await world.heard(1, "deleted")
    assert [(event.kind.value, event.text) for event in world.desk.events if event.ts == ts] == [
        ("message", "first"),
        ("edited", "second"),
        ("deleted", ""),
    ]


async def test_an_event_delivered_three_times_is_handled_once(world: World) -> None:
    await world.practice.faults(redeliver_events=2)
    await world.ann.type(UNIT, "once")
    await world.quiet()
    assert len(world.desk.of("message")) == 1


async def test_a_message_that_could_not_be_kept_is_delivered_again(world: World) -> None:
    failures = iter([True, False])

    def flaky(session: Session, event: Event, now: datetime) -> Answer:
        if next(failures):
            raise OSError("disk")
        return Nothing()

    world.desk.replies["message"] = flaky
    world.server.sockets.workspace.config.__dict__["retry_seconds"] = (0.0,)
    world.server.sockets.workspace.config.__dict__["ack_seconds"] = 0.2
    await world.ann.type(UNIT, "keep me")
    assert len(await world.heard(2)) == 2


async def test_a_private_word_after_a_message_is_shown_to_its_author_only(world: World) -> None:
    world.desk.replies["message"] = answering(Note(card("Not kept", say("There is an NHS number in it."))))
    await world.ann.type(UNIT, "NHS 943 476 5919")
    await world.heard(1)
    await world.quiet()
    assert await whispers(world) == ["Not kept"]


async def test_the_bots_own_messages_are_no_events(world: World) -> None:
    await world.show("test:board", card("Board", say("One")))
    await world.quiet()
    await world.show("test:board", card("Board", say("Two")))
    await world.quiet()
    assert world.desk.of("message") == world.desk.of("edited") == []
