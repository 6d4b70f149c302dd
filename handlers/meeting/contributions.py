"""What people type in a thread: kept word for word under the stage, with every edit, move and deletion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers import messages, remarks
from handlers.forms.asking import ask, submits
from handlers.routes import button, is_inside, on, shortcut
from handlers.threads import ThreadPlace, place_of
from handlers.turn import BROUGHT_BACK, UNREADABLE, Answer, Done, EventKind, Note, Nothing, Refused, Turn
from prompts_and_forms import privacy
from prompts_and_forms.card import card, say
from prompts_and_forms.meeting import discussion_wording, notices, remark_rules, saved_wording, script
from prompts_and_forms.states import ContributionState, DiscussionState, MeetingState
from prompts_and_forms.typed import is_empty
from storage.database.tables import Contribution, Discussion
from storage.database.tables_machinery import Draft
from storage.meeting import contributions, discussions, meetings
from storage.messages import outbox
from storage.unit import people, units

SENT_TWICE_WITHIN = timedelta(seconds=60)
NOTES, TALKED_FOR = 4, timedelta(seconds=60)
"""After so many notes, or so much time with talk, the card is posted again as the last message."""


# ---- typed


@on(EventKind.MESSAGE)
def typed(turn: Turn) -> Answer:
    """One message in a thread. Anything outside a discussion or the board's thread is not looked at."""
    place = place_of(turn)
    if place is None or contributions.find(turn.session, turn.event.channel, turn.event.ts):
        return Nothing()
    if turn.person is None or turn.membership is None:
        return Note(card(saved_wording.NOT_SAVED, say(discussion_wording.DO_NOT_KNOW_YOU)))
    if not is_inside(turn.membership):
        _point_out(turn, place, "refuse_author_left")
        return Nothing()
    if place.discussion is None and place.meeting.state == MeetingState.CLOSED:
        return Note(card(saved_wording.NOT_SAVED, say(discussion_wording.MEETING_CLOSED_NOTE)))
    if turn.event.files:
        _point_out(turn, place, "not_readable" if set(turn.event.files) == {UNREADABLE} else "file_not_kept")
    if is_empty(turn.event.text):
        if not turn.event.files:
            _point_out(turn, place, "ignore_empty")
        return Nothing()
    return _take(turn, place)


def _take(turn: Turn, place: ThreadPlace) -> Answer:
    author = turn.actor()
    if _holds_private_details(turn, place):
        return Nothing()
    if _sent_twice(turn, place):
        _point_out(turn, place, "ignore_duplicate")
        return Nothing()
    kept = contributions.keep(
        turn.session,
        meeting_id=place.meeting.id,
        discussion=place.discussion,
        stage=_stage(turn, place),
        author_id=author.id,
        channel=turn.event.channel,
        ts=turn.event.ts,
        text=turn.event.text,
        now=turn.now,
    )
    if place.discussion is not None:
        pointed_out = _look_at(turn, place, place.discussion, kept)
        _show_heard(turn, place.discussion, at_once=pointed_out)
        if not place.discussion.changed_after_confirm:
            tell_lead_of_change(turn, place.discussion, kept.id, "late_note")
    return Nothing()


def _show_heard(turn: Turn, discussion: Discussion, *, at_once: bool) -> None:
    """The card says that the note is saved; after some talk, or with something to point out, it comes down again."""
    posted = discussion.card_at or discussion.stage_at or discussion.started_at
    talked = turn.now - posted >= TALKED_FOR or contributions.count_since(turn.session, discussion.id, posted) >= NOTES
    if discussion.state == DiscussionState.OPEN and (at_once or talked):
        messages.bring_card_down(turn, discussion)
    else:
        messages.redraw_stage(turn, discussion)


def _stage(turn: Turn, place: ThreadPlace) -> str:
    if place.discussion is not None:
        return script.talk_stage(place.discussion.kind, place.discussion.stage)
    return "closing" if meetings.discussions(turn.session, place.meeting.id) else "opening"


def _sent_twice(turn: Turn, place: ThreadPlace) -> bool:
    return contributions.said_just_now(
        turn.session,
        author_id=turn.actor().id,
        meeting_id=place.meeting.id,
        discussion_id=place.discussion.id if place.discussion else None,
        words=turn.event.text,
        since=turn.now - SENT_TWICE_WITHIN,
    )


def _holds_private_details(turn: Turn, place: ThreadPlace) -> bool:
    """Text that could identify somebody is saved nowhere; its author is told privately, the thread without details."""
    found = privacy.findings(turn.event.text)
    if found:
        phones = [contact.how for contact in units.contacts(turn.session, place.meeting.unit_id)]
        found = privacy.findings(turn.event.text, phones)
    if not found:
        return False
    kinds = sorted({str(finding.kind) for finding in found})
    remark = _point_out(turn, place, "privacy_block", {"kinds": kinds})
    if remark is not None:
        _tell_author_and_thread(turn, place, remark.id)
    return True


