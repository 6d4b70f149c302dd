"""After a meeting everybody who was there has one message: their actions and next conversations, with buttons."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from handlers import reach, safe_contact
from handlers.decisions import action as action_handlers
from handlers.entries import owners, recording
from handlers.entries.recording import Answers
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.render import Rendering, renders
from handlers.routes import after, button
from handlers.turn import Answer, Done, EventKind, Nothing, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Quote, Strong, say, small
from prompts_and_forms.days.working_days import ONE_DAY, on_or_after
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.meeting import afterwards_wording
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.states import ActionStatus
from storage.database.tables import Action, Entry, Meeting, Person, Unit
from storage.database.tables_machinery import Draft
from storage.decisions import actions, conversations
from storage.decisions.conversations import Conversation
from storage.family import families
from storage.forms import entries, published
from storage.meeting import meeting_days, meetings
from storage.messages import outbox
from storage.unit import people, units

MOST_ACTIONS = 14
"""With their buttons and the rest they still fit in one message."""
CHANGES_IT = frozenset(
    {
        "action",
        "action_close",
        "carry_over",
        "reassign",
        "action.reopen",
        "own.action_done",
        "own.conversation_done",
        conversations.CARRIED,
        conversations.HANDED,
    }
)
"""After any of these somebody's message says something else."""


def key_of(person_id: str, meeting_id: str) -> str:
    """The name of the message with one person's own work after a meeting."""
    return f"person:{person_id}/actions:{meeting_id}"


def send(turn: Turn, meeting: Meeting, due_at: datetime, told_anyway: frozenset[str] = frozenset()) -> None:
    """To everybody who was there, the clinician and managers too, and to who owns an action of a family discussed.

    Somebody `told_anyway` about the meeting has what is theirs in that message, and no second one.
    """
    here = meetings.attendance(turn.session, meeting.id)["present"]
    found = {person.id: person for person in (*here, *meetings.owners_after(turn.session, meeting.id))}
    for person in found.values():
        if person.id in told_anyway:
            continue
        if people.belongs(turn.session, meeting.unit_id, person.id) is not None:
            key = key_of(person.id, meeting.id)
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user, due_at=due_at)


@renders("person:{person_id}/actions:{meeting_id}")
def draw(view: Rendering, person_id: str, meeting_id: str) -> Card | None:
    """What one person took on: open actions, conversations to have and what is new; nothing once they have left."""
    session = view.session
    meeting = session.get(Meeting, meeting_id)
    if session.get(Person, person_id) is None or meeting is None:
        return None
    if people.belongs(session, meeting.unit_id, person_id) is None:
        return None
    work = own_blocks(session, meeting, person_id, view.now)
    unit = units.by_id(session, meeting.unit_id)
    blocks = (
        say(Strong(text=afterwards_wording.own_title(meeting.day))),
        *(work or (say(afterwards_wording.NOTHING),)),
        *done_since(session, meeting, person_id),
        small(unit.name if unit else ""),
    )
    return Card(notice=afterwards_wording.OWN_NOTICE, blocks=blocks)


def own_blocks(
    session: Session, meeting: Meeting, person_id: str, now: datetime, most: int = MOST_ACTIONS
) -> list[Block]:
    """What somebody has to do, each with its buttons, at most so many actions; nothing where nothing is theirs."""
    own = meetings.open_actions_of(session, meeting.unit_id, person_id)
    talks = conversations.of_person(session, meeting.unit_id, person_id, now)
    blocks: list[Block] = []
    warned: set[str] = set()
    if own:
        blocks.append(say(Strong(text=afterwards_wording.ACTIONS)))
        for action in own[:most]:
            blocks += _warning(session, action.family_id, warned)
            blocks += _action(session, action, meeting.day)
        if len(own) > most:
            blocks.append(small(afterwards_wording.more_actions(len(own) - most)))
    if talks:
        blocks.append(say(Strong(text=afterwards_wording.CONVERSATIONS)))
        for talk in talks:
            blocks += _warning(session, talk.entry.family_id or "", warned)
            blocks += _conversation(session, talk, meeting.day)
    return blocks


def _warning(session: Session, family_id: str, warned: set[str]) -> list[Block]:
    """The safe-contact warning, before the first thing about a family."""
    if family_id in warned:
        return []
    warned.add(family_id)
    return list(safe_contact.blocks(session, [family_id]))


def _action(session: Session, action: Action, today: date) -> list[Block]:
    words = actions.words(session, action).text
    line = f": {words} ({meeting_wording.due_words(action.due_on, today)})"
    args = {"family": action.family_id, "action": action.id}
    row = (
        Button(action="own.action_done", label=afterwards_wording.DONE, args=args, style="primary"),
        Button(action="action.carry", label=afterwards_wording.CARRY, args=args),
        Button(action="action.handover", label=afterwards_wording.HAND_OVER, args=args),
    )
    return [say(Strong(text=families.label_of(session, action.family_id)), line), Buttons(items=row)]


