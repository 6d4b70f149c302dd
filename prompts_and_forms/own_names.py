"""A council's own names for categories of plan, for roles and for the commands, in every sentence, form and document.

Names for plans and roles stand in `names.yaml`, in the folder of the council's own words:

    names:
      child in need: family help
      social worker: family help lead practitioner

Commands have the prefix the app was installed with ("/swu-meeting"), where it has one; on another platform than Slack
they are typed as there (platform_words.py).

What people type is never touched: names are put into the sentences themselves, before anybody reads one. Codes in the
database, the exports and the forms' ids stay, so that records of different councils and years can be compared.
Source of the need: the Families First Partnership guide of March 2026, by which names differ from council to council.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import prompts_and_forms
from prompts_and_forms import yaml_lines
from prompts_and_forms.forms import file_wording
from prompts_and_forms.forms.form_file import Fault
from prompts_and_forms.platform_words import SLACK, PlatformWords
from prompts_and_forms.yaml_lines import Mapped, YamlFault

FILE, NAMES = "names.yaml", "names"
MOST = 60
TERMS = (
    "consultant social worker",
    "social worker",
    "children's practitioner",
    "unit coordinator",
    "clinician",
    "clinical group manager",
    "clinical manager",
    "team manager",
    "group manager",
    "lead worker",
    "complex child in need",
    "child in need",
    "child protection",
    "looked after",
)
"""What can be named otherwise, as the bot says it."""
COMMANDS = (
    "unit",
    "family",
    "meeting",
    "find",
    "hypothesis",
    "agreement",
    "action",
    "work",
    "track",
    "forms",
    "measure",
    "review",
    "nudges",
)
COMMAND = re.compile(rf"(?<![\w/.])/({'|'.join(COMMANDS)})\b(?![/.]\w)")
ROLE_NAMES = "ROLE_WORDS"
"""Where a single word is a name too, and no code."""
SPEAKING = ("wording", "pathway")
"""Modules that hold sentences have a name that ends so."""
VOWEL = re.compile(r"[aeiou]", re.I)


@dataclass(frozen=True)
class OwnNames:
    """A council's names by the bot's own, what stands before a command, and how the platform's people speak.

    Without any, a sentence stays as it is.
    """

    named: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    platform: PlatformWords = SLACK

    @property
    def any(self) -> bool:
        """Whether any sentence changes."""
        return bool(self.named or self.prefix or self.platform is not SLACK)

    def in_words(self, text: str) -> str:
        """A sentence with the council's names, the article and a capital letter fitted to them."""
        named = self.platform.in_words(self._pattern.sub(self._other, text) if self.named else text)
        return COMMAND.sub(lambda found: self.command(found[1]), named)

    def in_sentence(self, text: str) -> str:
        """The same for a text that may be a code: a single word stays as it is."""
        return self.in_words(text) if " " in text else text

    def command(self, name: str) -> str:
        """How people type a command: "meeting" is /meeting, /swu-meeting, or @Unit Meeting Bot meeting."""
        return self.platform.command.format(prefix=self.prefix, name=name)

    @property
    def _pattern(self) -> re.Pattern[str]:
        terms = "|".join(re.escape(term) for term in sorted(TERMS, key=len, reverse=True))
        return re.compile(rf"\b(?:(an?) )?({terms})(?=s?\b)", re.I)

    def _other(self, found: re.Match[str]) -> str:
        article, term = found[1], found[2]
        name = self.named.get(term.casefold())
        if name is None:
            return found[0]
        if article:
            fitting = "an" if VOWEL.match(name) else "a"
            article = fitting.capitalize() if article[0].isupper() else fitting
            return f"{article} {name}"
        return f"{name[0].upper()}{name[1:]}" if term[0].isupper() else name


_in_force = OwnNames()


def names() -> OwnNames:
    """The names in force in this process."""
    return _in_force


def read(folder: Path) -> tuple[OwnNames, tuple[Fault, ...]]:
    """The names in a folder of own words, and what is wrong with them; none where there is no such file."""
    path = folder / FILE
    if not path.exists():
        return OwnNames(), ()
    try:
        data = yaml_lines.load(path)
    except YamlFault as wrong:
        return OwnNames(), (Fault(path, wrong.line, wrong.problem),)
    rows = data.get(NAMES) if isinstance(data, Mapped) else None
    if not isinstance(rows, Mapped):
        return OwnNames(), (Fault(path, 1, file_wording.NO_NAMES),)
    faults = tuple(Fault(path, rows.line_of(term), problem) for term in rows for problem in _wrong(term, rows[term]))
    good = {} if faults else {term.casefold(): " ".join(str(rows[term]).split()) for term in rows}
    return OwnNames(good), faults


def _wrong(term: str, name: Any) -> Iterator[str]:
    if term.casefold() not in TERMS:
        yield file_wording.NO_SUCH_NAME.format(name=term, perhaps=file_wording.perhaps(term, TERMS))
    elif not isinstance(name, str) or not name.strip():
        yield file_wording.NO_WORDS.format(name=term)
    elif len(name) > MOST or re.search(r"[{}<>\n]", name):
        yield file_wording.BAD_NAME.format(name=term, most=MOST)


def use(folder: Path | None, prefix: str = "", platform: PlatformWords = SLACK) -> tuple[Fault, ...]:
    """From now on this process speaks with the names of the folder, as people of the platform do.

    Answers what is wrong with the names; then they stay as they come with the bot.

    Called once, before a sentence is shown: sentences do not change under people's hands.
    """
    global _in_force
    found, faults = read(folder) if folder else (OwnNames(), ())
    _in_force = replace(found, prefix=prefix, platform=platform)
    if _in_force.any:
        for module in _speaking():
            _rename(module)
    return faults


def _speaking() -> Iterator[ModuleType]:
    for one in pkgutil.walk_packages(prompts_and_forms.__path__, "prompts_and_forms."):
        if one.name.endswith(SPEAKING):
            yield import_module(one.name)


def _rename(module: ModuleType) -> None:
    for name, value in list(vars(module).items()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            value.__code__ = _code(value.__code__)
        elif name == ROLE_NAMES:
            value.update({code: _in_force.in_words(words) for code, words in value.items()})
        elif not name.startswith("__"):
            setattr(module, name, in_data(value))


def _code(code: CodeType) -> CodeType:
    """A function with the names in its sentences."""
    named = (_code(one) if isinstance(one, CodeType) else in_data(one) for one in code.co_consts)
    return code.replace(co_consts=tuple(named))


def in_data(value: Any) -> Any:
    """The same data with the council's names in every sentence of it; lists and mappings are changed in place."""
    if not _in_force.any:
        return value
    if isinstance(value, str):
        return _in_force.in_sentence(value) if type(value) is str else value
    if isinstance(value, dict):
        for key in value:
            value[key] = in_data(value[key])
    elif isinstance(value, list):
        for number, one in enumerate(value):
            value[number] = in_data(one)
    elif type(value) in (tuple, frozenset):
        return type(value)(in_data(one) for one in value)
    return value
