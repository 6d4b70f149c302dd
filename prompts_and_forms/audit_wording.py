"""What whoever runs the bot reads about the list of who has seen and done what."""

from __future__ import annotations

CHAIN = "audit"
WHOLE = "Whole: {no} lines, none changed, removed or put in. It ends at {anchor}"
BROKEN = "NOT WHOLE at line {no}: {why}. Keep this database as it is, and compare with a backup."
NO_ANCHOR = "{given} is no anchor. Give NUMBER:MARK as unitbot audit anchor prints it."
NO_FAMILY = "There is no family with the case reference {given}."
NO_PERSON = "There is nobody called {given}. Give a name as the bot knows it, or the chat user."
NO_UNIT = "There is no unit called {given}."
NOBODY = "(nobody: the bot's clock or the command line)"
