"""One cell of a list of families: from what stands in a spreadsheet to what is meant, or a sentence why not."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from prompts_and_forms import privacy
from prompts_and_forms.imports import wording
from prompts_and_forms.typed import name_key, seen, tidy
from prompts_and_forms.unit.wording import CATEGORY_WORDS, short

CATEGORIES = {
    "cin": "child_in_need",
    "ccin": "complex_child_in_need",
    "cp": "child_protection",
    "lac": "looked_after",
    "cla": "looked_after",
    "looked after child": "looked_after",
    "child looked after": "looked_after",
    **{code.replace("_", " "): code for code in CATEGORY_WORDS},
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MIDNIGHT = re.compile(r"[ T]00:00(:00(\.0+)?)?\Z")
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})\.?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[/.\- ]*([a-z]{3,9})[/.,\- ]*(\d{4}|\d{2})")
_AGE = re.compile(r"(\d{1,2})\s*(y|yr|yrs|year|years|m|mth|mths|month|months)?\.?")
_INITIALS = re.compile(r"[^\W\d_]{1,4}[0-9]?")
OLDEST, GROWN = 25, 18


class Unfit(Exception):
    """A cell that cannot be taken; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def words(said: str) -> str:
    """A name or a short note: in one line, with nothing unseen in it."""
    return tidy(" ".join(seen(said).split()))[:200]


def category(said: str) -> str:
    """The category's code, from its name or the short form people use."""
    key = re.sub(r"[\W_]+", " ", name_key(said)).strip()
    own = {re.sub(r"[\W_]+", " ", name_key(words)).strip(): code for code, words in CATEGORY_WORDS.items()}
    found = own.get(key) or CATEGORIES.get(key)
    if found is None:
        raise Unfit(wording.CATEGORY_UNKNOWN.format(said=short(said)))
    return found


def initials(said: str) -> str:
    """Up to four letters and perhaps a number that tells two apart; a name is refused."""
    found = re.sub(r"[\s.'’-]", "", seen(said)).upper()
    if not _INITIALS.fullmatch(found) or (len(said.split()) > 1 and len(said) > len(found) * 2):
        raise Unfit(wording.INITIALS.format(said=short(said)))
    return found


def day(said: str, column: str, latest: date | None = None) -> date:
    """A date as people in Britain write it: the day first, or the year first as machines do."""
    found = _day(_MIDNIGHT.sub("", said.strip()))
    if found is None or not 1900 < found.year < 2200:
        raise Unfit(wording.NOT_A_DATE.format(said=short(said), column=column))
    if latest is not None and found > latest:
        raise Unfit(wording.TO_COME.format(column=column))
    return found


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        pass
    if match := _NUMBERS.fullmatch(said):
        number, month = int(match[1]), int(match[2])
    elif (match := _NAMED.fullmatch(said.casefold())) and match[2][:3] in MONTHS:
        number, month = int(match[1]), MONTHS.index(match[2][:3]) + 1
    else:
        return None
    year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
    try:
        return date(year, month, number)
    except ValueError:
        return None


def age(said: str) -> dict[str, Any]:
    """Years, months for the youngest, or not yet born."""
    plain = seen(said).strip().casefold()
    if plain in ("unborn", "not yet born", "not born", "expected"):
        return {"unborn": True}
    match = _AGE.fullmatch(plain)
    if match is None:
        raise Unfit(wording.AGE.format(said=short(said)))
    number = int(match[1])
    if (match[2] or "y").startswith("m"):
        return {"months": number} if number < 24 else {"age": number // 12}
    if number > OLDEST:
        raise Unfit(wording.AGE_ODD)
    return {"age": number}


def turns_18(said: str, today: date) -> date:
    """The day somebody turns 18; a date of birth in its place is refused."""
    found = day(said, "Child turns 18")
    if not -(OLDEST - GROWN + 1) <= found.year - today.year <= GROWN + 1:
        raise Unfit(wording.BIRTH)
    return found


def safe_contact(said: str) -> str:
    """How somebody must not be contacted, as written; without numbers and addresses, which do not belong in chat."""
    found = privacy.findings(said)
    if found:
        raise Unfit(wording.PRIVATE.format(what=privacy.kinds_words(privacy.kinds(found))))
    return tidy(said)
