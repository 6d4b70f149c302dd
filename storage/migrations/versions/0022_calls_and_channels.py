"""What is left of each method's calls, and who reads a channel: known to every process together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "call_budget",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("a_minute", sa.Float(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rest_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_budget")),
        sa.UniqueConstraint("method", name=op.f("uq_call_budget_method")),
    )
    op.create_table(
        "channel_seen",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_seen")),
        sa.UniqueConstraint("channel", name=op.f("uq_channel_seen_channel")),
    )


def downgrade() -> None:
    op.drop_table("channel_seen")
    op.drop_table("call_budget")
