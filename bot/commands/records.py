"""The commands of `unitbot` that look after what is kept: backup, restore, verify."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import StorageSettings
    from storage.database.db import Database

SETTINGS_FAULT = 2
KEYS = "The file of keys; without it unitbot.keys beside the backup."
SIZES = ("bytes", "KB", "MB", "GB")


def add_to(app: typer.Typer) -> None:
    """Makes the commands part of `unitbot`."""
    app.command(short_help="Copy the whole database while the bot runs.")(backup)
    app.command(short_help="Bring a backup back into an empty place.")(restore)
    app.command(short_help="Look whether everything that is saved is sound.")(verify)


def backup(
    to: Annotated[Path, typer.Argument(help="The file to write, or a folder: it then gets a name with day and time.")],
    keys: Annotated[
        Path | None, typer.Option(help="The file of keys; unitbot.keys beside the backup without it.")
    ] = None,
) -> None:
    """Copy the whole database into one file while the bot runs. What people wrote stays encrypted in it.

    The data keys go into a file of their own, which each backup replaces. UNITBOT_KEY is in neither: without all three
    a backup is worth nothing.
    """
    settings = _settings()
    from prompts_and_forms import backup_wording
    from storage.backup import backup as backups
    from storage.backup import key_file
    from storage.database.db import Database, DatabaseTrouble
    from storage.database.vault import Vault

    if to.is_dir():
        to = to / f"unitbot-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.backup"
    try:
        db = Database.open(settings.database_url, Vault(settings.key))
        try:
            backups.write(db, to, keys)
        finally:
            db.close()
    except DatabaseTrouble as trouble:
        end(trouble.sentence)
    size, beside = _size(to.stat().st_size), keys or key_file.beside(to)
    typer.echo(backup_wording.WRITTEN.format(place=to, size=size, keys=beside))


def restore(
    file: Annotated[Path, typer.Argument(help="A file written by unitbot backup.")],
    keys: Annotated[
        Path | None, typer.Option(help="The file of keys; unitbot.keys beside the backup without it.")
    ] = None,
) -> None:
    """Bring a backup back to DATABASE_URL, where nothing may be yet. Stop the bot first.

    Take the newest file of keys there is, also for an older backup. Families erased since do not come back.
    """
    settings = _settings()
    from bot.lock import only_one
    from bot.trouble import CannotStart
    from prompts_and_forms import backup_wording
    from storage.backup import backup as backups
    from storage.database.db import DatabaseTrouble
    from storage.database.vault import Vault

    try:
        lock = only_one(settings.database_url)
        try:
            page = backups.restore(settings.database_url, file, Vault(settings.key), keys)
        finally:
            if lock is not None:
                lock.release()
    except DatabaseTrouble as trouble:
        end(trouble.sentence)
    except CannotStart as trouble:
        end(str(trouble))
    typer.echo(backup_wording.RESTORED.format(place=file, at=f"{page.made_at:%d %B %Y at %H:%M} UTC"))


def verify() -> None:
    """Look whether everything that is kept is sound: the file, every encrypted text, references, messages.

    It may run beside the bot. Ends with 1 where something is wrong.
    """
    from storage.backup import verify as looking

    wrong = False
    with opened() as db:
        for finding in looking.verify(db):
            mark = {True: "good", False: "WRONG", None: "note"}[finding.good]
            typer.echo(f"{mark:5}  {finding.what}: {finding.words}")
            wrong = wrong or finding.good is False
    if wrong:
        raise typer.Exit(1)


def _settings() -> StorageSettings:
    from bot.settings import SettingsTrouble, read_storage_settings

    try:
        return read_storage_settings()
    except SettingsTrouble as trouble:
        end(str(trouble), SETTINGS_FAULT)


@contextmanager
def opened() -> Iterator[Database]:
    """The settings' database, for a command; what is wrong with it ends the command with a sentence."""
    settings = _settings()
    from prompts_and_forms.retention import rules
    from storage.database.db import Database, DatabaseTrouble
    from storage.database.vault import Vault

    if settings.retention is not None:
        rules.use(settings.retention)
    try:
        db = Database.open(settings.database_url, Vault(settings.key))
        try:
            yield db
        finally:
            db.close()
    except DatabaseTrouble as trouble:
        end(trouble.sentence)


def end(words: str, code: int = 1) -> NoReturn:
    """Ends the command with words on the error stream."""
    typer.echo(words, err=True)
    raise typer.Exit(code)


def _size(number: float) -> str:
    for name in SIZES[:-1]:
        if number < 1000:
            return f"{number:.0f} {name}"
        number /= 1000
    return f"{number:.1f} {SIZES[-1]}"
