"""What a process has done since it started, for whoever watches it. Kinds and numbers, never a word or a name."""

from __future__ import annotations

from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class TurnEnd(StrEnum):
    """How a turn ended. REFUSED: the database had no room in time, and the person was asked to try again."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Tally:
    """Counts turns and messages. Each process has its own; a scraper adds them up."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.brought = 0
        """How many messages this process was done with, of every kind."""
        self._turns = Counter("unitbot_turns", "Events handled.", ("kind", "end"), registry=self.registry)
        self._seconds = Histogram(
            "unitbot_turn_seconds",
            "From the event's arrival to its commit.",
            ("kind",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._sent = Counter("unitbot_messages", "Messages brought to their end.", ("how",), registry=self.registry)

    def turn(self, kind: str, end: TurnEnd, seconds: float) -> None:
        """Counts one event of this kind."""
        self._turns.labels(kind, end.value).inc()
        self._seconds.labels(kind).observe(seconds)

    def delivered(self, how: str) -> None:
        """Counts one message a sender was done with."""
        self.brought += 1
        self._sent.labels(how).inc()
