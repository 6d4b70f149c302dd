"""The sample unit's written meeting, turn by turn, through the door for events."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.practice.rehearsal.written import Names, answers
from handlers.turn import Done, Window
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.meeting import script
from storage.database.db import Database
from storage.database.tables import Action, Agreement, Hypothesis
from tests.worlds.discussion_world import Meeting
from tests.worlds.in_memory import text_of
from tests.worlds.records_world import NINE_THIRTY, TODAY
from tests.worlds.sample import SAMPLE

MADE = {"hypothesis": Hypothesis, "contract": Agreement, "action": Action}


class Play:
    def __init__(self, db: Database) -> None:
        self.room = Meeting(db)
        self.written = YAML(typ="safe").load(SAMPLE.read_text())["transcript"]
        unit = self.room.unit
        self.names = Names(
            TODAY, NINE_THIRTY, unit.people, unit.families, unit.hypotheses, unit.agreements, unit.actions
        )
        self.talks: dict[str, str] = {}
        self.ts: dict[str, str] = {}
        self.missed: list[str] = []

    def run(self) -> None:
        turns = [(talk, turn) for talk in self.written["discussions"] for turn in talk["turns"]]
        for talk, turn in sorted(turns, key=lambda pair: pair[1]["minute"]):
            self.play(talk, turn)
        for talk in self.written["discussions"]:
            if self.room.state(self.talks[talk["family"]]) == "open":
                self.room.finish("orla", self.talks[talk["family"]])

    def play(self, talk: dict[str, Any], turn: dict[str, Any]) -> None:
        family = talk["family"]
        if family not in self.talks:
            self.talks[family] = self.room.start(family, talk["kind"])
        discussion = self.talks[family]
        before = len(self.room.every_remark())
        if turn["act"] not in ("edit", "delete") and self.room.state(discussion) == "open":
            self.to_stage(discussion, turn["stage"])
        getattr(self, f"_{turn['act']}")(discussion, turn)
        given = {remark.code for remark in self.room.every_remark()[before:]} | set(self.room.codes(discussion))
        self.missed += [
            f"{turn['id']}: {expected['code']}"
            for expected in turn.get("expect", [])
            if expected["code"] not in given and expected["code"] != "keep_edit_history"
        ]

    def to_stage(self, discussion: str, stage: str) -> None:
        while (found := self.room.discussion(discussion)).stage != stage:
            order = [s.id for s in script.stages(found.kind)]
            if order.index(stage) < order.index(found.stage):
                self.room.step("devan", "stage.back", discussion)
            else:
                self.room.on("devan", discussion)

    def _say(self, discussion: str, turn: dict[str, Any]) -> None:
        self.ts[turn["id"]] = self.room.type(turn["who"], discussion, turn["text"], minutes=0.1)

    def _edit(self, discussion: str, turn: dict[str, Any]) -> None:
        self.room.edit(turn["who"], self.ts[turn["of"]], turn["text"])

    def _delete(self, discussion: str, turn: dict[str, Any]) -> None:
        self.room.delete(turn["who"], self.ts[turn["of"]])

    def _move(self, discussion: str, turn: dict[str, Any]) -> None:
        asked = self.room.shortcut(turn["who"], "move_note", self.ts[turn["of"]])
        assert isinstance(self.room.hand_in(turn["who"], asked, {"to_stage": turn["to_stage"]}), Done)

    def _record(self, discussion: str, turn: dict[str, Any]) -> None:
        given = answers(load_form(turn["form"]), turn["data"], self.names)
        if turn["form"] == "stop":
            given["after"] = "not_today"
        answer = self.room.record(turn["who"], turn["form"], discussion, given)
        assert isinstance(answer, Done | Window), (turn["id"], answer)
        self.remember(turn["form"], turn["data"], discussion)

    def remember(self, form: str, data: dict[str, Any], discussion: str) -> None:
        rows = [(form, data)] if "key" in data else [("action", row) for row in data.get("new", [])]
        for kind, row in rows:
            known = {"hypothesis": self.names.hypotheses, "contract": self.names.agreements}.get(
                kind, self.names.actions
            )
            with self.room.reading() as session:
                from sqlmodel import select

                made = session.exec(select(MADE[kind]).where(MADE[kind].discussion_id == discussion))
                known[row["key"]] = next(m.id for m in made if m.id not in known.values())

    def _confirm(self, discussion: str, turn: dict[str, Any]) -> None:
        self.room.type(turn["who"], discussion, turn["text"])
        self.room.finish(turn["who"], discussion)
        assert self.room.state(discussion) == "read_back"
        self.room.press(turn["who"], "discussion.confirm", discussion=discussion)


@pytest.fixture
def play(db: Database) -> Play:
    played = Play(db)
    played.run()
    return played


def test_the_written_meeting_plays_through(play: Play) -> None:
    assert play.missed == []
    states = {ref: play.room.state(discussion) for ref, discussion in play.talks.items()}
    assert states == {
        "K3107C": "closed",
        "K5052R": "awaiting",
        "K4419D": "awaiting",
        "K1936E": "awaiting",
        "K2284H": "closed",
    }
    stopped = play.room.discussion(play.talks["K5052R"])
    assert (stopped.after_stop, stopped.next_kind) == ("not_today", "full")
    said = {turn["text"] for talk in play.written["discussions"] for turn in talk["turns"] if turn["act"] == "say"}
    kept = {text for discussion in play.talks.values() for text in play.room.kept(discussion)}
    not_kept = {text for text in said if text not in kept}
    assert {text[:30] for text in not_kept} == {
        "AD never gets up for the child",
        "Housing officer says the damp ",
        "Putting this here so I don't l",
    }


def test_every_message_of_the_written_meeting_can_be_drawn(play: Play) -> None:
    for key in play.room.messages(""):
        if not key.startswith(("pin:", "again:")):
            assert text_of(play.room.card(key)), key
