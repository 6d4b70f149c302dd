"""/track: the tracking form as it fills by itself, what is missing, and what was agreed in supervision."""

from __future__ import annotations

from datetime import date, timedelta

from handlers import commands, documents, reach
from handlers.clinical import supervision, tracking_lines, work_card
from handlers.documents import Lines
from handlers.entries import recording, show
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Menu, Table, card, say, small
from prompts_and_forms.clinical import pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.tracking_rules import KINDS, RULES
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import WorkState
from storage.clinical import episodes, tracking
from storage.clinical.tracking import Asked
from storage.database.tables import Entry, Family, Unit
from storage.database.tables_clinical import TrackingEntry
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.unit import people, units

WEEK, FOUR_WEEKS = timedelta(days=7), timedelta(days=28)
MOST = 90
"""Lines in one answer: more are better read in fewer days."""


@command("/track")
def track_command(turn: Turn) -> Answer:
    """/track: the lines of a week, of a family, the unit's list, or supervision."""
    asked = commands.read(turn.event.text, ("week", "unit", "supervision"))
    if turn.unit is None and len(own := _units(turn)) > 1:
        items = tuple(Button(action="track.unit", label=one.name, args={"unit": one.id}) for one in own)
        return Note(card(work_wording.TRACKING_FORM, say(clinical_wording.WHICH_UNIT), Buttons(items=items)))
    unit = turn.here()
    if asked is None or (asked.word and asked.ref):
        return _help(decisions_wording.not_understood("track", turn.event.text.strip()))
    if asked.word == "help":
        return _help(work_wording.WHAT_TRACK_CAN_DO)
    if asked.word == "unit":
        return show_unit(turn)
    if asked.word == "supervision":
        return Note(supervision.supervision_card(turn, unit))
    if asked.ref:
        return _ask_line(turn, reach.family_by_ref(turn, asked.ref))
    return Note(week_card(turn, unit, _monday(turn.today()), turn.actor().id))


def _units(turn: Turn) -> list[Unit]:
    return people.active_units(turn.session, turn.actor().id)


