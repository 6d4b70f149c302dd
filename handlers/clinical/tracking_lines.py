"""Records become lines of the tracking form by themselves."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from handlers.entries.recording import Answers
from handlers.turn import Turn
from prompts_and_forms.card import Block, Button, Buttons, small
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical import work_wording
from prompts_and_forms.clinical.tracking_rules import KINDS, Line, line_of
from prompts_and_forms.unit import who
from storage.clinical import episodes, tracking
from storage.database.bodies import TrackingBody
from storage.database.tables import Entry
from storage.database.tables_clinical import TrackingEntry
from storage.database.tables_machinery import Draft
from storage.unit import people

SHORT = 160


def write(turn: Turn, draft: Draft, entry: Entry, answers: Answers) -> None:
    """Writes the line of a record, or writes it anew for a record that was corrected."""
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
            diagnosis=line.diagnosis,
            progress=line.progress,
            outcome=line.outcome,
            actions=list(line.actions),
        ),
        by_id=entry.recorded_by_id,
        now=turn.now,
    )


def lines_of_entry(turn: Turn, entry: Entry) -> tuple[Block, ...]:
    """That another line may be the same thing, and the button that takes it out where it was typed by itself."""
    found = tracking.lines_of_source(turn.session, f"entry:{entry.id}")
    if not found:
        return ()
    other = found[0]
    said = small(clinical_wording.there_already(in_short(turn.session, other), KINDS.get(other.kind, other.kind)))
    typed = turn.session.get(Entry, other.source.removeprefix("entry:"))
    if typed is None or typed.form != "tracking_entry":
        return (said,)
    out = Button(action="entry.mistake", label=clinical_wording.TAKE_OTHER_OUT, args={"entry": typed.id})
    return (said, Buttons(items=(out,)))


def in_short(session: Session, one: TrackingEntry) -> str:
    """A line as one sentence."""
    known = tracking.body(session, one)
    parts = [one.method.replace("_", " "), " ".join(known.description.split()), " ".join(known.outcome.split())]
    parts += [f"agreed: {'; '.join(known.actions)}"] if known.actions else []
    text = ". ".join(part for part in parts if part) or work_wording.RECORDED_BEFORE
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _whose(turn: Turn, entry: Entry, line: Line) -> str:
    """Whose work it was: who the record names, its writer where that is a clinician, else the family's clinician."""
    named = people.belongs(turn.session, entry.unit_id, line.who)
    if named is not None:
        return named.person_id
    writer = people.belongs(turn.session, entry.unit_id, entry.recorded_by_id)
    if writer is not None and who.CLINICAL & set(writer.roles):
        return writer.person_id
    episode = episodes.current(turn.session, entry.family_id) if entry.family_id else None
    return episode.clinician_id if episode and episode.clinician_id else entry.recorded_by_id
