"""Signatures under forms: who still has to sign, who did and when. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from prompts_and_forms.states import SigningState
from storage.database.audit import audit
from storage.database.bodies import TextBody
from storage.database.tables import Entry
from storage.database.tables_clinical import Signing
from storage.database.vault import Scope, seal, unseal


def begin(session: Session, entry: Entry, wanted: tuple[str, ...], *, before: Signing | None, why: str = "") -> Signing:
    """The signatures a form needs. `before` is the version it takes the place of; a signed one makes a new number."""
    fixed = before is not None and bool(before.signed)
    signing = Signing(
        unit_id=entry.unit_id,
        family_id=entry.family_id,
        entry_id=entry.id,
        root_id=before.root_id if before else entry.id,
        no=(before.no + 1 if fixed else before.no) if before else 1,
        wanted=list(wanted),
    )
    if before is not None:
        if before.state != SigningState.SIGNED:
            before.state = SigningState.REPLACED
        session.add(before)
    seal(session, signing, TextBody(text=why), _scope(entry))
    session.add(signing)
    session.flush()
    return signing


def of_entry(session: Session, entry_id: str) -> Signing | None:
    """The signing of this version of a form; None where it needs none."""
    return session.exec(select(Signing).where(Signing.entry_id == entry_id)).first()


def why(session: Session, signing: Signing) -> str:
    """Why this version was written; "" for a first one."""
    return unseal(session, signing, TextBody).text


def missing(signing: Signing) -> list[str]:
    """The roles that have still to sign, in their order."""
    done = {one["role"] for one in signing.signed}
    return [role for role in signing.wanted if role not in done] if signing.state == SigningState.WAITING else []


def is_fixed(signing: Signing) -> bool:
    """From the first signature on nothing in the form changes."""
    return bool(signing.signed)


def sign(session: Session, signing: Signing, role: str, person_id: str, now: datetime) -> bool:
    """Puts one signature under a form. True when with it all have signed."""
    signing.signed = [*signing.signed, {"role": role, "person": person_id, "at": now.isoformat()}]
    if not missing(signing):
        signing.state = SigningState.SIGNED
    session.add(signing)
    session.flush()
    audit(
        session,
        at=now,
        what=f"signed_{role}",
        row=signing,
        person_id=person_id,
        unit_id=signing.unit_id,
        family_id=signing.family_id,
    )
    return signing.state == SigningState.SIGNED


def waiting(session: Session, unit_id: str) -> list[tuple[Signing, Entry]]:
    """Forms of a unit that still need a signature, oldest first."""
    wanted = (
        select(Signing, Entry)
        .join(Entry, col(Entry.id) == col(Signing.entry_id))
        .where(Signing.unit_id == unit_id, Signing.state == SigningState.WAITING)
        .order_by(col(Entry.recorded_at), col(Entry.id))
    )
    return [(signing, entry) for signing, entry in session.exec(wanted)]


def _scope(entry: Entry) -> Scope:
    return Scope.family(entry.family_id) if entry.family_id else Scope.unit(entry.unit_id)
