"""What every record does in the same way: was it handed in before, keep it, point things out, show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handlers import messages, remarks
from handlers.entries import show
from handlers.turn import Done, Refused, Turn
from prompts_and_forms.card import card, say
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting.script import stages
from prompts_and_forms.states import DiscussionState
from storage.database.tables import Discussion, Entry
from storage.database.tables_machinery import Draft
from storage.forms import drafts, entries, published
from storage.meeting import contributions
from storage.messages import outbox
from storage.unit import people, units

DOUBLE_WITHIN = timedelta(seconds=60)
"""The same words saved again this soon are the same record (two people at once, or a second press)."""

Answers = dict[str, Any]


@dataclass(frozen=True)
class RecordContext:
    """Where something is recorded."""

    unit_id: str
    family_id: str | None = None
    discussion_id: str | None = None
    meeting_id: str | None = None


def context_of(turn: Turn, draft: Draft) -> RecordContext:
    """The unit, family, discussion and meeting that a form belongs to."""
    unit_id = draft.unit_id or turn.here().id
    discussion = discussion_of(turn, draft)
    meeting_id = discussion.meeting_id if discussion else draft.meeting_id
    return RecordContext(unit_id, draft.family_id, draft.discussion_id, meeting_id)


def discussion_of(turn: Turn, draft: Draft) -> Discussion | None:
    """The discussion that a form belongs to, if it was opened in one."""
    return turn.session.get(Discussion, draft.discussion_id) if draft.discussion_id else None


def family_of(draft: Draft) -> str:
    """The family a form was opened for; every record here needs one."""
    if draft.family_id is None:
        raise Refused(decisions_wording.WHICH_FAMILY)
    return draft.family_id


MAY_BE_HOLLOW = frozenset({"voices", "l_voice"})
"""A child's line left empty says something: the view is asked for, and then written down as not known."""


REMARKED_ON = frozenset(
    {"hypothesis", "action", "reassign", "carry_over", "changed", "conversation", "disagreement", "voices"}
)
"""Their message comes first in the thread, what is pointed out about them after it."""


def keep(turn: Turn, draft: Draft, answers: Answers, *, subject_id: str | None = None) -> Entry:
    """Keeps the form as it was saved, under the stage it belongs to. A form with nothing in it is not saved."""
    if is_hollow(answers) and draft.form not in MAY_BE_HOLLOW:
        raise Refused(decisions_wording.NOTHING_FILLED_IN)
    context = context_of(turn, draft)
    discussion = discussion_of(turn, draft)
    entry = entries.keep(
        turn.session,
        form=published.form_of(turn.session, draft),
        also=drafts.left_over(turn.session, draft, answers),
        answers=answers,
        person_id=turn.actor().id,
        unit_id=context.unit_id,
        now=turn.now,
        meeting_id=context.meeting_id,
        discussion_id=context.discussion_id,
        family_id=context.family_id,
        stage=_stage(draft.form, discussion),
        subject_id=subject_id,
    )
    old = replaced(turn, draft)
    if old is not None:
        _take_the_place(turn, draft, old, entry)
    if discussion is not None and discussion.confirmed_at is not None:
        discussion.changed_after_confirm = True
        turn.session.add(discussion)
    turn.session.flush()
    if discussion is not None and discussion.kind == "full" and draft.form in REMARKED_ON:
        post(turn, f"entry:{entry.id}", discussion)
    return entry


def _take_the_place(turn: Turn, draft: Draft, old: Entry, entry: Entry) -> None:
    """One version follows the other, also where somebody was quicker: then theirs is the one before this."""
    while is_replaced(turn, old):
        old = turn.session.get_one(Entry, old.replaced_by_id)
        draft.args = {**draft.args, "replaces": old.id}
    old.replaced_by_id = entry.id
    turn.session.add(old)


def is_replaced(turn: Turn, old: Entry) -> bool:
    """Whether somebody has written it anew, as of now; nobody else can until this turn is over."""
    turn.session.refresh(old, ["replaced_by_id"], with_for_update=True)
    return old.replaced_by_id is not None


def _stage(form_id: str, discussion: Discussion | None) -> str:
    if discussion is None:
        return ""
    own = {stage.id for stage in stages(discussion.kind)}
    return form_id if form_id in own else discussion.stage


def replaced(turn: Turn, draft: Draft) -> Entry | None:
    """The entry that this form writes anew."""
    old = turn.session.get(Entry, draft.args.get("replaces") or "")
    return old if old is not None and old.family_id == draft.family_id else None


def replaced_answers(turn: Turn, draft: Draft) -> Answers:
    """What that entry said; nothing for a first one."""
    old = replaced(turn, draft)
    return entries.answers(turn.session, old) if old is not None else {}


