"""The words of children and carers, and when a child was last seen.

A child whose line stays empty is asked about once more; then it is written down as not known, with an action on offer.
"""

from __future__ import annotations

from handlers.entries import owners, recording
from handlers.entries.recording import Answers, RecordContext, rows_of, text_of
from handlers.forms.asking import submits
from handlers.turn import Answer, Turn, Wrong
from storage.database.tables import Entry
from storage.database.tables_machinery import Draft
from storage.decisions.actions import OUTSIDE
from storage.family import families
from storage.forms import entries
from storage.meeting import discussions, remarks_given
from storage.unit import people

ASKED, NOT_KNOWN = "ask_child_view", "child_view_not_known"


@submits("voices")
def keep_voices(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves what each child said, and asks for those of whom nothing was said."""
    if already := recording.already_handed_in(turn, draft, answers, also_own=False):
        return already
    entry = recording.keep(turn, draft, answers)
    said = {str(row.get("child")) for row in rows_of(answers, "children") if text_of(row, "words").strip()}
    everyone = families.children(turn.session, recording.family_of(draft))
    silent = [body.key for _child, body in everyone if body.key not in said and not body.unborn]
    _ask_for(turn, recording.context_of(turn, draft), entry, silent)
    return recording.shown(turn, draft, entry)


@submits("l_voice")
def keep_light_voice(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves what a child said, in a light discussion; without words it asks for that child."""
    if already := recording.already_handed_in(turn, draft, answers, also_own=False):
        return already
    entry = recording.keep(turn, draft, answers)
    if not text_of(answers, "words").strip():
        born = [
            body.key for _child, body in families.children(turn.session, recording.family_of(draft)) if not body.unborn
        ]
        chosen = [key for key in born if key == answers.get("child")]
        _ask_for(turn, recording.context_of(turn, draft), entry, chosen)
    return recording.shown(turn, draft, entry)


@submits("view")
def keep_view(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves what somebody thinks, in their own name."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    return recording.shown(turn, draft, recording.keep(turn, draft, answers))


@submits("last_seen")
def keep_last_seen(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """An older sighting than is known changes nothing on the child; the entry keeps it."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    by = answers.get("by")
    if by != OUTSIDE and (errors := _seen_after_leaving(turn, context, answers, draft.id)):
        return Wrong(errors)
    seen = dict.fromkeys([answers.get("child"), *(answers.get("others") or ())])
    discussions.note_seen(turn.session, recording.family_of(draft), [{**answers, "child": child} for child in seen])
    return recording.shown(turn, draft, recording.keep(turn, draft, answers))


def _seen_after_leaving(turn: Turn, context: RecordContext, answers: Answers, about: str) -> dict[str, str]:
    """Somebody who left may well have seen the child before; not since."""
    by = answers.get("by")
    membership = people.membership(turn.session, context.unit_id, by) if by else None
    on = recording.date_of(answers, "date")
    if membership is None or membership.left_on is None or on is None or on <= membership.left_on:
        return {}
    return owners.left_errors(turn, context, {"by": by}, about)


def _ask_for(turn: Turn, context: RecordContext, entry: Entry, silent: list[str]) -> None:
    """First asks for each child's view; a second empty line is saved as not known. Children go by their unit key."""
    heard = _heard_already(turn, context, entry)
    for key in silent:
        if key not in heard:
            code = NOT_KNOWN if _was_asked(turn, context, key) else ASKED
            recording.point_out(turn, code, context, about=entry.id, params={"child": key})


def _was_asked(turn: Turn, context: RecordContext, key: str) -> bool:
    if context.discussion_id is None:
        return False
    asked = remarks_given.of_discussion(turn.session, context.discussion_id, ASKED)
    return any(families.child_key(turn.session, str(one.params.get("child"))) == key for one in asked)


def _heard_already(turn: Turn, context: RecordContext, entry: Entry) -> set[str]:
    """Children whose words another record of this discussion holds."""
    if context.discussion_id is None:
        return set()
    heard: set[str] = set()
    for other in entries.of_discussion(turn.session, context.discussion_id):
        if other.id == entry.id or other.form not in ("voices", "l_voice", "view"):
            continue
        answers = entries.answers(turn.session, other)
        rows = rows_of(answers, "children") or [{"child": answers.get("child") or answers.get("who"), **answers}]
        heard |= {str(row.get("child")) for row in rows if text_of(row, "words").strip()}
    return heard
