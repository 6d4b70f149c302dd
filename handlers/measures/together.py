"""The SDQs of one child at one point of the work, entered in one form: a part for each informant."""

from __future__ import annotations

from typing import Any

from handlers import reach
from handlers.entries import recording
from handlers.entries.recording import Answers, rows_of, text_of
from handlers.forms.asking import prefills, submits
from handlers.measures import entry, next_one, result_card, risk_alert
from handlers.turn import Answer, Done, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Heading, card
from prompts_and_forms.measures import sdq
from prompts_and_forms.measures import wording as measures_wording
from prompts_and_forms.measures.planning import POINTS
from prompts_and_forms.states import DraftState
from prompts_and_forms.typed import is_empty
from storage.database.tables import Family
from storage.database.tables_machinery import Draft
from storage.database.tables_measures import Measure
from storage.family import families
from storage.forms import published
from storage.measures import measures
from storage.measures import planned as measures_planned

FORM, ONE = next_one.TOGETHER, "measure_sdq"
SCORED = (*sdq.SCALES, "total")
Row = dict[str, Any]


@prefills(FORM)
def prefill(turn: Turn, family_id: str | None, discussion: str | None, args: dict[str, str]) -> dict[str, Any] | None:
    """The child, the point, the day, and for each form still to come who is asked."""
    known = entry.prefill(turn, family_id, discussion, args)
    if known is None or family_id is None:
        return known
    planned = measures_planned.of_family(turn.session, reach.family(turn, family_id), turn.today())
    wanted = args.get("child"), args.get("point")
    own = next((own for own in next_one.together(planned) if (own[0].child, own[0].point) == wanted), [])
    rows = [{"version": one.version} | ({"informant": one.informant} if one.informant else {}) for one in own]
    return {key: value for key, value in known.items() if key != "version"} | ({"results": rows} if rows else {})


@submits(FORM)
def keep_results(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Keeps each form that has scores as a result of its own; one fault anywhere keeps none of them."""
    family = reach.family(turn, recording.family_of(draft))
    entered = [
        (name, _as_one(answers, row)) for name, row in zip(_names(turn), rows_of(answers, "results"), strict=True)
    ]
    entered = [(name, one) for name, one in entered if any(one.get(scale) is not None for scale in SCORED)]
    if not entered:
        first = next(iter(_names(turn)), "0")
        return Wrong({f"results#{first}#emotional": measures_wording.NOTHING_SCORED_YET})
    faults: dict[str, str] = {}
    for name, one in entered:
        faults |= {_key(name, key): said for key, said in _faults(turn, family, one).items()}
    faults |= _twice(entered)
    if faults:
        return Wrong(faults)
    kept = [_keep(turn, draft, family, one) for _name, one in entered]
    return _shown(turn, draft, family, text_of(answers, "point"), kept)


def _names(turn: Turn) -> list[str]:
    """The numbers of the parts that have anything in them, in order, as the form carries them."""
    filled = {
        key.split("#")[1]
        for key, value in turn.event.values.items()
        if key.startswith("results#") and not (is_empty(value) if isinstance(value, str) else not value)
    }
    filled = {name for name in filled if name.isascii() and name.isdigit()}
    return sorted(filled, key=int)


def _as_one(answers: Answers, row: Row) -> Answers:
    """One part as the form of a single questionnaire says it."""
    shared = {"child": answers["child"], "point": answers["point"], "completed": answers["completed"]}
    return {**shared, **row}


def _key(name: str, key: str) -> str:
    return f"results#{name}#{key}"


def _faults(turn: Turn, family: Family, one: Answers) -> dict[str, str]:
    missing = {
        key: said
        for key, said in (("version", measures_wording.WHICH_FORM), ("informant", measures_wording.WHO_FILLED_IN))
        if not text_of(one, key).strip()
    }
    return missing or entry.check(turn, ONE, family, one, None).faults


def _twice(entered: list[tuple[str, Answers]]) -> dict[str, str]:
    """The same form of the same informant and day in two parts."""
    seen: set[tuple[str, str, str]] = set()
    faults: dict[str, str] = {}
    for name, one in entered:
        mark = text_of(one, "version"), measures.informant_key(text_of(one, "informant")), text_of(one, "completed")
        if mark in seen:
            faults[_key(name, "informant")] = measures_wording.TWICE_HERE
        seen.add(mark)
    return faults


def _keep(turn: Turn, draft: Draft, family: Family, one: Answers) -> Measure:
    """One result with a form of its own, as if it had been entered alone: so it can be corrected and printed alone."""
    alone = Draft(
        person_id=draft.person_id,
        unit_id=draft.unit_id,
        family_id=draft.family_id,
        discussion_id=draft.discussion_id,
        meeting_id=draft.meeting_id,
        form=ONE,
        form_hash=published.in_force(turn.session, ONE, turn.now),
        args={},
        state=DraftState.DONE,
        made_at=turn.now,
        saved_at=turn.now,
    )
    checked = entry.check(turn, ONE, family, one, None)
    row = entry.keep_checked(turn, family, checked, one, None)
    row.entry_id = recording.keep(turn, alone, one, subject_id=row.id).id
    turn.session.add(row)
    turn.session.flush()
    return row


def _shown(turn: Turn, draft: Draft, family: Family, point: str, kept: list[Measure]) -> Done:
    """Each result in a sentence, with the whole of it one press away; in a full discussion each is a message there."""
    discussion = recording.discussion_of(turn, draft)
    blocks: list[Block] = []
    for row in kept:
        if discussion is not None and discussion.kind == "full":
            recording.post(turn, f"measure:{row.id}", discussion)
        blocks += [*risk_alert.tell(turn, row, None), *result_card.in_short(turn.session, row)]
    if discussion is not None:
        recording.redraw(turn, discussion)
    label = families.label(turn.session, family, turn.here())
    title = measures_wording.SDQS_OF.format(family=label, point=POINTS.get(point, point))
    every = Button(action="measure.family", label=measures_wording.ALL_QUESTIONNAIRES, args={"family": family.id})
    after = next_one.blocks(turn, family, point)
    ref = families.body(turn.session, family).ref
    notice = measures_wording.RESULT_KEPT.format(ref=ref)
    return Done(card(notice, Heading(text=title), *blocks, *after, Buttons(items=(every,))))
