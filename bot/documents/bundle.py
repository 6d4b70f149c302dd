"""Everything of one family in one document: a front page, contents with page numbers, then each paper, oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from sqlmodel import col, select

from bot.documents.contents.answers import about_family
from bot.documents.make import document
from bot.documents.model import AnyPart, Contents, Document, Facts, Heading, NewPage, Notice, Table, say
from bot.documents.source import Source
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.meeting import discussion_wording
from storage.database.tables import Discussion
from storage.database.tables_measures import Measure
from storage.export.meetings import PRIVATE_FORMS
from storage.family import families, papers
from storage.forms import entries
from storage.meeting import contributions, meetings

EVERY = 100_000
DEEPEST = 3
BEFORE_WIDTHS = (40, 60)


def bundle(source: Source, family_id: str) -> Document:
    """Raises DocumentTrouble where nothing was ever written down about the family."""
    source.family(family_id)
    before, found = _papers(source, family_id)
    if not found and not before:
        raise DocumentTrouble(documents_wording.NOTHING_OF_FAMILY.format(ref=source.ref(family_id)))
    found.sort(key=lambda one: (one.on or date.min, one.title))
    sections = [part for one in found for part in section(one)]
    titles = [part.text for part in sections if isinstance(part, Heading) and part.level == 1]
    earlier = _before(source, before)
    titles += [part.text for part in earlier if isinstance(part, Heading)]
    return source.document(
        "bundle",
        documents_wording.BUNDLE,
        [
            *_front(source, family_id, found, before),
            Contents(title=documents_wording.CONTENTS, items=tuple(titles)),
            *sections,
            *earlier,
        ],
        family_id=family_id,
    )


def _papers(source: Source, family_id: str) -> tuple[list[Discussion], list[Document]]:
    """The discussions of which only the day is known, and every paper there is more of."""
    before: list[Discussion] = []
    found: list[Document] = []
    for what, row_id in _which(source, family_id):
        talk = source.session.get(Discussion, row_id) if what == "record" else None
        if talk is not None and _only_the_day(source, talk):
            before.append(talk)
        else:
            found.append(document(source, what, row_id))
    return before, found


def _which(source: Source, family_id: str) -> Iterator[tuple[str, str]]:
    """Papers that are current. A questionnaire is shown by its result, and not by the form it was entered with."""
    wanted = select(Measure).where(Measure.family_id == family_id, col(Measure.replaced_by_id).is_(None))
    results = list(source.session.exec(wanted))
    shown = {row.entry_id for row in results}
    for one in papers.of_family(source.session, family_id, EVERY):
        if one.row_id not in shown and one.code not in PRIVATE_FORMS:
            yield one.what, one.row_id
    for row in results:
        yield "measure", row.id


def _only_the_day(source: Source, talk: Discussion) -> bool:
    """A discussion from before the unit used the bot."""
    nothing = not entries.of_discussion(source.session, talk.id)
    return talk.lead_id is None and nothing and not contributions.of_discussion(source.session, talk.id)


def _front(source: Source, family_id: str, found: list[Document], before: list[Discussion]) -> list[AnyPart]:
    days = [one.on for one in found if one.on] + [_day(source, talk) for talk in before]
    rows = [
        *about_family(source, family_id),
        (documents_wording.BUNDLE_FROM_TO, documents_wording.days_words(min(days), max(days)) if days else ""),
        (documents_wording.BUNDLE_HOLDS, documents_wording.papers_words(len(found), len(before))),
    ]
    warnings = families.safe_contact_warnings(source.session, family_id)
    warned = [Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(warnings))] if warnings else []
    facts = Facts(rows=tuple((label, value) for label, value in rows if value), front=True)
    return [facts, *warned, say(documents_wording.BUNDLE_IS, quiet=True)]


def section(paper: Document, title: str = "") -> list[AnyPart]:
    """One paper on pages of its own, with its day and its author in its heading and so in the contents."""
    said = [title or paper.title, day_words.in_full(paper.on) if paper.on else "", paper.by]
    heading = Heading(text=", ".join(part for part in said if part))
    return [NewPage(), heading, *_deeper(paper.parts)]


def _deeper(parts: Iterable[AnyPart]) -> list[AnyPart]:
    return [
        part.model_copy(update={"level": min(part.level + 1, DEEPEST)}) if isinstance(part, Heading) else part
        for part in parts
    ]


def _before(source: Source, talks: list[Discussion]) -> list[AnyPart]:
    """One table for all of them: each has nothing but its day and its kind."""
    if not talks:
        return []
    dated = sorted(((_day(source, talk), talk) for talk in talks), key=lambda one: one[0])
    rows = tuple((day_words.in_full(day), discussion_wording.KIND[talk.kind]) for day, talk in dated)
    table = Table(head=documents_wording.BEFORE_HEAD, rows=rows, widths=BEFORE_WIDTHS)
    return [
        NewPage(),
        Heading(text=documents_wording.DISCUSSIONS_BEFORE),
        say(documents_wording.FROM_BEFORE_RECORDS, quiet=True),
        table,
    ]


def _day(source: Source, talk: Discussion) -> date:
    return meetings.get(source.session, talk.meeting_id).day
