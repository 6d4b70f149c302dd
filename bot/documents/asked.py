"""The document an outbox row asks for, read from the record as it stands when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.documents.bundle import bundle
from bot.documents.contents.handover import handover
from bot.documents.contents.subject import KIND, values_of_request
from bot.documents.everything import figures_file, list_file
from bot.documents.make import File, document, draw, name_of_file
from bot.documents.model import Document
from bot.documents.records import records
from bot.documents.source import Source
from bot.documents.trouble import DocumentTrouble
from handlers.documents import CALENDAR, FIGURES, JSON, LISTS, Asked, may_have_pack, may_list_unit, read_key, read_lines
from prompts_and_forms.days import ics
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.managers import sheet_wording
from prompts_and_forms.subject import wording as subject_wording
from prompts_and_forms.unit import calendar_wording
from storage.clinical import tracking
from storage.database.tables import Membership, Unit
from storage.database.tables_retention import SubjectRequest
from storage.family import access, transfers
from storage.unit import calendar, people, units


@dataclass(frozen=True)
class Wish:
    """A document put together. `draw` makes the file: slow, for a worker thread; it raises DocumentTrouble."""

    title: str
    subject: str
    marking: str
    draw: Callable[[], File]


def wish(session: Session, key: str, now: datetime) -> Wish | None:
    """None where the person has left the unit since, or the key says nothing. Raises DocumentTrouble."""
    asked: Asked | None = read_key(key)
    if asked is not None:
        access.hide_from(session, asked.person_id)
    unit = units.by_id(session, asked.unit_id) if asked else None
    membership = people.belongs(session, unit.id, asked.person_id) if asked and unit else None
    if asked is None or unit is None or membership is None:
        return None
    source = Source(session, unit, now, people.name_of(session, asked.person_id))
    if asked.what == CALENDAR:
        return _calendar(source, asked)
    if asked.what in FIGURES:
        return _figures(source, asked, membership)
    if asked.form == JSON:
        return _values(source, asked)
    if asked.what in LISTS:
        return _list(source, asked, membership)
    if asked.what == "records":
        found = records(source, asked.row_id)
    elif asked.what == "bundle":
        if source.family(asked.row_id).unit_id != unit.id:
            return None
        found = bundle(source, asked.row_id)
    elif asked.what == "handover":
        pack = _pack(source, asked)
        if pack is None:
            return None
        found = pack
    else:
        found = document(source, asked.what, asked.row_id)
    return Wish(found.title, found.said_openly, found.classification, partial(draw, found, asked.form, unit.slug))


def _calendar(source: Source, asked: Asked) -> Wish:
    """A person's own calendar, with plain titles."""
    found = calendar.entries(source.session, asked.person_id, source.now)
    text = ics.calendar(calendar_wording.NAME, found, source.now)
    name = name_of_file(source.unit.slug, asked.what, source.at(source.now), asked.form)
    return Wish(calendar_wording.TITLE, source.unit.name, source.marking, lambda: File(name, text.encode()))


def _values(source: Source, asked: Asked) -> Wish | None:
    """The answer to a request to see the record, for another system; it says the same as the paper."""
    request = source.session.get(SubjectRequest, asked.row_id)
    if request is None or source.family(request.family_id).unit_id != source.unit.id:
        return None
    name = name_of_file(source.unit.slug, KIND, source.at(source.now), asked.form)
    text = values_of_request(source, request)
    return Wish(subject_wording.TITLE, source.unit.name, source.marking, lambda: File(name, text.encode()))


def _pack(source: Source, asked: Asked) -> Document | None:
    """The handover pack, as the unit that has the family would make it; None for somebody who may not have it now."""
    move = transfers.get(source.session, asked.row_id)
    if move is None or not may_have_pack(source.session, move, asked.person_id):
        return None
    unit = source.session.get_one(Unit, source.family(move.family_id).unit_id)
    return handover(replace(source, unit=unit), move)


def _list(source: Source, asked: Asked, membership: Membership) -> Wish | None:
    """A list is written while it is read, a piece at a time, so that any length of it fits."""
    lines = read_lines(asked.row_id)
    own = lines is not None and lines.person_id == membership.person_id
    if not own and not may_list_unit(source.unit, membership):
        return None
    wanted = None
    if lines is not None:
        reader = None if people.is_manager(membership) else membership.person_id
        wanted = tracking.Asked(
            source.unit.id, lines.since, lines.until, lines.person_id or None, lines.kind, reader_id=reader
        )
    if (wanted is None) != (asked.what != "tracking"):
        raise DocumentTrouble(documents_wording.GONE)
    made = list_file(source, asked.form, wanted)
    subject = source.unit.name
    if lines is not None:
        subject = f"{subject}, {documents_wording.days_words(lines.since, lines.until)}"
    marking = documents_wording.marking(str(source.unit.settings.get("marking") or ""), source.unit.fictional)
    return Wish(documents_wording.LIST_TITLES[asked.what], subject, marking, lambda: made)


def _figures(source: Source, asked: Asked, membership: Membership) -> Wish | None:
    """The figures of one unit, or of all that this person manages now; None where they manage none any more."""
    held = [
        (unit, source.now.astimezone(units.zone(unit)).date())
        for own, unit in people.units_of(source.session, membership.person_id)
        if people.is_manager(own)
        and asked.row_id in ("", unit.id)
        and (asked.what != "figures_totals" or "group_manager" in own.roles)
    ]
    if not held:
        return None
    made = figures_file(source, asked.what, held)
    subject = held[0][0].name if len(held) == 1 else sheet_wording.SO_MANY_UNITS.format(count=len(held))
    return Wish(sheet_wording.FIGURE_TITLES[asked.what], subject, source.marking, lambda: made)
