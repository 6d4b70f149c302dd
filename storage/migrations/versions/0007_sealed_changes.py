"""Which changes of sealed texts were made; they need the key, so they are made when the database is next opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "sealed_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_change")),
        sa.UniqueConstraint("name", name=op.f("uq_sealed_change_name")),
    )


def downgrade() -> None:
    op.drop_table("sealed_change")
