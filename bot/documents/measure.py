"""A questionnaire's result on paper: the sentence, the table, how it went, and the notes that belong to it."""

from __future__ import annotations

from bot.documents import from_cards
from bot.documents.model import Document, Notice
from bot.documents.source import Source
from handlers import measure_card
from prompts_and_forms import wording_documents as wording
from prompts_and_forms.measures import catalogue
from storage import families
from storage.tables_measures import Measure


def result(source: Source, row: Measure) -> Document:
    """What the bot shows of a result, without its buttons."""
    child = measure_card.child_label(source.session, row)
    warnings = families.safe_contact_warnings(source.session, row.family_id)
    front = [Notice(title=wording.SAFE_CONTACT, lines=tuple(warnings))] if warnings else []
    return source.document(
        "questionnaire",
        catalogue.name_of(row.measure),
        [*front, *from_cards.parts(measure_card.of_row(source.session, row))],
        subject=f"{wording.of_family(source.ref(row.family_id))}, {child}",
    )
