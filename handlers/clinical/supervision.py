"""Clinical supervision: the agreed actions, recording one, and a correction as a new version with its reason."""

from __future__ import annotations

from datetime import timedelta

from handlers import documents
from handlers.clinical import tracking_lines
from handlers.entries import recording, show
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.routes import button
from handlers.turn import Answer, Ask, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Strong, card, say, small
from prompts_and_forms.clinical import pathway, reviews_wording, work_wording
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical.review_rules import Kind
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import DraftState
from prompts_and_forms.unit import who
from storage.clinical import episodes, reviews, tracking
from storage.clinical.tracking import Asked
from storage.database.bodies import ReviewBody
from storage.database.tables import Entry, Unit
from storage.database.tables_clinical import TrackingEntry
from storage.database.tables_machinery import Draft
from storage.forms import corrections, entries
from storage.unit import people

FORM = "supervision_record"
SHOWN = 3
YEAR = timedelta(days=365)


def supervision_card(turn: Turn, unit: Unit) -> Card:
    """The last supervisions with the agreed actions: one's own, or for a manager everybody's."""
    reader = None if _is_manager(turn) else turn.actor().id
    asked = Asked(unit.id, turn.today() - YEAR, turn.today(), kind="supervision", reader_id=reader)
    blocks: list[Block] = []
    shown: dict[str, int] = {}
    for one in tracking.lines(turn.session, asked):
        shown[one.person_id] = shown.get(one.person_id, 0) + 1
        if shown[one.person_id] <= SHOWN:
            blocks += _one(turn, one)
    blocks = blocks or [say(clinical_wording.NO_SUPERVISION)]
    blocks.append(small(clinical_wording.SUPERVISION_PRIVATE))
    if _may_record(turn):
        record = Button(action="supervision.record", label=clinical_wording.RECORD_SUPERVISION, args={"unit": unit.id})
        blocks.append(Buttons(items=(record,)))
    return card(work_wording.SUPERVISION, *blocks)


def _one(turn: Turn, line: TrackingEntry) -> list[Block]:
    known = tracking.body(turn.session, line)
    title = f"{people.name_of(turn.session, line.person_id)}, {day_words.in_full(line.on)}"
    lines = tuple((action,) for action in known.actions) or ((work_wording.NO_AGREED_ACTIONS,),)
    blocks: list[Block] = [Bullets(title=title, items=lines)]
    noun, _, entry_id = line.source.partition(":")
    if noun == "entry":
        read = Button(action="supervision.read", label=clinical_wording.READ_IT, args={"entry": entry_id}, about=title)
        blocks.append(Buttons(items=(read,)))
    return blocks


def _is_manager(turn: Turn) -> bool:
    return turn.membership is not None and people.is_manager(turn.membership)


def _may_record(turn: Turn) -> bool:
    membership = turn.membership
    return membership is not None and (people.is_manager(membership) or bool(who.CLINICAL_LINE & set(membership.roles)))


@button("supervision.record", opens=True)
def ask(turn: Turn) -> Answer:
    """Opens the form for a supervision, with what is known of it."""
    unit, me = turn.here(), turn.actor().id
    if not _may_record(turn):
        raise Refused(clinical_wording.WHO_RECORDS_SUPERVISION)
    clinicians = [one.id for one in people.clinicians(turn.session, unit.id)]
    managers = [one.id for one in people.clinical_managers(turn.session, unit.id)]
    clinician = me if me in clinicians else next(iter(clinicians), None)
    work = episodes.of_unit(turn.session, unit.id)
    known = {
        "date": turn.today().isoformat(),
        "clinician": clinician,
        "supervisor": me if me in managers else next(iter(managers), None),
        "minutes": 90,
        "caseload": sum(one.clinician_id == clinician and one.state in pathway.UNDER_WAY for one in work),
    }
    return asking.ask(turn, FORM, unit_id=unit.id, answers={key: value for key, value in known.items() if value})


