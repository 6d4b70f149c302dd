"""What a job title and a channel's name say about a unit that is being set up. A guess: people look it through."""

from __future__ import annotations

import re

from prompts_and_forms.typed import name_key

ROLES = (
    ("clinical_group_manager", r"clinical (group|service) manager|head of clinical"),
    ("clinical_manager", r"clinical (manager|lead)|lead clinician"),
    ("group_manager", r"(group|service) manager|head of service"),
    ("team_manager", r"(team|practice) manager"),
    ("consultant_social_worker", r"consultant social worker|\bcsw\b"),
    ("unit_coordinator", r"coordinator|co-ordinator|administrat|business support"),
    ("childrens_practitioner", r"children['’]?s practitioner|family (practitioner|support)|youth worker"),
    ("clinician", r"therap|psycholog|clinician|clinical practitioner|camhs|counsell"),
    ("social_worker", r"social worker|\bsw\b|\basye\b"),
)
"""Read from the top: a clinical manager is no clinician, a consultant social worker no social worker."""
PROFESSIONS = (
    ("family_therapist", r"family therap|systemic"),
    ("clinical_psychologist", r"psycholog"),
    ("clinical_practitioner", r"clinical practitioner"),
)


def role(title: str) -> str:
    """The part in the unit a job title speaks of; "" when it says nothing."""
    return _first(ROLES, title)


def profession(title: str) -> str:
    """A clinician's profession by their job title; "" when it says nothing."""
    return _first(PROFESSIONS, title)


def _first(shapes: tuple[tuple[str, str], ...], title: str) -> str:
    words = name_key(title)
    return next((found for found, shape in shapes if re.search(shape, words)), "")


def unit_name(channel: str) -> str:
    """A unit's name from its channel's: kestrel-unit is the Kestrel Unit."""
    words = [word for word in re.split(r"[-_.\s]+", channel) if word]
    return " ".join(word[:1].upper() + word[1:] for word in words)
