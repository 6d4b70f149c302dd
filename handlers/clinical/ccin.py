"""Complex child in need: what entering the category asks for, and the question whether the plan still moves."""

from __future__ import annotations

from handlers import reach
from handlers.entries import recording
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.routes import button
from handlers.turn import Answer, Done, Turn
from prompts_and_forms.card import Block, Button, Buttons, say, small
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical import work_wording
from prompts_and_forms.meeting.drift import MAY_DRIFT
from prompts_and_forms.nudges import nudge_rules
from prompts_and_forms.states import FamilyStatus
from storage.database.tables import Family
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import entries
from storage.nudges import facts
from storage.unit import people, units

FORM, CATEGORY = "ccin_entry", "complex_child_in_need"
UP_OR_DOWN = clinical_wording.CCIN_UP_OR_DOWN


@button("family.ccin", opens=True)
def ask(turn: Turn) -> Answer:
    """The checklist with what is saved already."""
    family = reach.family(turn, turn.event.args.get("family"))
    kept = entries.newest_of_family(turn.session, family.id, FORM)
    known = entries.answers(turn.session, kept) if kept else {"chair": team_manager(turn, family)}
    args = {"replaces": kept.id} if kept else {}
    known = {key: value for key, value in known.items() if value is not None}
    return asking.ask(
        turn, FORM, family_id=family.id, answers=known, args=args, intro=(small(clinical_wording.CCIN_NEXT),)
    )


def team_manager(turn: Turn, family: Family) -> str | None:
    """The team manager's id, None where the unit has none."""
    found = people.with_role(turn.session, family.unit_id, "team_manager")
    return found[0].id if found else None


@submits(FORM)
def keep(turn: Turn, draft: Draft, answers: recording.Answers) -> Answer:
    """The entry checklist was filled in."""
    family = reach.family(turn, draft.family_id)
    entry = recording.keep(turn, draft, answers, subject_id=family.id)
    planning = recording.date_of(answers, "planning_on")
    known = families.body(turn.session, family)
    if planning is not None and planning >= turn.today():
        dates = {**known.dates, "ccin_meeting": planning}
        families.keep_body(turn.session, family, known.model_copy(update={"dates": dates}))
    said: list[Block] = [say(f"{clinical_wording.CCIN_TITLE}: {checklist_words(turn, family)}.")]
    said += meeting_words(turn, family, answers.get("chair"), answers.get("family_invited"))
    done = recording.shown(turn, draft, entry)
    return Done(done.note.model_copy(update={"blocks": (*said, *done.note.blocks)})) if done.note else done


def meeting_words(turn: Turn, family: Family, chair_id: str | None, invited: bool | None) -> list[Block]:
    """What a planning or review meeting of this category is reminded of: its chair, and that the family is invited."""
    chair = people.belongs(turn.session, family.unit_id, chair_id)
    said: list[Block] = []
    if chair_id and (chair is None or "team_manager" not in chair.roles):
        said.append(say(clinical_wording.CCIN_CHAIR))
    if invited is not True:
        said.append(say(clinical_wording.CCIN_INVITE))
    return said


def checklist_words(turn: Turn, family: Family) -> str:
    """How much of what entering asks for is saved."""
    kept = entries.newest_of_family(turn.session, family.id, FORM)
    answers = entries.answers(turn.session, kept) if kept else {}
    missing = [text for key, text in clinical_wording.CCIN_ITEMS.items() if not answers.get(key)]
    return clinical_wording.ccin_words(len(clinical_wording.CCIN_ITEMS) - len(missing), missing)


def button_of(family: Family) -> Button:
    """Opens the entry checklist."""
    return Button(action="family.ccin", label=clinical_wording.CCIN_OPEN, args={"family": family.id})


def asked_on_entry(turn: Turn, family: Family) -> tuple[Block, ...]:
    """Said when a family enters the category."""
    return (
        say(f"{clinical_wording.CCIN_TITLE}: {checklist_words(turn, family)}."),
        small(clinical_wording.CCIN_NEXT),
        Buttons(items=(button_of(family),)),
    )


def rows(turn: Turn, family: Family) -> list[tuple[str, str]]:
    """What a family's page adds: the checklist, and drift where the plan has stood still."""
    found = [(work_wording.ENTRY_CHECKLIST, checklist_words(turn, family))] if family.category == CATEGORY else []
    drifting = drift_words(turn, family)
    return [*found, (work_wording.DRIFT, drifting)] if drifting else found


def drift_words(turn: Turn, family: Family) -> str:
    """By the same rule as the reminders; "" for a family that moves, or of another category."""
    unit = units.by_id(turn.session, family.unit_id)
    if unit is None or family.category not in MAY_DRIFT or family.status == FamilyStatus.CLOSED:
        return ""
    known = facts.of_unit(turn.session, unit, turn.today(), [family.id])
    due = (one for one in nudge_rules.due(known, None, turn.today()) if one.kind == "drift")
    found = next(due, None)
    return clinical_wording.DRIFT.format(weeks=found.what) if found else ""
