"""Meetings: who is here, what is on the agenda, what has been reached."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from prompts_and_forms.states import ActionStatus, DiscussionState, ItemState, MeetingState
from storage.database.rows import NotThere
from storage.database.tables import Action, AgendaItem, Attendance, Discussion, Entry, Family, Meeting, Person
from storage.turn import known

OPEN_DISCUSSION_STATES = (
    DiscussionState.OPEN,
    DiscussionState.STOPPED,
    DiscussionState.READ_BACK,
    DiscussionState.PARKED,
)


def get(session: Session, meeting_id: str) -> Meeting:
    """Raises NotThere for an unknown meeting."""
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotThere(meeting_id)
    return meeting


def open_meeting(session: Session, unit_id: str) -> Meeting | None:
    """The unit's meeting that is going on, however old it is."""
    query = select(Meeting).where(Meeting.unit_id == unit_id, Meeting.state == MeetingState.OPEN)
    return session.exec(query.order_by(col(Meeting.opened_at).desc())).first()


def open_meetings(session: Session) -> list[Meeting]:
    """Every meeting that goes on, of all units."""
    return list(session.exec(select(Meeting).where(Meeting.state == MeetingState.OPEN)))


def on_day(session: Session, unit_id: str, day: date) -> list[Meeting]:
    """The unit's meetings of a day."""
    return list(session.exec(select(Meeting).where(Meeting.unit_id == unit_id, Meeting.day == day)))


def last_closed(session: Session, unit_id: str) -> Meeting | None:
    """The meeting that closed last; None before the first."""
    query = select(Meeting).where(Meeting.unit_id == unit_id, Meeting.state == MeetingState.CLOSED)
    query = query.order_by(col(Meeting.day).desc(), col(Meeting.opened_at).desc())
    return known.once(session, (Meeting,), ("last closed", unit_id), lambda: session.exec(query).first())


def start(
    session: Session,
    *,
    unit_id: str,
    day: date,
    now: datetime,
    opened_by: str,
    facilitator: str | None,
    writer: str | None,
) -> Meeting:
    """Opens a meeting."""
    meeting = Meeting(
        unit_id=unit_id,
        day=day,
        opened_at=now,
        opened_by_id=opened_by,
        facilitator_id=facilitator,
        writer_id=writer,
        extra=bool(on_day(session, unit_id, day)),
    )
    session.add(meeting)
    session.flush()
    return meeting


def set_attendance(session: Session, meeting_id: str, states: dict[str, str]) -> None:
    """`states`: person id -> present, apologies or on_leave. People not named keep theirs."""
    there = {a.person_id: a for a in session.exec(select(Attendance).where(Attendance.meeting_id == meeting_id))}
    for person_id, state in states.items():
        row = there.get(person_id) or Attendance(meeting_id=meeting_id, person_id=person_id, state=state)
        row.state = state
        session.add(row)
    session.flush()


def attendance(session: Session, meeting_id: str) -> dict[str, list[Person]]:
    """present, apologies, on_leave -> people by name."""
    query = select(Attendance, Person).join(Person).where(Attendance.meeting_id == meeting_id)
    found: dict[str, list[Person]] = {"present": [], "apologies": [], "on_leave": []}
    for row, person in session.exec(query.order_by(Person.name)):
        found[row.state].append(person)
    return found


def add_item(
    session: Session,
    *,
    meeting_id: str,
    family_id: str,
    position: int,
    kind: str,
    reasons: list[dict[str, Any]],
    minutes: int,
    asked_by: str | None = None,
    rule_kind: str = "",
    state: ItemState = ItemState.TO_COME,
) -> AgendaItem:
    """One more line of the agenda. Written with whatever is written next, so that many lines are one statement.

    `rule_kind` is what the rules said, where the agenda was changed beforehand.
    """
    item = AgendaItem(
        meeting_id=meeting_id,
        family_id=family_id,
        position=position,
        kind=kind,
        rule_kind=rule_kind or kind,
        reasons=reasons,
        minutes=minutes,
        state=state,
        asked_by_id=asked_by,
    )
    session.add(item)
    return item


