"""What people are reminded of, as rows: planned from the rules, said, put off, handed on. Nothing here commits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, String, and_, bindparam, cast, func, literal_column, null, or_, update
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session, col, select

from prompts_and_forms.nudges.nudge_facts import Due
from prompts_and_forms.states import MemberStatus, NudgeState
from storage.database.audit import audit
from storage.database.bodies import TextBody
from storage.database.columns import new_id
from storage.database.rows import dialect_of, insert_for, insert_in, insert_once
from storage.database.tables import Family, Membership, Person, Unit
from storage.database.tables_machinery import Audit, Post
from storage.database.tables_nudges import Nudge, NudgePlan, NudgePreference, NudgeSaid
from storage.database.vault import Scope, seal, unseal
from storage.database.watching import ONLY_LOOKED

LIVE = (NudgeState.OPEN, NudgeState.SNOOZED)
BATCH = 500
"""Rows a statement takes at once."""
OVERLAP = timedelta(minutes=2)
"""Two turns side by side may be noted a little out of order."""

Key = tuple[str, str, date, str]


def key_of(row: Nudge | Due) -> Key:
    """What makes two nudges the same: kind, subject, day and person."""
    return row.kind, row.subject, row.due_on, row.person_id


def get(session: Session, nudge_id: str) -> Nudge | None:
    """None for an unknown nudge."""
    return session.get(Nudge, nudge_id) if nudge_id else None


# ---- the plan


def live(
    session: Session, unit_ids: Collection[str], family_ids: Collection[str] | None = None, *, by: date | None = None
) -> list[Nudge]:
    """Open and snoozed rows of units; with `family_ids` of those families and of the unit itself only.

    With `by` those that are first said by that day.
    """
    wanted = select(Nudge).where(col(Nudge.unit_id).in_(unit_ids), col(Nudge.state).in_(LIVE))
    if family_ids is not None:
        wanted = wanted.where(or_(col(Nudge.family_id).in_(family_ids), col(Nudge.family_id).is_(None)))
    if by is not None:
        wanted = wanted.where(Nudge.first_on <= by)
    return list(session.exec(wanted.order_by(col(Nudge.due_on), col(Nudge.id))))


def is_still_due(row: Nudge, things: set[tuple[str, str, date]], keys: set[Key]) -> bool:
    """Whether the record still asks for it: of this person, or, where it came from somebody else, of anybody."""
    if row.given:
        return (row.kind, row.subject, row.due_on) in things
    return key_of(row) in keys


def settle_and_add(session: Session, unit_id: str, held: Iterable[Nudge], found: list[Due], until: date) -> list[str]:
    """Brings rows in line with what is due: `held` are the live ones. Answers the ids of new or reopened rows.

    What the record no longer asks for is settled; it opens again when the record asks again, unless a person said
    that it is done or not needed.
    """
    keys, things = {key_of(one) for one in found}, {one.thing for one in found}
    rows = list(held)
    gone = [row.id for row in rows if not is_still_due(row, things, keys)]
    if gone:
        session.connection().execute(
            update(Nudge)
            .where(col(Nudge.id).in_(gone))
            .values(state=NudgeState.SETTLED, version=col(Nudge.version) + 1)
        )
        for row in rows:
            if row.id in gone:
                session.expire(row)
    known = {key_of(row) for row in rows if row.id not in gone}
    missing = [one for one in found if key_of(one) not in known and one.first_on <= until]
    return _add(session, unit_id, missing) if missing else []


def _add(session: Session, unit_id: str, found: list[Due]) -> list[str]:
    """New rows, and those that the record settled and that are due again; not those a person dealt with."""
    rows = [
        {
            **_values(unit_id, one.family_id, one.kind, one.subject, one.person_id, one.due_on, one.first_on),
            "statutory": one.statutory,
        }
        for one in found
    ]
    return [str(row_id) for row_id in session.connection().execute(_adding(dialect_of(session)), rows).scalars()]


@cache
def _adding(dialect: str) -> ReturningInsert[Any]:
    """Made once, for any number of rows. Its own values are spelled out, or each row would be a statement."""
    insert = insert_in(dialect, Nudge)
    settled = insert.table.c.state == literal_column("'settled'")
    again = insert.on_conflict_do_update(
        index_elements=["kind", "subject", "due_on", "person_id"],
        set_={"state": literal_column("'open'"), "snoozed_until": null()},
        where=and_(settled, insert.table.c.changed_by_id.is_(None)),
    )
    return again.returning(insert.table.c.id)


def _values(
    unit_id: str, family_id: str | None, kind: str, subject: str, person_id: str, due_on: date, first_on: date
) -> dict[str, Any]:
    what = {"kind": kind, "subject": subject, "due_on": due_on, "first_on": first_on}
    start = {"version": 1, "state": NudgeState.OPEN, "sent": False, "given": False, "escalated": False, "sealed": b""}
    return {"id": new_id(), "unit_id": unit_id, "family_id": family_id, "person_id": person_id, **what, **start}


def give(session: Session, row: Nudge, to: str, *, escalated: bool = False) -> str | None:
    """The same thing for somebody else; None when they have it already."""
    values = _values(row.unit_id, row.family_id, row.kind, row.subject, to, row.due_on, row.first_on)
    values |= {"given": True, "escalated": escalated, "from_id": row.person_id, "statutory": row.statutory}
    made = insert_once(session, Nudge, values, "kind", "subject", "due_on", "person_id")
    return str(values["id"]) if made else None


OF_THE_UNIT = ("unit", "membership", "meeting", "review")
"""What changes the plan of a whole unit, where it is about no family."""


@dataclass(frozen=True)
class Changed:
    """What was last written about a unit, and when: its families, or the unit itself (people, settings, meetings)."""

    families: dict[str, datetime]
    itself_at: datetime | None = None

    def since(self, looked_at: datetime) -> tuple[frozenset[str], bool]:
        """The families, and whether the unit itself, that changed since somebody looked."""
        start = looked_at - OVERLAP
        itself = self.itself_at is not None and self.itself_at >= start
        return frozenset(one for one, at in self.families.items() if at >= start), itself


def changed_since(session: Session, since: datetime) -> dict[str, Changed]:
    """What was written since then, by unit."""
    unit = func.coalesce(Audit.unit_id, Family.unit_id)
    newest = func.max(Audit.at, type_=Audit.__table__.c.at.type)
    wanted = (
        select(unit, Audit.family_id, Audit.row_kind, newest)
        .outerjoin(Family, col(Family.id) == col(Audit.family_id))
        .where(Audit.at >= since - OVERLAP, col(Audit.what).not_in(ONLY_LOOKED))
        .group_by(unit, col(Audit.family_id), col(Audit.row_kind))
    )
    families: dict[str, dict[str, datetime]] = defaultdict(dict)
    itself: dict[str, datetime] = {}
    for unit_id, family_id, row_kind, at in session.exec(wanted):
        if unit_id is None or row_kind in ("nudge", "draft"):
            continue
        if family_id is not None:
            families[unit_id][family_id] = max(at, families[unit_id].get(family_id, at))
        elif row_kind in OF_THE_UNIT:
            itself[unit_id] = max(at, itself.get(unit_id, at))
    return {one: Changed(families[one], itself.get(one)) for one in {*families, *itself}}


def plans(session: Session) -> dict[str, NudgePlan]:
    """How far each unit is planned, by unit."""
    return {row.unit_id: row for row in session.exec(select(NudgePlan))}


def keep_plan(session: Session, unit_id: str, until: date, now: datetime) -> None:
    """The whole unit is planned up to that day, with everything written up to `now`."""
    insert = insert_for(session, NudgePlan).values(id=new_id(), unit_id=unit_id, until=until, looked_at=now)
    again = {"until": until, "looked_at": now}
    session.connection().execute(insert.on_conflict_do_update(index_elements=["unit_id"], set_=again))


def keep_looked(session: Session, unit_ids: Collection[str], now: datetime) -> None:
    """All that was written about these units up to `now` is in their plans."""
    if unit_ids:
        looked = update(NudgePlan).where(col(NudgePlan.unit_id).in_(unit_ids)).values(looked_at=now)
        session.connection().execute(looked)


# ---- what is said


def people_without_digest(session: Session, day: date) -> list[tuple[Person, Membership, Unit, NudgePreference | None]]:
    """Everybody in a unit whose message of that day is not put together yet, with each of their places."""
    wanted = (
        select(Person, Membership, Unit, NudgePreference)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .outerjoin(NudgePreference, col(NudgePreference.person_id) == col(Person.id))
        .where(
            Membership.status != MemberStatus.LEFT,
            or_(col(NudgePreference.digested_on).is_(None), col(NudgePreference.digested_on) < day),
        )
        .order_by(col(Person.id), col(Unit.name), col(Unit.id))
    )
    return [(person, membership, unit, chosen) for person, membership, unit, chosen in session.exec(wanted)]


def mark_digested(session: Session, person_ids: Iterable[str], day: date) -> None:
    """These people's message of the day was put together."""
    for person_id in person_ids:
        insert = insert_for(session, NudgePreference)
        values = {"id": new_id(), "person_id": person_id, "at": AT, "days": DAYS, "left_out": [], "digested_on": day}
        statement = insert.values(**values)
        session.connection().execute(
            statement.on_conflict_do_update(index_elements=["person_id"], set_={"digested_on": day})
        )


