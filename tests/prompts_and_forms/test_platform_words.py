"""On another platform than Slack every sentence speaks of what its people type and see, and typed text stays."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from prompts_and_forms import platform_words
from prompts_and_forms.meeting.wording import trouble_words
from prompts_and_forms.own_names import OwnNames
from tests.worlds.command_line import CLEAN

ROOT = Path(__file__).parents[2]
ON_TEAMS = OwnNames(platform=platform_words.TEAMS)
ASKS = """
import importlib, json, pkgutil
import prompts_and_forms
from prompts_and_forms import own_names, platform_words
own_names.use(None, "", platform_words.TEAMS)
from prompts_and_forms.forms import catalogue
catalogue.use(None)

def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)

def spoken(module):
    for name, value in vars(module).items():
        if name.startswith("__"):
            continue
        code = getattr(value, "__code__", None)
        for text in texts(code.co_consts if code else value):
            if text != value.__doc__:
                yield text

said = [catalogue.load_form(form_id).intro for form_id in catalogue.form_ids()]
for one in pkgutil.walk_packages(prompts_and_forms.__path__, "prompts_and_forms."):
    if one.name.endswith(own_names.SPEAKING):
        said += spoken(importlib.import_module(one.name))
print(json.dumps([text for text in said if " " in text]))
"""
SLACKS = re.compile(r"Slack|Home tab|pinned|private channel|direct message|(?<![\w/.])/(unit|meeting|family|nudges)\b")


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("The next one opens with /meeting.", "The next one opens with @Unit Meeting Bot meeting."),
        (
            "Make a private channel for your unit, invite me and your colleagues, and type /unit there.",
            "Make a private team for your unit, add me and your colleagues, and type @Unit Meeting Bot unit there.",
        ),
        ("Your Home tab shows it.", "Your home card shows it."),
        ("The board is pinned in the unit's channel.", "The board is in the unit's channel."),
        ("https://example.org/unit", "https://example.org/unit"),
    ],
)
def test_people_read_what_they_type_and_see(said: str, named: str) -> None:
    assert ON_TEAMS.in_words(said) == named
    assert OwnNames().in_words(said) == said


def test_no_sentence_speaks_of_slack_or_of_what_teams_has_not() -> None:
    around = CLEAN | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", ASKS], env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert len(said) > 1000
    assert any("@Unit Meeting Bot unit" in sentence for sentence in said)
    assert [sentence for sentence in said if SLACKS.search(sentence)] == []


@pytest.mark.parametrize("code", ["public_team", "foreign_tenant"])
def test_a_channel_where_nothing_is_posted_says_why(code: str) -> None:
    assert trouble_words(code) != trouble_words("anything else")
    assert "nothing" in trouble_words(code)
