"""The clinical work: its pieces and their history, the tracking form, and signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _links_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "episode",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("back_state", sa.String(), nullable=False),
        sa.Column("clinician_id", sa.String(length=32), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("consulted_on", sa.Date(), nullable=True),
        sa.Column("commissioned_on", sa.Date(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("reviewed_at", sa.Integer(), nullable=False),
        sa.Column("review_after", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("differ_step", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _links_to("episode", "unit_id", "unit"),
        _links_to("episode", "family_id", "family"),
        _links_to("episode", "clinician_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("family_id", "no", name=op.f("uq_episode_family_id_no")),
    )
    with op.batch_alter_table("episode") as batch_op:
        batch_op.create_index(batch_op.f("ix_episode_unit_id"), ["unit_id"])
        batch_op.create_index(batch_op.f("ix_episode_family_id"), ["family_id"])

    op.create_table(
        "episode_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("episode_id", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=True),
        sa.Column("entry_id", sa.String(length=32), nullable=True),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _links_to("episode_change", "episode_id", "episode"),
        _links_to("episode_change", "family_id", "family"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_change")),
    )
    with op.batch_alter_table("episode_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_episode_change_episode_id"), ["episode_id"])
        batch_op.create_index(batch_op.f("ix_episode_change_family_id"), ["family_id"])

    op.create_table(
        "tracking_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _links_to("tracking_entry", "unit_id", "unit"),
        _links_to("tracking_entry", "family_id", "family"),
        _links_to("tracking_entry", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracking_entry")),
        sa.UniqueConstraint("source", name=op.f("uq_tracking_entry_source")),
    )
    with op.batch_alter_table("tracking_entry") as batch_op:
        batch_op.create_index(batch_op.f("ix_tracking_entry_unit_id"), ["unit_id"])
        batch_op.create_index(batch_op.f("ix_tracking_entry_family_id"), ["family_id"])
        batch_op.create_index("ix_tracking_entry_person_id_on", ["person_id", "on"])
        batch_op.create_index("ix_tracking_entry_unit_id_on", ["unit_id", "on"])

    op.create_table(
        "signing",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(length=32), nullable=False),
        sa.Column("family_id", sa.String(length=32), nullable=True),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("root_id", sa.String(length=32), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("signed", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _links_to("signing", "unit_id", "unit"),
        _links_to("signing", "family_id", "family"),
        _links_to("signing", "entry_id", "entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_signing_entry_id")),
    )
    with op.batch_alter_table("signing") as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_unit_id"), ["unit_id"])
        batch_op.create_index(batch_op.f("ix_signing_family_id"), ["family_id"])
