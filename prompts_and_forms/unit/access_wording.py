"""Who may see a family, in words."""

from __future__ import annotations

BUTTON = "Who may see this"
NOTICE = "Who may see a family"
CLOSE = "Close it to somebody"
END = "Open it again"
OPEN = "Everybody in the unit can see this family."
NOT_FOR_YOU = "Only the unit's lead and managers decide who may see a family. Please ask one of them."
NOT_YOURSELF = "You cannot close a family to yourself. Ask a manager to do it."
LATER = "Choose a day after today."
BEING_DISCUSSED = "{family} is being discussed in the channel right now. Finish the discussion first, then try again."
NOT_IN_CHANNEL = (
    "{family} is closed to somebody in this unit, so I write nothing about it in the channel. "
    "Talk about it without them, and record it from the family's page: type /family in a direct message to me."
)
_KINDS = {"not_this_worker": "{who} must not see it", "named_only": "{who} is one of the few who may see it"}


def heading(label: str) -> str:
    """Over the list."""
    return f"Who may see {label}"


def rule(kind: str, who: str) -> str:
    """One rule, short enough for a menu."""
    return _KINDS.get(kind, "{who}").format(who=who)


def line(said: str, why: str, by: str, on: str, review: str) -> str:
    """One rule with its reason."""
    again = f" Look at it again on {review}." if review else ""
    return f"{said}: {why} Set by {by} on {on}.{again}"


def closed(label: str) -> str:
    """What holds from now on."""
    return (
        f"Done. {label} is now shown only to those who may see it: on boards, lists, Home, reminders and documents. "
        "I write nothing about it in the channel, so talk about it without the others."
    )


def still_there(discussions: int) -> str:
    """What Slack still shows."""
    one = "One earlier discussion" if discussions == 1 else f"{discussions} earlier discussions"
    return f"{one} of this family may still be in the channel, where everybody there can read it. Delete what must go."
