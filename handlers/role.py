"""Agreed roles for a family's work, in the unit's own words."""

from __future__ import annotations

from handlers import keeping, owners, reach
from handlers.forms import submits
from handlers.keeping import Answers, text_of
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn, Wrong
from prompts_and_forms import wording_records as wording
from prompts_and_forms.card import Block, Bullets, Buttons, Choice, Menu, card, say
from prompts_and_forms.wording_meeting import short_day
from storage import people, roles
from storage.bodies import RoleBody
from storage.tables import AgreedRole, Family
from storage.tables_machinery import Draft

MOST_CHOICES = 100


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
    """From the menu on the family's card: the role holds no longer, and stays in the record."""
    role = roles.by_id(turn.session, turn.event.args.get("chosen", ""))
    if role is None:
        raise Refused(wording.GONE)
    reach.family(turn, role.family_id)
    if role.until_on is None:
        roles.end(turn.session, role, turn.today(), by_id=turn.actor().id, now=turn.now)
    return Note(card("Role ended", say(wording.ROLE_ENDED)))


def blocks(turn: Turn, family: Family) -> list[Block]:
    """Who does what for the family now, oldest first, with the menu that ends one."""
    now = [role for role in roles.of_family(turn.session, family.id, turn.today()) if role.until_on is None]
    if not now:
        return []
    said = [(role.id, _line(turn, role)) for role in now]
    shown = Bullets(title=wording.ROLES_NOW, items=tuple((line,) for _id, line in said))
    if family.status == "closed":
        return [shown]
    choices = tuple(Choice(value=role_id, label=line) for role_id, line in said[:MOST_CHOICES])
    return [shown, Buttons(items=(Menu(action="role.end", label=wording.END_ROLE, choices=choices),))]


def _line(turn: Turn, role: AgreedRole) -> str:
    who = people.name_of(turn.session, role.person_id)
    return wording.role_line(who, roles.words(turn.session, role).role, short_day(role.from_on))
