"""Agreed roles for a family's work, in the unit's own words."""

from __future__ import annotations

from handlers import keeping, owners, reach
from handlers.forms import submits
from handlers.keeping import Answers, text_of
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn, Wrong
from prompts_and_forms import wording_records as wording
from prompts_and_forms.card import card, say
from storage import roles
from storage.bodies import RoleBody
from storage.tables_machinery import Draft


@submits("role")
def keep_role(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A new role from today. Written anew, the old one ends today."""
    if twin := keeping.double(turn, draft, answers):
        return twin
    place = keeping.place_of(turn, draft)
    if errors := owners.left_errors(turn, place, {"person": answers.get("person")}, draft.id):
        return Wrong(errors)
    _end_replaced(turn, draft)
    role = roles.agree(
        turn.session,
        keeping.family_of(draft),
        RoleBody(role=text_of(answers, "role"), note=text_of(answers, "note")),
        person_id=answers.get("person"),
        from_on=turn.today(),
        until_on=None,
        recorded_by_id=turn.actor().id,
        now=turn.now,
        discussion_id=draft.discussion_id,
    )
    return keeping.shown(turn, draft, keeping.keep(turn, draft, answers, subject_id=role.id))


def _end_replaced(turn: Turn, draft: Draft) -> None:
    old = keeping.replaced(turn, draft)
    role = roles.by_id(turn.session, old.subject_id or "") if old else None
    if role is not None:
        roles.end(turn.session, role, turn.today(), by_id=turn.actor().id, now=turn.now)


@button("role.end")
def end_role(turn: Turn) -> Answer:
    role = roles.by_id(turn.session, turn.event.args.get("role", ""))
    if role is None:
        raise Refused(wording.GONE)
    reach.family(turn, role.family_id)
    if role.until_on is None:
        roles.end(turn.session, role, turn.today(), by_id=turn.actor().id, now=turn.now)
    return Note(card("Role ended", say(wording.ROLE_ENDED)))
