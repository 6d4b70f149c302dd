"""What /hypothesis, /agreement and /action have in common: reading the words, choosing a family, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers import reach
from handlers.turn import Note, Refused, Turn
from prompts_and_forms.card import Bullets, Buttons, Choice, Menu, card, say
from prompts_and_forms.decisions import wording as decisions_wording
from storage.database.tables import Family
from storage.family import families


@dataclass(frozen=True)
class Asked:
    """The words after a command: `word` is one of the command's own words or "", `ref` a case reference or ""."""

    word: str
    ref: str


def read(text: str, words: tuple[str, ...]) -> Asked | None:
    """None when the words make no sense; "help" is always understood."""
    parts = text.split()
    if not parts:
        return Asked("", "")
    first = parts[0].casefold()
    if first in (*words, "help"):
        return Asked(first, parts[1]) if len(parts) == 2 else Asked(first, "") if len(parts) == 1 else None
    return Asked("", parts[0]) if len(parts) == 1 else None


def help_note(noun: str, first: str = "") -> Note:
    """What a command can do."""
    lines = tuple((line,) for line in decisions_wording.HELP[noun])
    return Note(card(f"/{noun}", say(first or decisions_wording.what_it_can(noun)), Bullets(items=lines)))


def not_understood(turn: Turn, noun: str) -> Note:
    """What the command can do, after a sentence that repeats what was typed."""
    return help_note(noun, decisions_wording.not_understood(noun, turn.event.text.strip()))


def choose_family(turn: Turn, action: str) -> Note:
    """The unit's open families in a menu; choosing one presses `action`."""
    unit = turn.here()
    found = families.open_families(turn.session, unit.id)
    if not found:
        raise Refused(decisions_wording.NO_FAMILIES)
    choices = tuple(
        sorted(
            (Choice(value=row.id, label=families.label(turn.session, row, unit)) for row in found),
            key=lambda choice: choice.label,
        )
    )
    menu = Menu(action=action, label=decisions_wording.CHOOSE_FAMILY, choices=choices, args={"unit": unit.id})
    return Note(card(decisions_wording.WHICH_FAMILY, say(decisions_wording.WHICH_FAMILY), Buttons(items=(menu,))))


def chosen_family(turn: Turn) -> Family:
    """The family named by a button, or chosen from the menu."""
    args: dict[str, Any] = {**turn.event.values, **turn.event.args}
    return reach.family(turn, str(args.get("family") or args.get("chosen") or ""))
