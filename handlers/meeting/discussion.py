"""A family's discussion: its first message, starting, parking, switching to full, who leads and who writes."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from handlers import messages, remarks
from handlers.entries import lists, recording
from handlers.family import access as family_access
from handlers.forms.asking import ask, prefills, submits
from handlers.guards import in_meeting, locked_discussion, under_way
from handlers.meeting.agenda_items import append
from handlers.messages import redraw_board_of, show_first, show_stage
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Nothing, Refused, Turn
from prompts_and_forms.card import Block, Button, Buttons, Card, Facts, Heading, Strong, say, small
from prompts_and_forms.decisions import record_wording
from prompts_and_forms.meeting import agenda_rules, agenda_wording, discussion_wording, script
from prompts_and_forms.states import DiscussionState, ItemState
from storage.clinical import clinical_work
from storage.database.tables import AgendaItem, Discussion, Family, Meeting, Unit
from storage.database.tables_machinery import Draft
from storage.decisions import actions
from storage.family import families
from storage.forms import entries
from storage.meeting import discussions, meetings
from storage.unit import people

# ---- where its messages lie


# ---- what a button may do


# ---- starting


def start_discussion(turn: Turn, meeting: Meeting, item: AgendaItem) -> Discussion:
    """A family's turn has come: its first message and its first stage are shown."""
    session = turn.session
    known = meetings.discussion_of(session, meeting.id, item.family_id)
    if known is not None:
        return known
    family = session.get(Family, item.family_id)
    if family is None:
        raise Refused(agenda_wording.FAMILY_UNKNOWN_HERE)
    family_access.refuse_in_channel(turn, family)
    here = [p.id for p in meetings.attendance(session, meeting.id)["present"]]
    discussion = discussions.begin(
        session,
        meeting=meeting,
        family=family,
        kind=item.kind,
        stage=script.stages(item.kind)[0].id,
        lead_id=family.lead_worker_id if family.lead_worker_id in here else meeting.facilitator_id,
        note_taker_id=meeting.writer_id,
        present=here,
        now=turn.now,
    )
    show_first(turn, discussion)
    show_stage(turn, discussion)
    _point_out_at_start(turn, discussion, family)
    return discussion


def _point_out_at_start(turn: Turn, discussion: Discussion, family: Family) -> None:
    """What people should know before they begin. Shown in the first message, never a block."""
    place: dict[str, Any] = {"unit_id": discussion.unit_id, "discussion_id": discussion.id}
    body = families.body(turn.session, family)
    if clinical_work.of_family(turn.session, family.id).consulted_on is None:
        remarks.give(turn, "initial_consultation_missing", **place, shown_in=remarks.IN_HEADER)
    if _came_lately(body.transferred, family, turn.today()):
        remarks.give(turn, "transferred", **place, shown_in=remarks.IN_HEADER)
    if _no_clinician_here(turn, discussion):
        remarks.give(turn, "no_clinical_view", **place, shown_in=remarks.IN_HEADER)
    stuck_after = lists.stuck_after(turn.session, family.id)
    for action in actions.open_actions(turn.session, family.id):
        if actions.is_stuck(action, stuck_after):
            params = {"action": action.id, "count": action.carried_over}
            remarks.give(turn, "stuck_action", **place, params=params, shown_in=remarks.IN_HEADER)


def _came_lately(transferred: dict[str, Any] | None, family: Family, today: date) -> bool:
    """Another unit's family until not long ago: said until it has been discussed in full here, and for two months."""
    if not transferred:
        return False
    on = transferred.get("on")
    came = on if isinstance(on, date) else date.fromisoformat(str(on)) if on else None
    if came is None or family.last_full_on is None or family.last_full_on < came:
        return True
    return (today - came).days <= 60


def _no_clinician_here(turn: Turn, discussion: Discussion) -> bool:
    here = set(discussion.present)
    return not any(person.id in here for person in people.clinicians(turn.session, discussion.unit_id))


# ---- the first message