def _conversation(session: Session, talk: Conversation, today: date) -> list[Block]:
    family_id = talk.entry.family_id or ""
    known = {body.key: body.initials or body.key for _, body in families.carers(session, family_id)}
    known |= {body.key: body.initials or body.key for _, body in families.children(session, family_id)}
    who = [known.get(str(key), "") for key in talk.answers.get("with") or []]
    line = afterwards_wording.conversation_line(
        [name for name in who if name], meeting_wording.due_words(talk.on, today)
    )
    args = {"family": family_id, "entry": talk.entry.id}
    row = (
        Button(action="own.conversation_done", label=afterwards_wording.DONE, args=args, style="primary"),
        Button(action="own.conversation_carry", label=afterwards_wording.CARRY, args=args),
        Button(action="own.conversation_hand", label=afterwards_wording.HAND_OVER, args=args),
    )
    said: list[Block] = [say(Strong(text=families.label_of(session, family_id)), f": {line}")]
    if str(talk.answers.get("opening_line") or "").strip():
        said.append(Quote(text=str(talk.answers["opening_line"])))
    return [*said, Buttons(items=row)]


def done_since(session: Session, meeting: Meeting, person_id: str) -> list[Block]:
    """What they have done since the meeting closed; nothing where that is nothing."""
    done = [
        (f"{families.label_of(session, action.family_id)}: {actions.words(session, action).text}",)
        for action in actions.done_by_owner(session, meeting.unit_id, person_id, meeting.closed_at or meeting.opened_at)
    ]
    return [Bullets(title=afterwards_wording.DONE_SINCE, items=tuple(done))] if done else []


# ---- what is pressed


@button("own.action_done")
def action_done(turn: Turn) -> Answer:
    """Done, in one press."""
    action = reach.action(turn, turn.event.args.get("action"))
    if action.status != ActionStatus.OPEN:
        raise Refused(decisions_wording.ALREADY_CLOSED)
    actions.finish(turn.session, action, action_handlers.change_of(turn, None))
    return Nothing()


def _mine(turn: Turn, entry_id: str) -> Conversation:
    """A conversation that is still to be had; raises Refused where there is none."""
    entry = turn.session.get(Entry, entry_id)
    if entry is None or entry.form != conversations.FORM:
        raise Refused(afterwards_wording.NO_CONVERSATION)
    reach.family(turn, entry.family_id)
    found = conversations.current(turn.session, entries.newest_of(turn.session, entry))
    if found.done:
        raise Refused(afterwards_wording.CONVERSATION_DONE)
    return found


@button("own.conversation_done")
def conversation_done(turn: Turn) -> Answer:
    """It took place, in one press."""
    found = _mine(turn, turn.event.args.get("entry", ""))
    published.in_force(turn.session, conversations.DONE, turn.now)
    entries.keep(
        turn.session,
        form=load_form(conversations.DONE),
        answers={"result": "done"},
        person_id=turn.actor().id,
        unit_id=found.entry.unit_id,
        family_id=found.entry.family_id,
        now=turn.now,
        subject_id=found.entry.id,
    )
    return Nothing()


@button("own.conversation_carry", opens=True)
def ask_carry(turn: Turn) -> Answer:
    """Asks by when instead: the unit's next meeting, unless somebody chooses another day."""
    return _ask(turn, conversations.CARRIED, {"when": _next_meeting(turn).isoformat()})


@button("own.conversation_hand", opens=True)
def ask_hand(turn: Turn) -> Answer:
    """The form that hands a conversation with the family to somebody else."""
    return _ask(turn, conversations.HANDED, {})


def _ask(turn: Turn, form: str, known: dict[str, Any]) -> Answer:
    found = _mine(turn, turn.event.args.get("entry", ""))
    return asking.ask(turn, form, family_id=found.entry.family_id, answers=known, args={"subject": found.entry.id})


def _next_meeting(turn: Turn) -> date:
    unit = turn.session.get(Unit, turn.here().id)
    today = turn.today(unit)
    days = meeting_days.held_on(turn.session, unit, today + ONE_DAY, 1) if unit else ()
    return days[0] if days else on_or_after(today + ONE_DAY)


@submits(conversations.CARRIED)
def save_carry(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Gives a conversation its new day and says so."""
    return _save(turn, draft, answers)


@submits(conversations.HANDED)
def save_hand(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Whoever takes it on has it in their own message, where they have one."""
    return _save(turn, draft, answers)


def _save(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    found = _mine(turn, draft.args.get("subject", ""))
    context = recording.context_of(turn, draft)
    if errors := owners.left_errors(turn, context, {"to": answers.get("to")}, draft.id):
        return Wrong(errors)
    recording.keep(turn, draft, answers, subject_id=found.entry.id)
    return Done()


@after
def redraw(turn: Turn) -> None:
    """The message after the meeting shows at once what was pressed in it, or done elsewhere."""
    keys = [key_of(person_id, meeting_id) for person_id, meeting_id in whose_changed(turn)]
    if keys:
        outbox.show_some_again(turn.session, keys, now=turn.now)


def whose_changed(turn: Turn) -> list[tuple[str, str]]:
    """Whose own work this press may have changed, each with the unit's last closed meeting."""
    if turn.event.kind not in (EventKind.BUTTON, EventKind.SUBMIT) or turn.event.name not in CHANGES_IT:
        return []
    meeting = meetings.last_closed(turn.session, turn.unit.id) if turn.unit else None
    if meeting is None or turn.unit is None:
        return []
    named = (turn.person.id if turn.person else "", turn.event.values.get("to"), turn.event.values.get("owner"))
    found = [person.id for _, person in people.members(turn.session, turn.unit.id) if person.id in named]
    return [(person_id, meeting.id) for person_id in found]
