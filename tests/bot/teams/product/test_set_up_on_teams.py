"""A unit is set up from the members of its channel: asked for there, filled in in the chat with the bot."""

from __future__ import annotations

from sqlmodel import select

from storage.database.tables import Membership, Person, Unit
from storage.unit import units
from tests.worlds.teams.world import OTHER, OnTeams, words


async def _asked(world: OnTeams, text: str = "unit") -> str:
    """Asks for it in the channel; answers the chat with whoever asked."""
    await world.say("pippa", text, to_bot=True, channel=OTHER)
    return world.tenant.chat_of(world.id("pippa"))


async def test_a_unit_is_set_up_in_a_second_channel_of_the_team(world: OnTeams) -> None:
    chat = await _asked(world)
    form = await world.press("pippa", "form.resume", message=world.with_button("form.resume", conversation=chat))
    pippa, orla = world.id("pippa"), world.id("orla")
    assert f"in:people#{orla}#role" in str(form.dialog)
    inputs = {"name": "Osprey Unit", f"people#{orla}#role": "consultant_social_worker", "lead": orla}
    done = await world.hands.submit(pippa, chat, form.dialog, inputs)
    await world.settle()
    assert "Osprey Unit" in words(done.dialog)
    with world.db.read() as session:
        made = units.by_channel(session, OTHER)
        assert made is not None
        assert made.name == "Osprey Unit"
        here = select(Person.chat_user).join(Membership).where(Membership.unit_id == made.id)
        assert {pippa, orla} <= set(session.exec(here))


async def test_what_is_missing_is_said_above_its_question_and_nothing_is_made(world: OnTeams) -> None:
    chat = await _asked(world)
    form = await world.press("pippa", "form.resume", message=world.with_button("form.resume", conversation=chat))
    nobody = {"contacts#0#who": "", "contacts#0#how": ""}
    wrong = await world.hands.submit(world.id("pippa"), chat, form.dialog, nobody)
    assert "This is not saved yet" in words(wrong.dialog)
    with world.db.read() as session:
        assert len(session.exec(select(Unit)).all()) == 1


async def test_the_name_of_the_bot_may_be_typed_out(world: OnTeams) -> None:
    await world.ask("pippa", "@Unit Meeting Bot unit help")
    assert any("emergency contacts" in text for text in world.chat("pippa"))
    await world.say("pippa", "@unit meeting bot meeting")
    assert world.meeting().state == "open"


async def test_words_that_are_no_command_are_answered_in_the_chat_and_nowhere_else(world: OnTeams) -> None:
    await world.ask("pippa", "Hello, what can you do?")
    assert any("Begin with a word I know" in text for text in world.chat("pippa"))
    before = world.chat("devan")
    await world.say("devan", "Hello everybody")
    assert not world.posts()
    assert world.chat("devan") == before
