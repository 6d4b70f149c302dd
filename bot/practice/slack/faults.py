"""Trouble to order: what the practice workspace should do wrong next, as Slack sometimes does."""

from dataclasses import dataclass, field
from typing import Any

from bot.practice.slack.limits import Json
from bot.practice.slack.refusal import SeatRefusal

_NAMES = (
    "ratelimit",
    "errors",
    "drop_replies",
    "slow",
    "redeliver_events",
    "down",
    "shut_out",
    "errors_after",
    "refuse_blocks",
    "blocks_over",
    "used_up",
    "wait_at_least",
)


@dataclass
class Faults:
    """Each is by method name (`response_url` is one too); `*` means every method of the Web API.

    ratelimit: how many calls answer 429, and the seconds they are told to wait. errors: codes to answer, one a call
    (`http_500` is a server fault). errors_after: the same, though the work was done.
    drop_replies: the work is done, the connection closes without a reply.
    slow: seconds an answer takes. redeliver_events: how many more times each event arrives. down: nothing answers.
    shut_out: the code every call with the bot's token is answered with.
    refuse_blocks: kinds of block Slack does not take, each with its code, for as long as it is ordered. blocks_over:
    characters of text in the blocks of one message above which it is refused (Slack publishes no number).
    used_up: methods whose calls for this minute count as made already. wait_at_least: seconds a call over the rate of
    its method is told to wait. Both matter only where the workspace holds the app to its rates.
    """

    ratelimit: dict[str, dict[str, float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    drop_replies: dict[str, int] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    redeliver_events: int = 0
    down: bool = False
    shut_out: str = ""
    errors_after: dict[str, list[str]] = field(default_factory=dict)
    refuse_blocks: dict[str, str] = field(default_factory=dict)
    blocks_over: int = 0
    used_up: list[str] = field(default_factory=list)
    wait_at_least: dict[str, int] = field(default_factory=dict)

    def order(self, wanted: Json) -> None:
        """Sets the named faults and leaves the others; `{"clear": true}` first takes all of them away."""
        unknown = wanted.keys() - {*_NAMES, "clear"}
        if unknown:
            raise SeatRefusal("unknown_fault", f"There is no fault called {', '.join(sorted(unknown))}.")
        if wanted.get("clear"):
            self.__init__()  # type: ignore[misc]
        if "ratelimit" in wanted:
            self.ratelimit = _ratelimits(wanted["ratelimit"] or {})
        for name in ("errors", "drop_replies", "slow", "errors_after", "refuse_blocks", "wait_at_least"):
            if name in wanted:
                setattr(self, name, dict(wanted[name] or {}))
        self.used_up = [str(name) for name in wanted.get("used_up", self.used_up)]
        self.redeliver_events = int(wanted.get("redeliver_events", self.redeliver_events))
        self.down = bool(wanted.get("down", self.down))
        self.shut_out = str(wanted.get("shut_out", self.shut_out))
        self.blocks_over = int(wanted.get("blocks_over", self.blocks_over))

    def as_json(self) -> Json:
        """The trouble that is ordered now."""
        return {name: getattr(self, name) for name in _NAMES}

    def retry_after(self, method: str) -> int | None:
        """Seconds to wait when this call is to be rate limited; counts it."""
        for name in (method, "*"):
            limit = self.ratelimit.get(name)
            if limit and limit["count"] > 0:
                limit["count"] -= 1
                return max(1, round(limit["retry_after"]))
        return None

    def error(self, method: str, *others: str) -> str | None:
        """The code this call is to be refused with, by its own name or one of the others; takes it off the list."""
        for name in (method, *others):
            if self.errors.get(name):
                return self.errors[name].pop(0)
        return None

    def error_after(self, method: str) -> str | None:
        """The code this call is answered with though it did its work; takes it off the list."""
        return self.errors_after[method].pop(0) if self.errors_after.get(method) else None

    def error_of_blocks(self, blocks: Any) -> str | None:
        """The code a message or view with these blocks is refused with."""
        given = [block for block in blocks or () if isinstance(block, dict)]
        refused = next(
            (self.refuse_blocks[str(b.get("type"))] for b in given if b.get("type") in self.refuse_blocks), ""
        )
        if refused:
            return refused
        return "msg_blocks_too_long" if self.blocks_over and text_in(given) > self.blocks_over else None

    def drops_reply(self, method: str) -> bool:
        """Whether the answer to this call is to be lost; each one ordered is used once."""
        for name in (method, "*"):
            if self.drop_replies.get(name, 0) > 0:
                self.drop_replies[name] -= 1
                return True
        return False

    def delay(self, method: str) -> float:
        """Seconds an answer of this method takes."""
        return float(self.slow.get(method, self.slow.get("*", 0)))


def _ratelimits(wanted: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Both `{method: {count, retry_after}}` and `{method: count, retry_after: seconds}` are understood."""
    wait = float(wanted.get("retry_after", 1))
    limits = {}
    for method, value in wanted.items():
        if isinstance(value, dict):
            limits[method] = {
                "count": float(value.get("count", 1)),
                "retry_after": float(value.get("retry_after", wait)),
            }
        elif method != "retry_after":
            limits[method] = {"count": float(value), "retry_after": wait}
    return limits


def text_in(part: Any) -> int:
    """Characters of text in a block or several, labels of menus and buttons among them."""
    if isinstance(part, list):
        return sum(map(text_in, part))
    if not isinstance(part, dict):
        return 0
    return sum(
        len(value) if name == "text" and isinstance(value, str) else text_in(value) for name, value in part.items()
    )
