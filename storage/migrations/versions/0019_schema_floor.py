"""The database says which programs may still work on it, so that a new version can take over from an older one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
OLDER_MAY_WORK_ON = True


def upgrade() -> None:
    op.create_table(
        "schema_floor",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("version", sa.String(32), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("schema_floor")
