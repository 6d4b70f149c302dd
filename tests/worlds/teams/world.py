"""The real bot on a practice tenant: signed requests over HTTP, and a connector that is as strict as Microsoft's."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlmodel import select

from bot.http import Web
from bot.practice.sample.unit_file import LoadedUnit, UnitFile, load_unit, read_unit_file
from bot.practice.teams.connector import Connector
from bot.practice.teams.hands import Hands, NothingToPress
from bot.practice.teams.records import Message, Tenant, guid
from bot.practice.teams.strict import CARD, parts
from bot.practice.teams.unit_tenant import GENERAL, on_teams, settings_for, tenant_of
from bot.practice.unit_workspace import SAMPLE
from bot.runtime import Handle
from bot.teams import app as teams_app
from bot.teams import in_time
from bot.teams.platform import TeamsPlatform
from bot.worker import Worker
from handlers import routes
from storage.database.db import Database
from storage.database.tables import Contribution, Discussion, Meeting
from storage.database.tables_machinery import OutboxMessage
from storage.database.vault import Vault
from storage.meeting import contributions
from storage.messages import outbox
from storage.messages.posts import find_post
from tests.worlds.until import patience, until

Json = dict[str, Any]

DAY = date(2026, 11, 24)
NINE_THIRTY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
CHANNEL, OTHER = "19:kestrel@thread.tacv2", GENERAL


@dataclass
class OnTeams:
    """A tenant, the bot, its record and people's hands."""

    connector: Connector
    hands: Hands
    web: Web
    db: Database
    unit: LoadedUnit
    clock_file: Path
    worker: Worker | None = None

    @property
    def tenant(self) -> Tenant:
        return self.connector.tenant

    def id(self, who: str) -> str:
        """The directory's id of somebody of the unit."""
        return who if who in self.tenant.people else guid(who)

    async def settle(self) -> None:
        """Waits until everybody has their answer and what is due is posted."""
        assert await self.web.settled(patience())
        assert self.worker is None or await self.worker.settled(patience())

    async def say(
        self, who: str, text: str, *, root: str = "", to_bot: bool = False, channel: str = CHANNEL
    ) -> Message:
        found = await self.hands.say(self.id(who), channel, text, root=root, to_bot=to_bot)
        await self.settle()
        return found

    async def ask(self, who: str, text: str) -> None:
        """Types in one's own chat with the bot."""
        await self.hands.say(self.id(who), self.tenant.chat_of(self.id(who)), text)
        await self.settle()

    async def press(
        self, who: str, action: str, *, choose: str = "", message: Message | None = None, **args: str
    ) -> Any:
        """Presses the newest button of this name in the channel."""
        found = message or self.with_button(action, choose=choose, **args)
        answer = await self.hands.press(self.id(who), found, action, None, choose, **args)
        assert answer.status == 200
        await self.settle()
        return answer

    def with_button(self, action: str, *, choose: str = "", conversation: str = CHANNEL, **args: str) -> Message:
        """The newest message with this button."""
        for message in sorted(self.tenant.of(conversation), key=lambda one: int(one.id), reverse=True):
            with suppress(NothingToPress):
                self.hands.button(message.card, action, choose, **args)
                return message
        raise NothingToPress(f"{action} {args} {choose}")

    async def open_form(self, who: str, action: str, *, choose: str = "", **args: str) -> Json:
        """Presses what opens a form, and answers the dialog."""
        message = self.with_button(action, choose=choose, **args)
        answer = await self.press(who, action, choose=choose, message=message, **args)
        if answer.dialog:
            return dict(answer.dialog)
        door = replace(message, attachments=[{"contentType": CARD, "content": answer.body["value"]}])
        return dict((await self.press(who, "form.resume", message=door)).dialog)

    async def submit(self, who: str, dialog: Json, title: str = "", **inputs: str) -> Any:
        """Hands a dialog in, opened in the channel."""
        answer = await self.hands.submit(self.id(who), CHANNEL, dialog, inputs, title)
        assert answer.status == 200
        await self.settle()
        return answer

    def posts(self, conversation: str = CHANNEL, root: str | None = None) -> list[str]:
        """What the bot's messages say, oldest first."""
        return [words(one.card) for one in self.tenant.of(conversation, root) if not one.sender]

    def chat(self, who: str) -> list[str]:
        """What the bot said to one person."""
        return self.posts(self.tenant.chat_of(self.id(who)))

    async def start(self, ref: str, who: str = "orla") -> str:
        """Opens the meeting and a family's thread; answers the post it hangs on."""
        await self.say("pippa", "meeting", to_bot=True)
        try:
            await self.press(who, "agenda.start", choose=self.unit.families[ref])
        except NothingToPress:
            await self.press(who, "agenda.start", family=self.unit.families[ref])
        return self.root(ref)

    def root(self, ref: str) -> str:
        """The post a family's thread hangs on."""
        with self.db.read() as session:
            talk = session.exec(select(Discussion).where(Discussion.family_id == self.unit.families[ref])).all()
            post = find_post(session, f"discussion:{talk[-1].id}")
            assert post is not None
            return post.ts

    def notes(self) -> list[tuple[str, str]]:
        """What was typed and counts: words and state, in order."""
        with self.db.read() as session:
            return [
                (contributions.text(session, one), str(one.state))
                for one in session.exec(select(Contribution).order_by(Contribution.ts))
            ]

    async def document(self, who: str) -> Message:
        """Asks for the unit's caseload as a spreadsheet; answers the question whether it may come."""
        key = f"file:caseload//xlsx/{self.unit.unit_id}/{self.unit.people[who]}/1"
        with self.db.write() as session:
            outbox.file(session, key, now=self.web.clock.now(), chat_user=self.id(who))
        self.web.runtime.woken.set()
        await self.settle()
        return next(one for one in self.tenant.of(self.tenant.chat_of(self.id(who))) if not one.card and not one.sender)

    def meeting(self) -> Meeting:
        with self.db.read() as session:
            return max(session.exec(select(Meeting)), key=lambda one: (one.state == "open", one.opened_at))

    async def until_sent(self) -> None:
        """Waits until nothing waits in the outbox."""

        def sent() -> bool:
            with self.db.write() as session:
                rows = list(session.exec(select(OutboxMessage).where(OutboxMessage.state.in_(("waiting", "sending")))))  # type: ignore[attr-defined]
                for row in rows:
                    row.hold_until = None
                    session.add(row)
            self.web.runtime.woken.set()
            return not rows

        await until(lambda: asyncio.to_thread(sent), lambda: len(self.connector.calls), every=0.05)


