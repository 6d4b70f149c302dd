"""/unit scores: how scores are shown and what is printed on documents, with who chose it and when."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Ask, Done, Note, Turn, Wrong
from handlers.unit import people as unit_people
from prompts_and_forms.card import Button, Buttons, Card, Facts, Heading, card
from prompts_and_forms.days import day_words
from prompts_and_forms.documents.wording import marking
from prompts_and_forms.measures import catalogue, mfq
from prompts_and_forms.unit import choices_wording
from storage.database.tables import Unit
from storage.database.tables_machinery import Draft
from storage.unit import people, units

MARKING_LIMIT = 60
NUMBERS = {"yes": True, "no": False, "unknown": None}
Chosen = dict[str, Any]


def chosen(unit: Unit) -> Chosen:
    """What counts in this unit now, the usual where nothing was chosen."""
    own = unit.settings.get("mfq_cut_offs") or {}
    return {
        "sdq_bands": "3band" if unit.settings.get("sdq_bands") == "3band" else "4band",
        "mfq_cut_offs": {version: mfq.cut_off(version, own) for version in choices_wording.FORMS},
        "chi_highest_is_best": unit.settings.get("chi_highest_is_best"),
        "marking": str(unit.settings.get("marking") or ""),
    }


def choices_card(turn: Turn, unit: Unit) -> Card:
    """Everything chosen, who chose it and when; for those who may, the button that changes it."""
    now = chosen(unit)
    said = {
        "sdq_bands": choices_wording.BANDS[now["sdq_bands"]],
        "mfq_cut_offs": choices_wording.cut_offs_words(now["mfq_cut_offs"]),
        "chi_highest_is_best": choices_wording.NUMBERS[now["chi_highest_is_best"]],
        "marking": marking(now["marking"], fictional=False),
    }
    rows = tuple(
        (choices_wording.NAMES[name], f"{said[name]} ({_by(turn, unit, name)})") for name in choices_wording.NAMES
    )
    buttons = Button(action="unit.choices_change", label=choices_wording.CHANGE, args={"unit": unit.id})
    may = people.may_arrange(unit, turn.membership)
    blocks = (Heading(text=f"{choices_wording.TITLE}: {unit.name}"), Facts(rows=rows))
    return card(choices_wording.TITLE, *blocks, *((Buttons(items=(buttons,)),) if may else ()))


def _by(turn: Turn, unit: Unit, name: str) -> str:
    found = (unit.settings.get("chosen_by") or {}).get(name)
    if not found:
        return choices_wording.USUAL
    return choices_wording.changed_words(
        people.name_of(turn.session, found["by"]), day_words.in_full(date.fromisoformat(found["on"]))
    )


@button("unit.choices", opens=True)
def show(turn: Turn) -> Answer:
    """How the unit reads its questionnaires."""
    return Note(choices_card(turn, turn.here()))


@button("unit.choices_change", opens=True)
def change(turn: Turn) -> Answer:
    """The form of how the unit reads its questionnaires."""
    return ask_choices(turn)


def ask_choices(turn: Turn) -> Ask:
    """The form of how the unit reads its questionnaires, for those who may arrange the unit."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    now = chosen(unit)
    number = next(code for code, value in NUMBERS.items() if value is now["chi_highest_is_best"])
    known = {**now, **now["mfq_cut_offs"], "chi_highest_is_best": number}
    del known["mfq_cut_offs"]
    return ask(turn, "unit_choices", unit_id=unit.id, answers={k: v for k, v in known.items() if v not in (None, "")})


@submits("unit_choices")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves how the unit reads its questionnaires, with who chose what and when."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    if wrong := _faults(answers):
        return Wrong(wrong)
    before = chosen(unit)
    now: Chosen = {
        "sdq_bands": answers["sdq_bands"],
        "mfq_cut_offs": {
            version: usual if answers.get(version) is None else answers[version]
            for version, usual in mfq.USUAL_CUT_OFFS.items()
        },
        "chi_highest_is_best": NUMBERS[answers["chi_highest_is_best"]],
        "marking": str(answers.get("marking") or "").strip(),
    }
    who = {"by": turn.actor().id, "on": turn.today(unit).isoformat()}
    fresh = {name: who for name in choices_wording.NAMES if now[name] != before[name]}
    if fresh:
        changed = {name: now[name] for name in fresh}
        units.choose(turn.session, unit, **changed, chosen_by={**(unit.settings.get("chosen_by") or {}), **fresh})
    return Done(choices_card(turn, unit))


def _faults(answers: dict[str, Any]) -> dict[str, str]:
    known = catalogue.get("MFQ")
    wrong: dict[str, str] = {}
    for version in choices_wording.FORMS:
        most, least = known.most(version, "total") or 0, answers.get(version)
        if least is not None and not 1 <= least <= most:
            wrong[version] = choices_wording.OUT_OF_RANGE.format(most=int(most))
    line = str(answers.get("marking") or "").strip()
    if len(line) > MARKING_LIMIT or "\n" in line:
        wrong["marking"] = choices_wording.MARKING_LONG.format(most=MARKING_LIMIT)
    return wrong
