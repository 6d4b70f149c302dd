"""Families as the unit holds them: found by case reference, read and corrected. Nothing here commits.

What could identify somebody is sealed under the family's own key; lists that many people read (open families, labels)
come from here too, so that reading stays in one room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from prompts_and_forms import references, typed
from prompts_and_forms.states import DiscussionState, FamilyStatus
from storage.database.bodies import CarerBody, ChildBody, Closing, FamilyBody, TextBody
from storage.database.hiding import SEES_ALL, hidden
from storage.database.tables import Carer, CategoryChange, Child, Discussion, Family, PlanOutcome, Unit
from storage.database.vault import Scope, ref_index, seal, unseal
from storage.turn import known


def normal_ref(case_reference: str) -> str:
    """A case reference as it is kept: capital letters, nothing unseen in it, no spaces or quotes around it."""
    return references.normal(case_reference)


def by_id(session: Session, family_id: str | None) -> Family | None:
    """None for no id and for an unknown family."""
    return session.get(Family, family_id) if family_id else None


def anywhere(session: Session, ref: str) -> Family | None:
    """A family of any unit in the council, open or closed. Who asks must not learn which unit."""
    asked = select(Family).where(Family.ref_index == ref_index(session, normal_ref(ref)))
    return session.exec(asked.execution_options(**{SEES_ALL: True})).first()


def by_ref(session: Session, unit_id: str, ref: str) -> Family | None:
    """A family of this unit; a family of another unit is as unknown as one that does not exist."""
    found = anywhere(session, ref)
    return found if found and found.unit_id == unit_id and found.id not in hidden(session) else None


def open_families(session: Session, unit_id: str) -> list[Family]:
    """The unit's open families, longest with us first."""
    wanted = select(Family).where(Family.unit_id == unit_id, Family.status == FamilyStatus.OPEN)
    return list(session.exec(wanted.order_by(col(Family.allocated_on), col(Family.id))))


def every_family(session: Session, unit_id: str) -> list[Family]:
    """The unit's families, open and closed, longest with us first."""
    wanted = select(Family).where(Family.unit_id == unit_id)
    return list(session.exec(wanted.order_by(col(Family.allocated_on), col(Family.id))))


def body(session: Session, family: Family) -> FamilyBody:
    """What is written about a family beside its dates and status."""
    return unseal(session, family, FamilyBody)


def label(session: Session, family: Family, unit: Unit | None) -> str:
    """How a family is named in private: the case reference, with initials where the unit chose so."""
    known = body(session, family)
    if unit is not None and unit.show_initials and known.initials:
        return f"{known.ref} ({known.initials})"
    return known.ref


def label_of(session: Session, family_id: str) -> str:
    """The same from the family's id; "a family" where there is none."""
    family = by_id(session, family_id)
    return label(session, family, session.get(Unit, family.unit_id)) if family else "a family"


def ref_of(session: Session, family_id: str) -> str:
    """The case reference alone; "A family" where there is none."""
    family = by_id(session, family_id)
    return body(session, family).ref if family else "A family"


def children(session: Session, family_id: str, *, include_gone: bool = False) -> list[tuple[Child, ChildBody]]:
    """The family's children, in the order of their keys; those taken off its page too with `include_gone`."""
    wanted = select(Child).where(Child.family_id == family_id).order_by(col(Child.position))
    rows = known.once(session, (Child,), ("children", family_id), lambda: list(session.exec(wanted)))
    return [(child, unseal(session, child, ChildBody)) for child in rows if include_gone or child.active]


def child_id(session: Session, family_id: str, key: str) -> str:
    """The id behind a child's key. Outside sealed bodies children go by it: a key holds the case reference."""
    return next((child.id for child, known in children(session, family_id, include_gone=True) if known.key == key), key)


def child_key(session: Session, found_id: str) -> str:
    """The key of a child by id; what is no child's id comes back as it is."""
    child = session.get(Child, found_id)
    return unseal(session, child, ChildBody).key if child else found_id


def carers(session: Session, family_id: str, *, include_gone: bool = False) -> list[tuple[Carer, CarerBody]]:
    """The same for parents and carers."""
    wanted = select(Carer).where(Carer.family_id == family_id).order_by(col(Carer.position))
    rows = known.once(session, (Carer,), ("carers", family_id), lambda: list(session.exec(wanted)))
    return [(carer, unseal(session, carer, CarerBody)) for carer in rows if include_gone or carer.active]


