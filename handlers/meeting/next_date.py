"""The next date: compulsory, never past, usually before the next review; with it a stopped family is left for today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import guards, remarks
from handlers.concern.told import redraw_messages
from handlers.entries import recording
from handlers.forms.asking import ask, prefills, submits
from handlers.meeting import agenda_items, finish
from handlers.meeting.stages.usual_date import statutory_before, usual
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Nothing, Refused, Turn, Wrong
from prompts_and_forms.meeting import agenda_rules, discussion_wording, script
from prompts_and_forms.states import DiscussionState
from storage.database.columns import new_id
from storage.database.tables import Discussion, Family, Unit
from storage.database.tables_machinery import Draft
from storage.forms import published
from storage.meeting import agenda_facts, discussions

NEXT_DATE_FIELD = "next_discussion#0#date"


@prefills("close")
def usual_next_full(
    turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]
) -> dict[str, Any]:
    """The usual next date, for the form that closes a full discussion."""
    return usual_next(turn, discussion_id)


@prefills("l_next")
def usual_next_light(
    turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]
) -> dict[str, Any]:
    """The usual next date, for the form that closes a light discussion."""
    return usual_next(turn, discussion_id)


def usual_next(turn: Turn, discussion_id: str | None) -> dict[str, Any]:
    """The date that is set, or the usual one, as the form asks for it."""
    if discussion_id is None:
        return {}
    return {"next_discussion": usual(turn.session, discussions.get(turn.session, discussion_id), turn.today())}


@button("next.usual", opens=True)
def set_usual(turn: Turn) -> Answer:
    """The next date as the button proposed it, saved in one press; asked in its form where it is not that now."""
    discussion = guards.under_way(turn)
    offered, is_set = turn.event.args.get("on", ""), discussion.next_on is not None
    if discussion.next_on is not None and discussion.next_on.isoformat() == offered:
        return Nothing()
    known = usual_next(turn, discussion.id)
    form = script.stages(discussion.kind)[-1].form or "l_next"
    if is_set or known["next_discussion"]["date"] != offered:
        family, meeting = discussion.family_id, discussion.meeting_id
        return ask(turn, form, family_id=family, discussion_id=discussion.id, meeting_id=meeting, answers=known)
    draft = Draft(
        id=new_id(),
        person_id=turn.actor().id,
        unit_id=discussion.unit_id,
        family_id=discussion.family_id,
        discussion_id=discussion.id,
        meeting_id=discussion.meeting_id,
        form=form,
        form_hash=published.in_force(turn.session, form, turn.now),
        made_at=turn.now,
        saved_at=turn.now,
    )
    answer = _keep_next(turn, draft, known)
    return Note(answer.note) if isinstance(answer, Done) and answer.note else Nothing()


@submits("close")
def keep_close(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves the next date of a full discussion."""
    return _keep_next(turn, draft, answers)


@submits("l_next")
def keep_light_next(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves the next date of a light discussion."""
    return _keep_next(turn, draft, answers)


def _keep_next(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Sets the next date. A stopped family for which "not today" was chosen is finished with it."""
    discussion = discussions.hold(turn.session, draft.discussion_id or "")
    wanted: Mapping[str, Any] = answers.get("next_discussion") or {}
    on = date.fromisoformat(str(wanted["date"])) if wanted.get("date") else None
    if on is None or on < turn.today():
        return Wrong({NEXT_DATE_FIELD: discussion_wording.NEXT_NEEDED if on is None else discussion_wording.DATE_PAST})
    if discussion.state == DiscussionState.STOPPED and not discussions.who_was_told(turn.session, [discussion]):
        raise Refused(discussion_wording.TOLD_FIRST)
    already = recording.already_handed_in(turn, draft, answers)
    if already:
        return already
    entry = recording.keep(turn, draft, answers)
    kind = str(wanted.get("kind") or ("full" if answers.get("wants_full") else "light"))
    discussions.set_next(turn.session, discussion, on, kind)
    if discussion.state == DiscussionState.STOPPED:
        return _leave_for_today(turn, discussion, entry.id)
    if draft.form == "l_next":
        _suggest_full(turn, discussion, entry.id)
    answer = recording.shown(turn, draft, entry)
    late = statutory_before(turn.session, discussion.family_id, on, turn.today())
    return (
        recording.done(discussion_wording.after_statutory(discussion_wording.DATE_NAMES[late[0]], late[1]))
        if late
        else answer
    )


def _leave_for_today(turn: Turn, discussion: Discussion, about: str) -> Answer:
    """After a stop, not today: nothing more is asked, and the discussion is finished."""
    discussion.after_stop = "not_today"
    last = script.stages(discussion.kind)[-1].id
    if discussion.stage != last:
        discussions.move(turn.session, discussion, last, turn.now)
    remarks.give(
        turn,
        "no_resume_today",
        unit_id=discussion.unit_id,
        discussion_id=discussion.id,
        about=about,
        to_person=turn.actor().id,
    )
    finish.close_and_await(turn, discussion)
    redraw_messages(turn, discussion)
    return Done()


def _suggest_full(turn: Turn, discussion: Discussion, about: str) -> None:
    """A light discussion with a reason for a full one coming up: said, never decided."""
    today = turn.today()
    unit = turn.session.get(Unit, discussion.unit_id)
    family = turn.session.get(Family, discussion.family_id)
    known = agenda_facts.known_family(turn.session, family) if family and family.unit_id == discussion.unit_id else None
    if known is None or unit is None:
        return
    found = agenda_rules.reasons(agenda_items.facts(known, today), agenda_rules.Settings.of(unit.settings), today)
    calling = [reason for reason in agenda_rules.full_reasons(found) if reason["code"] not in ("asked", "stuck")]
    if calling:
        remarks.give(
            turn,
            "suggest_full",
            unit_id=discussion.unit_id,
            discussion_id=discussion.id,
            about=about,
            to_person=turn.actor().id,
            params={"reason": calling[0]},
        )
