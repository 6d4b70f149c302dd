"""Reminders and meetings share what may be posted."""

from __future__ import annotations

from bot.platform import IN_ONE
from bot.sending.pacing import Pace, Places
from bot.slack.platform import RATES
from bot.teams.platform import RATES as ON_TEAMS
from storage.messages.outbox import MEETING, NUDGE, SAFETY

BURST = int(IN_ONE[0][0])
TEAMS_TAKES = ((7, 1), (8, 2), (60, 30), (1800, 3600))
"""Posts in one conversation within so many seconds."""


def nudge(pace: Pace, moment: float) -> None:
    pace.went(NUDGE, moment, new_post=True, in_channel=False)


def sent_in_a_minute(pace: Pace, meeting: float = 0.0) -> int:
    """How many reminders go out in a minute when one more always waits; `meeting`: seconds between its posts."""
    sent, next_post = 0, 1000.0
    for tenth in range(600):
        moment = 1000 + tenth / 10
        while meeting and moment >= next_post:
            pace.went(MEETING, moment, new_post=True, in_channel=True)
            next_post += meeting
        for _ in range(pace.nudges(moment)):
            nudge(pace, moment)
            sent += 1
    return sent


def test_without_a_meeting_reminders_take_all_that_slack_allows() -> None:
    assert RATES.a_minute - 1 <= sent_in_a_minute(Pace(RATES)) <= RATES.a_minute + RATES.burst


def test_with_a_meeting_reminders_take_at_most_half() -> None:
    assert RATES.a_minute / 2 - 5 <= sent_in_a_minute(Pace(RATES), meeting=5.0) <= RATES.a_minute / 2


def test_a_very_busy_meeting_leaves_nothing_for_reminders() -> None:
    assert sent_in_a_minute(Pace(RATES), meeting=0.9 / RATES.a_second) <= RATES.burst


def test_edits_of_a_message_take_nothing_from_reminders() -> None:
    pace = Pace(RATES)
    for _ in range(200):
        pace.went(MEETING, 1000, new_post=False, in_channel=False)
    assert pace.nudges(1000) == RATES.burst


def test_a_minute_after_the_last_message_a_meeting_is_over() -> None:
    pace = Pace(RATES)
    pace.went(SAFETY, 100, new_post=True, in_channel=True)
    nudge(pace, 100.1)
    assert pace.nudges(100.2) == 0
    assert 0 < pace.wait(100.2) < 1
    assert pace.nudges(160) > 1
    assert pace.wait(160) == 0


def test_an_answer_to_one_person_is_no_meeting() -> None:
    pace = Pace(RATES)
    pace.went(MEETING, 100, new_post=True, in_channel=False)
    nudge(pace, 100)
    assert pace.nudges(100) > 1


def test_when_slack_asks_to_wait_reminders_wait_and_then_go_slowly() -> None:
    pace = Pace(RATES)
    pace.refused(1000, 7)
    assert pace.nudges(1006.9) == 0
    assert pace.wait(1000) == 7
    assert pace.nudges(1007) == 1
    nudge(pace, 1007)
    assert pace.nudges(1007.1) == 0
    assert pace.nudges(1008) == 1


def posted_in(places: Places, begin: float, seconds: float) -> int:
    """How many posts go out in a channel where one more always waits."""
    return sum(places.post("C1", begin + tenth / 10) == 0 for tenth in range(round(seconds * 10)))


def test_a_channel_takes_a_burst_and_then_one_post_a_second() -> None:
    places = Places()
    assert posted_in(places, 100, 0.1) == 1
    assert posted_in(places, 100.1, 20) == BURST - 1 + 20
    assert places.full(120.1) == ("C1",)
    assert places.post("C2", 120.1) == 0


def test_after_a_pause_there_is_a_burst_again() -> None:
    places = Places()
    posted_in(places, 100, 30)
    assert places.full(130 + BURST) == ()
    assert posted_in(places, 130 + BURST, 0.8) == BURST


def test_where_slack_refuses_a_post_the_burst_is_smaller_for_ten_minutes() -> None:
    places = Places()
    posted_in(places, 100, 0.8)
    places.refused("C1", 101, 5)
    assert posted_in(places, 101, 5) == 0
    assert posted_in(places, 120, 0.4) == BURST / 2
    assert posted_in(places, 120.4, 0.4) == 0
    assert posted_in(places, 800, 0.8) == BURST


def test_contacts_are_posted_in_a_full_channel_too() -> None:
    places = Places()
    posted_in(places, 100, 3)
    assert places.post("C1", 103, at_once=True) == 0
    assert places.full(103.9) == ("C1",)


def test_on_teams_a_conversation_never_gets_more_than_teams_takes() -> None:
    places, at = Places(ON_TEAMS.in_one), 1000.0
    posted: list[float] = []
    while at < 1000 + 2 * 3600:
        wait = places.post("C1", at)
        posted += [] if wait else [at]
        at += max(wait, 0.001)
        if 200 < len(posted) < 205:
            at += 30
    for most, seconds in TEAMS_TAKES:
        assert all(later - first >= seconds for first, later in zip(posted, posted[most:], strict=False)), most
    assert len(posted) > 1800


def test_where_teams_takes_not_even_edits_they_wait_as_long() -> None:
    places = Places(ON_TEAMS.in_one)
    places.refused("C1", 100, 7)
    assert places.still("C1", 100) == 0
    places.refused("C1", 100, 7, edits=True)
    assert (places.still("C1", 102), places.still("C1", 108), places.still("C2", 102)) == (5, 0, 0)
