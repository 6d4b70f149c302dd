"""The day a family goes to another unit: everything goes along, and both units hear."""

from __future__ import annotations

from functools import partial
from typing import Any

from handlers import documents, reach
from handlers.decisions import reflection
from handlers.entries import recording
from handlers.family import transfer_messages
from handlers.family.checks import worker_faults
from handlers.forms import handed_on
from handlers.forms.asking import ask, submits
from handlers.render import Rendering, renders
from handlers.routes import button, by_itself, tick
from handlers.turn import Answer, Done, Nothing, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Card, card, say
from prompts_and_forms.family import transfer_wording as wording
from prompts_and_forms.states import MemberStatus, TransferState
from storage.clinical import episodes
from storage.database.tables import Family, Person, Unit
from storage.database.tables_machinery import Draft, FamilyMove
from storage.decisions import actions
from storage.family import families, moved_rows, transfers
from storage.messages import outbox
from storage.unit import people


@tick("transfers", every_minutes=5)
def every_few_minutes(turn: Turn) -> Answer:
    """What was accepted goes on its day, as soon as no meeting holds it up."""
    for move in transfers.due(turn.session, turn.today()):
        by_itself(turn, "transfer", partial(move_if_free, turn, move))
    return Nothing()


def move_if_free(turn: Turn, move: FamilyMove) -> bool:
    """Whether the family went; not while a meeting has it, nor to a unit that has nobody left to take it."""
    ours = turn.session.get_one(Unit, move.to_unit_id)
    if transfers.is_held_up(turn.session, move) or not people.who_can_say_yes(turn.session, ours):
        _say_it_waits(turn, move)
        return False
    worker = move.lead_worker_id if people.belongs(turn.session, ours.id, move.lead_worker_id) else None
    taker = worker or _lead(turn, ours)
    before = _who_had_it(turn, move)
    writers = _hand_drafts_on(turn, move, taker)
    moved_rows.carry(turn.session, move, lead_worker_id=worker, on=turn.today(ours), now=turn.now)
    for person in _who_has_it(turn, ours, worker):
        key = f"transfer:{move.id}/moved/to:{person.id}"
        outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)
    for person in {one.id: one for one in (*before, *writers)}.values():
        if people.belongs(turn.session, ours.id, person.id) is None:
            key = f"transfer:{move.id}/gone/to:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)
    return True


def _say_it_waits(turn: Turn, move: FamilyMove) -> None:
    """Once: whoever asked and whoever said yes hear on the day why the family is not there yet."""
    for person_id in dict.fromkeys((move.asked_by_id, move.answered_by_id)):
        person = people.by_id(turn.session, person_id)
        if person is not None:
            key = f"transfer:{move.id}/waits/to:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)


@renders("transfer:{move_id}/waits/to:{reader_id}")
def draw_waits(view: Rendering, move_id: str, reader_id: str) -> Card | None:
    """What has to happen before a family can go; None once it went, or for somebody who speaks for neither unit."""
    session = view.session
    move = transfers.get(session, move_id)
    if move is None or move.state != TransferState.ACCEPTED:
        return None
    if not any(people.belongs(session, one, reader_id) for one in (move.from_unit_id, move.to_unit_id)):
        return None
    ours = session.get_one(Unit, move.to_unit_id)
    able, label = people.who_can_say_yes(session, ours), families.label_of(session, move.family_id)
    return card(wording.NOTICE, say(wording.still_waits(label, "" if able else ours.name)))


def _lead(turn: Turn, unit: Unit) -> str:
    return people.who_can_say_yes(turn.session, unit)[0].id


def _who_had_it(turn: Turn, move: FamilyMove) -> list[Person]:
    unit, family = turn.session.get_one(Unit, move.from_unit_id), turn.session.get_one(Family, move.family_id)
    worker = people.by_id(turn.session, family.lead_worker_id)
    return [*people.whom_to_tell(turn.session, unit, turn.today(unit)), *([worker] if worker else [])]


def _who_has_it(turn: Turn, unit: Unit, worker_id: str | None) -> list[Person]:
    worker = people.by_id(turn.session, worker_id)
    found = [*people.whom_to_tell(turn.session, unit, turn.today(unit)), *([worker] if worker else [])]
    return list({one.id: one for one in found}.values())


