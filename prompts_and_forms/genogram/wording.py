"""What people read about a genogram: its picture in words, its key, and what is wrong with what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TITLE = "Genogram"
SHAPES = {
    "man": "male",
    "woman": "female",
    "other": "other gender",
    "unknown": "gender not said",
    "pregnancy": "pregnancy",
    "loss": "pregnancy that ended",
}
"""How a person's symbol is said in words."""
SHAPE_KEY = {
    "man": "male",
    "woman": "female",
    "diamond": "other, or not said",
    "pregnancy": "pregnancy",
    "loss": "pregnancy that ended",
}
SHAPE_WORDS = {
    "man": ("man", "boy", "male", "m"),
    "woman": ("woman", "girl", "female", "w", "f"),
    "other": ("other", "another gender", "non-binary"),
    "unknown": ("not said", "unknown", "not known"),
    "pregnancy": ("pregnancy", "pregnant", "unborn"),
    "loss": ("pregnancy that ended", "miscarriage", "stillbirth"),
}
"""What may be typed in a line about somebody; the first is how it is written back."""
MARK_WORDS = {
    "index": ("child of the work", "index"),
    "home": ("household", "home", "lives in the household"),
    "died": ("died", "dead", "has died"),
}
FEMALE_ENDS = ("mother", "mum", "grandma", "aunt", "aunty", "auntie", "sister", "daughter", "wife", "niece")
MALE_ENDS = ("father", "dad", "grandpa", "grandad", "uncle", "brother", "son", "husband", "nephew")
COUPLES = {
    "married": "are married",
    "together": "live together, not married",
    "separated": "are separated",
    "divorced": "are divorced",
}
FEELINGS = {
    "close": "are very close",
    "distant": "are distant",
    "conflict": "are in conflict",
    "cut_off": "are cut off from each other",
}
PARENTS = {"birth": "birth parent", "adopted": "adoptive parent", "fostered": "foster or kinship carer"}
LINE_KEY = {
    "married": "married",
    "together": "living together",
    "separated": "separated (one stroke)",
    "divorced": "divorced (two strokes)",
    "parents": "parents, couple not said",
    "birth": "child by birth",
    "adopted": "adopted",
    "fostered": "fostered or cared for",
    "siblings": "brothers and sisters",
    "close": "very close",
    "distant": "distant",
    "conflict": "conflict",
    "cut_off": "cut off",
}
DIED_KEY, INDEX_KEY, HOME_KEY = "died", "the work is about", "lives in the household"
KEY = "Key"

# ---- what is wrong, and what to do

NAME_THEM = "Say who this is: initials, or a word such as Mother."
TOO_LONG = "This is too long for a picture. Use initials or a word or two, at most {most} characters."
BORN = "Write a year such as 2012, or an age such as 12 or 8 months. Not a full date."
BORN_LATER = "This year is still to come. Write the year of birth, or choose Pregnancy and leave it empty."
TOO_MANY = "{count} people do not fit on one readable picture. Draw at most {most}, the closest ones first."
NOT_UNDERSTOOD = (
    "Line {number}: I do not know “{part}”. After the name write only man, woman, other, pregnancy, "
    "a year or an age, died, household, or child of the work, with commas between."
)
LINE_NAME = "Line {number}: begin with initials, or a word such as Grandmother, of at most {most} characters."
ONE_SELF = "{who} stands on both sides of this line. Take one of them away."
TWO_NEEDED = "This needs two people. Choose one more."
COUPLE_OF_TWO = "A couple is two people. Choose one on each side, and a new line for another couple."
PARENTS_OF_TWO = "At most two parents in one line. Use another line for others who brought the child up."
WHOSE = "Choose the child or children on the second side."
BIRTH_PARENTS = "{who} would have more than two birth parents. Choose adopted, or fostered, for the others."
TWO_COUPLES = "{who} are given twice: “{one}” and “{other}”. Keep the one that holds now."
CIRCLE = "{who} would be among their own ancestors. Look at the lines of parents and put one right."
TWICE_PARENT = "{parent} is given as two kinds of parent of {child}. Keep one."


def and_words(names: Iterable[str]) -> str:
    """One, two and three."""
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


# ---- the picture in words


def count_words(count: int) -> str:
    """How many people a genogram shows."""
    return "Genogram of 1 person." if count == 1 else f"Genogram of {count} people."


def about_words(names: Sequence[str]) -> str:
    """Whom the work is about."""
    return f"The work is about {and_words(names)}."


def person_words(label: str, shape: str, born: str, *, died: bool, home: bool) -> str:
    """One person: shape, age, whether dead, whether in the household."""
    facts = [
        SHAPES[shape],
        *([born] if born else []),
        *(["died"] if died else []),
        *(["in the household"] if home else []),
    ]
    return f"{label} ({', '.join(facts)})"


def people_words(people: Sequence[str]) -> str:
    """Everybody in the picture."""
    return f"People: {'; '.join(people)}."


def parents_words(kind: str, parents: Sequence[str], children: Sequence[str]) -> str:
    """Whose parents, and of what kind, some people are."""
    what = PARENTS[kind] + ("s" if len(parents) > 1 else "")
    verb = "are" if len(parents) > 1 else "is"
    article = "" if len(parents) > 1 else ("an " if what[0] in "aeiou" else "a ")
    return f"{and_words(parents)} {verb} {article}{what} of {and_words(children)}."


def siblings_words(names: Sequence[str]) -> str:
    """Who are brothers and sisters."""
    return f"{and_words(names)} are brothers and sisters."


def pair_words(kind: str, names: Sequence[str]) -> str:
    """How two people are with each other."""
    return f"{and_words(names)} {(COUPLES | FEELINGS)[kind]}."


def apart_words(names: Sequence[str]) -> str:
    """Who has no line to anybody."""
    verb = "stands" if len(names) == 1 else "stand"
    return f"{and_words(names)} {verb} apart: no family tie is drawn."


def left_out(count: int) -> str:
    """How many relationships are told in words alone."""
    return f"{count} more {'line' if count == 1 else 'lines'} in words in the document."


# ---- handing it in

OPEN, PEOPLE, LINKS, SEND = "Genogram", "Change people", "Change relationships", "Send the picture"
KEPT = "The genogram is saved. Its picture will be in your direct messages with the bot in a moment."
NOW_LINKS = "The people are saved. Now how they belong together. What the family's page says is filled in already."
ALSO_CHANGED = (
    "{who} changed the genogram while you had it open. What was added there is in it too; please look it through."
)
NOBODY = "Put in at least one person."
NO_PEOPLE = "Nobody is in this genogram yet. Begin with the people."
IN_WORDS = "The picture in words"
NEWER = "A newer genogram is in the record."
OLDER = "Earlier versions stay in the record."


def drawn_by(name: str, day: str) -> str:
    """Who drew the picture, and when."""
    return f"Drawn by {name} on {day}"


def caption(day: str) -> str:
    """Of when the picture is, and that its ages are of then."""
    return f"Genogram as drawn on {day}. Ages are as told then."


def foot(marking: str, ref: str, day: str) -> str:
    """The line under the picture."""
    return f"{marking} · {ref} · drawn on {day}"


def born_words(born: str) -> str:
    """A year as "born 2012", an age as "aged 12"."""
    if born.isdigit() and len(born) == 4:
        return f"born {born}"
    return f"aged {born}" if born else ""


def born_short(born: str) -> str:
    """A year of birth or an age, as it stands beside a shape."""
    if born.isdigit() and len(born) == 4:
        return f"b. {born}"
    return f"aged {born}" if born else ""


CARER = "Carer"

# ---- genogram

MONTHS = "{months} months"
