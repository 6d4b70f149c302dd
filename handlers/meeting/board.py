"""The board: one message in the channel that says who is here and where the meeting is. Edited in place, pinned."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.family import transfer_messages
from handlers.meeting import agenda_items
from handlers.render import Rendering, renders
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Facts,
    Heading,
    Menu,
    Progress,
    Span,
    Strong,
    card,
    say,
    small,
)
from prompts_and_forms.days import day_words
from prompts_and_forms.meeting import agenda_rules, agenda_wording, script
from prompts_and_forms.meeting import wording as meeting_wording
from prompts_and_forms.states import DiscussionState, ItemState, MeetingState
from storage.database.tables import AgendaItem, Discussion, Meeting, Unit
from storage.database.tables_decisions import AgendaWish
from storage.family import families
from storage.meeting import agenda_wishes, meetings
from storage.unit import people


@renders("meeting:{meeting_id}/now:{discussion_id}")
def draw_moved_on(view: Rendering, meeting_id: str, discussion_id: str) -> Card | None:
    """The line in the board's thread that names the family now and the next."""
    discussion = view.session.get(Discussion, discussion_id)
    if discussion is None:
        return None
    name = families.label_of(view.session, discussion.family_id)
    following = next((i for i in meetings.items(view.session, meeting_id) if i.state == ItemState.TO_COME), None)
    after = agenda_wording.NEXT.format(name=families.label_of(view.session, following.family_id)) if following else ""
    return card(
        agenda_wording.MOVED_ON,
        say(agenda_wording.NOW_TALKING_ABOUT.format(name=name, kind=discussion.kind, after=after)),
    )


@renders("meeting:{meeting_id}/board")
def draw(view: Rendering, meeting_id: str) -> Card | None:
    """The meeting's board: what to do now, the agenda, who is here, the time."""
    meeting = view.session.get(Meeting, meeting_id)
    unit = view.session.get(Unit, meeting.unit_id) if meeting else None
    if meeting is None or unit is None:
        return None
    items = meetings.items(view.session, meeting_id)
    meetings.families_of(view.session, meeting_id)
    held = {d.family_id: d for d in meetings.discussions(view.session, meeting_id)}
    kind = agenda_wording.EXTRA_MEETING if meeting.extra else agenda_wording.MEETING
    blocks: list[Block] = [Heading(text=f"{unit.name}: {kind.lower()}, {day_words.with_weekday(meeting.day)}")]
    if meeting.state == MeetingState.CLOSED:
        blocks.append(say(Strong(text="Closed. "), meeting_wording.CLOSING_SENTENCE))
    else:
        blocks += _do_now(view.session, meeting, items, held)
    blocks += _agenda(view.session, items, held)
    blocks += _also(view.session, meeting)
    if meeting.state != MeetingState.CLOSED:
        blocks += transfer_messages.agenda_lines(view.session, unit)
    blocks += _too_long(view.session, meeting, unit, items)
    blocks += _break(meeting, unit, view.now)
    blocks += [_progress(items), Facts(rows=_people_rows(view.session, meeting))]
    blocks += _is_everybody_here(meeting, held)
    blocks += _time(meeting, unit, items, held, view.now)
    if meeting.state != MeetingState.CLOSED:
        blocks += [small(meeting_wording.BOARD_THREAD), _more(meeting)]
    return Card(notice=agenda_wording.BOARD_OF.format(name=unit.name), blocks=tuple(blocks))


def _people_rows(session: Session, meeting: Meeting) -> tuple[tuple[str, str], ...]:
    found = meetings.attendance(session, meeting.id)
    rows = [(agenda_wording.HERE, meeting_wording.names_words([p.name for p in found["present"]]))]
    if found["apologies"]:
        rows.append((agenda_wording.APOLOGIES, meeting_wording.names_words([p.name for p in found["apologies"]])))
    if found["on_leave"]:
        rows.append((agenda_wording.ON_LEAVE, meeting_wording.names_words([p.name for p in found["on_leave"]])))
    rows.append((agenda_wording.FACILITATES, people.name_of(session, meeting.facilitator_id)))
    rows.append((agenda_wording.TAKES_NOTES, people.name_of(session, meeting.writer_id)))
    return tuple(rows)


def _progress(items: list[AgendaItem]) -> Progress:
    done = sum(i.state == ItemState.DONE for i in items)
    return Progress(
        done=done, total=len(items), words=f"{done} of {meeting_wording.families_words(len(items))} discussed"
    )