@dataclass(frozen=True)
class Saying:
    """A nudge is in this person's message of a day; `warned` = it says that a manager will be told."""

    row: Nudge
    person_id: str
    day: date
    warned: bool = False


def mark_said(session: Session, told: Iterable[Saying]) -> None:
    """They are in these messages now; what was put off until today is open again."""
    every = list(told)
    for start in range(0, len(every), BATCH):
        insert = insert_for(session, NudgeSaid)
        rows = [
            {"id": new_id(), "nudge_id": one.row.id, "person_id": one.person_id, "day": one.day}
            for one in every[start : start + BATCH]
        ]
        statement = insert.values(rows).on_conflict_do_nothing(index_elements=["nudge_id", "person_id", "day"])
        session.connection().execute(statement)
    for one in every:
        row = one.row
        row.said_on = one.day
        if row.state == NudgeState.SNOOZED and row.snoozed_until is not None and row.snoozed_until <= one.day:
            row.state = NudgeState.OPEN
        if one.warned and row.warned_on is None:
            row.warned_on = one.day
        session.add(row)
    session.flush()


def said_on(session: Session, person_id: str, day: date) -> list[Nudge]:
    """What somebody's message of that day is about."""
    wanted = (
        select(Nudge)
        .join(NudgeSaid, col(NudgeSaid.nudge_id) == col(Nudge.id))
        .where(NudgeSaid.person_id == person_id, NudgeSaid.day == day)
    )
    return list(session.exec(wanted))


