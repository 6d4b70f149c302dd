"""Why the bot cannot do what it was started for."""

from __future__ import annotations


class CannotStart(Exception):
    """What is wrong, in a sentence for whoever runs the bot."""
