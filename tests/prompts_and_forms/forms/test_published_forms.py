"""What was published stays as it was: a form that asks something else is a new version."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts_and_forms.forms import published_forms
from prompts_and_forms.forms.catalogue import FOLDER, form_ids, read_form, shipped_form
from prompts_and_forms.forms.form import Form

TEXT = "title: Review\nquestions:\n  - {id: worked, kind: text, label: What worked?}\n"


def a_form(folder: Path, text: str = TEXT) -> Form:
    path = folder / "talk.yaml"
    path.write_text(text, encoding="utf-8")
    return read_form(path)


def told(folder: Path, form: Form, known: published_forms.Versions) -> list[str]:
    return [str(fault) for fault in published_forms.faults([form], folder, known)]


def test_every_form_that_comes_with_the_bot_is_as_it_was_published() -> None:
    """Failing here? Raise the form's `version:`, then run `unitbot forms publish` and commit published.yaml with it."""
    found = published_forms.faults((shipped_form(one) for one in form_ids()), FOLDER, published_forms.listed())
    assert [str(fault) for fault in found] == []


@pytest.mark.parametrize("form_id", form_ids())
def test_a_form_comes_back_from_its_text_as_it_was(form_id: str) -> None:
    form = shipped_form(form_id)
    again = published_forms.from_text(published_forms.text_of(form))
    assert again == form
    assert published_forms.hash_of(again) == published_forms.hash_of(form)


def test_another_way_of_writing_the_same_form_is_the_same_form(tmp_path: Path) -> None:
    other = (
        "# As before\nsubmit: Save\ntitle: 'Review'\nquestions:\n- label: What worked?\n  kind: text\n  id: worked\n"
    )
    assert published_forms.hash_of(a_form(tmp_path)) == published_forms.hash_of(a_form(tmp_path, other))


@pytest.mark.parametrize(
    "change", ["What worked well?", "What worked?, required: true", "What worked?, help: Briefly."]
)
def test_a_changed_form_with_the_same_version_is_refused(tmp_path: Path, change: str) -> None:
    known = {"talk": {1: published_forms.hash_of(a_form(tmp_path))}}
    changed = TEXT.replace("What worked?", change)
    (said,) = told(tmp_path, a_form(tmp_path, changed), known)
    assert "“talk” was changed, but it still says version 1. Raise it to “version: 2”." in said


def test_the_line_of_the_version_is_named(tmp_path: Path) -> None:
    known = {"talk": {1: "another"}}
    (said,) = told(tmp_path, a_form(tmp_path, TEXT + "version: 1\n"), known)
    assert said.startswith("talk.yaml, line 4: ")


def test_a_new_version_is_entered_and_the_old_line_stays(tmp_path: Path) -> None:
    listing = tmp_path / "published.yaml"
    first, second = a_form(tmp_path), a_form(tmp_path, TEXT.replace("worked?", "helped?") + "version: 2\n")
    assert published_forms.publish([first], listing) == ["talk 1"]
    assert "not in the list" in told(tmp_path, second, published_forms.listed(listing))[0]
    assert published_forms.publish([second], listing) == ["talk 2"]
    assert published_forms.listed(listing) == {
        "talk": {1: published_forms.hash_of(first), 2: published_forms.hash_of(second)}
    }
    assert told(tmp_path, second, published_forms.listed(listing)) == []


def test_publishing_never_rewrites_a_line(tmp_path: Path) -> None:
    listing = tmp_path / "published.yaml"
    published_forms.publish([a_form(tmp_path)], listing)
    before = listing.read_text("utf-8")
    assert published_forms.publish([a_form(tmp_path, TEXT.replace("worked?", "helped?"))], listing) == []
    assert listing.read_text("utf-8") == before


def test_a_form_may_not_go_back_or_away(tmp_path: Path) -> None:
    known = {"talk": {1: "one", 2: "two"}, "gone": {1: "one"}}
    back, gone = told(tmp_path, a_form(tmp_path), known)
    assert "version 2 was published already" in back
    assert gone.startswith("gone.yaml, line 1: “gone” was published and is not there any more.")


def test_what_an_earlier_program_kept_beside_it_is_passed_over() -> None:
    form = shipped_form("review")
    older = published_forms.text_of(form).replace('{"id"', '{"colour":"red","id"', 1)
    assert published_forms.from_text(older) == form
