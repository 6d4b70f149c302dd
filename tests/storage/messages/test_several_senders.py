"""The outbox with several senders at once, with much in it, and with whatever goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from storage.database.db import Database
from storage.database.vault import Vault
from storage.messages import delivery, outbox
from storage.messages.outbox import (
    NUDGE,
    how_many_due,
)
from storage.messages.posts import find_post
from tests.worlds.storage_world import LEASE, NOW, Sender, ask, later, row_of, said, shown


@pytest.fixture
def sender(db: Database) -> Sender:
    return Sender(db)


def test_two_senders_never_take_the_same_message(db: Database) -> None:
    ask(db, *(said(f"m{n}") for n in range(20)))
    first, second = Sender(db), Sender(db)
    taken = []
    for _ in range(10):
        taken += [first.must_claim().key, second.must_claim().key]
    assert len(set(taken)) == 20
    assert first.claim() is None


def test_what_another_sender_is_just_taking_is_stepped_over(url: str, db: Database) -> None:
    if db.is_sqlite:
        return
    ask(db, said("m1"), said("m2"))
    with db.write() as one, db.write() as other:
        first = delivery.claim(one, now=NOW, machine=NOW)
        second = delivery.claim(other, now=NOW, machine=NOW)
    assert first is not None
    assert second is not None
    assert {first.key, second.key} == {"m1", "m2"}


OUTCOMES = st.sampled_from(["sent", "sent", "refused", "died after posting", "died before posting", "asked again"])


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    threads=st.lists(st.sampled_from("ab"), min_size=1, max_size=8),
    outcomes=st.lists(OUTCOMES, max_size=25),
)
def test_whatever_goes_wrong_each_message_lands_once_and_in_order(
    empty_database: Path, tmp_path: Path, vault: Vault, threads: list[str], outcomes: list[str]
) -> None:
    """The platform here is a list; a sender that finds its key there (as it must when tried before) posts nothing."""
    path = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
    path.write_bytes(empty_database.read_bytes())
    db = Database.open(f"sqlite:///{path}", vault)
    platform: list[str] = []
    ask(db, *(said(f"{name}/{n}", thread=name) for n, name in enumerate(threads)), shown("a"), shown("b"))
    sender, fate = Sender(db), iter(outcomes)
    for _ in range(200):
        claimed = sender.claim()
        if claimed is None:
            with db.read() as session:
                if how_many_due(session, sender.at) == 0:
                    break
            sender.at += LEASE
            continue
        outcome = next(fate, "sent")
        if outcome == "asked again":
            ask(db, said(claimed.key), shown("a"))
        if outcome == "refused":
            with db.write() as session:
                delivery.not_sent_until(session, claimed, sender.at + LEASE)
            continue
        if outcome != "died before posting" and claimed.post is None:
            assert claimed.tried_before or claimed.key not in platform
            if claimed.key not in platform:
                platform.append(claimed.key)
        if not outcome.startswith("died"):
            assert sender.finish(claimed)
    db.close()
    assert sorted(platform) == sorted({"a", "b", *(f"{name}/{n}" for n, name in enumerate(threads))})
    for name in "ab":
        wanted = [name] + [f"{name}/{n}" for n, other in enumerate(threads) if other == name]
        assert [key for key in platform if key.split("/")[0] == name] == wanted


def test_taking_the_next_message_does_not_get_slower_with_history(db: Database) -> None:
    """The question for the next message, and the place in a lane, are answered from indexes over what is open."""
    values = ", ".join(
        f"('{n:032d}', 'old{n}', 'say', 'C1', '', '', 'dm:U1', {n}, 5, :at, 'sent', 1, 1, 1, 0, '', :at)"
        for n in range(3000)
    )
    still_waiting = ", ".join(
        f"('{n:032d}', 'new{n}', 'say', 'C1', '', '', 'dm:U{n % 500}', {n}, 5, :at, 'waiting', 1, 0, 0, 0, '', :at)"
        for n in range(3000, 5000)
    )
    columns = (
        "id, key, how, channel, chat_user, thread_key, lane, lane_no, priority, due_at, state, wanted, shown, fence,"
        " attempts, error, made_at"
    )
    with db.write() as session:
        session.connection().execute(text(f"INSERT INTO outbox ({columns}) VALUES {values}"), {"at": NOW})
        session.connection().execute(text(f"INSERT INTO outbox ({columns}) VALUES {still_waiting}"), {"at": NOW})
    with db.write() as session:
        session.connection().execute(text("ANALYZE"))
    ask(db, said("m1"))
    with db.read() as session:
        plan = explained(session, delivery.next_message().params(unit_now=NOW, machine_now=NOW, strayed=NOW))
        place = explained(session, outbox.next_place())
    assert "ix_outbox_open" in plan
    assert "ix_outbox_open_lane" in plan
    assert "ix_outbox_open" in place
    for words in (plan, place):
        assert "Seq Scan on outbox" not in words
        assert "SCAN outbox\n" not in words + "\n"


def explained(session: Session, statement: object) -> str:
    dialect = session.get_bind().dialect
    compiled = str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))  # type: ignore[attr-defined]
    compiled = compiled.replace(" FOR UPDATE OF outbox SKIP LOCKED", "")
    ask_plan = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
    rows = session.connection().exec_driver_sql((ask_plan + compiled).replace("%", "%%")).all()
    return "\n".join(str(row[-1]) for row in rows)


def test_several_are_taken_in_one_turn_each_of_another_thread(db: Database) -> None:
    ask(db, shown("a"), shown("b"), said("nudge", priority=NUDGE), said("a/1", thread="a"))
    with db.write() as session:
        taken = delivery.claim_some(session, most=9, now=NOW, machine=NOW)
    assert [one.key for one in taken] == ["a", "b", "nudge"]
    with db.write() as session:
        assert delivery.claim_some(session, most=9, now=NOW, machine=NOW) == []


def test_several_are_noted_in_one_turn_but_not_what_somebody_else_has_now(db: Database) -> None:
    ask(db, *(said(f"m{n}") for n in range(3)))
    with db.write() as session:
        slow = delivery.claim_some(session, most=3, now=NOW, machine=NOW)
    with db.write() as session:
        delivery.unknown(session, slow[1], "timeout", until=NOW)
        quick = delivery.claim(session, now=NOW, machine=later(1))
    assert quick is not None
    assert quick.key == "m1"
    with db.write() as session:
        together = [delivery.Shown(one, "C1", f"{n}.0", parts=(f"{n}.5",)) for n, one in enumerate(slow)]
        assert delivery.finish_some(session, together, at=NOW) == {slow[0].id, slow[2].id}
    with db.read() as session:
        found = [find_post(session, key) for key in ("m0", "m0#2", "m1", "m2", "m2#2")]
    assert [post.ts if post else None for post in found] == ["0.0", "0.5", None, "2.0", "2.5"]


def test_noting_several_waits_for_nobody_who_is_just_changing_one(db: Database) -> None:
    """A turn that asks for a board again holds its row; the others are noted, that one on its own afterwards."""
    if db.is_sqlite:
        return
    ask(db, shown("a"), shown("b"))
    with db.write() as session:
        taken = delivery.claim_some(session, most=2, now=NOW, machine=NOW)
    posted = [delivery.Shown(one, "C1", f"{n}.0") for n, one in enumerate(taken)]
    with db.write() as turn:
        shown("a")(turn)
        turn.flush()
        with db.write() as session:
            assert delivery.finish_some(session, posted, at=NOW) == {taken[1].id}
    with db.write() as session:
        assert delivery.finish_some(session, posted[:1], at=NOW, wait=True) == {taken[0].id}
    assert row_of(db, "a").state == "waiting"
