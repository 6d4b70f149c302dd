"""The next conversation with the family: with whom, by whom, when, the first sentence, questions to try."""

from __future__ import annotations

from handlers import keeping, owners
from handlers.forms import submits
from handlers.keeping import Answers, date_of
from handlers.turn import Answer, Turn, Wrong
from prompts_and_forms import wording_records as wording
from storage.tables_machinery import Draft


@submits("conversation")
def keep_conversation(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    if twin := keeping.double(turn, draft, answers):
        return twin
    place = keeping.place_of(turn, draft)
    who = answers.get("by")
    if errors := owners.left_errors(turn, place, {"by": who}, draft.id):
        return Wrong(errors)
    entry = keeping.keep(turn, draft, answers)
    owners.point_out_owner(turn, place, who, date_of(answers, "when"), entry.id, wording.THE_CONVERSATION)
    return keeping.shown(turn, draft, entry)
