"""Whoever looks after the records gets one message after a meeting: every family, one document, and their own work."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import documents, safe_contact
from handlers.afterwards import own_work
from handlers.concern import challenged
from handlers.entries import record_text
from handlers.meeting.stages import stage_gaps
from handlers.render import Rendering, renders
from handlers.routes import after, button
from handlers.turn import Answer, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Block, Button, Buttons, Card, Heading, Strong, card, say
from prompts_and_forms.meeting import afterwards_wording, discussion_wording
from prompts_and_forms.meeting.gaps import Gap
from prompts_and_forms.states import DiscussionState
from storage.database.tables import Discussion, Meeting, Unit
from storage.family import families
from storage.forms import entries
from storage.meeting import contributions, discussions, meetings
from storage.messages import outbox
from storage.unit import people

ONE_MESSAGE, ACTION_BLOCKS, FEWEST_ACTIONS = 42, 2, 3
"""Blocks that surely fit in one message of a platform, and how many an action with its buttons takes."""


def key_of(meeting_id: str, person_id: str) -> str:
    """The name of one person's list of summaries to copy into the case system after a meeting."""
    return f"copies:{meeting_id}/{person_id}"


def to_copy(session: Session, meeting_id: str) -> list[Discussion]:
    """The discussions of a meeting that belong in a case file, in the order they were held."""
    return [one for one in discussions.of_meeting(session, meeting_id) if _belongs(session, one)]


def _belongs(session: Session, discussion: Discussion) -> bool:
    """A parked one only where it has left anything behind: a concern above all."""
    if discussion.state in discussions.FINISHED or discussion.stopped_at is not None:
        return True
    return bool(entries.of_discussion(session, discussion.id) or contributions.of_discussion(session, discussion.id))


def send(turn: Turn, meeting: Meeting, due_at: datetime) -> frozenset[str]:
    """One message, however many families; none where there is nothing to copy. Answers who gets it."""
    unit = turn.session.get(Unit, meeting.unit_id)
    if unit is None or not to_copy(turn.session, meeting.id):
        return frozenset()
    keepers = people.record_keepers(turn.session, unit, turn.today(unit))
    for person in keepers:
        key = key_of(meeting.id, person.id)
        outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user, due_at=due_at)
    return frozenset(person.id for person in keepers)


def redraw(turn: Turn, meeting_id: str) -> None:
    """Says again what is confirmed and what is copied, to everybody who has the message."""
    meeting = meetings.get(turn.session, meeting_id)
    for _, person in people.members(turn.session, meeting.unit_id):
        outbox.show_again(turn.session, key_of(meeting_id, person.id), now=turn.now)


@after
def redraw_own_work(turn: Turn) -> None:
    """Somebody's own actions and conversations, which are in this message too."""
    keys = [key_of(meeting_id, person_id) for person_id, meeting_id in own_work.whose_changed(turn)]
    if keys:
        outbox.show_some_again(turn.session, keys, now=turn.now)


