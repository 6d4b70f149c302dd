"""Names as they were typed, and the unit that gave them, so that two people of one name can be told apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("given", sa.String(), nullable=False, server_default=""))
        person.add_column(sa.Column("named_in", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.drop_column("named_in")
        person.drop_column("given")
