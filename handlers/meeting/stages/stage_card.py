"""The card that moves a discussion on: always the last message of its thread, with never more than four controls."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import messages, remarks
from handlers.meeting import read_back, saved_words
from handlers.meeting.stages import lenses, stage_opening, usual_date
from handlers.render import Rendering, renders
from prompts_and_forms.card import (
    GONE,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Heading,
    Menu,
    Strong,
    say,
    small,
)
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.meeting import discussion_wording, script
from prompts_and_forms.states import DiscussionState
from storage.database.tables import Discussion, Entry, Family, Unit
from storage.family import families
from storage.forms import drafts, entries
from storage.meeting import contributions, discussions
from storage.messages.posts import find_posts
from storage.unit import people

ANY_TIME = (
    "action",
    "hypothesis",
    "view",
    "last_seen",
    "conversation",
    "contract",
    "role",
    "disagreement",
    "hypothesis_status",
    "position",
    "reassign",
    "action_close",
    "carry_over",
    "stop_doing",
    "initial_consultation",
    "permission_to_share",
    "tracking_entry",
)
"""Within reach at every stage, whatever the stage is about."""
FROM_A_NOTE = ("action", "hypothesis", "view", "worry")
"""What the last typed note can become in one press."""
OPENED = "opened"
"""Makes the menu another one once a form was opened from it: what was chosen last cannot be chosen again."""
FORM, NOTE, LENS, STAGE, DO = "form:", "note:", "lens:", "stage:", "do:"
"""What a choice of "More" begins with: a form, one filled from the last note, a lens, a stage, or something to do."""


@renders("discussion:{discussion_id}/stage")
def draw_without_number(view: Rendering, discussion_id: str) -> Card | None:
    """A light discussion's message from before its card had a number."""
    found = view.session.get(Discussion, discussion_id)
    return None if found is None else _left_behind(view.session, found, found.stage_no)


@renders("discussion:{discussion_id}/stage:{stage_no}")
def draw(view: Rendering, discussion_id: str, stage_no: str) -> Card | None:
    """The card of a stage: the newest with its controls, an earlier one as a line."""
    found = view.session.get(Discussion, discussion_id)
    if found is None:
        return None
    finished = found.state in discussions.FINISHED
    if discussions.asks_above(found, int(stage_no)):
        return _asking(view, found)
    if int(stage_no) != found.stage_no or (found.kind == script.FULL and _is_read_back(found)):
        return _further_up(view.session, found, int(stage_no))
    return read_back.finished_card(view.session, found, view.now) if finished else _card(view, found)


def _asking(view: Rendering, found: Discussion) -> Card:
    """The first card of the stage people are in, once the newest is further down: its questions, without controls."""
    blocks = [
        *_opening(view.session, found, _here_and_now(view, found).date()),
        Buttons(items=(concern_button(found),)),
    ]
    return Card(notice=_notice(view.session, found), blocks=(Heading(text=_heading(found)), *blocks))


def _opening(session: Session, found: Discussion, today: date) -> list[Block]:
    stage = script.stage(found.kind, found.stage)
    return [*_questions(stage), *stage_opening.blocks(session, found, stage.begins_with, today)]


def _here_and_now(view: Rendering, found: Discussion) -> datetime:
    unit = view.session.get(Unit, found.unit_id)
    return view.now.astimezone(ZoneInfo(unit.timezone if unit else "Europe/London"))


def _card(view: Rendering, found: Discussion) -> Card:
    session, now = view.session, _here_and_now(view, found)
    zone, today = now.tzinfo, now.date()
    blocks: list[Block] = [Heading(text=_heading(found))]
    if found.state != DiscussionState.OPEN:
        blocks.append(say(Strong(text=_why_still(found))))
    elif found.kind == script.FULL:
        is_first = discussions.first_card(found, found.stage_no) == found.stage_no
        blocks += _opening(session, found, today) if is_first else []
    elif not _recorded(session, found):
        blocks += stage_opening.blocks(session, found, script.load().light_card.begins_with, today)
    blocks += _saved(session, found, zone)
    blocks += _one_offer(remarks.shown_in(session, found.id, remarks.IN_STAGE, since=found.stage_at))
    blocks += _controls(session, found, today)
    return Card(notice=_notice(session, found), blocks=tuple(blocks))


def _heading(found: Discussion) -> str:
    if found.kind != script.FULL:
        return discussion_wording.LIGHT_CARD
    total = len(script.stages(found.kind))
    stage = script.stage(found.kind, found.stage)
    return discussion_wording.stage_heading(stage.name, script.number(found.kind, stage.id), total)


