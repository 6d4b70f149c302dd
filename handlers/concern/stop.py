"""The stop rule: one yes from anybody stops one family's discussion, and whoever pressed sees at once whom to call.

Rule: meeting script, stage 1. The bot shows whom to call; it sets no threshold and never says that it is safe.
"""

from __future__ import annotations

from handlers import guards, messages, remarks
from handlers.concern import cards
from handlers.concern.told import redraw_messages
from handlers.entries import edit
from handlers.guards import still_open
from handlers.meeting import discussion as meeting_discussion
from handlers.meeting.contributions import tell_lead_of_change
from handlers.routes import button, shortcut
from handlers.threads import place_of
from handlers.turn import Answer, Ask, Refused, Turn, Window
from prompts_and_forms.card import Block, Buttons, Choice, Menu, card, say
from prompts_and_forms.meeting import concern_wording, discussion_wording
from prompts_and_forms.states import DiscussionState, ItemState
from storage.database.tables import Discussion, Entry, Meeting, Unit
from storage.family import access, families
from storage.forms import entries
from storage.meeting import contributions, discussions, meetings, stops
from storage.meeting.stops import Stop
from storage.messages import outbox

ITEM_STATE = {
    DiscussionState.PARKED: ItemState.PARKED,
    DiscussionState.AWAITING: ItemState.DONE,
    DiscussionState.CLOSED: ItemState.DONE,
}
MENU_MOST = 100


# ---- where it is pressed


@button("discussion.concern", opens=True)
def concern(turn: Turn) -> Answer:
    """Anyone in the unit, at any stage, also when the discussion or the meeting is over."""
    return raise_concern(turn, guards.locked_discussion(turn))


@shortcut("immediate_concern")
def concern_about_message(turn: Turn) -> Answer:
    """From the menu of a message: the family of its thread, or the contacts and the question which family."""
    found = contributions.find(turn.session, turn.event.channel, turn.event.ts)
    if found is not None and found.discussion_id is not None:
        return raise_concern(turn, discussions.hold(turn.session, found.discussion_id))
    place = place_of(turn)
    if place is None or place.discussion is None:
        return which_family(turn, turn.here(), meetings.open_meeting(turn.session, turn.here().id))
    return raise_concern(turn, place.discussion)


@button("board.concern", opens=True)
def concern_from_board(turn: Turn) -> Answer:
    """Whom to call, at once; then any family of the unit can be named, also one not on the agenda."""
    meeting = still_open(turn)
    unit = turn.session.get(Unit, meeting.unit_id)
    assert unit is not None
    return which_family(turn, unit, meeting)


def which_family(turn: Turn, unit: Unit, meeting: Meeting | None) -> Window:
    """999 and the contacts first; below them the families whose discussion can be stopped from here."""
    open_now = families.open_families(turn.session, unit.id)
    blocks: list[Block] = cards.call_first(turn.session, unit.id)
    choices = tuple(Choice(value=f.id, label=families.label_of(turn.session, f.id)) for f in open_now)
    if meeting is not None and choices:
        menus = tuple(
            Menu(
                action="board.concern_family",
                label=concern_wording.WHICH,
                choices=choices[first : first + MENU_MOST],
                args={"meeting": meeting.id},
            )
            for first in range(0, len(choices), MENU_MOST)
        )
        blocks += [say(concern_wording.WHICH_FIRST), Buttons(items=menus)]
    elif meeting is not None:
        blocks.append(say(concern_wording.NO_FAMILIES))
    return Window(concern_wording.WINDOW_TITLE, card(discussion_wording.STOP_NOTICE, *blocks))


@button("board.concern_family", opens=True)
def stop_chosen_family(turn: Turn) -> Answer:
    """The family chosen from the board; one that was not being discussed is taken up for it."""
    meeting = still_open(turn)
    family_id = turn.event.args.get("chosen", "")
    if family_id in access.closed_to_somebody(turn.session):
        blocks = (*cards.call_first(turn.session, meeting.unit_id), say(concern_wording.NOT_POSTED))
        return Window(concern_wording.WINDOW_TITLE, card(discussion_wording.STOP_NOTICE, *blocks))
    known = meetings.discussion_of(turn.session, meeting.id, family_id)
    was = DiscussionState.PARKED if known is None or known.state == DiscussionState.PARKED else known.state
    return raise_concern(turn, meeting_discussion.discussion_for(turn, meeting, family_id), was=was)


# ---- stopping


def raise_concern(turn: Turn, discussion: Discussion, *, about: str = "", was: str = "") -> Window:
    """Stops this discussion at once. A second press shows the same again and stops nothing more."""
    if discussion.state != DiscussionState.STOPPED:
        stop(turn, discussion, about=about, was=was)
    return Window(concern_wording.WINDOW_TITLE, cards.in_window(turn.session, discussion, turn.person))


