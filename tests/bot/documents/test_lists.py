"""Spreadsheets and CSV: text stays text, any length fits, and a full disk is said in a sentence."""

from __future__ import annotations

import csv
import os
import re
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.asked import wish
from bot.documents.contents.lists import action_list
from bot.documents.everything import Days, write_as_csv, write_documents, write_lists
from bot.documents.formats.save import save
from bot.documents.formats.sheets import Sheet, safe_cell, write_csv, write_xlsx
from bot.documents.make import File
from bot.documents.trouble import DocumentTrouble
from handlers.documents import Asked, key_of
from storage.clinical import tracking
from storage.database.bodies import TrackingBody
from storage.database.columns import new_id
from tests.worlds.papers import AWKWARD, NAMES, Kept
from tests.worlds.records_world import TODAY

RUN = ("=1+1", "@SUM(A1)", "+44", "-2", "\t=1", "\r=1", " =1+1", "\u00a0=1", "\x0b=1", '=HYPERLINK("http://x")')
HIDDEN = (
    "\u3000＠SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "\u3000＠SUM(A1)",
    "﹢1",
    "﹦1",
    "\u200e=1",
    "\u202e＝1",
    "\u00ad@1",
    "\ufeff\u2060 +1",
    "\u0301=1",
)
"""In full width, or behind signs that show nothing."""


def sheet_xml(path: Path, number: int = 1) -> str:
    return ZipFile(path).read(f"xl/worksheets/sheet{number}.xml").decode()


@pytest.mark.parametrize("cell", [*RUN, *HIDDEN])
def test_csv_puts_an_apostrophe_before_what_could_be_run(cell: str) -> None:
    assert safe_cell(cell).startswith("'")


@pytest.mark.parametrize("cell", ["K3107C", "a=b", "2 + 2", "", "3-5 days"])
def test_csv_leaves_plain_words_alone(cell: str) -> None:
    assert safe_cell(cell) == cell


@given(st.text())
def test_no_csv_cell_begins_like_a_formula(cell: str) -> None:
    assert not safe_cell(cell).lstrip(" \u00a0\u3000\ufeff\u200b").startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), min_size=2, max_size=2), max_size=5))
def test_csv_reads_back_row_by_row(rows: list[list[str]]) -> None:
    stream = StringIO(newline="")
    assert write_csv(stream, ("a", "b"), rows) == len(rows)
    stream.seek(0)
    assert len(list(csv.reader(stream))) == len(rows) + 1


def test_numbers_and_days_stay_numbers_and_days(tmp_path: Path) -> None:
    place = tmp_path / "list.xlsx"
    write_xlsx(place, [Sheet("List", ("a", "b", "c"), [(5, date(2026, 11, 24), True)])])
    told = sheet_xml(place)
    assert "<v>5</v>" in told
    assert "<v>46350</v>" in told
    assert safe_cell(-5) == "-5"


def test_a_spreadsheet_holds_text_and_no_formula(tmp_path: Path) -> None:
    place = tmp_path / "list.xlsx"
    write_xlsx(
        place, [Sheet("A/B:[x]", ("=1+1",), [(one,) for one in (*RUN, AWKWARD, "http://x", "a\x00b", "x" * 40_000)])]
    )
    told = sheet_xml(place)
    assert "<f>" not in told
    assert "hyperlink" not in told
    assert told.count('t="inlineStr"') == len(RUN) + 5


def test_a_cell_cut_at_its_limit_says_so_also_where_pictures_count_twice(tmp_path: Path) -> None:
    place = tmp_path / "list.xlsx"
    write_xlsx(place, [Sheet("List", ("a",), [("🎉" * 20_000,), ("x" * 32_767,)])])
    told = sheet_xml(place)
    assert "longer than a cell holds" in told
    held = re.findall(r"<t[^>]*>([^<]*)</t>", told)
    assert all(len(cell.encode("utf-16-le")) <= 2 * 32_767 for cell in held)
    assert held[-1] == "x" * 32_767


