"""The stop rule: one yes stops one family's discussion, and only a person who says who was told lets it go on.

Rule: meeting script, stage 1. The bot shows whom to call; it sets no threshold and never says that it is safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import guards, messages, remarks
from handlers.emergency import contact_blocks, told_blocks
from handlers.entries import recording
from handlers.forms.asking import submits
from handlers.guards import still_open
from handlers.meeting import children_seen
from handlers.meeting import discussion as meeting_discussion
from handlers.meeting.contributions import tell_lead_of_change
from handlers.meeting.discussion import ask_next_date
from handlers.render import Rendering, renders
from handlers.routes import button, shortcut
from handlers.threads import place_of
from handlers.turn import Answer, Note, Nothing, Refused, Turn, Wrong
from prompts_and_forms.card import (
    Block,
    Button,
    Buttons,
    Card,
    Choice,
    Heading,
    Menu,
    Strong,
    card,
    say,
)
from prompts_and_forms.meeting import discussion_wording, notices, script
from storage.database.tables import Discussion, Entry, Unit
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import entries
from storage.meeting import contributions, discussions, meetings, remarks_given
from storage.messages import outbox
from storage.unit import people

# ---- stopping


@button("discussion.concern")
def concern(turn: Turn) -> Answer:
    """Anyone in the unit, at any stage, also when the discussion or the meeting is over."""
    return raise_concern(turn, guards.locked_discussion(turn))


@shortcut("immediate_concern")
def concern_about_message(turn: Turn) -> Answer:
    kept = contributions.find(turn.session, turn.event.channel, turn.event.ts)
    if kept is not None and kept.discussion_id is not None:
        return raise_concern(turn, discussions.hold(turn.session, kept.discussion_id))
    place = place_of(turn)
    if place is None or place.discussion is None:
        return _which_family(turn)
    return raise_concern(turn, place.discussion)


def _which_family(turn: Turn) -> Answer:
    """Used outside a family's thread: the contacts at once, and the families that can be stopped from here."""
    unit = turn.here()
    meeting = meetings.open_meeting(turn.session, unit.id)
    blocks: list[Block] = [say(discussion_wording.STOP_FIRST), *contact_blocks(turn.session, unit.id)]
    if meeting is not None:
        board = Button(
            action="board.concern", label=discussion_wording.CONCERN, args={"meeting": meeting.id}, style="danger"
        )
        blocks.append(Buttons(items=(board,)))
    return Note(card(discussion_wording.STOP_NOTICE, *blocks))


def raise_concern(turn: Turn, discussion: Discussion, *, about: str = "") -> Answer:
    """Stops this discussion at once and shows the contacts in a new message. A second yes shows them once more."""
    if discussion.state == "stopped":
        return Note(_again_card(turn.session, discussion))
    stop(turn, discussion, about=about)
    return Nothing()


def stop(turn: Turn, discussion: Discussion, *, about: str = "") -> None:
    discussions.stop(turn.session, discussion, turn.person.id if turn.person else None, turn.now)
    remark = remarks.give(
        turn,
        "stop_rule",
        unit_id=discussion.unit_id,
        discussion_id=discussion.id,
        about=about,
        params={"stop": turn.event.id},
        shown_in=remarks.NOWHERE,
    )
    number = len(remarks_given.of_discussion(turn.session, discussion.id, "stop_rule")) if remark else 1
    messages.show_first(turn, discussion)
    outbox.say(
        turn.session,
        f"discussion:{discussion.id}/stop:{number}",
        now=turn.now,
        channel=messages.channel_of(turn.session, discussion),
        thread=messages.discussion_key(discussion),
        priority=outbox.SAFETY,
    )
    messages.show_stage(turn, discussion)
    meetings.mark_item(turn.session, discussion, "now")
    messages.redraw_board_of(turn, discussion)
    tell_lead_of_change(turn, discussion, "stop")


def _again_card(session: Session, discussion: Discussion) -> Card:
    at = discussion.stopped_at or discussion.started_at
    first = discussion_wording.already_stopped(
        people.name_of(session, discussion.stopped_by_id), at.astimezone(_zone(session, discussion))
    )
    return card(
        discussion_wording.STOP_NOTICE,
        say(discussion_wording.STOP_FIRST),
        say(first),
        *contact_blocks(session, discussion.unit_id),
        _say_who(discussion),
    )


def _zone(session: Session, discussion: Discussion) -> ZoneInfo:
    unit = session.get(Unit, discussion.unit_id)
    return ZoneInfo(unit.timezone if unit else "Europe/London")


