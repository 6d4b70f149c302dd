"""Rule 10 over the real connection: the board's own buttons do what it says."""

from __future__ import annotations

from storage.database.tables import Unit
from tests.worlds.practised import Room, buttons, words


async def _board(meeting: Room) -> dict[str, object]:
    ts = meeting.address(f"meeting:{meeting.meeting().id}/board")
    return next(message for message in await meeting.seen("pippa") if message["ts"] == ts)


async def test_who_is_here_what_is_next_and_what_does_not_fit_are_one_press_each(meeting: Room) -> None:
    with meeting.db.write() as session:
        unit = session.get_one(Unit, meeting.unit.unit_id)
        unit.length_minutes = 120
        session.add(unit)
    assert {"Everyone", "Choose"} <= buttons(await _board(meeting))
    await meeting.press("pippa", "meeting.everyone")
    shown = await _board(meeting)
    assert "Everyone" not in buttons(shown)
    assert "longer than the meeting" in words(shown)
    await meeting.press("orla", "agenda.fit")
    shown = await _board(meeting)
    assert "parked" in words(shown)
    assert "Do that" not in buttons(shown)
    text = words(shown)
    assert text.index("Now:") < text.index("To come") < text.index("Here")
