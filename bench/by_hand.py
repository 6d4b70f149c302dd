"""What the hand has to do, counted by the tests that play it: clicks, forms, pixels, screens, messages, Tabs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.report import Row, Rows

TESTS = (
    "tests/journeys/test_in_the_browser.py",
    "tests/journeys/starting/test_setting_up.py",
    "tests/handlers/meeting/test_rules_1_to_5.py",
    "tests/handlers/meeting/test_rule_12_afterwards.py",
    "tests/browser/test_reach.py",
)
WANTED = "rule_5 or rule_6 or every_form or grows or clicks_and_2 or four_controls or fifteen or tabs"
ROOT = Path(__file__).parents[1]


def measure(rows: Rows, folder: Path) -> None:
    """Plays those tests; each figure they count is a row. Raises RuntimeError where they do not pass."""
    file = folder / "by-hand.jsonl"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", WANTED]
    done = subprocess.run(
        [*command, *TESTS], cwd=ROOT, env=os.environ | {"UNITBOT_FIGURES": str(file)}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:])
    for line in file.read_text("utf-8").splitlines():
        one = json.loads(line)
        reached = one["value"] <= one["most"]
        words = f"at most {one['most']:g}"
        rows.found.append(Row(one["name"], one["value"], one["unit"], expected=words, reached=reached))
