"""A small app for the page to talk to: a board, a form with every input, a Home tab, a command with an answer."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.practice.config import Person, Room, Shortcut, SlashCommand, WorkspaceConfig

ORLA, DEVAN, BOT = "U0ORLA", "U0DEVAN", "U0UNITBOT"
UNIT, TOWN = "C0UNIT", "C0TOWN"
CONFIG = WorkspaceConfig(
    team_name="Kestrel practice",
    people=(
        Person(id=ORLA, name="orla", real_name="Orla", title="consultant social worker"),
        Person(id=DEVAN, name="devan", real_name="Devan", title="social worker"),
    ),
    rooms=(
        Room(id=UNIT, name="kestrel-unit", members=(ORLA, DEVAN, BOT), topic="Weekly meeting"),
        Room(id=TOWN, name="town-hall", members=(ORLA, DEVAN), is_private=False),
    ),
    commands=(
        SlashCommand(command="/meeting", description="Open the meeting", usage_hint="[start | help]"),
        SlashCommand(command="/unit", description="Your unit and its form"),
        SlashCommand(command="/family", description="Add or show a family", usage_hint="add | show REF"),
    ),
    shortcuts=(Shortcut(callback_id="to_action", name="Make this an action"),),
    ack_seconds=0.6,
)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


def button(action_id: str, label: str, **extra: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": "1", **extra}


def ask(block_id: str, label: str, element: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "v", **element},
        **extra,
    }


def board(stage: int = 1) -> list[dict[str, Any]]:
    sure = {
        "title": plain("Park it?"),
        "text": plain("It comes first next week."),
        "confirm": plain("Park"),
        "deny": plain("Go on"),
    }
    return [
        {"type": "header", "block_id": "head", "text": plain("Kestrel Unit meeting")},
        {"type": "section", "block_id": "who", "text": mrkdwn(f"*Here:* <@{ORLA}>, <@{DEVAN}>\nStage {stage} of 9")},
        {
            "type": "actions",
            "elements": [
                button("next", f"Next: stage {stage + 1}" if stage < 3 else "Last stage", style="primary"),
                button("park", "Park this family", confirm=sure, style="danger"),
                button("open_form", "Open the form"),
                button("silent", "Nobody answers this"),
            ],
        },
    ]


def big_form() -> dict[str, Any]:
    """Every input the page draws, by label."""
    blocks = [
        ask("text", "Hypothesis", {"type": "plain_text_input", "multiline": True, "min_length": 3, "max_length": 200}),
        ask("owner", "Owner", {"type": "users_select"}),
        ask("status", "Status", {"type": "radio_buttons", "options": [option("Live"), option("Dropped")]}),
        ask(
            "shown", "Shown to", {"type": "checkboxes", "options": [option("Family"), option("School")]}, optional=True
        ),
        ask("kind", "Kind", {"type": "static_select", "options": [option("Full"), option("Light")]}),
        ask(
            "plan",
            "Plan outcomes",
            {"type": "multi_static_select", "options": [option("P1"), option("P2"), option("P3")]},
        ),
        ask("team", "Who helps", {"type": "multi_users_select"}),
        ask("place", "Channel", {"type": "conversations_select"}),
        ask("family", "Family", {"type": "external_select", "min_query_length": 2}),
        ask("review", "Review on", {"type": "datepicker"}),
        ask("at", "Starts at", {"type": "timepicker"}),
        ask("when", "Visit", {"type": "datetimepicker"}),
        ask(
            "minutes",
            "Minutes",
            {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "60"},
        ),
        ask("mail", "Email", {"type": "email_text_input"}, optional=True),
        ask("web", "Web page", {"type": "url_text_input"}, optional=True),
    ]
    return {
        "type": "modal",
        "callback_id": "big",
        "title": plain("Hypothesis"),
        "submit": plain("Save"),
        "notify_on_close": True,
        "blocks": blocks,
    }


def small_form(words: str = "Nothing chosen yet") -> dict[str, Any]:
    """A form whose choice changes the form while something is typed in it."""
    kinds = {"type": "static_select", "options": [option("Full"), option("Light")]}
    blocks = [
        ask("notes", "Notes", {"type": "plain_text_input"}),
        ask("kind", "Kind", kinds, dispatch_action=True),
        {"type": "section", "block_id": "said", "text": mrkdwn(words)},
        {"type": "actions", "block_id": "more", "elements": [button("push", "Add a carer")]},
    ]
    return {
        "type": "modal",
        "callback_id": "small",
        "title": plain("Family"),
        "submit": plain("Save"),
        "blocks": blocks,
    }


def carer_form() -> dict[str, Any]:
    blocks = [ask("carer", "Carer", {"type": "plain_text_input"})]
    return {"type": "modal", "callback_id": "carer", "title": plain("Carer"), "submit": plain("Add"), "blocks": blocks}


@dataclass
class Heard:
    """What reached the app."""

    submitted: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    pressed: list[dict[str, Any]] = field(default_factory=list)
    shortcuts: list[dict[str, Any]] = field(default_factory=list)
    refusal: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0


def small_app(client: AsyncWebClient, heard: Heard) -> AsyncApp:
    app = AsyncApp(client=client, process_before_response=True)
    _commands(app)
    _board(app, heard)
    _forms(app, heard)
    return app


def _commands(app: AsyncApp) -> None:
    @app.command("/meeting")
    async def meeting(ack: Any, command: Any, client: AsyncWebClient) -> None:
        if command["text"] == "help":
            await ack("You can start a meeting.")
            return
        await ack()
        posted = await client.chat_postMessage(channel=command["channel_id"], text="The board", blocks=board())
        await client.pins_add(channel=command["channel_id"], timestamp=posted["ts"])

    @app.command("/unit")
    async def unit(ack: Any, command: Any, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=big_form())

    @app.command("/family")
    async def family(ack: Any, command: Any, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=small_form())

    @app.event("app_home_opened")
    async def home(event: Any, client: AsyncWebClient) -> None:
        row = {"type": "actions", "block_id": "h", "elements": [button("open_form", "Open the form")]}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [*board()[:2], row]})

    @app.event("message")
    async def message() -> None:
        return None


def _board(app: AsyncApp, heard: Heard) -> None:
    @app.action("next")
    async def go_on(ack: Any, body: Any, client: AsyncWebClient) -> None:
        await ack()
        stage = sum(press["action_id"] == "next" for press in heard.pressed) + 2
        heard.pressed.append(body["actions"][0])
        message = body["message"]
        await client.chat_update(channel=body["channel"]["id"], ts=message["ts"], text="The board", blocks=board(stage))

    @app.action("park")
    async def park(ack: Any, body: Any) -> None:
        heard.pressed.append(body["actions"][0])
        await ack()

    @app.action("open_form")
    async def open_form(ack: Any, body: Any, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=small_form())

    @app.shortcut("to_action")
    async def to_action(ack: Any, body: Any, client: AsyncWebClient) -> None:
        await ack()
        heard.shortcuts.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=carer_form())


def _forms(app: AsyncApp, heard: Heard) -> None:
    async def submitted(ack: Any, body: Any) -> None:
        heard.submitted.append(body["view"]["state"]["values"])
        await asyncio.sleep(heard.wait)
        if heard.refusal:
            await ack(response_action="errors", errors=heard.refusal)
        else:
            await ack()

    for name in ("big", "small", "carer"):
        app.view(name)(submitted)

    @app.view_closed("big")
    async def closed(ack: Any, body: Any) -> None:
        heard.closed.append(body)
        await ack()

    @app.options("v")
    async def families(ack: Any, payload: Any) -> None:
        found = [option(ref) for ref in ("K3107C", "K2284H", "K1190A") if payload["value"].lower() in ref.lower()]
        await ack(options=found)

    @app.action("v")
    async def chosen(ack: Any, body: Any, client: AsyncWebClient) -> None:
        await ack()
        picked = body["actions"][0]["selected_option"]["text"]["text"]
        await client.views_update(view_id=body["view"]["id"], view=small_form(f"Chosen: {picked}"))

    @app.action("push")
    async def push(ack: Any, body: Any, client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=carer_form())


def client(base_url: str, token: str = CONFIG.bot_token) -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=f"{base_url}/api/", retry_handlers=[])


async def connected(base_url: str, heard: Heard) -> AsyncSocketModeHandler:
    app = small_app(client(base_url), heard)
    handler = AsyncSocketModeHandler(
        app, CONFIG.app_token, web_client=client(base_url, CONFIG.app_token), ping_interval=5
    )
    await handler.connect_async()
    return handler
