"""One unit on somebody's Home tab: its meeting, what waits for me, what I have to do, and our families."""

from __future__ import annotations

from datetime import date

from handlers import reach, safe_contact
from handlers.beforehand import agenda_card
from handlers.clinical import signing
from handlers.decisions.agreement_confirm import may_confirm
from handlers.entries import lists
from handlers.family.family_card import discussed_words, next_date
from handlers.nudges import pressing
from handlers.routes import button
from handlers.turn import Answer, Note, Turn
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Choice,
    Heading,
    Menu,
    Span,
    Strong,
    card,
    say,
    small,
)
from prompts_and_forms.days import day_words
from prompts_and_forms.home import wording as home_wording
from prompts_and_forms.meeting import moving_wording
from prompts_and_forms.meeting.script import stage
from prompts_and_forms.meeting.wording import due_words
from prompts_and_forms.states import DiscussionState, ItemState
from prompts_and_forms.unit import wording as unit_wording
from storage.database.audit import audit
from storage.database.tables import (
    Action,
    Agreement,
    AgreementVersion,
    Discussion,
    Family,
    Meeting,
    Membership,
    Person,
    Unit,
)
from storage.decisions import actions, agreements
from storage.family import families
from storage.meeting import meeting_days, meetings, waiting
from storage.unit import people, units

LABEL = 75
"""Letters of an option before a platform cuts it; a longer action goes by its number."""
Line = tuple[Span, ...]


def of_unit(turn: Turn, person: Person, membership: Membership, unit: Unit, most: int) -> list[list[Block]]:
    """One unit in parts, the most pressing first; of a list of things to do `most` are shown."""
    turn.unit, turn.membership = unit, membership
    audit(turn.session, at=turn.now, what="home", row=unit, person_id=person.id, unit_id=unit.id)
    return [
        [Heading(text=unit.name), *_meeting(turn, unit)],
        pressing.home_blocks(turn, person, [(membership, unit)], most),
        *_waiting_for(turn, person, membership, unit, most),
        _actions(turn, person, unit),
        _families(turn, unit),
    ]


# ---- today's meeting


def _meeting(turn: Turn, unit: Unit) -> list[Block]:
    today = turn.today(unit)
    going_on = meetings.open_meeting(turn.session, unit.id)
    if going_on is not None:
        return _going_on(turn, unit, going_on, today)
    if meetings.on_day(turn.session, unit.id, today):
        return [say(unit_wording.MEETING_OVER), _next_agenda(unit)]
    coming = meeting_days.coming(turn.session, unit, today)
    facilitates = agenda_card.facilitator_words(turn.session, unit, today, turn.membership)
    blocks: list[Block] = [say(moving_wording.next_words(coming, unit.start, today)), *facilitates, _next_agenda(unit)]
    if coming is not None and coming.holiday and people.may_arrange(unit, turn.membership):
        args = {"unit": unit.id, "day": coming.usual.isoformat()}
        blocks.append(Buttons(items=(Button(action="meeting.move", label=moving_wording.MOVE, args=args),)))
    if not units.contacts(turn.session, unit.id):
        blocks.append(say(unit_wording.NO_CONTACTS))
    return blocks


def _going_on(turn: Turn, unit: Unit, meeting: Meeting, today: date) -> list[Block]:
    items = meetings.items(turn.session, meeting.id)
    done = sum(item.state == ItemState.DONE for item in items)
    named = (
        home_wording.TODAYS_MEETING
        if meeting.day == today
        else home_wording.THE_MEETING_OF.format(day=day_words.with_weekday(meeting.day))
    )
    facilitator = (
        people.name_of(turn.session, meeting.facilitator_id) if meeting.facilitator_id else unit_wording.NOBODY
    )
    lines: list[Line] = [
        (home_wording.FACILITATOR.format(facilitator=facilitator),),
        (home_wording.FAMILIES_DONE.format(done=done, count=len(items)),),
    ]
    for discussion in meetings.discussions(turn.session, meeting.id):
        if discussion.state in (DiscussionState.OPEN, DiscussionState.STOPPED, DiscussionState.READ_BACK):
            lines.append(_now_line(turn, unit, discussion))
    where = small(home_wording.WHERE_THE_BOARD_IS)
    is_open = say(Strong(text=home_wording.MEETING_IS_OPEN.format(named=named)))
    return [is_open, Bullets(items=tuple(lines)), where, _next_agenda(unit)]


