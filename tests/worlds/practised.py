"""Two units in one practice workspace, the real bot connected to it, and people who type, press and hand in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from bot.practice.config import WorkspaceConfig
from bot.practice.sample.unit_file import LoadedUnit, UnitFile, load_unit, read_unit_file
from bot.practice.seat import Practice, Seat, label_of
from bot.practice.server import PracticeServer
from bot.practice.slack.echo import all_blocks, elements_of
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from bot.practice.unit_workspace import SAMPLE, channel_of, workspace_of
from bot.runtime import LEFT_TO_THE_ANSWER
from bot.service import Service
from bot.settings import Settings
from bot.slack.platform import SlackPlatform
from prompts_and_forms.forms.keys import AND_MORE
from storage.database.db import Database
from storage.database.tables import Contribution, Discussion, Meeting
from storage.database.tables_machinery import OutboxMessage, Post
from storage.meeting import contributions, meetings
from storage.messages.outbox import how_many_due
from tests.worlds.until import Seen, until

Json = dict[str, Any]

DAY = date(2026, 11, 24)
NINE_THIRTY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
KESTREL, HERON, HALL = "C0KESTREL", "C0HERON", "C0EVERYONE"
OUTSIDER, GUEST, BOT = "U0OUTSIDE", "U0GUEST", "U0UNITBOT"
HERON_FILE = Path(__file__).parents[1] / "journeys" / "heron_unit.yaml"


@cache
def both_units() -> tuple[UnitFile, UnitFile]:
    return read_unit_file(SAMPLE), read_unit_file(HERON_FILE)


def load_both(db: Database) -> tuple[LoadedUnit, LoadedUnit]:
    """Kestrel and Heron in one database, on their meeting day."""
    with db.write() as session:
        kestrel, heron = (
            load_unit(session, file, day=DAY, channel=channel_of(file), now=NINE_THIRTY) for file in both_units()
        )
    return kestrel, heron


def workspace_of_both() -> WorkspaceConfig:
    kestrel, heron = (workspace_of(file) for file in both_units())
    known = {person.id for person in kestrel.people}
    people = (*kestrel.people, *(person for person in heron.people if person.id not in known))
    rooms = (*kestrel.rooms, *(room for room in heron.rooms if room.id == HERON))
    return kestrel.model_copy(update={"people": people, "rooms": rooms})


ADD_MORE = f"more#{AND_MORE}"


class NothingToPress(Exception):
    """There is no such button or menu where the person looks."""


@dataclass
class Practised:
    """A practice workspace, a record, and the bot between them once it is connected: the one world over a real line.

    Who is in the workspace is an option (`workspace_with`); what stands behind the bot is another, in `connect` of
    each room: the handlers for the journeys, a desk for the bot's own tests, a process that dies for the faults.
    """

    server: PracticeServer
    practice: Practice
    db: Database
    folder: Path
    stack: AsyncExitStack
    service: Service | None = field(default=None, kw_only=True)

    @property
    def clock_file(self) -> Path:
        return self.folder / "clock.json"

    @property
    def settings(self) -> Settings:
        config = self.server.workspace.config
        return Settings(
            bot_token=config.bot_token,
            app_token=config.app_token,
            api_url=f"{self.server.base_url}/api/",
            database_url=str(self.db.url),
            tiers=config.enforce_rates,
            key=KEY,
            clock_file=self.clock_file,
        )

    async def until(self, look: Callable[[], Awaitable[Seen] | Seen]) -> Seen:
        """Waits for something, as long as anything goes on in the workspace."""
        return await until(look, self.server.moves)

    async def calls(self, method: str = "") -> list[Json]:
        found = (await self.practice.ledger())["calls"]
        return [call for call in found if not method or call["method"] == method]


Prepared = tuple[Path, LoadedUnit, LoadedUnit, WorkspaceConfig, dict[str, str]]
"""A database of both units, the two, the workspace they meet in, and the chat account of each member."""


async def workspace_with(
    config: WorkspaceConfig,
    folder: Path,
    stack: AsyncExitStack,
    prepare: Callable[[PracticeServer], object] = lambda _server: None,
) -> tuple[PracticeServer, Practice]:
    """A workspace of these people and channels, and its seats; both are closed with the stack.

    Its configuration is a copy: what a test changes of it is no other test's.
    """
    server = PracticeServer(Workspace(config.model_copy(), Store()), folder / "clock.json")
    prepare(server)
    await server.start()
    stack.push_async_callback(server.close)
    return server, await stack.enter_async_context(Practice(server.base_url))


@dataclass
class Room(Practised):
    """Two units, the bot and its record."""

    unit: LoadedUnit
    other_unit: LoadedUnit
    users: dict[str, str]
    channel: str = KESTREL

    # ---- the bot

    async def connect(self) -> None:
        self.service = Service(self.settings, self.db, SlackPlatform)
        await self.service.start()
        self.stack.push_async_callback(self._stop, self.service)

    async def _stop(self, service: Service) -> None:
        if self.service is service:
            await service.stop()
            self.service = None

    async def restart(self) -> None:
        """The bot is stopped and started again on the same record."""
        assert self.service is not None
        await self._stop(self.service)
        await self.connect()
        await self.settle()

    async def clock(self, moment: datetime) -> None:
        await self.practice.move_clock((moment - datetime.now(UTC)).total_seconds())
        if self.service is not None:
            await self.service.ticker.tick()

    async def later(self, **gone: float) -> None:
        """So much later on the unit's clock."""
        state = await self.seat("pippa").state()
        now = datetime.fromisoformat(state["workspace"]["clock"]["now_iso"])
        await self.clock(now + timedelta(**gone))
        assert self.service is not None
        self.service.runtime.woken.set()
        await self.settle()

    async def tick(self) -> None:
        """The clock's own turn, now."""
        assert self.service is not None
        await self.service.ticker.tick()
        await self.settle()

    async def settle(self) -> None:
        assert self.service is not None
        await come_to_rest(self.server, self.service, self.db)

    async def waits_are_over(self, *, of_senders: bool = True) -> None:
        """What waits for the machine's clock (a hold, a cut-off try, a sender's lease) waits no longer.

        Nothing is taken from a sender that is at work: no clock would do that before its lease is over.
        """
        service = self.service
        if of_senders and service is not None:
            await self.until(lambda: not service.delivery.busy)
        with self.db.write() as session:
            for row in session.exec(select(OutboxMessage).where(OutboxMessage.state != "sent")):
                if row.lease_until and not of_senders:
                    continue
                row.hold_until = None
                row.first_try_at = row.first_try_at and row.first_try_at - timedelta(minutes=2)
                row.lease_until = datetime.now(UTC) if row.lease_until else None
                session.add(row)
        if self.service is not None:
            self.service.runtime.woken.set()

    async def all_sent(self, *, without_waits: bool = False) -> None:
        """Waits until the outbox is empty of what is due, whichever process empties it.

        `without_waits`: a reminder whose first try was cut off waits a minute for it; here it does not.
        """

        async def sent() -> bool:
            if without_waits:
                await self.waits_are_over(of_senders=False)
            await self.server.settled()
            return await asyncio.to_thread(self._nothing_due)

        await self.until(sent)

    def _nothing_due(self) -> bool:
        offset = json.loads((self.folder / "clock.json").read_text())["offset_seconds"]
        with self.db.read() as session:
            return how_many_due(session, datetime.now(UTC) + timedelta(seconds=offset)) == 0

    # ---- people

    def seat(self, who: str) -> Seat:
        return self.practice.seat(self.users.get(who, who))

    async def command(self, who: str, command: str, text: str = "", channel: str = "") -> None:
        await self.seat(who).command(channel or self.channel, command, text)
        await self.settle()

    async def open_meeting(self) -> str:
        await self.command("pippa", "/meeting")
        return self.meeting().id

    async def start(self, ref: str, kind: str = "light", who: str = "orla") -> str:
        """Starts a family from the board, held full or light; answers the discussion's id."""
        family = self.unit.families[ref]
        with self.db.read() as session:
            item = meetings.item_of(session, self.meeting().id, family)
            assert item is not None
            now_kind = item.kind
        if now_kind != kind:
            await self.press(who, "agenda.change")
            await self.press(who, "agenda.pick", choose=family)
            await self.press(who, "agenda.hold", family=family, kind=kind)
        try:
            await self.press(who, "agenda.start", family=family)
        except NothingToPress:
            await self.press(who, "agenda.start", choose=family)
        found = self.talk(ref)
        assert found is not None
        return found.id

    async def type(self, who: str, talk: str, text: str, **more: Any) -> str:
        """Types in a family's thread; answers the message's ts."""
        ts = await self.seat(who).type(self.channel, text, self.thread(talk), **more)
        await self.settle()
        return ts

    async def press(
        self, who: str, action: str, *, talk: str = "", ts: str = "", choose: str | None = None, **args: str
    ) -> Json:
        """Presses the newest button of this name in the family's thread (or in the channel), and waits."""
        shown, element = await self.look_for(who, action, talk=talk, ts=ts, choose=choose, **args)
        answer = await self.act(who, shown, element, choose)
        await self.settle()
        return answer

    async def press_without_settling(self, who: str, action: str, *, talk: str = "", **args: str) -> None:
        """Presses while the bot cannot come to rest; waits for its answer to the person only."""
        shown, element = await self.look_for(who, action, talk=talk, **args)
        before = len(await self.notes(who, talk))
        await self.act(who, shown, element)

        async def told() -> bool:
            return len(await self.notes(who, talk)) > before

        await self.until(told)

    async def press_in_window(self, who: str, action: str, choose: str | None = None, **args: str) -> Json:
        """Presses a button or chooses from a menu in the window that is open, and waits."""
        view = await self.window(who)
        for _, element in elements(view):
            name, known = named(element)
            menu = element["type"] != "button"
            if name == action and menu == (choose is not None) and args.items() <= known.items():
                extra: Json = {} if choose is None else {"choose": choose}
                answer = await self.seat(who).press(view, element["action_id"], **extra)
                await self.settle()
                return answer
        raise NothingToPress(f"{action} {args} in {words(view)}")

    async def press_direct(self, who: str, action: str, **args: str) -> None:
        """Presses a button in somebody's direct messages, and waits."""
        for message in reversed(await self.direct(who)):
            for block, element in elements(message):
                name, known = named(element)
                if name == action and args.items() <= known.items():
                    await self.act(who, {**message, "blocks": [block]}, element)
                    await self.settle()
                    return
        raise NothingToPress(f"{action} {args}")

    async def act(self, who: str, shown: Json, element: Json, choose: str | None = None) -> Json:
        extra: Json = {} if choose is None else {"choose": choose}
        return await self.seat(who).press(shown, element["action_id"], channel=shown.get("channel"), **extra)

    async def look_for(
        self, who: str, action: str, *, talk: str = "", ts: str = "", choose: str | None = None, **args: str
    ) -> tuple[Json, Json]:
        """The newest message with this button that the person sees, cut down to the button's block, and the button."""
        for message in reversed(await self.seen(who, talk)):
            if ts and message["ts"] != ts:
                continue
            for block, element in elements(message):
                name, known = named(element)
                menu = element["type"] != "button"
                if name == action and menu == (choose is not None) and args.items() <= known.items():
                    return {**message, "blocks": [block]}, element
        raise NothingToPress(f"{action} {args}")

    async def seen(self, who: str, talk: str = "") -> list[Json]:
        """What the person sees: a family's thread, or the channel. Their own notes are in it."""
        seat = self.seat(who)
        if talk:
            found = await seat.messages(self.channel, self.thread(talk))
            return [*(m for m in await seat.messages(self.channel) if m.get("is_ephemeral")), *found]
        return await seat.messages(self.channel)

    async def direct(self, who: str) -> list[Json]:
        seat = self.seat(who)
        return await seat.messages(await seat.direct_channel())

    async def notes(self, who: str, talk: str = "", channel: str = "") -> list[str]:
        """The notes only this person sees, oldest first."""
        thread = self.thread(talk) if talk else None
        found = await self.seat(who).messages(channel or self.channel, thread)
        return [words(m) for m in found if m.get("is_ephemeral")]

    async def said(self, who: str, talk: str = "") -> str:
        """Everything a person reads in a thread or in the channel."""
        return "\n".join(words(m) for m in await self.seen(who, talk))

    async def form(self, who: str, talk: str, form: str) -> Json:
        """Opens a form in a family's thread, from its own button or the menu of all."""
        try:
            await self.press(who, "form.open", talk=talk, form=form)
        except NothingToPress:
            await self.more(who, talk, f"form:{form}")
        return await self.window(who)

    async def more(self, who: str, talk: str, chosen: str) -> None:
        """Chooses from the menu of the discussion's card."""
        await self.press(who, "stage.more", talk=talk, choose=chosen)

    async def window(self, who: str) -> Json:
        view = await self.seat(who).top_modal()
        assert view is not None, "no window is open"
        return view

    async def submit(self, who: str, values: Mapping[str, Any]) -> Json:
        view = await self.window(who)
        if any(key not in _boxes(view) for key in values) and ADD_MORE in _boxes(view):
            typed = {key: value for key, value in values.items() if key in _boxes(view)}
            await self.seat(who).press(view, ADD_MORE, values=typed)
            await self.settle()
        answer = await self.seat(who).submit(await self.window(who), values)
        await self.settle()
        return answer

    async def record(self, who: str, talk: str, form: str, values: Mapping[str, Any]) -> Json:
        await self.form(who, talk, form)
        answer = await self.submit(who, values)
        left = await self.seat(who).top_modal()
        assert left is None, words(left)
        return answer

    async def no_concern(self, who: str, talk: str) -> None:
        """The safety form: no concern, and every child seen yesterday."""
        form = "safety" if self.discussion(talk).kind == "full" else "l_safety"
        view = await self.form(who, talk, form)
        seen = {b["block_id"]: self.day(-1) for b in view["blocks"] if _seen_on(str(b.get("block_id")))}
        await self.submit(who, {"immediate_concern": "no", "manager_needed_today": "no", **seen})

    async def next_date(self, who: str, talk: str, days: int = 14) -> None:
        form = "close" if self.discussion(talk).kind == "full" else "l_next"
        group = "next_discussion#0"
        await self.record(who, talk, form, {f"{group}#date": self.day(days), f"{group}#kind": "light"})

    async def finish(self, who: str, talk: str) -> None:
        if self.discussion(talk).next_on is None:
            await self.next_date(who, talk)
        try:
            await self.press(who, "discussion.finish", talk=talk)
        except NothingToPress:
            await self.more(who, talk, "do:finish")
        if self.discussion(talk).state == "open":
            await self.press(who, "discussion.finish_anyway", talk=talk)

    async def on(self, who: str, talk: str) -> None:
        """Next, and on anyway where something is missing."""
        before = self.discussion(talk).stage_no
        await self.press(who, "stage.next", talk=talk)
        if self.discussion(talk).stage_no == before:
            await self.press(who, "stage.go_on", talk=talk)

    # ---- the record

    def day(self, days: int) -> str:
        return (DAY + timedelta(days=days)).isoformat()

    def read(self) -> Any:
        return self.db.read()

    def meeting(self) -> Meeting:
        with self.db.read() as session:
            held = session.exec(select(Meeting).where(Meeting.unit_id == self.unit.unit_id))
            return max(held, key=lambda meeting: (meeting.state == "open", meeting.opened_at))

    def talk(self, ref: str) -> Discussion | None:
        with self.db.read() as session:
            return meetings.discussion_of(session, self.meeting().id, self.unit.families[ref])

    def discussion(self, talk: str) -> Discussion:
        with self.db.read() as session:
            return session.get_one(Discussion, talk)

    def thread(self, talk: str) -> str:
        return self.address(f"discussion:{talk}")

    def address(self, key: str) -> str:
        with self.db.read() as session:
            return session.exec(select(Post).where(Post.key == key)).one().ts

    def kept(self, talk: str) -> list[str]:
        with self.db.read() as session:
            return [contributions.text(session, c) for c in contributions.of_discussion(session, talk)]

    def note(self, ts: str) -> Contribution | None:
        with self.db.read() as session:
            return session.exec(select(Contribution).where(Contribution.ts == ts)).first()

    def count(self, table: Any) -> int:
        with self.db.read() as session:
            return session.exec(select(func.count()).select_from(table)).one()

    # ---- what reached Slack

    def posted(self, key: str) -> list[str]:
        """Where messages with this key lie in the workspace, in every channel: exactly one, always."""
        found = []
        for channel in self.server.workspace.channels.values():
            for ts, message in channel.messages.items():
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == key and message.get("subtype") != "tombstone":
                    found.append(ts)
        return found

    def all_keys(self) -> list[str]:
        """The key of every message of the bot in the workspace, once for each message."""
        found = []
        for channel in self.server.workspace.channels.values():
            for message in channel.messages.values():
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key"):
                    found.append(payload["key"])
        return found


