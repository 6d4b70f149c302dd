"""The whole clinical pathway of one family by seat, counted: commands, presses and fields. Nothing is asked twice."""

from __future__ import annotations

import pytest

from handlers.turn import Ask, Done
from prompts_and_forms.forms.catalogue import load_form
from storage.clinical import episodes
from storage.database.db import Database
from tests.journeys.pathway import story
from tests.journeys.pathway.walker import Counts, Walk
from tests.worlds.records_world import Room

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
    walk.fill("ngozi", walk.step("ngozi", "confirm"))
    walk.fill("pippa", walk.step("pippa", "book"))
    walk.on_day(story.MET)
    asked = walk.fill("tomasz", walk.step("tomasz", "commission"))
    if not isinstance(asked, Ask):
        asked = walk.press("tomasz", "form.open", form="permission_to_share")
    walk.fill("tomasz", asked)
    walk.on_day(story.MET + 2)
    questionnaires(walk, "start", story.MET + 1)
    walk.on_day(story.MET + 7)
    walk.fill("tomasz", walk.step("tomasz", "assess"))
    walk.press("tomasz", "form.sign", role="clinician")
    walk.press("ngozi", "form.read", command="/forms")
    walk.press("ngozi", "form.sign", role="clinical_manager")
    walk.fill("tomasz", walk.press("tomasz", "agreement.new"))
    walk.press("tomasz", "agreement.confirm", side="clinical")
    walk.press("orla", "agreement.confirm", side="social_work")


def questionnaires(walk: Walk, point: str, on: int) -> None:
    """All that are planned for this point, each from its paper."""
    day = walk.room.day(on)
    for form, version, informant, scores in (
        ("measure_sdq", "parent_4_17", "WE", SDQ),
        ("measure_sdq", "teacher_4_17", "class teacher", SDQ),
        ("measure_chi_esq", "parent", "WE", CHI),
    ):
        if form == "measure_chi_esq" and point == "start":
            continue
        asked = walk.press("tomasz", "form.open", "/measure", form=form, version=version, point=point)
        known = {"child": story.CHILD, "version": version, "informant": informant, "completed": day, "point": point}
        done = walk.fill("tomasz", asked, **known, **scores)
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
    walk.fill("tomasz", walk.press("tomasz", "work.move", move="finish"), closed_on=room.day(on + 14))
    assert state(walk) == "ended"


@pytest.fixture
def walked(db: Database) -> tuple[Walk, Counts]:
    walk = Walk(Room(db), REF)
    to_an_active_agreement(walk)
    so_far = walk.counts
    walk.counts = Counts()
    to_closing(walk)
    return walk, so_far


def test_a_clinician_does_the_pathway_in_half_of_what_it_took(walked: tuple[Walk, Counts]) -> None:
    """It took 70 to an active agreement and 83 from there to closing; the assessment's own fields and scores apart."""
    walk, so_far = walked
    print(f"\nconsultation to an active agreement: {so_far}\non to closing: {walk.counts}")
    assert so_far.all <= 46
    assert walk.counts.all <= 47
    assert so_far.assessment <= 42


def test_nothing_is_asked_that_an_earlier_form_says(walked: tuple[Walk, Counts]) -> None:
    walk, _so_far = walked
    assert walk.twice == []
    assert walk.unnamed == []


def test_the_story_names_only_questions_there_are() -> None:
    named = {(form, question) for form, facts in story.FACTS.items() for question in facts}
    assert {one for one in named if one[1] not in {question.id for question in load_form(one[0]).questions}} == set()
