"""A council's own names for roles and categories: in every sentence and form, and never in what people typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.manifest import COMMANDS
from prompts_and_forms import own_names
from prompts_and_forms.own_names import TERMS, OwnNames, read
from tests.worlds.command_line import CLEAN

ROOT = Path(__file__).parents[2]
OWN = OwnNames(
    {"child in need": "family help", "social worker": "early help worker", "clinician": "therapist", "lead worker": "x"}
)
GOOD = """names:
  child in need: family help
  social worker: family help lead practitioner
  clinician: therapist
  Lead worker: lead practitioner
"""
ASKS = """
import json, sys
from pathlib import Path
from prompts_and_forms import own_names
from prompts_and_forms.decisions import wording as early
faults = own_names.use(Path(sys.argv[1]), "swu-")
from prompts_and_forms.clinical import pathway
from prompts_and_forms.decisions import wording as decisions
from prompts_and_forms.family import wording as family
from prompts_and_forms.forms import catalogue
from prompts_and_forms.imports import cells
from prompts_and_forms.unit import wording as unit
catalogue.use(Path(sys.argv[1]))
options = next(q for q in catalogue.load_form("unit_member").questions if q.id == "roles").options
moves = pathway.load().moves.values()
print(json.dumps({
    "faults": [one.problem for one in faults],
    "category": unit.category_words("child_in_need"),
    "roles": unit.roles_words(["social_worker", "clinician", "consultant_social_worker"]),
    "sentence": decisions.NOT_SOCIAL_WORK,
    "lead": family.LEAD_WORKER,
    "help": unit.UNIT_HELP[0],
    "options": {one.value: one.label for one in options},
    "moves": sorted({move.who for move in moves}),
    "codes": sorted({code for move in moves for code in move.roles}),
    "csv": [cells.category("Family help"), cells.category("child in need")],
}))
"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a process says that was started with names of its own."""
    folder = tmp_path_factory.mktemp("wording")
    (folder / "names.yaml").write_text(GOOD, "utf-8")
    command = [sys.executable, "-c", ASKS, str(folder)]
    around = CLEAN | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_sentences_forms_and_lists_speak_the_council_s_names(spoken: dict[str, object]) -> None:
    assert spoken["faults"] == []
    assert spoken["category"] == "family help"
    assert spoken["roles"] == "family help lead practitioner, therapist, consultant social worker"
    assert "a family help lead practitioner or the unit lead" in str(spoken["sentence"])
    assert spoken["lead"] == "Lead practitioner"
    assert str(spoken["help"]).startswith("/swu-unit shows the unit")
    assert spoken["options"]["social_worker"] == "Family help lead practitioner"  # type: ignore[index]
    assert any("therapist" in who for who in spoken["moves"])  # type: ignore[attr-defined]


def test_codes_stay_and_a_list_is_read_with_either_name(spoken: dict[str, object]) -> None:
    assert "clinician" in spoken["codes"]  # type: ignore[operator]
    assert "therapist" not in spoken["codes"]  # type: ignore[operator]
    assert spoken["csv"] == ["child_in_need", "child_in_need"]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("A social worker rang.", "An early help worker rang."),
        ("The consultant social worker agrees.", "The consultant social worker agrees."),
        ("Two social workers, a child in need plan", "Two early help workers, a family help plan"),
        ("The clinician's view", "The therapist's view"),
        ("A complex child in need", "A complex child in need"),
        ("social_worker", "social_worker"),
        ("antisocial workers", "antisocial workers"),
    ],
)
def test_a_name_fits_into_the_sentence_it_stands_in(said: str, named: str) -> None:
    assert OWN.in_words(said) == named


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Type /meeting there.", "Type /swu-meeting there."),
        ("(/unit members)", "(/swu-unit members)"),
        ("“/family add”", "“/swu-family add”"),
        ("https://example.org/unit and and/or, a/family/b", "https://example.org/unit and and/or, a/family/b"),
        ("/everything", "/everything"),
    ],
)
def test_a_command_is_named_as_it_has_to_be_typed(said: str, named: str) -> None:
    assert OwnNames(prefix="swu-").in_words(said) == named


def test_every_command_of_the_app_is_known_here() -> None:
    assert sorted(own_names.COMMANDS) == sorted(name for name, _words, _hint in COMMANDS)


@given(st.text())
def test_without_names_nothing_changes(text: str) -> None:
    assert OwnNames().in_words(text) == text


@given(st.sampled_from(TERMS), st.text(alphabet="bcdf ", min_size=1, max_size=20).filter(str.strip))
def test_every_name_can_be_changed_and_nothing_else_is(term: str, name: str) -> None:
    own = OwnNames({term: name})
    assert own.in_words(f"before {term} after") == f"before {name} after"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("names:\n  child in ned: family help\n", "no name that can be changed"),
        ("names:\n  child in need: ''\n", "has no words"),
        ("names:\n  child in need: '{ref}'\n", "without brackets"),
        ("names:\n  child in need: " + "x" * 61 + "\n", "at most 60"),
        ("child in need: family help\n", "names:"),
        ("names: [one]\n", "names:"),
        ("names:\n\t- x\n", "tab"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing_and_says_why(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "names.yaml").write_text(text, "utf-8")
    own, faults = read(tmp_path)
    assert own == OwnNames()
    assert problem in faults[0].problem
