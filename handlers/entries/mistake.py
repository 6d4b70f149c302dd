"""Recorded by mistake: a session or a line of the tracking form is taken out, with a reason. Nothing is deleted.

The record stays with the reason beside it; what was counted from it (sessions, lines, what is due) follows.
"""

from __future__ import annotations

from datetime import date

from handlers import reach
from handlers.entries import recording, show
from handlers.entries.recording import Answers, text_of
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.routes import button
from handlers.turn import Answer, Done, Refused, Turn
from prompts_and_forms.card import Button, Buttons, card, say
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import WorkState
from storage.clinical import episodes, tracking
from storage.database.bodies import EpisodeBody
from storage.database.tables import Entry, Family
from storage.database.tables_clinical import Episode
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import corrections, entries
from storage.unit import people

FORM = corrections.MISTAKE


def button_of(entry_id: str, label: str = clinical_wording.BY_MISTAKE) -> Button:
    """The button that takes out a record made by mistake."""
    return Button(action="entry.mistake", label=label, args={"entry": entry_id})


@button("entry.mistake", opens=True)
def ask(turn: Turn) -> Answer:
    """Asks for the reason; whoever wrote it may, and a manager."""
    entry = turn.session.get(Entry, turn.event.args.get("entry", ""))
    family = reach.family(turn, entry.family_id if entry else None)
    assert entry is not None
    entry = entries.newest_of(turn.session, entry)
    _refuse(turn, entry)
    return asking.ask(
        turn,
        FORM,
        family_id=family.id,
        discussion_id=entry.discussion_id,
        meeting_id=entry.meeting_id,
        args={"replaces": entry.id},
        intro=show.record_blocks(turn.session, entry, turn.today()),
    )


def _refuse(turn: Turn, entry: Entry) -> None:
    if entry.form == FORM:
        raise Refused(clinical_wording.TAKEN_OUT_ALREADY)
    if entry.form not in corrections.MAY_BE_TAKEN_OUT:
        raise Refused(decisions_wording.GONE)
    membership = turn.membership
    if entry.recorded_by_id != turn.actor().id and not (membership and people.is_manager(membership)):
        raise Refused(clinical_wording.who_takes_out(people.name_of(turn.session, entry.recorded_by_id)))


@submits(FORM)
def take_out(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Takes a record out with a reason; a session taken out no longer counts."""
    old = recording.replaced(turn, draft)
    if old is None:
        raise Refused(decisions_wording.GONE)
    _refuse(turn, entries.newest_of(turn.session, old))
    if old.replaced_by_id:
        raise Refused(clinical_wording.CHANGED_SINCE)
    family = reach.family(turn, recording.family_of(draft))
    entry = recording.keep(turn, draft, answers, subject_id=old.id)
    tracking.take_out(turn.session, f"entry:{old.id}", turn.actor().id, turn.now)
    held = _not_held(turn, family, old, entry, text_of(answers, "reason")) if old.form == "session" else None
    said = [say(clinical_wording.TAKEN_OUT)]
    if held is not None:
        said.append(say(clinical_wording.counted_again(families.label(turn.session, family, turn.here()), held)))
    work = Button(action="work.show", label=clinical_wording.SHOW_WORK, args={"family": family.id})
    return Done(card(clinical_wording.TAKEN_OUT_TITLE, *said, Buttons(items=(work,))))


def _not_held(turn: Turn, family: Family, old: Entry, entry: Entry, reason: str) -> int | None:
    """Takes a session out of its piece of work; how many are left, None for one that never counted."""
    versions = {old.id, *(one.id for one in corrections.earlier(turn.session, old))}
    pieces = episodes.of_family(turn.session, family.id)
    for episode in pieces:
        known = episodes.body(turn.session, episode)
        if not any(row.get("entry") in versions for row in known.sessions):
            continue
        to = _count_without(turn, episode, known, versions)
        if episode is not pieces[-1]:
            episodes.keep(turn.session, episode, known)
            return episode.sessions
        if episode.state == WorkState.REVIEW_DUE and to != episode.state:
            known.awaiting = [one for one in known.awaiting if one != episodes.SIX_SESSION_REVIEW]
        episodes.keep(turn.session, episode, known)
        step = episodes.TAKEN_OUT
        by_id, on = turn.actor().id, turn.today()
        episodes.advance(
            turn.session, family, episode, step, to, on=on, by_id=by_id, now=turn.now, entry_id=entry.id, why=reason
        )
        return episode.sessions
    return None


def _count_without(turn: Turn, episode: Episode, known: EpisodeBody, versions: set[str]) -> WorkState:
    """Numbers the sessions that are left anew, and answers where the work stands without the one taken out."""
    at = next(n for n, row in enumerate(known.sessions) if row.get("entry") in versions)
    number = int(known.sessions[at].get("number") or at + 1)
    was_last = at == len(known.sessions) - 1
    left = [row for n, row in enumerate(known.sessions) if n != at]
    known.sessions = [row | {"number": row["number"] - 1} if row.get("number", 0) > number else row for row in left]
    episode.sessions -= 1
    episode.reviewed_at -= number <= episode.reviewed_at
    if was_last:
        episode.next_on = _booked_before(turn, known)
    history = [change for change, _why in episodes.changes(turn.session, episode)]
    mine = [change for change in history if change.entry_id in versions]
    if mine and history[-1] in mine:
        return mine[0].from_state
    early = episode.sessions - episode.reviewed_at < episode.review_after
    return WorkState.IN_THERAPY if episode.state == WorkState.REVIEW_DUE and early else episode.state


def _booked_before(turn: Turn, known: EpisodeBody) -> date | None:
    """The day that the session before had been booked for next."""
    before = turn.session.get(Entry, str(known.sessions[-1].get("entry"))) if known.sessions else None
    return recording.date_of(entries.answers(turn.session, before), "next_session") if before else None
