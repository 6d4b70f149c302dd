"""The meeting goes on Teams as it goes on Slack: opened by a word, pressed, filled in, typed, and recorded."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from storage.database.bodies import ActionBody
from storage.database.tables import Action
from storage.database.vault import unseal
from tests.worlds.teams.world import CHANNEL, OnTeams, words

REF = "K3107C"


def _actions(world: OnTeams, owner: str) -> list[tuple[str, date | None]]:
    with world.db.read() as session:
        rows = session.exec(select(Action).where(Action.owner_id == owner)).all()
        return [(unseal(session, one, ActionBody).text, one.due_on) for one in rows]


async def test_saying_meeting_to_the_bot_opens_the_meeting_in_the_channel(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    assert world.meeting().state == "open"
    assert any(REF in text for text in world.posts(CHANNEL, ""))


async def test_a_family_has_a_post_and_its_cards_are_replies_to_it(world: OnTeams) -> None:
    root = await world.start(REF)
    assert any("light discussion" in text for text in world.posts(CHANNEL, ""))
    assert any("Last seen" in text for text in world.posts(CHANNEL, root))


async def test_a_form_opens_as_a_dialog_stays_with_its_faults_and_is_saved(world: OnTeams) -> None:
    await world.start(REF)
    dialog = await world.open_form("devan", "stage.more", choose="form:action")
    devan = world.unit.people["devan"]
    wrong = await world.submit("devan", dialog, owner=devan, due="2026-12-01")
    assert "This is not saved yet" in words(wrong.dialog)
    assert "2026-12-01" in str(wrong.dialog)
    await world.submit("devan", wrong.dialog, text="Ring the school about mornings")
    assert ("Ring the school about mornings", date(2026, 12, 1)) in _actions(world, devan)


async def test_what_is_typed_in_a_thread_is_saved_edited_deleted_and_brought_back(world: OnTeams) -> None:
    root = await world.start(REF)
    note = await world.say("marisol", "Mum rang <school> & asked for “breakfast club”", root=root)
    assert world.notes() == [("Mum rang <school> & asked for “breakfast club”", "kept")]
    await world.hands.edit(note, "Mum rang school twice")
    assert world.notes() == [("Mum rang school twice", "kept")]
    await world.hands.delete(note)
    assert world.notes() == [("", "deleted")]
    await world.hands.undelete(note)
    assert world.notes() == [("Mum rang school twice", "kept")]
    await world.hands.delete(note)
    assert world.notes() == [("", "deleted")]


async def test_what_teams_did_not_tell_is_read_back_before_a_family_is_finished(world: OnTeams) -> None:
    root = await world.start(REF)
    note = await world.say("marisol", "First words", root=root)
    await world.hands.edit(note, "Better words", heard=False)
    gone = await world.say("devan", "Wrong thread", root=root)
    await world.hands.delete(gone, heard=False)
    world.hands.type_unheard(world.id("devan"), CHANNEL, "Nobody told the bot", root=root)
    await world.web.platform.reconciler.reconcile()
    assert world.notes() == [("Better words", "kept"), ("", "deleted"), ("Nobody told the bot", "kept")]
    assert await world.web.platform.reconciler.reconcile() == 0


async def test_a_command_typed_in_ones_own_chat_is_answered_there(world: OnTeams) -> None:
    await world.ask("devan", "action mine")
    assert world.chat("devan")
    assert not world.posts(CHANNEL)


async def test_home_is_one_message_that_is_changed_in_its_place(world: OnTeams) -> None:
    chat = world.tenant.chat_of(world.id("devan"))

    def homes() -> list[str]:
        return [one.id for one in world.tenant.of(chat) if words(one.card).startswith("Kestrel Unit")]

    await world.ask("devan", "home")
    first = homes()
    assert len(first) == 1
    await world.ask("devan", "home")
    assert homes() == first


async def test_a_message_action_opens_a_form_with_the_words(world: OnTeams) -> None:
    root = await world.start(REF)
    note = await world.say("marisol", "Ring Nan about Friday", root=root)
    answer = await world.hands.use_on(world.id("devan"), note, "make_action")
    assert "Ring Nan about Friday" in str(answer.dialog)
    done = await world.hands.submit(
        world.id("devan"),
        world.hands.where(note),
        answer.dialog,
        {"owner": world.unit.people["devan"], "due": "2026-12-01"},
        name="composeExtension/submitAction",
    )
    assert done.status == 200
    await world.settle()
    assert any("Ring Nan about Friday" in text for text in world.posts(CHANNEL, root))
