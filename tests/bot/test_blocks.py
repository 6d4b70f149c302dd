"""Cards as Slack draws them: everything is shown, nothing typed acts, and a strict Slack takes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.practice.slack.checks.validator import check_message, check_view
from bot.slack import blocks, views
from prompts_and_forms import card as cards
from prompts_and_forms.card import Card, card, say, small

Json = dict[str, Any]

AWKWARD = [
    "*bold* _italic_ ~gone~ `code`",
    "<!channel> <@U1> <https://example.org|here>",
    "&lt; & &amp;",
    ":smile: and :+1:",
    "> a quote\n- a dash\n1. one",
    "עברית and العربية",
    "👩‍👧 e\u0301",
    "x",
]


def drawn(*parts: cards.Block) -> list[Json]:
    pages = blocks.messages(card("notice", *parts))
    for page in pages:
        check_message(page)
    return pages


def leaves(part: Any) -> list[str]:
    """Every text Slack shows, in order."""
    if isinstance(part, list):
        return [text for one in part for text in leaves(one)]
    if not isinstance(part, dict):
        return []
    if part.get("type") in ("text", "plain_text", "raw_text", "mrkdwn"):
        return [part["text"]]
    return [text for name, one in part.items() if name != "value" for text in leaves(one)]


@pytest.mark.parametrize("text", AWKWARD)
@pytest.mark.parametrize(
    "shape",
    [
        lambda text: say(text),
        lambda text: small(text),
        lambda text: cards.Heading(text=text),
        lambda text: cards.Quote(text=text, by="Ann"),
        lambda text: cards.Bullets(items=((text,),)),
        lambda text: cards.Facts(rows=(("Label", text),)),
        lambda text: cards.Table(rows=(("Head",), (text,)), words="A table"),
    ],
)
def test_awkward_words_are_shown_as_typed(text: str, shape: Any) -> None:
    page = drawn(shape(text))[0]
    assert text in leaves(page["blocks"])
    assert "mrkdwn" not in json.dumps(page["blocks"])


def test_plain_text_leaves_emoji_names_as_typed() -> None:
    page = drawn(cards.Heading(text=":smile:"))[0]
    assert page["blocks"][0]["text"] == {"type": "plain_text", "text": ":smile:", "emoji": False}


def test_the_notification_cannot_mention_anybody() -> None:
    page = blocks.messages(card("<!channel> & co", say("x")))[0]
    assert page["text"] == "&lt;!channel&gt; &amp; co"


@pytest.mark.parametrize("length", [1, 2999, 3000, 3001, 12_000, 40_000])
def test_a_long_text_is_split_and_never_cut(length: int) -> None:
    text = "".join(f"word{n} " for n in range(length // 5 + 1))[:length]
    for shape in (say(text), cards.Quote(text=text), cards.Bullets(items=((text,),)), small(text)):
        pages = drawn(shape)
        assert "".join(leaves([page["blocks"] for page in pages])) == text
        assert all(sum(map(len, leaves(page["blocks"]))) <= blocks.MESSAGE_CHARACTERS for page in pages)


def test_a_card_of_many_blocks_becomes_several_messages() -> None:
    pages = drawn(*(say(f"line {n}") for n in range(120)))
    assert [len(page["blocks"]) for page in pages] == [45, 45, 30]
    assert [page["text"] for page in pages] == ["notice", "notice (continued)", "notice (continued)"]


def test_a_message_holds_one_table() -> None:
    table = cards.Table(rows=(("A", "B"), ("1", "")))
    assert len(drawn(table, say("between"), table)) == 2


def test_a_long_table_goes_on_under_its_head() -> None:
    rows = (("No",), *((str(n),) for n in range(150)))
    pages = drawn(cards.Table(rows=rows))
    assert [page["blocks"][0]["rows"][0][0]["text"] for page in pages] == ["No", "No"]


def test_a_button_carries_its_arguments_and_says_what_it_is_about() -> None:
    button = cards.Button(
        action="stage.next",
        label="Next: Voices",
        args={"discussion": "a" * 32, "stage_no": "3"},
        style="primary",
        about="K3107C",
        confirm=cards.Confirm(title="Sure?", text="Really?", yes="Yes", no="No"),
    )
    element = drawn(cards.Buttons(items=(button,)))[0]["blocks"][0]["elements"][0]
    assert element["action_id"] == "stage.next"
    assert json.loads(element["value"]) == {"discussion": "a" * 32, "stage_no": "3"}
    assert element["accessibility_label"] == "Next: Voices: K3107C"


def test_the_same_action_twice_in_a_row_has_two_names() -> None:
    button = cards.Button(action="agenda.start", label="Start", args={"family": "1"})
    elements = drawn(cards.Buttons(items=(button, button)))[0]["blocks"][0]["elements"]
    assert [element["action_id"] for element in elements] == ["agenda.start", "agenda.start#2"]


def chart(
    *series: tuple[str, tuple[float | None, ...]], points: tuple[str, ...] = ("3 May 2026", "4 Aug 2026")
) -> Json:
    page = drawn(cards.Chart(title="Over time", points=points, series=series, words="It fell."))[0]
    assert leaves(page["blocks"][-1]) == ["Over time. ", "It fell."]
    return next((block for block in page["blocks"] if block["type"] == "data_visualization"), {})


def test_a_chart_is_slacks_own_with_its_sentence_beside_it() -> None:
    block = chart(("Total", (20.0, 12.5)), ("Impact", (5.0, 2.0)))
    assert block["title"] == "Over time: Total, Impact"
    assert block["chart"]["axis_config"] == {"categories": ["3 May 2026", "4 Aug 2026"]}
    assert [[point["value"] for point in one["data"]] for one in block["chart"]["series"]] == [[20, 12.5], [5, 2]]


def test_what_is_missing_is_left_out_of_a_chart_and_never_nought() -> None:
    block = chart(("Total", (20.0, None, 12.0)), ("Impact", (5.0, 3.0, None)), points=("a", "b", "c"))
    assert [one["name"] for one in block["chart"]["series"]] == ["Total"]
    assert block["chart"]["axis_config"]["categories"] == ["a", "c"]
    assert chart(("Total", (20.0, None))) == {}


@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.lists(st.one_of(st.none(), st.floats(0, 99)), max_size=30)), max_size=9
    ),
    st.lists(st.sampled_from(["3 May 2026", "4 Aug 2026", "no date", "x" * 40]), min_size=30, max_size=30),
)
def test_whatever_is_known_slack_takes_the_chart(
    series: list[tuple[str, list[float | None]]], points: list[str]
) -> None:
    lines = tuple((name or "?", (*values, *[None] * (30 - len(values)))) for name, values in series)
    pages = drawn(*[cards.Chart(title="Over time", points=tuple(points), series=lines, words="Words.")] * 3)
    assert str(pages).count("'Words.'") >= 3


def test_a_menu_of_many_choices_is_grouped() -> None:
    choices = tuple(cards.Choice(value=str(n), label=f"Family {n}") for n in range(230))
    menu = cards.Menu(action="agenda.pick", label="Add a family", choices=choices, args={"meeting": "m"})
    element = drawn(cards.Buttons(items=(menu,)))[0]["blocks"][0]["elements"][0]
    assert [len(group["options"]) for group in element["option_groups"]] == [100, 100, 30]
    assert element["action_id"] == "agenda.pick?meeting=m"


def test_a_menu_without_choices_is_left_out() -> None:
    menu = cards.Menu(action="agenda.pick", label="Add a family", choices=())
    assert drawn(say("x"), cards.Buttons(items=(menu,)))[0]["blocks"][1:] == []


def test_more_buttons_than_a_row_holds_take_another_row() -> None:
    buttons = tuple(cards.Button(action=f"do.n{n}", label=str(n)) for n in range(30))
    assert [len(block["elements"]) for block in drawn(cards.Buttons(items=buttons))[0]["blocks"]] == [25, 5]


def test_a_person_is_mentioned_only_where_the_card_says_so() -> None:
    mention = cards.Mention(chat_user="U0ANN", name="Ann")
    block = drawn(say("Ask ", mention, " or @Ann"))[0]["blocks"][0]
    kinds = [leaf["type"] for leaf in block["elements"][0]["elements"]]
    assert kinds == ["text", "user", "text"]


def test_a_home_tab_takes_every_kind_of_block() -> None:
    every = (
        cards.Heading(text="Home"),
        say("words"),
        cards.Table(rows=(("A",), ("1",)), words="One row"),
        cards.Progress(done=1, total=2, words="1 of 2"),
        cards.Divider(),
        cards.Image(key="k", alt="A picture"),
        cards.Chart(title="C", points=("a",), series=(("s", (1.0,)),), words="It rises"),
        cards.Buttons(items=(cards.Button(action="a.b", label="Go"),)),
    )
    home = views.home(card("Home", *every))
    check_view(home, "views.publish")
    assert {"table", "divider", "actions"} <= {one["type"] for one in home["blocks"]}


def test_a_home_tab_that_is_too_long_says_that_there_is_more() -> None:
    home = views.home(Card(notice="", blocks=tuple(say(str(n)) for n in range(150))))
    assert len(home["blocks"]) == 100
    assert "more" in leaves(home["blocks"][-1])[0]


def test_a_card_in_plain_words_for_places_that_take_a_line() -> None:
    assert blocks.words_of(card("n", say("One. ", cards.Strong(text="Two.")), cards.Quote(text="Three."))) == (
        "One. Two. Three."
    )
