"""Personal details that do not belong in chat: NHS numbers, postcodes, dates of birth, addresses and their like.

A check before anything is kept. It would rather miss an odd spelling than stop ordinary notes: case references, dates
of meetings, times, money and extensions pass, a date counts only beside a word of birth, and the unit's own contact
details are allowed. The shapes are in `identifiers`; the spellings decided about, and why, in the tests' cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prompts_and_forms import identifiers
from prompts_and_forms.identifiers import Kind, is_nhs_number, plain_text
from prompts_and_forms.meeting.remark_rules import list_words

__all__ = ["Finding", "Kind", "field_words", "findings", "is_nhs_number", "kind_words", "kinds", "kinds_words"]

WAYS_TO_REACH = frozenset({Kind.POSTCODE, Kind.PHONE, Kind.EMAIL, Kind.ADDRESS})
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
    Kind.NATIONAL_INSURANCE: "a National Insurance number",
    Kind.PUPIL_NUMBER: "a pupil number",
    Kind.PASSPORT: "a passport number",
    Kind.BANK: "bank details",
    Kind.ADDRESS: "an address",
    Kind.CAR: "a car registration",
    Kind.NAME: "a name on the unit's list",
}


def findings(text: str, own_contacts: Iterable[str] = (), names: Iterable[str] = ()) -> list[Finding]:
    """Every personal detail in a text, in order.

    `own_contacts` are the unit's contacts as it wrote them: what they hold may be said. `names` are those it listed.
    """
    own = {(kind, said) for contact in own_contacts for kind, _, _, said in _looked(contact, ())}
    kept: list[Finding] = []
    reach = 0
    for kind, start, end, said in sorted(_looked(text, tuple(names)), key=lambda one: (one[1], -one[2])):
        if start >= reach:
            reach = end
            if (kind, said) not in own:
                kept.append(Finding(kind, start, end))
    return kept


def _looked(text: str, names: tuple[str, ...]) -> list[tuple[Kind, int, int, str]]:
    """What the patterns find: kind, where it starts and ends in the text as typed, and what it says."""
    plain = plain_text(text)
    spans = [(kind, *span) for kind, look in identifiers.LOOKS for span in look(plain.text)]
    listed = identifiers.names_pattern(names)
    if listed is not None:
        spans += [(Kind.NAME, *match.span()) for match in listed.finditer(plain.text)]
    found = []
    for kind, start, end in spans:
        first, last = (start, end - 1) if plain.at is None else (plain.at[start], plain.at[end - 1])
        found.append((kind, first, last + 1, _said(kind, plain.text[start:end])))
    return found


def _said(kind: Kind, words: str) -> str:
    """The same for every way of writing it."""
    return _dialled(words) if kind is Kind.PHONE else re.sub(r"\W", "", words).lower()


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
    return f"There seems to be {kinds_words(kinds(found))} in this. Please take it out; it belongs in the case system."


def _dialled(number: str) -> str:
    """The digits of a phone number as dialled in the country."""
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    return "0" + re.sub(r"^(?:00)?44", "", digits) if re.match(r"(?:00)?44", digits) else digits
