"""The shapes personal details are written in, and what makes each one doubtful.

Each shape is a pattern that reads a text once from left to right, and at most one question about what it found. The
texts were made plain before (`plain_text`): no characters that show nothing, every digit and space in its plain form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    NHS_NUMBER = "nhs_number"
    POSTCODE = "postcode"
    DATE_OF_BIRTH = "date_of_birth"
    PHONE = "phone"
    EMAIL = "email"
    NATIONAL_INSURANCE = "national_insurance"
    PUPIL_NUMBER = "pupil_number"
    PASSPORT = "passport"
    BANK = "bank"
    ADDRESS = "address"
    CAR = "car"
    NAME = "name"


@dataclass(frozen=True)
class Plain:
    """A text made plain, and where each of its characters stood before."""

    text: str
    at: tuple[int, ...] | None


def plain_text(text: str) -> Plain:
    """Other scripts' digits, wide letters and odd spaces as plain ones; what shows nothing is left out."""
    if text.isascii():
        return Plain(text.replace("\r", " "), None)
    letters: list[str] = []
    at: list[int] = []
    for index, character in enumerate(text):
        for plain in _plain_character(character):
            letters.append(plain)
            at.append(index)
    return Plain("".join(letters), tuple(at))


def _plain_character(character: str) -> str:
    if character == "\r":
        return " "
    if character.isascii():
        return character
    if character in "\u2028\u2029\u0085":
        return "\n"
    if character.isspace():
        return " "
    if unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return ""
    if character in "\u2018\u2019\u02bc":
        return "'"
    if unicodedata.category(character) == "Pd":
        return "-"
    simple = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    if simple and simple.isascii():
        return simple
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


# ---- what stands beside

_FREE = r"(?<!\d)(?<!\d[.,:/\-])(?<![£$€])"
"""Not the rest of a longer number, of a decimal, a date or a sum of money."""
_ENDS = r"(?!\d)(?![.,:/\-]\d)(?![A-Za-z])"
_ORDER = re.compile(
    r"\b(?:order|ref|reference|invoice|receipt|ticket|job|booking|parcel|tracking|purchase)"
    r"\b(?: (?:no|number))?[ .:#]{0,3}\Z",
    re.IGNORECASE,
)
_NHS_WORD = re.compile(r"nhs", re.IGNORECASE)
BESIDE = 24
"""How many characters may lie between a word of birth and its date."""
BACKWARDS = 48
"""How far before a word its number may begin."""


def _before(text: str, start: int, reach: int = BESIDE) -> str:
    return text[max(0, start - reach) : start]


