"""What this process has shown last, so that a drawing that looks the same costs no call."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.platform import Page
from storage.messages.delivery import Claimed

MOST = 5000


@dataclass(frozen=True)
class _Last:
    drawing: int
    stamps: tuple[str, ...]
    looks: tuple[bytes, ...]


class Seen:
    """By key. Where another process has shown a later drawing, what was seen here says nothing any more."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, _Last] = OrderedDict()

    def note(self, claimed: Claimed, stamps: Sequence[str], pages: Sequence[Page]) -> None:
        """These pages lie there now, each under its ts."""
        if claimed.how != "show":
            return
        self._last[claimed.key] = _Last(claimed.drawing, tuple(stamps), tuple(map(_look, pages)))
        self._last.move_to_end(claimed.key)
        while len(self._last) > MOST:
            self._last.popitem(last=False)

    def same(self, claimed: Claimed, number: int, ts: str, page: Page) -> bool:
        """Whether this part of the message lies there already, just so."""
        last = self._last.get(claimed.key)
        if last is None or claimed.tried_before or last.drawing != claimed.shown or number > len(last.stamps):
            return False
        return last.stamps[number - 1] == ts and last.looks[number - 1] == _look(page)


def _look(page: Page) -> bytes:
    return hashlib.sha256(json.dumps(page, sort_keys=True, default=str).encode()).digest()
