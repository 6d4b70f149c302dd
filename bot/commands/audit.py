"""`unitbot audit`: who looked and what was done, and whether the list of it is whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.commands.records import end, opened

DAY = "%Y-%m-%d"
audit_app = typer.Typer(help="Who has seen and done what, and whether the list is whole.")


@audit_app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    family: Annotated[str, typer.Option(help="Only this case reference.")] = "",
    person: Annotated[str, typer.Option(help="Only this person: name or chat user.")] = "",
    unit: Annotated[str, typer.Option(help="Only this unit: name or short name.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=[DAY], help="Only from this day on.")] = None,
) -> None:
    """List who did what, oldest first: when, who, what, which family, through what."""
    if context.invoked_subcommand is not None:
        return
    from storage.audit_list import UnknownOne, listed

    start = since.replace(tzinfo=UTC) if since else None
    with opened() as db, db.read() as session:
        try:
            for line in listed(session, family=family, person=person, unit=unit, since=start):
                typer.echo(line)
        except UnknownOne as unknown:
            end(unknown.sentence)


@audit_app.command(short_help="Name the first line that was changed, removed or put in.")
def verify(
    anchor: Annotated[list[str] | None, typer.Option(help="NUMBER:MARK, as noted before. May be repeated.")] = None,
) -> None:
    """Read the whole list and name the first line that is not as it was written. Ends with 1 where there is one."""
    from prompts_and_forms import audit_wording
    from storage.database import chain

    heads = tuple(_head(one) for one in anchor or ())
    with opened() as db, db.read() as session:
        faults = list(chain.broken(session, db.vault, heads))
        last = chain.head(session)
    for fault in faults:
        typer.echo(audit_wording.BROKEN.format(no=fault.no, why=fault.why))
    if faults:
        raise typer.Exit(1)
    typer.echo(audit_wording.WHOLE.format(no=last.no, anchor=f"{last.no}:{last.mark}"))


@audit_app.command(short_help="Where the list ends now, to be noted somewhere safe.")
def anchor() -> None:
    """Print where the list ends now, and the ends kept day by day. Note one outside the database now and then."""
    from storage.database import chain

    with opened() as db:
        with db.write() as session:
            chain.keep_anchor(session, datetime.now(UTC))
        with db.read() as session:
            for one in chain.anchors(session):
                typer.echo(f"{one.at:%Y-%m-%d %H:%M}  {one.no}:{one.mark}")


def _head(given: str) -> Any:
    from prompts_and_forms import audit_wording
    from storage.database.chain import Head

    number, _, mark = given.strip().partition(":")
    if not number.isdigit() or len(mark) != 64:
        end(audit_wording.NO_ANCHOR.format(given=given))
    return Head(int(number), mark)
