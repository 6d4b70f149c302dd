"""What people read when they look for a family, or for words in the records."""

from __future__ import annotations

# ---- a family

MATCHES = "These families fit “{typed}”."
ONE_MATCH = "This family fits “{typed}”."
SHOW = "Show"
CHOOSE = "Show a family"
FAMILY_LINE = "{label}: {category}; lead worker {worker}"
NOBODY = "none named"
MORE_FIT = "{count} more fit. Type a letter or two more."

# ---- words

TITLE = "Found"
HELP = (
    "/find WORDS looks through the records of the unit's families, newest first.",
    "/find CASE-REFERENCE WORDS looks through one family's.",
    "All the words have to be there. Capitals do not matter, and the beginning of a word is enough.",
    "Only you see the answer. Private reflections are never looked through.",
)
WHAT_FIND_CAN_DO = "What /find can do:"
TOO_SHORT = "Please give at least one word of three letters or more, such as /find school."
NOTHING = "I found nothing with those words."
FOUND = {1: "Found once."}
FOUND_TIMES = "Found {count} times, newest first."
MANY = 200
FOUND_OFTEN = "Found {count} times or more, newest first. Another word makes it fewer."
OF_FAMILY = "In the records of {label}:"
WHERE = "{what}, {day}, {who}"
WITHOUT_NAME = "{what}, {day}"
WITHOUT_DAY = "{what}"
MORE = "Show more ({count})"
TYPE_AGAIN = "I no longer know what you were looking for. Please type /find again."
OF_THE_UNIT = "The unit"
WHATS = {
    "said": "said in a meeting",
    "idea": "idea",
    "action": "action",
    "agreement": "joint working agreement",
    "family": "the family's page",
    "tracking": "tracking form",
    "review": "review",
    "work": "clinical work",
    "outcome": "plan",
    "role": "role",
}


def found_words(count: int) -> str:
    """How often words were found."""
    often = FOUND_OFTEN if count >= MANY else FOUND_TIMES
    return FOUND.get(count) or often.format(count=count)