@pytest.mark.parametrize("end", ["\x0b", "\x0c"])
def test_a_line_or_page_break_pasted_from_word_is_a_line_break_in_a_list(tmp_path: Path, end: str) -> None:
    place = tmp_path / "list.xlsx"
    write_xlsx(place, [Sheet("List", ("a",), [(f"first{end}second",)])])
    assert "first\nsecond" in sheet_xml(place)
    assert safe_cell(f"first{end}second") == "first\nsecond"


def test_a_long_list_is_never_held_in_memory_as_a_whole(tmp_path: Path) -> None:
    given_out = 0

    def rows() -> Iterator[tuple[str, int]]:
        nonlocal given_out
        for n in range(20_000):
            given_out += 1
            yield "=1+1", n

    assert write_xlsx(tmp_path / "long.xlsx", [Sheet("Long", ("a", "b"), rows())]) == 20_000
    assert given_out == 20_000
    assert [path.name for path in tmp_path.iterdir()] == ["long.xlsx"]


def test_caseload_and_actions_of_the_unit(kept: Kept, tmp_path: Path) -> None:
    with kept.source() as source:
        (book,) = write_lists(source, "xlsx", tmp_path / "unit.xlsx")
        caseload, actions, form = write_lists(source, "csv", tmp_path / "lists")
    families = list(csv.DictReader(StringIO(caseload.read_text("utf-8-sig"))))
    assert len(families) == len(kept.room.unit.families)
    assert {"Case reference", "Open actions", "Next review"} <= set(families[0])
    written = list(csv.DictReader(StringIO(actions.read_text("utf-8-sig"))))
    assert AWKWARD in {row["How we will know it helped"] for row in written}
    lines = list(csv.DictReader(StringIO(form.read_text("utf-8-sig"))))
    assert {"K3107C"} <= {row["Case reference"] for row in lines}
    assert [row["Day"] for row in lines] == sorted(row["Day"] for row in lines)
    assert "<f>" not in "".join(sheet_xml(book, number) for number in (1, 2, 3))


def test_the_tracking_form_of_some_days(kept: Kept, tmp_path: Path) -> None:
    def days(chosen: Days) -> list[str]:
        with kept.source() as source:
            *_, written = write_lists(source, "csv", tmp_path, chosen)
        return [row["Day"] for row in csv.DictReader(StringIO(written.read_text("utf-8-sig")))]

    every = days(Days())
    first, last = date.fromisoformat(every[3]), date.fromisoformat(every[-3])
    assert days(Days(first, last)) == [day for day in every if first.isoformat() <= day <= last.isoformat()]


def line_of(kept: Kept, words: str, kind: str = "meeting") -> None:
    with kept.room.db.write() as session:
        tracking.keep(
            session,
            unit_id=kept.room.unit.unit_id,
            family_id=kept.room.family("K3107C"),
            person_id=kept.room.people["tomasz"],
            on=TODAY,
            kind=kind,
            source=f"entry:{new_id()}",
            body=TrackingBody(description=words),
            by_id=kept.room.people["tomasz"],
            now=kept.room.now,
        )


def sent(kept: Kept, who: str, what: str, row: str, form: str) -> File | None:
    room = kept.room
    with room.reading() as session:
        asked = wish(session, key_of(Asked(what, row, form, room.unit.unit_id, room.people[who])), room.now)
    return asked.draw() if asked else None


def test_what_is_sent_holds_supervision_for_managers_only(kept: Kept) -> None:
    line_of(kept, "Talked about endings.", kind="supervision")
    days = "2026-11-01.2026-11-30.."
    told = {who: sent(kept, who, "tracking", days, "csv") for who in ("ngozi", "tomasz", "orla", "marisol")}
    assert [who for who, file in told.items() if file and b"Talked about endings." in file.content] == [
        "ngozi",
        "tomasz",
    ]
    assert told["orla"] is not None
    assert told["marisol"] is None


