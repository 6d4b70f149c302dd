"""Documents for a reader who knows neither the family nor the bot: nothing stays unexplained, nothing is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlmodel import select

from bot.documents.everything import write_documents
from bot.documents.fhir import bundle
from bot.documents.make import document
from bot.documents.model import Facts, Heading, Notice, Paragraph, Signatures, Table, say
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.documents import wording as documents_wording
from storage.database.tables import Entry
from storage.database.tables_measures import Measure
from tests.worlds.papers import Kept, handed_in, paper, put_right, words_of

WARNED = "K5052R-B"
"""A carer with a warning about contact."""


def test_a_form_names_people_by_initials_and_what_they_are_to_the_family(kept: Kept) -> None:
    row = handed_in(kept, "permission_to_share", {"who": ["K3107C-A"]})
    told = words_of(kept.file("form", row, "docx"))
    assert "AD (mother)" in told
    assert "K3107C-A" not in told
    assert documents_wording.SHORT_NAMES not in told


def test_a_record_names_children_and_lines_of_the_plan_in_words(kept: Kept) -> None:
    room = kept.room
    seen = [{"child": "K3107C-1", "date": room.day(-2), "by": room.people["devan"], "alone": True}]
    room.record("devan", "safety", kept.discussion, {"immediate_concern": False, "seen": seen})
    action = {"text": "Ask", "owner": room.people["devan"], "due": room.day(7), "plan_outcome": "P1"}
    room.record("devan", "action", kept.discussion, action)
    told = words_of(kept.file("record", kept.discussion, "docx"))
    assert "TD\n15 November 2026\nDevan\nYes" in told
    assert "The children arrive at school" in told
    assert "K3107C-1" not in told
    assert "P1" not in told


def test_a_reference_that_somebody_typed_becomes_the_initials(kept: Kept) -> None:
    row = handed_in(kept, "session", {"note": "K3107C-1 said hello"})
    assert "TD said hello" in words_of(kept.file("form", row, "docx"))


def test_the_warning_about_contact_comes_before_any_answer(kept: Kept) -> None:
    row = handed_in(kept, "permission_to_share", {"who": [WARNED]}, ref=WARNED[:-2])
    kinds = [type(part) for part in kept.document("form", row).parts]
    assert kinds[:2] == [Facts, Notice]


def test_an_unanswered_question_about_seeing_a_child_is_said(kept: Kept) -> None:
    row = handed_in(kept, "safety", {"immediate_concern": False, "seen": [{"child": "K3107C-1"}]})
    (table,) = [part for part in kept.document("form", row).parts if isinstance(part, Table)]
    assert table.rows == (("TD", *[documents_wording.NOT_ANSWERED] * (len(table.head) - 1)),)
    assert len(table.head) > 3


def test_who_was_told_is_one_column_for_the_unit_and_for_others(kept: Kept) -> None:
    told = [
        {"member": kept.room.people["ngozi"], "time": "10:05"},
        {"outside": "Duty social worker", "time": "10:10"},
    ]
    row = handed_in(kept, "stop", {"told": told})
    (table,) = [part for part in kept.document("form", row).parts if isinstance(part, Table)]
    assert table.head == ("Who", "At what time")
    assert table.rows == (("Ngozi", "10:05"), ("Duty social worker", "10:10"))


def test_a_correction_says_in_front_what_it_replaces_who_wrote_it_and_why(kept: Kept) -> None:
    old, new = put_right(kept)
    front = kept.document("form", new).parts[0]
    assert isinstance(front, Facts)
    said = dict(front.rows)
    assert said[documents_wording.WRITTEN_BY] == "Ngozi"
    assert said[documents_wording.IN_PLACE_OF] == "What Tomasz wrote on 17 November 2026 at 09:32"
    assert said[documents_wording.WHY_ANEW] == "The day was wrong."
    (line,) = [part for part in kept.document("form", old).parts[:3] if isinstance(part, Paragraph)]
    words = "".join(run.text for run in line.runs)
    assert words.startswith("There is a newer version of this form. Ngozi wrote it on 17 November 2026 at 09:32")
    assert words.endswith("Why: The day was wrong.")


def test_what_was_taken_out_says_so_with_who_when_and_why(kept: Kept) -> None:
    old = handed_in(kept, "session", {"description": "Another family's"})
    new = handed_in(kept, "mistake", {"reason": "It was another family."}, "ngozi")
    with kept.room.db.write() as session:
        session.get_one(Entry, old).replaced_by_id = new
    told = words_of(kept.file("form", old, "docx"))
    assert "recorded by mistake and does not count. Ngozi took it out on 17 November 2026 at 09:32. Why: It was" in told


def test_a_private_reflection_is_never_a_document(kept: Kept) -> None:
    row = handed_in(kept, "reflection", {"note": "only for me"})
    with kept.source() as source:
        with pytest.raises(DocumentTrouble):
            document(source, "form", row)
        assert "only for me" not in json.dumps(bundle(source))


def test_headings_go_down_one_level_at_a_time() -> None:
    parts = paper(Heading(text="a", level=2), say("x"), Heading(text="b", level=3), Heading(text="c")).parts
    assert [part.level for part in parts if isinstance(part, Heading)] == [1, 2, 1]


def results(kept: Kept) -> list[Measure]:
    with kept.room.reading() as session:
        return list(session.exec(select(Measure).order_by(Measure.id)))


def test_a_result_has_its_whole_name_and_says_who_wrote_it_down(kept: Kept) -> None:
    row = next(one for one in results(kept) if one.measure == "SDQ")
    with kept.room.db.write() as session:
        session.get_one(Measure, row.id).recorded_by_id = kept.room.people["tomasz"]
    told = words_of(kept.file("measure", row.id, "docx"))
    assert told.startswith("Strengths and Difficulties Questionnaire (SDQ)")
    assert "Entered by\nTomasz" in told


def test_a_corrected_result_points_at_the_newer_one_and_back(kept: Kept) -> None:
    old, new, *_ = results(kept)
    with kept.room.db.write() as session:
        session.get_one(Measure, old.id).replaced_by_id = new.id
        session.get_one(Measure, new.id).recorded_by_id = kept.room.people["ngozi"]
    assert "Ngozi corrected this result on" in words_of(kept.file("measure", old.id, "docx"))
    assert documents_wording.IN_PLACE_OF in words_of(kept.file("measure", new.id, "docx"))


def test_everything_of_a_unit_holds_its_questionnaires(kept: Kept, tmp_path: Path) -> None:
    with kept.source() as source:
        made = [path.name for path in write_documents(source, "docx", tmp_path)]
        wanted = source.session.exec(select(Measure)).all()
    assert sum("-questionnaire-" in name for name in made) == len(wanted) > 0


def test_a_consultation_says_who_signs_it_and_when(kept: Kept) -> None:
    said = {"date": "2026-11-16", "clinician": kept.room.people["tomasz"], "discussion": "Two homes."}
    own = kept.document("form", handed_in(kept, "initial_consultation", said))
    for_another = kept.document("form", handed_in(kept, "initial_consultation", said, "pippa"))
    (signed,) = [part for part in own.parts if isinstance(part, Signatures)]
    (empty,) = [part for part in for_another.parts if isinstance(part, Signatures)]
    assert signed.rows == (("Clinician", "Tomasz", "Signed in the chat at 09:32", "17 November 2026"),)
    assert empty.rows == (("Clinician", "Tomasz", "", ""),)


def test_a_signature_says_what_somebody_is_in_the_unit_where_the_line_does_not(kept: Kept) -> None:
    agreement = next(iter(kept.room.unit.agreements.values()))
    (signed,) = [part for part in kept.document("agreement", agreement).parts if isinstance(part, Signatures)]
    names = [name for _part, name, _how, _day in signed.rows]
    assert names[:2] == ["Devan (social worker)", "Tomasz (clinician)"]


def test_an_agreement_as_a_form_names_its_questionnaires_in_words(kept: Kept) -> None:
    asked = [{"measure": "SDQ", "version": "parent_4_17", "who": "AD", "when": "start"}]
    row = handed_in(kept, "contract", {"focus": "One change", "measures": asked})
    told = words_of(kept.file("form", row, "docx"))
    assert "SDQ, parent or carer, age 4 to 17" in told
    assert "parent_4_17" not in told
