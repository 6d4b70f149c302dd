"""`unitbot rehearse FILE`: a written meeting played through the practice workspace, and a verdict on what was kept."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlmodel import Session, col, func, select

from bot.http import Web
from bot.practice.rehearsal.hands import CannotPlay, World
from bot.practice.rehearsal.judge import Before, before, judge
from bot.practice.rehearsal.place import Place, Traffic
from bot.practice.rehearsal.player import Player
from bot.practice.rehearsal.written import Names, NotInForm
from bot.practice.sample.unit_file import LoadedUnit, UnitFile, UnitFileTrouble, read_unit_file
from bot.practice.seat import Practice, SeatError
from bot.practice.server import PracticeServer
from bot.practice.slack.store import Store
from bot.practice.slack.workspace import Workspace
from bot.practice.teams.connector import Connector
from bot.practice.teams.hands import Hands
from bot.practice.teams.seat import TeamsPractice
from bot.practice.teams.unit_tenant import channel_on_teams, on_teams, settings_for, tenant_of
from bot.practice.unit_workspace import channel_of, load_today, workspace_of
from bot.process import platform_of, running
from bot.service import Service
from bot.settings import SLACK, Settings, SettingsTrouble, from_environment, read_storage_settings
from prompts_and_forms.states import MemberStatus
from storage import migrate
from storage.database.db import Database
from storage.database.tables import Action, Agreement, Contribution, Discussion, Entry, Hypothesis, RemarkGiven
from storage.database.tables_decisions import AgreedRole
from storage.database.vault import Vault
from storage.export.export import export_unit
from storage.opening import open_database

QUIET_SECONDS = 20.0
Practising = Callable[
    [UnitFile, Path, str, bytes, Database], AbstractAsyncContextManager[tuple[Practice | TeamsPractice, Service]]
]


@dataclass
class Outcome:
    """What a rehearsal leaves: faults (empty = all as written) and figures for the table."""

    faults: list[str]
    figures: dict[str, str]
    unlisted: list[str]
    export: dict[str, Any]


def main(file: Path, export: Path | None = None, database: str | None = None, platform: str = SLACK) -> int:
    """Plays the file and prints the verdict; answers the exit code."""
    console = Console()
    try:
        unit_file = read_unit_file(file)
        key = _key()
    except (UnitFileTrouble, SettingsTrouble) as trouble:
        console.print(str(trouble), markup=False)
        return 2
    if unit_file.transcript is None:
        console.print("This file has no written meeting to play.")
        return 2
    with tempfile.TemporaryDirectory(prefix="unitbot-rehearsal-") as folder:
        url = database or f"sqlite:///{folder}/rehearsal.db"
        with Progress(console=console, transient=True) as progress:
            outcome = asyncio.run(rehearse(unit_file, Path(folder), url, progress, key, platform))
    _print(console, unit_file, outcome)
    if database and key is None:
        console.print("UNITBOT_KEY was not set, so nobody can read the database of this rehearsal again.")
    if export is not None:
        export.write_text(json.dumps(outcome.export, ensure_ascii=False, indent=2), encoding="utf-8")
        console.print(f"What was saved is written to {export}.")
    return 1 if outcome.faults else 0


def _key() -> bytes | None:
    """The key of the settings; None where there is none. Raises SettingsTrouble where it is no key."""
    found = from_environment()
    return read_storage_settings(found).key if "UNITBOT_KEY" in found else None


async def rehearse(
    unit_file: UnitFile,
    folder: Path,
    url: str,
    progress: Progress | None = None,
    key: bytes | None = None,
    platform: str = SLACK,
) -> Outcome:
    """Plays the file; what is kept is sealed with `key`, or with one that is forgotten afterwards."""
    on, channel, unit_file = _stage(platform, unit_file)
    key = key or secrets.token_bytes(32)
    migrate.upgrade(url)
    db = open_database(url, Vault(key))
    zone = ZoneInfo(unit_file.unit.timezone)
    day = datetime.now(zone).date()
    start = datetime.combine(day, time.fromisoformat(unit_file.unit.meeting.start), zone)
    try:
        with db.write() as session:
            loaded = load_today(session, unit_file, start, channel)
        names = _names(loaded, start)
        with db.read() as session:
            was = before(session, loaded.unit_id, names)
        async with on(unit_file, folder, url, key, db) as (practice, service):
            world = World(
                practice=practice,
                db=db,
                unit_id=loaded.unit_id,
                channel=channel,
                users={m.id: m.chat_user for m in unit_file.members},
                gone=frozenset(m.id for m in unit_file.members if m.status == MemberStatus.LEFT),
                away=frozenset(m.id for m in unit_file.members if m.status == MemberStatus.ON_LEAVE),
                names=names,
                set_minute=lambda minute: _set_clock(practice, start + timedelta(minutes=minute)),
                settle=lambda: settle(practice, service),
                answered=lambda: answered(practice, service),
            )
            player, faults = await _play(world, unit_file, progress)
            traffic = await practice.traffic()
        return _outcome(db, unit_file, player, was, names, faults, traffic, loaded)
    finally:
        db.close()


def _stage(platform: str, unit_file: UnitFile) -> tuple[Practising, str, UnitFile]:
    """Where it is played, the unit's channel there, and the unit with its people as that place knows them."""
    if platform == SLACK:
        return practising, channel_of(unit_file), unit_file
    unit_file = on_teams(unit_file)
    return practising_on_teams, channel_on_teams(unit_file), unit_file


