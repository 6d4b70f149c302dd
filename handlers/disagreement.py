"""Different views, each kept in its own words. Nothing here blends them."""

from __future__ import annotations

from handlers import keeping, pathway_differ
from handlers.forms import submits
from handlers.keeping import Answers
from handlers.turn import Answer, Turn
from storage.tables_machinery import Draft


@submits("disagreement")
def keep_disagreement(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    if twin := keeping.double(turn, draft, answers):
        return twin
    if draft.args.get("episode"):
        return pathway_differ.keep(turn, draft, answers)
    entry = keeping.keep(turn, draft, answers)
    keeping.point_out(turn, "keep_both_views", keeping.place_of(turn, draft), about=entry.id)
    return keeping.shown(turn, draft, entry)
