"""A family's genogram: the people, how they belong together, the picture of it, and what is known to begin with."""

from __future__ import annotations

from typing import Any

from handlers import documents, reach
from handlers.clinical import position
from handlers.entries import recording
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.reach import note_read
from handlers.routes import button
from handlers.turn import Answer, Ask, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Heading, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.days.ages import age_on, months_on
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.forms.keys import box_numbers
from prompts_and_forms.genogram import from_forms
from prompts_and_forms.genogram import wording as genogram_wording
from prompts_and_forms.genogram.from_forms import Known, Row
from prompts_and_forms.genogram.genogram import MOST_PEOPLE, sentences
from prompts_and_forms.states import DraftState, FamilyStatus
from storage.database.tables import Entry, Family
from storage.database.tables_machinery import Draft
from storage.family import families, genograms
from storage.family.genograms import Drawn
from storage.forms import entries
from storage.unit import people


@button("genogram.open", opens=True)
def open_genogram(turn: Turn) -> Answer:
    """What is drawn, in words, with what can be done about it; the form where nothing is drawn yet."""
    family = reach.family(turn, turn.event.args.get("family"))
    note_read(turn, family, "genogram")
    drawn = genograms.current(turn.session, family.id)
    return Note(genogram_card(turn, family, drawn)) if drawn else _ask_people(turn, family)


@button("genogram.people", opens=True)
def change_people(turn: Turn) -> Answer:
    """The form of a genogram's people; raises Refused for a closed family."""
    return _ask_people(turn, position.open_family(turn, turn.event.args.get("family")))


@button("genogram.links", opens=True)
def change_links(turn: Turn) -> Answer:
    """The form of a genogram's relationships; raises Refused for a closed family."""
    return _ask_links(turn, position.open_family(turn, turn.event.args.get("family")))


def genogram_card(turn: Turn, family: Family, drawn: Drawn, *first: Block) -> Card:
    """The genogram in sentences, who drew it last, and how to change it or have the picture."""
    args = {"family": family.id}
    newest = drawn.newest
    by = genogram_wording.drawn_by(
        people.name_of(turn.session, newest.recorded_by_id), day_words.in_full(_day(turn, newest))
    )
    picture = {"what": "genogram", "row": drawn.people.id, **args}
    buttons: list[Button] = []
    if family.status != FamilyStatus.CLOSED:
        buttons.append(Button(action="genogram.people", label=genogram_wording.PEOPLE, args=args))
        buttons.append(Button(action="genogram.links", label=genogram_wording.LINKS, args=args))
    buttons.append(Button(action="document.png", label=genogram_wording.SEND, args=picture))
    buttons += documents.buttons("genogram", drawn.people.id, **args)
    label = families.label_of(turn.session, family.id)
    return card(
        decisions_wording.notice(families.body(turn.session, family).ref),
        *first,
        Heading(text=f"{genogram_wording.TITLE}, {label}"),
        Bullets(items=tuple((one,) for one in sentences(drawn.genogram))),
        small(f"{by}. {genogram_wording.OLDER}"),
        Buttons(items=tuple(buttons)),
    )


def _day(turn: Turn, entry: Entry) -> Any:
    return entry.recorded_at.astimezone(turn.zone()).date()


# ---- the people


def _ask_people(turn: Turn, family: Family) -> Ask:
    position.open_family(turn, family.id)
    now = entries.newest_of_family(turn.session, family.id, genograms.PEOPLE)
    rows = _rows(turn, now, "people") if now else from_forms.first_people(known_people(turn, family))
    args = {"replaces": now.id} if now else {}
    return asking.ask(turn, genograms.PEOPLE, family_id=family.id, answers=from_forms.as_answers(rows), args=args)


def _rows(turn: Turn, entry: Entry | None, name: str) -> list[Row]:
    return recording.rows_of(entries.answers(turn.session, entry), name) if entry else []


