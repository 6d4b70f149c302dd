"""Family group decision-making: that it was offered, the family's answer, their own plan, and how it has worked.

Source: the Children's Wellbeing and Schools Act 2026 (c. 21) s1, which asks for the offer before care or supervision
proceedings; that rule counts once a council has put it in force (timescales.yaml). The record is there either way.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import reach
from handlers.entries import recording
from handlers.entries.recording import Answers
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.routes import button
from handlers.turn import Answer, Turn
from prompts_and_forms.days import timescale_file
from prompts_and_forms.days.visiting import CHILD_PROTECTION
from prompts_and_forms.family import group_wording as wording
from prompts_and_forms.states import FamilyStatus
from storage.database.tables import Family
from storage.database.tables_machinery import Draft
from storage.forms import entries

FORM, RULE = "family_group", "fgdm_offer"


@button("family.group", opens=True)
def ask(turn: Turn) -> Answer:
    """The record as far as it is written; what is added stays one record with its history."""
    family = reach.family(turn, turn.event.args.get("family"))
    kept = entries.newest_of_family(turn.session, family.id, FORM)
    known = entries.answers(turn.session, kept) if kept else {}
    written = {key: _as_text(value) for key, value in known.items() if value is not None}
    args = {"replaces": kept.id} if kept else {}
    return asking.ask(turn, FORM, family_id=family.id, answers=written, args=args)


@submits(FORM)
def keep(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves the record."""
    family = reach.family(turn, draft.family_id)
    if again := recording.already_handed_in(turn, draft, answers):
        return again
    return recording.shown(turn, draft, recording.keep(turn, draft, answers, subject_id=family.id))


def rows(turn: Turn, family: Family) -> list[tuple[str, str]]:
    """What a family's page says of it: how far it is, or that the law asks for an offer and none is recorded."""
    kept = entries.newest_of_family(turn.session, family.id, FORM)
    if kept is not None:
        answers = entries.answers(turn.session, kept)
        days = {name: _day(answers.get(name)) for name in ("offered_on", "held_on", "review_on", "reviewed_on")}
        return [(wording.TITLE, wording.how_far(str(answers.get("answer") or ""), days, turn.today()))]
    rules = timescale_file.rules()
    wanted = rules.is_in_force(RULE) and family.category == CHILD_PROTECTION and family.status == FamilyStatus.OPEN
    return [(wording.TITLE, wording.NOT_OFFERED)] if wanted else []


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value) if value else None


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
