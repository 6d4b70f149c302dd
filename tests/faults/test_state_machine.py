"""Any order of planning, claiming, looking, posting, noting, dying, waiting: a platform that is a list is the judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

from storage.database.db import Database
from storage.database.vault import Vault
from storage.messages import delivery, outbox
from storage.messages.delivery import LEASE, Claimed
from storage.messages.outbox import MEETING, NUDGE, SAFETY, how_many_due
from tests.faults.lives import KEY, WHOLE

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SENDERS = st.integers(0, 2)


@dataclass
class Sending:
    """What one sender has in hand. `found`: where it saw an earlier copy; None while it has not looked."""

    claimed: Claimed
    found: str | None = None
    posted: str = ""
    answered: bool = True


class Outbox(RuleBasedStateMachine):
    """Three senders, one platform. A sender keeps to the rules: look where tried before, ask once more, then post."""

    db: Database

    def __init__(self) -> None:
        super().__init__()
        with self.db.write() as session:
            for table in ("outbox", "post"):
                session.connection().execute(text(f"DELETE FROM {table}"))
        self.machine, self.unit = START, START
        self.platform: list[tuple[str, str]] = []
        self.planned: list[tuple[str, str]] = []
        self.cancelled: set[str] = set()
        self.hands: dict[int, Sending] = {}

    # ---- what people and time do

    @rule(
        thread=st.sampled_from(["a", "b", ""]),
        priority=st.sampled_from([SAFETY, MEETING, NUDGE]),
        wait=st.sampled_from([0, 0, 0, 3600]),
    )
    def plan(self, thread: str, priority: int, wait: int) -> None:
        key = f"{thread or 'direct'}/{len(self.planned)}"
        where = {"channel": "C1", "thread": thread} if thread else {"chat_user": "U1"}
        due_at = self.unit + timedelta(seconds=wait)
        with self.db.write() as session:
            if thread and thread not in dict(self.planned):
                outbox.show(session, thread, now=self.unit, channel="C1")
                self.planned.append((thread, ""))
            outbox.say(session, key, now=self.unit, priority=priority, due_at=due_at, **where)
            outbox.say(session, key, now=self.unit, priority=priority, due_at=due_at, **where)
        self.planned.append((key, thread))

    @precondition(lambda self: self.planned)
    @rule(which=st.integers(0, 99))
    def change_what_is_shown(self, which: int) -> None:
        parents = [key for key, _ in self.planned if key in ("a", "b")]
        if parents:
            with self.db.write() as session:
                outbox.show(session, parents[which % len(parents)], now=self.unit, channel="C1")

    @precondition(lambda self: self.planned)
    @rule(which=st.integers(0, 99))
    def cancel(self, which: int) -> None:
        key = self.planned[which % len(self.planned)][0]
        if key in ("a", "b"):
            return
        with self.db.write() as session:
            outbox.cancel(session, key)
            asked = text("SELECT state FROM outbox WHERE key = :key")
            if session.connection().execute(asked, {"key": key}).scalar() == "cancelled":
                self.cancelled.add(key)

    @rule(seconds=st.sampled_from([1, 10, 20, 31]))
    def time_passes(self, seconds: int) -> None:
        self.machine += timedelta(seconds=seconds)
        self.unit += timedelta(seconds=seconds)

    @rule(hours=st.sampled_from([-1, 1]))
    def the_units_clock_is_moved(self, hours: int) -> None:
        self.unit += timedelta(hours=hours)

    @rule(hours=st.sampled_from([-1, 1]))
    def the_machines_clock_is_moved(self, hours: int) -> None:
        self.machine += timedelta(hours=hours)

    # ---- what senders do

    @rule(most=st.integers(1, 3))
    def claim(self, most: int) -> None:
        """Those whose hands are free take up to so many, in one turn."""
        free = [sender for sender in range(3) if sender not in self.hands][:most]
        with self.db.write() as session:
            taken = delivery.claim_some(session, most=len(free), now=self.unit, machine=self.machine)
        for sender, claimed in zip(free, taken, strict=False):
            self.hands[sender] = Sending(claimed)

    @rule(sender=SENDERS)
    def look(self, sender: int) -> None:
        hand = self.hands.get(sender)
        if hand is None or hand.found is not None:
            return
        known = hand.claimed.post.ts if hand.claimed.post else ""
        if not known and hand.claimed.tried_before:
            known = next((ts for ts, key in self.platform if key == hand.claimed.key), "")
        hand.found = known

    @rule(sender=SENDERS, answered=st.booleans())
    def post(self, sender: int, answered: bool) -> None:
        hand = self.hands.get(sender)
        if hand is None or hand.found is None or hand.posted:
            return
        if hand.found:
            hand.posted = hand.found
            return
        with self.db.write() as session:
            ours = delivery.still_ours(session, hand.claimed, machine=self.machine)
        if not ours:
            del self.hands[sender]
            return
        hand.posted, hand.answered = f"{len(self.platform) + 1}.0", answered
        self.platform.append((hand.posted, hand.claimed.key))

    @rule(sender=SENDERS)
    def note(self, sender: int) -> None:
        hand = self.hands.get(sender)
        if hand is None or not hand.posted:
            return
        del self.hands[sender]
        with self.db.write() as session:
            if hand.answered:
                delivery.finish(session, hand.claimed, at=self.machine, channel="C1", ts=hand.posted)
            else:
                delivery.unknown(session, hand.claimed, "timeout", self.machine + timedelta(seconds=3))

    @rule()
    def note_together(self) -> None:
        """Everything posted and answered is noted in one turn."""
        over = {sender: hand for sender, hand in self.hands.items() if hand.posted and hand.answered}
        self.hands = {sender: hand for sender, hand in self.hands.items() if sender not in over}
        shown = [delivery.Shown(hand.claimed, "C1", hand.posted) for hand in over.values()]
        with self.db.write() as session:
            delivery.finish_some(session, shown, at=self.machine)

    @rule(sender=SENDERS)
    def be_told_to_wait(self, sender: int) -> None:
        hand = self.hands.get(sender)
        if hand is None or hand.posted:
            return
        del self.hands[sender]
        with self.db.write() as session:
            delivery.not_sent_until(session, hand.claimed, self.machine + timedelta(seconds=5))

    @rule(sender=SENDERS)
    def die(self, sender: int) -> None:
        self.hands.pop(sender, None)

    # ---- what must hold

    @invariant()
    def nothing_is_there_twice(self) -> None:
        keys = [key for _, key in self.platform]
        assert len(keys) == len(set(keys)), keys

    @invariant()
    def a_reply_never_comes_before_its_parent(self) -> None:
        seen: set[str] = set()
        threads = dict(self.planned)
        for _, key in self.platform:
            assert not threads[key] or threads[key] in seen
            seen.add(key)

    def teardown(self) -> None:
        """The senders are left to work in peace: everything planned is there in the end, what was cancelled is not."""
        self.unit = START + timedelta(days=30)
        for _ in range(1000):
            self.claim(3)
            for sender in range(3):
                self.look(sender)
                self.post(sender, True)
                self.note(sender)
            with self.db.read() as session:
                if not self.hands and how_many_due(session, self.unit) == 0:
                    break
            self.machine += LEASE
        self.nothing_is_there_twice()
        self.a_reply_never_comes_before_its_parent()
        there = {key for _, key in self.platform}
        assert there == {key for key, _ in self.planned} - self.cancelled


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_any_order_of_steps_leaves_each_message_there_once(url: str) -> None:
    db = Database.open(url, Vault(KEY))
    machine = type("OutboxOnThis", (Outbox,), {"db": db})
    health = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    tried = settings(
        max_examples=(300 if db.is_sqlite else 80) if WHOLE else 10,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=health,
    )
    try:
        run_state_machine_as_test(machine, settings=tried)
    finally:
        db.close()
