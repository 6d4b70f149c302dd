"""Somebody leaves: they see nothing at once, what they had begun goes to the coordinator, and what stays is said."""

from __future__ import annotations

from sqlmodel import select

from handlers.turn import Ask, EventKind
from prompts_and_forms.unit import leavers_wording
from storage.database.tables_machinery import Draft, OutboxMessage
from storage.forms import drafts
from tests.worlds.presses import _plain
from tests.worlds.records_world import Room

REF, TYPED = "K3107C", "Visit them before school"


def begun(room: Room, who: str = "devan") -> str:
    """A form somebody began and did not send."""
    asked = room.press(who, "form.open", form="action", family=room.family(REF))
    assert isinstance(asked, Ask)
    args = {**asked.view.args, "step": "save"}
    room.send(who, EventKind.CHANGE, name="action", args=args, values={"text": TYPED})
    room.send(who, EventKind.CLOSED, name="action", args=asked.view.args, values={"text": TYPED})
    return asked.view.args["draft"]


def leaves(room: Room, who: str = "devan") -> str:
    return str(_plain(room.press("pippa", "unit.left", unit=room.unit.unit_id, person=room.people[who])))


def test_what_they_had_begun_goes_to_the_coordinator_with_a_message(room: Room) -> None:
    draft = begun(room)
    said = leaves(room)
    assert leavers_wording.handed_over(1, "Pippa") in said
    with room.reading() as session:
        assert session.get_one(Draft, draft).person_id == room.people["pippa"]
        assert [one.id for one in drafts.drafts_of(session, room.people["pippa"])] == [draft]
        keys = session.exec(select(OutboxMessage.key).where(OutboxMessage.key.startswith(f"draft:{draft}")))  # type: ignore[attr-defined]
        assert len(list(keys)) == 1


def test_what_stays_in_the_chat_is_said_and_they_see_nothing_at_once(room: Room) -> None:
    assert "stay in their account" in leaves(room)
    assert "Mother AD" not in str(_plain(room.command("devan", "/family", REF)))
    assert REF not in str(_plain(room.send("devan", EventKind.HOME, channel="D0DIRECT")))
