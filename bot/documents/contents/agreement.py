"""A joint working agreement to sign."""

from __future__ import annotations

from bot.documents.contents import from_cards
from bot.documents.model import AnyPart, Document, Heading, Notice, Signatures, say
from bot.documents.source import Source
from handlers.entries import lists
from prompts_and_forms.card import Text
from prompts_and_forms.documents import wording as documents_wording
from storage.database.tables import Agreement, AgreementVersion
from storage.decisions import agreements
from storage.family import families
from storage.unit import people

STATE = {"offered": documents_wording.OFFERED_ONLY, "ended": documents_wording.ENDED}


def agreement(source: Source, found: Agreement) -> Document:
    """The version that holds, and room for everybody's signature."""
    version = agreements.current(source.session, found)
    ref = source.ref(found.family_id)
    shown = lists.one_agreement(source.session, found)
    parts: list[AnyPart] = [*_first(source, found)]
    parts += from_cards.parts(block for block in shown if not (isinstance(block, Text) and block.quiet))
    parts += [Heading(text=documents_wording.SIGNATURES), _signatures(source, version)]
    day = source.at(version.at).date()
    return source.document(
        "agreement",
        documents_wording.AGREEMENT,
        parts,
        subject=", ".join(
            [
                documents_wording.of_family(ref),
                f"version {version.no}",
                documents_wording.of_unit(source.unit.name, day),
            ]
        ),
    )


def _first(source: Source, found: Agreement) -> list[AnyPart]:
    warnings = families.safe_contact_warnings(source.session, found.family_id)
    first: list[AnyPart] = [say(STATE[found.status])] if found.status in STATE else []
    return [*first, Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(warnings))] if warnings else first


def _signatures(source: Source, version: AgreementVersion) -> Signatures:
    rows = []
    for side, by_id, at in (
        ("social_work", version.social_work_by_id, version.social_work_at),
        ("clinical", version.clinical_by_id, version.clinical_at),
    ):
        name = people.name_of(source.session, by_id) if by_id else ""
        rows.append((documents_wording.SIDES[side], name, documents_wording.when_words(source.at(at)) if at else ""))
    rows += [(who, "", "") for who in documents_wording.FAMILY_SIDE]
    return Signatures(rows=tuple(rows), words=documents_wording.SIGNED_BELOW)
