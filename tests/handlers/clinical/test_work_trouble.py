"""Clinical work when things change under people's hands: nothing typed is lost, and every refusal says what to do."""

from __future__ import annotations

from typing import Any

from handlers.turn import Answer, Ask, Done, EventKind, Wrong
from storage.database.tables import Child
from storage.family import families
from storage.unit import people
from tests.worlds.assessing import following, front, held, submit
from tests.worlds.in_memory import words_of
from tests.worlds.records_world import Room, other_unit_with_family
from tests.worlds.work_world import Work

FAMILY = "K2770L"


def remove_child(room: Room, ref: str, number: int = 1) -> None:
    with room.reading() as session:
        row = next(row for row, body in families.children(session, room.family(ref)) if body.key == f"{ref}-{number}")
    asked = room.press("orla", "family.correct", family=room.family(ref), chosen=f"child:{row.id}")
    assert isinstance(room.hand_in("orla", asked, {"gone": True}), Done)
    with room.reading() as session:
        assert not session.get_one(Child, row.id).active


def send_again(room: Room, asked: Ask, values: dict[str, Any]) -> Answer:
    return room.send("tomasz", EventKind.SUBMIT, name=asked.view.form, args=dict(asked.view.args), values=values)


class TestAChildWhoLeavesTheRecord:
    def test_a_chosen_child_is_pointed_at_and_the_words_stay(self, room: Room) -> None:
        work = Work(room, FAMILY)
        asked = following(work.press("tomasz", "commission"))
        remove_child(room, FAMILY)
        values = {
            **held(asked),
            "decision": "goes_ahead",
            "date": room.day(0),
            "family": [f"{FAMILY}-1", f"{FAMILY}-A"],
            "views_parents": "They are tired.",
        }
        answer = send_again(room, asked, values)
        assert isinstance(answer, Wrong)
        assert answer.errors == {"family": "This is not on the list any more. Please choose again."}
        opened = following(room.press("tomasz", "form.resume", draft=asked.view.args["draft"]))
        assert held(opened)["views_parents"] == "They are tired."
        assert isinstance(send_again(room, opened, {**values, "family": [f"{FAMILY}-A"]}), Done)

    def test_what_was_written_about_the_child_is_not_lost_in_a_long_form(self, room: Room) -> None:
        first = following(room.press("tomasz", "form.open", form="assessment", family=room.family(FAMILY)))
        key = f"about_each#{FAMILY}-1#gender"
        assert key in {field.key for field in first.view.fields}
        typed = {**front(room), "children": [f"{FAMILY}-2"], key: "a girl who says so herself"}
        remove_child(room, FAMILY)
        answer = submit(room, first, typed)
        assert isinstance(answer, Wrong)
        assert "not on the list any more" in answer.errors[key]
        opened = following(room.press("tomasz", "form.resume", draft=first.view.args["draft"]))
        assert held(opened)[key] == "a girl who says so herself"


class TestOutOfOrderAndAtOnce:
    def test_two_at_once_one_moves_the_other_is_told_and_keeps_the_words(self, room: Room) -> None:
        work = Work(room, FAMILY)
        first, second = (following(work.press(who, "commission")) for who in ("tomasz", "orla"))
        answers = {"date": room.day(0), "decision": "goes_ahead"}
        assert isinstance(room.hand_in("tomasz", first, {**answers, "views_parents": "Tired."}), Done)
        late = room.hand_in("orla", second, {**answers, "views_parents": "Tired and hopeful."})
        assert isinstance(late, Wrong)
        assert "commissioning meeting is booked first" in " ".join(late.errors.values())
        assert "[Go on writing]" in words_of(room.command("orla", "/forms"))
        assert len(room.entries("commissioning")) == 1

    def test_a_form_of_a_family_that_was_closed_meanwhile(self, room: Room) -> None:
        work = Work(room, FAMILY)
        asked = following(work.press("tomasz", "commission"))
        room.hand_in("orla", room.press("orla", "family.close", family=work.family), {"why": "They moved."})
        answer = room.hand_in("tomasz", asked, {"date": room.day(0), "decision": "goes_ahead", "work": "Talks."})
        assert isinstance(answer, Wrong)
        assert "Open it again with /family" in " ".join(answer.errors.values())

    def test_a_step_of_another_units_family_is_not_there(self, room: Room) -> None:
        other = room.family(other_unit_with_family(room, "H1000A"))
        for press in ("work.show", "work.forms", "work.differ", "work.others"):
            assert "You are not in this unit" in words_of(room.press("tomasz", press, family=other))
        urgent = room.press("tomasz", "work.move", family=other, move="urgent", at="")
        assert "You are not in this unit" in words_of(urgent)

    def test_somebody_who_lost_the_role_meanwhile(self, room: Room) -> None:
        work = Work(room, "K3107C")
        asked = following(work.press("tomasz", "session"))
        with room.db.write() as session:
            membership = people.membership(session, room.unit.unit_id, room.people["tomasz"])
            assert membership is not None
            membership.roles = ["social_worker"]
            session.add(membership)
        answer = room.hand_in("tomasz", asked, {"date": room.day(0), "note": "We talked."})
        assert isinstance(answer, Wrong)
        assert "The clinician records sessions." in " ".join(answer.errors.values())


def test_a_date_of_birth_in_words_is_not_kept(room: Room) -> None:
    work = Work(room, "K3107C")
    asked = following(work.press("tomasz", "session"))
    answer = room.hand_in("tomasz", asked, {"date": room.day(0), "note": "TD, date of birth 4 May 2015, was quiet."})
    assert isinstance(answer, Wrong)
    assert list(answer.errors) == ["note"]
    assert not room.entries("session")


def test_words_that_look_like_formulas_stay_words(room: Room) -> None:
    odd = '=1+1 @SUM(A1) {{7*7}} #read("/etc/passwd") \u202eמשפחה'
    Work(room, "K3107C").do("tomasz", "session", date=room.day(0), note=odd)
    shown = room.press("orla", "work.form", family=room.family("K3107C"), chosen=room.entries("session")[-1].id)
    assert odd in words_of(shown)
