"""One light family of the written meeting, played once, then spoilt in many ways: the verdict finds each."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from bot.practice.rehearsal.hands import World
from bot.practice.rehearsal.judge import Before, Played, before, judge
from bot.practice.rehearsal.player import Player
from bot.practice.rehearsal.rehearse import answered, practising
from bot.practice.rehearsal.written import Names
from bot.practice.sample.unit_file import UnitFile, load_unit
from bot.practice.unit_workspace import channel_of
from storage.database.bodies import EntryBody, TextBody
from storage.database.db import Database
from storage.database.tables import Action, Contribution, ContributionVersion, Discussion, Entry, RemarkGiven
from storage.database.vault import Scope, Vault, seal, unseal
from storage.meeting import contributions
from storage.migrate import upgrade
from tests.worlds.practised import DAY, KEY, NINE_THIRTY, both_units, come_to_rest

LIGHT = "K4419D"


@dataclass
class Played1:
    """One family of the written meeting, played to its end."""

    db: Database
    player: Player
    was: Before
    names: Names
    expected: dict[str, Any]
    unit_file: UnitFile

    def verdict(self, spoil: Callable[[Session], None] | None = None, **expected: Any) -> list[str]:
        """The faults after `spoil` changed what is kept; the record is as it was afterwards."""
        with self.db.engine.connect() as connection, connection.begin() as change:
            session = Session(connection, info={"vault": self.db.vault}, expire_on_commit=False)
            session.connection(execution_options={"turn": "write", "wait": 5})
            if spoil is not None:
                spoil(session)
                session.flush()
            wanted = self.expected | expected
            found = judge(session, self.player.meeting_id, wanted, self.player.played, self.was, self.names)
            session.close()
            change.rollback()
        return found

    def turn(self, turn_id: str) -> Played:
        return next(p for p in self.player.played if p.id == turn_id)


class Forgetful(Player):
    """Somebody who keeps quiet when it is their turn to say this."""

    quiet = "t080"

    async def _say(self, talk: Mapping[str, Any] | None, turn: Mapping[str, Any], played: Played) -> None:
        if turn["id"] != self.quiet:
            await super()._say(talk, turn, played)


def one_family() -> UnitFile:
    """The sample unit, its written meeting cut down to one light family."""
    kestrel, _ = both_units()
    written = copy.deepcopy(kestrel.transcript)
    assert written is not None
    written["discussions"] = [talk for talk in written["discussions"] if talk["family"] == LIGHT]
    written["opening"], written["closing"] = [], []
    return kestrel.model_copy(update={"transcript": written})


@asynccontextmanager
async def playing(folder: Path, kind: type[Player] = Player) -> AsyncIterator[Played1]:
    unit_file = one_family()
    url = f"sqlite:///{folder}/unit.db"
    await asyncio.to_thread(upgrade, url)
    db = Database.open(url, Vault(KEY))
    with db.write() as session:
        loaded = load_unit(session, unit_file, day=DAY, channel=channel_of(unit_file), now=NINE_THIRTY)
    names = Names(
        day=DAY,
        start=NINE_THIRTY,
        people=dict(loaded.people),
        families=dict(loaded.families),
        hypotheses=dict(loaded.hypotheses),
        agreements=dict(loaded.agreements),
        actions=dict(loaded.actions),
    )
    with db.read() as session:
        was = before(session, loaded.unit_id, names)
    async with practising(unit_file, folder, url, KEY, db) as (practice, service):

        async def set_minute(minute: float) -> None:
            moment = NINE_THIRTY + timedelta(minutes=minute)
            await practice.move_clock((moment - datetime.now(UTC)).total_seconds())

        world = World(
            practice=practice,
            db=db,
            unit_id=loaded.unit_id,
            channel=channel_of(unit_file),
            users={m.id: m.chat_user for m in unit_file.members},
            gone=frozenset(),
            away=frozenset(),
            names=names,
            set_minute=set_minute,
            settle=lambda: come_to_rest(practice, service, db),
            answered=lambda: answered(practice, service),
        )
        player = kind(world, unit_file.transcript or {})
        await set_minute(0)
        await world.settle()
        await player.open_meeting()
        for talk, turn in player.turns():
            await player.play(talk, turn)
    yield Played1(db, player, was, names, _expected(player), unit_file)
    db.close()


def _expected(player: Player) -> dict[str, Any]:
    """What the file expects, as far as it is about this one family."""
    said = {p.id for p in player.played}
    kestrel, _ = both_units()
    wanted = dict(kestrel.expected or {})
    records = [t["data"] for talk in player.written["discussions"] for t in talk["turns"] if t["act"] == "record"]
    mine = {row["key"] for data in records for row in (data, *data.get("new", [])) if "key" in row}
    return {
        "discussions": 1,
        "full": 0,
        "light": 1,
        "stopped": 0,
        "new_actions": [key for key in wanted["new_actions"] if key in mine],
        "privacy_blocks": [turn for turn in wanted["privacy_blocks"] if turn in said],
    }


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One family, played once for all that follows."""
    folder = tmp_path_factory.mktemp("one")

    async def play() -> Played1:
        async with playing(folder) as found:
            kept = found
        return kept

    return asyncio.run(play())


