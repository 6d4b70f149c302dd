"""Rule 12, after the meeting: everybody present has one message with what is theirs; the coordinator has one, too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlmodel import select

from bot.documents.asked import wish
from bot.slack import blocks
from handlers.turn import Ask, Done, Note
from storage.database.tables import Person
from storage.database.tables_machinery import OutboxMessage
from storage.decisions import actions
from storage.meeting import meetings
from tests.figures import counted
from tests.worlds.discussion_world import Meeting, button, buttons_of, labels, note_text, text_of

THREE = {"Done", "Carry over", "Hand over"}


def own(meeting: Meeting, who: str) -> Any:
    return meeting.card(f"person:{meeting.people[who]}/actions:{meeting.meeting_id}")


def copies(meeting: Meeting) -> Any:
    return meeting.card(f"copies:{meeting.meeting_id}/{meeting.people['pippa']}")


def close(meeting: Meeting) -> None:
    meeting.press("orla", "meeting.close_now", meeting=meeting.meeting_id)


def held(meeting: Meeting, ref: str, kind: str = "full", by: str = "tomasz") -> str:
    """A family with an action of Devan's and a conversation, finished."""
    talk = meeting.start(ref, kind)
    row = {"text": "Ring school", "owner": meeting.people["devan"], "due": meeting.day(3)}
    meeting.record("pippa", "action", talk, row)
    said = {"by": meeting.people[by], "when": meeting.day(2), "opening_line": "We wondered about mornings."}
    meeting.record("pippa", "conversation", talk, said)
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    return talk


def test_everybody_present_gets_one_message_the_clinician_and_managers_too(meeting: Meeting) -> None:
    held(meeting, "K3107C")
    with meeting.reading() as session:
        here = {person.id for person in meetings.attendance(session, meeting.meeting_id)["present"]}
    close(meeting)
    sent = [key for key in meeting.messages("person:") if f"/actions:{meeting.meeting_id}" in key]
    assert meeting.people["tomasz"] in here
    assert len(sent) == len(set(sent))
    told = {key.partition(":")[2].partition("/")[0] for key in sent}
    assert meeting.people["pippa"] not in told
    assert {*told, meeting.people["pippa"]} >= here
    assert meeting.messages("copies:") == [f"copies:{meeting.meeting_id}/{meeting.people['pippa']}"]


def test_actions_and_conversations_each_have_the_three_buttons(meeting: Meeting) -> None:
    held(meeting, "K3107C")
    close(meeting)
    card = own(meeting, "devan")
    assert "Ring school" in text_of(card)
    assert labels(card) == THREE
    card = own(meeting, "tomasz")
    assert "Your next conversations" in text_of(card)
    assert "We wondered about mornings." in text_of(card)
    assert labels(card) >= THREE


def test_who_has_nothing_is_told_so(meeting: Meeting) -> None:
    close(meeting)
    assert "Nothing from this meeting waits for you" in text_of(own(meeting, "ngozi"))


def press_own(meeting: Meeting, who: str, action: str, words: str) -> Any:
    """Presses a button of the line that says these words."""
    card = own(meeting, who)
    at = next(n for n, block in enumerate(card.blocks) if words in block.model_dump_json())
    later = card.model_copy(update={"blocks": card.blocks[at:]})
    found = next(b for b in buttons_of(later) if b.action == action)
    return meeting.press(who, found.action, **found.args)


def test_done_is_one_press_and_the_message_says_it(meeting: Meeting) -> None:
    talk = held(meeting, "K3107C")
    close(meeting)
    press_own(meeting, "devan", "own.action_done", "Ring school")
    assert "Done since the meeting" in text_of(own(meeting, "devan"))
    with meeting.reading() as session:
        (made,) = actions.made_in(session, talk)
        assert made.status == "done"
    assert "already" in note_text(meeting.press("devan", "own.action_done", action=made.id))


