"""A typed note becomes a record in one press: the form opens filled with its words and who said them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from handlers import guards, reach
from handlers.forms import asking
from handlers.meeting import quick_round
from handlers.routes import shortcut
from handlers.turn import Answer, Ask, Refused, Turn
from prompts_and_forms.meeting import discussion_wording, script
from storage.database.tables import Discussion, Person
from storage.decisions import actions
from storage.family import families
from storage.forms import entries
from storage.meeting import contributions, meeting_days
from storage.unit import people, units

Filled = tuple[str, dict[str, Any], dict[str, str]]
"""Which form, what it opens with, and what it replaces."""


def from_last_note(turn: Turn, kind: str) -> Answer:
    """The newest note of the discussion as an action, an idea, somebody's words or a worry."""
    discussion = guards.locked_discussion(turn)
    note = contributions.last_note(turn.session, discussion.id)
    if note is None or kind not in FILL:
        raise Refused(discussion_wording.NO_NOTE_YET)
    author = people.by_id(turn.session, note.author_id)
    return _open(turn, discussion, kind, contributions.text(turn.session, note), author)


def _open(turn: Turn, discussion: Discussion, kind: str, words: str, author: Person | None) -> Ask:
    inside = author is not None and people.belongs(turn.session, discussion.unit_id, author.id)
    form, answers, args = FILL[kind](turn, discussion, words, author if inside else None)
    return asking.ask(
        turn,
        form,
        family_id=discussion.family_id,
        discussion_id=discussion.id,
        meeting_id=discussion.meeting_id,
        answers=answers,
        args=args,
    )


def _from_message(turn: Turn, kind: str, command: str) -> Answer:
    discussion = reach.discussion_of_message(turn, command)
    author = people.by_chat_user(turn.session, turn.event.author)
    return _open(turn, discussion, kind, turn.event.text, author)


@shortcut("make_action")
def make_action(turn: Turn) -> Answer:
    """A typed message becomes an action of that family, for whoever typed it, due at the next meeting."""
    return _from_message(turn, "action", "action")


@shortcut("record_hypothesis")
def record_idea(turn: Turn) -> Answer:
    """A typed idea becomes a record; its author is the one who offered it."""
    return _from_message(turn, "hypothesis", "hypothesis")


@shortcut("record_words")
def record_words(turn: Turn) -> Answer:
    """A typed message becomes the words of a child or a carer."""
    return _from_message(turn, "view", "family")


@shortcut("record_worry")
def record_worry(turn: Turn) -> Answer:
    """A typed message becomes one of the worries about safety."""
    return _from_message(turn, "worry", "family")


# ---- what each form opens with


def _action(turn: Turn, discussion: Discussion, words: str, author: Person | None) -> Filled:
    due = next_meeting_day(turn, discussion.unit_id)
    return (
        "action",
        {
            "text": words,
            "owner": author.id if author else None,
            "due": due.isoformat() if due else None,
            "plan_outcome": _last_plan_line(turn, discussion.family_id),
        },
        {},
    )


def next_meeting_day(turn: Turn, unit_id: str) -> date | None:
    """The unit's next meeting day after today; None for a unit without a day."""
    unit = units.by_id(turn.session, unit_id)
    if unit is None:
        return None
    return next(iter(meeting_days.held_on(turn.session, unit, turn.today(unit) + timedelta(days=1), 1)), None)


def _last_plan_line(turn: Turn, family_id: str) -> str | None:
    """The line of the plan that the family's newest action serves."""
    known = {key for key, _ in families.outcomes(turn.session, family_id)}
    newest = sorted(actions.open_actions(turn.session, family_id), key=lambda a: (a.created_on, a.id), reverse=True)
    return next((a.plan_outcome for a in newest if a.plan_outcome in known), None)


def _idea(turn: Turn, discussion: Discussion, words: str, author: Person | None) -> Filled:
    return "hypothesis", {"text": words, "owner": (author or turn.actor()).id}, {}


def _words(turn: Turn, discussion: Discussion, words: str, author: Person | None) -> Filled:
    """Whose words they are is filled in where only one child can be meant."""
    born = [body for _, body in families.children(turn.session, discussion.family_id) if not body.unborn]
    named = [body for body in born if body.initials and body.initials in words] or born
    return "view", {"who": named[0].key if len(named) == 1 else None, "words": words}, {}


def _worry(turn: Turn, discussion: Discussion, words: str, author: Person | None) -> Filled:
    """One more worry in what was recorded about safety; in a light discussion, in the quick round."""
    if discussion.kind != script.FULL:
        known = asking.prefilled(turn, quick_round.FORM, discussion.family_id, discussion.id)
        change = "\n".join(part for part in (str(known.get("change") or ""), words) if part.strip())
        return quick_round.FORM, {**known, "change": change}, {}
    before = entries.latest(turn.session, discussion.id, "safety")
    answers = entries.answers(turn.session, before) if before else {}
    worries = [*(answers.get("worries") or []), words]
    return "safety", {**answers, "worries": worries}, {"replaces": before.id} if before else {}


FILL: dict[str, Callable[[Turn, Discussion, str, Person | None], Filled]] = {
    "action": _action,
    "hypothesis": _idea,
    "view": _words,
    "worry": _worry,
}