def said_where(session: Session, nudge_ids: Collection[str], since: date) -> list[NudgeSaid]:
    """The messages, from `since` on, these are in."""
    wanted = select(NudgeSaid).where(col(NudgeSaid.nudge_id).in_(nudge_ids), NudgeSaid.day >= since)
    return list(session.exec(wanted))


def own_key(person_id: Any, name: str, rest: Any) -> Any:
    """The name of a message to one person: the one of a morning (`digest`) or the one with one reminder (`nudge`)."""
    return "person:" + person_id + f"/{name}:" + rest


def posted_about(session: Session, family_ids: Collection[str], since: date) -> list[tuple[str, str, str]]:
    """The posted messages, from `since` on, that hold something still open about these families: key, whose, account.

    Things of the unit they belong to count too: records to copy, discussions to confirm.
    """
    asked = {"family_ids": list(family_ids), "since": since}
    return sorted({(key, person_id, account) for key, person_id, account in session.execute(_saying_about(), asked)})


@cache
def _saying_about() -> Any:
    """Asked at the end of every turn that changes a record, so it is made once."""
    families: BindParameter[Any] = bindparam("family_ids", expanding=True)
    units = select(Family.unit_id).where(col(Family.id).in_(families))
    of_the_unit = and_(col(Nudge.family_id).is_(None), col(Nudge.unit_id).in_(units))
    whose, day = col(NudgeSaid.person_id), cast(col(NudgeSaid.day), String)
    keys = (own_key(whose, "digest", day), own_key(whose, "nudge", col(NudgeSaid.nudge_id)))
    return (
        select(Post.key, Person.id, Person.chat_user)
        .select_from(NudgeSaid)
        .join(Nudge, col(Nudge.id) == col(NudgeSaid.nudge_id))
        .join(Post, col(Post.key).in_(keys))
        .join(Person, col(Person.id) == whose)
        .where(or_(col(Nudge.family_id).in_(families), of_the_unit), col(Nudge.state).in_(LIVE))
        .where(col(NudgeSaid.day) >= bindparam("since"))
    )


