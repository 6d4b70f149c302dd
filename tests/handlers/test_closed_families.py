"""A family closed to somebody does not exist for them: on no screen, in no list, menu, message or document."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bot.documents.asked import wish
from bot.documents.trouble import DocumentTrouble
from handlers import render
from handlers.documents import Asked, key_of
from handlers.turn import Ask, Done, EventKind, Note
from storage.database.columns import metadata
from storage.database.tables import Discussion, Family
from storage.database.tables_machinery import FamilyAccess, OutboxMessage
from storage.family import access
from tests.worlds.presses import BUTTONS, COMMANDS, DIRECT, REF, SHORTCUTS, TYPED, World, _plain
from tests.worlds.records_world import CHANNEL

KINDS = ("not_this_worker", "named_only")
TYPED_AFTER = ("", REF, "list", "week", "unit", "mine", f"reflect {REF}")
WHO = "tomasz"


def shut(world: World, session: Session, kind: str) -> None:
    """Closed to Tomasz, or open to Orla and nobody else."""
    family = session.get_one(Family, world.ids["family"])
    person = world.room.people[WHO if kind == "not_this_worker" else "orla"]
    access.close_to(
        session, family, kind=kind, person_id=person, reason="He is the umpire.", review_on=None,
        by_id=world.room.people["orla"], now=world.now,
    )  # fmt: skip
    session.flush()
    session.expunge_all()


def shown(world: World, who: str, event: EventKind, channel: str, kind: str, more: dict[str, Any]) -> str:
    with world.db.write() as session:
        shut(world, session, kind)
        answer, _written = world.handled(session, who, event, channel, more)
        session.rollback()
        return str(_plain(answer))


def of_the_family(text: str, typed: str = "") -> list[str]:
    return [word for word in (REF, "BD)", "Mother AD", TYPED, "umpire") if word in text and word not in typed]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("button", BUTTONS)
def test_no_button_shows_a_closed_family(world: World, button: str, kind: str) -> None:
    for args in world.args_for(button):
        assert of_the_family(shown(world, WHO, EventKind.BUTTON, CHANNEL, kind, {"name": button, "args": args})) == []


@pytest.mark.parametrize("form", ["action", "last_seen", "hypothesis", "review", "category_change", "letter"])
def test_nobody_begins_a_form_about_a_family_that_is_closed_to_them(world: World, form: str) -> None:
    """Nor about one that never was: both are answered alike, so that nobody learns which it is."""
    said = []
    for family_id in (world.ids["family"], "f" * 32):
        with world.db.write() as session:
            shut(world, session, "not_this_worker")
            opens = {"name": "form.open", "args": {"form": form, "family": family_id}}
            answer, written = world.handled(session, WHO, EventKind.BUTTON, CHANNEL, opens)
            session.rollback()
        assert isinstance(answer, Note)
        assert not written & {"draft", "data_key"}
        said.append(str(_plain(answer)))
    assert said[0] == said[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_shows_a_closed_family(world: World, command: str, kind: str) -> None:
    for text in TYPED_AFTER:
        for channel in (CHANNEL, DIRECT):
            found = shown(world, WHO, EventKind.COMMAND, channel, kind, {"name": command, "text": text})
            assert of_the_family(found, text) == [], (command, text)


@pytest.mark.parametrize("kind", KINDS)
def test_neither_home_nor_a_shortcut_shows_a_closed_family(world: World, kind: str) -> None:
    assert of_the_family(shown(world, WHO, EventKind.HOME, DIRECT, kind, {})) == []
    for name in SHORTCUTS:
        more = {"name": name, "ts": "100.2", "thread": "100.1", "text": "x"}
        assert of_the_family(shown(world, WHO, EventKind.SHORTCUT, CHANNEL, kind, more)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_those_who_may_see_it_see_it_as_before(world: World, kind: str) -> None:
    more = {"name": "/family", "text": REF}
    assert "K3107C (BD)" in shown(world, "orla", EventKind.COMMAND, CHANNEL, kind, more)
    assert of_the_family(shown(world, "orla", EventKind.HOME, DIRECT, kind, {})) != []


def keys_of(session: Session) -> Iterator[str]:
    yield from session.exec(select(OutboxMessage.key)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_message_to_the_channel_or_to_them_shows_it(world: World, kind: str) -> None:
    with world.db.write() as session:
        shut(world, session, kind)
        for reader in (None, world.room.people[WHO]):
            session.info.pop("hidden families", None)
            access.hide_from(session, reader)
            for key in list(keys_of(session)):
                if key.startswith("file:") or (reader and not key.startswith(f"person:{reader}")):
                    continue
                try:
                    card = render.render(session, key, world.now)
                except (KeyError, AttributeError, AssertionError):
                    card = None
                assert card is None or of_the_family(card.model_dump_json()) == [], key
        session.rollback()


@pytest.mark.parametrize("kind", KINDS)
def test_no_document_shows_it(world: World, kind: str) -> None:
    with world.db.write() as session:
        shut(world, session, kind)
        asked = key_of(Asked("record", world.ids["discussion"], "pdf", world.ids["unit"], world.room.people[WHO]))
        with pytest.raises(DocumentTrouble) as refused:
            wish(session, asked, world.now)
        assert REF not in str(refused.value)
        session.rollback()


def test_the_lead_closes_it_with_a_reason_and_a_day_and_opens_it_again(world: World) -> None:
    with world.db.write() as session:
        session.get_one(Discussion, world.ids["discussion"]).state = "closed"
        session.flush()
        args = {"family": world.ids["family"], "unit": world.ids["unit"]}
        opens = {"name": "family.access_close", "args": args}
        asked, _ = world.handled(session, "orla", EventKind.BUTTON, CHANNEL, opens)
        assert isinstance(asked, Ask), asked
        values = {
            "kind": "not_this_worker",
            "who": [world.room.people[WHO]],
            "why": "He is the umpire.",
            "review_on": world.room.day(90),
        }
        more = {"name": "family_access", "args": dict(asked.view.args), "values": values}
        done, _ = world.handled(session, "orla", EventKind.SUBMIT, CHANNEL, more)
        assert isinstance(done, Done), done
        assert "earlier discussion" in str(_plain(done))
        assert access.hidden_from(session, world.room.people[WHO]) == {world.ids["family"]}
        page, _ = world.handled(session, "orla", EventKind.BUTTON, CHANNEL, {"name": "family.access", "args": args})
        assert "Tomasz must not see it: He is the umpire." in str(_plain(page))
        (row,) = access.of_family(session, world.ids["family"])
        ended = {"name": "family.access_end", "args": args | {"chosen": row.id}}
        world.handled(session, "orla", EventKind.BUTTON, CHANNEL, ended)
        assert access.hidden_from(session, world.room.people[WHO]) == set()
        assert session.get_one(FamilyAccess, row.id).ended_by_id == world.room.people["orla"]
        session.rollback()


def test_others_may_not_decide_it_and_nobody_closes_it_to_themselves_or_in_a_discussion(world: World) -> None:
    args = {"family": world.ids["family"], "unit": world.ids["unit"]}
    for button in ("family.access", "family.access_close", "family.access_end"):
        assert "lead and managers decide" in world.press("marisol", button, args | {"chosen": "x"}).text
    assert "being discussed" in world.press("orla", "family.access_close", args).text


def test_a_family_closed_to_somebody_is_not_started_in_the_channel(world: World) -> None:
    with world.db.write() as session:
        other = session.get_one(Family, world.room.family("K2284H"))
        access.close_to(
            session, other, kind="not_this_worker", person_id=world.room.people[WHO], reason="x", review_on=None,
            by_id=world.room.people["orla"], now=world.now,
        )  # fmt: skip
        args = {"meeting": world.ids["meeting"], "family": other.id}
        starts = {"name": "agenda.start", "args": args}
        answer, written = world.handled(session, "orla", EventKind.BUTTON, CHANNEL, starts)
        assert isinstance(answer, Note)
        assert "discussion" not in written
        session.rollback()


def test_a_session_that_serves_one_after_another_shows_each_what_they_may_see(world: World) -> None:
    """Whom a family is closed to is asked anew with each event, and what was read for somebody else is let go of."""
    asks = {"name": "/family", "text": REF}
    with world.db.write() as session:
        shut(world, session, "not_this_worker")
        for who, sees in (("orla", True), (WHO, False), (WHO, False), ("orla", True), ("marisol", True)):
            answer, _written = world.handled(session, who, EventKind.COMMAND, CHANNEL, asks)
            assert bool(of_the_family(str(_plain(answer)), REF)) is sees, who
        session.rollback()


PLACES = (
    "action",
    "agreement",
    "hypothesis",
    "entry",
    "measure",
    "nudge",
    "child",
    "discussion",
    "subject",
    "row",
    "chosen",
)


@pytest.mark.parametrize("button", BUTTONS)
def test_one_id_of_a_closed_family_among_good_ones_shows_and_changes_nothing(world: World, button: str) -> None:
    """As somebody would forge it who may see the other families: a family of theirs, and one id that is not."""
    shut_id = world.ids["family"]
    with world.db.read() as session:
        others = select(Family.id).where(Family.unit_id == world.ids["unit"], Family.id != shut_id)
        good = {"unit": world.ids["unit"], "family": session.exec(others.order_by(Family.id)).first() or ""}
    more = {"form": "action", "what": "record", "kind": "full", "move": "session", "to": "held", "no": "1"}
    for place in random.Random(button).sample(PLACES, 4):
        forged = world.ids.get(place, world.ids["action"])
        with world.db.write() as session:
            shut(world, session, "not_this_worker")
            before = rows_of(session, shut_id)
            press = {"name": button, "args": {**more, **good, place: forged}}
            answer, _written = world.handled(session, WHO, EventKind.BUTTON, CHANNEL, press)
            assert of_the_family(str(_plain(answer))) == [], place
            assert rows_of(session, shut_id) == before, place
            session.rollback()


def rows_of(session: Session, family_id: str) -> dict[str, list[Any]]:
    """Every row about a family as it lies in the database, beside the gate."""
    session.flush()
    found: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        if "family_id" in table.c and table.name != "audit":
            asked = sa.select(table).where(table.c.family_id == family_id).order_by(table.c.id)
            found[table.name] = list(session.connection().execute(asked))
    return found
