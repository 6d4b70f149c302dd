"""What was challenged and is not answered: a child not seen in time, a manager needed or not, words about suicide.

Each is answered in the discussion, or stands in "Recorded as missing" of its record, its read-back and its copy.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from handlers.meeting import children_seen
from prompts_and_forms.meeting import script
from prompts_and_forms.meeting.gaps import Gap
from storage.clinical import episodes
from storage.database.tables import Discussion, Entry
from storage.family import families
from storage.forms import entries
from storage.meeting import discussions, remarks_given

VISIT, UNSURE, TIER3 = "visit", "unsure", "tier3"
ANSWER_TO_VISIT = "see_child"
NOT_SEEN = "child_not_seen"


def safety_stage(kind: str) -> str:
    """The stage whose form asks about safety."""
    return "safety" if any(stage.id == "safety" for stage in script.stages(kind)) else "l_safety"


def open_codes(session: Session, discussion: Discussion, today: date) -> list[str]:
    """The questions that are still open, each as a code of what is missing."""
    stage = safety_stage(discussion.kind)
    found = [Gap(stage, VISIT, child).code for child in _unvisited(session, discussion, today)]
    if _unsure(session, discussion):
        found.append(Gap(stage, UNSURE).code)
    if _tier3_untold(session, discussion):
        found.append(Gap(stage, TIER3).code)
    return found


def missing(session: Session, discussion: Discussion, today: date) -> list[str]:
    """Everything that is recorded as missing, and while people still talk also what is open just now."""
    if discussion.state not in discussions.STILL_TALKING:
        return list(discussion.missing)
    now = [code for code in open_codes(session, discussion, today) if code not in discussion.missing]
    return [*discussion.missing, *now]


def write_down(session: Session, discussion: Discussion, today: date) -> None:
    """When a family is finished: what is still open is recorded as missing, what was answered since is not."""
    now = open_codes(session, discussion, today)
    other = [code for code in discussion.missing if Gap.read(code).what not in (VISIT, UNSURE, TIER3)]
    if [*other, *now] != discussion.missing:
        discussion.missing = [*other, *now]
        discussions.keep(session, discussion)


def waits_for_visit(session: Session, discussion: Discussion, child_id: str, today: date) -> bool:
    """Whether it is still to be said who goes to see this child, and when."""
    return child_id in _unvisited(session, discussion, today)


def _unvisited(session: Session, discussion: Discussion, today: date) -> list[str]:
    """Ids of the children who were pointed out as not seen in time, and for whom nobody has said who goes."""
    asked = {str(row.params.get("child")) for row in remarks_given.of_discussion(session, discussion.id, NOT_SEEN)}
    late = set(children_seen.not_seen_in_time(session, discussion, today))
    planned = {_planned(session, entry) for entry in entries.of_discussion(session, discussion.id, ANSWER_TO_VISIT)}
    known = families.children(session, discussion.family_id)
    return [row.id for row, body in known if row.id in asked and body.key in late and row.id not in planned]


def _planned(session: Session, entry: Entry) -> str:
    return str(entries.answers(session, entry).get("child_id") or "")


def _unsure(session: Session, discussion: Discussion) -> bool:
    """The safety form was filled in, and whether a manager is needed today was left open."""
    said = entries.latest(session, discussion.id, safety_stage(discussion.kind))
    if said is None:
        return False
    answers = entries.answers(session, said)
    return not answers.get("immediate_concern") and answers.get("manager_needed_today") is None


def _tier3_untold(session: Session, discussion: Discussion) -> bool:
    """Words that may be about suicide, and nobody has written down since that somebody was told."""
    given = remarks_given.of_discussion(session, discussion.id, "tier3_direct")
    if not given:
        return False
    since = given[0].at
    told = [entry for entry in entries.of_discussion(session, discussion.id, "stop") if entry.recorded_at >= since]
    called = any(
        change.move == "urgent" and change.at >= since
        for piece in episodes.of_family(session, discussion.family_id)
        for change, _why in episodes.changes(session, piece)
    )
    return not told and not called
