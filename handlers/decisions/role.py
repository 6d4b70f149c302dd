"""Agreed roles for a family's work, in the unit's own words."""

from __future__ import annotations

from handlers import reach
from handlers.entries import owners, recording
from handlers.entries.recording import Answers, text_of
from handlers.forms.asking import submits
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Buttons, Choice, Menu, card, say
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import FamilyStatus
from storage.database.bodies import RoleBody
from storage.database.tables import Family
from storage.database.tables_decisions import AgreedRole
from storage.database.tables_machinery import Draft
from storage.decisions import roles
from storage.unit import people

MOST_CHOICES = 100


@submits("role")
def keep_role(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A new role from today. Written anew, the old one ends today."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    if errors := owners.left_errors(turn, context, {"person": answers.get("person")}, draft.id):
        return Wrong(errors)
    _end_replaced(turn, draft)
    role = roles.agree(
        turn.session,
        recording.family_of(draft),
        RoleBody(role=text_of(answers, "role"), note=text_of(answers, "note")),
        person_id=answers.get("person"),
        from_on=turn.today(),
        until_on=None,
        recorded_by_id=turn.actor().id,
        now=turn.now,
        discussion_id=draft.discussion_id,
    )
    return recording.shown(turn, draft, recording.keep(turn, draft, answers, subject_id=role.id))


def _end_replaced(turn: Turn, draft: Draft) -> None:
    old = recording.replaced(turn, draft)
    role = roles.by_id(turn.session, old.subject_id or "") if old else None
    if role is not None:
        roles.end(turn.session, role, turn.today(), by_id=turn.actor().id, now=turn.now)


@button("role.end", opens=True)
def end_role(turn: Turn) -> Answer:
    """From the menu on the family's card: the role holds no longer, and stays in the record."""
    role = roles.by_id(turn.session, turn.event.args.get("chosen", ""))
    if role is None:
        raise Refused(decisions_wording.GONE)
    reach.family(turn, role.family_id)
    if role.until_on is None:
        roles.end(turn.session, role, turn.today(), by_id=turn.actor().id, now=turn.now)
    return Note(card(decisions_wording.ROLE_ENDED_NOTICE, say(decisions_wording.ROLE_ENDED)))


def blocks(turn: Turn, family: Family) -> list[Block]:
    """Who does what for the family now, oldest first, with the menu that ends one."""
    now = [role for role in roles.of_family(turn.session, family.id, turn.today()) if role.until_on is None]
    if not now:
        return []
    said = [(role.id, _line(turn, role)) for role in now]
    shown = Bullets(title=decisions_wording.ROLES_NOW, items=tuple((line,) for _id, line in said))
    if family.status == FamilyStatus.CLOSED:
        return [shown]
    choices = tuple(Choice(value=role_id, label=line) for role_id, line in said[:MOST_CHOICES])
    return [shown, Buttons(items=(Menu(action="role.end", label=decisions_wording.END_ROLE, choices=choices),))]


def _line(turn: Turn, role: AgreedRole) -> str:
    who = people.name_of(turn.session, role.person_id)
    return decisions_wording.role_line(who, roles.words(turn.session, role).role, day_words.of_this_year(role.from_on))
