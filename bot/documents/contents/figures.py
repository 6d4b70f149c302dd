"""A manager's figures as sheets: what each means, every unit, thirteen weeks, the families behind; or totals alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from bot.documents.formats.sheets import Cell, Sheet
from prompts_and_forms.days import day_words
from prompts_and_forms.managers import figures as rules
from prompts_and_forms.managers import sheet_wording, small_numbers, words
from prompts_and_forms.managers.facts import UnitFacts, together
from prompts_and_forms.managers.figures import Figure
from prompts_and_forms.managers.wording import MEANINGS
from storage.database.tables import Unit
from storage.family import families
from storage.managers import figures as gathered

DEFINITION_WIDTHS = (32, 50, 50, 60)
UNIT_WIDTHS = (22, 40, 12, 12, 60)
TREND_WIDTHS = (22, 32, *([13] * 13))
LIST_WIDTHS = (22, 32, 22, 14)


@dataclass(frozen=True)
class Counted:
    """One unit's facts on its day."""

    unit: Unit
    facts: UnitFacts
    day: date


def counted(session: Session, units: Sequence[tuple[Unit, date]]) -> list[Counted]:
    """The facts of several units, by name."""
    return [Counted(unit, gathered.of_unit(session, unit, day), day) for unit, day in units]


def sheets(session: Session, found: Sequence[Counted]) -> tuple[Sheet, ...]:
    """The workbook of a manager: Definitions, Units, 13-week trend, Lists."""
    names = sheet_wording.FIGURE_SHEETS
    week = [day_words.of_this_year(day) for day in rules.weeks(found[0].day)] if found else []
    return (
        _definitions(),
        Sheet(names["units"], sheet_wording.UNITS_HEAD, _units(found), UNIT_WIDTHS),
        Sheet(names["trend"], (*sheet_wording.TREND_HEAD, *week), _trend(found), TREND_WIDTHS),
        Sheet(names["lists"], sheet_wording.BEHIND_HEAD, _lists(session, found), LIST_WIDTHS),
    )


def totals(found: Sequence[Counted]) -> tuple[Sheet, ...]:
    """All units together with small numbers hidden: no unit, no family, nothing that could be worked out."""
    head = sheet_wording.TOTALS_HEAD
    return (_definitions(), Sheet(sheet_wording.FIGURE_SHEETS["totals"], head, _totals(found), UNIT_WIDTHS[1:]))


def _definitions() -> Sheet:
    rows = [(one.name, one.counts, one.of, one.more) for one in MEANINGS.values()]
    name = sheet_wording.FIGURE_SHEETS["definitions"]
    return Sheet(name, sheet_wording.DEFINITIONS_HEAD, rows, DEFINITION_WIDTHS)


def _units(found: Sequence[Counted]) -> Iterator[Sequence[Cell]]:
    for one in found:
        for figure in rules.all_figures(one.facts, one.day):
            of = None if MEANINGS[figure.id].plain else figure.of
            yield one.unit.name, MEANINGS[figure.id].name, figure.count, of, words.in_words(figure)
            for part in (*figure.parts, *figure.apart):
                title = f"{MEANINGS[figure.id].name}: {words.label(part.code)}"
                yield one.unit.name, title, part.count, part.of, None


def _trend(found: Sequence[Counted]) -> Iterator[Sequence[Cell]]:
    for one in found:
        weeks = [rules.earlier(one.facts, day) for day in rules.weeks(one.day)]
        for name in rules.BACKWARDS:
            yield one.unit.name, MEANINGS[name].name, *(words.number(week[name]) for week in weeks)


def _lists(session: Session, found: Sequence[Counted]) -> Iterator[Sequence[Cell]]:
    """Families by reference within each figure; those closed to the reader were never among them."""
    for one in found:
        for figure in rules.all_figures(one.facts, one.day):
            held = [family for family_id in figure.families if (family := families.by_id(session, family_id))]
            behind = sheet_wording.MISSING if MEANINGS[figure.id].gap else sheet_wording.COUNTED
            for label in sorted(families.label(session, family, one.unit) for family in held):
                yield one.unit.name, MEANINGS[figure.id].name, label, behind


def _totals(found: Sequence[Counted]) -> Iterator[Sequence[Cell]]:
    if not found:
        return
    facts = together([one.facts for one in found])
    for figure in rules.all_figures(facts, found[0].day):
        yield from _hidden(figure)


def _hidden(figure: Figure) -> Iterator[Sequence[Cell]]:
    name = MEANINGS[figure.id].name
    if MEANINGS[figure.id].plain:
        yield name, small_numbers.for_head_of_service(figure.count), None
    else:
        yield name, *small_numbers.pair(figure.count, figure.of)
    for group in (figure.parts, figure.apart):
        counts = [part for part in group if not part.code.startswith(words.LONGEST)]
        shown = small_numbers.row([part.count for part in counts])
        for part, said in zip(counts, shown, strict=True):
            yield f"{name}: {words.label(part.code)}", said, None
