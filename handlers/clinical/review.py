"""/review: what is due and by what rule, and recording that a review was held."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from handlers import commands, reach
from handlers.clinical import ccin, staff_meeting
from handlers.entries import recording
from handlers.entries.recording import Answers, date_of, text_of
from handlers.forms.asking import ask, prefills, submits
from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Done, Note, Turn, Wrong
from prompts_and_forms import own_names
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Heading, Menu, Table, card, say, small
from prompts_and_forms.clinical import reviews_wording
from prompts_and_forms.clinical.review_rules import OF_CATEGORY, DueReview, Kind
from prompts_and_forms.days import day_words, timescale_file
from storage.clinical import episodes, reviews
from storage.clinical.reviews import Held
from storage.database.bodies import ReviewBody
from storage.database.tables import Entry, Family, Unit
from storage.database.tables_machinery import Draft
from storage.database.tables_measures import Review
from storage.family import families
from storage.unit import people

AHEAD = timedelta(days=28)
MOST_WITH_BUTTONS = 10


@command("/review")
def review_command(turn: Turn) -> Answer:
    """/review: a family's reviews, the unit's list, or its supervision and meetings."""
    asked = commands.read(turn.event.text, ("list", "unit"))
    if asked is None or asked.word == "help":
        return Note(
            card(own_names.names().command("review"), Bullets(items=tuple((line,) for line in reviews_wording.HELP)))
        )
    if asked.word == "unit":
        return Note(unit_card(turn, turn.here()))
    if asked.ref:
        return Note(family_card(turn, reach.family_by_ref(turn, asked.ref)))
    return Note(list_card(turn, turn.here()))


@button("review.family", opens=True)
def show_family(turn: Turn) -> Answer:
    """The reviews of the family that was chosen."""
    return Note(family_card(turn, commands.chosen_family(turn)))


@button("review.unit", opens=True)
def show_unit(turn: Turn) -> Answer:
    """The unit's own supervision and meetings."""
    return Note(unit_card(turn, turn.here()))


# ---- lists


def list_card(turn: Turn, unit: Unit) -> Card:
    """What is late or due in four weeks in every family, the latest first; then what the file of rules has to say."""
    held = families.open_families(turn.session, unit.id)
    bodies = {family.id: families.body(turn.session, family) for family in held}
    names = {family.id: families.label(turn.session, family, unit) for family in held}
    today = turn.today(unit)
    every = reviews.due_of_families(turn.session, held, bodies)
    found = [
        (family, one) for family in held for one in every[family.id] if one.day is not None and one.day <= today + AHEAD
    ]
    found.sort(key=lambda pair: (pair[1].day or date.max, names[pair[0].id], pair[1].kind))
    blocks: list[Block] = []
    if found:
        blocks.append(_table(turn, found, names))
    else:
        blocks.append(say(reviews_wording.NOTHING_DUE))
    for family in {family.id: family for family, _ in found}.values():
        note_read(turn, family, "listed")
    menu = Menu(
        action="review.family",
        label=reviews_wording.SHOW_A_FAMILY,
        choices=tuple(Choice(value=key, label=name) for key, name in sorted(names.items(), key=lambda one: one[1])),
        args={"unit": unit.id},
    )
    supervision = Button(
        action="review.unit", label=reviews_wording.SUPERVISION_AND_STAFF_MEETING, args={"unit": unit.id}
    )
    blocks.append(Buttons(items=(menu, supervision)))
    return card(
        reviews_wording.REVIEWS_OF_UNIT.format(unit=unit.name), *blocks, *(small(line) for line in warnings(today))
    )


def _table(turn: Turn, found: list[tuple[Family, DueReview]], names: dict[str, str]) -> Table:
    today = turn.today()
    rows: list[tuple[str, ...]] = [
        (reviews_wording.FAMILY, reviews_wording.REVIEW, reviews_wording.WHEN, reviews_wording.ASKED)
    ]
    for family, one in found:
        when = reviews_wording.due_words(one.on, one.plan_by, one.booked, today)
        who = reviews_wording.asked_words(one.asked)
        rows.append(
            (
                names[family.id],
                _named(turn, family, one),
                f"{reviews_wording.LATE}: {when}" if one.is_late(today) else when,
                who,
            )
        )
    late = sum(one.is_late(today) for _, one in found)
    return Table(rows=tuple(rows), words=reviews_wording.counted(late, len(found) - late))


