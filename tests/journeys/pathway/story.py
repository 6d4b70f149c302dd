"""What is true of one family from consultation to closing, and which question of which form asks for which fact.

A fact has one name in every form: where an earlier form has it, a later one opens with it. `OWN` is asked in one form
only and never known before it.
"""

from __future__ import annotations

from typing import Any

from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.form import Question, QuestionKind
from tests.worlds.records_world import Room

OWN, SCORE = "own", "score"
CHILD, MOTHER = "K5640F-1", "K5640F-A"
MET, FIRST_SESSION = 8, 22
"""Days from the consultation to the commissioning meeting and to the first session."""

FACTS: dict[str, dict[str, str]] = {
    "initial_consultation": {
        "date": "consulted on",
        "clinician": "clinician",
        "social_worker": "consultant social worker",
        "children": "children",
        "decided_with": "who decided",
        "resource": "service",
        "referrer": "who refers",
    },
    "allocation": {"clinician": "clinician"},
    "commissioning_booking": {
        "date": "met on",
        "who": "who met",
        "family": "family met",
        "interpreter": "interpreter",
    },
    "commissioning": {
        "date": "met on",
        "who": "who met",
        "family": "family met",
        "views_children": "children's view",
        "views_parents": "parents' view",
        "views_professionals": "professionals' view",
        "work": "the work",
        "actions": "agreed actions",
        "permission": "permission",
        "first_sdqs": "SDQs from",
        "first_session": "next session",
    },
    "permission_to_share": {
        "status": "permission",
        "who": "family met",
        "about_whom": "children",
        "signed_by": "family met",
        "signed": "met on",
    },
    "assessment": {
        "children": "children",
        "carers": "family met",
        "clinician": "clinician",
        "clinical_manager": "clinical manager",
        "social_worker": "consultant social worker",
        "referred_on": "consulted on",
        "interpreter": "interpreter",
        "commissioning_on": "met on",
        "commissioning_outcome": "the work",
        "views_parents": "parents' view",
        "views_children": "children's view",
        "views_professionals": "professionals' view",
        "agreed_actions": "agreed actions",
        "measures_used": "questionnaire",
    },
    "contract": {
        "focus": "the work",
        "lead": "clinician",
        "permission_signed": "met on",
    },
    "session": {
        "date": "next session",
        "who": "who comes",
        "by": "clinician",
        "method": "method",
        "themes": "themes",
        "next_session": "session to come",
    },
    "work_review": {
        "who": "who met",
        "family": "who comes",
        "worked": "what worked",
        "worked_less": "what worked less",
        "recommendations": "recommendations",
    },
    "ending": {"recommendations": "recommendations", "second_sdqs": "SDQs from"},
    "closing": {"sdq_in": "second SDQs in", "chi_esq_in": "CHI-ESQ in"},
    "measure_sdq": {"child": "children", "version": "SDQ form", "informant": "informant"},
    "measure_sdqs": {"child": "children", "version": "SDQ form", "informant": "informant"},
    "measure_chi_esq": {"child": "children", "version": "CHI-ESQ form", "informant": "informant"},
}
SCORES = ("emotional", "conduct", "hyperactivity", "peer", "prosocial", "impact")


def fact(form: str, key: str, said: dict[str, Any]) -> str | None:
    """The fact a field asks for; `OWN` where only this form has it, None for a question the form does not have."""
    name = key.partition("#")[0].partition("~")[0]
    if name not in {one.id for one in load_form(form).questions}:
        return None
    version = said.get("version")
    if form == "measure_sdqs" and "#" in key:
        _group, number, name = key.split("#")
        version = said["results"][int(number)]["version"]
    if form.startswith("measure_") and (name in SCORES or name.startswith("item_")):
        return SCORE
    found = FACTS[form].get(name, OWN)
    return f"{found}: {version}" if found == "informant" else found


