"""Recording a questionnaire from its paper form: checks that need the record, keeping, correcting, reasons why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers import reach
from handlers.entries import recording
from handlers.entries.recording import Answers, date_of, text_of
from handlers.forms.asking import ask, prefills, submits
from handlers.measures import next_one, reading, risk_alert
from handlers.measures.result_card import result_card
from handlers.routes import button
from handlers.turn import Answer, Done, Refused, Turn, Wrong
from prompts_and_forms.card import Block
from prompts_and_forms.days import day_words
from prompts_and_forms.days.ages import age_on, age_range
from prompts_and_forms.measures import catalogue, planning
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.measures.planning import Planned
from prompts_and_forms.states import MeasureState, PlanState
from prompts_and_forms.typed import tidy
from storage.database.bodies import ChildBody, MeasureBody
from storage.database.tables import Child, Family, Unit
from storage.database.tables_machinery import Draft
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures
from storage.measures import planned as measures_planned
from storage.unit import people, units

ITEM_FORM = "measure_sdq_items"


# ---- what a form knows already


def prefill(turn: Turn, family_id: str | None, _discussion: str | None, args: dict[str, str]) -> dict[str, Any] | None:
    """The line of the plan a form was opened for: child, form, informant as far as known, and point."""
    if family_id is None:
        raise Refused(measures_wording.WHICH_CHILDS_FAMILY)
    family = reach.family(turn, family_id)
    born = [(child, body) for child, body in families.children(turn.session, family.id) if not body.unborn]
    if not born:
        raise Refused(measures_wording.NO_CHILDREN)
    chosen = next((body for child, body in born if args.get("child") in (child.id, body.key)), None)
    if chosen is None and len(born) == 1:
        chosen = born[0][1]
    found = {"version": args.get("version"), "point": args.get("point"), "child": chosen.key if chosen else None}
    found["completed"] = _day_filled_in(turn, family.id, args.get("point"))
    line = _line(turn, family_id, args)
    found["informant"] = line.informant if line else None
    found["asked_of"], found["measure"] = args.get("asked_of"), args.get("measure_id")
    return {key: value for key, value in found.items() if value}


def _day_filled_in(turn: Turn, family_id: str, point: str | None) -> str:
    """Today; or the day of another form of this point that the same person has just entered today."""
    today = turn.today()
    just_now = [
        row.completed_on
        for row in measures.of_family(turn.session, family_id)
        if row.point == point
        and row.state == MeasureState.KEPT
        and row.completed_on is not None
        and row.recorded_by_id == turn.actor().id
        and row.recorded_at.astimezone(turn.zone()).date() == today
    ]
    return (just_now[-1] if just_now else today).isoformat()


def _line(turn: Turn, family_id: str, args: dict[str, str]) -> Planned | None:
    wanted = (args.get("child"), args.get("version"), args.get("point"))
    family = reach.family(turn, family_id)
    if None in wanted:
        return None
    planned = measures_planned.of_family(turn.session, family, turn.today())
    return next((one for one in planned if (one.child, one.version, one.point) == wanted), None)


@prefills(ITEM_FORM)
def prefill_items(
    turn: Turn, family_id: str | None, discussion: str | None, args: dict[str, str]
) -> dict[str, Any] | None:
    """Only where the service has recorded its licence."""
    found = prefill(turn, family_id, discussion, args)
    if not licensed(turn.unit, "SDQ", turn.today()):
        raise Refused(measures_wording.NOT_LICENSED)
    return found


def licensed(unit: Unit | None, measure: str, today: date) -> bool:
    """Whether answers by item number may be entered: a licence is recorded and in force."""
    found = (unit.settings.get("licences") or {}).get(measure) if unit else None
    if not found:
        return False
    until = date.fromisoformat(found["until"]) if found.get("until") else None
    return date.fromisoformat(found["from"]) <= today and (until is None or today <= until)


# ---- keeping


def keep_result(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Keeps a result when nothing on it is impossible; a correction takes the place of the earlier one."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    family = reach.family(turn, recording.family_of(draft))
    if draft.form == ITEM_FORM and not licensed(turn.unit, "SDQ", turn.today()):
        raise Refused(measures_wording.NOT_LICENSED)
    old = _corrected(turn, draft, family.id)
    checked = check(turn, draft.form, family, answers, old)
    if checked.faults:
        return Wrong(checked.faults)
    row = keep_checked(turn, family, checked, answers, old)
    return _shown(turn, draft, answers, row, risk_alert.tell(turn, row, old))


@dataclass(frozen=True)
class Checked:
    """A filled-in questionnaire as it was read. `faults`: a sentence for each field it cannot be saved with."""

    child: Child
    result: reading.Result
    body: MeasureBody
    faults: dict[str, str]


def check(turn: Turn, form: str, family: Family, answers: Answers, old: Measure | None) -> Checked:
    """Reads one questionnaire and looks for what is impossible on it."""
    child, child_body = _child(turn, family.id, answers)
    result = reading.read(form, answers)
    body = MeasureBody(
        informant=tidy(text_of(answers, "informant")),
        scores=result.scores,
        incomplete=result.incomplete,
        answers=result.answers,
        goals=result.goals,
        own_words=result.own_words,
        alert=result.alert,
        note=text_of(answers, "note"),
    )
    faults = {**result.faults, **_faults(turn, child, child_body, result, body, answers, old)}
    return Checked(child, result, body, faults)


def keep_checked(turn: Turn, family: Family, checked: Checked, answers: Answers, old: Measure | None) -> Measure:
    """Keeps a result that has no faults; a correction takes the place of `old`."""
    row = measures.keep(
        turn.session,
        unit_id=family.unit_id,
        family_id=family.id,
        child_id=checked.child.id,
        measure=checked.result.measure,
        form=checked.result.form,
        point=text_of(answers, "point"),
        completed_on=date_of(answers, "completed"),
        body=checked.body,
        by_id=turn.actor().id,
        now=turn.now,
    )
    if old is not None:
        measures.replace(turn.session, old, row)
    return row


for _form in reading.READERS:
    submits(_form)(keep_result)
    if _form != ITEM_FORM:
        prefills(_form)(prefill)


def _child(turn: Turn, family_id: str, answers: Answers) -> tuple[Child, ChildBody]:
    for child, body in families.children(turn.session, family_id, include_gone=True):
        if body.key == answers.get("child"):
            return child, body
    raise Refused(measures_wording.NO_CHILDREN)


def _faults(
    turn: Turn,
    child: Child,
    known: ChildBody,
    result: reading.Result,
    body: MeasureBody,
    answers: Answers,
    old: Measure | None,
) -> dict[str, str]:
    """Age, permission to share, and the order of dates."""
    faults: dict[str, str] = {}
    completed = date_of(answers, "completed") or turn.today()
    if fault := catalogue.age_fault(result.measure, result.form, age_range(known.known_age(), completed)):
        faults["version"] = fault
    version = catalogue.get(result.measure).version(result.form)
    if version is not None and version.informant == "teacher" and not _may_ask_school(turn, child.family_id):
        faults["version"] = measures_wording.NO_PERMISSION
    if fault := _order_fault(turn, child, result, body, answers, old):
        faults["completed"] = fault
    return faults


def _may_ask_school(turn: Turn, family_id: str) -> bool:
    family = reach.family(turn, family_id)
    return planning.covers_school(families.body(turn.session, family).permission, turn.today())


def _order_fault(
    turn: Turn, child: Child, result: reading.Result, body: MeasureBody, answers: Answers, old: Measure | None
) -> str:
    """A second one before the first, or two of one day."""
    on = date_of(answers, "completed")
    who = measures.informant_key(body.informant)
    alike = [
        row
        for row in measures.of_family(turn.session, child.family_id)
        if (row.child_id, row.measure, row.form, row.state)
        == (child.id, result.measure, result.form, MeasureState.KEPT)
        and (old is None or row.id != old.id)
        and measures.informant_key(measures.body(turn.session, row).informant) == who
    ]
    if on is None or not alike:
        return ""
    if any(row.completed_on == on for row in alike):
        return measures_wording.DATED_TWICE
    first = next((row.completed_on for row in alike if row.point == planning.START), None)
    if text_of(answers, "point") == planning.END and first is not None and on < first:
        return measures_wording.BEFORE_FIRST.format(first=day_words.in_full(first))
    return ""


def _corrected(turn: Turn, draft: Draft, family_id: str) -> Measure | None:
    old = measures.by_id(turn.session, draft.args.get("corrects"))
    if old is None or old.family_id != family_id:
        return None
    if old.replaced_by_id is not None:
        raise Refused(measures_wording.CORRECTED_ALREADY)
    return old


def _shown(turn: Turn, draft: Draft, answers: Answers, row: Measure, alert: list[Block]) -> Done:
    """In a discussion one message in its thread; the person who entered it always sees it."""
    entry = recording.keep(turn, draft, answers, subject_id=row.id)
    row.entry_id = entry.id
    turn.session.add(row)
    turn.session.flush()
    discussion = recording.discussion_of(turn, draft)
    if discussion is not None:
        if discussion.kind == "full":
            recording.post(turn, f"measure:{row.id}", discussion)
        recording.redraw(turn, discussion)
    return Done(
        result_card(
            turn.session, row, *alert, after=next_one.blocks(turn, reach.family(turn, row.family_id), row.point)
        )
    )


# ---- not completed, given out, somebody else too


prefills("measure_not_done")(prefill)
prefills("measure_extra")(prefill)


@submits("measure_not_done")
def keep_reason(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A reason stands in the place of a result, and the plan's line is closed."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    family = reach.family(turn, recording.family_of(draft))
    child, known = _child(turn, family.id, answers)
    measure, asked_of = text_of(answers, "measure"), text_of(answers, "asked_of")
    row = measures.keep(
        turn.session,
        unit_id=family.unit_id,
        family_id=family.id,
        child_id=child.id,
        measure=measure,
        form=draft.args.get("version") or _form_for(measure, asked_of, age_on(known.known_age(), turn.today())),
        point=text_of(answers, "point"),
        completed_on=turn.today(),
        body=MeasureBody(informant=text_of(answers, "informant"), note=text_of(answers, "note")),
        by_id=turn.actor().id,
        now=turn.now,
        state=MeasureState.NOT_COMPLETED,
        reason=text_of(answers, "reason"),
    )
    return _shown(turn, draft, answers, row, [])


def _form_for(measure: str, asked_of: str, age: int | None) -> str:
    """The form somebody of that kind would have filled in; for one that does not exist, the kind itself."""
    if measure == "SDQ" and (found := planning.sdq_version("parent" if asked_of == "other" else asked_of, age)):
        return found
    if measure == "CHI_ESQ" and (found := planning.chi_version(asked_of, age)):
        return found
    able = [v.id for v in catalogue.versions_for(measure, age) if v.informant == asked_of]
    return able[0] if able else asked_of


@submits("measure_extra")
def keep_extra(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Somebody else is asked as well."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    family = reach.family(turn, recording.family_of(draft))
    child, known = _child(turn, family.id, answers)
    version = text_of(answers, "version")
    day = date_of(answers, "due") or turn.today()
    if fault := catalogue.age_fault("SDQ", version, age_range(known.known_age(), day)):
        return Wrong({"version": fault})
    if version.startswith("teacher") and not _may_ask_school(turn, family.id):
        return Wrong({"version": measures_wording.NO_PERMISSION})
    measures.plan_row(
        turn.session,
        unit_id=family.unit_id,
        family_id=family.id,
        child_id=child.id,
        measure="SDQ",
        form=version,
        point=text_of(answers, "point"),
        state=PlanState.EXTRA,
        by_id=turn.actor().id,
        now=turn.now,
        informant=tidy(text_of(answers, "informant")),
        due_on=date_of(answers, "due"),
    )
    recording.keep(turn, draft, answers)
    return recording.done(measures_wording.EXTRA_KEPT)


@submits("measure_licence")
def keep_licence(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """From now on answers by item number may be entered in this unit."""
    unit = units.by_id(turn.session, draft.unit_id or "")
    membership = people.belongs(turn.session, unit.id, turn.actor().id) if unit else None
    if unit is None or not people.may_arrange(unit, membership):
        raise Refused(measures_wording.LICENCE_BY)
    licence = {key: answers[key] for key in ("reference", "from", "until") if answers.get(key)}
    licence |= {"recorded_by": turn.actor().id, "recorded_on": turn.today().isoformat()}
    known = dict(unit.settings.get("licences") or {})
    unit.settings = {**unit.settings, "licences": {**known, text_of(answers, "measure"): licence}}
    turn.session.add(unit)
    recording.keep(turn, draft, answers)
    return recording.done(measures_wording.LICENCE_KEPT)


# ---- correcting


@button("measure.correct", opens=True)
def correct(turn: Turn) -> Answer:
    """Opens the form again as it was filled in; the earlier result stays to be read."""
    row = measures.by_id(turn.session, turn.event.args.get("measure"))
    if row is None:
        raise Refused(measures_wording.GONE)
    reach.family(turn, row.family_id)
    if row.replaced_by_id is not None:
        raise Refused(measures_wording.CORRECTED_ALREADY)
    known = catalogue.find(row.measure)
    if known is None:
        raise Refused(measures_wording.GONE)
    args = {"corrects": row.id, **({"replaces": row.entry_id} if row.entry_id else {})}
    return ask(turn, known.form, family_id=row.family_id, answers=_as_answers(turn, row), args=args)


def _as_answers(turn: Turn, row: Measure) -> dict[str, Any]:
    body = measures.body(turn.session, row)
    keys = {child.id: known.key for child, known in families.children(turn.session, row.family_id, include_gone=True)}
    found: dict[str, Any] = {
        "child": keys.get(row.child_id or ""),
        "version": row.form,
        "informant": body.informant,
        "completed": row.completed_on.isoformat() if row.completed_on else None,
        "point": row.point,
        "note": body.note,
        "alert": body.alert,
        "impact_incomplete": body.incomplete or None,
        "own_words": body.own_words,
    }
    found |= {scale: measures_wording.number_words(value) for scale, value in body.scores.items() if value is not None}
    found |= {f"{name}_words": text for name, text in body.goals.items()}
    found |= {f"item_{number}": answer for number, answer in body.answers.items() if number.isdigit()}
    if row.measure == "SDQ":
        found.pop("total", None)
    return {key: value for key, value in found.items() if value not in (None, "", [])}
