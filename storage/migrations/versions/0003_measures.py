"""Questionnaires and reviews, and the words rules had when due dates were kept by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _id(name: str, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _link(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "measure",
        _id("id", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        _id("unit_id", nullable=False),
        _id("family_id", nullable=False),
        _id("child_id"),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        _id("recorded_by_id"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _id("entry_id"),
        _id("replaced_by_id"),
        _id("alert_read_by_id"),
        sa.Column("alert_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _link("measure", "unit_id", "unit"),
        _link("measure", "family_id", "family"),
        _link("measure", "child_id", "child"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    for column in ("unit_id", "family_id", "child_id"):
        op.create_index(op.f(f"ix_measure_{column}"), "measure", [column])

    op.create_table(
        "measure_plan",
        _id("id", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("unit_id", nullable=False),
        _id("family_id", nullable=False),
        _id("child_id", nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        _id("by_id"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _link("measure_plan", "unit_id", "unit"),
        _link("measure_plan", "family_id", "family"),
        _link("measure_plan", "child_id", "child"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_plan")),
    )
    for column in ("unit_id", "family_id"):
        op.create_index(op.f(f"ix_measure_plan_{column}"), "measure_plan", [column])

    op.create_table(
        "review",
        _id("id", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("unit_id", nullable=False),
        _id("family_id"),
        _id("subject_id"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        _id("chaired_by_id"),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("plan_by", sa.Date(), nullable=True),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        _id("recorded_by_id"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _id("entry_id"),
        _id("replaced_by_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _link("review", "unit_id", "unit"),
        _link("review", "family_id", "family"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    for column in ("unit_id", "family_id"):
        op.create_index(op.f(f"ix_review_{column}"), "review", [column])

    op.create_table(
        "rule_edition",
        _id("id", nullable=False),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_edition")),
        sa.UniqueConstraint("rule_id", "edition", name=op.f("uq_rule_edition_rule_id_edition")),
    )


def downgrade() -> None:
    for table in ("rule_edition", "review", "measure_plan", "measure"):
        op.drop_table(table)
