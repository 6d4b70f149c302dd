"""The kinds of nudges: nudges.yaml, checked when it is first read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prompts_and_forms import own_names, yaml_lines

FILE = Path(__file__).parent / "nudges.yaml"
SAME_DAY = "concern"
"""The group of what needs a person the same day."""


class NudgeFault(Exception):
    """A file of nudges that cannot be used; the message names the row."""


class Escalation(BaseModel):
    """`after` working days past the due day, `to` a manager."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: int = Field(ge=1)
    to: Literal["team_manager", "clinical_manager"]


class Kind(BaseModel):
    """One kind. Days are working days. `order` is how pressing it is: the lower the sooner."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    order: int
    group: str
    line: str
    do: str
    before: int = Field(default=0, ge=0)
    after: int | None = Field(default=None, ge=1)
    again: int | None = Field(default=None, ge=1)
    once: bool = False
    escalate: Escalation | None = None
    statutory: bool = False
    at_once: bool = False
    sent: bool = False
    same_as: tuple[str, ...] = ()
    """Words of an action about the same task: one line stands for both."""


class Nudges(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: dict[str, str]
    kinds: dict[str, Kind]


@cache
def load() -> Nudges:
    """Every kind of the product."""
    return read_nudges(FILE)


def read_nudges(path: Path) -> Nudges:
    """A file of nudges, checked; raises NudgeFault naming the row."""
    data = own_names.in_data(yaml_lines.load(path))
    rows = {kind: {"id": kind, "order": n, **row} for n, (kind, row) in enumerate(data["kinds"].items())}
    try:
        found = Nudges.model_validate({**data, "kinds": rows})
    except ValidationError as fault:
        raise NudgeFault(f"{path.name}: {yaml_lines.first_fault(fault)}") from fault
    for kind in found.kinds.values():
        if kind.group not in found.groups:
            raise NudgeFault(f"{path.name}: {kind.id}: there is no group {kind.group!r}")
    return found


def kind(kind_id: str) -> Kind:
    """One kind; raises KeyError for one there is no row for."""
    return load().kinds[kind_id]


def groups() -> dict[str, str]:
    """The groups of reminders somebody can leave out, by key."""
    return load().groups
