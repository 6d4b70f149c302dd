"""Rules 1, 2, 7 and 14 of the meeting over the real connection: talk counts, notes become records, nothing is lost."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from storage.database.tables import Action
from storage.decisions import actions
from tests.worlds.practised import Room, buttons, elements, words


def values(view: dict[str, Any]) -> dict[str, Any]:
    """What a window opens with, by field."""
    found: dict[str, Any] = {}
    for block in view["blocks"]:
        item = block.get("element") or {}
        chosen = item.get("initial_option") or {}
        found[block["block_id"]] = item.get("initial_value") or item.get("initial_date") or chosen.get("value")
    return found


async def at_changed(meeting: Room) -> str:
    """A full family whose safety is answered, at "What has changed"."""
    talk = await meeting.start("K3107C", "full")
    await meeting.on("pippa", talk)
    await meeting.no_concern("pippa", talk)
    await meeting.on("pippa", talk)
    assert meeting.discussion(talk).stage == "changed"
    return talk


async def test_rule_1_what_is_typed_in_a_stage_counts_and_nothing_is_asked(meeting: Room) -> None:
    talk = await at_changed(meeting)
    await meeting.type("devan", talk, "The mornings go better.")
    await meeting.press("pippa", "stage.next", talk=talk)
    assert meeting.discussion(talk).stage == "voices"
    assert not any("changed" in code for code in meeting.discussion(talk).missing)


async def test_rule_1_all_actions_nobody_has_are_asked_about_in_one_form(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.form("pippa", talk, "quick_round")
    new = {"new#0#text": "Ring school.", "new#1#text": "Ask Nan for Tuesday."}
    view = await meeting.window("pippa")
    await meeting.seat("pippa").press(view, "more#and_more", values={"today": "none"})
    await meeting.settle()
    await meeting.seat("pippa").press(await meeting.window("pippa"), "more#new", values={"today": "none"})
    await meeting.settle()
    await meeting.submit("pippa", {"today": "none", **new})
    await meeting.press("pippa", "discussion.finish", talk=talk)
    asked = (await meeting.notes("pippa", talk))[-1]
    assert "Ring school" in asked
    assert "Ask Nan for Tuesday" in asked
    await meeting.press("pippa", "action.owners", talk=talk)
    known = values(await meeting.window("pippa"))
    assert known["actions#0#due"]
    await meeting.submit("pippa", {"actions#0#to": meeting.unit.people["devan"], "actions#1#to": "outside"})
    with meeting.read() as session:
        made = actions.made_in(session, talk)
        assert [actions.owner_of(one) for one in made] == [meeting.unit.people["devan"], actions.OUTSIDE]
        assert len(session.exec(select(Action).where(Action.discussion_id == talk)).all()) == len(new)
    await meeting.press("pippa", "discussion.finish", talk=talk)
    assert meeting.discussion(talk).state != "open"


async def test_rule_2_one_press_makes_a_note_an_action_filled_with_what_is_known(meeting: Room) -> None:
    talk = await at_changed(meeting)
    await meeting.type("devan", talk, "I ring Nan about the mornings.")
    await meeting.later(seconds=2)
    await meeting.more("pippa", talk, "note:action")
    known = values(await meeting.window("pippa"))
    assert known["text"] == "I ring Nan about the mornings."
    assert known["owner"] == meeting.unit.people["devan"]
    assert known["due"] > meeting.day(0)
    await meeting.submit("pippa", {})
    assert "Action: I ring Nan about the mornings (Devan, by " in await meeting.said("tomasz", talk)


async def test_rule_7_a_round_closed_half_filled_is_offered_again_with_what_was_in_it(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    view = await meeting.form("devan", talk, "quick_round")
    first = sorted(view["blocks"], key=lambda block: str(block["block_id"]) != "visits")
    pressed = first[0]["element"]["action_id"]
    typed = {"today": "none", "change": "The mornings go better."}
    await meeting.seat("devan").press({**view, "blocks": first}, pressed, choose="visit", values=typed)
    await meeting.settle()
    await meeting.seat("devan").close(await meeting.window("devan"))
    await meeting.settle()
    assert "You closed “Quick round”. What you filled in is saved." in (await meeting.notes("devan", talk))[-1]
    await meeting.press("devan", "form.resume", talk=talk)
    known = values(await meeting.window("devan"))
    assert known["change"] == "The mornings go better."
    assert (known["today"], known["visits"]) == ("none", "visit")


async def chosen(meeting: Room, field: str, choice: str, values: dict[str, Any]) -> dict[str, Any]:
    """The window after somebody chose in a field that shows or hides others."""
    view = await meeting.window("devan")
    first = sorted(view["blocks"], key=lambda block: str(block["block_id"]) != field)
    pressed = first[0]["element"]["action_id"]
    await meeting.seat("devan").press({**view, "blocks": first}, pressed, choose=choice, values=values)
    await meeting.settle()
    return await meeting.window("devan")


async def test_rule_5_who_says_a_day_is_wrong_has_the_known_days_in_front_of_them(meeting: Room) -> None:
    talk = await meeting.start("K1936E", "light")
    await meeting.form("devan", talk, "quick_round")
    view = await chosen(meeting, "visits", "visit", {"today": "none"})
    days = [value for field, value in values(view).items() if field.startswith("seen#") and field.endswith("#date")]
    assert days == [meeting.day(-12), meeting.day(-12)]
    await meeting.submit("devan", {"today": "none"})
    assert "KT seen" in await meeting.said("devan", talk)


async def test_rule_7_words_stay_while_another_answer_hides_them(meeting: Room) -> None:
    talk = await meeting.start("K4419D", "light")
    await meeting.form("devan", talk, "quick_round")
    await chosen(meeting, "today", "concern", {})
    await chosen(meeting, "today", "none", {"what_was_heard": "A shout in the yard."})
    view = await chosen(meeting, "today", "concern", {})
    assert values(view)["what_was_heard"] == "A shout in the yard."


async def test_rule_14_a_lens_is_one_question_in_the_card_and_one_press_closes_it(meeting: Room) -> None:
    talk = await at_changed(meeting)
    await meeting.more("orla", talk, "lens:strengths")
    card = (await meeting.seen("devan", talk))[-1]
    assert "Who did it, and how did they manage?" in words(card)
    assert "Close this question" in buttons(card)
    assert sum(1 for _ in elements(card)) <= 5
    await meeting.press("devan", "lens.close", talk=talk)
    assert "how did they manage" not in await meeting.said("tomasz", talk)
