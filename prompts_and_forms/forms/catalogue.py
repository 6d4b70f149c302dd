"""The forms of the product: one YAML file each in forms/, and a council's own words for them where it has any.

Everything is read once and stays until `use` is called: what people are asked does not change under their hands.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from prompts_and_forms import own_names
from prompts_and_forms.forms import file_wording, form_file, own_words, published_forms
from prompts_and_forms.forms.form import Form
from prompts_and_forms.forms.form_file import Fault, FormFault, read_form

__all__ = ["FOLDER", "Fault", "FormFault", "form_ids", "hash_in_force", "load_form", "read_form", "shipped_form", "use"]

FOLDER = Path(__file__).parent / "files"
_folder = FOLDER
_own_words: dict[str, Form] = {}


@cache
def form_ids() -> tuple[str, ...]:
    """Every form there is."""
    return tuple(sorted(path.stem for path in _folder.glob("*.yaml")))


def load_form(form_id: str) -> Form:
    """The form as it is asked today; raises FormFault for one that is not there or not sound."""
    return _own_words.get(form_id) or shipped_form(form_id)


@cache
def shipped_form(form_id: str) -> Form:
    """The form as it comes with the bot."""
    path = _folder / f"{form_id}.yaml"
    if form_id not in form_ids():
        problem = file_wording.NO_FORM.format(name=form_id, perhaps=file_wording.perhaps(form_id, form_ids()))
        raise FormFault([Fault(path, 1, problem)])
    return read_form(path)


def option_label(form_id: str, question_id: str, value: object) -> str:
    """How a form words a choice; "" for none."""
    question = next(one for one in load_form(form_id).questions if one.id == question_id)
    return next((one.label for one in question.options if one.value == value), str(value or ""))


def has_own_words(form_id: str) -> bool:
    """Whether the council has put the form in words of its own."""
    return form_id in _own_words


@cache
def hash_in_force(form_id: str) -> str:
    """The hash of the form as it is asked today."""
    return published_forms.hash_of(load_form(form_id))


def use(own: Path | None = None, folder: Path = FOLDER) -> tuple[Fault, ...]:
    """From now on the forms are those of `folder`, in the words of the files in `own` (a council's own).

    Answers what is wrong with those words; a file with a fault changes nothing.
    """
    global _folder, _own_words
    if folder != _folder:
        form_ids.cache_clear()
        shipped_form.cache_clear()
    hash_in_force.cache_clear()
    _folder, _own_words = folder, {}
    _own_words, faults = read_wordings(own) if own else ({}, ())
    _own_words |= {form.id: form for form in _with_own_names()}
    return faults


def _with_own_names() -> Iterator[Form]:
    """The forms in which the council's names for roles and categories stand; one that would grow too long stays."""
    if not own_names.names().any:
        return
    for form_id in form_ids():
        form = load_form(form_id)
        named = own_words.with_names(form, own_names.names().in_words)
        if named != form:
            yield named


def read_wordings(folder: Path) -> tuple[dict[str, Form], tuple[Fault, ...]]:
    """The forms a folder puts in other words, and what is wrong in it."""
    try:
        paths = sorted(
            path for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.name != own_names.FILE
        )
    except OSError:
        return {}, (Fault(folder, 1, file_wording.NO_FOLDER.format(folder=folder)),)
    found: dict[str, Form] = {}
    names: dict[str, str] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            form = read_wording(path)
        except FormFault as fault:
            faults += fault.faults
            continue
        if form.id in found:
            faults.append(Fault(path, 1, file_wording.SECOND_FILE.format(name=form.id, other=names[form.id])))
            continue
        found[form.id], names[form.id] = form, path.name
    return found, tuple(faults)


def read_wording(path: Path) -> Form:
    """The form a file puts in other words; raises FormFault."""
    return own_words.in_own_words(path, form_file.load(path), _shipped, form_ids())


def read_either(path: Path) -> Form:
    """The form in a form file, or the one that a file of words is for; raises FormFault."""
    data = form_file.load(path)
    if own_words.is_wording(data):
        return own_words.in_own_words(path, data, _shipped, form_ids())
    return form_file.form_of(path, data)


def _shipped(form_id: str) -> Form | None:
    return shipped_form(form_id) if form_id in form_ids() else None