def test_the_family_alone_has_no_faults(played: Played1) -> None:
    assert played.verdict() == []
    assert played.expected["privacy_blocks"] == ["t086"]


def test_a_note_that_is_gone_is_a_fault(played: Played1) -> None:
    assert "t080: what was typed is not saved" in played.verdict(_without_note(played, "t080"))


def test_a_word_that_was_changed_is_a_fault(played: Played1) -> None:
    def spoil(session: Session) -> None:
        kept = _note(session, played, "t080")
        first = contributions.versions(session, kept.id)[0]
        text = unseal(session, first, TextBody).text
        seal(session, first, TextBody(text=text.replace("EP", "DP")), Scope.family(kept.family_id or ""))
        session.add(first)

    assert "t080: the text did not come back as it was typed" in played.verdict(spoil)


def test_a_form_that_is_gone_is_a_fault(played: Played1) -> None:
    turn = _recorded(played)
    entry = played.turn(turn).entry_id

    def spoil(session: Session) -> None:
        session.connection().execute(delete(Entry).where(col(Entry.id) == entry))

    faults = played.verdict(_unlinked(spoil))
    assert any(fault.startswith(f"{turn}: ") and fault.endswith("is not saved") for fault in faults), faults


def test_an_answer_missing_from_a_form_is_a_fault(played: Played1) -> None:
    def spoil(session: Session) -> None:
        entry = session.get_one(Entry, played.turn("t083").entry_id)
        answers = unseal(session, entry, EntryBody).answers
        answers.pop("how_we_know")
        seal(session, entry, EntryBody(answers=answers), Scope.family(entry.family_id or ""))
        session.add(entry)

    assert "t083: l_changed lost how_we_know" in played.verdict(spoil)


def test_a_blocked_text_that_was_kept_is_a_fault(played: Played1) -> None:
    def spoil(session: Session) -> None:
        kept = _note(session, played, "t080")
        text = str(played.turn("t086").turn["text"])
        seal(session, kept, TextBody(text=text), Scope.family(kept.family_id or ""))
        session.add(kept)

    assert "t086: the blocked text was saved" in played.verdict(spoil)


def test_a_remark_that_was_not_given_is_a_fault(played: Played1) -> None:
    turn = played.turn("t086")
    given, turn.remarks = turn.remarks, []

    def spoil(session: Session) -> None:
        session.connection().execute(delete(RemarkGiven).where(col(RemarkGiven.code) == "privacy_block"))

    try:
        assert "t086: the bot should have said privacy_block" in played.verdict(_unlinked(spoil))
    finally:
        turn.remarks = given


def test_a_discussion_of_another_kind_is_a_fault(played: Played1) -> None:
    def spoil(session: Session) -> None:
        found = session.get_one(Discussion, played.turn("t080").discussion_id)
        found.kind = "full"
        session.add(found)

    faults = played.verdict(spoil)
    assert "expected.full: 0, found 1" in faults
    assert "expected.light: 1, found 0" in faults


def test_an_action_nobody_wrote_is_a_fault(played: Played1) -> None:
    def spoil(session: Session) -> None:
        extra = session.exec(select(Action).where(Action.discussion_id == None)).first()  # noqa: E711
        assert extra is not None
        extra.discussion_id = played.turn("t080").discussion_id
        session.add(extra)

    assert any(fault.startswith("expected.new_actions") for fault in played.verdict(spoil))


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("discussions", 2), ("light", 0), ("stopped", 1), ("new_actions", ["a99"]), ("privacy_blocks", [])],
)
def test_a_wrong_expectation_is_named(played: Played1, key: str, wrong: Any) -> None:
    assert any(fault.startswith(f"expected.{key}: ") for fault in played.verdict(**{key: wrong}))


def test_an_expectation_nobody_understands_is_a_fault(played: Played1) -> None:
    assert "expected.sunshine: the rehearsal does not know this" in played.verdict(sunshine=True)


async def test_a_turn_that_was_not_played_is_a_fault(tmp_path: Path) -> None:
    async with playing(tmp_path, Forgetful) as found:
        assert "t080: what was typed is not saved" in found.verdict()


# ---- small parts


def _note(session: Session, played: Played1, turn_id: str) -> Contribution:
    return session.exec(select(Contribution).where(Contribution.ts == played.turn(turn_id).ts)).one()


def _without_note(played: Played1, turn_id: str) -> Callable[[Session], None]:
    def spoil(session: Session) -> None:
        kept = _note(session, played, turn_id)
        versions = delete(ContributionVersion).where(col(ContributionVersion.contribution_id) == kept.id)
        session.connection().execute(versions)
        session.connection().execute(delete(Contribution).where(col(Contribution.id) == kept.id))

    return _unlinked(spoil)


def _unlinked(spoil: Callable[[Session], None]) -> Callable[[Session], None]:
    """A row may be taken out although others point at it: the end of the turn never comes."""

    def deferred(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        spoil(session)

    return deferred


def _recorded(played: Played1) -> str:
    return next(p.id for p in played.player.played if p.turn["act"] == "record" and p.entry_id)
