"""Forms that have a newer version: what was begun in an older one goes on in the new one, and nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handlers.forms import steps
from handlers.forms.context import context
from handlers.turn import Turn
from prompts_and_forms.card import Block, Strong, say
from prompts_and_forms.forms import change as form_change
from prompts_and_forms.forms import engine
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.form import Form
from storage.database.bodies import OrphanedAnswer
from storage.database.tables import Entry
from storage.database.tables_machinery import Draft
from storage.forms import drafts, entries, published

ASKED = "asked"
"""What a window carries to say which form it was drawn from."""
Flat = dict[str, Any]
Boxes = dict[str, int]


@dataclass(frozen=True)
class Brought:
    """What was written, for the form of today. `also` has no place in it; `told` is the sentence about it."""

    flat: Flat
    boxes: Boxes
    also: list[OrphanedAnswer]
    told: tuple[Block, ...] = ()


def form_of(turn: Turn, draft: Draft) -> Form:
    """The form as the person began it: its words do not change under their hands."""
    return published.form_of(turn.session, draft)


def is_outdated(form: Form) -> bool:
    """Whether there is another version by now. Other words for the same questions are none."""
    return form.version != load_form(form.id).version


def up_to_date(turn: Turn, draft: Draft, old: Form, flat: Flat, boxes: Boxes) -> Brought:
    """A draft of an older version in the form of today; from now on it is one of that."""
    new = load_form(draft.form)
    kept, left = form_change.carried(old, new, context(turn, draft.family_id), flat, boxes)
    draft.form_hash = published.in_force(turn.session, draft.form, turn.now)
    return Brought(
        kept, boxes, [*drafts.orphaned_answers(turn.session, draft), *_also(left)], (say(forms_wording.NEWER_VERSION),)
    )


def from_older_window(turn: Turn, draft: Draft, kept: Flat, boxes: Boxes) -> Brought | None:
    """What a window carries that was drawn in an older version, while its draft went on in the newer one elsewhere.

    It stands beside what was kept since: no text of either is lost. None for every other window.
    """
    asked = turn.event.args.get(ASKED, draft.form_hash)
    old = published.by_hash(turn.session, asked) if asked != draft.form_hash else None
    if old is None or old.id != draft.form:
        return None
    new = form_of(turn, draft).model_copy(update={"sections": ()})
    typed, left = form_change.carried(old, new, context(turn, draft.family_id), turn.event.values, boxes)
    before = drafts.orphaned_answers(turn.session, draft)
    also = [*before, *(one for one in _also(left) if one not in before)]
    return Brought(
        steps.both(new, 0, kept, typed), boxes, also, (say(forms_wording.NEWER_VERSION), say(forms_wording.OPEN_TWICE))
    )


def known_already(turn: Turn, form: Form, family_id: str | None, answers: dict[str, Any], replaces: str) -> Brought:
    """What a form that is opened holds: nested answers, of the entry it writes anew where there is one."""
    entry = turn.session.get(Entry, replaces) if replaces else None
    also = entries.orphaned_answers(turn.session, entry) if entry is not None and entry.form == form.id else []
    old = published.form_of(turn.session, entry) if entry is not None and entry.form == form.id else form
    if not is_outdated(old):
        flat, boxes = engine.flatten(form, context(turn, family_id, form), answers)
        return Brought(flat, boxes, also)
    known = context(turn, family_id)
    before, boxes = engine.flatten(old, known, answers)
    flat, left = form_change.carried(old, form, known, before, boxes)
    return Brought(flat, boxes, [*also, *_also(left)], (say(forms_wording.NEWER_VERSION),))


def _also(left: list[form_change.Left]) -> list[OrphanedAnswer]:
    return [OrphanedAnswer(question=one.question, label=one.label, text=one.text) for one in left]


def also_blocks(turn: Turn, draft: Draft) -> tuple[Block, ...]:
    """What was written and has no box any more, to read and to copy from."""
    mine = drafts.own_look(turn.session, draft)
    others = [one for one in drafts.orphaned_answers(turn.session, draft) if one not in mine]
    told = ((others, forms_wording.KEPT_WITH_IT), (mine, forms_wording.KEPT_FOR_YOU))
    return tuple(
        say(Strong(text=forms_wording.NO_BOX_ANY_MORE), f"\n{_written(found)}\n\n{where}")
        for found, where in told
        if found
    )


def _written(found: list[OrphanedAnswer]) -> str:
    return "\n\n".join(f"{one.label}: {one.text}" for one in found)
