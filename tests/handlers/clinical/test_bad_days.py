"""What goes wrong on a clinical day: withdrawn, two at once, very long, right to left, gone, shut out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

from sqlmodel import select

from bot.documents.make import document, draw
from bot.documents.source import Source
from bot.slack.blocks import draw as as_blocks
from handlers.turn import Answer, Ask, Done, Note, Wrong
from prompts_and_forms.card import Choice
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.draw import FULL
from prompts_and_forms.forms.form import FormContext, QuestionKind
from storage.clinical import signings
from storage.database.tables import Child, Unit
from storage.database.tables_machinery import OutboxMessage
from storage.database.vault import Scope, seal
from storage.family import families
from storage.forms import entries
from storage.unit import people
from tests.worlds.assessing import begin, following, front, sign, signed, submit, written
from tests.worlds.in_memory import words_of
from tests.worlds.measuring import SCORES
from tests.worlds.records_world import Room, other_unit_with_family
from tests.worlds.work_world import Work

SCHOOLED = "K3107C"
"""School may be asked; its permission is signed."""
LETTERS = 15_000
ARABIC = "ليلى"


def held(asked: Ask) -> dict[str, Any]:
    return {field.key: field.value for field in asked.view.fields if field.value}


def test_a_permission_withdrawn_while_the_schools_form_is_open_keeps_what_was_typed(room: Room) -> None:
    family = room.family(SCHOOLED)
    asked = room.press("tomasz", "form.open", form="measure_sdq", family=family)
    withdrawal = room.press("pippa", "form.open", form="permission_to_share", family=family)
    room.hand_in("pippa", withdrawal, {"status": "withdrawn", "withdrawn": room.day(0)})
    said = {"child": f"{SCHOOLED}-1", "version": "teacher_4_17", "informant": "class teacher", "point": "end"}
    answer = room.hand_in("tomasz", asked, {**said, "completed": room.day(0), **SCORES})
    assert isinstance(answer, Wrong)
    assert "Permission to share with school" in answer.errors["version"]
    assert isinstance(asked, Ask)
    again = following(room.press("tomasz", "form.resume", draft=asked.view.args["draft"]))
    assert held(again)["emotional"] == str(SCORES["emotional"])
    assert isinstance(room.hand_in("tomasz", again, {"version": "parent_4_17"}), Done)


def test_of_two_signatures_at_once_one_counts_and_the_other_is_told(room: Room) -> None:
    entry, _card = written(room)
    sign(room, "tomasz", entry, "clinician")
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["graham"])
        assert membership is not None
        membership.roles = [*membership.roles, "clinical_manager"]
    together = Barrier(2)

    def press(who: str) -> Answer:
        together.wait()
        return sign(room, who, entry, "clinical_manager")

    with ThreadPoolExecutor(2) as both:
        answers = [words_of(one) for one in both.map(press, ("ngozi", "graham"))]
    assert sum("This is signed already. Nothing was changed." in said for said in answers) == 1
    with room.reading() as session:
        signing = signings.of_entry(session, entry.id)
        assert signing is not None
        assert [one["role"] for one in signing.signed] == ["clinician", "clinical_manager"]


def test_fifteen_thousand_letters_in_a_box_are_read_signed_and_printed_to_the_last(room: Room) -> None:
    text = " ".join(f"word{number:05}" for number in range(LETTERS // 10))
    asked = following(submit(room, begin(room), front(room)))
    for _ in range(2):
        asked = following(submit(room, asked, {}))
    pieces = {f"formulation~{n + 1}" if n else "formulation": text[n * 3000 : n * 3000 + 3000] for n in range(5)}
    done = submit(room, asked, {**pieces, "assessed_on": room.day(-1)})
    assert isinstance(done, Done)
    assert done.note is not None
    assert len([part.block for part in as_blocks(done.note.blocks, "message")]) <= 50
    (entry,) = room.entries("assessment")
    with room.reading() as session:
        kept = entries.answers(session, entry)["formulation"]
        assert "".join(kept.split()) == "".join(text.split())
        unit = session.get_one(Unit, room.unit.unit_id)
        paper = draw(document(Source(session, unit, room.now, "Tomasz"), "form", entry.id), "docx", "kestrel").content
    assert paper.startswith(b"PK")
    assert "signed by Tomasz" in words_of(sign(room, "tomasz", entry, "clinician"))


def test_a_name_from_right_to_left_stays_whole_in_forms_sentences_and_papers(room: Room) -> None:
    with room.db.write() as session:
        (row, mother), *_rest = families.carers(session, room.family("K2770L"))
        mother.initials = ARABIC
        seal(session, row, mother, Scope.family(row.family_id))
        session.add(row)
    asked = following(room.press("pippa", "form.open", form="permission_to_share", family=room.family("K2770L")))
    offered = next(field for field in asked.view.fields if field.key == "who").options
    assert any(ARABIC in choice.label for choice in offered)
    answers = {"status": "signed", "who": [mother.key], "signed_by": [mother.key], "signed": room.day(0)}
    shown = room.hand_in("pippa", asked, {**answers, "scope": ["gp"], "note": f"{ARABIC} said yes"})
    assert f"{ARABIC} said yes" in words_of(shown)
    again = following(room.press("pippa", "form.open", form="permission_to_share", family=room.family("K2770L")))
    wrong = room.hand_in("pippa", again, {"who": []})
    assert isinstance(wrong, Wrong)
    assert ARABIC in wrong.errors["who"]


def test_a_child_who_left_the_record_keeps_no_form_from_opening_or_being_saved(room: Room) -> None:
    work = Work(room, SCHOOLED)
    everybody = [f"{SCHOOLED}-A", *(f"{SCHOOLED}-{number}" for number in (1, 2, 3))]
    work.do("tomasz", "session", note="All of them.", who=everybody)
    signed(room)
    with room.db.write() as session:
        for child in session.exec(select(Child).where(Child.family_id == work.family)):
            child.active = families.child_key(session, child.id) != f"{SCHOOLED}-3"
            session.add(child)
    asked = following(work.press("tomasz", "session"))
    assert set(held(asked)["who"]) == set(everybody[:-1])
    assert "saved" in words_of(room.hand_in("tomasz", asked, {"date": room.day(-2), "note": "The others."}))
    permission = following(room.press("pippa", "form.open", form="permission_to_share", family=work.family))
    assert f"{SCHOOLED}-3" not in held(permission).get("about_whom", ())


def test_a_paper_is_not_made_for_somebody_without_the_right(room: Room) -> None:
    entry = signed(room)
    other_unit_with_family(room, "H0001A")
    for what, row in (("form", entry.id), ("bundle", room.family("K2770L"))):
        answer = room.press("ida", "document.pdf", what=what, row=row)
        assert isinstance(answer, Note)
        assert "K2770L" not in words_of(answer)
    with room.reading() as session:
        assert session.exec(select(OutboxMessage).where(OutboxMessage.how == "file")).all() == []


def test_every_step_of_the_assessment_has_room_for_fifteen_thousand_letters_in_each_long_box() -> None:
    """A window takes a hundred blocks; more would be refused, with all that was typed in it."""
    form = load_form("assessment")
    children = tuple(Choice(value=f"{SCHOOLED}-{n}", label=f"Child {n}") for n in range(6))
    known = FormContext(today=date(2026, 11, 17), children=children, carers=children, people=children)
    text = " ".join(f"word{number:05}" for number in range(LETTERS // 10))
    for step in engine.steps(form):
        said = {question.id: text for question in step.questions if question.kind is QuestionKind.LONG_TEXT}
        flat, boxes = engine.flatten(step, known, said)
        assert len(engine.fields(step, known, flat, boxes)) <= FULL, step.questions[0].id
