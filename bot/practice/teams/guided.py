"""The guide beside the page on Teams: where each seat is, what it says there, and what "Do it for me" does.

The steps are in first_meeting.yaml. Where somebody is in them is forgotten when practice ends, as everything on Teams.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from time import monotonic
from typing import Any

from bot.offers import SHORTCUTS
from bot.practice.guide.steps import Act, Guide, Place, Step, read_guides
from bot.practice.teams.hands import Hands
from bot.practice.teams.records import Message, guid
from bot.practice.teams.strict import parts
from bot.teams import wire

Json = dict[str, Any]

FILE = Path(__file__).parent / "first_meeting.yaml"
FROM_MENU = "composeExtension/submitAction"
SECONDS, MAYBE_SECONDS, AGAIN = 8.0, 1.0, 0.05
MOST_SAVES = 3
NOT_HERE = "I cannot find “{what}” to press at the moment. Please do this step yourself, or skip it."
NOT_SAVED = "The form was not saved. Please finish it yourself."


class CannotDo(Exception):
    """Why a step cannot be done for somebody, in a sentence."""


@dataclass
class _Open:
    """A dialog somebody has open: where it belongs, and how it is handed in."""

    card: Json
    where: str
    invoke: str = ""


@dataclass
class _Seat:
    """Where somebody is in their guide: the number of the step, from 0."""

    step: int = 0
    left: bool = False


@dataclass
class Guided:
    """`unit` is the channel the unit meets in; `now` its moment, by its own clock."""

    hands: Hands
    unit: str
    now: Callable[[], datetime]
    _seats: dict[str, _Seat] = field(default_factory=dict)
    _dialogs: dict[str, _Open] = field(default_factory=dict)

    def show(self, user: str) -> Json | None:
        """The guide of a seat as it stands; None where it has none."""
        guide = next((one for one in read_guides(FILE).guides if user in map(guid, one.seats)), None)
        if guide is None:
            return None
        seat = self._seats.setdefault(user, _Seat())
        while seat.step < len(guide.steps) and self._holds(guide.steps[seat.step], user):
            seat.step += 1
        return self._drawn(guide, seat, user)

    async def act(self, user: str, what: str) -> Json | None:
        """A button of the guide: do, next, leave, take_up or again. Raises CannotDo with a sentence."""
        guide = next((one for one in read_guides(FILE).guides if user in map(guid, one.seats)), None)
        if guide is None:
            return None
        seat = self._seats.setdefault(user, _Seat())
        if what == "do" and seat.step < len(guide.steps):
            await self._do(guide.steps[seat.step], user)
        elif what == "next":
            seat.step = min(seat.step + 1, len(guide.steps))
        elif what in ("leave", "take_up"):
            seat.left = what == "leave"
        elif what == "again":
            self._seats[user] = _Seat()
        return self.show(user)

    # ---- what is there to see

    def _where(self, place: Place, user: str) -> str:
        return self.hands.connector.tenant.chat_of(user) if place == "direct" else self.unit

    def _messages(self, place: Place, user: str) -> list[Message]:
        """Newest first. A family's post is the newest that has replies of the bot's."""
        found = sorted(self.hands.connector.tenant.of(self._where(place, user)), key=lambda one: -int(one.id))
        if place != "thread":
            return found
        root = max((one.root for one in found if one.root and _titles(one.card)), default="", key=int) if found else ""
        return [one for one in found if root in (one.root, one.id)] if root else []

    def _holds(self, step: Step, user: str) -> bool:
        """Whether what ends the step is there to see."""
        until, actor = step.until, guid(step.by) if step.by else user
        if until is None:
            return False
        seen = self._messages(until.place or step.place, actor)
        titles = [title for one in seen for title in _titles(one.card)]
        if until.gone and (not seen or any(title.startswith(until.gone) for title in titles)):
            return False
        if until.button and not any(title.startswith(until.button) for title in titles):
            return False
        if until.said and not any(until.said in _words(one.card) for one in seen if not one.sender):
            return False
        return not until.typed or any(one.sender == user for one in seen)

    # ---- doing a step

    async def _do(self, step: Step, user: str) -> None:
        for act in step.do:
            name = act.by or step.by
            await self._one(step, act, guid(name) if name else user)
        end = monotonic() + SECONDS
        while step.until and not self._holds(step, user) and monotonic() < end:
            await asyncio.sleep(AGAIN)

    async def _one(self, step: Step, act: Act, user: str) -> None:
        place = act.place or step.place
        where = self._where(place, user)
        if act.command:
            await self.hands.say(user, where, act.command, to_bot=place != "direct")
        elif act.type:
            root = next((one.root or one.id for one in self._messages(place, user)), "")
            await self.hands.say(user, where, act.type, root=root)
        elif act.shortcut:
            await self._shortcut(act.shortcut, place, user)
        elif act.fill is not None:
            await self._fill(act.fill, user)
        else:
            await self._press(act, place, user)

    async def _press(self, act: Act, place: Place, user: str) -> None:
        """Presses a button of the open dialog, or of the newest message that has it."""
        label, end = act.press or act.choose, monotonic() + (MAYBE_SECONDS if act.maybe else SECONDS)
        while monotonic() < end:
            dialog = self._dialogs.get(user)
            if dialog and (title := next((one for one in _titles(dialog.card) if one.startswith(label)), "")):
                await self._hand_in(user, dialog, {}, title)
                return
            for message in self._messages(place, user):
                found = _choice(message.card, label, act.option) if act.choose else _button(message.card, label)
                if found is not None:
                    answer = await self.hands.send(self.hands.pressing(user, message, found[0], None, found[1]))
                    self._keep(user, answer.dialog, self.hands.where(message))
                    return
            await asyncio.sleep(AGAIN)
        if not act.maybe:
            raise CannotDo(NOT_HERE.format(what=label))

    async def _shortcut(self, title: str, place: Place, user: str) -> None:
        command = next((name for name, offered, _ in SHORTCUTS if offered == title), "")
        typed = next((one for one in self._messages(place, user) if one.sender), None)
        if not command or typed is None:
            raise CannotDo(NOT_HERE.format(what=title))
        answer = await self.hands.use_on(user, typed, command)
        self._keep(user, answer.dialog, self.hands.where(typed), FROM_MENU)

    async def _fill(self, wanted: Mapping[str, str], user: str) -> None:
        """Fills in what the form asks of it, and hands it in; once more where that brought questions."""
        for _ in range(MOST_SAVES):
            dialog = self._dialogs.get(user)
            if dialog is None:
                raise CannotDo(NOT_SAVED)
            await self._hand_in(user, dialog, dict(_answers(dialog.card, wanted)))
            if (now := self._dialogs.get(user)) is None or not any(_inputs(now.card)):
                return
        raise CannotDo(NOT_SAVED)

    async def _hand_in(self, user: str, dialog: _Open, inputs: Json, title: str = "") -> None:
        answer = await self.hands.submit(user, dialog.where, dialog.card, inputs, title, dialog.invoke)
        self._keep(user, answer.dialog, dialog.where, dialog.invoke)

    def _keep(self, user: str, card: Json, where: str, invoke: str = "") -> None:
        self._dialogs.pop(user, None)
        if card:
            self._dialogs[user] = _Open(card, where, invoke)

    # ---- drawing

    def _drawn(self, guide: Guide, seat: _Seat, user: str) -> Json:
        finished = seat.step >= len(guide.steps)
        return {
            "title": guide.title,
            "left": seat.left,
            "finished": finished,
            "end": guide.end,
            "number": min(seat.step + 1, len(guide.steps)),
            "of": len(guide.steps),
            "steps": [{"title": step.title, "done": n < seat.step} for n, step in enumerate(guide.steps)],
            "step": None if finished else self._step(guide.steps[seat.step], user),
        }

    def _step(self, step: Step, user: str) -> Json:
        people, now = self.hands.connector.tenant.people, self.now()
        return {
            "id": step.id,
            "title": step.title,
            "say": step.say.format(day=f"{now:%A}", time=f"{now:%H:%M}", me=people[user].name),
            "by": people[guid(step.by)].name if step.by else "",
            "can_do": bool(step.do),
            "ends_by_itself": step.until is not None,
            "place": "chat" if step.place == "direct" else self.unit,
            "thread": "",
        }


def _titles(card: Json) -> list[str]:
    """What stands on the buttons of a card that do something."""
    return [str(part.get("title")) for part in parts(card) if isinstance(part.get("data"), dict)]


def _words(card: Json) -> str:
    lines = [str(part["text"]) for part in parts(card) if part.get("type") == "TextBlock"]
    runs = ("".join(str(run["text"]) for run in part["inlines"]) for part in parts(card) if "inlines" in part)
    return "\n".join([*lines, *runs])


def _inputs(card: Json) -> Iterator[Json]:
    return (part for part in parts(card) if str(part.get("type")).startswith("Input."))


def _button(card: Json, label: str) -> tuple[Json, str] | None:
    for part in parts(card):
        data = part.get("data")
        if isinstance(data, dict) and wire.MENU not in data and str(part.get("title")).startswith(label):
            return part, ""
    return None


def _choice(card: Json, label: str, option: str) -> tuple[Json, str] | None:
    """The button of a menu with this label, and the line of it that begins so."""
    for menu in _inputs(card):
        line = next((one for one in menu.get("choices", ()) if one["title"].startswith(option)), None)
        if line is None or not str(menu.get("label")).startswith(label):
            continue
        name = str(menu["id"]).removeprefix(wire.INPUT)
        found = (one for one in parts(card) if isinstance(one.get("data"), dict) and one["data"].get(wire.MENU) == name)
        return next(((button, str(line["value"])) for button in found), None)
    return None


def _answers(card: Json, wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Answers by key: for a field whose key fits a pattern. A choice is given by its value or its words."""
    for part in _inputs(card):
        key = str(part["id"]).removeprefix(wire.INPUT)
        for pattern, answer in wanted.items():
            if fnmatchcase(key, pattern):
                offered = {one["title"]: one["value"] for one in part.get("choices", ())}
                yield key, str(offered.get(answer, answer))
