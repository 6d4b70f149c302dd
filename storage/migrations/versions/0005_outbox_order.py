"""The next message, and the next place in a lane, are found at once however many wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STILL_OPEN = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    _open_in_order(["priority", "due_at", "lane_no", "id"])
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.create_index("ix_outbox_open_place", ["lane_no"], sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN)


def downgrade() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index("ix_outbox_open_place")
    _open_in_order(["priority", "due_at"])


def _open_in_order(columns: list[str]) -> None:
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index("ix_outbox_open")
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.create_index("ix_outbox_open", columns, sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN)
