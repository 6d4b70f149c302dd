"""Closing the meeting: what is undiscussed, the quality check, one DM an owner, records to copy to the case file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from handlers import documents, messages, safe_contact
from handlers.entries import record_text
from handlers.forms.asking import ask, submits
from handlers.meeting import board, finish
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Heading, Span, Strong, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.states import DiscussionState, ItemState, MeetingState
from storage.database.bodies import ActionBody
from storage.database.tables import Action, Discussion, Entry, Meeting, Person, Unit
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from storage.family import families
from storage.forms import drafts, entries, published
from storage.meeting import contributions, meetings
from storage.messages import outbox
from storage.unit import people


@button("meeting.close")
def close_button(turn: Turn) -> Answer:
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    if meeting is None or meeting.state == "closed":
        raise Refused(meeting_wording.MEETING_CLOSED)
    return ask_to_close(turn, meeting)


def ask_to_close(turn: Turn, meeting: Meeting) -> Answer:
    """What is open or undiscussed, before anything closes. A stopped family nobody said who was told about holds it."""
    held = meetings.discussions(turn.session, meeting.id)
    meetings.families_of(turn.session, meeting.id)
    stopped = [d for d in held if d.state == "stopped"]
    if stopped:
        raise Refused(
            meeting_wording.STOPPED_STILL.format(family=families.label_of(turn.session, stopped[0].family_id))
        )
    unfinished = [d for d in held if d.state == "open"]
    on_agenda = meetings.items(turn.session, meeting.id)
    parked = [i.family_id for i in on_agenda if i.state == "parked"]
    not_reached = [i for i in on_agenda if i.state == "to_come"]
    lines: list[Block] = []
    if unfinished:
        names = meeting_wording.names_words([families.label_of(turn.session, d.family_id) for d in unfinished])
        lines.append(say(meeting_wording.OPEN_STILL.format(families=names)))
    if parked:
        names = meeting_wording.names_words([families.label_of(turn.session, family_id) for family_id in parked])
        lines.append(say(meeting_wording.PARKED_TODAY.format(families=names)))
    if not_reached:
        names = meeting_wording.names_words([families.label_of(turn.session, i.family_id) for i in not_reached])
        lines.append(say(f"Not discussed today: {names}. They come first at the next meeting."))
    elif not unfinished and not parked:
        lines.append(say("Every family on the agenda has been discussed."))
    args = {"meeting": meeting.id}
    choices = [Button(action="meeting.close_now", label="Close the meeting now", args=args, style="primary")]
    if meetings.quality_check(turn.session, meeting.id) is None:
        lines.append(small("The quality check takes a minute. It is the unit's own and never about one person."))
        choices.insert(0, Button(action="meeting.quality", label="Quality check first", args=args))
    return Note(card("Close the meeting?", *lines, Buttons(items=tuple(choices))))


@button("meeting.quality")
def ask_quality_check(turn: Turn) -> Answer:
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    if meeting is None:
        raise Refused(meeting_wording.MEETING_CLOSED)
    known = meetings.quality_check(turn.session, meeting.id)
    return ask(
        turn,
        "quality_check",
        meeting_id=meeting.id,
        answers=entries.answers(turn.session, known) if known else None,
        args={"meeting": meeting.id},
    )


@submits("quality_check")
def keep_quality_check(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """For the unit's own learning: kept under the unit's key, shown in the board's thread, never per person."""
    meeting = meetings.get(turn.session, draft.meeting_id or "")
    entry = entries.keep(
        turn.session,
        form=published.form_of(turn.session, draft),
        also=drafts.left_over(turn.session, draft, answers),
        answers=answers,
        person_id=turn.actor().id,
        unit_id=meeting.unit_id,
        now=turn.now,
        meeting_id=meeting.id,
        stage="quality_check",
    )
    unit = turn.session.get(Unit, meeting.unit_id)
    outbox.say(
        turn.session,
        f"meeting:{meeting.id}/quality:{entry.id}",
        now=turn.now,
        channel=unit.channel if unit else "",
        thread=messages.board_key(meeting.id),
    )
    return Done()


