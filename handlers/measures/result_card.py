"""A result in words and numbers: a sentence, a table, and how it changed. Never a band without the impact beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from handlers import documents
from handlers.render import Rendering, renders
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Chart, Heading, Quote, Table, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.measures import catalogue, change, chi_esq, conners, goals, mfq, outcome_rating, rcads, sdq
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.measures.planning import POINTS
from prompts_and_forms.states import MeasureState
from storage.database.bodies import MeasureBody
from storage.database.tables import Family, Unit
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures
from storage.unit import people

Line = list[tuple[Measure, MeasureBody]]
CHARTED = {"SDQ": ("total", "impact"), "MFQ": ("total",), "ORS": ("total",), "SRS": ("total",), "GBO": goals.SCALES}


@renders("measure:{measure_id}")
def draw(view: Rendering, measure_id: str) -> Card | None:
    """A questionnaire's result as its message shows it."""
    row = measures.by_id(view.session, measure_id)
    return result_card(view.session, row) if row else None


def result_card(session: Session, row: Measure, *first: Block, after: Sequence[Block] = ()) -> Card:
    """One result with everything that may be said about it."""
    ref = families.body(session, session.get_one(Family, row.family_id)).ref
    title = f"{catalogue.name_of(row.measure)}: {child_label(session, row)}"
    return card(
        measures_wording.RESULT_KEPT.format(ref=ref),
        Heading(text=title),
        *first,
        *of_row(session, row),
        *after,
        buttons(row),
    )


def of_row(session: Session, row: Measure) -> list[Block]:
    """What is said of a result, or why there is none."""
    if row.state == MeasureState.NOT_COMPLETED:
        return not_completed(session, row)
    return result_blocks(session, row, session.get_one(Unit, row.unit_id))


def result_blocks(session: Session, row: Measure, unit: Unit) -> list[Block]:
    """One result in words and figures, beside the earlier ones of its line."""
    known = _with_sums(row, measures.body(session, row))
    line = [(one, _with_sums(one, body)) for one, body in measures.line_of(session, row)]
    blocks: list[Block] = [
        say(sentence(row, known, unit)),
        small(_filled_in(row, known), " ", f"{catalogue.label_of(row.measure, row.form)}."),
    ]
    if row.measure == "CHI_ESQ":
        blocks.append(_experience(known))
    else:
        blocks += _scores(row, known, line, unit)
    blocks += [Quote(text=text) for text in known.own_words]
    if known.note:
        blocks.append(Quote(text=known.note, by=people.name_of(session, row.recorded_by_id)))
    return [*blocks, *(small(note) for note in _notes(row, known, unit))]


def sentence(row: Measure, known: MeasureBody, unit: Unit) -> str:
    """The result in one sentence, numbers with words."""
    scores = known.scores
    match row.measure:
        case "SDQ":
            total, impact = scores.get("total"), scores.get("impact")
            said = measures_wording.sdq_sentence(
                measures_wording.score_words(total, 40),
                _band(row, "total", total, unit),
                measures_wording.score_words(impact, catalogue.get("SDQ").most(row.form, "impact")),
                ", ".join(part for part in (_band(row, "impact", impact, unit), _incomplete(known)) if part),
            )
            yearly = sdq.carer_return_band(_whole(total)) if row.point == "yearly" else ""
            return measures_wording.FOR_THE_YEARLY_RETURN.format(said=said, yearly=yearly) if yearly else said
        case "MFQ":
            return _mood(row, scores.get("total"), unit)
        case "CHI_ESQ":
            return measures_wording.COUNTED_NOT_ADDED
        case "ORS":
            below = outcome_rating.below_cut_off(row.form, scores.get("total"))
            beside = (
                "" if below is None else measures_wording.BELOW_CUT_OFF if below else measures_wording.NOT_BELOW_CUT_OFF
            )
            return measures_wording.total_words(scores.get("total"), 40, f"{beside}. {measures_wording.HIGH_IS_GOOD}")
        case "SRS":
            talk = outcome_rating.worth_talking_about(scores.get("total"))
            beside = measures_wording.BELOW_36 if talk else ""
            return measures_wording.total_words(scores.get("total"), 40, f"{beside}.")
        case _:
            given = [name for name, value in scores.items() if value is not None]
            return measures_wording.scores_kept(len(given))


