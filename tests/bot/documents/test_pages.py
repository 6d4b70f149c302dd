"""Documents as pages: nothing is lost, nothing people wrote is run, everybody can read them."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents.formats.pdf import as_pdf
from bot.documents.formats.word import as_word
from bot.documents.make import file_name
from bot.documents.model import Bullets, Facts, Heading, Notice, Quote, Table, in_words, line, say
from bot.documents.trouble import DocumentTrouble
from handlers.entries.pages import as_part, as_text
from prompts_and_forms import card as cards
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.meeting import agenda_wording
from prompts_and_forms.typed import printable
from storage.database.bodies import EntryBody
from storage.database.tables import Entry
from storage.database.vault import Scope, seal
from storage.family import families
from tests.worlds.assessing import signed
from tests.worlds.papers import AWKWARD, NAMES, Kept, inside, pages_of, paper, words_of

EVERYTHING = (
    Heading(text=AWKWARD, aside=NAMES),
    say(AWKWARD),
    Quote(text=AWKWARD, by=NAMES),
    Facts(rows=((AWKWARD, NAMES),)),
    Table(head=("=1+1", NAMES), rows=((AWKWARD, "@SUM"),), words=AWKWARD),
    Bullets(title=AWKWARD, items=(line(AWKWARD, NAMES),)),
    Notice(title=AWKWARD, lines=(NAMES, AWKWARD)),
)


def test_a_pdf_is_tagged_in_english_and_names_itself() -> None:
    found = inside(as_pdf(paper(*EVERYTHING)))
    assert b"pdfuaid" in found
    assert b"/StructTreeRoot" in found
    assert b"/Marked true" in found
    assert b"en-GB" in found
    assert b"A title" in found


def test_what_people_wrote_is_never_run_in_a_pdf() -> None:
    found = inside(as_pdf(paper(*EVERYTHING)))
    assert b"root:x:0" not in found
    assert as_pdf(paper(say('#read("/etc/passwd")'))) != as_pdf(paper(say("")))


def test_what_people_wrote_stands_in_the_word_file_letter_by_letter() -> None:
    told = words_of(as_word(paper(*EVERYTHING)))
    assert told.count(AWKWARD) == 9
    assert NAMES in told


def test_word_has_real_headings_language_pages_and_marking() -> None:
    content = as_word(
        paper(Heading(text="One"), Heading(text="Two", level=2), Table(head=("a", "b"), rows=(("1", "2"),)))
    )
    found = docx.Document(BytesIO(content))
    assert [p.style.name for p in found.paragraphs if p.text in ("A title", "One", "Two")] == [
        "Title",
        "Heading 1",
        "Heading 2",
    ]
    parts = ZipFile(BytesIO(content))
    assert 'w:lang w:val="en-GB"' in parts.read("word/styles.xml").decode()
    footer = next(name for name in parts.namelist() if "footer" in name)
    assert all(word in parts.read(footer).decode() for word in ("PAGE", "NUMPAGES", "OFFICIAL-SENSITIVE", "Pippa"))
    assert "w:tblHeader" in parts.read("word/document.xml").decode()


@pytest.mark.parametrize(
    "text", ["well done 🎉👍🏽", "漢字 বাংলা", "a\x00b\x07c", "\ud800 half", "turned \u202e round", "\n\n", ""]
)
def test_letters_no_font_has_or_nobody_can_read_break_nothing(text: str) -> None:
    document = paper(say(text), Facts(rows=((text, text),)), Table(head=(text,), rows=((text,),)))
    assert as_pdf(document).startswith(b"%PDF")
    assert as_word(document).startswith(b"PK")


@pytest.mark.parametrize("end", ["\x0b", "\x0c"])
def test_a_line_or_page_break_pasted_from_word_is_a_line_break_on_paper(end: str) -> None:
    document = paper(say(f"first{end}second"))
    assert "first\nsecond" in words_of(as_word(document))
    assert as_pdf(document).startswith(b"%PDF")
    assert "first<br>second" in as_part((cards.say(f"first{end}second"),))
    assert "first\nsecond" in as_text((cards.say(f"first{end}second"),))


def test_a_picture_among_letters_is_said_in_words() -> None:
    assert in_words("well done 🎉👍🏽") == "well done [party popper][thumbs up sign]"
    assert in_words("ليلى, € 5 → ½") == "ليلى, € 5 [rightwards arrow] ½"


def test_marks_that_turn_the_line_are_left_out_and_right_to_left_names_stay() -> None:
    assert printable("a\u202eb\u2066c") == "abc"
    assert printable(NAMES) == NAMES


@given(st.text(max_size=300))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_makes_both_files(text: str) -> None:
    document = paper(say(text), Quote(text=text, by=text), Bullets(items=(line(text),)), title=f"About {text}")
    assert as_pdf(document).startswith(b"%PDF")
    assert printable(text).replace("\n", "").strip() in words_of(as_word(document)).replace("\n", "")


def test_a_formulation_of_fifteen_thousand_letters_is_whole() -> None:
    long = " ".join(f"word{n}" for n in range(2000))
    document = paper(say(long), Table(head=("a", "b"), rows=((long, long),)))
    assert words_of(as_word(document)).count("word1999") == 3
    assert pages_of(as_pdf(document)) > 3


def test_a_word_without_end_stays_on_the_page() -> None:
    assert pages_of(as_pdf(paper(say("x" * 9000)))) > 1
    assert pages_of(as_pdf(paper(Table(head=("a", "b"), rows=(("x" * 5000, "y"),))))) > 1


def test_a_file_name_says_nothing_about_a_family() -> None:
    name = file_name(paper(), "pdf", "kestrel")
    assert re.fullmatch(r"kestrel-test-2026-11-24-[0-9a-f]{6}\.pdf", name)
    assert name != file_name(paper(), "pdf", "kestrel")


def test_without_the_extra_a_sentence_says_how_to_add_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(DocumentTrouble, match=r"unit-meeting-bot\[reports\]"):
        as_pdf(paper())
    with pytest.raises(DocumentTrouble, match=r"unit-meeting-bot\[reports\]"):
        as_word(paper())


# ---- documents of the record


def test_the_record_holds_what_was_said_decided_and_warned_of(kept: Kept) -> None:
    told = words_of(kept.file("record", kept.discussion, "docx"))
    assert all(words in told for words in (AWKWARD, NAMES, "K3107C", "24 November 2026", "Devan"))
    assert "still going on" in told
    assert kept.file("record", kept.discussion, "pdf").startswith(b"%PDF")


def test_every_page_says_who_had_it_made_and_when(kept: Kept) -> None:
    document = kept.document("record", kept.discussion)
    assert document.made.startswith("Produced for Pippa by Unit Meeting Bot on 17 November 2026 at 09:3")
    assert document.classification == "OFFICIAL-SENSITIVE · FICTIONAL UNIT, FOR PRACTICE ONLY"


def test_a_form_says_where_there_is_no_answer_only_where_that_matters(kept: Kept) -> None:
    (entry,) = kept.room.entries("safety")
    told = words_of(kept.file("form", entry.id, "docx"))
    assert AWKWARD in told
    assert "Is a manager or a strategy discussion needed today\nNot answered" in told
    assert "What already keeps the children safe" not in told


def test_a_clinicians_private_look_is_in_no_document(kept: Kept) -> None:
    room = kept.room
    answers = {
        "focus": "One change",
        "space": "home_visit",
        "lead": room.people["orla"],
        "roles": [{"member": room.people["orla"], "does": "leads"}],
        "boundary_check": {"reading": "too_close", "note": "only for me"},
    }
    room.record("marisol", "contract", kept.discussion, answers)
    (entry,) = room.entries("contract")
    assert entry.subject_id is not None
    for what, row in (("form", entry.id), ("agreement", entry.subject_id), ("record", kept.discussion)):
        told = words_of(kept.file(what, row, "docx"))
        assert "One change" in told
        assert "only for me" not in told
        assert "A moment for the clinician" not in told


def test_an_agreement_has_room_for_every_signature(kept: Kept) -> None:
    agreement = next(iter(kept.room.unit.agreements.values()))
    told = words_of(kept.file("agreement", agreement, "docx"))
    assert all(f"\n{words}\n" in told for words in ("Social work", "Clinical work", "Parent or carer", "Young person"))


def test_nobody_with_a_warning_about_contact_is_named_to_sign(kept: Kept) -> None:
    with kept.room.db.write() as session:
        for row, body in families.carers(session, kept.room.family("K3107C")):
            if body.relation == "father":
                warned = body.model_copy(update={"safe_contact": "Never by phone."})
                seal(session, row, warned, Scope.family(kept.room.family("K3107C")))
    told = words_of(kept.file("agreement", next(iter(kept.room.unit.agreements.values())), "docx"))
    assert "Parent or carer\nAD (mother)" in told
    assert "Parent or carer\nCB (father)" not in told


def test_an_agreement_names_its_questionnaires_in_words(kept: Kept) -> None:
    told = words_of(kept.file("agreement", next(iter(kept.room.unit.agreements.values())), "docx"))
    assert "SDQ, parent or carer, age 4 to 17\nAD\nStart and end" in told
    assert "CHI-ESQ" in told


def test_a_formulation_of_many_pages_is_there_to_its_last_word(kept: Kept) -> None:
    room = kept.room
    long = f"=1+1 {AWKWARD} {NAMES}. " + "word " * 2950 + "the last word"
    entry = Entry(
        unit_id=room.unit.unit_id,
        family_id=room.family("K2770L"),
        form="assessment",
        form_version=load_form("assessment").version,
        recorded_by_id=room.people["tomasz"],
        recorded_at=room.now,
    )
    with room.db.write() as session:
        seal(session, entry, EntryBody(answers={"formulation": long}), Scope.family(room.family("K2770L")))
        session.add(entry)
    told = words_of(kept.file("form", entry.id, "docx"))
    assert long in told
    pages = re.search(rb"/Type/Pages/Count (\d+)", kept.file("form", entry.id, "pdf"))
    assert pages is not None
    assert int(pages[1]) >= 5


def kept_with_next(word: bytes) -> list[bool]:
    """Of each row of the first table, whether it stays with what follows."""
    (table, *_) = docx.Document(BytesIO(word)).tables
    return [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]


def test_a_short_table_is_not_cut_and_a_long_one_may_be() -> None:
    short = paper(Table(head=("a", "b"), rows=(("1", "2"),) * 3))
    long = paper(Table(head=("a", "b"), rows=(("1", "2"),) * 40))
    assert kept_with_next(as_word(short)) == [True, True, True, False]
    assert not any(kept_with_next(as_word(long)))


@pytest.mark.parametrize("kind", ["full", "light"])
def test_a_paper_script_asks_everything_and_says_whom_to_call(kept: Kept, kind: str) -> None:
    from prompts_and_forms.meeting import script

    told = words_of(kept.file("script", kind, "docx"))
    assert all(prompt in told for stage in script.stages(kind) for prompt in stage.prompts)
    assert "Emergency contacts" in told
    assert kept.file("script", kind, "pdf").startswith(b"%PDF")


def test_the_agenda_lists_the_families_with_the_reason(kept: Kept) -> None:
    assert "K3107C" not in kept.document("agenda").about
    told = words_of(kept.file("agenda", "", "docx"))
    assert "Emergency contacts" in told


def test_an_agenda_says_days_by_their_dates() -> None:
    day = date(2026, 11, 24)
    soon = {"code": "date_soon", "name": "next_review", "days": 12}
    late = {"code": "date_missed", "name": "court", "days": 3}
    seen = {"code": "child_not_seen", "days": 16}
    said = [agenda_wording.on_paper(one, day) for one in (soon, late, seen, {"code": "new"})]
    assert said == [
        "review on 6 December 2026",
        "court date was due on 21 November 2026",
        "a child last seen on 8 November 2026",
        "new to the unit",
    ]


def test_the_record_of_an_uneventful_light_family_is_one_page(kept: Kept) -> None:
    room, ref = kept.room, "K1936E"
    talk = room.discuss(ref, "light")
    seen = [{"child": f"{ref}-{n}", "date": room.day(-3), "by": room.people["devan"], "alone": True} for n in (1, 2)]
    room.record("devan", "l_safety", talk, {"immediate_concern": False, "seen": seen, "manager_needed_today": False})
    room.record("devan", "l_changed", talk, {"change": "Nothing much. School is going well."})
    room.record("devan", "l_voice", talk, {"child": f"{ref}-1", "words": "I like my bike.", "date": room.day(-3)})
    room.record("devan", "l_next", talk, {"next_discussion": {"date": room.day(14), "kind": "light"}})
    assert pages_of(kept.file("record", talk, "pdf")) == 1
    told = words_of(kept.file("record", talk, "docx"))
    assert "Nothing new was decided." in told
    assert "yet" not in told.lower().replace("yet.", "")


def test_no_reader_is_told_to_doubt_the_tags_of_a_pdf() -> None:
    found = inside(as_pdf(paper(*EVERYTHING)))
    assert b"/Marked true" in found
    assert b"Suspects" not in found


@pytest.mark.parametrize("what", ["record", "agreement", "form", "script", "else"])
def test_what_is_not_in_this_unit_has_no_document(kept: Kept, what: str) -> None:
    with pytest.raises(DocumentTrouble, match="no longer in the record"):
        kept.document(what, "0" * 32)


def test_a_signed_assessment_shows_its_sections_and_who_signed(kept: Kept) -> None:
    entry = signed(kept.room)
    told = words_of(kept.file("form", entry.id, "docx"))
    assert all(section.title in told for section in load_form("assessment").sections)
    for part, name in (("Clinician", "Tomasz"), ("Clinical manager", "Ngozi")):
        assert re.search(rf"{part}\n{name}\nSigned in the chat at \d\d:\d\d\n17 November 2026\n", told)