def _time(
    meeting: Meeting, unit: Unit, items: list[AgendaItem], held: dict[str, Discussion], now: datetime
) -> list[Block]:
    if meeting.hide_timer:
        return []
    planned = sum(i.minutes for i in items if i.state != ItemState.PARKED) + agenda_rules.AROUND_MINUTES
    used = sum(((d.closed_at or now) - d.started_at for d in held.values()), timedelta())
    end = meeting.closed_at or now
    return [
        small(
            agenda_wording.TIME_USED.format(
                at=meeting.opened_at.astimezone(zone(unit)),
                ago=meeting_wording.minutes_words(end - meeting.opened_at),
                used=meeting_wording.minutes_words(used),
                planned=planned,
                length=unit.length_minutes,
            )
        )
    ]


def _break(meeting: Meeting, unit: Unit, now: datetime) -> list[Block]:
    if meeting.break_until is None or meeting.break_until <= now or meeting.state == MeetingState.CLOSED:
        return []
    return [say(Strong(text=meeting_wording.break_words(f"{meeting.break_until.astimezone(zone(unit)):%H:%M}")))]


def zone(unit: Unit) -> ZoneInfo:
    """The unit's time zone."""
    return ZoneInfo(unit.timezone)


def minutes_over(meeting: Meeting, unit: Unit, items: list[AgendaItem]) -> int:
    """By how much the plan is longer than the meeting; 0 where it fits or the meeting is over."""
    planned = sum(i.minutes for i in items if i.state != ItemState.PARKED) + agenda_rules.AROUND_MINUTES
    return max(0, planned - unit.length_minutes) if meeting.state == MeetingState.OPEN else 0


