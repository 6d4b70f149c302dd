"""The part of an export that says what the unit holds about a family: ideas, agreements, actions, agreed roles."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from storage.database.bodies import HypothesisBody, TextBody
from storage.database.tables import Action, Agreement, Family, Hypothesis
from storage.database.tables_decisions import HypothesisPosition
from storage.database.vault import unseal
from storage.decisions import actions, agreements, hypotheses, roles
from storage.export.names import Names, iso


def hypotheses_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """The family's ideas, oldest first, each with its whole history."""
    return [_hypothesis(session, idea, names) for idea in reversed(hypotheses.of_family(session, family.id))]


def _hypothesis(session: Session, idea: Hypothesis, names: Names) -> dict[str, Any]:
    return {
        "id": names(idea.id),
        "family": names(idea.family_id),
        **_words(hypotheses.words(session, idea)),
        "riskiest_if_dropped": idea.riskiest,
        "owner": names.who(idea.offered_by_id, idea.offered_outside),
        "recorded_by": names(idea.recorded_by_id),
        "recorded_at": iso(idea.recorded_at),
        "raised": iso(idea.raised_on),
        "review": iso(idea.test_due_on),
        "test_owner": names(idea.test_owner_id),
        "status": idea.status,
        "replaces": names(idea.replaces_id),
        "discussion": idea.discussion_id,
        "history": [
            {
                "what": change.what,
                "status": change.status,
                "by": names(change.by_id),
                "at": iso(change.at),
                "note": body.note,
                "before": _words(body.before) if body.before else None,
                "discussion": change.discussion_id,
            }
            for change, body in hypotheses.history(session, idea)
        ],
        "positions": [_position(session, row, names) for row in _positions(session, idea)],
    }


def _words(body: HypothesisBody) -> dict[str, Any]:
    return body.model_dump()


def _positions(session: Session, idea: Hypothesis) -> list[HypothesisPosition]:
    """Every position ever taken, oldest first."""
    wanted = select(HypothesisPosition).where(HypothesisPosition.hypothesis_id == idea.id)
    return list(session.exec(wanted.order_by(col(HypothesisPosition.at), col(HypothesisPosition.id))))


def _position(session: Session, row: HypothesisPosition, names: Names) -> dict[str, Any]:
    text = unseal(session, row, TextBody).text
    return {"person": names(row.person_id), "stance": row.stance, "sentence": text, "at": iso(row.at)}


def agreements_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """The family's joint working agreements, oldest first, with every version and who confirmed it."""
    return [_agreement(session, found, names) for found in reversed(agreements.of_family(session, family.id))]


def _agreement(session: Session, agreement: Agreement, names: Names) -> dict[str, Any]:
    return {
        "id": names(agreement.id),
        "family": names(agreement.family_id),
        "status": agreement.status,
        "made": iso(agreement.made_on),
        "review_on": iso(agreement.review_on),
        "ended": iso(agreement.ended_on),
        "current": agreement.current,
        "discussion": agreement.discussion_id,
        "versions": [
            {
                "no": version.no,
                "offered_by": names(version.offered_by_id),
                "at": iso(version.at),
                "social_work": {"by": names(version.social_work_by_id), "at": iso(version.social_work_at)},
                "clinical": {"by": names(version.clinical_by_id), "at": iso(version.clinical_at)},
                **names.inside(body.model_dump()),
            }
            for version, body in agreements.versions(session, agreement)
        ],
    }


def actions_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """The family's actions, oldest first, with everything that happened to each."""
    return [_action(session, found, names) for found in actions.of_family(session, family.id)]


def _action(session: Session, action: Action, names: Names) -> dict[str, Any]:
    body = actions.words(session, action)
    return {
        "id": names(action.id),
        "family": names(action.family_id),
        **body.model_dump(),
        "owner": names.who(action.owner_id, action.owner_outside),
        "recorded_by": names(action.recorded_by_id),
        "created": iso(action.created_on),
        "original_due": iso(action.original_due_on),
        "due": iso(action.due_on),
        "carried_over": action.carried_over,
        "status": action.status,
        "closed": iso(action.closed_on),
        "plan_outcome": action.plan_outcome,
        "discussion": action.discussion_id,
        "history": [
            {
                "what": change.what,
                "by": names(change.by_id),
                "at": iso(change.at),
                "due": iso(change.due_on),
                "owner": names(change.owner_id),
                "note": note,
                "discussion": change.discussion_id,
            }
            for change, note in actions.history(session, action)
        ],
    }


def roles_of(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    """Who does what for the family, also what has ended."""
    return [
        {
            "id": role.id,
            "family": names(role.family_id),
            "person": names(role.person_id),
            **roles.words(session, role).model_dump(),
            "from": iso(role.from_on),
            "until": iso(role.until_on),
            "recorded_by": names(role.recorded_by_id),
            "discussion": role.discussion_id,
        }
        for role in roles.of_family(session, family.id)
    ]
