"""The work of somebody who leaves: one list, one form, and each who goes on with something hears of it."""

from __future__ import annotations

from typing import Any

from handlers.decisions import reflection
from handlers.entries.recording import rows_of
from handlers.forms import handed_on, work_left
from handlers.forms.asking import ask, submits
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from handlers.unit import leavers
from handlers.unit import people as unit_people
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, card, say, small
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.unit import leaving_wording as wording
from prompts_and_forms.unit import who
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Family, Hypothesis, Membership, Person, Unit
from storage.database.tables_clinical import Episode
from storage.database.tables_machinery import Draft
from storage.decisions import actions, conversations, roles
from storage.forms import entries
from storage.messages import outbox
from storage.unit import people, units
from storage.unit.work_left import Kind, Work, of_person

# ---- leaving


@button("unit.leaver", opens=True)
def about_leaver(turn: Turn) -> Answer:
    """What somebody would leave behind, and the button that takes them out."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    _place, person = unit_people.somebody(turn, unit)
    leave = Button(
        action="unit.left",
        label=unit_wording.LEAVES_TODAY.format(who=person.name),
        args={"unit": unit.id, "person": person.id},
        style="danger",
    )
    return Note(
        card(
            unit_wording.SOMEBODY_LEAVES_THE_UNIT,
            say(unit_wording.WHAT_LEAVING_MEANS.format(who=person.name, unit=unit.name)),
            *in_hand(turn, unit, person),
            Buttons(items=(leave,)),
        )
    )


@button("unit.left", opens=True)
def take_out(turn: Turn) -> Answer:
    """Somebody has left the unit: their records stay, and what they leave behind is listed."""
    unit = turn.here()
    unit_people.must_arrange(turn, unit)
    membership, person = unit_people.somebody(turn, unit)
    led = membership.unit_lead
    people.leave_unit(turn.session, membership, turn.today(unit))
    unit_people.chair_in_place_of(turn, unit, person.id)
    unit_people.somebody_must_arrange(turn, unit)
    blocks: list[Block] = [say(unit_wording.HAS_LEFT.format(who=person.name, unit=unit.name))]
    if led:
        blocks.append(say(unit_wording.NO_LEAD_NOW))
    blocks += [small(unit_wording.TAKE_OUT_OF_CHANNEL), *leavers.hand_over(turn, unit, person)]
    return Note(card(unit_wording.SOMEBODY_HAS_LEFT, *blocks, *in_hand(turn, unit, person)))


# ---- their work


def button_for(unit: Unit, person: Person) -> Button:
    """Opens the form with everything somebody has in hand."""
    return Button(action="unit.work_left", label=wording.HAND_OVER, args={"unit": unit.id, "person": person.id})


def in_hand(turn: Turn, unit: Unit, person: Person) -> list[Block]:
    """The list of it; one sentence where there is nothing."""
    found = of_person(turn.session, unit.id, person.id, turn.now)
    if not found:
        return [say(wording.NOTHING.format(who=person.name))]
    lines = tuple((work_left.label(turn.session, one),) for one in found)
    return [Bullets(title=wording.IN_HAND, items=lines), Buttons(items=(button_for(unit, person),))]


@button("unit.work_left", opens=True)
def ask_who(turn: Turn) -> Answer:
    """Everything in hand, with somebody to choose for each; for those who look after the unit anybody's."""
    unit, person = _whose(turn, turn.event.args.get("person"))
    if not of_person(turn.session, unit.id, person.id, turn.now):
        return Note(card(wording.NOTICE, say(wording.NOTHING.format(who=person.name))))
    return ask(turn, "work_left", unit_id=unit.id, args={work_left.PERSON: person.id})


def _whose(turn: Turn, person_id: str | None) -> tuple[Unit, Person]:
    unit, person = turn.here(), people.by_id(turn.session, person_id)
    if person is None or people.membership(turn.session, unit.id, person.id) is None:
        raise Refused(unit_wording.NOT_IN_THE_UNIT.format(who=unit_wording.THIS_PERSON))
    if person.id != turn.actor().id:
        unit_people.must_arrange(turn, unit)
    return unit, person


