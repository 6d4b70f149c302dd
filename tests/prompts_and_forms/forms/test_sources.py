"""What the clinical manual asks is asked: the page that says where names questions that there are."""

from __future__ import annotations

import re
from pathlib import Path

from prompts_and_forms.forms.catalogue import form_ids, load_form

PAGE = (Path(__file__).parents[3] / "docs" / "forms-and-sources.md").read_text("utf-8")
NAMED = re.findall(r"`([a-z_0-9]+)\.([a-z_0-9]+)`", PAGE)
IN_FULL = ("initial_consultation", "assessment", "permission_to_share", "tracking_entry")
OUR_OWN = {
    "assessment": {"children", "genogram_kept"},
    "permission_to_share": {"who", "note"},
    "tracking_entry": {"date"},
}
"""Questions that the manual does not print, and that need no line."""


def test_every_question_the_page_names_is_asked() -> None:
    missing = [
        f"{form}.{question}" for form, question in NAMED if form not in form_ids() or question not in asked(form)
    ]
    assert missing == []
    assert len(NAMED) > 90


def test_no_question_of_the_manuals_forms_is_left_off_the_page() -> None:
    for form in IN_FULL:
        named = {question for one, question in NAMED if one == form} | OUR_OWN.get(form, set())
        assert asked(form) - named == set(), form


def test_every_appendix_is_there() -> None:
    assert re.findall(r"^## Appendix (\d)", PAGE, re.MULTILINE) == ["1", "2", "3", "4", "5"]
    rows = [row for row in PAGE.splitlines() if row.startswith("| ") and not row.startswith(("| line", "| step"))]
    assert all(len(row.strip("|").split("|")) == 2 and row.strip("|").split("|")[1].strip() for row in rows)


def test_the_help_of_an_assessment_names_what_must_not_be_forgotten() -> None:
    said = " ".join(f"{one.label} {one.help}" for one in load_form("assessment").questions).lower()
    wanted = (
        "suicide, domestic abuse, physical, sexual, emotional, neglect, family breakdown, overcrowding, racism, "
        "migration, good enough, educational, ready the parents were to change, parenting programmes, evidence"
    )
    assert [one for one in wanted.split(", ") if one not in said] == []


def asked(form: str) -> set[str]:
    return {one.id for one in load_form(form).questions}
