"""What a person's hands do in a rehearsal: find a button, press it, fill a form box by box, hand it in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sqlmodel import Session, col, select

from bot.practice.rehearsal.judge import Played
from bot.practice.rehearsal.place import Place, Sitting
from bot.practice.rehearsal.written import Names, answers
from bot.practice.slack.echo import all_blocks, elements_of
from bot.slack.views import WORDS
from handlers.forms.context import context
from handlers.turn import Event, EventKind, Turn
from prompts_and_forms.forms import engine
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.keys import AND_MORE
from storage.database.db import Database
from storage.database.tables import Discussion, Entry, Person, Unit
from storage.database.tables_machinery import Post
from storage.meeting import meetings

Json = dict[str, Any]
Talk = Mapping[str, Any] | None
ADD_MORE = f"more#{AND_MORE}"


class CannotPlay(Exception):
    """A written turn could not be played; the message says what was not there to press."""


@dataclass
class World:
    """What a player needs: the workspace, the bot's record to look into, and a way to wait until all is done."""

    practice: Place
    db: Database
    unit_id: str
    channel: str
    users: dict[str, str]
    names: Names
    gone: frozenset[str]
    away: frozenset[str]
    set_minute: Callable[[float], Awaitable[None]]
    settle: Callable[[], Awaitable[None]]
    answered: Callable[[], Awaitable[None]]