def _behind(text: str, word: re.Pattern[str], look: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """What stands right before a word, found from the word backwards: a long text is then read once."""
    for then in word.finditer(text):
        found = look.search(text, max(0, then.start() - BACKWARDS), then.start())
        if found is not None:
            yield found.span(1)


def _is_an_order_number(text: str, match: re.Match[str]) -> bool:
    """Ten digits in one run after "Order" or "Ref" are somebody's order number, unless the NHS is named."""
    before = _before(text, match.start())
    return match[0].isdigit() and len(match[0]) == 10 and bool(_ORDER.search(before)) and not _NHS_WORD.search(before)


# ---- NHS numbers

_BETWEEN = r"[\s\-.,;:/\\()\[\]{}*_|+~=#>'\u00b7\u2022]{0,5}"
_NHS = re.compile(rf"{_FREE}(?:(?<![A-Za-z])|(?<=(?i:nhs)))\d{{3}}{_BETWEEN}\d{{3}}{_BETWEEN}\d{{4}}{_ENDS}")
_NHS_IN_PIECES = re.compile(rf"\bnhs\b[^\d\n]{{0,24}}(\d(?:{_BETWEEN}\d){{9}}){_ENDS}", re.IGNORECASE)
_NHS_THEN = re.compile(r"(?<=[^\w\n])nhs\b", re.IGNORECASE)
_NHS_BEHIND = re.compile(rf"{_FREE}(?<!\w)(\d(?:{_BETWEEN}\d){{9}})[^\w\n]{{1,4}}\Z")
"""Beside the word, before or after, however the ten digits are grouped."""


def is_nhs_number(text: str) -> bool:
    """Whether these are the ten digits of an NHS number: modulus 11 (NHS Data Dictionary), not all digits alike."""
    digits = re.sub(r"[\s\-.,;:/\\()\[\]{}*_|+~=#>'\u00b7\u2022\u2010-\u2015]", "", text)
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(digits[9])


def _nhs_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in _NHS.finditer(text):
        if is_nhs_number(match[0]) and not _is_an_order_number(text, match):
            yield match.span()
    beside = [match.span(1) for match in _NHS_IN_PIECES.finditer(text)]
    for start, end in (*beside, *_behind(text, _NHS_THEN, _NHS_BEHIND)):
        if is_nhs_number(text[start:end]):
            yield start, end


# ---- telephone numbers

_GAP = r"[ \-./()_]{0,2}"
_RINGS = r"(?!\d)(?![.,:/\-]\d)(?!(?!x ?\d|ext)[A-Za-z])"
"""As _ENDS; an extension may follow at once."""
_AREA_SLASHED = re.compile(r"0\d{2,4}/\d{3,4}/\d{3,4}")
_BRITISH = re.compile(
    rf"{_FREE}(?<!\w)(?:(?:\+|00)44{_GAP}(?:\(0\)[ \-.]{{0,2}})?|\(?0)[1-9](?:{_GAP}\d){{8,9}}{_RINGS}"
)
_FOREIGN = re.compile(rf"(?<![\w+.,])(?:\+|00(?= ?[1-9](?:{_GAP}\d){{9}}))[ (]{{0,2}}\d(?:{_GAP}\d){{7,14}}{_RINGS}")
_WITHOUT_ZERO = re.compile(
    rf"{_FREE}(?<!\w)(?<!\d )(?:"
    r"44[ \-]?7\d{3}[ \-]?\d{3}[ \-]?\d{3}"
    r"|7[1-57-9]\d{2}[ \-/]?\d{3}[ \-]?\d{3}"
    r"|7[1-57-9]\d{3}[ \-/]\d{5}"
    r"|20[ \-/][3478]\d{3}[ \-]\d{4}"
    r"|1(?:1\d|[2-6]1)[ \-/]\d{3}[ \-]\d{4}"
    rf"){_RINGS}(?! \d)"
)
_AFTER_A_WORD = re.compile(
    r"\b(?:tel|telephone|phone|mob|mobile|cell|ring|rang|call|called|text|texted|fax|whatsapp)\b[^\d\n+]{0,12}"
    rf"(\d(?:{_GAP}\d){{8,13}}){_RINGS}",
    re.IGNORECASE,
)
_STARTS_WITH_A_DATE = re.compile(
    r"\d{1,2}([/.\-_])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)|\d{4}([/.\-_])\d{1,2}\2\d{1,2}(?!\d)"
    r"|(?:(?:0?[1-9]|[12]\d|3[01]) )?(?:0?[1-9]|1[0-2]) (?:19|20)\d\d(?!\d)"
)


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for pattern, group in ((_BRITISH, 0), (_FOREIGN, 0), (_WITHOUT_ZERO, 0), (_AFTER_A_WORD, 1)):
        for match in pattern.finditer(text):
            number = match[group]
            dated = number.count("/") > 1 and not _AREA_SLASHED.fullmatch(number)
            if dated or _STARTS_WITH_A_DATE.match(number) or _is_an_order_number(text, match):
                continue
            yield match.span(group)


# ---- e-mail addresses

_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24}(?![\w\-])")
_ENDING = r"(?:com|org|net|uk|co|gov|nhs|ac|sch|edu|eu|ie|info|example)"
_DOT = r"(?:\.| ?[(\[{] ?dot ?[)\]}] ?| dot )"
_LABEL = r"[A-Za-z0-9\-]{1,63}"
_EMAIL_IN_BRACKETS = re.compile(
    rf"(?<![\w.+\-])[\w.+\-]{{1,64}}(?: ?[(\[{{] ?(?:at?|@) ?[)\]}}] ?| @ ?|@ )"
    rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,4}}{_DOT}{_ENDING}(?![\w\-])",
    re.IGNORECASE,
)
_EMAIL_IN_WORDS = re.compile(
    rf"(?<![\w.+\-])[\w.+\-]{{1,64}}(?:@| at ){_LABEL}(?:{_DOT}{_LABEL}){{0,4}}(?: dot | ?[(\[{{] ?dot ?[)\]}}] ?)"
    rf"{_ENDING}(?![\w\-])",
    re.IGNORECASE,
)

