"""How long a family stays, in words: which rule, from when, what stops it. Holds are set and lifted here."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import reach
from handlers.family.looked import may_close
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms import wording as general_wording
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Facts, Heading, Menu, card, say
from prompts_and_forms.days import day_words
from prompts_and_forms.retention import rules as retention
from prompts_and_forms.retention import wording
from prompts_and_forms.retention.rules import RetentionFault
from storage.database.audit import audit
from storage.database.tables import Family
from storage.database.tables_machinery import Draft
from storage.database.tables_retention import CopiedAll, LegalHold
from storage.family import families
from storage.retention import due, holds
from storage.retention.due import Due
from storage.unit import people


@button("family.stays", opens=True)
def show(turn: Turn) -> Answer:
    """The rule for a family, from when it may go, and what stops that now."""
    return Note(page(turn, family_of(turn)))


def page(turn: Turn, family: Family) -> Card:
    """The same as a card."""
    reach.note_read(turn, family)
    standing = standing_of(turn, family)
    found = holds.on_family(turn.session, family, turn.today())
    label = families.label(turn.session, family, turn.unit)
    blocks: list[Block] = [Heading(text=wording.heading(label)), Facts(rows=_facts(turn, standing))]
    if found:
        lines = tuple((_line(turn, row),) for row in found)
        blocks.append(Bullets(title=wording.HOLDS, items=lines))
    blocks.append(say(wording.DUE if standing.is_due else wording.NEVER_BY_ITSELF))
    return card(wording.NOTICE, *blocks, Buttons(items=_buttons(turn, standing, found)))


def family_of(turn: Turn, family_id: str | None = None) -> Family:
    """The family a button or a form is about, for the unit's lead and managers."""
    family = reach.family(turn, family_id or turn.event.args.get("family"))
    if not may_close(turn.unit, turn.membership):
        raise Refused(wording.NOT_FOR_YOU)
    return family


def must_manage(turn: Turn) -> None:
    """Raises Refused for everybody but managers."""
    if turn.membership is None or not people.is_manager(turn.membership):
        raise Refused(wording.FOR_MANAGERS)


def standing_of(turn: Turn, family: Family) -> Due:
    """Where a family stands by the rules; raises Refused where their file is broken."""
    try:
        return due.of_family(turn.session, family, retention.rules(), turn.today())
    except RetentionFault as fault:
        raise Refused(fault.sentence) from fault


@button("family.copied_all", opens=True)
def copied(turn: Turn) -> Answer:
    """Somebody says that everything about the family is in the case file, whenever it was recorded."""
    family = family_of(turn)
    missing = due.not_copied_discussions(turn.session, family.id)
    if missing:
        raise Refused(wording.COPY_FIRST.format(n=missing))
    row = CopiedAll(family_id=family.id, by_id=turn.actor().id, at=turn.now)
    turn.session.add(row)
    turn.session.flush()
    audit(
        turn.session, at=turn.now, what="copied", row=row, person_id=row.by_id, unit_id=family.unit_id,
        family_id=family.id,
    )  # fmt: skip
    return show(turn)


@button("family.hold", opens=True)
def ask_hold(turn: Turn) -> Answer:
    """Asks what must stay, why, and until when."""
    return ask(turn, "legal_hold", family_id=family_of(turn).id, answers={"scope": "family"})


@submits("legal_hold")
def keep_hold(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Sets the hold. One on more than a family is a manager's to set."""
    holds.one_at_a_time(turn.session)
    family, scope = family_of(turn, draft.family_id), str(answers["scope"])
    if scope != "family":
        must_manage(turn)
    until = date.fromisoformat(answers["until"]) if answers.get("until") else None
    if until is not None and until < turn.today():
        return Wrong({"until": wording.LATER})
    holds.put_on(
        turn.session, why=str(answers["why"]).strip(), by_id=turn.actor().id, now=turn.now,
        family=family if scope == "family" else None, unit_id=family.unit_id if scope == "unit" else None,
        until_on=until,
    )  # fmt: skip
    return Done(page(turn, family))


@button("family.hold_lift", opens=True)
def lift(turn: Turn) -> Answer:
    """Lifts a hold; whoever comes second hears that it is done."""
    family = family_of(turn)
    row = turn.session.get(LegalHold, turn.event.args.get("chosen", ""))
    if row is None or (row.family_id or family.id) != family.id or (row.unit_id or family.unit_id) != family.unit_id:
        raise Refused(general_wording.UNKNOWN_PRESS)
    if row.family_id is None:
        must_manage(turn)
    if not holds.lift(turn.session, row, by_id=turn.actor().id, now=turn.now):
        raise Refused(wording.NOTHING_TO_LIFT)
    return show(turn)


def scope_of(row: LegalHold) -> str:
    """What a hold is on: family, unit or everything."""
    return "family" if row.family_id else "unit" if row.unit_id else "everything"


def _facts(turn: Turn, standing: Due) -> tuple[tuple[str, str], ...]:
    verdict, said = standing.verdict, due.copied_all(turn.session, standing.family.id)
    rows = [(wording.RULE, wording.rule_name(verdict.rule))] if verdict.rule else []
    rows.append((wording.FROM, day_words.in_full(verdict.on) if verdict.on else wording.NO_DAY))
    told = wording.NOT_DONE_YET
    if said is not None:
        told = wording.copied(people.name_of(turn.session, said.by_id), said.at.astimezone(turn.zone()).date())
    rows.append((wording.COPIED, told))
    if standing.stops:
        rows.append((wording.STOPS, " ".join(standing.stops)))
    return tuple(rows)


def _buttons(turn: Turn, standing: Due, found: list[LegalHold]) -> tuple[Button | Menu, ...]:
    args = {"family": standing.family.id}
    items: list[Button | Menu] = [
        Button(action="family.copied_all", label=wording.COPY_ALL, args=args),
        Button(action="family.hold", label=wording.SET_HOLD, args=args),
    ]
    if found:
        choices = tuple(Choice(value=row.id, label=wording.hold_short(scope_of(row), _day(turn, row))) for row in found)
        items.append(Menu(action="family.hold_lift", label=wording.LIFT_HOLD, choices=choices, args=args))
    if standing.is_due and turn.membership is not None and people.is_manager(turn.membership):
        items.append(Button(action="family.erase", label=wording.ERASE, args=args, style="danger"))
    return tuple(items)


def _line(turn: Turn, row: LegalHold) -> str:
    by = people.name_of(turn.session, row.by_id)
    return wording.hold(scope_of(row), holds.why(turn.session, row), by, _day(turn, row), row.until_on)


def _day(turn: Turn, row: LegalHold) -> date:
    return row.from_at.astimezone(turn.zone()).date()
