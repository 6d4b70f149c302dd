"""What questionnaires there are, for whom, and which scores can be. Data: catalogue.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from prompts_and_forms import own_names, yaml_lines
from prompts_and_forms.measures import wording as measures_wording

FILE = Path(__file__).parent / "catalogue.yaml"

Scores = Mapping[str, Decimal | int | None]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scale(_Model):
    """`places`: how many digits may follow the point. `better` none = a mark to talk about, no direction."""

    id: str
    label: str
    least: int = 0
    most: int
    places: int = 0
    better: Literal["lower", "higher", "none"] = "none"


class Version(_Model):
    """One form of a questionnaire. `most` overrules the highest score of single scales."""

    id: str
    label: str
    informant: Literal["parent", "teacher", "self", "other"]
    ages: tuple[int, int]
    most: dict[str, int] = {}


class Measure(_Model):
    id: str
    name: str
    short: str
    form: str
    about: str = ""
    versions: dict[str, Version]
    scales: dict[str, Scale]

    def version(self, version_id: str) -> Version | None:
        """The version of this id, if the questionnaire has it."""
        return self.versions.get(version_id)

    def most(self, version_id: str, scale_id: str) -> int | None:
        """The highest possible score on a scale of that form; None for a scale nobody knows."""
        scale = self.scales.get(scale_id)
        version = self.versions.get(version_id)
        if scale is None:
            return None
        return version.most.get(scale_id, scale.most) if version else scale.most


@cache
def measures() -> dict[str, Measure]:
    """Every questionnaire, by id."""
    data = own_names.in_data(yaml_lines.load(FILE))
    found: dict[str, Measure] = {}
    for measure_id, row in data.items():
        parts = {
            name: {key: {"id": key, **value} for key, value in row[name].items()} for name in ("versions", "scales")
        }
        found[measure_id] = Measure.model_validate({"id": measure_id, **row, **parts})
    return found


def find(measure_id: str) -> Measure | None:
    """The questionnaire of this id, if there is one."""
    return measures().get(measure_id)


def get(measure_id: str) -> Measure:
    """The questionnaire of that id; raises KeyError for one the bot does not know."""
    return measures()[measure_id]


def name_of(measure_id: str) -> str:
    """A questionnaire's short name; its id where the catalogue no longer has it."""
    found = find(measure_id)
    return found.short if found else measure_id.replace("_", "-")


def label_of(measure_id: str, version_id: str) -> str:
    """SDQ, parent or carer, age 4 to 17."""
    found = find(measure_id)
    version = found.version(version_id) if found else None
    return f"{name_of(measure_id)}, {version.label if version else version_id.replace('_', ' ')}"


def number(text: object, places: int = 0) -> Decimal | None:
    """A score as somebody wrote it ("7", "27.4", "27,4"); None for anything that is not one."""
    said = str(text).strip().replace(",", ".")
    try:
        value = Decimal(said)
    except InvalidOperation:
        return None
    if not value.is_finite() or any(letter not in "0123456789." for letter in said):
        return None
    exponent = value.as_tuple().exponent
    return value if isinstance(exponent, int) and -exponent <= places else None


def score_faults(measure_id: str, version_id: str, scores: Scores) -> dict[str, str]:
    """A sentence for each score that cannot be; a missing score is never a fault."""
    measure = get(measure_id)
    faults: dict[str, str] = {}
    for scale_id, value in scores.items():
        scale, most = measure.scales.get(scale_id), measure.most(version_id, scale_id)
        if scale is None or most is None:
            faults[scale_id] = measures_wording.NO_SUCH_SCALE
        elif value is not None and not scale.least <= value <= most:
            faults[scale_id] = measures_wording.out_of_range(scale.label, scale.least, most)
    return faults


def age_fault(measure_id: str, version_id: str, age: int | tuple[int, int] | None) -> str:
    """A sentence where the form is not meant for that age; "" when it is, or when no age is kept.

    Of a child who can be one of two ages (the youngest and the oldest) a form for either is meant.
    """
    version = get(measure_id).version(version_id)
    if version is None or age is None:
        return ""
    youngest, oldest = age if isinstance(age, tuple) else (age, age)
    if version.ages[0] <= oldest and youngest <= version.ages[1]:
        return ""
    nearest = oldest if oldest < version.ages[0] else youngest
    return measures_wording.wrong_age(label_of(measure_id, version_id), *version.ages, nearest)


def versions_for(measure_id: str, age: int | None) -> tuple[Version, ...]:
    """The forms meant for a child of that age; every form where no age is saved."""
    found = get(measure_id).versions.values()
    return tuple(version for version in found if age is None or version.ages[0] <= age <= version.ages[1])
