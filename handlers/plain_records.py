"""Records that are kept as they are handed in; one of them also changes what the family's page says."""

from __future__ import annotations

from typing import Any

from handlers import keeping
from handlers.forms import submits
from handlers.keeping import Answers
from handlers.turn import Answer, Turn
from storage import families
from storage.tables_machinery import Draft

PERMISSION_FIELDS = ("status", "signed", "scope", "note", "signed_by", "ends", "withdrawn", "scope_note")


def _keep(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    return keeping.shown(turn, draft, keeping.keep(turn, draft, answers))


@submits("identity")
def keep_identity(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Aspects that were talked about; never a fact about anybody."""
    return keeping.double(turn, draft, answers) or _keep(turn, draft, answers)


@submits("stop_doing")
def keep_stop_doing(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    return keeping.double(turn, draft, answers) or _keep(turn, draft, answers)


@submits("permission_to_share")
def keep_permission(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """What was signed on paper now counts for this family."""
    if twin := keeping.double(turn, draft, answers):
        return twin
    family = families.by_id(turn.session, keeping.family_of(draft))
    if family is not None:
        known = families.body(turn.session, family)
        said: dict[str, Any] = {key: answers[key] for key in PERMISSION_FIELDS if key in answers}
        if said.get("withdrawn") and "status" not in said:
            said["status"] = "refused"
        permission = {**known.permission, **said}
        families.keep_body(turn.session, family, known.model_copy(update={"permission": permission}))
    return _keep(turn, draft, answers)
