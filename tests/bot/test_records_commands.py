"""`unitbot backup`, `restore` and `verify`, as the IT officer types them."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.settings import new_key
from tests.worlds.command_line import unitbot


def modes(folder: Path) -> dict[str, str]:
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in folder.iterdir() if path.is_file()}


def test_a_database_is_backed_up_brought_back_and_looked_through(tmp_path: Path) -> None:
    key, safe = new_key(), tmp_path / "safe"
    safe.mkdir()
    url, other = f"sqlite:///{tmp_path / 'unit.db'}", f"sqlite:///{tmp_path / 'back.db'}"
    assert unitbot(tmp_path, "db", "upgrade", DATABASE_URL=url).returncode == 0
    made = unitbot(tmp_path, "backup", str(safe), DATABASE_URL=url, UNITBOT_KEY=key)
    assert made.returncode == 0, made.stderr
    assert "The key is not in it" in made.stdout
    file, keys = sorted(safe.iterdir())
    assert keys.name == "unitbot.keys"
    over = unitbot(tmp_path, "restore", str(file), DATABASE_URL=url, UNITBOT_KEY=key)
    assert over.returncode == 1
    assert "Nothing was changed" in over.stderr
    back = unitbot(tmp_path, "restore", str(file), DATABASE_URL=other, UNITBOT_KEY=key)
    assert back.returncode == 0, back.stderr
    assert "What was recorded after that is not in it" in back.stdout
    looked = unitbot(tmp_path, "verify", DATABASE_URL=other, UNITBOT_KEY=key)
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "WRONG" not in looked.stdout
    assert set(modes(tmp_path).values()) == {"0o600"}, modes(tmp_path)
    assert set(modes(safe).values()) == {"0o600"}


def test_a_file_others_may_read_is_for_its_owner_alone_once_it_was_opened(tmp_path: Path) -> None:
    url, key = f"sqlite:///{tmp_path / 'unit.db'}", new_key()
    assert unitbot(tmp_path, "db", "upgrade", DATABASE_URL=url).returncode == 0
    (tmp_path / "unit.db").chmod(0o644)
    assert unitbot(tmp_path, "verify", DATABASE_URL=url, UNITBOT_KEY=key).returncode == 0
    assert modes(tmp_path)["unit.db"] == "0o600"
