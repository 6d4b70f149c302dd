"""Who may see which figures, and the facts they are counted from: each reading leaves a line in the audit first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from handlers.turn import Refused, Turn
from prompts_and_forms.managers import wording
from prompts_and_forms.managers.facts import UnitFacts, together
from storage.database.audit import audit
from storage.database.tables import Membership, Unit
from storage.managers import figures as gathered
from storage.unit import people

READ = "figures"
"""What the audit calls a reading of figures."""


@dataclass(frozen=True)
class Counted:
    """The facts of a unit on its day."""

    unit: Unit
    facts: UnitFacts
    day: date


def managed(turn: Turn) -> list[tuple[Membership, Unit]]:
    """The units somebody is a manager of now, by name; raises Refused where there is none."""
    found = [
        (membership, unit)
        for membership, unit in people.units_of(turn.session, turn.actor().id)
        if people.is_manager(membership)
    ]
    if not found:
        raise Refused(wording.NO_UNIT)
    return found


def must_manage(turn: Turn) -> Unit:
    """The unit a button names, for its managers; raises Refused for anybody else."""
    unit = turn.here()
    membership = people.belongs(turn.session, unit.id, turn.actor().id)
    if membership is None or not people.is_manager(membership):
        raise Refused(wording.NOT_A_MANAGER)
    return unit


def read(turn: Turn, unit: Unit) -> Counted:
    """The facts of a unit, after writing down who reads them."""
    audit(turn.session, at=turn.now, what=READ, row=unit, person_id=turn.actor().id, unit_id=unit.id)
    day = turn.today(unit)
    return Counted(unit, gathered.of_unit(turn.session, unit, day), day)


def read_together(turn: Turn, units: list[Unit]) -> tuple[UnitFacts, date]:
    """The facts of several units as those of one, on the day it is for the first of them."""
    counted = [read(turn, unit) for unit in units]
    return together([one.facts for one in counted]), counted[0].day