def words(card: Json) -> str:
    """Everything a card says, a line a paragraph."""
    lines = []
    for part in parts(card):
        if part.get("type") == "TextBlock" and part.get("isVisible", True):
            lines.append(str(part["text"]))
        elif part.get("type") == "RichTextBlock":
            lines.append("".join(str(run["text"]) for run in part["inlines"]))
        elif str(part.get("type")).startswith("Input."):
            lines.append(str(part.get("label", "")))
    return "\n".join(lines)


@cache
def the_unit() -> UnitFile:
    return on_teams(read_unit_file(SAMPLE))


def load_on_teams(db: Database) -> LoadedUnit:
    """The sample unit, on its meeting day."""
    with db.write() as session:
        return load_unit(session, the_unit(), day=DAY, channel=CHANNEL, now=NINE_THIRTY)


def copied(made: Path, folder: Path) -> Database:
    """A test's own copy of a record that was made once."""
    path = folder / "unit.db"
    shutil.copy(made, path)
    return Database.open(f"sqlite:///{path}", Vault(KEY))


@asynccontextmanager
async def teams_world(
    folder: Path, db: Database, unit: LoadedUnit, handle: Handle = routes.handle, *, whole: bool = True, **more: Any
) -> AsyncIterator[OnTeams]:
    """The sample unit in a tenant of its own, with the bot listening on this machine.

    `whole`: it posts by itself; otherwise a worker beside it does, on the same database.
    """
    clock = folder / "clock.json"
    clock.write_text(f'{{"offset_seconds": {(NINE_THIRTY - datetime.now(UTC)).total_seconds()}}}')
    connector = Connector(tenant_of(the_unit()))
    await connector.start()
    settings = settings_for(connector, str(db.url), clock, key=KEY, **more)
    web = Web(settings, db, TeamsPlatform, handle, address=("127.0.0.1", 0), whole=whole)
    await web.start()
    worker = None if whole else Worker(settings, db, TeamsPlatform, handle)
    if worker is not None:
        await worker.start()
    hands = Hands(connector, f"http://127.0.0.1:{web.port}/api/messages")
    try:
        with patch.object(teams_app, "FACTS_PATIENCE", patience()), patch.object(in_time, "PATIENCE", patience()):
            yield OnTeams(connector, hands, web, db, unit, clock, worker)
    finally:
        await hands.close()
        await web.stop()
        if worker is not None:
            await worker.stop()
        await connector.close()
