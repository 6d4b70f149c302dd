"""The unit's agenda on paper: of the meeting that is open, or as the rules propose it today."""

from __future__ import annotations

from datetime import date

from bot.documents.model import AnyPart, Bullets, Document, Facts, Line, Notice, Table, line, say
from bot.documents.source import Source
from handlers.family import transfer_messages
from handlers.meeting import agenda as meeting_agenda
from handlers.meeting import agenda_items
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.family import transfer_wording
from prompts_and_forms.meeting import agenda_rules, agenda_wording
from storage.database.tables import Meeting
from storage.family import families
from storage.meeting import agenda_wishes, meeting_days, meetings
from storage.unit import people, units

PLANNED_WIDTHS = (7, 19, 9, 12, 53)
HELD_WIDTHS = (7, 19, 9, 12, 37, 16)


def agenda(source: Source, meeting: Meeting | None = None) -> Document:
    """Who is discussed, how long and why. The emergency contacts come first, as in the meeting."""
    found = meeting or meetings.open_meeting(source.session, source.unit.id)
    coming = meeting_days.coming(source.session, source.unit, source.today)
    day = found.day if found else (coming.day if coming else source.today)
    parts: list[AnyPart] = [contacts(source)]
    if found is None:
        parts.append(say(documents_wording.PLANNED))
        rows, minutes = _planned(source, day)
    else:
        parts.append(_who(source, found))
        rows, minutes = _kept(source, found)
    if rows:
        parts.append(_table(rows, held=found is not None))
        parts.append(
            say(
                documents_wording.total_words(minutes + agenda_rules.AROUND_MINUTES, source.unit.length_minutes),
                quiet=True,
            )
        )
    else:
        parts.append(say(documents_wording.EMPTY_AGENDA))
    if also := _also(source, found):
        parts.append(Bullets(title=agenda_wording.ALSO, items=also))
    if moving := transfer_messages.moving_lines(source.session, source.unit):
        parts.append(Bullets(title=transfer_wording.COMING_TITLE, items=tuple(line(one) for one in moving)))
    return source.document(
        "agenda", documents_wording.AGENDA, parts, subject=documents_wording.of_unit(source.unit.name, day)
    )


def _table(rows: list[tuple[str, ...]], *, held: bool) -> Table:
    head = (*documents_wording.AGENDA_HEAD, documents_wording.AGENDA_STATE) if held else documents_wording.AGENDA_HEAD
    widths = HELD_WIDTHS if held else PLANNED_WIDTHS
    return Table(head=head, rows=tuple(rows), widths=widths, words=documents_wording.AGENDA)


def contacts(source: Source) -> Notice:
    """Whom to call first; 999 is always among it."""
    found = units.contacts(source.session, source.unit.id)
    lines = tuple(f"{one.who}: {one.how}" for one in found) or (documents_wording.NO_CONTACTS,)
    said = any("999" in one for one in lines)
    return Notice(title=documents_wording.CONTACTS, lines=lines if said else (documents_wording.DANGER, *lines))


def _who(source: Source, meeting: Meeting) -> Facts:
    def name(person_id: str | None) -> str:
        return people.name_of(source.session, person_id) if person_id else ""

    present = meetings.attendance(source.session, meeting.id).get("present", [])
    rows = (
        ("Chair", name(meeting.facilitator_id)),
        ("Notes by", name(meeting.writer_id)),
        ("Present", ", ".join(one.name for one in present)),
    )
    return Facts(rows=tuple((label, value) for label, value in rows if value))


def _also(source: Source, meeting: Meeting | None) -> tuple[Line, ...]:
    """What is on the agenda and no family."""
    if meeting is not None and meeting.extra:
        return ()
    live = agenda_wishes.live(source.session, source.unit.id)
    found = agenda_wishes.items(live, before=meeting.opened_at if meeting else None)
    return tuple(line(agenda_items.also_words(source.session, wish)) for wish in found)


def _planned(source: Source, day: date) -> tuple[list[tuple[str, ...]], int]:
    plan = meeting_agenda.planned(source.session, source.unit, day)
    there = [item for item in plan.items if not item.left]
    rows = [
        _row(source, number, item.family_id, item.kind, item.minutes, _why(source, item.reasons, day))
        for number, item in enumerate(there, start=1)
    ]
    return rows, sum(item.minutes for item in there)


def _kept(source: Source, meeting: Meeting) -> tuple[list[tuple[str, ...]], int]:
    items = meetings.items(source.session, meeting.id)
    rows = [
        (
            *_row(source, number, item.family_id, item.kind, item.minutes, _why(source, item.reasons, meeting.day)),
            documents_wording.ITEM_STATE[item.state],
        )
        for number, item in enumerate(items, start=1)
    ]
    return rows, sum(item.minutes for item in items)


def _row(source: Source, number: int, family_id: str, kind: str, minutes: int, why: str) -> tuple[str, ...]:
    label = families.label(source.session, source.family(family_id), source.unit)
    return str(number), label, documents_wording.KIND[kind], str(minutes), why


def _why(source: Source, reasons: list[agenda_rules.Reason], day: date) -> str:
    words = "; ".join(agenda_items.why_words(source.session, reasons, day)) or documents_wording.NO_REASON
    return words[:1].upper() + words[1:]
