"""Urgent Tier 3: one press from anywhere, and everybody who must know sees whom to call. Nothing is typed first."""

from __future__ import annotations

from sqlmodel import Session

from handlers import emergency, safe_contact
from handlers.reach import note_read
from handlers.render import Rendering, renders
from handlers.turn import Answer, Note, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Heading, Strong, card, say
from prompts_and_forms.clinical import pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.states import WorkState
from storage.clinical import episodes
from storage.database.tables import Family, Person, Unit
from storage.database.tables_clinical import EpisodeChange
from storage.family import families
from storage.messages import outbox
from storage.unit import people, units

CALLED = ("clinical_manager", "clinician")


def call(turn: Turn, family: Family) -> Answer:
    """The instructions at once for whoever pressed, and as a new safety message for the unit and its managers."""
    note_read(turn, family)
    episode = episodes.current(turn.session, family.id) or episodes.begin(turn.session, family, turn.today(), turn.now)
    known = episodes.body(turn.session, episode)
    known.awaiting = list(dict.fromkeys([*known.awaiting, "tier3_plan"]))
    episodes.keep(turn.session, episode, known)
    move = pathway.move("urgent")
    change = episodes.advance(
        turn.session,
        family,
        episode,
        move,
        WorkState.URGENT_TIER3,
        on=turn.today(),
        by_id=turn.actor().id,
        now=turn.now,
    )
    send(turn, family, change)
    return Note(_in_full(turn.session, family, change))


def send(turn: Turn, family: Family, change: EpisodeChange) -> None:
    """New messages that go before everything else: in the unit's channel, and to those who answer for the work."""
    unit = units.by_id(turn.session, family.unit_id)
    if unit is None:
        return
    key = f"urgent:{change.id}"
    outbox.say(turn.session, key, now=turn.now, channel=unit.channel, priority=outbox.SAFETY)
    for person in _told(turn, unit):
        if person.id != turn.actor().id and person.chat_user:
            mine = f"{key}/to:{person.id}"
            outbox.say(turn.session, mine, now=turn.now, chat_user=person.chat_user, priority=outbox.SAFETY)


def _told(turn: Turn, unit: Unit) -> list[Person]:
    """The lead, those who are called, and while the lead is away who hears instead."""
    found = [people.unit_lead(turn.session, unit.id), people.who_hears(turn.session, unit, turn.today(unit))]
    for role in CALLED:
        found += people.with_role(turn.session, unit.id, role)
    return people.with_stand_in(turn.session, unit, found, turn.today(unit))


def _card(session: Session, family: Family, change: EpisodeChange, about: tuple[Block, ...]) -> Card:
    """Who called for it, what to do and whom to call, then a button to keep what was done."""
    unit = units.by_id(session, family.unit_id)
    at = change.at.astimezone(units.zone(unit))
    called = clinical_wording.urgent_by(people.name_of(session, change.by_id), f"{at:%H:%M}")
    done = {"family": family.id, "move": "tier3", "at": ""}
    buttons = (
        Button(action="work.move", label=pathway.move("tier3").label, args=done, style="primary"),
        Button(action="work.show", label=clinical_wording.WHICH_FAMILY_URGENT, args={"family": family.id}),
    )
    return card(
        clinical_wording.URGENT_NOTICE,
        Heading(text=clinical_wording.URGENT_TITLE),
        say(Strong(text=called)),
        *about,
        Bullets(title=clinical_wording.URGENT_CALL, items=tuple((line,) for line in clinical_wording.URGENT_STEPS)),
        *emergency.contact_blocks(session, family.unit_id),
        Buttons(items=buttons),
    )


def _in_full(session: Session, family: Family, change: EpisodeChange) -> Card:
    """With the family and how its carers must not be contacted: for one person only."""
    label = families.label_of(session, family.id)
    about = (say(work_wording.ABOUT_FAMILY.format(label=label)), *safe_contact.blocks(session, [family.id]))
    return _card(session, family, change, about)


@renders("urgent:{change_id}")
def in_the_channel(view: Rendering, change_id: str) -> Card | None:
    """Without a word of the family: it does not wait until it is known who reads the channel."""
    change = view.session.get(EpisodeChange, change_id)
    family = view.session.get(Family, change.family_id) if change else None
    return _card(view.session, family, change, ()) if change and family else None


@renders("urgent:{change_id}/to:{person_id}")
def in_person(view: Rendering, change_id: str, person_id: str) -> Card | None:
    """With the family, for whoever must know; nothing for somebody who is not in the unit any more."""
    change = view.session.get(EpisodeChange, change_id)
    family = view.session.get(Family, change.family_id) if change else None
    if change is None or family is None or people.belongs(view.session, family.unit_id, person_id) is None:
        return None
    return _in_full(view.session, family, change)