def test_a_list_that_is_sent_is_named_for_the_unit_and_the_day(kept: Kept) -> None:
    file = sent(kept, "pippa", "caseload", "", "xlsx")
    assert file is not None
    assert re.fullmatch(r"kestrel-caseload-2026-11-17-[0-9a-f]{6}\.xlsx", file.name)
    assert file.content.startswith(b"PK")


def test_awkward_words_of_the_tracking_form_stay_words(kept: Kept, tmp_path: Path) -> None:
    long = "=1+1 " + "word " * 3000
    for words in (AWKWARD, NAMES, "@SUM(A1)", long):
        line_of(kept, words)
    with kept.source() as source:
        (book,) = write_lists(source, "xlsx", tmp_path / "unit.xlsx")
        *_, written = write_lists(source, "csv", tmp_path)
    told = [row["In short"] for row in csv.DictReader(StringIO(written.read_text("utf-8-sig")))]
    assert {AWKWARD, NAMES, "'@SUM(A1)", f"'{long}"} <= set(told)
    sheet = sheet_xml(book, 3)
    assert "<f>" not in sheet
    assert NAMES in sheet


def with_a_full_disk(work: Callable[[Callable[[], None]], str]) -> str:
    """What `work` answers in a process of its own, in which files can no longer grow once it calls what it is given."""

    def fill() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(here, work(fill).encode())
        finally:
            os._exit(0)
    os.close(here)
    with os.fdopen(there, "rb") as answer:
        told = answer.read().decode()
    os.waitpid(child, 0)
    return told


def sentence_of(work: Callable[[], object]) -> str:
    try:
        work()
    except DocumentTrouble as trouble:
        return trouble.sentence
    return "written"


@pytest.mark.parametrize("name", ["record.pdf", "list.xlsx", "list.csv"])
def test_a_full_disk_is_said_in_a_sentence_and_leaves_what_was_there(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.write_bytes(b"before")
    rows = Sheet("Long", ("a",), ((f"row {n}",) for n in range(5000)))
    ways = {
        ".pdf": lambda: save(place, b"x" * 5000),
        ".xlsx": lambda: write_xlsx(place, [rows]),
        ".csv": lambda: write_as_csv(rows, place),
    }

    def work(fill: Callable[[], None]) -> str:
        fill()
        return sentence_of(ways[place.suffix])

    assert "no room left on the disk" in with_a_full_disk(work)
    assert place.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_export_onto_a_disk_that_fills_keeps_what_was_whole(kept: Kept, tmp_path: Path) -> None:
    def work(fill: Callable[[], None]) -> str:
        with kept.source() as source:
            written = write_documents(source, "docx", tmp_path / "out")
            whole = [next(written).name, next(written).name]
            fill()
            return f"{sentence_of(lambda: next(written))} {' '.join(sorted(whole))}"

    told = with_a_full_disk(work)
    assert "no room left on the disk" in told
    found = sorted((tmp_path / "out").iterdir())
    assert told.endswith(" ".join(path.name for path in found))
    assert all(ZipFile(path).testzip() is None for path in found)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_list_that_is_to_be_sent_finds_no_room_and_leaves_nothing_behind(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for number in range(20):
        line_of(kept, f"{number} {'word ' * 100}")

    def work(fill: Callable[[], None]) -> str:
        fill()
        return sentence_of(lambda: sent(kept, "tomasz", "tracking", "2026-01-01.2026-12-31..", form))

    before = sorted(path.name for path in tmp_path.iterdir())
    assert "no room left on the disk" in with_a_full_disk(work)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DocumentTrouble, match="could not be written"):
        save(tmp_path / "file" / "record.pdf", b"x")


def test_an_action_names_its_line_of_the_plan_in_words(kept: Kept) -> None:
    with kept.source() as source:
        served = [str(row[8]) for row in action_list(source).rows]
    assert "CB's part in looking after the children is clear to everyone, including the children." in served
    assert "" in served