@submits(FORM)
def keep(turn: Turn, draft: Draft, answers: recording.Answers) -> Answer:
    """Kept for the clinician and the managers; it counts as the month's supervision."""
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    old = recording.replaced(turn, draft)
    if old is not None and old.replaced_by_id:
        raise Refused(clinical_wording.NEWER_SUPERVISION)
    held_on, next_on = recording.date_of(answers, "date") or turn.today(), recording.date_of(answers, "next_on")
    if next_on is not None and next_on <= held_on:
        return Wrong({"next_on": reviews_wording.NEXT_BEFORE_HELD})
    entry = recording.keep(turn, draft, answers, subject_id=answers.get("clinician"))
    tracking_lines.write(turn, draft, entry, answers)
    supervisor = people.belongs(turn.session, entry.unit_id, answers.get("supervisor"))
    held = reviews.Held(
        kind=Kind.SUPERVISION,
        held_on=held_on,
        subject_id=answers.get("clinician"),
        chaired_by_id=supervisor.person_id if supervisor else None,
        next_on=next_on,
    )
    me = turn.actor().id
    row = reviews.record(
        turn.session,
        unit_id=entry.unit_id,
        family=None,
        held=held,
        body=ReviewBody(),
        by_id=me,
        now=turn.now,
        entry_id=entry.id,
    )
    if old is not None:
        corrections.replace_review(turn.session, old.id, row)
    count = len(recording.rows_of(entries.answers(turn.session, entry), "actions"))
    said = work_wording.ONE_AGREED_ACTION if count == 1 else work_wording.AGREED_ACTIONS.format(count=count)
    return Done(
        card(
            work_wording.SUPERVISION,
            say(work_wording.SUPERVISION_KEPT.format(said=said)),
            *supervision_card(turn, turn.here()).blocks,
        )
    )


# ---- reading and correcting


@button("supervision.read", opens=True)
def read(turn: Turn) -> Answer:
    """The whole record, for the clinician, whoever wrote it, and managers."""
    entry = _asked_for(turn, turn.event.args.get("entry", ""))
    blocks: list[Block] = [say(Strong(text=work_wording.SUPERVISION)), *show.answer_blocks(turn.session, entry)]
    blocks.append(small(decisions_wording.recorded_by(people.name_of(turn.session, entry.recorded_by_id))))
    if before := corrections.earlier(turn.session, entry):
        blocks.append(small(clinical_wording.version_words(len(before) + 1, corrections.why(turn.session, entry))))
        args = {"entry": before[0].id}
        blocks.append(
            Buttons(items=(Button(action="supervision.read", label=clinical_wording.READ_EARLIER, args=args),))
        )
    if entry.replaced_by_id:
        blocks.append(small(clinical_wording.NEWER_SUPERVISION))
    else:
        correct = Button(action="supervision.correct", label=clinical_wording.CORRECT_IT, args={"entry": entry.id})
        blocks.append(Buttons(items=(correct, *documents.buttons("form", entry.id, unit=entry.unit_id))))
    return Note(card(work_wording.SUPERVISION, *blocks))


def _asked_for(turn: Turn, entry_id: str) -> Entry:
    """The record; for everybody it does not concern it is not there."""
    entry = turn.session.get(Entry, entry_id)
    membership = people.belongs(turn.session, entry.unit_id, turn.actor().id) if entry else None
    if entry is None or entry.form != FORM or membership is None:
        raise Refused(decisions_wording.GONE)
    if membership.person_id not in (entry.subject_id, entry.recorded_by_id) and not people.is_manager(membership):
        raise Refused(decisions_wording.GONE)
    return entry


@button("supervision.correct", opens=True)
def ask_correction(turn: Turn) -> Answer:
    """First the reason, then the record as it was saved."""
    entry = _asked_for(turn, turn.event.args.get("entry", ""))
    if entry.replaced_by_id:
        raise Refused(clinical_wording.NEWER_SUPERVISION)
    return asking.ask(turn, corrections.REASON, unit_id=entry.unit_id, args={"subject": entry.id})


def go_on_correcting(turn: Turn, draft: Draft, answers: recording.Answers) -> Ask:
    """Opens a supervision again to correct it."""
    entry = _asked_for(turn, draft.args.get("subject", ""))
    if entry.replaced_by_id:
        raise Refused(clinical_wording.NEWER_SUPERVISION)
    reason = recording.keep(turn, draft, answers, subject_id=entry.id)
    draft.state = DraftState.DONE
    turn.session.add(draft)
    kept = entries.answers(turn.session, entry)
    return asking.ask(turn, FORM, unit_id=entry.unit_id, answers=kept, args={"replaces": entry.id, "reason": reason.id})
