"""What people answer to a reminder, and /nudges: what is due for me, when I hear of it, the unit's week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers.beforehand import agenda_card
from handlers.decisions import action_changes
from handlers.forms.asking import ask, submits
from handlers.nudges import buttons as nudge_buttons
from handlers.nudges import digest, drawing, pressing
from handlers.nudges.drawing import Line
from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Done, Note, Nothing, Refused, Turn, Wrong
from prompts_and_forms import own_names
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Span, Strong, card, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.days.working_days import ONE_DAY, after_working_days
from prompts_and_forms.nudges import wording as nudges_wording
from prompts_and_forms.nudges.nudge_kinds import groups
from prompts_and_forms.states import NudgeState
from storage.database.tables import Membership, Unit
from storage.database.tables_machinery import Draft
from storage.database.tables_nudges import Nudge
from storage.family import families
from storage.meeting import meeting_days
from storage.nudges import nudges
from storage.unit import people

WEEK = timedelta(days=7)


# ---- one reminder


def _mine(turn: Turn, nudge_id: str | None) -> Nudge:
    """A reminder this person may answer: their own, one they were sent, or any of a unit they arrange."""
    row = nudges.get(turn.session, nudge_id or "")
    membership = people.belongs(turn.session, row.unit_id, turn.actor().id) if row else None
    if row is None or membership is None:
        raise Refused(nudges_wording.GONE)
    unit = turn.session.get(Unit, row.unit_id)
    assert unit is not None
    turn.unit, turn.membership = unit, membership
    me = turn.actor().id
    sent_to = {said.person_id for said in nudges.said_where(turn.session, [row.id], date.min)}
    if row.person_id != me and me not in sent_to and not people.may_arrange(unit, membership):
        raise Refused(nudges_wording.NOT_YOURS)
    return row


def _answerable(turn: Turn, nudge_id: str | None) -> Nudge:
    row = _mine(turn, nudge_id)
    if row.state not in nudges.LIVE:
        raise Refused(nudges_wording.ALREADY)
    return row


@button("nudge.open", opens=True)
def open_one(turn: Turn) -> Answer:
    """One reminder with its buttons, for the person who asked."""
    row = _mine(turn, turn.event.args.get("chosen") or turn.event.args.get("nudge"))
    family = families.by_id(turn.session, row.family_id)
    if family is not None:
        note_read(turn, family)
    found = drawing.lines(turn.session, [row], turn.actor().id, turn.now)
    return Note(card(nudges_wording.notice(1), *digest.all_blocks(turn.session, found, turn.actor().id)))


@button("nudge.done")
def done(turn: Turn) -> Answer:
    """Said to be done by hand, where the record cannot tell; a manager says that they have seen it."""
    row = _answerable(turn, turn.event.args.get("nudge"))
    if not (row.given and row.escalated) and not nudge_buttons.may_be_done_by_hand(row):
        raise Refused(nudges_wording.ALWAYS_NEEDED)
    nudges.settle(turn.session, row, by_id=turn.actor().id, now=turn.now)
    digest.redraw(turn, [row.id])
    return Nothing()


@button("nudge.agenda", opens=True)
def show_agenda(turn: Turn) -> Answer:
    """The agenda of the next meeting."""
    _mine(turn, turn.event.args.get("nudge"))
    return Note(agenda_card.next_card(turn))


@button("nudge.list", opens=True)
def show_each(turn: Turn) -> Answer:
    """The discussions of one meeting that wait for a yes or for being copied, each with its button."""
    row = _mine(turn, turn.event.args.get("nudge"))
    return Note(card(nudges_wording.notice(1), *nudge_buttons.each_blocks(turn.session, row)))


@button("nudge.not_now", opens=True)
def not_now(turn: Turn) -> Answer:
    """In a long message the choices open beside it."""
    row = _answerable(turn, turn.event.args.get("nudge"))
    me = turn.actor().id
    about = [drawing.named(turn.session, line, me) for line in drawing.lines(turn.session, [row], me, turn.now)]
    return Note(card(nudges_wording.NOT_NOW, *about, say(nudges_wording.WHEN_THEN), drawing.choice_buttons(row)))


@button("nudge.later", opens=True)
def later(turn: Turn) -> Answer:
    """What somebody chose for a reminder: another day, somebody else, or not needed."""
    row = _answerable(turn, turn.event.args.get("nudge"))
    match turn.event.args.get("chosen"):
        case "sent":
            until = after_working_days(turn.today(), nudges_wording.SENT_DAYS)
            return _put_off(turn, row, until, sent=True)
        case "tomorrow":
            return _put_off_or_ask(turn, row, after_working_days(turn.today(), 1))
        case "meeting":
            coming = meeting_days.held_on(turn.session, turn.here(), turn.today() + ONE_DAY, 1)
            if not coming:
                raise Refused(nudges_wording.NO_MEETING)
            return _put_off_or_ask(turn, row, coming[0])
        case "date":
            return _ask_when(turn, row, None)
        case "not_mine":
            return _ask_whom(turn, row)
        case "not_needed" if not row.statutory:
            return _ask(turn, row, "nudge_not_needed", {})
        case _:
            raise Refused(nudges_wording.ALWAYS_NEEDED)


def _put_off_or_ask(turn: Turn, row: Nudge, until: date) -> Answer:
    """At once, or with a reason where law or guidance asks for the thing."""
    return _ask_when(turn, row, until) if row.statutory else _put_off(turn, row, until)


def _put_off(turn: Turn, row: Nudge, until: date, *, reason: str = "", sent: bool = False) -> Note:
    nudges.snooze(turn.session, row, until, by_id=turn.actor().id, now=turn.now, reason=reason, sent=sent)
    digest.redraw(turn, [row.id])
    return _said(nudges_wording.snoozed_words(until, sent))


def _said(sentence: str) -> Note:
    return Note(card(sentence, say(sentence)))


def _ask(turn: Turn, row: Nudge, form_id: str, answers: dict[str, Any]) -> Answer:
    return ask(turn, form_id, family_id=row.family_id, unit_id=row.unit_id, answers=answers, args={"nudge": row.id})


def _ask_when(turn: Turn, row: Nudge, until: date | None) -> Answer:
    return _ask(turn, row, "nudge_snooze", {"until": until.isoformat()} if until else {})


def _ask_whom(turn: Turn, row: Nudge) -> Answer:
    """An action changes hands in the record itself; everything else only as a reminder."""
    if row.kind == "action":
        turn.event = replace(turn.event, args={"action": row.subject})
        return action_changes.ask_handover(turn)
    return _ask(turn, row, "nudge_hand_over", {})


@submits("nudge_snooze")
def keep_snooze(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Puts a reminder off to a day; what the law asks for needs a reason and a nearer day."""
    row = _answerable(turn, draft.args.get("nudge"))
    today, until = turn.today(), date.fromisoformat(answers["until"])
    furthest = today + timedelta(days=nudges_wording.FURTHEST_STATUTORY if row.statutory else nudges_wording.FURTHEST)
    reason = str(answers.get("reason") or "").strip()
    if until <= today:
        return Wrong({"until": nudges_wording.NOT_PAST})
    if until > furthest:
        return Wrong({"until": nudges_wording.TOO_FAR.format(day=day_words.with_weekday(furthest))})
    if row.statutory and not reason:
        return Wrong({"reason": nudges_wording.REASON_NEEDED})
    return Done(_put_off(turn, row, until, reason=reason).card)


