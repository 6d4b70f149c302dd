"""A council's own words for a form: its words change, nothing else can, and a fault names its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts_and_forms.forms import catalogue as form_catalogue
from prompts_and_forms.forms import published_forms
from prompts_and_forms.forms.catalogue import FormFault, load_form, read_wording, shipped_form
from prompts_and_forms.forms.form import Form

DOCS = Path(__file__).parents[3] / "docs" / "forms.md"


@pytest.fixture(autouse=True)
def shipped_again() -> Iterator[None]:
    yield
    form_catalogue.use()


def words(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(FormFault) as fault:
        read_wording(words(folder, text))
    return str(fault.value).splitlines()


def without_words(form: Form) -> dict[str, object]:
    """A form as it is without anything that people read."""

    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {k: bare(v) for k, v in value.items() if k not in ("title", "label", "help")}
        return [bare(one) for one in value] if isinstance(value, list | tuple) else value

    found = bare(form.model_dump(mode="json"))
    assert isinstance(found, dict)
    return found


def the_example() -> str:
    found = re.search(r"```yaml\n(wording_of.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_in_the_manual_works(tmp_path: Path) -> None:
    form = read_wording(words(tmp_path, the_example()))
    asked = {question.id: question for question in form.questions}
    assert (form.title, form.sections[0].title) == ("Family assessment", "Who this is about")
    assert asked["reason"].label == "Why is an assessment needed now?"
    assert {one.id: one.label for one in asked["about_each"].questions}["ethnicity"] == "Ethnicity, language and faith"


def test_only_the_words_differ(tmp_path: Path) -> None:
    form, shipped = read_wording(words(tmp_path, the_example())), shipped_form("assessment")
    assert without_words(form) == without_words(shipped)
    assert published_forms.hash_of(form) != published_forms.hash_of(shipped)


def test_the_folder_is_in_force_from_then_on(tmp_path: Path) -> None:
    before = form_catalogue.hash_in_force("hypothesis")
    words(tmp_path, "wording_of: hypothesis\nquestions:\n  status: {options: {live: With us, no: 'No'}}\n", "a.yaml")
    words(tmp_path, "wording_of: hypothesis\nquestions:\n  status: {options: {live: Still with us}}\n", "b.yaml")
    (fault,) = form_catalogue.use(tmp_path)
    status = next(one for one in load_form("hypothesis").questions if one.id == "status")
    assert status.options[0].label == "Still with us"
    assert str(fault) == "a.yaml, line 3: “status” has no option “no”."
    assert form_catalogue.hash_in_force("hypothesis") != before


def test_a_broken_file_leaves_that_form_in_the_words_it_came_with(tmp_path: Path) -> None:
    words(tmp_path, "wording_of: safety\ntitle: All safe?\nquestions:\n  seen: {required: true}\n", "safety.yaml")
    words(tmp_path, "wording_of: review\ntitle: Looking back\n", "review.yaml")
    (fault,) = form_catalogue.use(tmp_path)
    assert fault.line == 4
    assert load_form("safety") == shipped_form("safety")
    assert load_form("review").title == "Looking back"


def test_a_folder_that_is_not_there_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (fault,) = form_catalogue.use(tmp_path / "nowhere")
    assert "is not there, or cannot be opened (UNITBOT_WORDING)" in fault.problem
    assert load_form("safety") == shipped_form("safety")


def test_two_files_for_one_form_are_not_mixed(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        words(tmp_path, f"wording_of: review\ntitle: From {name[0]}\n", name)
    (fault,) = form_catalogue.use(tmp_path)
    assert str(fault) == "b.yaml, line 1: There are words for “review” in a.yaml already. Keep them in one file."
    assert load_form("review").title == "From a"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("id: other", "“id” stays as it comes with the bot."),
        ("version: 2", "“version” stays as it comes with the bot."),
        ("signed_by: []", "“signed_by” stays as it comes with the bot."),
        ("title: A title that is far too long for a window", "The title has 41 characters. At most 24 can be shown."),
        ("title: ''", "The title has no words."),
        ("title: 7", "“title” has to be words. Put them in quotes."),
        ("sections: {Front sheeet: Who}", "This form has no section “Front sheeet”. Did you mean “Front sheet”?"),
        ("questions: {reasn: {label: Why?}}", "This form has no question “reasn”. Did you mean “reason”?"),
        ("questions: {reason: {kind: text}}", "“kind” stays as it comes with the bot."),
        ("questions: {reason: {required: false}}", "“required” stays as it comes with the bot."),
        ("questions: {reason: {when: {school: x}}}", "“when” stays as it comes with the bot."),
        ("questions: {reason: {label: }}", "“label” has no words."),
        ("questions: {reason: {label: " + "x" * 151 + "}}", "The label has 151 characters. At most 150 can be shown."),
        ("questions: {reason: {help: " + "x" * 201 + "}}", "The help has 201 characters. At most 200 can be shown."),
        ("questions: {children: {options: {a: b}}}", "The choices of “children” do not come from the form"),
        ("questions: [{id: reason}]", "“questions” is written as names with a colon"),
        ("questions: {reason: Why?}", "“reason” has to be names and values."),
    ],
)
def test_what_is_not_wording_or_does_not_fit_is_refused_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (told,) = refused(tmp_path, f"# Ours\nwording_of: assessment\n{line}\n")
    assert told.startswith(f"own.yaml, line 3: {said}")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("{alive: Live}", "“status” has no option “alive”. Did you mean “live”?"),
        ("{live: " + "x" * 76 + "}", "An option has 76 characters. At most 75 can be shown."),
        ("{strengthened: Live}", "Two options of “status” would both read “Live”."),
    ],
)
def test_options_are_known_short_and_different(tmp_path: Path, options: str, said: str) -> None:
    (told,) = refused(tmp_path, f"wording_of: hypothesis\nquestions:\n  status:\n    options: {options}\n")
    assert told == f"own.yaml, line 4: {said}"


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = "wording_of: review\nid: x\nquestions:\n  nothing: {label: A}\n  worked: {kind: text}\n"
    assert [told.split(":")[0] for told in refused(tmp_path, text)][:2] == ["own.yaml, line 2", "own.yaml, line 4"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: A\n", "own.yaml, line 1: First say which form these words are for"),
        ("wording_of: asessment\n", "line 1: There is no form called “asessment”. Did you mean “assessment”?"),
        ("wording_of: !!python/name:os.system\n", "line 1: !!python/name:os.system is not allowed."),
        ("wording_of: review\nwording_of: safety\n", "line 2: “wording_of” is here for the second time"),
    ],
)
def test_a_file_has_to_say_what_it_is_for(tmp_path: Path, text: str, said: str) -> None:
    (told,) = refused(tmp_path, text)
    assert said in told
