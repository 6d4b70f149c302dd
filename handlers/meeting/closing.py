"""Closing the meeting: what is undiscussed, the quality check, one DM an owner, records to copy to the case file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers import messages
from handlers.afterwards import copies, own_work
from handlers.forms.asking import ask, submits
from handlers.meeting import board, finish
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Span, Strong, card, say, small
from prompts_and_forms.meeting import agenda_wording
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.states import DiscussionState, ItemState, MeetingState
from storage.database.tables import Entry, Meeting, Unit
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import drafts, entries, published
from storage.meeting import agenda_wishes, meetings
from storage.messages import outbox


@button("meeting.close", opens=True)
def close_button(turn: Turn) -> Answer:
    """Asks before a meeting is closed, naming what is still open."""
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    if meeting is None or meeting.state == MeetingState.CLOSED:
        raise Refused(meeting_wording.MEETING_CLOSED)
    return ask_to_close(turn, meeting)


def ask_to_close(turn: Turn, meeting: Meeting) -> Answer:
    """What is open or undiscussed, before anything closes. A stopped family without "who was told" keeps it open."""
    held = meetings.discussions(turn.session, meeting.id)
    meetings.families_of(turn.session, meeting.id)
    stopped = [d for d in held if d.state == DiscussionState.STOPPED]
    if stopped:
        raise Refused(
            meeting_wording.STOPPED_STILL.format(family=families.label_of(turn.session, stopped[0].family_id))
        )
    unfinished = [d for d in held if d.state == DiscussionState.OPEN]
    on_agenda = meetings.items(turn.session, meeting.id)
    parked = [i.family_id for i in on_agenda if i.state == ItemState.PARKED]
    not_reached = [i for i in on_agenda if i.state == ItemState.TO_COME]
    lines: list[Block] = []
    if unfinished:
        names = meeting_wording.names_words([families.label_of(turn.session, d.family_id) for d in unfinished])
        lines.append(say(meeting_wording.OPEN_STILL.format(families=names)))
    if parked:
        names = meeting_wording.names_words([families.label_of(turn.session, family_id) for family_id in parked])
        lines.append(say(meeting_wording.PARKED_TODAY.format(families=names)))
    if not_reached:
        names = meeting_wording.names_words([families.label_of(turn.session, i.family_id) for i in not_reached])
        lines.append(say(agenda_wording.NOT_REACHED.format(names=names)))
    elif not unfinished and not parked:
        lines.append(say(agenda_wording.ALL_DISCUSSED))
    if left := board.still_to_talk_about(turn.session, meeting):
        lines.append(say(agenda_wording.not_talked_about(left)))
    args = {"meeting": meeting.id}
    choices = [
        Button(action="meeting.close_now", label=agenda_wording.CLOSE_THE_MEETING_NOW, args=args, style="primary")
    ]
    if meetings.quality_check(turn.session, meeting.id) is None:
        lines.append(small(agenda_wording.A_MINUTE))
        choices.insert(0, Button(action="meeting.quality", label=agenda_wording.QUALITY_CHECK_FIRST, args=args))
    return Note(card(agenda_wording.CLOSE_IT, *lines, Buttons(items=tuple(choices))))


@button("meeting.quality", opens=True)
def ask_quality_check(turn: Turn) -> Answer:
    """The form of the meeting's quality check, with what was said before."""
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
    """The unit's own answers about how the meeting went."""
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
    blocks: list[Block] = [say(Strong(text=agenda_wording.QUALITY_CHECK)), Bullets(items=tuple(lines))]
    if answers.get("note"):
        blocks.append(say(str(answers["note"])))
    blocks.append(small(agenda_wording.QUALITY_CHECK_IS_FOR))
    return card(agenda_wording.QUALITY_CHECK_SAVED, *blocks)


@button("meeting.close_now")
def close_now(turn: Turn) -> Answer:
    """Closes the meeting: families read back wait to be confirmed, open ones are parked; a stop comes first."""
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    if meeting is None or meeting.state == MeetingState.CLOSED:
        raise Refused(meeting_wording.MEETING_CLOSED)
    held = meetings.discussions(turn.session, meeting.id)
    if any(d.state == DiscussionState.STOPPED for d in held):
        return ask_to_close(turn, meeting)
    for discussion in held:
        if discussion.state == DiscussionState.READ_BACK:
            finish.close_and_await(turn, discussion)
        elif discussion.state == DiscussionState.OPEN:
            discussion.state = DiscussionState.PARKED
            turn.session.add(discussion)
            meetings.mark_item(turn.session, discussion, ItemState.PARKED)
    for item in meetings.items(turn.session, meeting.id):
        if item.state == ItemState.TO_COME:
            item.state = ItemState.NOT_REACHED
            turn.session.add(item)
    agenda_wishes.meeting_closed(turn.session, meeting, held, turn.now)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, turn.now
    turn.session.add(meeting)
    turn.session.flush()
    due_at = _when_read(turn, meeting)
    own_work.send(turn, meeting, due_at, told_anyway=copies.send(turn, meeting, due_at))
    messages.redraw_board(turn, meeting.id)
    finish.tell_lead_again(turn, meeting.id)
    messages.tell_in_board_thread(turn, meeting.id, f"meeting:{meeting.id}/closed")
    return Nothing()


@renders("meeting:{meeting_id}/closed")
def draw_closed(view: Rendering, meeting_id: str) -> Card | None:
    """The last sentence of a meeting."""
    return card(meeting_wording.CLOSING_NOTICE, say(meeting_wording.CLOSING_SENTENCE))


def _when_read(turn: Turn, meeting: Meeting) -> datetime:
    """A meeting closed on a day off tells people on their next working morning."""
    unit = turn.session.get(Unit, meeting.unit_id)
    return messages.when_at_work(turn, unit, meeting.day) if unit else turn.now
