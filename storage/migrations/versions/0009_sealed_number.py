"""Kept texts are numbered, so that an older one does not open in place of a newer; what cannot be read is noted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SEALED = (
    "action",
    "action_change",
    "agreed_role",
    "agreement_version",
    "carer",
    "category_change",
    "child",
    "contribution",
    "contribution_version",
    "draft",
    "entry",
    "episode",
    "episode_change",
    "family",
    "hypothesis",
    "hypothesis_change",
    "hypothesis_position",
    "measure",
    "measure_plan",
    "nudge",
    "plan_outcome",
    "reflection",
    "review",
    "signing",
    "tracking_entry",
)


def upgrade() -> None:
    for table in SEALED:
        op.add_column(table, sa.Column("sealed_no", sa.Integer(), nullable=False, server_default="0"))
        op.execute(f"UPDATE {table} SET sealed_no = 1 WHERE length(sealed) > 0")
    op.create_table(
        "unreadable",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("row_kind", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unreadable")),
        sa.UniqueConstraint("row_kind", "row_id", name=op.f("uq_unreadable_row_kind_row_id")),
    )


def downgrade() -> None:
    op.drop_table("unreadable")
    for table in reversed(SEALED):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("sealed_no")
