"""`unitbot retention`: what is due, legal holds, what was erased, and where it still lies in chat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.records import end, opened

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.database.tables import Family

DAY, SHORT = "%Y-%m-%d", 8
ANY_WORKSPACE, LINK = "https://slack.com/", "{workspace}archives/{channel}/p{ts}"
retention_app = typer.Typer(help="How long things stay: what is due, legal holds, what was erased.")
By = Annotated[str, typer.Option(help="Who decides: name or chat user.")]


@retention_app.callback(invoke_without_command=True)
def due(context: typer.Context) -> None:
    """List what is due by the rules. Nothing is ever erased by itself."""
    if context.invoked_subcommand is not None:
        return
    from prompts_and_forms.retention import rules, wording
    from prompts_and_forms.retention.rules import RetentionFault
    from storage.database.vault import show_what_opens
    from storage.family import families
    from storage.retention import clearing
    from storage.retention import due as looking
    from storage.unit import units

    with opened() as db, db.read() as session:
        show_what_opens(session)
        try:
            found, today = rules.rules(), _today()
        except RetentionFault as fault:
            end(fault.sentence)
        lines = []
        for one in looking.due_families(session, found, today):
            unit = units.by_id(session, one.family.unit_id)
            ref, rule = families.body(session, one.family).ref, wording.rule_name(one.verdict.rule)
            lines.append(
                wording.DUE_LINE.format(unit=unit.name if unit else "", ref=ref, rule=rule, day=one.verdict.on)
            )
        counted = (
            (wording.CHAT_LINE, len(clearing.lying(session, looking.due_chat(session, found, today)))),
            (wording.DRAFTS_LINE, len(looking.due_drafts(session, found, today))),
            (wording.AUDIT_LINE, looking.due_audit(session, found, today)),
        )
        lines += [words.format(n=n) for words, n in counted if n]
    typer.echo("\n".join(lines or [wording.NOTHING_DUE_ANYWHERE]))
    typer.echo(wording.NEVER)


@retention_app.command(short_help="Set a legal hold.")
def hold(
    why: Annotated[str, typer.Option(help="Why.")],
    by: By,
    family: Annotated[str, typer.Option(help="Only this case reference.")] = "",
    unit: Annotated[str, typer.Option(help="Only this unit.")] = "",
    everything: Annotated[bool, typer.Option("--everything", help="Every family of every unit.")] = False,
    until: Annotated[
        datetime | None, typer.Option(formats=[DAY], help="The last day; without it until lifted.")
    ] = None,
) -> None:
    """Set a legal hold on a family, a unit or everything: nothing it covers is erased while it is in force."""
    from prompts_and_forms.retention import wording
    from storage.retention import holds
    from storage.unit import units

    if sum(map(bool, (family, unit, everything))) != 1:
        end(wording.ONE_SCOPE)
    if until is not None and until.date() < _today():
        end(wording.BAD_DAY)
    with opened() as db, db.write() as session:
        held, of_unit = None, None
        if family:
            held = _family(session, family)
        if unit:
            of_unit = units.by_name(session, unit)
            if of_unit is None:
                end(wording.NO_UNIT.format(given=unit))
        holds.put_on(
            session, why=why, by_id=_person(session, by), now=datetime.now(UTC), family=held,
            unit_id=of_unit.id if of_unit else None, until_on=until.date() if until else None,
        )  # fmt: skip
    typer.echo(wording.HOLD_SET)


@retention_app.command(short_help="List the legal holds in force.")
def holds() -> None:
    """List the legal holds in force, each with its number, what it is on, why, by whom and until when."""
    from prompts_and_forms.retention import wording
    from storage.database.vault import show_what_opens
    from storage.family import families
    from storage.retention import holds as found
    from storage.unit import people, units

    with opened() as db, db.read() as session:
        show_what_opens(session)
        rows = found.all_in_force(session, _today())
        for row in rows:
            unit = units.by_id(session, row.unit_id) if row.unit_id else None
            on = families.ref_of(session, row.family_id) if row.family_id else unit.name if unit else "everything"
            who, until = people.name_of(session, row.by_id), f"until {row.until_on}" if row.until_on else "until lifted"
            typer.echo(
                f"{row.id[:SHORT]}\t{on}\t{found.why(session, row)}\t{who}\tsince {row.from_at:%Y-%m-%d}\t{until}"
            )
        if not rows:
            typer.echo(wording.NO_HOLDS)


@retention_app.command(short_help="Lift a legal hold.")
def lift(number: Annotated[str, typer.Argument(help="Its number in unitbot retention holds.")], by: By) -> None:
    """Lift a hold; that it was in force is remembered."""
    from prompts_and_forms.retention import wording
    from storage.retention import holds as found

    with opened() as db, db.write() as session:
        found.one_at_a_time(session)
        rows = [row for row in found.all_in_force(session, _today()) if row.id[:SHORT] == number]
        if len(rows) != 1:
            end(wording.NO_HOLD.format(given=number))
        found.lift(session, rows[0], by_id=_person(session, by), now=datetime.now(UTC))
    typer.echo(wording.LIFTED)


@retention_app.command(short_help="Erase a family that is due, for good.")
def erase(
    ref: Annotated[str, typer.Argument(help="The case reference.")],
    by: By,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Erase a family that is due: its key, its rows, everything. A manager of its unit must have decided it."""
    from prompts_and_forms.retention import rules, wording
    from prompts_and_forms.retention.rules import RetentionFault
    from storage.retention import due as looking
    from storage.retention import erase as erasing
    from storage.retention import holds as found
    from storage.unit import people

    if not yes and not typer.confirm(wording.SURE.format(ref=ref), err=True):
        end(wording.NOT_ERASED)
    with opened() as db, db.write() as session:
        found.one_at_a_time(session)
        family, who = _family(session, ref), _person(session, by)
        membership = people.belongs(session, family.unit_id, who)
        if membership is None or not people.is_manager(membership):
            end(wording.NOT_A_MANAGER.format(who=by))
        try:
            standing = looking.of_family(session, family, rules.rules(), _today())
        except RetentionFault as fault:
            end(fault.sentence)
        if not standing.is_due:
            end(wording.CANNOT_NOW.format(why=" ".join(standing.stops)))
        gone = erasing.erase(session, family, rule=standing.verdict.rule, by_id=who, now=datetime.now(UTC))
        rows = gone.rows
    typer.echo(wording.ERASED.format(rows=rows))
    typer.echo(wording.BACKUP_NEXT)


