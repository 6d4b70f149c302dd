"""A unit file as a practice workspace: its members with their seats, its private channel, the app installed in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.clock import move_clock
from bot.practice.config import Person, Room, WorkspaceConfig, from_manifest
from bot.practice.sample.unit_file import LoadedUnit, UnitFile, load_unit, read_unit_file
from bot.slack.manifest import manifest
from prompts_and_forms.days.working_days import on_or_after
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.unit.wording import roles_words
from storage.database.vault import Vault
from storage.migrate import upgrade
from storage.opening import open_database
from storage.unit.units import every_unit

SAMPLE = Path(__file__).parent / "kestrel_unit.yaml"
OUTSIDER = Person(id="U0OUTSIDE", name="sam", real_name="Sam (another team)", title="Not in the unit")
GUEST = Person(id="U0GUEST", name="guest", real_name="Gwen (a guest)", title="Guest", is_restricted=True)


def channel_of(unit_file: UnitFile) -> str:
    """The id of the unit's channel."""
    letters = re.sub(r"[^A-Z0-9]", "", unit_file.unit.id.upper())
    return f"C0{letters[:9] or 'UNIT'}"


def workspace_of(unit_file: UnitFile) -> WorkspaceConfig:
    """Everybody named in the file has a seat, and two people who are not of the unit; its members share its channel."""
    members = [member for member in unit_file.members if member.status != MemberStatus.LEFT]
    bot = WorkspaceConfig().bot_user_id
    unit = Room(
        id=channel_of(unit_file),
        name=unit_file.unit.channel or f"{unit_file.unit.id}-unit",
        members=(*(member.chat_user for member in members), bot),
        topic=f"{unit_file.unit.name}: practice, nobody here exists",
    )
    everybody = tuple(member.chat_user for member in members)
    hall = Room(id="C0EVERYONE", name="everyone", members=(*everybody, OUTSIDER.id), is_private=False)
    people = [
        Person(
            id=member.chat_user,
            name=member.id,
            real_name=member.name,
            title=roles_words(list(member.roles)),
            tz=unit_file.unit.timezone,
        )
        for member in sorted(unit_file.members, key=lambda member: member.status == MemberStatus.LEFT)
    ]
    return from_manifest(manifest(), people=(*people, OUTSIDER, GUEST), rooms=(unit, hall))


def first_moment(now: datetime, unit_file: UnitFile) -> datetime:
    """When practice begins for the unit: five minutes before its meeting, today or on the next working day."""
    zone = ZoneInfo(unit_file.unit.timezone)
    day = on_or_after(now.astimezone(zone).date())
    start = datetime.combine(day, time.fromisoformat(unit_file.unit.meeting.start), zone)
    return (start - timedelta(minutes=5)).astimezone(UTC)


def load_today(session: Session, unit_file: UnitFile, now: datetime, channel: str = "") -> LoadedUnit:
    """Keeps the unit as if today, in its own time zone, were its meeting day."""
    day = now.astimezone(ZoneInfo(unit_file.unit.timezone)).date()
    return load_unit(session, unit_file, day=day, channel=channel or channel_of(unit_file), now=now)


def first_day(database_url: str, key: bytes, clock: Path) -> WorkspaceConfig:
    """Makes the database, loads the sample unit unless one is there, and answers its workspace.

    The unit's clock is set to the minutes before a meeting, so that there is one to hold on a Sunday night as well.
    """
    unit_file = read_unit_file(SAMPLE)
    upgrade(database_url)
    db = open_database(database_url, Vault(key))
    try:
        with db.write() as session:
            if not every_unit(session):
                machine = datetime.now(UTC)
                moment = first_moment(machine, unit_file)
                load_today(session, unit_file, moment)
                move_clock(clock, moment - machine)
    finally:
        db.close()
    return workspace_of(unit_file)
