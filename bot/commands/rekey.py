"""`unitbot rekey`: the key of the settings is changed; no text is touched, and the old key opens nothing any more."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

from bot.lock import only_one
from bot.settings import StorageSettings
from bot.trouble import CannotStart
from storage.database.vault import Vault, rewrap
from storage.opening import open_database

OTHERS = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")


def rekey(settings: StorageSettings, new: bytes) -> int:
    """Wrap every data key under `new` and return their number; all of them, or nothing is changed.

    A bot that runs on would go on under the old key, so it must be stopped first. Raises CannotStart where one runs,
    DatabaseTrouble where the settings' key does not open the database.
    """
    lock = only_one(settings.database_url)
    db = open_database(settings.database_url, Vault(settings.key))
    try:
        with db.write() as session:
            _nobody_else(session)
            return rewrap(session, db.vault, Vault(new))
    finally:
        db.close()
        if lock is not None:
            lock.release()


def _nobody_else(session: Session) -> None:
    if session.get_bind().dialect.name != "postgresql":
        return
    open_connections = session.connection().execute(OTHERS).scalar_one()
    if open_connections:
        raise CannotStart(
            f"{open_connections} other connections to this database are open. Stop unitbot serve and every worker "
            "first; nothing was changed."
        )
