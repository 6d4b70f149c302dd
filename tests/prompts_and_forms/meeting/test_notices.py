"""Notes are read for a few things only."""

from __future__ import annotations

import pytest

from prompts_and_forms.meeting.notices import (
    mentions_suicide,
    reads_like_an_idea,
)


@pytest.mark.parametrize(
    "text",
    [
        "Perhaps the more TD does in the morning, the more people tell AD how lucky she is to have him.",
        "Maybe it is because nobody has asked him that he stays away from every meeting.",
        "I wonder if the rows start when everyone is hungry and keep going because we ring then.",
        "And perhaps we visit at the worst hour, which keeps it going.",
    ],
)
def test_a_tentative_idea_reads_like_one(text: str) -> None:
    assert reads_like_an_idea(text)


@pytest.mark.parametrize(
    "text",
    [
        "School says TD was late twice in the last two weeks.",
        "Perhaps we could ring school before the next visit and ask how it goes?",
        "Maybe next week.",
        "She said perhaps she would come, and then she did come to the door.",
        "",
    ],
)
def test_news_and_proposals_do_not(text: str) -> None:
    assert not reads_like_an_idea(text)


@pytest.mark.parametrize(
    "text",
    [
        "She said she wants to die.",
        "He wished he was dead",
        "talks about ending her life",
        "She took an overdose last night",
        "I don't want to be here anymore",
        "suicidal thoughts",
        "he said he'd kill himself",
        "they would be better off without me",
    ],
)
def test_words_about_suicide_are_noticed(text: str) -> None:
    assert mentions_suicide(text)


@pytest.mark.parametrize(
    "text", ["Her grandfather died last year.", "He wants to be here.", "She thought the plan was dead."]
)
def test_other_words_about_death_are_left_alone(text: str) -> None:
    assert not mentions_suicide(text)
