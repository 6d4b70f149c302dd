"""Any form as a window carries it: what it shows, what it says first, the next step."""

from __future__ import annotations

from typing import Any

from handlers.turn import Answer, Ask, EventKind
from prompts_and_forms.card import Strong, Text
from tests.worlds.records_world import Room


def held(asked: Ask) -> dict[str, Any]:
    found = {field.key: field.value for field in asked.view.fields if field.value}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def said(asked: Ask) -> str:
    spans = [span for block in asked.view.intro if isinstance(block, Text) for span in block.spans]
    return "\n".join(span.text if isinstance(span, Strong) else str(span) for span in spans)


def submit(room: Room, who: str, asked: Ask, values: dict[str, Any]) -> Answer:
    values = {**held(asked), **values}
    return room.send(who, EventKind.SUBMIT, name=asked.view.form, args=dict(asked.view.args), values=values)


def step(room: Room, who: str, asked: Ask, to: str, values: dict[str, Any]) -> Ask:
    args = {**asked.view.args, "step": to}
    found = room.send(who, EventKind.CHANGE, name=asked.view.form, args=args, values={**held(asked), **values})
    return following(found)


def following(answer: Answer) -> Ask:
    assert isinstance(answer, Ask), answer
    return answer


def resumed(room: Room, who: str, asked: Ask) -> Ask:
    return following(room.press(who, "form.resume", draft=asked.view.args["draft"]))
