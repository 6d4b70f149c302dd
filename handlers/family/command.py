"""/family: lists, shows, adds and closes families. Corrections are in family_changes.py."""

from __future__ import annotations

from typing import Any

from handlers import reach
from handlers.family import break_glass, changes, other_unit
from handlers.family.checks import interval_faults, ref_faults, worker_faults
from handlers.family.family_card import discussed_words, next_date, show
from handlers.finding import matches
from handlers.forms.asking import ask, submits
from handlers.reach import note_read
from handlers.routes import button, command, is_inside
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms import own_names
from prompts_and_forms.card import Bullets, Button, Buttons, Card, Choice, Menu, Quote, Table, card, say
from prompts_and_forms.decisions.wording import unknown_reference
from prompts_and_forms.family import wording as family_wording
from prompts_and_forms.imports import chat_wording, sheet
from prompts_and_forms.typed import tidy
from prompts_and_forms.unit import wording as unit_wording
from storage.database.bodies import FamilyBody
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import drafts, entries, published


@command("/family", open_to_all=True)
def family_command(turn: Turn) -> Answer:
    """Everything `/family` does; an emergency reading is open to people outside the unit too."""
    parts = turn.event.text.split()
    word = parts[0].casefold() if parts else "list"
    if word == "help":
        return Note(help_card(family_wording.WHAT_FAMILY_CAN_DO))
    if word == "emergency" and len(parts) <= 2:
        return break_glass.command(turn, parts[1] if len(parts) == 2 else "")
    unit = turn.here()
    if not is_inside(turn.membership):
        raise Refused(unit_wording.NOT_IN_UNIT)
    if word == "list" and len(parts) <= 1:
        return Note(list_card(turn, unit))
    if word == "add" and len(parts) <= 2:
        known = {"ref": parts[1], "allocated": turn.today().isoformat()} if len(parts) == 2 else None
        return ask(turn, "family", unit_id=unit.id, answers=known or {"allocated": turn.today().isoformat()})
    if word == "import" and len(parts) == 1:
        return Note(import_card())
    if word == "close" and len(parts) <= 2:
        if len(parts) == 1:
            raise Refused(unit_wording.WHICH_TO_CLOSE)
        return changes.ask_close(turn, _known(turn, unit, parts[1]))
    named = families.by_ref(turn.session, unit.id, parts[0]) if len(parts) == 1 else None
    if named is not None:
        return show(turn, named)
    offered = matches.offered(turn, unit, turn.event.text.strip())
    if offered is not None:
        return offered
    if len(parts) == 1:
        return show(turn, _known(turn, unit, parts[0]))
    return Note(help_card(unit_wording.unknown_words(own_names.names().command("family"), turn.event.text.strip())))


def help_card(first: str) -> Card:
    """What `/family` can do, after a first sentence."""
    return card(
        family_wording.HOW_FAMILY_WORKS, say(first), Bullets(items=tuple((line,) for line in unit_wording.FAMILY_HELP))
    )


def import_card() -> Card:
    """How a list of families comes in, with the headings of its columns."""
    headings = Quote(text=sheet.template().strip())
    return card(
        chat_wording.PREVIEW, say(chat_wording.HOW), say(chat_wording.HEADINGS), headings, say(chat_wording.ONLY_NEEDED)
    )


def _known(turn: Turn, unit: Unit, ref: str) -> Family:
    """A family of this unit. One of another unit is answered exactly like one nobody knows."""
    found = families.by_ref(turn.session, unit.id, ref)
    if found is None:
        raise Refused(other_unit.gone(turn, unit, ref) or unknown_reference(unit_wording.short(ref)))
    return found


@button("family.show", opens=True)
def show_chosen(turn: Turn) -> Answer:
    """From a list, the Home tab or a menu."""
    return show(turn, reach.family(turn, turn.event.args.get("chosen") or turn.event.args.get("family")))


# ---- the list


def list_card(turn: Turn, unit: Unit) -> Card:
    """The unit's open families, each marked as read by this person in the audit."""
    found = families.open_families(turn.session, unit.id)
    add = Button(action="family.add", label=family_wording.ADD_A_FAMILY, args={"unit": unit.id})
    went = other_unit.list_of_gone(turn, unit)
    if not found:
        return card(
            family_wording.NO_OPEN_FAMILIES,
            say(family_wording.HAS_NO_OPEN_FAMILIES.format(unit=unit.name)),
            Buttons(items=(add,)),
            *went,
        )
    names = {family.id: families.label(turn.session, family, unit) for family in found}
    found.sort(key=lambda family: names[family.id])
    rows: list[tuple[str, ...]] = [
        (family_wording.FAMILY, family_wording.CATEGORY, family_wording.NEXT_DATE, family_wording.LAST_DISCUSSED)
    ]
    for family in found:
        note_read(turn, family, "listed")
        rows.append((names[family.id], *_list_cells(turn, family)))
    menu = Menu(
        action="family.show",
        label=family_wording.SHOW_A_FAMILY,
        choices=tuple(Choice(value=family.id, label=names[family.id]) for family in found),
        args={"unit": unit.id},
    )
    count = family_wording.ONE_OPEN_FAMILY if len(found) == 1 else family_wording.OPEN_FAMILIES.format(count=len(found))
    return card(
        family_wording.FAMILIES_OF.format(unit=unit.name),
        Table(rows=tuple(rows), words=f"{unit.name}: {count}."),
        Buttons(items=(menu, add)),
        *went,
    )


def _list_cells(turn: Turn, family: Family) -> tuple[str, str, str]:
    today = turn.today()
    coming = next_date(families.body(turn.session, family), today)
    said = f"{coming[0]}: {unit_wording.ahead(coming[1], today)}" if coming else family_wording.NONE_KEPT
    return unit_wording.category_words(family.category), said, discussed_words(family, today)


# ---- adding


@button("family.add", opens=True)
def add_button(turn: Turn) -> Answer:
    """The empty form of a family."""
    return ask(turn, "family", unit_id=turn.here().id, answers={"allocated": turn.today().isoformat()})


@submits("family")
def keep_family(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a new family and shows it; a reference of another open family is refused."""
    unit = turn.here()
    ref = families.normal_ref(answers["ref"])
    wrong = {
        **(ref_faults(turn, unit, ref, None) or other_unit.known_elsewhere(turn, unit, ref)),
        **worker_faults(turn, unit, answers.get("lead_worker")),
        **interval_faults(answers),
    }
    if wrong:
        return Wrong(wrong)
    me = turn.actor()
    family = families.add_family(
        turn.session,
        unit_id=unit.id,
        known=FamilyBody(ref=ref, initials=tidy(answers.get("initials", "")), summary=answers.get("summary", "")),
        category=answers["category"],
        allocated_on=changes.day(answers.get("allocated")),
        lead_worker_id=answers.get("lead_worker"),
        visiting_days=answers.get("visiting_days"),
        decided_by_id=None,
        now=turn.now,
    )
    entries.keep(
        turn.session,
        form=published.form_of(turn.session, draft),
        also=drafts.left_over(turn.session, draft, answers),
        answers=answers,
        person_id=me.id,
        unit_id=unit.id,
        now=turn.now,
        family_id=family.id,
        subject_id=family.id,
    )
    return Done(show(turn, family, say(family_wording.FAMILY_ADDED)).card)
