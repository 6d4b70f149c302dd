"""The written meeting of the practice unit fits the forms: every record in it is read back whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.engine import flatten, read
from prompts_and_forms.forms.form import FormContext
from tests.worlds.any_answers import TODAY, choices

FILE = Path(__file__).parents[3] / "bot" / "practice" / "kestrel_unit.yaml"
UNIT = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
NOT_ASKED = {"key", "from", "status:contract"}
"""Names the file gives its new things, and what the bot knows by itself."""

DISCUSSIONS = UNIT["transcript"]["discussions"]
LOOK_BACK = {"family": None, "turns": UNIT["transcript"]["closing"]}
RECORDS = [(d["family"], t) for d in (*DISCUSSIONS, LOOK_BACK) for t in d["turns"] if t.get("act") == "record"]


def known(ref: str | None) -> FormContext:
    family: dict[str, Any] = next((f for f in UNIT["families"] if f["ref"] == ref), {})

    def of(kind: str) -> Any:
        return choices(*((row["id"], row["id"]) for row in UNIT[kind] if row["family"] == ref))

    return FormContext(
        today=TODAY,
        people=choices(*((member["id"], member["name"]) for member in UNIT["members"])),
        children=choices(*((child["key"], child["initials"]) for child in family.get("children", []))),
        carers=choices(*((carer["key"], carer["initials"]) for carer in family.get("carers", []))),
        outcomes=choices(*((outcome["id"], outcome["text"]) for outcome in family.get("plan_outcomes", []))),
        open_actions=of("actions"),
        hypotheses=of("hypotheses"),
        agreements=(*of("contracts"), *choices(("c11", "new today"))),
    )


def as_asked(value: Any, form: str) -> Any:
    """A record of the file as the form asks it: days as dates, minutes as times, nothing that was not answered."""
    if isinstance(value, list):
        return [as_asked(one, form) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"days"}:
        return (TODAY + timedelta(days=value["days"])).isoformat()
    row: dict[str, Any] = {}
    for name, one in value.items():
        if one in (None, "", []) or name in NOT_ASKED or f"{name}:{form}" in NOT_ASKED:
            continue
        if name == "days":
            row["date"] = as_asked({"days": one}, form)
        elif name == "minute":
            row["time"] = f"{9 + one // 60:02d}:{one % 60:02d}"
        else:
            row[name] = as_asked(one, form)
    return row


@pytest.mark.parametrize(("ref", "turn"), RECORDS, ids=[f"{t['id']} {t['form']}" for _, t in RECORDS])
def test_every_record_of_the_written_meeting_is_read_back_whole(ref: str | None, turn: dict[str, Any]) -> None:
    form, context = load_form(turn["form"]), known(ref)
    kept = as_asked(turn["data"], turn["form"])
    flat, _ = flatten(form, context, kept)
    assert read(form, context, flat) == (kept, {})
