"""Everything of one family in one document: nothing twice, nothing missing, and a page number for each paper."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bot.documents.asked import wish
from bot.documents.bundle import bundle
from bot.documents.make import draw
from bot.documents.model import Contents, Document, Heading, NewPage, Table
from bot.documents.trouble import DocumentTrouble
from handlers.documents import Asked, key_of
from prompts_and_forms.documents import wording as documents_wording
from tests.worlds.papers import Kept, every_form, handed_in, keys_of, pages_of, put_right, words_of
from tests.worlds.records_world import other_unit_with_family

REF = "K3107C"


def bundled(kept: Kept, ref: str = REF) -> Document:
    with kept.source() as source:
        return bundle(source, kept.room.family(ref))


def contents(paper: Document) -> tuple[str, ...]:
    (found,) = [part for part in paper.parts if isinstance(part, Contents)]
    return found.items


def test_the_contents_name_each_paper_with_its_day_and_its_author(kept: Kept) -> None:
    handed_in(kept, "permission_to_share", {"status": "signed"})
    told = contents(bundled(kept))
    assert "Permission to share information: what was agreed, 17 November 2026, Tomasz" in told
    assert any(one.startswith("Record of a unit meeting discussion, 17 November 2026, Pippa") for one in told)
    assert any(re.search(r"SDQ\), \d+ \w+ 2026, about TD, filled in by AD \(mother\)", one) for one in told)


def test_every_paper_begins_a_page_and_is_there_once(kept: Kept) -> None:
    paper = bundled(kept)
    starts = [
        after.text
        for before, after in zip(paper.parts, paper.parts[1:], strict=False)
        if isinstance(before, NewPage) and isinstance(after, Heading) and after.level == 1
    ]
    assert tuple(starts) == contents(paper)
    pages = pages_of(draw(paper, "pdf", "kestrel").content)
    assert pages > len(starts)


def test_what_was_recorded_in_a_discussion_is_told_there_and_not_again(kept: Kept) -> None:
    every_form(kept)
    titles = Counter(one.split(",")[0] for one in contents(bundled(kept)))
    assert titles["A new action"] == titles["Safety first"] == 0
    assert titles["Clinician's assessment"] == 1


def test_what_was_replaced_or_private_is_not_in_it(kept: Kept) -> None:
    old, new = put_right(kept)
    handed_in(kept, "reflection", {"note": "only for me"})
    paper = bundled(kept)
    assert sum(one.startswith("Clinician's assessment") for one in contents(paper)) == 1
    assert "only for me" not in words_of(draw(paper, "docx", "kestrel").content)
    assert old != new


def test_discussions_of_which_only_the_day_is_known_are_one_table(kept: Kept) -> None:
    paper = bundled(kept)
    assert contents(paper)[-1] == documents_wording.DISCUSSIONS_BEFORE
    table = paper.parts[-1]
    assert isinstance(table, Table)
    assert len(table.rows) > 1


def test_the_word_file_lists_its_papers_before_word_counts_their_pages(kept: Kept) -> None:
    paper = bundled(kept)
    told = words_of(draw(paper, "docx", "kestrel").content)
    assert all(told.count(one) == 2 for one in contents(paper) if contents(paper).count(one) == 1)
    assert keys_of(paper) == []


def test_it_comes_to_whoever_asked_and_to_nobody_of_another_unit(kept: Kept) -> None:
    room = kept.room
    other = room.family(other_unit_with_family(room, "H0001A"))
    for family, there in ((room.family(REF), True), (other, False)):
        key = key_of(Asked("bundle", family, "pdf", room.unit.unit_id, room.people["devan"]))
        with room.reading() as session:
            found = wish(session, key, room.now)
        assert (found is not None) == there
        assert found is None or found.title == documents_wording.BUNDLE


def test_a_family_of_which_nothing_is_known_has_no_bundle(kept: Kept) -> None:
    family = kept.room.family(other_unit_with_family(kept.room, "H0001A"))
    with kept.source() as source, pytest.raises(DocumentTrouble, match="nothing to print about H0001A"):
        bundle(source, family)
