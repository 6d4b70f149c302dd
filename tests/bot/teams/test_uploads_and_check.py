"""A document comes once its person says yes; check says what is good and what is wrong."""

from __future__ import annotations

from bot.practice.teams.unit_tenant import settings_for
from bot.teams.setting_up.check import check
from tests.worlds.teams.world import CHANNEL, KEY, OnTeams


async def _found(world: OnTeams, **more: str) -> dict[str, bool | None]:
    settings = settings_for(world.connector, str(world.db.url), key=KEY)
    if more:
        assert settings.teams is not None
        settings = settings.model_copy(update={"teams": settings.teams.model_copy(update=more)})
    return {one.what: one.good async for one in check(settings)}


async def test_check_says_what_is_good_and_what_is_wrong(world: OnTeams) -> None:
    await world.say("pippa", "meeting", to_bot=True)
    good = await _found(world)
    assert {name for name, fine in good.items() if fine is None} == {"Public address"}
    assert False not in good.values()
    world.tenant.consented = False
    wrong = await _found(world)
    assert wrong["Channel of Kestrel Unit"] is False
    assert wrong["Reading back in Kestrel Unit"] is False
    assert (await _found(world, secret="other"))["App secret"] is False


async def test_a_document_comes_to_their_files_once_they_say_yes(world: OnTeams) -> None:
    question = await world.document("pippa")
    assert not world.tenant.files
    answer = await world.hands.consent(world.id("pippa"), question)
    assert answer.status == 200
    await world.settle()
    assert [content[:2] for content in world.tenant.files.values()] == [b"PK"]
    assert world.tenant.find(question.conversation, question.id) is None


async def test_no_is_no_and_somebody_elses_document_stays_where_it_is(world: OnTeams) -> None:
    question = await world.document("pippa")
    stolen = await world.hands.consent(world.id("devan"), question)
    assert stolen.status == 200
    await world.settle()
    assert not world.tenant.files
    await world.hands.consent(world.id("pippa"), question, accept=False)
    await world.settle()
    assert not world.tenant.files
    assert not [one for one in world.tenant.of(CHANNEL) if one.attachments and not one.card]
