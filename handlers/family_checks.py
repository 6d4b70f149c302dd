"""What keeps a family's details from being kept: sentences beside the fields of its forms."""

from __future__ import annotations

from typing import Any

from handlers.turn import Turn
from prompts_and_forms import wording_setup as words
from storage import families, people, units
from storage.tables import Family, Unit


def ref_faults(turn: Turn, unit: Unit, ref: str, family: Family | None) -> dict[str, str]:
    """What keeps a case reference from being used; nothing is said about who else has it."""
    if len(ref) > units.REF_LIMIT:
        return {"ref": words.REF_LONG.format(most=units.REF_LIMIT)}
    if not units.fits_pattern(unit, ref):
        example = units.case_example(unit)
        return {"ref": words.REF_MISFITS.format(example=example) if example else words.REF_MISFITS_PLAIN}
    there = families.anywhere(turn.session, ref)
    if there is not None and (family is None or there.id != family.id):
        return {"ref": words.REF_TAKEN}
    return {}


def worker_faults(turn: Turn, unit: Unit, person_id: str | None) -> dict[str, str]:
    if person_id is None or people.belongs(turn.session, unit.id, person_id) is not None:
        return {}
    return {"lead_worker": words.LEFT_WORKER.format(who=people.name_of(turn.session, person_id))}


def interval_faults(answers: dict[str, Any]) -> dict[str, str]:
    days = answers.get("visiting_days")
    return {"visiting_days": words.INTERVAL_ODD} if days is not None and not 1 <= days <= 365 else {}
