"""Reminders give way to meetings: while a meeting is going on they take at most half of what may be posted."""

from __future__ import annotations

from storage.outbox import NUDGE

POSTS_A_MINUTE = 240
"""Slack allows "several hundred messages a minute" in a workspace and names no number; this is the careful reading."""
MEETING_FOR = 60.0
"""Seconds after its last message for which a meeting counts as going on."""
GAP = 60.0 / (POSTS_A_MINUTE / 2)


class NudgePace:
    """Moments are of a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._meeting_at = -MEETING_FOR
        self._nudge_at = -GAP

    def may_go(self, moment: float) -> bool:
        """Whether a reminder may go out now; without a meeting always."""
        return self.wait(moment) == 0.0

    def wait(self, moment: float) -> float:
        """Seconds until the next reminder may go."""
        if moment - self._meeting_at >= MEETING_FOR:
            return 0.0
        return max(self._nudge_at + GAP - moment, 0.0)

    def went(self, priority: int, moment: float, *, in_channel: bool) -> None:
        """A message was taken up to be sent. What goes to one person alone is no meeting."""
        if priority >= NUDGE:
            self._nudge_at = moment
        elif in_channel:
            self._meeting_at = moment
