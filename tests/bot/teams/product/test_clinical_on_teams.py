"""Clinical work, questionnaires and lists on Teams: asked for in the chat, filled in in dialogs, sent as documents."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from bot.teams.dialogs import NEXT_PART
from storage.database.tables_machinery import Draft
from tests.worlds.teams.world import OnTeams, words

REF, CLINICIAN = "K3107C", "tomasz"


async def _open(world: OnTeams, typed: str, action: str, **args: str) -> Any:
    """Types a command in the clinician's chat and presses what its card offers; answers the dialog."""
    await world.ask(CLINICIAN, typed)
    return (await _press(world, action, **args)).dialog


async def _press(world: OnTeams, action: str, **args: str) -> Any:
    chat = world.tenant.chat_of(world.id(CLINICIAN))
    card = world.with_button(action, conversation=chat, **args)
    return await world.press(CLINICIAN, action, message=card, **args)


async def _submit(world: OnTeams, dialog: Any, title: str = "", **inputs: str) -> Any:
    chat = world.tenant.chat_of(world.id(CLINICIAN))
    answer = await world.hands.submit(world.id(CLINICIAN), chat, dialog, inputs, title)
    assert answer.status == 200
    await world.settle()
    return answer.dialog


async def _card(world: OnTeams, typed: str, title: str) -> str:
    """The newest card with this in it, once asked for again."""
    await world.ask(CLINICIAN, typed)
    return next(text for text in reversed(world.chat(CLINICIAN)) if title in text)


async def test_a_session_is_recorded_and_counts_towards_the_review(world: OnTeams) -> None:
    assert "Sessions: 3" in await _card(world, f"work {REF}", "Sessions:")
    dialog = await _open(world, f"work {REF}", "work.move", move="session")
    wrong = await _submit(world, dialog)
    assert "This is not saved yet" in words(wrong)
    await _submit(world, wrong, note="AD and the children drew the week together")
    assert "Sessions: 4" in await _card(world, f"work {REF}", "Sessions: 4")


async def test_an_assessment_is_written_in_steps_left_and_gone_on_with(world: OnTeams) -> None:
    dialog = await _open(world, f"work {REF}", "work.move", move="assess")
    assert "1 of 4" in words(dialog)
    later = await _submit(world, dialog, "Save for later", phone="ring the office first")
    assert "Saved" in words(later)
    with world.db.read() as session:
        draft = session.exec(select(Draft).where(Draft.form == "assessment", Draft.saved)).one()
    await world.ask(CLINICIAN, "forms")
    again = (await _press(world, "form.resume", draft=draft.id)).dialog
    assert "ring the office first" in str(again)
    second = await _submit(world, again, NEXT_PART)
    assert "Part 2 of 2" in words(second)


async def test_the_work_is_ended(world: OnTeams) -> None:
    dialog = await _open(world, f"work {REF}", "work.move", move="close")
    await _submit(world, dialog, why="goal_reached", came_of_it="Mornings are calm, AD says")
    assert "Ended" in await _card(world, f"work {REF}", "Where the work is: Ended")


async def test_an_sdq_is_scored_in_words_and_a_score_out_of_range_is_refused(world: OnTeams) -> None:
    dialog = await _open(world, f"measure {REF}", "form.open", form="measure_sdq", version="teacher_4_17")
    scores = {"emotional": "6", "conduct": "2", "hyperactivity": "5", "peer": "3", "prosocial": "7"}
    wrong = await _submit(world, dialog, informant="class teacher", **{**scores, "emotional": "16"})
    assert "This is not saved yet" in words(wrong)
    said = words(await _submit(world, wrong, emotional="6"))
    assert "Total difficulties 16 of 40 (high), impact missing." in said
    assert "They are not a diagnosis" in said
    assert "4 results are saved." in await _card(world, f"measure {REF}", "4 results")


async def test_a_list_is_asked_for_and_sent_to_its_person_alone(world: OnTeams) -> None:
    await world.ask(CLINICIAN, "track unit")
    await _press(world, "document.list", what="caseload")
    await world.until_sent()
    chat = world.tenant.chat_of(world.id(CLINICIAN))
    asked = [one for one in world.tenant.of(chat) if not one.sender and one.attachments and not one.card]
    assert [one.attachments[0]["name"].rpartition(".")[2] for one in asked] == ["xlsx"]
    assert not world.tenant.files
    await world.hands.consent(world.id(CLINICIAN), asked[0])
    await world.settle()
    assert [content[:2] for content in world.tenant.files.values()] == [b"PK"]
