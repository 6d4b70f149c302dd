"""Years of a unit's past, written straight into the tables: meetings, what was said in them, what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session, SQLModel

from storage.database.bodies import (
    ActionBody,
    AgreementBody,
    Body,
    EntryBody,
    HypothesisBody,
    HypothesisChangeBody,
    RoleBody,
    TextBody,
)
from storage.database.tables import (
    Action,
    ActionChange,
    AgendaItem,
    Agreement,
    AgreementVersion,
    Attendance,
    Contribution,
    ContributionVersion,
    Discussion,
    Entry,
    Hypothesis,
    HypothesisChange,
    Meeting,
    RemarkGiven,
)
from storage.database.tables_decisions import AgreedRole
from storage.database.tables_machinery import Audit, Draft, OutboxMessage, Post, Seen
from storage.database.vault import Scope, seal

EVERY_WEEKS = 3
"""A family's turn comes every third week."""
STAGES = ("l_safety", "l_changed", "l_voice", "l_actions")
SAID = 8
POSTS = ("", "/stage", "/summary")
ORDER = (
    Meeting, Attendance, AgendaItem, Discussion, Contribution, ContributionVersion, Entry, Hypothesis,
    HypothesisChange, Agreement, AgreementVersion, Action, ActionChange, AgreedRole, RemarkGiven, Draft, Post,
    OutboxMessage, Seen, Audit,
)  # fmt: skip


