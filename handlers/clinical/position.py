"""Where clinical work with a family is, and whose turn it is: asked here by every card that says so."""

from __future__ import annotations

from sqlmodel import Session

from handlers import reach
from handlers.entries.recording import text_of
from handlers.turn import Refused, Turn
from prompts_and_forms.card import Quote
from prompts_and_forms.clinical import pathway
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.pathway import Standing
from prompts_and_forms.days import day_words
from prompts_and_forms.states import FamilyStatus
from storage.clinical import episodes
from storage.database.tables import Family, Membership, Person, Unit
from storage.database.tables_clinical import Episode
from storage.forms import entries
from storage.unit import people


def pathway_position(turn: Turn, family: Family, episode: Episode | None) -> Standing:
    """Where the work stands for whoever acts. The unit lead speaks as consultant social worker."""
    return episodes.standing(turn.session, family.id, episode, roles_of(turn.membership))


def roles_of(membership: Membership | None) -> set[str]:
    """The roles somebody speaks in about clinical work. The unit lead speaks as consultant social worker."""
    roles = set(membership.roles) if membership else set()
    return roles | {"consultant_social_worker"} if membership is not None and membership.unit_lead else roles


def open_family(turn: Turn, family_id: str | None) -> Family:
    """The family, where the person may see it and it is open; raises Refused otherwise."""
    family = reach.family(turn, family_id)
    if family.status == FamilyStatus.CLOSED:
        raise Refused(clinical_wording.CLOSED_FAMILY)
    return family


def whose_turn(turn: Turn, unit: Unit, episode: Episode | None) -> str:
    """Whose turn it is, in words, also where nobody holds the role."""
    names = [person.name for person in people_of_turn(turn, unit, episode)]
    state = pathway.state(episode.state if episode else pathway.FIRST)
    return clinical_wording.turn_words(names) if names or not state.turn else clinical_wording.nobody_yet(state.turn)


def people_of_turn(turn: Turn, unit: Unit, episode: Episode | None) -> list[Person]:
    """Whose turn it is, by name: the family's own clinician where there is one."""
    state = pathway.state(episode.state if episode else pathway.FIRST)
    found: dict[str, Person] = {}
    for role in state.turn:
        asked = people.with_role(turn.session, unit.id, role)
        own = people.by_id(turn.session, episode.clinician_id) if episode and role == "clinician" else None
        if own is not None and people.belongs(turn.session, unit.id, own.id):
            asked = [own]
        lead = people.unit_lead(turn.session, unit.id) if role == "consultant_social_worker" else None
        found |= {person.id: person for person in ([lead] if lead else asked)}
    return list(found.values())


def differing_views(turn: Turn, unit: Unit, episode: Episode) -> str:
    """Which step of settling different views it is, and who takes part."""
    step = episode.differ_step
    role = pathway.DIFFER_ROLES[step - 1]
    who = [person.name for person in people.with_role(turn.session, unit.id, role)]
    return clinical_wording.differ_step(step, pathway.DIFFER_STEPS[step - 1], who)


# ---- what was written before a step


BEFORE = {
    "agree": (("initial_consultation", "discussion"), ("joint_visit", "noticed")),
    "confirm": (("initial_consultation", "discussion"), ("care_plan", "work")),
    "panel": (("panel_referral", "asked_for"),),
    "review": (("session", "progress"), ("assessment", "plan")),
}
"""Step -> what was written before it, as (form, question)."""
MOST_QUOTED = 900


def said_before(session: Session, family: Family, move_id: str) -> tuple[Quote, ...]:
    """What whoever decides needs to read first, with who wrote it and when."""
    found = (_quote(session, family, form, key) for form, key in BEFORE.get(move_id, ()))
    return tuple(quote for quote in found if quote is not None)


def _quote(session: Session, family: Family, form: str, key: str) -> Quote | None:
    entry = entries.newest_of_family(session, family.id, form)
    text = text_of(entries.answers(session, entry), key).strip() if entry else ""
    if entry is None or not text:
        return None
    by = f"{people.name_of(session, entry.recorded_by_id)}, {day_words.in_full(entry.recorded_at.date())}"
    return Quote(text=text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED].rstrip()}…", by=by)
