"""The part of an export that says what happened in meetings: who was there, what was said, recorded and pointed out."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlmodel import Session, col, or_, select

from prompts_and_forms.meeting.gaps import Gap
from storage.database.tables import Contribution, Discussion, Entry, Meeting, RemarkGiven, Unit
from storage.database.tables_decisions import AgendaWish, RotaSwap
from storage.export.names import Names, iso
from storage.forms import entries
from storage.meeting import agenda_wishes, contributions, meetings, remarks_given

PRIVATE_ANSWERS = ("boundary_check",)
PRIVATE_FORMS = ("reflection",)

Rows = list[dict[str, Any]]


def meetings_of(session: Session, unit: Unit, names: Names, only: set[str] | None) -> tuple[Rows, Rows]:
    """The unit's meetings and their discussions, oldest first, and those of its families in other units before.

    With `only` (family ids) just what concerns those: a meeting's own talk and check may speak of others and are left
    out.
    """
    elsewhere = select(Discussion.meeting_id).where(Discussion.unit_id == unit.id)
    wanted = select(Meeting).where(or_(Meeting.unit_id == unit.id, col(Meeting.id).in_(elsewhere)))
    rows: Rows = []
    discussed: Rows = []
    for meeting in session.exec(wanted.order_by(col(Meeting.day), col(Meeting.opened_at))):
        held = [one for one in meetings.discussions(session, meeting.id) if one.family_id in names.refs]
        if only is not None and not held:
            continue
        rows.append(_meeting(session, meeting, names, own=only is None and meeting.unit_id == unit.id))
        discussed += [_discussion(session, discussion, names) for discussion in held]
    return rows, discussed


def unit_entries(session: Session, unit: Unit, names: Names, only: set[str] | None) -> Rows:
    """What was recorded outside any discussion: between meetings, and of the meeting itself (quality check)."""
    wanted = select(Entry).where(Entry.unit_id == unit.id, col(Entry.discussion_id).is_(None))
    found = session.exec(wanted.order_by(col(Entry.recorded_at), col(Entry.id)))
    return [
        _entry(session, entry, names)
        for entry in found
        if (only is None or entry.family_id in only) and entry.form not in PRIVATE_FORMS
    ]


def asked_for(session: Session, unit: Unit, names: Names, only: set[str] | None) -> Rows:
    """What people asked for on the next agenda, and what became of it."""
    wanted = select(AgendaWish).where(AgendaWish.unit_id == unit.id)
    found = session.exec(wanted.order_by(col(AgendaWish.at), col(AgendaWish.id)))
    return [
        {
            "id": wish.id,
            "family": names(wish.family_id),
            "what": wish.what,
            "words": agenda_wishes.words(session, wish),
            "by": names(wish.by_id),
            "at": iso(wish.at),
            "ended": {"at": iso(wish.ended_at), "by": names(wish.ended_by_id), "how": wish.how or None},
        }
        for wish in found
        if only is None or wish.family_id in only
    ]


def swaps_of(session: Session, unit: Unit, names: Names) -> Rows:
    """Turns at facilitating that somebody asked to swap, and the answer."""
    found = session.exec(select(RotaSwap).where(RotaSwap.unit_id == unit.id).order_by(col(RotaSwap.at)))
    return [
        {
            "day": iso(swap.usual),
            "other_day": iso(swap.other_usual),
            "asked_by": names(swap.asked_by_id),
            "asked": names(swap.asked_id),
            "state": swap.state,
            "at": iso(swap.at),
            "answered_at": iso(swap.answered_at),
        }
        for swap in found
    ]


def _meeting(session: Session, meeting: Meeting, names: Names, *, own: bool) -> dict[str, Any]:
    there = meetings.attendance(session, meeting.id)
    return {
        "id": meeting.id,
        "day": iso(meeting.day),
        "extra": meeting.extra,
        "state": meeting.state,
        "opened_at": iso(meeting.opened_at),
        "opened_by": names(meeting.opened_by_id),
        "closed_at": iso(meeting.closed_at),
        "chair": names(meeting.facilitator_id),
        "writer": names(meeting.writer_id),
        "attendance": {state: [names(person.id) for person in people] for state, people in there.items()},
        "agenda": [
            {
                "family": names(item.family_id),
                "position": item.position,
                "kind": item.kind,
                "rule_kind": item.rule_kind,
                "reasons": names.inside(item.reasons),
                "minutes": item.minutes,
                "state": item.state,
                "asked_by": names(item.asked_by_id),
            }
            for item in meetings.items(session, meeting.id)
            if item.family_id in names.refs
        ],
        "contributions": _said(session, meeting, names) if own else [],
        "remarks": _remarks_of_meeting(session, meeting, names) if own else [],
    }


def _said(session: Session, meeting: Meeting, names: Names) -> Rows:
    found = contributions.of_meeting(session, meeting.id, include_deleted=True)
    return [_contribution(session, row, names) for row in found]


def _remarks_of_meeting(session: Session, meeting: Meeting, names: Names) -> Rows:
    wanted = select(RemarkGiven).where(RemarkGiven.meeting_id == meeting.id, col(RemarkGiven.discussion_id).is_(None))
    return [_remark(row, names) for row in session.exec(wanted.order_by(col(RemarkGiven.at), col(RemarkGiven.id)))]


def _discussion(session: Session, discussion: Discussion, names: Names) -> dict[str, Any]:
    said = contributions.of_discussion(session, discussion.id, include_deleted=True)
    given = remarks_given.of_discussion(session, discussion.id)
    return {
        "id": discussion.id,
        "meeting": discussion.meeting_id,
        "family": names(discussion.family_id),
        "kind": discussion.kind,
        "first_kind": discussion.first_kind,
        "state": discussion.state,
        "stage": discussion.stage,
        "stages": [stage for stage, _ in groupby(discussion.visited)],
        "missing": [_missing(Gap.read(code), names) for code in discussion.missing],
        "lead": names(discussion.lead_id),
        "note_taker": names(discussion.note_taker_id),
        "present": names.inside(discussion.present),
        "started_at": iso(discussion.started_at),
        "closed_at": iso(discussion.closed_at),
        "stopped": {
            "at": iso(discussion.stopped_at),
            "by": names(discussion.stopped_by_id),
            "after": discussion.after_stop,
        },
        "confirmed": {
            "at": iso(discussion.confirmed_at),
            "by": names(discussion.confirmed_by_id),
            "changed_since": discussion.changed_after_confirm,
        },
        "next_discussion": {"on": iso(discussion.next_on), "kind": discussion.next_kind},
        "copied": {"at": iso(discussion.copied_at), "by": names(discussion.copied_by_id)},
        "contributions": [_contribution(session, row, names) for row in said],
        "entries": [_entry(session, row, names) for row in _entries(session, discussion)],
        "remarks": [_remark(row, names) for row in given],
    }


def _missing(gap: Gap, names: Names) -> str:
    """The gap as one word that names a child or an idea as the rest of the export does."""
    return Gap(gap.stage, gap.what, names(gap.subject) or "").code


def _contribution(session: Session, row: Contribution, names: Names) -> dict[str, Any]:
    return {
        "id": row.id,
        "family": names(row.family_id),
        "stage": row.stage,
        "author": names(row.author_id),
        "said_at": iso(row.said_at),
        "text": contributions.text(session, row),
        "state": row.state,
        "edits": row.edits,
        "after_confirm": row.after_confirm,
        "channel": row.channel,
        "ts": row.ts,
        "versions": [
            {
                "no": version.n,
                "what": version.what,
                "stage": version.stage,
                "by": names(version.by_id),
                "at": iso(version.at),
                "text": contributions.text(session, version),
            }
            for version in contributions.versions(session, row.id)
        ],
    }


def _entries(session: Session, discussion: Discussion) -> list[Entry]:
    """Every handed-in form, also those replaced later."""
    wanted = select(Entry).where(Entry.discussion_id == discussion.id, col(Entry.form).not_in(PRIVATE_FORMS))
    return list(session.exec(wanted.order_by(col(Entry.recorded_at), col(Entry.id))))


def _entry(session: Session, entry: Entry, names: Names) -> dict[str, Any]:
    answers = {name: value for name, value in entries.answers(session, entry).items() if name not in PRIVATE_ANSWERS}
    return {
        "id": entry.id,
        "meeting": entry.meeting_id,
        "family": names(entry.family_id),
        "stage": entry.stage,
        "form": entry.form,
        "version": entry.form_version,
        "form_hash": entry.form_hash,
        "recorded_by": names(entry.recorded_by_id),
        "recorded_at": iso(entry.recorded_at),
        "after_confirm": entry.after_confirm,
        "replaced_by": entry.replaced_by_id,
        "subject": names(entry.subject_id),
        "answers": names.inside(answers),
        "also": [{"question": one.label, "text": one.text} for one in entries.orphaned_answers(session, entry)],
    }


def _remark(row: RemarkGiven, names: Names) -> dict[str, Any]:
    return {
        "code": row.code,
        "at": iso(row.at),
        "person": names(row.person_id),
        "family": names(row.family_id),
        "about": row.about,
        "params": names.inside(row.params),
    }