def outcomes(session: Session, family_id: str) -> list[tuple[str, str]]:
    """Plan outcomes in force: (key, words)."""
    return [(row.key, unseal(session, row, TextBody).text) for row in outcome_rows(session, family_id)]


def outcome_rows(session: Session, family_id: str, *, include_gone: bool = False) -> list[PlanOutcome]:
    """The outcomes of the plan, in their order."""
    wanted = select(PlanOutcome).where(PlanOutcome.family_id == family_id).order_by(col(PlanOutcome.position))
    if not include_gone:
        wanted = wanted.where(col(PlanOutcome.active))
    return list(session.exec(wanted))


def safe_contact_warnings(session: Session, family_id: str, only: Collection[str] | None = None) -> list[str]:
    """One sentence a carer who must not simply be contacted: key, initials, the unit's own warning.

    `only` names the carers, by key, that a plan or a form is about.
    """
    asked = [carer for _row, carer in carers(session, family_id) if only is None or carer.key in only]
    warned = [carer for carer in asked if not typed.is_empty(carer.safe_contact)]
    return [f"{who_is(carer.key, carer.initials)}: {carer.safe_contact}" for carer in warned]


def who_is(key: str, initials: str) -> str:
    """A child or carer by key, with initials where they are kept."""
    return f"{key} ({initials})" if initials else key


def called(people: Iterable[ChildBody | CarerBody]) -> dict[str, str]:
    """What each of a family's people is called where colleagues read, by key: initials, and the key where two have the
    same ones or none are known."""
    found = [(one.key, one.initials.strip()) for one in people]
    often = Counter(initials for _, initials in found)
    return {key: initials if initials and often[initials] == 1 else who_is(key, initials) for key, initials in found}


def category_history(session: Session, family_id: str) -> list[tuple[CategoryChange, str]]:
    """Oldest first, each with why (empty when it came with the family)."""
    rows = session.exec(select(CategoryChange).where(CategoryChange.family_id == family_id)).all()
    dated = sorted(rows, key=lambda row: (row.from_on or date.min, row.recorded_at))
    return [(row, unseal(session, row, TextBody).text if row.sealed else "") for row in dated]


def was_discussed(session: Session, family_id: str) -> bool:
    """Whether any meeting has discussed the family."""
    return session.exec(select(Discussion.id).where(Discussion.family_id == family_id).limit(1)).first() is not None


def is_being_discussed(session: Session, family_id: str) -> bool:
    """Whether a discussion of the family is still going on, stopped or being read back."""
    going_on = col(Discussion.state).in_((DiscussionState.OPEN, DiscussionState.STOPPED, DiscussionState.READ_BACK))
    wanted = select(Discussion.id).where(Discussion.family_id == family_id, going_on)
    return session.exec(wanted.limit(1)).first() is not None


# ---- writing


def keep_body(session: Session, family: Family, known: FamilyBody) -> None:
    """Writes what is known about a family anew."""
    seal(session, family, known, Scope.family(family.id))
    session.add(family)
    session.flush()


def add_family(
    session: Session,
    *,
    unit_id: str,
    known: FamilyBody,
    category: str,
    allocated_on: date | None,
    lead_worker_id: str | None,
    visiting_days: int | None,
    decided_by_id: str | None,
    now: datetime,
) -> Family:
    """A new open family, its first category dated from the day it was allocated. The caller checked the reference."""
    family = Family(
        unit_id=unit_id,
        ref_index=ref_index(session, normal_ref(known.ref)),
        category=category,
        allocated_on=allocated_on,
        lead_worker_id=lead_worker_id,
        visiting_days=visiting_days,
    )
    keep_body(session, family, known)
    add_category(session, family, category=category, from_on=allocated_on, decided_by_id=decided_by_id, why="", now=now)
    return family


