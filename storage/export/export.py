"""Everything the bot keeps of a unit, as plain values that fit JSON. What each name means: docs/export.md.

Private reflections are not in it, and nothing of the machinery (drafts, messages on their way, audit rows).
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from storage.database.bodies import TextBody
from storage.database.tables import Family, PlanOutcome, Unit
from storage.database.tables_machinery import FamilyMove
from storage.database.vault import unseal
from storage.export.clinical import clinical_of, episodes_of, signatures_of, tracking_of
from storage.export.measures import measures_of, reviews_of, unit_reviews
from storage.export.meetings import asked_for, meetings_of, swaps_of, unit_entries
from storage.export.names import Names, iso
from storage.export.nudges import reminders_of
from storage.export.work import actions_of, agreements_of, hypotheses_of, roles_of
from storage.family import families, transfers
from storage.unit import people, units
from storage.unit.people import OUTSIDE

VERSION = 1


def export_unit(session: Session, unit_id: str, family_ref: str | None = None) -> dict[str, Any]:
    """The unit's whole record, or with `family_ref` that family's alone. Raises KeyError where there is no such one."""
    unit = session.get_one(Unit, unit_id)
    held = _families(session, unit, family_ref)
    names = Names(session, unit.id, held)
    only = {family.id for family in held} if family_ref else None
    meetings, discussions = meetings_of(session, unit, names, only)
    return {
        "schema": VERSION,
        "unit": _unit(session, unit, names),
        "members": _members(session, unit, names),
        "families": [_family(session, family, names) for family in held],
        "hypotheses": [row for family in held for row in hypotheses_of(session, family, names)],
        "agreements": [row for family in held for row in agreements_of(session, family, names)],
        "actions": [row for family in held for row in actions_of(session, family, names)],
        "roles": [row for family in held for row in roles_of(session, family, names)],
        "reminders": [row for family in held for row in reminders_of(session, family, names)],
        "reviews": [] if family_ref else unit_reviews(session, unit.id, names),
        "episodes": [row for family in held for row in episodes_of(session, family, names)],
        "tracking": tracking_of(session, unit, names, only),
        "signatures": signatures_of(session, unit, names, only),
        "swaps": [] if family_ref else swaps_of(session, unit, names),
        "asked_for": asked_for(session, unit, names, only),
        "meetings": meetings,
        "discussions": discussions,
        "entries": unit_entries(session, unit, names, only),
    }


def _families(session: Session, unit: Unit, family_ref: str | None) -> list[Family]:
    if family_ref is None:
        wanted = select(Family).where(Family.unit_id == unit.id)
        return list(session.exec(wanted.order_by(col(Family.allocated_on), col(Family.id))))
    found = families.by_ref(session, unit.id, family_ref)
    if found is None:
        raise KeyError(family_ref)
    return [found]


def _unit(session: Session, unit: Unit, names: Names) -> dict[str, Any]:
    return {
        "id": unit.slug,
        "name": unit.name,
        "channel": unit.channel,
        "timezone": unit.timezone,
        "meeting": {
            "weekday": unit.weekday,
            "start": unit.start,
            "length_minutes": unit.length_minutes,
            "every_days": unit.every_days,
        },
        "deputy": names(unit.deputy_id),
        "show_initials": unit.show_initials,
        "fictional": unit.fictional,
        "settings": unit.settings,
        "emergency_contacts": [{"who": one.who, "how": one.how} for one in units.contacts(session, unit.id)],
        "earlier_contacts": [{"who": one.who, "how": one.how} for one in units.earlier_contacts(session, unit.id)],
        "created_at": iso(unit.created_at),
    }


def _members(session: Session, unit: Unit, names: Names) -> list[dict[str, Any]]:
    return [
        {
            "id": names(person.id),
            "name": person.name,
            "chat_user": person.chat_user,
            "profession": person.profession,
            "roles": membership.roles,
            "unit_lead": membership.unit_lead,
            "linked": membership.linked,
            "in_meeting": membership.in_meeting,
            "status": membership.status,
            "joined": iso(membership.joined_on),
            "leave": {"from": iso(membership.leave_from), "until": iso(membership.leave_until)},
            "left": iso(membership.left_on),
        }
        for membership, person in people.members(session, unit.id, include_left=True)
    ]


def _family(session: Session, family: Family, names: Names) -> dict[str, Any]:
    body = families.body(session, family)
    outside = body.extra.get("lead_worker") == OUTSIDE and family.lead_worker_id is None
    plan = families.outcome_rows(session, family.id, include_gone=True)
    return {
        "ref": body.ref,
        "initials": body.initials,
        "status": family.status,
        "closed": iso(family.closed_on),
        "closings": [
            {
                "closed": iso(one.closed_on),
                "closed_by": names(one.closed_by or None),
                "why_closed": one.why_closed,
                "opened_again": iso(one.opened_on),
                "opened_by": names(one.opened_by or None),
                "why_opened": one.why_opened,
            }
            for one in body.closings
        ],
        "replaced": [{"on": iso(one.on), "by": names(one.by or None), "was": one.was} for one in body.replaced],
        "category": family.category,
        "category_history": [
            {
                "category": change.category,
                "from": iso(change.from_on),
                "decided_by": names(change.decided_by_id),
                "why": why,
                "recorded_at": iso(change.recorded_at),
            }
            for change, why in families.category_history(session, family.id)
        ],
        "allocated": iso(family.allocated_on),
        "transferred": body.transferred,
        "moves": [_move(session, one, names) for one in transfers.of_family(session, family.id)],
        "lead_worker": names.who(family.lead_worker_id, outside),
        "visiting_days": family.visiting_days,
        "summary": body.summary,
        "children": _children(session, family, names),
        "carers": _carers(session, family),
        "dates": {**{name: iso(on) for name, on in body.dates.items()}, "court": names.inside(body.court)},
        "permission_to_share": names.inside(body.permission),
        "clinical": clinical_of(session, family, names),
        "plan_outcomes": [_outcome(session, row) for row in plan],
        "measures": measures_of(session, family, names),
        "reviews": reviews_of(session, family, names),
        "last_discussed": {"on": iso(family.last_discussed_on), "kind": family.last_discussed_kind},
        "last_full": iso(family.last_full_on),
        "next_discussion": {"on": iso(family.next_on), "kind": family.next_kind},
        "extra": names.inside(body.extra),
    }


def _move(session: Session, move: FamilyMove, names: Names) -> dict[str, Any]:
    said = transfers.words(session, move)
    return {
        "from": session.get_one(Unit, move.from_unit_id).name,
        "to": session.get_one(Unit, move.to_unit_id).name,
        "on": iso(move.on),
        "state": move.state,
        "handover_meeting": iso(move.meeting_at),
        "asked_by": names(move.asked_by_id),
        "asked_at": iso(move.asked_at),
        "why": said.why,
        "what_works": said.works,
        "who_to_ring": said.ring,
        "answered_by": names(move.answered_by_id),
        "answered_at": iso(move.answered_at),
        "answer": said.answer,
        "moved_at": iso(move.moved_at),
    }


def _children(session: Session, family: Family, names: Names) -> list[dict[str, Any]]:
    return [
        {
            **names.inside(body.model_dump(exclude={"seen_place"})),
            "seen": {
                "on": iso(child.last_seen_on),
                "by": names.who(child.seen_by_id, body.extra.get("seen_by") == OUTSIDE and child.seen_by_id is None),
                "place": body.seen_place,
            },
            "seen_alone": iso(child.seen_alone_on),
            "active": child.active,
        }
        for child, body in families.children(session, family.id, include_gone=True)
    ]


def _carers(session: Session, family: Family) -> list[dict[str, Any]]:
    found = families.carers(session, family.id, include_gone=True)
    return [{**body.model_dump(), "active": carer.active} for carer, body in found]


def _outcome(session: Session, row: PlanOutcome) -> dict[str, Any]:
    return {"id": row.key, "text": unseal(session, row, TextBody).text, "active": row.active}
