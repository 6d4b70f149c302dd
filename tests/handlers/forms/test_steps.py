"""A long form: a step at a time, nothing lost on the way, taken up again on another day."""

from __future__ import annotations

import pytest

from handlers.turn import Ask, Done, EventKind, Wrong
from prompts_and_forms.card import Text
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.form import FieldKind
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import drafts, entries
from tests.worlds.assessing import FORM, FRONT, begin, following, front, held, resumed, step, submit, to_the_end
from tests.worlds.records_world import Room


def words(asked: Ask) -> str:
    return " ".join(str(block.spans) for block in asked.view.intro if isinstance(block, Text))


def test_several_sections_a_step_with_how_far_along(room: Room) -> None:
    first = begin(room)
    assert "1 of 4: Front sheet" in words(first)
    assert (first.view.submit, [one.value for one in first.view.steps]) == ("Next", ["save"])
    second = following(submit(room, first, front(room)))
    assert "2 of 4: Commissioning meeting, Family background" in words(second)
    assert [field.label for field in second.view.fields if field.kind is FieldKind.TEXT_ONLY] == ["Family background"]
    assert [one.value for one in second.view.steps] == ["back", "save"]
    assert {field.key for field in first.view.fields}.isdisjoint(field.key for field in second.view.fields)


def test_a_fault_is_beside_its_field_and_nothing_is_lost(room: Room) -> None:
    first = begin(room)
    answer = submit(
        room, first, {"children": ["K2770L-1"], "clinician": room.people["tomasz"], "school": "Hill School"}
    )
    assert isinstance(answer, Wrong)
    assert list(answer.errors) == ["reason"]
    assert held(resumed(room, first))["school"] == "Hill School"


def test_back_keeps_what_was_typed_on_both_steps(room: Room) -> None:
    second = following(submit(room, begin(room), front(room)))
    first = step(room, second, "back", {"views_parents": "They are tired."})
    assert held(first)["reason"] == FRONT["reason"]
    again = following(submit(room, first, {}))
    assert held(again)["views_parents"] == "They are tired."


def test_what_is_emptied_stays_empty(room: Room) -> None:
    second = following(submit(room, begin(room), {**front(room), "school": "Hill School"}))
    first = step(room, second, "back", {})
    values = {key: value for key, value in held(first).items() if key != "school"}
    answer = room.send("tomasz", EventKind.SUBMIT, name=FORM, args=dict(first.view.args), values=values)
    assert "school" not in held(step(room, following(answer), "back", {}))


def test_it_is_taken_up_again_days_later_where_it_was_left(room: Room) -> None:
    second = following(submit(room, begin(room), front(room)))
    third = following(submit(room, second, {"views_children": "I want it quiet."}))
    saved = step(room, third, "save", {"environment": "Two rooms above a shop."})
    assert "go on another day" in words(saved)
    room.send("tomasz", EventKind.CLOSED, name=FORM, args=dict(third.view.args))
    with room.reading() as session:
        (draft,) = drafts.drafts_of(session, room.people["tomasz"])
    room.press("tomasz", "form.resume", minutes=60 * 24 * 3, draft=draft.id)
    opened = resumed(room, third)
    assert "3 of 4" in words(opened)
    assert held(opened)["environment"] == "Two rooms above a shop."


def test_the_last_step_hands_all_of_it_in(room: Room) -> None:
    last = to_the_end(room, begin(room))
    assert "4 of 4" in words(last)
    assert last.view.submit == load_form(FORM).submit
    assert isinstance(submit(room, last, {"assessed_on": room.day(-1)}), Done)
    with room.reading() as session:
        assert session.get_one(Draft, last.view.args["draft"]).state == "done"
    assert len(room.entries(FORM)) == 1


def test_the_last_step_goes_back_to_what_is_missing(room: Room) -> None:
    last = to_the_end(room, begin(room))
    args = {**last.view.args, "section": "0"}
    emptied = {"children": ["K2770L-1"], "clinician": room.people["tomasz"]}
    room.send("tomasz", EventKind.CHANGE, name=FORM, args={**args, "step": "save"}, values=emptied)
    asked = following(submit(room, last, {"assessed_on": room.day(-1)}))
    assert "1 of 4" in words(asked)
    assert "needs an answer" in words(asked)
    assert not room.entries(FORM)


