"""What a card of ours brings back when somebody presses in it: the names both sides of the line agree on.

A button's data is ``{"do": action, "args": {...}}``; a menu is an input of the card and a button that names it. A form
brings its own name and arguments, where it was opened, a mark of this one drawing, and its inputs, one a field.
Nothing of this is to be trusted: handlers check who may do what, as with any press.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

DO, ARGS, MENU = "do", "args", "menu"
FORM, WHERE, ONCE, MANY, REDRAWS = "form", "where", "once", "many", "redraws"
STEP, MORE, KEYS, PART, TURN = "step", "more", "keys", "part", "turn"
INPUT = "in:"
"""Before the key of a field or the name of a menu, so that no input is taken for one of the names above."""
FETCH = {"type": "task/fetch"}


@dataclass(frozen=True)
class Filled:
    """A form as it came back. `step` or `more`: it was not handed in, but one of its other buttons was pressed."""

    form: str
    args: dict[str, str]
    values: dict[str, Any]
    channel: str = ""
    thread: str = ""
    once: str = ""
    step: str = ""
    more: str = ""
    redraws: bool = False
    keys: frozenset[str] = field(default_factory=frozenset)
    """The fields that were asked, answered or not; known only where the form was handed in."""
    part: tuple[str, str] | None = None
    """The first and last field of the part that was shown, where the form takes more than one dialog."""
    turn: str = ""
    """Another part is wanted: the one that this field is in."""


def button(action: str, args: Mapping[str, str], *, opens: bool = False, menu: str = "") -> Json:
    """The data of a button. `opens`: Teams asks for a dialog at once. `menu`: the input (without INPUT) it acts on."""
    found: Json = {DO: action, ARGS: dict(args)}
    if menu:
        found[MENU] = menu
    return found | ({"msteams": FETCH} if opens else {})


def pressed(data: Any) -> tuple[str, dict[str, str]] | None:
    """The action and arguments of a button that was pressed; None for what is none of ours."""
    if not isinstance(data, dict) or not isinstance(data.get(DO), str):
        return None
    args = _texts(data.get(ARGS))
    if isinstance(menu := data.get(MENU), str):
        chosen = data.get(INPUT + menu)
        if isinstance(chosen, str) and chosen:
            args["chosen"] = chosen
    return data[DO], args


def form(
    name: str,
    args: Mapping[str, str],
    where: Mapping[str, str],
    *,
    many: Iterable[str] = (),
    keys: Iterable[str] = (),
    redraws: bool = False,
) -> Json:
    """The data of every button of a form. `where`: channel and thread it was opened in. `many`: fields of several."""
    return {
        FORM: name,
        ARGS: dict(args),
        WHERE: dict(where),
        ONCE: secrets.token_hex(8),
        MANY: list(many),
        KEYS: list(keys),
        REDRAWS: redraws,
    }


def filled(data: Any) -> Filled | None:
    """A form that came back; None for what is none of ours."""
    if not isinstance(data, dict) or not isinstance(data.get(FORM), str):
        return None
    many, where = _list(data.get(MANY)), _texts(data.get(WHERE))
    values: dict[str, Any] = {}
    for name, value in data.items():
        if name.startswith(INPUT) and (given := _text(value)):
            key = name.removeprefix(INPUT)
            values[key] = [_meant(one) for one in given.split(",") if one] if key in many else given
    return Filled(
        form=data[FORM],
        args=_texts(data.get(ARGS)),
        values=values,
        channel=where.get("channel", ""),
        thread=where.get("thread", ""),
        once=str(data.get(ONCE) or ""),
        step=str(data.get(STEP) or ""),
        more=str(data.get(MORE) or ""),
        redraws=bool(data.get(REDRAWS)),
        keys=frozenset(_list(data.get(KEYS))),
        part=_pair(_list(data.get(PART))),
        turn=str(data.get(TURN) or ""),
    )


def one_of_several(value: str) -> str:
    """The value of a choice without a comma: where several are chosen, they come back with commas between them."""
    return value.replace("%", "%25").replace(",", "%2C")


def _meant(value: str) -> str:
    return value.replace("%2C", ",").replace("%25", "%")


def _text(given: Any) -> str:
    """What an input holds; a number comes as one from some clients."""
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return str(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else ""


def _pair(found: list[str]) -> tuple[str, str] | None:
    return (found[0], found[1]) if len(found) == 2 else None


def _texts(found: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _list(found: Any) -> list[str]:
    return [str(one) for one in found] if isinstance(found, list) else []
