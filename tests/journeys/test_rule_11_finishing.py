"""Rule 11 over the real connection: finishing is the same for a light and a full family, and for its lead."""

from __future__ import annotations

import pytest

from tests.worlds.practised import OUTSIDER, Room, buttons, words


@pytest.mark.parametrize("kind", ["light", "full"])
async def test_the_lead_confirms_in_the_thread_or_in_the_one_message(meeting: Room, kind: str) -> None:
    first, second = await meeting.start("K5052R", kind), await meeting.start("K4419D", kind)
    for talk in (first, second):
        await meeting.finish("devan", talk)
        read_back = [m for m in await meeting.seen("orla", talk) if "Confirm" in buttons(m)]
        assert "Read back" in words(read_back[-1])
    waiting = [m for m in await meeting.direct("orla") if "Confirm K5052R" in buttons(m)]
    assert len(waiting) == 1
    assert {"Confirm K5052R", "Confirm K4419D"} <= buttons(waiting[0])
    await meeting.press("orla", "discussion.confirm", talk=first)
    await meeting.press_direct("orla", "discussion.confirm", discussion=second)
    assert [meeting.discussion(talk).state for talk in (first, second)] == ["closed", "closed"]
    await meeting.press("orla", "meeting.close")
    await meeting.press("orla", "meeting.close_now")
    assert "Every discussion of this meeting is confirmed" in "\n".join(words(m) for m in await meeting.direct("orla"))


async def test_a_member_added_a_minute_ago_is_a_member_at_once(meeting: Room) -> None:
    await meeting.practice.post("member", user_added=OUTSIDER, channel=meeting.channel)
    await meeting.settle()
    await meeting.press("orla", "agenda.start", choose=meeting.unit.families["K5052R"])
    assert meeting.talk("K5052R") is None
    await meeting.command("pippa", "/unit", f"add <@{OUTSIDER}>")
    await meeting.submit("pippa", {"name": "Nell", "roles": ["social_worker"]})
    await meeting.waits_are_over()
    await meeting.all_sent()
    talk = await meeting.start("K5052R", "light")
    assert "K5052R" in await meeting.said(OUTSIDER, talk)
    await meeting.type(OUTSIDER, talk, "I know this family from before.")
    assert meeting.kept(talk) == ["I know this family from before."]
