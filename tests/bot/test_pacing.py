"""Reminders and meetings share what may be posted."""

from __future__ import annotations

from bot.slack.pacing import POSTS_A_MINUTE, NudgePace
from storage.outbox import MEETING, NUDGE, SAFETY


def sent_in_a_minute(pace: NudgePace, meeting: bool) -> int:
    """How many reminders go out in a minute when one more always waits."""
    sent = 0
    for tenth in range(600):
        moment = 1000 + tenth / 10
        if meeting and tenth % 50 == 0:
            pace.went(MEETING, moment, in_channel=True)
        if pace.may_go(moment):
            pace.went(NUDGE, moment, in_channel=False)
            sent += 1
    return sent


def test_without_a_meeting_nothing_holds_reminders_back() -> None:
    assert sent_in_a_minute(NudgePace(), meeting=False) == 600


def test_with_a_meeting_reminders_take_at_most_half() -> None:
    assert 0 < sent_in_a_minute(NudgePace(), meeting=True) <= POSTS_A_MINUTE / 2


def test_a_minute_after_the_last_message_a_meeting_is_over() -> None:
    pace = NudgePace()
    pace.went(SAFETY, 100, in_channel=True)
    pace.went(NUDGE, 100.1, in_channel=False)
    assert not pace.may_go(100.2)
    assert pace.may_go(160)


def test_an_answer_to_one_person_is_no_meeting() -> None:
    pace = NudgePace()
    pace.went(MEETING, 100, in_channel=False)
    pace.went(NUDGE, 100, in_channel=False)
    assert pace.may_go(100)
