"""Nobody sees a word of a family without a line in the audit that says who, when and through what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from handlers.turn import EventKind, Note
from storage.database.audit import gathered
from storage.database.looked import Asked, lines, who_looked
from storage.database.tables import Family
from storage.family import families
from tests.worlds.presses import BUTTONS, COMMANDS, DIRECT, REF, SHORTCUTS, TYPED, World, _plain
from tests.worlds.records_world import CHANNEL

WORDS_OF = {TYPED: REF, "Mother AD": REF, "It hangs together so.": "K2770L"}
OF_THE_UNIT = "Two families."
TYPED_AFTER = ("", REF, "list", "week", "unit", "members", "mine", f"reflect {REF}", f"show {REF}")


def seen_without_a_line(world: World, who: str, kind: EventKind, channel: str, more: dict[str, Any]) -> list[str]:
    """References (or words) in an answer for which no line was left for whoever got it."""
    with world.db.write() as session:
        answer, _written = world.handled(session, who, kind, channel, more)
        text = str(_plain(answer))
        own = [line for line in gathered(session) if line.person_id == world.room.people[who]]
        noted, known = {line.family_id for line in own}, refs(session)
        found = [ref for ref, family_id in known.items() if ref in text and family_id not in noted]
        found += [words for words, ref in WORDS_OF.items() if words in text and known[ref] not in noted]
        if OF_THE_UNIT in text and world.ids["unit"] not in {line.unit_id for line in own}:
            found.append(OF_THE_UNIT)
        session.rollback()
        return found


def refs(session: Session) -> dict[str, str]:
    return {families.ref_of(session, family_id): family_id for family_id in session.exec(select(Family.id))}


@pytest.mark.parametrize("who", ["orla", "tomasz", "pippa"])
def test_the_home_tab_leaves_a_line_for_every_family_on_it(world: World, who: str) -> None:
    assert seen_without_a_line(world, who, EventKind.HOME, DIRECT, {}) == []


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_that_shows_a_family_leaves_a_line(world: World, button: str) -> None:
    for args in world.args_for(button):
        for who in ("tomasz", "orla"):
            more = {"name": button, "args": args}
            assert seen_without_a_line(world, who, EventKind.BUTTON, CHANNEL, more) == [], (button, args)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_shows_a_family_leaves_a_line(world: World, command: str) -> None:
    for text in TYPED_AFTER:
        for channel in (CHANNEL, DIRECT):
            more = {"name": command, "text": text}
            missing = [
                one for one in seen_without_a_line(world, "tomasz", EventKind.COMMAND, channel, more) if one not in text
            ]
            assert missing == [], (command, text)


@pytest.mark.parametrize("name", SHORTCUTS)
def test_a_shortcut_that_shows_a_family_leaves_a_line(world: World, name: str) -> None:
    more = {"name": name, "ts": "100.2", "thread": "100.1", "text": TYPED}
    assert [w for w in seen_without_a_line(world, "tomasz", EventKind.SHORTCUT, CHANNEL, more) if w != TYPED] == []


def test_a_line_says_through_what(world: World) -> None:
    with world.db.write() as session:
        world.handled(session, "tomasz", EventKind.COMMAND, CHANNEL, {"name": "/family", "text": REF})
        (line,) = [one for one in gathered(session) if one.what == "read"]
        assert line.through == "command /family"
        session.rollback()


def test_what_was_not_shown_leaves_no_line(world: World) -> None:
    """A word of a closed set, or a family that was only looked up, is nobody's reading."""
    with world.db.write() as session:
        world.handled(session, "tomasz", EventKind.COMMAND, CHANNEL, {"name": "/family", "text": REF})
        others = {one.family_id for one in gathered(session)} - {world.ids["family"], None}
        assert others == set()
        session.rollback()


def test_lead_deputy_and_managers_see_who_has_looked_and_nobody_else(world: World) -> None:
    with world.db.write() as session:
        world.handled(session, "devan", EventKind.COMMAND, CHANNEL, {"name": "/family", "text": REF})
    args = {"family": world.ids["family"], "unit": world.ids["unit"]}
    shown = world.press("orla", "family.looked", args)
    assert isinstance(shown.answer, Note)
    assert "Devan" in shown.text
    assert "Who has looked at K3107C" in shown.text
    refused = world.press("marisol", "family.looked", args)
    assert "Who has looked at" in refused.text
    assert "Please ask one of them" in refused.text
    assert "times" not in refused.text


def test_the_button_stands_on_the_familys_page_for_those_who_may(world: World) -> None:
    page = {"name": "/family", "text": REF}
    assert "family.looked" in world.send("orla", EventKind.COMMAND, **page).text
    assert "family.looked" not in world.send("marisol", EventKind.COMMAND, **page).text


def test_the_audit_is_read_by_family_person_unit_and_day(world: World) -> None:
    with world.db.write() as session:
        world.handled(session, "devan", EventKind.COMMAND, CHANNEL, {"name": "/family", "text": REF})
    devan = world.room.people["devan"]
    with world.db.read() as session:
        found = list(lines(session, Asked(family_id=world.ids["family"], person_id=devan, since=world.now)))
        assert {(one.what, one.through) for one in found} == {("read", "command /family")}
        assert list(lines(session, Asked(unit_id=world.ids["heron"], person_id=devan))) == []
        looked = who_looked(session, world.ids["family"], world.now - timedelta(days=1))
        assert devan in {one.person_id for one in looked}