def warnings(today: date) -> list[str]:
    """What people must know about the rules: a file that cannot be used, a calendar that runs out."""
    book = timescale_file.book()
    return [line for line in (book.rules().warning(today), book.trouble) if line]


def family_card(turn: Turn, family: Family) -> Card:
    """Every review of one family with its rule, and the last ones held."""
    note_read(turn, family, "read")
    unit = turn.here()
    blocks: list[Block] = [
        Heading(text=reviews_wording.REVIEWS_HEADING.format(family=families.label(turn.session, family, unit)))
    ]
    due = reviews.due_of_family(turn.session, family)
    for number, one in enumerate(due):
        blocks += _one_due(turn, family, one, with_button=number < MOST_WITH_BUTTONS)
    if not due:
        blocks.append(say(reviews_wording.NOTHING_KNOWN))
    blocks += _held_blocks(turn, family)
    record = Button(
        action="form.open", label=reviews_wording.RECORD_A_REVIEW, args={"family": family.id, "form": "review"}
    )
    blocks.append(Buttons(items=(record,)))
    blocks += [small(line) for line in warnings(turn.today())]
    return card(reviews_wording.REVIEWS_OF_FAMILY.format(ref=families.body(turn.session, family).ref), *blocks)


def _one_due(turn: Turn, family: Family, one: DueReview, *, with_button: bool) -> list[Block]:
    today = turn.today()
    late = f"{reviews_wording.LATE}: " if one.is_late(today) else ""
    said = f"{_named(turn, family, one)}: {late}{reviews_wording.due_words(one.on, one.plan_by, one.booked, today)}."
    blocks: list[Block] = [say(said)]
    if one.booked_too_late() and one.on is not None:
        blocks.append(say(reviews_wording.too_late(one.on)))
    if one.rule_id and one.start:
        rule, changed = reviews.rule_words(turn.session, one.rule_id, one.edition, one.start)
        if rule:
            blocks.append(small(reviews_wording.CHANGED_RULE.format(said=rule) if changed else rule))
    if with_button:
        blocks.append(Buttons(items=(record_button(family.id, one),)))
    return blocks


def record_button(family_id: str, one: DueReview) -> Button:
    """The button that does a line; also used under reminders."""
    if one.kind is Kind.VISIT:
        args = {"family": family_id, "form": "last_seen"}
        return Button(action="form.open", label=reviews_wording.RECORD_CHILD_SEEN, args=args)
    if one.kind is Kind.PERMISSION:
        args = {"family": family_id, "form": "permission_to_share"}
        return Button(action="form.open", label=reviews_wording.PERMISSION_TO_SHARE, args=args)
    args = {"family": family_id, "form": "review", "kind": one.kind.value}
    if one.subject:
        args["agreement"] = one.subject
    return Button(action="form.open", label=reviews_wording.RECORD_IT, args=args, about=reviews_wording.KINDS[one.kind])


def _named(turn: Turn, family: Family, one: DueReview) -> str:
    name = reviews_wording.KINDS[one.kind]
    if one.kind is not Kind.VISIT:
        return name
    found = families.children(turn.session, family.id)
    return f"{name}: {next((families.who_is(b.key, b.initials) for c, b in found if c.id == one.subject), '')}"


def _held_blocks(turn: Turn, family: Family) -> list[Block]:
    held = reviews.of_family(turn.session, family.id)
    if not held:
        return []
    lines = tuple((_held_words(turn, row),) for row in reversed(held[-10:]))
    return [Bullets(title=reviews_wording.HELD, items=lines)]


def _held_words(turn: Turn, row: Review) -> str:
    by = reviews_wording.CHAIRED_BY.format(person=_person(turn, row.chaired_by_id)) if row.chaired_by_id else ""
    decided = reviews.body(turn.session, row).decided
    kind = reviews_wording.KINDS.get(row.kind, row.kind)
    return f"{kind}, {day_words.in_full(row.held_on)}{by}{f': {decided}' if decided else ''}"


