"""The genogram in documents: drawn, with its words behind it, and in an assessment as it was when it was signed."""

from __future__ import annotations

import re
from io import BytesIO

import docx
import pytest

from bot.documents.make import draw
from bot.documents.model import Picture
from storage.clinical import signings
from storage.forms import entries
from tests.worlds.papers import REF, Kept, drawn, inside
from tests.worlds.records_world import Room

MANY_CHILDREN = {"links": [{"kind": "birth", "who": ["p4"], "whom": [f"p{n}" for n in range(7, 13)]}]}


def signed_assessment(room: Room) -> str:
    """An assessment with the clinician's signature."""
    with room.db.write() as session:
        from prompts_and_forms.forms.catalogue import load_form

        form = load_form("assessment")
        entry = entries.keep(
            session,
            form=form,
            answers={"reason": "Why now", "genogram": "Three generations."},
            person_id=room.people["tomasz"],
            unit_id=room.unit.unit_id,
            now=room.now,
            family_id=room.family(REF),
        )
        signing = signings.begin(session, entry, form.signed_by, before=None)
        signings.sign(session, signing, "clinician", room.people["tomasz"], room.now)
        return entry.id


def pictures(kept: Kept, what: str, row: str) -> list[Picture]:
    return [part for part in kept.document(what, row).parts if isinstance(part, Picture)]


def test_the_pdf_says_the_picture_in_words(kept: Kept) -> None:
    row = drawn(kept.room)
    pages = inside(kept.file("genogram", row, "pdf"))
    (picture,) = pictures(kept, "genogram", row)
    assert "Mother AD (female, in the household)" in picture.alt
    said = re.sub(rb"\\\\([()])", rb"\\1", pages)
    assert b"/Alt(" + picture.alt.encode() in said


def test_word_holds_the_picture_and_its_words(kept: Kept) -> None:
    row = drawn(kept.room)
    file = docx.Document(BytesIO(kept.file("genogram", row, "docx")))
    (shape,) = file.inline_shapes
    (picture,) = pictures(kept, "genogram", row)
    assert shape._inline.docPr.get("descr") == picture.alt
    assert abs(shape.width.pt - picture.shown) < 1


def test_the_picture_alone_is_a_png_with_a_name_that_says_nothing_and_short_words(kept: Kept) -> None:
    made = draw(kept.document("genogram", drawn(kept.room)), "png", "kestrel")
    assert made.content.startswith(b"\x89PNG")
    assert REF not in made.name
    assert made.name.endswith(".png")
    assert "Mother AD" in made.alt
    assert len(made.alt) <= 1000


def test_a_wide_family_gets_a_page_on_its_side(kept: Kept) -> None:
    row = drawn(kept.room, MANY_CHILDREN, more="\n".join(f"Child {n}, boy" for n in range(6)))
    (picture,) = pictures(kept, "genogram", row)
    assert picture.wide
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([0-9.]+) ([0-9.]+)\]", inside(kept.file("genogram", row, "pdf")))
    assert [float(width) > float(height) for width, height in boxes].count(True) == 1
    assert turned(kept.file("genogram", row, "docx")) == [False, True]
    assert turned(kept.file("form", signed_assessment(kept.room), "docx")) == [False, True, False]


def turned(word: bytes) -> list[bool]:
    """Which parts of a Word file lie on their side."""
    return [one.page_width > one.page_height for one in docx.Document(BytesIO(word)).sections]


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_signed_assessment_keeps_the_genogram_it_was_signed_with(kept: Kept, form: str) -> None:
    drawn(kept.room)
    assessment = signed_assessment(kept.room)
    before = pictures(kept, "form", assessment)
    drawn(kept.room, more="Somebody new, man")
    assert pictures(kept, "form", assessment) == before
    assert "Somebody new" not in before[0].alt
    assert "Somebody new" in pictures(kept, "genogram", drawn(kept.room))[0].alt
    assert kept.file("form", assessment, form)
