"""Setting up a unit: one form with the people of its channel, its meeting and whom to call."""

from __future__ import annotations

from typing import Any

from handlers.forms import newcomers
from handlers.forms.asking import ask, submits
from handlers.turn import Answer, Ask, ChannelMember, ChannelPeople, Done, Refused, Turn, Wrong
from handlers.unit import people as unit_people
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, card, say, small
from prompts_and_forms.meeting.wording import names_words
from prompts_and_forms.typed import tidy
from prompts_and_forms.unit import guessing, set_up_wording
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Membership, Unit
from storage.database.tables_machinery import Draft
from storage.unit import names, people, units

NOT_IN_UNIT = "not_in_unit"
USUAL = {"weekday": "1", "start": "09:30"}


def begin(turn: Turn, word: str) -> Answer:
    """The form, in a private channel; raises Refused elsewhere, and where nobody can say who reads the channel."""
    if turn.event.in_direct_message or not turn.event.channel:
        raise Refused(unit_wording.SET_UP_IN_CHANNEL)
    if word:
        raise Refused(unit_wording.NO_UNIT_HERE)
    if turn.event.facts.people is None:
        raise Refused(set_up_wording.CANNOT_SEE)
    return _ask(turn, turn.event.facts.people)


def _ask(turn: Turn, channel: ChannelPeople) -> Ask:
    if turn.person is None:
        name = tidy(turn.event.facts.user_name)
        turn.person = people.add_person(turn.session, chat_user=turn.event.chat_user, name=name)
    everybody = newcomers.everybody(turn)
    shown = everybody[: newcomers.LISTED]
    roles = {one.chat_user: _guess(turn, one) for one in shown}
    leads = [user for user, role in roles.items() if role == "consultant_social_worker"]
    known = {
        "name": guessing.unit_name(channel.name) or None,
        "people": [{"person": user, "role": role} for user, role in roles.items()],
        "lead": leads[0] if len(leads) == 1 else None,
        "contacts": [set_up_wording.FIRST_CONTACT],
        **USUAL,
    }
    apps = [one.name for one in channel.members if one.app]
    intro: list[Block] = [say(set_up_wording.apps_words(apps))] if apps else []
    if len(everybody) > newcomers.LISTED:
        intro.append(say(set_up_wording.MANY_PEOPLE.format(number=len(everybody), shown=len(shown))))
    args = {"channel": turn.event.channel, newcomers.MEMBERS: newcomers.as_text(shown)}
    return ask(turn, "unit", answers=known, args=args, intro=tuple(intro))


def _guess(turn: Turn, member: ChannelMember) -> str:
    """By the job title; without one, whoever sets up coordinates and the others are social workers."""
    mine = member.chat_user == turn.event.chat_user
    return guessing.role(member.title) or ("unit_coordinator" if mine else "social_worker")


# ---- keeping it


