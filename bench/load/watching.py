"""Who waits for what: each act is timed from its moment to the moment its sight is in the workspace."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.practice.server import PracticeServer
from bot.practice.slack.modals import Modals
from bot.practice.slack.workspace import Workspace

Json = dict[str, Any]
Seen = Callable[[str, Json], bool]
"""Whether this is what was waited for: "post", "change", "whisper", "window" or "home", and what it shows."""


@dataclass
class Watch:
    kind: str
    began: float
    seen: Seen
    done: asyncio.Future[float]


class Watching:
    """Looks at everything the bot shows, by channel, by person (`modal:U1`, `home:U1`) or by both (`C1/U1`)."""

    def __init__(self, server: PracticeServer) -> None:
        self.waiting: dict[str, list[Watch]] = defaultdict(list)
        self.found: dict[str, list[float]] = defaultdict(list)
        self.asked: Counter[str] = Counter()
        self.superseded: Counter[str] = Counter()
        self._listen(server.workspace, server.modals)

    def watch(self, kind: str, place: str, seen: Seen) -> Watch:
        """Begins to wait, from now on."""
        self.asked[kind] += 1
        one = Watch(kind, time.monotonic(), seen, asyncio.get_running_loop().create_future())
        self.waiting[place].append(one)
        return one

    def forget(self) -> None:
        """What was so far does not count."""
        self.found.clear()
        self.asked.clear()
        self.waiting.clear()

    def give_up(self, kind: str, place: str) -> None:
        """What was to be seen there cannot be seen any more: something newer stands in its place."""
        left = [one for one in self.waiting[place] if one.kind != kind]
        self.superseded[kind] += len(self.waiting[place]) - len(left)
        self.waiting[place] = left

    def late(self) -> dict[str, list[float]]:
        """How long those have waited that still wait, by kind."""
        found: dict[str, list[float]] = defaultdict(list)
        for some in self.waiting.values():
            for one in some:
                found[one.kind].append(time.monotonic() - one.began)
        return found

    def happened(self, place: str, how: str, shown: Json) -> None:
        """Something is there to see."""
        moment = time.monotonic()
        for one in list(self.waiting.get(place, ())):
            if one.seen(how, shown):
                self.waiting[place].remove(one)
                self.found[one.kind].append(moment - one.began)
                if not one.done.done():
                    one.done.set_result(moment)

    def _listen(self, space: Workspace, modals: Modals) -> None:
        post, change, whisper, opened, published = (
            space.post,
            space.change,
            space.whisper,
            modals.open,
            modals.publish,
        )
        bot = space.config.bot_user_id

        def posted(channel: Any, message: Any, *rest: Any, **more: Any) -> Any:
            kept = post(channel, message, *rest, **more)
            if kept.get("user") == bot:
                self.happened(channel.id, "post", kept)
            return kept

        def changed(channel: Any, ts: str, by: str, *rest: Any, **more: Any) -> Any:
            kept = change(channel, ts, by, *rest, **more)
            if by == bot:
                self.happened(channel.id, "change", kept)
            return kept

        def whispered(channel: Any, user: str, message: Any, *rest: Any, **more: Any) -> Any:
            ts = whisper(channel, user, message, *rest, **more)
            self.happened(f"{channel.id}/{user}", "whisper", {**message, "ts": ts})
            return ts

        def shown(trigger: Any, view: Any) -> Any:
            answer = opened(trigger, view)
            for place in [one for one in self.waiting if one.startswith("modal:")]:
                if any(one["id"] == answer["id"] for one in modals.stack(place.removeprefix("modal:"))):
                    self.happened(place, "window", answer)
            return answer

        def home(user: str, view: Any, *rest: Any, **more: Any) -> Any:
            answer = published(user, view, *rest, **more)
            self.happened(f"home:{user}", "home", answer)
            return answer

        space.post, space.change, space.whisper = posted, changed, whispered  # type: ignore[method-assign]
        modals.open, modals.publish = shown, home  # type: ignore[method-assign]


def text_of(shown: Json) -> str:
    """All that stands in a message, as one text."""
    return json.dumps(shown.get("blocks") or [], ensure_ascii=False)


def heading_of(shown: Json) -> str:
    """What a message is headed."""
    return next((str(b["text"]["text"]) for b in shown.get("blocks", []) if b["type"] == "header"), "")