@dataclass
class Hands:
    """Acts in the workspace for whoever's turn it is."""

    world: World
    meeting_id: str = ""

    def seat(self, who: str) -> Sitting:
        """The seat of somebody, by the name the file calls them."""
        return self.world.practice.seat(self.world.users[who])

    # ---- where things are

    def discussion(self, talk: Mapping[str, Any]) -> Discussion | None:
        """The family's discussion in this meeting, as it stands."""
        family_id = self.world.names.families[talk["family"]]
        with self.world.db.read() as session:
            found = meetings.discussion_of(session, self.meeting_id, family_id)
            if found is not None:
                session.expunge(found)
            return found

    async def thread(self, talk: Talk) -> str:
        """Where the family is discussed; the board's own thread without one."""
        discussion = self.discussion(talk) if talk else None
        key = f"discussion:{discussion.id}" if discussion else f"meeting:{self.meeting_id}/board"
        with self.world.db.read() as session:
            post = session.exec(select(Post).where(Post.key == key)).first()
            if post is None:
                raise CannotPlay(f"there is no thread for {talk['family'] if talk else 'the board'}")
            return post.ts

    # ---- forms

    async def fill(
        self,
        who: str,
        action: str,
        args: dict[str, str],
        form_id: str,
        nested: dict[str, Any] | None,
        talk: Talk,
        data: Mapping[str, Any] | None = None,
        played: Played | None = None,
    ) -> None:
        """Opens a form from its button, fills every box and hands it in."""
        seat = self.seat(who)
        try:
            await self.press(seat, talk, action, **args)
        except CannotPlay:
            if action != "form.open":
                raise
            await self.more(seat, talk, args["discussion"], f"form:{form_id}")
        form = load_form(form_id)
        given = nested if nested is not None else answers(form, data or {}, self.world.names)
        family_id = self.world.names.families[talk["family"]] if talk else None
        with self.world.db.read() as session:
            turn = self._looking(session, who)
            flat, boxes = engine.flatten(form, context(turn, family_id, form), given)
        if played is not None:
            played.answers = given
        await self.hand_in(seat, flat, boxes, played, form_id, talk)

    def _looking(self, session: Session, who: str) -> Turn:
        unit = session.get(Unit, self.world.unit_id)
        person = session.get(Person, self.world.names.people[who])
        now = self.world.names.start
        return Turn(session, Event("look", EventKind.HOME, now), now, person, unit)

    async def hand_in(
        self,
        seat: Sitting,
        flat: Mapping[str, Any],
        boxes: Mapping[str, int],
        played: Played | None,
        form_id: str = "",
        talk: Talk = None,
    ) -> None:
        """Fills in the open form, step by step, and saves it; raises CannotPlay for a field it does not have."""
        view, kept = await seat.top_modal(), self._entries()
        if view is None:
            raise CannotPlay(f"no form opened for {form_id}")
        if any(flat[k] not in ("", None) for k in flat if k not in _boxes(view)):
            view = await self._rest_of_form(seat, view, flat)
            if taken := [entry for entry in self._entries() if entry not in kept]:
                view = await self._opened_again(seat, talk, taken[-1])
        for key in boxes:
            view = await self._more_boxes(seat, view, key, flat)
        shown = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
        if any("~" in k and k not in shown for k in flat):
            await seat.submit(view, {k: v for k, v in flat.items() if k in shown})
            await self.world.settle()
            view = await seat.top_modal() or view
            shown = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
        unknown = [k for k in flat if k not in shown and flat[k] not in ("", None)]
        if unknown:
            title = view["title"]["text"]
            raise CannotPlay(f"the form {form_id} ({title}) has no field for {', '.join(unknown)}")
        before = self._entries()
        result = await seat.submit(view, {k: v for k, v in flat.items() if k in shown})
        await self.world.settle()
        if not result.get("ok", True) or result.get("errors"):
            if played is not None:
                played.refused = "; ".join((result.get("errors") or {"": "not saved"}).values())
            left = await seat.top_modal()
            if left is not None:
                await seat.close(left, all_of_them=True)
            return
        await self._read_and_close(seat)
        if played is not None:
            fresh = [e for e in self._entries() if e not in before]
            played.entry_id = fresh[0] if fresh else ""

    async def _opened_again(self, seat: Sitting, talk: Talk, entry: str) -> Json:
        """A yes was taken before the rest was asked: its record, opened from the window that says whom to call."""
        await self.press(seat, talk, "entry.edit", entry=entry)
        view = await seat.top_modal()
        if view is None:
            raise CannotPlay("the record that was taken at once does not open again")
        return view

    async def _read_and_close(self, seat: Sitting) -> None:
        """A form may end in a window that only says something, such as whom to call."""
        left = await seat.top_modal()
        if left is not None and left["callback_id"] == WORDS:
            await seat.close(left, all_of_them=True)

    async def _rest_of_form(self, seat: Sitting, view: Json, flat: Mapping[str, Any]) -> Json:
        """The form with everything it can ask, where it opened short or asks on from an answer."""
        asks_on = [b["block_id"] for b in view["blocks"] if b.get("dispatch_action")]
        for key in [ADD_MORE] if ADD_MORE in _boxes(view) else asks_on:
            typed = {b["block_id"]: flat.get(b["block_id"]) for b in view["blocks"]}
            typed = {k: v for k, v in typed.items() if v not in ("", None)}
            if key == ADD_MORE:
                await seat.press(view, key, values=typed)
            elif key in typed:
                first = [b for b in view["blocks"] if b["block_id"] == key]
                here = {**view, "blocks": [*first, *view["blocks"]]}
                await seat.press(here, first[0]["element"]["action_id"], values=typed, choose=typed[key])
            await self.world.settle()
            view = await seat.top_modal() or view
            if all(flat[k] in ("", None) for k in flat if k not in _boxes(view)):
                break
        return view

    async def _more_boxes(self, seat: Sitting, view: Json, key: str, flat: Mapping[str, Any]) -> Json:
        for _ in range(30):
            shown = {b["block_id"] for b in view["blocks"]}
            wanted = [k for k in flat if k.startswith((f"{key}#", f"{key}~")) and flat[k] not in ("", None)]
            if all(k in shown for k in wanted) or f"more#{key}" not in shown:
                return view
            await seat.press(view, f"more#{key}")
            await self.world.settle()
            fresh = await seat.top_modal()
            assert fresh is not None
            view = fresh
        return view

    def _entries(self) -> list[str]:
        with self.world.db.read() as session:
            return list(session.exec(select(Entry.id).order_by(col(Entry.recorded_at))))

    # ---- pressing

    async def press(self, seat: Sitting, talk: Talk, action: str, *, choose: str | None = None, **args: str) -> None:
        """Presses the newest button of this action with these arguments that the seat can see."""
        for message, block, element in await self._visible(seat, talk):
            name, known = _named(element)
            if name != action or any(known.get(k) != v for k, v in args.items()):
                continue
            if (choose is None) == ("options" in element or "option_groups" in element):
                continue
            extra: dict[str, Any] = {} if choose is None else {"choose": choose}
            here = {**message, "blocks": [block]}
            await seat.press(here, element["action_id"], channel=self.world.channel, **extra)
            await self.world.settle()
            return
        raise CannotPlay(f"there is no {action} button for {args} to press")

    async def more(self, seat: Sitting, talk: Talk, discussion_id: str, chosen: str) -> None:
        """Chooses from the menu of the discussion's card."""
        await self.press(seat, talk, "stage.more", choose=chosen, discussion=discussion_id)

    async def _visible(self, seat: Sitting, talk: Talk) -> list[tuple[Json, Json, Json]]:
        """Buttons and menus in the thread (or channel), newest message first."""
        messages = await seat.messages(self.world.channel, await self.thread(talk) if talk else None)
        if talk is not None:
            messages = [*(await seat.messages(self.world.channel)), *messages]
        found = []
        for message in reversed(messages):
            found += [(message, block, element) for block, element in _elements(message)]
        return found


def _boxes(view: Json) -> set[str]:
    return {str(block.get("block_id", "")) for block in view["blocks"]}


def _elements(message: Json) -> Iterator[tuple[Json, Json]]:
    for block in all_blocks(message.get("blocks") or []):
        for element in elements_of(block):
            if element.get("type") in ("button", "static_select"):
                yield block, element


def _named(element: Json) -> tuple[str, dict[str, str]]:
    """The route and the arguments of a button or menu, as the bot reads them back."""
    name, _, query = str(element.get("action_id", "")).partition("#")[0].partition("?")
    args = dict(parse_qsl(query))
    if element["type"] == "button":
        try:
            args |= json.loads(element.get("value") or "{}")
        except ValueError:
            return name, args
    return name, {k: str(v) for k, v in args.items()}
