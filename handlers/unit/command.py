"""/unit: the unit itself. Shows it, sets one up, changes its settings; people and contacts are in unit_people.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from handlers.forms.asking import ask, submits
from handlers.retention import erasing
from handlers.routes import MOVE, button, command, is_inside
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from handlers.unit import calendar, choices, ending, moves, set_up
from handlers.unit import people as unit_people
from prompts_and_forms import own_names, references
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Facts, Heading, card, say, small
from prompts_and_forms.meeting import moving_wording
from prompts_and_forms.meeting.agenda_wording import times
from prompts_and_forms.typed import tidy
from prompts_and_forms.unit import choices_wording, moves_wording
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Unit
from storage.database.tables_machinery import Draft
from storage.unit import history, people, units
from storage.unit.history import Was

PATTERN_LIMIT = 100
TANGLED = re.compile(r"\([^()]*[+*}][^()]*\)\s*[+*{]")
"""A repeat inside a repeat, such as ([A-Z]+)+, can take for ever on a reference that does not fit."""

SETTINGS = {
    "date_soon_days": (14, 1, 90),
    "no_full_weeks": (6, 1, 52),
    "stuck_after": (2, 1, 10),
    "long_plan_months": (15, 1, 48),
    "light_minutes": (5, 1, 30),
}
"""What a unit may choose: usual value, least, most (meeting script, "When to use which")."""


@command("/unit", open_to_all=True)
def unit_command(turn: Turn) -> Answer:
    """Everything `/unit` does; in a channel without a unit it sets one up."""
    word, _, rest = turn.event.text.strip().partition(" ")
    if word.casefold() == "help":
        return Note(help_card(unit_wording.WHAT_UNIT_CAN_DO))
    if turn.unit is None and word.casefold() == MOVE:
        return moves.ask_unit(turn)
    if turn.unit is None and turn.event.in_direct_message and turn.person is not None:
        return _of_which_unit(turn, word)
    if turn.unit is None:
        return set_up.begin(turn, word)
    if not is_inside(turn.membership):
        raise Refused(unit_wording.NOT_IN_UNIT)
    ways: dict[str, Callable[[], Answer]] = {
        "": lambda: Note(unit_card(turn, turn.here())),
        "members": lambda: Note(unit_people.members_card(turn, turn.here())),
        "add": lambda: unit_people.ask_to_add(turn, rest),
        "change": lambda: unit_people.ask_to_add(turn, rest),
        "leave": lambda: unit_people.ask_leave(turn, rest),
        "account": lambda: moves.ask_account(turn, rest),
        "contacts": lambda: unit_people.ask_contacts(turn),
        "settings": lambda: ask_settings(turn),
        "stays": lambda: Note(erasing.list_card(turn, turn.here())),
        "calendar": lambda: Note(calendar.calendar_card(turn)),
        "scores": lambda: Note(choices.choices_card(turn, turn.here())),
    }
    way = ways.get(word.casefold())
    if way is None:
        said = unit_wording.unknown_words(own_names.names().command("unit"), turn.event.text.strip())
        return Note(help_card(said))
    return way()


def _of_which_unit(turn: Turn, word: str) -> Answer:
    """In a direct message: somebody in several units is asked which one is meant; nobody sets one up there."""
    if people.active_units(turn.session, turn.actor().id):
        turn.here()
    return set_up.begin(turn, word)


def help_card(first: str) -> Card:
    """What `/unit` can do, after a first sentence."""
    return card(
        unit_wording.HOW_UNIT_WORKS, say(first), Bullets(items=tuple((line,) for line in unit_wording.UNIT_HELP))
    )


def _meeting_faults(turn: Turn, answers: dict[str, Any], unit: Unit) -> dict[str, str]:
    wrong: dict[str, str] = {}
    namesake = units.by_name(turn.session, answers["name"])
    if namesake is not None and namesake.id != unit.id:
        wrong["name"] = unit_wording.NAME_TAKEN
    if _zone(answers["timezone"]) is None:
        wrong["timezone"] = unit_wording.NO_SUCH_ZONE
    if not 15 <= answers["length_minutes"] <= 600:
        wrong["length_minutes"] = unit_wording.LENGTH_ODD
    return wrong


def _zone(typed: str) -> str | None:
    """The zone's proper name, however its letters were typed."""
    wanted = typed.strip().replace(" ", "_").casefold()
    return next((zone for zone in available_timezones() if zone.casefold() == wanted), None)


