"""Which version of the tables a database has, and which this program knows. Cheap: looked at on every start."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

FOLDER = Path(__file__).parents[1] / "migrations" / "versions"


@cache
def shipped() -> tuple[str, ...]:
    """Every version this program knows, oldest first; a file is named for its version (0001_first.py)."""
    return tuple(sorted(path.name.split("_")[0] for path in FOLDER.glob("[0-9]*.py")))


def newest() -> str:
    """The version of the database this program needs."""
    return shipped()[-1]


def of_database(connection: Connection) -> str | None:
    """The version written in the database; None where there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
