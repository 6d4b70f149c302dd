"""Legal holds, erased families, what of them still lies in chat, and who said that all is in the case file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("by_id", sa.String(length=32), nullable=True),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by_id", sa.String(length=32), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_no", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_legal_hold_family_id_family"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index("ix_legal_hold_family_id", "legal_hold", ["family_id"])
    op.create_table(
        "erased",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("of_family_id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=True),
        sa.Column("ref_hash", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased")),
        sa.UniqueConstraint("of_family_id", name=op.f("uq_erased_of_family_id")),
    )
    op.create_index("ix_erased_ref_hash", "erased", ["ref_hash"])
    op.create_table(
        "left_in_chat",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("erased_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["erased_id"], ["erased.id"], name=op.f("fk_left_in_chat_erased_id_erased"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_in_chat")),
    )
    op.create_index("ix_left_in_chat_erased_id", "left_in_chat", ["erased_id"])
    op.create_table(
        "copied_all",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_copied_all_family_id_family"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_copied_all_by_id_person"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copied_all")),
    )
    op.create_index("ix_copied_all_family_id", "copied_all", ["family_id"])


def downgrade() -> None:
    for table in ("copied_all", "left_in_chat", "erased", "legal_hold"):
        op.drop_table(table)