def of_person(session: Session, person_ids: Collection[str], unit_ids: Collection[str], by: date) -> list[Nudge]:
    """What is open for these people in these units, first said by that day."""
    wanted = select(Nudge).where(
        col(Nudge.person_id).in_(person_ids),
        col(Nudge.unit_id).in_(unit_ids),
        col(Nudge.state).in_(LIVE),
        Nudge.first_on <= by,
    )
    return list(session.exec(wanted.order_by(col(Nudge.due_on), col(Nudge.id))))


# ---- what a person says about one


def snooze(
    session: Session, row: Nudge, until: date, *, by_id: str, now: datetime, reason: str = "", sent: bool = False
) -> None:
    """Not heard of again before `until`. `sent` = it is out of their hands and an answer is awaited."""
    row.state, row.snoozed_until, row.sent = NudgeState.SNOOZED, until, sent
    _changed(session, row, "nudge_sent" if sent else "nudge_snoozed", by_id, now, reason)


def settle(session: Session, row: Nudge, *, by_id: str, now: datetime) -> None:
    """A person says that it is done."""
    row.state = NudgeState.SETTLED
    _changed(session, row, "nudge_done", by_id, now, "")


def not_needed(session: Session, row: Nudge, *, by_id: str, now: datetime, reason: str) -> None:
    """A person says that it need not be done, and why."""
    row.state = NudgeState.NOT_NEEDED
    _changed(session, row, "nudge_not_needed", by_id, now, reason)


def hand_over(session: Session, row: Nudge, to: str, *, by_id: str, now: datetime, reason: str) -> None:
    """Somebody else does it from now on."""
    row.state, row.handed_to_id = NudgeState.HANDED_ON, to
    _changed(session, row, "nudge_handed_on", by_id, now, reason)
    give(session, row, to)


def reason(session: Session, row: Nudge) -> str:
    """Why somebody put it off or handed it on; "" where nobody said."""
    return unseal(session, row, TextBody).text


def _changed(session: Session, row: Nudge, what: str, by_id: str, now: datetime, why: str) -> None:
    row.changed_by_id, row.changed_at = by_id, now
    seal(session, row, TextBody(text=why), Scope.family(row.family_id) if row.family_id else Scope.unit(row.unit_id))
    session.add(row)
    session.flush()
    audit(session, at=now, what=what, row=row, person_id=by_id, unit_id=row.unit_id, family_id=row.family_id)


# ---- preferences

AT = "08:30"
DAYS = [0, 1, 2, 3, 4]


def preference(session: Session, person_id: str) -> NudgePreference:
    """What somebody chose, or what everybody starts with (not kept yet)."""
    found = session.exec(select(NudgePreference).where(NudgePreference.person_id == person_id)).first()
    return found or usual_preference(person_id)


def usual_preference(person_id: str) -> NudgePreference:
    """What everybody starts with."""
    return NudgePreference(person_id=person_id, at=AT, days=list(DAYS), left_out=[])


def choose(session: Session, person_id: str, *, at: str, days: list[int], left_out: list[str]) -> NudgePreference:
    """When and about what a person wants to hear."""
    row = preference(session, person_id)
    row.at, row.days, row.left_out = at, days, left_out
    session.add(row)
    session.flush()
    return row
