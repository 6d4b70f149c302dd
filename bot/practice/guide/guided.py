"""The guide beside the page: where each seat is, what it says there, and what its buttons do.

Where somebody is in their guide is saved with the workspace, so it can be left and taken up on another day.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.practice.guide.doing import SECONDS, Doing
from bot.practice.guide.eyes import Eyes
from bot.practice.guide.steps import Guide, Guides, Step, read_guides
from bot.practice.seat import Practice, SeatError
from bot.practice.slack.interactions import Interactions
from bot.practice.slack.limits import Json
from bot.practice.slack.modals import Modals
from bot.practice.slack.refusal import SeatRefusal
from bot.practice.slack.workspace import Workspace

KIND = "guide"
ZONE = ZoneInfo("Europe/London")
NO_GUIDE = "There is no guide for this seat."


class Guided:
    """`now` is the unit's moment; `address` where the workspace is served."""

    def __init__(
        self,
        workspace: Workspace,
        modals: Modals,
        *,
        interactions: Interactions,
        now: Callable[[], datetime],
        address: Callable[[], str],
        guides: Guides | None = None,
    ) -> None:
        self._workspace = workspace
        self._modals = modals
        self._now = now
        self._address = address
        self._guides = guides or read_guides()
        self._saved: dict[str, set[str]] = {}
        interactions.form_watchers.append(self._form_saved)
        self._kept: dict[str, Json] = dict(workspace.store.all(KIND))

    # ---- what the page asks

    async def show(self, asked: Json) -> Json:
        """The guide of a seat as it stands; what has been done meanwhile is behind it."""
        user = self._user(asked)
        guide = self._guide(user)
        if guide is None:
            return {"guide": None}
        eyes = self._eyes(user, asked)
        self._advance(guide, eyes)
        return {"guide": self._drawn(guide, eyes)}

    async def act(self, asked: Json) -> Json:
        """A button of the guide: do, next, leave, take_up or again."""
        user, what = self._user(asked), str(asked.get("act"))
        guide = self._guide(user)
        if guide is None:
            raise SeatRefusal("no_guide", NO_GUIDE, 404)
        eyes = self._eyes(user, asked)
        go: Json | None = None
        if what == "do":
            go = await self._do(guide, eyes)
        elif what in ("leave", "take_up"):
            self._keep(user, left=what == "leave")
        elif what == "next":
            self._move(guide, user)
        elif what == "again":
            self._saved.pop(user, None)
            self._keep(user, step=guide.steps[0].id, left=False)
        else:
            raise SeatRefusal("invalid_request", "The guide has no such button.")
        if what == "do":
            self._advance(guide, eyes)
        return {"guide": self._drawn(guide, eyes), "go": go}

    # ---- where somebody is

    def _at(self, guide: Guide, user: str) -> int:
        """The number of the step, from 0; as many as there are steps once all is done."""
        step = self._kept.get(user, {}).get("step", guide.steps[0].id)
        if step == "":
            return len(guide.steps)
        return next((n for n, one in enumerate(guide.steps) if one.id == step), 0)

    def _move(self, guide: Guide, user: str) -> None:
        place = min(self._at(guide, user) + 1, len(guide.steps))
        self._keep(user, step=guide.steps[place].id if place < len(guide.steps) else "")

    def _form_saved(self, user: str, title: str) -> None:
        self._saved.setdefault(user, set()).add(title)
        self._workspace.announce("modal", [user], stack=self._modals.stack(user))

    def _keep(self, user: str, **changed: Any) -> None:
        self._kept[user] = {**self._kept.get(user, {}), **changed}
        self._workspace.store.save(KIND, user, self._kept[user])

    def _advance(self, guide: Guide, eyes: Eyes) -> None:
        """Past every step whose end is there to see."""
        while self._at(guide, eyes.user) < len(guide.steps):
            step = guide.steps[self._at(guide, eyes.user)]
            if not self._by(step, eyes).holds(step):
                return
            self._move(guide, eyes.user)

    # ---- doing a step

    async def _do(self, guide: Guide, eyes: Eyes) -> Json | None:
        place = self._at(guide, eyes.user)
        if place >= len(guide.steps):
            return None
        step = guide.steps[place]
        async with Practice(self._address()) as practice:
            for act in step.do:
                actor = self._by(step, eyes, act.by)
                await Doing(practice, actor, self._local()).act(step, act)
                await practice.settle(quiet=0.05)
            await self._seen_done(practice, step, eyes)
        if step.until is None:
            self._move(guide, eyes.user)
        last = step.do[-1].place if step.do else None
        channel, thread = eyes.address(last or step.place)
        return {"place": channel, "thread": thread} if channel else None

    async def _seen_done(self, practice: Practice, step: Step, eyes: Eyes) -> None:
        """Waits a little for what ends the step; what the page itself opens is not waited for."""
        if step.until is None or step.until.at is not None:
            return

        async def look() -> bool:
            return self._by(step, eyes).holds(step)

        with suppress(SeatError):
            await practice.until(look, SECONDS)

    # ---- drawing

    def _drawn(self, guide: Guide, eyes: Eyes) -> Json:
        place = self._at(guide, eyes.user)
        kept = self._kept.get(eyes.user, {})
        finished = place >= len(guide.steps)
        return {
            "title": guide.title,
            "left": bool(kept.get("left")),
            "finished": finished,
            "end": self._said(guide.end, eyes.user),
            "number": min(place + 1, len(guide.steps)),
            "of": len(guide.steps),
            "steps": [{"title": step.title, "done": n < place} for n, step in enumerate(guide.steps)],
            "step": None if finished else self._step(guide.steps[place], eyes),
        }

    def _step(self, step: Step, eyes: Eyes) -> Json:
        by = self._by(step, eyes).user
        channel, thread = eyes.address(step.place)
        return {
            "id": step.id,
            "title": step.title,
            "say": self._said(step.say, eyes.user),
            "by": self._workspace.people[by]["real_name"] if by != eyes.user else "",
            "can_do": bool(step.do),
            "ends_by_itself": step.until is not None,
            "place": channel,
            "thread": thread,
        }

    def _said(self, sentence: str, user: str) -> str:
        now = self._local()
        name = self._workspace.people[user]["real_name"]
        return sentence.format(day=f"{now:%A}", time=f"{now:%H:%M}", me=name)

    # ---- shared parts

    def _user(self, asked: Json) -> str:
        user = str(asked.get("user"))
        self._workspace.seated(user)
        return user

    def _guide(self, user: str) -> Guide | None:
        unit = any(channel.name == self._guides.unit for channel in self._workspace.channels.values())
        return self._guides.for_seat(str(self._workspace.people[user]["name"])) if unit else None

    def _eyes(self, user: str, asked: Json) -> Eyes:
        at, thread = str(asked.get("place") or ""), str(asked.get("thread") or "")
        return self._seen_by(user, at, thread)

    def _seen_by(self, user: str, at: str = "", thread: str = "") -> Eyes:
        saved = frozenset(self._saved.get(user, ()))
        return Eyes(self._workspace, self._modals, self._guides, user, at, thread, saved)

    def _by(self, step: Step, eyes: Eyes, name: str = "") -> Eyes:
        """The eyes of whoever does a step: the person in the seat, or a colleague named in it."""
        wanted = name or step.by
        found = next((key for key, one in self._workspace.people.items() if one["name"] == wanted), eyes.user)
        return self._seen_by(found, *((eyes.at, eyes.thread) if found == eyes.user else ()))

    def _local(self) -> datetime:
        return self._now().astimezone(ZONE)


def unit_moment(workspace: Workspace, offset_seconds: float) -> datetime:
    """The moment it is for the unit."""
    return datetime.fromtimestamp(workspace.now(), UTC) + timedelta(seconds=offset_seconds)
