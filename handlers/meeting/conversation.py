"""The next conversation with the family: with whom, by whom, when, the first sentence, questions to try."""

from __future__ import annotations

from handlers.entries import owners, recording
from handlers.entries.recording import Answers, date_of
from handlers.forms.asking import submits
from handlers.turn import Answer, Turn, Wrong
from prompts_and_forms.decisions import wording as decisions_wording
from storage.database.tables_machinery import Draft


@submits("conversation")
def keep_conversation(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves who talks with the family about what, and when; somebody who has left is refused."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    who = answers.get("by")
    if errors := owners.left_errors(turn, context, {"by": who}, draft.id):
        return Wrong(errors)
    entry = recording.keep(turn, draft, answers)
    owners.point_out_owner(turn, context, who, date_of(answers, "when"), entry.id, decisions_wording.THE_CONVERSATION)
    return recording.shown(turn, draft, entry)
