"""The thread somebody types in: which meeting and whose discussion it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.messages import board_key, discussion_key
from handlers.turn import Turn
from storage.database.tables import Discussion, Meeting
from storage.meeting import discussions, meetings
from storage.messages import posts


@dataclass(frozen=True)
class ThreadPlace:
    """The thread somebody types in: a family's, or (without a discussion) the board's."""

    meeting: Meeting
    discussion: Discussion | None
    thread: str

    @property
    def family_id(self) -> str | None:
        """The family whose thread it is; None in the board's thread."""
        return self.discussion.family_id if self.discussion else None


def place_of(turn: Turn) -> ThreadPlace | None:
    """None for talk outside a family's thread and the board's: that is nobody's business here."""
    event = turn.event
    found = posts.drawn_from(turn.session, event.channel, event.thread) if event.thread else None
    if found is None:
        return None
    if (found.noun, found.part) == ("discussion", ""):
        try:
            discussion = discussions.hold(turn.session, found.row_id)
        except KeyError:
            return None
        return ThreadPlace(meetings.get(turn.session, discussion.meeting_id), discussion, discussion_key(discussion))
    if (found.noun, found.part) == ("meeting", "board"):
        meeting = turn.session.get(Meeting, found.row_id)
        return ThreadPlace(meeting, None, board_key(meeting.id)) if meeting else None
    return None
