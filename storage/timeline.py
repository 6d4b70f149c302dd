"""What happened with a family, newest first, from everything that is kept: a fixed number of questions a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlmodel import Session, col, select

from storage.bodies import ActionBody, AgreementBody, EntryBody, HypothesisBody, TextBody
from storage.tables import Action, Agreement, AgreementVersion, CategoryChange, Discussion, Entry, Hypothesis, Person
from storage.tables_clinical import EpisodeChange
from storage.vault import unseal

NOON = time(12)
FORMS = ("permission_to_share", "ccin_entry", "disagreement", "assessment", "family_close")
"""Records that stand for themselves; every other one is in its discussion or in a move of the pathway."""


@dataclass(frozen=True)
class Event:
    """One thing that happened. `what` and `code` are worded above; `text` is what people wrote."""

    on: date
    at: datetime
    what: str
    code: str = ""
    by: str = ""
    text: str = ""
    row_id: str = ""
    more: str = ""


def page(session: Session, family_id: str, number: int, size: int) -> tuple[list[Event], bool]:
    """The events of a page (from 0), newest first, and whether there are older ones."""
    wanted = (number + 1) * size + 1
    found = [
        *_moves(session, family_id, wanted),
        *_discussions(session, family_id, wanted),
        *_categories(session, family_id, wanted),
        *_agreements(session, family_id, wanted),
        *_ideas(session, family_id, wanted),
        *_actions(session, family_id, wanted),
        *_entries(session, family_id, wanted),
    ]
    found.sort(key=lambda one: (one.on, one.at), reverse=True)
    shown = found[number * size : (number + 1) * size]
    return _named(session, shown), len(found) > (number + 1) * size


def _named(session: Session, events: list[Event]) -> list[Event]:
    """The same with the names of the people, asked once."""
    ids = {one.by for one in events if one.by}
    names = {person.id: person.name for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
    return [Event(**{**one.__dict__, "by": names.get(one.by, "")}) for one in events]


def _first(wanted: Any, most: int, *newest: Any) -> Any:
    return wanted.order_by(*newest).limit(most)


def _moves(session: Session, family_id: str, most: int) -> list[Event]:
    wanted = select(EpisodeChange).where(EpisodeChange.family_id == family_id)
    rows = session.exec(_first(wanted, most, col(EpisodeChange.on).desc(), col(EpisodeChange.at).desc()))
    return [
        Event(
            row.on,
            row.at,
            "move",
            row.move,
            row.by_id or "",
            unseal(session, row, TextBody).text,
            row.entry_id or "",
            row.to_state,
        )
        for row in rows
    ]


def _discussions(session: Session, family_id: str, most: int) -> list[Event]:
    wanted = select(Discussion).where(Discussion.family_id == family_id)
    rows = session.exec(_first(wanted, most, col(Discussion.started_at).desc()))
    return [
        Event(
            row.started_at.date(),
            row.started_at,
            "discussion",
            row.kind,
            row.lead_id or "",
            row_id=row.id,
            more=row.state,
        )
        for row in rows
    ]


def _categories(session: Session, family_id: str, most: int) -> list[Event]:
    wanted = select(CategoryChange).where(CategoryChange.family_id == family_id)
    rows = session.exec(
        _first(wanted, most, col(CategoryChange.from_on).desc(), col(CategoryChange.recorded_at).desc())
    )
    return [
        Event(
            row.from_on or row.recorded_at.date(),
            row.recorded_at,
            "category",
            row.category,
            row.decided_by_id or "",
            unseal(session, row, TextBody).text if row.sealed else "",
        )
        for row in rows
    ]


def _agreements(session: Session, family_id: str, most: int) -> list[Event]:
    wanted = (
        select(AgreementVersion, Agreement)
        .join(Agreement, col(Agreement.id) == col(AgreementVersion.agreement_id))
        .where(Agreement.family_id == family_id)
    )
    found = []
    for row, agreement in session.exec(_first(wanted, most, col(AgreementVersion.at).desc())):
        focus = unseal(session, row, AgreementBody).focus
        by = row.offered_by_id or ""
        found.append(Event(row.at.date(), row.at, "agreement", "offered", by, focus, agreement.id, agreement.status))
        if agreement.ended_on is not None and row.no == agreement.current:
            found.append(Event(agreement.ended_on, row.at, "agreement", "ended", "", focus, agreement.id))
    return found


def _ideas(session: Session, family_id: str, most: int) -> list[Event]:
    wanted = select(Hypothesis).where(Hypothesis.family_id == family_id)
    rows = session.exec(_first(wanted, most, col(Hypothesis.raised_on).desc(), col(Hypothesis.recorded_at).desc()))
    return [
        Event(
            row.raised_on,
            row.recorded_at,
            "hypothesis",
            row.status,
            row.offered_by_id or "",
            unseal(session, row, HypothesisBody).text,
            row.id,
        )
        for row in rows
    ]


def _actions(session: Session, family_id: str, most: int) -> list[Event]:
    wanted = select(Action).where(Action.family_id == family_id, col(Action.closed_on).is_not(None))
    rows = session.exec(_first(wanted, most, col(Action.closed_on).desc(), col(Action.id)))
    return [
        Event(
            row.closed_on or row.created_on,
            datetime.combine(row.closed_on or row.created_on, NOON, UTC),
            "action",
            row.status,
            row.owner_id or "",
            unseal(session, row, ActionBody).text,
            row.id,
        )
        for row in rows
    ]


def _entries(session: Session, family_id: str, most: int) -> list[Event]:
    wanted = select(Entry).where(
        Entry.family_id == family_id, col(Entry.form).in_(FORMS), col(Entry.replaced_by_id).is_(None)
    )
    rows = session.exec(_first(wanted, most, col(Entry.recorded_at).desc(), col(Entry.id)))
    return [
        Event(
            row.recorded_at.date(), row.recorded_at, "entry", row.form, row.recorded_by_id, _line(session, row), row.id
        )
        for row in rows
    ]


def _line(session: Session, row: Entry) -> str:
    answers = unseal(session, row, EntryBody).answers
    return str(answers.get("danger") or answers.get("about") or answers.get("reason") or "")
