"""A light family in one form: the quick round. Each part is recorded as what it is, so that the record reads the same
whether it came from here or from a form of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from handlers.entries import recording
from handlers.entries.recording import Answers, group_of, rows_of, text_of
from handlers.forms.asking import introduces, prefills, submit_of, submits
from handlers.meeting import children_seen, next_date
from handlers.meeting.stages import stage_opening
from handlers.turn import Answer, Done, Turn, Wrong
from prompts_and_forms.card import Block, Facts
from prompts_and_forms.meeting import discussion_wording, script
from prompts_and_forms.states import DiscussionState
from storage.database.columns import new_id
from storage.database.tables import Discussion, Entry
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import entries, published
from storage.meeting import discussions

FORM = "quick_round"
SAFETY, CHANGE, VOICE, ACTIONS, NEXT = "l_safety", "l_changed", "l_voice", "l_actions", "l_next"
AS_KNOWN, VISIT = "as_known", "visit"
CONCERN, MANAGER, UNSURE, NONE = "concern", "manager", "unsure", "none"


class _PartWrong(Exception):
    """One part was refused; nothing of the round is saved, and everything typed stays in the form."""

    def __init__(self, answer: Wrong) -> None:
        super().__init__()
        self.answer = answer


@prefills(FORM)
def known(turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]) -> Answers:
    """What this discussion has recorded already; else when each child was last seen, and the usual next date."""
    if family_id is None or discussion_id is None:
        return {}
    found: Answers = {"next_discussion": _next(turn, discussion_id)}
    safety = _recorded(turn, discussion_id, SAFETY)
    found["seen"] = _seen_so_far(turn.session, family_id, rows_of(safety, "seen"))
    found["voices"] = [{"child": child, "words": words} for child, words in _words(turn, discussion_id).items()]
    found["visits"] = VISIT if safety or _to_be_asked(turn, discussion_id, found["seen"]) else AS_KNOWN
    if safety:
        found["today"] = _said_today(safety)
        found["what_was_heard"] = text_of(safety, "what_was_heard")
    found["change"] = text_of(_recorded(turn, discussion_id, CHANGE), "change")
    found["updates"] = rows_of(_recorded(turn, discussion_id, ACTIONS), "updates")
    return found


def _to_be_asked(turn: Turn, discussion_id: str, seen: list[dict[str, Any]]) -> bool:
    """Whether some child was not seen in time, as far as is known, so that the form asks about it at once."""
    late = children_seen.not_seen_in_time(turn.session, discussions.get(turn.session, discussion_id), turn.today())
    return bool(late) or any(not row.get("date") for row in seen)


@introduces(FORM)
@introduces("safety")
@introduces(SAFETY)
def last_seen(turn: Turn, draft: Draft) -> tuple[Block, ...]:
    """When each child was last seen, by whom, and whether alone."""
    if draft.discussion_id is None:
        return ()
    discussion = discussions.get(turn.session, draft.discussion_id)
    rows = stage_opening.seen_rows(turn.session, discussion, turn.today())
    said = tuple((discussion_wording.last_seen_of(name), words) for name, words in rows)
    return (Facts(rows=said),) if said else ()


def _next(turn: Turn, discussion_id: str) -> Answers:
    """The date that is set, or the usual one; light goes without saying until somebody chose it."""
    usual = group_of(next_date.usual_next(turn, discussion_id), "next_discussion")
    if discussions.get(turn.session, discussion_id).next_on is None:
        usual = {key: value for key, value in usual.items() if key != "kind"}
    return usual


def _recorded(turn: Turn, discussion_id: str, form: str) -> Answers:
    entry = entries.latest(turn.session, discussion_id, form)
    return entries.answers(turn.session, entry) if entry else {}


def _said_today(safety: Answers) -> str:
    if safety.get("immediate_concern"):
        return CONCERN
    manager = safety.get("manager_needed_today")
    return UNSURE if manager is None else MANAGER if manager else NONE


def _voices(turn: Turn, discussion_id: str) -> dict[str, Entry]:
    """The newest words of each child in this discussion, by the child's key."""
    found: dict[str, Entry] = {}
    for entry in entries.of_discussion(turn.session, discussion_id, VOICE):
        found[str(entries.answers(turn.session, entry).get("child"))] = entry
    return found


def _words(turn: Turn, discussion_id: str) -> dict[str, str]:
    return {
        child: text_of(entries.answers(turn.session, entry), "words")
        for child, entry in _voices(turn, discussion_id).items()
    }


