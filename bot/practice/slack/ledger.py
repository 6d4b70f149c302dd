"""What the app did, as the workspace saw it: calls, acknowledgements and how long they took."""

from collections import deque
from datetime import UTC, datetime
from typing import Any

from bot.practice.slack.limits import Json

MOST_KEPT = 50_000


class Ledger:
    """The last calls and acknowledgements. `counted` numbers never go down, so a reader can ask for what is new."""

    def __init__(self) -> None:
        self.calls: deque[Json] = deque(maxlen=MOST_KEPT)
        self.acks: deque[Json] = deque(maxlen=MOST_KEPT)
        self.lost: deque[Json] = deque(maxlen=1000)
        self.counted_calls = 0
        self.counted_acks = 0

    def call(self, method: str, arguments: Json, answer: Json, note: str = "") -> None:
        """Notes one call of the app and what it was answered."""
        metadata = arguments.get("metadata")
        channel = answer.get("channel")
        payload = metadata.get("event_payload", {}) if isinstance(metadata, dict) else {}
        key = payload.get("key") if isinstance(payload, dict) else None
        self.counted_calls += 1
        self.calls.append(
            {
                "method": method,
                "ok": bool(answer.get("ok")),
                "error": answer.get("error"),
                "details": answer.get("response_metadata", {}).get("messages", []),
                "at": datetime.now(UTC).isoformat(),
                "channel": channel if isinstance(channel, str) else arguments.get("channel"),
                "ts": answer.get("ts") or answer.get("message_ts") or arguments.get("ts"),
                "key": key,
                "note": note,
            }
        )

    def ack(self, envelope_type: str, what: str, milliseconds: float) -> None:
        """Notes how long the app took to acknowledge something."""
        self.counted_acks += 1
        self.acks.append({"envelope_type": envelope_type, "what": what, "ms": round(milliseconds, 3)})

    def lose(self, envelope_type: str, what: str, reason: str) -> None:
        """Something the app never acknowledged."""
        self.lost.append({"envelope_type": envelope_type, "what": what, "reason": reason})

    def reset(self) -> None:
        """Forgets everything noted; the counts go on."""
        self.calls.clear()
        self.acks.clear()
        self.lost.clear()

    def report(self, calls_after: int = 0, acks_after: int = 0) -> dict[str, Any]:
        """Calls and acknowledgements numbered above the given ones, and the numbers to ask with next time."""
        return {
            "calls": _newest(self.calls, self.counted_calls - calls_after),
            "acks": _newest(self.acks, self.counted_acks - acks_after),
            "lost": list(self.lost),
            "counted_calls": self.counted_calls,
            "counted_acks": self.counted_acks,
        }


def _newest(rows: deque[Json], count: int) -> list[Json]:
    return list(rows)[-count:] if count > 0 else []
