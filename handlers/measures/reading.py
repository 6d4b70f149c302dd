"""What each questionnaire's form says: scores with their faults, before anything is saved. No database here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from prompts_and_forms.measures import catalogue, chi_esq, goals, mfq, outcome_rating, rcads, sdq
from prompts_and_forms.measures import wording as measures_wording

Answers = dict[str, Any]


@dataclass
class Result:
    """What a form says. `faults`: a sentence for each field that cannot be saved as it is."""

    measure: str
    form: str
    scores: dict[str, Decimal | None] = field(default_factory=dict)
    incomplete: bool = False
    answers: dict[str, str | int | None] = field(default_factory=dict)
    goals: dict[str, str] = field(default_factory=dict)
    own_words: list[str] = field(default_factory=list)
    alert: str = ""
    faults: dict[str, str] = field(default_factory=dict)


def read(form_id: str, answers: Answers) -> Result:
    """The result on a form, checked: ranges, sums, and that something was scored at all."""
    result = READERS[form_id](answers, str(answers.get("version") or ""))
    shown = {name: value for name, value in result.scores.items() if name in answers or name not in DERIVED}
    result.faults |= {
        _field(form_id, scale): sentence
        for scale, sentence in catalogue.score_faults(result.measure, result.form, shown).items()
    }
    nothing = not any(value is not None for value in result.scores.values()) and not result.answers
    if nothing and not result.faults and not result.alert:
        result.faults[FIRST_FIELD[form_id]] = measures_wording.NOTHING_SCORED
    return result


DERIVED = frozenset({"externalising", "internalising", "anxiety"})


def _field(form_id: str, scale: str) -> str:
    return FIRST_FIELD[form_id] if form_id == "measure_sdq_items" else scale


def _sdq(answers: Answers, version: str) -> Result:
    scores = sdq.entered({name: answers.get(name) for name in sdq.SCALES}, impact_incomplete=_yes(answers))
    result = Result("SDQ", version, _decimals(scores.as_dict()), incomplete=scores.impact_incomplete)
    if fault := sdq.total_fault(scores, answers.get("total")):
        result.faults["total"] = fault
    return result


def _yes(answers: Answers) -> bool:
    return bool(answers.get("impact_incomplete"))


def _sdq_items(answers: Answers, version: str) -> Result:
    known = catalogue.get("SDQ").version(version)
    items = {n: answers.get(f"i{n}") for n in range(1, 26)}
    names = ("overall", *sdq.IMPACT_ITEMS["parent"])
    impact = sdq.Impact(**{name: answers.get(name) for name in names})
    scores = sdq.score(items, known.informant if known else "", impact)
    given = {key: value for key, value in answers.items() if (key in names or _is_item(key)) and value is not None}
    return Result("SDQ", version, _decimals(scores.as_dict()), scores.impact_incomplete, given)


def _is_item(key: str) -> bool:
    return key.startswith("i") and key[1:].isdigit()


def _mfq(answers: Answers, version: str) -> Result:
    result = Result("MFQ", version, _decimals({"total": answers.get("total")}), alert=str(answers.get("alert") or ""))
    if mfq.asks_about_risk(version) and not result.alert:
        result.faults["alert"] = measures_wording.WHICH_RISK
    return result


def _conners(answers: Answers, version: str) -> Result:
    scales = catalogue.get("CONNERS_3").scales
    return Result("CONNERS_3", version, _decimals({name: answers.get(name) for name in scales}))


def _rcads(answers: Answers, version: str) -> Result:
    raw = {name: answers.get(name) for name in rcads.ITEMS}
    result = Result("RCADS", version, _decimals({**raw, **rcads.sums(raw)}))
    for name in rcads.ITEMS:
        _number(result, answers, f"{name}_t", 2)
    return result


def _rating(measure: str) -> Callable[[Answers, str], Result]:
    def read_rating(answers: Answers, version: str) -> Result:
        result = Result(measure, version)
        marks = [_number(result, answers, f"mark_{n}", 1, keep=False) for n in range(1, outcome_rating.MARKS + 1)]
        said = _number(result, answers, "total", 1)
        for n, mark in enumerate(marks, start=1):
            if mark is not None and mark > outcome_rating.MOST:
                result.faults[f"mark_{n}"] = measures_wording.out_of_range(
                    measures_wording.MARK.format(n=n), 0, int(outcome_rating.MOST)
                )
        if result.faults:
            return result
        found = outcome_rating.total(marks)
        if said is not None and found is not None and said != found:
            result.faults["total"] = measures_wording.MARKS_OR_TOTAL
        result.scores["total"] = said if said is not None else found
        return result

    return read_rating


def _goals(answers: Answers, version: str) -> Result:
    said = {name: str(answers.get(f"{name}_words") or "") for name in goals.SCALES}
    result = Result("GBO", version, _decimals({name: answers.get(name) for name in goals.SCALES}))
    result.goals = {name: text for name, text in said.items() if text.strip()}
    result.faults = {
        f"{name}_words": measures_wording.GOAL_NEEDS_WORDS for name in goals.without_words(said, result.scores)
    }
    return result


def _chi(answers: Answers, version: str) -> Result:
    given = {str(n): answers.get(f"item_{n}") for n in chi_esq.ITEMS if answers.get(f"item_{n}") is not None}
    own = [line for line in answers.get("own_words") or [] if line.strip()]
    return Result("CHI_ESQ", version, answers=given, own_words=own)


def _number(result: Result, answers: Answers, name: str, places: int, *, keep: bool = True) -> Decimal | None:
    """A score that was typed as text; one that is no number is a fault beside its field."""
    text = str(answers.get(name) or "").strip()
    value = catalogue.number(text, places) if text else None
    if text and value is None:
        result.faults[name] = measures_wording.ONE_PLACE if places else measures_wording.SCORE_NOT_NUMBER
    if keep:
        result.scores[name] = value
    return value


def _decimals(scores: dict[str, Any]) -> dict[str, Decimal | None]:
    return {name: None if value is None else Decimal(value) for name, value in scores.items()}


READERS: dict[str, Callable[[Answers, str], Result]] = {
    "measure_sdq": _sdq,
    "measure_sdq_items": _sdq_items,
    "measure_mfq": _mfq,
    "measure_conners": _conners,
    "measure_rcads": _rcads,
    "measure_ors": _rating("ORS"),
    "measure_srs": _rating("SRS"),
    "measure_goals": _goals,
    "measure_chi_esq": _chi,
}
FIRST_FIELD = {
    "measure_sdq": "emotional",
    "measure_sdq_items": "i1",
    "measure_mfq": "total",
    "measure_conners": "inattention",
    "measure_rcads": "social_phobia",
    "measure_ors": "total",
    "measure_srs": "total",
    "measure_goals": "goal_1",
    "measure_chi_esq": "item_1",
}
