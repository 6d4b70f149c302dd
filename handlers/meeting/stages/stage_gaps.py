"""What a stage should have left behind and has not. People may go on without it; the record then says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from prompts_and_forms.meeting import discussion_wording, script
from prompts_and_forms.meeting.gaps import Gap
from prompts_and_forms.states import ActionStatus
from storage.database.tables import Discussion, Entry, Hypothesis
from storage.decisions import actions, hypotheses
from storage.family import families
from storage.forms import entries
from storage.meeting import contributions

ENOUGH_IDEAS = 2
"""Never fewer than two ideas in a full discussion (meeting script, stage 5)."""
CONVERSATION_FORMS = frozenset({"conversation", "contract", "disagreement"})
TALK_COUNTS = frozenset({"form", "views", "conversation"})
"""What is there once somebody typed in its stage, with or without a form."""
ACTION_FORMS = frozenset({"action", "stop_doing", "reassign", "carry_over", "action_close", "role"})


def at_stage(session: Session, discussion: Discussion, stage: str) -> list[Gap]:
    """What this stage has not left behind yet."""
    recorded = entries.of_discussion(session, discussion.id)
    return _at_stage(session, discussion, stage, recorded)


def at_end(session: Session, discussion: Discussion) -> list[Gap]:
    """Everything missing in the whole discussion. A stage of a full one that nobody reached is one gap."""
    recorded = entries.of_discussion(session, discussion.id)
    found: list[Gap] = []
    for stage in script.stages(discussion.kind):
        gaps = [g for g in _at_stage(session, discussion, stage.id, recorded) if g.what != "next"]
        if gaps and discussion.kind == script.FULL and stage.id not in discussion.visited:
            gaps = [Gap(stage.id, "stage")]
        found += gaps
    return found


def to_ask_about(session: Session, discussion: Discussion, gaps: Iterable[Gap]) -> list[Gap]:
    """Those that people are asked about before they go on: a child's safety, and at the end who does each action."""
    watched = {stage.id for stage in script.stages(discussion.kind) if stage.watched}
    return [gap for gap in gaps if gap.stage in watched or gap.what == "owner"]


def without_owner(session: Session, discussion: Discussion) -> list[Gap]:
    """Open actions of this discussion that nobody has taken on."""
    stage = script.stage_of(discussion.kind, "actions") or script.stage_of(discussion.kind, "updates")
    made = actions.made_in(session, discussion.id)
    nobody = [action for action in made if action.status == ActionStatus.OPEN and actions.owner_of(action) is None]
    return [Gap(stage.id if stage else "", "owner", action.id) for action in nobody]


def _at_stage(session: Session, discussion: Discussion, stage_id: str, recorded: list[Entry]) -> list[Gap]:
    """What is said in a stage counts, but for a child's safety: that is answered in its form."""
    stage = script.stage(discussion.kind, stage_id)
    forms = {entry.form for entry in recorded}
    if stage.needs == "next_date":
        return [] if discussion.next_on else [Gap(stage_id, "next")]
    talked_about = stage.needs in TALK_COUNTS and not stage.watched
    if talked_about and contributions.tally(session, discussion.id, stage_id) is not None:
        return []
    match stage.needs:
        case "form":
            return [] if stage.form in forms else [Gap(stage_id, "form")]
        case "views":
            return [Gap(stage_id, "view", child) for child in children_without_words(session, discussion, recorded)]
        case "ideas":
            return _ideas(session, discussion, stage_id)
        case "conversation":
            return [] if forms & CONVERSATION_FORMS else [Gap(stage_id, "conversation")]
        case "actions":
            known = forms & ACTION_FORMS or actions.count_made_in(session, discussion.id)
            return [] if known else [Gap(stage_id, "actions")]
        case "updates":
            said = stage.form in forms or forms & ACTION_FORMS
            return [] if said or not actions.open_actions(session, discussion.family_id) else [Gap(stage_id, "form")]
    return []


def children_without_words(session: Session, discussion: Discussion, recorded: list[Entry]) -> list[str]:
    """Ids of the family's children whose view nobody recorded in this discussion."""
    heard: set[str] = set()
    for entry in recorded:
        if entry.form in ("voices", "l_voice", "view"):
            heard |= _heard(entries.answers(session, entry))
    born = [(child, body) for child, body in families.children(session, discussion.family_id) if not body.unborn]
    return [child.id for child, body in born if body.key not in heard]


def _heard(answers: dict[str, Any]) -> set[str]:
    rows = [*(answers.get("children") or []), answers]
    found = {str(row.get("child") or row.get("who") or "") for row in rows if str(row.get("words") or "").strip()}
    return found - {""}


def ideas_held(session: Session, discussion: Discussion) -> list[Hypothesis]:
    """The family's ideas that are not set aside, older ones too."""
    return hypotheses.of_family(session, discussion.family_id, only_live=True)


def _ideas(session: Session, discussion: Discussion, stage: str) -> list[Gap]:
    held = ideas_held(session, discussion)
    gaps = [Gap(stage, "ideas")] if len(held) < ENOUGH_IDEAS else []
    for idea in held:
        if idea.discussion_id == discussion.id and hypotheses.is_unfinished(hypotheses.words(session, idea)):
            gaps.append(Gap(stage, "unfinished", idea.id))
    return gaps


def in_words(session: Session, discussion: Discussion, gap: Gap) -> str:
    """A gap as people read it."""
    name = gap.subject
    if gap.what in ("view", "seen", "visit"):
        name = child_of(session, discussion, gap)
    elif gap.what == "unfinished":
        idea = hypotheses.by_id(session, gap.subject)
        name = discussion_wording.in_short(hypotheses.words(session, idea).text) if idea else ""
    elif gap.what == "owner":
        action = actions.by_id(session, gap.subject)
        name = discussion_wording.in_short(actions.words(session, action).text) if action else ""
    return discussion_wording.missing_words(gap.what, name, script.name_of(gap.stage))


def child_of(session: Session, discussion: Discussion, gap: Gap) -> str:
    """The initials of the child a gap is about."""
    children = families.children(session, discussion.family_id)
    named = families.called(body for _, body in children)
    return next((named[body.key] for child, body in children if child.id == gap.subject), gap.subject)
