"""Who was told and when; with that a person lets a stopped family go on, or leaves it for another day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import guards, messages
from handlers.concern import cards
from handlers.emergency import told_blocks
from handlers.entries import recording
from handlers.forms.asking import prefills, submits
from handlers.meeting.discussion import ask_next_date
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Nothing, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Card, Heading, say
from prompts_and_forms.meeting import concern_wording, discussion_wording, script
from prompts_and_forms.states import DiscussionState, ItemState
from storage.database.tables import Discussion, Entry, Unit
from storage.database.tables_machinery import Draft
from storage.meeting import discussions, meetings, stops
from storage.messages import outbox
from storage.unit import people


@prefills("stop")
def told_now(turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]) -> dict[str, Any]:
    """The time told is now. Where the family is no longer stopped, the answer is what is true instead."""
    if discussion_id is None:
        return {}
    discussion = discussions.get(turn.session, discussion_id)
    if discussion.state != DiscussionState.STOPPED:
        raise Refused(cards.true_now(turn.session, discussion))
    unit = turn.session.get(Unit, discussion.unit_id)
    return {"told": [{"time": f"{turn.local_now(unit):%H:%M}"}]}


@submits("stop")
def save_who_was_told(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saved whoever tells it; with it a person chooses to go on, not today, or to leave it stopped for now."""
    discussion = discussions.hold(turn.session, draft.discussion_id or "")
    if discussion.state != DiscussionState.STOPPED:
        raise Refused(cards.true_now(turn.session, discussion))
    nobody = _told_without_name(answers)
    if nobody:
        return Wrong(nobody)
    already = recording.already_handed_in(turn, draft, answers)
    if already:
        return already
    entry = recording.keep(turn, draft, answers)
    after = answers.get("after")
    outbox.say(
        turn.session,
        _key(discussion, entry),
        now=turn.now,
        channel=messages.channel_of(turn.session, discussion),
        thread=messages.discussion_key(discussion),
    )
    if after == "go_on":
        _go_on(turn, discussion)
    elif after == "not_today":
        _not_today(turn, discussion)
    redraw_messages(turn, discussion)
    return recording.done(
        discussion_wording.GOES_ON
        if after == "go_on"
        else discussion_wording.NOT_TODAY_KEPT
        if after
        else discussion_wording.TOLD_CHOOSE
    )


def _key(discussion: Discussion, entry: Entry) -> str:
    return f"discussion:{discussion.id}/told:{entry.id}"


def _told_without_name(answers: Mapping[str, Any]) -> dict[str, str]:
    rows = answers.get("told") or []
    return {
        f"told#{n}#outside": concern_wording.SAY_WHO_WAS_TOLD
        for n, row in enumerate(rows)
        if not row.get("member") and not str(row.get("outside") or "").strip()
    }


def redraw_messages(turn: Turn, discussion: Discussion) -> None:
    """Every message of this stop says again what is true now: no button stays that no longer does anything."""
    found = stops.latest(turn.session, discussion.id)
    if found is None:
        return
    readers = [person for _, person in people.members(turn.session, discussion.unit_id)]
    keys = [cards.key_in_thread(discussion, found.number), cards.key_under_board(discussion, found.number)]
    keys += [cards.key_of_message(person, discussion, found.number) for person in readers]
    keys += [_key(discussion, entry) for entry in stops.told_since(turn.session, discussion.id, found)]
    for key in keys:
        outbox.show_again(turn.session, key, now=turn.now)


@renders("discussion:{discussion_id}/told:{entry_id}")
def draw_told(view: Rendering, discussion_id: str, entry_id: str) -> Card | None:
    """Who was told and when, with the choice to go on or not today for as long as it is open."""
    discussion, entry = view.session.get(Discussion, discussion_id), view.session.get(Entry, entry_id)
    if discussion is None or entry is None:
        return None
    blocks: list[Block] = [Heading(text=discussion_wording.TOLD_TITLE), *told_blocks(view.session, entry)]
    if discussion.state == DiscussionState.STOPPED and discussion.after_stop is None:
        args = {"discussion": discussion.id}
        choose = (
            Button(action="stop.go_on", label=discussion_wording.GO_ON, args=args),
            Button(action="stop.not_today", label=discussion_wording.NOT_TODAY, args=args),
        )
        blocks += [say(discussion_wording.TOLD_CHOOSE), Buttons(items=choose)]
    elif discussion.after_stop == "not_today":
        blocks.append(say(discussion_wording.NOT_TODAY_KEPT))
        if discussion.state == DiscussionState.STOPPED:
            blocks.append(Buttons(items=(_set_next_date(discussion),)))
    elif discussion.after_stop == "go_on":
        blocks.append(say(discussion_wording.GOES_ON))
    return Card(notice=discussion_wording.TOLD_TITLE, blocks=tuple(blocks))


def _set_next_date(discussion: Discussion) -> Button:
    form = script.stages(discussion.kind)[-1].form or "l_next"
    args = {"discussion": discussion.id, "form": form}
    return Button(action="form.open", label=discussion_wording.NEXT_DATE, args=args, style="primary")


@button("stop.go_on")
def go_on(turn: Turn) -> Answer:
    """The discussion goes on, once somebody has said who was told."""
    discussion = _told(turn)
    _go_on(turn, discussion)
    redraw_messages(turn, discussion)
    return Nothing()


@button("stop.not_today", opens=True)
def not_today(turn: Turn) -> Answer:
    """Only the next date is asked for."""
    discussion = _told(turn)
    if discussion.after_stop != "not_today":
        _not_today(turn, discussion)
        redraw_messages(turn, discussion)
    return ask_next_date(turn, discussion)


def _told(turn: Turn) -> Discussion:
    discussion = guards.locked_discussion(turn)
    if discussion.state != DiscussionState.STOPPED:
        raise Refused(cards.true_now(turn.session, discussion))
    if not discussions.who_was_told(turn.session, [discussion]):
        raise Refused(discussion_wording.TOLD_FIRST)
    return discussion


def _go_on(turn: Turn, discussion: Discussion) -> None:
    discussions.go_on(turn.session, discussion)
    if discussion.state in discussions.FINISHED:
        meetings.mark_item(turn.session, discussion, ItemState.DONE)
    if discussion.state == DiscussionState.OPEN and discussion.kind == "full":
        left = discussion.stage_no
        discussions.move(turn.session, discussion, discussion.stage, turn.now)
        messages.leave_card(turn, discussion, left)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)
    messages.redraw_board_of(turn, discussion)


def _not_today(turn: Turn, discussion: Discussion) -> None:
    last = script.stages(discussion.kind)[-1].id
    discussion.after_stop = "not_today"
    discussions.keep(turn.session, discussion)
    if discussion.stage != last:
        left = discussion.stage_no
        discussions.move(turn.session, discussion, last, turn.now)
        messages.leave_card(turn, discussion, left)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)
