"""Ideas about the pattern between people: who offered them, what speaks for and against, and how they changed.

An idea is never overwritten: every rewording and every change of status is a dated row that says who and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from prompts_and_forms.states import IdeaStatus
from storage.database.audit import audit
from storage.database.bodies import HypothesisBody, HypothesisChangeBody, TextBody
from storage.database.tables import Family, Hypothesis, HypothesisChange
from storage.database.tables_decisions import HypothesisPosition
from storage.database.vault import Scope, seal, unseal
from storage.turn import known

STANCES = ("curious", "persuaded", "not_persuaded")
CHOICE_LENGTH = 70
"""How much of an idea a drop-down shows; the whole text is on its card."""

HELD_CHOICES, ASIDE_CHOICES = 60, 20
"""A drop-down holds at most a hundred; what is held now comes first, then what was set aside last."""


@dataclass(frozen=True)
class Raised:
    """What is known of an idea beside its words."""

    raised_on: date
    offered_by_id: str | None = None
    recorded_by_id: str | None = None
    discussion_id: str | None = None
    status: IdeaStatus = IdeaStatus.LIVE
    test_due_on: date | None = None
    test_owner_id: str | None = None
    riskiest: bool = False
    replaces_id: str | None = None
    slug: str = ""


def offer(session: Session, family_id: str, body: HypothesisBody, raised: Raised, *, now: datetime) -> Hypothesis:
    """Keeps a new idea. One it replaces keeps its own status; the two are linked."""
    idea = Hypothesis(
        family_id=family_id,
        slug=raised.slug,
        raised_on=raised.raised_on,
        offered_by_id=raised.offered_by_id,
        recorded_by_id=raised.recorded_by_id,
        discussion_id=raised.discussion_id,
        status=raised.status,
        test_due_on=raised.test_due_on,
        test_owner_id=raised.test_owner_id,
        riskiest=raised.riskiest,
        replaces_id=raised.replaces_id,
        recorded_at=now,
    )
    seal(session, idea, body, Scope.family(family_id))
    session.add(idea)
    session.flush()
    _remember(session, idea, "offered", by_id=raised.recorded_by_id, now=now, discussion_id=raised.discussion_id)
    return idea


def reword(
    session: Session,
    idea: Hypothesis,
    body: HypothesisBody,
    *,
    by_id: str,
    now: datetime,
    note: str = "",
    discussion_id: str | None = None,
) -> None:
    """New words for the same idea; the words before stay in its history. Nothing happens when nothing changed."""
    before = words(session, idea)
    if before == body:
        session.add(idea)
        session.flush()
        return
    seal(session, idea, body, Scope.family(idea.family_id))
    session.add(idea)
    session.flush()
    _remember(session, idea, "reworded", by_id=by_id, now=now, discussion_id=discussion_id, note=note, before=before)


def set_status(
    session: Session,
    idea: Hypothesis,
    status: IdeaStatus,
    *,
    by_id: str,
    now: datetime,
    note: str = "",
    discussion_id: str | None = None,
) -> None:
    """An idea is seen otherwise from now on, with who and why."""
    idea.status = status
    session.add(idea)
    session.flush()
    _remember(session, idea, "status", by_id=by_id, now=now, discussion_id=discussion_id, note=note)


def take_position(
    session: Session, idea: Hypothesis, person_id: str, stance: str, sentence: str, *, now: datetime
) -> HypothesisPosition:
    """Where a member stands on an idea; earlier positions stay."""
    if stance not in STANCES:
        raise ValueError(f"no such position: {stance}")
    position = HypothesisPosition(hypothesis_id=idea.id, person_id=person_id, stance=stance, at=now)
    seal(session, position, TextBody(text=sentence), Scope.family(idea.family_id))
    session.add(position)
    session.flush()
    _audit(session, "took_position", position, person_id, idea.family_id, now)
    return position


def by_id(session: Session, hypothesis_id: str) -> Hypothesis | None:
    """None for an unknown idea."""
    return session.get(Hypothesis, hypothesis_id)


def words(session: Session, idea: Hypothesis) -> HypothesisBody:
    """What an idea says."""
    return unseal(session, idea, HypothesisBody)


def of_family(session: Session, family_id: str, *, only_live: bool = False) -> list[Hypothesis]:
    """The family's ideas, newest first; `only_live` leaves out those set aside."""
    query = select(Hypothesis).where(Hypothesis.family_id == family_id)
    if only_live:
        query = query.where(Hypothesis.status != IdeaStatus.DROPPED)
    query = query.order_by(col(Hypothesis.raised_on).desc(), col(Hypothesis.recorded_at).desc(), col(Hypothesis.id))
    return list(session.exec(query))


