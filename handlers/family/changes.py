"""Correcting what the unit holds about a family: its people, dates, category, plan, and closing it.

Every form handed in is kept as an entry as well, so what was there before can always be read.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import reach
from handlers.clinical import ccin
from handlers.entries import recording
from handlers.family import other_unit
from handlers.family.checks import interval_faults, ref_faults, worker_faults
from handlers.family.family_card import show
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Ask, Done, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Chosen, card, say, small
from prompts_and_forms.days import plausible
from prompts_and_forms.days.ages import age_on, months_on
from prompts_and_forms.family import wording as family_wording
from prompts_and_forms.meeting.wording import due_words
from prompts_and_forms.states import FamilyStatus
from prompts_and_forms.typed import tidy
from prompts_and_forms.unit import wording as unit_wording
from storage.database.bodies import CarerBody, ChildBody, FamilyBody, TextBody
from storage.database.tables import Carer, Child, Family, PlanOutcome
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from storage.decisions import actions
from storage.family import families

COMPLEX, PROTECTION = "complex_child_in_need", "child_protection"


def day(value: str | None) -> date | None:
    """An answer as a day; None where it is empty."""
    return date.fromisoformat(value) if value else None


def iso(value: date | None) -> str | None:
    """A day as a form holds it; None where there is none."""
    return value.isoformat() if value else None


def _open(turn: Turn) -> Family:
    """The open family a button belongs to."""
    family = reach.family(turn, turn.event.args.get("family"))
    if family.status == FamilyStatus.CLOSED:
        raise Refused(unit_wording.ALREADY_CLOSED.format(family=families.label(turn.session, family, turn.unit)))
    return family


def _of(turn: Turn, draft: Draft) -> Family:
    return reach.family(turn, draft.family_id)


def _kept(turn: Turn, draft: Draft, family: Family, answers: dict[str, Any], subject_id: str, sentence: str) -> Done:
    recording.keep(turn, draft, answers, subject_id=subject_id)
    return Done(show(turn, family, say(sentence)).card)


@button("family.correct", opens=True)
def correct(turn: Turn) -> Answer:
    """What was chosen from "Correct something"."""
    family = _open(turn)
    chosen = Chosen.read(turn.event.args.get("chosen", ""))
    match chosen.what:
        case "child":
            return _ask_child(turn, family, turn.session.get(Child, chosen.row))
        case "carer":
            return _ask_carer(turn, family, turn.session.get(Carer, chosen.row))
        case "outcome":
            return _ask_outcome(turn, family, turn.session.get(PlanOutcome, chosen.row))
    return ask_details(turn, family)


def _own(row: Any, family: Family) -> None:
    if row is None or row.family_id != family.id or not row.active:
        raise Refused(unit_wording.REMOVED_ROW)


# ---- the family itself


def ask_details(turn: Turn, family: Family) -> Ask:
    """The form of a family's details, with what is recorded."""
    known = families.body(turn.session, family)
    answers = {
        "ref": known.ref,
        "initials": known.initials or None,
        "lead_worker": family.lead_worker_id,
        "allocated": iso(family.allocated_on),
        "visiting_days": family.visiting_days,
        "summary": known.summary or None,
    }
    return ask(turn, "family_details", family_id=family.id, answers=answers)