def _tell_author_and_thread(turn: Turn, place: ThreadPlace, remark_id: str) -> None:
    author = turn.actor()
    outbox.say(turn.session, f"remark:{remark_id}/to:{author.id}", now=turn.now, chat_user=author.chat_user)
    _point_out(turn, place, "message_not_kept", about=remark_id)


def _look_at(turn: Turn, place: ThreadPlace, discussion: Discussion, kept: Contribution) -> bool:
    """What a note may call for: the stop still being on, words about suicide, an idea in the wrong place.

    Answers whether something was pointed out that was not there before.
    """
    remark: Any = None
    if discussion.state == DiscussionState.STOPPED and not discussions.who_was_told(turn.session, [discussion]):
        _point_out(turn, place, "stop_rule_still_on", about=kept.id, every_time=True)
    if notices.mentions_suicide(turn.event.text):
        remark = _point_out(turn, place, "tier3_direct", about=kept.id)
    ideas = _ideas_elsewhere(discussion)
    if ideas is not None and discussion.state == DiscussionState.OPEN and notices.reads_like_an_idea(turn.event.text):
        remark = _point_out(turn, place, "wrong_stage", {"stage": ideas.id}, about=kept.id) or remark
    return remark is not None


def _ideas_elsewhere(discussion: Discussion) -> script.Stage | None:
    """The stage for ideas, unless this is it or the one after it; a light discussion has none."""
    ideas = script.stage_of(discussion.kind, "ideas")
    after = script.following(discussion.kind, ideas.id) if ideas else None
    return None if discussion.stage in {stage.id for stage in (ideas, after) if stage} else ideas


def _point_out(
    turn: Turn,
    place: ThreadPlace,
    code: str,
    params: dict[str, Any] | None = None,
    *,
    about: str = "",
    every_time: bool = False,
) -> Any:
    return remarks.give(
        turn,
        code,
        unit_id=place.meeting.unit_id,
        discussion_id=place.discussion.id if place.discussion else None,
        meeting_id=place.meeting.id,
        family_id=place.family_id,
        about=about or turn.event.ts,
        to_person=turn.person.id if turn.person else None,
        platform_ts=turn.event.ts,
        params=params,
        every_time=every_time,
    )


def tell_lead_of_change(turn: Turn, discussion: Discussion, about: str, code: str = "late_edit") -> None:
    """What is added or changed after the lead confirmed marks the record and reaches the lead."""
    if discussion.confirmed_at is None:
        return
    discussions.mark_changed_after_confirm(turn.session, discussion)
    messages.show_first(turn, discussion)
    remarks.give(
        turn,
        code,
        unit_id=discussion.unit_id,
        discussion_id=discussion.id,
        about=f"{about}:{turn.event.id}",
        to_person=turn.person.id if turn.person else None,
        platform_ts=turn.event.ts,
    )


# ---- edited, deleted


@on(EventKind.EDITED)
def edited(turn: Turn) -> Answer:
    """A changed message is a new version; one that was not saved before is taken as if typed now."""
    kept = contributions.find(turn.session, turn.event.channel, turn.event.ts)
    if kept is None:
        return typed(turn)
    place = _place_of_kept(turn, kept)
    was_deleted = kept.state == ContributionState.DELETED
    if not _author_may(turn, place) or (was_deleted and turn.event.name != BROUGHT_BACK):
        return Nothing()
    if not was_deleted and contributions.text(turn.session, kept) == turn.event.text:
        return Nothing()
    if is_empty(turn.event.text):
        _point_out(turn, place, "ignore_empty", about=kept.id)
        return Nothing()
    if _holds_private_details(turn, place):
        return Nothing()
    contributions.edit(turn.session, kept, turn.event.text, _by(turn), turn.now, turn.event.ts)
    _point_out(turn, place, "keep_edit_history", {"edit": kept.edits}, about=kept.id)
    _after_change(turn, place, kept)
    if place.discussion is not None:
        _look_at(turn, place, place.discussion, kept)
    return Nothing()


@on(EventKind.DELETED)
def deleted(turn: Turn) -> Answer:
    """A message taken back no longer counts; its history stays."""
    kept = contributions.find(turn.session, turn.event.channel, turn.event.ts)
    if kept is None:
        return _remember_deletion(turn)
    if kept.state == ContributionState.DELETED:
        return Nothing()
    contributions.delete(turn.session, kept, _by(turn), turn.now, turn.event.ts)
    _after_change(turn, _place_of_kept(turn, kept), kept)
    return Nothing()


