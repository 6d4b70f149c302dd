"""What a discussion leaves behind, read back: for the thread, for the unit lead, and once it is finished."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import documents
from handlers.entries import decided
from handlers.render import Rendering, renders
from prompts_and_forms.card import Block, Button, Buttons, Card, Divider, Heading, Strong, card, say, small
from prompts_and_forms.meeting import discussion_wording
from prompts_and_forms.states import DiscussionState, MeetingState
from storage.database.tables import Discussion, Meeting, Person, Unit
from storage.family import families
from storage.meeting import discussions, meetings
from storage.unit import people
from storage.unit.people import who_confirms


@renders("discussion:{discussion_id}/readback:{number}")
def draw_read_back(view: Rendering, discussion_id: str, number: str) -> Card | None:
    """The record read back, with the buttons while it can be confirmed; afterwards a line of who confirmed."""
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    session = view.session
    if discussion.state in discussions.TO_CONFIRM and number == str(discussion.stage_no):
        return to_confirm(session, discussion, view.now)
    blocks: list[Block] = [
        Heading(text=f"{discussion_wording.READ_BACK}: {families.label_of(session, discussion.family_id)}")
    ]
    blocks += decided.decision_blocks(session, discussion, view.now)
    blocks.append(small(_confirmed_words(session, discussion) or discussion_wording.MOVED_ON_CARD))
    if number == str(discussion.stage_no):
        concern = Button(
            action="discussion.concern",
            label=discussion_wording.CONCERN,
            args={"discussion": discussion.id},
            style="danger",
        )
        blocks.append(Buttons(items=(concern,)))
    return Card(
        notice=discussion_wording.READ_BACK_NOTICE.format(ref=families.ref_of(session, discussion.family_id)),
        blocks=tuple(blocks),
    )


def to_confirm(session: Session, discussion: Discussion, now: datetime) -> Card:
    """The read-back of a light or a full discussion: what it decided, for the lead or the deputy to confirm."""
    args = {"discussion": discussion.id}
    buttons = [Button(action="discussion.confirm", label=discussion_wording.CONFIRM, args=args, style="primary")]
    if meetings.get(session, discussion.meeting_id).state == MeetingState.OPEN:
        buttons.append(Button(action="discussion.reopen", label=discussion_wording.NOT_YET, args=args))
    buttons.append(Button(action="discussion.record", label=discussion_wording.SHOW_RECORD, args=args))
    buttons.append(Button(action="discussion.concern", label=discussion_wording.CONCERN, args=args, style="danger"))
    return Card(
        notice=discussion_wording.READ_BACK_NOTICE.format(ref=families.ref_of(session, discussion.family_id)),
        blocks=(
            Heading(text=f"{discussion_wording.READ_BACK}: {families.label_of(session, discussion.family_id)}"),
            say(discussion_wording.READ_BACK_FIRST_LINE),
            *decided.decision_blocks(session, discussion, now),
            Buttons(items=tuple(buttons)),
        ),
    )


@renders("discussion:{discussion_id}/summary")
def draw_summary(view: Rendering, discussion_id: str) -> Card | None:
    """The finished discussion in short."""
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    return finished_card(view.session, discussion, view.now)


def finished_card(session: Session, discussion: Discussion, now: datetime) -> Card:
    """What a finished discussion leaves behind, and whether the lead has confirmed it.

    A full one was read back above, so that its summary is short; a light one is read back here.
    """
    if discussion.kind == "light" and discussion.state == DiscussionState.AWAITING:
        return to_confirm(session, discussion, now)
    confirmed = _confirmed_words(session, discussion)
    lead = who_confirms(session, discussion.unit_id, now.astimezone(_zone(session, discussion)).date())
    waits = discussion_wording.waits_for(lead.name) if lead else discussion_wording.LIGHT_WAITS
    whole = discussion.kind == "light"
    left = decided.decision_blocks(session, discussion, now) if whole else [decided.in_brief(session, discussion, now)]
    args = {"discussion": discussion.id}
    return Card(
        notice=f"{families.ref_of(session, discussion.family_id)}: finished",
        blocks=(
            Heading(text=f"{discussion_wording.SUMMARY}: {families.label_of(session, discussion.family_id)}"),
            say(confirmed or waits),
            *left,
            Buttons(
                items=(
                    Button(action="discussion.record", label=discussion_wording.SHOW_RECORD, args=args),
                    *documents.buttons("record", discussion.id, **args),
                    Button(action="discussion.concern", label=discussion_wording.CONCERN, args=args, style="danger"),
                )
            ),
        ),
    )


@renders("person:{person_id}/awaiting:{meeting_id}")
def draw_awaiting(view: Rendering, person_id: str, meeting_id: str) -> Card | None:
    """The lead's own list: what each finished discussion decided, with a button to confirm it."""
    meeting = view.session.get(Meeting, meeting_id)
    if view.session.get(Person, person_id) is None or meeting is None:
        return None
    waiting = discussions.awaiting_confirmation(view.session, meeting_id)
    if not waiting:
        return card(discussion_wording.AWAITING_NOTICE, *_none_wait(view.session, meeting))
    blocks: list[Block] = [say(Strong(text=discussion_wording.AWAITING_TITLE)), say(discussion_wording.AWAITING_FIRST)]
    for discussion in waiting:
        blocks += [Divider(), *_awaiting(view, discussion)]
    return Card(notice=discussion_wording.AWAITING_NOTICE, blocks=tuple(blocks))


def _none_wait(session: Session, meeting: Meeting) -> Iterable[Block]:
    """All confirmed only when all are: not while a meeting goes on, and not what was parked or changed since."""
    held = discussions.of_meeting(session, meeting.id)

    def named(found: list[Discussion]) -> list[str]:
        return [families.ref_of(session, one.family_id) for one in found]

    parked = named([one for one in held if one.state != DiscussionState.CLOSED])
    if meeting.state == MeetingState.OPEN:
        yield say(discussion_wording.NONE_WAIT_NOW)
    elif parked:
        yield say(discussion_wording.confirmed_but(parked))
    else:
        yield say(discussion_wording.ALL_CONFIRMED)
    changed = named([one for one in held if one.state == DiscussionState.CLOSED and one.changed_after_confirm])
    if changed:
        yield say(discussion_wording.changed_since(changed))


def _awaiting(view: Rendering, discussion: Discussion) -> Iterable[Block]:
    args = {"discussion": discussion.id}
    label = discussion_wording.confirm_label(families.ref_of(view.session, discussion.family_id))
    yield say(
        Strong(text=discussion_wording.title(families.label_of(view.session, discussion.family_id), discussion.kind))
    )
    yield decided.in_brief(view.session, discussion, view.now)
    yield Buttons(
        items=(
            Button(action="discussion.confirm", label=label, args=args, style="primary"),
            Button(
                action="discussion.record",
                label=discussion_wording.SHOW_RECORD,
                args=args,
                about=families.ref_of(view.session, discussion.family_id),
            ),
        )
    )


def _confirmed_words(session: Session, discussion: Discussion) -> str:
    if discussion.confirmed_at is None:
        return ""
    at = discussion.confirmed_at.astimezone(_zone(session, discussion))
    return discussion_wording.confirmed_by(people.name_of(session, discussion.confirmed_by_id), at)


def _zone(session: Session, discussion: Discussion) -> ZoneInfo:
    unit = session.get(Unit, discussion.unit_id)
    return ZoneInfo(unit.timezone if unit else "Europe/London")
