"""What the drill of a backup writes, also from a process of its own."""

from __future__ import annotations

from storage.database.bodies import FamilyBody
from storage.database.db import Database
from storage.database.tables import Family
from storage.database.vault import Scope, ref_index, seal
from storage.messages import outbox
from tests.worlds.storage_world import NOW, a_unit

KEY = bytes(range(32))


def keep_family(db: Database, ref: str) -> str:
    """A family with a message about it, in one commit; answers its id."""
    with db.write() as session:
        family = Family(unit_id=a_unit(session).id, ref_index=ref_index(session, ref), category="child_in_need")
        seal(session, family, FamilyBody(ref=ref, summary="Three children at home."), Scope.family(family.id))
        session.add(family)
        outbox.say(session, f"family:{family.id}", now=NOW, channel="C1")
        return family.id