def in_short(session: Session, row: Measure) -> list[Block]:
    """One result in a sentence, whose it is and when, and the buttons that show and correct it."""
    known = _with_sums(row, measures.body(session, row))
    unit = session.get_one(Unit, row.unit_id)
    about = f"{catalogue.name_of(row.measure)}, {known.informant}"
    args = {"measure": row.id, "family": row.family_id}
    show = Button(action="measure.show", label=measures_wording.SHOW_THE_SCORES, args=args, about=about)
    correct = Button(action="measure.correct", label=measures_wording.CORRECT, args=args, about=about)
    return [say(sentence(row, known, unit)), small(_filled_in(row, known)), Buttons(items=(show, correct))]


def child_label(session: Session, row: Measure) -> str:
    """The child a result is about, by key, with initials where they are saved."""
    for child, body in families.children(session, row.family_id, include_gone=True):
        if child.id == row.child_id:
            return families.who_is(body.key, body.initials)
    return families.body(session, session.get_one(Family, row.family_id)).ref


def not_completed(session: Session, row: Measure) -> list[Block]:
    """Why a questionnaire was not filled in, with the code the yearly return asks for."""
    known = measures.body(session, row)
    reason = measures_wording.REASONS.get(row.reason, row.reason.replace("_", " "))
    blocks: list[Block] = [
        say(measures_wording.WHY_NOT_COMPLETED.format(reason=reason)),
        small(f"{_point(row).capitalize()}."),
    ]
    if row.point == "yearly":
        blocks.append(small(measures_wording.return_code(row.reason)))
    return [*blocks, *([Quote(text=known.note)] if known.note else [])]


def buttons(row: Measure) -> Buttons:
    """What can be done with a result: correct the newest one, have it as a document."""
    args = {"measure": row.id, "family": row.family_id}
    found = [Button(action="measure.family", label=measures_wording.ALL_QUESTIONNAIRES, args={"family": row.family_id})]
    if row.state == MeasureState.KEPT and catalogue.find(row.measure) and row.replaced_by_id is None:
        found.insert(0, Button(action="measure.correct", label=measures_wording.CORRECT, args=args))
    if row.state == MeasureState.KEPT:
        found += documents.buttons("measure", row.id, family=row.family_id)
    return Buttons(items=tuple(found))


def _with_sums(row: Measure, known: MeasureBody) -> MeasureBody:
    """With the sums of an SDQ that came from elsewhere without them; what cannot be added stays missing."""
    if row.measure != "SDQ":
        return known
    sums = sdq.entered({name: _whole(known.scores.get(name)) for name in sdq.SCALES}).as_dict()
    added = {n: Decimal(v) for n, v in sums.items() if v is not None and known.scores.get(n) is None}
    return known.model_copy(update={"scores": {**known.scores, **added}})


def _scores(row: Measure, known: MeasureBody, line: Line, unit: Unit) -> list[Block]:
    """Each scale with its words, and the change since the first of the same informant on the same form."""
    place = next((n for n, (one, _) in enumerate(line) if one.id == row.id), 0)
    first = line[0] if place > 0 else None
    measure = catalogue.find(row.measure)
    scales = [name for name in (measure.scales if measure else known.scores) if name in known.scores]
    if not scales:
        return []
    head = (
        measures_wording.SCALE,
        measures_wording.SCORE,
        measures_wording.IN_WORDS,
        *((measures_wording.FIRST, measures_wording.CHANGE) if first else ()),
    )
    rows = [head]
    for name in scales:
        rows.append(_score_row(row, known, name, first, unit))
    blocks: list[Block] = [Table(rows=tuple(rows), words=_change_sentence(row, known, first))]
    if first is not None:
        blocks += _chart(row, line[: place + 1])
    return blocks


def _score_row(
    row: Measure, known: MeasureBody, name: str, first: tuple[Measure, MeasureBody] | None, unit: Unit
) -> tuple[str, ...]:
    measure = catalogue.find(row.measure)
    label = measure.scales[name].label if measure and name in measure.scales else name.replace("_", " ")
    value = known.scores.get(name)
    if name in known.goals:
        label = f"{label}: {known.goals[name]}"
    cells = (
        label,
        measures_wording.score_words(value, measure.most(row.form, name) if measure else None),
        _level(row, name, value, unit),
    )
    if first is None:
        return cells
    return (*cells, measures_wording.score_words(first[1].scores.get(name)), _change(row, known, name, first))


def _change(row: Measure, known: MeasureBody, name: str, first: tuple[Measure, MeasureBody]) -> str:
    earlier = first[1]
    if row.measure == "GBO" and not goals.same_goal(earlier.goals.get(name, ""), known.goals.get(name, "")):
        return measures_wording.ANOTHER_GOAL_NOW
    found = change.between(
        row.measure, name, (first[0].form, earlier.scores.get(name)), (row.form, known.scores.get(name))
    )
    direction = "" if found.by is None else change.direction(row.measure, name, found.by)
    return measures_wording.change_words(found.by, direction, found.verdict)


