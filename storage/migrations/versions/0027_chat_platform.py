"""Which chat platform a database serves, and where people and channels are reached on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
OLDER_MAY_WORK_ON = True


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("one", name=op.f("uq_installation_one")),
    )
    op.create_table(
        "chat_address",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("service_url", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_address")),
        sa.UniqueConstraint("who", name=op.f("uq_chat_address_who")),
    )
    op.create_index("ix_chat_address_team_id", "chat_address", ["team_id"])


def downgrade() -> None:
    op.drop_index("ix_chat_address_team_id", "chat_address")
    op.drop_table("chat_address")
    op.drop_table("installation")