def items(session: Session, meeting_id: str) -> list[AgendaItem]:
    """The agenda in its order."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id)
    return list(session.exec(query.order_by(col(AgendaItem.position), col(AgendaItem.id))))


def families_of(session: Session, meeting_id: str) -> dict[str, Family]:
    """The families on the agenda by id, in one question however many they are."""
    query = select(Family).join(AgendaItem, col(AgendaItem.family_id) == col(Family.id))
    return {family.id: family for family in session.exec(query.where(AgendaItem.meeting_id == meeting_id))}


def item_of(session: Session, meeting_id: str, family_id: str) -> AgendaItem | None:
    """The agenda's line for a family; None where it is not on it."""
    query = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.family_id == family_id)
    return session.exec(query).first()


def mark_item(session: Session, discussion: Discussion, state: ItemState) -> None:
    """Moves a discussion's agenda line to `state`."""
    item = item_of(session, discussion.meeting_id, discussion.family_id)
    if item is not None:
        item.state = state
        session.add(item)
        session.flush()


def reorder(session: Session, ordered: Iterable[AgendaItem]) -> None:
    """Numbers the lines of an agenda anew, in this order."""
    for position, item in enumerate(ordered, start=1):
        if item.position != position:
            item.position = position
            session.add(item)
    session.flush()


def discussions(session: Session, meeting_id: str) -> list[Discussion]:
    """The discussions of a meeting."""
    query = select(Discussion).where(Discussion.meeting_id == meeting_id)
    return list(session.exec(query.order_by(col(Discussion.started_at), col(Discussion.id))))


def discussion_of(session: Session, meeting_id: str, family_id: str) -> Discussion | None:
    """A family's discussion in a meeting; None before it began."""
    query = select(Discussion).where(Discussion.meeting_id == meeting_id, Discussion.family_id == family_id)
    return session.exec(query).first()


def families_not_reached(session: Session, meeting_id: str) -> list[str]:
    """Family ids whose turn never came or was parked without being finished."""
    query = select(AgendaItem.family_id).where(
        AgendaItem.meeting_id == meeting_id,
        col(AgendaItem.state).in_((ItemState.NOT_REACHED, ItemState.PARKED, ItemState.TO_COME)),
    )
    return list(session.exec(query.order_by(col(AgendaItem.position))))


def families_with_concern(session: Session, unit_id: str, since: date) -> set[str]:
    """Families whose discussion was stopped for an immediate concern on or after a day."""
    query = (
        select(Discussion.family_id)
        .join(Meeting)
        .where(Discussion.unit_id == unit_id, col(Discussion.stopped_at).is_not(None), Meeting.day >= since)
    )
    return set(session.exec(query))


def quality_check(session: Session, meeting_id: str) -> Entry | None:
    """The form about the meeting itself; None where nobody filled it in."""
    query = select(Entry).where(Entry.meeting_id == meeting_id, Entry.form == "quality_check")
    return session.exec(query.order_by(col(Entry.recorded_at).desc())).first()


def owners_after(session: Session, meeting_id: str) -> list[Person]:
    """Everybody who owns an open action of a family discussed in this meeting."""
    discussed = select(Discussion.family_id).where(Discussion.meeting_id == meeting_id)
    query = (
        select(Person)
        .join(Action, col(Action.owner_id) == Person.id)
        .where(Action.status == ActionStatus.OPEN, col(Action.family_id).in_(discussed))
        .distinct()
    )
    return list(session.exec(query.order_by(Person.name)))


def open_actions_of(session: Session, unit_id: str, person_id: str) -> list[Action]:
    """All a person's open actions in the unit, most pressing first; those without a date come first."""
    query = (
        select(Action)
        .join(Family, col(Family.id) == Action.family_id)
        .where(Family.unit_id == unit_id, Action.owner_id == person_id, Action.status == ActionStatus.OPEN)
    )
    return list(session.exec(query.order_by(col(Action.due_on).asc().nulls_first(), col(Action.id))))
