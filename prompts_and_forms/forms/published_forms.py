"""A form as it was published: its text, the hash of it, and the list of every version that ever was.

The list (published.yaml) holds one hash for each form and version. A shipped form that differs from its line was
changed without a new version, and people's answers to it would be shown with other words than they were asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from prompts_and_forms import yaml_lines
from prompts_and_forms.forms import file_wording
from prompts_and_forms.forms.form import Form
from prompts_and_forms.forms.form_file import Fault

LIST = Path(__file__).parent / "published.yaml"
HEAD = """\
# Every form and version that was ever published, with the sha256 of what people are asked. A line that stands here
# is never changed: a form that is to ask something else gets the next version. New lines: unitbot forms publish
"""


def text_of(form: Form) -> str:
    """The whole form as one text, always the same for the same form. What is as usual is left out of it."""
    said = {**form.model_dump(mode="json", exclude_defaults=True), "version": form.version}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(form: Form) -> str:
    """The sha256 of its text, 64 letters and digits."""
    return hash_of_text(text_of(form))


def hash_of_text(text: str) -> str:
    """What stands for a form's text: SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def from_text(text: str) -> Form:
    """The form that was saved. What an earlier program wrote and this one does not know is passed over."""
    return Form.model_validate_json(text, extra="ignore")


Versions = dict[str, dict[int, str]]


def listed(path: Path = LIST) -> Versions:
    """{form: {version: hash}} of everything that was published."""
    if not path.exists():
        return {}
    found: Mapping[str, Mapping[str, Any]] = yaml_lines.load(path) or {}
    return {form: {int(number): str(said) for number, said in of.items()} for form, of in found.items()}


def faults(forms: Iterable[Form], folder: Path, known: Versions) -> Iterator[Fault]:
    """Shipped forms that do not agree with the list."""
    here = set()
    for form in forms:
        here.add(form.id)
        problem = _problem(form, known.get(form.id, {}))
        if problem:
            path = folder / f"{form.id}.yaml"
            written = yaml_lines.load(path)
            yield Fault(path, written.line_of("version"), problem)
    for gone in sorted(known.keys() - here):
        yield Fault(folder / f"{gone}.yaml", 1, file_wording.WITHDRAWN.format(form=gone))


def _problem(form: Form, versions: Mapping[int, str]) -> str:
    newest = max(versions, default=0)
    if form.version < newest:
        return file_wording.OLDER.format(form=form.id, version=form.version, newest=newest)
    if form.version > newest:
        return file_wording.NOT_PUBLISHED.format(form=form.id, version=form.version)
    if versions[form.version] != hash_of(form):
        return file_wording.CHANGED.format(form=form.id, version=form.version, next=form.version + 1)
    return ""


def publish(forms: Iterable[Form], path: Path = LIST) -> list[str]:
    """Adds the versions that are not in the list yet; answers which. Nothing that stands there is changed."""
    known, added = listed(path), []
    for form in forms:
        versions = known.setdefault(form.id, {})
        if form.version > max(versions, default=0):
            versions[form.version] = hash_of(form)
            added.append(f"{form.id} {form.version}")
    if added:
        lines = [
            line
            for form_id in sorted(known)
            for line in (f"{form_id}:", *(f"  {number}: {said}" for number, said in sorted(known[form_id].items())))
        ]
        path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return added
