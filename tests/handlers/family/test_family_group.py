"""Family group decision-making: one record from the offer to the review, on the family's page and in its history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handlers.turn import Answer, Ask, Done, Note, Wrong
from prompts_and_forms.days import timescale_file
from prompts_and_forms.family import group_wording
from tests.worlds.in_memory import text_of
from tests.worlds.records_world import Room, other_unit_with_family
from tests.worlds.windows import following

REF = "K3107C"


def page(room: Room) -> str:
    shown = room.command("devan", "/family", REF)
    assert isinstance(shown, Note), shown
    return text_of(shown.card)


def write(room: Room, **answers: Any) -> Answer:
    asked = room.press("devan", "family.group", family=room.family(REF))
    assert isinstance(asked, Ask), asked
    return room.hand_in("devan", asked, answers)


def test_the_record_grows_from_the_offer_to_how_the_plan_has_worked(room: Room) -> None:
    assert isinstance(write(room, offered_on="2026-11-02", answer="waiting"), Done)
    assert "offered on 2 Nov 2026; no answer yet" in page(room)
    assert isinstance(
        write(room, answer="accepted", held_on="2026-11-13", plan="Gran has them on Fridays.", review_on="2027-02-01"),
        Done,
    )
    assert "the family said yes; they met on 13 Nov 2026" in page(room)
    again = following(room.press("devan", "family.group", family=room.family(REF)))
    written = {field.key: field.value for field in again.view.fields}
    assert (written["plan"], written["offered_on"]) == ("Gran has them on Fridays.", "2026-11-02")


def test_a_no_is_a_record_too_with_the_family_s_reasons(room: Room) -> None:
    done = write(room, offered_on="2026-11-02", answer="declined", why_not="“We have talked enough.”")
    assert isinstance(done, Done)
    assert "the family said no" in page(room)


@pytest.mark.parametrize(
    "wrong", [{"answer": "waiting"}, {"offered_on": "2027-11-02", "answer": "waiting"}, {"offered_on": "2026-11-02"}]
)
def test_what_is_missing_or_in_the_future_is_said_beside_its_field(room: Room, wrong: dict[str, str]) -> None:
    assert isinstance(write(room, **wrong), Wrong)


def test_another_unit_s_family_is_no_family(room: Room) -> None:
    other = other_unit_with_family(room, "K9999X")
    answer = room.press("devan", "family.group", family=other)
    assert isinstance(answer, Note)
    assert "K9999X" not in text_of(answer.card)


def test_that_nothing_was_offered_is_said_only_where_the_rule_is_in_force(room: Room, tmp_path: Path) -> None:
    assert group_wording.TITLE not in page(room)
    own = tmp_path / "timescales.yaml"
    own.write_text(timescale_file.OWN_FILE.read_text("utf-8").replace("    in_force: false\n", ""), "utf-8")
    timescale_file.use(own)
    try:
        assert group_wording.NOT_OFFERED in page(room)
    finally:
        timescale_file.use(timescale_file.OWN_FILE)