@submits("unit")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves the new unit with the people chosen from the channel; a second press finds it set up."""
    channel = draft.args["channel"]
    there = units.by_channel(turn.session, channel)
    if there is not None:
        return Done(
            card(set_up_wording.ALREADY_SET_UP, say(set_up_wording.SET_UP_A_MOMENT_AGO.format(unit=there.name)))
        )
    now = turn.event.facts.people
    if now is None:
        return Wrong({"name": set_up_wording.CANNOT_SEE_NOW})
    here = {one.chat_user for one in now.members}
    listed = {one.chat_user: one for one in newcomers.listed(draft)}
    roles = {row["person"]: row["role"] for row in answers.get("people", []) if "role" in row}
    if wrong := _faults(turn, answers, roles, [user for user in listed if user in here]):
        return Wrong(wrong)
    unit = units.add_unit(turn.session, name=tidy(answers["name"]), channel=channel, now=turn.now)
    unit.weekday, unit.start = int(answers["weekday"]), answers["start"]
    turn.session.add(unit)
    for user, role in roles.items():
        if role != NOT_IN_UNIT and user in here:
            _add(turn, unit, listed[user], role, leads=user == answers.get("lead"))
    rows = answers["contacts"]
    units.set_contacts(turn.session, unit.id, [(row["who"], row["how"]) for row in rows])
    names.tell_apart(turn.session, unit.id)
    turn.unit, turn.membership = unit, people.membership(turn.session, unit.id, turn.actor().id)
    gone = [one.name for user, one in listed.items() if user not in here]
    outside = [one for one in now.members if one.app or roles.get(one.chat_user, NOT_IN_UNIT) == NOT_IN_UNIT]
    return Done(_ready_card(turn, unit, gone, [one.name for one in outside], only_first=len(rows) == 1))


def _faults(turn: Turn, answers: dict[str, Any], roles: dict[str, str], here: list[str]) -> dict[str, str]:
    wrong = {f"people#{user}#role": set_up_wording.CHOOSE_ROLE for user in here if user not in roles}
    if units.by_name(turn.session, answers["name"]) is not None:
        wrong["name"] = unit_wording.NAME_TAKEN
    inside = {user: role for user, role in roles.items() if role != NOT_IN_UNIT and user in here}
    lead = answers.get("lead")
    if lead is not None and lead not in inside:
        wrong["lead"] = set_up_wording.LEAD_OUTSIDE
    elif lead is None and not wrong and not {"unit_coordinator", *people.MANAGER_ROLES} & set(inside.values()):
        wrong["lead"] = set_up_wording.NOBODY_ARRANGES
    if not answers.get("contacts"):
        wrong["contacts#0#who"] = unit_wording.CONTACTS_EMPTY
    return wrong | unit_people.half_filled(turn.event.values)


def _add(turn: Turn, unit: Unit, member: ChannelMember, role: str, *, leads: bool) -> Membership:
    person = people.by_chat_user(turn.session, member.chat_user)
    if person is None:
        person = people.add_person(turn.session, chat_user=member.chat_user, name="")
    if not person.name:
        names.give_name(turn.session, person, member.name, unit)
    if role == "clinician":
        person.profession = person.profession or guessing.profession(member.title)
    turn.session.add(person)
    membership = people.add_member(
        turn.session, unit_id=unit.id, person_id=person.id, roles=[role], on=turn.today(unit)
    )
    membership.linked, membership.unit_lead = role in people.MANAGER_ROLES, leads
    membership.in_meeting = not membership.linked
    turn.session.add(membership)
    turn.session.flush()
    return membership


def _ready_card(turn: Turn, unit: Unit, gone: list[str], outside: list[str], *, only_first: bool) -> Card:
    """What was set up, what is still missing, and the next step."""
    count = len(people.members(turn.session, unit.id))
    when = unit_wording.DAYS[unit.weekday or 0]
    blocks: list[Block] = [
        say(set_up_wording.ready_words(unit.name, count, when, unit.start)),
        Bullets(title=set_up_wording.PEOPLE, items=unit_people.people_lines(turn, unit)),
    ]
    if gone:
        blocks.append(say(set_up_wording.LEFT_MEANWHILE.format(who=names_words(gone))))
    if outside:
        blocks.append(say(set_up_wording.outside_words(names_words(outside))))
    if people.unit_lead(turn.session, unit.id) is None:
        blocks.append(say(set_up_wording.NO_LEAD))
    if only_first:
        blocks.append(say(set_up_wording.ONLY_FIRST_CONTACT))
    add = Button(action="family.add", label=set_up_wording.ADD_A_FAMILY, args={"unit": unit.id}, style="primary")
    inside = turn.membership is not None
    blocks += (
        [say(set_up_wording.NEXT_FAMILIES), Buttons(items=(add,))] if inside else [say(set_up_wording.NOT_YOURSELF)]
    )
    blocks.append(small(set_up_wording.CHANGE_LATER))
    return card(set_up_wording.UNIT_READY.format(unit=unit.name), *blocks)
