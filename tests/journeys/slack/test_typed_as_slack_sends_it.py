"""Words the way Slack really sends them: emoji by name, forwarded messages, words in blocks only, people it knows."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.commands.export import export_text
from bot.practice.seat import SeatError
from storage.database.tables import Hypothesis, RemarkGiven
from tests.worlds.practised import HALL, OUTSIDER, Room

PICTURE = {"name": "drawing.png", "mimetype": "image/png", "content_base64": "iVBORw0KGgo="}


async def test_emoji_typed_in_a_thread_and_in_a_form_are_kept_as_signs(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.type("devan", talk, "Mum seemed 😟 today 👍🏼 :kestrel_team: at 10:30:45")
    assert meeting.kept(talk) == ["Mum seemed 😟 today 👍🏼 :kestrel_team: at 10:30:45"]
    sent = [m["text"] for m in meeting.server.workspace.channels[meeting.channel].messages.values()]
    assert "Mum seemed :worried: today :+1::skin-tone-3: :kestrel_team: at 10:30:45" in sent


async def test_a_forwarded_message_is_kept_as_a_quotation_and_read_back(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    first = await meeting.seat("orla").type(HALL, "The school rang: he settled well 🙂")
    source = {"channel": HALL, "ts": first}
    await meeting.type("devan", talk, "", forward=source)
    await meeting.type("devan", talk, "From this morning", forward=source)
    quoted = "Forwarded from Orla: “The school rang: he settled well 🙂”"
    assert meeting.kept(talk) == [quoted, f"From this morning\n{quoted}"]


async def test_a_forwarded_message_with_private_details_is_not_kept_and_its_author_is_told(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    first = await meeting.seat("orla").type(HALL, "Her NHS number is 943 476 5919")
    ts = await meeting.type("devan", talk, "", forward={"channel": HALL, "ts": first})
    assert meeting.note(ts) is None
    assert _given(meeting) == ["privacy_block", "message_not_kept"]


async def test_a_file_in_a_forwarded_message_is_not_kept_and_its_author_is_told(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    first = await meeting.seat("orla").type(HALL, "What he drew", files=[PICTURE])
    await meeting.type("devan", talk, "", forward={"channel": HALL, "ts": first})
    assert meeting.kept(talk) == ["Forwarded from Orla: “What he drew”"]
    assert "I do not save files" in (await meeting.notes("devan", talk))[-1]


async def test_words_in_blocks_only_are_kept(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.type("devan", talk, "Nan rang 🙂 about Saturday", in_blocks=True)
    assert meeting.kept(talk) == ["Nan rang 🙂 about Saturday"]


async def test_a_stranger_who_is_mentioned_is_called_by_name(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    name = meeting.server.workspace.people[OUTSIDER]["real_name"]
    await meeting.type("devan", talk, f"@{name} knows the school", mentions=[OUTSIDER])
    assert meeting.kept(talk) == [f"@{name} knows the school"]
    await meeting.practice.faults(errors={"users.info": ["fatal_error"] * 9})
    await meeting.type("devan", talk, "@Who else", mentions={"U0NOBODY": "Who"})
    assert meeting.kept(talk)[-1] == "@somebody else"


@pytest.mark.parametrize("form", ["json", "html"])
async def test_emoji_are_exported_as_signs(meeting: Room, form: str) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.type("devan", talk, "Mum seemed 😟 today")
    assert "Mum seemed 😟 today" in export_text(meeting.settings, "Kestrel Unit", "K4419D", form)


async def test_the_same_form_sent_again_after_slack_gave_up_waiting_is_kept_once(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "full")
    view = await meeting.form("devan", talk, "hypothesis")
    values = {"text": "Mornings are hard because nobody slept", "evidence_for#0": "Mum said so"}
    before = meeting.count(Hypothesis)
    config = meeting.server.workspace.config
    patience, config.__dict__["ack_seconds"] = config.ack_seconds, 0.0001
    with pytest.raises(SeatError, match="operation_timeout"):
        await meeting.seat("devan").submit(view, values)
    config.__dict__["ack_seconds"] = patience
    await meeting.settle()
    assert meeting.count(Hypothesis) == before + 1
    await meeting.seat("devan").submit(view, values)
    await meeting.settle()
    assert meeting.count(Hypothesis) == before + 1


def _given(room: Room) -> list[str]:
    codes = ("privacy_block", "message_not_kept", "file_not_kept", "not_readable")
    with room.db.read() as session:
        return [given.code for given in session.exec(select(RemarkGiven)) if given.code in codes]
