"""Records that are saved as they are saved."""

from __future__ import annotations

from handlers.entries import recording
from handlers.entries.recording import Answers
from handlers.forms.asking import submits
from handlers.turn import Answer, Turn
from storage.database.tables_machinery import Draft


def _keep(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    return recording.shown(turn, draft, recording.keep(turn, draft, answers))


@submits("identity")
def keep_identity(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Aspects that were talked about; never a fact about anybody."""
    return recording.already_handed_in(turn, draft, answers) or _keep(turn, draft, answers)


@submits("stop_doing")
def keep_stop_doing(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves what the unit stops doing for a family."""
    return recording.already_handed_in(turn, draft, answers) or _keep(turn, draft, answers)
