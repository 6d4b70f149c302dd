"""Guesses while a unit is set up: the role by a job title, the unit's name by its channel's."""

from __future__ import annotations

import pytest

from prompts_and_forms.unit import guessing


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Consultant Social Worker", "consultant_social_worker"),
        ("CSW, Kestrel Unit", "consultant_social_worker"),
        ("Senior social worker", "social_worker"),
        ("Newly qualified social worker (ASYE)", "social_worker"),
        ("Children’s Practitioner", "childrens_practitioner"),
        ("Family support worker", "childrens_practitioner"),
        ("Unit Co-ordinator", "unit_coordinator"),
        ("Business Support Officer", "unit_coordinator"),
        ("Systemic family psychotherapist", "clinician"),
        ("Clinical Psychologist", "clinician"),
        ("Clinical manager", "clinical_manager"),
        ("Clinical Group Manager", "clinical_group_manager"),
        ("Team manager", "team_manager"),
        ("Head of Service", "group_manager"),
        ("Engineer", ""),
        ("", ""),
    ],
)
def test_a_job_title_speaks_of_a_role_or_of_none(title: str, role: str) -> None:
    assert guessing.role(title) == role


@pytest.mark.parametrize(
    ("channel", "name"),
    [("kestrel-unit", "Kestrel Unit"), ("swu_kestrel", "Swu Kestrel"), ("ünit-2", "Ünit 2"), ("", ""), ("---", "")],
)
def test_a_units_name_comes_from_its_channels(channel: str, name: str) -> None:
    assert guessing.unit_name(channel) == name
