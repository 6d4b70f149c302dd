"""What people are reminded of, when they want to hear it, and who covers them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("membership") as batch_op:
        batch_op.add_column(sa.Column("cover_id", sa.String(length=32), nullable=True))

    op.create_table(
        "nudge",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("from_id", sa.String(length=32), nullable=True),
        sa.Column("handed_to_id", sa.String(length=32), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("changed_by_id", sa.String(length=32), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_nudge_family_id_family"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_nudge_person_id_person"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_nudge_unit_id_unit"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint(
            "kind", "subject", "due_on", "person_id", name=op.f("uq_nudge_kind_subject_due_on_person_id")
        ),
    )
    with op.batch_alter_table("nudge") as batch_op:
        batch_op.create_index(batch_op.f("ix_nudge_unit_id"), ["unit_id"])
        batch_op.create_index(batch_op.f("ix_nudge_family_id"), ["family_id"])
        batch_op.create_index("ix_nudge_person_id_state", ["person_id", "state"])

    op.create_table(
        "nudge_said",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("nudge_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["nudge_id"], ["nudge.id"], name=op.f("fk_nudge_said_nudge_id_nudge"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_nudge_said_person_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_said")),
        sa.UniqueConstraint("nudge_id", "person_id", "day", name=op.f("uq_nudge_said_nudge_id_person_id_day")),
    )
    with op.batch_alter_table("nudge_said") as batch_op:
        batch_op.create_index(batch_op.f("ix_nudge_said_nudge_id"), ["nudge_id"])
        batch_op.create_index("ix_nudge_said_person_id_day", ["person_id", "day"])

    op.create_table(
        "nudge_preference",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("digested_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_nudge_preference_person_id_person"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_preference")),
        sa.UniqueConstraint("person_id", name=op.f("uq_nudge_preference_person_id")),
    )
    op.create_table(
        "nudge_plan",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_nudge_plan_unit_id_unit"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_plan")),
        sa.UniqueConstraint("unit_id", name=op.f("uq_nudge_plan_unit_id")),
    )
