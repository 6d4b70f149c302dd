"""Finishing a family: the read-back, the unit lead's yes, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import documents, safe_contact
from handlers.entries import record_text
from handlers.meeting import discussion as meeting_discussion
from handlers.meeting import stage, stage_gaps, stop
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Note, Nothing, Refused, Turn
from prompts_and_forms.card import (
    Block,
    Button,
    Buttons,
    Card,
    Divider,
    Heading,
    Strong,
    card,
    say,
    small,
)
from prompts_and_forms.meeting import discussion_wording
from storage.database.audit import audit
from storage.database.tables import Discussion, Family, Meeting, Membership, Person, Unit
from storage.family import families
from storage.meeting import discussions, meetings
from storage.messages import outbox
from storage.unit import people

# ---- finishing


@button("discussion.finish")
def finish(turn: Turn) -> Answer:
    """Reads back what the discussion leaves behind, after saying what is missing."""
    discussion = meeting_discussion.under_way(turn)
    if discussion.next_on is None:
        return stop.ask_next_date(turn, discussion)
    gaps = _unsaid(turn, discussion)
    if gaps:
        args = {"discussion": discussion.id}
        anyway = Button(action="discussion.finish_anyway", label=discussion_wording.FINISH_ANYWAY, args=args)
        return Note(stage.missing_card(turn.session, discussion, gaps, discussion_wording.MISSING_AT_END, anyway))
    return _finish(turn, discussion)


@button("discussion.finish_anyway")
def finish_anyway(turn: Turn) -> Answer:
    discussion = meeting_discussion.under_way(turn)
    if discussion.next_on is None:
        return stop.ask_next_date(turn, discussion)
    stage.record_missing(turn, discussion, _unsaid(turn, discussion))
    return _finish(turn, discussion)


def _unsaid(turn: Turn, discussion: Discussion) -> list[stage_gaps.Gap]:
    """What is missing and nobody was told about yet."""
    return [gap for gap in stage_gaps.at_end(turn.session, discussion) if gap.code not in discussion.missing]


def _finish(turn: Turn, discussion: Discussion) -> Answer:
    still = {gap.code for gap in stage_gaps.at_end(turn.session, discussion)}
    discussion.missing = [code for code in discussion.missing if code in still]
    if discussion.kind == "light":
        close_and_await(turn, discussion)
        return Nothing()
    discussion.state = "read_back"
    discussions.keep(turn.session, discussion)
    outbox.show(
        turn.session,
        read_back_key(discussion),
        now=turn.now,
        channel=meeting_discussion.channel_of(turn.session, discussion),
        thread=meeting_discussion.key(discussion),
    )
    meeting_discussion.show_stage(turn, discussion)
    meeting_discussion.show_first(turn, discussion)
    meeting_discussion.redraw_board(turn, discussion)
    return Nothing()


def read_back_key(discussion: Discussion) -> str:
    """One read-back for each time the discussion reached its end."""
    return f"discussion:{discussion.id}/readback:{discussion.stage_no}"


def read_again(turn: Turn, discussion: Discussion) -> None:
    """Something was kept after the read-back: it is drawn again, so that nobody confirms an older one."""
    channel = meeting_discussion.channel_of(turn.session, discussion)
    outbox.show(
        turn.session,
        read_back_key(discussion),
        now=turn.now,
        channel=channel,
        thread=meeting_discussion.key(discussion),
    )


@button("discussion.reopen")
def not_yet(turn: Turn) -> Answer:
    """Back from the read-back to the discussion."""
    discussion = meeting_discussion.held(turn)
    meeting_discussion.in_meeting(turn, discussion)
    if discussion.state != "read_back":
        raise Refused(discussion_wording.NOTHING_TO_CONFIRM)
    left = discussion.stage_no
    discussion.state = "open"
    discussions.move(turn.session, discussion, discussion.stage, turn.now)
    meeting_discussion.show_stage(turn, discussion, left)
    meeting_discussion.show_stage(turn, discussion)
    meeting_discussion.show_first(turn, discussion)
    return Nothing()


def close_and_await(turn: Turn, discussion: Discussion) -> None:
    """A light or stopped discussion is over for the meeting; the lead is asked to confirm it.

    One that was confirmed before it was stopped stays confirmed, marked as changed.
    """
    state = "closed" if discussion.confirmed_at else "awaiting"
    discussions.close(turn.session, discussion, state, turn.now)
    meetings.mark_item(turn.session, discussion, "done")
    meeting_discussion.show_stage(turn, discussion)
    meeting_discussion.show_first(turn, discussion)
    meeting_discussion.redraw_board(turn, discussion)
    ask_lead(turn, discussion)


# ---- the lead confirms


def who_confirms(session: Session, unit_id: str, today: date) -> Person | None:
    """Whom the bot asks: the unit lead, or the deputy while the lead is away."""
    lead, deputy = people.unit_lead(session, unit_id), people.deputy(session, unit_id)
    if lead is None:
        return deputy
    place = people.membership(session, unit_id, lead.id)
    away = place is not None and people.is_on_leave(place, today)
    return deputy if away and deputy is not None else lead


def may_confirm(unit: Unit, place: Membership | None) -> bool:
    """The unit lead or the deputy, at any time."""
    if place is None or place.status == "left":
        return False
    return place.unit_lead or (unit.deputy_id is not None and place.person_id == unit.deputy_id)


def ask_lead(turn: Turn, discussion: Discussion) -> None:
    """One direct message a meeting, edited as families are finished and confirmed."""
    unit = turn.session.get(Unit, discussion.unit_id)
    lead = who_confirms(turn.session, discussion.unit_id, turn.today(unit))
    if lead is not None:
        key = f"person:{lead.id}/awaiting:{discussion.meeting_id}"
        outbox.show(turn.session, key, now=turn.now, chat_user=lead.chat_user)


@button("discussion.confirm")
def confirm(turn: Turn) -> Answer:
    """The unit lead or deputy says yes to what was read back. Possible after the meeting, too."""
    discussion = meeting_discussion.held(turn)
    unit = turn.session.get(Unit, discussion.unit_id)
    place = people.membership(turn.session, discussion.unit_id, turn.actor().id)
    if unit is None or not may_confirm(unit, place):
        raise Refused(discussion_wording.ONLY_LEAD)
    if discussion.state == "closed":
        raise Refused(discussion_wording.ALREADY_CONFIRMED)
    if discussion.state not in ("read_back", "awaiting"):
        raise Refused(discussion_wording.NOTHING_TO_CONFIRM)
    waited = discussion.state == "awaiting"
    discussions.confirm(turn.session, discussion, turn.actor().id, turn.now)
    meetings.mark_item(turn.session, discussion, "done")
    _show_confirmed(turn, discussion, waited)
    return Nothing()


def _show_confirmed(turn: Turn, discussion: Discussion, waited: bool) -> None:
    channel = meeting_discussion.channel_of(turn.session, discussion)
    thread = meeting_discussion.key(discussion)
    if discussion.kind == "full":
        outbox.say(turn.session, f"discussion:{discussion.id}/summary", now=turn.now, channel=channel, thread=thread)
    if not waited:
        outbox.show(turn.session, read_back_key(discussion), now=turn.now, channel=channel, thread=thread)
    meeting_discussion.show_stage(turn, discussion)
    meeting_discussion.show_first(turn, discussion)
    meeting_discussion.redraw_board(turn, discussion)
    if waited:
        ask_lead(turn, discussion)


# ---- cards


@renders("discussion:{discussion_id}/readback:{number}")
def draw_read_back(view: Rendering, discussion_id: str, number: str) -> Card | None:
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    session = view.session
    blocks: list[Block] = [Heading(text=f"{discussion_wording.READ_BACK}: {_label(session, discussion)}")]
    if discussion.state == "read_back" and number == str(discussion.stage_no):
        blocks += [
            say(discussion_wording.READ_BACK_FIRST_LINE),
            *record_text.decision_blocks(session, discussion, view.now),
        ]
        args = {"discussion": discussion.id}
        blocks.append(
            Buttons(
                items=(
                    Button(action="discussion.confirm", label=discussion_wording.CONFIRM, args=args, style="primary"),
                    Button(action="discussion.reopen", label=discussion_wording.NOT_YET, args=args),
                    Button(action="discussion.concern", label=discussion_wording.CONCERN, args=args, style="danger"),
                )
            )
        )
    else:
        blocks += record_text.decision_blocks(session, discussion, view.now)
        blocks.append(small(_confirmed_words(session, discussion) or discussion_wording.MOVED_ON_CARD))
    return Card(notice=f"{_ref(session, discussion)}: read back", blocks=tuple(blocks))


@renders("discussion:{discussion_id}/summary")
def draw_summary(view: Rendering, discussion_id: str) -> Card | None:
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    return finished_card(view.session, discussion, view.now)


def finished_card(session: Session, discussion: Discussion, now: datetime) -> Card:
    """What a finished discussion leaves behind, and whether the lead has confirmed it.

    A full one was read back above, so that its summary is short; a light one has no other read-back.
    """
    confirmed = _confirmed_words(session, discussion)
    lead = who_confirms(session, discussion.unit_id, now.astimezone(_zone(session, discussion)).date())
    waits = discussion_wording.waits_for(lead.name) if lead else discussion_wording.LIGHT_WAITS
    whole = discussion.kind == "light"
    left = (
        record_text.decision_blocks(session, discussion, now)
        if whole
        else [record_text.in_brief(session, discussion, now)]
    )
    args = {"discussion": discussion.id}
    return Card(
        notice=f"{_ref(session, discussion)}: finished",
        blocks=(
            Heading(text=f"{discussion_wording.SUMMARY}: {_label(session, discussion)}"),
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
    if view.session.get(Person, person_id) is None or view.session.get(Meeting, meeting_id) is None:
        return None
    waiting = discussions.awaiting_confirmation(view.session, meeting_id)
    if not waiting:
        return card(discussion_wording.AWAITING_NOTICE, say(discussion_wording.ALL_CONFIRMED))
    blocks: list[Block] = [say(Strong(text=discussion_wording.AWAITING_TITLE)), say(discussion_wording.AWAITING_FIRST)]
    for discussion in waiting:
        blocks += [Divider(), *_awaiting(view, discussion)]
    return Card(notice=discussion_wording.AWAITING_NOTICE, blocks=tuple(blocks))


def _awaiting(view: Rendering, discussion: Discussion) -> Iterable[Block]:
    args = {"discussion": discussion.id}
    label = discussion_wording.confirm_label(_ref(view.session, discussion))
    yield say(Strong(text=discussion_wording.title(_label(view.session, discussion), discussion.kind)))
    yield record_text.in_brief(view.session, discussion, view.now)
    yield Buttons(
        items=(
            Button(action="discussion.confirm", label=label, args=args, style="primary"),
            Button(
                action="discussion.record",
                label=discussion_wording.SHOW_RECORD,
                args=args,
                about=_ref(view.session, discussion),
            ),
        )
    )


@button("discussion.record")
def show_record(turn: Turn) -> Answer:
    """The whole written record, for the person who asked only."""
    discussion = meeting_discussion.held(turn)
    blocks = safe_contact.blocks(turn.session, [discussion.family_id])
    blocks += record_text.record_blocks(turn.session, discussion, turn.now)
    audit(
        turn.session,
        at=turn.now,
        what="read",
        row=discussion,
        person_id=turn.actor().id,
        unit_id=discussion.unit_id,
        family_id=discussion.family_id,
    )
    files = Buttons(items=documents.buttons("record", discussion.id, discussion=discussion.id))
    return Note(Card(notice=discussion_wording.RECORD_TITLE, blocks=(*blocks, files)))


def _confirmed_words(session: Session, discussion: Discussion) -> str:
    if discussion.confirmed_at is None:
        return ""
    at = discussion.confirmed_at.astimezone(_zone(session, discussion))
    return discussion_wording.confirmed_by(people.name_of(session, discussion.confirmed_by_id), at)


def _zone(session: Session, discussion: Discussion) -> ZoneInfo:
    unit = session.get(Unit, discussion.unit_id)
    return ZoneInfo(unit.timezone if unit else "Europe/London")


def _label(session: Session, discussion: Discussion) -> str:
    family = session.get(Family, discussion.family_id)
    return families.label(session, family, session.get(Unit, family.unit_id)) if family else "a family"


def _ref(session: Session, discussion: Discussion) -> str:
    family = session.get(Family, discussion.family_id)
    return families.body(session, family).ref if family else "A family"