_EMAIL_MISTYPED = re.compile(
    rf"(?<![\w.+\-])[\w.+\-]{{1,64}}@{_LABEL},(?:com|org|net|co[., ]uk)(?![\w\-])", re.IGNORECASE
)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_EMAIL, _EMAIL_IN_BRACKETS, _EMAIL_IN_WORDS, _EMAIL_MISTYPED):
        for match in pattern.finditer(text):
            yield match.span()


# ---- postcodes

_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
    "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE "
    "NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ "
    "TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    r"(?<![A-Z0-9])(?:GIR[ \-]?0AA|ZZ99[ \-\n]{0,3}\d[A-Z]{2}"
    rf"|(?:{'|'.join(sorted(_AREAS.split(), key=len, reverse=True))})"
    r"\d[A-Z\d]?(?:[ \-\n\t]{0,4}|[.,:/_] ?)(?:\d[ABD-HJLNP-UW-Z]{2}|\d (?-i:[ABD-HJLNP-UW-Z]{2})))(?![A-Z0-9])",
    re.IGNORECASE,
)
"""The 124 areas of Royal Mail ("Y10" is a school year), and the NHS's own ZZ99 codes for people without an address."""
_NO_INWARD_HALF = re.compile(r"(?:1st|2nd|3rd|[04-9](?-i:th)|\d(?:hr|ft|lb|yr|up))\Z", re.IGNORECASE)


def _postcodes(text: str) -> Iterator[tuple[int, int]]:
    """Postcodes; "room B12 3rd floor", "L1 2ND" and "s16LA" of an Act are none, "B33 8TH" is one."""
    for match in _POSTCODE.finditer(text):
        of_an_act = match[0][0].islower() and match[0][-1].isupper()
        if not of_an_act and not _NO_INWARD_HALF.search(match[0]):
            yield match.span()


# ---- dates of birth

_NO_BIRTH = (
    r"(?![\s\-]{1,3}(?:mother|father|mum|dad|parent|famil|certificate|plan|centre|partner|sister|brother|sibling|order"
    r"|relative|child|name|control|trauma|story|registr|contact|party|present|card|cake|meal|tea|trip|treat))"
)
_BIRTH = re.compile(
    r"(?<![A-Za-z])(?:d[./ ]{0,2}o[./ ]{0,2}b\.?|born|b'?day"
    rf"|(?:birthdate|birthday|birth){_NO_BIRTH})(?![A-Za-z_])",
    re.IGNORECASE,
)
_NOT_BORN = re.compile(
    r"\b(?:(?:due|expected|going|about)(?: to)?(?: be)?|will be|to be|not|not yet)\s\Z", re.IGNORECASE
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
_YEAR = r"(?:\d{4}|'?\d{2})"
_STEP = r"(?: ?[/.\-\\,_\u00b7] ?| )"
_DATE = re.compile(
    r"(?<![\d/.\-])(?:"
    rf"\d{{1,2}}{_STEP}\d{{1,2}}{_STEP}{_YEAR}"
    rf"|\d{{4}}{_STEP}\d{{1,2}}{_STEP}\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)?(?: the)?[ \-/.]?{_MONTH},?[ \-/.]?{_YEAR}"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}"
    r"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r")(?![\d/])",
    re.IGNORECASE,
)
_APART = re.compile(
    r"[.!?;] |\n|\b(?:due|expected|meet|met|visit|review|conference|court|next|seen|saw|request|receiv|appl|order|sent"
    r"|spoke|told|discuss|updat|register|contact|confirm|check)",
    re.IGNORECASE,
)
"""What lies between them when the date is about something else."""
_ONLY_A_LABEL = re.compile(r"[\s:=\-.,()*_]*(?:(?:is|was|on)\b[\s:]*)?\Z", re.IGNORECASE)
"""Nothing but a colon and a line break between the word and its date."""


