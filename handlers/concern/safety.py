"""The safety form: when each child was seen, and whether somebody has to act today. A yes stops the discussion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import messages, remarks
from handlers.concern import stop
from handlers.entries import recording
from handlers.forms.asking import submits
from handlers.meeting import children_seen
from handlers.turn import Answer, Turn
from prompts_and_forms.meeting import notices
from prompts_and_forms.states import DiscussionState
from storage.database.tables import Discussion, Entry
from storage.database.tables_machinery import Draft
from storage.forms import entries
from storage.meeting import discussions, stops


@submits("safety")
def save_safety(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a full discussion's safety check; an immediate concern stops the discussion."""
    return _save(turn, draft, answers)


@submits("l_safety")
def save_light_safety(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves a light discussion's safety check, by the same rules."""
    return _save(turn, draft, answers)


def _save(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves who was seen; a yes stops the discussion and shows whom to call in this very window."""
    discussion = discussions.hold(turn.session, draft.discussion_id or "")
    already = recording.already_handed_in(turn, draft, answers)
    if already:
        return already
    entry = recording.keep(turn, draft, answers)
    discussions.note_seen(turn.session, discussion.family_id, answers.get("seen") or [])
    yes = stop.says_yes(answers)
    if not yes:
        _undo_what_it_stopped(turn, discussion, entry)
        _point_out(turn, discussion, entry, answers)
    if notices.mentions_suicide(_all_text(answers)):
        _remark(turn, discussion, "tier3_direct", entry.id)
    messages.redraw_stage(turn, discussion)
    done = recording.shown(turn, draft, entry, own_message=not yes)
    return stop.raise_concern(turn, discussion, about=entry.id) if yes else done


def _undo_what_it_stopped(turn: Turn, discussion: Discussion, entry: Entry) -> None:
    """A yes that was a slip, answered anew by somebody who may say so before anybody was told."""
    found = stops.latest(turn.session, discussion.id)
    if discussion.state != DiscussionState.STOPPED or found is None or not found.about:
        return
    said = turn.session.get(Entry, found.about)
    mine = said is not None and entries.newest_of(turn.session, said).id == entry.id
    told = stops.told_since(turn.session, discussion.id, found)
    if mine and not told and stop.may_undo(turn, discussion, found):
        stop.undo(turn, discussion, found)


def _point_out(turn: Turn, discussion: Discussion, entry: Entry, answers: Mapping[str, Any]) -> None:
    """A light discussion with a hesitation, or a child nobody has seen in time, is offered as a full one."""
    late = children_seen.not_seen_in_time(turn.session, discussion, turn.today())
    for child in late:
        _remark(turn, discussion, "child_not_seen", entry.id, {"child": child})
    unsure = answers.get("manager_needed_today") is None or children_seen.without_a_day(
        turn.session, discussion, answers
    )
    if discussion.kind == "light" and (late or unsure):
        _remark(turn, discussion, "offer_full", entry.id)


def _remark(turn: Turn, discussion: Discussion, code: str, about: str, params: dict[str, Any] | None = None) -> None:
    remarks.give(
        turn,
        code,
        unit_id=discussion.unit_id,
        discussion_id=discussion.id,
        about=about,
        to_person=turn.actor().id,
        params=params,
    )


def _all_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(_all_text(one) for one in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(_all_text(one) for one in value)
    return value if isinstance(value, str) else ""
