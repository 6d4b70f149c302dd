"""Answers that wait for nothing else: a yes to a concern for a child.

On a platform that draws a form anew only when it is handed in, such an answer is taken at once and not asked about
first: a discussion stops on the first Save.
"""

from __future__ import annotations

_SAFETY: dict[str, tuple[str, ...]] = {"immediate_concern": ("yes",), "manager_needed_today": ("yes",)}
_ANSWERS: dict[str, dict[str, tuple[str, ...]]] = {
    "safety": _SAFETY,
    "l_safety": _SAFETY,
    "quick_round": {"today": ("concern", "manager")},
}
"""By form and question. What stops a discussion is decided where the form is saved; this only says not to wait."""


def is_urgent(form_id: str, key: str, value: object) -> bool:
    """Whether this answer, as it stands in the form, is to be handed in at once."""
    return value in _ANSWERS.get(form_id, {}).get(key, ())
