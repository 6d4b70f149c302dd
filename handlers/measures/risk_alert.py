"""An answer that needs a person today: who is told, at once, and that somebody has read it.

Source: the hazard log (an answer about suicide must not stay unseen behind a total). The bot judges no risk.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from handlers import reach
from handlers.emergency import contact_blocks
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn
from prompts_and_forms.card import Block, Button, Buttons, Card, Heading, Strong, card, say, small
from prompts_and_forms.measures import catalogue
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.states import MemberStatus
from prompts_and_forms.unit import who
from storage.database.tables import Family, Membership, Person, Unit
from storage.database.tables_measures import Measure
from storage.family import families
from storage.measures import measures
from storage.messages import outbox
from storage.unit import people, units

NEEDS_A_PERSON = ("yes", "unsure")


def tell(turn: Turn, row: Measure, old: Measure | None = None) -> list[Block]:
    """Tells the clinician, the clinical manager and the unit lead at once; answers what whoever entered it reads."""
    body = measures.body(turn.session, row)
    if body.alert not in NEEDS_A_PERSON:
        return []
    before = measures.body(turn.session, old).alert if old is not None else ""
    told = told_people(turn.session, row.unit_id, turn.today(units.by_id(turn.session, row.unit_id)))
    if before not in NEEDS_A_PERSON:
        for person in told:
            key = f"measure:{row.id}/alert:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user, priority=outbox.SAFETY)
    others = [person.name for person in told if person.id != turn.actor().id]
    return [
        say(Strong(text=measures_wording.ALERT_FIRST)),
        say(measures_wording.alert_told(others)),
        *contact_blocks(turn.session, row.unit_id),
    ]


def told_people(session: Session, unit_id: str, day: date) -> list[Person]:
    """Each person once; whoever is away has their cover told too, and the deputy stands in for the lead.

    Where none of them is there, whoever hears for the unit that day.
    """
    memberships = people.members(session, unit_id)
    unit = session.get_one(Unit, unit_id)
    ids: list[str] = []
    for membership, _person in memberships:
        if membership.unit_lead or who.CLINICAL & set(membership.roles):
            ids += [membership.person_id, *_stand_ins(membership, unit)]
    found = {person.id: person for _place, person in memberships}
    return people.with_stand_in(session, unit, (found.get(person_id) for person_id in ids), day)


def _stand_ins(membership: Membership, unit: Unit) -> list[str]:
    away = membership.status == MemberStatus.ON_LEAVE or membership.leave_from is not None
    if not away:
        return []
    deputy = unit.deputy_id if membership.unit_lead else None
    return [person_id for person_id in (membership.cover_id, deputy) if person_id]


@renders("measure:{measure_id}/alert:{person_id}")
def draw(view: Rendering, measure_id: str, person_id: str) -> Card | None:
    """A new message, never edited. The notification names no family."""
    row = measures.by_id(view.session, measure_id)
    if row is None:
        return None
    session = view.session
    family, unit = session.get_one(Family, row.family_id), session.get_one(Unit, row.unit_id)
    body = measures.body(session, row)
    on = f" on {row.completed_on.day} {row.completed_on:%B}" if row.completed_on else ""
    child = next(
        (
            known.key
            for kept, known in families.children(session, family.id, include_gone=True)
            if kept.id == row.child_id
        ),
        "",
    )
    said = measures_wording.alert_said(
        catalogue.label_of(row.measure, row.form), families.label(session, family, unit), child, body.informant, on
    )
    args = {"measure": row.id, "family": family.id}
    return Card(
        notice=measures_wording.ALERT_NOTICE,
        blocks=(
            Heading(text=measures_wording.ALERT_TITLE),
            say(said),
            say(measures_wording.ALERT_UNSURE if body.alert == "unsure" else measures_wording.ALERT_YES),
            say(measures_wording.ALERT_NOW),
            *contact_blocks(session, row.unit_id),
            small(measures_wording.alert_by(people.name_of(session, row.recorded_by_id))),
            Buttons(
                items=(
                    Button(
                        action="measure.alert_read", label=measures_wording.I_HAVE_READ_THIS, args=args, style="primary"
                    ),
                    Button(action="measure.show", label=measures_wording.SEE_ENTRY, args=args),
                )
            ),
        ),
    )


@button("measure.alert_read", opens=True)
def alert_read(turn: Turn) -> Answer:
    """Keeps who read it and tells the person who entered it."""
    row = measures.by_id(turn.session, turn.event.args.get("measure"))
    if row is None:
        raise Refused(measures_wording.GONE)
    reach.family(turn, row.family_id)
    first = measures.read_alert(turn.session, row, by_id=turn.actor().id, now=turn.now)
    recorder = people.by_id(turn.session, row.recorded_by_id)
    if first and recorder is not None and recorder.id != turn.actor().id:
        key = f"measure:{row.id}/alert_read"
        outbox.say(turn.session, key, now=turn.now, chat_user=recorder.chat_user, priority=outbox.SAFETY)
    said = (
        measures_wording.ALERT_THANKS
        if first
        else measures_wording.alert_already(people.name_of(turn.session, row.alert_read_by_id))
    )
    return Note(card(said, say(said), say(measures_wording.ALERT_STILL)))


@renders("measure:{measure_id}/alert_read")
def draw_read(view: Rendering, measure_id: str) -> Card | None:
    """Who has read an alert; nothing until somebody has."""
    row = measures.by_id(view.session, measure_id)
    if row is None or row.alert_read_by_id is None:
        return None
    return card(
        measures_wording.ALERT_NOTICE,
        say(measures_wording.alert_was_read(people.name_of(view.session, row.alert_read_by_id))),
    )
