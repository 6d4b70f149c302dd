"""A council's own words for a form: title, section titles, labels, help, options. Ids, kinds and rules stay.

A file says which form it is for and names only what it puts in other words:

    wording_of: assessment
    sections:
      Front sheet: Who this is about
    questions:
      reason: {label: Why is an assessment needed now?}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from prompts_and_forms.card import Choice
from prompts_and_forms.forms import file_wording
from prompts_and_forms.forms.form import Form, Question, Section
from prompts_and_forms.forms.form_file import (
    HELP_LIMIT,
    LABEL_LIMIT,
    OPTION_LIMIT,
    SECTION_LIMIT,
    TITLE_LIMIT,
    Fault,
    FormFault,
    Found,
    too_long,
)
from prompts_and_forms.yaml_lines import Listed, Mapped

WORDING_OF = "wording_of"
OF_FORM = ("title", "sections", "questions")
OF_QUESTION = ("label", "help", "options", "questions")
Shipped = Callable[[str], Form | None]


def is_wording(data: Mapped) -> bool:
    """Whether a file holds words for a form, and not a form: it says so, or it has no question of its own."""
    return (
        WORDING_OF in data or not ({"questions", "sections"} & data.keys()) or isinstance(data.get("questions"), dict)
    )


def in_own_words(path: Path, data: Mapped, shipped: Shipped, known: Iterable[str]) -> Form:
    """The shipped form in the words of this file; raises FormFault with everything that cannot be used."""
    named = data.get(WORDING_OF)
    if not isinstance(named, str):
        raise FormFault([Fault(path, data.line_of(WORDING_OF), file_wording.NOT_FOR_ANY)])
    form = shipped(named)
    if form is None:
        problem = file_wording.NO_FORM.format(name=named, perhaps=file_wording.perhaps(named, known))
        raise FormFault([Fault(path, data.line_of(WORDING_OF), problem)])
    writing = _Writing()
    worded = writing.form(form, data)
    if writing.problems:
        raise FormFault(Fault(path, *one) for one in sorted(set(writing.problems)))
    return worded


class _Writing:
    """Puts a form in other words, and notes what may not be changed on the way."""

    def __init__(self) -> None:
        self.problems: list[Found] = []

    def form(self, form: Form, data: Mapped) -> Form:
        self._only(data, (WORDING_OF, *OF_FORM), "the title, section titles, labels, help and options")
        changed: dict[str, Any] = {}
        if "title" in data:
            changed["title"] = self._words(data, "title", "The title", TITLE_LIMIT, form.title)
        if sections := self._names(data, "sections"):
            changed["sections"] = self._sections(form.sections, sections)
        if questions := self._names(data, "questions"):
            changed["questions"] = self._questions(form.questions, questions)
        return form.model_copy(update=changed)

    def _sections(self, sections: tuple[Section, ...], data: Mapped) -> tuple[Section, ...]:
        titles = [section.title for section in sections]
        self._known(data, titles, file_wording.NO_SUCH_SECTION)
        return tuple(
            section.model_copy(
                update={"title": self._words(data, section.title, "A section's title", SECTION_LIMIT, section.title)}
            )
            if section.title in data
            else section
            for section in sections
        )

    def _questions(self, questions: tuple[Question, ...], data: Mapped) -> tuple[Question, ...]:
        self._known(data, [question.id for question in questions], file_wording.NO_SUCH_QUESTION)
        return tuple(self._question(one, data) if one.id in data else one for one in questions)

    def _question(self, question: Question, beside: Mapped) -> Question:
        data = self._names(beside, question.id)
        self._only(data, OF_QUESTION, "the label, help and options")
        changed: dict[str, Any] = {}
        if "label" in data:
            changed["label"] = self._words(data, "label", "The label", LABEL_LIMIT, question.label)
        if "help" in data:
            changed["help"] = self._words(data, "help", "The help", HELP_LIMIT, question.help, may_be_empty=True)
        if options := self._names(data, "options"):
            changed["options"] = self._options(question, options)
        if inner := self._names(data, "questions"):
            changed["questions"] = self._questions(question.questions, inner)
        return question.model_copy(update=changed)

    def _options(self, question: Question, data: Mapped) -> tuple[Choice, ...]:
        if not question.options:
            self.problems.append((data.line, file_wording.CHOICES_ELSEWHERE.format(name=question.id)))
            return ()
        self._known(data, [one.value for one in question.options], file_wording.NO_SUCH_OPTION, question=question.id)
        found: list[Choice] = []
        for one in question.options:
            said = one.label
            if one.value in data:
                said = self._words(data, one.value, "An option", OPTION_LIMIT, one.label)
                if said in [other.label for other in found]:
                    problem = file_wording.SAME_WORDS.format(question=question.id, words=said)
                    self.problems.append((data.lines[one.value], problem))
            found.append(one.model_copy(update={"label": said}))
        return tuple(found)

    def _words(self, data: Mapped, name: str, what: str, most: int, before: str, *, may_be_empty: bool = False) -> str:
        """The words given for a name; those from before where they cannot be used."""
        said, line = data[name], data.lines[name]
        if may_be_empty and said in (None, ""):
            return ""
        if said is None:
            self.problems.append((line, file_wording.NO_WORDS.format(name=name)))
            return before
        if not isinstance(said, str):
            self.problems.append((line, file_wording.NOT_WORDS.format(name=name)))
            return before
        self.problems += too_long(line, what, said, most)
        return said.strip()

    def _names(self, data: Mapped, name: str) -> Mapped:
        """The names below a name; none where there are none, or something else."""
        found = data.get(name)
        if isinstance(found, Mapped):
            return found
        if name in data:
            problem = file_wording.CALLED_BY_NAME if isinstance(found, Listed) else file_wording.NOT_A_MAPPING
            self.problems.append((data.lines[name], problem.format(name=name)))
        return Mapped(data.line)

    def _only(self, data: Mapped, allowed: tuple[str, ...], in_words: str) -> None:
        self.problems += [
            (data.lines[name], file_wording.FIXED.format(name=name, allowed=in_words))
            for name in data
            if name not in allowed
        ]

    def _known(self, data: Mapping[str, Any], offered: list[str], problem: str, question: str = "") -> None:
        assert isinstance(data, Mapped)
        self.problems += [
            (
                data.lines[name],
                problem.format(name=name, perhaps=file_wording.perhaps(name, offered), question=question),
            )
            for name in data
            if name not in offered
        ]


def with_names(form: Form, in_words: Callable[[str], str]) -> Form:
    """The form with other names in its sentences; a sentence that would become too long for its place stays."""

    def fitted(text: str, most: int) -> str:
        found = in_words(text)
        return found if len(found) <= most else text

    def question(one: Question) -> Question:
        labels = {choice.value: fitted(choice.label, OPTION_LIMIT) for choice in one.options}
        told_apart = len(set(labels.values())) == len(labels)
        return one.model_copy(
            update={
                "label": fitted(one.label, LABEL_LIMIT),
                "help": fitted(one.help, HELP_LIMIT),
                "options": tuple(
                    choice.model_copy(update={"label": labels[choice.value] if told_apart else choice.label})
                    for choice in one.options
                ),
                "questions": tuple(question(inner) for inner in one.questions),
            }
        )

    return form.model_copy(
        update={
            "title": fitted(form.title, TITLE_LIMIT),
            "intro": in_words(form.intro),
            "sections": tuple(
                section.model_copy(update={"title": fitted(section.title, SECTION_LIMIT)}) for section in form.sections
            ),
            "questions": tuple(question(one) for one in form.questions),
        }
    )
