"""The machine is lost in the middle of a meeting; a backup from some minutes before is brought back."""

from __future__ import annotations

from pathlib import Path

from storage.backup import backup
from storage.backup.verify import verify
from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.practised import KEY, Room, words


async def told(meeting: Room) -> list[str]:
    every = [words(message) for message in await meeting.direct("pippa")]
    return [text for text in every if "from a backup of" in text]


async def test_what_was_typed_since_is_read_again_and_what_is_missing_is_said(meeting: Room, tmp_path: Path) -> None:
    before = await meeting.start("K4419D", "light")
    await meeting.seat("devan").type(meeting.channel, "Typed before the backup.", meeting.thread(before))
    await meeting.settle()
    backup.write(meeting.db, tmp_path / "one.backup")
    await meeting.seat("devan").type(meeting.channel, "Typed after it.", meeting.thread(before))
    await meeting.settle()
    await meeting.start("K3107C", "light")
    await meeting.settle()

    assert meeting.service is not None
    await meeting.service.stop()
    meeting.db.close()
    url = f"sqlite:///{tmp_path / 'back.db'}"
    backup.restore(url, tmp_path / "one.backup", Vault(KEY))
    meeting.db = Database.open(url, Vault(KEY))
    await meeting.connect()
    await meeting.until(lambda: told(meeting))
    await meeting.settle()

    assert meeting.kept(before) == ["Typed before the backup.", "Typed after it."]
    (said,) = await told(meeting)
    assert "of mine in your channel" in said
    assert [one.words for one in verify(meeting.db) if one.good is False] == []
    await meeting.restart()
    assert len(await told(meeting)) == 1