async def come_to_rest(workspace: PracticeServer | Practice, service: Service, db: Database) -> None:
    """Waits until nothing is unacknowledged, no answer is on its way and nothing in the outbox is due.

    The workspace is asked here where it is one of this process, and over its connection where only that is known.

    What is held back from a channel that others can read is not due, nor the end of a card that waits for it. What
    senders leave to the answer to a press is: where that answer did not draw it, they do in a moment.
    """
    left = -1
    settled = workspace.settled if isinstance(workspace, PracticeServer) else workspace.settle

    def at_work() -> bool:
        return service.busy or service.delivery.busy

    async def rests() -> bool:
        nonlocal left
        if at_work() or not await settled() or at_work():
            return False
        left = await asyncio.to_thread(_waiting, db, service.clock.now())
        return not (left or at_work()) and await settled() and not at_work()

    await until(rests, lambda: (left, service.runtime.handled, service.runtime.tally.brought), every=0.002)


def _waiting(db: Database, now: datetime) -> int:
    machine, before = datetime.now(UTC) + LEFT_TO_THE_ANSWER, aliased(OutboxMessage)
    held = col(OutboxMessage.hold_until) > machine
    waits_for_it = select(before.id).where(
        before.key == OutboxMessage.thread_key, before.shown == 0, col(before.hold_until) > machine
    )
    query = select(func.count()).where(
        col(OutboxMessage.state).in_(("waiting", "sending")),
        OutboxMessage.due_at <= now,
        ~func.coalesce(held, False),
        ~((col(OutboxMessage.how) == "again") & waits_for_it.exists()),
    )
    with db.read() as session:
        return session.exec(query).one()


