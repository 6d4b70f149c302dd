"""Copying a PostgreSQL database with its own tools. No password is in a command line, where others could read it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy.engine import URL

from prompts_and_forms import backup_wording
from storage.backup.archive import BackupTrouble


def dump(address: URL, to: Path) -> None:
    """The database as it is at one moment, while others go on writing; without its data keys."""
    _run(
        "pg_dump", address, "--format=custom", "--no-owner", "--no-acl", "--exclude-table-data=data_key", f"--file={to}"
    )


def load(address: URL, file: Path) -> None:
    """A dump into an empty database: all of it, or nothing."""
    name = str(address.database)
    _run(
        "pg_restore", address, "--no-owner", "--no-acl", "--single-transaction", "--exit-on-error", f"--dbname={name}",
        str(file),
    )  # fmt: skip


def _run(tool: str, address: URL, *arguments: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise BackupTrouble(backup_wording.NO_TOOL.format(tool=tool))
    done = subprocess.run([path, *arguments], env=os.environ | _where(address), capture_output=True, text=True)
    if done.returncode:
        why = "; ".join(done.stderr.strip().splitlines()[-2:]) or str(done.returncode)
        raise BackupTrouble(backup_wording.TOOL_FAILED.format(tool=tool, why=why))


def _where(address: URL) -> dict[str, str]:
    """The address as PostgreSQL's own tools read it from their surroundings."""
    host = address.host or address.query.get("host")
    found = {
        "PGHOST": host if isinstance(host, str) else None,
        "PGPORT": str(address.port) if address.port else None,
        "PGUSER": address.username,
        "PGPASSWORD": str(address.password) if address.password else None,
        "PGDATABASE": address.database,
        "PGSSLMODE": address.query.get("sslmode"),
    }
    return {name: value for name, value in found.items() if isinstance(value, str)}
