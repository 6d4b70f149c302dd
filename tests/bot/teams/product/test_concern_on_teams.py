"""An immediate concern on Teams: it stops at the first press or the first Save, and everybody who must know is told."""

from __future__ import annotations

from sqlmodel import select

from prompts_and_forms.meeting.concern_wording import WRITE_DOWN
from storage.database.tables import Discussion, Entry
from storage.forms import entries
from tests.worlds.teams.world import OnTeams, words

LIGHT, FULL = "K3107C", "K1791W"
CONTACTS, STOPPED, NOT_SAVED = "Call 999", "Stopped: an immediate concern", "This is not saved yet"


def _state(world: OnTeams, ref: str) -> str:
    """Where today's discussion of the family is."""
    meeting, family = world.meeting().id, world.unit.families[ref]
    with world.db.read() as session:
        talks = session.exec(select(Discussion).where(Discussion.meeting_id == meeting)).all()
        return next(str(one.state) for one in talks if one.family_id == family)


async def test_one_press_stops_shows_who_to_call_and_tells_the_managers(world: OnTeams) -> None:
    root = await world.start(LIGHT)
    await world.settle()
    before = {who: len(world.chat(who)) for who in ("orla", "devan", "graham", "marisol")}
    answer = await world.press("marisol", "discussion.concern")
    said = words(answer.dialog)
    assert CONTACTS in said
    assert "Raised by Marisol" in said
    assert _state(world, LIGHT) == "stopped"
    await world.until_sent()
    in_thread = world.posts(root=root)
    assert any(STOPPED in text and CONTACTS in text for text in in_thread)
    assert any(STOPPED in text and CONTACTS in text and LIGHT not in text for text in world.posts(root=""))
    for who in ("orla", "devan", "graham"):
        new = world.chat(who)[before[who] :]
        assert any(LIGHT in text and "Marisol" in text for text in new), who
        assert not any("(BD)" in text for text in new), who
    assert len(world.chat("marisol")) == before["marisol"]


async def test_a_yes_stops_at_the_first_save_though_the_form_would_ask_more(world: OnTeams) -> None:
    await world.start(LIGHT)
    dialog = await world.open_form("devan", "form.open", form="quick_round")
    answer = await world.submit("devan", dialog, today="concern", change="TB has a bruise on the arm")
    assert CONTACTS in words(answer.dialog)
    assert _state(world, LIGHT) == "stopped"
    opened = await world.submit("devan", answer.dialog, WRITE_DOWN)
    again = await world.submit("devan", opened.dialog, what_was_heard="TB says he fell from the wall")
    assert CONTACTS in words(again.dialog)
    assert WRITE_DOWN not in str(again.dialog)
    assert _state(world, LIGHT) == "stopped"
    with world.db.read() as session:
        kept = [entries.answers(session, one) for one in session.exec(select(Entry)).all()]
    assert [one["what_was_heard"] for one in kept if one.get("what_was_heard")] == ["TB says he fell from the wall"]


async def test_a_yes_in_the_safety_form_stops_at_the_first_save(world: OnTeams) -> None:
    await world.start(FULL)
    dialog = await world.open_form("devan", "stage.more", choose="form:safety")
    seen = next(key for part in dialog["body"] if (key := str(part.get("id"))).endswith("#date"))
    inputs = {"immediate_concern": "yes", seen.removeprefix("in:"): "2026-11-23"}
    answer = await world.submit("devan", dialog, **inputs)
    assert CONTACTS in words(answer.dialog)
    assert _state(world, FULL) == "stopped"


async def test_a_save_that_brings_a_question_says_that_nothing_is_saved(world: OnTeams) -> None:
    await world.start(LIGHT)
    dialog = await world.open_form("devan", "form.open", form="quick_round")
    again = await world.submit("devan", dialog, today="none", visits="visit", change="School is going well")
    said = words(again.dialog)
    assert NOT_SAVED in said
    assert "Your answers brought this question" in said
    assert "School is going well" in str(again.dialog)
    done = await world.submit("devan", again.dialog)
    assert not done.dialog
    assert any("School is going well" in text for text in world.posts(root=world.root(LIGHT)))


async def test_it_goes_on_once_somebody_wrote_down_who_was_told(world: OnTeams) -> None:
    root = await world.start(LIGHT)
    stopped = await world.press("devan", "discussion.concern")
    opened = await world.submit("devan", stopped.dialog, "Say who was told")
    wrong = await world.submit("devan", opened.dialog)
    assert NOT_SAVED in words(wrong.dialog)
    graham = world.unit.people["graham"]
    answer = await world.submit("devan", wrong.dialog, **{"told#0#member": graham, "told#0#time": "09:31"})
    assert "Not done" not in words(answer.dialog)
    await world.until_sent()
    assert any("Who was told" in text and "Graham" in text for text in world.posts(root=root))
    await world.press("orla", "stop.go_on")
    assert _state(world, LIGHT) == "open"


async def test_pressed_by_mistake_is_undone_and_stays_in_the_record(world: OnTeams) -> None:
    await world.start(LIGHT)
    stopped = await world.press("devan", "discussion.concern")
    undone = await world.submit("devan", stopped.dialog, "Pressed by mistake")
    assert LIGHT in words(undone.dialog)
    assert _state(world, LIGHT) == "open"


async def test_the_menu_of_a_message_stops_too(world: OnTeams) -> None:
    root = await world.start(LIGHT)
    note = await world.say("marisol", "TB said a man hit her", root=root)
    answer = await world.hands.use_on(world.id("marisol"), note, "immediate_concern")
    await world.settle()
    assert CONTACTS in words(answer.dialog)
    assert _state(world, LIGHT) == "stopped"
