"""Forms in the practice workspace: triggers, the stack, what stays typed, and what an answer to a submission does."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.practice.seat import SeatError
from tests.worlds.practice_pieces import (
    ANN,
    BEN,
    UNIT,
    Json,
    World,
    asking,
    button,
    form,
    home,
    menu,
    modal,
    option,
    plain,
    row,
    section,
    text_field,
)

Answer = Callable[..., Awaitable[Any]]


@pytest.fixture
async def triggers(world: World) -> list[str]:
    """The trigger of every command and press, newest last; nothing else happens."""
    caught: list[str] = []
    app = world.app()

    @app.command("/unit")
    async def command(ack: Answer, body: Json) -> None:
        caught.append(body["trigger_id"])
        await ack()

    @app.action("more")
    async def pressed(ack: Answer, body: Json) -> None:
        caught.append(body["trigger_id"])
        await ack()

    await world.connect(app)
    return caught


async def refusal(asked: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as refused:
        await asked
    return str(refused.value.response["error"])


async def test_a_trigger_opens_one_form_within_three_seconds(world: World, triggers: list[str]) -> None:
    client = world.client()
    await world.ann.command(UNIT, "/unit")
    world.clock.seconds += 3.1
    assert await refusal(client.views_open(trigger_id=triggers[-1], view=form())) == "expired_trigger_id"
    await world.ann.command(UNIT, "/unit")
    await client.views_open(trigger_id=triggers[-1], view=form())
    assert await refusal(client.views_open(trigger_id=triggers[-1], view=form())) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.abc", view=form())) == "invalid_trigger_id"
    assert await refusal(client.views_open(trigger_id="", view=form())) == "invalid_arguments"


async def test_a_refused_view_does_not_spend_the_trigger(world: World, triggers: list[str]) -> None:
    client = world.client()
    await world.ann.command(UNIT, "/unit")
    refused = client.views_open(trigger_id=triggers[-1], view=modal(asking(text_field())))
    assert await refusal(refused) == "invalid_arguments"
    await client.views_open(trigger_id=triggers[-1], view=form())


async def test_three_views_fit_on_the_stack_and_no_fourth(world: World, triggers: list[str]) -> None:
    client, view = world.client(), modal(row(button("more", "More")))
    await world.ann.command(UNIT, "/unit")
    await client.views_open(trigger_id=triggers[-1], view=view)
    for _ in range(2):
        top = await world.ann.top_modal()
        assert top
        await world.ann.press(top, "More")
        pushed = await client.views_push(trigger_id=triggers[-1], view=view)
        assert pushed["view"]["previous_view_id"] == top["id"]
    top = await world.ann.top_modal()
    assert top
    await world.ann.press(top, "More")
    assert await refusal(client.views_push(trigger_id=triggers[-1], view=view)) == "push_limit_reached"
    assert len({view["root_view_id"] for view in await world.ann.modals()}) == 1


async def test_a_push_needs_a_trigger_from_inside_the_form(world: World, triggers: list[str]) -> None:
    await world.ann.command(UNIT, "/unit")
    assert await refusal(world.client().views_push(trigger_id=triggers[-1], view=form())) == "not_found"


async def test_an_update_keeps_what_was_typed_where_the_field_stays(world: World, triggers: list[str]) -> None:
    client = world.client()
    await world.ann.command(UNIT, "/unit")
    fields = [asking(text_field(), "stays"), asking(text_field(), "goes"), row(button("more", "More"))]
    opened = (await client.views_open(trigger_id=triggers[-1], view=form(*fields)))["view"]
    await world.ann.press(opened, "More", values={"stays": "kept", "goes": "lost"})
    after = form(asking(text_field(), "stays"), asking(text_field(initial_value="new"), "came"))
    updated = (await client.views_update(view_id=opened["id"], hash=opened["hash"], view=after))["view"]

    assert (updated["id"], updated["hash"] != opened["hash"]) == (opened["id"], True)
    values = updated["state"]["values"]
    assert (values["stays"]["value"]["value"], values["came"]["value"]["value"]) == ("kept", "new")
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=after)
    assert await refusal(stale) == "hash_conflict"
    assert await refusal(client.views_update(view_id="V0NONE", view=after)) == "not_found"
    both = {"view_id": opened["id"], "external_id": "x", "view": after}
    assert await refusal(client.api_call("views.update", json=both)) == "invalid_arguments"


async def test_an_external_id_is_free_again_when_the_form_closes(world: World, triggers: list[str]) -> None:
    client = world.client()
    await world.ann.command(UNIT, "/unit")
    await client.views_open(trigger_id=triggers[-1], view=form(external_id="draft-1"))
    await world.ben.command(UNIT, "/unit")
    second = client.views_open(trigger_id=triggers[-1], view=form(external_id="draft-1"))
    assert await refusal(second) == "duplicate_external_id"
    top = await world.ann.top_modal()
    assert top
    await world.ann.close(top)
    await client.views_open(trigger_id=triggers[-1], view=form(external_id="draft-1"))


async def answering(world: World, answer: Json | None, view: Json | None = None, levels: int = 1) -> tuple[Json, Json]:
    """Ann submits the top one of so many forms, and the app answers so: her form before, and what she then gets."""
    app = world.app()
    triggers: list[str] = []

    @app.command("/unit")
    async def command(ack: Answer, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    @app.action("more")
    async def pressed(ack: Answer, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    @app.view("form")
    async def submitted(ack: Answer) -> None:
        await ack(**(answer or {}))

    await world.connect(app)
    await world.ann.command(UNIT, "/unit")
    shown = view or form(asking(text_field(), "notes"), row(button("more", "More")))
    top: Json = (await world.client().views_open(trigger_id=triggers[-1], view=shown))["view"]
    for _ in range(levels - 1):
        await world.ann.press(top, "More")
        top = (await world.client().views_push(trigger_id=triggers[-1], view=shown))["view"]
    return top, await world.ann.submit(top, {"notes": "seen"})


async def test_an_empty_answer_closes_the_top_form_only(world: World) -> None:
    _, got = await answering(world, None, levels=2)
    assert len(got["stack"]) == 1


async def test_clear_closes_all(world: World) -> None:
    _, got = await answering(world, {"response_action": "clear"}, levels=2)
    assert got["stack"] == []


async def test_errors_leave_the_form_open_with_what_was_typed(world: World) -> None:
    before, got = await answering(world, {"response_action": "errors", "errors": {"notes": "Too short."}})
    assert (got["errors"], got["stack"][0]["id"]) == ({"notes": "Too short."}, before["id"])
    assert got["stack"][0]["state"]["values"]["notes"]["value"]["value"] == "seen"


async def test_update_replaces_the_form_in_place(world: World) -> None:
    before, got = await answering(world, {"response_action": "update", "view": form(title=plain("Next"))})
    [view] = got["stack"]
    assert (view["id"], view["title"]["text"]) == (before["id"], "Next")


async def test_push_puts_a_form_on_top(world: World) -> None:
    before, got = await answering(world, {"response_action": "push", "view": form(title=plain("Next"))})
    assert [view["title"]["text"] for view in got["stack"]] == ["Family", "Next"]
    assert got["stack"][1]["previous_view_id"] == before["id"]


async def test_a_view_slack_would_not_show_leaves_the_form_open(world: World) -> None:
    bad = {"response_action": "update", "view": form(title=plain("x" * 25))}
    with pytest.raises(SeatError) as told:
        await answering(world, bad)
    assert told.value.code == "invalid_view_response"
    assert "must be less than 25 characters" in told.value.sentence
    assert len(await world.ann.modals()) == 1


async def test_a_form_nobody_listens_to_stays_open(world: World, triggers: list[str]) -> None:
    world.server.workspace.config = world.server.workspace.config.model_copy(update={"ack_seconds": 0.05})
    await world.ann.command(UNIT, "/unit")
    opened = (await world.client().views_open(trigger_id=triggers[-1], view=form(callback_id="other")))["view"]
    with pytest.raises(SeatError) as told:
        await world.ann.submit(opened, {"answer": "x"})
    assert told.value.code == "operation_timeout"
    assert len(await world.ann.modals()) == 1


async def test_a_form_belongs_to_who_opened_it(world: World, triggers: list[str]) -> None:
    await world.ann.command(UNIT, "/unit")
    opened = (await world.client().views_open(trigger_id=triggers[-1], view=form()))["view"]
    with pytest.raises(SeatError, match="not_found"):
        await world.ben.submit(opened, {"answer": "x"})


async def test_the_app_hears_of_a_closed_form_only_when_it_asked(world: World, triggers: list[str]) -> None:
    app, closed = AsyncApp(client=world.client()), []

    @app.view_closed("form")
    async def gone(ack: Answer, body: Json) -> None:
        closed.append((body["is_cleared"], body["view"]["state"]["values"]))
        await ack()

    await world.bots.pop().close_async()
    await world.connect(app)
    for asks in (False, True):
        trigger = world.server.modals.issue_trigger(ANN)
        view = form(notify_on_close=asks)
        opened = (await world.client().views_open(trigger_id=trigger, view=view))["view"]
        await world.ann.close(opened)
    assert closed == [(False, {})]
    assert await world.ann.modals() == []


EVERY_FIELD: list[tuple[Json, Any, Json]] = [
    ({"type": "plain_text_input", "action_id": "a"}, "text", {"value": "text"}),
    ({"type": "number_input", "action_id": "a", "is_decimal_allowed": True}, 2.5, {"value": "2.5"}),
    ({"type": "datepicker", "action_id": "a"}, "2026-11-24", {"selected_date": "2026-11-24"}),
    ({"type": "timepicker", "action_id": "a"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "users_select", "action_id": "a"}, BEN, {"selected_user": BEN}),
    ({"type": "multi_users_select", "action_id": "a"}, [ANN, BEN], {"selected_users": [ANN, BEN]}),
    ({"type": "conversations_select", "action_id": "a"}, UNIT, {"selected_conversation": UNIT}),
    ({"type": "email_text_input", "action_id": "a"}, "a@example.org", {"value": "a@example.org"}),
]


@pytest.mark.parametrize(("element", "plain_answer", "kept"), EVERY_FIELD, ids=lambda part: str(part)[:40])
async def test_plain_answers_take_the_shape_of_their_field(
    world: World, element: Json, plain_answer: Any, kept: Json
) -> None:
    heard: list[Json] = []
    app = world.app()

    @app.view("form")
    async def submitted(ack: Answer, view: Json) -> None:
        heard.append(view["state"]["values"]["field"]["a"])
        await ack()

    await world.connect(app)
    trigger = world.server.modals.issue_trigger(ANN)
    opened = (await world.client().views_open(trigger_id=trigger, view=form(asking(element, "field"))))["view"]
    answer = await world.ann.submit(opened, {"field": plain_answer})
    assert answer["ok"]
    assert heard == [{"type": element["type"], **kept}]


async def test_choices_come_back_as_the_options_they_were(world: World) -> None:
    heard: list[Json] = []
    app = world.app()

    @app.view("form")
    async def submitted(ack: Answer, view: Json) -> None:
        heard.append(view["state"]["values"])
        await ack()

    await world.connect(app)
    ticks = {"type": "checkboxes", "action_id": "ticks", "options": [option("a"), option("b")]}
    many = {"type": "multi_static_select", "action_id": "many", "options": [option("c"), option("d")]}
    view = form(asking(menu(), "one"), asking(ticks, "ticks", optional=True), asking(many, "many"))
    trigger = world.server.modals.issue_trigger(ANN)
    opened = (await world.client().views_open(trigger_id=trigger, view=view))["view"]
    await world.ann.submit(opened, {"one": "Choice 1", "many": ["c", "d"]})

    [values] = heard
    assert values["one"]["pick"]["selected_option"]["value"] == "o1"
    assert values["one"]["pick"]["selected_option"]["text"]["text"] == "Choice 1"
    assert values["ticks"]["ticks"]["selected_options"] == []
    assert [choice["value"] for choice in values["many"]["many"]["selected_options"]] == ["c", "d"]
    with pytest.raises(SeatError, match="no_such_option"):
        await world.ann.press(opened, "pick", choose="nothing")


@pytest.mark.parametrize(
    ("element", "answer", "sentence"),
    [
        ({"type": "number_input", "action_id": "a", "is_decimal_allowed": False}, "2.5", "whole number"),
        ({"type": "number_input", "action_id": "a", "is_decimal_allowed": True, "max_value": "5"}, "6", "5 or less"),
        ({"type": "number_input", "action_id": "a", "is_decimal_allowed": True}, "six", "enter a number"),
        (text_field(min_length=3), "ab", "at least 3"),
        (text_field(max_length=3), "abcd", "at most 3"),
        ({"type": "email_text_input", "action_id": "a"}, "nobody", "valid email"),
        ({"type": "url_text_input", "action_id": "a"}, "nowhere", "valid URL"),
    ],
    ids=str,
)
async def test_slacks_own_checks_speak_beside_the_field(
    world: World, element: Json, answer: str, sentence: str
) -> None:
    trigger = world.server.modals.issue_trigger(ANN)
    opened = (await world.client().views_open(trigger_id=trigger, view=form(asking(element, "field"))))["view"]
    got = await world.ann.submit(opened, {"field": answer})
    assert sentence in got["errors"]["field"]


async def test_a_menu_that_asks_the_app_is_filled(world: World) -> None:
    app = world.app()

    @app.options("find")
    async def find(ack: Answer, payload: Json) -> None:
        await ack(options=[option(payload["value"] + "-1")])

    await world.connect(app)
    trigger = world.server.modals.issue_trigger(ANN)
    search = {"type": "external_select", "action_id": "find", "min_query_length": 1}
    opened = (await world.client().views_open(trigger_id=trigger, view=form(asking(search, "who"))))["view"]
    [offered] = await world.ann.suggest(opened, "find", "smi")
    assert offered["value"] == "smi-1"


async def test_the_home_tab_is_published_and_its_buttons_work(world: World) -> None:
    app = world.app()
    pressed: list[Json] = []

    @app.event("app_home_opened")
    async def opened(event: Json, client: Any) -> None:
        title = "again" if "view" in event else "first"
        await client.views_publish(user_id=event["user"], view=home(section(title), row(button("mine", "My actions"))))

    @app.action("mine")
    async def mine(ack: Answer, body: Json) -> None:
        pressed.append(body)
        await ack()

    await world.connect(app)
    first = await world.ann.home()
    second = await world.ann.home()
    assert first
    assert second
    assert [view["blocks"][0]["text"]["text"] for view in (first, second)] == ["first", "again"]
    await world.ann.press(second, "My actions")
    assert pressed[0]["container"] == {"type": "view", "view_id": second["id"]}
    assert pressed[0]["view"]["type"] == "home"
    stale = world.client().views_publish(user_id=ANN, view=home(section()), hash=first["hash"])
    assert await refusal(stale) == "hash_conflict"