def _dates_of_birth(text: str) -> Iterator[tuple[int, int]]:
    """Dates with a word of birth close by, before or after, and about nothing else."""
    return (match.span() for match in _DATE.finditer(text) if _is_of_birth(text, match))


def _is_of_birth(text: str, date: re.Match[str]) -> bool:
    longest = BESIDE + len("birthdate")
    before = [m for m in _BIRTH.finditer(text, max(0, date.start() - longest), date.start()) if _has_been(text, m)]
    after = _BIRTH.search(text, date.end(), date.end() + longest)
    if before and _speaks_of(text[before[-1].end() : date.start()]):
        return True
    return after is not None and _has_been(text, after) and _looks_back(text[date.end() : after.start()], after[0])


def _speaks_of(gap: str) -> bool:
    return bool(_ONLY_A_LABEL.match(gap)) or not _is_apart(gap)


def _looks_back(gap: str, word: str) -> bool:
    """ "9/2/2012, his birthday" speaks of the date before; "seen 9/2/2026, born in Leeds" does not."""
    return not _is_apart(gap) and not (word.lower() == "born" and "," in gap)


def _is_apart(gap: str) -> bool:
    return len(gap) > BESIDE or bool(_APART.search(gap))


def _has_been(text: str, word: re.Match[str]) -> bool:
    """ "Due to be born" is no birth yet."""
    return not _NOT_BORN.search(_before(text, word.start()))


# ---- numbers the state and the bank give

_NI_PREFIX = r"(?:QQ|(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
_NI = re.compile(rf"\b{_NI_PREFIX}[ \-./]{{0,2}}\d\d[ \-./]{{0,2}}\d\d[ \-./]{{0,2}}\d\d[ \-./]{{0,2}}[A-D]\b")
_NI_IN_ONE = re.compile(rf"\b{_NI_PREFIX}\d{{6}}[A-D]\b", re.IGNORECASE)
_NI_WORD = re.compile(
    r"\b(?:ni|n\.i|nino|national insurance)\b\.?(?: (?:no|number))?\.?(?: (?:is|was))?[^\w\n]{0,4}"
    r"([A-Z] ?[A-Z](?:[ \-./]{0,2}\d){6}(?:[ \-./]{0,2}[A-D])?)\b",
    re.IGNORECASE,
)
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-Z]\b", re.IGNORECASE)
_UPN_WORD = re.compile(
    r"\b(?:upn|u\.p\.n|pupil (?:no|number))\b\.?(?: (?:no|number))?\.?(?: (?:is|was))?[^\w\n]{0,4}"
    r"([A-HJ-NP-RT-Z](?:[ \-]?\d){11}[ \-]?[\dA-Z])\b",
    re.IGNORECASE,
)
_PASSPORT = re.compile(
    r"\bpassport\b(?: ?\(?(?:no|number|num|nr))?\.?(?: (?:is|was))?[\s:#.\-]{0,4}"
    r"((?=(?:[A-Z ]{0,4}\d){6})[A-Z]{0,2} ?\d(?: ?[A-Z0-9]){5,8})\b",
    re.IGNORECASE,
)
_PASSPORT_THEN = re.compile(r"(?<= )(?:is |was )?(?:the |her |his |their |my )?passport (?:no|number)\b", re.IGNORECASE)
_PASSPORT_BEHIND = re.compile(
    r"(?<![\w£$€])((?=(?:[A-Z ]{0,3}\d){6})[A-Z]{0,2} ?\d(?: ?[A-Z0-9]){5,8}),? \Z", re.IGNORECASE
)


