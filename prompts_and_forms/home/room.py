"""How much fits on a Home tab: whole parts, the first ones first, and never a piece of one. Pure.

A platform draws a block for each paragraph, list and row of buttons, and another where one is very long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prompts_and_forms.card import Block, Bullets, Buttons, Facts, Menu, Table, Text

BLOCKS = 96
"""Slack takes a hundred; a few are left for what is drawn as two."""
CHARACTERS = 200_000
"""Slack takes 250,000 with everything around the words."""
PIECE = 2_500
OF_A_CHOICE, OF_A_BLOCK = 150, 400
"""Characters of what is drawn around a choice, and around a block."""


def blocks_of(block: Block) -> int:
    """How many blocks a platform draws for one of ours; rather too many than too few."""
    words = len(block.model_dump_json())
    match block:
        case Text():
            return 1 + words // PIECE
        case Bullets():
            return 2 + words // PIECE
        case Facts():
            return 1 + words // PIECE
        case Table():
            return 2 + words // PIECE
        case Buttons():
            return 1 + sum(isinstance(item, Menu) for item in block.items) // 2 + len(block.items) // 25
        case _:
            return 1


def characters_of(block: Block) -> int:
    """How many characters it takes when it is drawn; rather too many than too few."""
    choices = 0
    if isinstance(block, Buttons):
        choices = sum(len(item.choices) if isinstance(item, Menu) else 1 for item in block.items)
    if isinstance(block, Bullets):
        choices = len(block.items)
    return len(block.model_dump_json()) + OF_A_BLOCK + OF_A_CHOICE * choices


def fitted(parts: Iterable[Sequence[Block]], last: Sequence[Block], if_more: Sequence[Block]) -> list[Block]:
    """The parts that fit, in their order, then what is never left out; `if_more` says that a part did not fit."""
    room = BLOCKS - _blocks(last) - _blocks(if_more)
    letters = CHARACTERS - _characters(last) - _characters(if_more)
    found: list[Block] = []
    left_out = False
    for part in parts:
        if not part:
            continue
        if _blocks(part) > room or _characters(part) > letters:
            left_out = True
            continue
        room, letters = room - _blocks(part), letters - _characters(part)
        found += part
    return [*found, *(if_more if left_out else ()), *last]


def _blocks(part: Sequence[Block]) -> int:
    return sum(map(blocks_of, part))


def _characters(part: Sequence[Block]) -> int:
    return sum(map(characters_of, part))
