"""Which version of the tables a database has, and which this program knows. Cheap: looked at on every start."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

FOLDER = Path(__file__).parents[1] / "migrations" / "versions"
OLDER_MAY_WORK_ON = "OLDER_MAY_WORK_ON"
"""A migration that says so (`OLDER_MAY_WORK_ON = True`) only adds what programs before it need not know."""


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


def floor() -> str:
    """The oldest version whose programs may work beside this one: the last migration that takes something from them."""
    return next((version for version in reversed(shipped()) if not only_adds(version)), shipped()[0])


def floor_of_database(connection: Connection) -> str | None:
    """The floor written in the database; None where nothing is said, and only its own version will do."""
    if not inspect(connection).has_table("schema_floor"):
        return None
    return connection.execute(text("SELECT version FROM schema_floor")).scalar()


def may_work(found: str, floor: str | None) -> bool:
    """Whether this program may work on a database of version `found` that says `floor`."""
    if found in shipped():
        return found == newest()
    return floor in shipped()


def only_adds(version: str) -> bool:
    """Whether programs of before may go on working after this migration, as its file says."""
    (file,) = FOLDER.glob(f"{version}_*.py")
    said = [node for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.Assign)]
    return any(
        isinstance(name, ast.Name) and name.id == OLDER_MAY_WORK_ON and ast.literal_eval(node.value) is True
        for node in said
        for name in node.targets
    )