def _notice(session: Session, found: Discussion) -> str:
    family = session.get(Family, found.family_id)
    return discussion_wording.stage_notice(families.body(session, family).ref if family else "A family")


def _questions(stage: script.Stage) -> list[Block]:
    rule = (small(stage.rule),) if stage.rule else ()
    return [Bullets(items=tuple((prompt,) for prompt in stage.prompts)), *rule]


def _why_still(found: Discussion) -> str:
    if found.state == DiscussionState.STOPPED and found.after_stop == "not_today":
        return discussion_wording.NOT_TODAY_KEPT
    return {
        "stopped": discussion_wording.STOPPED_FIRST,
        "parked": discussion_wording.PARKED,
        "read_back": discussion_wording.READ_BACK_FIRST,
    }[found.state]


def _saved(session: Session, found: Discussion, zone: tzinfo | None) -> list[Block]:
    """What was saved, in words: all of it in a light discussion. A full one has each record as a message above."""
    lines = tuple(saved_words.lines(session, [] if found.kind == script.FULL else _recorded(session, found)))
    notes = _notes(session, found, script.talk_stage(found.kind, found.stage), zone)
    return [*([Bullets(items=lines)] if lines else []), *notes]


def _recorded(session: Session, found: Discussion) -> list[Entry]:
    """What was recorded, in the order of the script: safety first, also where one form saved it all."""
    order = {stage.id: place for place, stage in enumerate(script.stages(found.kind))}
    return sorted(entries.of_discussion(session, found.id), key=lambda entry: order.get(entry.stage, len(order)))


def _one_offer(blocks: list[Block]) -> list[Block]:
    """What was pointed out, with a button only where it comes last: everything else is under "More"."""
    last = next((block for block in reversed(blocks) if isinstance(block, Buttons)), None)
    return [block for block in blocks if not isinstance(block, Buttons) or block is last]


def _notes(session: Session, found: Discussion, stage: str, zone: tzinfo | None) -> list[Block]:
    tally = contributions.tally(session, found.id, stage)
    if tally is None:
        return []
    who = people.name_of(session, tally.last_author_id)
    return [small(discussion_wording.notes_here(tally.count, who, tally.last_at.astimezone(zone)))]


def _further_up(session: Session, found: Discussion, stage_no: int) -> Card:
    """A card that is not the last message any more: a line, or nothing at all as soon as a newer one lies below."""
    newer = [messages.stage_key(found, number) for number in range(stage_no + 1, found.stage_no + 1)]
    newer += [messages.read_back_key(found)] if _is_read_back(found) else []
    if newer and not discussions.stays_as_line(found, stage_no) and find_posts(session, newer):
        return GONE
    return _left_behind(session, found, stage_no)


def _is_read_back(found: Discussion) -> bool:
    return found.state in (*discussions.FINISHED, DiscussionState.READ_BACK)


def _left_behind(session: Session, found: Discussion, stage_no: int) -> Card:
    """One line in place of a card, the heading of what was said there, and the button that always works."""
    name = discussion_wording.LIGHT_CARD
    if found.kind == script.FULL:
        name = script.name_of(discussions.stage_at(found, stage_no))
    return Card(notice=_notice(session, found), blocks=(small(name), Buttons(items=(concern_button(found),))))


# ---- the controls


def concern_button(found: Discussion) -> Button:
    """The button for an immediate concern, the same on every card."""
    return Button(
        action="discussion.concern", label=discussion_wording.CONCERN, args={"discussion": found.id}, style="danger"
    )


def _controls(session: Session, found: Discussion, today: date) -> list[Block]:
    args = {"discussion": found.id}
    if found.state == DiscussionState.STOPPED:
        return [Buttons(items=(_after_stop(found), concern_button(found)))]
    if found.state == DiscussionState.PARKED:
        again = Button(action="discussion.resume", label=discussion_wording.TAKE_UP, args=args, style="primary")
        return [Buttons(items=(again, concern_button(found)))]
    if found.state == DiscussionState.READ_BACK:
        return [Buttons(items=(concern_button(found),))]
    return [Buttons(items=(*_forward(session, found, today), concern_button(found), _more(session, found)))]


def _after_stop(found: Discussion) -> Button:
    """First who was told; once it is left for today, only the next date."""
    form, label = ("stop", discussion_wording.SAY_WHO)
    if found.after_stop == "not_today":
        form, label = (script.stages(found.kind)[-1].form or "l_next", discussion_wording.NEXT_DATE)
    args = {"discussion": found.id, "form": form}
    return Button(action="form.open", label=label, args=args, style="primary")