def offered_in(session: Session, discussion_id: str) -> list[Hypothesis]:
    """Ideas that were offered in a discussion, in their order."""
    query = select(Hypothesis).where(Hypothesis.discussion_id == discussion_id)
    return list(session.exec(query.order_by(col(Hypothesis.recorded_at), col(Hypothesis.id))))


def history(session: Session, idea: Hypothesis) -> list[tuple[HypothesisChange, HypothesisChangeBody]]:
    """Every change of an idea, oldest first."""
    query = select(HypothesisChange).where(HypothesisChange.hypothesis_id == idea.id)
    rows = session.exec(query.order_by(col(HypothesisChange.at), col(HypothesisChange.id)))
    dated = sorted(rows, key=lambda row: (row.at, row.what != "offered"))
    return [(row, unseal(session, row, HypothesisChangeBody)) for row in dated]


def changed_in(session: Session, discussion_id: str) -> list[HypothesisChange]:
    """Status changes that were made in a discussion, in their order."""
    query = select(HypothesisChange).where(
        HypothesisChange.discussion_id == discussion_id, HypothesisChange.what == "status"
    )
    return list(session.exec(query.order_by(col(HypothesisChange.at), col(HypothesisChange.id))))


def positions(session: Session, idea: Hypothesis) -> list[tuple[HypothesisPosition, str]]:
    """Where each member stands now: the newest of each, oldest first, with their sentence."""
    query = select(HypothesisPosition).where(HypothesisPosition.hypothesis_id == idea.id)
    newest: dict[str, HypothesisPosition] = {}
    for row in session.exec(query.order_by(col(HypothesisPosition.at), col(HypothesisPosition.id))):
        newest.pop(row.person_id, None)
        newest[row.person_id] = row
    return [(row, unseal(session, row, TextBody).text) for row in newest.values()]


def is_unfinished(body: HypothesisBody) -> bool:
    """An idea with nothing against it, or nothing that would change our minds."""
    return not any(line.strip() for line in body.evidence_against) or not body.would_change_mind.strip()


def choices(session: Session, family_id: str) -> list[tuple[str, str]]:
    """Ideas a form may point at: (id, first words). Those set aside come last and say so; the oldest are left out."""
    newest = known.once(session, (Hypothesis,), ("ideas", family_id), lambda: _newest(session, family_id))
    held = [idea for idea in newest if idea.status != IdeaStatus.DROPPED]
    aside = [idea for idea in newest if idea.status == IdeaStatus.DROPPED]
    return [(idea.id, _short(session, idea)) for idea in [*held[:HELD_CHOICES], *aside[:ASIDE_CHOICES]]]


def _newest(session: Session, family_id: str) -> list[Hypothesis]:
    query = select(Hypothesis).where(Hypothesis.family_id == family_id)
    query = query.order_by(col(Hypothesis.raised_on).desc(), col(Hypothesis.recorded_at).desc(), col(Hypothesis.id))
    return list(session.exec(query))


def _short(session: Session, idea: Hypothesis) -> str:
    text = " ".join(words(session, idea).text.split())
    short = text if len(text) <= CHOICE_LENGTH else text[: CHOICE_LENGTH - 3].rstrip() + "..."
    return f"(set aside) {short}" if idea.status == IdeaStatus.DROPPED else short


def _remember(
    session: Session,
    idea: Hypothesis,
    what: str,
    *,
    by_id: str | None,
    now: datetime,
    discussion_id: str | None,
    note: str = "",
    before: HypothesisBody | None = None,
) -> None:
    change = HypothesisChange(
        hypothesis_id=idea.id, at=now, by_id=by_id, what=what, status=idea.status, discussion_id=discussion_id
    )
    seal(session, change, HypothesisChangeBody(note=note, before=before), Scope.family(idea.family_id))
    session.add(change)
    session.flush()
    _audit(session, what, idea, by_id, idea.family_id, now)


def _audit(
    session: Session,
    what: str,
    row: Hypothesis | HypothesisPosition,
    person_id: str | None,
    family_id: str,
    now: datetime,
) -> None:
    family = session.get(Family, family_id)
    audit(
        session,
        at=now,
        what=what,
        row=row,
        person_id=person_id,
        unit_id=family.unit_id if family else None,
        family_id=family_id,
    )
