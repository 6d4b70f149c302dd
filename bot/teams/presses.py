"""What is to press on a Teams card, and what comes back from it.

A press that opens a form has to say so before it is made: Teams opens dialogs only for what declared `task/fetch`.
Teams has no question "Are you sure?", so it is asked in the card itself, and nothing that acts on being chosen, so a
menu has a button at its side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Literal

from bot.lengths import shorten
from bot.teams import wire
from bot.teams.runs import Json, harmless, is_harmless, paragraph
from handlers import routes
from prompts_and_forms import card as cards

Surface = Literal["message", "dialog"]

IN_A_ROW = 5
CHOICES = 150
"""Choices of one menu; more of them are several menus that say from where to where they go."""
CHOICE_LABEL, BUTTON_LABEL = 120, 90
_NUMBERED = re.compile(r"(\d+)\. (.+)")
"""A choice with a number of its own: markdown would read a list in it, and "1: words" says the same."""
CHOOSE, CHOOSE_HERE = "Choose", "Please choose"
_STYLES = {"primary": "positive", "danger": "destructive", "plain": "default"}


class Presses:
    """Draws what is to press on one card; every part of a card that is named has a name of its own."""

    def __init__(self, surface: Surface) -> None:
        self._surface, self._numbers = surface, count(1)

    def drawn(self, block: cards.Buttons) -> Iterator[list[Json]]:
        """Rows of buttons and menus; each list lies in one message."""
        row: list[cards.Button] = []
        for item in block.items:
            if isinstance(item, cards.Button):
                row.append(item)
                if len(row) < IN_A_ROW:
                    continue
            if row:
                yield self._row(row)
                row = []
            if isinstance(item, cards.Menu) and item.choices:
                yield from self._menus(item)
        if row:
            yield self._row(row)

    def _row(self, row: list[cards.Button]) -> list[Json]:
        actions: list[Json] = []
        asked: list[Json] = []
        for item in row:
            act = self._act(item) | _look(item)
            if item.confirm is None:
                actions.append(act)
                continue
            name = f"sure{next(self._numbers)}"
            actions.append(_shows(name) | _look(item))
            asked.append(_question(name, item.confirm, act))
        return [{"type": "ActionSet", "actions": actions}, *asked]

    def _act(self, item: cards.Button | cards.Menu, menu: str = "") -> Json:
        """What a press sends. The inputs of a card go with it only where it is the button of a menu."""
        inputs = "auto" if menu else "none"
        opens = self._surface == "message" and routes.opens(item.action)
        data = wire.button(item.action, item.args, opens=opens, menu=menu)
        if opens or self._surface == "dialog":
            return {"type": "Action.Submit", "data": data, "associatedInputs": inputs}
        return {"type": "Action.Execute", "verb": item.action, "data": data, "associatedInputs": inputs}

    def _menus(self, item: cards.Menu) -> Iterator[list[Json]]:
        parts = [item.choices[start : start + CHOICES] for start in range(0, len(item.choices), CHOICES)]
        for part in parts:
            reach = f" ({shorten(part[0].label, 35)} to {shorten(part[-1].label, 35)})" if len(parts) > 1 else ""
            yield self._menu(item, f"{item.label}{reach}", part)

    def _menu(self, item: cards.Menu, label: str, choices: tuple[cards.Choice, ...]) -> list[Json]:
        name = f"menu{next(self._numbers)}"
        above, offered = offers(choices)
        menu = {
            "type": "Input.ChoiceSet",
            "id": wire.INPUT + name,
            "label": harmless(label),
            "style": "compact",
            "placeholder": CHOOSE_HERE,
            "choices": offered,
        }
        act = self._act(item, name)
        act |= {"title": CHOOSE, "tooltip": f"{CHOOSE}: {harmless(label)}"}
        columns = [
            {"type": "Column", "width": "stretch", "items": [menu]},
            {
                "type": "Column",
                "width": "auto",
                "verticalContentAlignment": "bottom",
                "items": [{"type": "ActionSet", "actions": [act]}],
            },
        ]
        full = [] if is_harmless(label) else list(paragraph((label,)))
        return [*full, *above, {"type": "ColumnSet", "columns": columns}]


def offers(choices: tuple[cards.Choice, ...], several: bool = False) -> tuple[list[Json], list[Json]]:
    """Choices as Teams shows them, and above them in full those that cannot be shown as they are."""
    above: list[Json] = []
    offered: list[Json] = []
    for number, choice in enumerate(choices, 1):
        numbered = _NUMBERED.fullmatch(choice.label)
        title = shorten(harmless(choice.label), CHOICE_LABEL) or "-"
        if numbered and is_harmless(numbered[2]):
            title = shorten(f"{numbered[1]}: {numbered[2]}", CHOICE_LABEL)
        elif not is_harmless(choice.label):
            title = f"{number}: {title}"
            above += paragraph((choice.label,), before=f"{number}: ", size="small")
        offered.append({"title": title, "value": wire.one_of_several(choice.value) if several else choice.value})
    return above, offered


def _look(item: cards.Button) -> Json:
    look: Json = {"title": shorten(harmless(item.label), BUTTON_LABEL) or "-"}
    if item.style != "plain":
        look["style"] = _STYLES[item.style]
    if item.about:
        look["tooltip"] = harmless(f"{item.label}: {item.about}")
    return look


def _shows(name: str) -> Json:
    return {"type": "Action.ToggleVisibility", "targetElements": [name]}


def _question(name: str, confirm: cards.Confirm, act: Json) -> Json:
    """Are you sure: hidden until the button is pressed."""
    yes = {key: value for key, value in act.items() if key != "tooltip"}
    yes["title"] = harmless(confirm.yes)
    no = _shows(name) | {"title": harmless(confirm.no)}
    items = [
        *paragraph((cards.Strong(text=confirm.title),)),
        *paragraph((confirm.text,)),
        {"type": "ActionSet", "actions": [yes, no]},
    ]
    return {"type": "Container", "id": name, "isVisible": False, "style": "emphasis", "items": items}
