"""The answer to a request to see the record: everything about one child in order of time, boxes where it must be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import groupby

from bot.documents.model import AnyPart, Document, Facts, Heading, Paragraph, Run, Table, say
from bot.documents.source import Source
from handlers.subject import lines
from handlers.subject.lines import Line
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.subject import wording
from storage.database import looked
from storage.database.tables import Family
from storage.database.tables_retention import SubjectRequest
from storage.family import families
from storage.subject import requests
from storage.unit import people

KIND = "your-record"
"""In the name of a file; it says nothing of whose."""
EVER = datetime(2000, 1, 1, tzinfo=UTC)


def subject_lines(source: Source, family: Family, child_key: str, request: SubjectRequest | None) -> list[Line]:
    """The lines as they are sent: what a request hides is not in them."""
    found = lines.lines(source.session, family, child_key)
    return lines.hide(source.session, request.id, found) if request is not None else found


def subject_document(source: Source, family: Family, child_key: str, request: SubjectRequest | None) -> Document:
    """A paper a young person can read: what it is, what the letters mean, the lines, who looked, what was erased."""
    found = subject_lines(source, family, child_key, request)
    ref = source.ref(family.id)
    facts = [(wording.REF, ref), (wording.MADE_FOR, child_key)]
    if request is not None:
        facts.append((wording.RECEIVED, day_words.in_full(request.received_on)))
    parts: list[AnyPart] = [
        Facts(rows=tuple(facts), front=True),
        say(wording.WHAT),
        say(wording.HOW),
        say(wording.LEFT_OUT),
        *_letters(found),
        *_lines(source, found),
        *_looked(source, family),
        Heading(text=wording.GONE),
        say(wording.NOTHING_GONE if not _gone(found) else "\n".join(_gone(found))),
    ]
    return Document(
        kind=KIND,
        title=wording.TITLE,
        subject=source.unit.name,
        about=f"{wording.TITLE}: {documents_wording.of_family(ref)}",
        classification=source.marking,
        made=documents_wording.made_by(source.asked_by, source.at(source.now)),
        at=source.at(source.now),
        parts=tuple(parts),
    )


def of_request(source: Source, request: SubjectRequest) -> Document:
    """The answer to a request as it stands now."""
    family = source.family(request.family_id)
    return subject_document(source, family, families.child_key(source.session, request.child_id), request)


def values_of_request(source: Source, request: SubjectRequest) -> str:
    """The same as JSON, for another system."""
    family = source.family(request.family_id)
    return as_json(source, family, families.child_key(source.session, request.child_id), request)


def as_json(source: Source, family: Family, child_key: str, request: SubjectRequest | None) -> str:
    """Everything about one child as JSON; what a request hides is not in it."""
    return json.dumps(as_values(source, family, child_key, request), ensure_ascii=False, indent=1)


def as_values(source: Source, family: Family, child_key: str, request: SubjectRequest | None) -> dict[str, object]:
    """The same as plain values, for another system."""
    found = subject_lines(source, family, child_key, request)
    return {
        "reference": source.ref(family.id),
        "child": child_key,
        "received": request.received_on.isoformat() if request else None,
        "due": due.isoformat() if request and (due := requests.due(request)) else None,
        "letters": {code: words for code, words in wording.CODES.items() if any(code in one.hidden for one in found)},
        "lines": [
            {
                "at": one.at or None, "what": one.what, "by": one.by or None, "words": one.words, "idea": one.idea,
                "left_out": list(one.hidden),
            }
            for one in found
        ],
        "looked": [dict(zip(("who", "first", "last", "times"), row, strict=True)) for row in _who(source, family)],
    }  # fmt: skip


def _letters(found: list[Line]) -> list[AnyPart]:
    used = [code for code in wording.CODES if any(code in one.hidden for one in found)]
    if not used:
        return []
    rows = tuple((code, wording.CODES[code]) for code in used)
    return [Heading(text=wording.LETTERS, level=2), Facts(rows=rows)]


def _lines(source: Source, found: list[Line]) -> list[AnyPart]:
    parts: list[AnyPart] = [Heading(text=wording.NOW)]
    dated = False
    for day, some in groupby(found, key=lambda one: one.at[:10]):
        if day and not dated:
            parts.append(Heading(text=wording.RECORD))
            dated = True
        if day:
            parts.append(Heading(text=day_words.in_full(datetime.fromisoformat(day).date()), level=2))
        for (_record, what, by), rest in groupby(some, key=lambda one: (one.record, one.what, one.by)):
            head = f"{what}, {by}" if by else what
            parts.append(Paragraph(runs=(Run(text=head, strong=True),)))
            parts += [say(one.words) for one in rest]
    return parts


def _who(source: Source, family: Family) -> list[tuple[str, str, str, str]]:
    rows = []
    for one in looked.who_looked(source.session, family.id, EVER):
        who = people.name_of(source.session, one.person_id) if one.person_id else wording.THE_BOT
        first, last = (day_words.in_full(source.at(at).date()) for at in (one.first_at, one.last_at))
        rows.append((who, first, last, str(one.times)))
    return rows


def _looked(source: Source, family: Family) -> list[AnyPart]:
    rows = tuple(_who(source, family))
    if not rows:
        return []
    return [Heading(text=wording.LOOKED), Table(head=wording.LOOKED_HEAD, rows=rows, words=wording.LOOKED)]


def _gone(found: list[Line]) -> list[str]:
    return [f"{one.at[:10]}, {one.by}: {one.words}" for one in found if one.words == wording.DELETED]
