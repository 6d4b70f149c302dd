"""What happened with a family, newest first, from everything that is kept: a fixed number of questions a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from sqlmodel import Session, col, select

from storage.database.bodies import ActionBody, AgreementBody, EntryBody, FamilyBody, HypothesisBody, TextBody
from storage.database.tables import (
    Action,
    Agreement,
    AgreementVersion,
    CategoryChange,
    Discussion,
    Entry,
    Family,
    Hypothesis,
    Person,
)
from storage.database.tables_clinical import EpisodeChange
from storage.database.vault import unseal

NOON = time(12)
FORMS = (
    "permission_to_share",
    "ccin_entry",
    "family_group",
    "disagreement",
    "assessment",
    "family_close",
    "family_reopen",
)
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


@dataclass(frozen=True)
class _Found:
    """When something happened, and how to tell it; what people wrote is opened for what is shown only."""

    on: date
    at: datetime
    row: str
    tell: Callable[[], Event]


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
        *_lists(session, family_id),
    ]
    found.sort(key=lambda one: (one.on, one.at, one.row), reverse=True)
    shown = [one.tell() for one in found[number * size : (number + 1) * size]]
    return _named(session, shown), len(found) > (number + 1) * size


def _named(session: Session, events: list[Event]) -> list[Event]:
    """The same with the names of the people, asked once."""
    ids = {one.by for one in events if one.by}
    names = {person.id: person.name for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}
    return [replace(one, by=names.get(one.by, "")) for one in events]


def _newest(session: Session, wanted: Any, most: int, *days: Any) -> list[Any]:
    """The newest rows, always in the same order, so that no page repeats or leaves out what another one shows."""
    return list(session.exec(wanted.order_by(*(day.desc() for day in days)).limit(most)))


def _moves(session: Session, family_id: str, most: int) -> Iterator[_Found]:
    wanted = select(EpisodeChange).where(EpisodeChange.family_id == family_id)
    for row in _newest(session, wanted, most, col(EpisodeChange.on), col(EpisodeChange.at), col(EpisodeChange.id)):
        yield _Found(row.on, row.at, row.id, partial(_move, session, row))


def _move(session: Session, row: EpisodeChange) -> Event:
    why = unseal(session, row, TextBody).text
    return Event(row.on, row.at, "move", row.move, row.by_id or "", why, row.entry_id or "", row.to_state)


def _discussions(session: Session, family_id: str, most: int) -> Iterator[_Found]:
    wanted = select(Discussion).where(Discussion.family_id == family_id)
    for row in _newest(session, wanted, most, col(Discussion.started_at), col(Discussion.id)):
        on = row.started_at.date()
        told = Event(on, row.started_at, "discussion", row.kind, row.lead_id or "", row_id=row.id, more=row.state)
        yield _Found(on, row.started_at, row.id, partial(_as_it_is, told))


def _as_it_is(event: Event) -> Event:
    return event


def _categories(session: Session, family_id: str, most: int) -> Iterator[_Found]:
    wanted = select(CategoryChange).where(CategoryChange.family_id == family_id)
    days = (col(CategoryChange.from_on), col(CategoryChange.recorded_at), col(CategoryChange.id))
    for row in _newest(session, wanted, most, *days):
        on = row.from_on or row.recorded_at.date()
        yield _Found(on, row.recorded_at, row.id, partial(_category, session, row, on))


def _category(session: Session, row: CategoryChange, on: date) -> Event:
    why = unseal(session, row, TextBody).text
    return Event(on, row.recorded_at, "category", row.category, row.decided_by_id or "", why)


def _agreements(session: Session, family_id: str, most: int) -> Iterator[_Found]:
    wanted = (
        select(AgreementVersion, Agreement)
        .join(Agreement, col(Agreement.id) == col(AgreementVersion.agreement_id))
        .where(Agreement.family_id == family_id)
    )
    for row, agreement in _newest(session, wanted, most, col(AgreementVersion.at), col(AgreementVersion.id)):
        yield _Found(row.at.date(), row.at, row.id, partial(_agreement, session, row, agreement, "offered"))
        if agreement.ended_on is not None and row.no == agreement.current:
            ended = partial(_agreement, session, row, agreement, "ended")
            yield _Found(agreement.ended_on, row.at, row.id, ended)


def _agreement(session: Session, row: AgreementVersion, agreement: Agreement, code: str) -> Event:
    focus = unseal(session, row, AgreementBody).focus
    if code == "ended":
        return Event(agreement.ended_on or row.at.date(), row.at, "agreement", code, "", focus, agreement.id)
    by = row.offered_by_id or ""
    return Event(row.at.date(), row.at, "agreement", code, by, focus, agreement.id, agreement.status)


def _ideas(session: Session, family_id: str, most: int) -> Iterator[_Found]:
    wanted = select(Hypothesis).where(Hypothesis.family_id == family_id)
    days = (col(Hypothesis.raised_on), col(Hypothesis.recorded_at), col(Hypothesis.id))
    for row in _newest(session, wanted, most, *days):
        yield _Found(row.raised_on, row.recorded_at, row.id, partial(_idea, session, row))


def _idea(session: Session, row: Hypothesis) -> Event:
    text = unseal(session, row, HypothesisBody).text
    return Event(row.raised_on, row.recorded_at, "hypothesis", row.status, row.offered_by_id or "", text, row.id)


def _actions(session: Session, family_id: str, most: int) -> Iterator[_Found]:
    wanted = select(Action).where(Action.family_id == family_id, col(Action.closed_on).is_not(None))
    for row in _newest(session, wanted, most, col(Action.closed_on), col(Action.id)):
        at = datetime.combine(row.closed_on, NOON, UTC)
        yield _Found(row.closed_on, at, row.id, partial(_action, session, row, at))


def _action(session: Session, row: Action, at: datetime) -> Event:
    text = unseal(session, row, ActionBody).text
    return Event(at.date(), at, "action", row.status, row.owner_id or "", text, row.id)


def _entries(session: Session, family_id: str, most: int) -> Iterator[_Found]:
    wanted = select(Entry).where(
        Entry.family_id == family_id, col(Entry.form).in_(FORMS), col(Entry.replaced_by_id).is_(None)
    )
    for row in _newest(session, wanted, most, col(Entry.recorded_at), col(Entry.id)):
        yield _Found(row.recorded_at.date(), row.recorded_at, row.id, partial(_entry, session, row))


def _lists(session: Session, family_id: str) -> Iterator[_Found]:
    """What was recorded before a list of families changed it."""
    family = session.get(Family, family_id)
    for number, one in enumerate(unseal(session, family, FamilyBody).replaced if family else ()):
        at = datetime.combine(one.on, NOON, UTC)
        told = Event(one.on, at, "list", "", one.by, "; ".join(one.was))
        yield _Found(one.on, at, f"list {number:06}", partial(_as_it_is, told))


def _entry(session: Session, row: Entry) -> Event:
    answers = unseal(session, row, EntryBody).answers
    text = next((str(answers[name]) for name in ("danger", "about", "reason", "why") if answers.get(name)), "")
    return Event(row.recorded_at.date(), row.recorded_at, "entry", row.form, row.recorded_by_id, text, row.id)
