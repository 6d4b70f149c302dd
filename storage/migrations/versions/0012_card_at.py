"""When a discussion's card was last posted at the bottom of its thread."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("discussion", sa.Column("card_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("discussion") as batch_op:
        batch_op.drop_column("card_at")
