"""What the README and the docs point to is there, and every command, file and setting they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.slack.manifest import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]*)?\)")
HEADING = re.compile(r"^#+ (.*)$", re.M)


def anchors(page: Path) -> set[str]:
    """The places a link can lead to within a page, as they are commonly named."""
    words = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(page.read_text("utf-8")))
    return {title.strip().replace(" ", "-") for title in words}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for path, anchor in LINK.findall(page.read_text("utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        if anchor:
            assert anchor[1:] in anchors(target), (path, anchor)


@pytest.mark.parametrize("name", NAMES)
def test_every_command_a_page_names_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    ours = set(getattr(get_command(app), "commands"))  # noqa: B009
    assert set(re.findall(r"`(?:[\w./\\]*/)?unitbot ([a-z]+)", text)) - ours == set()
    slash = {word for word, _words, _hint in COMMANDS}
    named = set(re.findall(r"`/([a-z]+)(?: [^`/]*)?`", text))
    assert named - slash - {"invite", "healthz", "metrics"} == set()
