"""What keeps a family's details from being kept: sentences beside the fields of its forms."""

from __future__ import annotations

from typing import Any

from handlers.turn import Turn
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Family, Unit
from storage.family import families
from storage.unit import people, units


def ref_faults(turn: Turn, unit: Unit, ref: str, family: Family | None) -> dict[str, str]:
    """What keeps a case reference from being used. One of another unit: see other_unit.py."""
    if len(ref) > units.REF_LIMIT:
        return {"ref": unit_wording.REF_LONG.format(most=units.REF_LIMIT)}
    if not units.fits_pattern(unit, ref):
        example = units.case_example(unit)
        return {"ref": unit_wording.REF_MISFITS.format(example=example) if example else unit_wording.REF_MISFITS_PLAIN}
    there = families.by_ref(turn.session, unit.id, ref)
    if there is not None and (family is None or there.id != family.id):
        return {"ref": unit_wording.REF_TAKEN}
    return {}


def worker_faults(turn: Turn, unit: Unit, person_id: str | None) -> dict[str, str]:
    """What is wrong with the lead worker chosen: they have left the unit."""
    if person_id is None or people.belongs(turn.session, unit.id, person_id) is not None:
        return {}
    return {"lead_worker": unit_wording.LEFT_WORKER.format(who=people.name_of(turn.session, person_id))}


def interval_faults(answers: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the days between visits: they go from 1 to 365."""
    days = answers.get("visiting_days")
    return {"visiting_days": unit_wording.INTERVAL_ODD} if days is not None and not 1 <= days <= 365 else {}