def add_category(
    session: Session,
    family: Family,
    *,
    category: str,
    from_on: date | None,
    decided_by_id: str | None,
    why: str,
    now: datetime,
) -> CategoryChange:
    """One more line of history; the category with the latest date is the one in force."""
    change = CategoryChange(
        family_id=family.id, category=category, from_on=from_on, decided_by_id=decided_by_id, recorded_at=now
    )
    seal(session, change, TextBody(text=why), Scope.family(family.id))
    session.add(change)
    session.flush()
    newest, _why = category_history(session, family.id)[-1]
    family.category = newest.category
    session.add(family)
    session.flush()
    return change


def keep_child(session: Session, family_id: str, known: ChildBody, child: Child | None = None) -> Child:
    """A new child, or a corrected one."""
    if child is None:
        child = Child(family_id=family_id, position=len(children(session, family_id, include_gone=True)))
    seal(session, child, known, Scope.family(family_id))
    session.add(child)
    session.flush()
    return child


def keep_carer(session: Session, family_id: str, known: CarerBody, carer: Carer | None = None) -> Carer:
    """A new carer, or the one given written anew."""
    if carer is None:
        carer = Carer(family_id=family_id, position=len(carers(session, family_id, include_gone=True)))
    seal(session, carer, known, Scope.family(family_id))
    session.add(carer)
    session.flush()
    return carer


def keep_outcome(session: Session, family_id: str, text: str, outcome: PlanOutcome | None = None) -> PlanOutcome:
    """A new outcome of the plan, or the one given written anew."""
    if outcome is None:
        place = len(outcome_rows(session, family_id, include_gone=True))
        outcome = PlanOutcome(family_id=family_id, key=f"P{place + 1}", position=place)
    seal(session, outcome, TextBody(text=text), Scope.family(family_id))
    session.add(outcome)
    session.flush()
    return outcome


def next_child_key(session: Session, family_id: str, ref: str) -> str:
    """K3107C-1, K3107C-2 ...: a key is never given twice, also when its child is no longer shown."""
    return f"{ref}-{len(children(session, family_id, include_gone=True)) + 1}"


def next_carer_key(session: Session, family_id: str, ref: str) -> str:
    """K3107C-A, K3107C-B ... then K3107C-A2 after Z."""
    place = len(carers(session, family_id, include_gone=True))
    round_, letter = divmod(place, 26)
    return f"{ref}-{chr(ord('A') + letter)}{round_ + 1 if round_ else ''}"


def close_family(session: Session, family: Family, on: date, by_id: str, why: str) -> None:
    """Off the agenda from that day; who closed it and why is remembered."""
    known = body(session, family)
    closing = Closing(closed_on=on, closed_by=by_id, why_closed=why)
    keep_body(session, family, known.model_copy(update={"closings": [*known.closings, closing]}))
    family.status, family.closed_on = FamilyStatus.CLOSED, on
    session.add(family)
    session.flush()


def reopen_family(session: Session, family: Family, on: date, by_id: str, why: str) -> None:
    """Back on the agenda; when it was closed, who opened it again and why is remembered."""
    known = body(session, family)
    *before, last = known.closings or [Closing(closed_on=family.closed_on or on)]
    again = last.model_copy(update={"opened_on": on, "opened_by": by_id, "why_opened": why})
    keep_body(session, family, known.model_copy(update={"closings": [*before, again]}))
    family.status, family.closed_on = FamilyStatus.OPEN, None
    session.add(family)
    session.flush()


def rename(session: Session, family: Family, ref: str) -> None:
    """Correct a mistyped case reference, with the keys of children and carers that were made from it."""
    known = body(session, family)
    old = known.ref
    family.ref_index = ref_index(session, ref)
    keep_body(session, family, known.model_copy(update={"ref": ref}))
    for child, child_body in children(session, family.id, include_gone=True):
        twin = _renamed(child_body.twin_of, old, ref) if child_body.twin_of else None
        changed = {"key": _renamed(child_body.key, old, ref), "twin_of": twin}
        keep_child(session, family.id, child_body.model_copy(update=changed), child)
    for carer, carer_body in carers(session, family.id, include_gone=True):
        whose = [_renamed(key, old, ref) for key in carer_body.children]
        changed_carer = {"key": _renamed(carer_body.key, old, ref), "children": whose}
        keep_carer(session, family.id, carer_body.model_copy(update=changed_carer), carer)


def _renamed(key: str, old: str, new: str) -> str:
    return f"{new}-{key.removeprefix(f'{old}-')}" if key.startswith(f"{old}-") else key
