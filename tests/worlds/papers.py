"""Papers as readers find them: a document put together, and the words and pages inside a file."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import docx

from bot.documents.everything import LEFT_OUT
from bot.documents.make import document, draw
from bot.documents.model import (
    Document,
    Picture,
    Quote,
)
from bot.documents.source import Source
from handlers import routes
from handlers.forms import context
from handlers.turn import Ask, Done, Event, EventKind, Turn
from prompts_and_forms.forms.catalogue import form_ids, load_form
from prompts_and_forms.forms.form import FormContext, Question, QuestionKind
from prompts_and_forms.forms.values import MANY, TEXTS, options
from storage.clinical import signings
from storage.database.tables import Entry, Unit
from storage.family import genograms
from storage.forms import entries
from storage.unit import people
from tests.worlds.records_world import Room

AWKWARD = (
    '#read("/etc/passwd") {{7*7}} =1+1 @SUM(A1) *bold* _x_ $1+1$ // gone? /* so */ <b>&amp; \\u{41} `raw` @label [x](y)'
)
NAMES = "ليلى أحمد and שרה כהן"


@dataclass
class Kept:
    room: Room
    discussion: str

    def source(self) -> Reading:
        return Reading(self.room)

    def document(self, what: str, row_id: str = "") -> Document:
        with self.source() as source:
            return document(source, what, row_id)

    def file(self, what: str, row_id: str, form: str) -> bytes:
        return draw(self.document(what, row_id), form, "kestrel").content


class Reading:
    def __init__(self, room: Room) -> None:
        self._room, self._reading = room, room.db.read()

    def __enter__(self) -> Source:
        session = self._reading.__enter__()
        unit = session.get(Unit, self._room.unit.unit_id)
        assert unit is not None
        return Source(session, unit, self._room.now, "Pippa")

    def __exit__(self, *trouble: object) -> None:
        self._reading.__exit__(None, None, None)


AT = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)


def paper(*parts: Any, title: str = "A title") -> Document:
    return Document(
        kind="test",
        title=title,
        subject="Family K3107C",
        about=f"{title}: Family K3107C",
        classification="OFFICIAL-SENSITIVE",
        made="Produced for Pippa by Unit Meeting Bot on 24 November 2026 at 09:05",
        at=AT,
        parts=parts,
    )


def inside(pdf: bytes) -> bytes:
    """Everything in a PDF, its compressed parts opened."""
    found = [pdf]
    for match in re.finditer(rb"stream\r?\n", pdf):
        try:
            found.append(zlib.decompressobj().decompress(pdf[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(found)


def words_of(word: bytes) -> str:
    """Every word of a Word file's page, in order, tables too."""
    found = docx.Document(BytesIO(word))
    lines: list[str] = []
    for block in found.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [cell.text for row in block.rows for cell in row.cells]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def pages_of(pdf: bytes) -> int:
    found = re.search(rb"/Type/Pages/Count (\d+)", pdf)
    assert found is not None
    return int(found[1])


REF = "K3107C"


def drawn(room: Room, links: dict[str, Any] | None = None, **people: Any) -> str:
    """Draws the family's genogram with what is known of it; answers the id of its entry."""
    routes.load()
    family = room.family(REF)
    asked = room.hand_in("tomasz", room.press("tomasz", "genogram.people", family=family), people)
    assert isinstance(asked, Ask), asked
    done = room.hand_in("tomasz", asked, links or {})
    assert isinstance(done, Done), done
    with room.reading() as session:
        found = genograms.current(session, family)
        assert found is not None
        return found.people.id


KEYS = re.compile(
    r"\bK\d{4}[A-Z]-\w+"  # a child or carer by key
    r"|\bP\d{1,2}\b"  # a line of the plan by key
    r"|\b[0-9a-f]{32}\b"  # a row
    r"|\b[a-z0-9]+(?:_[a-z0-9]+)+\b"  # a code
    r"|\b\d{4}-\d\d-\d\d\b"  # a day as a program writes it
    r"|\bNone\b|\bTrue\b|\bFalse\b|\bin \d+ days\b|Status:"
)


def turn_of(kept: Kept, source: Source) -> Turn:
    return Turn(
        session=source.session,
        event=Event(id="", kind=EventKind.BUTTON, at=kept.room.now),
        now=kept.room.now,
        person=people.by_id(source.session, kept.room.people["tomasz"]),
        unit=source.unit,
    )


