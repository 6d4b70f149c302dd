"""Whose turn it is to facilitate. Pure: people in their order, a number, and who is away."""

from __future__ import annotations

from collections.abc import Collection, Sequence


def whose_turn(people: Sequence[str], number: int, away: Collection[str] = ()) -> str | None:
    """Who facilitates the meeting of that number; who is away is passed over. None where nobody takes turns."""
    for step in range(len(people)):
        one = people[(number + step) % len(people)]
        if one not in away:
            return one
    return None