def _next_agenda(unit: Unit) -> Block:
    return Buttons(items=(agenda_card.add_button(unit), agenda_card.show_button(unit), agenda_card.rota_button(unit)))


def _now_line(turn: Turn, unit: Unit, discussion: Discussion) -> Line:
    family = families.by_id(turn.session, discussion.family_id)
    label = families.label(turn.session, family, unit) if family else "a family"
    if discussion.state == DiscussionState.STOPPED:
        return Strong(text=home_wording.STOPPED), label
    if discussion.state == DiscussionState.READ_BACK:
        return home_wording.READING_BACK, label
    return home_wording.NOW, f"{label}, {stage(discussion.kind, discussion.stage).name}"


# ---- what waits for me


def _waiting_for(turn: Turn, person: Person, membership: Membership, unit: Unit, most: int) -> list[list[Block]]:
    parts: list[list[Block]] = []
    if people.may_confirm(turn.session, unit, person.id, turn.today(unit)):
        parts.append(_to_confirm(turn, unit, most))
    parts.append(signing.waiting_blocks(turn, unit, membership))
    parts.append(_agreements(turn, unit, membership, most))
    if "unit_coordinator" in membership.roles:
        count = waiting.count_to_copy(turn.session, unit.id)
        if count:
            parts.append([say(unit_wording.to_copy_words(count))])
    return parts


def _to_confirm(turn: Turn, unit: Unit, most: int) -> list[Block]:
    found = waiting.to_confirm(turn.session, unit.id)
    if not found:
        return []
    blocks: list[Block] = [say(Strong(text=unit_wording.TO_CONFIRM))]
    for discussion in found[:most]:
        family = families.by_id(turn.session, discussion.family_id)
        meeting = meetings.get(turn.session, discussion.meeting_id)
        label = families.label(turn.session, family, unit) if family else "a family"
        blocks.append(
            say(
                home_wording.DISCUSSION_TO_CONFIRM.format(
                    family=label, kind=discussion.kind, day=day_words.with_weekday(meeting.day)
                )
            )
        )
        args = {"discussion": discussion.id}
        blocks.append(
            Buttons(items=(Button(action="home.confirm", label=home_wording.CONFIRM, args=args, about=label),))
        )
    return _with_more(blocks, len(found), most)


def _agreements(turn: Turn, unit: Unit, membership: Membership, most: int) -> list[Block]:
    found = [one for one in agreements.waiting(turn.session, unit.id) if _waits_for(turn, one, membership)]
    if not found:
        return []
    blocks: list[Block] = [say(Strong(text=unit_wording.AGREEMENTS_WAITING))]
    for agreement in found[:most]:
        family = families.by_id(turn.session, agreement.family_id)
        label = families.label(turn.session, family, unit) if family else "a family"
        blocks.append(say(f"{label}: {agreements.words(turn.session, agreement).focus}"))
        version = agreements.current(turn.session, agreement)
        sides = _sides(version, membership)
        blocks.append(lists.agreement_buttons(agreement, version, sides=sides))
    return _with_more(blocks, len(found), most)


def _waits_for(turn: Turn, agreement: Agreement, membership: Membership) -> bool:
    """Whether this person may still say yes for a side; nobody says it for both."""
    return bool(_sides(agreements.current(turn.session, agreement), membership))


def _sides(version: AgreementVersion, membership: Membership) -> list[str]:
    found: list[str] = []
    mine = membership.person_id
    if version.social_work_by_id is None and version.clinical_by_id != mine and may_confirm(membership, "social_work"):
        found.append("social_work")
    if version.clinical_by_id is None and version.social_work_by_id != mine and may_confirm(membership, "clinical"):
        found.append("clinical")
    return found


