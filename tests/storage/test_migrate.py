from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlmodel import select

from storage import database, migrate
from storage.database import versions
from storage.database.bodies import FamilyBody
from storage.database.columns import metadata
from storage.database.db import Database, DatabaseMissing, DatabaseUnusable, DatabaseVersion, connect, parse
from storage.database.tables import EmergencyContact, Family, Unit
from storage.database.vault import Scope, Vault, seal
from tests.worlds.storage_world import NOW


def test_the_migrations_give_exactly_the_tables_of_the_program(blank_url: str) -> None:
    for module in iter_modules(database.__path__, "storage.database."):
        import_module(module.name)
    migrate.upgrade(blank_url)
    engine = connect(parse(blank_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_fresh_database_is_of_the_newest_version(blank_url: str) -> None:
    assert migrate.current(blank_url) is None
    assert migrate.upgrade(blank_url) == versions.newest()
    assert migrate.current(blank_url) == versions.newest()


def test_upgrading_twice_changes_nothing(blank_url: str) -> None:
    assert migrate.upgrade(blank_url) == migrate.upgrade(blank_url)


def test_the_files_and_alembic_agree_on_the_newest_version() -> None:
    assert ScriptDirectory.from_config(migrate.alembic_config()).get_current_head() == versions.newest()


def test_a_database_of_a_newer_version_is_refused(url: str, vault: Vault) -> None:
    set_version(url, "9999", floor="9999")
    with pytest.raises(DatabaseVersion, match="newer version"):
        Database.open(url, vault)
    with pytest.raises(DatabaseVersion, match="newer version"):
        migrate.upgrade(url)


def test_a_newer_database_that_only_has_more_is_worked_on(url: str, vault: Vault) -> None:
    set_version(url, "9999", floor=versions.newest())
    db = Database.open(url, vault)
    with db.read() as session:
        db.check_version(session)
        set_version(url, "9999", floor="9999")
    with pytest.raises(DatabaseVersion, match="newer version"), db.read() as session:
        db.check_version(session)
    db.close()


def test_a_fresh_database_says_which_programs_may_work_on_it(url: str) -> None:
    engine = connect(parse(url))
    with engine.connect() as connection:
        assert versions.floor_of_database(connection) == versions.floor()
    engine.dispose()


@pytest.mark.parametrize("version", [version for version in versions.shipped() if versions.only_adds(version)])
def test_a_migration_that_says_it_only_adds_takes_nothing_away(blank_url: str, version: str) -> None:
    before = versions.shipped()[versions.shipped().index(version) - 1]
    migrate.upgrade(blank_url, before)
    old = _tables(blank_url)
    migrate.upgrade(blank_url, version)
    new = _tables(blank_url)
    for table, columns in old.items():
        assert {name: kind for name, kind in new[table].items() if name in columns} == columns
        added = [column for name, column in new[table].items() if name not in columns]
        assert all(column.endswith("may be left out") for column in added)


def _tables(url: str) -> dict[str, dict[str, str]]:
    """Each column and each rule for rows (unique, checked, pointing elsewhere), as words."""
    engine = connect(parse(url))
    look = sa.inspect(engine)
    found = {}
    for table in look.get_table_names():
        columns = {one["name"]: f"{one['type']} {_left_out(one)}" for one in look.get_columns(table)}
        rules = [*look.get_unique_constraints(table), *look.get_check_constraints(table), *look.get_foreign_keys(table)]
        rules += [index for index in look.get_indexes(table) if index["unique"]]
        found[table] = columns | {f"rule {rule['name']}": "" for rule in rules}
    engine.dispose()
    return found


def _left_out(column: dict[str, object]) -> str:
    return "may be left out" if column["nullable"] or column["default"] is not None else "must be given"


def test_a_database_never_made_is_refused_with_what_to_do(blank_url: str, vault: Vault) -> None:
    with pytest.raises(DatabaseMissing, match="unitbot db upgrade"):
        Database.open(blank_url, vault)


def test_a_missing_folder_is_named(tmp_path: Path, vault: Vault) -> None:
    lost = f"sqlite:///{tmp_path}/nowhere/unit.db"
    with pytest.raises(DatabaseMissing, match="nowhere"):
        Database.open(lost, vault)
    with pytest.raises(DatabaseMissing, match="nowhere"):
        migrate.upgrade(lost)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, vault: Vault) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear all, this is a letter and not a database at all." * 50)
    with pytest.raises(DatabaseUnusable, match="letter"):
        Database.open(f"sqlite:///{path}", vault)
    with pytest.raises(DatabaseUnusable, match="letter"):
        migrate.upgrade(f"sqlite:///{path}")


def test_foreign_keys_hold_again_after_a_table_was_rebuilt(empty_database: Path, tmp_path: Path, vault: Vault) -> None:
    """A batch change copies `unit` and swaps it: nothing that points to it may be lost or left loose."""
    path = tmp_path / "unit.db"
    path.write_bytes(empty_database.read_bytes())
    db = Database.open(f"sqlite:///{path}", vault)
    with db.write() as session:
        unit = Unit(name="Kestrel", created_at=NOW)
        session.add(unit)
        session.flush()
        session.add(EmergencyContact(unit_id=unit.id, position=1, who="Anyone in danger", how="Call 999"))
        family = Family(unit_id=unit.id, ref_index="x", category="child_in_need")
        seal(session, family, FamilyBody(ref="K3107C"), Scope.family(family.id))
        session.add(family)

    def rebuild(connection: sa.Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("unit", recreate="always") as batch:
            batch.add_column(sa.Column("motto", sa.String(), nullable=True))

    migrate.in_one_change(db.engine, db.url, rebuild)

    with db.read() as session:
        assert len(session.exec(select(EmergencyContact)).all()) == 1
        assert session.exec(select(Family)).one().unit_id == session.exec(select(Unit)).one().id
    with pytest.raises(sa.exc.IntegrityError), db.write() as session:
        session.connection().execute(sa.text("DELETE FROM unit"))
    db.close()


def test_a_migration_that_would_leave_loose_rows_changes_nothing(
    empty_database: Path, tmp_path: Path, vault: Vault
) -> None:
    path = tmp_path / "unit.db"
    path.write_bytes(empty_database.read_bytes())
    db = Database.open(f"sqlite:///{path}", vault)
    with db.write() as session:
        unit = Unit(name="Kestrel", created_at=NOW)
        session.add(unit)
        session.flush()
        session.add(EmergencyContact(unit_id=unit.id, position=1, who="Anyone in danger", how="Call 999"))

    def lose_units(connection: sa.Connection) -> None:
        connection.execute(sa.text("DELETE FROM unit"))

    with pytest.raises(DatabaseUnusable, match="emergency_contact"):
        migrate.in_one_change(db.engine, db.url, lose_units)
    with db.read() as session:
        assert session.exec(select(Unit)).one().name == "Kestrel"
    db.close()


def set_version(url: str, version: str, floor: str) -> None:
    engine = connect(parse(url))
    with engine.connect().execution_options(turn="write", wait=1.0) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})
        connection.execute(sa.text("UPDATE schema_floor SET version = :v"), {"v": floor})
        connection.commit()
    engine.dispose()
