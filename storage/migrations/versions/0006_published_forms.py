"""Forms as they were published, and on what each form and draft was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "published_form",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_form")),
        sa.UniqueConstraint("hash", name=op.f("uq_published_form_hash")),
    )
    for table in ("entry", "draft"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("form_hash", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    for table in ("draft", "entry"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("form_hash")
    op.drop_table("published_form")
