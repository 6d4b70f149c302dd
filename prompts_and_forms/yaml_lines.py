"""YAML that people edit, read safely: plain words, numbers, yes/no, lists and names only, each with its line.

Nothing in a file can build an object, repeat another part, or hide a name behind a second one of the same spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from prompts_and_forms.forms import file_wording

MOST_CHARACTERS = 200_000
MOST_BYTES = 4 * MOST_CHARACTERS
MOST_DEEP = 20
PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map", "int"))
TRUTH = {"true": True, "false": False}
NOTHING = frozenset({"", "~", "null"})
_NUMBER = re.compile(r"[-+]?[0-9]+")
_TAB = re.compile(r"^[ -]*\t", re.MULTILINE)
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_END = object()


class YamlFault(Exception):
    """What is wrong in a file, in words; `line` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line, self.problem = line, problem


class Mapped(dict[str, Any]):
    """Names and values; `line` is where it begins, `lines` where each name stands."""

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, name: str) -> int:
        """The line of the file a name stands in; the first line of the mapping where the name is missing."""
        return self.lines.get(name, self.line)


class Listed(list[Any]):
    """A list; `line` is where it begins, `lines` where each item stands."""

    def __init__(self, line: int = 1) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def load(path: Path) -> Any:
    """What a file says; raises YamlFault with the line of the first thing that cannot be used."""
    try:
        if path.exists() and not path.is_file():
            raise YamlFault(1, file_wording.NOT_A_FILE)
        if path.stat().st_size > MOST_BYTES:
            raise YamlFault(1, file_wording.TOO_LONG_A_FILE)
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise YamlFault(1, file_wording.NOT_UTF8) from wrong
    except FileNotFoundError as wrong:
        raise YamlFault(1, file_wording.NO_FILE) from wrong
    except OSError as wrong:
        raise YamlFault(1, file_wording.NOT_OPENED.format(why=wrong.strerror or "")) from wrong
    return loads(text)


def loads(text: str) -> Any:
    """The same for a text."""
    if len(text) > MOST_CHARACTERS:
        raise YamlFault(1, file_wording.TOO_LONG_A_FILE)
    for pattern, problem in ((_TAB, file_wording.TAB), (_UNREADABLE, file_wording.UNREADABLE)):
        if found := pattern.search(text):
            raise YamlFault(text.count("\n", 0, found.end() - 1) + 1, problem)
    try:
        return _Building(text).whole()
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        raise YamlFault(mark.line + 1 if mark else 1, _plain(wrong)) from wrong
    except YAMLError as wrong:
        raise YamlFault(1, file_wording.NOT_YAML.format(problem=str(wrong).splitlines()[0])) from wrong


def first_fault(wrong: ValidationError) -> str:
    """Where the first thing is that a model refuses, and why."""
    first = wrong.errors()[0]
    return f"{'.'.join(str(step) for step in first['loc'])}: {first['msg']}"


def _plain(wrong: MarkedYAMLError) -> str:
    """The parser's own words, where there are none of ours for them."""
    said = f"{wrong.context or ''} {wrong.problem or ''}"
    return next(
        (ours for theirs, ours in file_wording.YAML_SAYS.items() if theirs in said), ""
    ) or file_wording.NOT_YAML.format(problem=wrong.problem or wrong.context or "")


class _Building:
    """Builds the value from the parser's events, which are read once and never call anything."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self._documents = 0

    def whole(self) -> Any:
        found: Any = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    raise YamlFault(event.start_mark.line + 1, file_wording.TWO_IN_ONE)
                if event.version or event.tags:
                    raise YamlFault(1, file_wording.DIRECTIVE)
            value = self._value(event, 0)
            found = found if value is _END else value
        return found

    def _value(self, event: Any, deep: int) -> Any:
        """The value that begins with this event; `_END` where none does."""
        line = _line_of_plain(event)
        if isinstance(event, ScalarEvent):
            return _scalar(event)
        if deep >= MOST_DEEP:
            raise YamlFault(line, file_wording.TOO_DEEP)
        if isinstance(event, MappingStartEvent):
            return self._mapping(line, deep + 1)
        if isinstance(event, SequenceStartEvent):
            return self._list(line, deep + 1)
        return _END

    def _mapping(self, line: int, deep: int) -> Mapped:
        found = Mapped(line)
        while not isinstance(event := next(self._events), MappingEndEvent):
            name = self._name(event)
            at = event.start_mark.line + 1
            if name in found:
                raise YamlFault(at, file_wording.TWICE.format(name=name, first=found.lines[name]))
            found[name] = self._value(next(self._events), deep)
            found.lines[name] = at
        return found

    def _name(self, event: Any) -> str:
        """A name before a colon; `no` and `off` are words here, `true` without quotes is not."""
        line = _line_of_plain(event)
        if not isinstance(event, ScalarEvent):
            raise YamlFault(line, file_wording.NO_NAME)
        value = _scalar(event)
        if value is None or isinstance(value, bool):
            raise YamlFault(line, file_wording.READ_AS_YES_NO.format(said=event.value or "nothing"))
        return str(event.value)

    def _list(self, line: int, deep: int) -> Listed:
        found = Listed(line)
        while not isinstance(event := next(self._events), SequenceEndEvent):
            found.append(self._value(event, deep))
            found.lines.append(event.start_mark.line + 1)
        return found


def _line_of_plain(event: Any) -> int:
    """The line of something that stands for itself; what points elsewhere or asks to be built is refused."""
    line: int = event.start_mark.line + 1
    if isinstance(event, AliasEvent):
        raise YamlFault(line, file_wording.ALIAS.format(name=event.anchor))
    if getattr(event, "anchor", None):
        raise YamlFault(line, file_wording.ANCHOR.format(name=event.anchor))
    tag = str(getattr(event, "tag", None) or "")
    if tag and tag not in PLAIN_TAGS:
        raise YamlFault(line, file_wording.TAG.format(tag=tag.replace("tag:yaml.org,2002:", "!!")))
    return line


def _scalar(event: ScalarEvent) -> str | int | bool | None:
    said = str(event.value)
    if event.style is not None or event.tag:
        return said
    if said.casefold() in NOTHING:
        return None
    if said.casefold() in TRUTH:
        return TRUTH[said.casefold()]
    return int(said) if _NUMBER.fullmatch(said) and len(said) < 20 else said
