"""Finishing a family: the read-back, the unit lead's yes, and what it leaves behind."""

from __future__ import annotations

from dataclasses import replace

from handlers import documents, guards, messages, safe_contact
from handlers.afterwards import copies
from handlers.concern import challenged
from handlers.entries import record_text
from handlers.forms.asking import open_form
from handlers.meeting.discussion import ask_next_date
from handlers.meeting.stages import stage, stage_gaps
from handlers.messages import read_back_key
from handlers.routes import button
from handlers.turn import Answer, Note, Nothing, Refused, Turn
from prompts_and_forms.card import (
    Button,
    Buttons,
    Card,
)
from prompts_and_forms.meeting import discussion_wording, script
from prompts_and_forms.meeting.gaps import Gap
from prompts_and_forms.states import DiscussionState, ItemState
from storage.database.audit import audit
from storage.database.tables import Discussion, Unit
from storage.meeting import discussions, meetings
from storage.messages import outbox
from storage.unit import people
from storage.unit.people import who_confirms

# ---- finishing


@button("discussion.finish", opens=True)
def finish(turn: Turn) -> Answer:
    """Reads back what the discussion leaves behind, after saying what is missing."""
    discussion = guards.under_way(turn)
    if discussion.next_on is None:
        return _ask_first(turn, discussion)
    asked = _asked(turn, discussion)
    if asked:
        args = {"discussion": discussion.id}
        anyway = Button(action="discussion.finish_anyway", label=discussion_wording.FINISH_ANYWAY, args=args)
        return Note(stage.missing_card(turn.session, discussion, asked, discussion_wording.MISSING_AT_END, anyway))
    stage.record_missing(turn, discussion, _unsaid(turn, discussion))
    return _finish(turn, discussion)


@button("discussion.finish_anyway", opens=True)
def finish_anyway(turn: Turn) -> Answer:
    """Finishes a discussion with its gaps, which the record then names; the next date is still asked for."""
    discussion = guards.under_way(turn)
    if discussion.next_on is None:
        return ask_next_date(turn, discussion)
    stage.record_missing(turn, discussion, _unsaid(turn, discussion))
    return _finish(turn, discussion)


def _ask_first(turn: Turn, discussion: Discussion) -> Answer:
    """The next date; in a light discussion without its round, the round, which sets the date too."""
    form = script.load().light_card.form
    if discussion.kind == script.FULL or not any(gap.what == "form" for gap in _asked(turn, discussion)):
        return ask_next_date(turn, discussion)
    return open_form(replace(turn, event=replace(turn.event, args={"discussion": discussion.id, "form": form})))


def _asked(turn: Turn, discussion: Discussion) -> list[Gap]:
    return stage_gaps.to_ask_about(turn.session, discussion, _unsaid(turn, discussion))


def _unsaid(turn: Turn, discussion: Discussion) -> list[Gap]:
    """What is missing and was not written down yet."""
    return [gap for gap in _missing(turn, discussion) if gap.code not in discussion.missing]


def _missing(turn: Turn, discussion: Discussion) -> list[Gap]:
    """Also a question that a safety answer raised and nobody has answered."""
    open_still = challenged.open_codes(turn.session, discussion, turn.today())
    return [
        *stage_gaps.at_end(turn.session, discussion),
        *(Gap.read(code) for code in open_still),
        *stage_gaps.without_owner(turn.session, discussion),
    ]


def _finish(turn: Turn, discussion: Discussion) -> Answer:
    still = {gap.code for gap in _missing(turn, discussion)}
    discussion.missing = [code for code in discussion.missing if code in still]
    challenged.write_down(turn.session, discussion, turn.today())
    if discussion.kind == "light":
        close_and_await(turn, discussion)
        return Nothing()
    discussion.state = DiscussionState.READ_BACK
    discussions.keep(turn.session, discussion)
    outbox.show(
        turn.session,
        read_back_key(discussion),
        now=turn.now,
        channel=messages.channel_of(turn.session, discussion),
        thread=messages.discussion_key(discussion),
    )
    messages.leave_card(turn, discussion, discussion.stage_no, read_back_key(discussion))
    messages.show_first(turn, discussion)
    messages.redraw_board_of(turn, discussion)
    ask_lead(turn, discussion)
    return Nothing()


