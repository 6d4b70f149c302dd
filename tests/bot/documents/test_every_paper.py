"""Every paper of the sample unit, with every form filled in: nobody meets a key, an id or a word of the program."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from bot.documents.contents.lists import action_list, caseload, tracking_list
from bot.documents.everything import every_paper
from bot.documents.make import document
from storage.clinical.tracking import Asked
from storage.database.tables import Entry
from tests.worlds.papers import KEYS, REF, Kept, every_form, keys_of


def test_a_form_filled_to_the_end_shows_no_key_and_says_whose_it_is(kept: Kept) -> None:
    shown = {form: kept.document("form", row) for form, row in every_form(kept).items()}
    assert {form: keys_of(paper) for form, paper in shown.items() if keys_of(paper)} == {}
    assert all(f"{REF} (TD, LD, RD)" in paper.subject and paper.by == "Tomasz" and paper.on for paper in shown.values())
    assert keys_of(kept.document("record", kept.discussion)) == []


def test_no_paper_of_the_sample_shows_a_key(kept: Kept) -> None:
    with kept.source() as source:
        papers = [document(source, what, row) for what, row in every_paper(source, None)]
    assert len(papers) > 50
    assert {one.title: keys_of(one) for one in papers if keys_of(one)} == {}


def test_no_list_of_the_sample_shows_a_key(kept: Kept) -> None:
    with kept.source() as source:
        sheets = (
            caseload(source),
            action_list(source),
            tracking_list(source, Asked(source.unit.id, date.min, date.max)),
        )
        said = [str(cell) for sheet in sheets for row in sheet.rows for cell in row if isinstance(cell, str)]
    assert [found for one in said for found in KEYS.findall(one)] == []


def test_a_key_would_be_found(kept: Kept) -> None:
    with kept.room.reading() as session:
        entry = session.exec(select(Entry)).first()
    assert entry is not None
    said = f"K3107C-1, K3107C-A, P2, {entry.id}, parent_4_17, 2026-11-16, in 3 days, Status: live"
    assert len(KEYS.findall(said)) == 8