def _seen_so_far(session: Session, family_id: str, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """When each child was last seen: as this discussion has said, else as it is known."""
    by_child = {row.get("child"): row for row in said}
    rows: list[dict[str, Any]] = []
    for child, body in families.children(session, family_id):
        if body.unborn:
            continue
        row: dict[str, Any] = {"child": body.key}
        if child.last_seen_on is not None:
            row |= {"date": child.last_seen_on.isoformat(), "by": child.seen_by_id}
            if child.seen_alone_on == child.last_seen_on:
                row["alone"] = True
        rows.append(by_child.get(body.key, row))
    return rows


@submits(FORM)
def save(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Saves the parts in order, safety first; one that is refused saves none of them."""
    said: list[Answer] = []
    try:
        with turn.session.begin_nested():
            for form, part, replaces in _parts(turn, draft, answers):
                said.append(_save_part(turn, draft, form, part, replaces))
    except _PartWrong as wrong:
        return wrong.answer
    return next((answer for answer in said if answer != Done()), Done())


def _save_part(turn: Turn, draft: Draft, form: str, part: Answers, replaces: Entry | None) -> Answer:
    if replaces is not None and entries.answers(turn.session, replaces) == part:
        return Done()
    own = Draft(
        id=new_id(),
        person_id=draft.person_id,
        unit_id=draft.unit_id,
        family_id=draft.family_id,
        discussion_id=draft.discussion_id,
        meeting_id=draft.meeting_id,
        form=form,
        form_hash=published.in_force(turn.session, form, turn.now),
        args={"replaces": replaces.id} if replaces is not None else {},
        made_at=turn.now,
        saved_at=turn.now,
    )
    answer = submit_of(form)(turn, own, part)
    if isinstance(answer, Wrong):
        raise _PartWrong(answer)
    return answer


def _parts(turn: Turn, draft: Draft, answers: Answers) -> Iterator[tuple[str, Answers, Entry | None]]:
    """Each part with the record it replaces: what the round said before in this discussion."""
    discussion_id = draft.discussion_id or ""
    known = _seen_so_far(turn.session, draft.family_id or "", []) if answers.get("visits") == AS_KNOWN else None
    yield SAFETY, _safety(answers, known), entries.latest(turn.session, discussion_id, SAFETY)
    if text_of(answers, "change").strip():
        yield CHANGE, {"change": text_of(answers, "change")}, entries.latest(turn.session, discussion_id, CHANGE)
    before = _voices(turn, discussion_id)
    for row in rows_of(answers, "voices"):
        if text_of(row, "words").strip():
            words = {"child": row["child"], "words": text_of(row, "words")}
            yield VOICE, words, before.get(str(row["child"]))
    actions = _actions(turn, discussion_id, answers)
    if actions:
        yield ACTIONS, actions, None
    discussion = discussions.get(turn.session, discussion_id)
    if discussion.state != DiscussionState.STOPPED:
        following = {"kind": script.LIGHT, **answers["next_discussion"]}
        yield NEXT, {"next_discussion": following}, _next_before(turn, discussion)


def _safety(answers: Answers, known: list[dict[str, Any]] | None) -> Answers:
    """The safety check in this form's answers; `known` where the days on record were said to be right."""
    said = answers.get("today")
    seen = rows_of(answers, "seen") if known is None else known
    found: Answers = {
        "immediate_concern": said == CONCERN,
        "seen": [row for row in seen if not recording.is_hollow(row)],
    }
    if said in (NONE, MANAGER):
        found["manager_needed_today"] = said == MANAGER
    if text_of(answers, "what_was_heard").strip():
        found["what_was_heard"] = text_of(answers, "what_was_heard")
    return found


def _actions(turn: Turn, discussion_id: str, answers: Answers) -> Answers:
    """What became of open actions, where it was not said before, and new ones. Carried over = to the next meeting."""
    said = {row.get("action"): row.get("result") for row in rows_of(_recorded(turn, discussion_id, ACTIONS), "updates")}
    due = group_of(answers, "next_discussion").get("date")
    updates = [
        {**row, "due": due} if row["result"] == "carry_over" else row
        for row in rows_of(answers, "updates")
        if row.get("result") and said.get(row.get("action")) != row["result"]
    ]
    found: Answers = {}
    if updates:
        found["updates"] = updates
    if rows_of(answers, "new"):
        found["new"] = rows_of(answers, "new")
    return found


def _next_before(turn: Turn, discussion: Discussion) -> Entry | None:
    return entries.latest(turn.session, discussion.id, NEXT)