@renders("copies:{meeting_id}/{person_id}")
def draw(view: Rendering, meeting_id: str, person_id: str) -> Card | None:
    """The families whose summary is to be copied, marked where that is done; nothing once the person has left."""
    session = view.session
    meeting = session.get(Meeting, meeting_id)
    unit = session.get(Unit, meeting.unit_id) if meeting else None
    if meeting is None or unit is None or people.belongs(session, unit.id, person_id) is None:
        return None
    found = to_copy(session, meeting_id)
    zone = ZoneInfo(unit.timezone)
    blocks: list[Block] = [
        Heading(text=afterwards_wording.copy_title(meeting.day)),
        say(afterwards_wording.copied_count(sum(one.copied_at is not None for one in found), len(found))),
        _for_all(meeting, found),
    ]
    for one in found:
        blocks += _family(session, one, view.now, zone)
    room = max(FEWEST_ACTIONS, (ONE_MESSAGE - len(blocks)) // ACTION_BLOCKS)
    blocks += own_work.own_blocks(session, meeting, person_id, view.now, min(room, own_work.MOST_ACTIONS))
    blocks += own_work.done_since(session, meeting, person_id)
    return Card(notice=afterwards_wording.COPY_NOTICE, blocks=tuple(blocks))


def _for_all(meeting: Meeting, found: list[Discussion]) -> Block:
    buttons = list(documents.buttons("records", meeting.id, about=afterwards_wording.ALL_AS, meeting=meeting.id))
    if any(one.copied_at is None for one in found):
        args = {"meeting": meeting.id}
        buttons.append(
            Button(action="record.copied_all", label=afterwards_wording.COPY_ALL, args=args, style="primary")
        )
    return Buttons(items=tuple(buttons))


def _family(session: Session, one: Discussion, now: datetime, zone: ZoneInfo) -> list[Block]:
    today = now.astimezone(zone).date()
    said = [f", {discussion_wording.KIND[one.kind]}: {_state(session, one)}. "]
    codes = challenged.missing(session, one, today)
    if codes:
        said.append(afterwards_wording.missing([stage_gaps.in_words(session, one, Gap.read(code)) for code in codes]))
    args = {"discussion": one.id}
    buttons = [Button(action="discussion.record", label=afterwards_wording.READ, args=args)]
    if one.copied_at is not None:
        at = one.copied_at.astimezone(zone)
        name = people.name_of(session, one.copied_by_id)
        said.append(f" {afterwards_wording.copied(name, at.date(), f'{at:%H:%M}')}")
    if one.copied_at is None or one.changed_after_confirm:
        label = afterwards_wording.COPY_ONE if one.copied_at is None else afterwards_wording.COPY_AGAIN
        buttons.insert(0, Button(action="record.copied", label=label, args=args))
    family = Strong(text=families.label_of(session, one.family_id))
    return [*safe_contact.blocks(session, [one.family_id]), say(family, *said), Buttons(items=tuple(buttons))]


def _state(session: Session, one: Discussion) -> str:
    if one.state == DiscussionState.CLOSED:
        words = afterwards_wording.confirmed(people.name_of(session, one.confirmed_by_id))
        return f"{words}; {afterwards_wording.CHANGED}" if one.changed_after_confirm else words
    if one.state in discussions.TO_CONFIRM:
        return afterwards_wording.WAITS
    return afterwards_wording.NOT_FINISHED


# ---- copied


@button("record.copied")
def mark_copied(turn: Turn) -> Answer:
    """One family's record is in the case file: by whom and when."""
    discussion = turn.session.get(Discussion, turn.event.args.get("discussion", ""))
    if discussion is None:
        raise Refused(afterwards_wording.RECORD_UNKNOWN)
    if discussion.copied_at is not None and not discussion.changed_after_confirm:
        who = people.name_of(turn.session, discussion.copied_by_id)
        return Note(
            card(
                afterwards_wording.ALREADY_MARKED,
                say(afterwards_wording.SOMEBODY_MARKED_IT.format(who=who)),
            )
        )
    _copied(turn, discussion)
    redraw(turn, discussion.meeting_id)
    return Nothing()


@button("record.copied_all")
def mark_all(turn: Turn) -> Answer:
    """All records of a meeting at once; those marked before stay as they are."""
    meeting = turn.session.get(Meeting, turn.event.args.get("meeting", ""))
    left = [one for one in to_copy(turn.session, meeting.id) if one.copied_at is None] if meeting else []
    if meeting is None or not left:
        raise Refused(afterwards_wording.NOTHING_TO_COPY)
    for discussion in left:
        _copied(turn, discussion)
    redraw(turn, meeting.id)
    return Nothing()


def _copied(turn: Turn, discussion: Discussion) -> None:
    discussion.copied_at, discussion.copied_by_id = turn.now, turn.actor().id
    discussions.keep(turn.session, discussion)
    for _, person in people.members(turn.session, discussion.unit_id):
        outbox.show_again(turn.session, f"copy:{discussion.id}/{person.id}", now=turn.now)


@renders("copy:{discussion_id}/{person_id}")
def draw_single(view: Rendering, discussion_id: str, person_id: str) -> Card | None:
    """A message of one family, as it was sent before there was one for all."""
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    unit = view.session.get(Unit, discussion.unit_id)
    blocks: list[Block] = [
        Heading(text=afterwards_wording.copy_family(families.label_of(view.session, discussion.family_id)))
    ]
    blocks += safe_contact.blocks(view.session, [discussion.family_id])
    blocks += record_text.record_blocks(view.session, discussion, view.now)
    files = documents.record_buttons(discussion)
    if discussion.copied_at is not None:
        when = discussion.copied_at.astimezone(ZoneInfo(unit.timezone if unit else "Europe/London"))
        who = people.name_of(view.session, discussion.copied_by_id)
        blocks.append(say(afterwards_wording.copied(who, when.date(), f"{when:%H:%M}")))
        blocks.append(Buttons(items=files))
    else:
        args = {"discussion": discussion.id}
        mark = Button(action="record.copied", label=afterwards_wording.COPY_ONE, args=args, style="primary")
        blocks.append(Buttons(items=(mark, *files)))
    return Card(notice=afterwards_wording.COPY_NOTICE, blocks=tuple(blocks))
