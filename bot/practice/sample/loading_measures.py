"""Keeping a unit file: questionnaires that were filled in before the bot came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.practice.sample.loading import Loading
from bot.practice.sample.unit_format import with_dates
from prompts_and_forms.measures import catalogue
from prompts_and_forms.states import MeasureState
from storage.database.bodies import MeasureBody
from storage.family import families
from storage.measures import measures

FIELDS = frozenset(
    {"id", "family", "child", "measure", "version", "informant", "point", "completed", "scores", "answers", "reason"}
)
OWN_NAMES = {"CHI-ESQ": "CHI_ESQ", "SMFQ": "MFQ", "CORS": "ORS", "CSRS": "SRS", "CONNERS": "CONNERS_3"}


def keep_measures(loading: Loading) -> None:
    """One row each; whatever a file says beyond the format stays with it."""
    children: dict[str, dict[str, str]] = {}
    for part in loading.file.measures:
        row = with_dates(part, loading.day)
        family_id = loading.families[str(row["family"])]
        if family_id not in children:
            found = families.children(loading.session, family_id, include_gone=True)
            children[family_id] = {body.key: child.id for child, body in found}
        _keep(loading, row, family_id, children[family_id].get(str(row.get("child"))))


def _keep(loading: Loading, row: Mapping[str, Any], family_id: str, child_id: str | None) -> None:
    name = str(row.get("measure") or "")
    measure = OWN_NAMES.get(name.upper(), name.upper().replace("-", "_") if catalogue.find(name.upper()) else name)
    completed = row.get("completed")
    scores, odd = _scores(row.get("scores"))
    reason = str(row.get("reason") or "")
    unknown_child = {"child": row["child"]} if row.get("child") and child_id is None else {}
    beside = {key: value for key, value in row.items() if key not in FIELDS}
    body = MeasureBody(
        informant=str(row.get("informant") or ""),
        scores=scores,
        answers={str(key): value for key, value in (row.get("answers") or {}).items()},
        extra={**beside, **unknown_child, **({"scores": odd} if odd else {})},
    )
    measures.keep(
        loading.session,
        unit_id=loading.unit.id,
        family_id=family_id,
        child_id=child_id,
        measure=measure,
        form=str(row.get("version") or ""),
        point=str(row.get("point") or ""),
        completed_on=date.fromisoformat(completed) if isinstance(completed, str) else None,
        body=body,
        by_id=None,
        now=loading.now,
        state=MeasureState.NOT_COMPLETED if reason else MeasureState.KEPT,
        reason=reason,
        slug=str(row.get("id") or ""),
    )


def _scores(said: Any) -> tuple[dict[str, Decimal | None], dict[str, Any]]:
    """Scores as decimals, a missing one as missing; what is no number is handed back beside them."""
    kept: dict[str, Decimal | None] = {}
    odd: dict[str, Any] = {}
    for scale, value in (said or {}).items():
        number = None if value is None else catalogue.number(value, 4)
        if value is not None and number is None:
            odd[scale] = value
        else:
            kept[scale] = number
    return kept, odd