def _with_more(blocks: list[Block], count: int, most: int) -> list[Block]:
    return [*blocks, small(unit_wording.more_words(count - most))] if count > most else blocks


# ---- my actions


def _actions(turn: Turn, person: Person, unit: Unit) -> list[Block]:
    found = actions.open_of_person(turn.session, person.id, unit.id)
    if not found:
        return [say(home_wording.NO_OPEN_ACTIONS)]
    today = turn.today(unit)
    late = [one for one in found if one.due_on is not None and one.due_on < today]
    rest = [one for one in found if one not in late]
    ordered = [*late, *rest]
    texts = {one.id: actions.words(turn.session, one).text for one in ordered}
    numbers = _numbers(texts)
    blocks = safe_contact.blocks(turn.session, (one.family_id for one in found))
    for title, own in ((home_wording.MY_ACTIONS_OVERDUE, late), (home_wording.MY_ACTIONS, rest)):
        if own:
            lines = tuple(_action_line(turn, unit, one, texts[one.id], numbers.get(one.id, ""), today) for one in own)
            blocks.append(Bullets(title=title, items=lines))
    choices = tuple(
        Choice(value=one.id, label=_choice(turn, unit, one, texts[one.id], numbers, today)) for one in ordered
    )
    menu = Menu(action="home.action", label=home_wording.UPDATE_AN_ACTION, choices=choices, args={"unit": unit.id})
    return [*blocks, Buttons(items=(menu,))]


def _numbers(texts: dict[str, str]) -> dict[str, str]:
    """A number for each action where one is too long for a menu, so that none is cut there."""
    if all(len(text) <= LABEL for text in texts.values()):
        return {}
    return {action_id: f"{number}. " for number, action_id in enumerate(texts, start=1)}


def _choice(turn: Turn, unit: Unit, action: Action, text: str, numbers: dict[str, str], today: date) -> str:
    number = numbers.get(action.id, "")
    if len(number + text) <= LABEL:
        return number + text
    return f"{number}{_label(turn, unit, action)}, {due_words(action.due_on, today)}"


def _action_line(turn: Turn, unit: Unit, action: Action, text: str, number: str, today: date) -> Line:
    return number, Strong(text=_label(turn, unit, action)), f": {text} ({due_words(action.due_on, today)})"


def _label(turn: Turn, unit: Unit, action: Action) -> str:
    family = families.by_id(turn.session, action.family_id)
    return families.label(turn.session, family, unit) if family else ""


@button("home.action", opens=True)
def show_action(turn: Turn) -> Answer:
    """One of my actions with everything that can be done about it."""
    action = reach.action(turn, turn.event.args.get("chosen"))
    shown = lists.one_action(turn.session, action, turn.today())
    return Note(card(home_wording.AN_ACTION, *shown, lists.action_buttons(action)))


# ---- our families


def _families(turn: Turn, unit: Unit) -> list[Block]:
    found = families.open_families(turn.session, unit.id)
    if not found:
        return [say(unit_wording.NO_FAMILIES_YET)]
    names = {family.id: families.label(turn.session, family, unit) for family in found}
    found.sort(key=lambda family: names[family.id])
    lines = tuple(_family_line(turn, family, names[family.id]) for family in found)
    menu = Menu(
        action="family.show",
        label=home_wording.SHOW_A_FAMILY,
        choices=tuple(Choice(value=family.id, label=names[family.id]) for family in found),
        args={"unit": unit.id},
    )
    return [Bullets(title=home_wording.OUR_FAMILIES, items=lines), Buttons(items=(menu,))]


def _family_line(turn: Turn, family: Family, label: str) -> Line:
    today = turn.today()
    coming = next_date(families.body(turn.session, family), today)
    parts = [unit_wording.category_words(family.category)]
    if coming:
        parts.append(f"{coming[0].lower()} {unit_wording.ahead(coming[1], today)}")
    parts.append(home_wording.LAST_DISCUSSED.format(when=discussed_words(family, today)))
    return Strong(text=label), f": {'; '.join(parts)}"
