"""The way of one family by seat, from the first consultation to closing."""

from __future__ import annotations

from handlers.turn import Ask, Done, Note
from storage.clinical import episodes
from tests.journeys.pathway import story
from tests.journeys.pathway.walker import Walk

REF = "K5640F"
"""New to the unit: one child at school, his mother, no clinical work yet."""
SDQ = {"emotional": 6, "conduct": 2, "hyperactivity": 4, "peer": 3, "prosocial": 8, "impact": 2}
CHI = {f"item_{number}": "most" for number in range(1, 13)}


def state(walk: Walk) -> str:
    with walk.room.reading() as session:
        found = episodes.current(session, walk.family)
        return found.state if found else ""


def to_an_active_agreement(walk: Walk) -> None:
    walk.fill("tomasz", walk.step("tomasz", "consult", "consultation"))
    walk.on_day(1)
    assert isinstance(walk.press("ngozi", "work.move", move="confirm", now="yes"), Note)
    walk.fill("pippa", walk.step("pippa", "book"))
    walk.on_day(story.MET)
    asked = walk.fill("tomasz", walk.step("tomasz", "commission"))
    if not isinstance(asked, Ask):
        asked = walk.press("tomasz", "form.open", form="permission_to_share")
    walk.fill("tomasz", asked)
    walk.on_day(story.MET + 2)
    questionnaires(walk, "start", story.MET + 1)
    walk.on_day(story.MET + 7)
    walk.fill("tomasz", walk.step("tomasz", "assess", "assessment"))
    walk.press("tomasz", "form.sign", role="clinician")
    walk.press("ngozi", "form.read", command="/forms")
    walk.press("ngozi", "form.sign", role="clinical_manager")
    walk.fill("tomasz", walk.press("tomasz", "agreement.new"))
    walk.press("orla", "agreement.confirm", side="social_work")


def questionnaires(walk: Walk, point: str, on: int) -> None:
    """All that are planned for this point, from their papers: the two SDQs in one form, at the end the CHI-ESQ."""
    day = walk.room.day(on)
    informants = (("parent_4_17", "WE"), ("teacher_4_17", "class teacher"))
    rows = [{"version": version, "informant": who, **SDQ} for version, who in informants]
    asked = walk.press("tomasz", "form.open", "/measure", form="measure_sdqs", point=point)
    done = walk.fill("tomasz", asked, child=story.CHILD, completed=day, point=point, results=rows)
    assert isinstance(done, Done), done
    if point == "end":
        asked = walk.press("tomasz", "form.open", "/measure", form="measure_chi_esq", version="parent", point=point)
        known = {"child": story.CHILD, "version": "parent", "informant": "WE", "completed": day, "point": point}
        done = walk.fill("tomasz", asked, **known, **CHI)
        assert isinstance(done, Done), done


def to_closing(walk: Walk) -> None:
    room = walk.room
    for number in range(6):
        on = story.FIRST_SESSION + 7 * number
        walk.on_day(on)
        more = {
            "date": room.day(on),
            "who": [story.MOTHER, story.CHILD],
            "by": [room.people["tomasz"]],
            "method": "family_therapy",
            "themes": ["parenting"],
            "note": f"Session {number + 1}: the evening, minute by minute.",
        }
        if number < 5:
            more["next_session"] = room.day(on + 7)
        done = walk.fill("tomasz", walk.step("tomasz", "session", "session"), **more)
        assert isinstance(done, Done), done
    assert state(walk) == "review_due"
    walk.on_day(on + 7)
    today = room.day(on + 7)
    asked = walk.fill("tomasz", walk.step("tomasz", "review", "review"), date=today)
    walk.fill("tomasz", asked if isinstance(asked, Ask) else walk.step("tomasz", "close"), date=today)
    walk.on_day(on + 14)
    questionnaires(walk, "end", on + 13)
    assert isinstance(walk.press("tomasz", "work.move", move="finish", now="yes"), Note)
    assert state(walk) == "ended"
