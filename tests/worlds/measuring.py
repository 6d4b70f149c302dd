"""Questionnaires entered for a family, and its permission to share."""

from __future__ import annotations

from typing import Any

from handlers.turn import Answer
from storage.database.tables import Family
from storage.family import families
from tests.worlds.records_world import Room

SCORES = {"emotional": 4, "conduct": 3, "hyperactivity": 5, "peer": 0, "prosocial": 8, "impact": 2}


def sdq(room: Room, **more: Any) -> dict[str, Any]:
    said = {
        "child": "K3107C-1",
        "version": "parent_4_17",
        "informant": "AD",
        "completed": room.day(-1),
        "point": "end",
        **SCORES,
        **more,
    }
    return {key: value for key, value in said.items() if value is not None}


def enter(
    room: Room, answers: dict[str, Any], form: str = "measure_sdq", who: str = "tomasz", ref: str = "K3107C"
) -> Answer:
    asked = room.press(who, "form.open", minutes=2, form=form, family=room.family(ref))
    return room.hand_in(who, asked, answers)


def permission(room: Room, ref: str, **said: Any) -> None:
    with room.db.write() as session:
        family = session.get_one(Family, room.family(ref))
        known = families.body(session, family)
        families.keep_body(session, family, known.model_copy(update={"permission": said}))


TIMES = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
SHIFT = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def code_is_sound(code_: str) -> bool:
    """Whether the last digit checks (Verhoeff), as in every SNOMED CT identifier."""
    if not code_.isascii() or not code_.isdigit() or not 6 <= len(code_) <= 18:
        return False
    check = 0
    for place, letter in enumerate(reversed(code_)):
        digit = int(letter)
        for _ in range(place % 8):
            digit = SHIFT[digit]
        check = TIMES[check][digit]
    return check == 0
