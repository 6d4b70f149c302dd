"""Days off: a meeting that falls on a bank holiday is asked about and moved; one left open waits for working days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlers.turn import Ask, Done, EventKind, HomeView, Note, Wrong
from storage.database.db import Database
from storage.database.tables import Unit
from storage.database.tables_machinery import OutboxMessage
from tests.worlds.in_memory import buttons_of, text_of
from tests.worlds.records_world import Room

FRIDAY_BEFORE = datetime(2026, 12, 18, 9, 30, tzinfo=UTC)


@pytest.fixture
def fridays(db: Database) -> Room:
    """The sample unit meets on Fridays; it is the week before Christmas, and the meeting of 18 December is over."""
    meeting = Room(db)
    with meeting.db.write() as session:
        unit = session.get(Unit, meeting.unit.unit_id)
        assert unit is not None
        unit.weekday = 4
        session.add(unit)
    meeting.now = FRIDAY_BEFORE + timedelta(days=3)
    return meeting


def home(meeting: Room, who: str) -> HomeView:
    shown = meeting.send(who, EventKind.HOME, channel="")
    assert isinstance(shown, HomeView)
    return shown


def moved(meeting: Room, who: str, **answers: Any) -> Any:
    asked = meeting.press(who, "meeting.move", unit=meeting.unit.unit_id, day="2026-12-25")
    assert isinstance(asked, Ask), asked
    return meeting.hand_in(who, asked, answers)


def in_channel(meeting: Room) -> str:
    with meeting.reading() as session:
        keys = list(session.exec(select(OutboxMessage.key).where(OutboxMessage.key.like("unit:%/moved:%"))))  # type: ignore[attr-defined]
    return text_of(meeting.card(keys[-1]))


def test_a_meeting_on_christmas_day_is_said_to_be_on_a_bank_holiday_with_the_choice_to_move_it(
    fridays: Room,
) -> None:
    shown = home(fridays, "pippa")
    said = text_of(shown.card)
    assert "Friday 25 December 2026" in said
    assert "bank holiday (Christmas Day)" in said
    assert "The next one is" not in said
    assert "Move the meeting" in {button.label for button in buttons_of(shown.card)}
    asked = fridays.press("pippa", "meeting.move", unit=fridays.unit.unit_id, day="2026-12-25")
    assert isinstance(asked, Ask)
    assert {field.key: field.value for field in asked.view.fields}["day"] == "2026-12-24"


def test_a_moved_meeting_is_told_to_the_channel_and_announced_on_its_new_day(fridays: Room) -> None:
    assert isinstance(moved(fridays, "pippa", instead="other", day="2026-12-23"), Done)
    assert "is on Wednesday 23 December 2026 at 09:30 instead" in in_channel(fridays)
    assert "The next one is Wednesday 23 December 2026 at 09:30" in text_of(home(fridays, "tomasz").card)


def test_a_meeting_can_be_left_out_or_held_all_the_same(fridays: Room) -> None:
    moved(fridays, "pippa", instead="none")
    assert "There is no meeting on Friday 25 December 2026." in in_channel(fridays)
    assert "Friday 1 January 2027. That is a bank holiday (New Year's Day)" in text_of(home(fridays, "orla").card)
    with fridays.db.write() as session:
        unit = session.get(Unit, fridays.unit.unit_id)
        assert unit is not None
        unit.settings = {}
        session.add(unit)
    moved(fridays, "pippa", instead="same")
    assert "The next one is Friday 25 December 2026 at 09:30" in text_of(home(fridays, "orla").card)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-12-28", "bank holiday (Boxing Day)"), ("2026-12-27", "at the weekend"), ("2126-12-22", "further ahead")],
)
def test_a_meeting_is_not_moved_to_a_day_off_or_far_away(fridays: Room, day: str, said: str) -> None:
    answer = moved(fridays, "pippa", instead="other", day=day)
    assert isinstance(answer, Wrong)
    assert said in answer.errors["day"]


def test_who_may_not_arrange_the_unit_is_told_who_may(fridays: Room) -> None:
    answer = fridays.command("tomasz", "/meeting", "move")
    assert isinstance(answer, Note)
    assert "Pippa" in text_of(answer.card)
    assert isinstance(fridays.command("pippa", "/meeting", "move"), Ask)


# ---- a meeting left open over the holidays


def about_forgotten(meeting: Room) -> list[str]:
    with meeting.reading() as session:
        found = session.exec(select(OutboxMessage.key))
        return sorted({key.rpartition(":")[2] for key in found if "/forgotten:" in key})


def test_about_a_meeting_left_open_on_christmas_eve_nobody_hears_before_the_next_working_day(fridays: Room) -> None:
    fridays.now = datetime(2026, 12, 24, 9, 30, tzinfo=UTC)
    fridays.command("pippa", "/meeting")
    day = datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    while day < datetime(2027, 1, 5, tzinfo=UTC):
        fridays.now = day
        fridays.send("pippa", EventKind.TICK, minutes=0)
        day += timedelta(hours=1)
    assert about_forgotten(fridays) == ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-04"]


def test_what_comes_of_a_meeting_closed_on_a_bank_holiday_reaches_people_on_a_working_morning(fridays: Room) -> None:
    fridays.now = datetime(2026, 12, 24, 9, 30, tzinfo=UTC)
    fridays.command("pippa", "/meeting")
    with fridays.reading() as session:
        known = set(session.exec(select(OutboxMessage.key)))
        boards = [key for key in known if key.startswith("meeting:") and key.endswith("/board")]
    open_id = boards[0].split("/")[0].removeprefix("meeting:")
    fridays.now = datetime(2026, 12, 26, 20, 0, tzinfo=UTC)
    fridays.press("pippa", "agenda.start", meeting=open_id, family=fridays.family("K3107C"))
    fridays.press("pippa", "meeting.close_now", meeting=open_id)
    with fridays.reading() as session:
        due = {row.key: row.due_at for row in session.exec(select(OutboxMessage)) if row.key not in known}
    private = [at for key, at in due.items() if key.startswith(("person:", "copy:"))]
    assert private
    assert set(private) == {datetime(2026, 12, 29, 8, 30, tzinfo=UTC)}
    assert date(2026, 12, 26) in {at.date() for key, at in due.items() if "/closed" in key}
