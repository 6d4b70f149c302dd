"""Which records become lines of the tracking form by themselves, and what of them is written there. Pure.

Source: the service's clinical manual (tracking form): kept as work happens, never typed twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS = {
    "consultation": "consultation",
    "joint_visit": "joint visit",
    "session": "session",
    "assessment": "assessment",
    "meeting": "meeting",
    "referral": "referral",
    "supervision": "supervision",
    "action": "action",
    "other": "something else",
}


@dataclass(frozen=True)
class Rule:
    """The questions of a form that a line is made of. `kind` empty = the form says it itself."""

    kind: str = ""
    on: str = "date"
    who: str = ""
    description: str = ""
    progress: str = ""
    outcome: str = ""
    actions: str = ""


RULES = {
    "initial_consultation": Rule("consultation", who="clinician", description="discussion", outcome="outcome_note"),
    "joint_visit": Rule("joint_visit", description="noticed"),
    "commissioning": Rule("meeting", description="work"),
    "assessment": Rule("assessment", on="assessed_on", who="clinician", description="reason"),
    "session": Rule("session", description="note", progress="progress"),
    "work_review": Rule("meeting", description="worked", outcome="recommendations"),
    "panel_referral": Rule("referral", description="asked_for"),
    "tier3_contact": Rule("referral", on="called_on", who="called_by", description="plan"),
    "supervision_record": Rule("supervision", who="clinician", description="talked", actions="actions"),
    "tracking_entry": Rule(description="description", progress="progress", outcome="outcome", actions="actions"),
}


@dataclass(frozen=True)
class Line:
    """A line as a record gives it. `on` is an ISO day or "" for today."""

    kind: str
    on: str = ""
    who: str = ""
    method: str = ""
    themes: tuple[str, ...] = ()
    description: str = ""
    diagnosis: str = ""
    progress: str = ""
    outcome: str = ""
    actions: tuple[str, ...] = ()


def line_of(form: str, answers: Mapping[str, Any]) -> Line | None:
    """The line a record becomes; None for one that is no clinical activity, or that did not take place."""
    rule = RULES.get(form)
    if rule is None or (form == "commissioning" and answers.get("decision") == "another_day"):
        return None
    return Line(
        kind=rule.kind or str(answers.get("kind") or "other"),
        on=_text(answers.get(rule.on)),
        who=_text(answers.get(rule.who)) if rule.who else "",
        method=_text(answers.get("method")),
        themes=tuple(str(one) for one in answers.get("themes") or ()),
        description=_text(answers.get(rule.description)),
        diagnosis=_text(answers.get("diagnosis")),
        progress=_text(answers.get(rule.progress)) if rule.progress else "",
        outcome=_text(answers.get(rule.outcome)) if rule.outcome else "",
        actions=_lines(answers.get(rule.actions)) if rule.actions else (),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _lines(value: Any) -> tuple[str, ...]:
    """Actions as lines, whether they were saved as texts or as rows."""
    rows = value if isinstance(value, list) else []
    texts = (str(row.get("what") or "") if isinstance(row, dict) else str(row) for row in rows)
    return tuple(text for text in texts if text.strip())
