"""What somebody in several units reads when a command could mean any of them."""

from __future__ import annotations

WHICH_UNIT = "Which unit?"
WHY = "You are in several units. I remember your answer for an hour."
CHOOSE = "Choose a unit"
FOR_UNIT = "This is about {unit}."
ANOTHER = "Another unit"
NO_LONGER = "You are not in that unit any more. Please choose another one."
TYPE_AGAIN = "{unit} is chosen for the next hour. Please type your command again."