@retention_app.command(short_help="List what was erased.")
def erased() -> None:
    """List every erased family: number, day, who, rule, and how many things still lie in chat. No reference is left."""
    from prompts_and_forms.retention import wording
    from storage.retention import erase as erasing
    from storage.unit import people

    with opened() as db, db.read() as session:
        stones = erasing.all_of_them(session)
        for one in stones:
            left = len(erasing.left_in_chat(session, one.id))
            who = people.name_of(session, one.by_id)
            typer.echo(
                f"{one.id[:SHORT]}\t{one.at:%Y-%m-%d}\t{who}\t{one.rule}\t{one.ref_hash[:12]}\t{left} still in chat"
            )
        if not stones:
            typer.echo(wording.NOTHING_ERASED)


@retention_app.command(short_help="Where an erased family still lies in chat.")
def left(number: Annotated[str, typer.Argument(help="Its number in unitbot retention erased.")]) -> None:
    """List the posts and files of an erased family that are still in chat, with links, for whoever deletes them."""
    from prompts_and_forms.retention import wording
    from storage.retention import erase as erasing

    with opened() as db, db.read() as session:
        stones = [one for one in erasing.all_of_them(session) if one.id[:SHORT] == number]
        if len(stones) != 1:
            end(wording.NO_ERASED.format(given=number))
        rows = erasing.left_in_chat(session, stones[0].id)
        link = _links(session) if rows else None
        for row in rows:
            at = f"{row.at:%Y-%m-%d %H:%M}" if row.at else ""
            where = link(row.channel, row.ts, "") if row.ts and link else f"sent to {row.channel}"
            typer.echo(f"{row.what}\t{at}\t{where}")


@retention_app.command(short_help="What is due to go from chat, with links.")
def chat() -> None:
    """List the posts and typed messages of discussions that were copied long enough ago, with links.

    The bot's own posts go when a manager confirms them (/unit stays); what people typed somebody deletes by hand.
    """
    from prompts_and_forms.retention import rules, wording
    from prompts_and_forms.retention.rules import RetentionFault
    from storage.retention import clearing
    from storage.retention import due as looking

    with opened() as db, db.read() as session:
        try:
            found = clearing.lying(session, looking.due_chat(session, rules.rules(), _today()))
        except RetentionFault as fault:
            end(fault.sentence)
        if not found:
            typer.echo(wording.NOTHING_IN_CHAT)
            return
        link = _links(session)
        for one in found:
            thread = next((post.ts for post in one.posts if not post.thread), "")
            for post in one.posts:
                typer.echo(f"post\t{link(post.channel, post.ts, post.thread or post.ts)}")
            for said in one.typed:
                typer.echo(f"typed\t{link(said.channel, said.ts, thread)}")


def _links(session: Session) -> Callable[[str, str, str], str]:
    """How a message is opened on the platform this database serves: by channel, its own ts, its thread's."""
    from bot.settings import TEAMS
    from storage.messages import addresses, installation

    platform, tenant = installation.served(session)
    if platform != TEAMS:
        workspace = _workspace()
        return lambda channel, ts, _thread: LINK.format(workspace=workspace, channel=channel, ts=ts.replace(".", ""))
    from bot.teams.board_link import message_at

    def of_teams(channel: str, ts: str, thread: str) -> str:
        found = addresses.address_of(session, channel)
        return message_at(channel, ts, tenant, found.team_id if found else "", thread)

    return of_teams


def _workspace() -> str:
    """Where messages of the council's own workspace are opened; that Slack does not say so is said, not an error."""
    import asyncio

    from bot.settings import SLACK_API, Settings, from_environment, read_storage_settings
    from bot.slack.client import workspace_address
    from prompts_and_forms.retention import wording

    known, found = from_environment(), ""
    if token := known.get("SLACK_BOT_TOKEN"):
        storage, api = read_storage_settings().model_dump(), known.get("SLACK_API_URL", SLACK_API)
        found = asyncio.run(workspace_address(Settings(**storage, bot_token=token, api_url=api)))
    if not found:
        typer.echo(wording.ANY_WORKSPACE, err=True)
    return found or ANY_WORKSPACE


def _today() -> date:
    return datetime.now(UTC).date()


def _family(session: Session, ref: str) -> Family:
    from prompts_and_forms.retention import wording
    from storage.family import families

    found = families.anywhere(session, ref)
    if found is None:
        end(wording.NO_FAMILY.format(given=ref))
    return found


def _person(session: Session, given: str) -> str:
    from prompts_and_forms.retention import wording
    from storage.unit import people

    found = people.by_chat_user(session, given) or people.by_name(session, given)
    if found is None:
        end(wording.NO_PERSON.format(given=given))
    return found.id