def test_two_windows_on_one_form_lose_nobodys_words(room: Room) -> None:
    second = following(submit(room, begin(room), front(room)))
    elsewhere = resumed(room, second)
    step(room, elsewhere, "save", {"views_parents": "Typed on the telephone."})
    asked = following(submit(room, second, {"views_parents": "Typed at the desk."}))
    assert "second place" in words(asked)
    both = held(asked)["views_parents"]
    assert "Typed on the telephone." in both
    assert "Typed at the desk." in both
    assert "3 of 4" in words(following(submit(room, asked, {})))


def test_addresses_belong_in_their_fields_and_nowhere_else(room: Room) -> None:
    known = {**front(room), "phone": "020 7946 0123", "address": "4 Hill Road, E8 1EA"}
    second = following(submit(room, begin(room), known))
    answer = submit(room, second, {"views_parents": "Ring 020 7946 0123"})
    assert isinstance(answer, Wrong)
    assert list(answer.errors) == ["views_parents"]


@pytest.mark.parametrize("detail", ["943 476 5919", "born 3/4/2015"])
def test_not_even_a_field_for_an_address_takes_other_details(room: Room, detail: str) -> None:
    answer = submit(room, begin(room), {**front(room), "address": f"4 Hill Road, {detail}"})
    assert isinstance(answer, Wrong)
    assert list(answer.errors) == ["address"]


def test_there_is_room_for_a_long_formulation_before_anything_is_pasted(room: Room) -> None:
    asked = following(submit(room, begin(room), front(room)))
    for _ in range(2):
        asked = following(submit(room, asked, {}))
    field = next(field for field in asked.view.fields if field.key == "formulation")
    assert "3,000 characters" in field.help
    for _ in range(2):
        asked = more_room(room, asked, "formulation")
    boxes = ["formulation", *(f"formulation~{n}" for n in range(2, 6))]
    assert [
        f.key for f in asked.view.fields if f.key.startswith("formulation") and f.kind is not FieldKind.MORE
    ] == boxes
    back = step(room, asked, "back", dict.fromkeys(boxes[:2], "It began at home."))
    again = following(submit(room, back, {}))
    assert [held(again).get(box) for box in boxes] == ["It began at home."] * 2 + [None] * 3
    assert set(boxes) <= {field.key for field in again.view.fields}
    submit(room, again, {"assessed_on": room.day(-1)})
    with room.reading() as session:
        kept = entries.answers(session, room.entries(FORM)[-1])["formulation"]
    assert kept == "It began at home.\nIt began at home."


def more_room(room: Room, asked: Ask, key: str) -> Ask:
    found = next(field for field in asked.view.fields if field.kind is FieldKind.MORE and field.key.startswith(key))
    args = {**asked.view.args, "more": found.key}
    return following(room.send("tomasz", EventKind.CHANGE, name=FORM, args=args, values=held(asked)))


def test_words_about_a_child_who_was_taken_off_the_list_are_shown_and_moved(room: Room) -> None:
    about = {"about_each#K2770L-2#gender": "A girl, she says."}
    asked = step(room, begin(room), "save", {**front(room), **about})
    with room.db.write() as session:
        for child, known in families.children(session, room.family("K2770L")):
            child.active = known.key != "K2770L-2"
            session.add(child)
    again = resumed(room, asked)
    gone = next(field for field in again.view.fields if field.key in about)
    assert "K2770L-2 (left the list)" in gone.label
    answer = submit(room, again, {})
    assert isinstance(answer, Wrong)
    assert "move your words to another box and empty this one" in answer.errors[gone.key]
    moved = {gone.key: None, "reason": "She says: a girl."}
    assert "2 of 4" in words(following(submit(room, again, moved)))


def test_an_assessment_is_about_children(room: Room) -> None:
    offered = next(field for field in begin(room).view.fields if field.key == "children").options
    assert {one.value for one in offered} == {"K2770L-1", "K2770L-2"}


def test_a_formulation_of_fifteen_thousand_characters_is_kept_whole(room: Room) -> None:
    asked = following(submit(room, begin(room), front(room)))
    for _ in range(2):
        asked = following(submit(room, asked, {}))
    text = "".join(f"{n:06d} =1+1 {{{{7*7}}}} " for n in range(1000))[:15000]
    typed = {"formulation": text[:3000]}
    for box in range(2, 6):
        asked = following(submit(room, asked, typed))
        assert f"formulation~{box}" in {field.key for field in asked.view.fields}
        typed[f"formulation~{box}"] = text[3000 * (box - 1) : 3000 * box]
    roomier = following(submit(room, asked, {**typed, "assessed_on": room.day(-1)}))
    assert isinstance(submit(room, roomier, {}), Done)
    (entry,) = room.entries(FORM)
    with room.reading() as session:
        assert entries.answers(session, entry)["formulation"] == text
