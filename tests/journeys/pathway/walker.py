"""Somebody's way through Slack, counted: each command, press and field that has to be filled is one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from handlers import render, routes
from handlers.turn import Answer, Ask, Done, Event, EventKind, Note
from prompts_and_forms.card import Button, Card
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.form import FormView
from storage.database.tables_machinery import OutboxMessage
from tests.journeys.pathway import story
from tests.worlds.in_memory import buttons_of
from tests.worlds.records_world import NINE_THIRTY, Room


@dataclass
class Counts:
    """What it took. `assessment` and `scores` are fields that only somebody with the paper can fill: counted apart."""

    commands: int = 0
    presses: int = 0
    fields: int = 0
    assessment: int = 0
    scores: int = 0

    @property
    def all(self) -> int:
        return self.commands + self.presses + self.fields

    def __str__(self) -> str:
        apart = f"; apart: {self.assessment} fields of the assessment, {self.scores} scores"
        return f"{self.all} ({self.commands} commands, {self.presses} presses, {self.fields} fields{apart})"


@dataclass
class Walk:
    """One family's work, each person in their own seat. A button is pressed where the person has it before them: on the
    newest answer they got, in their direct messages, and only else on the card a command shows.
    """

    room: Room
    ref: str
    counts: Counts = field(default_factory=Counts)
    before: dict[str, Card] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)
    steps: Counter[str] = field(default_factory=Counter)

    @property
    def family(self) -> str:
        return self.room.family(self.ref)

    def on_day(self, days: int) -> None:
        """It is that many days after the consultation, with that day's reminders in everybody's direct messages; nobody
        still has an earlier day's answer before them.
        """
        self.room.now = NINE_THIRTY + timedelta(days=days) - timedelta(hours=1)
        with self.room.db.write() as session:
            routes.handle(session, Event(id=f"day {days}", kind=EventKind.TICK, at=self.room.now), self.room.now)
        self.room.now += timedelta(hours=1)
        self.before.clear()

    # ---- looking and pressing

    def command(self, who: str, name: str, text: str = "") -> Answer:
        self.counts.commands += 1
        return self._seen(who, self.room.command(who, name, text))

    def press(self, who: str, action: str, command: str = "/work", **args: str) -> Answer:
        """Presses a button, after the command that shows it where the person does not have it before them."""
        button = self._find(who, action, args)
        if button is None:
            self.command(who, command, self.ref)
            button = self._find(who, action, args)
        assert button is not None, f"{who} is not offered {action} {args}"
        self.counts.presses += 1
        return self._seen(who, self.room.press(who, button.action, **button.args))

    def step(self, who: str, move: str, word: str = "") -> Answer:
        """A step of the pathway from its button, else with the word that opens it, else from the work's card."""
        if self._find(who, "work.move", {"move": move}) is None and word:
            return self.command(who, "/work", f"{word} {self.ref}")
        return self.press(who, "work.move", move=move)

    def _find(self, who: str, action: str, args: dict[str, str]) -> Button | None:
        cards = [*([self.before[who]] if who in self.before else []), *self._direct(who)]
        for shown in cards:
            for button in buttons_of(shown):
                about = button.args.get("family", self.family)
                if button.action == action and about == self.family and args.items() <= button.args.items():
                    return button
        return None

    def _direct(self, who: str) -> list[Card]:
        """What lies in somebody's direct messages, newest first."""
        with self.room.reading() as session:
            person = self.room.people[who]
            key = col(OutboxMessage.key)
            wanted = select(OutboxMessage.key).where(key.endswith(f":{person}") | key.startswith(f"person:{person}/"))
            keys = list(session.exec(wanted.order_by(col(OutboxMessage.made_at).desc())))
            found = (render.render(session, key, self.room.now) for key in keys)
            return [shown for shown in found if shown is not None]

    def _seen(self, who: str, answer: Answer) -> Answer:
        shown = answer.card if isinstance(answer, Note) else answer.note if isinstance(answer, Done) else None
        if shown is not None:
            self.before[who] = shown
        return answer

    # ---- filling forms in

    def fill(self, who: str, asked: Answer, /, **more: Any) -> Answer:
        """Fills a form in as the story goes (`more` on top) and saves it, with every step of a long one."""
        while isinstance(asked, Ask):
            form = asked.view.form
            answers = story.answers(self.room, form, self.ref) | more
            asked = self._one(who, asked.view, answers)
            if not isinstance(asked, Ask) or asked.view.form != form:
                break
        return self._seen(who, asked)

    def _one(self, who: str, view: FormView, answers: dict[str, Any]) -> Answer:
        flat = self.room._flat(who, Ask(view), answers)
        shown = {one.key: one for one in view.fields}
        hidden = set(flat) - set(shown)
        long = bool(load_form(view.form).sections)
        if hidden and not long:
            self.counts.presses += 1
        for key, value in flat.items():
            if long and key not in shown:
                continue
            held = _plain(shown[key].value) if key in shown else None
            if held != _plain(value):
                self._typed(view.form, key, held, answers)
        self._remember(view.form, answers)
        held_now = {one.key: one.value for one in view.fields if one.value not in (None, "", ())}
        typed = {key: value for key, value in flat.items() if key in shown or not long}
        self.counts.presses += 1
        return self.room.send(who, EventKind.SUBMIT, name=view.form, args=dict(view.args), values={**held_now, **typed})

    def _typed(self, form: str, key: str, held: Any, answers: dict[str, Any]) -> None:
        fact = story.fact(form, key, answers)
        if fact is None:
            self.unnamed.append(f"{form}: {key}")
        elif fact in self.told and not held:
            self.twice.append(f"{form}: {key} ({fact})")
        if form == "assessment":
            self.counts.assessment += 1
        elif fact == story.SCORE:
            self.counts.scores += 1
        else:
            self.counts.fields += 1
        self.steps[form] += 1

    def _remember(self, form: str, answers: dict[str, Any]) -> None:
        for key in answers:
            fact = story.fact(form, key, answers)
            if fact not in (None, story.OWN, story.SCORE):
                self.told[str(fact)] = form


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list | tuple) else value
