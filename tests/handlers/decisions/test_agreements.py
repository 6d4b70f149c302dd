"""Joint working agreements: offered, confirmed by both sides, changed, ended; and the clinician's private look."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.turn import Answer, Ask, Done, Note
from storage.database.bodies import AgreementBody
from storage.database.tables import Agreement, AgreementVersion
from storage.decisions import agreements, reflections
from storage.forms import entries
from tests.worlds.in_memory import buttons_of, text_of
from tests.worlds.records_world import Room


def contract(room: Room, **more: Any) -> dict[str, Any]:
    return {
        "focus": "ZM and OM stop carrying messages",
        "space": "home_visit",
        "lead": room.people["orla"],
        "roles": [
            {"member": room.people["orla"], "does": "leads the first half"},
            {"member": room.people["tomasz"], "does": "leads the second half"},
        ],
        **more,
    }


def offered(room: Room, talk: str, **more: Any) -> str:
    answer = room.record("marisol", "contract", talk, contract(room, **more))
    assert isinstance(answer, Done), answer
    with room.reading() as session:
        return agreements.offered_in(session, talk)[-1].id


def look(room: Room, agreement_id: str) -> tuple[Agreement, AgreementVersion, AgreementBody]:
    with room.reading() as session:
        agreement = agreements.by_id(session, agreement_id)
        assert agreement is not None
        return agreement, agreements.current(session, agreement), agreements.words(session, agreement)


def confirm(room: Room, who: str, agreement_id: str, side: str, no: int = 1) -> Answer:
    return room.press(who, "agreement.confirm", agreement=agreement_id, side=side, no=str(no))


def said(answer: Answer) -> str:
    assert isinstance(answer, Note), answer
    return text_of(answer.card)


def test_focus_space_lead_and_roles_are_enough_to_offer_one(room: Room) -> None:
    talk = room.discuss("K2284H", stage="rehearse")
    agreement_id = offered(room, talk)
    agreement, version, body = look(room, agreement_id)
    assert (agreement.status, version.no) == ("offered", 1)
    assert body.roles[1] == {"member": room.people["tomasz"], "does": "leads the second half"}
    (key,) = room.messages("agreement:")
    shown = room.card(key)
    labels = [button.label for button in buttons_of(shown)]
    assert labels[:2] == ["Confirm for social work", "Confirm for clinical side"]
    assert "Offered, not confirmed by both sides." in text_of(shown)
    assert room.messages("entry:") == []


def test_it_is_active_only_when_both_sides_have_confirmed(room: Room) -> None:
    talk = room.discuss("K2284H")
    agreement_id = offered(room, talk)
    assert "other side has still to confirm" in said(confirm(room, "orla", agreement_id, "social_work"))
    assert look(room, agreement_id)[0].status == "offered"
    assert "agreement is active" in said(confirm(room, "tomasz", agreement_id, "clinical"))
    agreement, version, _ = look(room, agreement_id)
    assert agreement.status == "active"
    assert (version.social_work_by_id, version.clinical_by_id) == (room.people["orla"], room.people["tomasz"])


@pytest.mark.parametrize(
    ("who", "side"),
    [("tomasz", "social_work"), ("pippa", "social_work"), ("orla", "clinical"), ("marisol", "clinical")],
)
def test_nobody_confirms_for_a_side_that_is_not_theirs(room: Room, who: str, side: str) -> None:
    agreement_id = offered(room, room.discuss("K2284H"))
    confirm(room, who, agreement_id, side)
    _, version, _ = look(room, agreement_id)
    assert (version.social_work_by_id, version.clinical_by_id) == (None, None)


def test_the_clinical_manager_can_stand_in_for_the_clinical_side(room: Room) -> None:
    agreement_id = offered(room, room.discuss("K2284H"))
    confirm(room, "ngozi", agreement_id, "clinical")
    assert look(room, agreement_id)[1].clinical_by_id == room.people["ngozi"]


def test_a_change_is_a_new_version_that_both_confirm_again(room: Room) -> None:
    talk = room.discuss("K2284H")
    agreement_id = offered(room, talk)
    confirm(room, "orla", agreement_id, "social_work")
    confirm(room, "tomasz", agreement_id, "clinical")
    asked = room.press("orla", "agreement.edit", agreement=agreement_id, discussion=talk)
    room.hand_in("orla", asked, {"sessions": 4, "review": {"after_sessions": 4, "date": room.day(35)}})
    agreement, version, body = look(room, agreement_id)
    assert (agreement.status, agreement.current) == ("offered", 2)
    assert (version.social_work_by_id, version.clinical_by_id) == (None, None)
    assert (body.sessions, agreement.review_on and agreement.review_on.isoformat()) == (4, room.day(35))
    with room.reading() as session:
        first, second = agreements.versions(session, agreement)
    assert (first[1].sessions, second[1].sessions) == (None, 4)
    assert first[0].clinical_by_id == room.people["tomasz"]


def test_a_press_on_the_older_version_is_told_that_there_is_a_newer_one(room: Room) -> None:
    talk = room.discuss("K2284H")
    agreement_id = offered(room, talk)
    asked = room.press("orla", "agreement.edit", agreement=agreement_id, discussion=talk)
    room.hand_in("orla", asked, {"sessions": 4})
    assert "newer version" in said(confirm(room, "orla", agreement_id, "social_work", no=1))
    assert look(room, agreement_id)[1].social_work_by_id is None


def test_it_ends_with_what_was_noticed(room: Room) -> None:
    talk = room.discuss("K3107C")
    agreement_id = room.unit.agreements["c01"]
    asked = room.press("tomasz", "agreement.end", agreement=agreement_id, discussion=talk)
    room.hand_in("tomasz", asked, {"noticed": "AD set the alarm herself."})
    agreement, _, body = look(room, agreement_id)
    assert (agreement.status, body.noticed) == ("ended", "AD set the alarm herself.")
    assert "has ended" in said(room.press("orla", "agreement.edit", agreement=agreement_id))


def test_school_forms_without_a_full_permission_are_pointed_out_and_the_agreement_is_kept(room: Room) -> None:
    talk = room.discuss("K2284H")
    measures = [
        {"measure": "SDQ", "version": "parent_4_17", "who": "IH", "when": "start"},
        {"measure": "SDQ", "version": "teacher_4_17", "who": "class teacher", "when": "start"},
    ]
    offered(room, talk, measures=measures)
    (remark,) = room.remarks(talk, "permission_missing")
    assert remark.params["for"] == "teacher SDQ"


def test_school_forms_with_a_signed_permission_that_names_school_are_fine(room: Room) -> None:
    talk = room.discuss("K3107C")
    offered(room, talk, measures=[{"measure": "SDQ", "version": "teacher_4_17", "who": "class teacher"}])
    assert room.codes(talk) == []


def test_a_newly_signed_permission_counts_at_once(room: Room) -> None:
    talk = room.discuss("K2284H")
    said = {"status": "signed", "scope": ["school"], "signed": room.day(0), "signed_by": ["K2284H-A", "K2284H-B"]}
    room.record("pippa", "permission_to_share", talk, said)
    offered(room, talk, measures=[{"measure": "SDQ", "version": "teacher_4_17"}])
    assert "permission_missing" not in room.codes(talk)


class TestThePrivateLook:
    look = {"reading": "too_close", "note": "I had begun to chase the school myself."}

    def test_it_is_kept_for_the_clinician_and_in_no_record_of_the_family(self, room: Room) -> None:
        talk = room.discuss("K2284H")
        agreement_id = offered(room, talk, boundary_check=self.look)
        with room.reading() as session:
            (entry,) = entries.of_discussion(session, talk, "contract")
            assert "boundary_check" not in entries.answers(session, entry)
            (kept,) = (
                one for one in reflections.of_unit(session, room.unit.unit_id) if one.agreement_id == agreement_id
            )
            assert (kept.person_id, kept.reading) == (room.people["tomasz"], "too_close")
            assert reflections.words(session, kept).note == self.look["note"]
        (key,) = room.messages("agreement:")
        assert "chase the school" not in text_of(room.card(key))

    def test_the_clinician_and_the_clinical_manager_can_read_it_and_nobody_else(self, room: Room) -> None:
        offered(room, room.discuss("K2284H"), boundary_check=self.look)
        for who in ("tomasz", "ngozi"):
            assert "chase the school" in said(room.command(who, "/agreement", "reflections"))
        for who in ("orla", "pippa", "marisol", "graham"):
            assert "chase the school" not in said(room.command(who, "/agreement", "reflections"))

    def test_a_clinician_reflects_between_meetings_and_may_share_it(self, room: Room) -> None:
        asked = room.command("tomasz", "/agreement", "reflect")
        assert isinstance(asked, Ask)
        room.hand_in("tomasz", asked, {"reading": "healthy", "rule_noticed": "Nobody asks fathers."})
        with room.reading() as session:
            kept = reflections.of_person(session, room.people["tomasz"], room.unit.unit_id)[-1]
        assert "Nobody asks fathers." not in said_or_refused(room, "orla")
        room.press("tomasz", "reflection.share", reflection=kept.id)
        assert "Nobody asks fathers." in said_or_refused(room, "orla")

    def test_nobody_else_is_asked_for_one(self, room: Room) -> None:
        assert "private to the clinician" in said(room.command("orla", "/agreement", "reflect"))


def said_or_refused(room: Room, who: str) -> str:
    return said(room.command(who, "/agreement", "reflections"))


class TestBetweenMeetings:
    def test_those_named_in_it_who_can_confirm_are_asked_in_person(self, room: Room) -> None:
        asked = room.command("orla", "/agreement", "K2284H")
        room.hand_in("orla", asked, contract(room))
        (key,) = room.messages("agreement:")
        assert key.endswith(f"/to:{room.people['tomasz']}")
        confirm_button = next(one for one in buttons_of(room.card(key)) if one.action == "agreement.confirm")
        assert confirm_button.label == "Confirm for clinical side"
        room.press("tomasz", confirm_button.action, **confirm_button.args)
        assert look(room, confirm_button.args["agreement"])[1].clinical_by_id == room.people["tomasz"]

    def test_offering_it_between_meetings_is_the_yes_of_ones_own_side(self, room: Room) -> None:
        asked = room.command("orla", "/agreement", "K2284H")
        assert isinstance(asked, Ask)
        assert "Offering it is your yes for social work. The other side is asked today." in str(asked.view.intro)
        room.hand_in("orla", asked, contract(room))
        (key,) = room.messages("agreement:")
        (agreement_id,) = {one.args["agreement"] for one in buttons_of(room.card(key)) if "agreement" in one.args}
        agreement, version, _ = look(room, agreement_id)
        assert (agreement.status, version.social_work_by_id, version.clinical_by_id) == (
            "offered",
            room.people["orla"],
            None,
        )

    def test_who_speaks_for_no_side_says_no_yes_by_offering(self, room: Room) -> None:
        asked = room.command("pippa", "/agreement", "K2284H")
        assert isinstance(asked, Ask)
        assert "your yes" not in str(asked.view.intro)
        room.hand_in("pippa", asked, contract(room))
        key = room.messages("agreement:")[0]
        (agreement_id,) = {one.args["agreement"] for one in buttons_of(room.card(key)) if "agreement" in one.args}
        _, version, _ = look(room, agreement_id)
        assert (version.social_work_by_id, version.clinical_by_id) == (None, None)

    def test_the_list_and_help(self, room: Room) -> None:
        assert "Mornings that belong to the grown-ups again" in said(room.command("orla", "/agreement", "list K3107C"))
        assert "/agreement reflect" in said(room.command("orla", "/agreement", "help"))
        assert "I do not know" in said(room.command("orla", "/agreement", "sign it all"))
