"""What `unitbot check` finds: the same on every platform where it is about the bot's own files and its database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bot.settings import Settings
from handlers.turn import ChannelTrouble
from prompts_and_forms.days import timescale_file
from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.meeting.wording import trouble_words
from prompts_and_forms.retention import rules
from storage.database.db import Database, DatabaseTrouble
from storage.database.vault import Vault
from storage.opening import open_database


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `good` None = advice."""

    what: str
    good: bool | None
    words: str = ""


def own_files(settings: Settings) -> Iterator[Finding]:
    """The council's own rules and words, where there are any."""
    if settings.timescales is not None:
        trouble = timescale_file.use(settings.timescales).trouble
        yield Finding("Rules for due dates", not trouble, trouble or f"read from {settings.timescales}")
    if settings.retention is not None:
        trouble = rules.use(settings.retention)
        yield Finding("Rules for how long things stay", not trouble, trouble or f"read from {settings.retention}")
    if settings.wording is not None:
        faults = form_catalogue.use(settings.wording)
        said = "; ".join(str(fault) for fault in faults)
        yield Finding("Your own words for forms", not faults, said or f"read from {settings.wording}")


class AskedGate(Protocol):
    """What says of a channel now whether records may be posted there."""

    async def ask(self, channel: str) -> str:
        """As a gate's `trouble`. Raises what a call to the platform raises."""

    async def name_of(self, user: str) -> str:
        """The name of a chat user."""


async def safe(gate: AskedGate, what: str, channel: str, fine: str) -> Finding:
    """Whether records may be posted in a unit's channel; `fine` says why. Raises what a call to the platform raises."""
    trouble = ChannelTrouble.read(await gate.ask(channel))
    if trouble is None:
        return Finding(what, True, fine)
    who = await gate.name_of(trouble.user) if trouble.user else ""
    return Finding(what, False, trouble_words(trouble.code, who))


def database(settings: Settings) -> Database | Finding:
    """The database, or why it does not open."""
    try:
        return open_database(settings.database_url, Vault(settings.key))
    except DatabaseTrouble as trouble:
        return Finding("Database", False, trouble.sentence)