@renders("discussion:{discussion_id}")
def draw(view: Rendering, discussion_id: str) -> Card | None:
    """The family's first message: safe contact, who leads, and what can be pressed."""
    session = view.session
    discussion = session.get(Discussion, discussion_id)
    family = session.get(Family, discussion.family_id) if discussion else None
    if discussion is None or family is None:
        return None
    unit = session.get(Unit, discussion.unit_id)
    blocks: list[Block] = [
        Heading(text=discussion_wording.title(families.label(session, family, unit), discussion.kind))
    ]
    blocks += [
        say(discussion_wording.safe_contact(warning)) for warning in families.safe_contact_warnings(session, family.id)
    ]
    blocks.append(Facts(rows=_rows(session, discussion)))
    blocks += remarks.shown_in(session, discussion.id, remarks.IN_HEADER)
    if discussion.changed_after_confirm:
        blocks.append(say(Strong(text=discussion_wording.CHANGED_AFTER)))
    if discussion.state == DiscussionState.OPEN:
        blocks.append(small(discussion_wording.IN_THE_THREAD))
    blocks.append(Buttons(items=tuple(_first_buttons(discussion))))
    return Card(notice=discussion_wording.notice(families.body(session, family).ref), blocks=tuple(blocks))


def _rows(session: Session, discussion: Discussion) -> tuple[tuple[str, str], ...]:
    state = discussion_wording.STATE[discussion.state]
    if discussion.kind == "full" and discussion.state == DiscussionState.OPEN:
        at = script.stage(discussion.kind, discussion.stage)
        total = len(script.stages(discussion.kind))
        where = discussion_wording.progress(script.number(discussion.kind, at.id), total, at.name)
        state = f"{state}, {where}"
    rows = [(record_wording.THIS_DISCUSSION, state)]
    if discussion.first_kind != discussion.kind:
        rows.append((record_wording.KIND, discussion_wording.SWITCHED))
    lead = people.name_of(session, discussion.lead_id) if discussion.lead_id else ""
    writer = people.name_of(session, discussion.note_taker_id) if discussion.note_taker_id else ""
    rows.append((record_wording.LED_BY, discussion_wording.led_and_written(lead, writer)))
    item = meetings.item_of(session, discussion.meeting_id, discussion.family_id)
    if item is not None and item.reasons:
        rows.append((record_wording.WHY_TODAY, "; ".join(agenda_rules.reason_words(reason) for reason in item.reasons)))
    if discussion.next_on is not None:
        rows.append(
            (record_wording.NEXT_DISCUSSION, discussion_wording.next_words(discussion.next_on, discussion.next_kind))
        )
    return tuple(rows)


def _first_buttons(discussion: Discussion) -> list[Button]:
    args = {"discussion": discussion.id}
    found = [Button(action="discussion.concern", label=discussion_wording.CONCERN, args=args, style="danger")]
    if discussion.state == DiscussionState.PARKED:
        found.insert(
            0, Button(action="discussion.resume", label=discussion_wording.TAKE_UP, args=args, style="primary")
        )
    return found


# ---- parking, taking up again, switching


@button("discussion.park")
def park(turn: Turn) -> Answer:
    """Puts a discussion aside for later today."""
    discussion = under_way(turn)
    discussion.state = DiscussionState.PARKED
    discussions.keep(turn.session, discussion)
    meetings.mark_item(turn.session, discussion, ItemState.PARKED)
    show_first(turn, discussion)
    show_stage(turn, discussion)
    redraw_board_of(turn, discussion)
    return Nothing()


@button("discussion.resume")
def resume(turn: Turn) -> Answer:
    """Takes a parked discussion up where it was; one that is under way stays as it is."""
    discussion = locked_discussion(turn)
    in_meeting(turn, discussion)
    if discussion.state == DiscussionState.PARKED:
        resume_discussion(turn, discussion)
        meetings.mark_item(turn.session, discussion, ItemState.NOW)
        redraw_board_of(turn, discussion)
    return Nothing()


def resume_discussion(turn: Turn, discussion: Discussion) -> None:
    """Takes a parked discussion up again where it was."""
    discussion.state = DiscussionState.OPEN
    discussion.stage_at = turn.now
    discussions.keep(turn.session, discussion)
    show_first(turn, discussion)
    show_stage(turn, discussion)