def _names(loaded: LoadedUnit, start: datetime) -> Names:
    return Names(
        day=start.date(),
        start=start,
        people=dict(loaded.people),
        families=dict(loaded.families),
        hypotheses=dict(loaded.hypotheses),
        agreements=dict(loaded.agreements),
        actions=dict(loaded.actions),
    )


@asynccontextmanager
async def practising(
    unit_file: UnitFile, folder: Path, url: str, key: bytes, db: Database
) -> AsyncIterator[tuple[Practice, Service]]:
    """A workspace with the unit's people and its channel, and the real bot connected to it."""
    config = workspace_of(unit_file)
    clock = folder / "clock.json"
    server = PracticeServer(Workspace(config, Store(folder / "workspace.db")), clock)
    address = await server.start()
    settings = Settings(
        database_url=url,
        tiers=False,
        key=key,
        clock_file=clock,
        bot_token=config.bot_token,
        app_token=config.app_token,
        api_url=f"{address}/api/",
    )
    practice = Practice(address)
    try:
        async with running(settings, db) as service:
            yield practice, service
    finally:
        await practice.close()
        await server.close()


@asynccontextmanager
async def practising_on_teams(
    unit_file: UnitFile, folder: Path, url: str, key: bytes, db: Database
) -> AsyncIterator[tuple[TeamsPractice, Service]]:
    """A tenant with the unit's people in their team, and the real bot that takes its requests."""
    connector, clock = Connector(tenant_of(unit_file)), folder / "clock.json"
    await connector.start()
    settings = settings_for(connector, url, clock, key=key, tiers=False)
    bot = Web(settings, db, platform_of(settings), address=("127.0.0.1", 0), whole=True)
    await bot.start()
    practice = TeamsPractice(connector, Hands(connector, f"http://127.0.0.1:{bot.port}/api/messages"), clock)
    try:
        yield practice, bot
    finally:
        await practice.close()
        await bot.stop()
        await connector.close()


async def _set_clock(practice: Place, moment: datetime) -> None:
    await practice.move_clock((moment - datetime.now(UTC)).total_seconds())


async def settle(practice: Place, service: Service) -> None:
    """A step is over when nothing is unacknowledged, no answer is on its way and nothing in the outbox is due."""
    await practice.settle()
    if not await service.settled(QUIET_SECONDS):
        raise CannotPlay("the bot did not come to rest; see its log")
    await practice.settle()


async def answered(practice: Place, service: Service) -> None:
    """Everybody has their answer; messages may still be held back, as from a channel that others read."""
    await practice.settle()
    while service.busy:
        await asyncio.sleep(0.005)


