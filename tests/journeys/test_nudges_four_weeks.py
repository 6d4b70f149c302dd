"""Four weeks in the practice workspace, morning by morning: who gets which direct message, and what its buttons do."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from prompts_and_forms.days.working_days import is_working_day
from storage.database.tables_nudges import Nudge
from tests.worlds.practised import DAY, Json, Room, elements, named, words

LONDON = ZoneInfo("Europe/London")
SEATS = ("orla", "devan", "marisol", "pippa", "tomasz", "ngozi", "graham")
Heard = dict[date, dict[str, str]]


def on(month: int, day: int) -> date:
    return date(2026, month, day)


async def hear(room: Room, days: list[date]) -> Heard:
    """Moves the clock to half past eight each day; answers what is new in each seat's direct messages."""
    await room.tick()
    read: dict[str, set[str]] = {who: {m["ts"] for m in await room.direct(who)} for who in SEATS}
    heard: Heard = defaultdict(dict)
    for day in days:
        await room.clock(datetime(day.year, day.month, day.day, 8, 30, 20, tzinfo=LONDON))
        await room.tick()
        for who in SEATS:
            unread = [m for m in await room.direct(who) if m["ts"] not in read[who]]
            new = [m for m in unread if words(m).startswith("Today there")]
            assert len(new) <= 1, f"{who} got {len(new)} messages on {day}"
            if new:
                heard[day][who] = f"{words(new[0])}\n{await the_rest(room, who, new[0])}"
            read[who] |= {m["ts"] for m in await room.direct(who)}
    return heard


async def the_rest(room: Room, who: str, message: Json) -> str:
    """What “Show all” shows; nothing where the message has it all."""
    if not any(named(element)[0] == "nudge.all" for _block, element in elements(message)):
        return ""
    await room.press_direct(who, "nudge.all")
    return words((await room.direct(who))[-1])


def days_with(heard: Heard, who: str, phrase: str) -> list[date]:
    return [day for day, seats in heard.items() if phrase in seats.get(who, "")]


async def press_for(room: Room, who: str, name: str, about: dict[str, str]) -> None:
    """Presses this button for this record in somebody's direct messages, and waits."""
    for message in reversed(await room.direct(who)):
        for block, element in elements(message):
            found, known = named(element)
            if found == name and about.items() <= known.items():
                await room.act(who, {**message, "blocks": [block]}, element)
                await room.settle()
                return
    raise AssertionError(f"{who} has no {name}")


@pytest.fixture
def four_weeks() -> list[date]:
    return [DAY + timedelta(days=n) for n in range(1, 29)]


async def test_the_right_words_reach_the_right_seats_on_the_right_mornings(room: Room, four_weeks: list[date]) -> None:
    heard = await hear(room, four_weeks)

    assert {day for day in heard if not is_working_day(day)} == set()
    assert days_with(heard, "pippa", "Invite CB to the next core group")[:3] == [on(11, 25), on(11, 26), on(11, 27)]
    assert days_with(heard, "marisol", "young carers group")[:3] == [on(11, 27), on(11, 30), on(12, 1)]
    assert days_with(heard, "orla", "complex-case discussion")[:3] == [on(12, 4), on(12, 7), on(12, 11)]
    assert days_with(heard, "tomasz", "A session was planned for")[:1] == [on(12, 1)]
    assert days_with(heard, "pippa", "Next unit meeting: tomorrow") == [on(11, 30), on(12, 7), on(12, 14), on(12, 21)]
    assert days_with(heard, "devan", "Next unit meeting") == []
    assert days_with(heard, "tomasz", "nothing is on the tracking form since")[:2] == [on(12, 8), on(12, 15)]
    assert days_with(heard, "ngozi", "Clinical supervision") == [on(12, 21)]
    assert days_with(heard, "graham", "still moving") == [on(12, 3), on(12, 17)]
    again = days_with(heard, "marisol", "permission to share again")
    assert again[0] == on(12, 3)
    assert len(again) <= 6
    told = days_with(heard, "tomasz", "Ngozi will be told")
    taken_up = days_with(heard, "ngozi", "Still open with Tomasz")
    assert told
    assert taken_up
    assert min(told) < min(taken_up)
    for who in SEATS:
        assert any(who in seats for seats in heard.values()), f"{who} never heard anything"
    keys = [key for key in room.all_keys() if "/digest:" in key]
    assert len(keys) == len(set(keys))


async def test_a_thing_is_done_from_its_button_and_the_message_says_so(room: Room) -> None:
    heard = await hear(room, [on(11, 25)])
    assert "Try the picture chart" in heard[on(11, 25)]["marisol"]
    action = room.unit.actions["a02"]

    await press_for(room, "marisol", "action.close", {"action": action})
    await room.submit("marisol", {"result": "done", "note": "He ate."})

    assert "Settled: Try the picture chart" in "\n".join(words(m) for m in await room.direct("marisol"))
    later = await hear(room, [on(11, 26), on(11, 27), on(11, 30), on(12, 1), on(12, 2), on(12, 3)])
    assert days_with(later, "marisol", "picture chart") == []


async def test_not_now_means_not_now(room: Room) -> None:
    await hear(room, [on(11, 25)])
    with room.read() as session:
        family = room.unit.families["K3107C"]
        row = session.exec(select(Nudge).where(Nudge.kind == "sdq", Nudge.family_id == family)).one()
    await room.press_direct("tomasz", "nudge.all")
    await room.press_direct("tomasz", "nudge.not_now", nudge=row.id)
    await room.press_direct("tomasz", "nudge.later", nudge=row.id, chosen="tomorrow")
    assert "Put off until Thu 26 Nov" in "\n".join(words(m) for m in await room.direct("tomasz"))
    assert on(11, 26) in days_with(await hear(room, [on(11, 26)]), "tomasz", "SDQ at the start of the work")
