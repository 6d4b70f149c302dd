"""The script of the meeting: stages of prompts, their minutes, and the forms each stage offers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from prompts_and_forms import own_names, yaml_lines
from prompts_and_forms.forms.catalogue import form_ids

FILE = Path(__file__).parent / "scripts" / "unit_meeting.yaml"
FULL, LIGHT = "full", "light"
SHOWN = 3
"""Aspects of identity in one question: two or three each time."""


class ScriptFault(Exception):
    """A script that cannot be used; the message names the place in it."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Part = Literal["last_time", "last_seen", "open_actions", "ideas", "running_agreements", "key_dates", "clinical_view"]
"""What a card can begin with: looked up for the family when it is drawn."""
Need = Literal["form", "views", "ideas", "conversation", "actions", "updates", "next_date"]
"""What a stage should leave behind, as far as the record can tell."""


class Stage(Model):
    """`leaves` = what the stage should leave behind. `minutes` by the length of a full discussion ("15", "20", "25") or
    under "light". `form` is the stage's own form, `record` the words on its button, `also` the other forms it offers.
    `needs` is looked for when the stage is left, `watched` stages ask about it first; a card shows `begins_with`.
    `talk` marks the stage that a light discussion's typed notes are kept under."""

    id: str
    name: str
    purpose: str
    prompts: tuple[str, ...]
    leaves: tuple[str, ...]
    rule: str
    minutes: dict[Literal["15", "20", "25", "light"], float]
    form: str | None
    record: str
    also: tuple[str, ...] = ()
    needs: Need
    begins_with: tuple[Part, ...] = ()
    watched: bool = False
    talk: bool = False

    def planned(self, length: int = 20) -> float:
        """Minutes for this stage in a discussion of that length; the nearest length that is written down counts."""
        if "light" in self.minutes:
            return self.minutes["light"]
        nearest = min(self.minutes, key=lambda written: abs(int(written) - length))
        return self.minutes[nearest]


class Lens(Model):
    """One question from another side. `aspects` take turns in its question, three at a time."""

    id: str
    name: str
    question: str
    aspects: tuple[str, ...] = ()

    def asked(self, turn: int) -> str:
        """The question as it is asked for the `turn`th time, counted from 0."""
        if not self.aspects:
            return self.question
        shown = [self.aspects[(turn * SHOWN + place) % len(self.aspects)] for place in range(SHOWN)]
        return self.question.format(aspects=f"{', '.join(shown[:-1])} and {shown[-1]}")


class Check(Model):
    """One line of the look back at the end: a question answered with not yet, partly or yes."""

    id: str
    question: str


class LightCard(Model):
    """The one card of a light discussion: its form, and what it begins with."""

    form: str
    begins_with: tuple[Part, ...]


class Script(Model):
    version: int
    full: tuple[Stage, ...]
    light: tuple[Stage, ...]
    light_card: LightCard
    lenses: tuple[Lens, ...]
    quality_check: tuple[Check, ...]
    counterparts: dict[str, str]


@cache
def load() -> Script:
    """The script of the product."""
    return read_script(FILE)


def read_script(path: Path) -> Script:
    """A script file, checked; raises ScriptFault naming what is wrong."""
    try:
        script = Script.model_validate(own_names.in_data(yaml_lines.load(path)))
    except ValidationError as fault:
        raise ScriptFault(f"{path.name}: {yaml_lines.first_fault(fault)}") from fault
    known = set(form_ids())
    for stage in (*script.full, *script.light):
        missing = [form for form in (stage.form, *stage.also) if form is not None and form not in known]
        if missing:
            raise ScriptFault(f"{path.name}: {stage.id}: there is no form called {missing[0]!r}")
    return script


def stages(kind: str) -> tuple[Stage, ...]:
    """The stages of a full or a light discussion, in order."""
    return load().full if kind == FULL else load().light


def stage(kind: str, stage_id: str) -> Stage:
    """One stage; raises KeyError when that kind of discussion has no such stage."""
    for one in stages(kind):
        if one.id == stage_id:
            return one
    raise KeyError(f"a {kind} discussion has no stage {stage_id!r}")


def following(kind: str, stage_id: str) -> Stage | None:
    """The stage after this one; None after the last."""
    return _beside(kind, stage_id, 1)


def previous(kind: str, stage_id: str) -> Stage | None:
    """The stage before this one; None before the first."""
    return _beside(kind, stage_id, -1)


def _beside(kind: str, stage_id: str, step: int) -> Stage | None:
    every = stages(kind)
    place = every.index(stage(kind, stage_id)) + step
    return every[place] if 0 <= place < len(every) else None


def number(kind: str, stage_id: str) -> int:
    """Which stage this is, counted from 1."""
    return stages(kind).index(stage(kind, stage_id)) + 1


def counterpart(kind: str, stage_id: str) -> Stage:
    """Where a discussion switched to `kind` goes on: the stage on the same matter, or the first after safety."""
    pairs = load().counterparts
    if kind != FULL:
        pairs = {full: light for light, full in pairs.items()}
    ids = {one.id for one in stages(kind)}
    if stage_id in ids:
        return stage(kind, stage_id)
    return stage(kind, pairs[stage_id]) if stage_id in pairs else stages(kind)[1]


def talk_stage(kind: str, stage_id: str) -> str:
    """The stage that typed notes are saved under now: in a light discussion always the same one."""
    return next((one.id for one in stages(kind) if one.talk), stage_id)


def stage_of(kind: str, need: str) -> Stage | None:
    """The first stage that leaves this behind ("ideas", "actions" ...); None where that kind has none."""
    return next((one for one in stages(kind) if one.needs == need), None)


def name_of(stage_id: str) -> str:
    """A stage's name, whichever kind of discussion it belongs to; the id itself for a stage that is no more."""
    return next((one.name for kind in (FULL, LIGHT) for one in stages(kind) if one.id == stage_id), stage_id)


def lens(lens_id: str) -> Lens | None:
    """A lens by its id; None for one there is not."""
    return next((one for one in load().lenses if one.id == lens_id), None)


def main_form(kind: str, stage_id: str) -> str | None:
    """The form that the card at this stage offers first."""
    return stage(kind, stage_id).form if kind == FULL else load().light_card.form


def quality_check() -> tuple[Check, ...]:
    """The six lines of the look back at the end of a meeting."""
    return load().quality_check
