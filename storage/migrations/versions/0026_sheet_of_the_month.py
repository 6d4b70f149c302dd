"""Whether a manager's spreadsheet comes by itself each month, and when the last one did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
OLDER_MAY_WORK_ON = True


def upgrade() -> None:
    with op.batch_alter_table("person_choice") as table:
        table.add_column(sa.Column("sheet_off", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("sheet_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person_choice") as table:
        table.drop_column("sheet_on")
        table.drop_column("sheet_off")
