"""The script: safety first, every stage on its way to the next."""

from __future__ import annotations

import pytest

from prompts_and_forms.forms.catalogue import form_ids, load_form
from prompts_and_forms.meeting import script


@pytest.mark.parametrize("kind", ["full", "light"])
def test_safety_comes_before_anything_about_the_family(kind: str) -> None:
    ids = [stage.id for stage in script.stages(kind)]
    assert ids[:2] == ["open", "safety"] if kind == "full" else ids[0] == "l_safety"


@pytest.mark.parametrize("kind", ["full", "light"])
def test_stages_follow_one_another_both_ways(kind: str) -> None:
    ids = [stage.id for stage in script.stages(kind)]
    walked = [ids[0]]
    while (after := script.following(kind, walked[-1])) is not None:
        before = script.previous(kind, after.id)
        assert before is not None
        assert before.id == walked[-1]
        walked.append(after.id)
    assert walked == ids
    assert script.previous(kind, ids[0]) is None


@pytest.mark.parametrize(("length", "minutes"), [(15, 15), (20, 20), (25, 25)])
def test_the_stages_of_a_full_discussion_fill_its_minutes(length: int, minutes: int) -> None:
    assert sum(stage.planned(length) for stage in script.stages("full")) == minutes


def test_a_light_discussion_takes_five_minutes() -> None:
    assert sum(stage.planned() for stage in script.stages("light")) == 5


def test_a_length_between_is_planned_like_the_nearest_one() -> None:
    assert script.stage("full", "hypotheses").planned(24) == 5


@pytest.mark.parametrize("kind", ["full", "light"])
def test_every_form_a_stage_offers_exists(kind: str) -> None:
    for stage in script.stages(kind):
        assert {stage.form, *stage.also} <= set(form_ids())


def test_a_switch_goes_on_with_the_same_matter() -> None:
    assert script.counterpart("full", "l_voice").id == "voices"
    assert script.counterpart("light", "close").id == "l_next"
    assert script.counterpart("light", "hypotheses").id == "l_changed"


def test_the_look_back_asks_the_lines_of_the_script() -> None:
    asked = [(question.id, question.label) for question in load_form("quality_check").questions[:-1]]
    assert asked == [(check.id, check.question) for check in script.quality_check()]


def test_a_stage_of_the_other_kind_is_not_found() -> None:
    with pytest.raises(KeyError):
        script.stage("light", "hypotheses")
