"""Rule 9 over the real connection: what was left open is in the read-back and in the copy for the case file."""

from __future__ import annotations

import pytest

from tests.worlds.practised import Room, words

UNSURE = "Whether a manager is needed today: left open"
VIEW_NOT_KNOWN = "view not known"


@pytest.mark.parametrize("kind", ["light", "full"])
async def test_what_was_left_open_reaches_the_case_file(meeting: Room, kind: str) -> None:
    talk = await meeting.start("K5052R", kind)
    form = "safety" if kind == "full" else "l_safety"
    await meeting.record("devan", talk, form, {"immediate_concern": "no"})
    await meeting.finish("devan", talk)
    read_back = next(words(m) for m in reversed(await meeting.seen("orla", talk)) if "Read back" in words(m))
    assert UNSURE in read_back
    await meeting.press("orla", "discussion.record", talk=talk)
    assert UNSURE in "\n".join(await meeting.notes("orla", talk))
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    assert UNSURE in "\n".join(words(m) for m in await meeting.direct("pippa"))


async def test_a_light_familys_view_not_known_is_carried_to_the_case_file(meeting: Room) -> None:
    talk = await meeting.start("K5052R", "light")
    await meeting.press("devan", "form.open", talk=talk, form="quick_round")
    await meeting.submit("devan", {"today": "none"})
    await meeting.finish("devan", talk)
    read_back = next(words(m) for m in reversed(await meeting.seen("orla", talk)) if "Read back" in words(m))
    assert "Recorded as missing" in read_back
    assert VIEW_NOT_KNOWN in read_back
    await meeting.press("orla", "discussion.record", talk=talk)
    assert VIEW_NOT_KNOWN in "\n".join(await meeting.notes("orla", talk))
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    assert VIEW_NOT_KNOWN in "\n".join(words(m) for m in await meeting.direct("pippa"))
