"""The messages of a meeting: the names they go by, and asking for them to be shown or drawn again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from handlers.turn import EventKind, Turn
from prompts_and_forms.days.working_days import at_work
from prompts_and_forms.states import DiscussionState
from storage.database.tables import Discussion, Unit
from storage.meeting import discussions, meetings
from storage.messages import outbox
from storage.messages.outbox import BOARD, ECHO, MEETING, PAST, PRESSED, STAGE

HEARD_WITHIN = timedelta(milliseconds=500)
"""A typed note is shown as saved this soon; what follows faster is one drawing."""


def when_at_work(turn: Turn, unit: Unit, meeting_day: date | None = None) -> datetime:
    """When a message nobody waits for is brought: now on a working day or the day of the meeting it comes from.

    On a weekend or bank holiday it waits for the next working morning, as reminders do.
    """
    local = turn.local_now(unit)
    return turn.now if local.date() == meeting_day else at_work(local).astimezone(UTC)


def board_key(meeting_id: str) -> str:
    """The name of a meeting's board."""
    return f"meeting:{meeting_id}/board"


NO_DAY = "none"


def agenda_key(unit_id: str, day: date | None) -> str:
    """The agenda of a meeting to come, in the unit's channel."""
    return f"unit:{unit_id}/agenda:{day.isoformat() if day else NO_DAY}"


def own_agenda_key(person_id: str, unit_id: str, day: date | None) -> str:
    """The same for one person."""
    return f"person:{person_id}/agenda:{unit_id}/{day.isoformat() if day else NO_DAY}"


def redraw_board(turn: Turn, meeting_id: str, priority: int = BOARD) -> None:
    """Asks for the board to be drawn again; several askings before it is sent cost one call."""
    meeting = meetings.get(turn.session, meeting_id)
    unit = turn.session.get(Unit, meeting.unit_id)
    if unit is not None:
        outbox.show(turn.session, board_key(meeting_id), now=turn.now, channel=unit.channel, priority=priority)


def tell_moved_on(turn: Turn, meeting_id: str, discussion_id: str) -> None:
    """One short line in the board's thread: edits are silent to screen readers."""
    tell_in_board_thread(turn, meeting_id, f"meeting:{meeting_id}/now:{discussion_id}")


def tell_in_board_thread(turn: Turn, meeting_id: str, message: str) -> None:
    """A new message in the board's thread."""
    outbox.say(
        turn.session, message, now=turn.now, channel=_board_channel(turn, meeting_id), thread=board_key(meeting_id)
    )


def _board_channel(turn: Turn, meeting_id: str) -> str:
    unit = turn.session.get(Unit, meetings.get(turn.session, meeting_id).unit_id)
    return unit.channel if unit else ""


def discussion_key(discussion: Discussion) -> str:
    """The name of a family's first message, whose thread carries the discussion."""
    return f"discussion:{discussion.id}"


def stage_key(discussion: Discussion, stage_no: int | None = None) -> str:
    """Each card of a discussion has its own number; only the newest has the controls."""
    return f"discussion:{discussion.id}/stage:{stage_no or discussion.stage_no}"


def channel_of(session: Session, discussion: Discussion) -> str:
    """The channel the discussion's unit meets in."""
    unit = session.get(Unit, discussion.unit_id)
    return unit.channel if unit else ""


def show_first(turn: Turn, discussion: Discussion, priority: int = MEETING) -> None:
    """The family's first message, whose thread carries the discussion."""
    channel = channel_of(turn.session, discussion)
    outbox.show(turn.session, discussion_key(discussion), now=turn.now, channel=channel, priority=priority)


def show_stage(turn: Turn, discussion: Discussion, stage_no: int | None = None, priority: int = STAGE) -> None:
    """Draws the card of a stage in the family's thread: the newest, or the one with that number.

    A card further up is of the past, and nobody waits for it.
    """
    past = stage_no is not None and stage_no != discussion.stage_no
    outbox.show(
        turn.session,
        stage_key(discussion, stage_no),
        now=turn.now,
        channel=channel_of(turn.session, discussion),
        thread=discussion_key(discussion),
        priority=PAST if past else priority,
    )


def bring_card_down(turn: Turn, discussion: Discussion) -> None:
    """The card once more as the last message of the thread; the one further up becomes a line or goes.

    The first card of the stage keeps its questions while people are in it: the one below is short, so that what was
    saved just now stays in view above it.
    """
    further_up = discussion.stage_no
    discussions.bring_down(turn.session, discussion, turn.now)
    _card_below(turn, discussion, further_up)
    show_stage(turn, discussion)


def leave_card(turn: Turn, discussion: Discussion, stage_no: int, below: str = "") -> None:
    """The stage of that card is left, or read back: its cards become the line above what was said, or go.

    `below` is the message that has to be there before one goes, the newest card where it is not named.
    """
    first = discussions.first_card(discussion, stage_no)
    if discussion.kind == "full" and first != stage_no:
        _card_below(turn, discussion, first, below)
    _card_below(turn, discussion, stage_no, below)


def _card_below(turn: Turn, discussion: Discussion, stage_no: int, below: str = "") -> None:
    if discussions.asks_above(discussion, stage_no) or discussions.stays_as_line(discussion, stage_no):
        show_stage(turn, discussion, stage_no)
        return
    old, there = stage_key(discussion, stage_no), below or stage_key(discussion)
    outbox.show_once_there(turn.session, old, there, now=turn.now)


def read_back_key(discussion: Discussion) -> str:
    """One read-back for each time the discussion reached its end."""
    return f"discussion:{discussion.id}/readback:{discussion.stage_no}"


def read_again(turn: Turn, discussion: Discussion) -> None:
    """Something was saved after the read-back: it is drawn again, so that nobody confirms an older one."""
    channel = channel_of(turn.session, discussion)
    outbox.show(
        turn.session,
        read_back_key(discussion),
        now=turn.now,
        channel=channel,
        thread=discussion_key(discussion),
    )


def redraw_stage(turn: Turn, discussion: Discussion) -> None:
    """Shows what was saved just now: the stage's own message, soon, so that a busy minute costs one drawing."""
    saved = turn.event.kind is EventKind.SUBMIT
    outbox.show(
        turn.session,
        stage_key(discussion),
        now=turn.now,
        channel=channel_of(turn.session, discussion),
        thread=discussion_key(discussion),
        priority=PRESSED if saved else ECHO,
        due_at=turn.now if saved else turn.now + HEARD_WITHIN,
    )
    if discussion.state == DiscussionState.READ_BACK:
        read_again(turn, discussion)
    if discussion.changed_after_confirm:
        show_first(turn, discussion)


def redraw_board_of(turn: Turn, discussion: Discussion, priority: int = BOARD) -> None:
    """Draws the board again that this discussion is on."""
    redraw_board(turn, discussion.meeting_id, priority)
