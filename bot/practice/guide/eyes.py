"""What somebody in a seat can see just now, and whether that ends a step."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from bot.practice.guide.steps import Guides, Place, Step, Until
from bot.practice.seat import label_of
from bot.practice.slack.echo import all_blocks, elements_of, text_of
from bot.practice.slack.limits import Json
from bot.practice.slack.modals import Modals
from bot.practice.slack.records import Channel
from bot.practice.slack.workspace import Workspace

DISCUSSION = "discussion:"
PRESSED_IN: tuple[Place, ...] = ("thread", "unit", "direct")


@dataclass(frozen=True)
class Eyes:
    """One person's view of the workspace; `at` and `thread` are what their page shows."""

    workspace: Workspace
    modals: Modals
    guides: Guides
    user: str
    at: str = ""
    thread: str = ""
    saved: frozenset[str] = frozenset()

    def channel(self, place: Place) -> Channel | None:
        """The channel of a place; None where it cannot be seen."""
        if place == "home":
            return None
        if place == "direct":
            return self.workspace.direct_with(self.user)
        name = self.guides.everyone if place == "everyone" else self.guides.unit
        found = next((one for one in self.workspace.channels.values() if one.name == name), None)
        return found if found and self.workspace.can_see(self.user, found) else None

    def newest_thread(self) -> str:
        """The first message of the family discussed last; "" before there is one."""
        unit = self.channel("unit")
        if unit is None:
            return ""
        found = (ts for ts in reversed(unit.roots) if _is_discussion(unit.messages[ts]))
        return next(found, "")

    def address(self, place: Place) -> tuple[str, str]:
        """What a page opens for a place: a channel (or "home") and a thread."""
        if place == "home":
            return "home", ""
        channel = self.channel(place)
        return (channel.id if channel else ""), (self.newest_thread() if place == "thread" else "")

    def messages(self, place: Place) -> list[Json]:
        """Oldest first, with those only this person sees; each with its channel."""
        channel = self.channel(place)
        thread = self.newest_thread() if place == "thread" else ""
        if channel is None or (place == "thread" and not thread):
            return []
        stamps = [thread, *channel.replies.get(thread, ())] if thread else channel.roots
        seen = [channel.messages[ts] for ts in stamps if ts in channel.messages]
        seen += [
            one.message
            for one in channel.whispers.values()
            if one.user == self.user and one.message.get("thread_ts", "") == thread
        ]
        return [{**message, "channel": channel.id} for message in sorted(seen, key=lambda one: str(one["ts"]))]

    def everywhere(self, first: Place) -> list[Json]:
        """Messages to press in: the place itself, then the others, newest first."""
        places = dict.fromkeys((first, *PRESSED_IN))
        return [message for place in places for message in reversed(self.messages(place))]

    def form(self) -> Json | None:
        """The form on top of this person's page, if one is open."""
        stack = self.modals.stack(self.user)
        return stack[-1] if stack else None

    def holds(self, step: Step) -> bool:
        """Whether what ends the step is there to see. A step without an end waits for "Next"."""
        until = step.until
        if until is None:
            return False
        return self._forms(until) and self._shown(until, until.place or step.place)

    def _forms(self, until: Until) -> bool:
        form = self.form()
        if until.form and (form is None or not form["title"]["text"].startswith(until.form)):
            return False
        return not until.saved or any(title.startswith(until.saved) for title in self.saved)

    def _shown(self, until: Until, place: Place) -> bool:
        if until.at is not None and not self._is_at(until.at):
            return False
        seen = self.messages(place)
        by_bot = [message for message in seen if message.get("bot_id")]
        labels = [label for message in seen for label in labels_of(message)]
        if until.card and not any(fnmatchcase(key_of(message), until.card) for message in seen):
            return False
        if until.button and not any(label.startswith(until.button) for label in labels):
            return False
        if until.gone and any(label.startswith(until.gone) for label in labels):
            return False
        if until.said and not any(until.said in words_of(message) for message in by_bot):
            return False
        return not until.typed or any(message.get("user") == self.user for message in seen)

    def _is_at(self, place: Place) -> bool:
        """Whether the page shows this place."""
        channel, thread = self.address(place)
        return (channel, thread) == (self.at, self.thread) and (bool(thread) or place != "thread")


def key_of(message: Json) -> str:
    """The bot's own key of a message; "" for what people wrote."""
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key") or "")


def _is_discussion(message: Json) -> bool:
    key = key_of(message)
    return key.startswith(DISCUSSION) and "/" not in key


def labels_of(message: Json) -> list[str]:
    """What stands on the buttons and menus of a message."""
    return [label_of(element) for block in all_blocks(message.get("blocks") or []) for element in elements_of(block)]


def words_of(message: Json) -> str:
    """Everything a person reads in a message."""
    blocks = message.get("blocks") or []
    return f"{message.get('text') or ''}\n{text_of(blocks) if blocks else ''}"