def _hand_drafts_on(turn: Turn, move: FamilyMove, taker_id: str) -> list[Person]:
    """Half-written forms go to whoever leads on from now; a private look stays with its writer. Their writers."""
    writers = []
    for draft in moved_rows.begun_outside(turn.session, move.family_id, move.to_unit_id):
        writer = people.by_id(turn.session, draft.person_id)
        reflection.keep_own(turn, draft)
        handed_on.remember(draft, draft.person_id)
        draft.args = {**draft.args, transfers.WENT_WITH: move.id}
        draft.person_id = taker_id
        turn.session.add(draft)
        writers += [writer] if writer else []
    turn.session.flush()
    return writers


# ---- what both read


@renders("transfer:{move_id}/moved/to:{reader_id}")
def draw_moved(view: Rendering, move_id: str, reader_id: str) -> Card | None:
    """For those who have the family now: the pack, and who goes on with what."""
    session = view.session
    move = transfers.get(session, move_id)
    family = families.by_id(session, move.family_id) if move else None
    if move is None or family is None or move.state != TransferState.MOVED or family.unit_id != move.to_unit_id:
        return None
    membership = people.belongs(session, move.to_unit_id, reader_id)
    if membership is None or membership.status == MemberStatus.LEFT:
        return None
    before = session.get_one(Unit, move.from_unit_id)
    blocks: list[Block] = [say(wording.arrived(families.label_of(session, family.id), before.name))]
    theirs = _still_theirs(view, family)
    if theirs:
        blocks.append(say(wording.still_theirs(theirs)))
    args = {"family": family.id}
    items = (
        Button(action="transfer.owners", label=wording.OPEN_ACTIONS, args=args, style="primary"),
        *transfer_messages.named(documents.buttons("handover", move.id, unit=move.to_unit_id)),
    )
    return card(wording.NOTICE, *blocks, Buttons(items=items))


def _still_theirs(view: Rendering, family: Family) -> list[str]:
    """The people outside the unit who have open actions, each once."""
    owners = dict.fromkeys(one.owner_id for one in actions.open_actions(view.session, family.id) if one.owner_id)
    return [
        people.name_of(view.session, one) for one in owners if people.belongs(view.session, family.unit_id, one) is None
    ]


@renders("transfer:{move_id}/gone/to:{reader_id}")
def draw_gone(view: Rendering, move_id: str, reader_id: str) -> Card | None:
    """For those who had it: where it is, and who has what they had begun."""
    found = transfers.tombstone(view.session, move_id, reader_id)
    if found is None:
        return None
    blocks: list[Block] = [say(wording.gone(found.ref, found.to_unit, found.on))]
    if found.taken_by:
        blocks.append(say(wording.drafts_went(people.name_of(view.session, found.taken_by))))
    return card(wording.NOTICE, *blocks)


# ---- who goes on with what


@button("transfer.owners", opens=True)
def ask_owners(turn: Turn) -> Answer:
    """Everything that is open, with somebody for each."""
    family = reach.family(turn, turn.event.args.get("family"))
    here = turn.here()
    worker = family.lead_worker_id if people.belongs(turn.session, here.id, family.lead_worker_id) else None
    return ask(turn, "family_receive", family_id=family.id, answers={"lead_worker": worker})


@submits("family_receive")
def keep_owners(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Each open action that somebody is named for changes hands; the others stay with who has them."""
    family = reach.family(turn, draft.family_id)
    unit = turn.here()
    if wrong := worker_faults(turn, unit, answers.get("lead_worker")):
        return Wrong(wrong)
    change = actions.Change(by_id=turn.actor().id, now=turn.now, today=turn.today())
    for row in recording.rows_of(answers, "actions"):
        action, to = actions.by_id(turn.session, str(row.get("action") or "")), row.get("to")
        if action is None or action.family_id != family.id or not to or to == actions.owner_of(action):
            continue
        if to != actions.OUTSIDE and people.belongs(turn.session, unit.id, str(to)) is None:
            raise Refused(wording.CHOOSE_SOMEBODY_HERE)
        actions.hand_over(turn.session, action, str(to), None, change)
    if answers.get("lead_worker"):
        family.lead_worker_id = answers["lead_worker"]
    episode = episodes.current(turn.session, family.id)
    if answers.get("clinician") and episode is not None:
        episode.clinician_id = answers["clinician"]
        turn.session.add(episode)
    turn.session.add(family)
    recording.keep(turn, draft, answers, subject_id=family.id)
    return Done(card(wording.NOTICE, say(wording.GONE_ON)))
