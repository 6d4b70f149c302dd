"""Children, carers and outcomes of a family, added and put right with /family."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from storage.database.tables import Entry
from tests.worlds.in_memory import an_ask, faults, words_of
from tests.worlds.setting_up import (
    Seat,
    add_child,
    correcting,
    family_card,
    person_id,
)


def test_a_child_is_added_with_age_school_and_when_last_seen(ben: Seat, family_id: str) -> None:
    said = words_of(
        add_child(
            ben,
            initials="TD",
            age="9",
            school="yes",
            seen_on="2026-02-25",
            seen_by=person_id(ben.db, "UBEN"),
            seen_place="home",
            seen_alone_on="2026-02-18",
        )
    )
    assert (
        "B1234C-1 (TD), 9 years, at school. Last seen 25 Feb 2026 (6 days ago) by Ben, home; "
        "alone 18 Feb 2026 (13 days ago)." in said
    )


def test_a_child_seen_alone_was_seen(ben: Seat, family_id: str) -> None:
    assert "Last seen 1 Mar 2026" in words_of(add_child(ben, initials="TD", seen_alone_on="2026-03-01"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"age": "40"}, "age"),
        ({"age_months": "40"}, "age_months"),
        ({"unborn": "yes", "age": "1"}, "age"),
        ({"seen_on": "2026-02-01", "seen_alone_on": "2026-02-20"}, "seen_on"),
        ({"seen_on": "2026-03-20"}, "seen_on"),
        ({"initials": None}, "initials"),
    ],
)
def test_a_child_s_details_are_checked(ben: Seat, family_id: str, values: dict[str, Any], field: str) -> None:
    assert field in faults(add_child(ben, **{"initials": "TD", **values}))


def test_children_and_babies_read_naturally(ben: Seat, family_id: str) -> None:
    add_child(ben, initials="TD", unborn="yes", due="2026-06-01")
    add_child(ben, initials="MD", age="0", age_months="7", school="no")
    said = words_of(family_card(ben))
    assert "B1234C-1 (TD), not yet born, due 1 Jun 2026." in said
    assert "B1234C-2 (MD), 7 months, not at school. Not seen yet." in said


def test_a_child_is_corrected_and_what_was_handed_in_before_is_kept(ben: Seat, family_id: str) -> None:
    add_child(ben, initials="TD", age="9")
    ben.submit(correcting(ben, "Child B1234C-1"), age="10")
    assert "(TD), 10 years" in words_of(family_card(ben))
    with ben.db.read() as session:
        assert len(session.exec(select(Entry).where(Entry.form == "child")).all()) == 2


def test_a_child_who_is_no_longer_part_of_it_is_not_shown_and_the_key_is_not_given_again(
    ben: Seat, family_id: str
) -> None:
    add_child(ben, initials="TD")
    ben.submit(correcting(ben, "Child B1234C-1"), gone="yes")
    add_child(ben, initials="MD")
    said = words_of(family_card(ben))
    assert "(TD)" not in said
    assert "B1234C-2 (MD)" in said


def test_a_carer_may_be_there_for_some_of_the_children(ben: Seat, family_id: str) -> None:
    add_child(ben, initials="TD")
    ask = an_ask(ben.press(family_card(ben), "Add a parent or carer"))
    ben.submit(ask, initials="AD", relation="mother", lives_with_children="yes", children__0__child="B1234C-1")
    assert "B1234C-A (AD), mother, lives with the children, for B1234C-1" in words_of(family_card(ben))


def test_plan_outcomes_are_added_corrected_and_taken_away(ben: Seat, family_id: str) -> None:
    ben.submit(an_ask(ben.press(family_card(ben), "Add a plan outcome")), text="At school on time.")
    ben.submit(an_ask(ben.press(family_card(ben), "Add a plan outcome")), text="Help with mood.")
    ben.submit(correcting(ben, "Plan outcome P1"), text="At school on time and fed.")
    ben.submit(correcting(ben, "Plan outcome P2"), gone="yes")
    said = words_of(family_card(ben))
    assert "P1: At school on time and fed." in said
    assert "Help with mood" not in said
