"""Cards as Teams draws them: everything is shown, nothing typed acts, and Teams takes every message."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.teams import cards as teams
from bot.teams.runs import harmless, is_harmless
from bot.teams.wire import pressed
from handlers import routes
from prompts_and_forms import card as cards
from prompts_and_forms.card import card, say, small
from tests.bot.teams.judge import lively, parts_of, runs, taken, weight

Json = dict[str, Any]

AWKWARD = [
    "*bold* _italic_ ~gone~ `code`",
    "<at>everyone</at> [click](https://evil.example)",
    "&lt; & &amp;",
    "![picture](https://evil.example/x.png)",
    "# no heading",
    "1. no list",
    "- a dash",
    "עברית and العربية",
    "👩‍👧 e\u0301",
    "x",
]


def contents(*blocks: cards.Block) -> list[Json]:
    """The cards of a message in turn, each taken by Teams."""
    found = []
    for page in teams.pages(card("notice", *blocks)):
        assert weight(page) <= 64_000
        (attached,) = page["attachments"]
        taken(attached["content"])
        assert lively(attached["content"]) == []
        found.append(attached["content"])
    return found


@pytest.mark.parametrize("text", AWKWARD)
@pytest.mark.parametrize(
    "shape",
    [
        lambda text: say(text),
        lambda text: small(text),
        lambda text: cards.Heading(text=f"{text} [ ]"),
        lambda text: cards.Quote(text=text, by="Ann"),
        lambda text: cards.Bullets(items=((text,),)),
        lambda text: cards.Facts(rows=(("Label", text),)),
        lambda text: cards.Table(rows=(("Head",), (text,)), words="A table"),
        lambda text: cards.Buttons(
            items=(cards.Menu(action="x.y", label="Go", choices=(cards.Choice(value="1", label=f"{text} [ ]"),)),)
        ),
    ],
)
def test_awkward_words_are_shown_as_typed_and_act_as_nothing(text: str, shape: Any) -> None:
    assert text in "".join(runs(contents(shape(text))))


@pytest.mark.parametrize("text", AWKWARD)
def test_a_label_has_no_sign_a_reader_of_markdown_acts_on(text: str) -> None:
    button = cards.Button(
        action="a.b", label=text, about=text, confirm=cards.Confirm(title=text, text=text, yes=text, no=text)
    )
    contents(
        cards.Buttons(
            items=(button, cards.Menu(action="a.b", label=text, choices=(cards.Choice(value="1", label=text),)))
        )
    )


@given(st.text())
def test_a_harmless_label_stays_as_it_is(text: str) -> None:
    bare = harmless(text)
    assert is_harmless(bare) or not bare
    assert harmless(bare) == bare


def test_a_heading_of_plain_words_is_one_to_those_who_listen() -> None:
    (content,) = contents(cards.Heading(text="K3107C: Safety first"))
    assert content["body"][0] | {"style": "heading", "text": "K3107C: Safety first"} == content["body"][0]


@pytest.mark.parametrize("length", [1, 2899, 2901, 12_000, 90_000])
def test_a_long_text_is_split_and_never_cut(length: int) -> None:
    text = "".join(f"word{n} " for n in range(length // 5 + 1))[:length].rstrip() + "."
    for shape in (say(text), cards.Quote(text=text), cards.Bullets(items=((text,),)), small(text)):
        assert "".join(runs(contents(shape))).removeprefix("• ") == text


def test_a_line_break_is_one_on_every_client() -> None:
    (content,) = contents(say("One\nTwo\n\nThree"))
    assert [(list(runs(part)), part.get("spacing")) for part in content["body"]] == [
        (["One"], None),
        (["Two"], "none"),
        (["Three"], "medium"),
    ]


def test_a_card_longer_than_a_message_becomes_several() -> None:
    lines = [f"line {n} " + "x" * 400 for n in range(120)]
    pages = teams.pages(card("K3107C", *map(say, lines)))
    assert [text for page in pages for text in runs(page)] == lines
    assert {page["summary"] for page in pages[1:]} == {"K3107C (continued)"}
    assert pages[0]["summary"] == "K3107C"
    assert "text" not in pages[0]


def test_a_long_table_goes_on_under_its_head() -> None:
    rows = (("No", "Words"), *((str(n), "x" * 50) for n in range(300)))
    tables = parts_of(contents(cards.Table(rows=rows)), "Table")
    assert len(tables) > 1
    assert {next(iter(runs(table))) for table in tables} == {"No"}
    assert [run for table in tables for run in runs(table) if run.isdigit()] == [str(n) for n in range(300)]


def test_a_table_too_wide_to_be_read_is_lines() -> None:
    rows = (tuple(f"H{n}" for n in range(8)), tuple(f"v{n}" for n in range(8)))
    text = "".join(runs(contents(cards.Table(rows=rows))))
    assert "H0: v0; H1: v1" in text


def test_a_divider_parts_what_follows_from_what_went_before() -> None:
    (content,) = contents(say("One"), cards.Divider(), say("Two"), cards.Divider())
    assert [part.get("separator") for part in content["body"]] == [None, True]


def test_a_chart_is_its_numbers_and_its_sentence() -> None:
    chart = cards.Chart(title="Over time", points=("May", "Aug"), series=(("Total", (20.0, None)),), words="It fell.")
    (content,) = contents(chart)
    assert list(runs(content)) == ["Over time. ", "It fell.", "Total", "May", "20", "Aug"]


def test_a_press_says_beforehand_whether_it_opens_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "opens", lambda action: action == "form.open")
    both = cards.Buttons(
        items=(
            cards.Button(action="form.open", label="Open", args={"draft": "d"}),
            cards.Button(action="stage.next", label="Next", args={"stage": "3"}, style="primary", about="K3107C"),
        )
    )
    (row,) = parts_of(contents(both), "ActionSet")
    opens, acts = row["actions"]
    assert (opens["type"], opens["data"]["msteams"]) == ("Action.Submit", {"type": "task/fetch"})
    assert (acts["type"], acts["verb"], acts["style"]) == ("Action.Execute", "stage.next", "positive")
    assert acts["data"] == {"do": "stage.next", "args": {"stage": "3"}}
    assert acts["tooltip"] == "Next: K3107C"
    assert opens["associatedInputs"] == acts["associatedInputs"] == "none"


def test_what_cannot_be_undone_asks_first_and_can_be_left() -> None:
    sure = cards.Confirm(title="Close it?", text="Nobody can add to it.", yes="Close", no="Leave it")
    (content,) = contents(
        cards.Buttons(items=(cards.Button(action="a.b", label="Close", confirm=sure, style="danger"),))
    )
    row, asked = content["body"]
    (shows,) = row["actions"]
    assert (shows["type"], shows["targetElements"], shows["style"]) == (
        "Action.ToggleVisibility",
        [asked["id"]],
        "destructive",
    )
    assert asked["isVisible"] is False
    assert list(runs(asked)) == ["Close it?", "Nobody can add to it."]
    yes, no = parts_of(asked, "ActionSet")[0]["actions"]
    assert (yes["title"], yes["verb"], no["title"], no["type"]) == (
        "Close",
        "a.b",
        "Leave it",
        "Action.ToggleVisibility",
    )


def test_a_menu_has_a_button_of_its_own_and_says_what_was_chosen() -> None:
    choices = tuple(cards.Choice(value=f"f{n}", label=f"Family {n}") for n in range(230))
    menus = cards.Buttons(
        items=(cards.Menu(action="agenda.start", label="Add a family", choices=choices, args={"meeting": "m"}),)
    )
    (content,) = contents(menus)
    first, second = parts_of(content, "Input.ChoiceSet")
    assert [len(first["choices"]), len(second["choices"])] == [150, 80]
    assert first["label"] == "Add a family (Family 0 to Family 149)"
    act = parts_of(content, "Action.Execute")[1]
    assert act["associatedInputs"] == "auto"
    found = pressed(json.loads(json.dumps({**act["data"], second["id"]: "f229"})))
    assert found == ("agenda.start", {"meeting": "m", "chosen": "f229"})


def test_a_menu_without_choices_is_left_out() -> None:
    menu = cards.Menu(action="agenda.pick", label="Add a family", choices=())
    (content,) = contents(say("x"), cards.Buttons(items=(menu,)))
    assert len(content["body"]) == 1


def test_a_card_in_plain_words_for_places_that_take_a_line() -> None:
    found = teams.words_of(card("n", say("One. ", cards.Strong(text="Two.")), cards.Quote(text="Three.")))
    assert found == "One. Two. Three."


SPANS = st.one_of(st.text(max_size=80), st.sampled_from(AWKWARD))
BLOCKS = st.one_of(
    st.builds(lambda text: say(text), SPANS),
    st.builds(lambda text: cards.Heading(text=text), SPANS),
    st.builds(lambda text, by: cards.Quote(text=text, by=by), SPANS, SPANS),
    st.builds(lambda rows: cards.Facts(rows=tuple(rows)), st.lists(st.tuples(SPANS, SPANS), max_size=4)),
    st.builds(lambda rows: cards.Table(rows=tuple(rows)), st.lists(st.tuples(SPANS, SPANS), max_size=4)),
    st.builds(
        lambda items: cards.Bullets(items=tuple((one,) for one in items), title="T"), st.lists(SPANS, max_size=4)
    ),
    st.builds(lambda label: cards.Buttons(items=(cards.Button(action="a.b", label=label, about=label),)), SPANS),
    st.just(cards.Divider()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BLOCKS, max_size=8))
def test_whatever_was_typed_teams_takes_the_card(blocks: list[cards.Block]) -> None:
    contents(*blocks)


def test_a_number_before_a_choice_needs_no_list_above_the_menu() -> None:
    menu = cards.Menu(action="a.b", label="Update", choices=(cards.Choice(value="x", label="1. Ring the school"),))
    (page,) = teams.pages(card("notice", cards.Buttons(items=(menu,))))
    body = page["attachments"][0]["content"]["body"]
    assert [one["type"] for one in body] == ["ColumnSet"]
    (choices,) = (one["choices"] for one in parts_of(page["attachments"][0]["content"], "Input.ChoiceSet"))
    assert [one["title"] for one in choices] == ["1: Ring the school"]