def _say_who(discussion: Discussion) -> Buttons:
    args = {"discussion": discussion.id, "form": "stop"}
    return Buttons(items=(Button(action="form.open", label=discussion_wording.SAY_WHO, args=args, style="primary"),))


@renders("discussion:{discussion_id}/stop:{number}")
def draw_stop(view: Rendering, discussion_id: str, number: str) -> Card | None:
    """Contacts come first, then what happens; always a new message, never an edited one."""
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    session = view.session
    at = (discussion.stopped_at or view.now).astimezone(_zone(session, discussion))
    return Card(
        notice=discussion_wording.STOP_NOTICE,
        blocks=(
            Heading(text=discussion_wording.STOP_TITLE),
            say(Strong(text=discussion_wording.STOP_FIRST)),
            *contact_blocks(session, discussion.unit_id),
            say(discussion_wording.raised_by(people.name_of(session, discussion.stopped_by_id), at)),
            say(discussion_wording.STOP_THEN),
            _say_who(discussion),
        ),
    )


@renders("discussion:{discussion_id}/held")
def draw_held(view: Rendering, discussion_id: str) -> Card | None:
    """Stands in for a family's first message while others can read the channel: the contacts need a thread now."""
    if view.session.get(Discussion, discussion_id) is None:
        return None
    return Card(
        notice=discussion_wording.STOP_NOTICE,
        blocks=(Heading(text=discussion_wording.STOP_TITLE), say(discussion_wording.HELD_BACK)),
    )


# ---- who was told, and what then


