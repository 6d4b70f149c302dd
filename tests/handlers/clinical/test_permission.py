"""Permission to share: what it covers, and that a withdrawal counts at once."""

from __future__ import annotations

from typing import Any

from handlers.turn import Ask, Done, Wrong
from prompts_and_forms.forms.catalogue import load_form
from storage.database.tables import Family
from storage.family import families
from storage.forms import entries
from storage.measures import planned as measures_planned
from tests.worlds.in_memory import words_of
from tests.worlds.records_world import Room

FAMILY = "K3107C"


def opened(room: Room) -> Ask:
    asked = room.press("pippa", "form.open", form="permission_to_share", family=room.family(FAMILY))
    assert isinstance(asked, Ask), asked
    return asked


def holds(room: Room, ref: str = FAMILY) -> dict[str, Any]:
    with room.reading() as session:
        return families.body(session, session.get_one(Family, room.family(ref))).permission


def of_school(room: Room) -> set[str]:
    """Where the questionnaires planned for school stand."""
    with room.reading() as session:
        family = session.get_one(Family, room.family(FAMILY))
        planned = measures_planned.of_family(session, family, room.now.date())
    return {str(one.state) for one in planned if one.version.startswith("teacher") and one.is_open}


def test_it_opens_with_what_holds_now(room: Room) -> None:
    values = {field.key: field.value for field in opened(room).view.fields}
    assert values["status"] == "signed"
    assert set(values["scope"] or ()) == {"school", "gp", "health_visitor"}


def test_withdrawn_school_is_not_asked_any_more(room: Room) -> None:
    assert of_school(room) - {"waiting_for_permission"}
    asked = opened(room)
    done = room.hand_in("pippa", asked, {"status": "withdrawn", "withdrawn": room.day(0)})
    assert isinstance(done, Done)
    assert "School is not asked any more" in words_of(done)
    assert of_school(room) == {"waiting_for_permission"}
    assert "Permission to share: withdrawn" in words_of(room.command("pippa", "/family", FAMILY))


def test_signed_again_it_holds_again(room: Room) -> None:
    room.hand_in("pippa", opened(room), {"status": "withdrawn", "withdrawn": room.day(0)})
    room.hand_in("pippa", opened(room), {"status": "signed", "signed": room.day(0), "signed_by": [f"{FAMILY}-A"]})
    assert "withdrawn" not in holds(room)
    assert of_school(room) - {"waiting_for_permission"}


def test_whom_the_form_does_not_list_is_kept(room: Room) -> None:
    asked = room.press("pippa", "form.open", form="permission_to_share", family=room.family("K1936E"))
    room.hand_in("pippa", asked, {"ends": room.day(90), "signed_by": ["K1936E-A"]})
    assert holds(room, "K1936E")["scope"] == ["school", "gp", "fostering_service"]


def test_an_agreement_that_asks_school_hears_of_a_withdrawal(room: Room) -> None:
    room.hand_in("pippa", opened(room), {"status": "withdrawn", "withdrawn": room.day(0)})
    talk = room.discuss(FAMILY)
    asked = room.press("tomasz", "agreement.new", family=room.family(FAMILY), discussion=talk)
    tomasz = room.people["tomasz"]
    room.hand_in(
        "tomasz",
        asked,
        {
            "focus": "One calm meal a day.",
            "space": "joint_session",
            "lead": tomasz,
            "roles": [{"member": tomasz, "does": "leads"}],
            "measures": [{"measure": "SDQ", "version": "teacher", "when": "start"}],
        },
    )
    (remark,) = room.remarks(talk, "permission_missing")
    assert remark.params["for"] == "teacher SDQ"


def test_signed_needs_with_whom_by_whom_and_when(room: Room) -> None:
    asked = room.press("pippa", "form.open", form="permission_to_share", family=room.family("K2770L"))
    answer = room.hand_in("pippa", asked, {"status": "signed", "scope": []})
    assert isinstance(answer, Wrong)
    assert {"signed_by", "signed"} <= set(answer.errors)
    assert isinstance(room.hand_in("pippa", asked, {"status": "refused"}), Done)


def test_an_old_note_is_not_carried_into_a_new_permission(room: Room) -> None:
    asked = room.press("pippa", "form.open", form="permission_to_share", family=room.family("K2284H"))
    assert isinstance(asked, Ask)
    assert "note" not in {field.key for field in asked.view.fields if field.value}
    assert {field.key: field.value for field in asked.view.fields}["about_whom"] == ("K2284H-1", "K2284H-2")


def test_what_was_signed_at_the_commissioning_meeting_is_not_asked_again(room: Room) -> None:
    ref = "K2770L"
    with room.db.write() as session:
        entries.keep(
            session,
            form=load_form("commissioning"),
            answers={"date": room.day(-1), "decision": "goes_ahead", "permission": True},
            person_id=room.people["tomasz"],
            unit_id=room.unit.unit_id,
            now=room.now,
            family_id=room.family(ref),
        )
    asked = room.press("tomasz", "form.open", form="permission_to_share", family=room.family(ref))
    assert isinstance(asked, Ask)
    values = {field.key: field.value for field in asked.view.fields}
    assert (values["status"], values["signed"]) == ("signed", room.day(-1))
    done = room.hand_in("tomasz", asked, {"signed_by": [f"{ref}-A"], "scope": ["school"]})
    assert isinstance(done, Done)
    offered = room.press("tomasz", "agreement.new", family=room.family(ref))
    assert isinstance(offered, Ask)
    assert {field.key: field.value for field in offered.view.fields}["permission_signed"] == room.day(-1)
