"""Who may read and do what: strangers, guests, channels others can read, and details that do not belong in chat."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from storage.database.tables import Meeting, RemarkGiven
from storage.meeting import meetings
from tests.worlds.practised import GUEST, HERON, OUTSIDER, Room, words

FOUND = {
    "nhs_number": "Her NHS number is 943 476 5919, for the form.",
    "postcode": "They moved to SW1A 1AA last week.",
    "date_of_birth": "He was born on 14/02/2015, in Leeds.",
    "phone": "Mum's new number: 07700 900123.",
    "email": "Write to ann.example@example.org please.",
}
DETAILS = ("943 476 5919", "9434765919", "SW1A 1AA", "14/02/2015", "07700 900123", "ann.example@example.org")


async def test_an_outsider_is_told_and_can_do_nothing(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.practice.post("member", user_added=OUTSIDER, channel=meeting.channel)
    await meeting.settle()
    before = meeting.discussion(talk)
    seat = meeting.seat(OUTSIDER)
    ts = await seat.type(meeting.channel, "May I add something?", meeting.thread(talk))
    await meeting.settle()
    assert meeting.kept(talk) == []
    assert meeting.note(ts) is None
    assert "I do not know you in this unit" in (await meeting.notes(OUTSIDER, talk))[-1]
    for action in ("discussion.concern", "discussion.finish"):
        await meeting.press(OUTSIDER, action, talk=talk)
        assert "not in this unit" in (await meeting.notes(OUTSIDER, talk))[-1]
    await meeting.press(OUTSIDER, "form.open", talk=talk, form="quick_round")
    for chosen in ("form:action", "do:park", "do:switch"):
        await meeting.more(OUTSIDER, talk, chosen)
    assert await seat.top_modal() is None
    for command, text in (("/meeting", "close"), ("/action", "K4419D"), ("/family", "list"), ("/unit", "")):
        await meeting.command(OUTSIDER, command, text)
        note = (await meeting.notes(OUTSIDER))[-1]
        assert "not in this unit" in note or "not a member" in note, note
        assert "K4419D" not in note
    assert meeting.discussion(talk) == before


async def test_a_member_of_another_unit_cannot_reach_in(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.practice.post("member", user_added=meeting.users["ama"], channel=meeting.channel)
    await meeting.settle()
    before = meeting.discussion(talk)
    for action in ("discussion.finish", "discussion.concern", "meeting.close"):
        await meeting.press("ama", action, talk="" if action == "meeting.close" else talk)
        place = "" if action == "meeting.close" else talk
        assert "not in this unit" in (await meeting.notes("ama", place))[-1]
    assert meeting.discussion(talk) == before
    assert meeting.meeting().state == "open"


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("public", "This channel is public"),
        ("shared", "shared with another organisation"),
        ("guest", "There is a guest in this channel"),
        ("stranger", "is not a member of the unit"),
    ],
)
async def test_nothing_is_posted_where_others_can_read_and_it_says_why(room: Room, what: str, sentence: str) -> None:
    await _let_others_read(room, what)
    before = set(room.all_keys())
    held = room.count(Meeting)
    await room.command("pippa", "/meeting")
    assert sentence in (await room.notes("pippa"))[-1]
    if what != "stranger":
        await room.command("pippa", "/family", "list")
        assert "K4419D" not in "\n".join(await room.notes("pippa"))
    assert room.count(Meeting) == held
    assert [key for key in set(room.all_keys()) - before if key.startswith(("meeting:", "discussion:"))] == []


async def test_messages_wait_while_a_stranger_is_in_the_channel_and_follow_when_they_have_gone(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.practice.post("member", user_added=OUTSIDER, channel=meeting.channel)
    await meeting.settle()
    shown = sorted(meeting.all_keys())
    await meeting.type("devan", talk, "This is saved all the same.")
    await meeting.more("devan", talk, "do:switch")
    await meeting.press("orla", "agenda.start", family=_next(meeting))
    assert "is not a member of the unit" in (await meeting.notes("orla"))[-1]
    assert meeting.kept(talk) == ["This is saved all the same."]
    assert meeting.discussion(talk).kind == "full"
    assert [key for key in meeting.all_keys() if key not in shown and not key.startswith("unit:")] == []
    told = "\n".join(words(message) for message in await meeting.direct("pippa"))
    assert "I post nothing about families there" in told
    await meeting.practice.post("member", user_left=OUTSIDER, channel=meeting.channel)
    await meeting.waits_are_over()
    await meeting.all_sent()
    number = meeting.discussion(talk).stage_no
    assert meeting.all_keys().count(f"discussion:{talk}/stage:{number}") == 1


async def test_private_details_are_kept_nowhere_and_the_author_is_told_how_to_go_on(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    for kind, text in FOUND.items():
        ts = await meeting.type("devan", talk, text)
        assert meeting.note(ts) is None, kind
    assert meeting.kept(talk) == []
    with meeting.db.read() as session:
        remarks = [r.params["kinds"] for r in session.exec(select(RemarkGiven)) if r.code == "privacy_block"]
    assert remarks == [[kind] for kind in FOUND]
    private = "\n".join(words(message) for message in await meeting.direct("devan"))
    whispered = "\n".join(await meeting.notes("devan", talk))
    for told in (private, whispered):
        assert "delete" in told.lower()
    await meeting.later(seconds=5)
    others = await meeting.said("marisol", talk)
    assert "One message was not saved" in others
    said_by_bot = "\n".join(_from_bot(meeting))
    assert not any(detail in said_by_bot for detail in DETAILS)

    again = await meeting.type("devan", talk, "They moved last week.")
    assert meeting.note(again) is not None
    await meeting.seat("devan").edit(meeting.channel, again, "They moved to SW1A 1AA.")
    await meeting.settle()
    assert meeting.kept(talk) == ["They moved last week."]

    await meeting.form("devan", talk, "action")
    answer = await meeting.submit("devan", {"text": "Ring 07700 900123 today"})
    assert "phone number" in answer["errors"]["text"]
    await meeting.submit("devan", {"text": "Ring her today"})
    assert await meeting.seat("devan").top_modal() is None
    _nowhere_on_disk(meeting, DETAILS)


async def test_what_was_typed_lies_on_disk_only_encrypted(meeting: Room, capfd: pytest.CaptureFixture[str]) -> None:
    talk = await meeting.start("K4419D", "light")
    secret = "Zebedee painted the shed purple"
    await meeting.type("devan", talk, secret)
    await meeting.record("devan", talk, "action", {"text": f"{secret} again", "how_we_know": secret})
    await meeting.command("devan", "/action", f"K4419D {secret}")
    _nowhere_on_disk(meeting, ("Zebedee", "K4419D", "painted the shed"))
    out = capfd.readouterr()
    assert "Zebedee" not in out.out + out.err


async def test_who_has_left_loses_access_at_once(room: Room) -> None:
    await room.practice.post("member", user_added=room.users["gwen"], channel=HERON)
    await room.command("dagny", "/meeting", "", HERON)
    await room.command("gwen", "/family", "list", HERON)
    note = (await room.notes("gwen", channel=HERON))[-1]
    assert "not in this unit" in note
    assert "H1007U" not in note


# ---- small parts


async def _let_others_read(room: Room, what: str) -> None:
    if what == "public":
        await room.practice.post("channel", channel=room.channel, is_private=False)
    if what == "shared":
        await room.practice.post("channel", channel=room.channel, is_ext_shared=True)
    if what in ("guest", "stranger"):
        who = GUEST if what == "guest" else OUTSIDER
        await room.practice.post("member", user_added=who, channel=room.channel)
    await room.settle()


def _next(room: Room) -> str:
    with room.db.read() as session:
        return next(i.family_id for i in meetings.items(session, room.meeting().id) if i.state == "to_come")


def _from_bot(room: Room) -> list[str]:
    channels = room.server.workspace.channels.values()
    return [words(m) + str(m.get("text")) for c in channels for m in c.messages.values() if m.get("bot_id")]


def _nowhere_on_disk(room: Room, texts: Any) -> None:
    """The database's own files, its write-ahead log included."""
    for file in room.folder.glob("units.db*"):
        found = file.read_bytes()
        for text in texts:
            for coding in ("utf-8", "utf-16-le"):
                assert text.encode(coding) not in found, (file.name, text)
