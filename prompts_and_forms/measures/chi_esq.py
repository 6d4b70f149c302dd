"""The CHI Experience of Service Questionnaire: twelve answers by number, counted and never added up.

Which way its numbers run is not settled between sources, so the category is kept; a number is given only by a map
the service chose. Items 8 to 10 (the place) are not used by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

ITEMS = tuple(range(1, 13))
PLACE = (8, 9, 10)
ANSWERS = {"most": "the most satisfied answer", "middle": "the middle answer", "least": "the least satisfied answer"}
DO_NOT_KNOW = "do_not_know"
ALL_ANSWERS = ANSWERS | {DO_NOT_KNOW: "do not know"}


def counts(answers: Mapping[int, str | None]) -> dict[str, int]:
    """How many items have which answer, the blank ones as `blank`. Raises ValueError for an item or answer unknown."""
    for number, answer in answers.items():
        if number not in ITEMS or answer not in (*ALL_ANSWERS, None):
            raise ValueError(f"item {number}")
    given = [answers.get(number) for number in ITEMS]
    return {name: given.count(name) for name in ALL_ANSWERS} | {"blank": given.count(None)}


def as_number(answer: str | None, highest_is_best: bool | None) -> int | None:
    """1 to 3 for an export, once the service has said which way the numbers run; None before that and for no answer."""
    if highest_is_best is None or answer not in ANSWERS:
        return None
    place = ("least", "middle", "most").index(answer or "") + 1
    return place if highest_is_best else 4 - place
