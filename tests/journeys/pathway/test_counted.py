"""The whole clinical pathway of one family by seat, counted: commands, presses and fields. Nothing is asked twice."""

from __future__ import annotations

from prompts_and_forms.forms.catalogue import load_form
from storage.database.db import Database
from tests.journeys.pathway import story
from tests.journeys.pathway.walker import Counts, Walk
from tests.journeys.pathway.way import REF, to_an_active_agreement, to_closing
from tests.worlds.records_world import Room


def test_a_clinician_does_the_pathway_in_half_of_what_it_took_and_is_asked_nothing_twice(db: Database) -> None:
    """It took 70 to an active agreement and 83 from there to closing; the assessment's own fields and scores apart."""
    walk = Walk(Room(db), REF)
    to_an_active_agreement(walk)
    so_far, walk.counts = walk.counts, Counts()
    to_closing(walk)
    print(f"\nconsultation to an active agreement: {so_far}\non to closing: {walk.counts}")
    assert so_far.all <= 36
    assert walk.counts.all <= 41
    assert so_far.assessment <= 42
    assert walk.twice == []
    assert walk.unnamed == []


def test_the_story_names_only_questions_there_are() -> None:
    named = {(form, question) for form, facts in story.FACTS.items() for question in facts}
    assert {one for one in named if one[1] not in _asked(one[0])} == set()


def _asked(form: str) -> set[str]:
    questions = load_form(form).questions
    return {one.id for question in questions for one in (question, *question.questions)}
