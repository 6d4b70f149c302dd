"""The SDQs of one child at one point of the work, entered in one form."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.measures import next_one
from handlers.turn import Answer, Ask, Done, EventKind, Note, Wrong
from prompts_and_forms.measures.planning import Planned
from storage.database.bodies import MeasureBody
from storage.database.tables import Family
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures
from storage.measures import planned as measures_planned
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.measuring import SCORES, enter, permission, sdq
from tests.worlds.records_world import Room

REF = "K3107C"
PARENT = {"version": "parent_4_17", "informant": "AD", **SCORES}
SCHOOL = {"version": "teacher_4_17", "informant": "class teacher", **SCORES, "emotional": 1}


def to_come(room: Room) -> tuple[Family, list[Planned]]:
    """A family with more than one SDQ to come for a child at one point, and those lines of its plan."""
    with room.reading() as session:
        for family in families.open_families(session, room.unit.unit_id):
            planned = measures_planned.of_family(session, family, date.fromisoformat(room.day(0)))
            if own := next_one.together(planned):
                return family, own[0]
    raise LookupError("no family has two SDQs to come")


def opened(room: Room, family: str = "", **more: Any) -> Ask:
    """The form, empty, or for the lines of the plan it is asked for."""
    asked = room.press("tomasz", "form.open", form="measure_sdqs", family=family or room.family(REF), **more)
    assert isinstance(asked, Ask)
    return asked


def save(room: Room, *parts: dict[str, Any], **more: Any) -> Answer:
    said = {"child": f"{REF}-1", "point": "end", "completed": room.day(-1), "results": list(parts), **more}
    return room.hand_in("tomasz", opened(room), said)


def kept(room: Room, point: str = "end") -> list[tuple[Measure, MeasureBody]]:
    with room.reading() as session:
        rows = measures.of_family(session, room.family(REF))
        found = [(row, measures.body(session, row)) for row in rows if row.point == point]
        return sorted(found, key=lambda pair: pair[0].form)


def test_the_form_opens_with_who_is_asked_and_today(room: Room) -> None:
    family, own = to_come(room)
    asked = opened(room, family.id, child=own[0].child, point=own[0].point)
    held = {one.key: one.value for one in asked.view.fields}
    assert held["point"] == own[0].point
    assert held["completed"] == room.day(0)
    assert [held[f"results#{n}#version"] for n in range(len(own))] == [one.version for one in own]
    assert held["results#0#informant"] == (own[0].informant or None)


def test_each_part_is_a_result_of_its_own_with_the_same_scores_as_entered_alone(room: Room) -> None:
    said = words_of(save(room, PARENT, SCHOOL))
    assert "Total difficulties 12 of 40 (close to average), impact 2 of 10 (high)." in said
    assert "SDQs of K3107C" in said
    (first, of_parent), (second, of_school) = kept(room)
    assert (first.form, of_parent.informant, of_parent.scores["total"]) == ("parent_4_17", "AD", 12)
    assert (second.form, of_school.informant, of_school.scores["total"]) == ("teacher_4_17", "class teacher", 9)
    assert first.completed_on == second.completed_on == date.fromisoformat(room.day(-1))
    assert [entry.form for entry in room.entries("measure_sdq")][-2:] == ["measure_sdq", "measure_sdq"]
    assert first.entry_id != second.entry_id


def test_one_of_them_is_corrected_alone(room: Room) -> None:
    done = save(room, PARENT, SCHOOL)
    assert isinstance(done, Done)
    assert done.note is not None
    _first, button = (one for one in buttons_of(done.note) if one.action == "measure.correct")
    asked = room.press("tomasz", button.action, **button.args)
    assert isinstance(asked, Ask)
    assert asked.view.form == "measure_sdq"
    room.hand_in("tomasz", asked, {"emotional": 2})
    assert sorted(int(body.scores["emotional"] or 0) for _row, body in kept(room)) == [2, 4]


def test_a_form_that_is_not_back_yet_is_left_empty_and_stays_to_come(room: Room) -> None:
    assert isinstance(save(room, PARENT, {"version": "teacher_4_17"}), Done)
    assert [row.form for row, _body in kept(room)] == ["parent_4_17"]


def test_a_day_of_its_own_for_one_of_them(room: Room) -> None:
    save(room, PARENT, {**SCHOOL, "completed": room.day(-3)})
    days = {str(row.completed_on) for row, _body in kept(room)}
    assert days == {room.day(-1), room.day(-3)}


def test_one_fault_keeps_none_and_stands_beside_its_own_part(room: Room) -> None:
    wrong = save(room, PARENT, {**SCHOOL, "total": 30})
    assert isinstance(wrong, Wrong)
    assert list(wrong.errors) == ["results#1#total"]
    assert kept(room) == []
    nobody = save(room, {**PARENT, "informant": " "}, SCHOOL)
    assert isinstance(nobody, Wrong)
    assert nobody.errors == {"results#0#informant": "Please say who filled it in."}


def test_a_part_after_an_empty_one_is_answered_at_its_own_place(room: Room) -> None:
    asked = opened(room)
    typed = {f"results#1#{key}": str(value) for key, value in {**SCHOOL, "emotional": 11}.items()}
    flat = {"child": f"{REF}-1", "point": "end", "completed": room.day(-1), **typed}
    answer = room.send("tomasz", EventKind.SUBMIT, name="measure_sdqs", args=dict(asked.view.args), values=flat)
    assert isinstance(answer, Wrong)
    assert list(answer.errors) == ["results#1#emotional"]


def test_nobody_is_entered_twice_and_nothing_without_a_score(room: Room) -> None:
    twice = save(room, PARENT, {**PARENT, "emotional": 2})
    assert isinstance(twice, Wrong)
    assert "another part above" in twice.errors["results#1#informant"]
    empty = save(room, {"version": "parent_4_17", "informant": "AD"})
    assert isinstance(empty, Wrong)
    assert "no score in any part" in empty.errors["results#0#emotional"]
    enter(room, sdq(room))
    again = save(room, PARENT, SCHOOL)
    assert isinstance(again, Wrong)
    assert "already saved for that day" in again.errors["results#0#completed"]


def test_school_is_not_kept_once_permission_is_withdrawn_and_nothing_typed_is_lost(room: Room) -> None:
    asked = opened(room)
    permission(room, REF, status="withdrawn", withdrawn=room.day(0))
    said = {"child": f"{REF}-1", "point": "end", "completed": room.day(-1), "results": [PARENT, SCHOOL]}
    answer = room.hand_in("tomasz", asked, said)
    assert isinstance(answer, Wrong)
    assert "Permission to share with school" in answer.errors["results#1#version"]
    assert kept(room) == []
    again = room.press("tomasz", "form.resume", draft=asked.view.args["draft"])
    assert isinstance(again, Ask)
    assert {one.key: one.value for one in again.view.fields}["results#1#informant"] == "class teacher"


def test_the_familys_questionnaires_offer_it_where_there_is_more_than_one(room: Room) -> None:
    family, own = to_come(room)
    shown = room.press("tomasz", "measure.family", family=family.id)
    assert isinstance(shown, Note)
    buttons = [one for one in buttons_of(shown.card) if one.args.get("form") == "measure_sdqs"]
    assert buttons[0].label == ("Enter both together" if len(own) == 2 else f"Enter all {len(own)} together")
    assert isinstance(room.press("tomasz", buttons[0].action, **buttons[0].args), Ask)


def test_a_part_that_no_form_has_is_not_read(room: Room) -> None:
    view = opened(room).view
    values = {"child": f"{REF}-1", "point": "end", "completed": room.day(-1), "results#nobody#emotional": "3"}
    answer = room.send("tomasz", EventKind.SUBMIT, name=view.form, args=dict(view.args), values=values)
    assert isinstance(answer, Wrong)
    assert kept(room) == []
