"""What "Do it for me" does: the acts of a step, as the person whose turn it is would do them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from bot.practice.guide.eyes import Eyes, labels_of
from bot.practice.guide.steps import Act, Place, Step
from bot.practice.seat import Practice, Seat, SeatError, find_element, label_of
from bot.practice.slack.echo import all_blocks, elements_of
from bot.practice.slack.limits import Json
from bot.practice.slack.refusal import SeatRefusal
from bot.practice.slack.state import options_of
from prompts_and_forms.days.working_days import after_working_days, is_working_day

Seen = TypeVar("Seen")
SECONDS = 6.0
"""How long an act waits for the bot to show what it needs."""
MAYBE_SECONDS = 1.0
NOTHING = "nothing_to_press"
LATER = "The bot has not answered yet, so this step could not be done. Please try again in a moment."
NOTHING_HERE = "I cannot find “{what}” to press at the moment. Please do this step yourself, or skip it."
NOT_SAVED = "The form was not saved: {why} Please finish it yourself."


class Doing:
    """Acts of one step. `eyes` are those of the person whose turn it is; `today` the unit's day."""

    def __init__(self, practice: Practice, eyes: Eyes, now: datetime) -> None:
        self._practice = practice
        self._eyes = eyes
        self._seat = Seat(practice, eyes.user)
        self._now = now

    async def act(self, step: Step, act: Act) -> None:
        """Does it; raises SeatRefusal with a sentence where it cannot be done."""
        try:
            await self._one(step, act)
        except SeatRefusal as refusal:
            if not (act.maybe and refusal.code == NOTHING):
                raise
        except SeatError as trouble:
            raise SeatRefusal(trouble.code, trouble.sentence or LATER) from trouble

    async def _one(self, step: Step, act: Act) -> None:
        place = act.place or step.place
        if act.command:
            command, _, text = act.command.partition(" ")
            await self._seat.command(self._channel(place), command, text)
        elif act.type:
            channel, thread = self._eyes.address(place)
            await self._seat.type(channel, act.type, thread or None)
        elif act.press or act.choose:
            await self._press(step, act)
        elif act.shortcut:
            await self._shortcut(step, act)
        elif act.fill is not None:
            await self._fill(act.fill)

    def _channel(self, place: Place) -> str:
        channel = self._eyes.channel(place)
        if channel is None:
            raise SeatRefusal("channel_not_found", "You cannot see this channel from this seat.", 404)
        return channel.id

    async def _press(self, step: Step, act: Act) -> None:
        label = act.press or act.choose

        async def look() -> tuple[Json, Json] | None:
            form = self._eyes.form()
            shown = [form] if form else []
            for message in [*shown, *self._eyes.everywhere(act.place or step.place)]:
                if any(one.startswith(label) for one in labels_of(message)):
                    return message, _element(message, label)
            return None

        message, element = await self._wait(look, label, MAYBE_SECONDS if act.maybe else SECONDS)
        chosen: dict[str, Any] = {"choose": _option(element, act.option)} if act.choose else {}
        await self._seat.press(message, element["action_id"], channel=message.get("channel"), **chosen)

    async def _shortcut(self, step: Step, act: Act) -> None:
        shortcut = next((one for one in self._eyes.workspace.config.shortcuts if one.name == act.shortcut), None)
        typed = [one for one in self._eyes.messages(act.place or step.place) if one.get("client_msg_id")]
        if shortcut is None or not typed:
            raise SeatRefusal(NOTHING, NOTHING_HERE.format(what=act.shortcut))
        await self._seat.shortcut(shortcut.callback_id, typed[-1]["channel"], typed[-1]["ts"])

    async def _fill(self, wanted: Mapping[str, str]) -> None:
        async def look() -> Json | None:
            return self._eyes.form()

        form = await self._wait(look, "the form")
        answer = await self._seat.submit(form, _answers(form, wanted, self._words()))
        errors = answer.get("errors") or {}
        if errors:
            raise SeatRefusal("not_saved", NOT_SAVED.format(why=" ".join(map(str, errors.values()))))

    async def _wait(self, look: Callable[[], Awaitable[Seen | None]], what: str, seconds: float = SECONDS) -> Seen:
        try:
            found = await self._practice.until(look, seconds)
        except SeatError as trouble:
            raise SeatRefusal(NOTHING, NOTHING_HERE.format(what=what)) from trouble
        assert found is not None
        return found

    def _words(self) -> dict[str, str]:
        """Days that answers may name in braces."""
        today = self._now.date()
        coming = today + timedelta(days=7)
        while not is_working_day(coming):
            coming += timedelta(days=7)
        return {
            "today": today.isoformat(),
            "yesterday": after_working_days(today, -1).isoformat(),
            "next_meeting": coming.isoformat(),
            "last_week": (today - timedelta(days=7)).isoformat(),
        }


def _element(message: Json, label: str) -> Json:
    """The element whose label begins so; raises SeatError where there is none."""
    for block in all_blocks(message.get("blocks") or []):
        for element in elements_of(block):
            if label_of(element).startswith(label):
                return element
    return find_element(message, label)[1]


def _option(element: Json, beginning: str) -> str:
    """The value of the first line of a menu that begins so, or of the first line of all."""
    offered = options_of(element)
    found = next((one for one in offered if one["text"]["text"].startswith(beginning)), None)
    if found is None:
        raise SeatRefusal("no_such_option", NOTHING_HERE.format(what=beginning))
    return str(found["value"])


def _answers(form: Json, wanted: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    """Answers by block id: what is wanted for a field with this label, or whose id fits this pattern.

    What a form no longer asks is left out, so that a step outlives a change of the form.
    """
    found: dict[str, str] = {}
    for block in all_blocks(form["blocks"]):
        if block.get("type") != "input":
            continue
        label, block_id = block["label"]["text"].casefold(), str(block["block_id"])
        for name, answer in wanted.items():
            if label.startswith(name.casefold()) or fnmatchcase(block_id, name):
                found.setdefault(block_id, answer.format(**words))
    return found