def _boxes(view: Json) -> set[str]:
    return {str(block.get("block_id", "")) for block in view["blocks"]}


def _seen_on(block_id: str) -> bool:
    return block_id.startswith("seen#") and block_id.endswith("#date")


def elements(shown: Json) -> Iterator[tuple[Json, Json]]:
    for block in all_blocks(shown.get("blocks") or []):
        for element in elements_of(block):
            if element.get("type") in ("button", "static_select"):
                yield block, element


def named(element: Json) -> tuple[str, dict[str, str]]:
    """The route and arguments of a button or menu, as the bot reads them back."""
    name, _, query = str(element.get("action_id", "")).partition("#")[0].partition("?")
    args = dict(parse_qsl(query))
    if element["type"] == "button":
        args |= json.loads(element.get("value") or "{}")
    return name, {key: str(value) for key, value in args.items()}


def words(shown: Any) -> str:
    """All that can be read in a message, a window or a part of one, in order."""
    if isinstance(shown, list):
        return "\n".join(filter(None, (words(one) for one in shown)))
    if not isinstance(shown, dict):
        return ""
    if shown.get("type") in ("mrkdwn", "plain_text", "text", "raw_text") and isinstance(shown.get("text"), str):
        return str(shown["text"])
    if shown.get("type") == "rich_text_section":
        return "".join(words(one) for one in shown["elements"])
    parts = [words(value) for key, value in shown.items() if key not in ("metadata", "state", "private_metadata")]
    return "\n".join(filter(None, parts))


def buttons(shown: Json) -> set[str]:
    return {label_of(element) for _, element in elements(shown)}
