"""One family in one meeting: where its discussion stands, and what it leaves behind. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from prompts_and_forms.states import DiscussionState
from storage.database.rows import NotThere, dialect_of
from storage.database.tables import Discussion, Entry, Family, Meeting
from storage.family import families

STILL_TALKING = (
    DiscussionState.OPEN,
    DiscussionState.STOPPED,
    DiscussionState.READ_BACK,
    DiscussionState.PARKED,
)
FINISHED = (DiscussionState.AWAITING, DiscussionState.CLOSED)
TO_CONFIRM = (DiscussionState.READ_BACK, DiscussionState.AWAITING)

HELD = select(Discussion).where(Discussion.id == bindparam("discussion_id")).with_for_update()


def get(session: Session, discussion_id: str) -> Discussion:
    """Raises NotThere for an unknown discussion."""
    found = session.get(Discussion, discussion_id)
    if found is None:
        raise NotThere(discussion_id)
    return found


def hold(session: Session, discussion_id: str) -> Discussion:
    """The discussion as it stands now, held until this turn ends: two presses at once act one after the other."""
    if dialect_of(session) == "sqlite" and (known := session.get(Discussion, discussion_id)) is not None:
        return known  # a turn has the whole file to itself from its first word on
    now = {"populate_existing": True}
    found = session.exec(HELD, params={"discussion_id": discussion_id}, execution_options=now).first()
    if found is None:
        raise NotThere(discussion_id)
    return found


def begin(
    session: Session,
    *,
    meeting: Meeting,
    family: Family,
    kind: str,
    stage: str,
    lead_id: str | None,
    note_taker_id: str | None,
    present: list[str],
    now: datetime,
) -> Discussion:
    """A new discussion at its first stage."""
    discussion = Discussion(
        meeting_id=meeting.id,
        family_id=family.id,
        unit_id=meeting.unit_id,
        kind=kind,
        first_kind=kind,
        stage=stage,
        lead_id=lead_id,
        note_taker_id=note_taker_id,
        present=present,
        visited=[stage],
        started_at=now,
        stage_at=now,
        card_at=now,
    )
    return keep(session, discussion)


def keep(session: Session, discussion: Discussion) -> Discussion:
    """Writes the discussion as it is now."""
    session.add(discussion)
    session.flush()
    return discussion


def of_meeting(session: Session, meeting_id: str) -> list[Discussion]:
    """The discussions of a meeting, in the order they began."""
    wanted = select(Discussion).where(Discussion.meeting_id == meeting_id)
    return list(session.exec(wanted.order_by(col(Discussion.started_at), col(Discussion.id))))


def of_family(session: Session, family_id: str) -> list[Discussion]:
    """Every discussion of a family, newest first."""
    query = select(Discussion).where(Discussion.family_id == family_id).order_by(col(Discussion.started_at).desc())
    return list(session.exec(query))


def going_on(session: Session, meeting_id: str) -> list[Discussion]:
    """Those that nobody has finished yet, parked ones included."""
    return [d for d in of_meeting(session, meeting_id) if d.state in STILL_TALKING]


def awaiting_confirmation(session: Session, meeting_id: str) -> list[Discussion]:
    """What the lead has still to confirm: finished or read back, light or full."""
    return [d for d in of_meeting(session, meeting_id) if d.state in TO_CONFIRM]


def before(session: Session, discussion: Discussion) -> Discussion | None:
    """The family's last finished discussion before this one."""
    wanted = select(Discussion).where(
        Discussion.family_id == discussion.family_id,
        Discussion.id != discussion.id,
        col(Discussion.state).in_(FINISHED),
        Discussion.started_at <= discussion.started_at,
    )
    return session.exec(wanted.order_by(col(Discussion.started_at).desc())).first()


def move(session: Session, discussion: Discussion, stage: str, now: datetime) -> Discussion:
    """To another stage: one move, one higher stage number, so that an older press is known as old."""
    discussion.stage = stage
    discussion.stage_no += 1
    discussion.visited = [*discussion.visited, stage]
    discussion.stage_at = discussion.card_at = now
    return keep(session, discussion)


def bring_down(session: Session, discussion: Discussion, now: datetime) -> Discussion:
    """The card of the same stage once more at the bottom of the thread, under the next number."""
    discussion.stage_no += 1
    discussion.visited = [*discussion.visited, discussion.stage]
    discussion.card_at = now
    return keep(session, discussion)


def still_at(discussion: Discussion, stage_no: int) -> bool:
    """Whether the discussion has not left the stage since move number `stage_no`."""
    since = discussion.visited[stage_no - 1 :] if stage_no > 0 else []
    return bool(since) and set(since) == {discussion.stage} and discussion.state == DiscussionState.OPEN


def stage_at(discussion: Discussion, stage_no: int) -> str:
    """The stage that move number `stage_no` (from 1) led to."""
    return discussion.visited[stage_no - 1] if 0 < stage_no <= len(discussion.visited) else discussion.stage


def stays_as_line(discussion: Discussion, stage_no: int) -> bool:
    """Whether that card, once a newer message lies below it, stays as a line: the first of a stage is its heading.

    The very first one has the family's own message above it. While people talk long in one stage every second one
    stays, so that an immediate concern is never out of reach.
    """
    first, following = first_card(discussion, stage_no), discussion.visited[stage_no : stage_no + 1]
    more_of_it = following == [stage_at(discussion, stage_no)]
    return 1 < first == stage_no or (stage_no > first and more_of_it and (stage_no - first) % 2 == 0)