def filled(questions: tuple[Question, ...], offered: FormContext) -> dict[str, Any]:
    found = {question.id: answer(question, offered) for question in questions}
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def answer(question: Question, offered: FormContext) -> Any:
    kind = question.kind
    if kind is QuestionKind.GROUP:
        rows = {
            "child": offered.children,
            "carer": offered.carers,
            "open_action": offered.open_actions,
            "person": offered.people,
            "work": offered.work,
        }
        inside = filled(question.questions, offered)
        if question.per:
            return [{question.per.removeprefix("open_"): one.value, **inside} for one in rows[question.per]]
        return inside if question.single else [inside, inside]
    if kind is QuestionKind.LINES:
        return ["First in words", "Then in words"]
    if kind in TEXTS:
        return "In words."
    if kind is QuestionKind.DATE:
        return date(2026, 11, 16).isoformat()
    if kind is QuestionKind.TIME:
        return "09:30"
    if kind is QuestionKind.YES_NO:
        return True
    if kind is QuestionKind.WORDS:
        return None
    if kind is QuestionKind.WHOLE_NUMBER and not question.options:
        return 7
    values = [choice.value for choice in options(question, offered)]
    if kind in MANY:
        return values
    return values[0] if values else None


def words_in(value: Any) -> Iterator[str]:
    """Everything a paper says, but for what somebody said word for word."""
    if isinstance(value, Quote):
        return
    if isinstance(value, Picture):
        yield from (value.alt, value.caption)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from words_in(one)
    elif hasattr(value, "__pydantic_fields__"):
        for name in type(value).__pydantic_fields__:
            if name not in ("what", "kind", "widths"):
                yield from words_in(getattr(value, name))


def keys_of(paper: Document) -> list[str]:
    return [found for said in words_in(paper) for found in KEYS.findall(said)]


def every_form(kept: Kept) -> dict[str, str]:
    """One entry of each form, filled in to the end, in the discussion under way."""
    found = {}
    for form in (load_form(one) for one in form_ids() if one not in LEFT_OUT):
        with kept.source() as source:
            offered = context.context(turn_of(kept, source), kept.room.family(REF), form)
        with kept.room.db.write() as session:
            entry = entries.keep(
                session,
                form=form,
                answers=filled(form.questions, offered),
                person_id=kept.room.people["tomasz"],
                unit_id=kept.room.unit.unit_id,
                now=kept.room.now,
                family_id=kept.room.family(REF),
                discussion_id=kept.discussion,
            )
            found[form.id] = entry.id
    return found


def handed_in(kept: Kept, form: str, answers: dict[str, Any], who: str = "tomasz", ref: str = REF) -> str:
    room = kept.room
    with room.db.write() as session:
        entry = entries.keep(
            session,
            form=load_form(form),
            answers=answers,
            person_id=room.people[who],
            unit_id=room.unit.unit_id,
            now=room.now,
            family_id=room.family(ref),
        )
        return entry.id


def put_right(kept: Kept) -> tuple[str, str]:
    """An assessment and the version that was written in its place."""
    old = handed_in(kept, "assessment", {"reason": "Why now"})
    new = handed_in(kept, "assessment", {"reason": "Why then"}, "ngozi")
    with kept.room.db.write() as session:
        first, second = session.get_one(Entry, old), session.get_one(Entry, new)
        before = signings.begin(session, first, ("clinician",), before=None)
        signings.begin(session, second, ("clinician",), before=before, why="The day was wrong.")
        first.replaced_by_id = new
        session.add(first)
    return old, new


def texts_of(pdf: bytes) -> str:
    """Every text a reader could take out of a PDF, on whatever page and however it is covered.

    Each run of letters is read with the table of every font: the right reading is among them.
    """
    whole = inside(pdf)
    tables = [
        {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in PAIR.findall(table)}
        for table in re.findall(rb"beginbfchar(.*?)endbfchar", whole, re.DOTALL)
    ]
    found = []
    for run in re.findall(rb"\((?:\\.|[^\\()])*\)|\[(?:\((?:\\.|[^\\()])*\)|[^\]()])*\]\s*TJ", whole, re.DOTALL):
        codes = b"".join(_plain(one) for one in re.findall(rb"\(((?:\\.|[^\\()])*)\)", run, re.DOTALL))
        glyphs = [int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2)]
        found += ["".join(table.get(one, "\ufffd") for one in glyphs) for table in tables]
    return "\n".join(one for one in found if one)


PAIR = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4,})>")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _plain(text: bytes) -> bytes:
    """A text of a PDF without its backslashes."""

    def one(match: re.Match[bytes]) -> bytes:
        said = match[1]
        return bytes([int(said, 8) & 255]) if re.fullmatch(rb"[0-7]+", said) else _ESCAPED.get(said, said)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, text, flags=re.DOTALL)