def already_handed_in(turn: Turn, draft: Draft, answers: Answers, *, also_own: bool = True) -> Done | None:
    """The answer for words that were saved a moment ago already, by somebody else or by the same person."""
    if draft.args.get("replaces") or draft.args.get("subject"):
        return None
    for entry in _recent(turn, draft):
        same_person = entry.recorded_by_id == turn.actor().id
        if (same_person and not also_own) or entries.answers(turn.session, entry) != answers:
            continue
        if same_person:
            point_out(turn, "ignore_duplicate", context_of(turn, draft), about=entry.id, to_person=turn.actor().id)
            return done(decisions_wording.KEPT_ONCE_SAME)
        point_out(
            turn,
            "concurrent_submit",
            context_of(turn, draft),
            about=entry.id,
            to_person=turn.actor().id,
            params={"person": entry.recorded_by_id},
        )
        return done(decisions_wording.kept_once_other(people.name_of(turn.session, entry.recorded_by_id)))
    return None


def _recent(turn: Turn, draft: Draft) -> list[Entry]:
    return entries.alike_since(
        turn.session,
        form=draft.form,
        unit_id=context_of(turn, draft).unit_id,
        family_id=draft.family_id,
        discussion_id=draft.discussion_id,
        since=turn.now - DOUBLE_WITHIN,
    )


def point_out(
    turn: Turn,
    code: str,
    context: RecordContext,
    *,
    about: str = "",
    to_person: str | None = None,
    params: dict[str, Any] | None = None,
) -> None:
    """Makes one remark; whether it is said again is decided there."""
    remarks.give(
        turn,
        code,
        unit_id=context.unit_id,
        discussion_id=context.discussion_id,
        meeting_id=context.meeting_id,
        family_id=context.family_id,
        about=about,
        to_person=to_person,
        params=params or {},
    )


def shown(turn: Turn, draft: Draft, entry: Entry, *, own_message: bool = True) -> Done:
    """After a record: in a full discussion a message with the card below it, in a light one the card; alone, a note.


    `own_message` is False for what has a message of another kind.
    """
    context = context_of(turn, draft)
    if entry.after_confirm:
        late = "late_edit" if draft.args.get("replaces") else "late_note"
        point_out(turn, late, context, about=entry.id, params={"person": entry.recorded_by_id})
    discussion = discussion_of(turn, draft)
    if discussion is None:
        return Done(show.entry_card(turn.session, entry, turn.today()))
    if discussion.kind == "full" and own_message:
        post(turn, f"entry:{entry.id}", discussion)
    below = discussion.kind == "full" or _was_typed_since(turn, discussion)
    if below and discussion.state == DiscussionState.OPEN:
        messages.bring_card_down(turn, discussion)
    else:
        redraw(turn, discussion)
    return Done()


def _was_typed_since(turn: Turn, discussion: Discussion) -> bool:
    """Whether there are notes below the card, so that what it says would not be the last message."""
    posted = discussion.card_at or discussion.started_at
    return contributions.count_since(turn.session, discussion.id, posted) > 0


def post(turn: Turn, key: str, discussion: Discussion) -> None:
    """One new message in a discussion's thread."""
    unit = units.by_id(turn.session, discussion.unit_id)
    if unit is not None:
        outbox.say(turn.session, key, now=turn.now, channel=unit.channel, thread=f"discussion:{discussion.id}")


def redraw(turn: Turn, discussion: Discussion) -> None:
    """Asks for the family's messages to be drawn again with what was saved."""

    messages.redraw_stage(turn, discussion)


def done(sentence: str) -> Done:
    """One sentence as the answer to a form."""
    return Done(card(sentence, say(sentence)))


# ---- reading answers

WHAT_A_ROW_IS_ABOUT = ("child", "carer", "action")


def is_hollow(value: Any) -> bool:
    """Whether there is no answer in it: only empty boxes, and rows that name their child, carer or action alone."""
    if isinstance(value, dict):
        return all(is_hollow(part) for key, part in value.items() if key not in WHAT_A_ROW_IS_ABOUT)
    if isinstance(value, list | tuple):
        return all(is_hollow(part) for part in value)
    return value is None or (isinstance(value, str) and not value.strip())


def text_of(answers: Answers, key: str) -> str:
    """An answer as text; several choices with commas between them, nothing as an empty text."""
    value = answers.get(key)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return value if isinstance(value, str) else ""


def lines_of(answers: Answers, key: str) -> list[str]:
    """An answer as lines, without the empty ones."""
    value = answers.get(key)
    if isinstance(value, str):
        return [value] if value.strip() else []
    return [line for line in value or [] if isinstance(line, str) and line.strip()]


def date_of(answers: Answers, key: str) -> date | None:
    """An answer as a day; None where it is empty."""
    value = answers.get(key)
    return date.fromisoformat(value) if isinstance(value, str) and value else None


def rows_of(answers: Answers, key: str) -> list[dict[str, Any]]:
    """The rows of a repeated group."""
    value = answers.get(key)
    return [row for row in value or [] if isinstance(row, dict)]


def group_of(answers: Answers, key: str) -> dict[str, Any]:
    """The answers of a group that is asked once."""
    value = answers.get(key)
    return value if isinstance(value, dict) else {}