def _person(turn: Turn, person_id: str | None) -> str:
    return reviews_wording.SOMEONE_OUTSIDE if person_id == "outside" else people.name_of(turn.session, person_id)


def unit_card(turn: Turn, unit: Unit) -> Card:
    """Supervision of each clinician and the clinical staff meeting."""
    today = turn.today(unit)
    blocks: list[Block] = [Heading(text=reviews_wording.SUPERVISION_HEADING.format(unit=unit.name))]
    for one in reviews.due_of_unit(turn.session, unit):
        whose = f" of {people.name_of(turn.session, one.subject)}" if one.subject else ""
        due = reviews_wording.due_words(one.on, one.plan_by, one.booked, today)
        args = {"unit": unit.id, "kind": one.kind.value, **({"person": one.subject} if one.subject else {})}
        blocks += [
            say(f"{reviews_wording.KINDS[one.kind]}{whose}: {due}."),
            Buttons(items=(Button(action="review.record_unit", label=reviews_wording.RECORD_IT, args=args),)),
        ]
    return card(reviews_wording.SUPERVISION_OF.format(unit=unit.name), *blocks)


@button("review.record_unit", opens=True)
def record_unit(turn: Turn) -> Answer:
    """Opens the form for a supervision or a staff meeting."""
    args = turn.event.args
    known = {key: args[key] for key in ("kind", "person") if args.get(key)}
    return ask(turn, "review_unit", unit_id=turn.here().id, answers={**known, "held_on": turn.today().isoformat()})


# ---- recording


@prefills("review")
def prefill(turn: Turn, family_id: str | None, _discussion: str | None, args: dict[str, str]) -> dict[str, Any] | None:
    """The kind of review a button was for, or else the one the family's plan has."""
    family = reach.family(turn, family_id)
    kind = args.get("kind") or OF_CATEGORY.get(family.category)
    found: dict[str, Any] = {"held_on": turn.today().isoformat(), "agreement": args.get("agreement")}
    if kind:
        found["kind"] = str(kind)
    if kind == Kind.CCIN_REVIEW:
        found["chaired_by"] = ccin.team_manager(turn, family)
    return {key: value for key, value in found.items() if value}


