"""An assessment a step at a time, signed and corrected; supervision; what lies on the tracking form."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.turn import Answer, Ask, Done, EventKind
from prompts_and_forms.card import Card
from storage.clinical import tracking
from storage.clinical.tracking import Asked
from storage.database.bodies import TrackingBody
from storage.database.tables import Entry
from storage.database.tables_clinical import TrackingEntry
from tests.worlds.records_world import Room

FORM = "assessment"
STEPS = 4


FRONT = {"children": ["K2770L-1"], "reason": "FL is low and on her own at night."}


def begin(room: Room) -> Ask:
    asked = room.press("tomasz", "form.open", form=FORM, family=room.family("K2770L"))
    assert isinstance(asked, Ask)
    return asked


def front(room: Room) -> dict[str, Any]:
    return {**FRONT, "clinician": room.people["tomasz"]}


def submit(room: Room, asked: Ask, values: dict[str, Any]) -> Answer:
    """Hands a step in as a window carries it: what it shows, and what is typed now."""
    return room.send(
        "tomasz", EventKind.SUBMIT, name=FORM, args=dict(asked.view.args), values={**held(asked), **values}
    )


def step(room: Room, asked: Ask, to: str, values: dict[str, Any]) -> Ask:
    args = {**asked.view.args, "step": to}
    answer = room.send("tomasz", EventKind.CHANGE, name=FORM, args=args, values={**held(asked), **values})
    assert isinstance(answer, Ask)
    return answer


def held(asked: Ask) -> dict[str, Any]:
    found = {field.key: field.value for field in asked.view.fields if field.value}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}


def following(answer: Answer) -> Ask:
    assert isinstance(answer, Ask), answer
    return answer


def resumed(room: Room, asked: Ask) -> Ask:
    return following(room.press("tomasz", "form.resume", draft=asked.view.args["draft"]))


def to_the_end(room: Room, asked: Ask) -> Ask:
    """To the last step, only with what is needed."""
    asked = following(submit(room, asked, front(room)))
    for _ in range(STEPS - 2):
        asked = following(submit(room, asked, {}))
    return step(room, asked, "save", {"formulation": "It hangs together so."})


def written(room: Room) -> tuple[Entry, Card]:
    """An assessment to the end, read through but not signed."""
    done = submit(room, to_the_end(room, begin(room)), {"assessed_on": room.day(-1)})
    assert isinstance(done, Done)
    assert done.note is not None
    return room.entries("assessment")[-1], done.note


def sign(room: Room, who: str, entry: Entry, role: str) -> Answer:
    return room.press(who, "form.sign", entry=entry.id, role=role)


def signed(room: Room) -> Entry:
    entry, _card = written(room)
    sign(room, "tomasz", entry, "clinician")
    sign(room, "ngozi", entry, "clinical_manager")
    return entry


def corrected(room: Room, entry: Entry, reason: str, formulation: str) -> Entry:
    asked = room.press("tomasz", "form.correct", entry=entry.id)
    window = following(room.hand_in("tomasz", asked, {"reason": reason}))
    for _ in range(STEPS - 1):
        window = following(submit(room, window, {}))
    assert isinstance(submit(room, window, {"formulation": formulation}), Done)
    return room.entries("assessment")[-1]


def correcting(room: Room, entry: Entry, formulation: str) -> Ask:
    """A correction at its last step, not handed in yet."""
    asked = room.press("tomasz", "form.correct", entry=entry.id)
    window = following(room.hand_in("tomasz", asked, {"reason": "A word."}))
    for _ in range(STEPS - 1):
        window = following(submit(room, window, {}))
    return step(room, window, "save", {"formulation": formulation})


ACTIONS = {"actions": [{"what": "Ask about the MFQ"}]}


def recorded(room: Room) -> Entry:
    asked = room.press("ngozi", "supervision.record", unit=room.unit.unit_id)
    assert isinstance(room.hand_in("ngozi", asked, {"talked": "Two families.", **ACTIONS}), Done)
    return room.entries("supervision_record")[-1]


def lines(room: Room, since: int = 0) -> list[tuple[TrackingEntry, TrackingBody]]:
    """What was written from that day on."""
    first = date.fromisoformat(room.day(since))
    asked = Asked(room.unit.unit_id, first, date.fromisoformat(room.day(60)))
    with room.reading() as session:
        return [(one, tracking.body(session, one)) for one in tracking.lines(session, asked)]


def kinds(room: Room) -> list[str]:
    return [one.kind for one, _body in lines(room)]
