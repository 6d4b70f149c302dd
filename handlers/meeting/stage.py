"""A stage of a discussion: what its message shows, and moving from one to the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import guards, messages, remarks
from handlers.forms import asking
from handlers.meeting import read_back, stage_gaps, stage_opening
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Note, Nothing, Refused, Turn
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Heading,
    Menu,
    Progress,
    Strong,
    card,
    say,
    small,
)
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.meeting import discussion_wording, script
from storage.database.tables import Discussion, Entry, Family, Unit
from storage.family import families
from storage.forms import entries, published
from storage.meeting import contributions, discussions
from storage.unit import people

ANY_TIME = (
    "hypothesis",
    "hypothesis_status",
    "position",
    "conversation",
    "contract",
    "role",
    "action",
    "reassign",
    "action_close",
    "carry_over",
    "stop_doing",
    "view",
    "last_seen",
    "disagreement",
    "initial_consultation",
    "permission_to_share",
    "tracking_entry",
)
"""Within reach at every stage, whatever the stage is about."""


# ---- drawing


@renders("discussion:{discussion_id}/stage")
def draw_light(view: Rendering, discussion_id: str) -> Card | None:
    """A light discussion's one message: the stage it is at, and at the end what it leaves behind."""
    found = view.session.get(Discussion, discussion_id)
    if found is None:
        return None
    if found.kind == "full":
        return _behind(view.session, found, found.stage_no - 1)
    if found.state in discussions.FINISHED:
        return read_back.finished_card(view.session, found, view.now)
    return _card(view, found)


@renders("discussion:{discussion_id}/stage:{stage_no}")
def draw_full(view: Rendering, discussion_id: str, stage_no: str) -> Card | None:
    found = view.session.get(Discussion, discussion_id)
    if found is None:
        return None
    if int(stage_no) != found.stage_no or found.state in discussions.FINISHED:
        return _behind(view.session, found, int(stage_no))
    return _card(view, found)


def _card(view: Rendering, found: Discussion) -> Card:
    session, stage = view.session, script.stage(found.kind, found.stage)
    unit = session.get(Unit, found.unit_id)
    today = view.now.astimezone(_zone(unit)).date()
    blocks = _head(session, found, stage)
    if found.state == "open":
        blocks += _script(stage)
        blocks += stage_opening.blocks(session, found, stage.id, today)
    else:
        blocks.append(say(Strong(text=_why_still(found))))
    blocks += _kept(session, found, stage.id, _zone(unit))
    blocks += remarks.shown_in(session, found.id, remarks.IN_STAGE, since=found.stage_at)
    blocks += _buttons(found, stage)
    return Card(notice=_notice(session, found), blocks=tuple(blocks))


def _zone(unit: Unit | None) -> ZoneInfo:
    return ZoneInfo(unit.timezone if unit else "Europe/London")


def _notice(session: Session, found: Discussion) -> str:
    family = session.get(Family, found.family_id)
    return discussion_wording.stage_notice(families.body(session, family).ref if family else "A family")


def _head(session: Session, found: Discussion, stage: script.Stage) -> list[Block]:
    total = len(script.stages(found.kind))
    number = script.number(found.kind, stage.id)
    if found.kind == "full":
        return [Heading(text=discussion_wording.stage_heading(stage.name, number, total))]
    return [
        Heading(text=stage.name),
        Progress(done=number - 1, total=total, words=discussion_wording.progress(number, total, stage.name)),
    ]


def _script(stage: script.Stage) -> list[Block]:
    return [
        say(stage.purpose),
        Bullets(items=tuple((prompt,) for prompt in stage.prompts)),
        small(f"{discussion_wording.LEAVES}: {'; '.join(stage.leaves)}."),
        small(stage.rule),
    ]


def _why_still(found: Discussion) -> str:
    if found.state == "stopped" and found.after_stop == "not_today":
        return discussion_wording.NOT_TODAY_KEPT
    return {
        "stopped": discussion_wording.STOPPED_FIRST,
        "parked": discussion_wording.PARKED,
        "read_back": discussion_wording.READ_BACK_FIRST,
    }[found.state]


def _kept(session: Session, found: Discussion, stage: str, zone: ZoneInfo) -> list[Block]:
    """The bot heard it: how many notes and which forms lie under this stage."""
    blocks: list[Block] = []
    tally = contributions.tally(session, found.id, stage)
    if tally is not None:
        who = people.name_of(session, tally.last_author_id)
        blocks.append(say(discussion_wording.kept_here(tally.count, who, tally.last_at.astimezone(zone))))
    handed_in = [e for e in entries.of_discussion(session, found.id) if e.stage == stage]
    if handed_in:
        names = [_handed_in(session, entry, entry.recorded_at.astimezone(zone)) for entry in handed_in]
        blocks.append(say(discussion_wording.forms_here(names)))
    return blocks or [small(discussion_wording.NOTHING_KEPT)]


def _handed_in(session: Session, entry: Entry, at: datetime) -> str:
    return discussion_wording.handed_in(
        published.form_of(session, entry).title, people.name_of(session, entry.recorded_by_id), at
    )


