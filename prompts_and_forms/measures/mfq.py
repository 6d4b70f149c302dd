"""The Mood and Feelings Questionnaire: a total, a flag at a cut-off the service sets, and answers a person must see.

Cut-offs differ between sources, and the authors prescribe none, so they are settings; the ones here are usual. The long
form asks about death and suicide: any such answer goes to a person the same day and is never part of a score.
"""

from __future__ import annotations

from collections.abc import Mapping

USUAL_CUT_OFFS = {"long_self": 27, "long_parent": 29, "short_self": 12, "short_parent": 12}
LONG = frozenset({"long_self", "long_parent"})


def cut_off(version: str, settings: Mapping[str, int] | None = None) -> int | None:
    """The score from which the service talks about low mood; None for a form without one."""
    return (settings or {}).get(version, USUAL_CUT_OFFS.get(version))


def is_flagged(version: str, total: int | None, settings: Mapping[str, int] | None = None) -> bool | None:
    """Whether the total reaches the cut-off; None for a missing total. Below it is not "no low mood"."""
    least = cut_off(version, settings)
    return None if total is None or least is None else total >= least


def asks_about_risk(version: str) -> bool:
    """Whether the form has questions about death and suicide, so that they must be looked at before it is saved."""
    return version in LONG
