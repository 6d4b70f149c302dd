"""A questionnaire's result on paper: the sentence, the table, how it went, and the notes that belong to it."""

from __future__ import annotations

from sqlmodel import select

from bot.documents.contents import from_cards
from bot.documents.model import Document, Facts, Notice
from bot.documents.source import Source
from handlers.measures import result_card
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.measures import catalogue
from storage.database.tables_measures import Measure
from storage.family import families
from storage.unit import people


def result(source: Source, row: Measure) -> Document:
    """What the bot shows of a result, without its buttons."""
    child = result_card.child_label(source.session, row)
    known = catalogue.find(row.measure)
    warnings = families.safe_contact_warnings(source.session, row.family_id)
    front = [Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(warnings))] if warnings else []
    return source.document(
        "questionnaire",
        documents_wording.full_name(known.name if known else "", catalogue.name_of(row.measure)),
        [_front(source, row), *front, *from_cards.parts(result_card.of_row(source.session, row))],
        subject=f"{documents_wording.of_family(source.ref(row.family_id))}, {child}, {source.unit.name}",
    )


def _front(source: Source, row: Measure) -> Facts:
    """Who wrote the result down and when; of a corrected one, what it stands in place of, or what came after it."""
    name, when = _written(source, row)
    rows = [("Written down by", name), ("Written down on", when)]
    for one in source.session.exec(select(Measure).where(Measure.replaced_by_id == row.id)):
        rows.append((documents_wording.IN_PLACE_OF, documents_wording.handed_in(*_written(source, one))))
    newer = source.session.get(Measure, row.replaced_by_id) if row.replaced_by_id else None
    if newer is not None:
        rows.append((documents_wording.CORRECTED, documents_wording.corrected(*_written(source, newer))))
    return Facts(rows=tuple(rows))


def _written(source: Source, row: Measure) -> tuple[str, str]:
    name = people.name_of(source.session, row.recorded_by_id) if row.recorded_by_id else documents_wording.NOT_KNOWN
    return name, documents_wording.when_words(source.at(row.recorded_at))
