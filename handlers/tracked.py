"""Records become lines of the tracking form by themselves."""

from __future__ import annotations

from datetime import date

from handlers.keeping import Answers
from handlers.turn import Turn
from prompts_and_forms.tracking import Line, line_of
from storage import episodes, people, tracking
from storage.bodies import TrackingBody
from storage.tables import Entry
from storage.tables_machinery import Draft

CLINICAL = frozenset({"clinician", "clinical_manager"})


def note(turn: Turn, draft: Draft, entry: Entry, answers: Answers) -> None:
    """Writes the line of a record, or writes it anew for a record that was put right."""
    line = line_of(entry.form, answers)
    if line is None:
        return
    tracking.keep(
        turn.session,
        unit_id=entry.unit_id,
        family_id=entry.family_id,
        person_id=_whose(turn, entry, line),
        on=date.fromisoformat(line.on) if line.on else turn.today(),
        kind=line.kind,
        method=line.method,
        source=f"entry:{entry.id}",
        instead_of=f"entry:{draft.args['replaces']}" if draft.args.get("replaces") else "",
        body=TrackingBody(
            description=line.description,
            themes=list(line.themes),
            progress=line.progress,
            outcome=line.outcome,
            actions=list(line.actions),
        ),
        by_id=entry.recorded_by_id,
        now=turn.now,
    )


def _whose(turn: Turn, entry: Entry, line: Line) -> str:
    """Whose work it was: who the record names, its writer where that is a clinician, else the family's clinician."""
    named = people.belongs(turn.session, entry.unit_id, line.who)
    if named is not None:
        return named.person_id
    writer = people.belongs(turn.session, entry.unit_id, entry.recorded_by_id)
    if writer is not None and CLINICAL & set(writer.roles):
        return writer.person_id
    episode = episodes.current(turn.session, entry.family_id) if entry.family_id else None
    return episode.clinician_id if episode and episode.clinician_id else entry.recorded_by_id
