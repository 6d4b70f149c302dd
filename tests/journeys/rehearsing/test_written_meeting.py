"""The sample's written meeting is played through the real connection, on both platforms: every word is kept."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.practice.rehearsal.rehearse import Outcome, rehearse
from bot.settings import TEAMS
from tests.worlds.practised import both_units

ADDRESSES = frozenset({"channel", "chat_user", "ts", "board_ts", "about", "stop"})
"""What only the chat platform has names for, in an export."""
ID, MOMENT = re.compile(r"[0-9a-f]{32}"), re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")


@pytest.fixture(scope="module")
def on_slack(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The sample's written meeting, played once for all that look at it."""
    folder = tmp_path_factory.mktemp("on_slack")
    return asyncio.run(rehearse(both_units()[0], folder, f"sqlite:///{folder}/unit.db"))


def test_every_word_of_the_written_meeting_is_kept_and_can_be_written_out(on_slack: Outcome) -> None:
    kestrel, outcome = both_units()[0], on_slack
    assert outcome.faults == []
    assert outcome.figures["calls refused"] == "0"
    written = kestrel.transcript
    assert written is not None
    refs = [talk["family"] for talk in written["discussions"]]
    held = [d for d in outcome.export["discussions"] if d["family"] in refs and _has_words(d)]
    assert sorted(d["family"] for d in held) == sorted(refs)
    kept = _strings(outcome.export)
    lost = [turn["id"] for turn in _said(written) if _clean(turn["text"]) not in kept]
    assert lost == []


async def test_the_same_meeting_on_teams_leaves_the_same_record(on_slack: Outcome, tmp_path: Path) -> None:
    outcome = await rehearse(both_units()[0], tmp_path, f"sqlite:///{tmp_path}/unit.db", platform=TEAMS)
    assert outcome.faults == []
    assert outcome.figures["calls refused"] == "0"
    assert _bare(outcome.export) == _bare(on_slack.export)


def _bare(value: Any, key: str = "") -> Any:
    """An export of what stands, without ids, moments and addresses, its rows in an order that hangs on none of them.

    A form that was written anew is left out: on Teams a yes is taken before what was heard is asked, and that follows.
    """
    if isinstance(value, dict):
        return {name: _bare(one, name) for name, one in value.items()}
    if isinstance(value, list):
        standing = [one for one in value if not (isinstance(one, dict) and one.get("replaced_by"))]
        return sorted((_bare(one, key) for one in standing), key=lambda one: json.dumps(one, sort_keys=True))
    if isinstance(value, str):
        return "address" if key in ADDRESSES else MOMENT.sub("moment", ID.sub("id", value))
    return value


# ---- small parts


def _has_words(discussion: Mapping[str, Any]) -> bool:
    return bool(discussion.get("contributions") or discussion.get("notes"))


def _said(written: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every typed turn whose words are to be kept."""
    turns = [t for talk in written["discussions"] for t in talk["turns"]]
    turns += [*written.get("opening", []), *written.get("closing", [])]
    gone = {"privacy_block", "refuse_author_left", "ignore_empty", "ignore_duplicate"}
    return [t for t in turns if t["act"] == "say" and not gone & {e["code"] for e in t.get("expect", [])}]


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _strings(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {text for one in value.values() for text in _strings(one)}
    if isinstance(value, list):
        return {text for one in value for text in _strings(one)}
    return {value} if isinstance(value, str) else set()