def could_wait(unit: Unit, items: list[AgendaItem], over: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which families the rules would hold light, and which they would let wait for another day."""
    waiting = [
        agenda_rules.PlannedItem(i.family_id, i.kind, i.reasons, i.minutes)
        for i in items
        if i.state == ItemState.TO_COME
    ]
    return agenda_rules.ways_out(waiting, over, agenda_rules.Settings.of(unit.settings))


def _too_long(session: Session, meeting: Meeting, unit: Unit, items: list[AgendaItem]) -> list[Block]:
    """What does not fit, which families may wait, and one button that does it."""
    over = minutes_over(meeting, unit, items)
    if not over:
        return []
    hold_light, extra = could_wait(unit, items, over)
    words = meeting_wording.over_words(
        over,
        [families.label_of(session, family_id) for family_id in hold_light],
        [families.label_of(session, family_id) for family_id in extra],
    )
    blocks: list[Block] = [say(Strong(text=meeting_wording.TOO_LONG), words)]
    if hold_light or extra:
        fit = Button(action="agenda.fit", label=meeting_wording.FIT, args={"meeting": meeting.id})
        blocks.append(Buttons(items=(fit,)))
    return blocks


def _agenda(session: Session, items: list[AgendaItem], held: dict[str, Discussion]) -> list[Block]:
    now = [i for i in items if i.state == ItemState.NOW]
    to_come = [i for i in items if i.state == ItemState.TO_COME]
    rest = [i for i in items if i.state not in (ItemState.NOW, ItemState.TO_COME)]
    blocks: list[Block] = []
    for title, group in (
        (agenda_wording.NOW, now),
        (agenda_wording.TO_COME, to_come),
        (agenda_wording.OVER, rest),
    ):
        if group:
            blocks.append(Bullets(title=title, items=tuple(_line(session, i, held.get(i.family_id)) for i in group)))
    if not items:
        blocks.append(say(agenda_wording.EMPTY))
    return blocks


def _also(session: Session, meeting: Meeting) -> list[Block]:
    """What people asked to talk about that is no family, until somebody says that it is done."""
    found = _items(session, meeting)
    if not found:
        return []
    lines = tuple((agenda_items.also_words(session, wish),) for wish in found)
    choices = tuple(Choice(value=wish.id, label=agenda_wishes.words(session, wish)[:75]) for wish in found[:100])
    menu = Menu(
        action="agenda.item_done", label=agenda_wording.ITEM_DONE, choices=choices, args={"meeting": meeting.id}
    )
    return [Bullets(title=agenda_wording.ALSO, items=lines), Buttons(items=(menu,))]


def _items(session: Session, meeting: Meeting) -> list[AgendaWish]:
    """An extra meeting has none; what was asked for since this one opened is for the next."""
    if meeting.extra or meeting.state == MeetingState.CLOSED:
        return []
    return agenda_wishes.items(agenda_wishes.live(session, meeting.unit_id), before=meeting.opened_at)


def still_to_talk_about(session: Session, meeting: Meeting) -> list[str]:
    """What is on the agenda beside the families and was not said to be done."""
    return [agenda_wishes.words(session, wish) for wish in _items(session, meeting)]


def _line(session: Session, item: AgendaItem, discussion: Discussion | None) -> tuple[Span, ...]:
    spans: list[Span] = [
        Strong(text=families.label_of(session, item.family_id)),
        f", {meeting_wording.KIND_WORDS[item.kind]}, {item.minutes} min",
    ]
    state: str = item.state
    if discussion is not None and discussion.state in (DiscussionState.STOPPED, DiscussionState.AWAITING):
        state = discussion.state
    if item.state == ItemState.NOW and discussion is not None and state == ItemState.NOW:
        spans.append(f": at “{script.stage(discussion.kind, discussion.stage).name}”")
    elif state != ItemState.TO_COME:
        spans.append(f": {meeting_wording.STATE_WORDS[state]}")
    if item.state in (ItemState.TO_COME, ItemState.NOW) and item.reasons:
        spans.append(f" ({'; '.join(agenda_items.why_words(session, item.reasons))})")
    if item.kind != item.rule_kind:
        spans.append(agenda_wording.BUT_THE_RULE_SAID.format(kind=meeting_wording.KIND_WORDS[item.rule_kind]))
    return tuple(spans)


def _is_everybody_here(meeting: Meeting, held: dict[str, Discussion]) -> list[Block]:
    """Asked until somebody has said so, or the first family has begun."""
    if held or meeting.here_said_at is not None or meeting.state == MeetingState.CLOSED:
        return []
    args = {"meeting": meeting.id}
    choices = (
        Button(action="meeting.everyone", label=meeting_wording.EVERYONE, args=args),
        Button(action="meeting.people", label=meeting_wording.CHOOSE_WHO, args=args),
    )
    return [say(meeting_wording.EVERYBODY_HERE), Buttons(items=choices)]


def _do_now(session: Session, meeting: Meeting, items: list[AgendaItem], held: dict[str, Discussion]) -> list[Block]:
    """What to do now, with its one button; beside it another family, and an immediate concern."""
    going_on = [i for i in items if i.state == ItemState.NOW and i.family_id in held]
    to_come = [i for i in items if i.state in (ItemState.TO_COME, ItemState.PARKED)]
    label = families.label_of(session, (going_on or to_come)[0].family_id) if going_on or to_come else ""
    if going_on:
        words = meeting_wording.now_words(label, held[going_on[0].family_id].state)
    else:
        words = meeting_wording.next_words(label) if to_come else meeting_wording.ALL_DISCUSSED
    return [say(Strong(text=meeting_wording.NOW_FIRST), words), _start_row(session, meeting, to_come, bool(going_on))]


def _start_row(session: Session, meeting: Meeting, to_come: list[AgendaItem], going_on: bool) -> Block:
    args = {"meeting": meeting.id}
    first: list[Button | Menu] = []
    if not to_come and not going_on:
        close = Button(action="meeting.close", label=agenda_wording.CLOSE_THE_MEETING, args=args, style="primary")
        first.append(close)
    if to_come:
        following = to_come[0]
        name = families.label_of(session, following.family_id)
        first.append(
            Button(
                action="agenda.start",
                label=agenda_wording.START.format(name=name),
                args={**args, "family": following.family_id},
                style="plain" if going_on else "primary",
            )
        )
    if len(to_come) > 1:
        choices = tuple(Choice(value=i.family_id, label=families.label_of(session, i.family_id)) for i in to_come[1:])
        first.append(
            Menu(action="agenda.start", label=agenda_wording.START_ANOTHER_FAMILY, choices=choices[:100], args=args)
        )
    first.append(Button(action="board.concern", label=agenda_wording.IMMEDIATE_CONCERN, args=args, style="danger"))
    return Buttons(items=tuple(first))


def _more(meeting: Meeting) -> Block:
    args = {"meeting": meeting.id}
    more: list[Button | Menu] = [
        Button(action="agenda.change", label=agenda_wording.CHANGE_THE_AGENDA, args=args),
        Button(action="meeting.people", label=agenda_wording.WHO_IS_HERE_WHO_LEADS, args=args),
        _break_menu(args),
        Button(
            action="meeting.timer",
            label=agenda_wording.SHOW_THE_TIME if meeting.hide_timer else agenda_wording.HIDE_THE_TIME,
            args=args,
        ),
        Button(action="meeting.quality", label=agenda_wording.ONE_MINUTE_QUALITY_CHECK, args=args),
        Button(action="meeting.close", label=agenda_wording.CLOSE_THE_MEETING, args=args),
    ]
    return Buttons(items=tuple(more))


def _break_menu(args: dict[str, str]) -> Menu:
    choices = tuple(
        Choice(value=str(m), label=meeting_wording.BREAK_MINUTES.format(minutes=m)) for m in meeting_wording.BREAKS
    )
    return Menu(action="meeting.break", label=meeting_wording.TAKE_A_BREAK, choices=choices, args=args)
