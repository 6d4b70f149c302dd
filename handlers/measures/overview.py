"""/measure: what is due, a family's plan and results, and the buttons that enter scores."""

from __future__ import annotations

from datetime import timedelta

from handlers import commands, reach, safe_contact
from handlers.forms.asking import ask
from handlers.measures import entry, next_one, risk_alert, together
from handlers.measures.result_card import child_label, result_card
from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms import own_names
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Divider,
    Heading,
    Menu,
    Table,
    card,
    say,
    small,
)
from prompts_and_forms.days import day_words
from prompts_and_forms.measures import added_value, catalogue
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.measures.planning import POINTS, Planned, State, due_measures
from prompts_and_forms.states import MeasureState, PlanState
from storage.database.tables import Family, Unit
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures
from storage.measures import planned as measures_planned
from storage.unit import people

AHEAD = timedelta(days=28)
MOST_WITH_BUTTONS = 8
MOST_IN_A_MENU = 60

__all__ = ["entry", "risk_alert", "together"]


@command("/measure")
def measure_command(turn: Turn) -> Answer:
    """Everything `/measure` does; licences are for those who may arrange the unit."""
    asked = commands.read(turn.event.text, ("list", "licence", "service"))
    if asked is None or asked.word == "help":
        return Note(help_card())
    unit = turn.here()
    if asked.word == "licence":
        if not people.may_arrange(unit, turn.membership):
            raise Refused(measures_wording.LICENCE_BY)
        return ask(turn, "measure_licence", unit_id=unit.id, answers={"measure": "SDQ"})
    if asked.word == "service":
        return Note(service_card(turn, unit))
    if asked.ref:
        return Note(family_card(turn, reach.family_by_ref(turn, asked.ref)))
    return Note(list_card(turn, unit))


def help_card() -> Card:
    """What `/measure` can do."""
    return card(own_names.names().command("measure"), Bullets(items=tuple((line,) for line in measures_wording.HELP)))


@button("measure.family", opens=True)
def show_family(turn: Turn) -> Answer:
    """The questionnaires of the family chosen."""
    return Note(family_card(turn, commands.chosen_family(turn)))


@button("measure.show", opens=True)
def show_result(turn: Turn) -> Answer:
    """One result, from a button or chosen in a menu."""
    row = measures.by_id(turn.session, turn.event.args.get("chosen") or turn.event.args.get("measure"))
    if row is None:
        raise Refused(measures_wording.GONE)
    note_read(turn, reach.family(turn, row.family_id), "read")
    return Note(result_card(turn.session, row))


@button("measure.other", opens=True)
def another(turn: Turn) -> Answer:
    """Any questionnaire, chosen from the menu, for a family."""
    family = reach.family(turn, turn.event.args.get("family"))
    chosen = catalogue.find(turn.event.args.get("chosen", ""))
    if chosen is None:
        raise Refused(measures_wording.GONE)
    known = entry.prefill(turn, family.id, None, {})
    return ask(turn, chosen.form, family_id=family.id, answers=known)


@button("measure.given_out", opens=True)
def given_out(turn: Turn) -> Answer:
    """A form was handed over and is not back yet; the plan says so, and nudges wait."""
    args = turn.event.args
    family = reach.family(turn, args.get("family"))
    planned = measures_planned.of_family(turn.session, family, turn.today())
    wanted = (args.get("child"), args.get("measure_id"), args.get("version"), args.get("point"))
    line = next((one for one in planned if (one.child, one.measure, one.version, one.point) == wanted), None)
    if line is None or not line.is_open:
        raise Refused(measures_wording.GONE)
    for row, _who in measures.plan_rows(turn.session, [family.id]):
        same = (row.child_id, row.measure, row.form, row.point) == wanted
        if same and row.state == PlanState.WAITING:
            measures.withdraw(turn.session, row)
    measures.plan_row(
        turn.session,
        unit_id=family.unit_id,
        family_id=family.id,
        child_id=line.child,
        measure=line.measure,
        form=line.version,
        point=line.point,
        state=PlanState.WAITING,
        by_id=turn.actor().id,
        now=turn.now,
        informant=line.informant,
        sent_on=turn.today(),
    )
    return Note(card(measures_wording.GIVEN_OUT, say(measures_wording.GIVEN_OUT)))


