"""Who hears and who may confirm when people have left, are on leave or were never named. Pure.

Somebody always hears, and somebody may always confirm: whoever comes first in a fixed order and is there on the day.
Where nobody is, it is for the first of those who are away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

LEAD_ROLE = "consultant_social_worker"
COORDINATOR = "unit_coordinator"
MANAGER_ROLES = ("team_manager", "group_manager", "clinical_manager", "clinical_group_manager")
"""The nearest to the unit's social work first."""
SOCIAL_WORK = frozenset({"consultant_social_worker", "social_worker"})
"""Who speaks for social work in an agreement; the unit lead too, whatever their role."""
CLINICAL = frozenset({"clinician", "clinical_manager"})
"""Who speaks for the clinical side."""
CLINICAL_LINE = CLINICAL | {"clinical_group_manager"}
"""The clinicians and everybody who supervises them."""


def speaks_for(side: str, roles: Collection[str], unit_lead: bool) -> bool:
    """Who may confirm an agreement for a side of the joint work: social_work, clinical."""
    if side == "social_work":
        return unit_lead or bool(SOCIAL_WORK & set(roles))
    return bool(CLINICAL & set(roles))


class InUnit(Protocol):
    """Somebody who is in the unit now, at work or away."""

    @property
    def person_id(self) -> str: ...
    @property
    def roles(self) -> Collection[str]: ...
    @property
    def unit_lead(self) -> bool: ...
    @property
    def deputy(self) -> bool: ...
    @property
    def linked(self) -> bool: ...
    def hears(self, day: date) -> bool: ...


Somebody = TypeVar("Somebody", bound=InUnit)
Tier = Callable[[InUnit], bool]


def _is_manager(one: InUnit) -> bool:
    return one.linked or bool(set(MANAGER_ROLES) & set(one.roles))


LEAD: Tier = lambda one: one.unit_lead  # noqa: E731
DEPUTY: Tier = lambda one: one.deputy  # noqa: E731
SAME_ROLE: Tier = lambda one: LEAD_ROLE in one.roles  # noqa: E731
COORDINATES: Tier = lambda one: COORDINATOR in one.roles  # noqa: E731
ANYBODY: Tier = lambda one: True  # noqa: E731
CONFIRMS: tuple[Tier, ...] = (LEAD, DEPUTY, SAME_ROLE, _is_manager, COORDINATES, ANYBODY)
HEARS: tuple[Tier, ...] = (LEAD, DEPUTY, COORDINATES, SAME_ROLE, _is_manager, ANYBODY)


def in_order(members: Iterable[Somebody], tiers: Sequence[Tier]) -> list[Somebody]:
    """Everybody once, by the first tier they are in; within one as they come, managers the nearest first."""
    ranked = sorted(members, key=_nearness)
    first = {one.person_id: next(n for n, tier in enumerate(tiers) if tier(one)) for one in ranked}
    return sorted(ranked, key=lambda one: first[one.person_id])


def _nearness(one: InUnit) -> int:
    held = [n for n, role in enumerate(MANAGER_ROLES) if role in one.roles]
    return min(held) if held and not one.unit_lead else -1 if not _is_manager(one) else len(MANAGER_ROLES)


def who_hears(members: Iterable[Somebody], day: date) -> Somebody | None:
    """Who hears what cannot wait for anybody's return: the first who is there."""
    return _first(in_order(members, HEARS), day)


def who_confirms(members: Iterable[Somebody], day: date) -> Somebody | None:
    """Whom the bot asks for a yes: the lead, while away the deputy, another one with the role, a manager."""
    return _first(in_order(members, CONFIRMS), day)


def may_confirm(members: Iterable[Somebody], person_id: str, day: date) -> bool:
    """The lead and the deputy at any time; while neither is there everybody of the first kind who is."""
    every = list(members)
    one = next((found for found in every if found.person_id == person_id), None)
    asked = who_confirms(every, day)
    if one is None or asked is None:
        return False
    return one.unit_lead or one.deputy or _tier(one) == _tier(asked)


def _tier(one: InUnit) -> int:
    return next(n for n, tier in enumerate(CONFIRMS) if tier(one))


def _first(ranked: Sequence[Somebody], day: date) -> Somebody | None:
    here = (one for one in ranked if one.hears(day))
    return next(here, ranked[0] if ranked else None)