@submits("genogram")
def keep_people(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Keeps who is in the picture; the lines between them are asked next."""
    family = position.open_family(turn, recording.family_of(draft))
    base = _rows(turn, recording.replaced(turn, draft), "people")
    made, wrong, in_box = from_forms.typed_people(
        recording.rows_of(answers, "people"), recording.text_of(answers, "more"), turn.today().year
    )
    if wrong or in_box:
        numbers = _row_numbers(turn, "people")
        beside = {f"people#{numbers[row]}#{field}": why for (row, field), why in wrong.items()}
        return Wrong({**beside, **({"more": in_box} if in_box else {})})
    if not made:
        raise Refused(genogram_wording.NOBODY)
    rows, told = _with_theirs(turn, family, draft, from_forms.with_ids(made, base), base)
    if len(rows) > MOST_PEOPLE:
        raise Refused(genogram_wording.TOO_MANY.format(count=len(rows), most=MOST_PEOPLE))
    recording.keep(turn, draft, {"people": rows})
    draft.state = DraftState.DONE
    turn.session.add(draft)
    turn.session.flush()
    return _ask_links(turn, family, *told, say(genogram_wording.NOW_LINKS))


def _with_theirs(
    turn: Turn, family: Family, draft: Draft, rows: list[Row], base: list[Row]
) -> tuple[list[Row], tuple[Block, ...]]:
    """Whom somebody else put in while this form was open stays in; this entry takes the place of theirs."""
    now = entries.newest_of_family(turn.session, family.id, genograms.PEOPLE)
    if now is None or now.id == draft.args.get("replaces"):
        return rows, ()
    draft.args = {**draft.args, "replaces": now.id}
    who = people.name_of(turn.session, now.recorded_by_id)
    return from_forms.joined(rows, _rows(turn, now, "people"), base), (
        say(genogram_wording.ALSO_CHANGED.format(who=who)),
    )


def _row_numbers(turn: Turn, group: str) -> list[int]:
    """Which rows of a repeating group have something in them, as the form numbers them."""
    values = turn.event.values
    return [
        number
        for number in box_numbers(values, group)
        if any(value for key, value in values.items() if key.startswith(f"{group}#{number}#"))
    ]


# ---- how they belong together


def _ask_links(turn: Turn, family: Family, *intro: Block) -> Ask:
    drawn = genograms.current(turn.session, family.id)
    if drawn is None:
        raise Refused(genogram_wording.NO_PEOPLE)
    if drawn.links is not None:
        rows = _rows(turn, drawn.links, "links")
    else:
        rows = from_forms.first_lines(known_people(turn, family), drawn.genogram.people)
    here = {one.id for one in drawn.genogram.people}
    shown = [_only(row, here) for row in rows]
    args = {"replaces": drawn.links.id} if drawn.links else {}
    answers = {"links": [row for row in shown if row["who"] or row["whom"]]}
    return asking.ask(turn, genograms.LINKS, family_id=family.id, answers=answers, args=args, intro=intro)


def _only(row: Row, here: set[str]) -> Row:
    """A line without those who are not drawn any more."""
    sides = {side: [one for one in row.get(side) or () if one in here] for side in ("who", "whom")}
    return {"kind": row.get("kind"), **sides}


@submits("genogram_links")
def keep_links(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Keeps the lines, and sends the picture to whoever drew it."""
    family = position.open_family(turn, recording.family_of(draft))
    labels = {one.id: one.label for one in genograms.people(turn.session, family.id)}
    rows = recording.rows_of(answers, "links")
    wrong = from_forms.line_faults(rows, labels)
    if wrong:
        numbers = _row_numbers(turn, "links")
        return Wrong({f"links#{numbers[row]}#{field}": why for (row, field), why in wrong.items()})
    told: tuple[Block, ...] = ()
    now = entries.newest_of_family(turn.session, family.id, genograms.LINKS)
    if now is not None and now.id != draft.args.get("replaces"):
        base = _rows(turn, recording.replaced(turn, draft), "links")
        rows = from_forms.joined_lines(rows, _rows(turn, now, "links"), base, labels)
        draft.args = {**draft.args, "replaces": now.id}
        told = (say(genogram_wording.ALSO_CHANGED.format(who=people.name_of(turn.session, now.recorded_by_id))),)
    drawn = genograms.current(turn.session, family.id)
    if drawn is None:
        raise Refused(genogram_wording.NO_PEOPLE)
    recording.keep(turn, draft, {"links": rows, "of": drawn.people.id})
    documents.send(turn, "genogram", drawn.people.id, documents.IMAGE)
    drawn = genograms.current(turn.session, family.id)
    assert drawn is not None
    return Done(genogram_card(turn, family, drawn, *told, say(genogram_wording.KEPT)))


# ---- what is known already


def known_people(turn: Turn, family: Family) -> list[Known]:
    """The children and carers of the family's page, by initials or the word for them."""
    carers = [known for _row, known in families.carers(turn.session, family.id)]
    at_home = [one for one in carers if one.lives_with_children]
    found = []
    for _row, child in families.children(turn.session, family.id):
        months, years = months_on(child.known_age(), turn.today()), age_on(child.known_age(), turn.today())
        born = (
            genogram_wording.MONTHS.format(months=months)
            if months is not None
            else str(years if years is not None else "")
        )
        lives = any(not one.children or child.key in one.children for one in at_home)
        found.append(Known(child.key, child.initials, "", "" if child.unborn else born, child.unborn, lives))
    for one in carers:
        home = bool(one.lives_with_children)
        found.append(
            Known(
                one.key, one.initials, one.relation or genogram_wording.CARER, home=home, children=tuple(one.children)
            )
        )
    return found