@renders("meeting:{meeting_id}/quality:{entry_id}")
def draw_quality_check(view: Rendering, meeting_id: str, entry_id: str) -> Card | None:
    entry = view.session.get(Entry, entry_id)
    if entry is None:
        return None
    answers = entries.answers(view.session, entry)
    form = published.form_of(view.session, entry)
    lines: list[tuple[Span, ...]] = []
    for question in form.questions:
        value = answers.get(question.id)
        if question.id == "note" or value is None:
            continue
        word = next((c.label for c in question.options if c.value == str(value)), str(value))
        lines.append((f"{question.label} ", Strong(text=word)))
    blocks: list[Block] = [say(Strong(text="Quality check of this meeting")), Bullets(items=tuple(lines))]
    if answers.get("note"):
        blocks.append(say(str(answers["note"])))
    blocks.append(small("For the unit's own learning. It is not about any one person and is not reported upwards."))
    return card("The quality check is kept", *blocks)


@button("meeting.close_now")
def close_now(turn: Turn) -> Answer:
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    if meeting is None or meeting.state == "closed":
        raise Refused(meeting_wording.MEETING_CLOSED)
    held = meetings.discussions(turn.session, meeting.id)
    if any(d.state == "stopped" for d in held):
        return ask_to_close(turn, meeting)
    for discussion in held:
        if discussion.state == DiscussionState.READ_BACK:
            finish.close_and_await(turn, discussion)
        elif discussion.state == DiscussionState.OPEN:
            discussion.state = DiscussionState.PARKED
            turn.session.add(discussion)
            meetings.mark_item(turn.session, discussion, ItemState.PARKED)
    for item in meetings.items(turn.session, meeting.id):
        if item.state == "to_come":
            item.state = ItemState.NOT_REACHED
            turn.session.add(item)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, turn.now
    turn.session.add(meeting)
    turn.session.flush()
    _send_actions(turn, meeting)
    _send_records(turn, meeting, held)
    messages.redraw_board(turn, meeting.id)
    finish.tell_lead_again(turn, meeting.id)
    messages.tell_in_board_thread(turn, meeting.id, f"meeting:{meeting.id}/closed")
    return Nothing()


@renders("meeting:{meeting_id}/closed")
def draw_closed(view: Rendering, meeting_id: str) -> Card | None:
    return card(meeting_wording.CLOSING_NOTICE, say(meeting_wording.CLOSING_SENTENCE))


def _send_actions(turn: Turn, meeting: Meeting) -> None:
    """One DM for everybody who owns an open action of a family discussed today."""
    due_at = _when_read(turn, meeting)
    for owner in meetings.owners_after(turn.session, meeting.id):
        key = f"person:{owner.id}/actions:{meeting.id}"
        outbox.say(turn.session, key, now=turn.now, chat_user=owner.chat_user, due_at=due_at)


def _when_read(turn: Turn, meeting: Meeting) -> datetime:
    """A meeting closed on a day off tells people on their next working morning."""
    unit = turn.session.get(Unit, meeting.unit_id)
    return messages.when_at_work(turn, unit, meeting.day) if unit else turn.now


def _send_records(turn: Turn, meeting: Meeting, held: list[Discussion]) -> None:
    """Each coordinator gets the written record of each family discussed, ready to copy to the case file."""
    due_at = _when_read(turn, meeting)
    for discussion in held:
        if discussion.state not in ("closed", "awaiting") and not _holds_something(turn.session, discussion):
            continue
        for person in _record_keepers(turn, meeting.unit_id):
            key = f"copy:{discussion.id}/{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user, due_at=due_at)


def _record_keepers(turn: Turn, unit_id: str) -> list[Person]:
    """Coordinators, and while none of them is there who hears instead."""
    unit = turn.session.get(Unit, unit_id)
    return people.record_keepers(turn.session, unit, turn.today(unit)) if unit else []


