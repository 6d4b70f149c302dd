"""Moving a discussion from stage to stage, and what people are asked before they go on."""

from __future__ import annotations

from sqlmodel import Session

from handlers import guards, messages, remarks
from handlers.meeting.stages import stage_gaps
from handlers.routes import button
from handlers.turn import Answer, Note, Nothing, Refused, Turn
from prompts_and_forms.card import Bullets, Button, Buttons, Card, card, say, small
from prompts_and_forms.meeting import concern_wording, discussion_wording, script
from prompts_and_forms.meeting.gaps import Gap
from storage.database.tables import Discussion
from storage.meeting import discussions


@button("stage.next")
def go_next(turn: Turn) -> Answer:
    """One stage on. Only a child's safety is asked about first; anything else missing is written down."""
    return _onward(turn, ask=True)


@button("stage.go_on")
def go_on_anyway(turn: Turn) -> Answer:
    """On to the next stage without what is missing, which is then recorded as missing."""
    return _onward(turn, ask=False)


def _onward(turn: Turn, *, ask: bool) -> Answer:
    found = guards.under_way(turn)
    if _stale(turn, found):
        return _already_moved_on(found)
    following = script.following(found.kind, found.stage)
    if following is None:
        raise Refused(discussion_wording.LAST_STAGE)
    gaps = stage_gaps.at_stage(turn.session, found, found.stage)
    asked = stage_gaps.to_ask_about(turn.session, found, gaps)
    if ask and any(gap.code not in found.missing for gap in asked):
        return _tell_missing(turn, found, asked)
    record_missing(turn, found, gaps)
    return _move(turn, found, following.id)


@button("stage.back")
def go_back(turn: Turn) -> Answer:
    """One stage back; an older card's button says where the discussion is instead."""
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
    return to_stage(turn, turn.event.args.get("chosen", ""))


def to_stage(turn: Turn, wanted: str) -> Answer:
    """To the stage that was chosen; raises Refused for one that this discussion does not have."""
    found = guards.under_way(turn)
    if _stale(turn, found):
        return _already_moved_on(found)
    if wanted not in {s.id for s in script.stages(found.kind)}:
        raise Refused(discussion_wording.NOT_THAT_STAGE)
    return _already_moved_on(found) if wanted == found.stage else _move(turn, found, wanted)


def _stale(turn: Turn, found: Discussion) -> bool:
    """Whether the press came from a card of another stage. A card further up for the same stage still counts."""
    number = turn.event.args.get("stage_no", "")
    return not number.isdecimal() or not discussions.still_at(found, int(number))


def _already_moved_on(found: Discussion) -> Answer:
    name = script.stage(found.kind, found.stage).name
    return Note(card(discussion_wording.moved_on(name), say(discussion_wording.moved_on(name))))


def _move(turn: Turn, found: Discussion, stage: str) -> Answer:
    left = found.stage_no
    discussions.move(turn.session, found, stage, turn.now)
    messages.leave_card(turn, found, left)
    messages.show_stage(turn, found)
    messages.show_first(turn, found)
    messages.redraw_board_of(turn, found)
    return Nothing()


def _tell_missing(turn: Turn, found: Discussion, gaps: list[Gap]) -> Answer:
    args = {"discussion": found.id, "stage_no": str(found.stage_no)}
    go_on = Button(action="stage.go_on", label=discussion_wording.GO_ON_ANYWAY, args=args)
    return Note(missing_card(turn.session, found, gaps, discussion_wording.MISSING_FIRST, go_on))


def missing_card(session: Session, found: Discussion, gaps: list[Gap], first: str, go_on: Button) -> Card:
    """What is missing in words, the form that would fill it, and the way on without it."""
    lines = tuple((stage_gaps.in_words(session, found, gap),) for gap in gaps)
    return card(
        discussion_wording.MISSING_TITLE,
        say(f"{first}:"),
        Bullets(items=lines),
        small(discussion_wording.MISSING_KEPT),
        Buttons(items=(*_way_to_fill(session, found, gaps), go_on)),
    )


def _way_to_fill(session: Session, found: Discussion, gaps: list[Gap]) -> list[Button]:
    """The form that would fill the first gap: the light card's own, the stage's, or the one that names an owner."""
    first = gaps[0]
    args = {"discussion": found.id}
    if sum(gap.what == "owner" for gap in gaps) > 1 and first.what == "owner":
        label = discussion_wording.WHO_DOES_THEM
        return [Button(action="action.owners", label=label, args=args, style="primary")]
    if first.what == "owner":
        label = discussion_wording.WHO_DOES_IT
        return [Button(action="action.handover", label=label, args={**args, "action": first.subject}, style="primary")]
    if first.what == "visit":
        about = {**args, "form": "see_child", "child": first.subject}
        label = concern_wording.who_goes(stage_gaps.child_of(session, found, first))
        return [Button(action="form.open", label=label, args=about, style="primary")]
    if first.what == "tier3":
        return [Button(action="discussion.concern", label=discussion_wording.CONCERN, args=args, style="danger")]
    stage = next((s for s in script.stages(found.kind) if s.id == first.stage), None)
    form = script.main_form(found.kind, stage.id) if stage else None
    if stage is None or form is None:
        return []
    label = stage.record if found.kind == script.FULL else discussion_wording.QUICK_ROUND
    return [Button(action="form.open", label=label, args={**args, "form": form}, style="primary")]


def record_missing(turn: Turn, found: Discussion, gaps: list[Gap]) -> None:
    """Writes down what people went on without. A child's view not recorded is said, with an offer to find out."""
    for gap in gaps:
        if gap.what == "view" and gap.code not in found.missing:
            _about_child(turn, found, "child_view_not_known", gap)
        elif gap.what == "form" and script.stage(found.kind, gap.stage).watched:
            _about_stage(turn, found, "safety_not_recorded")
        elif gap.what == "ideas":
            held = stage_gaps.ideas_held(turn.session, found)
            _about_stage(turn, found, "one_idea_only" if held else "no_idea_yet")
    discussions.note_missing(turn.session, found, [gap.code for gap in gaps])


def _about_stage(turn: Turn, found: Discussion, code: str) -> None:
    remarks.give(turn, code, unit_id=found.unit_id, discussion_id=found.id, to_person=turn.actor().id)


def _about_child(turn: Turn, found: Discussion, code: str, gap: Gap) -> None:
    remarks.give(
        turn,
        code,
        unit_id=found.unit_id,
        discussion_id=found.id,
        to_person=turn.actor().id,
        params={"child": gap.subject},
    )