async def _play(world: World, unit_file: UnitFile, progress: Progress | None) -> tuple[Player, list[str]]:
    player = Player(world, unit_file.transcript or {})
    faults: list[str] = []
    turns = player.turns()
    task = progress.add_task("Playing the meeting", total=len(turns)) if progress else None
    await world.set_minute(0)
    await world.settle()
    await player.open_meeting()
    for talk, turn in turns:
        try:
            await player.play(talk, turn)
        except (CannotPlay, SeatError, NotInForm, AssertionError, KeyError) as trouble:
            faults.append(f"{turn['id']}: could not be played: {trouble or type(trouble).__name__}")
        if progress is not None and task is not None:
            progress.advance(task)
    try:
        await player.close_meeting()
    except (CannotPlay, SeatError) as trouble:
        faults.append(f"the meeting could not be closed: {trouble}")
    await world.settle()
    return player, faults


def _outcome(
    db: Database,
    unit_file: UnitFile,
    player: Player,
    was: Before,
    names: Names,
    faults: list[str],
    traffic: Traffic,
    loaded: LoadedUnit,
) -> Outcome:
    expected = unit_file.expected or {}
    unplayed = {fault.partition(":")[0] for fault in faults}
    played = [p for p in player.played if p.id not in unplayed]
    with db.read() as session:
        faults = faults + judge(session, player.meeting_id, expected, played, was, names)
        figures = _kept(session, player.meeting_id)
        figures["stages"] = str(len({(p.family, p.stage) for p in played if p.family}))
        export = export_unit(session, loaded.unit_id)
        remarks = sorted({r.code for r in session.exec(select(RemarkGiven))})
    figures |= _sending(traffic)
    listed = {e["code"] for p in played for e in p.turn.get("expect", [])}
    return Outcome(faults, figures, [r for r in remarks if r not in listed], export)


def _kept(session: Session, meeting_id: str) -> dict[str, str]:
    """How much of each kind this meeting left behind."""
    held = select(Discussion.id).where(Discussion.meeting_id == meeting_id)
    counted: tuple[tuple[str, Any], ...] = (
        ("families", select(func.count()).select_from(held.subquery())),
        ("contributions", select(func.count(col(Contribution.id))).where(Contribution.meeting_id == meeting_id)),
        ("forms", select(func.count(col(Entry.id))).where(Entry.meeting_id == meeting_id)),
        ("hypotheses", select(func.count(col(Hypothesis.id))).where(col(Hypothesis.discussion_id).in_(held))),
        ("agreements", select(func.count(col(Agreement.id))).where(col(Agreement.discussion_id).in_(held))),
        ("roles", select(func.count(col(AgreedRole.id))).where(col(AgreedRole.discussion_id).in_(held))),
        ("actions", select(func.count(col(Action.id))).where(col(Action.discussion_id).in_(held))),
    )
    return {word: str(session.exec(query).one()) for word, query in counted}


def _sending(traffic: Traffic) -> dict[str, str]:
    times = sorted(traffic.milliseconds)
    figures = {
        "messages sent": str(traffic.sent),
        "API calls": str(traffic.calls),
        "calls refused": str(len(traffic.refused)),
    }
    if times:
        figures["acknowledged, half within"] = f"{times[len(times) // 2]:.0f} ms"
        figures["acknowledged, 99 in 100 within"] = f"{times[min(len(times) - 1, len(times) * 99 // 100)]:.0f} ms"
    return figures


def _print(console: Console, unit_file: UnitFile, outcome: Outcome) -> None:
    table = Table(title=f"{unit_file.unit.name}: the written meeting, played", show_header=False)
    for word, value in outcome.figures.items():
        table.add_row(word, value)
    console.print(table)
    if outcome.unlisted:
        console.print(f"Also pointed out, though the file does not list it: {', '.join(outcome.unlisted)}.")
    for fault in outcome.faults:
        console.print(f"  not as written: {fault}", markup=False)
    console.print("Everything was saved as written." if not outcome.faults else f"{len(outcome.faults)} faults.")