def _change_sentence(row: Measure, known: MeasureBody, first: tuple[Measure, MeasureBody] | None) -> str:
    if first is None:
        return measures_wording.FIRST_RESULT
    on = first[0].completed_on
    when = day_words.in_full(on) if on else measures_wording.THE_FIRST_ONE
    found = change.changes(row.measure, row.form, first[1].scores, known.scores) if catalogue.find(row.measure) else {}
    reliable = [
        f"{catalogue.get(row.measure).scales[name].label}: {measures_wording.VERDICTS[one.verdict]}"
        for name, one in found.items()
        if one.verdict in (change.Verdict.IMPROVED, change.Verdict.DETERIORATED) and row.measure != "GBO"
    ]
    said = "; ".join(reliable) if reliable else measures_wording.NO_RELIABLE_CHANGE
    return measures_wording.COMPARED_WITH.format(when=when, said=said)


def _chart(row: Measure, line: Line) -> list[Block]:
    names = [name for name in CHARTED.get(row.measure, ()) if any(b.scores.get(name) is not None for _, b in line)]
    if not names:
        return []
    scales = catalogue.get(row.measure).scales
    points = tuple(_day(one.completed_on) for one, _ in line)
    pairs = list(zip(line, points, strict=True))
    series = tuple((scales[name].label, tuple(_float(b.scores.get(name)) for _, b in line)) for name in names)
    said = " ".join(
        measures_wording.course(
            scales[name].label, [(measures_wording.score_words(b.scores.get(name)), on) for (_, b), on in pairs]
        )
        for name in names
    )
    return [Chart(title=measures_wording.OVER_TIME, points=points, series=series, words=said)]


def _experience(known: MeasureBody) -> Block:
    counted = chi_esq.counts({int(n): str(a) if a else None for n, a in known.answers.items() if n.isdigit()})
    lines = tuple((f"{counted[name]} of 12: {label}",) for name, label in chi_esq.ALL_ANSWERS.items())
    return Bullets(items=(*lines, (measures_wording.LEFT_BLANK_OF_12.format(count=counted["blank"]),)))


def _mood(row: Measure, total: Decimal | None, unit: Unit) -> str:
    most = catalogue.get("MFQ").most(row.form, "total")
    own = unit.settings.get("mfq_cut_offs") or {}
    least, flagged = mfq.cut_off(row.form, own), mfq.is_flagged(row.form, _whole(total), own)
    if flagged is None:
        return measures_wording.total_words(total, most, ".")
    return measures_wording.total_words(total, most, measures_wording.mood_words(least, above=flagged))


def _level(row: Measure, name: str, value: Decimal | None, unit: Unit) -> str:
    match row.measure:
        case "SDQ":
            return _band(row, name, value, unit)
        case "CONNERS_3":
            return conners.level(_whole(value))
        case "RCADS" if name.endswith("_t"):
            return rcads.level(value)
        case _:
            return ""


def _band(row: Measure, name: str, value: Decimal | None, unit: Unit) -> str:
    scheme: sdq.Scheme = "3band" if unit.settings.get("sdq_bands") == "3band" else "4band"
    found = sdq.band(row.form, name, _whole(value), scheme)
    return found.label if found else ""


def _notes(row: Measure, known: MeasureBody, unit: Unit) -> list[str]:
    found = []
    if row.measure == "SDQ":
        scheme: sdq.Scheme = "3band" if unit.settings.get("sdq_bands") == "3band" else "4band"
        bands = sdq.has_bands(row.form, scheme)
        found.append(measures_wording.CUT_POINTS if bands else measures_wording.NO_BANDS)
        if row.form == "parent_2_4" and bands:
            found.append(measures_wording.PROVISIONAL)
        if row.form == "self_11_17" and scheme == "4band":
            found.append(measures_wording.TWO_SOURCES)
    if row.replaced_by_id:
        found.append(measures_wording.CORRECTED_SINCE)
    return found


def _incomplete(known: MeasureBody) -> str:
    return measures_wording.IMPACT_LEFT_BLANK if known.incomplete else ""


def _filled_in(row: Measure, known: MeasureBody) -> str:
    if row.completed_on is None:
        return measures_wording.DAY_NOT_KNOWN
    return measures_wording.filled_in(known.informant, row.completed_on, _point(row))


def _point(row: Measure) -> str:
    return POINTS.get(row.point, row.point)


def _day(on: date | None) -> str:
    return day_words.in_short(on) if on else measures_wording.NO_DATE


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
