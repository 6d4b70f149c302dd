"""Forms as Slack's windows, and what comes back from them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.practice.slack.checks.validator import check_view
from bot.practice.slack.state import complete
from bot.slack import views
from prompts_and_forms.card import Choice, card, say, small
from prompts_and_forms.forms.form import Field, FieldKind, FormView

Json = dict[str, Any]


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(value=f"v{n}", label=f"Choice number {n} " + "long " * 20) for n in range(count))


def window(*fields: Field, **more: Any) -> Json:
    view = views.modal(FormView(form="hypothesis", title="A hypothesis", fields=fields, **more))
    check_view(view, "views.open")
    return view


def one(kind: FieldKind, **more: Any) -> Field:
    return Field(key="it", kind=kind, label="It", **more)


EVERY_FIELD = [
    one(FieldKind.TEXT, value="some text", required=True),
    one(FieldKind.LONG_TEXT, value="x" * 3000, help="As they said it"),
    one(FieldKind.NUMBER, value="12"),
    one(FieldKind.DATE, value="2026-11-24"),
    one(FieldKind.TIME, value="09:30"),
    one(FieldKind.ONE, options=choices(2), value="v1"),
    one(FieldKind.ONE, options=choices(5), value="v0"),
    one(FieldKind.ONE, options=choices(60), value="v59"),
    one(FieldKind.ONE, options=choices(230), value="v200"),
    one(FieldKind.MANY, options=choices(3), value=("v0", "v2")),
    one(FieldKind.MANY, options=choices(60), value=("v59",)),
    one(FieldKind.MANY, options=choices(230), value=("v1", "v201")),
]


@pytest.mark.parametrize("field", EVERY_FIELD, ids=lambda field: f"{field.kind}-{len(field.options)}")
def test_what_a_field_holds_comes_back_unchanged(field: Field) -> None:
    view = window(field)
    returned = views.values({"state": {"values": complete(view["blocks"], {})}})
    expected = list(field.value) if isinstance(field.value, tuple) else field.value
    assert returned == {"it": expected}


@pytest.mark.parametrize("kind", [FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.TIME])
def test_an_empty_field_is_no_answer(kind: FieldKind) -> None:
    view = window(one(kind))
    assert views.values({"state": {"values": complete(view["blocks"], {})}}) == {}


@pytest.mark.parametrize(
    ("kind", "value"),
    [(FieldKind.DATE, "tomorrow"), (FieldKind.TIME, "9"), (FieldKind.NUMBER, "two"), (FieldKind.ONE, "gone")],
)
def test_a_value_a_field_cannot_show_is_left_out(kind: FieldKind, value: str) -> None:
    view = window(one(kind, value=value, options=choices(2) if kind is FieldKind.ONE else ()))
    assert not [name for name in view["blocks"][0]["element"] if name.startswith("initial_")]


def test_words_and_more_buttons_stand_between_the_fields() -> None:
    view = window(
        Field(key="rows:words", kind=FieldKind.TEXT_ONLY, label="The children", help="Each one"),
        Field(key="rows", kind=FieldKind.MORE, label="One more row"),
        one(FieldKind.TEXT),
    )
    assert [block["block_id"] for block in view["blocks"]] == ["rows:words-0", "rows:words-1", "more#rows", "it"]


def test_a_form_of_words_alone_has_nothing_to_submit() -> None:
    assert "submit" not in window(Field(key="w", kind=FieldKind.TEXT_ONLY, label="Only words"))


def test_a_form_remembers_what_it_is_about_and_where_it_was_opened() -> None:
    form = FormView(form="f", title="F" * 40, args={"draft": "d1"})
    view = views.modal(form, {"_channel": "C1", "_thread": "1.2"})
    assert len(view["title"]["text"]) == 24
    assert views.metadata(view) == ({"draft": "d1"}, {"_channel": "C1", "_thread": "1.2"})
    assert json.loads(view["private_metadata"])["draft"] == "d1"


def test_a_field_others_depend_on_redraws_the_form() -> None:
    block = window(one(FieldKind.ONE, options=choices(2), redraws=True))["blocks"][0]
    assert block["dispatch_action"] is True


def test_what_stands_in_a_form_is_told_while_it_is_filled_in() -> None:
    fields = (
        one(FieldKind.TEXT),
        Field(key="kind", kind=FieldKind.ONE, label="Kind", options=choices(2), redraws=True),
    )
    view = views.modal(FormView(form="f", title="F", args={"draft": "d1"}, fields=fields))
    text, kind = view["blocks"]
    assert text["element"]["dispatch_action_config"] == {"trigger_actions_on": ["on_character_entered"]}
    assert all(block["dispatch_action"] for block in (text, kind))
    assert views.only_typed(view, text["block_id"])
    assert not views.only_typed(view, "kind")
    assert "kind" not in view["private_metadata"], "a field's key may name a child"


def test_what_a_form_says_first_has_ids_of_its_own() -> None:
    view = window(one(FieldKind.TEXT), intro=(say("Safe contact: do not write"), small("About K3107C")))
    assert [block["block_id"] for block in view["blocks"]] == ["intro-0", "intro-1", "it"]


def test_an_error_of_no_field_is_said_beside_the_first() -> None:
    view = window(one(FieldKind.TEXT), Field(key="other", kind=FieldKind.TEXT, label="Other"))
    beside = views.errors_beside(view, {"other": "Give a date.", "rows#0": "Name somebody."})
    assert beside == {"other": "Give a date.", "it": "Name somebody."}


def test_a_window_can_only_say_something() -> None:
    for view, method in (
        (views.one_moment(), "views.open"),
        (views.words_modal("A note", card("n", say("Words"))), "views.push"),
    ):
        check_view(view, method)
        assert "submit" not in view
