"""Personal details are noticed in chat; ordinary notes pass."""

from __future__ import annotations

import re
from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts_and_forms.privacy import field_words, findings, is_nhs_number, kinds, kinds_words


def found(text: str, *allowed: str) -> list[str]:
    return kinds(findings(text, allowed))


def test_the_note_for_a_school_form_holds_three_kinds() -> None:
    text = "Putting this here for the school form: date of birth 09/02/2012, NHS 999 047 3129, ZZ99 3VZ."
    assert found(text) == ["date_of_birth", "nhs_number", "postcode"]
    assert kinds_words(found(text)) == "a date of birth, an NHS number and a postcode"


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


@pytest.mark.parametrize(
    "text",
    [
        "NHS9434765919",
        "nhs no:9434765919",
        "（９４３ ４７６ ５９１９）",
        "943.476.5919",
        "943\u2011476\u20115919",
        "943\u00a0476\u00a05919",
    ],
)
def test_nhs_numbers_are_found_in_other_spellings(text: str) -> None:
    assert found(text) == ["nhs_number"]


@pytest.mark.parametrize(
    "text", ["SW1A 1AA", "sw1a1aa", "m1 1ae", "EC1A 1BB,", "ZZ99 3VZ", "zz993vz", "lives at GIR 0AA"]
)
def test_postcodes_are_found(text: str) -> None:
    assert found(text) == ["postcode"]


@pytest.mark.parametrize(
    "text",
    [
        "dob 1.2.12",
        "DOB: 2012-02-09",
        "D.O.B. 9th Feb 2012",
        "d.o.b 9/2/12",
        "born on 9 February 2012",
        "09/02/2012 is his birthday",
        "She was born in Leeds on the 9th of February 2012",
        "date of birth is 9 2 2012",
    ],
)
def test_a_date_beside_a_word_of_birth_is_a_date_of_birth(text: str) -> None:
    assert found(text) == ["date_of_birth"]


@pytest.mark.parametrize(
    "text",
    [
        "ring 07700 900123",
        "+44 (0)20 7946 0958",
        "020 7946 0958",
        "(020) 7946 0958",
        "tel:01134960123",
        "0044 7700-900-123",
    ],
)
def test_phone_numbers_are_found(text: str) -> None:
    assert found(text) == ["phone"]


@pytest.mark.parametrize("text", ["orla@kestrel.example", "write to o.b+x@mail.kestrel.example."])
def test_e_mail_addresses_are_found(text: str) -> None:
    assert found(text) == ["email"]


def test_the_units_own_numbers_pass_however_they_are_written() -> None:
    assert found("ring +44 113 496 0123", "Duty manager 0113 4960123") == []
    assert found("ring 07700 900123", "Duty manager 0113 4960123") == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "K3107C and K3107C-1 met, P1 to P3, a31, h21",
        "at 10:15 on 09/02/2026, again on 2026-11-24",
        "the review is on 9 February 2027",
        "£9434765919 was never paid",
        "extension 4000 (fictional)",
        "call 999, 101 or 0800 1111",
        "1234567890",
        "the birth went well; we meet on 24 November 2026",
        "the birth is due on 24 November 2026",
        "Baby born. Next visit 09/02/2026",
        "born in 2012, now 14",
        "room B12 3rd floor",
        "SE1 2 children, W3 is weekly",
        "carried 0 1 2 3 4 5 6 7 8 9 10",
        "it took 0.9434765919 of it, ref 12/3456/78",
        "<@U0KEST01> and @everyone",
        "=1+1",
        "",
    ],
)
def test_ordinary_notes_pass(text: str) -> None:
    assert found(text) == []


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


@pytest.mark.parametrize(
    "text",
    ["1" * 40_000, "0 1 " * 10_000, "a." * 20_000 + "@", "born " * 4_000 + "1/2/2003 " * 2_000, "a@" + "b-" * 20_000],
)
def test_a_very_long_message_is_read_at_once(text: str) -> None:
    began = process_time()
    findings(text)
    assert process_time() - began < 1


def test_beside_a_field_people_read_what_to_do() -> None:
    said = field_words(findings("SW1A 1AA"))
    assert re.match(r"This seems to hold a postcode\. Please take it out", said)