def _holds_something(session: Session, discussion: Discussion) -> bool:
    """Whether a parked discussion has left anything behind that belongs in the case file: a concern above all."""
    if discussion.stopped_at is not None or entries.of_discussion(session, discussion.id):
        return True
    return bool(contributions.of_discussion(session, discussion.id))


@renders("person:{person_id}/actions:{meeting_id}")
def draw_actions(view: Rendering, person_id: str, meeting_id: str) -> Card | None:
    person = view.session.get(Person, person_id)
    meeting = view.session.get(Meeting, meeting_id)
    if person is None or meeting is None:
        return None
    own = meetings.open_actions_of(view.session, meeting.unit_id, person_id)
    if not own:
        return None
    unit = view.session.get(Unit, meeting.unit_id)
    today = meeting.day
    by_family: dict[str, list[Action]] = {}
    for action in own:
        by_family.setdefault(action.family_id, []).append(action)
    blocks: list[Block] = [
        say(Strong(text=f"Your actions after the meeting of {day_words.with_weekday(today)}")),
    ]
    for family_id, rows in by_family.items():
        lines = tuple(
            (unseal(view.session, row, ActionBody).text, f" ({meeting_wording.due_words(row.due_on, today)})")
            for row in rows
        )
        blocks += safe_contact.blocks(view.session, [family_id])
        blocks.append(Bullets(title=families.label_of(view.session, family_id), items=lines))
    blocks.append(small(f"{unit.name if unit else 'Your unit'}. To change one, use /action mine."))
    return Card(notice="Your actions after today's meeting", blocks=tuple(blocks))


# ---- copy to the case file


@renders("copy:{discussion_id}/{person_id}")
def draw_copy(view: Rendering, discussion_id: str, person_id: str) -> Card | None:
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    name = families.label_of(view.session, discussion.family_id)
    blocks: list[Block] = [Heading(text=f"Copy to the case file: {name}")]
    blocks += safe_contact.blocks(view.session, [discussion.family_id])
    blocks += record_text.record_blocks(view.session, discussion, view.now)
    files = documents.record_buttons(discussion)
    if discussion.copied_at is not None:
        who = people.name_of(view.session, discussion.copied_by_id)
        unit = view.session.get(Unit, discussion.unit_id)
        when = discussion.copied_at.astimezone(board.zone(unit)) if unit else discussion.copied_at
        blocks.append(say(Strong(text="Copied"), f" by {who}, {day_words.of_this_year(when.date())} at {when:%H:%M}."))
        blocks.append(Buttons(items=files))
    else:
        mark = Button(
            action="record.copied", label="Copied to the case file", args={"discussion": discussion.id}, style="primary"
        )
        blocks.append(Buttons(items=(mark, *files)))
    return Card(notice="A record is ready to copy to the case file", blocks=tuple(blocks))


@button("record.copied")
def mark_copied(turn: Turn) -> Answer:
    discussion = turn.session.get(Discussion, turn.event.args.get("discussion", ""))
    if discussion is None:
        raise Refused("I no longer know that record.")
    if discussion.copied_at is not None and not discussion.changed_after_confirm:
        who = people.name_of(turn.session, discussion.copied_by_id)
        return Note(card("Already marked", say(f"{who} has already marked this record as copied.")))
    discussion.copied_at, discussion.copied_by_id = turn.now, turn.actor().id
    turn.session.add(discussion)
    for person in _who_has_it(turn, discussion):
        outbox.show(turn.session, f"copy:{discussion.id}/{person.id}", now=turn.now, chat_user=person.chat_user)
    return Nothing()


def _who_has_it(turn: Turn, discussion: Discussion) -> list[Person]:
    """Everybody in the unit now who was sent this record."""
    everybody = people.members(turn.session, discussion.unit_id)
    by_key = {f"copy:{discussion.id}/{person.id}": person for _place, person in everybody}
    return [by_key[key] for key in outbox.asked_for(turn.session, by_key)]
