"""What was taken off a list stays as history: emergency contacts, and lines of the tracking form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("emergency_contact") as contact:
        contact.add_column(sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("tracking_entry") as line:
        line.add_column(sa.Column("taken_out_at", sa.DateTime(timezone=True), nullable=True))
        line.add_column(sa.Column("taken_out_by_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("tracking_entry") as line:
        line.drop_column("taken_out_by_id")
        line.drop_column("taken_out_at")
    with op.batch_alter_table("emergency_contact") as contact:
        contact.drop_column("active")
