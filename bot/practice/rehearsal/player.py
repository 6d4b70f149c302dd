"""Plays written turns from the seats of the people who said them: typing, pressing and handing in forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from bot.practice.rehearsal.hands import CannotPlay, Hands, World
from bot.practice.rehearsal.judge import Played
from bot.practice.rehearsal.place import Sitting
from prompts_and_forms.meeting import script
from prompts_and_forms.states import DiscussionState, OutboxState
from storage.database.tables import Action, Agreement, Discussion, Hypothesis, RemarkGiven
from storage.database.tables_machinery import OutboxMessage
from storage.decisions import actions, agreements, hypotheses
from storage.meeting import meetings

MADE: dict[str, tuple[str, Any]] = {
    "hypothesis": ("hypotheses", Hypothesis),
    "contract": ("agreements", Agreement),
    "action": ("actions", Action),
}
LATER_ACTS = frozenset({"edit", "delete"})


@dataclass
class Player:
    world: World
    written: Mapping[str, Any]
    played: list[Played] = field(default_factory=list)
    ts_of: dict[str, str] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.hands = Hands(self.world)

    @property
    def meeting_id(self) -> str:
        """The meeting that is being played."""
        return self.hands.meeting_id

    def seat(self, who: str) -> Sitting:
        """The seat of somebody, by the name the file calls them."""
        return self.hands.seat(who)

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
            self.hands.meeting_id = meeting.id
        people = self.world.names.people
        await self.hands.fill(
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
        """Plays one turn of the file and notes what came of it."""
        await self.world.set_minute(turn["minute"])
        with self.world.db.read() as session:
            before = {r.id for r in session.exec(select(RemarkGiven))}
        played = Played(turn=turn, family=talk["family"] if talk else None, stage=str(turn.get("stage", "")))
        if talk is not None:
            await self._be_at(talk, turn)
            discussion = self.hands.discussion(talk)
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
        user, channel = self.world.users[who], self.world.channel
        await self.world.practice.let_in(user, channel)
        try:
            yield
        finally:
            await self.world.practice.take_out(user, channel)
            await self._until_nothing_is_held()

    async def _until_nothing_is_held(self) -> None:
        """Messages held back while others could read the channel follow by themselves."""
        query = select(OutboxMessage.id).where(
            OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.hold_until).is_not(None)
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
            shown = await seat.messages(self.world.channel, await self.hands.thread(talk))
            written = [m for m in await seat.messages(await seat.direct_channel()) if m.get("bot_id")]
            if written or any(self.world.practice.calls(m, user) for m in shown if m.get("bot_id")):
                called.append(who)
        return called

    def _last_of(self, talk: Mapping[str, Any]) -> Mapping[str, Any]:
        ordered: list[Mapping[str, Any]] = sorted(talk["turns"], key=lambda t: t["minute"])
        return [t for t in ordered if t["act"] not in LATER_ACTS][-1]

    async def close_meeting(self) -> None:
        """Closes it, unless a family is still stopped: that holds the meeting open, as it should."""
        with self.world.db.read() as session:
            if any(d.state == DiscussionState.STOPPED for d in meetings.discussions(session, self.meeting_id)):
                return
        chair = self.seat(self.written["chair"])
        await self.hands.press(chair, None, "meeting.close", meeting=self.meeting_id)
        await self.hands.press(chair, None, "meeting.close_now", meeting=self.meeting_id)

    # ---- being in the right place

    async def _be_at(self, talk: Mapping[str, Any], turn: Mapping[str, Any]) -> None:
        discussion = self.hands.discussion(talk)
        if discussion is None:
            await self._start(talk)
            discussion = self.hands.discussion(talk)
        if discussion is None:
            raise CannotPlay(f"{talk['family']} did not start")
        if turn["act"] in LATER_ACTS or talk["family"] in self.finished:
            return
        if discussion.state == DiscussionState.STOPPED and turn.get("form") not in ("stop",):
            return
        if discussion.state == DiscussionState.PARKED:
            await self.hands.press(self.seat(self.written["chair"]), None, "agenda.start", meeting=self.meeting_id)
        await self._to_stage(talk, str(turn["stage"]))

    async def _start(self, talk: Mapping[str, Any]) -> None:
        chair = self.seat(self.written["chair"])
        family_id = self.world.names.families[talk["family"]]
        with self.world.db.read() as session:
            item = meetings.item_of(session, self.hands.meeting_id, family_id)
            kind = item.kind if item else ""
        if not kind:
            await self.hands.press(chair, None, "agenda.change", meeting=self.meeting_id)
            await self.hands.press(chair, None, "agenda.add", choose=family_id, meeting=self.meeting_id)
            with self.world.db.read() as session:
                item = meetings.item_of(session, self.hands.meeting_id, family_id)
                kind = item.kind if item else ""
        if kind != talk["kind"]:
            await self.hands.press(chair, None, "agenda.change", meeting=self.meeting_id)
            await self.hands.press(chair, None, "agenda.pick", choose=family_id, meeting=self.meeting_id)
            await self.hands.press(chair, None, "agenda.hold", family=family_id, kind=talk["kind"])
        try:
            await self.hands.press(chair, None, "agenda.start", family=family_id)
        except CannotPlay:
            await self.hands.press(chair, None, "agenda.start", choose=family_id, meeting=self.meeting_id)

    async def _to_stage(self, talk: Mapping[str, Any], stage: str) -> None:
        for _ in range(40):
            discussion = self.hands.discussion(talk)
            if discussion is None or discussion.stage == stage or discussion.state != DiscussionState.OPEN:
                return
            order = [s.id for s in script.stages(discussion.kind)]
            if stage not in order or discussion.kind == script.LIGHT:
                return
            seat = self.seat(str(talk.get("lead") or self.written["chair"]))
            if order.index(stage) < order.index(discussion.stage):
                await self.hands.more(seat, talk, discussion.id, f"stage:{stage}")
                continue
            number = discussion.stage_no
            await self.hands.press(seat, talk, "stage.next", discussion=discussion.id)
            after = self.hands.discussion(talk)
            if after is not None and after.stage_no == number:
                await self.hands.press(seat, talk, "stage.go_on", discussion=discussion.id)
        raise CannotPlay(f"{talk['family']} cannot get to {stage}")

    # ---- acts

    async def _say(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        seat, thread = self.seat(turn["who"]), await self.hands.thread(talk)
        text = str(turn["text"])
        if not text.strip():
            return
        played.ts = await seat.type(self.world.channel, text, thread)
        played.said = self.world.practice.handed_on(text)
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
            await self.seat(turn["who"]).type(self.world.channel, str(turn["text"]), await self.hands.thread(talk))

    async def _move(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        seat = self.seat(turn["who"])
        played.ts = self.ts_of[turn["of"]]
        await seat.shortcut("move_note", self.world.channel, played.ts)
        await self.world.settle()
        await self.hands.hand_in(seat, {"to_stage": turn["to_stage"]}, {}, played)
        if turn.get("text"):
            await seat.type(self.world.channel, str(turn["text"]), await self.hands.thread(talk))

    async def _switch(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        discussion = self.hands.discussion(talk or {})
        assert discussion is not None
        await self.hands.more(self.seat(turn["who"]), talk, discussion.id, "do:switch")
        if turn.get("text"):
            await self.seat(turn["who"]).type(self.world.channel, str(turn["text"]), await self.hands.thread(talk))

    async def _confirm(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        assert talk is not None
        if turn.get("text"):
            await self.seat(turn["who"]).type(self.world.channel, str(turn["text"]), await self.hands.thread(talk))
            await self.world.settle()
        await self._finish(talk)
        discussion = self.hands.discussion(talk)
        assert discussion is not None
        if discussion.state == DiscussionState.READ_BACK:
            await self.hands.press(self.seat(turn["who"]), talk, "discussion.confirm", discussion=discussion.id)

    async def _finish(self, talk: Mapping[str, Any]) -> None:
        discussion = self.hands.discussion(talk)
        assert discussion is not None
        if discussion.state in (
            DiscussionState.CLOSED,
            DiscussionState.AWAITING,
            DiscussionState.READ_BACK,
            DiscussionState.STOPPED,
        ):
            self.finished.add(talk["family"])
            return
        seat = self.seat(str(talk.get("lead") or self.written["chair"]))
        await self._press_finish(seat, talk, discussion.id)
        told = self.hands.discussion(talk)
        if told is not None and told.state == DiscussionState.OPEN and told.next_on is not None:
            await self.hands.press(seat, talk, "discussion.finish_anyway", discussion=discussion.id)
        self.finished.add(talk["family"])

    async def _press_finish(self, seat: Sitting, talk: Mapping[str, Any], discussion_id: str) -> None:
        """The card's own button, or its menu where the last stage was not reached."""
        try:
            await self.hands.press(seat, talk, "discussion.finish", discussion=discussion_id)
        except CannotPlay:
            await self.hands.more(seat, talk, discussion_id, "do:finish")

    async def _record(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        form_id = str(turn["form"])
        data = dict(turn["data"])
        if form_id == "stop":
            data.setdefault("after", "not_today" if self._stays_stopped(talk, turn) else "go_on")
        if form_id == "quality_check":
            await self.hands.fill(
                turn["who"], "meeting.quality", {"meeting": self.meeting_id}, form_id, None, None, data, played
            )
            return
        discussion = self.hands.discussion(talk) if talk else None
        if discussion is None:
            raise CannotPlay(f"{form_id} belongs to a family's discussion")
        played.duplicate = bool(turn.get("resend_of"))
        args = {"discussion": discussion.id, "form": form_id}
        await self.hands.fill(turn["who"], "form.open", args, form_id, None, talk, data, played)
        self._remember_new(form_id, turn["data"], discussion)

    def _stays_stopped(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any]) -> bool:
        later = [t for t in (talk or {}).get("turns", []) if t["minute"] > turn["minute"]]
        return not any(t.get("stage") not in (turn["stage"], "l_next", "close") for t in later)

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
                said = {_as_kept(row.get("text")), _as_kept(row.get("focus"))}
                match = [m for m in fresh if _as_kept(self._text_of(session, m)) in said]
                if match and row["key"] not in known:
                    known[row["key"]] = match[0].id

    def _text_of(self, session: Session, made: Any) -> str:
        if isinstance(made, Hypothesis):
            return hypotheses.words(session, made).text
        if isinstance(made, Agreement):
            return agreements.words(session, made).focus
        return actions.words(session, made).text


def _as_kept(text: Any) -> str:
    return str(text or "").replace("\r\n", "\n").replace("\r", "\n")
