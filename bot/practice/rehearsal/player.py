"""Plays written turns from the seats of the people who said them: typing, pressing and handing in forms."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from sqlmodel import Session, col, select

from bot.practice.echo import all_blocks, elements_of
from bot.practice.rehearsal.judge import Played
from bot.practice.rehearsal.written import Names, answers
from bot.practice.seat import Practice, Seat, SeatError
from handlers.forms import context
from handlers.turn import Event, EventKind, Turn
from prompts_and_forms import form_engine, script
from prompts_and_forms.forms import load_form
from storage import meetings
from storage.db import Database
from storage.tables import (
    Action,
    Agreement,
    Contribution,
    Discussion,
    Entry,
    Hypothesis,
    Meeting,
    OutboxMessage,
    Person,
    Post,
    RemarkGiven,
    Unit,
)

Json = dict[str, Any]
MADE: dict[str, tuple[str, Any]] = {
    "hypothesis": ("hypotheses", Hypothesis),
    "contract": ("agreements", Agreement),
    "action": ("actions", Action),
}
LATER_ACTS = frozenset({"edit", "delete"})


class CannotPlay(Exception):
    """A written turn could not be played; the message says what was not there to press."""


@dataclass
class World:
    """What a player needs: the workspace, the bot's record to look into, and a way to wait until all is done."""

    practice: Practice
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
class Player:
    world: World
    written: Mapping[str, Any]
    meeting_id: str = ""
    played: list[Played] = field(default_factory=list)
    ts_of: dict[str, str] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)

    def seat(self, who: str) -> Seat:
        return self.world.practice.seat(self.world.users[who])

    # ---- the whole meeting

    async def open_meeting(self) -> None:
        """The coordinator (or the chair) opens; who is here and who leads is set as written."""
        chair = self.written["chair"]
        await self.seat(chair).command(self.world.channel, "/meeting", "")
        await self.world.settle()
        with self.world.db.read() as session:
            meeting = meetings.open_meeting(session, self.world.unit_id)
            if meeting is None:
                raise CannotPlay("the meeting did not open")
            self.meeting_id = meeting.id
        people = self.world.names.people
        await self._fill(
            chair,
            "meeting.people",
            {"meeting": self.meeting_id},
            "who_is_here",
            {
                "present": [people[p] for p in self.written["present"]],
                "apologies": [people[p] for p in self.written.get("apologies", [])],
                "facilitator": people[chair],
            },
            None,
        )

    def turns(self) -> list[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]:
        """All turns in the order of their minutes, each with its discussion (None = opening or closing)."""
        found: list[tuple[Mapping[str, Any] | None, Mapping[str, Any]]] = []
        found += [(None, t) for t in self.written.get("opening", [])]
        for talk in self.written["discussions"]:
            found += [(talk, t) for t in talk["turns"]]
        found += [(None, t) for t in self.written.get("closing", [])]
        return sorted(found, key=lambda pair: pair[1]["minute"])

    async def play(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any]) -> None:
        await self.world.set_minute(turn["minute"])
        with self.world.db.read() as session:
            before = {r.id for r in session.exec(select(RemarkGiven))}
        played = Played(turn=turn, family=talk["family"] if talk else None, stage=str(turn.get("stage", "")))
        if talk is not None:
            await self._be_at(talk, turn)
            discussion = self._discussion(talk)
            played.discussion_id = discussion.id if discussion else ""
        async with self._inside(str(turn["who"])):
            await getattr(self, f"_{turn['act']}")(talk, turn, played)
            await (self.world.answered if turn["who"] in self.world.gone else self.world.settle)()
        played.mentions = await self._called_away(talk)
        with self.world.db.read() as session:
            fresh = [r for r in session.exec(select(RemarkGiven).order_by(col(RemarkGiven.at))) if r.id not in before]
            for remark in fresh:
                session.expunge(remark)
            played.remarks = fresh
        self.played.append(played)
        if talk is not None and turn is self._last_of(talk) and talk["family"] not in self.finished:
            await self._finish(talk)

    @asynccontextmanager
    async def _inside(self, who: str) -> AsyncIterator[None]:
        """Somebody who has left is let into the channel for their one turn, as if nobody had taken them out of it."""
        if who not in self.world.gone:
            yield
            return
        place = {"user": self.world.users[who], "channel": self.world.channel}
        await self.world.practice.post("member", user_added=place["user"], channel=place["channel"])
        try:
            yield
        finally:
            await self.world.practice.post("member", user_left=place["user"], channel=place["channel"])
            await self._until_nothing_is_held()

    async def _until_nothing_is_held(self) -> None:
        """Messages held back while others could read the channel follow by themselves."""
        query = select(OutboxMessage.id).where(
            OutboxMessage.state == "waiting", col(OutboxMessage.hold_until).is_not(None)
        )
        for _ in range(100):
            await self.world.settle()
            with self.world.db.read() as session:
                if session.exec(query).first() is None:
                    return
            await asyncio.sleep(0.2)
        raise CannotPlay("messages held back did not follow")

    async def _called_away(self, talk: Mapping[str, Any] | None) -> list[str]:
        """People on leave whom the bot called by name in a message or wrote to."""
        called = []
        for who in self.world.away:
            seat, user = self.seat(who), self.world.users[who]
            shown = await seat.messages(self.world.channel, await self._thread(talk))
            written = [m for m in await seat.messages(await seat.direct_channel()) if m.get("bot_id")]
            if written or any(f"<@{user}>" in json.dumps(m) for m in shown if m.get("bot_id")):
                called.append(who)
        return called

    def _last_of(self, talk: Mapping[str, Any]) -> Mapping[str, Any]:
        ordered: list[Mapping[str, Any]] = sorted(talk["turns"], key=lambda t: t["minute"])
        return [t for t in ordered if t["act"] not in LATER_ACTS][-1]

    async def close_meeting(self) -> None:
        """A last check with the people of the meeting, then it is closed."""
        chair = self.seat(self.written["chair"])
        await self._press(chair, None, "meeting.close", meeting=self.meeting_id)
        await self._press(chair, None, "meeting.close_now", meeting=self.meeting_id)

    # ---- being in the right place

    async def _be_at(self, talk: Mapping[str, Any], turn: Mapping[str, Any]) -> None:
        discussion = self._discussion(talk)
        if discussion is None:
            await self._start(talk)
            discussion = self._discussion(talk)
        if discussion is None:
            raise CannotPlay(f"{talk['family']} did not start")
        if turn["act"] in LATER_ACTS or talk["family"] in self.finished:
            return
        if discussion.state == "stopped" and turn.get("form") not in ("stop",):
            return
        if discussion.state == "parked":
            await self._press(self.seat(self.written["chair"]), None, "agenda.start", meeting=self.meeting_id)
        await self._to_stage(talk, str(turn["stage"]))

    async def _start(self, talk: Mapping[str, Any]) -> None:
        chair = self.seat(self.written["chair"])
        family_id = self.world.names.families[talk["family"]]
        with self.world.db.read() as session:
            item = meetings.item_of(session, self.meeting_id, family_id)
            kind = item.kind if item else ""
        if not kind:
            await self._press(chair, None, "agenda.change", meeting=self.meeting_id)
            await self._press(chair, None, "agenda.add", choose=family_id, meeting=self.meeting_id)
            kind = "light"
        if kind != talk["kind"]:
            await self._press(chair, None, "agenda.change", meeting=self.meeting_id)
            await self._press(chair, None, "agenda.pick", choose=family_id, meeting=self.meeting_id)
            await self._press(chair, None, "agenda.hold", family=family_id, kind=talk["kind"])
        try:
            await self._press(chair, None, "agenda.start", family=family_id)
        except CannotPlay:
            await self._press(chair, None, "agenda.start", choose=family_id, meeting=self.meeting_id)

    async def _to_stage(self, talk: Mapping[str, Any], stage: str) -> None:
        for _ in range(40):
            discussion = self._discussion(talk)
            if discussion is None or discussion.stage == stage or discussion.state != "open":
                return
            order = [s.id for s in script.stages(discussion.kind)]
            if stage not in order:
                return
            forward = order.index(stage) > order.index(discussion.stage)
            seat = self.seat(str(talk.get("lead") or self.written["chair"]))
            number = discussion.stage_no
            await self._press(seat, talk, "stage.next" if forward else "stage.back", discussion=discussion.id)
            after = self._discussion(talk)
            if after is not None and after.stage_no == number and forward:
                await self._press(seat, talk, "stage.go_on", discussion=discussion.id)
        raise CannotPlay(f"{talk['family']} cannot get to {stage}")

    def _discussion(self, talk: Mapping[str, Any]) -> Discussion | None:
        family_id = self.world.names.families[talk["family"]]
        with self.world.db.read() as session:
            found = meetings.discussion_of(session, self.meeting_id, family_id)
            if found is not None:
                session.expunge(found)
            return found

    async def _thread(self, talk: Mapping[str, Any] | None) -> str:
        discussion = self._discussion(talk) if talk else None
        key = f"discussion:{discussion.id}" if discussion else f"meeting:{self.meeting_id}/board"
        with self.world.db.read() as session:
            post = session.exec(select(Post).where(Post.key == key)).first()
            if post is None:
                raise CannotPlay(f"there is no thread for {talk['family'] if talk else 'the board'}")
            return post.ts

    # ---- acts

    async def _say(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        seat, thread = self.seat(turn["who"]), await self._thread(talk)
        text = str(turn["text"])
        if not text.strip():
            return
        played.ts = await seat.type(self.world.channel, text, thread)
        self.ts_of[played.id] = played.ts
        if turn.get("resend_of"):
            played.duplicate = True

    async def _edit(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        played.ts = self.ts_of[turn["of"]]
        await self.seat(turn["who"]).edit(self.world.channel, played.ts, str(turn["text"]))

    async def _delete(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        played.ts = self.ts_of[turn["of"]]
        await self.seat(turn["who"]).delete(self.world.channel, played.ts)
        if turn.get("text"):
            await self.seat(turn["who"]).type(self.world.channel, str(turn["text"]), await self._thread(talk))

    async def _move(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        seat = self.seat(turn["who"])
        played.ts = self.ts_of[turn["of"]]
        await seat.shortcut("move_note", self.world.channel, played.ts)
        await self.world.settle()
        await self._hand_in(seat, {"to_stage": turn["to_stage"]}, {}, played)
        if turn.get("text"):
            await seat.type(self.world.channel, str(turn["text"]), await self._thread(talk))

    async def _switch(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        discussion = self._discussion(talk or {})
        assert discussion is not None
        await self._press(self.seat(turn["who"]), talk, "discussion.switch", discussion=discussion.id)
        if turn.get("text"):
            await self.seat(turn["who"]).type(self.world.channel, str(turn["text"]), await self._thread(talk))

    async def _confirm(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        assert talk is not None
        if turn.get("text"):
            await self.seat(turn["who"]).type(self.world.channel, str(turn["text"]), await self._thread(talk))
            await self.world.settle()
        await self._finish(talk)
        discussion = self._discussion(talk)
        assert discussion is not None
        if discussion.state == "read_back":
            await self._press(self.seat(turn["who"]), talk, "discussion.confirm", discussion=discussion.id)

    async def _finish(self, talk: Mapping[str, Any]) -> None:
        discussion = self._discussion(talk)
        assert discussion is not None
        if discussion.state in ("closed", "awaiting", "read_back"):
            self.finished.add(talk["family"])
            return
        seat = self.seat(str(talk.get("lead") or self.written["chair"]))
        await self._press(seat, talk, "discussion.finish", discussion=discussion.id)
        told = self._discussion(talk)
        if told is not None and told.state == "open" and told.next_on is not None:
            await self._press(seat, talk, "discussion.finish_anyway", discussion=discussion.id)
        self.finished.add(talk["family"])

    async def _record(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        form_id = str(turn["form"])
        data = dict(turn["data"])
        if form_id == "stop":
            data.setdefault("after", "not_today" if self._stays_stopped(talk, turn) else "go_on")
        if form_id == "quality_check":
            await self._fill(
                turn["who"], "meeting.quality", {"meeting": self.meeting_id}, form_id, None, None, data, played
            )
            return
        assert talk is not None
        discussion = self._discussion(talk)
        assert discussion is not None
        args = {"discussion": discussion.id, "form": form_id}
        await self._fill(turn["who"], "form.open", args, form_id, None, talk, data, played)
        self._remember_new(form_id, turn["data"], discussion)

    def _stays_stopped(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any]) -> bool:
        later = [t for t in (talk or {}).get("turns", []) if t["minute"] > turn["minute"]]
        return not any(t.get("stage") not in (turn["stage"], "l_next", "close") for t in later)

    async def _fill(
        self,
        who: str,
        action: str,
        args: dict[str, str],
        form_id: str,
        nested: dict[str, Any] | None,
        talk: Mapping[str, Any] | None,
        data: Mapping[str, Any] | None = None,
        played: Played | None = None,
    ) -> None:
        """Opens a form from its button, fills every box and hands it in."""
        seat = self.seat(who)
        try:
            await self._press(seat, talk, action, **args)
        except CannotPlay:
            if action != "form.open":
                raise
            await self._press(seat, talk, "record.choose", choose=form_id, discussion=args["discussion"])
        form = load_form(form_id)
        given = nested if nested is not None else answers(form, data or {}, self.world.names)
        family_id = self.world.names.families[talk["family"]] if talk else None
        with self.world.db.read() as session:
            turn = self._looking(session, who)
            flat, boxes = form_engine.flatten(form, context(turn, family_id), given)
        if played is not None:
            played.answers = given
        await self._hand_in(seat, flat, boxes, played, form_id)

    def _looking(self, session: Session, who: str) -> Turn:
        unit = session.get(Unit, self.world.unit_id)
        person = session.get(Person, self.world.names.people[who])
        now = self.world.names.start
        return Turn(session, Event("look", EventKind.HOME, now), now, person, unit)

    async def _hand_in(
        self, seat: Seat, flat: Mapping[str, Any], boxes: Mapping[str, int], played: Played | None, form_id: str = ""
    ) -> None:
        view = await seat.top_modal()
        if view is None:
            raise CannotPlay(f"no form opened for {form_id}")
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
                played.refused = "; ".join((result.get("errors") or {"": "not handed in"}).values())
            left = await seat.top_modal()
            if left is not None:
                await seat.close(left, all_of_them=True)
            return
        if played is not None:
            fresh = [e for e in self._entries() if e not in before]
            played.entry_id = fresh[0] if fresh else ""

    async def _more_boxes(self, seat: Seat, view: Json, key: str, flat: Mapping[str, Any]) -> Json:
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

    def _remember_new(self, form_id: str, data: Mapping[str, Any], discussion: Discussion) -> None:
        """What the file calls a new thing is matched to what the bot just made."""
        rows = [(form_id, data)] if "key" in data else []
        rows += [("action", row) for row in data.get("new", []) if "key" in row]
        for kind, row in rows:
            if kind not in MADE:
                continue
            name, table = MADE[kind]
            known: dict[str, str] = getattr(self.world.names, name)
            with self.world.db.read() as session:
                made = session.exec(select(table).where(table.discussion_id == discussion.id))
                fresh = [m for m in made if m.id not in known.values()]
                match = [m for m in fresh if self._text_of(session, m) in (row.get("text"), row.get("focus"))]
                if match and row["key"] not in known:
                    known[row["key"]] = match[0].id

    def _text_of(self, session: Session, made: Any) -> str:
        from storage import actions, agreements, hypotheses

        if isinstance(made, Hypothesis):
            return hypotheses.words(session, made).text
        if isinstance(made, Agreement):
            return agreements.words(session, made).focus
        return actions.words(session, made).text

    # ---- pressing

    async def _press(
        self, seat: Seat, talk: Mapping[str, Any] | None, action: str, *, choose: str | None = None, **args: str
    ) -> None:
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

    async def _visible(self, seat: Seat, talk: Mapping[str, Any] | None) -> list[tuple[Json, Json, Json]]:
        """Buttons and menus in the thread (or channel), newest message first."""
        messages = await seat.messages(self.world.channel, await self._thread(talk) if talk else None)
        if talk is not None:
            messages = [*(await seat.messages(self.world.channel)), *messages]
        found = []
        for message in reversed(messages):
            found += [(message, block, element) for block, element in _elements(message)]
        return found


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


__all__ = ["CannotPlay", "Contribution", "Meeting", "Player", "SeatError", "World"]