def _passports(text: str) -> Iterator[tuple[int, int]]:
    for match in _PASSPORT.finditer(text):
        yield match.span(1)
    yield from _behind(text, _PASSPORT_THEN, _PASSPORT_BEHIND)


_BANK_BETWEEN = r"(?:[\s,;:/.#\-]|account|acct|acc|a/c|ac|number|no|num|and|sort|code|s/c|sc|is){1,12}"
_SORT_CODE, _ACCOUNT = r"\d\d[\- ./]?\d\d[\- ./]?\d\d", r"\d{4}[ \-]?\d{4}"
_BANK = re.compile(
    rf"{_FREE}(?<!\w)(?:{_SORT_CODE}{_BANK_BETWEEN}{_ACCOUNT}|{_ACCOUNT}{_BANK_BETWEEN}{_SORT_CODE})"
    r"(?!\d)(?![.,:/\-]\d)",
    re.IGNORECASE,
)
_BANK_WORD = re.compile(r"\b(?:acc|acct|accounts?|a/c|ac|sort|bank|s/?c)\b", re.IGNORECASE)
_DATED_SORT = re.compile(r"(?<!\d)\d\d/\d\d/\d\d(?!\d)")
_SORT_WORD = re.compile(r"\b(?:sort(?: code|:)|s/?c\b)", re.IGNORECASE)
"""A sort code with slashes looks like a day, unless the word is there."""
_SORT_FIRST = re.compile(r"\d\d-\d\d-\d\d[\s,/]{1,3}\d{8}\Z")


def _bank(text: str) -> Iterator[tuple[int, int]]:
    """A sort code with its account: with a word for one of them, or written as banks do, "20-00-00 12345678"."""
    for match in _BANK.finditer(text):
        if _DATED_SORT.search(match[0]) and not _SORT_WORD.search(_before(text, match.start()) + match[0]):
            continue
        beside = _before(text, match.start()) + text[match.start() : match.end() + BESIDE]
        if _BANK_WORD.search(beside) or _SORT_FIRST.match(match[0]):
            yield match.span()


# ---- where somebody lives, what they drive

