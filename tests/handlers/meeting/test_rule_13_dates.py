"""Rule 13, dates the bot proposes: the unit's own meeting day, a working day, and after a concern the very next one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from prompts_and_forms.days.working_days import is_working_day
from storage.database.tables import Unit
from tests.worlds.discussion_world import Meeting

TUESDAY = 1
NEXT_MEETING = date(2026, 11, 24)


@pytest.fixture(params=["light", "full"])
def talk(meeting: Meeting, request: pytest.FixtureRequest) -> str:
    return meeting.start("K5052R", request.param)


def proposed(meeting: Meeting, talk: str) -> date:
    form = "close" if meeting.discussion(talk).kind == "full" else "l_next"
    asked = meeting.open("pippa", form, talk)
    fields: dict[str, Any] = {field.key: field.value for field in asked.view.fields}
    return date.fromisoformat(fields["next_discussion#0#date"])


def test_the_proposed_next_date_is_a_meeting_day_and_a_working_day(meeting: Meeting, talk: str) -> None:
    on = proposed(meeting, talk)
    assert on > meeting.now.date()
    assert on.weekday() == TUESDAY
    assert is_working_day(on)


def test_a_unit_that_meets_on_another_day_is_proposed_that_day(meeting: Meeting, talk: str) -> None:
    with meeting.db.write() as session:
        unit = session.get_one(Unit, meeting.unit.unit_id)
        unit.weekday = 3
        session.add(unit)
    assert proposed(meeting, talk).weekday() == 3


def test_after_a_concern_it_is_the_very_next_meeting(meeting: Meeting, talk: str) -> None:
    assert proposed(meeting, talk) >= NEXT_MEETING
    meeting.press("devan", "discussion.concern", discussion=talk)
    told = {"told": [{"outside": "Duty manager", "time": "10:04"}], "after": "go_on"}
    meeting.record("orla", "stop", talk, told)
    assert proposed(meeting, talk) == NEXT_MEETING


def test_after_a_press_by_mistake_it_is_the_usual_day_again(meeting: Meeting, talk: str) -> None:
    usual = proposed(meeting, talk)
    meeting.press("devan", "discussion.concern", discussion=talk)
    meeting.press("devan", "stop.mistake", discussion=talk)
    assert proposed(meeting, talk) == usual
