"""The command `unitbot import`: a unit's families out of a list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

SETTINGS_FAULT = 2


def add_to(app: typer.Typer) -> None:
    """Makes the command part of `unitbot`."""
    app.command("import", short_help="Bring in a unit's families from a CSV file.")(import_families)


def import_families(
    file: Annotated[Path | None, typer.Argument(help="The list, as CSV. See docs/importing.md.")] = None,
    unit: Annotated[str, typer.Option(help="The unit's name; not needed where there is only one.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Only say what would change.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Bring it in without asking.")] = False,
    template: Annotated[bool, typer.Option("--template", help="Print an empty list with its headings.")] = False,
) -> None:
    """Bring in a unit's families from a CSV, after a preview. The same list can be brought in again and again."""
    if template:
        from prompts_and_forms.imports import sheet

        sys.stdout.write(sheet.template())
        return
    if file is None:
        _end("Please name a file, or --template for an empty list.", SETTINGS_FAULT)
    from bot.settings import SettingsTrouble, read_storage_settings
    from storage.database.db import DatabaseTrouble

    try:
        settings = read_storage_settings()
    except SettingsTrouble as trouble:
        _end(trouble, SETTINGS_FAULT)
    from bot.commands.import_families import NotImported, import_file

    def go_on() -> bool:
        return not check and (yes or _agrees("Bring this in?"))

    try:
        done = import_file(settings, file, unit, say=typer.echo, go_on=go_on)
    except (DatabaseTrouble, NotImported) as trouble:
        _end(trouble.sentence)
    typer.echo(f"Done: {done.summary()}." if done else "Nothing was changed.")


def _agrees(question: str) -> bool:
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        typer.echo("", err=True)
        return False


def _end(words: object, code: int = 1) -> NoReturn:
    typer.echo(str(words), err=True)
    raise typer.Exit(code)
