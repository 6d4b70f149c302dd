"""Whatever people press, in whatever order: a stopped discussion never moves, and stopping is always possible."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from storage.database.db import Database
from storage.database.vault import Vault
from tests.worlds.discussion_world import Meeting

WHO = st.sampled_from(["orla", "devan", "marisol", "pippa", "tomasz", "ngozi"])
MOVES = ("stage.next", "stage.go_on", "stage.back", "discussion.switch", "discussion.park", "discussion.resume")
END = ("discussion.finish", "discussion.finish_anyway", "discussion.reopen", "discussion.confirm")


@pytest.mark.parametrize("kind", ["full", "light"])
def test_the_stop_rule_holds_whatever_is_pressed(kind: str, opened_meeting: tuple[Path, Meeting], vault: Vault) -> None:
    path, opened = opened_meeting
    counter = itertools.count()

    class Presses(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.folder = Path(tempfile.mkdtemp())
            shutil.copy(path, self.folder / "unit.db")
            self.db = Database.open(f"sqlite:///{self.folder / 'unit.db'}", vault)
            self.meeting = opened.copied(self.db)
            self.talk = self.meeting.start("K5052R", kind)
            self.other = self.meeting.start("K3107C", "full")
            self.at_stop: tuple[str, int] | None = None
            self.told = False

        def teardown(self) -> None:
            self.db.close()
            shutil.rmtree(self.folder)

        def note_stop(self) -> None:
            found = self.meeting.discussion(self.talk)
            if found.state == "stopped" and self.at_stop is None:
                self.at_stop, self.told = (found.stage, found.stage_no), False

        @rule(who=WHO, action=st.sampled_from(MOVES + END))
        def press(self, who: str, action: str) -> None:
            self.meeting.step(who, action, self.talk)

        @rule(who=WHO)
        def say_something(self, who: str) -> None:
            words = f"note {next(counter)}"
            self.meeting.type(who, self.talk, words)
            assert words in self.meeting.kept(self.talk)

        @rule(who=WHO)
        def set_next_date(self, who: str) -> None:
            self.meeting.set_next(who, self.talk, days=7)
            if self.at_stop and self.told:
                assert self.meeting.state(self.talk) in ("awaiting", "closed")
                self.at_stop = None

        @rule(who=WHO)
        def raise_concern(self, who: str) -> None:
            self.meeting.press(who, "discussion.concern", discussion=self.talk)
            assert self.meeting.state(self.talk) == "stopped"
            self.note_stop()

        @precondition(lambda self: self.at_stop is not None)
        @rule(who=WHO)
        def go_on(self, who: str) -> None:
            self.meeting.press(who, "stop.go_on", discussion=self.talk)
            if self.told:
                assert self.meeting.state(self.talk) != "stopped"
                self.at_stop = None

        @precondition(lambda self: self.at_stop is not None)
        @rule(who=WHO)
        def say_who_was_told(self, who: str) -> None:
            row = {"outside": f"duty manager {next(counter)}", "time": "10:04"}
            self.meeting.record(who, "stop", self.talk, {"told": [row]})
            self.told = True

        @invariant()
        def a_stopped_discussion_stays_where_it_was(self) -> None:
            found = self.meeting.discussion(self.talk)
            if self.at_stop is not None:
                assert found.state == "stopped"
                assert (found.stage, found.stage_no) == self.at_stop

        @invariant()
        def the_other_family_is_untouched(self) -> None:
            assert self.meeting.discussion(self.other).stage_no == 1

        @invariant()
        def finished_means_a_next_date_and_confirmed_means_the_lead(self) -> None:
            found = self.meeting.discussion(self.talk)
            if found.state in ("awaiting", "closed", "read_back"):
                assert found.next_on is not None
            if found.state == "closed":
                assert found.confirmed_by_id in (self.meeting.people["orla"], self.meeting.people["devan"])

    run_state_machine_as_test(
        Presses,
        settings=settings(
            max_examples=6, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