_STREET = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Cl|Drive|Dr|Way|Crescent|Cres|Gardens|Gdns|Place|Pl|Terrace|Grove"
    r"|Square|Sq|Mews|Parade|Wharf|Villas|Court"
)
"""Without Hill, Green, Walk and the like: "at 3 Sarah Hill rang" is about a person."""
_NAME = r"[A-Z][A-Za-z'.\-]{1,24}"
_HOUSE = r"(?<![\w£$€.:/\-])\d{1,4}(?:[A-Za-z]|-\d{1,4})?,? {1,2}"
_ADDRESS = re.compile(rf"{_HOUSE}(?:{_NAME} {{1,2}}){{1,3}}(?:{_STREET})\b")
_HOME = re.compile(
    r"\b(?i:address(?: is)?|liv(?:es?|ed|ing)(?: at)?|mov(?:ed|ing) to)[ :]{1,3}"
    rf"(\d{{1,4}}[A-Za-z]?,? {{1,2}}(?:{_NAME} {{1,2}}){{1,3}}"
    rf"(?:{_STREET}|Hill|Walk|Green|Park|Rise|View|Row|Mount|Bank|Croft|Fields?|Yard))\b"
)
"""Beside a word for where somebody lives, also streets that are called as people or parks are."""
_SMALL_ADDRESS = re.compile(
    r"(?<![\w£$€.:/\-])\d{1,4}[a-z]?,? ((?:[a-z][a-z'.\-]{1,24} ){1,2})"
    r"(?:street|road|avenue|lane|crescent|terrace|grove|mews)\b",
    re.IGNORECASE,
)
_FLAT = re.compile(
    rf"\b[Ff]lat (?:\d{{1,4}}[A-Za-z]?|[A-Z]),? (?:{_NAME} ){{1,3}}"
    rf"(?:House|Tower|Point|Heights|Lodge|Mansions|Building|{_STREET})\b"
)
_NO_STREET = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|family|crown|county|high court|youth|magistrates|mr|mrs|ms|miss|dr|pc"
    r"|the|a|an|of|in|on|to|at|by|and|or|from|up|down|along|across|over|off|other|more|different|same|wrong|whole|busy|main"
    r"|minutes?|mins?|hours?|days?|weeks?|months?|miles?|doors?|children|people|times?|cars?|houses?)\b",
    re.IGNORECASE,
)
_PLATE_LETTERS = r"[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\d|5[1-9]|6\d|7\d)"
_AGENCIES = "(?:CPS|SEN|ASD|TAF|TAC|CAF|LAC|CLA|CPN|DWP|PLO|GPS|YOT|EDT|NHS|EHC)"
"""What three capitals after a room or a reference are more often than the end of a plate."""
_PLATE = re.compile(rf"\b{_PLATE_LETTERS}[ \-]{{0,2}}(?!{_AGENCIES}\b)[A-HJ-PR-Z]{{3}}\b")
_PLATE_IN_ONE = re.compile(rf"\b{_PLATE_LETTERS}[A-HJ-PR-Z]{{3}}\b", re.IGNORECASE)
_PLATE_WORD = re.compile(
    r"\b(?:reg|registration|plates?|vrm)\b(?: (?:no|number|plate|mark))?\.?(?: (?:is|was)\b)?[^\w\n]{0,4}"
    r"([A-Z] ?[A-Z] ?\d\d[ \-.]{0,2}[A-Z]{3}|[A-Z]\d{1,3}[ \-.]{0,2}[A-Z]{3}|[A-Z]{3}[ \-.]{0,2}\d{1,3}[A-Z])\b",
    re.IGNORECASE,
)
"""Beside the word also the plates of before 2001, and small letters."""


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """A number with a street; "2 minutes down the road" and "9 March Court" are none."""
    for pattern in (_ADDRESS, _SMALL_ADDRESS):
        for match in pattern.finditer(text):
            if not _NO_STREET.search(match[0]):
                yield match.span()
    yield from (match.span() for match in _FLAT.finditer(text))
    yield from (one.span(1) for one in _HOME.finditer(text) if not _NO_STREET.search(one[1].replace("The ", "")))


def _spans(*patterns: re.Pattern[str]) -> Callable[[str], Iterator[tuple[int, int]]]:
    """What several patterns find; a pattern with a group means the group."""

    def look(text: str) -> Iterator[tuple[int, int]]:
        for pattern in patterns:
            for match in pattern.finditer(text):
                yield match.span(pattern.groups)

    return look


LOOKS: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (Kind.NHS_NUMBER, _nhs_numbers),
    (Kind.BANK, _bank),
    (Kind.PHONE, _phones),
    (Kind.EMAIL, _emails),
    (Kind.DATE_OF_BIRTH, _dates_of_birth),
    (Kind.POSTCODE, _postcodes),
    (Kind.NATIONAL_INSURANCE, _spans(_NI, _NI_IN_ONE, _NI_WORD)),
    (Kind.PUPIL_NUMBER, _spans(_UPN, _UPN_WORD)),
    (Kind.PASSPORT, _passports),
    (Kind.ADDRESS, _addresses),
    (Kind.CAR, _spans(_PLATE, _PLATE_IN_ONE, _PLATE_WORD)),
)
"""In this order where two would claim the same characters."""


@lru_cache(maxsize=64)
def names_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """The names a unit listed, as whole words, whatever the capitals; None without any."""
    plain = {" ".join(plain_text(name).text.split()) for name in names}
    spelled = [re.escape(name).replace(r"\ ", r"\s+") for name in sorted(plain, key=len, reverse=True) if len(name) > 1]
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE) if spelled else None
