"""What people read wherever they are: a note with no heading of its own, a press or a discussion that is gone."""

from __future__ import annotations

A_NOTE = "A note from the meeting bot"
UNKNOWN_PRESS = "That button belongs to something I no longer know. Nothing was changed."
