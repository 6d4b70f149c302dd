"""The unit's clock, and the settings the bot starts from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Clock, move_clock
from bot.settings import SettingsTrouble, new_key, read_settings, read_storage_settings

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "UNITBOT_KEY": new_key()}
MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_without_a_file_the_clock_is_the_machines() -> None:
    assert Clock().at(MOMENT) == MOMENT


def test_a_moved_clock_is_noticed_by_who_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    clock = Clock(file)
    assert clock.at(MOMENT) == MOMENT
    move_clock(file, timedelta(days=7))
    assert clock.at(MOMENT) == MOMENT + timedelta(days=7)
    move_clock(file, timedelta(hours=-1))
    assert clock.at(MOMENT) == MOMENT - timedelta(hours=1)


def test_a_damaged_clock_file_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    move_clock(file, timedelta(hours=2))
    clock = Clock(file)
    assert clock.at(MOMENT) == MOMENT + timedelta(hours=2)
    file.write_text("{", "utf-8")
    assert clock.at(MOMENT) == MOMENT + timedelta(hours=2)


def test_every_missing_setting_is_named_in_one_message() -> None:
    with pytest.raises(SettingsTrouble) as trouble:
        read_settings({})
    words = str(trouble.value)
    assert all(name in words for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "UNITBOT_KEY"))


def test_a_setting_of_the_wrong_kind_is_named() -> None:
    wrong = GOOD | {"SLACK_BOT_TOKEN": "xapp-1", "UNITBOT_KEY": "short", "SLACK_API_URL": "slack", "LOG_LEVEL": "loud"}
    with pytest.raises(SettingsTrouble) as trouble:
        read_settings(wrong)
    assert [fault.partition(":")[0] for fault in trouble.value.faults] == [
        "UNITBOT_KEY",
        "LOG_LEVEL",
        "SLACK_BOT_TOKEN",
        "SLACK_API_URL",
    ]


def test_what_is_not_set_has_a_default() -> None:
    settings = read_settings(GOOD)
    assert settings.api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///var/unitbot.db"
    assert len(settings.key) == 32


def test_the_database_alone_needs_no_tokens() -> None:
    assert read_storage_settings({"UNITBOT_KEY": GOOD["UNITBOT_KEY"]}).log_level == "INFO"
