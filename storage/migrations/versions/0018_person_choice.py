"""Somebody in several units chooses one for an hour; a manager chooses when the message of the week comes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "person_choice",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("figures_day", sa.Integer(), nullable=True),
        sa.Column("figures_at", sa.String(), nullable=False),
        sa.Column("figures_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_no", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_choice_person_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_choice")),
        sa.UniqueConstraint("person_id", name=op.f("uq_person_choice_person_id")),
    )


def downgrade() -> None:
    op.drop_table("person_choice")
