"""What a stage should have left behind and has not. People may go on without it; the record then says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from prompts_and_forms.meeting import discussion_wording, script
from storage.database.tables import Discussion, Entry, Hypothesis
from storage.decisions import actions, hypotheses
from storage.family import families
from storage.forms import entries

ENOUGH_IDEAS = 2
"""Never fewer than two ideas in a full discussion (meeting script, stage 5)."""
FORM_STAGES = ("open", "safety", "changed", "identity", "l_safety", "l_changed", "l_actions")
ACTION_FORMS = ("action", "stop_doing", "reassign", "carry_over", "action_close", "role")


@dataclass(frozen=True)
class Gap:
    """One thing missing at a stage. `subject` is a child's id or an idea's id where there is one."""

    stage: str
    what: str
    subject: str = ""

    @property
    def code(self) -> str:
        return ":".join(part for part in (self.stage, self.what, self.subject) if part)


def at_stage(session: Session, discussion: Discussion, stage: str) -> list[Gap]:
    """What this stage has not left behind yet."""
    recorded = entries.of_discussion(session, discussion.id)
    return _at_stage(session, discussion, stage, recorded)


def at_end(session: Session, discussion: Discussion) -> list[Gap]:
    """Everything missing in the whole discussion. A stage nobody reached is one gap."""
    recorded = entries.of_discussion(session, discussion.id)
    found: list[Gap] = []
    for stage in script.stages(discussion.kind):
        gaps = [g for g in _at_stage(session, discussion, stage.id, recorded) if g.what != "next"]
        if gaps and stage.id not in discussion.visited:
            gaps = [Gap(stage.id, "stage")]
        found += gaps
    return found


def _at_stage(session: Session, discussion: Discussion, stage: str, recorded: list[Entry]) -> list[Gap]:
    forms = {entry.form for entry in recorded}
    if stage in FORM_STAGES:
        return [] if stage in forms else [Gap(stage, "form")]
    if stage in ("voices", "l_voice"):
        silent = children_without_words(session, discussion, recorded)
        return [Gap(stage, "view", child) for child in silent]
    if stage == "hypotheses":
        return _ideas(session, discussion)
    if stage == "rehearse":
        return [] if forms & {"conversation", "contract", "disagreement"} else [Gap(stage, "conversation")]
    if stage == "roles":
        known = forms & set(ACTION_FORMS) or actions.count_made_in(session, discussion.id)
        return [] if known else [Gap(stage, "actions")]
    if stage in ("close", "l_next"):
        return [] if discussion.next_on else [Gap(stage, "next")]
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


def _ideas(session: Session, discussion: Discussion) -> list[Gap]:
    held = ideas_held(session, discussion)
    gaps = [Gap("hypotheses", "ideas")] if len(held) < ENOUGH_IDEAS else []
    for idea in held:
        if idea.discussion_id == discussion.id and hypotheses.is_unfinished(hypotheses.words(session, idea)):
            gaps.append(Gap("hypotheses", "unfinished", idea.id))
    return gaps


def in_words(session: Session, discussion: Discussion, gap: Gap) -> str:
    """A gap as people read it."""
    name = gap.subject
    if gap.what in ("view", "seen", "visit"):
        known = {child.id: body for child, body in families.children(session, discussion.family_id)}
        child = known.get(gap.subject)
        name = families.who_is(child.key, child.initials) if child else gap.subject
    elif gap.what == "unfinished":
        idea = hypotheses.by_id(session, gap.subject)
        name = discussion_wording.in_short(hypotheses.words(session, idea).text) if idea else ""
    every = {s.id: s.name for kind in ("full", "light") for s in script.stages(kind)}
    return discussion_wording.missing_words(gap.what, name, every.get(gap.stage, gap.stage))


def from_code(code: str) -> Gap:
    """A kept code back as a gap."""
    stage, _, rest = code.partition(":")
    what, _, subject = rest.partition(":")
    return Gap(stage, what, subject)
