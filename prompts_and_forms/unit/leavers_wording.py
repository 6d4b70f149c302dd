"""What becomes of what somebody had begun when they leave a unit, in words."""

from __future__ import annotations

STAYS_IN_CHAT = (
    "I show {who} nothing more of this unit. They can read the channel until they are taken out of it. My direct "
    "messages to them, and documents, stay in their account until whoever looks after the chat removes them."
)


def handed_over(count: int, keeper: str) -> str:
    """Who has the forms now."""
    one = "One form they had begun is" if count == 1 else f"{count} forms they had begun are"
    return f"{one} with {keeper} now, without what they wrote about themselves."


def nobody_has(count: int) -> str:
    """Nobody keeps the unit's record, so nobody has them."""
    one = "One form they had begun" if count == 1 else f"{count} forms they had begun"
    return (
        f"{one} cannot be given to anybody, because the unit has no coordinator or lead. Name one with /unit members."
    )
