"""Every paper of the sample unit can be read aloud: checked by an independent checker of PDF/UA."""

from __future__ import annotations

from pathlib import Path

import page
import typst

from bot.documents.bundle import bundle
from bot.documents.everything import write_documents
from bot.documents.make import draw
from tests.worlds.papers import REF, Kept, drawn

PROFILE = page.ValidationProfile.PDF_UA_1


def faults(pdf: bytes) -> list[str]:
    """What keeps a PDF from being PDF/UA, rule by rule."""
    return sorted({f"{one.rule_id}: {one.message}" for one in page.validate_pdf_bytes(pdf, profile=PROFILE).failures})


def test_every_paper_of_the_sample_is_pdf_ua(kept: Kept, tmp_path: Path) -> None:
    with kept.source() as source:
        made = list(write_documents(source, "pdf", tmp_path))
    assert len(made) > 50
    assert {path.name: found for path in made if (found := faults(path.read_bytes()))} == {}


def test_a_bundle_and_a_page_with_a_genogram_are_pdf_ua(kept: Kept) -> None:
    genogram = drawn(kept.room)
    assert faults(kept.file("genogram", genogram, "pdf")) == []
    with kept.source() as source:
        assert faults(draw(bundle(source, kept.room.family(REF)), "pdf", "kestrel").content) == []


def test_the_checker_finds_a_paper_that_nobody_can_read_aloud() -> None:
    assert faults(typst.compile(b"#rect(width: 5cm)[A word]", format="pdf", pdf_standards="1.7")) != []
