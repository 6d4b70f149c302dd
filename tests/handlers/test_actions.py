"""Before a press puts records into a channel it is known who reads there."""

from __future__ import annotations

from bot.slack import app
from handlers import routes
from handlers.turn import Event, EventKind
from tests.worlds.storage_world import NOW


def test_what_the_platform_is_asked_about_a_press_is_about_a_press_there_is() -> None:
    buttons = routes.handled(EventKind.BUTTON)
    assert app.READ_BACK in buttons
    asking = {name for name in buttons if routes.asks_who_reads(Event("e", EventKind.BUTTON, NOW, name=name))}
    assert asking == {"meeting.open", "agenda.start", "unit.move_here"}
