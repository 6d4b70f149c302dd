"""What the bot points out: sentence, who sees it, how often. The rows are in remarks.yaml."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from prompts_and_forms import own_names, yaml_lines

FILE = Path(__file__).parent / "remarks.yaml"
NAME = re.compile(r"\{([a-z_]+)\}")
NOTICE = "The meeting bot points something out"


class RemarkFault(Exception):
    """A remarks file that cannot be used; the message names the row."""


class To(StrEnum):
    """Who sees a remark; one for `nobody` is saved and not shown."""

    THREAD = "thread"
    AUTHOR = "author"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    NOBODY = "nobody"


class Often(StrEnum):
    """How often, at most, a remark is made about the same thing."""

    EACH = "each"
    DISCUSSION = "discussion"
    MEETING = "meeting"
    DAY = "day"


class Remark(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    when: str
    to: To
    often: Often
    sentence: str

    @field_validator("sentence")
    @classmethod
    def one_line(cls, sentence: str) -> str:
        """A sentence written over several lines of the file, in one."""
        return " ".join(sentence.split())

    def names(self) -> tuple[str, ...]:
        """The names its sentence has room for."""
        return tuple(dict.fromkeys(NAME.findall(self.sentence)))


class Remarks(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    unless_known: dict[str, str]
    remarks: dict[str, Remark]


@cache
def load() -> Remarks:
    """Every remark of the product."""
    return read_remarks(FILE)


def read_remarks(path: Path) -> Remarks:
    """A remarks file, checked; raises RemarkFault naming the row."""
    data = own_names.in_data(yaml_lines.load(path))
    rows = {code: {"code": code, **row} for code, row in data["remarks"].items()}
    try:
        found = Remarks.model_validate({**data, "remarks": rows})
    except ValidationError as fault:
        raise RemarkFault(f"{path.name}: {yaml_lines.first_fault(fault)}") from fault
    for remark in found.remarks.values():
        unknown = [name for name in remark.names() if name not in found.unless_known]
        if unknown:
            raise RemarkFault(
                f"{path.name}: {remark.code}: nothing stands in for {{{unknown[0]}}} when it is not known"
            )
    return found


def codes() -> tuple[str, ...]:
    """The names of all remarks."""
    return tuple(load().remarks)


def remark(code: str) -> Remark:
    """One remark; raises KeyError for a code there is no row for."""
    return load().remarks[code]


def words(code: str, **names: object) -> str:
    """The sentence of a remark with its names filled in; a name that is not known is said in general words.

    What people wrote goes in as it is: braces in it mean nothing. `child` may be a list.
    """
    unless_known = load().unless_known

    def fill(match: re.Match[str]) -> str:
        value = names.get(match[1])
        if isinstance(value, list | tuple):
            value = list_words([str(one) for one in value])
        return str(value) if value not in (None, "") else unless_known[match[1]]

    sentence = NAME.sub(fill, remark(code).sentence)
    return sentence[:1].upper() + sentence[1:]


def list_words(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