def _forward(session: Session, found: Discussion, today: date) -> list[Button]:
    """What to do next, then what to record here. A light one first asks for its form, then only to finish."""
    if found.kind != script.FULL:
        done = found.next_on is not None and _round_was_held(session, found)
        finish = _finish(found, "primary" if done else "plain")
        opened = _open_form(found, script.load().light_card.form, discussion_wording.QUICK_ROUND, primary=not done)
        return [finish, opened] if done else [opened, finish]
    after = script.following(found.kind, found.stage)
    args = {"discussion": found.id, "stage_no": str(found.stage_no)}
    stage = script.stage(found.kind, found.stage)
    is_to_answer = stage.watched and not _was_answered(session, found, stage.form)
    main = [_open_form(found, stage.form, stage.record, primary=is_to_answer)] if stage.form else []
    if after is None and found.next_on is None:
        return [_usual_date(session, found, today), _finish(found, "plain")]
    if after is None:
        return [_finish(found, "primary"), *main]
    label = discussion_wording.next_label(after.name)
    on = Button(action="stage.next", label=label, args=args, style="plain" if is_to_answer else "primary")
    return [*main, on] if is_to_answer else [on, *main]


def _usual_date(session: Session, found: Discussion, today: date) -> Button:
    """The next date as it is proposed, set in one press. Another day is under "More"."""
    proposed = usual_date.usual(session, found, today)
    on = str(proposed["date"])
    label = discussion_wording.next_proposed(date.fromisoformat(on), str(proposed["kind"]))
    return Button(action="next.usual", label=label, args={"discussion": found.id, "on": on}, style="primary")


def _round_was_held(session: Session, found: Discussion) -> bool:
    watched = {stage.form for stage in script.stages(found.kind) if stage.watched}
    return _was_answered(session, found, *watched)


def _was_answered(session: Session, found: Discussion, *forms: str | None) -> bool:
    return any(entry.form in forms for entry in _recorded(session, found))


def _finish(found: Discussion, style: str) -> Button:
    return Button(
        action="discussion.finish",
        label=discussion_wording.FINISH,
        args={"discussion": found.id},
        style="primary" if style == "primary" else "plain",
    )


def _open_form(found: Discussion, form: str, label: str, *, primary: bool = False) -> Button:
    args = {"discussion": found.id, "form": form}
    return Button(action="form.open", label=label, args=args, style="primary" if primary else "plain")


def _more(session: Session, found: Discussion) -> Menu:
    """Everything else in one menu: from the last note, other records, other stages, what to do with the family."""
    args = {"discussion": found.id, "stage_no": str(found.stage_no), OPENED: str(drafts.count_in(session, found.id))}
    from_note = _from_note(session, found)
    choices = [*from_note, *_records(found), *_lenses(found), *_other_stages(found), *_with_the_family(found)]
    return Menu(action="stage.more", label=discussion_wording.MORE, choices=tuple(choices), args=args)


def _from_note(session: Session, found: Discussion) -> list[Choice]:
    if contributions.last_note(session, found.id) is None:
        return []
    return [Choice(value=f"{NOTE}{kind}", label=discussion_wording.FROM_THE_LAST_NOTE[kind]) for kind in FROM_A_NOTE]


def _records(found: Discussion) -> list[Choice]:
    stage = script.stage(found.kind, found.stage)
    every = tuple(one.form for one in script.stages(found.kind) if one.form)
    light_too = ("open",) if found.kind != script.FULL else ()
    proposed = found.next_on is None and script.following(found.kind, found.stage) is None
    first = None if proposed and found.kind == script.FULL else script.main_form(found.kind, found.stage)
    forms = [form for form in dict.fromkeys((*stage.also, *ANY_TIME, *light_too, *every)) if form != first]
    return [
        Choice(value=f"{FORM}{form}", label=discussion_wording.record_label(load_form(form).title)) for form in forms
    ]


def _lenses(found: Discussion) -> list[Choice]:
    return [
        Choice(value=f"{LENS}{one.id}", label=discussion_wording.lens_label(one.name)) for one in lenses.offered(found)
    ]


def _other_stages(found: Discussion) -> list[Choice]:
    if found.kind != script.FULL:
        return []
    others = [one for one in script.stages(found.kind) if one.id != found.stage]
    return [Choice(value=f"{STAGE}{one.id}", label=discussion_wording.go_to_label(one.name)) for one in others]


def _with_the_family(found: Discussion) -> list[Choice]:
    last = found.kind != script.FULL or script.following(found.kind, found.stage) is None
    offered = {
        "switch": None if found.kind == script.FULL else discussion_wording.SWITCH,
        "park": discussion_wording.PARK,
        "finish": None if last else discussion_wording.FINISH_NOW,
    }
    return [Choice(value=f"{DO}{what}", label=label) for what, label in offered.items() if label]