@submits("nudge_hand_over")
def keep_hand_over(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Gives a reminder to somebody who is here, or whose work somebody covers."""
    row = _answerable(turn, draft.args.get("nudge"))
    to = str(answers["to"])
    membership = people.belongs(turn.session, row.unit_id, to)
    if to == row.person_id:
        return Wrong({"to": nudges_wording.NOT_TO_YOURSELF})
    if membership is None:
        return Wrong({"to": nudges_wording.LEFT_UNIT})
    if people.is_on_leave(membership, turn.today()) and membership.cover_id is None:
        until = (
            day_words.with_weekday(membership.leave_until) if membership.leave_until else nudges_wording.THEY_ARE_BACK
        )
        return Wrong({"to": nudges_wording.AWAY.format(day=until)})
    reason = str(answers.get("reason") or "").strip()
    nudges.hand_over(turn.session, row, to, by_id=turn.actor().id, now=turn.now, reason=reason)
    digest.redraw(turn, [row.id])
    return Done(_said(nudges_wording.handed_words(people.name_of(turn.session, to))).card)


@submits("nudge_not_needed")
def keep_not_needed(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Ends a reminder with a reason; never one the law asks for."""
    row = _answerable(turn, draft.args.get("nudge"))
    if row.statutory:
        raise Refused(nudges_wording.ALWAYS_NEEDED)
    nudges.not_needed(turn.session, row, by_id=turn.actor().id, now=turn.now, reason=str(answers["reason"]).strip())
    digest.redraw(turn, [row.id])
    return Done()


# ---- /nudges


@command("/nudges")
def nudges_command(turn: Turn) -> Answer:
    """Everything `/nudges` does; without a word, one's own reminders."""
    word = turn.event.text.strip().casefold()
    if word == "help":
        return Note(_help(own_names.names().command("nudges")))
    if word == "week":
        return show_week(turn)
    if word:
        return Note(_help(nudges_wording.UNKNOWN_WORDS.format(typed=turn.event.text.strip())))
    return Note(my_card(turn))


def _help(first: str) -> Card:
    return card(
        nudges_wording.HOW_NUDGES_WORKS,
        say(first),
        Bullets(items=tuple((line,) for line in nudges_wording.NUDGES_HELP)),
    )


def my_card(turn: Turn) -> Card:
    """What is due for me, and when I hear of it."""
    person = turn.actor()
    mine = people.units_of(turn.session, person.id)
    if not mine:
        raise Refused(nudges_wording.NOT_KNOWN_YET)
    blocks = pressing.home_blocks(turn, person, mine, drawing.MOST_LINES) or [say(nudges_wording.NOTHING_DUE)]
    buttons = [Button(action="nudge.preferences", label=nudges_wording.CHANGE, args={"unit": mine[0][1].id})]
    for membership, unit in mine:
        if _sees_the_week(unit, membership):
            buttons.append(
                Button(action="nudge.week", label=f"{nudges_wording.WEEK}: {unit.name}", args={"unit": unit.id})
            )
    return card(nudges_wording.WHAT_IS_DUE, *blocks, small(_when(turn, person.id)), Buttons(items=tuple(buttons)))


def _when(turn: Turn, person_id: str) -> str:
    chosen = nudges.preference(turn.session, person_id)
    return nudges_wording.preference_words(
        chosen.at, chosen.days, [groups()[one] for one in chosen.left_out if one in groups()]
    )


@button("nudge.preferences", open_to_all=True, opens=True)
def ask_preferences(turn: Turn) -> Answer:
    """The form of when somebody wants to hear from the bot."""
    chosen = nudges.preference(turn.session, turn.actor().id)
    known = {"at": chosen.at, "days": [str(day) for day in chosen.days], "left_out": chosen.left_out}
    return ask(turn, "nudge_preferences", answers=known)


@submits("nudge_preferences")
def keep_preferences(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Saves when somebody hears from the bot: one day a week at least."""
    days = sorted(int(day) for day in answers.get("days") or [])
    if not days:
        return Wrong({"days": nudges_wording.HEAR_AT_LEAST_ONCE})
    person = turn.actor()
    nudges.choose(turn.session, person.id, at=answers["at"], days=days, left_out=list(answers.get("left_out") or []))
    return Done(
        card(nudges_wording.KEPT, say(nudges_wording.KEPT), say(_when(turn, person.id)), small(nudges_wording.STAYS))
    )


# ---- the unit's week


def _sees_the_week(unit: Unit, membership: Membership | None) -> bool:
    return people.may_arrange(unit, membership)


@button("nudge.week", opens=True)
def show_week(turn: Turn) -> Answer:
    """What is due in the unit in the next seven days, and what is late, by person."""
    unit = turn.here()
    if not _sees_the_week(unit, turn.membership):
        raise Refused(nudges_wording.WEEK_NOT_YOURS)
    return Note(week_card(turn, unit))


def week_card(turn: Turn, unit: Unit) -> Card:
    """What is due in the unit within a week, by person."""
    today = turn.today(unit)
    end = today + WEEK
    rows = [row for row in nudges.live(turn.session, [unit.id]) if row.due_on <= end and not row.escalated]
    found = drawing.lines(turn.session, rows, turn.actor().id, turn.now)
    by_person: dict[str, list[Line]] = {}
    for line in found:
        if line.due is not None:
            by_person.setdefault(line.row.person_id, []).append(line)
    if not by_person:
        sentence = nudges_wording.WEEK_EMPTY.format(day=day_words.with_weekday(end))
        return card(nudges_wording.WEEK, say(sentence))
    named = sorted((people.name_of(turn.session, one), own) for one, own in by_person.items())
    blocks: list[Block] = [say(Strong(text=f"{unit.name}. {nudges_wording.week_title(today, end)}"))]
    for name, own in named:
        blocks.append(Bullets(title=name, items=tuple(_week_line(turn, line) for line in own)))
    return card(nudges_wording.WEEK, *blocks)


def _week_line(turn: Turn, line: Line) -> tuple[Span, ...]:
    row = line.row
    family = families.by_id(turn.session, row.family_id)
    ref = families.body(turn.session, family).ref if family else nudges_wording.OF_THE_UNIT
    sentence = drawing.sentence_of(turn.session, line, row.person_id)
    stands = "" if row.state == NudgeState.OPEN else f" [{drawing.how_it_stands(turn.session, line)}]"
    return Strong(text=ref), f": {sentence}{stands}"
