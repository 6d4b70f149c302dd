"""Forms as they were published. Each is kept once, and what was answered is shown with it for ever."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms.form import Form
from prompts_and_forms.forms.published_forms import from_text, hash_of, hash_of_text, listed, text_of
from storage.database.columns import new_id
from storage.database.rows import insert_once
from storage.database.tables import Entry
from storage.database.tables_machinery import Draft, PublishedForm

_kept: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()
"""The hashes each database is known to hold, so that handing in a form asks nothing more of it."""
_read: dict[str, Form] = {}
"""Forms read back by their hash: a hash is always the same form, in whatever database."""
FIRST = 1
JUST_KEPT = "published forms of this turn"


def in_force(session: Session, form_id: str, now: datetime) -> str:
    """The hash of the form as it is asked today. The form itself is kept, where it is not yet."""
    return _keep(session, form_catalogue.load_form(form_id), form_catalogue.hash_in_force(form_id), now)


def keep(session: Session, form: Form, now: datetime) -> str:
    """Keeps a form, where it is not yet; answers its hash."""
    return _keep(session, form, hash_of(form), now)


def _keep(session: Session, form: Form, wanted: str, now: datetime) -> str:
    """What this turn puts in counts as kept only once a later turn finds it."""
    here: set[str] = session.info.setdefault(JUST_KEPT, set())
    if wanted in here or wanted in _known(session, wanted):
        return wanted
    row: dict[str, Any] = {
        "id": new_id(),
        "hash": wanted,
        "form": form.id,
        "version": form.version,
        "shipped": form == form_catalogue.shipped_form(form.id),
        "text": text_of(form),
        "kept_at": now,
    }
    insert_once(session, PublishedForm, row, "hash")
    here.add(wanted)
    return wanted


def _known(session: Session, wanted: str) -> set[str]:
    known = _kept.setdefault(session.get_bind().engine, set())
    if wanted not in known:
        known.update(session.exec(select(PublishedForm.hash)))
        known -= session.info[JUST_KEPT]
    return known


def keep_all(session: Session, now: datetime) -> None:
    """Keeps every form as it is asked today, where it is not yet.

    A form whose listed hash is there is not even read, so that a start stays quick.
    """
    held = set(session.exec(select(PublishedForm.hash)))
    newest = {form: versions[max(versions)] for form, versions in listed().items()}
    for form_id in form_catalogue.form_ids():
        if form_catalogue.has_own_words(form_id) or newest.get(form_id) not in held:
            with suppress(form_catalogue.FormFault):
                in_force(session, form_id, now)


def form_of(session: Session, row: Entry | Draft) -> Form:
    """The form a row was answered with, word for word.

    Rows from before forms were kept have that of their version, or the one of today where there is no older one.
    """
    if row.form_hash:
        if row.form in form_catalogue.form_ids() and row.form_hash == form_catalogue.hash_in_force(row.form):
            return form_catalogue.load_form(row.form)
        return by_hash(session, row.form_hash) or form_catalogue.load_form(row.form)
    version = row.form_version if isinstance(row, Entry) else FIRST
    today = form_catalogue.load_form(row.form)
    return today if today.version == version else _of_version(session, row.form, version) or today


def by_hash(session: Session, wanted: str) -> Form | None:
    """The published form with this hash; None where there is none, or its text is not what it was."""
    if wanted not in _read:
        text = session.exec(select(PublishedForm.text).where(PublishedForm.hash == wanted)).first()
        if text is None or hash_of_text(text) != wanted:
            return None
        _read[wanted] = from_text(text)
    return _read[wanted]


def _of_version(session: Session, form_id: str, version: int) -> Form | None:
    wanted = select(PublishedForm.hash).where(
        PublishedForm.form == form_id, PublishedForm.version == version, col(PublishedForm.shipped).is_(True)
    )
    found = session.exec(wanted.order_by(col(PublishedForm.kept_at))).first()
    return by_hash(session, found) if found else None
