"""What a press needs before it may change anything: an open meeting, a discussion under way, nobody else reading."""

from __future__ import annotations

from handlers.turn import Refused, Turn
from prompts_and_forms.meeting import discussion_wording
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.states import DiscussionState, MeetingState
from prompts_and_forms.unit.set_up_wording import PRIVATE_CHANNEL
from storage.database.tables import Discussion, Meeting
from storage.meeting import discussions, meetings
from storage.unit import people


def refuse_where_others_read(turn: Turn, *, except_colleagues: bool = False) -> None:
    """Raises Refused when the channel is public, shared, or somebody in it is not of the unit.

    `except_colleagues` lets a colleague pass whom the unit does not know.
    """
    trouble = turn.event.facts.trouble
    if trouble is None or (except_colleagues and trouble.code == "unknown_member"):
        return
    person = people.by_chat_user(turn.session, trouble.user) if trouble.user else None
    sentence = meeting_wording.trouble_words(trouble.code, person.name if person else "")
    raise Refused(f"{sentence} {PRIVATE_CHANNEL}" if turn.unit is None else sentence)


def still_open(turn: Turn) -> Meeting:
    """The meeting a button belongs to; raises Refused once it is closed."""
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    if meeting is None or meeting.state == MeetingState.CLOSED:
        raise Refused(meeting_wording.MEETING_CLOSED)
    return meeting


def locked_discussion(turn: Turn) -> Discussion:
    """The discussion a button belongs to, locked until this turn ends."""
    try:
        return discussions.hold(turn.session, turn.event.args.get("discussion", ""))
    except KeyError:
        raise Refused(discussion_wording.GONE) from None


def in_meeting(turn: Turn, discussion: Discussion) -> None:
    """Refuses once the meeting is closed."""
    if meetings.get(turn.session, discussion.meeting_id).state == MeetingState.CLOSED:
        raise Refused(discussion_wording.MEETING_OVER)


def under_way(turn: Turn) -> Discussion:
    """The discussion a button belongs to, where it can move now; refuses in words otherwise."""
    discussion = locked_discussion(turn)
    in_meeting(turn, discussion)
    refusals = {
        DiscussionState.STOPPED: discussion_wording.STOPPED_FIRST,
        DiscussionState.PARKED: discussion_wording.PARKED_FIRST,
        DiscussionState.READ_BACK: discussion_wording.READ_BACK_FIRST,
        DiscussionState.AWAITING: discussion_wording.NO_LONGER_OPEN,
        DiscussionState.CLOSED: discussion_wording.NO_LONGER_OPEN,
    }
    if discussion.state in refusals:
        raise Refused(refusals[discussion.state])
    return discussion
