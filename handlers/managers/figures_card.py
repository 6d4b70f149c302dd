"""What a manager sees of a unit in figures: a table, one chart with words, each meaning and each list a press away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.managers import numbers
from handlers.reach import note_read
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn, Window
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Choice,
    Heading,
    Menu,
    Span,
    Strong,
    Table,
    card,
    say,
    small,
)
from prompts_and_forms.days import day_words
from prompts_and_forms.managers import figures as rules
from prompts_and_forms.managers import wording, words
from prompts_and_forms.managers.facts import UnitFacts
from prompts_and_forms.managers.figures import Figure
from prompts_and_forms.managers.wording import MEANINGS
from storage.database.tables import Unit
from storage.family import families
from storage.unit import people


@button("figures.show", opens=True)
def show(turn: Turn) -> Answer:
    """The figures of one unit, for its managers."""
    unit = numbers.must_manage(turn)
    counted = numbers.read(turn, unit)
    return _where_pressed(turn, _card(turn, wording.TITLE.format(unit=unit.name), counted.facts, counted.day, [unit]))


@button("figures.together", opens=True)
def show_together(turn: Turn) -> Answer:
    """The figures of all of somebody's units together; no unit beside another."""
    units = [unit for _place, unit in numbers.managed(turn)]
    facts, day = numbers.read_together(turn, units)
    title = (
        wording.TITLE_TOGETHER.format(count=len(units)) if len(units) > 1 else wording.TITLE.format(unit=units[0].name)
    )
    return _where_pressed(turn, _card(turn, title, facts, day, units))


def _where_pressed(turn: Turn, shown: Card) -> Answer:
    """On the Home tab and in a window it opens at once; in a conversation it is a note there, with its chart."""
    return Note(shown) if turn.event.channel else Window(wording.NOTICE, shown)


def _card(turn: Turn, title: str, facts: UnitFacts, day: date, units: Sequence[Unit]) -> Card:
    found = rules.all_figures(facts, day)
    blocks: list[Block] = [
        Heading(text=title),
        small(wording.HOW_TO_READ),
        _shown(turn, found, rules.earlier(facts, day - rules.WEEK)),
        chart(facts, day),
        Buttons(items=tuple(_ways(turn, found, units))),
    ]
    return card(wording.NOTICE, *blocks)


def _shown(turn: Turn, found: Sequence[Figure], before: dict[str, Figure]) -> Block:
    """A table in a conversation; a window draws none, so there each figure is a line."""
    if turn.event.channel:
        return table(found, before)
    return Bullets(items=tuple(_line(one, before.get(one.id)) for one in found))


def _line(one: Figure, before: Figure | None) -> tuple[Span, ...]:
    ago = wording.WEEK_AGO.format(number=words.number(before)) if before is not None else ""
    return Strong(text=f"{MEANINGS[one.id].name}: "), words.in_words(one) + ago


def table(found: Sequence[Figure], before: dict[str, Figure]) -> Table:
    """Each figure in a row, with a week ago beside it where that can be counted."""
    rows = [
        (
            MEANINGS[one.id].name,
            words.in_words(one),
            words.number(before[one.id]) if one.id in before else wording.NOT_BACKWARDS,
        )
        for one in found
    ]
    return Table(rows=(wording.HEAD, *rows), words=wording.TABLE_WORDS.format(count=len(rows)))


def chart(facts: UnitFacts, day: date) -> Chart:
    """How many families were discussed in each of thirteen weeks, of how many."""
    weeks = [(week, rules.discussed_week(facts, week)) for week in rules.weeks(day)]
    counts = [one.count for _week, one in weeks]
    return Chart(
        title=wording.CHART,
        points=tuple(day_words.day_and_month(week) for week, _one in weeks),
        series=(
            (wording.CHART_DISCUSSED, tuple(float(one.count) for _week, one in weeks)),
            (wording.CHART_FAMILIES, tuple(float(one.of) for _week, one in weeks)),
        ),
        words=wording.CHART_WORDS.format(least=min(counts), most=max(counts), now=words.number(weeks[-1][1])),
    )