def test_an_action_is_carried_over_and_handed_over(meeting: Meeting) -> None:
    held(meeting, "K3107C")
    close(meeting)
    asked = press_own(meeting, "devan", "action.carry", "Ring school")
    assert isinstance(meeting.hand_in("devan", asked, {"due": meeting.day(9)}), Done)
    assert "Thu 26 Nov" in text_of(own(meeting, "devan"))
    asked = press_own(meeting, "devan", "action.handover", "Ring school")
    meeting.hand_in("devan", asked, {"to": meeting.people["marisol"]})
    assert "Ring school" not in text_of(own(meeting, "devan"))
    assert "Ring school" in text_of(own(meeting, "marisol"))


def test_a_conversation_is_done_carried_over_or_handed_over(meeting: Meeting) -> None:
    held(meeting, "K3107C")
    close(meeting)
    asked = press_own(meeting, "tomasz", "own.conversation_carry", "with the family")
    assert isinstance(asked, Ask)
    fields = {field.key: field.value for field in asked.view.fields}
    assert fields["when"] == "2026-11-24"
    meeting.hand_in("tomasz", asked, {"when": meeting.day(10)})
    assert "Fri 27 Nov" in text_of(own(meeting, "tomasz"))
    asked = press_own(meeting, "tomasz", "own.conversation_hand", "with the family")
    meeting.hand_in("tomasz", asked, {"to": meeting.people["devan"]})
    assert "We wondered" not in text_of(own(meeting, "tomasz"))
    assert "We wondered" in text_of(own(meeting, "devan"))
    press_own(meeting, "devan", "own.conversation_done", "with the family")
    assert "We wondered" not in text_of(own(meeting, "devan"))


def test_what_happens_to_a_conversation_later_does_not_change_a_confirmed_record(meeting: Meeting) -> None:
    talk = held(meeting, "K3107C")
    meeting.press("orla", "discussion.confirm", discussion=talk)
    close(meeting)
    press_own(meeting, "tomasz", "own.conversation_done", "with the family")
    assert not meeting.discussion(talk).changed_after_confirm


def test_somebody_of_another_unit_finds_no_conversation(meeting: Meeting) -> None:
    from tests.worlds.records_world import other_unit_with_family

    held(meeting, "K3107C")
    other_unit_with_family(meeting, "K9999X")
    entry = meeting.entries("conversation")[-1]
    for action in ("own.conversation_done", "own.conversation_carry", "own.conversation_hand"):
        assert isinstance(meeting.press("ida", action, entry=entry.id), Note)
    assert meeting.entries("conversation_done") == []


# ---- the coordinator's one message


def test_the_coordinator_gets_one_message_with_all_families_and_one_document(meeting: Meeting) -> None:
    for ref, kind in (("K3107C", "full"), ("K4419D", "light"), ("K1936E", "light")):
        held(meeting, ref, kind)
    close(meeting)
    assert meeting.messages("copies:") == [f"copies:{meeting.meeting_id}/{meeting.people['pippa']}"]
    assert meeting.messages("copy:") == []
    card = copies(meeting)
    for ref in ("K3107C", "K4419D", "K1936E"):
        assert ref in text_of(card)
        assert ref not in card.notice
    assert "0 of 3 families copied" in text_of(card)
    assert [b.label for b in buttons_of(card)].count("Mark as copied") == 3
    asked = button(card, "Word")
    assert isinstance(meeting.press("pippa", asked.action, **asked.args), Note)
    (key,) = meeting.messages("file:records")
    with meeting.reading() as session:
        found = wish(session, key, datetime.now(UTC))
        assert found is not None
        assert len(found.draw().content) > 1000