def _help(first: str) -> Note:
    return Note(
        card(
            work_wording.HOW_TRACK_WORKS,
            say(first),
            Bullets(items=tuple((line,) for line in clinical_wording.TRACK_HELP)),
        )
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


# ---- a week


@button("track.week", opens=True)
def show_week(turn: Turn) -> Answer:
    """The lines of one week."""
    unit, args = turn.here(), turn.event.args
    whose = args.get("chosen") or args.get("person") or turn.actor().id
    if people.membership(turn.session, unit.id, whose) is None:
        raise Refused(decisions_wording.GONE)
    try:
        monday = _monday(date.fromisoformat(args.get("from", "")))
    except ValueError:
        monday = _monday(turn.today())
    return Note(week_card(turn, unit, monday, whose))


def week_card(turn: Turn, unit: Unit, monday: date, whose: str) -> Card:
    """One person's week: what is written, and for oneself what is missing."""
    sunday = monday + WEEK - timedelta(days=1)
    found = tracking.lines(turn.session, _asked(turn, unit, monday, sunday, whose))
    mine = whose == turn.actor().id
    of = "" if mine else f", {people.name_of(turn.session, whose)}"
    blocks: list[Block] = [say(f"{clinical_wording.week_of(day_words.in_full(monday))}{of}")]
    blocks += _table(turn, unit, found, whose=False)
    blocks += _missing(turn, unit, whose) if mine else []
    files = documents.list_buttons(turn, Lines(monday, sunday, whose)) if found else ()
    add = (_add_menu(turn, unit), *_line_menu(turn, unit, found)) if mine else ()
    blocks.append(Buttons(items=(*add, *_week_buttons(unit, monday, turn.today(), whose), *files)))
    return card(work_wording.TRACKING_FORM, *blocks)


def _asked(turn: Turn, unit: Unit, since: date, until: date, person_id: str | None = None, kind: str = "") -> Asked:
    """Supervision is between a clinician and the managers; others are not asked what was said in it."""
    sees = turn.membership is not None and people.is_manager(turn.membership)
    return Asked(unit.id, since, until, person_id, kind, reader_id=None if sees else turn.actor().id)


def _week_buttons(unit: Unit, monday: date, today: date, whose: str) -> tuple[Button, ...]:
    def to(label: str, day: date) -> Button:
        args = {"unit": unit.id, "from": day.isoformat(), "person": whose}
        return Button(action="track.week", label=label, args=args)

    later = (to(clinical_wording.LATER, monday + WEEK),) if monday + WEEK <= today else ()
    other = Button(action="track.days", label=clinical_wording.OTHER_DAYS, args={"unit": unit.id})
    return (to(clinical_wording.EARLIER, monday - WEEK), *later, other)


def _add_menu(turn: Turn, unit: Unit) -> Menu:
    found = families.open_families(turn.session, unit.id)
    choices = sorted(
        (Choice(value=one.id, label=families.label(turn.session, one, unit)) for one in found),
        key=lambda choice: choice.label,
    )
    return Menu(action="track.add", label=clinical_wording.ADD_LINE, choices=tuple(choices), args={"unit": unit.id})


def _line_menu(turn: Turn, unit: Unit, found: list[TrackingEntry]) -> tuple[Menu, ...]:
    """Opens the record a line was made from, to put it right or take it out."""
    choices = []
    for one in found[:100]:
        family = families.by_id(turn.session, one.family_id)
        if family is None or not one.source.startswith("entry:") or one.kind == tracking.SUPERVISION:
            continue
        label = families.label(turn.session, family, unit)
        line = f"{day_words.in_full(one.on)}, {label}: {KINDS.get(one.kind, one.kind)}"
        choices.append(Choice(value=one.source.removeprefix("entry:"), label=line))
    if not choices:
        return ()
    return (
        Menu(action="track.line", label=clinical_wording.OPEN_LINE, choices=tuple(choices), args={"unit": unit.id}),
    )


@button("track.line", opens=True)
def open_line(turn: Turn) -> Answer:
    """One line, with what can be done about it."""
    entry = turn.session.get(Entry, turn.event.args.get("chosen", ""))
    family = reach.family(turn, entry.family_id if entry else None)
    assert entry is not None
    if entry.form not in RULES or entry.form == supervision.FORM:
        raise Refused(decisions_wording.GONE)
    note_read(turn, family, "tracking")
    return Note(show.entry_card(turn.session, entry, turn.today()))


def _missing(turn: Turn, unit: Unit, me: str) -> list[Block]:
    """Sessions of mine that were booked for a day gone by, with nothing written: one press, then keep."""
    blocks: list[Block] = []
    for episode in episodes.of_unit(turn.session, unit.id):
        on = episode.next_on
        if episode.clinician_id != me or episode.state not in (WorkState.IN_THERAPY, WorkState.COMMISSIONED):
            continue
        if on is None or on > turn.today() or tracking.has_line(turn.session, episode.family_id, on, ("session",)):
            continue
        family = families.by_id(turn.session, episode.family_id)
        if family is None:
            continue
        label = families.label(turn.session, family, unit)
        args = work_card.args_of(family, episode, pathway.move("session"))
        held = Button(action="work.move", label=clinical_wording.IT_WAS_HELD, args=args, style="primary", about=label)
        blocks += [say(clinical_wording.not_written(label, day_words.in_full(on))), Buttons(items=(held,))]
    return blocks


# ---- adding a line


@button("track.add", opens=True)
def add(turn: Turn) -> Answer:
    """Opens the form for a new line."""
    return _ask_line(turn, commands.chosen_family(turn))


def _ask_line(turn: Turn, family: Family) -> Answer:
    return asking.ask(turn, "tracking_entry", family_id=family.id, answers={"date": turn.today().isoformat()})


@submits("tracking_entry")
def keep_line(turn: Turn, draft: Draft, answers: recording.Answers) -> Answer:
    """A line was written; it is shown in its week."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    entry = recording.keep(turn, draft, answers)
    tracking_lines.write(turn, draft, entry, answers)
    done = recording.shown(turn, draft, entry)
    beside = tracking_lines.lines_of_entry(turn, entry)
    if done.note is None or not beside:
        return done
    return Done(done.note.model_copy(update={"blocks": (*done.note.blocks, *beside)}))


# ---- the unit, other days


@button("track.days", opens=True)
def ask_days(turn: Turn) -> Answer:
    """Asks for the days whose lines are wanted."""
    today = turn.today()
    known = {"since": (today - FOUR_WEEKS).isoformat(), "until": today.isoformat(), "person": turn.actor().id}
    return asking.ask(turn, "tracking_filter", unit_id=turn.here().id, answers=known)


@submits("tracking_filter")
def show_days(turn: Turn, draft: Draft, answers: recording.Answers) -> Answer:
    """The lines of the days that were chosen."""
    unit = turn.here()
    since, until = date.fromisoformat(answers["since"]), date.fromisoformat(answers["until"])
    if until < since:
        return Wrong({"until": clinical_wording.DAYS_BACKWARDS})
    asked = _asked(turn, unit, since, until, answers.get("person"), answers.get("kind") or "")
    return Done(unit_card(turn, unit, asked))


@button("track.unit", opens=True)
def show_unit(turn: Turn) -> Answer:
    """Everybody's last four weeks, in this unit or in another one of the person's."""
    if chosen := turn.event.args.get("chosen"):
        turn.unit = units.by_id(turn.session, chosen)
        turn.membership = people.belongs(turn.session, chosen, turn.actor().id)
        if turn.membership is None:
            raise Refused(decisions_wording.GONE)
    unit, today = turn.here(), turn.today()
    return Note(unit_card(turn, unit, _asked(turn, unit, today - FOUR_WEEKS, today)))


def unit_card(turn: Turn, unit: Unit, asked: Asked) -> Card:
    """Everybody's lines, or one person's, in some days."""
    found = tracking.lines(turn.session, asked, MOST + 1)
    who = people.name_of(turn.session, asked.person_id) if asked.person_id else "everybody"
    kind = f", {KINDS.get(asked.kind, asked.kind)}" if asked.kind else ""
    days = f"{day_words.in_full(asked.since)} to {day_words.in_full(asked.until)}"
    blocks: list[Block] = [say(f"{unit.name}, {who}{kind}, {days}: {clinical_wording.lines_words(len(found[:MOST]))}.")]
    blocks += _table(turn, unit, found[:MOST], whose=asked.person_id is None)
    if len(found) > MOST:
        blocks.append(small(clinical_wording.TOO_MANY.format(most=MOST)))
    other = Button(action="track.days", label=clinical_wording.OTHER_DAYS, args={"unit": unit.id})
    files = documents.list_buttons(turn, Lines(asked.since, asked.until, asked.person_id or "", asked.kind))
    items = (other, *_menus(turn, unit), *(files if found else ()), *documents.caseload_button(turn))
    return card(work_wording.TRACKING_FORM, *blocks, Buttons(items=items))


def _menus(turn: Turn, unit: Unit) -> tuple[Menu, ...]:
    """A clinician's week, and the other units of whoever asks."""
    weeks = [Choice(value=one.id, label=one.name) for one in people.clinicians(turn.session, unit.id)]
    others = [Choice(value=one.id, label=one.name) for one in _units(turn) if one.id != unit.id]
    found = (("track.week", clinical_wording.WHOSE_WEEK, weeks), ("track.unit", clinical_wording.OTHER_UNIT, others))
    return tuple(
        Menu(action=action, label=label, choices=tuple(choices[:100]), args={"unit": unit.id})
        for action, label, choices in found
        if choices
    )


def _table(turn: Turn, unit: Unit, found: list[TrackingEntry], *, whose: bool) -> list[Block]:
    if not found:
        return [say(clinical_wording.NO_LINES)]
    labels: dict[str, str] = {}
    head = (
        work_wording.DAY,
        work_wording.FAMILY,
        work_wording.WHAT,
        *((work_wording.WHO,) if whose else ()),
        work_wording.IN_SHORT,
    )
    rows: list[tuple[str, ...]] = [head]
    for one in found:
        family = families.by_id(turn.session, one.family_id)
        if family is not None and family.id not in labels:
            labels[family.id] = families.label(turn.session, family, unit)
            note_read(turn, family, "tracking")
        name = (people.name_of(turn.session, one.person_id),) if whose else ()
        label = labels.get(one.family_id or "", work_wording.NO_FAMILY)
        kind, said = KINDS.get(one.kind, one.kind), tracking_lines.in_short(turn.session, one)
        rows.append((day_words.in_full(one.on), label, kind, *name, said))
    return [
        Table(
            rows=tuple(rows),
            words=work_wording.LINES_OF_TRACKING_FORM.format(lines=clinical_wording.lines_words(len(found))),
        )
    ]
