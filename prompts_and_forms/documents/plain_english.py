"""How hard a text is to read, and which of its words are words of the trade. Pure.

The reading age is the Flesch-Kincaid grade plus five years, the usual step from a grade to an age (Kincaid and others,
1975). Syllables are counted twice, and the larger number stands: pyphen divides British English words by
the LibreOffice dictionary, which leaves short words whole ("money"); vowels that are spoken are counted beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pyphen import Pyphen

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SENTENCE = re.compile(r"[.!?]+(?=\s|$)|\n+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^aeiouyl]|[aeiouy]l)e$|[^aeiouytdscxz]ed$|[^aeioucsxzgh]es$")
LONG_SENTENCE = 20
YOUNGEST, OLDEST = 5, 20
GROWN_UPS, CHILDREN = 11, 9
"""The reading age to aim for: plain English for adults is that of an eleven-year-old."""

PLAIN = {
    "accommodated": "living with a foster carer",
    "assessment": "finding out what would help",
    "care plan": "plan",
    "caregiver": "mum, dad, or who looks after you",
    "child protection": "keeping children from harm",
    "cin": "the plan to help your family",
    "ccin": "the plan to help your family",
    "commissioning": "first meeting about the help",
    "conference": "big meeting",
    "core group": "the people who meet about the plan",
    "cp": "keeping children from harm",
    "csw": "social worker",
    "disclose": "tell",
    "disclosure": "what you told us",
    "dysregulated": "upset",
    "engage": "take part",
    "engagement": "taking part",
    "episode": "piece of work",
    "escalate": "tell a manager",
    "facilitate": "help",
    "formulation": "what we think is going on",
    "hypothesis": "idea",
    "icpc": "big meeting",
    "implement": "do",
    "intervention": "help",
    "lac": "looked after",
    "lac review": "the meeting about where you live",
    "multi-agency": "different services together",
    "outcome": "what will be different",
    "parenting capacity": "looking after the children",
    "placement": "where you live",
    "prior to": "before",
    "referral": "asking somebody else to help",
    "reflective": "thinking together",
    "respite": "a break",
    "safeguarding": "keeping children from harm",
    "sdq": "questionnaire",
    "section 47": "looking into a worry",
    "sibling": "brother or sister",
    "siblings": "brothers and sisters",
    "strategy discussion": "a talk between the services",
    "statutory": "that the law asks for",
    "systemic": "about the whole family",
    "threshold": "the point at which we must act",
    "tier 3": "the mental health service",
    "utilise": "use",
    "wishes and feelings": "what you want and how you feel",
}
"""Words of the trade, each with one that people use at home."""


@dataclass(frozen=True)
class Reading:
    """`age` is None for a text of a few words, of which nothing can be said. `long`: sentences that are too long."""

    age: int | None
    words: int
    long: tuple[str, ...] = ()
    jargon: tuple[tuple[str, str], ...] = ()


def reading(lines: Sequence[str]) -> Reading:
    """How a text of these lines reads; a line is at least one sentence."""
    text = "\n".join(lines)
    sentences = [one.strip() for one in SENTENCE.split(text) if WORD.search(one)]
    words = WORD.findall(text)
    return Reading(_age(words, len(sentences)), len(words), tuple(filter(_is_long, sentences)), jargon(text))


FEW = 20


def _age(words: Sequence[str], sentences: int) -> int | None:
    """Kincaid's formula: 0.39 words a sentence + 11.8 syllables a word - 15.59, and five years."""
    if len(words) < FEW or not sentences:
        return None
    syllables = sum(syllables_of(word) for word in words)
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return min(max(round(grade + 5), YOUNGEST), OLDEST)


def syllables_of(word: str) -> int:
    """How many syllables a word has, at least one."""
    plain = word.lower().replace("’", "'")
    return max(1, len(_dictionary().positions(plain)) + 1, _spoken_vowels(plain))


def _spoken_vowels(word: str) -> int:
    """Groups of vowels; a final e, es or ed that is not spoken does not count, one after l ("little") does."""
    found = len(VOWELS.findall(word))
    return found - 1 if SILENT.search(word) and found > 1 else found


@cache
def _dictionary() -> Pyphen:
    return Pyphen(lang="en_GB")


def _is_long(sentence: str) -> bool:
    return len(WORD.findall(sentence)) > LONG_SENTENCE


def jargon(text: str) -> tuple[tuple[str, str], ...]:
    """Words of the trade in a text, each with what to say instead, in the order of the alphabet."""
    known = sorted(PLAIN.items())
    return tuple((word, plain) for word, plain in known if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE))
