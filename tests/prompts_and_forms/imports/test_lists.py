"""A list of families as spreadsheets save it, read into families and faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from prompts_and_forms.imports import cells, sheet
from prompts_and_forms.imports.families import Family, gather
from prompts_and_forms.imports.sheet import NotASheet
from prompts_and_forms.references import check_letter

TODAY = date(2026, 11, 30)
HEAD = "Case reference,Category,Lead worker,Child initials,Child age,Carer initials,Safe contact,Next review\n"
LINE = "K3107C,child protection,Devan,TD,9,AD,Not by text: PM reads her phone,03/12/2026\n"


def families(text: str | bytes) -> list[Family]:
    found, faults = gather(sheet.read(sheet.text_of(text.encode() if isinstance(text, str) else text)), TODAY)
    assert not faults, faults
    return found


def faults(row: str, head: str = HEAD) -> list[str]:
    return [str(fault) for fault in gather(sheet.read(head + row), TODAY)[1]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_way_excel_saves_a_list_is_read(encoding: str) -> None:
    text = HEAD + LINE.replace("Not by text", "Not by text – “never” at Zoë's")
    (family,) = families(text.encode(encoding))
    assert family.carers["AD"].safe_contact.startswith("Not by text – “never” at Zoë's")


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_cells_may_stand_between_commas_semicolons_or_tabs(between: str) -> None:
    (family,) = families((HEAD + LINE).replace(",", between))
    assert family.said["category"] == "child_protection"
    assert family.said["next_review"] == date(2026, 12, 3)


def test_a_mark_excel_puts_first_and_line_ends_of_windows_are_no_trouble() -> None:
    (family,) = families(f"sep=,\r\n{HEAD}{LINE}".replace("\n", "\r\n").replace("\r\r", "\r"))
    assert family.ref == "K3107C"


def test_rows_of_one_reference_are_one_family() -> None:
    text = HEAD + LINE + "k3107c,,,LD,5,AD,Not by text: PM reads her phone,\n" + " K3107C ,,,,,CB,,\n"
    (family,) = families(text)
    assert list(family.children) == ["TD", "LD"]
    assert list(family.carers) == ["AD", "CB"]


@pytest.mark.parametrize("heading", ["case reference", "Case_Reference", "CASE REF", " Reference "])
def test_headings_are_known_however_they_are_written(heading: str) -> None:
    assert families(f"{heading},Category\nK3107C,CP\n")[0].said == {"category": "child_protection"}


def test_columns_nobody_asked_for_are_named_and_not_read() -> None:
    found = sheet.read("Case reference,Category,NHS number,DOB\nK3107C,CIN,943 476 5919,01/02/2015\n")
    assert found.not_read == ("NHS number", "DOB")
    assert found.rows[0].cells == {"ref": "K3107C", "category": "CIN"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 and so on", "Excel workbook"),
        (b"\x00\x01\x02", "cannot read this as a CSV"),
        (b"", "no column"),
        (b"Name,Category\nX,CIN\n", "no column “Case reference”"),
        (b"Case reference,Case ref\nK3107C,K3107C\n", "there twice"),
        (b"Case reference,Category\n,\n\n", "no families in this file"),
        (b"x" * 2_000_001, "larger than 2 MB"),
        (b"Case reference\n" + b"K3107C\n" * 10_002, "more than 10,000 lines"),
    ],
)
def test_a_file_that_is_no_list_says_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises(NotASheet) as refused:
        sheet.read(sheet.text_of(content))
    assert sentence in refused.value.sentence


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",CIN,,,,,,\n", "line 2: the case reference is missing"),
        ("K3107C,fostering,,,,,,\n", "line 2, K3107C: “fostering” is no category"),
        ("K3107C,CIN,,Thomas,9,,,\n", "too long for initials"),
        ("K3107C,CIN,,TD,nine,,,\n", "“nine” is no age"),
        ("K3107C,CIN,,TD,31,,,\n", "the age does not fit"),
        ("K3107C,CIN,,,9,,,\n", "the initials of the child are missing"),
        ("K3107C,CIN,,,,,Not by phone,\n", "the initials of the carer are missing"),
        ("K3107C,CIN,,,,AD,Ring 07700 900123 only,\n", "the safe-contact warning has a phone number in it"),
        ("K3107C,CIN,,,,,,31/02/2026\n", "“31/02/2026” under “Next review” is no date"),
        ("K3107C,CIN,,,,,,09/23/2026\n", "write the day first"),
        ("K3107C,CIN,,,,,,\nK3107C,CP,,,,,,\n", "line 3, K3107C: “Category” is different from line 2"),
        ("K3107C,CIN,,TD,9,,,\nK3107C,,,TD,11,,,\n", "line 2 has another child with the initials TD"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(row: str, sentence: str) -> None:
    assert any(sentence in fault for fault in faults(row)), faults(row)


def test_a_row_with_two_faults_says_both_and_the_family_is_left_out() -> None:
    found, wrong = gather(sheet.read(HEAD + "K3107C,fostering,,TD,nine,,,\n" + LINE.replace("K3107C", "K2284H")), TODAY)
    assert [family.ref for family in found] == ["K2284H"]
    assert len(wrong) == 2


def test_a_cell_of_several_lines_does_not_lead_the_count_astray() -> None:
    row = 'K3107C,CIN,,,,AD,"Not by text\nnot at home",\nK2284H,nonsense,,,,,,\n'
    assert faults(row)[0].startswith("line 4, K2284H")


@pytest.mark.parametrize(
    "said", ["03/09/2026", "3/9/26", "03-09-2026", "3.9.2026", "3 Sep 2026", "3rd September 2026", "2026-09-03"]
)
def test_dates_are_read_as_people_in_britain_write_them(said: str) -> None:
    assert cells.day(said, "Next review") == date(2026, 9, 3)
    assert cells.day(f"{said} 00:00", "Next review") == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("9", {"age": 9}),
        ("9 years", {"age": 9}),
        ("14 months", {"months": 14}),
        ("30m", {"age": 2}),
        ("Unborn", {"unborn": True}),
    ],
)
def test_ages_are_read_in_years_and_months(said: str, meant: dict[str, object]) -> None:
    assert cells.age(said) == meant


def test_the_day_somebody_turns_18_stands_for_their_age_and_no_date_of_birth_passes() -> None:
    head = "Case reference,Category,Child initials,Child turns 18,Age\n"
    found, _ = gather(sheet.read(head + "K3107C,CIN,TD,01/12/2034,\n"), TODAY)
    assert (found[0].children["TD"].age, found[0].children["TD"].turns_18) == (None, date(2034, 12, 1))
    assert "date of birth" in faults("K3107C,CIN,TD,01/12/2016,\n", head)[0]
    assert "do not fit together" in faults("K3107C,CIN,TD,01/12/2023,3\n", head)[0]


def test_the_template_is_read_as_an_empty_list() -> None:
    assert sheet.template().startswith("Case reference,Family initials,Category,Lead worker")
    with pytest.raises(NotASheet, match="only headings"):
        sheet.read(sheet.template())


def test_2500_lines_with_40_faults_are_read_and_each_fault_has_its_line() -> None:
    rows = []
    for number in range(1250):
        ref, category = f"K{number:04}{check_letter(number)}", "nonsense" if number < 40 else "CIN"
        rows += [f"{ref},{category},Devan,TD,9,AD,Not by text,\n", f"{ref},,,LD,5,,,03/12/2026\n"]
    found, wrong = gather(sheet.read(HEAD + "".join(rows)), TODAY)
    assert (len(found), len(wrong)) == (1210, 40)
    assert [fault.line for fault in wrong[:3]] == [2, 4, 6]


def test_the_template_beside_the_docs_has_every_heading() -> None:
    beside = Path(__file__).parents[3] / "docs" / "families-template.csv"
    assert sheet.text_of(beside.read_bytes()) == sheet.template()
