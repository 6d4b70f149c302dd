"""A real Bolt app over the real SDK: commands, buttons, forms, messages, as people use them."""

from typing import Any

import pytest

from bot.practice.seat import SeatError
from tests.worlds.practice_pieces import ANN, UNIT, World


def button(action_id: str, label: str, value: str = "1") -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "action_id": action_id, "text": text, "value": value}


def buttons(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def form(**extra: Any) -> dict[str, Any]:
    notes = {
        "type": "input",
        "block_id": "notes",
        "label": {"type": "plain_text", "text": "Notes"},
        "element": {"type": "plain_text_input", "action_id": "value", "multiline": True},
    }
    title = {"type": "plain_text", "text": "Family"}
    submit = {"type": "plain_text", "text": "Save"}
    return {"type": "modal", "callback_id": "family", "title": title, "submit": submit, "blocks": [notes], **extra}


async def test_a_command_is_answered_for_the_person_who_typed_it_only(world: World) -> None:
    app = world.app()

    @app.command("/unit")
    async def unit(ack: Any, command: Any) -> None:
        await ack(f"heard {command['text']}")

    await world.connect(app)
    ack = await world.ann.command(UNIT, "/unit", "show & tell")

    assert ack == {"text": "heard show &amp; tell"}
    [seen] = await world.ann.messages(UNIT)
    assert (seen["text"], seen["is_ephemeral"]) == ("heard show &amp; tell", True)
    assert await world.ben.messages(UNIT) == []


async def test_a_message_reaches_the_app_with_its_text_escaped(world: World) -> None:
    app, heard = world.app(), []

    @app.event("message")
    async def message(event: Any) -> None:
        heard.append(event)

    await world.connect(app)
    ts = await world.ann.type(UNIT, "A < B & C\r\nsee https://example.org/x")
    await world.practice.settle()

    [event] = heard
    assert event["text"] == "A &lt; B &amp; C\nsee <https://example.org/x>"
    assert (event["ts"], event["channel_type"], event["user"]) == (ts, "group", ANN)
    assert event["client_msg_id"]
    assert event["blocks"][0]["elements"][0]["elements"][0] == {"type": "text", "text": "A < B & C\nsee "}


async def test_a_button_opens_a_form_and_the_form_is_kept(world: World) -> None:
    app, kept = world.app(), {}

    @app.action("open")
    async def opened(ack: Any, body: Any, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form(private_metadata=body["actions"][0]["value"]))

    @app.view("family")
    async def saved(ack: Any, view: Any) -> None:
        values = view["state"]["values"]
        if values["notes"]["value"]["value"] == "no":
            await ack(response_action="errors", errors={"notes": "Say a little more."})
            return
        kept.update(values | {"about": view["private_metadata"]})
        await ack()

    await world.connect(app)
    await world.client().chat_postMessage(channel=UNIT, text="Begin?", blocks=buttons(button("open", "Open", "12")))
    [message] = await world.ann.messages(UNIT)
    await world.ann.press(message, "Open", channel=UNIT)
    await world.practice.settle()
    view = await world.ann.top_modal()
    assert view
    assert await world.ben.top_modal() is None

    refused = await world.ann.submit(view, {"notes": "no"})
    assert (refused["ok"], refused["errors"]) == (False, {"notes": "Say a little more."})
    accepted = await world.ann.submit(view, {"notes": "Seen at school"})

    assert (accepted["ok"], accepted["stack"]) == (True, [])
    assert kept["notes"]["value"] == {"type": "plain_text_input", "value": "Seen at school"}
    assert kept["about"] == "12"


async def test_a_required_field_left_empty_never_reaches_the_app(world: World) -> None:
    app, heard = world.app(), []

    @app.command("/unit")
    async def opened(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=form())
        await ack()

    @app.view("family")
    async def saved(ack: Any, view: Any) -> None:
        heard.append(view)
        await ack()

    await world.connect(app)
    await world.ann.command(UNIT, "/unit")
    view = await world.ann.top_modal()
    assert view
    answer = await world.ann.submit(view, {})

    assert answer["errors"] == {"notes": "Please complete this required field."}
    assert heard == []


async def test_without_the_app_a_command_says_so(world: World) -> None:
    with pytest.raises(SeatError) as refused:
        await world.ann.command(UNIT, "/unit")
    assert refused.value.code == "dispatch_failed"