def _remember_deletion(turn: Turn) -> Answer:
    """A deletion that arrives before its message: the message must not be saved when it comes."""
    place = place_of(turn)
    if place is None or turn.person is None or not is_inside(turn.membership):
        return Nothing()
    kept = contributions.keep(
        turn.session,
        meeting_id=place.meeting.id,
        discussion=place.discussion,
        stage=_stage(turn, place),
        author_id=turn.person.id,
        channel=turn.event.channel,
        ts=turn.event.ts,
        text="",
        now=turn.now,
    )
    contributions.delete(turn.session, kept, turn.person.id, turn.now, turn.event.ts)
    return Nothing()


def _place_of_kept(turn: Turn, kept: Contribution) -> ThreadPlace:
    meeting = meetings.get(turn.session, kept.meeting_id)
    if kept.discussion_id is None:
        return ThreadPlace(meeting, None, f"meeting:{meeting.id}/board")
    return ThreadPlace(meeting, discussions.hold(turn.session, kept.discussion_id), f"discussion:{kept.discussion_id}")


def _author_may(turn: Turn, place: ThreadPlace) -> bool:
    if turn.person is not None and is_inside(people.membership(turn.session, place.meeting.unit_id, turn.person.id)):
        return True
    _point_out(turn, place, "refuse_author_left")
    return False


def _by(turn: Turn) -> str | None:
    return turn.person.id if turn.person else None


def _after_change(turn: Turn, place: ThreadPlace, kept: Contribution) -> None:
    if place.discussion is None:
        return
    messages.redraw_stage(turn, place.discussion)
    if kept.stage != place.discussion.stage and place.discussion.kind == "full":
        stages = place.discussion.visited
        if kept.stage in stages:
            last = len(stages) - stages[::-1].index(kept.stage)
            messages.show_stage(turn, place.discussion, last)
    tell_lead_of_change(turn, place.discussion, kept.id)


# ---- moved


@shortcut("move_note")
def ask_where_to(turn: Turn) -> Answer:
    """The form that moves a note to the stage it belongs to."""
    kept = _note_under_hand(turn)
    return ask(
        turn,
        "move_note",
        family_id=kept.family_id,
        discussion_id=kept.discussion_id,
        meeting_id=kept.meeting_id,
        answers={"to_stage": kept.stage},
        args={"contribution": kept.id},
    )


@submits("move_note")
def keep_move(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Moves the note to the stage that was chosen."""
    kept = contributions.get(turn.session, draft.args.get("contribution", ""))
    if kept is None or kept.discussion_id is None:
        raise Refused(discussion_wording.NOT_KEPT_BEFORE)
    return Done(card(saved_wording.NOTE_MOVED, say(_move(turn, kept, str(answers["to_stage"])))))


@shortcut("note_stage")
def note_for_this_stage(turn: Turn) -> Answer:
    """Puts a note under the stage the discussion is at now."""
    kept = _note_under_hand(turn)
    discussion = discussions.hold(turn.session, kept.discussion_id or "")
    sentence = _move(turn, kept, discussion.stage)
    return Note(card(saved_wording.NOTE_MOVED, say(sentence)))


@button("note.move", opens=True)
def move_from_remark(turn: Turn) -> Answer:
    """Moves the note to the stage a remark proposes."""
    kept = contributions.get(turn.session, turn.event.args.get("contribution", ""))
    if kept is None or kept.discussion_id != turn.event.args.get("discussion"):
        raise Refused(discussion_wording.NOT_KEPT_BEFORE)
    return Note(card(saved_wording.NOTE_MOVED, say(_move(turn, kept, turn.event.args.get("stage", "")))))


def _note_under_hand(turn: Turn) -> Contribution:
    kept = contributions.find(turn.session, turn.event.channel, turn.event.ts)
    if kept is None or kept.state == ContributionState.DELETED:
        place = place_of(turn)
        raise Refused(discussion_wording.NOT_KEPT_BEFORE if place else discussion_wording.NOT_IN_A_DISCUSSION)
    if kept.discussion_id is None:
        raise Refused(discussion_wording.NOT_IN_A_DISCUSSION)
    return kept


def _move(turn: Turn, kept: Contribution, stage: str) -> str:
    """Moves a note and says so; only between the stages of its own discussion."""
    discussion = discussions.hold(turn.session, kept.discussion_id or "")
    if not is_inside(people.membership(turn.session, discussion.unit_id, turn.actor().id)):
        raise Refused(discussion_wording.DO_NOT_KNOW_YOU)
    if discussion.confirmed_at is not None:
        raise Refused(remark_rules.words("refuse_late_move"))
    found = next((s for s in script.stages(discussion.kind) if s.id == stage), None)
    if found is None:
        raise Refused(discussion_wording.NOT_THAT_STAGE)
    if kept.state == ContributionState.DELETED:
        raise Refused(discussion_wording.NOT_KEPT_BEFORE)
    if kept.stage != stage:
        contributions.move(turn.session, kept, stage, turn.actor().id, turn.now)
        _after_change(turn, _place_of_kept(turn, kept), kept)
    return discussion_wording.moved_to(found.name)
