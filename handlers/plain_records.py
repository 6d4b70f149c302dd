"""Records that are kept as they are handed in."""

from __future__ import annotations

from handlers import keeping
from handlers.forms import submits
from handlers.keeping import Answers
from handlers.turn import Answer, Turn
from storage.tables_machinery import Draft


def _keep(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    return keeping.shown(turn, draft, keeping.keep(turn, draft, answers))


@submits("identity")
def keep_identity(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Aspects that were talked about; never a fact about anybody."""
    return keeping.double(turn, draft, answers) or _keep(turn, draft, answers)


@submits("stop_doing")
def keep_stop_doing(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    return keeping.double(turn, draft, answers) or _keep(turn, draft, answers)
