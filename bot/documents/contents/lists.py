"""The unit's caseload, its actions and its tracking form as rows, for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlmodel import col, select

from bot.documents.formats.sheets import Cell, Sheet
from bot.documents.source import Source
from handlers.entries import lists
from prompts_and_forms.clinical.tracking_rules import KINDS
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.states import ActionStatus
from prompts_and_forms.unit.wording import category_words
from storage.clinical import tracking
from storage.database.bodies import TextBody
from storage.database.tables import Action, Family
from storage.database.vault import unseal
from storage.decisions import actions
from storage.family import families
from storage.unit import people

CASELOAD_WIDTHS = (14, 10, 22, 14, 20, 10, 16, 10, 14, 14, 14, 12, 12)
ACTION_WIDTHS = (14, 50, 20, 14, 14, 14, 12, 12, 40, 16, 40)
TRACKING_WIDTHS = (14, 14, 16, 20, 20, 24, 24, 50, 30, 30, 40, 20)


def caseload(source: Source) -> Sheet:
    """One row a family, open ones first."""
    return Sheet(documents_wording.CASELOAD, documents_wording.CASELOAD_HEAD, _families(source), CASELOAD_WIDTHS)


def action_list(source: Source) -> Sheet:
    """One row an action, with the days it is overdue on the unit's own day."""
    return Sheet(documents_wording.ACTIONS, documents_wording.ACTION_LIST_HEAD, _actions(source), ACTION_WIDTHS)


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
        still = [one for one in actions.of_family(session, family.id) if one.status == ActionStatus.OPEN]
        yield (
            body.ref,
            documents_wording.FAMILY_STATE[family.status],
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
        lines = families.outcome_rows(session, family.id, include_gone=True)
        plan = {row.key: unseal(session, row, TextBody).text for row in lines}
        for action in actions.of_family(session, family.id):
            yield _action(source, ref, action, plan)


def _action(source: Source, ref: str, action: Action, plan: Mapping[str, str]) -> Sequence[Cell]:
    body = actions.words(source.session, action)
    late = (source.today - action.due_on).days if action.due_on and action.status == ActionStatus.OPEN else 0
    return (
        ref,
        body.text,
        lists.owner_words(source.session, action),
        decisions_wording.ACTION_STATUS[action.status],
        action.created_on,
        action.due_on,
        max(late, 0),
        action.carried_over,
        plan.get(action.plan_outcome or "", ""),
        action.closed_on,
        body.how_we_know,
    )


# ---- the tracking form


def tracking_list(source: Source, asked: tracking.Asked) -> Sheet:
    """One row a line, oldest first."""
    return Sheet(documents_wording.TRACKING, documents_wording.TRACKING_HEAD, _lines(source, asked), TRACKING_WIDTHS)


def _lines(source: Source, asked: tracking.Asked) -> Iterator[Sequence[Cell]]:
    known = _Known(source)
    for row in tracking.every_line(source.session, asked):
        yield known.line(row)


class _Known:
    """Names, case references and words, each looked up once however many lines need it."""

    def __init__(self, source: Source) -> None:
        self._session = source.session
        self._refs: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._words = {
            (question.id, option.value): option.label
            for question in load_form("tracking_entry").questions
            for option in question.options
        }

    def line(self, row: tracking.Written) -> Sequence[Cell]:
        body = tracking.body(self._session, row)
        return (
            row.on,
            self._ref(row.family_id) if row.family_id else documents_wording.NO_FAMILY,
            KINDS.get(row.kind, row.kind),
            self._name(row.person_id),
            self._word("method", row.method),
            "; ".join(self._word("themes", one) for one in body.themes),
            body.diagnosis,
            body.description,
            body.progress,
            body.outcome,
            "\n".join(body.actions),
            self._name(row.recorded_by_id) if row.recorded_by_id else "",
        )

    def _ref(self, family_id: str) -> str:
        if family_id not in self._refs:
            family = families.by_id(self._session, family_id)
            self._refs[family_id] = families.body(self._session, family).ref if family else documents_wording.NO_FAMILY
        return self._refs[family_id]

    def _name(self, person_id: str) -> str:
        if person_id not in self._names:
            self._names[person_id] = people.name_of(self._session, person_id)
        return self._names[person_id]

    def _word(self, question: str, code: str) -> str:
        return self._words.get((question, code), code.replace("_", " "))
