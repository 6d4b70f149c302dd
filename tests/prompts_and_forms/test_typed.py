"""What people type and paste: read the same whatever unseen signs come with it."""

from __future__ import annotations

import unicodedata

import pytest

from prompts_and_forms import references
from prompts_and_forms.documents.cells import starts_like_a_formula
from prompts_and_forms.meeting.notices import mentions_suicide
from prompts_and_forms.privacy import Kind, findings
from prompts_and_forms.typed import (
    all_keepable,
    command_words,
    is_empty,
    keepable,
    printable,
    same_name,
    tidy,
)

PASTED = (
    "B1234C",
    " b1234c ",
    "\u200bB1234C",
    "B12\u200b34C",
    "\u200eB1234C\u200f",
    "\ufeffB1234C",
    "`B1234C`",
    "```B1234C```",
    "'B1234C'",
    "“B1234C”",
    "«B1234C»",
    "*B1234C*",
    "(B1234C)",
    "B1234C.",
    "\u2066B1234C\u2069",
    "B1234C\u00a0",
    "B1\u00ad234C",
    "Ｂ１２３４Ｃ",
)


@pytest.mark.parametrize("pasted", PASTED)
def test_a_reference_is_the_same_whatever_came_with_it(pasted: str) -> None:
    assert references.normal(pasted) == "B1234C"


def test_a_reference_with_odd_dashes_is_the_one_with_plain_dashes() -> None:
    assert references.normal("SW\u201112\u2013345/6") == "SW-12-345/6"


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\u200b", "\ufeff\u200e", "\u2060\u180e", "\u3164", "\u2800", "\x01", "\ufe0f\u200d", "\u2028"],
)
def test_what_nobody_can_see_is_empty(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize("text", ["0", "-", ".", "👩‍👧", "\u200bא", "\ufffd"])
def test_what_somebody_can_see_is_not_empty(text: str) -> None:
    assert not is_empty(text)


def test_a_name_loses_only_what_is_unseen_around_it() -> None:
    assert tidy("\u200b\ufeff Zoë ❤️ \u200e") == "Zoë ❤️"


def test_a_name_is_the_same_with_its_accents_apart() -> None:
    assert same_name(unicodedata.normalize("NFD", "Zoë  Núñez"), "zoë núñez")
    assert same_name("\u200bZoë Núñez", "Zoë Núñez\ufeff")
    assert not same_name("Zoë", "Zoe")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\u200bhelp", "help"),
        ("`B1234C`", "B1234C"),
        ("“add B1234C”", "add B1234C"),
        ("add\u00a0\ufeffB1234C.", "add B1234C"),
        ("leave @Zoë (Núñez)", "leave @Zoë Núñez"),
        ("add <@U1|Zoe Winter>", "add <@U1|Zoe Winter>"),
        ("\u200b", ""),
    ],
)
def test_the_words_of_a_command_are_read_as_they_were_meant(typed: str, meant: str) -> None:
    assert command_words(typed) == meant


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mum \ud83d said", "Mum \ufffd said"),
        ("\udc69 and \ud83d", "\ufffd and \ufffd"),
        ("\ud83d\ude42", "🙂"),
        ("a\x00b", "a\ufffdb"),
        ("plain 🙂", "plain 🙂"),
    ],
)
def test_half_a_character_is_kept_as_a_replacement_sign(typed: str, kept: str) -> None:
    assert keepable(typed) == kept


def test_a_whole_form_can_be_kept() -> None:
    assert all_keepable({"a#\ud83d": ["x\ud83d", ("y\udc00",)], "b": 1}) == {
        "a#\ufffd": ["x\ufffd", ("y\ufffd",)],
        "b": 1,
    }


def test_a_private_detail_is_seen_also_with_unseen_signs_inside() -> None:
    text = "His number: 943\u200b 476\u00ad 5919\ufeff."
    (found,) = findings(text)
    assert (found.kind, text[found.start], text[found.end - 1]) == (Kind.NHS_NUMBER, "9", "9")


def test_words_about_suicide_are_seen_also_with_unseen_signs_inside() -> None:
    assert mentions_suicide("She talks of sui\u00adcide again.")


RUNS = (
    "=1+1",
    "+44",
    "-5 degrees",
    "@home",
    "\t=1",
    "\r=1",
    " \u3000=1",
    "\u200b\u00a0 @SUM(A1)",
    "＝1＋1",
    " ＠x",
    "\x0b=1",
    "\x01=1",
    "\u115f=1",
)


@pytest.mark.parametrize("text", RUNS)
def test_what_a_spreadsheet_would_calculate_is_noticed(text: str) -> None:
    assert starts_like_a_formula(text)


@pytest.mark.parametrize("text", ["a=b", "2 + 2", "", " K3107C", "“=”"])
def test_plain_words_do_not_run(text: str) -> None:
    assert not starts_like_a_formula(text)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1e"])
def test_every_way_to_end_a_line_is_a_line_break_on_paper(end: str) -> None:
    assert printable(f"first{end}second") == "first\nsecond"
