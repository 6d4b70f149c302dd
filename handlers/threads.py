"""The thread somebody types in: which meeting and whose discussion it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

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
    found = posts.key_at(turn.session, event.channel, event.thread) if event.thread else None
    noun, _, rest = (found or "").partition(":")
    if noun == "discussion" and "/" not in rest:
        try:
            discussion = discussions.hold(turn.session, rest)
        except KeyError:
            return None
        return ThreadPlace(meetings.get(turn.session, discussion.meeting_id), discussion, f"discussion:{rest}")
    if noun == "meeting" and rest.endswith("/board"):
        meeting = turn.session.get(Meeting, rest.removesuffix("/board"))
        return ThreadPlace(meeting, None, f"meeting:{rest}") if meeting else None
    return None
