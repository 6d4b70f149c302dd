"""`unitbot export` of documents and lists: files in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.export import note_export, unit_named
from bot.documents.everything import Days, write_documents, write_lists
from bot.documents.source import Source
from bot.documents.trouble import DocumentTrouble
from bot.settings import StorageSettings
from handlers import routes
from prompts_and_forms.documents import wording as documents_wording
from storage.database.vault import Vault
from storage.opening import open_database

LISTS = ("xlsx", "csv")


def export_files(
    settings: StorageSettings, unit_name: str, family_ref: str | None, form: str, out: Path | None, days: Days = Days()
) -> Iterator[Path]:
    """Documents (pdf, docx) or lists (xlsx, csv), each as it is written.

    Raises UnknownName, DatabaseTrouble or DocumentTrouble.
    """
    if days != Days() and form not in LISTS:
        raise DocumentTrouble(documents_wording.DAYS_FOR_LISTS)
    if out is None:
        raise DocumentTrouble(documents_wording.SAY_WHERE.format(form=form))
    if family_ref and form in LISTS:
        raise DocumentTrouble(documents_wording.WHOLE_UNIT_ONLY)
    if days.until < days.since:
        raise DocumentTrouble(documents_wording.DAYS_BACKWARDS)
    routes.load()
    with reading(settings, unit_name, family_ref, form) as source:
        if form in ("pdf", "docx"):
            yield from write_documents(source, form, out, family_ref)
        else:
            yield from write_lists(source, form, out, days)


@contextmanager
def reading(settings: StorageSettings, unit_name: str, family_ref: str | None, form: str) -> Iterator[Source]:
    """The unit's record as it stands now; that it leaves the bot is audited first."""
    db = open_database(settings.database_url, Vault(settings.key))
    try:
        note_export(db, unit_name, family_ref, form)
        with db.read() as session:
            yield Source(session, unit_named(session, unit_name, family_ref), datetime.now(UTC))
    finally:
        db.close()