def answers(room: Room, form: str, ref: str) -> dict[str, Any]:
    """Everything the story says in a form, nested; what changes from time to time comes from the test."""
    assert ref == "K5640F"
    tomasz, orla = (room.people[name] for name in ("tomasz", "orla"))
    known: dict[str, dict[str, Any]] = {
        "initial_consultation": {
            "date": room.day(0),
            "clinician": tomasz,
            "social_worker": orla,
            "children": [CHILD],
            "discussion": "LU has moved twice since the summer and cries at the nursery door.",
            "outcome": "commissioning_meeting",
            "decided_with": [tomasz, orla],
        },
        "allocation": {"decision": "confirmed", "clinician": tomasz},
        "commissioning_booking": {
            "date": room.day(MET),
            "time": "10:00",
            "place": "Hill Centre",
            "who": [tomasz, orla],
            "family": [MOTHER],
        },
        "commissioning": {
            "date": room.day(MET),
            "decision": "goes_ahead",
            "who": [tomasz, orla],
            "family": [MOTHER],
            "views_children": "I want my own bed.",
            "views_parents": "He follows me everywhere since we moved.",
            "work": "Bedtimes that both of them can look forward to.",
            "permission": True,
            "first_sdqs": ["family", "school"],
            "first_session": room.day(FIRST_SESSION),
        },
        "permission_to_share": {
            "status": "signed",
            "who": [MOTHER],
            "about_whom": [CHILD],
            "scope": ["school", "gp"],
            "signed_by": [MOTHER],
            "signed": room.day(MET),
        },
        "assessment": _assessment(room),
        "contract": {
            "focus": "Bedtimes that both of them can look forward to.",
            "space": "joint_session",
            "lead": tomasz,
            "roles": [
                {"member": tomasz, "does": "leads the sessions"},
                {"member": orla, "does": "joins the first and the last"},
            ],
            "permission_signed": room.day(MET),
        },
        "work_review": {
            "who": [tomasz, orla],
            "family": [MOTHER, CHILD],
            "worked": "The story he chose himself.",
            "worked_less": "The star chart.",
            "child_views": "I sleep in my bed now.",
            "parent_views": "The evenings are ours again.",
            "decision": "end",
            "recommendations": "School keeps its quiet corner for LU.",
        },
        "ending": {
            "why": "goal_reached",
            "came_of_it": "LU sleeps in his own bed five nights of seven.",
            "recommendations": "School keeps its quiet corner for LU.",
            "second_sdqs": ["family", "school"],
            "chi_esq": True,
        },
        "closing": {"all_in": "done", "sdq_in": True, "chi_esq_in": True},
    }
    return dict(known.get(form, {}))


LATER = ("copies", "genogram_kept", "assessed_on")
"""Not said when an assessment is written: of another time, or filled in already."""


def _assessment(room: Room) -> dict[str, Any]:
    """Every question of the assessment answered: what earlier forms say as they say it, the rest in its own words."""
    said = {
        "children": [CHILD],
        "carers": [MOTHER],
        "clinician": room.people["tomasz"],
        "clinical_manager": room.people["ngozi"],
        "social_worker": room.people["orla"],
        "coordinator": room.people["pippa"],
        "referred_on": room.day(0),
        "commissioning_on": room.day(MET),
        "commissioning_outcome": "Bedtimes that both of them can look forward to.",
        "views_parents": "He follows me everywhere since we moved.",
        "views_children": "I want my own bed.",
        "actions": [{"what": "First session at home", "who": "Tomasz", "by": room.day(FIRST_SESSION)}],
        "about_each": [{"child": CHILD, "born": "2021-06-01", "gender": "boy", "ethnicity": "as the family says"}],
        "measures_used": "SDQ",
    }
    empty = ("interpreter_for", "agreed_actions", "views_professionals", *LATER)
    rest = {q.id: _some(q) for q in load_form("assessment").questions if q.id not in said and q.id not in empty}
    return said | rest


def _some(question: Question) -> Any:
    if question.kind is QuestionKind.YES_NO:
        return False
    assert question.kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT), question
    return f"What is known about: {question.label.lower()}."
