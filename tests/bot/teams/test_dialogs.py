"""Forms as Teams' dialogs, and what comes back from them: the answers Slack's windows give, character for character."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.practice.slack.state import complete
from bot.slack import views
from bot.teams import dialogs, wire
from handlers.forms import steps
from prompts_and_forms.card import Button, Buttons, Choice, card, say
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.catalogue import form_ids, load_form
from prompts_and_forms.forms.form import Field, FieldKind, FormView
from tests.bot.teams.full_forms import MARKUP, every_view, view_of
from tests.bot.teams.judge import INPUTS, MOST, lively, parts_of, runs, sent_back, taken, weight
from tests.worlds.any_answers import FAMILY, answers

Json = dict[str, Any]


def dialog(view: FormView, **more: Any) -> Json:
    """The card of a dialog that Teams takes."""
    value = dialogs.task(view, **more)
    content: Json = value["card"]["content"]
    taken(content)
    assert weight(value) <= MOST
    assert lively(content) == []
    assert not any(part.get("isRequired") for kind in INPUTS for part in parts_of(content, kind))
    return content


def returned(content: Json, do: str = wire.KEYS) -> wire.Filled:
    found = wire.filled(json.loads(json.dumps(sent_back(content, do))))
    assert found is not None
    return found


def through(view: FormView) -> dict[str, Any]:
    """The answers of a form that is sent as it is, part by part where it takes several dialogs."""
    every = dialogs.parts(view)
    for number, part in enumerate(every):
        last = number == len(every) - 1
        filled = returned(dialog(view, at=part[0].key), wire.KEYS if last else wire.TURN)
        assert filled.turn == ("" if last else every[number + 1][0].key)
    return dialogs.answers(filled, view)


def kept(view: FormView) -> dict[str, Any]:
    """What the fields of a form hold."""
    asked = [field for field in view.fields if field.kind not in dialogs.ASKED and field.value]
    return {field.key: list(field.value) if isinstance(field.value, tuple) else field.value for field in asked}


@pytest.mark.parametrize("form_id", form_ids())
def test_every_form_with_every_box_full_fits_and_comes_back_as_it_was(form_id: str) -> None:
    for view in every_view(load_form(form_id), MARKUP):
        assert through(view) == kept(view)


@pytest.mark.parametrize("form_id", form_ids())
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_form_gives_the_answers_slacks_window_gives(form_id: str, data: st.DataObject) -> None:
    form = load_form(form_id)
    flat, boxes = engine.flatten(form, FAMILY, data.draw(answers(form)))
    for number in range(steps.last(form) + 1):
        view = view_of(form, FAMILY, flat, boxes, number)
        assert _of_one_dialog(view) == kept(view)


def _of_one_dialog(view: FormView) -> dict[str, Any]:
    """The answers, without the judgement of the schema that every form has once."""
    for part in dialogs.parts(view):
        value = dialogs.task(view, at=part[0].key)
        assert weight(value) <= MOST
        assert lively(value) == []
    last = value["card"]["content"]
    return dialogs.answers(returned(last), view)


def long_form(text: str = "") -> FormView:
    """Thirty boxes, each with words above it: more than a dialog holds once they are full."""
    fields: list[Field] = []
    for n in range(30):
        fields += [
            Field(key=f"row{n}:words", kind=FieldKind.TEXT_ONLY, label=f"Row {n}"),
            Field(key=f"row{n}", kind=FieldKind.LONG_TEXT, label="What was said", value=(text * 3000)[:3000] or None),
        ]
    return FormView(form="long", title="A long form", fields=tuple(fields), args={"draft": "d1"})


def test_a_form_too_large_for_a_dialog_is_shown_in_parts_with_room_for_every_answer() -> None:
    for view in (long_form(), long_form("x"), long_form('"')):
        every = dialogs.parts(view)
        assert len(every) > 1
        assert [field for part in every for field in part] == list(view.fields)
        assert all(part[0].kind is FieldKind.TEXT_ONLY for part in every)
        assert through(view) == kept(view)
    first = dialog(long_form())
    assert f"Part 1 of {len(dialogs.parts(long_form()))}" in list(runs(first))
    assert first["actions"][0]["title"] == "Next"
    second = dialog(long_form(), at=returned(first, wire.TURN).turn)
    assert second["actions"][1]["title"] == "Back"


def test_what_another_part_holds_stays_and_what_was_emptied_here_goes() -> None:
    view = long_form("x")
    part = dialogs.parts(view)[-1]
    data = sent_back(dialog(view, at=part[0].key), wire.KEYS)
    typed = next(field for field in part if field.kind is FieldKind.LONG_TEXT)
    filled = wire.filled({**data, wire.INPUT + typed.key: ""})
    assert filled is not None
    expected = kept(view)
    del expected[typed.key]
    assert dialogs.answers(filled, view) == expected


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(value=f"v,{n}%", label=f"Choice number {n}") for n in range(count))


def one(kind: FieldKind, **more: Any) -> Field:
    return Field(key="it", kind=kind, label="It", **more)


EVERY_FIELD = [
    one(FieldKind.TEXT, value="some text", required=True),
    one(FieldKind.LONG_TEXT, value="x" * 3000, help="As they said it"),
    one(FieldKind.NUMBER, value="12"),
    one(FieldKind.NUMBER, value="12.5"),
    one(FieldKind.DATE, value="2026-11-24"),
    one(FieldKind.TIME, value="09:30"),
    one(FieldKind.ONE, options=choices(2), value="v,1%"),
    one(FieldKind.ONE, options=choices(60), value="v,59%"),
    one(FieldKind.MANY, options=choices(3), value=("v,0%", "v,2%")),
    one(FieldKind.MANY, options=choices(60), value=("v,59%", "v,1%")),
]


@pytest.mark.parametrize("field", EVERY_FIELD, ids=lambda field: f"{field.kind}-{len(field.options)}")
def test_what_a_field_holds_comes_back_unchanged(field: Field) -> None:
    view = FormView(form="f", title="F", fields=(field,))
    assert returned(dialog(view)).values == kept(view)


@pytest.mark.parametrize("kind", [FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE, FieldKind.TIME])
def test_an_empty_field_is_no_answer(kind: FieldKind) -> None:
    assert returned(dialog(FormView(form="f", title="F", fields=(one(kind),)))).values == {}


@pytest.mark.parametrize(
    ("kind", "value"),
    [(FieldKind.DATE, "tomorrow"), (FieldKind.TIME, "9"), (FieldKind.NUMBER, "two"), (FieldKind.ONE, "gone")],
)
def test_a_value_a_field_cannot_show_is_left_out(kind: FieldKind, value: str) -> None:
    field = one(kind, value=value, options=choices(2) if kind is FieldKind.ONE else ())
    (element,) = (
        part for name in INPUTS for part in parts_of(dialog(FormView(form="f", title="F", fields=(field,))), name)
    )
    assert "value" not in element


def test_what_must_be_given_has_an_asterisk_and_blocks_no_button() -> None:
    content = dialog(FormView(form="f", title="F", fields=(one(FieldKind.TEXT, required=True),)))
    assert parts_of(content, "Input.Text")[0]["label"] == "It *"


def test_a_fault_is_said_in_words_and_in_red_above_its_field_and_nothing_typed_is_lost() -> None:
    fields = (one(FieldKind.TEXT, value="so far"), Field(key="when", kind=FieldKind.DATE, label="When"))
    content = dialog(
        FormView(form="f", title="F", fields=fields), errors={"when": "Give a date.", "gone": "Name somebody."}
    )
    red = [run for run in parts_of(content, "TextRun") if run.get("color") == "attention"]
    assert [run["text"] for run in red] == [
        "This is not saved yet. What you wrote is still here.",
        "Name somebody.",
        "Give a date.",
    ]
    places = [list(runs(part)) or part["type"] for part in content["body"]]
    assert places[-2:] == [["Give a date."], "Input.Date"]
    assert returned(content).values == {"it": "so far"}


def test_a_fault_in_a_later_part_shows_that_part() -> None:
    view = long_form("x")
    last = dialogs.parts(view)[-1]
    key = next(field.key for field in last if field.kind not in dialogs.ASKED)
    assert "Say who." in list(runs(dialog(view, errors={key: "Say who."})))


def test_steps_and_more_boxes_are_buttons_that_bring_what_was_typed() -> None:
    view = FormView(
        form="f",
        title="F",
        args={"draft": "d1"},
        fields=(one(FieldKind.TEXT, value="typed"), Field(key="rows+", kind=FieldKind.MORE, label="One more")),
        steps=(Choice(value="back", label="Back"), Choice(value="save", label="Save for later")),
    )
    content = dialog(view, where={"channel": "19:x", "thread": "1"})
    assert [act["title"] for act in content["actions"]] == ["Save", "Back", "Save for later"]
    more, step = returned(content, wire.MORE), returned(content, wire.STEP)
    assert (more.more, step.step) == ("rows+", "back")
    for filled in (more, step):
        assert (filled.args, filled.values) == ({"draft": "d1"}, {"it": "typed"})
        assert (filled.channel, filled.thread) == ("19:x", "1")


def test_a_form_says_whether_an_answer_shows_or_hides_others() -> None:
    field = one(FieldKind.ONE, options=choices(2), redraws=True)
    assert returned(dialog(FormView(form="f", title="F", fields=(field,)))).redraws
    assert not returned(dialog(FormView(form="f", title="F", fields=(one(FieldKind.TEXT),)))).redraws


def test_choices_that_look_like_markup_are_numbered_and_said_in_full() -> None:
    options = (Choice(value="a", label="[click](https://evil.example)"), Choice(value="b", label="Nan"))
    content = dialog(FormView(form="f", title="F", fields=(one(FieldKind.ONE, options=options),)))
    assert list(runs(content)) == ["1: ", "[click](https://evil.example)"]
    assert [one["title"] for one in parts_of(content, "Input.ChoiceSet")[0]["choices"]] == [
        "1: click (https evil.example)",
        "Nan",
    ]


def test_a_form_without_a_question_has_nothing_to_save() -> None:
    words = Field(key="w", kind=FieldKind.TEXT_ONLY, label="Only words")
    assert "actions" not in dialog(FormView(form="f", title="F", fields=(words,)))


def test_a_dialog_of_words_has_its_buttons_and_its_presses_come_back() -> None:
    button = Button(action="form.resume", label="Go on", args={"draft": "d1"})
    value = dialogs.words(card("n", say("Words"), Buttons(items=(button,))), "Done")
    content = value["card"]["content"]
    taken(content)
    assert (value["title"], list(runs(content))) == ("Done", ["Words"])
    (act,) = parts_of(content, "Action.Submit")
    assert wire.pressed(act["data"]) == ("form.resume", {"draft": "d1"})


def test_words_too_long_for_a_dialog_say_that_there_is_more() -> None:
    value = dialogs.words(card("n", *(say("x" * 2000) for _ in range(60))))
    assert weight(value) <= MOST
    assert list(runs(value))[-1] == dialogs.TOO_LONG


def test_slack_gives_the_same_answers() -> None:
    fields = tuple(field.model_copy(update={"key": f"k{n}"}) for n, field in enumerate(EVERY_FIELD))
    view = FormView(form="f", title="F", fields=fields)
    slack = views.values({"state": {"values": complete(views.modal(view)["blocks"], {})}})
    assert through(view) == slack