def _behind(session: Session, found: Discussion, stage_no: int) -> Card:
    """A stage the discussion has left: what it kept, and the one button that always works."""
    was = discussions.stage_at(found, stage_no)
    name = next((s.name for kind in ("full", "light") for s in script.stages(kind) if s.id == was), was)
    unit = session.get(Unit, found.unit_id)
    finished = found.state in discussions.FINISHED
    return Card(
        notice=_notice(session, found),
        blocks=(
            Heading(text=name),
            *_kept(session, found, was, _zone(unit)),
            small(
                discussion_wording.STATE[found.state].capitalize() + "."
                if finished
                else discussion_wording.MOVED_ON_CARD
            ),
            Buttons(items=(_concern(found),)),
        ),
    )


def _concern(found: Discussion) -> Button:
    return Button(
        action="discussion.concern", label=discussion_wording.CONCERN, args={"discussion": found.id}, style="danger"
    )


def _buttons(found: Discussion, stage: script.Stage) -> list[Block]:
    args = {"discussion": found.id}
    if found.state == "stopped":
        return [Buttons(items=(_after_stop(found), _concern(found)))]
    if found.state == "parked":
        again = Button(action="discussion.resume", label=discussion_wording.TAKE_UP, args=args, style="primary")
        return [Buttons(items=(again, _concern(found)))]
    if found.state == "read_back":
        return [Buttons(items=(_concern(found),))]
    return [Buttons(items=tuple(row)) for row in (_record_row(found, stage), _move_row(found), _other_row(found))]


def _after_stop(found: Discussion) -> Button:
    """First who was told; once it is left for today, only the next date."""
    form, label = ("stop", discussion_wording.SAY_WHO)
    if found.after_stop == "not_today":
        form, label = (script.stages(found.kind)[-1].form or "l_next", discussion_wording.NEXT_DATE)
    args = {"discussion": found.id, "form": form}
    return Button(action="form.open", label=label, args=args, style="primary")


def _record_row(found: Discussion, stage: script.Stage) -> list[Button | Menu]:
    args = {"discussion": found.id}
    row: list[Button | Menu] = []
    own = [form for form in (stage.form, *stage.also) if form]
    for place, form in enumerate(own):
        title = load_form(form).title
        row.append(
            Button(
                action="form.open",
                label=discussion_wording.record_label(title),
                args={**args, "form": form},
                style="primary" if place == 0 else "plain",
            )
        )
    rest = [form for form in dict.fromkeys((*_set_up(found), *ANY_TIME)) if form not in own]
    choices = tuple(Choice(value=form, label=load_form(form).title) for form in rest)
    row.append(Menu(action="record.choose", label=discussion_wording.SOMETHING_ELSE, choices=choices, args=args))
    return row


def _set_up(found: Discussion) -> tuple[str, ...]:
    stage_forms = tuple(s.form for s in script.stages(found.kind) if s.form)
    return (*(() if found.kind == "full" else ("open",)), *stage_forms)


def _move_row(found: Discussion) -> list[Button | Menu]:
    args = {"discussion": found.id, "stage_no": str(found.stage_no)}
    row: list[Button | Menu] = []
    after, before = script.following(found.kind, found.stage), script.previous(found.kind, found.stage)
    if after is not None:
        row.append(
            Button(action="stage.next", label=discussion_wording.next_label(after.name), args=args, style="primary")
        )
    if before is not None:
        row.append(Button(action="stage.back", label=discussion_wording.back_label(before.name), args=args))
    others = tuple(Choice(value=s.id, label=s.name) for s in script.stages(found.kind) if s.id != found.stage)
    row.append(Menu(action="stage.go", label=discussion_wording.ANOTHER_STAGE, choices=others, args=args))
    return row


def _other_row(found: Discussion) -> list[Button | Menu]:
    args = {"discussion": found.id}
    row: list[Button | Menu] = [_concern(found)]
    if found.kind == "light":
        row.append(Button(action="discussion.switch", label=discussion_wording.SWITCH, args=args))
    row.append(Button(action="discussion.park", label=discussion_wording.PARK, args=args))
    last = script.following(found.kind, found.stage) is None
    row.append(
        Button(
            action="discussion.finish", label=discussion_wording.FINISH, args=args, style="primary" if last else "plain"
        )
    )
    return row


# ---- moving


@button("stage.next")
def go_next(turn: Turn) -> Answer:
    """One stage on; first says what this one has not left behind."""
    found = guards.under_way(turn)
    if _stale(turn, found):
        return _already_moved_on(found)
    following = script.following(found.kind, found.stage)
    if following is None:
        raise Refused(discussion_wording.LAST_STAGE)
    gaps = stage_gaps.at_stage(turn.session, found, found.stage)
    if gaps:
        return _tell_missing(turn, found, gaps)
    return _move(turn, found, following.id)


