"""A press is answered in its response; the same form that comes twice is handed in once; late ones do no harm."""

from __future__ import annotations

import asyncio

from sqlmodel import select

from bot.practice.teams.connector import Fault
from storage.database.tables import Action
from tests.worlds.teams.world import CHANNEL, OnTeams, words

REF = "K3107C"


def _actions(world: OnTeams) -> int:
    with world.db.read() as session:
        return len(session.exec(select(Action)).all())


async def test_the_same_form_sent_twice_with_other_ids_is_saved_once(world: OnTeams) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    inputs = {"text": "Ring Nan", "owner": world.unit.people["devan"], "due": "2026-12-01"}
    before = _actions(world)
    sending = [
        world.hands.submitting(world.id("devan"), CHANNEL, dialog, inputs),
        world.hands.submitting(world.id("devan"), CHANNEL, dialog, inputs),
    ]
    assert sending[0]["id"] != sending[1]["id"]
    answers = await asyncio.gather(*map(world.hands.send, sending))
    assert [one.status for one in answers] == [200, 200]
    assert answers[0].body == answers[1].body
    third = await world.hands.send(sending[0] | {"id": "f:third"})
    assert third.body == answers[0].body
    await world.settle()
    assert _actions(world) == before + 1


async def test_a_form_that_another_process_has_taken_says_that_it_is_saved(world: OnTeams) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    inputs = {"text": "Ring Nan", "owner": world.unit.people["devan"], "due": "2026-12-01"}
    before = _actions(world)
    await world.submit("devan", dialog, **inputs)
    world.web.platform.line.adapter._in_time._known.clear()
    again = await world.submit("devan", dialog, **inputs)
    assert "saved already" in words(again.dialog)
    assert _actions(world) == before + 1


async def test_a_form_handed_in_much_later_is_taken_all_the_same(world: OnTeams) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    before = _actions(world)
    late = world.hands.submitting(
        world.id("devan"), CHANNEL, dialog, {"text": "Ring Nan", "owner": world.unit.people["devan"], "due": ""}
    )
    answer = await world.hands.send(late | {"timestamp": "2026-11-24T09:30:00.000Z"})
    assert answer.status == 200
    await world.settle()
    assert _actions(world) == before + 1


async def test_the_same_press_twice_at_once_is_handled_once(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    family = world.unit.families[REF]
    board = world.with_button("agenda.start", choose=family)
    button = world.hands.button(board.card, "agenda.start", family)
    pressing = [world.hands.pressing(world.id("orla"), board, button, choose=family) for _ in range(2)]
    answers = await asyncio.gather(*map(world.hands.send, pressing))
    assert [one.body.get("statusCode") for one in answers] == [200, 200]
    await world.settle()
    assert sum("light discussion" in text and REF in text for text in world.posts(CHANNEL, "")) == 1


async def test_a_note_comes_back_on_top_of_the_same_card_for_whoever_pressed(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    board = world.with_button("agenda.start", choose=world.unit.families[REF])
    await world.press("orla", "agenda.start", choose=world.unit.families[REF])
    stranger = next(iter({*world.tenant.people} - {*world.tenant.channels[CHANNEL].members}))
    answer = await world.hands.press(stranger, board, "meeting.timer")
    assert answer.body["type"].endswith("card.adaptive")
    said = words(answer.body["value"])
    assert "not a member" in said or "unit" in said
    assert "Kestrel Unit: meeting" in said


async def test_a_message_taken_away_under_the_bot_is_posted_again(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    board = world.with_button("agenda.start", choose=world.unit.families[REF])
    board_message = world.tenant.find(CHANNEL, board.id)
    assert board_message is not None
    board_message.deleted = board_message.made
    await world.press("orla", "agenda.start", choose=world.unit.families[REF], message=board)
    await world.until_sent()
    assert sum("Kestrel Unit: meeting" in text for text in world.posts(CHANNEL, "")) == 1
    assert any("Now: K3107C" in text for text in world.posts(CHANNEL))


async def test_a_card_that_is_too_large_is_posted_in_parts(world: OnTeams) -> None:
    world.connector.faults.append(Fault("POST .*activities", 413, "RequestEntityTooLarge"))
    await world.say("pippa", "meeting", to_bot=True)
    await world.until_sent()
    said = "\n".join(world.posts(CHANNEL, ""))
    assert "Kestrel Unit: meeting" in said
    assert "Close the meeting" in str([one.card for one in world.tenant.of(CHANNEL, "")])


async def test_a_press_in_a_card_of_nobodys_knowledge_is_answered(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    board = world.with_button("meeting.timer")
    button = {"verb": "x", "data": {"do": "no.such.thing", "args": {"meeting": "1"}}}
    answer = await world.hands.send(world.hands.pressing(world.id("orla"), board, button))
    assert "Nothing was changed" in words(answer.body["value"])
