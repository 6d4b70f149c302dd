"""A family to fill forms in for, and answers of any kind that a form could keep."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from prompts_and_forms.card import Choice
from prompts_and_forms.forms.form import Form, FormContext, Question, QuestionKind
from prompts_and_forms.forms.values import MANY, TEXTS, options
from prompts_and_forms.typed import is_empty

TODAY = date(2026, 11, 24)


def choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=label) for value, label in pairs)


FAMILY = FormContext(
    today=TODAY,
    people=choices(("p1", "Orla"), ("p2", "Devan"), ("p3", "Tomasz")),
    children=choices(("K3107C-1", "TD"), ("K3107C-2", "LD"), ("K3107C-3", "RD")),
    carers=choices(("K3107C-A", "AD, mother"), ("K3107C-B", "CB, father")),
    outcomes=choices(("P1", "P1: in school"), ("P2", "P2: steady help")),
    open_actions=choices(("a" * 32, "Ring the nursery"), ("b" * 32, "Write to CB")),
    hypotheses=choices(("h1", "Perhaps ..."), ("h2", "Perhaps not ...")),
    agreements=choices(
        ("c1", "Home visits"),
    ),
    families=choices(("f1", "K3107C"), ("f2", "K2284H")),
    drawn=choices(("p1", "Mother AD"), ("p2", "Father CB"), ("p3", "TD")),
    work=choices(("action-" + "a" * 32, "K3107C: ring the nursery"), ("leads-" + "b" * 32, "K3107C: lead worker")),
)

LARGE_FAMILY = FAMILY.model_copy(
    update={
        "children": choices(*((f"K3107C-{n}", f"C{n}") for n in range(1, 7))),
        "carers": choices(*((f"K3107C-{n}", f"A{n}") for n in "ABCDEF")),
        "open_actions": choices(*((f"{n:032x}", f"Action {n}") for n in range(20))),
    }
)

PIECES = (
    "a",
    "Ö",
    " ",
    "\n",
    "\r\n",
    "\t",
    "“",
    "*bold*",
    "<@U1>",
    "&amp;",
    "=1+1",
    "🌱",
    "👩‍👧",
    "مرحبا",
    "\u200f",
    "#0~2",
)
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join).filter(lambda text: not is_empty(text))
LONG_WORDS = st.builds(lambda words, times: (words * times)[:7000] + ".", WORDS, st.integers(300, 3000))
TEXT = st.one_of(WORDS, WORDS, WORDS, st.text(min_size=1).filter(lambda text: not is_empty(text)), LONG_WORDS)


def answers(form: Form, context: FormContext = FAMILY) -> st.SearchStrategy[dict[str, Any]]:
    """Nested answers such as the form would keep, with every required one given."""

    @st.composite
    def build(draw: st.DrawFn) -> dict[str, Any]:
        return _some(draw, form.questions, context, {})

    return build()


def _some(
    draw: st.DrawFn, questions: tuple[Question, ...], context: FormContext, outer: dict[str, Any]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in questions:
        known = {**outer, **found}
        if question.when and not all(_holds(known.get(other), wanted) for other, wanted in question.when.items()):
            continue
        if question.required or draw(st.booleans()):
            value = _one(draw, question, context, known)
            if value not in (None, [], {}):
                found[question.id] = value
    return found


def _holds(value: Any, wanted: Any) -> bool:
    """Whether an answer meets a condition: one value, or any of a list."""
    return value in wanted if isinstance(wanted, list | tuple) else value == wanted


def _one(draw: st.DrawFn, question: Question, context: FormContext, known: dict[str, Any]) -> Any:
    kind = question.kind
    if kind is QuestionKind.GROUP:
        return _group(draw, question, context, known)
    if kind is QuestionKind.LINES:
        return draw(st.lists(TEXT, min_size=1, max_size=4))
    if kind in TEXTS:
        return draw(TEXT)
    if kind is QuestionKind.DATE:
        earliest = 0 if question.earliest_today else -900
        latest = 0 if question.not_future else 900
        return (TODAY + timedelta(days=draw(st.integers(earliest, latest)))).isoformat()
    if kind is QuestionKind.TIME:
        return f"{draw(st.integers(0, 23)):02d}:{draw(st.integers(0, 59)):02d}"
    if kind is QuestionKind.YES_NO:
        return draw(st.booleans())
    if kind is QuestionKind.WHOLE_NUMBER and not question.options:
        return draw(st.integers(0, 999999))
    values = [choice.value for choice in options(question, context)]
    if not values:
        return None
    if kind in MANY:
        return draw(st.lists(st.sampled_from(values), min_size=1, unique=True))
    value = draw(st.sampled_from(values))
    return int(value) if kind is QuestionKind.WHOLE_NUMBER else value


def _group(draw: st.DrawFn, question: Question, context: FormContext, known: dict[str, Any]) -> Any:
    if question.single:
        return _filled(draw, question, context, known)
    if question.per is None:
        rows = [_filled(draw, question, context, known) for _ in range(draw(st.integers(1, 3)))]
        return [row for row in rows if row]
    name = question.per.removeprefix("open_")
    listed = {"child": context.children, "carer": context.carers, "action": context.open_actions, "work": context.work}
    subjects = listed.get(name, context.people)
    rows = [(choice.value, _some(draw, question.questions, context, known)) for choice in subjects]
    return [{name: value, **row} for value, row in rows if row]


def _filled(draw: st.DrawFn, question: Question, context: FormContext, known: dict[str, Any]) -> dict[str, Any]:
    row = _some(draw, question.questions, context, known)
    if row:
        return row
    first = question.questions[0]
    return {first.id: _one(draw, first, context, known)}