@submits("review")
def keep_review(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Keeps a review; the next due day is counted from it, and the family's key dates follow."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    family = reach.family(turn, recording.family_of(draft))
    kind = Kind(text_of(answers, "kind"))
    held = Held(
        kind=kind,
        held_on=date_of(answers, "held_on") or turn.today(),
        subject_id=answers.get("agreement") if kind is Kind.AGREEMENT else None,
        chaired_by_id=answers.get("chaired_by"),
        next_on=date_of(answers, "next_on"),
    )
    if faults := _faults(turn, family, held, text_of(answers, "why_later")):
        return Wrong(faults)
    body = ReviewBody(
        worked=text_of(answers, "worked"),
        did_not_work=text_of(answers, "did_not_work"),
        decided=text_of(answers, "decided"),
        family_invited=answers.get("family_invited"),
        present=list(answers.get("present") or []),
        why_later=text_of(answers, "why_later"),
    )
    row = reviews.record(
        turn.session,
        unit_id=family.unit_id,
        family=family,
        held=held,
        body=body,
        by_id=turn.actor().id,
        now=turn.now,
    )
    entry = recording.keep(turn, draft, answers, subject_id=row.id)
    row.entry_id = entry.id
    turn.session.add(row)
    if kind is Kind.SIX_SESSIONS:
        _tell_the_work(turn, family, held, entry, ends=answers.get("goes_on") == "ends")
    discussion = recording.discussion_of(turn, draft)
    if discussion is not None:
        if discussion.kind == "full":
            recording.post(turn, f"entry:{entry.id}", discussion)
        recording.redraw(turn, discussion)
    return Done(_kept_card(turn, family, row))


def _tell_the_work(turn: Turn, family: Family, held: Held, entry: Entry, *, ends: bool) -> None:
    """A review after six sessions moves the clinical work on at once."""
    me = turn.actor().id
    episodes.reviewed(turn.session, family, held.held_on, ends=ends, by_id=me, now=turn.now, entry_id=entry.id)


def _faults(turn: Turn, family: Family, held: Held, why_later: str) -> dict[str, str]:
    plan = OF_CATEGORY.get(family.category)
    if held.kind in OF_CATEGORY.values() and held.kind is not plan:
        return {"kind": reviews_wording.NOT_THIS_PLAN}
    if held.kind is Kind.AGREEMENT and held.subject_id is None:
        return {"agreement": reviews_wording.WHICH_AGREEMENT}
    alike = [row for row in reviews.of_family(turn.session, family.id) if row.kind == held.kind]
    if any((row.held_on, row.subject_id) == (held.held_on, held.subject_id) for row in alike):
        return {"held_on": reviews_wording.HELD_TWICE}
    return _next_faults(turn, family, held, why_later)


def _next_faults(turn: Turn, family: Family, held: Held, why_later: str) -> dict[str, str]:
    if held.next_on is None:
        return {}
    if held.next_on <= held.held_on:
        return {"next_on": reviews_wording.NEXT_BEFORE_HELD}
    if held.next_on < turn.today():
        return {"next_on": reviews_wording.NEXT_PAST}
    due = reviews.next_due(turn.session, family, held)
    late = due is not None and due.on is not None and due.rule.statutory and held.next_on > due.on
    if late and due is not None and due.on is not None and not why_later.strip():
        return {"why_later": reviews_wording.WHY_LATER.format(on=day_words.in_full(due.on))}
    return {}


def _ccin_words(turn: Turn, family: Family, row: Review) -> list[Block]:
    """Who chairs a complex child in need review, that the family belongs there, and up, down or why it stays."""
    if row.kind != Kind.CCIN_REVIEW:
        return []
    invited = reviews.body(turn.session, row).family_invited
    return [*ccin.meeting_words(turn, family, row.chaired_by_id, invited), small(ccin.UP_OR_DOWN)]


def _kept_card(turn: Turn, family: Family, row: Review) -> Card:
    rule = ""
    if row.rule_id:
        rule, _changed = reviews.rule_words(turn.session, row.rule_id, row.edition, row.held_on)
    said = reviews_wording.recorded(row.kind, row.held_on)
    show = Button(action="review.family", label=reviews_wording.ALL_REVIEWS, args={"family": family.id})
    return card(
        reviews_wording.REVIEW_RECORDED.format(ref=families.body(turn.session, family).ref),
        say(said),
        *_ccin_words(turn, family, row),
        say(reviews_wording.next_words(row.next_on, row.due_on, row.plan_by, rule)),
        Buttons(items=(show,)),
    )


@submits("review_unit")
def keep_unit_review(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Supervision or a staff meeting took place."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    unit, kind = turn.here(), Kind(text_of(answers, "kind"))
    person = answers.get("person") if kind is Kind.SUPERVISION else None
    held_on, next_on = date_of(answers, "held_on") or turn.today(), date_of(answers, "next_on")
    if kind is Kind.SUPERVISION and not person:
        return Wrong({"person": reviews_wording.WHOSE})
    if next_on is not None and next_on <= held_on:
        return Wrong({"next_on": reviews_wording.NEXT_BEFORE_HELD})
    held = Held(kind, held_on, person, answers.get("chaired_by"), next_on)
    body = ReviewBody(note=text_of(answers, "note"))
    row = reviews.record(
        turn.session, unit_id=unit.id, family=None, held=held, body=body, by_id=turn.actor().id, now=turn.now
    )
    recording.keep(turn, draft, answers, subject_id=row.id)
    others = staff_meeting.record_for_others(turn, unit, held, body) if kind is Kind.CLINICAL_STAFF else []
    rule, _changed = reviews.rule_words(turn.session, row.rule_id, row.edition, row.held_on)
    said = reviews_wording.recorded(row.kind, row.held_on)
    next_one = say(reviews_wording.next_words(row.next_on, row.due_on, row.plan_by, rule))
    return Done(card(said, say(said), *staff_meeting.also_words(others), next_one))