# ---- the unit's list


def list_card(turn: Turn, unit: Unit) -> Card:
    """What is due now or in the next four weeks, the longest due first."""
    held = families.open_families(turn.session, unit.id)
    bodies = {family.id: families.body(turn.session, family) for family in held}
    today = turn.today(unit)
    plans = measures_planned.of_families(turn.session, held, bodies, today)
    names = {family.id: families.label(turn.session, family, unit) for family in held}
    found = [(family, one) for family in held for one in due_measures(plans[family.id], until=today + AHEAD)]
    found.sort(key=lambda pair: (pair[1].due_on, names[pair[0].id]))
    choose = Menu(
        action="measure.family",
        label=measures_wording.SHOW_A_FAMILY,
        choices=tuple(Choice(value=key, label=name) for key, name in sorted(names.items(), key=lambda one: one[1])),
        args={"unit": unit.id},
    )
    if not found:
        return card(measures_wording.NOTHING_DUE, say(measures_wording.NOTHING_DUE), Buttons(items=(choose,)))
    for family in {family.id: family for family, _ in found}.values():
        note_read(turn, family, "listed")
    rows: list[tuple[str, ...]] = [
        (measures_wording.FAMILY, measures_wording.CHILD, measures_wording.WHAT, measures_wording.WHEN)
    ]
    keys = {family.id: _keys(turn, family) for family in {f.id: f for f, _ in found}.values()}
    for family, one in found:
        rows.append((names[family.id], keys[family.id].get(one.child, ""), next_one.words(one), when(one, turn)))
    waiting = sum(one.state is State.WAITING_FOR_PERMISSION for _, one in found)
    said = measures_wording.due_count(len(found), waiting)
    return card(
        measures_wording.QUESTIONNAIRES_OF_UNIT.format(unit=unit.name),
        Table(rows=tuple(rows), words=said),
        Buttons(items=(choose,)),
    )


def when(one: Planned, turn: Turn) -> str:
    """When a planned questionnaire is due, or since when it is out."""
    return measures_wording.when_words(one.due_on, turn.today(), one.state, one.sent_on)


def _keys(turn: Turn, family: Family) -> dict[str, str]:
    found = families.children(turn.session, family.id, include_gone=True)
    return {child.id: families.who_is(body.key, body.initials) for child, body in found}


# ---- one family


def family_card(turn: Turn, family: Family) -> Card:
    """The plan with its buttons, then the results."""
    note_read(turn, family, "read")
    unit = turn.here()
    planned = measures_planned.of_family(turn.session, family, turn.today())
    kept = measures.of_family(turn.session, family.id)
    keys = _keys(turn, family)
    blocks: list[Block] = [
        Heading(text=measures_wording.QUESTIONNAIRES_HEADING.format(family=families.label(turn.session, family, unit))),
        *safe_contact.blocks(turn.session, [family.id]),
        *_plan_blocks(turn, family, planned, keys),
        Divider(),
        *_result_blocks(turn, family, kept),
        _more(family),
    ]
    return card(measures_wording.QUESTIONNAIRES_OF_FAMILY.format(ref=families.body(turn.session, family).ref), *blocks)