def test_one_family_or_all_are_marked_as_copied(meeting: Meeting) -> None:
    first = held(meeting, "K3107C")
    second = held(meeting, "K4419D", "light")
    close(meeting)
    meeting.press("pippa", "record.copied", discussion=first)
    assert "1 of 2 families copied" in text_of(copies(meeting))
    assert "Copied by Pippa" in text_of(copies(meeting))
    meeting.press("pippa", "record.copied_all", meeting=meeting.meeting_id)
    assert "2 of 2 families copied" in text_of(copies(meeting))
    assert meeting.discussion(first).copied_at != meeting.discussion(second).copied_at
    assert not labels(copies(meeting)) & {"Mark as copied", "Mark all as copied"}
    assert "No record" in note_text(meeting.press("pippa", "record.copied_all", meeting=meeting.meeting_id))


def test_the_message_says_what_the_lead_has_confirmed_since(meeting: Meeting) -> None:
    talk = held(meeting, "K4419D", "light")
    close(meeting)
    assert "waits for the lead to confirm" in text_of(copies(meeting))
    meeting.press("orla", "discussion.confirm", discussion=talk)
    assert "confirmed by Orla" in text_of(copies(meeting))


def test_a_safe_contact_warning_comes_before_anything_about_its_family(meeting: Meeting) -> None:
    held(meeting, "K5052R", "light", by="devan")
    close(meeting)
    for card in (copies(meeting), own(meeting, "devan")):
        shown = text_of(card)
        assert shown.index("Do not write, text or leave messages") < shown.index("K5052R (NC)")


def test_fifteen_families_are_one_message_on_slack(meeting: Meeting) -> None:
    refs = [ref for ref in meeting.unit.families if not ref.startswith("K9")][:15]
    for ref in refs:
        talk = meeting.start(ref, "light")
        meeting.set_next("pippa", talk)
        meeting.finish("devan", talk)
    close(meeting)
    assert len(blocks.messages(copies(meeting))) == 1


def test_rule_12_after_fifteen_families_the_one_coordinator_has_one_message(meeting: Meeting) -> None:
    refs = [ref for ref in meeting.unit.families if not ref.startswith("K9")][:15]
    for ref in refs:
        talk = meeting.start(ref, "light")
        meeting.set_next("orla", talk)
        meeting.finish("devan", talk)
    before = sent_to(meeting, "pippa")
    close(meeting)
    told = sent_to(meeting, "pippa") - before
    assert counted("messages to the coordinator after 15 families", len(told), "messages", 1) == 1, told
    assert "Your actions" in text_of(copies(meeting))
    assert len(blocks.messages(copies(meeting))) == 1


def test_rule_12_the_coordinators_own_actions_have_their_buttons_in_the_one_message(meeting: Meeting) -> None:
    talk = meeting.start("K3107C", "full")
    row = {"text": "Book the room", "owner": meeting.people["pippa"], "due": meeting.day(3)}
    meeting.record("pippa", "action", talk, row)
    said = {"by": meeting.people["pippa"], "when": meeting.day(2), "opening_line": "We wondered about mornings."}
    meeting.record("pippa", "conversation", talk, said)
    meeting.set_next("pippa", talk)
    meeting.finish("devan", talk)
    close(meeting)
    assert f"person:{meeting.people['pippa']}/actions:{meeting.meeting_id}" not in sent_to(meeting, "pippa")
    shown = text_of(copies(meeting))
    assert "Book the room (" in shown
    assert "Your next conversations" in shown
    assert labels(copies(meeting)) >= THREE
    with meeting.reading() as session:
        made = next(one for one in actions.made_in(session, talk) if one.owner_id == meeting.people["pippa"])
    meeting.press("pippa", "own.action_done", action=made.id)
    assert "Book the room (" not in text_of(copies(meeting))
    assert "Done since the meeting" in text_of(copies(meeting))


def sent_to(meeting: Meeting, who: str) -> set[str]:
    with meeting.reading() as session:
        user = session.get_one(Person, meeting.people[who]).chat_user
        return {row.key for row in session.exec(select(OutboxMessage)) if row.chat_user == user}
