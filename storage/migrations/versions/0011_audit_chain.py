"""Audit lines are numbered and chained, say through what somebody acted, and anchors are noted day by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("audit", sa.Column("no", sa.Integer(), nullable=True))
    op.add_column("audit", sa.Column("mark", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("through", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_audit_no", "audit", ["no"], unique=True)
    op.create_index("ix_audit_person_id", "audit", ["person_id"])
    op.create_table(
        "audit_anchor",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_anchor")),
        sa.UniqueConstraint("no", name=op.f("uq_audit_anchor_no")),
    )


def downgrade() -> None:
    op.drop_table("audit_anchor")
    op.drop_index("ix_audit_person_id", "audit")
    op.drop_index("ix_audit_no", "audit")
    with op.batch_alter_table("audit") as batch_op:
        for name in ("through", "mark", "no"):
            batch_op.drop_column(name)
