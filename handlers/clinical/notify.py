"""Who hears of a step of the clinical pathway: whose turn it becomes, and whom a meeting or a referral concerns."""

from __future__ import annotations

from datetime import date

from handlers.clinical import position, work_card
from handlers.render import Rendering, renders
from handlers.turn import Turn
from prompts_and_forms.card import Block, Button, Buttons, Card, card, say, small
from prompts_and_forms.clinical import pathway, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.days import day_words
from prompts_and_forms.forms.catalogue import option_label
from storage.clinical import episodes
from storage.database.tables import Entry, Family, Person
from storage.database.tables_clinical import Episode, EpisodeChange
from storage.family import families
from storage.forms import entries
from storage.messages import outbox
from storage.unit import people

AT_ONCE = {"now": "yes"}
"""On a button below all there is to read: it says the answer, so one press saves it."""


def notify_next_person(turn: Turn, family: Family, episode: Episode, change: EpisodeChange) -> None:
    """Whoever is concerned hears of it in person, but not from their own hand."""
    theirs = position.people_of_turn(turn, turn.here(), episode)
    if pathway.state(episode.state).turn:
        theirs = people.with_stand_in(turn.session, turn.here(), theirs, turn.today())
    if change.move == "book":
        return _send(turn, f"work:{change.id}/booked", [*theirs, *_coming(turn, family, change)])
    if change.to_state != change.from_state:
        _send(turn, f"work:{change.id}/turn", theirs)
    elif change.move == "refer":
        lead = people.who_confirms(turn.session, family.unit_id, turn.today())
        _send(turn, f"work:{change.id}/referred", [*([lead] if lead else []), *theirs])


def _coming(turn: Turn, family: Family, change: EpisodeChange) -> list[Person]:
    entry = turn.session.get(Entry, change.entry_id or "")
    ids = entries.answers(turn.session, entry).get("who") or [] if entry else []
    found = (people.by_id(turn.session, one) for one in ids if people.belongs(turn.session, family.unit_id, one))
    return [one for one in found if one is not None]


def _send(turn: Turn, key: str, told: list[Person]) -> None:
    for person in {one.id: one for one in told}.values():
        if person.id != turn.actor().id and person.chat_user:
            outbox.say(turn.session, f"{key}:{person.id}", now=turn.now, chat_user=person.chat_user)


@renders("work:{change_id}/turn:{person_id}")
def your_turn(view: Rendering, change_id: str, person_id: str) -> Card | None:
    """Not sent any more once the work has moved on. With what was written before, for whoever decides from here."""
    found = _still_theirs(view, change_id, person_id)
    if found is None or found[2].state != found[0].to_state:
        return None
    _change, family, episode = found
    state, label = pathway.state(episode.state), families.label_of(view.session, family.id)
    before = [quote for move in state.usual for quote in position.said_before(view.session, family, move)]
    said: list[Block] = [say(clinical_wording.your_turn(label, state.name)), *before]
    if "confirm" in state.usual and episode.clinician_id:
        said.append(say(clinical_wording.WOULD_DO.format(who=people.name_of(view.session, episode.clinician_id))))
    return _message(view, family, said, state.next, person_id)


@renders("work:{change_id}/booked:{person_id}")
def booked(view: Rendering, change_id: str, person_id: str) -> Card | None:
    """When and where the commissioning meeting is; not sent once another day was booked."""
    found = _still_theirs(view, change_id, person_id)
    said = _answers(view, found[0]) if found else {}
    day = str(said.get("date") or "")
    if found is None or not day or found[2].next_on != date.fromisoformat(day):
        return None
    when = ", ".join(
        part
        for part in (
            day_words.in_full(date.fromisoformat(day)),
            said.get("time"),
            str(said.get("place") or "").strip(),
        )
        if part
    )
    state, label = pathway.state("commissioning_booked"), families.label_of(view.session, found[1].id)
    return _message(
        view,
        found[1],
        [say(clinical_wording.MEETING_BOOKED.format(family=label, when=when))],
        state.next,
        person_id,
    )


@renders("work:{change_id}/referred:{person_id}")
def referred(view: Rendering, change_id: str, person_id: str) -> Card | None:
    """A referral beside work that goes on."""
    found = _still_theirs(view, change_id, person_id)
    if found is None:
        return None
    said, label = _answers(view, found[0]), families.label_of(view.session, found[1].id)
    to = ", ".join(
        part for part in (said.get("service"), option_label("panel_referral", "tier", said.get("tier"))) if part
    )
    who = (
        clinical_wording.OUTSIDE_UNIT
        if said.get("referrer") == "outside"
        else people.name_of(view.session, said.get("referrer"))
    )
    return _message(
        view,
        found[1],
        [say(clinical_wording.REFERRED.format(family=label, to=to, who=who))],
        "",
    )


def _still_theirs(view: Rendering, change_id: str, person_id: str) -> tuple[EpisodeChange, Family, Episode] | None:
    change = view.session.get(EpisodeChange, change_id)
    family = view.session.get(Family, change.family_id) if change else None
    episode = episodes.current(view.session, family.id) if family else None
    if change is None or family is None or episode is None:
        return None
    return (change, family, episode) if people.belongs(view.session, family.unit_id, person_id) else None


def _answers(view: Rendering, change: EpisodeChange) -> dict[str, str]:
    entry = view.session.get(Entry, change.entry_id or "")
    return entries.answers(view.session, entry) if entry else {}


def _steps(view: Rendering, family: Family, person_id: str) -> list[Button]:
    membership = people.belongs(view.session, family.unit_id, person_id) if person_id else None
    episode = episodes.current(view.session, family.id)
    if membership is None or episode is None:
        return []
    standing = episodes.standing(view.session, family.id, episode, position.roles_of(membership))
    return [one for move in pathway.usual(standing) for one in work_card.buttons_of(family, episode, move, AT_ONCE)]


def _message(view: Rendering, family: Family, said: list[Block], after: str, person_id: str = "") -> Card:
    """With the steps that come next, where they are this person's, and the whole card behind a button."""
    ref = families.body(view.session, family).ref
    steps = _steps(view, family, person_id)
    open_it = Button(action="work.show", label=work_wording.SHOW_THE_WORK, args={"family": family.id})
    items = (*steps, open_it, work_card.urgent_button(family))
    buttons = Buttons(items=(items[0].model_copy(update={"style": "primary"}), *items[1:]))
    return card(work_wording.CLINICAL_WORK_WITH.format(ref=ref), *said, *((small(after),) if after else ()), buttons)