@submits("family_details")
def keep_details(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a family's details; the reference stays as it is once the family was discussed."""
    family = _of(turn, draft)
    unit = turn.here()
    known = families.body(turn.session, family)
    ref = families.normal_ref(answers["ref"])
    wrong = {
        **worker_faults(turn, unit, answers.get("lead_worker")),
        **interval_faults(answers),
    }
    if ref != known.ref:
        wrong.update(ref_faults(turn, unit, ref, family) or other_unit.known_elsewhere(turn, unit, ref))
        if families.was_discussed(turn.session, family.id):
            wrong["ref"] = unit_wording.REF_FIXED
    if wrong:
        return Wrong(wrong)
    family.lead_worker_id = answers.get("lead_worker")
    family.allocated_on, family.visiting_days = day(answers.get("allocated")), answers.get("visiting_days")
    changed = {"initials": tidy(answers.get("initials", "")), "summary": answers.get("summary", "")}
    families.keep_body(turn.session, family, known.model_copy(update=changed))
    if ref != known.ref:
        families.rename(turn.session, family, ref)
    return _kept(turn, draft, family, answers, family.id, family_wording.THE_FAMILY_IS_CORRECTED)


# ---- children


@button("family.child", opens=True)
def add_child(turn: Turn) -> Answer:
    """The empty form of a child."""
    return _ask_child(turn, _open(turn), None)


def _ask_child(turn: Turn, family: Family, row: Child | None) -> Ask:
    if row is None:
        return ask(turn, "child", family_id=family.id)
    _own(row, family)
    child = unseal(turn.session, row, ChildBody)
    answers = {
        **child.model_dump(include={"initials", "twin_of", "school"}),
        **_age_now(child, turn.today()),
        "unborn": child.unborn or None,
        "due": iso(child.due),
        "turns_18": iso(child.turns_18),
        "seen_place": child.seen_place,
        "seen_on": iso(row.last_seen_on),
        "seen_by": row.seen_by_id,
        "seen_alone_on": iso(row.seen_alone_on),
    }
    return ask(turn, "child", family_id=family.id, answers=answers, args={"row": row.id})


@submits("child")
def keep_child(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a child, new or changed; one who is no longer shown keeps the key."""
    family = _of(turn, draft)
    row = turn.session.get(Child, draft.args["row"]) if "row" in draft.args else None
    if "row" in draft.args:
        _own(row, family)
    wrong = _child_faults(answers, turn.today())
    if wrong:
        return Wrong(wrong)
    if row is None:
        key = families.next_child_key(turn.session, family.id, families.body(turn.session, family).ref)
        row = families.keep_child(turn.session, family.id, ChildBody(key=key))
    body = unseal(turn.session, row, ChildBody)
    _set_sightings(row, answers)
    row.active = not (answers.get("gone") and "row" in draft.args)
    families.keep_child(
        turn.session, family.id, body.model_copy(update=_child_fields(answers, body, turn.today())), row
    )
    done = family_wording.IS_KEPT if row.active else family_wording.PERSON_NOT_SHOWN
    return _kept(turn, draft, family, answers, row.id, f"{families.who_is(body.key, answers['initials'])} {done}.")


def _age_now(child: ChildBody, today: date) -> dict[str, Any]:
    """The age as it is today; in months for a child under two who was put down so."""
    months = months_on(child.known_age(), today)
    return {"age": age_on(child.known_age(), today) if months is None or child.age else child.age, "age_months": months}


def _said_age(answers: dict[str, Any], before: ChildBody, today: date) -> dict[str, Any]:
    """An age that was changed is true today; one that was left alone stays as it was said, and when."""
    said = {"age": answers.get("age"), "age_months": answers.get("age_months")}
    return {} if said == _age_now(before, today) and before.age_on else {**said, "age_on": today}


def _child_fields(answers: dict[str, Any], before: ChildBody, today: date) -> dict[str, Any]:
    return {
        "initials": tidy(answers["initials"]),
        "unborn": bool(answers.get("unborn")),
        "due": day(answers.get("due")),
        **_said_age(answers, before, today),
        "twin_of": answers.get("twin_of"),
        "turns_18": day(answers.get("turns_18")),
        "school": answers.get("school"),
        "seen_place": answers.get("seen_place"),
    }


def _set_sightings(row: Child, answers: dict[str, Any]) -> None:
    """A child seen alone was seen, also when only that was filled in."""
    row.seen_alone_on = day(answers.get("seen_alone_on"))
    row.last_seen_on = day(answers.get("seen_on")) or row.seen_alone_on
    row.seen_by_id = answers.get("seen_by")


def _child_faults(answers: dict[str, Any], today: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    aged = answers.get("age") is not None or answers.get("age_months") is not None
    if answers.get("unborn") and aged:
        wrong["age"] = unit_wording.UNBORN_WITH_AGE
    elif answers.get("age", 0) > 25:
        wrong["age"] = unit_wording.AGE_ODD
    if answers.get("age_months", 0) > 23:
        wrong["age_months"] = unit_wording.MONTHS_ODD
    unborn, due, turns_18 = bool(answers.get("unborn")), day(answers.get("due")), day(answers.get("turns_18"))
    if unborn and due and plausible.birth_fault(due, today):
        wrong["due"] = unit_wording.DUE_ODD
    if turns_18 and plausible.turns_18_fault(turns_18, answers.get("age"), answers.get("age_months"), unborn, today):
        wrong["turns_18"] = unit_wording.TURNS_18_ODD
    seen, alone = answers.get("seen_on"), answers.get("seen_alone_on")
    if seen and alone and alone > seen:
        wrong["seen_on"] = unit_wording.CHILD_SEEN_ALONE_LATER
    return wrong


# ---- parents and carers


@button("family.carer", opens=True)
def add_carer(turn: Turn) -> Answer:
    """The empty form of a carer."""
    return _ask_carer(turn, _open(turn), None)


def _ask_carer(turn: Turn, family: Family, row: Carer | None) -> Ask:
    if row is None:
        return ask(turn, "carer", family_id=family.id)
    _own(row, family)
    carer = unseal(turn.session, row, CarerBody)
    answers: dict[str, Any] = {
        "initials": carer.initials,
        "relation": unit_wording.plain(carer.relation) or None,
        "lives_with_children": carer.lives_with_children,
        "children": [{"child": key} for key in carer.children] or None,
        "safe_contact": carer.safe_contact or None,
    }
    return ask(turn, "carer", family_id=family.id, answers=answers, args={"row": row.id})


@submits("carer")
def keep_carer(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a carer, new or changed, with the safe way to reach them."""
    family = _of(turn, draft)
    row = turn.session.get(Carer, draft.args["row"]) if "row" in draft.args else None
    if "row" in draft.args:
        _own(row, family)
    if row is None:
        key = families.next_carer_key(turn.session, family.id, families.body(turn.session, family).ref)
        row = families.keep_carer(turn.session, family.id, CarerBody(key=key))
    body = unseal(turn.session, row, CarerBody)
    relation = tidy(answers.get("relation", ""))
    changed = {
        "initials": tidy(answers["initials"]),
        "relation": body.relation if relation == unit_wording.plain(body.relation) else relation,
        "lives_with_children": answers.get("lives_with_children"),
        "children": [one["child"] for one in answers.get("children") or []],
        "safe_contact": answers.get("safe_contact", ""),
    }
    row.active = not (answers.get("gone") and "row" in draft.args)
    families.keep_carer(turn.session, family.id, body.model_copy(update=changed), row)
    done = family_wording.IS_KEPT if row.active else family_wording.PERSON_NOT_SHOWN
    return _kept(turn, draft, family, answers, row.id, f"{families.who_is(body.key, answers['initials'])} {done}.")


# ---- plan outcomes


@button("family.outcome", opens=True)
def add_outcome(turn: Turn) -> Answer:
    """The empty form of a line of the plan."""
    return _ask_outcome(turn, _open(turn), None)


def _ask_outcome(turn: Turn, family: Family, row: PlanOutcome | None) -> Ask:
    if row is None:
        return ask(turn, "outcome", family_id=family.id)
    _own(row, family)
    text = unseal(turn.session, row, TextBody).text
    return ask(turn, "outcome", family_id=family.id, answers={"text": text}, args={"row": row.id})


@submits("outcome")
def keep_outcome(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a line of the plan, new, changed or dropped."""
    family = _of(turn, draft)
    row = turn.session.get(PlanOutcome, draft.args["row"]) if "row" in draft.args else None
    if "row" in draft.args:
        _own(row, family)
    row = families.keep_outcome(turn.session, family.id, answers["text"], row)
    row.active = not (answers.get("gone") and "row" in draft.args)
    turn.session.add(row)
    turn.session.flush()
    done = family_wording.IS_KEPT if row.active else family_wording.OUTCOME_DROPPED
    return _kept(turn, draft, family, answers, row.id, family_wording.OUTCOME_CHANGED.format(key=row.key, done=done))


# ---- key dates


@button("family.dates", opens=True)
def ask_dates(turn: Turn) -> Answer:
    """The form of a family's key dates, with what is recorded."""
    family = _open(turn)
    known = families.body(turn.session, family)
    answers = {name: iso(on) for name, on in known.dates.items()}
    court = known.court or {}
    answers["court_on"] = iso(court["on"]) if isinstance(court.get("on"), date) else court.get("on")
    answers["court_type"] = unit_wording.plain(str(court.get("type") or "")) or None
    return ask(turn, "key_dates", family_id=family.id, answers=answers)


@submits("key_dates")
def keep_dates(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves the key dates; a court hearing needs its day."""
    family = _of(turn, draft)
    if answers.get("court_type") and not answers.get("court_on"):
        return Wrong({"court_on": unit_wording.COURT_NEEDS_DATE})
    known = families.body(turn.session, family)
    others = {name: on for name, on in known.dates.items() if name not in unit_wording.DATE_WORDS}
    dates = {name: day(answers.get(name)) for name in unit_wording.DATE_WORDS if answers.get(name)}
    changed = {"dates": {**others, **dates}, "court": _court(known, answers)}
    families.keep_body(turn.session, family, known.model_copy(update=changed))
    return _kept(turn, draft, family, answers, family.id, family_wording.THE_DATES_ARE_KEPT)


def _court(known: FamilyBody, answers: dict[str, Any]) -> dict[str, Any] | None:
    if not answers.get("court_on"):
        return None
    before = str((known.court or {}).get("type") or "")
    kind = tidy(answers.get("court_type", ""))
    return {
        **(known.court or {}),
        "on": answers["court_on"],
        "type": before if kind == unit_wording.plain(before) else kind,
    }


# ---- category


@button("family.category", opens=True)
def ask_category(turn: Turn) -> Answer:
    """The form that changes the category, with the category of today."""
    family = _open(turn)
    now = family_wording.THE_CATEGORY_NOW.format(category=unit_wording.category_words(family.category))
    intro: list[Block] = [say(now)]
    if family.category == PROTECTION:
        intro.append(small(unit_wording.CP_TO_CCIN))
    return ask(turn, "category_change", family_id=family.id, intro=tuple(intro))


@submits("category_change")
def keep_category(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves the new category with its reason, and asks what a complex child in need is asked."""
    family = _of(turn, draft)
    before = family.category
    if answers["category"] == before:
        return Wrong({"category": unit_wording.SAME_CATEGORY})
    families.add_category(
        turn.session,
        family,
        category=answers["category"],
        from_on=day(answers["from"]),
        decided_by_id=answers["decided_by"],
        why=answers["why"],
        now=turn.now,
    )
    done = _kept(turn, draft, family, answers, family.id, family_wording.CATEGORY_CHANGED)
    if answers["category"] != COMPLEX or done.note is None:
        return done
    asked = [say(unit_wording.CP_TO_CCIN)] if before == PROTECTION else []
    return Done(card(done.note.notice, *asked, *ccin.asked_on_entry(turn, family), *done.note.blocks))


# ---- closing


@button("family.close", opens=True)
def close_button(turn: Turn) -> Answer:
    """The form that closes a family."""
    return ask_close(turn, _open(turn))


def ask_close(turn: Turn, family: Family) -> Answer:
    """The form that closes a family, with what is still open in it."""
    label = families.label(turn.session, family, turn.unit)
    if family.status == FamilyStatus.CLOSED:
        raise Refused(unit_wording.ALREADY_CLOSED.format(family=label))
    _refuse_while_discussed(turn, family, label)
    left = actions.open_actions(turn.session, family.id)
    lines = tuple((f"{actions.words(turn.session, one).text} ({due_words(one.due_on, turn.today())})",) for one in left)
    intro = (Bullets(title=family_wording.STAYS_WITH_OWNERS, items=lines),) if lines else ()
    return ask(turn, "family_close", family_id=family.id, answers={"closed_on": turn.today().isoformat()}, intro=intro)


def _refuse_while_discussed(turn: Turn, family: Family, label: str) -> None:
    if families.is_being_discussed(turn.session, family.id):
        raise Refused(unit_wording.STILL_DISCUSSED.format(family=label))


@submits("family_close")
def keep_closing(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Closes a family, but not while it is being discussed; a second press says it is closed already."""
    family = _of(turn, draft)
    label = families.label(turn.session, family, turn.unit)
    if family.status == FamilyStatus.CLOSED:
        return Done(card(family_wording.ALREADY_CLOSED, say(unit_wording.ALREADY_CLOSED.format(family=label))))
    _refuse_while_discussed(turn, family, label)
    on = date.fromisoformat(answers["closed_on"])
    if family.allocated_on and on < family.allocated_on:
        return Wrong({"closed_on": unit_wording.CLOSED_BEFORE_ALLOCATED})
    families.close_family(turn.session, family, on, turn.actor().id, str(answers["why"]).strip())
    recording.keep(turn, draft, answers, subject_id=family.id)
    return Done(card(family_wording.FAMILY_CLOSED, say(family_wording.CLOSED_WHERE_TO_READ.format(family=label))))


@button("family.reopen", opens=True)
def reopen(turn: Turn) -> Answer:
    """Asks why, so that the record says what happened."""
    family = reach.family(turn, turn.event.args.get("family"))
    if family.status != FamilyStatus.CLOSED:
        return show(turn, family, say(unit_wording.OPEN_AGAIN))
    return ask(turn, "family_reopen", family_id=family.id)


@submits("family_reopen")
def keep_reopening(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Opens a closed family again and shows it."""
    family = _of(turn, draft)
    if family.status == FamilyStatus.CLOSED:
        families.reopen_family(turn.session, family, turn.today(), turn.actor().id, str(answers["why"]).strip())
        recording.keep(turn, draft, answers, subject_id=family.id)
    return Done(show(turn, family, say(unit_wording.OPEN_AGAIN)).card)
