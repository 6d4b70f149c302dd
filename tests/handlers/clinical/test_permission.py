"""Permission to share: what it covers, and that a withdrawal counts at once."""

from __future__ import annotations

from typing import Any

from handlers.turn import Ask, Done
from storage.database.tables import Family
from storage.family import families
from storage.measures import planned as measures_planned
from tests.worlds.records_world import Room
from tests.worlds.setting_up import words_of

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
    room.hand_in("pippa", opened(room), {"status": "signed", "signed": room.day(0)})
    assert "withdrawn" not in holds(room)
    assert of_school(room) - {"waiting_for_permission"}


def test_whom_the_form_does_not_list_is_kept(room: Room) -> None:
    asked = room.press("pippa", "form.open", form="permission_to_share", family=room.family("K1936E"))
    room.hand_in("pippa", asked, {"ends": room.day(90)})
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
