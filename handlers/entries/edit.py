"""Opening a record again: what of it may still be changed, and what is fixed by its signatures."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from handlers import reach
from handlers.entries.recording import Answers, rows_of
from handlers.forms import asking
from handlers.routes import button
from handlers.turn import Answer, Ask, Refused, Turn
from prompts_and_forms.card import Block
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.states import ActionStatus
from storage.clinical import signings
from storage.database.tables import Discussion, Entry
from storage.decisions import actions
from storage.forms import corrections, entries
from storage.forms.entries import newest_of

UPDATES = ("previous_actions", "updates")
"""The groups that say what became of open actions."""


def to_write_anew(session: Session, answers: Answers) -> Answers:
    """What can still be changed by handing the form in again: closed and new actions are corrected on their own."""
    found = {key: value for key, value in answers.items() if key != "new"}
    for key in UPDATES:
        if key in found:
            found[key] = [row for row in rows_of(found, key) if is_open_action(session, row)]
    return found


def refuse_fixed(session: Session, entry: Entry) -> None:
    """A signed form is not changed, only corrected."""
    signing = signings.of_entry(session, entry.id)
    if signing is not None and signings.is_fixed(signing):
        raise Refused(clinical_wording.FIXED)


def is_open_action(session: Session, row: dict[str, Any]) -> bool:
    """Whether a row of the form is about an action that is still open."""
    found = actions.by_id(session, str(row.get("action") or ""))
    return found is not None and found.status == ActionStatus.OPEN


@button("entry.edit", opens=True)
def edit_entry(turn: Turn) -> Answer:
    """Opens a kept form again with its answers; handing it in writes it anew and keeps the old one."""
    entry = turn.session.get(Entry, turn.event.args.get("entry", ""))
    reach.family(turn, entry.family_id if entry else None)
    assert entry is not None
    newest = newest_of(turn.session, entry)
    if newest.form == corrections.MISTAKE:
        raise Refused(clinical_wording.TAKEN_OUT_ALREADY)
    refuse_fixed(turn.session, newest)
    return write_anew(turn, newest)


def write_anew(turn: Turn, newest: Entry, intro: tuple[Block, ...] = ()) -> Ask:
    """The form of a record with its answers in it; saving it replaces that record."""
    discussion = turn.session.get(Discussion, newest.discussion_id) if newest.discussion_id else None
    return asking.ask(
        turn,
        newest.form,
        family_id=newest.family_id,
        discussion_id=discussion.id if discussion else None,
        meeting_id=newest.meeting_id,
        answers=to_write_anew(turn.session, entries.answers(turn.session, newest)),
        args={"replaces": newest.id},
        intro=intro,
    )
