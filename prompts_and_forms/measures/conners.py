"""Conners 3: T scores as the publisher's scoring gave them, and the publisher's words for high ones."""

from __future__ import annotations

LEVELS = ((60, "high average"), (65, "elevated"), (70, "very elevated"))


def level(t_score: int | None) -> str:
    """high average (60 to 64), elevated (65 to 69), very elevated (70 and over); "" below 60 or when missing."""
    if t_score is None:
        return ""
    return next((label for least, label in reversed(LEVELS) if t_score >= least), "")
