"""The command `unitbot`. Each command brings in what it needs only when it is used, so that all of them start fast."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.commands import importing, records
from bot.commands.access import access
from bot.commands.audit import audit_app
from bot.commands.key import key
from bot.commands.retention import retention_app
from bot.commands.subject import sar

if TYPE_CHECKING:
    from bot.settings import Role

app = typer.Typer(
    name="unitbot",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A chat assistant that guides the weekly meeting of a children's social work unit.",
)
database = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(database, name="db", short_help="Make the database, or bring it up to date.")
forms = typer.Typer(no_args_is_help=True, help="The forms people are asked to fill in.")
app.add_typer(forms, name="forms", short_help="Check the forms, and your own words for them.")

SETTINGS_FAULT = 2


class Chat(StrEnum):
    """A chat platform people can practise on."""

    SLACK = "slack"
    TEAMS = "teams"


TEAMS_NEEDS_HTTPS = (
    "Microsoft Teams reaches the bot over public HTTPS only. Let https://your-address/api/messages lead to {host} port "
    "{port} on this machine, and give that address to the bot's registration (docs/teams.md)."
)
OTHERS_NOTHING = 0o077


class Format(StrEnum):
    JSON = "json"
    HTML = "html"
    FHIR = "fhir"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    SCORES_CSV = "scores-csv"


DAY = "%Y-%m-%d"
AS_FILES = (Format.PDF, Format.DOCX, Format.XLSX, Format.CSV)


def _ask_before_writing_over(out: Path | None, yes: bool) -> None:
    """Ends here where something stands there already and nobody says that it may go."""
    if out is None or yes or not out.exists():
        return
    if out.is_dir() and not any(out.iterdir()):
        return
    what = "has files in it; those with the same names will be replaced" if out.is_dir() else "is there already"
    try:
        go_on = typer.confirm(f"{out} {what}. Write over it?", err=True)
    except typer.Abort:
        typer.echo("", err=True)
        go_on = False
    if not go_on:
        _end("Nothing was written. Choose another place, or say --yes.")


def _end(words: object, code: int = 1) -> NoReturn:
    typer.echo(str(words), err=True)
    raise typer.Exit(code)


@app.command(short_help="Try the bot without Slack, in the browser.")
def practice(
    port: Annotated[
        int, typer.Option(help="Where the page is served, on this machine only. 0 = any free port.")
    ] = 8600,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was practised and start over.")] = False,
    folder: Annotated[Path, typer.Option(help="Where practice is saved.")] = Path("var/practice"),
    browser: Annotated[bool, typer.Option(help="Open the page in a browser where there is a screen.")] = True,
    platform: Annotated[
        Chat, typer.Option(help="A stand-in for which platform; on teams nothing is saved.")
    ] = Chat.SLACK,
) -> None:
    """Try the bot without Slack or Teams: a practice workspace in the browser, with a fictional unit."""
    typer.echo("Practice is starting. It needs a few seconds.")
    sys.stdout.flush()
    from bot.practice.launch import CannotPractise, launch, launch_teams

    try:
        if platform is Chat.TEAMS:
            launch_teams(port=port, browser=browser)
        else:
            launch(port=port, fresh=fresh, folder=folder, browser=browser)
    except CannotPractise as trouble:
        _end(trouble)


@app.command(short_help="Play a written meeting and judge what was saved.")
def rehearse(
    file: Annotated[Path, typer.Argument(help="A unit file with a written meeting.")],
    export: Annotated[Path | None, typer.Option(help="Write what was saved to this JSON file.")] = None,
    database: Annotated[str, typer.Option(help="Keep the rehearsal in this database instead of a passing one.")] = "",
    platform: Annotated[str, typer.Option(help="The chat platform it is played on: slack or teams.")] = "slack",
) -> None:
    """Play a written meeting through the practice workspace and compare what was kept with what should be."""
    import importlib

    main = importlib.import_module("bot.practice.rehearsal.rehearse").main
    raise typer.Exit(main(file, export, database or None, platform))


@app.command(short_help="Connect to Slack or Teams and work until stopped.")
def run(
    host: Annotated[
        str, typer.Option(help="Microsoft Teams only: the address to listen on; 0.0.0.0 = every one.")
    ] = "127.0.0.1",
    until_stdin_closes: Annotated[bool, typer.Option("--until-stdin-closes", hidden=True)] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", hidden=True)] = False,
) -> None:
    """Connect to Slack or Teams and work until stopped. Settings come from the environment or .env (see .env.example).

    With PLATFORM=teams it takes requests on PORT, at /api/messages: Teams reaches the bot over public HTTPS only.
    """
    from bot.settings import SettingsTrouble, read_settings

    try:
        settings = read_settings()
    except SettingsTrouble as trouble:
        _end(trouble, SETTINGS_FAULT)
    from bot import logs, process
    from bot.service import Service
    from bot.trouble import CannotStart
    from storage.database.db import DatabaseTrouble

    logs.set_up(settings.log_level)
    make: process.Make = Service
    if settings.teams is not None:
        from functools import partial

        from bot.http import Web

        typer.echo(TEAMS_NEEDS_HTTPS.format(host=host, port=settings.port))
        make = partial(Web, address=(host, settings.port), whole=True)
    try:
        process.run(settings, until_stdin_closes=until_stdin_closes, may_upgrade=upgrade, make=make)
    except DatabaseTrouble as trouble:
        _end(trouble.sentence)
    except CannotStart as trouble:
        _end(trouble)


@app.command(short_help="Take Slack's or Teams' requests over HTTP (with workers beside it).")
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 = every one.")] = "127.0.0.1",
) -> None:
    """Take signed requests over HTTP on PORT: Slack's at /slack/events, Teams' at /api/messages.

    /healthz says how things are. PostgreSQL only.
    """
    from bot.settings import Role

    _grown_up(Role.SERVE, host)


@app.command(short_help="Post what waits and keep the clock, beside unitbot serve.")
def worker() -> None:
    """Post what waits and keep the clock, beside `unitbot serve`. Several may run. PostgreSQL only."""
    from bot.settings import Role

    _grown_up(Role.WORKER)


def _grown_up(role: Role, host: str = "") -> None:
    from bot.settings import SettingsTrouble, read_settings

    try:
        settings = read_settings(role=role)
    except SettingsTrouble as trouble:
        _end(trouble, SETTINGS_FAULT)
    from functools import partial

    from bot import http, logs, process
    from bot import worker as workers
    from bot.trouble import CannotStart
    from storage.database.db import DatabaseTrouble

    logs.set_up(settings.log_level)
    make = workers.Worker if role is role.WORKER else partial(http.Web, address=(host, settings.port))
    try:
        process.run(settings, make=make)
    except DatabaseTrouble as trouble:
        _end(trouble.sentence)
    except CannotStart as trouble:
        _end(trouble)


@app.command(short_help="Say in words what is still set up wrong.")
def check() -> None:
    """Say in words which token, scope, channel or setting is still wrong."""
    from bot.settings import SettingsTrouble, read_settings

    try:
        settings = read_settings()
    except SettingsTrouble as trouble:
        _end(trouble, SETTINGS_FAULT)
    import asyncio

    from bot import logs
    from bot.commands.finding import Finding

    logs.set_up("ERROR")

    def findings() -> AsyncIterator[Finding]:
        if settings.teams is not None:
            from bot.teams.setting_up.check import check as look_at_teams

            return look_at_teams(settings)
        from bot.slack.check import check as look

        return look(settings)

    async def show() -> bool:
        good = True
        async for finding in findings():
            mark = {True: "good", False: "WRONG", None: "note"}[finding.good]
            typer.echo(f"{mark:5}  {finding.what}: {finding.words}")
            good = good and finding.good is not False
        return good

    if not asyncio.run(show()):
        raise typer.Exit(1)


@app.command(short_help="Ask the running bot how things are.")
def health() -> None:
    """Ask the bot that runs on this machine how things are, on its HEALTH_PORT. Ends with 1 when something is wrong."""
    from bot.commands.health import ask
    from bot.settings import from_environment

    lines, good = ask(from_environment())
    typer.echo("\n".join(lines))
    if not good:
        raise typer.Exit(1)


@app.command(short_help="Print the manifest for Slack's app page, or write the package for Teams.")
def manifest(
    prefix: Annotated[
        str | None,
        typer.Option(help='Put before every command, such as "swu-" for /swu-meeting; otherwise COMMAND_PREFIX.'),
    ] = None,
    url: Annotated[
        str, typer.Option(help="Where the bot is reached, https://...; without it, Slack's Socket Mode.")
    ] = "",
    output: Annotated[Path, typer.Option(help="Teams only: where the package is written.")] = Path("unitbot-teams.zip"),
) -> None:
    """Print the app manifest, ready to paste into Slack's app page (Create New App, From a manifest).

    With PLATFORM=teams, write the package that is uploaded to Teams; it needs --url.
    """
    from bot.settings import TEAMS, from_environment
    from bot.slack.manifest import as_text

    found = from_environment()
    if found.get("PLATFORM", "").lower() == TEAMS:
        from bot.teams.setting_up.manifest import write

        try:
            typer.echo(write(found.get("TEAMS_APP_ID", ""), url, output))
        except ValueError as trouble:
            _end(trouble, SETTINGS_FAULT)
        return
    if prefix is None:
        prefix = found.get("COMMAND_PREFIX", "")
    try:
        typer.echo(as_text(prefix, url))
    except ValueError as trouble:
        _end(trouble, SETTINGS_FAULT)


@app.command(short_help="Change the key of a database from UNITBOT_KEY to UNITBOT_NEW_KEY.")
def rekey() -> None:
    """Change the key everything is encrypted with, from UNITBOT_KEY to UNITBOT_NEW_KEY. Stop the bot first.

    Make the new key with `unitbot key`. Then make a backup: its file of keys opens older backups under the new key.
    """
    from bot.settings import SettingsTrouble, read_new_key, read_storage_settings

    try:
        settings, new = read_storage_settings(), read_new_key()
    except SettingsTrouble as trouble:
        _end(trouble, SETTINGS_FAULT)
    from bot.commands.rekey import rekey as change
    from bot.trouble import CannotStart
    from storage.database.db import DatabaseTrouble

    try:
        count = change(settings, new)
    except DatabaseTrouble as trouble:
        _end(trouble.sentence)
    except CannotStart as trouble:
        _end(trouble)
    typer.echo(f"{count} data keys now open with the new key. Put it into UNITBOT_KEY before you start the bot again.")


@database.command("upgrade")
def upgrade_database() -> None:
    """Make the database, or bring it up to date. Nothing is changed when that is not possible."""
    from bot.lock import only_one
    from bot.settings import DEFAULT_DATABASE, from_environment
    from bot.trouble import CannotStart
    from storage.database.db import DatabaseTrouble
    from storage.migrate import upgrade

    url = from_environment().get("DATABASE_URL", DEFAULT_DATABASE)
    if url == DEFAULT_DATABASE:
        Path("var").mkdir(exist_ok=True)
    try:
        lock = only_one(url)
        typer.echo(f"The database is at version {upgrade(url)}.")
    except DatabaseTrouble as trouble:
        _end(trouble.sentence)
    except CannotStart as trouble:
        _end(trouble)
    if lock is not None:
        lock.release()


@forms.command("check")
def check_forms(
    file: Annotated[Path | None, typer.Argument(help="One form, or one file of words for a form.")] = None,
) -> None:
    """Say what is wrong in a form, with file and line. Without FILE: every form, and the words in UNITBOT_WORDING."""
    from bot.commands.forms_check import check

    lines, good = check(file)
    typer.echo("\n".join(lines))
    if not good:
        raise typer.Exit(1)


@forms.command("publish", hidden=True)
def publish_forms() -> None:
    """Add new forms and versions to the list of what was published."""
    from bot.commands.forms_check import publish

    lines, good = publish()
    typer.echo("\n".join(lines))
    if not good:
        raise typer.Exit(1)


@app.command(short_help="Write what was saved: data, documents or lists.")
def export(
    unit: Annotated[str, typer.Option(help="The unit's name or short name.")],
    family: Annotated[str, typer.Option(help="Only this case reference.")] = "",
    format: Annotated[
        Format,
        typer.Option(
            help="json or fhir for programs, html for people, pdf or docx for documents, xlsx or csv for caseload, "
            "actions and tracking form, scores-csv for scores with codes."
        ),
    ] = Format.JSON,
    out: Annotated[
        Path | None,
        typer.Option(help="A file instead of the screen; for pdf, docx and csv the folder to write into."),
    ] = None,
    since: Annotated[datetime | None, typer.Option(formats=[DAY], help="First day of the tracking form.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=[DAY], help="Last day of the tracking form.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write over what is there without asking.")] = False,
) -> None:
    """Write everything that was kept of a unit, or of one family."""
    from bot.settings import SettingsTrouble, read_storage_settings
    from storage.database.db import DatabaseTrouble

    try:
        settings = read_storage_settings()
    except SettingsTrouble as trouble:
        _end(trouble, SETTINGS_FAULT)
    from prompts_and_forms import own_names, platform_words

    words = platform_words.BY_PLATFORM.get(settings.platform, platform_words.SLACK)
    own_names.use(settings.wording, settings.command_prefix, words)
    from bot.commands.export import UnknownName, export_text
    from bot.documents.trouble import DocumentTrouble

    _ask_before_writing_over(out, yes)
    try:
        if format in AS_FILES or since or until:
            from bot.commands.export_documents import export_files
            from bot.documents.everything import Days

            days = Days(since.date() if since else date.min, until.date() if until else date.max)
            for path in export_files(settings, unit, family or None, format.value, out, days):
                typer.echo(f"Written: {path}")
            return
        text = export_text(settings, unit, family or None, format.value)
        if out is not None:
            from bot.documents.formats.save import save

            save(out, text.encode())
            return
    except (DatabaseTrouble, UnknownName, DocumentTrouble) as trouble:
        _end(trouble.sentence)
    sys.stdout.write(text)


records.add_to(app)
importing.add_to(app)
app.command(short_help="Write everything about one child, for the child.")(sar)
app.command(short_help="Try every command and button in every seat and print who sees what.")(access)
app.command(short_help="Make a key for UNITBOT_KEY, split it into shares, or join them.")(key)
app.add_typer(audit_app, name="audit", short_help="Who has seen and done what.")
app.add_typer(retention_app, name="retention", short_help="How long things stay, legal holds, what was erased.")


def main() -> None:
    """The command. Whatever it writes, also in another program's name, is for its owner's eyes alone."""
    os.umask(OTHERS_NOTHING)
    if sys.platform == "win32":
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8")
    app()


if __name__ == "__main__":
    main()