def _set_meeting(unit: Unit, answers: dict[str, Any]) -> None:
    unit.name = tidy(answers["name"])
    unit.weekday = int(answers["weekday"]) if answers.get("weekday") is not None else None
    unit.every_days = int(answers.get("every_days") or unit.every_days)
    unit.start = answers["start"]
    unit.length_minutes = answers["length_minutes"]
    unit.timezone = _zone(answers["timezone"]) or unit.timezone


# ---- the unit, shown


def unit_card(turn: Turn, unit: Unit) -> Card:
    """Everything about the unit that its members may know."""
    contacts = units.contacts(turn.session, unit.id)
    blocks: list[Block] = [
        Heading(text=unit.name),
        Facts(rows=_facts(turn, unit)),
        Bullets(title=unit_wording.PEOPLE, items=unit_people.people_lines(turn, unit)),
    ]
    if contacts:
        blocks.append(
            Bullets(title=unit_wording.EMERGENCY_CONTACTS, items=tuple((f"{c.who}: {c.how}",) for c in contacts))
        )
    else:
        blocks.append(say(unit_wording.NO_CONTACTS))
    blocks.append(Bullets(title=unit_wording.FULL_WHEN, items=tuple((line,) for line in _trigger_lines(unit))))
    blocks += _before(turn, unit)
    scores = Button(action="unit.choices", label=choices_wording.TITLE, args={"unit": unit.id})
    arranging = _arranging(unit) if people.may_arrange(unit, turn.membership) else ()
    blocks.append(Buttons(items=(*arranging, scores)))
    blocks += ending.blocks(turn, unit)
    blocks.append(small(unit_wording.MORE_IN_HELP))
    return card(unit.name, *blocks)


def _before(turn: Turn, unit: Unit) -> list[Block]:
    """What the unit was called, that it met elsewhere, and whose account was replaced."""
    session = turn.session
    lines = tuple(
        (
            moves_wording.was_words(
                one.what,
                one.value,
                one.until,
                people.name_of(session, one.by_id),
                people.name_of(session, one.about),
            ),
        )
        for one in history.of_unit(unit)
    )
    return [Bullets(title=moves_wording.BEFORE, items=lines)] if lines else []


def _facts(turn: Turn, unit: Unit) -> tuple[tuple[str, str], ...]:
    lead, deputy = people.unit_lead(turn.session, unit.id), people.deputy(turn.session, unit.id)
    full = unit.settings.get("full_minutes", 20)
    when = unit_wording.day_and_time(unit.weekday, unit.every_days, unit.start, unit.length_minutes, unit.timezone)
    return (
        (unit_wording.WEEKLY_MEETING, when),
        (unit_wording.UNIT_LEAD, lead.name if lead else unit_wording.NOBODY),
        (unit_wording.DEPUTY, deputy.name if deputy else unit_wording.NOBODY),
        (unit_wording.MINUTES, unit_wording.MINUTES_OF_EACH.format(full=full, light=setting(unit, "light_minutes"))),
        (
            unit_wording.FAMILIES_SHOWN_BY,
            unit_wording.CASE_REFERENCE_AND_INITIALS if unit.show_initials else unit_wording.CASE_REFERENCE_ONLY,
        ),
        (unit_wording.CASE_REFERENCES_LOOK_LIKE, units.case_example(unit) or units.case_pattern(unit)),
    )


def setting(unit: Unit, name: str) -> int:
    """A number of the unit's settings, or the usual one."""
    return int(unit.settings.get(name) or SETTINGS[name][0])


def _trigger_lines(unit: Unit) -> tuple[str, ...]:
    return (
        unit_wording.FULL_WHEN_SOON.format(days=setting(unit, "date_soon_days")),
        unit_wording.FULL_WHEN_LONG_AGO.format(weeks=setting(unit, "no_full_weeks")),
        unit_wording.FULL_WHEN_STUCK.format(times=times(setting(unit, "stuck_after"))),
        unit_wording.FULL_WHEN_LONG_PLAN.format(months=setting(unit, "long_plan_months")),
        unit_wording.FULL_WHEN_NEW,
    )


