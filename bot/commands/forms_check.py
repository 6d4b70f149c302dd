"""`unitbot forms check`: what is wrong with forms and with a council's own words for them, by file and line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from bot.settings import from_environment
from prompts_and_forms import own_names
from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms import file_wording, published_forms
from prompts_and_forms.forms.catalogue import Fault, FormFault
from prompts_and_forms.forms.form import Form

Told = tuple[list[str], bool]
"""What is printed, and whether all is well."""


def check(file: Path | None = None) -> Told:
    """One file, or every form that comes with the bot and every file in the folder of the settings."""
    if file is not None:
        if file.name == own_names.FILE:
            wrong = own_names.read(file.parent)[1]
            return _told(wrong) if wrong else ([file_wording.FILE_SOUND.format(file=_short(file))], True)
        try:
            form_catalogue.read_either(file)
        except FormFault as fault:
            return _told(fault.faults)
        return [file_wording.FILE_SOUND.format(file=_short(file))], True
    shipped, faults = _shipped()
    faults += published_forms.faults(shipped, form_catalogue.FOLDER, published_forms.listed())
    own: dict[str, Form] = {}
    if folder := from_environment().get("UNITBOT_WORDING", ""):
        own, wrong = form_catalogue.read_wordings(Path(folder))
        faults += wrong
        faults += own_names.read(Path(folder))[1]
    return _told(faults) if faults else ([file_wording.sound(len(shipped), len(own))], True)


def publish() -> Told:
    """Enters new forms and versions in the list of published ones; nothing that stands there is changed."""
    shipped, faults = _shipped()
    if faults:
        return _told(faults)
    added = published_forms.publish(shipped)
    said = file_wording.PUBLISHED.format(names=", ".join(added)) if added else file_wording.NOTHING_NEW
    left = list(published_forms.faults(shipped, form_catalogue.FOLDER, published_forms.listed()))
    return ([said, *_told(left)[0]], False) if left else ([said], True)


def _shipped() -> tuple[list[Form], list[Fault]]:
    found: list[Form] = []
    faults: list[Fault] = []
    for form_id in form_catalogue.form_ids():
        try:
            found.append(form_catalogue.shipped_form(form_id))
        except FormFault as fault:
            faults += fault.faults
    return found, faults


def _told(faults: Iterable[Fault]) -> Told:
    lines = [f"{_short(fault.path)}:{fault.line}: {fault.problem}" for fault in faults]
    return [*lines, file_wording.faults(len(lines))], False


def _short(path: Path) -> str:
    """The path as somebody in this folder would type it."""
    inside = os.path.relpath(path)
    return inside if not inside.startswith("..") else str(path)
