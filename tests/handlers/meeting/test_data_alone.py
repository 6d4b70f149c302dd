"""Two of the changes on the map are data: a stage more in the script, and a remark more, need no line of program."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers import remarks
from handlers.turn import Event, EventKind, Turn
from prompts_and_forms import yaml_lines
from prompts_and_forms.meeting import remark_rules, script
from storage.database.tables import Person, Unit
from tests.worlds.discussion_world import Meeting, text_of

STAGE = """\
  - id: strengths
    name: What holds
    purpose: Name what is already working.
    prompts: [Who was the first to notice that something went well?]
    leaves: [what holds]
    rule: One thing each.
    minutes: {"15": 1, "20": 1, "25": 1}
    form: null
    record: What holds
    needs: conversation
    also: []

"""
REMARK = """
  kettle:
    when: a test says so
    to: thread
    often: discussion
    sentence: This is a good moment to put the kettle on.
"""


def with_more(file: Path, folder: Path, more: str, before: str = "") -> Path:
    """A copy of a file with something more in it."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    longer = text.replace(before, more + before, 1) if before else text.rstrip() + "\n" + more
    assert yaml_lines.load(file)
    path = folder / file.name
    path.write_text(longer, encoding="utf-8")
    return path


def test_a_stage_more_is_met_in_its_place_with_its_prompts(
    meeting: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = script.read_script(with_more(script.FILE, tmp_path, STAGE, before="  - id: changed\n"))
    monkeypatch.setattr(script, "load", lambda: longer)
    talk = meeting.start("K3107C")
    meeting.go_to(talk, "strengths")
    shown = text_of(meeting.stage_card(talk))
    assert "What holds" in shown
    assert "Who was the first to notice" in shown
    meeting.on("devan", talk)
    assert meeting.discussion(talk).stage == "changed"


def test_a_remark_more_is_made_once_and_shown_in_the_thread(
    meeting: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = remark_rules.read_remarks(with_more(remark_rules.FILE, tmp_path, REMARK))
    monkeypatch.setattr(remark_rules, "load", lambda: more)
    talk = meeting.start("K3107C")
    for _ in range(2):
        with meeting.db.write() as session:
            event = Event(id=meeting.stamp(), kind=EventKind.BUTTON, at=meeting.now)
            person = session.get(Person, meeting.people["devan"])
            turn = Turn(session, event, meeting.now, person, session.get(Unit, meeting.unit.unit_id))
            remarks.give(turn, "kettle", unit_id=meeting.unit.unit_id, discussion_id=talk)
    assert text_of(meeting.stage_card(talk)).count("put the kettle on") == 1