@button("stage.go_on")
def go_on_anyway(turn: Turn) -> Answer:
    """On to the next stage without what is missing, which is then recorded as missing."""
    found = guards.under_way(turn)
    if _stale(turn, found):
        return _already_moved_on(found)
    following = script.following(found.kind, found.stage)
    if following is None:
        raise Refused(discussion_wording.LAST_STAGE)
    gaps = stage_gaps.at_stage(turn.session, found, found.stage)
    record_missing(turn, found, gaps)
    return _move(turn, found, following.id)


@button("stage.back")
def go_back(turn: Turn) -> Answer:
    found = guards.under_way(turn)
    if _stale(turn, found):
        return _already_moved_on(found)
    before = script.previous(found.kind, found.stage)
    if before is None:
        raise Refused(discussion_wording.NO_WAY_BACK)
    return _move(turn, found, before.id)


@button("stage.go")
def go_to(turn: Turn) -> Answer:
    """To any stage, as people need it."""
    found = guards.under_way(turn)
    if _stale(turn, found):
        return _already_moved_on(found)
    wanted = turn.event.args.get("chosen", "")
    if wanted not in {s.id for s in script.stages(found.kind)}:
        raise Refused(discussion_wording.NOT_THAT_STAGE)
    return _already_moved_on(found) if wanted == found.stage else _move(turn, found, wanted)


@button("record.choose")
def record_something_else(turn: Turn) -> Answer:
    """Any form, from the menu on every stage."""
    args = {k: v for k, v in turn.event.args.items() if k != "chosen"}
    wanted = turn.event.args.get("chosen", "")
    event = replace(turn.event, args={**args, "form": wanted})
    return asking.open_form(replace(turn, event=event))


def _stale(turn: Turn, found: Discussion) -> bool:
    return turn.event.args.get("stage_no") != str(found.stage_no)


def _already_moved_on(found: Discussion) -> Answer:
    name = script.stage(found.kind, found.stage).name
    return Note(card(discussion_wording.moved_on(name), say(discussion_wording.moved_on(name))))


def _move(turn: Turn, found: Discussion, stage: str) -> Answer:
    left = found.stage_no
    discussions.move(turn.session, found, stage, turn.now)
    if found.kind == "full":
        messages.show_stage(turn, found, left)
        messages.show_first(turn, found)
        messages.redraw_board_of(turn, found)
    messages.show_stage(turn, found)
    return Nothing()


def _tell_missing(turn: Turn, found: Discussion, gaps: list[stage_gaps.Gap]) -> Answer:
    """Says what is missing, asks once more for a child's view, and offers to go on all the same."""
    for gap in gaps:
        if gap.what == "view":
            _about_child(turn, found, "ask_child_view", gap)
    args = {"discussion": found.id, "stage_no": str(found.stage_no)}
    go_on = Button(action="stage.go_on", label=discussion_wording.GO_ON_ANYWAY, args=args)
    return Note(missing_card(turn.session, found, gaps, discussion_wording.MISSING_FIRST, go_on))


def missing_card(session: Session, found: Discussion, gaps: list[stage_gaps.Gap], first: str, go_on: Button) -> Card:
    lines = tuple((stage_gaps.in_words(session, found, gap),) for gap in gaps)
    return card(
        discussion_wording.MISSING_TITLE,
        say(f"{first}:"),
        Bullets(items=lines),
        small(discussion_wording.MISSING_KEPT),
        Buttons(items=(*_way_to_fill(found, gaps), go_on)),
    )


def _way_to_fill(found: Discussion, gaps: list[stage_gaps.Gap]) -> list[Button]:
    """The form that would fill the first gap."""
    stage = next((s for s in script.stages(found.kind) if s.id == gaps[0].stage), None) if gaps else None
    if stage is None or stage.form is None:
        return []
    label = discussion_wording.record_label(load_form(stage.form).title)
    args = {"discussion": found.id, "form": stage.form}
    return [Button(action="form.open", label=label, args=args, style="primary")]


def record_missing(turn: Turn, found: Discussion, gaps: list[stage_gaps.Gap]) -> None:
    """Keeps what people went on without. A child's view that is not known is said, with an offer to find out."""
    for gap in gaps:
        if gap.what == "view" and gap.code not in found.missing:
            _about_child(turn, found, "child_view_not_known", gap)
        elif gap.what == "form" and gap.stage in ("safety", "l_safety"):
            _about_stage(turn, found, "safety_not_recorded")
        elif gap.what == "ideas":
            held = stage_gaps.ideas_held(turn.session, found)
            _about_stage(turn, found, "one_idea_only" if held else "no_idea_yet")
    discussions.note_missing(turn.session, found, [gap.code for gap in gaps])


def _about_stage(turn: Turn, found: Discussion, code: str) -> None:
    remarks.give(turn, code, unit_id=found.unit_id, discussion_id=found.id, to_person=turn.actor().id)


def _about_child(turn: Turn, found: Discussion, code: str, gap: stage_gaps.Gap) -> None:
    remarks.give(
        turn,
        code,
        unit_id=found.unit_id,
        discussion_id=found.id,
        to_person=turn.actor().id,
        params={"child": gap.subject},
    )
