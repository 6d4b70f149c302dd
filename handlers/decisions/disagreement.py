"""Different views, each kept in its own words. Nothing here blends them."""

from __future__ import annotations

from handlers.clinical import different_views
from handlers.entries import recording
from handlers.entries.recording import Answers
from handlers.forms.asking import prefills, submits
from handlers.turn import Answer, Turn
from storage.database.tables_machinery import Draft


@prefills("disagreement")
def own_view_first(turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]) -> Answers:
    """The first view is that of whoever opens the form in a discussion; the others are asked for."""
    return {"views": [{"who": turn.actor().id}]} if discussion_id and not args else {}


@submits("disagreement")
def keep_disagreement(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves two views side by side, in a discussion or about a step of the clinical work."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    if draft.args.get("episode"):
        return different_views.keep(turn, draft, answers)
    entry = recording.keep(turn, draft, answers)
    recording.point_out(turn, "keep_both_views", recording.context_of(turn, draft), about=entry.id)
    return recording.shown(turn, draft, entry)
