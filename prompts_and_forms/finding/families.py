"""Whether a family is meant by a few letters: its reference, initials, category or lead worker. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prompts_and_forms.imports.cells import CATEGORIES
from prompts_and_forms.typed import name_key
from prompts_and_forms.unit.wording import category_words

LETTERS = 2
"""So many letters of a reference are enough."""


@dataclass(frozen=True)
class Known:
    """What a family can be found by: `initials` are its own and those of its children and carers."""

    id: str
    ref: str
    initials: tuple[str, ...]
    category: str
    lead_worker: str = ""


def matching(held: Sequence[Known], text: str) -> list[str]:
    """The ids of the families a text can mean, by reference; each word of it must fit, or all as one."""
    asked = name_key(text)
    if not asked:
        return []
    ordered = sorted(held, key=lambda one: one.ref)
    whole = [one.id for one in ordered if _fits(one, asked)]
    return whole or [one.id for one in ordered if all(_fits(one, word) for word in asked.split())]


def _fits(family: Known, word: str) -> bool:
    if len(word) >= LETTERS and word in name_key(family.ref):
        return True
    if any(word == name_key(one) for one in family.initials):
        return True
    if CATEGORIES.get(word) == family.category or (len(word) > LETTERS and word in category_words(family.category)):
        return True
    names = name_key(family.lead_worker).split()
    return len(word) >= LETTERS and any(name.startswith(word) for name in (*names, " ".join(names)))
