"""What the short names of a family's people and of its plan mean, for a reader who does not know the family."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from sqlmodel import Session

from bot.documents.model import AnyPart, Facts, Heading
from prompts_and_forms.documents import wording as documents_wording
from storage.database.bodies import TextBody
from storage.database.vault import unseal
from storage.family import families

KEY = re.compile(r"[\w-]+")


def explained(session: Session, family_id: str | None, parts: Iterable[AnyPart]) -> list[AnyPart]:
    """Each child, carer and line of the plan that `parts` name by their short name; nothing where they name none.

    Those who are no longer in the family, and lines the plan has no more, are still explained.
    """
    if family_id is None:
        return []
    said = set(KEY.findall(json.dumps([part.model_dump(mode="json") for part in parts], ensure_ascii=False)))
    rows = {key: words for key, words in _meanings(session, family_id) if key in said and words}
    return [Heading(text=documents_wording.SHORT_NAMES), Facts(rows=tuple(rows.items()))] if rows else []


def _meanings(session: Session, family_id: str) -> Iterator[tuple[str, str]]:
    for _child, child in families.children(session, family_id, include_gone=True):
        yield child.key, documents_wording.short_name(child.initials, documents_wording.A_CHILD)
    for _carer, carer in families.carers(session, family_id, include_gone=True):
        yield carer.key, documents_wording.short_name(carer.initials, carer.relation.replace("_", " "))
    for row in families.outcome_rows(session, family_id, include_gone=True):
        yield row.key, documents_wording.plan_line(unseal(session, row, TextBody).text)
