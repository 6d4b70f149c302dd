"""Ideas, agreements, actions, roles and reflections keep their history, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from storage.database.bodies import ActionBody, AgreementBody, FamilyBody, HypothesisBody, ReflectionBody, RoleBody
from storage.database.db import Database
from storage.database.tables import Family
from storage.database.tables_machinery import Audit, DataKey
from storage.database.vault import Scope, Vault, VaultTrouble, seal, unseal
from storage.decisions import actions, agreements, hypotheses, reflections, roles
from storage.decisions.actions import OUTSIDE, Change
from storage.decisions.hypotheses import Raised
from storage.family import families
from tests.worlds.storage_world import NOW, a_person, a_unit, later

TODAY = date(2026, 3, 2)
IDEA = HypothesisBody(text="Perhaps one.", evidence_for=["a"], evidence_against=["b"], would_change_mind="c")


def a_family(session: Session) -> tuple[Family, str]:
    """A family of a unit, and one person of that unit."""
    unit, person = a_unit(session), a_person(session)
    family = families.add_family(
        session,
        unit_id=unit.id,
        known=FamilyBody(ref="K3107C"),
        category="child_in_need",
        allocated_on=TODAY,
        lead_worker_id=person.id,
        visiting_days=None,
        decided_by_id=person.id,
        now=NOW,
    )
    return family, person.id


def change(who: str, seconds: float = 0, note: str = "") -> Change:
    return Change(by_id=who, now=later(seconds), today=TODAY, note=note)


def test_an_idea_remembers_its_words_and_its_status_with_who_and_why(db: Database) -> None:
    with db.write() as session:
        family, who = a_family(session)
        idea = hypotheses.offer(session, family.id, IDEA, Raised(raised_on=TODAY, offered_by_id=who), now=NOW)
        second = IDEA.model_copy(update={"text": "Perhaps two."})
        hypotheses.reword(session, idea, second, by_id=who, now=later(1))
        hypotheses.reword(session, idea, second, by_id=who, now=later(2))
        hypotheses.set_status(session, idea, "weakened", by_id=who, now=later(3), note="It did not fit.")
        idea_id = idea.id
    with db.read() as session:
        found = hypotheses.by_id(session, idea_id)
        assert found is not None
        history = hypotheses.history(session, found)
    assert [row.what for row, _ in history] == ["offered", "reworded", "status"]
    assert history[1][1].before == IDEA
    assert (history[2][0].status, history[2][1].note) == ("weakened", "It did not fit.")


def test_ideas_set_aside_are_left_out_only_when_asked(db: Database) -> None:
    with db.write() as session:
        family, who = a_family(session)
        idea = hypotheses.offer(session, family.id, IDEA, Raised(raised_on=TODAY), now=NOW)
        hypotheses.set_status(session, idea, "dropped", by_id=who, now=later(1))
        assert hypotheses.of_family(session, family.id, only_live=True) == []
        assert [one.id for one in hypotheses.of_family(session, family.id)] == [idea.id]
        assert hypotheses.choices(session, family.id) == [(idea.id, "(set aside) Perhaps one.")]


@pytest.mark.parametrize(
    ("against", "mind", "unfinished"), [(["x"], "y", False), ([], "y", True), (["x"], " ", True), ([" "], "y", True)]
)
def test_an_idea_needs_something_against_it_and_something_that_would_change_minds(
    against: list[str], mind: str, unfinished: bool
) -> None:
    body = HypothesisBody(text="x", evidence_against=against, would_change_mind=mind)
    assert hypotheses.is_unfinished(body) is unfinished


def test_an_action_counts_only_carry_overs_and_remembers_everything(db: Database) -> None:
    with db.write() as session:
        family, who = a_family(session)
        body = ActionBody(text="Ring school")
        action = actions.make(session, family.id, body, change(who), owner=None, due_on=None)
        actions.correct(session, action, body, change(who, 1), owner=who, due_on=TODAY, plan_outcome=None)
        actions.leave_open(session, action, "not_done", change(who, 2))
        actions.carry_over(session, action, TODAY + timedelta(days=7), change(who, 3))
        actions.carry_over(session, action, TODAY + timedelta(days=14), change(who, 4))
        actions.hand_over(session, action, OUTSIDE, None, change(who, 5))
        assert actions.is_stuck(action)
        assert (action.original_due_on, action.due_on) == (TODAY, TODAY + timedelta(days=14))
        assert (action.owner_id, action.owner_outside) == (None, True)
        actions.finish(session, action, change(who, 6, "They rang back."))
        history = actions.history(session, action)
    whats = ["made", "reworded", "not_done", "carried_over", "carried_over", "handed_over", "done"]
    assert [row.what for row, _ in history] == whats
    assert history[-1][1] == "They rang back."


def test_stuck_actions_come_first_and_those_without_a_date_last(db: Database) -> None:
    with db.write() as session:
        family, who = a_family(session)
        for text, due in (("no date", None), ("soon", TODAY), ("stuck", TODAY + timedelta(days=30))):
            made = actions.make(session, family.id, ActionBody(text=text), change(who), owner=who, due_on=due)
            made.carried_over = 2 if text == "stuck" else 0
        found = actions.open_actions(session, family.id)
        assert [actions.words(session, one).text for one in found] == ["stuck", "soon", "no date"]


def test_an_action_is_not_dropped_without_a_reason(db: Database) -> None:
    with db.write() as session:
        family, who = a_family(session)
        action = actions.make(session, family.id, ActionBody(text="x"), change(who), owner=who, due_on=TODAY)
        with pytest.raises(ValueError, match="reason"):
            actions.drop(session, action, change(who, note="  "))


def test_an_agreement_is_active_with_both_sides_and_offered_again_after_a_change(db: Database) -> None:
    body = AgreementBody(space="home_visit", focus="Mornings")
    with db.write() as session:
        family, who = a_family(session)
        other = a_person(session, "Tomasz", "U2").id
        agreement = agreements.offer(session, family.id, body, by_id=who, made_on=TODAY, now=NOW)
        assert not agreements.confirm(session, agreement, "social_work", by_id=who, now=later(1))
        assert agreements.confirm(session, agreement, "clinical", by_id=other, now=later(2))
        assert agreement.status == "active"
        assert agreements.waiting(session, family.unit_id) == []
        agreements.change(session, agreement, body.model_copy(update={"sessions": 4}), by_id=who, now=later(3))
        assert [one.id for one in agreements.waiting(session, family.unit_id)] == [agreement.id]
        agreements.end(session, agreement, "Small changes.", by_id=who, on=TODAY, now=later(4))
        versions = agreements.versions(session, agreement)
    assert [(row.no, words.sessions, words.noticed) for row, words in versions] == [
        (1, None, ""),
        (2, 4, "Small changes."),
    ]
    assert versions[0][0].clinical_by_id == other


def test_a_reflection_is_unreadable_without_its_persons_key(db: Database, vault: Vault) -> None:
    with db.write() as session:
        family, who = a_family(session)
        kept = reflections.keep(
            session,
            ReflectionBody(note="Too near."),
            person_id=who,
            unit_id=family.unit_id,
            recorded_by_id=who,
            now=NOW,
            reading="too_close",
        )
        kept_id = kept.id
    with db.write() as session:
        found = reflections.by_id(session, kept_id)
        assert found is not None
        assert reflections.words(session, found).note == "Too near."
        session.exec(delete(DataKey).where(col(DataKey.kind) == "person"))  # type: ignore[call-overload]
    fresh = Vault(bytes(range(32)))
    with db.read() as session:
        session.info["vault"] = fresh
        found = reflections.by_id(session, kept_id)
        assert found is not None
        with pytest.raises(VaultTrouble):
            reflections.words(session, found)


def test_a_role_holds_until_it_ends(db: Database) -> None:
    with db.write() as session:
        family, who = a_family(session)
        role = roles.agree(
            session,
            family.id,
            RoleBody(role="lead worker"),
            person_id=who,
            from_on=TODAY,
            until_on=None,
            recorded_by_id=who,
            now=NOW,
        )
        assert [one.id for one in roles.of_family(session, family.id, TODAY)] == [role.id]
        roles.end(session, role, TODAY, by_id=who, now=later(1))
        assert roles.of_family(session, family.id, TODAY + timedelta(days=1)) == []
        assert len(roles.of_family(session, family.id)) == 1


def test_every_write_leaves_an_audit_row_with_ids_only(db: Database) -> None:
    with db.write() as session:
        family, who = a_family(session)
        hypotheses.offer(session, family.id, IDEA, Raised(raised_on=TODAY, recorded_by_id=who), now=NOW)
        actions.make(session, family.id, ActionBody(text="x"), change(who), owner=who, due_on=TODAY)
    with db.read() as session:
        rows = session.exec(select(Audit).where(Audit.family_id == family.id))
        noted = {(row.what, row.person_id) for row in rows}
    assert noted >= {("offered", who), ("action_made", who)}


def test_what_a_newer_version_wrote_is_carried_along_by_an_older_one(db: Database) -> None:
    with db.write() as session:
        family, _person = a_family(session)
        known = unseal(session, family, FamilyBody)
        grown = FamilyBody.model_validate(known.model_dump() | {"motto": "as ever"})
        seal(session, family, grown, Scope.family(family.id))
    with db.write() as session:
        again = session.exec(select(Family)).one()
        changed = unseal(session, again, FamilyBody).model_copy(update={"initials": "AB"})
        seal(session, again, changed, Scope.family(again.id))
    with db.read() as session:
        kept = unseal(session, session.exec(select(Family)).one(), FamilyBody)
    assert (kept.model_dump()["motto"], kept.initials) == ("as ever", "AB")
