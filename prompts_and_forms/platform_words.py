"""How people of a platform ask for things, and what they call the places where the bot is met.

Sentences are written in Slack's words. Where the bot runs on another platform they are put into its own before anybody
reads one, as a council's own names are (own_names.py); what people typed is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

BOT_NAME = "Unit Meeting Bot"


@dataclass(frozen=True)
class PlatformWords:
    """`command`: how a command is typed. `called`: what stands in a sentence instead of Slack's words."""

    command: str = "/{prefix}{name}"
    called: Mapping[str, str] = field(default_factory=dict)

    def in_words(self, text: str) -> str:
        """A sentence in the words of the platform."""
        return self._pattern.sub(lambda found: self.called[found[0]], text) if self.called else text

    @property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.called, key=len, reverse=True)
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


SLACK = PlatformWords()
TEAMS = PlatformWords(
    command=f"@{BOT_NAME} {{name}}",
    called={
        "This private channel": "This channel of a private team",
        "this private channel": "this channel of a private team",
        "a new private channel": "a channel of a new private team",
        "unit's private channel": "unit's own channel",
        "private channels": "private teams",
        "private channel": "private team",
        "invite me": "add me",
        "Invite me to it": "Add me to its team",
        "pinned in": "in",
        "pinned at the top of": "in",
        "unarchive it": "restore it",
        "is archived": "is archived or gone",
        "Home tab": "home card",
        "direct messages are off": "the person has blocked this app",
        "direct messages with the bot": "chat with the bot",
        "in a direct message to me": "in your chat with me",
        "in a direct message": "in your chat with me",
        "a direct message": "a message",
        "direct messages": "messages",
        "among your direct messages": "in your chat with me",
        "This Slack workspace": "Teams",
        "Slack": "Teams",
    },
)
BY_PLATFORM = {"slack": SLACK, "teams": TEAMS}
