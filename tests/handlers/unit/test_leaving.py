"""Somebody leaves with work in hand: one list and one form; and a unit that gets another lead."""

from __future__ import annotations

import pytest

from handlers.turn import Answer, Ask, Done, EventKind, Note, Wrong
from storage.database.db import Database
from storage.database.tables import Action, Family
from storage.decisions import roles
from storage.unit import people, work_left
from storage.unit.work_left import Kind
from tests.worlds.council.two_units import TwoUnits
from tests.worlds.in_memory import words_of

REF = "K3107C"


@pytest.fixture
def council(db: Database) -> TwoUnits:
    found = TwoUnits(db)
    talk = found.discuss(REF)
    found.record("devan", "action", talk, {"text": "Ring Nan", "owner": found.people["devan"], "due": found.day(7)})
    found.record("devan", "role", talk, {"role": "sees the children alone", "person": found.people["devan"]})
    said = {"by": found.people["devan"], "when": found.day(5), "opening_line": "We wondered about mornings."}
    found.record("devan", "conversation", talk, said)
    return found


def in_hand(council: TwoUnits, who: str) -> dict[Kind, list[work_left.Work]]:
    with council.reading() as session:
        found = work_left.of_person(session, council.unit.unit_id, council.people[who], council.now)
    return {kind: [one for one in found if one.kind is kind] for kind in Kind}


def asked(council: TwoUnits, who: str = "pippa", leaver: str = "devan") -> Ask:
    answer = council.press(who, "unit.work_left", unit=council.unit.unit_id, person=council.people[leaver])
    assert isinstance(answer, Ask), answer
    return answer


def rows(council: TwoUnits, to: str, *kinds: Kind) -> dict[str, str]:
    found = in_hand(council, "devan")
    return {f"rows#{one.key}#to": council.people[to] for kind in kinds for one in found[kind]}


def hand_in(council: TwoUnits, ask: Ask, values: dict[str, str], who: str = "pippa") -> Answer:
    return council.send(who, EventKind.SUBMIT, name=ask.view.form, args=dict(ask.view.args), values=values)


def test_everything_in_hand_is_in_one_list_before_somebody_leaves(council: TwoUnits) -> None:
    shown = council.press("pippa", "unit.leaver", unit=council.unit.unit_id, chosen=council.people["devan"])
    assert isinstance(shown, Note)
    said = words_of(shown)
    for line in ("lead worker", "Ring Nan (Tue 24 Nov)", "role: sees the children alone", "a conversation with"):
        assert line in said, said
    assert "[Hand over their work]" in said


def test_one_form_gives_each_thing_somebody_new_and_they_hear_of_it(council: TwoUnits) -> None:
    with council.reading() as session:
        before = {one.row_id for one in in_hand(council, "devan")[Kind.LEADS]}
    kinds = (Kind.LEADS, Kind.ACTION, Kind.ROLE, Kind.TALK)
    done = hand_in(council, asked(council), rows(council, "marisol", *kinds))
    assert isinstance(done, Done), done
    now, theirs = in_hand(council, "devan"), in_hand(council, "marisol")
    assert all(now[kind] == [] for kind in kinds)
    assert before <= {one.row_id for one in theirs[Kind.LEADS]}
    assert "Ring Nan" in [one.words for one in theirs[Kind.ACTION]]
    assert [one.words for one in theirs[Kind.ROLE] if one.family_id == council.family(REF)]
    assert theirs[Kind.TALK]
    assert "Pippa has given you work that was Devan's" in council.reads("marisol", "/work_of:")
    with council.reading() as session:
        held = roles.of_family(session, council.family(REF))
        ended = [one for one in held if one.person_id == council.people["devan"]]
        assert ended
        assert all(one.until_on is not None for one in ended)
        family = session.get_one(Family, council.family(REF))
        assert family.lead_worker_id == council.people["marisol"]


def test_what_is_left_open_stays_by_name_and_is_listed_again(council: TwoUnits) -> None:
    done = hand_in(council, asked(council), rows(council, "marisol", Kind.ACTION))
    assert isinstance(done, Done)
    assert "still with Devan" in words_of(done)
    with council.reading() as session:
        (ring,) = [one for one in in_hand(council, "marisol")[Kind.ACTION] if one.words == "Ring Nan"]
        assert session.get_one(Action, ring.row_id).owner_id == council.people["marisol"]


def test_clinical_work_goes_to_a_clinician_and_what_was_chosen_stays(council: TwoUnits) -> None:
    tomasz = in_hand(council, "tomasz")[Kind.CLINICIAN]
    assert tomasz
    key = f"rows#{tomasz[0].key}#to"
    answer = hand_in(council, asked(council, leaver="tomasz"), {key: council.people["marisol"]})
    assert isinstance(answer, Wrong)
    assert "clinician" in answer.errors[key]
    taken = hand_in(council, asked(council, leaver="tomasz"), {key: council.people["ngozi"]})
    assert isinstance(taken, Done), taken
    assert in_hand(council, "ngozi")[Kind.CLINICIAN]


def test_it_can_be_handed_over_after_somebody_has_left_and_by_nobody_else(council: TwoUnits) -> None:
    left = council.press("pippa", "unit.left", unit=council.unit.unit_id, person=council.people["devan"])
    assert isinstance(left, Note)
    assert "[Hand over their work]" in words_of(left)
    done = hand_in(council, asked(council), rows(council, "marisol", Kind.LEADS))
    assert isinstance(done, Done), done
    refused = council.press("marisol", "unit.work_left", unit=council.unit.unit_id, person=council.people["tomasz"])
    assert isinstance(refused, Note)
    assert "look after this" in words_of(refused)


def test_ones_own_work_one_hands_over_oneself(council: TwoUnits) -> None:
    done = hand_in(council, asked(council, "devan"), rows(council, "marisol", Kind.ACTION), "devan")
    assert isinstance(done, Done), done
    nothing = council.press("graham", "unit.work_left", unit=council.unit.unit_id, person=council.people["graham"])
    assert "nothing in hand" in words_of(nothing)


# ---- another lead


def make_lead(council: TwoUnits, who: str, by: str = "dagny") -> None:
    opened = council.press(by, "unit.member", unit=council.heron.unit_id, chosen=council.people[who])
    assert isinstance(opened, Ask)
    assert isinstance(council.hand_in(by, opened, {"unit_lead": True, "deputy": False}), Done)


def test_a_new_lead_hears_what_waits_and_is_asked_for_the_families_that_were_asked_for(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id, ref="K4419D")
    make_lead(council, "bryn")
    with council.reading() as session:
        lead = people.unit_lead(session, council.heron.unit_id)
        assert lead is not None
        assert lead.id == council.people["bryn"]
    said = council.reads("bryn", "/lead:")
    assert "You lead Heron Unit from now on" in said
    assert "Another unit asks you to take a family." in said
    assert "K4419D" in council.reads("bryn", "/asked/")
    assert council.message("ama", "/asked/") is None
