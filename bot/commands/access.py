"""`unitbot access --table`: every command, button and document, tried in every seat on a fictional unit.

The list is the one the handlers registered themselves in, so nothing can be left out of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.records import end

if TYPE_CHECKING:
    from sqlmodel import Session

    from storage.database.db import Database

CHANNEL, DIRECT, REF = "C0TABLE", "D0TABLE", "K3107C"
NOW, TODAY = datetime(2026, 11, 17, 9, 30, tzinfo=UTC), date(2026, 11, 17)
SEATS = {
    "lead": "orla",
    "deputy": "devan",
    "worker": "marisol",
    "coordinator": "pippa",
    "clinician": "tomasz",
    "manager": "ngozi",
    "closed to them": "devan",
    "left": "graham",
    "other unit": "stranger",
    "unknown": "",
}
OUTSIDE = ("closed to them", "left", "other unit", "unknown")
"""Nobody in these seats may be shown anything of the family."""


@dataclass(frozen=True)
class Tried:
    """One line of the table: what was pressed or typed, and who was shown something of the family."""

    kind: str
    name: str
    seen: tuple[bool, ...]


def access(
    table: Annotated[bool, typer.Option("--table", help="Print who sees what.")] = False,
    only: Annotated[str, typer.Option(help="Only what has this in its name.")] = "",
) -> None:
    """Try every command, button and document of the bot in every seat, on a fictional unit, and print who sees what.

    Your own database is not touched. Ends with 1 where somebody is shown what is not theirs.
    """
    from prompts_and_forms.unit import access_table_wording as wording

    if not table:
        end(wording.SAY_TABLE)
    wrong = presses = 0
    typer.echo("\t".join(("", "", *SEATS)))
    for line in tried(only):
        typer.echo("\t".join((line.kind, line.name, *("yes" if one else "-" for one in line.seen))))
        outside = [one for seat, one in zip(SEATS, line.seen, strict=True) if seat in OUTSIDE]
        wrong += sum(outside)
        presses += len(outside)
    typer.echo(wording.total(presses, wrong), err=True)
    if wrong or not presses:
        raise typer.Exit(1)


def tried(only: str = "") -> Iterator[Tried]:
    """Every line of the table."""
    from handlers import routes
    from handlers.turn import EventKind
    from storage.database.db import Database
    from storage.database.vault import Vault
    from storage.migrate import upgrade

    with tempfile.TemporaryDirectory(prefix="unitbot-access-") as folder:
        url = f"sqlite:///{Path(folder) / 'table.db'}"
        upgrade(url)
        db = Database.open(url, Vault(bytes(32)))
        try:
            world = _World(db)
            for kind in (EventKind.COMMAND, EventKind.BUTTON, EventKind.SHORTCUT):
                for name in sorted(one for one in routes.handled(kind) if only in one):
                    seen = tuple(world.sees(seat, who, kind, name) for seat, who in SEATS.items())
                    yield Tried(kind.value, name, seen)
        finally:
            db.close()


class _World:
    """The fictional unit with a discussion, a person of another unit and one who left. Every press is undone again."""

    def __init__(self, db: Database) -> None:
        from bot.practice.sample.unit_file import load_unit, read_unit_file
        from storage.meeting import discussions, meetings
        from storage.unit import people, units

        self.db, self.number = db, 0
        sample = Path(__file__).parents[1] / "practice" / "kestrel_unit.yaml"
        with db.write() as session:
            unit = load_unit(session, read_unit_file(sample), day=TODAY, channel=CHANNEL, now=NOW)
            self.people, self.family, self.unit = unit.people, unit.families[REF], unit.unit_id
            orla = self.people["orla"]
            meeting = meetings.start(
                session, unit_id=self.unit, day=TODAY, now=NOW, opened_by=orla, facilitator=orla, writer=orla
            )
            family = _family(session, self.family)
            held = discussions.begin(
                session, meeting=meeting, family=family, kind="full", stage="open", lead_id=orla, note_taker_id=orla,
                present=list(self.people.values()), now=NOW,
            )  # fmt: skip
            membership = people.belongs(session, self.unit, self.people["graham"])
            assert membership is not None
            people.leave_unit(session, membership, TODAY)
            other = units.by_id(session, self.unit)
            assert other is not None
            self.ids = {"meeting": meeting.id, "discussion": held.id}
            stranger = people.add_person(session, chat_user="U0STRANGER", name="Stranger", slug="stranger")
            self.people["stranger"] = stranger.id
        with db.read() as session:
            self.ids |= _ids(session, self.family)
            self.accounts = {name: _account(session, row_id) for name, row_id in self.people.items()}

    def sees(self, seat: str, who: str, kind: Any, name: str) -> bool:
        """Whether somebody in this seat is shown anything of the family, in the channel or in a direct message."""
        return any(self._shown(seat, who, kind, name, channel) for channel in (CHANNEL, DIRECT))

    def _shown(self, seat: str, who: str, kind: Any, name: str, channel: str) -> bool:
        from sqlalchemy.exc import IntegrityError

        from handlers import routes
        from handlers.turn import Event
        from storage.family import access as closing

        self.number += 1
        typed = REF if name in ("/family", "/action", "/hypothesis", "/agreement", "/work") else ""
        event = Event(
            id=f"t{self.number}", kind=kind, at=NOW, chat_user=self.accounts.get(who, "U0NOBODY"), channel=channel,
            in_direct_message=channel == DIRECT, name=name, text=typed, args=self._args(name),
        )  # fmt: skip
        with self.db.write() as session:
            if seat == "closed to them":
                closing.close_to(
                    session, _family(session, self.family), kind=closing.NOT_THIS_WORKER,
                    person_id=self.people[who], reason="", review_on=None, by_id=self.people["orla"], now=NOW,
                )  # fmt: skip
                session.expunge_all()
            try:
                answer = repr(routes.handle(session, event, NOW))
            except IntegrityError:
                answer = ""
            session.rollback()
        return any(word in answer.replace(f"“{typed}”", "") for word in self._words(typed))

    def _words(self, typed: str) -> tuple[str, ...]:
        """What would tell of the family; a reference somebody typed themselves does not."""
        return ("BD)", "AD", "Mother") if typed else (REF, "BD)", "Mother AD")

    def _args(self, name: str) -> dict[str, str]:
        found = {**self.ids, "family": self.family, "unit": self.unit, "chosen": self.family}
        found |= {"form": "action", "what": "record", "row": self.ids["discussion"], "page": "0", "stage_no": "1"}
        if name in ("home.action", "action.close"):
            found["chosen"] = self.ids["action"]
        return found


def _family(session: Session, family_id: str) -> Any:
    from storage.family import families

    return families.by_id(session, family_id)


def _account(session: Session, person_id: str) -> str:
    from storage.unit import people

    found = people.by_id(session, person_id)
    return found.chat_user if found else ""


def _ids(session: Session, family_id: str) -> dict[str, str]:
    """One of everything the family has, by the name a button carries it under."""
    from sqlmodel import select

    from storage.database.tables import Action, Agreement, Carer, Child, Hypothesis, PlanOutcome

    kinds = {
        "action": Action,
        "agreement": Agreement,
        "hypothesis": Hypothesis,
        "child": Child,
        "carer": Carer,
        "outcome": PlanOutcome,
    }
    found = {}
    for name, kind in kinds.items():
        wanted = select(kind.id).where(kind.family_id == family_id).order_by(kind.id)  # type: ignore[attr-defined]
        found[name] = str(session.exec(wanted).first() or "")
    return found
