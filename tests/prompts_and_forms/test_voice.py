"""Everything people read is in the bot's voice (docs/voice.md): plain words, nothing of the old dialect."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
DIALECT = re.compile(
    r"\b(?:is|are|was|were|be) kept\b|\bKept[:.,]|\bput right\b|\bPut right\b|\bset down\b|\bSet down\b"
    r"|\bhanded in\b|\bHanded in\b|\b[Hh]olds it\b|\bHeld by\b|\bsomebody first says\b|\bis to be (?:done|carried)\b"
)
FORMS = ROOT / "prompts_and_forms" / "forms" / "files"
"""A form's words change with its next version only, so that what was answered stays beside what was asked."""
IN_FORMS = re.compile(
    DIALECT.pattern + r"|\bkept\b|\b(?:is|are) to be\b|\bholds\b|\bWho (?:holds|writes)\b|\b[Ww]rites:"
    r"|\b[Ww]here (?:it|they|do they|an idea) stands?\b|\bstands? (?:on|here|below|beside)\b"
)
"""In forms a little more: what people read there is a question, and short."""
DATA = ("meeting/remarks.yaml", "meeting/scripts/unit_meeting.yaml", "nudges/nudges.yaml", "clinical/pathway.yaml")


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """The one-line texts in a file of code; what explains the code to its readers is left out."""
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type == tokenize.STRING and '"""' not in token.string:
            yield token.start[0], token.string


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in ("when", "often", "id"):
                yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("room", ["prompts_and_forms", "handlers"])
def test_no_sentence_in_code_speaks_the_old_dialect(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for line, text in strings(path)
        if DIALECT.search(text)
    ]
    assert found == []


@pytest.mark.parametrize("name", DATA)
def test_no_sentence_in_data_speaks_the_old_dialect(name: str) -> None:
    data = YAML(typ="safe").load((ROOT / "prompts_and_forms" / name).read_text("utf-8"))
    assert [text for text in texts(data) if DIALECT.search(text)] == []


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_form_speaks_the_old_dialect(path: Path) -> None:
    data = YAML(typ="safe").load(path.read_text("utf-8"))
    assert [text for text in texts(data) if IN_FORMS.search(text)] == []


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", [one for one in PAGES if one.name != "voice.md"], ids=lambda path: path.stem)
def test_no_page_speaks_the_old_dialect(path: Path) -> None:
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    assert [f"{number}: {line}" for number, line in lines if DIALECT.search(line)] == []


def test_the_page_of_the_voice_has_forty_pairs() -> None:
    rows = [line for line in (ROOT / "docs" / "voice.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) - 1 >= 40


@pytest.mark.parametrize("said", ["It is kept.", "Kept: an idea", "Please put right", "was handed in", "Who holds it"])
def test_the_dialect_is_known_when_it_is_heard(said: str) -> None:
    assert DIALECT.search(said)