@submits("work_left")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Each thing somebody is named for changes hands; the rest stays as it is."""
    unit, person = _whose(turn, draft.args.get(work_left.PERSON))
    there = {one.key: one for one in of_person(turn.session, unit.id, person.id, turn.now)}
    rows = [(there[row["work"]], str(row["to"])) for row in rows_of(answers, "rows") if _is_new(row, there, person)]
    wrong = {f"rows#{one.key}#to": sentence for one, to in rows if (sentence := _fault(turn, unit, one, to))}
    if wrong:
        return Wrong(wrong)
    for one, to in rows:
        _hand(turn, unit, one, to)
    for to in sorted({to for _one, to in rows} - {turn.actor().id}):
        taker = people.by_id(turn.session, to)
        if taker is not None:
            key = f"unit:{unit.id}/work_of:{person.id}/{turn.actor().id}/{draft.id}/to:{to}"
            outbox.say(turn.session, key, now=turn.now, chat_user=taker.chat_user)
    left = len(of_person(turn.session, unit.id, person.id, turn.now))
    said = say(wording.handed(len(rows), left, person.name))
    return Done(card(wording.NOTICE, said, *(in_hand(turn, unit, person) if left else [])))


def _is_new(row: dict[str, Any], there: dict[str, Work], person: Person) -> bool:
    return row.get("work") in there and bool(row.get("to")) and row["to"] != person.id


def _fault(turn: Turn, unit: Unit, one: Work, to: str) -> str:
    membership: Membership | None = people.belongs(turn.session, unit.id, to)
    if membership is None:
        return wording.NOT_HERE
    return "" if one.kind is not Kind.CLINICIAN or who.CLINICAL & set(membership.roles) else wording.NOT_A_CLINICIAN


def _hand(turn: Turn, unit: Unit, one: Work, to: str) -> None:
    session, me = turn.session, turn.actor().id
    today = turn.today(unit)
    if one.kind is Kind.LEADS:
        family = session.get_one(Family, one.row_id)
        family.lead_worker_id = to
        session.add(family)
    elif one.kind is Kind.CLINICIAN:
        episode = session.get_one(Episode, one.row_id)
        episode.clinician_id = to
        session.add(episode)
    elif one.kind is Kind.ACTION:
        action = actions.by_id(session, one.row_id)
        assert action is not None
        actions.hand_over(session, action, to, None, actions.Change(by_id=me, now=turn.now, today=today))
    elif one.kind is Kind.ROLE:
        _role(turn, one, to)
    elif one.kind is Kind.TEST:
        idea = session.get_one(Hypothesis, one.row_id)
        idea.test_owner_id = to
        session.add(idea)
    elif one.kind is Kind.TALK:
        _conversation(turn, unit, one, to)
    else:
        _draft(turn, one, to)
    session.flush()


def _role(turn: Turn, one: Work, to: str) -> None:
    """The old one ends today and the same begins for somebody else."""
    session, today, me = turn.session, turn.today(), turn.actor().id
    role = roles.by_id(session, one.row_id)
    assert role is not None
    body = roles.words(session, role)
    roles.end(session, role, today, by_id=me, now=turn.now)
    roles.agree(
        session, one.family_id, body, person_id=to, from_on=today, until_on=None, recorded_by_id=me, now=turn.now
    )


def _conversation(turn: Turn, unit: Unit, one: Work, to: str) -> None:
    entries.keep(
        turn.session,
        form=load_form(conversations.HANDED),
        answers={"to": to},
        person_id=turn.actor().id,
        unit_id=unit.id,
        now=turn.now,
        family_id=one.family_id,
        subject_id=one.row_id,
    )


def _draft(turn: Turn, one: Work, to: str) -> None:
    """A half-written form; a private look stays with its writer."""
    draft = turn.session.get_one(Draft, one.row_id)
    reflection.keep_own(turn, draft)
    handed_on.remember(draft, draft.person_id)
    draft.person_id = to
    turn.session.add(draft)


@renders("unit:{unit_id}/work_of:{person_id}/{by_id}/{draft_id}/to:{reader_id}")
def draw_taken(view: Rendering, unit_id: str, person_id: str, by_id: str, draft_id: str, reader_id: str) -> Card | None:
    """For somebody who goes on with it: from whom, and where to see it."""
    unit = units.by_id(view.session, unit_id)
    if unit is None or people.belongs(view.session, unit_id, reader_id) is None:
        return None
    by, whose = people.name_of(view.session, by_id), people.name_of(view.session, person_id)
    return card(wording.NOTICE, say(wording.taken(by, whose, unit.name)))
