"""Personal details that do not belong in chat: NHS numbers, postcodes, dates of birth, phone numbers, e-mail addresses.

A check before anything is kept. It would rather miss an odd spelling than stop ordinary notes: case references, dates
of meetings, times, money and extensions pass, a date counts only beside a word of birth, and the unit's own contact
numbers are allowed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from prompts_and_forms.meeting.remark_rules import list_words


class Kind(StrEnum):
    NHS_NUMBER = "nhs_number"
    POSTCODE = "postcode"
    DATE_OF_BIRTH = "date_of_birth"
    PHONE = "phone"
    EMAIL = "email"


WAYS_TO_REACH = frozenset({Kind.POSTCODE, Kind.PHONE, Kind.EMAIL})
"""What a box for addresses and telephone numbers is there for."""


@dataclass(frozen=True)
class Finding:
    """One detail, and where it stands in the text."""

    kind: Kind
    start: int
    end: int


WORDS = {
    Kind.NHS_NUMBER: "an NHS number",
    Kind.POSTCODE: "a postcode",
    Kind.DATE_OF_BIRTH: "a date of birth",
    Kind.PHONE: "a phone number",
    Kind.EMAIL: "an e-mail address",
}

_GAP = r"[ \-.\u2010-\u2015]?"
_FREE = r"(?<!\d)(?<!\d[.,:/\-])(?<![£$€])"
"""Not the rest of a longer number, of a decimal, a date or a sum of money."""
_ENDS = r"(?!\d)(?![.,:/\-]\d)(?![A-Za-z])"
_NHS = re.compile(rf"{_FREE}(?:(?<![A-Za-z])|(?<=(?i:nhs)))\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{4}}{_ENDS}")
_PHONE = re.compile(
    rf"{_FREE}(?<!\w)(?:(?:\+|00)44[ \-.]{{0,2}}(?:\(0\)[ \-.]{{0,2}})?|\(?0)[1-9](?:[ \-.()]{{0,2}}\d){{8,9}}{_ENDS}"
)
_POSTCODE = re.compile(
    r"(?<![A-Z0-9])(?:GIR ?0AA|ZZ99 {0,2}\d[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])",
    re.IGNORECASE,
)
"""Also the NHS's own ZZ99 codes for people without an address."""
_ORDINAL = re.compile(r"(?:1st|2nd|3rd|[04-9]th)\Z")
_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24}(?![\w\-])")
_BIRTH = re.compile(r"\b(?:d\.? ?o\.? ?b\b\.?|born|birth|birthday|birthdate)(?!\w)", re.IGNORECASE)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    r"(?<![\d/.\-])(?:"
    r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})"
    r"|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?:\d{{4}}|\d{{2}})"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{1,2} \d{1,2} \d{4}"
    r")(?![\d/])",
    re.IGNORECASE,
)
BESIDE = 24
"""How many characters may lie between a word of birth and its date."""
_APART = re.compile(r"[.!?;] |\n|\b(?:due|expected|meet|visit|review|conference|court|next)", re.IGNORECASE)
"""What lies between them when the date is about something else."""


def findings(text: str, allowed_phones: Iterable[str] = ()) -> list[Finding]:
    """Every personal detail in a text, in order. `allowed_phones` are contacts as the unit wrote them."""
    plain = _plain(text)
    own = {_dialled(match[0]) for contact in allowed_phones for match in _PHONE.finditer(_plain(contact))}
    phones = _found(Kind.PHONE, _PHONE, plain)
    allowed = {found for found in phones if _dialled(plain[found.start : found.end]) in own}
    found = [
        *phones,
        *_found(Kind.EMAIL, _EMAIL, plain),
        *_dates_of_birth(plain),
        *_nhs_numbers(plain),
        *_postcodes(plain),
    ]
    kept: list[Finding] = []
    reach = 0
    for finding in sorted(found, key=lambda one: (one.start, -one.end)):
        if finding.start >= reach:
            kept.append(finding)
            reach = finding.end
    return [finding for finding in kept if finding not in allowed]


def kinds(found: Sequence[Finding]) -> list[str]:
    """The kinds that were found, each once, as codes."""
    return sorted({finding.kind.value for finding in found})


def kind_words(kind: str) -> str:
    """A kind as people say it: "a postcode"."""
    return WORDS[Kind(kind)]


def kinds_words(codes: Iterable[str]) -> str:
    """Kinds as people say them: "a date of birth, an NHS number and a postcode"."""
    return list_words([kind_words(code) for code in codes])


def field_words(found: Sequence[Finding]) -> str:
    """What stands beside a form's field that holds personal details."""
    return f"This seems to hold {kinds_words(kinds(found))}. Please take it out; it belongs in the case system."


def is_nhs_number(text: str) -> bool:
    """Whether these are the ten digits of an NHS number: modulus 11 (NHS Data Dictionary), not all digits alike."""
    digits = re.sub(_GAP.removesuffix("?"), "", text.strip())
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def _plain(text: str) -> str:
    """The same length of text with other scripts' digits, wide letters and odd spaces as plain ones."""
    return text if text.isascii() else "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character.isspace():
        return " "
    simple = unicodedata.normalize("NFKC", character)
    if len(simple) == 1 and simple.isascii():
        return simple
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def _found(kind: Kind, pattern: re.Pattern[str], text: str) -> list[Finding]:
    return [Finding(kind, match.start(), match.end()) for match in pattern.finditer(text)]


def _nhs_numbers(text: str) -> list[Finding]:
    return [found for found in _found(Kind.NHS_NUMBER, _NHS, text) if is_nhs_number(text[found.start : found.end])]


def _postcodes(text: str) -> list[Finding]:
    """Postcodes; "room B12 3rd floor" is none."""
    found = _found(Kind.POSTCODE, _POSTCODE, text)
    return [one for one in found if not _ORDINAL.search(text[one.start : one.end])]


def _dates_of_birth(text: str) -> list[Finding]:
    """Dates with a word of birth close by, before or after, and about nothing else."""
    return [found for found in _found(Kind.DATE_OF_BIRTH, _DATE, text) if _is_of_birth(text, found)]


def _is_of_birth(text: str, found: Finding) -> bool:
    longest = BESIDE + len("birthdate")
    before = list(_BIRTH.finditer(text, max(0, found.start - longest), found.start))
    after = _BIRTH.search(text, found.end, found.end + longest)
    gaps = [text[before[-1].end() : found.start]] if before else []
    gaps += [text[found.end : after.start()]] if after else []
    return any(len(gap) <= BESIDE and not _APART.search(gap) for gap in gaps)


def _dialled(number: str) -> str:
    """The digits of a phone number as dialled in the country."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return "0" + re.sub(r"^(?:00)?44", "", digits) if re.match(r"(?:00)?44", digits) else digits
