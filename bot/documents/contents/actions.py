"""Actions on paper: each once, with what happened to it and who has it now. Days are days."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.model import AnyPart, Heading, Table
from bot.documents.source import Source
from handlers.entries import lists
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.states import ActionStatus
from storage.database.tables import Action, ActionChange
from storage.decisions import actions

NEW_WIDTHS, BEFORE_WIDTHS = (30, 13, 14, 22, 21), (32, 34, 16, 18)


def new_actions(source: Source, discussion_id: str) -> list[AnyPart]:
    """What the discussion decided to do."""
    made = actions.made_in(source.session, discussion_id)
    if not made:
        return []
    return [
        Heading(text=documents_wording.NEW_ACTIONS, level=2),
        _table(documents_wording.ACTIONS_HEAD, [_new(source, one) for one in made], NEW_WIDTHS),
    ]


def earlier_actions(source: Source, discussion_id: str) -> list[AnyPart]:
    """Actions from before that the discussion looked at, each with everything that was said of it."""
    made = {one.id for one in actions.made_in(source.session, discussion_id)}
    changes: dict[str, list[tuple[ActionChange, str]]] = {}
    for change, note in actions.changed_in(source.session, discussion_id):
        if change.action_id not in made:
            changes.setdefault(change.action_id, []).append((change, note))
    rows = []
    for action_id, told in changes.items():
        action = actions.by_id(source.session, action_id)
        if action is not None:
            rows.append(_earlier(source, action, told))
    if not rows:
        return []
    head = documents_wording.EARLIER_HEAD
    return [Heading(text=documents_wording.EARLIER_ACTIONS, level=2), _table(head, rows, BEFORE_WIDTHS)]


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]], widths: tuple[int, ...]) -> Table:
    """Without the columns that no row fills."""
    used = [n for n in range(len(head)) if any(row[n] for row in rows)]
    return Table(
        head=tuple(head[n] for n in used),
        rows=tuple(tuple(row[n] for n in used) for row in rows),
        widths=tuple(widths[n] for n in used),
    )


def _new(source: Source, action: Action) -> tuple[str, ...]:
    body = actions.words(source.session, action)
    line = source.names(action.family_id).line(action.plan_outcome)
    return body.text, owner(source, action), due(action), line, body.how_we_know


def _earlier(source: Source, action: Action, told: Iterable[tuple[ActionChange, str]]) -> tuple[str, ...]:
    said = []
    for change, note in told:
        what = documents_wording.ACTION_CHANGE.get(change.what) or decisions_wording.ACTION_CHANGE.get(
            change.what, change.what
        )
        said.append(documents_wording.what_happened(what, note))
    now = owner(source, action) if action.status == ActionStatus.OPEN else ""
    return actions.words(source.session, action).text, "\n".join(said), now, due(action) if now else ""


def owner(source: Source, action: Action) -> str:
    """Who has an action, as a document says it."""
    named = actions.owner_of(action) is not None
    return lists.owner_words(source.session, action) if named else documents_wording.NOBODY_YET


def due(action: Action) -> str:
    """By when, as a document says it."""
    return day_words.in_full(action.due_on) if action.due_on else documents_wording.NOT_SET