def _ways(turn: Turn, found: Sequence[Figure], units: Sequence[Unit]) -> list[Button | Menu]:
    about = {"unit": units[0].id} if len(units) == 1 else {}
    meanings = tuple(Choice(value=one.id, label=MEANINGS[one.id].name) for one in found)
    ways: list[Button | Menu] = [Menu(action="figures.meaning", label=wording.WHAT_IT_MEANS, choices=meanings)]
    behind = tuple(Choice(value=one.id, label=MEANINGS[one.id].name) for one in found if one.families)
    if about and behind:
        ways.append(Menu(action="figures.families", label=wording.FAMILIES_BEHIND, choices=behind, args=about))
    if not about:
        choices = tuple(Choice(value=unit.id, label=unit.name) for unit in units)
        ways.append(Menu(action="figures.of_unit", label=wording.ONE_UNIT, choices=choices))
    if about and turn.membership is not None and "clinical_manager" in turn.membership.roles:
        clinicians = people.clinicians(turn.session, units[0].id)
        options = tuple(Choice(value=one.id, label=one.name) for one in clinicians)
        ways.append(Menu(action="figures.caseload", label=wording.WHOSE_CASELOAD, choices=options, args=about))
    ways.append(Button(action="figures.sheet", label=wording.AS_A_SPREADSHEET, args=about))
    if any("group_manager" in membership.roles for membership, _unit in numbers.managed(turn)):
        ways.append(Button(action="figures.totals", label=wording.TOTALS_ALONE))
    return ways


@button("figures.of_unit", opens=True)
def show_one(turn: Turn) -> Answer:
    """One of somebody's units, chosen from the figures of all."""
    wanted = turn.event.args.get("chosen", "")
    found = {unit.id: (membership, unit) for membership, unit in numbers.managed(turn)}.get(wanted)
    if found is None:
        raise Refused(wording.NOT_A_MANAGER)
    turn.membership, turn.unit = found
    return show(turn)


@button("figures.meaning", opens=True)
def meaning(turn: Turn) -> Answer:
    """What a figure counts and out of what; it holds nothing of any unit."""
    name = turn.event.args.get("chosen", "")
    if name not in MEANINGS:
        raise Refused(wording.GONE)
    lines = tuple((line,) for line in words.meaning(name))
    return Note(card(MEANINGS[name].name, Bullets(title=MEANINGS[name].name, items=lines)))


@button("figures.families", opens=True)
def behind(turn: Turn) -> Answer:
    """The families behind a number of a unit, for its managers; in the order of their references."""
    unit, name = numbers.must_manage(turn), turn.event.args.get("chosen", "")
    if name not in MEANINGS:
        raise Refused(wording.GONE)
    counted = numbers.read(turn, unit)
    figure = next(one(counted.facts, counted.day) for one in rules.FIGURES if one.__name__ == name)
    held = [family for family_id in figure.families if (family := families.by_id(turn.session, family_id))]
    if not held:
        return Note(card(wording.NOTICE, say(wording.NO_FAMILIES)))
    for family in held:
        note_read(turn, family, "listed")
    names = sorted((families.label(turn.session, family, unit), family.id) for family in held)
    said = (wording.THE_GAP if MEANINGS[name].gap else wording.THESE).format(figure=MEANINGS[name].name)
    menu = Menu(
        action="family.show",
        label=wording.FAMILIES_BEHIND,
        choices=tuple(Choice(value=family_id, label=label) for label, family_id in names),
        args={"unit": unit.id},
    )
    lines = tuple((label,) for label, _ in names)
    return Note(card(wording.NOTICE, say(said), Bullets(items=lines), Buttons(items=(menu,))))


@button("figures.caseload", opens=True)
def caseload_of(turn: Turn) -> Answer:
    """One clinician's open work, for that clinician and the clinical manager, one at a time."""
    unit, me = turn.here(), turn.actor()
    wanted = turn.event.args.get("chosen") or me.id
    membership = people.belongs(turn.session, unit.id, wanted)
    mine = turn.membership
    may = mine is not None and (wanted == me.id or "clinical_manager" in mine.roles)
    if membership is None or not may or "clinician" not in membership.roles:
        raise Refused(wording.NOT_A_MANAGER)
    counted = numbers.read(turn, unit)
    own = [one for one in counted.facts.episodes if one.clinician_id == wanted]
    figure = rules.caseload(UnitFacts(episodes=own), counted.day)
    title = wording.CASELOAD_OF.format(who=people.name_of(turn.session, wanted))
    return Note(card(wording.NOTICE, say(f"{title}: {words.in_words(figure)}."), small(wording.CASELOAD_WHY)))