def stop(turn: Turn, discussion: Discussion, *, about: str = "", was: str = "") -> None:
    """`about` = the safety form that said yes; `was` = the state it goes back to when it was pressed by mistake."""
    before = stops.before(discussion, was)
    discussions.stop(turn.session, discussion, turn.person.id if turn.person else None, turn.now)
    remarks.give(
        turn,
        stops.STOPPED,
        unit_id=discussion.unit_id,
        discussion_id=discussion.id,
        about=about,
        params={"stop": turn.event.id, **before},
        shown_in=remarks.NOWHERE,
    )
    number = len(stops.of_discussion(turn.session, discussion.id))
    messages.show_first(turn, discussion)
    _post(turn, discussion, number)
    messages.show_stage(turn, discussion, priority=outbox.STOP)
    meetings.mark_item(turn.session, discussion, ItemState.NOW)
    messages.redraw_board_of(turn, discussion, priority=outbox.STOP)
    tell_lead_of_change(turn, discussion, "stop", "late_note")


def _post(turn: Turn, discussion: Discussion, number: int) -> None:
    """The contacts as the newest message of the thread and under the board, and a message to those who must hear."""
    session, channel = turn.session, messages.channel_of(turn.session, discussion)
    in_thread, under_board = cards.key_in_thread(discussion, number), cards.key_under_board(discussion, number)
    thread, first = messages.discussion_key(discussion), outbox.SAFETY
    outbox.say(session, in_thread, now=turn.now, channel=channel, thread=thread, priority=first)
    outbox.say(session, under_board, now=turn.now, channel=channel, priority=first)
    unit = session.get(Unit, discussion.unit_id)
    by_id = turn.person.id if turn.person else None
    for person in cards.who_hears(session, unit, turn.now, by_id) if unit is not None else ():
        key = cards.key_of_message(person, discussion, number)
        outbox.say(session, key, now=turn.now, chat_user=person.chat_user, priority=first)


# ---- pressed by mistake


@button("stop.mistake", opens=True)
def by_mistake(turn: Turn) -> Answer:
    """For whoever pressed, the lead and the deputy, until somebody is written down as told. It stays in the record."""
    discussion = guards.locked_discussion(turn)
    found = stops.latest(turn.session, discussion.id)
    if discussion.state != DiscussionState.STOPPED or found is None:
        raise Refused(cards.true_now(turn.session, discussion))
    if stops.told_since(turn.session, discussion.id, found):
        raise Refused(concern_wording.TOLD_ALREADY)
    if not may_undo(turn, discussion, found):
        names = [person.name for person in cards.who_may_undo(turn.session, discussion, found)]
        raise Refused(concern_wording.only_presser(names))
    said = turn.session.get(Entry, found.about) if found.about else None
    if said is not None and says_yes(entries.answers(turn.session, entries.newest_of(turn.session, said))):
        return _answer_again(turn, said)
    undo(turn, discussion, found)
    ref = families.ref_of(turn.session, discussion.family_id)
    return Window(concern_wording.UNDONE_TITLE, card(concern_wording.UNDONE_TITLE, say(concern_wording.undone(ref))))


def may_undo(turn: Turn, discussion: Discussion, found: Stop) -> bool:
    """Whether the person acting may say that it was pressed by mistake."""
    allowed = {person.id for person in cards.who_may_undo(turn.session, discussion, found)}
    return turn.person is not None and turn.person.id in allowed


def says_yes(answers: dict[str, object]) -> bool:
    """Whether a safety form stops the discussion."""
    return bool(answers.get("immediate_concern") or answers.get("manager_needed_today"))


def _answer_again(turn: Turn, said: Entry) -> Ask:
    """The record would still say yes: the answer itself is changed, and that undoes the stop."""
    return edit.write_anew(turn, entries.newest_of(turn.session, said), (say(concern_wording.ANSWER_AGAIN),))


def undo(turn: Turn, discussion: Discussion, found: Stop) -> None:
    """Back to where it was, with the press in the record and said where it was said before."""
    stops.undo(turn.session, discussion, found)
    meetings.mark_item(turn.session, discussion, ITEM_STATE.get(discussion.state, ItemState.NOW))
    remarks.give(
        turn,
        stops.BY_MISTAKE,
        unit_id=discussion.unit_id,
        discussion_id=discussion.id,
        about=found.id,
        to_person=turn.actor().id,
    )
    redraw_messages(turn, discussion)
    messages.show_stage(turn, discussion)
    messages.show_first(turn, discussion)
    messages.redraw_board_of(turn, discussion)
    if discussion.state == DiscussionState.READ_BACK:
        messages.read_again(turn, discussion)
