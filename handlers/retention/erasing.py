"""A manager confirms that a family goes, sees what of it still lies in the chat, and lets the bot delete its posts."""

from __future__ import annotations

from typing import Any

from handlers.family.looked import may_close
from handlers.forms.asking import ask, submits
from handlers.retention import clearing
from handlers.retention.page import family_of, must_manage, standing_of
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Heading, card, say
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.retention import rules as retention
from prompts_and_forms.retention import wording
from prompts_and_forms.retention.rules import RetentionFault
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import Draft
from storage.database.tables_retention import Erased
from storage.family import families
from storage.retention import due, erase, holds, left
from storage.unit import people, units


@button("family.erase", opens=True)
def ask_erase(turn: Turn) -> Answer:
    """Asks for the reference once more, for a family that is due."""
    family = _due_family(turn, turn.event.args.get("family"))
    return ask(turn, "erase_family", unit_id=family.unit_id, args={"family": family.id})


@submits("erase_family")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Erases it: what stopped it meanwhile (a hold, a meeting) stops it here, too."""
    holds.one_at_a_time(turn.session)
    family = _due_family(turn, draft.args.get("family"))
    if families.normal_ref(str(answers["ref"])) != families.normal_ref(families.body(turn.session, family).ref):
        return Wrong({"ref": wording.OTHER_REFERENCE})
    rule = standing_of(turn, family).verdict.rule
    erased = erase.erase(turn.session, family, rule=rule, by_id=turn.actor().id, now=turn.now)
    return Done(_left_card(turn, erased, say(wording.ERASED.format(rows=erased.rows)), say(wording.BACKUP_NEXT)))


@button("erased.left", opens=True)
def show_left(turn: Turn) -> Answer:
    """What of an erased family still lies in the chat."""
    return Note(_left_card(turn, _erased(turn)))


@button("erased.delete", opens=True)
def delete(turn: Turn) -> Answer:
    """Takes the bot's own posts away, one after the other, behind everything that matters more."""
    erased = _erased(turn)
    must_manage(turn)
    asked = left.ask_to_delete(turn.session, erased.id, turn.now)
    return Note(_left_card(turn, erased, say(wording.DELETING if asked else wording.ASKED_ALREADY)))


def list_card(turn: Turn, unit: Unit) -> Card:
    """What is due in a unit, and what was erased: `/unit stays`."""
    if not may_close(unit, turn.membership):
        raise Refused(wording.NOT_FOR_YOU)
    try:
        rules = retention.rules()
    except RetentionFault as fault:
        raise Refused(fault.sentence) from fault
    today = turn.today(unit)
    found = due.due_families(turn.session, rules, today, unit.id)
    blocks: list[Block] = [Heading(text=wording.DUE_HEADING)]
    if not found:
        blocks.append(say(wording.NOTHING_DUE))
    for one in found:
        label = families.label(turn.session, one.family, unit)
        press = Button(action="family.stays", label=wording.BUTTON, args={"family": one.family.id}, about=label)
        blocks += [say(f"{label}: {wording.rule_name(one.verdict.rule)}."), Buttons(items=(press,))]
    blocks += clearing.summary(turn, unit, rules)
    gone = erase.of_unit(turn.session, unit.id)
    if gone:
        blocks.append(Heading(text=wording.LIST_HEADING))
    for erased in gone:
        blocks += _erased_line(turn, erased)
    return card(wording.NOTICE, *blocks, say(wording.NEVER_BY_ITSELF))


def _erased_line(turn: Turn, erased: Erased) -> list[Block]:
    still = len(erase.left_in_chat(turn.session, erased.id))
    day = erased.at.astimezone(turn.zone()).date()
    line = wording.erased_line(day, people.name_of(turn.session, erased.by_id), erased.rule, still)
    if not still:
        return [Bullets(items=((line,),))]
    press = Button(action="erased.left", label=wording.SHOW_LEFT, args={"erased": erased.id}, about=line)
    return [Bullets(items=((line,),)), Buttons(items=(press,))]


def _due_family(turn: Turn, family_id: str | None) -> Family:
    family = family_of(turn, family_id)
    must_manage(turn)
    standing = standing_of(turn, family)
    if not standing.is_due:
        raise Refused(wording.CANNOT_NOW.format(why=" ".join(standing.stops)))
    return family


def _erased(turn: Turn) -> Erased:
    found = turn.session.get(Erased, turn.event.args.get("erased", ""))
    membership = people.belongs(turn.session, found.unit_id or "", turn.actor().id) if found else None
    unit = units.by_id(turn.session, found.unit_id or "") if found else None
    if found is None or membership is None:
        raise Refused(decisions_wording.GONE)
    turn.unit, turn.membership = unit, membership
    if not may_close(unit, membership):
        raise Refused(wording.NOT_FOR_YOU)
    return found


def _left_card(turn: Turn, erased: Erased, *first: Block) -> Card:
    rows = erase.left_in_chat(turn.session, erased.id)
    if not rows:
        return card(wording.ERASED_NOTICE, *first, say(wording.NOTHING_LEFT))
    count = {what: sum(row.what == what for row in rows) for what in ("post", "typed", "file")}
    blocks: list[Block] = [*first, say(wording.left(count["post"], count["typed"], count["file"]))]
    if count["typed"] or count["file"]:
        blocks.append(say(wording.TYPED_HELP))
    if any(row.ours and row.asked_at is None for row in rows):
        press = Button(action="erased.delete", label=wording.DELETE_OURS, args={"erased": erased.id}, style="danger")
        blocks.append(Buttons(items=(press,)))
    return card(wording.ERASED_NOTICE, *blocks)
