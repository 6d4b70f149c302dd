"""The permission to share as a paper to give and sign: everything is explained, in words its readers know."""

from __future__ import annotations

import re

import pytest

from prompts_and_forms.documents import permission as permission_wording
from prompts_and_forms.documents.permission import Reader
from prompts_and_forms.forms.catalogue import load_form
from storage.database.vault import Scope, seal
from storage.family import families
from tests.worlds.papers import Kept, words_of

REF = "K3107C"
OLDEST = {"carers": 11.0, "young": 10.0}
"""The age at which most people can read a paper, at the most."""


def paper(kept: Kept, reader: str, form: str = "docx") -> bytes:
    return kept.file("permission", f"{kept.room.family(REF)}.{reader}", form)


def sentences(told: Reader) -> list[str]:
    said = [told.first, *told.understood]
    for section in told.sections:
        said += [*section.text, *section.points]
    return [one.strip() for text in said for one in re.split(r"(?<=[.!?])\s+", text) if one.strip()]


def syllables(word: str) -> int:
    """As English counts them, nearly: groups of vowels, without a silent e or ed at the end."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    short = re.sub(r"(?<=[^aeioul])e$|(?<=[^aeioutd])ed$|(?<=[^aeiouscxz])es$", "", plain)
    return max(1, len(re.findall(r"[aeiouy]+", short)))


def reading_age(told: Reader) -> float:
    """Flesch-Kincaid grade, and five years to make an age of it."""
    lines = sentences(told)
    words = [word for one in lines for word in one.split()]
    grade = 0.39 * len(words) / len(lines) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5


@pytest.mark.parametrize("reader", permission_wording.READERS)
def test_most_people_can_read_it(reader: str) -> None:
    age = reading_age(permission_wording.READERS[reader])
    print(f"{reader}: reading age {age:.1f}")
    assert age <= OLDEST[reader]


def test_a_hard_paper_would_be_found() -> None:
    hard = permission_wording.CARERS
    told = Reader(
        **{
            **vars(hard),
            "sections": (),
            "first": (
                "Confidential information concerning identifiable individuals necessitates appropriate authorisation "
                "preceding any dissemination to multidisciplinary professional organisations."
            ),
        }
    )
    assert reading_age(told) > OLDEST["carers"]


@pytest.mark.parametrize("reader", permission_wording.READERS)
def test_it_tells_everything_a_signature_stands_for(kept: Kept, reader: str) -> None:
    told = words_of(paper(kept, reader))
    assert "What happens to what you tell us" in told
    assert "You can ask to see what we have written about you" in told
    assert "without asking you" in told
    assert "You can change your mind" in told
    assert all(section.title in told for section in permission_wording.READERS[reader].sections)
    scope = next(one for one in load_form("permission_to_share").questions if one.id == "scope")
    plain = permission_wording.IN_PLAIN_WORDS
    assert all(f"{plain.get(one.value, one.label)}\n" in told for one in scope.options if one.value != "other")
    assert set(plain) <= {one.value for one in scope.options}
    assert "Copy given to:" in told
    assert "TD, LD, RD" in told
    assert paper(kept, reader, "pdf").startswith(b"%PDF")


def test_a_young_person_signs_their_own_and_is_spoken_to(kept: Kept) -> None:
    told = words_of(paper(kept, "young"))
    assert "Young person\n" in told
    assert "Parent or carer" not in told
    assert "your child" not in told


def test_no_warning_about_contact_is_on_a_paper_the_family_takes_home(kept: Kept) -> None:
    with kept.room.db.write() as session:
        for row, body in families.carers(session, kept.room.family(REF)):
            warned = body.model_copy(update={"safe_contact": "Never by phone."})
            seal(session, row, warned, Scope.family(kept.room.family(REF)))
    agreement = next(iter(kept.room.unit.agreements.values()))
    assert "Never by phone" not in words_of(paper(kept, "carers"))
    assert "Never by phone" not in words_of(kept.file("agreement", agreement, "docx"))
    assert "Never by phone" in words_of(kept.file("record", kept.discussion, "docx"))
