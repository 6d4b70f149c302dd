"""Eight working days in three seats: one screen a morning, nothing twice, every button does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from handlers.turn import Ask, Note
from prompts_and_forms.card import Card
from prompts_and_forms.days.working_days import is_working_day
from storage.database.db import Database
from tests.worlds.in_memory import buttons_of, words_of
from tests.worlds.nudge_world import WEDNESDAY, Mornings

SEATS = ("orla", "devan", "tomasz")
OVER_CHRISTMAS = date(2026, 12, 21)
OPENS = (
    "form.open",
    "action.close",
    "action.carry",
    "work.move",
    "nudge.list",
    "nudge.agenda",
    "nudge.not_now",
    "measure.family",
    "family.show",
    "form.read",
    "review.record_unit",
    "discussion.record",
    "meeting.move",
)
"""Buttons that open something and change nothing yet."""
REFUSED = ("I no longer", "I cannot find", "Something went wrong", "You are not", "nothing was changed")


def eight_days(start: date) -> Iterator[date]:
    """Eight working days and what lies between them."""
    day, left = start, 8
    while left:
        yield day
        left -= is_working_day(day)
        day += timedelta(days=1)


@pytest.fixture(params=[WEDNESDAY, OVER_CHRISTMAS], ids=["november", "christmas"])
def mornings(request: pytest.FixtureRequest, db: Database) -> tuple[Mornings, dict[tuple[date, str], Card]]:
    """Every morning message of the three seats, with its day; each button in it was pressed on that morning."""
    room = Mornings(db)
    heard: dict[tuple[date, str], Card] = {}
    for day in eight_days(request.param):
        room.tick(day)
        found = room.deliver()
        for who in SEATS:
            if who in found:
                heard[day, who] = found[who]
                press_each(room, who, room.with_all(who, found[who]))
    return room, heard


def press_each(room: Mornings, who: str, shown: Card) -> None:
    for button in buttons_of(shown):
        if button.action not in OPENS:
            assert button.action in ("nudge.all", "nudge.done", "agreement.confirm", "agreement.edit"), button
            continue
        answer = room.press(who, button.action, minutes=0, **button.args)
        assert isinstance(answer, Ask | Note), (button, answer)
        if isinstance(answer, Note):
            said = words_of(answer)
            assert not [one for one in REFUSED if one in said], (button, said)


def test_eight_working_days_are_calm(mornings: tuple[Mornings, dict[tuple[date, str], Card]]) -> None:
    _room, heard = mornings
    assert {who for _day, who in heard} == set(SEATS)
    for (day, who), shown in heard.items():
        said = words_of(Note(shown))
        assert is_working_day(day), f"{who} heard on {day}"
        assert len(said.splitlines()) <= 22, said
        assert said.count("will be told") <= 3
        assert len([line for line in said.splitlines() if "will be told" in line]) <= 1
        assert "overdue" not in said


def test_one_task_is_one_line(db: Database) -> None:
    room = Mornings(db)
    said = words_of(Note(room.morning(WEDNESDAY + timedelta(days=1))["tomasz"]))
    assert said.count("consultation before the family is brought") == 1
    assert "The first clinical consultation is not written down yet" in said
    assert "It is your action too: “Hold the initial clinical consultation" in said
    after = [room.morning(WEDNESDAY + timedelta(days=n)).get("tomasz") for n in range(2, 9)]
    alone = [one for one in after if one and "Hold the initial" in words_of(Note(one))]
    assert all("is not written down yet" in words_of(Note(one)) for one in alone)


def test_that_a_manager_will_be_told_is_said_once_at_the_end(db: Database) -> None:
    room = Mornings(db)
    room.morning(WEDNESDAY)
    room.tick(WEDNESDAY + timedelta(days=1))
    said = words_of(Note(room.deliver()["devan"])).splitlines()
    told = [line for line in said if "will be told" in line]
    assert told == ["If still open, Graham will be told about K2045X on Fri 20 Nov."]
    assert said.index(told[0]) == len(said) - 2


def test_what_is_long_overdue_is_said_kindly(db: Database) -> None:
    said = words_of(Note(Mornings(db).morning(WEDNESDAY)["devan"]))
    assert "(was due Wed 28 Oct, 3 weeks ago). It has waited a while. Is it still the right thing to do?" in said
