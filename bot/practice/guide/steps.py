"""The guided first meeting as data: who is guided, what each step says, what does it, and what ends it.

The steps are in first_meeting.yaml. A step ends by itself as soon as everything under `until` is there to see, so it
does not matter who did it or how; a step without `until` ends with "Next".
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from prompts_and_forms.yaml_lines import YamlFault, load

FILE = Path(__file__).parent / "first_meeting.yaml"
Place = Literal["unit", "everyone", "thread", "direct", "home"]


class GuideFault(Exception):
    """A file of steps that cannot be used; the message names the place in it."""


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Act(Model):
    """One thing "Do it for me" does: exactly one of command, press, choose, fill, type, shortcut or go.

    `press` is a button's label or the beginning of it. `choose` is a menu's label with `option`, the beginning of a
    line in it. `fill` gives answers by a field's label or by a pattern of its id, and hands the form in. `shortcut`
    is the name in the menu of a message, used on the newest message typed in `place`. `go` only opens the place.
    """

    by: str = ""
    place: Place | None = None
    command: str = ""
    press: str = ""
    choose: str = ""
    option: str = ""
    fill: dict[str, str] | None = None
    type: str = ""
    shortcut: str = ""
    go: bool = False
    maybe: bool = False
    """Left out where there is nothing of the kind to press."""

    @model_validator(mode="after")
    def one_thing(self) -> Act:
        """The act as the file has it; raises ValueError where it is none or several things."""
        given = [self.command, self.press, self.choose, self.fill is not None, self.type, self.shortcut, self.go]
        if sum(map(bool, given)) != 1:
            raise ValueError("an act is exactly one of command, press, choose, fill, type, shortcut or go")
        return self


class Until(Model):
    """What can be seen once a step is done; all of it must be there.

    `card` is a pattern of a message's key, `button` the beginning of a label, `gone` one that is no longer there,
    `said` words of the bot, `typed` words of the person's own, `form` the beginning of an open form's title, `saved` of
    one that was saved since the guide began, `at` the place the page shows.
    """

    card: str = ""
    button: str = ""
    gone: str = ""
    said: str = ""
    typed: bool = False
    form: str = ""
    saved: str = ""
    at: Place | None = None
    place: Place | None = None


class Step(Model):
    """`by` is whose turn it is, "" for the person in the seat. `place` is where to look."""

    id: str
    title: str
    say: str
    by: str = ""
    place: Place = "unit"
    do: tuple[Act, ...] = ()
    until: Until | None = None


class Guide(Model):
    """The steps of some seats. People are named as in the workspace (pippa, orla)."""

    id: str
    seats: tuple[str, ...] = Field(min_length=1)
    title: str
    end: str
    steps: tuple[Step, ...] = Field(min_length=1)


class Guides(Model):
    unit: str
    everyone: str
    guides: tuple[Guide, ...]

    @model_validator(mode="after")
    def each_once(self) -> Guides:
        """The guides as the file has them; raises ValueError for a seat or a step that comes twice."""
        seats = [seat for guide in self.guides for seat in guide.seats]
        if len(seats) != len(set(seats)):
            raise ValueError("a seat has one guide")
        for guide in self.guides:
            ids = [step.id for step in guide.steps]
            if len(ids) != len(set(ids)):
                raise ValueError(f"two steps of {guide.id} have one id")
        return self

    def for_seat(self, name: str) -> Guide | None:
        """The guide of a seat, if it has one."""
        return next((guide for guide in self.guides if name in guide.seats), None)


@cache
def read_guides(path: Path = FILE) -> Guides:
    """The guides of a file; raises GuideFault naming what is wrong."""
    try:
        return Guides.model_validate(load(path))
    except YamlFault as fault:
        raise GuideFault(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise GuideFault(f"{path.name}: {place}: {first['msg']}") from fault