def _plan_blocks(turn: Turn, family: Family, planned: list[Planned], keys: dict[str, str]) -> list[Block]:
    waiting = [one for one in planned if one.is_open]
    if not planned:
        return [say(measures_wording.NOTHING_PLANNED)]
    blocks: list[Block] = []
    first_of = {id(own[0]): own for own in next_one.together(waiting)}
    for one in waiting[:MOST_WITH_BUTTONS]:
        if own := first_of.get(id(one)):
            said = measures_wording.SDQS_OF.format(family=keys.get(one.child, ""), point=POINTS[one.point])
            blocks += [
                say(f"{said}."),
                Buttons(items=(next_one.together_button(family.id, one.child, one.point, len(own)),)),
            ]
        blocks += [
            say(f"{keys.get(one.child, '')}: {next_one.words(one)}, {when(one, turn)}."),
            Buttons(items=line_buttons(family.id, one)),
        ]
    if len(waiting) > MOST_WITH_BUTTONS:
        blocks.append(small(measures_wording.MORE_FOLLOW.format(count=len(waiting) - MOST_WITH_BUTTONS)))
    over = [one for one in planned if not one.is_open]
    if over:
        lines = tuple(
            (f"{keys.get(one.child, '')}: {next_one.words(one)}: {measures_wording.STATES[one.state]}",) for one in over
        )
        blocks.append(Bullets(title=measures_wording.PLANNED_AND_SETTLED, items=lines))
    return blocks


def line_buttons(family_id: str, one: Planned) -> tuple[Button, ...]:
    """What can be done about a line of the plan; also used under reminders."""
    args = {"family": family_id, "child": one.child, "version": one.version, "point": one.point}
    reason = {**args, "form": "measure_not_done", "measure_id": one.measure, "asked_of": one.asked_of}
    found = [Button(action="form.open", label=measures_wording.NOT_COMPLETED, args=reason)]
    if one.state is State.WAITING_FOR_PERMISSION:
        permission = {"family": family_id, "form": "permission_to_share"}
        return (
            Button(action="form.open", label=measures_wording.RECORD_PERMISSION, args=permission, style="primary"),
            *found,
        )
    enter = next_one.enter_button(family_id, one)
    out = Button(
        action="measure.given_out", label=measures_wording.GIVEN_OUT_BUTTON, args={**args, "measure_id": one.measure}
    )
    return (enter, out, *found)


def _result_blocks(turn: Turn, family: Family, kept: list[Measure]) -> list[Block]:
    if not kept:
        return [say(measures_wording.NO_RESULTS)]
    rows: list[tuple[str, ...]] = [
        (
            measures_wording.CHILD,
            measures_wording.WHAT,
            measures_wording.BY,
            measures_wording.ON,
            measures_wording.WHEN_IN_THE_WORK,
        )
    ]
    choices = []
    for row in kept:
        body = measures.body(turn.session, row)
        done = row.state == MeasureState.KEPT
        on = day_words.in_short(row.completed_on) if row.completed_on else measures_wording.NO_DATE
        name, child = catalogue.name_of(row.measure), child_label(turn.session, row)
        rows.append(
            (
                child,
                name,
                body.informant,
                on if done else measures_wording.NOT_COMPLETED_STATE,
                POINTS.get(row.point, row.point),
            )
        )
        choices.append(Choice(value=row.id, label=f"{name}, {child}, {body.informant}, {on}"[:75]))
    said = measures_wording.ONE_RESULT if len(kept) == 1 else measures_wording.RESULTS.format(count=len(kept))
    newest = tuple(reversed(choices))[:MOST_IN_A_MENU]
    menu = Menu(action="measure.show", label=measures_wording.SHOW_A_RESULT, choices=newest, args={"family": family.id})
    return [Table(rows=tuple(rows), words=said), Buttons(items=(menu,))]


def _more(family: Family) -> Buttons:
    every = tuple(Choice(value=one.id, label=one.short) for one in catalogue.measures().values())
    args = {"family": family.id}
    return Buttons(
        items=(
            Menu(action="measure.other", label=measures_wording.ENTER_A_QUESTIONNAIRE, choices=every, args=args),
            Button(
                action="form.open", label=measures_wording.ASK_SOMEONE_ELSE_TOO, args={**args, "form": "measure_extra"}
            ),
        )
    )


# ---- the service


def service_card(turn: Turn, unit: Unit) -> Card:
    """The added value score for all children of the unit together, never for one."""
    found = added_value.service(measures.parent_pairs(turn.session, [unit.id]))
    said = measures_wording.mean_words(found.children, found.left_out, found.mean, found.low, found.high)
    return card(measures_wording.ADDED_VALUE_OF.format(unit=unit.name), say(said))
