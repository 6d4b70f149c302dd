"""A questionnaire's result on paper: whose it is, the sentence, the table, how it went, and its notes."""

from __future__ import annotations

from sqlmodel import select

from bot.documents.contents import from_cards
from bot.documents.model import Document, Facts, Notice
from bot.documents.source import Source
from handlers.measures import result_card
from prompts_and_forms.card import Text
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.measures import catalogue
from prompts_and_forms.measures.planning import POINTS
from prompts_and_forms.unit.wording import age_words
from storage.database.bodies import ChildBody
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures


def result(source: Source, row: Measure) -> Document:
    """What the bot shows of a result, without its buttons; who filled it in and when stand in front."""
    known = catalogue.find(row.measure)
    warnings = families.safe_contact_warnings(source.session, row.family_id)
    front = [Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(warnings))] if warnings else []
    blocks = result_card.of_row(source.session, row)
    told = [block for n, block in enumerate(blocks) if not (n == 1 and isinstance(block, Text) and block.quiet)]
    return source.document(
        "questionnaire",
        documents_wording.full_name(known.name if known else "", catalogue.name_of(row.measure)),
        [_front(source, row), *front, *from_cards.parts(told)],
        family_id=row.family_id,
        on=row.completed_on or source.at(row.recorded_at).date(),
        by=documents_wording.about_by(_child_words(source, row), _informant(source, row)),
    )


def _front(source: Source, row: Measure) -> Facts:
    """Which child, how old, who filled it in, who entered it; of a corrected one, what it replaces or what followed."""
    child = _child(source, row)
    rows = [
        (documents_wording.CHILD, _child_words(source, row)),
        (documents_wording.AGE, _age(child, row) if child else ""),
        (documents_wording.FORM_USED, catalogue.label_of(row.measure, row.form)),
        (documents_wording.FILLED_IN_BY, _informant(source, row)),
        (documents_wording.FILLED_IN_ON, day_words.in_full(row.completed_on) if row.completed_on else ""),
        (documents_wording.AT_POINT, POINTS.get(row.point, row.point.replace("_", " "))),
        (documents_wording.ENTERED_BY, ", ".join(_entered(source, row))),
    ]
    for one in source.session.exec(select(Measure).where(Measure.replaced_by_id == row.id)):
        rows.append((documents_wording.IN_PLACE_OF, documents_wording.handed_in(*_written(source, one))))
    newer = source.session.get(Measure, row.replaced_by_id) if row.replaced_by_id else None
    if newer is not None:
        rows.append((documents_wording.CORRECTED, documents_wording.corrected(*_written(source, newer))))
    return Facts(front=True, rows=tuple((label, value[:1].upper() + value[1:]) for label, value in rows if value))


def _age(child: ChildBody, row: Measure) -> str:
    """How old the child was on the day the form was filled in."""
    return age_words(child.known_age(), row.completed_on or row.recorded_at.date(), child.unborn, child.due)


def _child(source: Source, row: Measure) -> ChildBody | None:
    known = families.children(source.session, row.family_id, include_gone=True)
    return next((body for child, body in known if child.id == row.child_id), None)


def _child_words(source: Source, row: Measure) -> str:
    child = _child(source, row)
    return source.names(row.family_id).who(child.key) if child else ""


def _informant(source: Source, row: Measure) -> str:
    """Who filled it in, with what they are to the child where they are one of the family."""
    said = measures.body(source.session, row).informant.strip()
    for _carer, body in families.carers(source.session, row.family_id, include_gone=True):
        if said and said in (body.initials, body.key):
            return source.names(row.family_id).who(body.key)
    for _child_row, child in families.children(source.session, row.family_id, include_gone=True):
        if said and said in (child.initials, child.key):
            return documents_wording.the_child(source.names(row.family_id).who(child.key))
    return said


def _entered(source: Source, row: Measure) -> tuple[str, ...]:
    """Who entered it and when; what came from before has neither."""
    return _written(source, row) if row.recorded_by_id else (documents_wording.FROM_BEFORE,)


def _written(source: Source, row: Measure) -> tuple[str, str]:
    return source.name(row.recorded_by_id), documents_wording.when_words(source.at(row.recorded_at))
