"""`unitbot export`: what was kept of a unit, as JSON for programs, one page of HTML for people, or scores as CSV."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session

from bot.settings import StorageSettings
from prompts_and_forms.typed import printable
from storage.database.audit import audit
from storage.database.db import Database
from storage.database.tables import Unit
from storage.database.vault import Vault
from storage.export.export import export_unit
from storage.export.scores import scores_csv
from storage.family import families
from storage.meeting import discussions
from storage.opening import open_database
from storage.unit import units

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d1c1d}"
    "dl{margin:0 0 0 1rem;border-left:2px solid #ddd;padding-left:1rem}dt{font-weight:600}dd{margin:0 0 .5rem}"
    "dd{white-space:pre-wrap;unicode-bidi:plaintext}ol{margin:0;padding-left:1.5rem}"
)


WRITTEN = "Record of a discussion"
EVERYTHING = "Everything that is saved"


class UnknownName(Exception):
    """There is no such unit or family; `sentence` says which there are."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def export_text(settings: StorageSettings, unit_name: str, family_ref: str | None, form: str) -> str:
    """Everything kept. Raises UnknownName or DatabaseTrouble."""
    db = open_database(settings.database_url, Vault(settings.key))
    try:
        note_export(db, unit_name, family_ref, form)
        with db.read() as session:
            unit = unit_named(session, unit_name, family_ref)
            if form == "scores-csv":
                return scores_csv(session, unit.id, family_ref)
            if form == "fhir":
                return _as_fhir(session, unit, family_ref)
            kept = export_unit(session, unit.id, family_ref)
            title = f"{unit.name}: {family_ref}" if family_ref else unit.name
            records = _records(session, unit, family_ref) if family_ref and form == "html" else ()
    finally:
        db.close()
    return as_page(title, kept, records) if form == "html" else json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def note_export(db: Database, unit_name: str, family_ref: str | None, form: str) -> None:
    """An audit row before anything is written out. Nobody of the unit did it: it was asked for at the computer."""
    with db.write() as session:
        unit = unit_named(session, unit_name, family_ref)
        family = families.by_ref(session, unit.id, family_ref) if family_ref else None
        audit(
            session,
            at=datetime.now(UTC),
            what=f"exported as {form}",
            row=family or unit,
            unit_id=unit.id,
            family_id=family.id if family else None,
        )


def _as_fhir(session: Session, unit: Unit, family_ref: str | None) -> str:
    from bot.documents.fhir import bundle
    from bot.documents.source import Source

    found = bundle(Source(session, unit, datetime.now(UTC)), family_ref)
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def unit_named(session: Session, unit_name: str, family_ref: str | None) -> Unit:
    """The unit of that name; raises UnknownName where there is none, or no such family in it."""
    unit = units.by_name(session, unit_name)
    if unit is None:
        names = ", ".join(one.name for one in units.every_unit(session)) or "none yet"
        raise UnknownName(f"There is no unit called {unit_name}. There is: {names}.")
    if family_ref and families.by_ref(session, unit.id, family_ref) is None:
        raise UnknownName(f"{unit.name} has no family with the case reference {family_ref}.")
    return unit


def _records(session: Session, unit: Unit, family_ref: str) -> tuple[str, ...]:
    """The written record of each discussion of a family, newest first, as parts of a page."""
    from handlers.entries.pages import as_part
    from handlers.entries.record_text import record_blocks

    family = families.by_ref(session, unit.id, family_ref)
    held = discussions.of_family(session, family.id) if family else []
    return tuple(as_part(record_blocks(session, one, datetime.now(UTC)), 3) for one in held)


def as_page(title: str, kept: dict[str, Any], records: Sequence[str] = ()) -> str:
    """One page that needs nothing else: the written records for people, then names and values as they are kept."""
    head = f'<meta charset="utf-8"><title>{html.escape(printable(title))}</title><style>{STYLE}</style>'
    written = "".join(f"<section><h2>{WRITTEN}</h2>{record}</section>" for record in records)
    everything = f"<h2>{EVERYTHING}</h2>{_shown(kept)}" if records else _shown(kept)
    body = f"<h1>{html.escape(printable(title))}</h1>{written}{everything}"
    return f'<!doctype html>\n<html lang="en-GB"><head>{head}</head><body>{body}</body></html>\n'


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        rows = "".join(f"<dt>{html.escape(_label(name))}</dt><dd>{_shown(one)}</dd>" for name, one in value.items())
        return f"<dl>{rows}</dl>" if rows else "-"
    if isinstance(value, list):
        return f"<ol>{''.join(f'<li>{_shown(one)}</li>' for one in value)}</ol>" if value else "-"
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return html.escape(printable(str(value)))


def _label(name: str) -> str:
    return name.replace("_", " ")