def _arranging(unit: Unit) -> tuple[Button, ...]:
    args = {"unit": unit.id}
    return (
        Button(action="unit.members", label=unit_wording.CHANGE_PEOPLE, args=args),
        Button(action="unit.contacts", label=unit_wording.EMERGENCY_CONTACTS, args=args),
        Button(action="meeting.move", label=moving_wording.MOVE, args=args),
        Button(action="unit.settings", label=unit_wording.SETTINGS, args=args),
    )


# ---- settings


@button("unit.settings", opens=True)
def ask_settings(turn: Turn) -> Answer:
    """The form of the unit's settings, for those who may arrange the unit."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    known: dict[str, Any] = {
        "name": unit.name,
        "weekday": str(unit.weekday) if unit.weekday is not None else None,
        "every_days": str(unit.every_days) if unit.every_days in unit_wording.EVERY else None,
        "start": unit.start,
        "length_minutes": unit.length_minutes,
        "timezone": unit.timezone,
        "deputy": unit.deputy_id,
        "ig_contact": unit.settings.get("ig_contact"),
        "show_initials": unit.show_initials,
        "case_pattern": unit.settings.get("case_pattern"),
        "case_example": units.case_example(unit),
        "full_minutes": str(unit.settings.get("full_minutes", 20)),
    }
    known.update({name: setting(unit, name) for name in SETTINGS})
    return ask(turn, "unit_settings", unit_id=unit.id, answers=known)


@submits("unit_settings")
def keep_settings(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves the unit's settings; a new name goes into the unit's history."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    wrong = {
        **_meeting_faults(turn, answers, unit),
        **_number_faults(answers),
        **_deputy_faults(turn, unit, answers.get("deputy")),
        **pattern_faults(answers.get("case_pattern", ""), answers.get("case_example", "")),
    }
    if wrong:
        return Wrong(wrong)
    if tidy(answers["name"]) != unit.name:
        history.add(turn.session, unit, Was("name", unit.name, turn.today(unit), turn.actor().id))
    _set_meeting(unit, answers)
    unit.deputy_id = answers.get("deputy")
    unit.show_initials = answers.get("show_initials", unit.show_initials)
    chosen: dict[str, Any] = {name: answers.get(name, usual) for name, (usual, _least, _most) in SETTINGS.items()}
    chosen["ig_contact"] = answers.get("ig_contact")
    chosen["full_minutes"] = int(answers.get("full_minutes", 20))
    chosen["case_pattern"] = tidy(answers.get("case_pattern", ""))
    chosen["case_example"] = references.normal(answers.get("case_example", ""))
    units.choose(turn.session, unit, **chosen)
    return Done(unit_card(turn, unit))


def _number_faults(answers: dict[str, Any]) -> dict[str, str]:
    return {
        name: unit_wording.NUMBER_ODD.format(least=least, most=most)
        for name, (_usual, least, most) in SETTINGS.items()
        if name in answers and not least <= answers[name] <= most
    }


def _deputy_faults(turn: Turn, unit: Unit, person_id: str | None) -> dict[str, str]:
    if person_id is None:
        return {}
    membership = people.belongs(turn.session, unit.id, person_id)
    name = people.name_of(turn.session, person_id)
    if membership is None:
        return {"deputy": unit_wording.DEPUTY_LEFT.format(who=name)}
    if membership.unit_lead:
        return {"deputy": unit_wording.DEPUTY_IS_LEAD.format(who=name)}
    return {}


def pattern_faults(pattern: str, example: str) -> dict[str, str]:
    """What is wrong with a case reference pattern, tried on an example before it is saved."""
    pattern, example = tidy(pattern), references.normal(example)
    if len(pattern) > PATTERN_LIMIT:
        return {"case_pattern": unit_wording.PATTERN_LONG.format(most=PATTERN_LIMIT)}
    if TANGLED.search(pattern):
        return {"case_pattern": unit_wording.PATTERN_TANGLED}
    try:
        fits = re.compile(pattern or units.DEFAULT_CASE_PATTERN)
    except re.error:
        return {"case_pattern": unit_wording.PATTERN_BROKEN}
    if pattern and not example:
        return {"case_example": unit_wording.PATTERN_NEEDS_EXAMPLE}
    if example and (len(example) > units.REF_LIMIT or not fits.fullmatch(example)):
        return {"case_example": unit_wording.EXAMPLE_MISFITS.format(example=example[: units.REF_LIMIT])}
    return {}