class Past:
    """Gathers rows and writes them in one go, parents before what hangs on them."""

    def __init__(
        self, session: Session, unit_id: str, channel: str, people: list[str], families: list[str], today: date
    ) -> None:
        self._session, self._unit, self._channel = session, unit_id, channel
        self._people, self._families, self._today = people, families, today
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = defaultdict(list)
        self._usual = {kind: usual(kind) for kind in ORDER}

    def write(self, years: float) -> int:
        """Writes that many years of weekly meetings; answers how many rows they are."""
        weeks = int(years * 52)
        for week in range(1, weeks + 1):
            self._meeting(week)
        for number, family in enumerate(self._families):
            for quarter in range(int(years * 4)):
                self._idea(family, self._today - timedelta(days=91 * quarter + 40 + number % 7))
            for year in range(int(years)):
                self._agreement(family, self._today - timedelta(days=365 * year + 100))
        written = 0
        for kind in ORDER:
            if self._rows[kind]:
                table: Any = kind.__table__  # type: ignore[attr-defined]
                self._session.connection().execute(table.insert(), self._rows[kind])
                written += len(self._rows[kind])
        return written

    def _add(
        self, table: type[SQLModel], body: Body | None = None, scope: Scope | None = None, /, **values: Any
    ) -> str:
        row = {name: make() for name, make in self._usual[table].items()} | values
        if body is not None and scope is not None:
            sealed = SimpleNamespace(id=row["id"], __table__=table.__table__, sealed=b"", sealed_no=0)  # type: ignore[attr-defined]
            seal(self._session, sealed, body, scope)
            row["sealed"], row["sealed_no"] = sealed.sealed, sealed.sealed_no
        self._rows[table].append(row)
        return str(row["id"])

    def _meeting(self, week: int) -> None:
        day = self._today - timedelta(weeks=week)
        at = datetime.combine(day, time(9, 30), UTC)
        meeting = self._add(
            Meeting,
            unit_id=self._unit,
            day=day,
            state="closed",
            opened_at=at,
            closed_at=at + timedelta(hours=3),
            facilitator_id=self._people[0],
            writer_id=self._people[-1],
        )
        for person in self._people:
            self._add(Attendance, meeting_id=meeting, person_id=person, state="present")
        self._shown(f"meeting:{meeting}/board", at)
        its_turn = [f for n, f in enumerate(self._families) if (n + week) % EVERY_WEEKS == 0]
        for position, family in enumerate(its_turn, start=1):
            self._discussion(meeting, family, position, at + timedelta(minutes=8 * position))

    def _discussion(self, meeting: str, family: str, position: int, at: datetime) -> None:
        self._add(
            AgendaItem, meeting_id=meeting, family_id=family, position=position, kind="light", rule_kind="light",
            minutes=8, state="done",
        )  # fmt: skip
        discussion = self._add(
            Discussion, meeting_id=meeting, family_id=family, unit_id=self._unit, kind="light", first_kind="light",
            stage="l_next", stage_no=5, state="closed", started_at=at, stage_at=at, closed_at=at, confirmed_at=at,
            lead_id=self._people[1], confirmed_by_id=self._people[0], copied_at=at, present=self._people,
            visited=[*STAGES, "l_next"],
        )  # fmt: skip
        where = {"meeting_id": meeting, "discussion_id": discussion, "family_id": family}
        scope = Scope.family(family)
        for number in range(SAID):
            self._said(where, scope, STAGES[number % len(STAGES)], at + timedelta(seconds=20 * number), number)
        for stage in STAGES:
            entry = self._add(
                Entry, EntryBody(answers={"change": "The mornings go better than last time."}), scope,
                unit_id=self._unit, stage=stage, form=stage, recorded_by_id=self._people[1], recorded_at=at, **where,
            )  # fmt: skip
            self._audited("entry", entry, family, at)
            self._add(
                Draft, EntryBody(), scope, unit_id=self._unit, person_id=self._people[1], form=stage, state="done",
                made_at=at, saved_at=at, **where,
            )  # fmt: skip
        for _ in range(2):
            self._action(family, discussion, at)
            self._add(
                RemarkGiven, code="no_owner", unit_id=self._unit, person_id=self._people[1], at=at, **where
            )  # fmt: skip
        for end in POSTS:
            self._shown(f"discussion:{discussion}{end}", at)

    def _said(self, where: dict[str, str], scope: Scope, stage: str, at: datetime, number: int) -> None:
        words = TextBody(text="He said that the mornings are better when his grandmother is there.")
        author = self._people[number % len(self._people)]
        ts = f"{at.timestamp():.0f}.{len(self._rows[Contribution]):06d}"
        said = self._add(
            Contribution, words, scope, stage=stage, author_id=author, channel=self._channel, ts=ts, said_at=at, **where
        )
        self._add(
            ContributionVersion, words, scope, contribution_id=said, n=1, what="typed", stage=stage, by_id=author,
            at=at, platform_ts=ts,
        )  # fmt: skip
        self._audited("contribution", said, where["family_id"], at)
        if at.date() > self._today - timedelta(days=30):
            self._add(Seen, event_id=f"said:{self._channel}:{ts}", at=at)

    def _action(self, family: str, discussion: str, at: datetime) -> None:
        day = at.date()
        action = self._add(
            Action, ActionBody(text="Ring the school about the breakfast club."), Scope.family(family),
            family_id=family, discussion_id=discussion, owner_id=self._people[1], created_on=day, original_due_on=day,
            due_on=day, status="done", closed_on=day,
        )  # fmt: skip
        for what in ("made", "done"):
            self._add(ActionChange, TextBody(), Scope.family(family), action_id=action, at=at, what=what)
        self._audited("action", action, family, at)

    def _idea(self, family: str, day: date) -> None:
        at = datetime.combine(day, time(10), UTC)
        idea = self._add(
            Hypothesis, HypothesisBody(text="It is the move that unsettled everybody."), Scope.family(family),
            family_id=family, status="dropped", offered_by_id=self._people[4], raised_on=day, recorded_at=at,
        )  # fmt: skip
        for what, status in (("offered", "live"), ("status", "dropped")):
            self._add(
                HypothesisChange, HypothesisChangeBody(), Scope.family(family), hypothesis_id=idea, at=at, what=what,
                status=status,
            )  # fmt: skip

    def _agreement(self, family: str, day: date) -> None:
        at = datetime.combine(day, time(11), UTC)
        agreement = self._add(Agreement, family_id=family, status="ended", made_on=day, ended_on=day)
        body = AgreementBody(space="family_clinician_worker", focus="The mornings.")
        self._add(AgreementVersion, body, Scope.family(family), agreement_id=agreement, no=1, at=at)
        self._add(
            AgreedRole, RoleBody(role="Sees the school"), Scope.family(family), family_id=family, from_on=day,
            until_on=day, person_id=self._people[1],
        )  # fmt: skip

    def _shown(self, key: str, at: datetime) -> None:
        self._add(
            OutboxMessage, key=key, how="show", channel=self._channel, lane=key, state="sent", shown=1, due_at=at,
            made_at=at, sent_at=at,
        )  # fmt: skip
        self._add(Post, key=key, channel=self._channel, ts=f"{at.timestamp():.0f}.{len(self._rows[Post]):06d}")
        self._audited("post", key[:32], None, at)

    def _audited(self, kind: str, row: str, family: str | None, at: datetime) -> None:
        for what in ("made", "read"):
            self._add(
                Audit, at=at, person_id=self._people[1], unit_id=self._unit, family_id=family, what=what, row_kind=kind,
                row_id=row,
            )  # fmt: skip


def usual(kind: type[SQLModel]) -> dict[str, Any]:
    """How each column is filled where nothing is said."""
    return dict(_defaults(kind))


def _defaults(kind: type[SQLModel]) -> Iterator[tuple[str, Any]]:
    for name, field in kind.model_fields.items():
        if field.default_factory is not None:
            yield name, field.default_factory
        elif not field.is_required():
            yield name, (lambda value: lambda: value)(field.default)