@button("discussion.reopen")
def not_yet(turn: Turn) -> Answer:
    """Back from the read-back to the discussion."""
    discussion = guards.locked_discussion(turn)
    guards.in_meeting(turn, discussion)
    if discussion.state not in discussions.TO_CONFIRM:
        raise Refused(discussion_wording.NOTHING_TO_CONFIRM)
    left = discussion.stage_no
    discussions.take_back(turn.session, discussion)
    discussions.move(turn.session, discussion, discussion.stage, turn.now)
    meetings.mark_item(turn.session, discussion, ItemState.NOW)
    messages.leave_card(turn, discussion, left)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)
    messages.redraw_board_of(turn, discussion)
    tell_lead_again(turn, discussion.meeting_id)
    return Nothing()


def close_and_await(turn: Turn, discussion: Discussion) -> None:
    """A light or stopped discussion is over for the meeting; the lead is asked to confirm it.

    One that was confirmed before it was stopped stays confirmed, marked as changed.
    """
    challenged.write_down(turn.session, discussion, turn.today())
    state = DiscussionState.CLOSED if discussion.confirmed_at else DiscussionState.AWAITING
    discussions.close(turn.session, discussion, state, turn.now)
    meetings.mark_item(turn.session, discussion, ItemState.DONE)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)
    messages.redraw_board_of(turn, discussion)
    ask_lead(turn, discussion)


# ---- the lead confirms


def ask_lead(turn: Turn, discussion: Discussion) -> None:
    """One direct message a meeting, edited as families are finished and confirmed."""
    unit = turn.session.get(Unit, discussion.unit_id)
    lead = who_confirms(turn.session, discussion.unit_id, turn.today(unit))
    if lead is not None and unit is not None:
        key = f"person:{lead.id}/awaiting:{discussion.meeting_id}"
        due_at = messages.when_at_work(turn, unit, meetings.get(turn.session, discussion.meeting_id).day)
        outbox.show(turn.session, key, now=turn.now, chat_user=lead.chat_user, due_at=due_at)


def tell_lead_again(turn: Turn, meeting_id: str) -> None:
    """The lead's list once more, where there is one: as true after the meeting as in it."""
    meeting = meetings.get(turn.session, meeting_id)
    for _, person in people.members(turn.session, meeting.unit_id):
        outbox.show_again(turn.session, f"person:{person.id}/awaiting:{meeting_id}", now=turn.now)
    copies.redraw(turn, meeting_id)


@button("discussion.confirm")
def confirm(turn: Turn) -> Answer:
    """The unit lead or deputy says yes to what was read back. Possible after the meeting, too."""
    discussion = guards.locked_discussion(turn)
    unit = turn.session.get(Unit, discussion.unit_id)
    if unit is None or not people.may_confirm(turn.session, unit, turn.actor().id, turn.today(unit)):
        asked = who_confirms(turn.session, discussion.unit_id, turn.today(unit))
        raise Refused(discussion_wording.only_confirms(asked.name if asked else ""))
    if discussion.state == DiscussionState.CLOSED:
        raise Refused(discussion_wording.ALREADY_CONFIRMED)
    if discussion.state not in discussions.TO_CONFIRM:
        raise Refused(discussion_wording.NOTHING_TO_CONFIRM)
    waited = discussion.state == DiscussionState.AWAITING
    discussions.confirm(turn.session, discussion, turn.actor().id, turn.now)
    meetings.mark_item(turn.session, discussion, ItemState.DONE)
    _show_confirmed(turn, discussion, waited)
    return Nothing()


def _show_confirmed(turn: Turn, discussion: Discussion, waited: bool) -> None:
    channel = messages.channel_of(turn.session, discussion)
    thread = messages.discussion_key(discussion)
    if discussion.kind == "full":
        outbox.say(turn.session, f"discussion:{discussion.id}/summary", now=turn.now, channel=channel, thread=thread)
    if not waited:
        outbox.show(turn.session, read_back_key(discussion), now=turn.now, channel=channel, thread=thread)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)
    messages.redraw_board_of(turn, discussion)
    tell_lead_again(turn, discussion.meeting_id)


# ---- cards


@button("discussion.record", opens=True)
def show_record(turn: Turn) -> Answer:
    """The whole written record, for the person who asked only."""
    discussion = guards.locked_discussion(turn)
    blocks = safe_contact.blocks(turn.session, [discussion.family_id])
    blocks += record_text.record_blocks(turn.session, discussion, turn.now)
    audit(
        turn.session,
        at=turn.now,
        what="read",
        row=discussion,
        person_id=turn.actor().id,
        unit_id=discussion.unit_id,
        family_id=discussion.family_id,
    )
    files = Buttons(items=documents.record_buttons(discussion))
    return Note(Card(notice=discussion_wording.RECORD_TITLE, blocks=(*blocks, files)))
