"""The unit's caseload and its actions as rows, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlmodel import col, select

from bot.documents.sheets import Cell, Sheet
from bot.documents.source import Source
from handlers import show_records
from prompts_and_forms import wording_documents as wording
from prompts_and_forms import wording_records as records
from prompts_and_forms.wording_setup import category_words
from storage import actions, families, people
from storage.tables import Action, Family

CASELOAD_WIDTHS = (14, 10, 22, 14, 20, 10, 16, 10, 14, 14, 14, 12, 12)
ACTION_WIDTHS = (14, 50, 20, 14, 14, 14, 12, 12, 14, 16, 40)


def caseload(source: Source) -> Sheet:
    """One row a family, open ones first."""
    return Sheet(wording.CASELOAD, wording.CASELOAD_HEAD, _families(source), CASELOAD_WIDTHS)


def action_list(source: Source) -> Sheet:
    """One row an action, with the days it is overdue on the unit's own day."""
    return Sheet(wording.ACTIONS, wording.ACTION_LIST_HEAD, _actions(source), ACTION_WIDTHS)


def _every_family(source: Source) -> list[Family]:
    wanted = select(Family).where(Family.unit_id == source.unit.id)
    return list(
        source.session.exec(wanted.order_by(col(Family.status).desc(), col(Family.allocated_on), col(Family.id)))
    )


def _families(source: Source) -> Iterator[Sequence[Cell]]:
    session = source.session
    for family in _every_family(source):
        body = families.body(session, family)
        children = families.children(session, family.id)
        seen = [child.last_seen_on for child, _ in children]
        still = [one for one in actions.of_family(session, family.id) if one.status == "open"]
        yield (
            body.ref,
            family.status,
            category_words(family.category),
            family.allocated_on,
            people.name_of(session, family.lead_worker_id) if family.lead_worker_id else "",
            len(children),
            min((day for day in seen if day), default=None) if None not in seen else None,
            len(still),
            family.last_discussed_on,
            family.last_full_on,
            family.next_on,
            body.dates.get("next_review"),
            family.closed_on,
        )


def _actions(source: Source) -> Iterator[Sequence[Cell]]:
    session = source.session
    for family in _every_family(source):
        ref = families.body(session, family).ref
        for action in actions.of_family(session, family.id):
            yield _action(source, ref, action)


def _action(source: Source, ref: str, action: Action) -> Sequence[Cell]:
    body = actions.words(source.session, action)
    late = (source.today - action.due_on).days if action.due_on and action.status == "open" else 0
    return (
        ref,
        body.text,
        show_records.owner_words(source.session, action),
        records.ACTION_STATUS[action.status],
        action.created_on,
        action.due_on,
        max(late, 0),
        action.carried_over,
        action.plan_outcome,
        action.closed_on,
        body.how_we_know,
    )
