"""Personal details are noticed in chat; ordinary notes pass. Each spelling with its reason: private_details.yaml."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from prompts_and_forms.privacy import field_words, findings, is_nhs_number, kinds, kinds_words

CASES: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(Path(__file__).with_name("private_details.yaml"))


def found(text: str, *allowed: str) -> list[str]:
    return kinds(findings(text, allowed))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['why']}: {case['text']!a}" for case in CASES])
def test_each_spelling_is_found_or_passes(case: dict[str, Any]) -> None:
    assert kinds(findings(case["text"], case.get("own", ()), case.get("names", ()))) == case["finds"]


@pytest.mark.parametrize("case", [case for case in CASES if case["finds"]], ids=lambda case: case["why"])
def test_a_finding_says_where_it_stands_in_the_text_as_typed(case: dict[str, Any]) -> None:
    padded = f"Caf\u00e9\u200b: {case['text']} \u2713"
    within = range(padded.index(":") + 1, len(padded) - 1)
    for finding in findings(padded, case.get("own", ()), case.get("names", ())):
        assert finding.start in within
        assert finding.end - 1 in within


def test_kinds_are_said_as_people_say_them() -> None:
    assert kinds_words(["date_of_birth", "nhs_number", "postcode"]) == "a date of birth, an NHS number and a postcode"


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("9434765919", True),
        ("943-476-5919", True),
        ("943 476 5919", True),
        ("9434765870", True),
        ("9990000018", True),
        ("9990000001", False),
        ("1111111111", False),
        ("999000001", False),
        ("943476591", False),
        ("94347659I9", False),
    ],
)
def test_nhs_numbers_are_known_by_their_check_digit(number: str, valid: bool) -> None:
    assert is_nhs_number(number) is valid
    assert found(f"It is {number}, I think.") == (["nhs_number"] if valid else [])


@given(
    st.integers(100_000_000, 999_999_999),
    st.sampled_from(["", " ", "-"]),
    st.sampled_from(["", "He is ", "(", "NHS: "]),
)
def test_every_nhs_number_is_found_and_no_other_ten_digits(first_nine: int, gap: str, before: str) -> None:
    total = sum(int(d) * w for d, w in zip(str(first_nine), range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    for last in range(10):
        ten = f"{first_nine}{last}"
        text = f"{before}{ten[:3]}{gap}{ten[3:6]}{gap}{ten[6:]}."
        genuine = last == check and len(set(ten)) > 1
        assert ("nhs_number" in found(text)) == genuine


@given(
    st.dates(date(1950, 1, 1), date(2026, 11, 24)),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y"]),
)
def test_a_date_alone_passes_and_beside_birth_does_not(day: date, shape: str) -> None:
    written = day.strftime(shape)
    assert found(f"We met on {written} at 10:00.") == []
    assert found(f"DOB {written}") == ["date_of_birth"]


@given(st.from_regex(r"\A[A-Z][0-9]{4}[A-Z](-[1-9A-F])?\Z"), st.from_regex(r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z"))
def test_case_references_and_times_pass(reference: str, time: str) -> None:
    assert found(f"{reference} at {time}, then {reference}.") == []


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    for finding in findings(text):
        assert text[finding.start : finding.end]


HOSTILE = {
    "digits": "1",
    "small numbers": "0 1 ",
    "an address that never ends": "a.",
    "an address with dashes": "b-",
    "words before an address": "a at ",
    "dots in words": "a dot ",
    "births without dates": "born ",
    "births with dates": "born 1/2/2003 ",
    "dates": "1/2/2003 ",
    "groups of three": "943 476 ",
    "the NHS without numbers": "nhs ",
    "brackets": "((((",
    "bank words": "account ac no ",
    "sort codes": "20-00-00 ",
    "passports": "passport ",
    "letters of a passport": "passport AA A",
    "streets": "1 A A A ",
    "capitals": "Ab ",
    "halves of postcodes": "LS1 - ",
    "pluses": "+1 ",
    "telephones": "tel 1 ",
    "plates": "AB12 ",
    "insurance": "AB 12 34 ",
    "line breaks": "dob\n",
    "without width": "9\u200b",
}
ROOM = 10
"""Four times the text may take this many times as long: 4 is the work, 16 would be its square, the rest is unrest."""


def seconds(text: str) -> float:
    """The least of a few readings, in this process's own time."""
    return min(_seconds_once(text) for _ in range(3))


def _seconds_once(text: str) -> float:
    began = process_time()
    findings(text, (), ("Orla", "Mary Anne"))
    return process_time() - began


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("end", ["", "@", "!"])
def test_four_times_the_text_takes_about_four_times_as_long(piece: str, end: str) -> None:
    text = (piece * 3_000)[:3_000]
    assert seconds(text * 4 + end) < ROOM * seconds(text + end)


def test_beside_a_field_people_read_what_to_do() -> None:
    said = field_words(findings("SW1A 1AA"))
    assert re.match(r"There seems to be a postcode in this\. Please take it out", said)
