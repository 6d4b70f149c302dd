"""The one menu of a discussion's card, and what a typed note becomes in one press."""

from __future__ import annotations

from dataclasses import replace

from handlers import guards, messages
from handlers.forms import asking
from handlers.meeting import discussion, finish, from_note
from handlers.meeting.stages import lenses, stage
from handlers.meeting.stages.stage_card import DO, FORM, LENS, NOTE, OPENED, STAGE
from handlers.routes import button
from handlers.turn import Answer, Ask, Refused, Turn
from prompts_and_forms import wording as general_wording
from storage.meeting import discussions

TO_DO = {"switch": discussion.switch, "park": discussion.park, "finish": finish.finish}


@button("stage.more", opens=True)
def choose(turn: Turn) -> Answer:
    """What was chosen from "More": a form, one filled from the last note, another stage, or something to do."""
    wanted = turn.event.args.get("chosen", "")
    if wanted.startswith(FORM):
        return _menu_anew(turn, _open(turn, wanted.removeprefix(FORM)))
    if wanted.startswith(NOTE):
        return _menu_anew(turn, from_note.from_last_note(turn, wanted.removeprefix(NOTE)))
    if wanted.startswith(LENS):
        return lenses.open_lens(turn, wanted.removeprefix(LENS))
    if wanted.startswith(STAGE):
        return stage.to_stage(turn, wanted.removeprefix(STAGE))
    do = TO_DO.get(wanted.removeprefix(DO)) if wanted.startswith(DO) else None
    if do is None:
        raise Refused(general_wording.UNKNOWN_PRESS)
    return do(turn)


@button("record.choose", opens=True)
def record_something_else(turn: Turn) -> Answer:
    """The menu of forms on a card from before there was "More"."""
    return _open(turn, turn.event.args.get("chosen", ""))


def _menu_anew(turn: Turn, answer: Answer) -> Answer:
    """The card with its menu drawn anew: a chat platform hears nothing when the same choice is made again.

    Whoever closes the form, or loses the line, opens it again from there.
    """
    if isinstance(answer, Ask):
        messages.show_stage(turn, discussions.get(turn.session, turn.event.args["discussion"]))
    return answer


def _open(turn: Turn, form: str) -> Answer:
    guards.locked_discussion(turn)
    args = {key: value for key, value in turn.event.args.items() if key not in ("chosen", "stage_no", OPENED)}
    return asking.open_form(replace(turn, event=replace(turn.event, args={**args, "form": form})))