@button("discussion.switch")
def switch(turn: Turn) -> Answer:
    """A light discussion becomes a full one; what was saved stays, under the stage it was said in."""
    discussion = under_way(turn)
    if discussion.kind == "full":
        raise Refused(discussion_wording.ALREADY_FULL)
    light_card = discussion.stage_no
    discussion.kind = "full"
    discussions.move(turn.session, discussion, _first_open_stage(turn, discussion), turn.now)
    messages.leave_card(turn, discussion, light_card)
    show_stage(turn, discussion)
    show_first(turn, discussion)
    item = meetings.item_of(turn.session, discussion.meeting_id, discussion.family_id)
    if item is not None:
        item.kind = "full"
        item.minutes = agenda_rules.minutes_for("full", turn.here().settings)
        turn.session.add(item)
    redraw_board_of(turn, discussion)
    return Nothing()


def _first_open_stage(turn: Turn, discussion: Discussion) -> str:
    """Where a light discussion goes on in full: what its safety answer was about first, unless it was given."""
    light = [stage for stage in script.stages(script.LIGHT) if stage.watched]
    answered = any(entries.latest(turn.session, discussion.id, stage.form or "") for stage in light)
    first = script.talk_stage(script.LIGHT, discussion.stage) if answered else light[0].id
    return script.counterpart(script.FULL, first).id


# ---- who leads, who writes, who is here


@prefills("open")
def known_so_far(turn: Turn, family_id: str | None, discussion_id: str | None, args: dict[str, str]) -> dict[str, Any]:
    """What the set-up starts with: who leads, who takes notes, who is here, and what was needed."""
    if discussion_id is None:
        return {}
    discussion = discussions.get(turn.session, discussion_id)
    earlier = entries.latest(turn.session, discussion_id, "open")
    need = entries.answers(turn.session, earlier).get("need") if earlier else None
    known = {"lead": discussion.lead_id, "note_taker": discussion.note_taker_id, "present": discussion.present}
    return {**known, "need": need}


@submits("open")
def keep_set_up(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves who leads, who takes notes and who is here; what is left empty stays."""
    already = recording.already_handed_in(turn, draft, answers)
    if already:
        return already
    entry = recording.keep(turn, draft, answers)
    if draft.discussion_id is None:
        return recording.shown(turn, draft, entry)
    discussion = discussions.hold(turn.session, draft.discussion_id)
    discussion.lead_id = answers.get("lead") or discussion.lead_id
    discussion.note_taker_id = answers.get("note_taker") or discussion.note_taker_id
    discussion.present = answers.get("present") or discussion.present
    discussions.keep(turn.session, discussion)
    show_first(turn, discussion)
    answer = recording.shown(turn, draft, entry)
    return answer if isinstance(answer, Done) else Done()


def discussion_for(turn: Turn, meeting: Meeting, family_id: str) -> Discussion:
    """The family's discussion in this meeting, started or taken up again when need be."""
    family = turn.session.get(Family, family_id)
    if family is None or family.unit_id != meeting.unit_id:
        raise Refused(agenda_wording.FAMILY_UNKNOWN_HERE)
    held = meetings.discussion_of(turn.session, meeting.id, family_id)
    item = meetings.item_of(turn.session, meeting.id, family_id) or append(turn, meeting, family_id, None)
    if held is None:
        held = start_discussion(turn, meeting, item)
        meetings.mark_item(turn.session, held, ItemState.NOW)
        messages.tell_moved_on(turn, meeting.id, held.id)
    elif held.state == DiscussionState.PARKED:
        resume_discussion(turn, held)
        meetings.mark_item(turn.session, held, ItemState.NOW)
    messages.redraw_board(turn, meeting.id)
    return held


def ask_next_date(turn: Turn, discussion: Discussion) -> Answer:
    """The form that sets the next date, filled with the usual day."""
    form = script.stages(discussion.kind)[-1].form or "l_next"
    return ask(
        turn,
        form,
        family_id=discussion.family_id,
        discussion_id=discussion.id,
        meeting_id=discussion.meeting_id,
        intro=(small(discussion_wording.NEXT_NEEDED),),
    )