def first_card(discussion: Discussion, stage_no: int) -> int:
    """The number of the first card of the stage that move number `stage_no` led to, since people came to it."""
    first = stage_no
    while first > 1 and discussion.visited[first - 2] == stage_at(discussion, stage_no):
        first -= 1
    return first


def asks_above(discussion: Discussion, stage_no: int) -> bool:
    """Whether that card asks the questions of the stage people are in, with the newest card further down."""
    is_first = first_card(discussion, discussion.stage_no) == stage_no < discussion.stage_no
    return is_first and discussion.kind == "full" and discussion.state == DiscussionState.OPEN


def note_missing(session: Session, discussion: Discussion, codes: list[str]) -> None:
    """What people went on without. A code is "stage" or "stage:what". Written with whatever is written next."""
    new = [code for code in codes if code not in discussion.missing]
    if new:
        discussion.missing = [*discussion.missing, *new]
        session.add(discussion)


def stop(session: Session, discussion: Discussion, person_id: str | None, now: datetime) -> None:
    """At once, from whatever state; only a person lets it go on."""
    discussion.state = DiscussionState.STOPPED
    discussion.stopped_at = now
    discussion.stopped_by_id = person_id
    discussion.after_stop = None
    keep(session, discussion)


def go_on(session: Session, discussion: Discussion) -> None:
    """After who was told is kept: back to where it was."""
    discussion.after_stop = "go_on"
    over = DiscussionState.AWAITING if discussion.closed_at else DiscussionState.OPEN
    discussion.state = DiscussionState.CLOSED if discussion.confirmed_at else over
    keep(session, discussion)


def who_was_told(session: Session, stopped: Iterable[Discussion]) -> dict[str, Entry]:
    """What was written about who was told since each discussion was stopped last, by the discussion's id.

    A discussion that is not there still waits: nobody has said whom they told.
    """
    since = {one.id: one.stopped_at for one in stopped}
    wanted = select(Entry).where(
        col(Entry.discussion_id).in_(since), Entry.form == "stop", col(Entry.replaced_by_id).is_(None)
    )
    in_order = session.exec(wanted.order_by(col(Entry.recorded_at), col(Entry.id)))
    written = [(one, since[one.discussion_id]) for one in in_order if one.discussion_id]
    return {str(one.discussion_id): one for one, stop in written if stop is None or one.recorded_at >= stop}


def take_back(session: Session, discussion: Discussion) -> None:
    """From the read-back to the discussion once more."""
    discussion.state, discussion.closed_at = DiscussionState.OPEN, None
    keep(session, discussion)


def set_next(session: Session, discussion: Discussion, on: date | None, kind: str | None) -> None:
    """When the family is discussed next, and how."""
    discussion.next_on, discussion.next_kind = on, kind
    keep(session, discussion)
    if discussion.closed_at is not None:
        _remember(session, discussion)


def close(session: Session, discussion: Discussion, state: DiscussionState, now: datetime) -> None:
    """`state`: awaiting or closed. The family remembers when it was discussed and when it comes next."""
    discussion.state = state
    discussion.closed_at = discussion.closed_at or now
    keep(session, discussion)
    _remember(session, discussion)


def _remember(session: Session, discussion: Discussion) -> None:
    family = session.get(Family, discussion.family_id)
    meeting = session.get(Meeting, discussion.meeting_id)
    if family is None or meeting is None:
        return
    talked_through = discussion.after_stop != "not_today"
    if family.last_discussed_on is None or family.last_discussed_on <= meeting.day:
        family.last_discussed_on = meeting.day
        family.last_discussed_kind = discussion.kind
        family.next_on, family.next_kind = discussion.next_on, discussion.next_kind
    if discussion.kind == "full" and talked_through and (family.last_full_on or date.min) < meeting.day:
        family.last_full_on = meeting.day
    session.add(family)
    session.flush()


def confirm(session: Session, discussion: Discussion, person_id: str, now: datetime) -> None:
    """The unit lead or deputy says that what was read back is right."""
    discussion.confirmed_at = now
    discussion.confirmed_by_id = person_id
    close(session, discussion, DiscussionState.CLOSED, now)


def mark_changed_after_confirm(session: Session, discussion: Discussion) -> None:
    """Something was changed after the lead confirmed."""
    if not discussion.changed_after_confirm:
        discussion.changed_after_confirm = True
        keep(session, discussion)


def mark_copied(session: Session, discussion: Discussion, person_id: str, now: datetime) -> None:
    """Somebody says the record is in the case system now."""
    discussion.copied_at, discussion.copied_by_id = now, person_id
    keep(session, discussion)


def note_seen(session: Session, family_id: str, rows: list[dict[str, Any]]) -> None:
    """Keeps when each child was last seen; an older sighting never replaces a newer one.

    `rows`: child (key), date (ISO), by (person id), alone.
    """
    known = {body.key: child for child, body in families.children(session, family_id, include_gone=True)}
    for row in rows:
        child, on = known.get(str(row.get("child"))), _day(row.get("date"))
        if child is None or on is None:
            continue
        if child.last_seen_on is None or child.last_seen_on <= on:
            child.last_seen_on = on
            child.seen_by_id = row.get("by") if row.get("by") != "outside" else None
        if row.get("alone") and (child.seen_alone_on is None or child.seen_alone_on < on):
            child.seen_alone_on = on
        session.add(child)
    session.flush()


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None
