"""The unit that is asked for a family says yes or no."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.family import transfer_day, transfer_messages
from handlers.family.checks import worker_faults
from handlers.family.transfer import meeting_faults, meeting_time
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Refused, Turn, Wrong
from prompts_and_forms.card import card, say
from prompts_and_forms.family import transfer_wording as wording
from prompts_and_forms.states import TransferState
from storage.database.tables import Unit
from storage.database.tables_machinery import Draft, FamilyMove
from storage.family import families, transfers
from storage.forms import drafts, entries, published


@button("transfer.accept", opens=True)
def accept(turn: Turn) -> Answer:
    """The form for a yes: who leads, and when the two units meet."""
    move = _asked(turn, turn.event.args.get("transfer"))
    known: dict[str, Any] = {}
    if move.meeting_at is not None:
        at = move.meeting_at.astimezone(turn.zone())
        known = {"meeting_on": at.date().isoformat()}
        known |= {"meeting_at": f"{at:%H:%M}"} if (at.hour, at.minute) != (0, 0) else {}
    return ask(
        turn, "family_move_accept", family_id=move.family_id, unit_id=move.to_unit_id, answers=known,
        args={"transfer": move.id},
    )  # fmt: skip


@submits("family_move_accept")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The yes counts for everything that was asked for together. What is due today moves at once."""
    move = _asked(turn, draft.args.get("transfer"))
    unit = turn.session.get_one(Unit, move.to_unit_id)
    wrong = worker_faults(turn, unit, answers.get("lead_worker")) | meeting_faults(answers, move.on)
    if wrong:
        return Wrong(wrong)
    every = [one for one in transfers.asked_together(turn.session, move) if one.state == TransferState.ASKED]
    for one in every:
        one.lead_worker_id = answers.get("lead_worker")
        one.meeting_at = meeting_time(turn, answers) or one.meeting_at
        note = str(answers.get("note") or "")
        transfers.answer(turn.session, one, TransferState.ACCEPTED, note, by_id=turn.actor().id, now=turn.now)
    _entry(turn, draft, move, answers)
    transfer_messages.tell(turn, move)
    labels = [families.label_of(turn.session, one.family_id) for one in every]
    said = wording.answered(TransferState.ACCEPTED, turn.actor().name, labels, unit.name, move.on)
    for one in every:
        if one.on <= _today_there(turn, one):
            transfer_day.move_if_free(turn, one)
    return Done(card(wording.NOTICE, say(said)))


def _today_there(turn: Turn, move: FamilyMove) -> date:
    return turn.today(turn.session.get_one(Unit, move.from_unit_id))


@button("transfer.decline", opens=True)
def decline(turn: Turn) -> Answer:
    """The form for a no."""
    move = _asked(turn, turn.event.args.get("transfer"))
    return ask(turn, "family_move_no", family_id=move.family_id, unit_id=move.to_unit_id, args={"transfer": move.id})


@submits("family_move_no")
def keep_no(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The families stay where they are, and those who asked hear why."""
    move = _asked(turn, draft.args.get("transfer"))
    for one in transfers.asked_together(turn.session, move):
        if one.state == TransferState.ASKED:
            why = str(answers["why"]).strip()
            transfers.answer(turn.session, one, TransferState.DECLINED, why, by_id=turn.actor().id, now=turn.now)
    _entry(turn, draft, move, answers)
    transfer_messages.tell(turn, move)
    unit = turn.session.get_one(Unit, move.to_unit_id)
    labels = [families.label_of(turn.session, move.family_id)]
    return Done(card(wording.NOTICE, say(wording.answered(move.state, turn.actor().name, labels, unit.name, move.on))))


def _asked(turn: Turn, move_id: str | None) -> FamilyMove:
    move = transfers.get(turn.session, move_id)
    if move is None or move.state != TransferState.ASKED:
        raise Refused(wording.GONE)
    unit = turn.session.get_one(Unit, move.to_unit_id)
    if not transfer_messages.may_answer(turn, move):
        raise Refused(wording.NOT_YOURS_TO_ANSWER.format(unit=unit.name))
    turn.unit = unit
    return move


def _entry(turn: Turn, draft: Draft, move: FamilyMove, answers: dict[str, Any]) -> None:
    """The answer as it was given, with the family's record."""
    entries.keep(
        turn.session,
        form=published.form_of(turn.session, draft),
        also=drafts.left_over(turn.session, draft, answers),
        answers=answers,
        person_id=turn.actor().id,
        unit_id=move.from_unit_id,
        now=turn.now,
        family_id=move.family_id,
        subject_id=move.id,
    )