@submits("stop")
def keep_who_was_told(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Kept whoever tells it; with it a person chooses to go on, not today, or to leave it stopped for now."""
    discussion = discussions.hold(turn.session, draft.discussion_id or "")
    if discussion.state != "stopped":
        raise Refused(discussion_wording.NOT_STOPPED)
    nobody = _told_without_name(answers)
    if nobody:
        return Wrong(nobody)
    already = recording.double(turn, draft, answers)
    if already:
        return already
    entry = recording.keep(turn, draft, answers)
    after = answers.get("after")
    outbox.say(
        turn.session,
        f"discussion:{discussion.id}/told:{entry.id}",
        now=turn.now,
        channel=messages.channel_of(turn.session, discussion),
        thread=messages.discussion_key(discussion),
    )
    if after == "go_on":
        _go_on(turn, discussion)
    elif after == "not_today":
        _not_today(turn, discussion)
    return recording.done(
        discussion_wording.GOES_ON
        if after == "go_on"
        else discussion_wording.NOT_TODAY_KEPT
        if after
        else discussion_wording.TOLD_CHOOSE
    )


def _told_without_name(answers: Mapping[str, Any]) -> dict[str, str]:
    rows = answers.get("told") or []
    return {
        f"told#{n}#outside": "Say who was told: a person, or a role or service."
        for n, row in enumerate(rows)
        if not row.get("member") and not str(row.get("outside") or "").strip()
    }


def who_was_told(session: Session, discussion: Discussion) -> Entry | None:
    """What was said about who was told since the discussion was stopped last; None while nobody has."""
    told = entries.latest(session, discussion.id, "stop")
    if told is None or (discussion.stopped_at is not None and told.recorded_at < discussion.stopped_at):
        return None
    return told


@renders("discussion:{discussion_id}/told:{entry_id}")
def draw_told(view: Rendering, discussion_id: str, entry_id: str) -> Card | None:
    discussion, entry = view.session.get(Discussion, discussion_id), view.session.get(Entry, entry_id)
    if discussion is None or entry is None:
        return None
    blocks: list[Block] = [Heading(text=discussion_wording.TOLD_TITLE), *told_blocks(view.session, entry)]
    if discussion.state == "stopped" and discussion.after_stop is None:
        args = {"discussion": discussion.id}
        choose = (
            Button(action="stop.go_on", label=discussion_wording.GO_ON, args=args),
            Button(action="stop.not_today", label=discussion_wording.NOT_TODAY, args=args),
        )
        blocks += [say(discussion_wording.TOLD_CHOOSE), Buttons(items=choose)]
    elif discussion.after_stop == "not_today":
        blocks.append(say(discussion_wording.NOT_TODAY_KEPT))
        if discussion.state == "stopped":
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
    discussion = _told(turn)
    _go_on(turn, discussion)
    return Nothing()


@button("stop.not_today")
def not_today(turn: Turn) -> Answer:
    """Only the next date is asked for."""
    discussion = _told(turn)
    if discussion.after_stop != "not_today":
        _not_today(turn, discussion)
    return ask_next_date(turn, discussion)


def _told(turn: Turn) -> Discussion:
    discussion = guards.locked_discussion(turn)
    if discussion.state != "stopped":
        raise Refused(discussion_wording.NOT_STOPPED)
    if who_was_told(turn.session, discussion) is None:
        raise Refused(discussion_wording.TOLD_FIRST)
    return discussion


def _go_on(turn: Turn, discussion: Discussion) -> None:
    discussions.go_on(turn.session, discussion)
    if discussion.state in discussions.FINISHED:
        meetings.mark_item(turn.session, discussion, "done")
    if discussion.state == "open" and discussion.kind == "full":
        left = discussion.stage_no
        discussions.move(turn.session, discussion, discussion.stage, turn.now)
        messages.show_stage(turn, discussion, left)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)
    messages.redraw_board_of(turn, discussion)


def _not_today(turn: Turn, discussion: Discussion) -> None:
    last = script.stages(discussion.kind)[-1].id
    discussion.after_stop = "not_today"
    discussions.keep(turn.session, discussion)
    if discussion.stage != last:
        discussions.move(turn.session, discussion, last, turn.now)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)


# ---- the safety forms


@submits("safety")
def keep_safety(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    return _keep_safety(turn, draft, answers)


@submits("l_safety")
def keep_light_safety(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    return _keep_safety(turn, draft, answers)


def _keep_safety(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Keeps who was seen; a yes stops the discussion before anything else is shown."""
    discussion = discussions.hold(turn.session, draft.discussion_id or "")
    already = recording.double(turn, draft, answers)
    if already:
        return already
    entry = recording.keep(turn, draft, answers)
    discussions.note_seen(turn.session, discussion.family_id, answers.get("seen") or [])
    if answers.get("immediate_concern") or answers.get("manager_needed_today"):
        if discussion.state != "stopped":
            stop(turn, discussion, about=entry.id)
    else:
        _point_out(turn, discussion, entry, answers)
    if notices.mentions_suicide(_all_text(answers)):
        _remark(turn, discussion, "tier3_direct", entry.id)
    messages.redraw_stage(turn, discussion)
    return recording.shown(turn, draft, entry)


def _point_out(turn: Turn, discussion: Discussion, entry: Entry, answers: Mapping[str, Any]) -> None:
    """A light discussion with a hesitation, or a child nobody has seen in time, is offered as a full one."""
    late = children_seen.not_seen_in_time(turn.session, discussion, turn.today())
    for child in late:
        _remark(turn, discussion, "child_not_seen", entry.id, {"child": child})
    unsure = answers.get("manager_needed_today") is None or children_seen.without_a_day(
        turn.session, discussion, answers
    )
    if discussion.kind == "light" and (late or unsure):
        _remark(turn, discussion, "offer_full", entry.id)


def _remark(turn: Turn, discussion: Discussion, code: str, about: str, params: dict[str, Any] | None = None) -> None:
    remarks.give(
        turn,
        code,
        unit_id=discussion.unit_id,
        discussion_id=discussion.id,
        about=about,
        to_person=turn.actor().id,
        params=params,
    )


def _all_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(_all_text(one) for one in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_all_text(one) for one in value)
    return value if isinstance(value, str) else ""


@button("board.concern")
def concern_from_board(turn: Turn) -> Answer:
    """Asks which family, and stops that one. Any family of the unit can be named, also one not on the agenda."""
    meeting = still_open(turn)
    open_now = families.open_families(turn.session, meeting.unit_id)
    if not open_now:
        raise Refused("This unit has no families yet. Call your emergency contacts now; they are in /unit.")
    choices = tuple(Choice(value=f.id, label=families.label_of(turn.session, f.id)) for f in open_now)
    menus = tuple(
        Menu(
            action="board.concern_family",
            label="Which family?",
            choices=choices[i : i + 100],
            args={"meeting": meeting.id},
        )
        for i in range(0, len(choices), 100)
    )
    return Note(
        card(
            "An immediate concern",
            say("Choose the family. Its discussion stops at once and the emergency contacts are shown."),
            say("If a child is in danger now, call 999 first."),
            Buttons(items=menus),
        )
    )


@button("board.concern_family")
def stop_chosen_family(turn: Turn) -> Answer:
    meeting = still_open(turn)
    discussion = meeting_discussion.discussion_for(turn, meeting, turn.event.args.get("chosen", ""))
    return raise_concern(turn, discussion)
