"""Everything somebody has in hand in a unit, so that others can go on with it when they leave. Nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from prompts_and_forms.clinical import pathway
from prompts_and_forms.states import IdeaStatus
from storage.clinical import clinical_work, episodes
from storage.database.tables import Hypothesis
from storage.database.tables_decisions import AgreedRole
from storage.decisions import actions, conversations, hypotheses, roles
from storage.family import families
from storage.forms import drafts


class Kind(StrEnum):
    """What kind of work it is."""

    LEADS = "leads"
    CLINICIAN = "clinician"
    ACTION = "action"
    ROLE = "role"
    TEST = "test"
    TALK = "talk"
    DRAFT = "draft"


@dataclass(frozen=True)
class Work:
    """`row_id` is the family, episode, action, role, idea, form or draft; `words` say what it is."""

    kind: Kind
    row_id: str
    family_id: str
    words: str = ""
    due_on: date | None = None

    @property
    def key(self) -> str:
        """How a form's row names it."""
        return f"{self.kind}-{self.row_id}"


def of_person(session: Session, unit_id: str, person_id: str, now: datetime) -> list[Work]:
    """Families and clinical work first, then actions by their day, roles, tests, conversations, half-written forms."""
    held = families.open_families(session, unit_id)
    ids = [family.id for family in held]
    found = [Work(Kind.LEADS, family.id, family.id) for family in held if family.lead_worker_id == person_id]
    found += _clinical(session, ids, person_id)
    for action in actions.open_of_person(session, person_id, unit_id):
        words = actions.words(session, action).text
        found.append(Work(Kind.ACTION, action.id, action.family_id, words, action.due_on))
    found += _roles(session, ids, person_id)
    found += _tests(session, ids, person_id)
    for talk in conversations.of_person(session, unit_id, person_id, now):
        found.append(Work(Kind.TALK, talk.entry.id, talk.entry.family_id or "", "", talk.on))
    for draft in drafts.drafts_of(session, person_id):
        if draft.family_id in ids and draft.form not in drafts.PRIVATE_FORMS:
            found.append(Work(Kind.DRAFT, draft.id, draft.family_id or "", draft.form))
    return found


def _clinical(session: Session, ids: list[str], person_id: str) -> list[Work]:
    found = []
    for family_id, work in clinical_work.of_families(session, ids).items():
        episode = episodes.current(session, family_id)
        if work.clinician_id == person_id and work.state in pathway.UNDER_WAY and episode is not None:
            found.append(Work(Kind.CLINICIAN, episode.id, family_id))
    return found


def _roles(session: Session, ids: list[str], person_id: str) -> list[Work]:
    wanted = select(AgreedRole).where(
        col(AgreedRole.family_id).in_(ids), AgreedRole.person_id == person_id, col(AgreedRole.until_on).is_(None)
    )
    rows = session.exec(wanted.order_by(col(AgreedRole.from_on), col(AgreedRole.id)))
    return [Work(Kind.ROLE, row.id, row.family_id, roles.words(session, row).role) for row in rows]


def _tests(session: Session, ids: list[str], person_id: str) -> list[Work]:
    wanted = select(Hypothesis).where(
        col(Hypothesis.family_id).in_(ids),
        Hypothesis.test_owner_id == person_id,
        Hypothesis.status != IdeaStatus.DROPPED,
    )
    rows = session.exec(wanted.order_by(col(Hypothesis.raised_on), col(Hypothesis.id)))
    return [
        Work(Kind.TEST, row.id, row.family_id, hypotheses.words(session, row).next_test, row.test_due_on)
        for row in rows
        if hypotheses.words(session, row).next_test.strip()
    ]
