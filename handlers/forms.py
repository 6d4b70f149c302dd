"""Opening, redrawing and handing in forms. The one way the bot asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from handlers.routes import button, on
from handlers.turn import Answer, Ask, Done, EventKind, Note, Nothing, Refused, Turn, Wrong
from prompts_and_forms import form_engine, privacy
from prompts_and_forms.card import Block, Choice, card, say, small
from prompts_and_forms.form import FormContext, FormView
from prompts_and_forms.forms import load_form
from storage import actions, agreements, families, hypotheses, people, units
from storage.audit import audit
from storage.bodies import EntryBody
from storage.tables import Discussion, Draft, Family, Meeting, Unit
from storage.vault import Scope, seal, unseal

Submit = Callable[[Turn, Draft, dict[str, Any]], Answer]
Prefill = Callable[[Turn, str | None, str | None, dict[str, str]], dict[str, Any] | None]

_submits: dict[str, Submit] = {}
_prefills: dict[str, Prefill] = {}

ALREADY_KEPT = "This form was already handed in. What you wrote then is kept."
NO_LONGER_OPEN = "This form is no longer open. If you still need it, open it again from the meeting."
OWN_NUMBERS = frozenset({"unit_contacts"})
"""Forms for the unit's own telephone numbers and addresses."""
BOX_FULL = "A box was filled to the end, so there is one more below it. Write on there, or press the button again."
LEFT_THE_UNIT = "has left the unit"


def submits(form_id: str) -> Callable[[Submit], Submit]:
    """Registers who keeps a form's answers. Called only with answers that passed every check."""

    def keep(handler: Submit) -> Submit:
        _submits[form_id] = handler
        return handler

    return keep


def prefills(form_id: str) -> Callable[[Prefill], Prefill]:
    """Registers what a form already knows: (turn, family id, discussion id, args) -> nested answers or None."""

    def keep(handler: Prefill) -> Prefill:
        _prefills[form_id] = handler
        return handler

    return keep


def ask(
    turn: Turn,
    form_id: str,
    *,
    family_id: str | None = None,
    discussion_id: str | None = None,
    meeting_id: str | None = None,
    unit_id: str | None = None,
    answers: dict[str, Any] | None = None,
    args: dict[str, str] | None = None,
    intro: tuple[Block, ...] = (),
) -> Ask:
    """Opens a form for the person acting, with what is known already filled in."""
    draft = Draft(
        person_id=turn.actor().id,
        unit_id=unit_id or (turn.unit.id if turn.unit else None),
        family_id=family_id,
        discussion_id=discussion_id,
        meeting_id=meeting_id,
        form=form_id,
        args=args or {},
        made_at=turn.now,
        saved_at=turn.now,
    )
    form = load_form(form_id)
    flat, boxes = form_engine.flatten(form, context(turn, family_id), answers or {})
    _save(turn, draft, flat, boxes)
    if family_id:
        audit(
            turn.session,
            at=turn.now,
            what="opened",
            row=draft,
            person_id=draft.person_id,
            unit_id=draft.unit_id,
            family_id=family_id,
        )
    return Ask(_view(turn, draft, flat, boxes, intro))


def _view(
    turn: Turn, draft: Draft, flat: dict[str, Any], boxes: dict[str, int], intro: tuple[Block, ...] = ()
) -> FormView:
    form = load_form(draft.form)
    return FormView(
        form=form.id,
        title=form.title,
        submit=form.submit,
        intro=(*_about(turn.session, draft.family_id), *((small(form.intro),) if form.intro else ()), *intro),
        fields=form_engine.fields(form, context(turn, draft.family_id), flat, boxes),
        args={"draft": draft.id},
    )


def _about(session: Session, family_id: str | None) -> tuple[Block, ...]:
    """Which family a form is about; a safe-contact warning comes before anything else."""
    family = session.get(Family, family_id) if family_id else None
    if family is None:
        return ()
    unit = session.get(Unit, family.unit_id)
    warnings = families.safe_contact_warnings(session, family.id)
    blocks: list[Block] = [say("Safe contact: ", warning) for warning in warnings]
    if unit is not None:
        blocks.append(small(f"About {families.label(session, family, unit)}"))
    return tuple(blocks)


def context(turn: Turn, family_id: str | None) -> FormContext:
    """What a form may offer: this unit's people, and this family's children, carers, outcomes and open records."""
    session, unit = turn.session, turn.unit
    everyone: list[Choice] = []
    gone: list[Choice] = []
    for membership, person in people.members(session, unit.id, include_left=True) if unit else []:
        left = membership.status == "left"
        (gone if left else everyone).append(
            Choice(value=person.id, label=f"{person.name}, {LEFT_THE_UNIT}" if left else person.name)
        )
    if family_id is None:
        return FormContext(today=turn.today(), people=(*everyone, *gone))
    return FormContext(
        today=turn.today(),
        people=(*everyone, *gone),
        children=tuple(
            Choice(value=b.key, label=_who(b.key, b.initials)) for _, b in families.children(session, family_id)
        ),
        carers=tuple(
            Choice(value=b.key, label=_who(b.key, b.initials, b.relation.replace("_", " ")))
            for _, b in families.carers(session, family_id)
        ),
        outcomes=tuple(
            Choice(value=key, label=f"{key}: {text}") for key, text in families.outcomes(session, family_id)
        ),
        open_actions=tuple(Choice(value=i, label=text) for i, text in actions.open_choices(session, family_id)),
        hypotheses=tuple(Choice(value=i, label=text) for i, text in hypotheses.choices(session, family_id)),
        agreements=tuple(Choice(value=i, label=text) for i, text in agreements.choices(session, family_id)),
    )


def _who(key: str, initials: str, relation: str = "") -> str:
    words = [part for part in (initials, relation) if part]
    return f"{', '.join(words)} ({key})" if words else key


def _save(turn: Turn, draft: Draft, flat: dict[str, Any], boxes: dict[str, int]) -> None:
    draft.saved_at = turn.now
    body = EntryBody(answers={"flat": flat, "boxes": boxes})
    seal(turn.session, draft, body, Scope.family(draft.family_id) if draft.family_id else Scope.person(draft.person_id))
    turn.session.add(draft)
    turn.session.flush()


def _draft(turn: Turn) -> Draft:
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    if draft is None:
        raise Refused(NO_LONGER_OPEN)
    if draft.person_id != turn.actor().id:
        raise Refused("This form belongs to somebody else.")
    return draft


@on(EventKind.SUBMIT)
def hand_in(turn: Turn) -> Answer:
    """Checks a form; keeps it, or leaves it open with a sentence beside each fault."""
    draft = _draft(turn)
    if draft.state == "done":
        return Done(card("Already kept", say(ALREADY_KEPT)))
    form = load_form(draft.form)
    flat = turn.event.values
    answers, errors = form_engine.read(form, context(turn, draft.family_id), flat)
    private = _private_details(turn, draft, flat)
    if errors or private:
        _keep_for_later(turn, draft, {k: v for k, v in flat.items() if k not in private})
        return Wrong({**errors, **private})
    full = _full_boxes(turn.session, draft, flat)
    if full:
        roomier = dict(flat) | {key: flat.get(key, "") for key in _more_room(full)}
        _save(turn, draft, roomier, full)
        return Ask(_view(turn, draft, roomier, full, (say(BOX_FULL),)))
    try:
        with turn.session.begin_nested():
            answer = _submits[form.id](turn, draft, answers)
    except Refused as refused:
        answer = Wrong({_first_key(flat): refused.sentence})
    if isinstance(answer, Done):
        draft.state = "done"
        _save(turn, draft, {}, {})
    elif isinstance(answer, Wrong):
        _keep_for_later(turn, draft, flat)
    return answer


def _full_boxes(session: Session, draft: Draft, flat: dict[str, Any]) -> dict[str, int] | None:
    """Boxes with one more for each text that filled its last box to the brim; None where there is room everywhere."""
    boxes, grown = _boxes(session, draft), False
    for key, value in flat.items():
        if not isinstance(value, str) or len(value) < form_engine.BOX_LIMIT:
            continue
        first, _, number = key.partition("~")
        following = int(number or 1) + 1
        if f"{first}~{following}" not in flat and boxes.get(first, 1) < following:
            boxes[first], grown = following, True
    return boxes if grown else None


def _more_room(boxes: dict[str, int]) -> list[str]:
    """The keys of further boxes of long texts."""
    return [f"{key}~{n}" for key, count in boxes.items() for n in range(2, count + 1)]


def _first_key(flat: dict[str, Any]) -> str:
    return next(iter(flat), "")


def _keep_for_later(turn: Turn, draft: Draft, flat: dict[str, Any]) -> None:
    draft.saved = True
    _save(turn, draft, flat, _boxes(turn.session, draft))


def _boxes(session: Session, draft: Draft) -> dict[str, int]:
    boxes: dict[str, int] = unseal(session, draft, EntryBody).answers.get("boxes", {})
    return boxes


def _private_details(turn: Turn, draft: Draft, flat: dict[str, Any]) -> dict[str, str]:
    """Fields that hold an NHS number, a postcode and the like: the text stays in the box and is not stored."""
    if draft.form in OWN_NUMBERS:
        return {}
    phones = [c.how for c in units.contacts(turn.session, turn.unit.id)] if turn.unit else []
    found: dict[str, str] = {}
    for key, value in flat.items():
        findings = privacy.findings(value, phones) if isinstance(value, str) else []
        if findings:
            found[key] = privacy.field_words(findings)
    return found


@on(EventKind.CHANGE)
def one_more_box(turn: Turn) -> Answer:
    """Somebody wants one more box of a list or one more row of a group; what they typed stays."""
    draft = _draft(turn)
    boxes = _boxes(turn.session, draft)
    key = turn.event.args.get("more", "")
    boxes[key] = form_engine.boxes_of(load_form(draft.form), key, turn.event.values, boxes) + 1
    private = _private_details(turn, draft, turn.event.values)
    draft.saved = True
    _save(turn, draft, {k: v for k, v in turn.event.values.items() if k not in private}, boxes)
    return Ask(_view(turn, draft, turn.event.values, boxes))


@on(EventKind.CLOSED)
def closed(turn: Turn) -> Answer:
    """A form closed without being handed in: what was saved on the way stays as a draft."""
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    if draft is not None and draft.state == "open" and not draft.saved:
        draft.state = "done"
        turn.session.add(draft)
    return Nothing()


@button("form.resume")
def resume(turn: Turn) -> Answer:
    draft = _draft(turn)
    if draft.state == "done":
        return Note(card("Already kept", say(ALREADY_KEPT)))
    kept = unseal(turn.session, draft, EntryBody).answers
    return Ask(_view(turn, draft, kept.get("flat", {}), kept.get("boxes", {})))


@button("form.discard")
def discard(turn: Turn) -> Answer:
    draft = _draft(turn)
    if draft.state != "done":
        draft.state = "done"
        _save(turn, draft, {}, {})
    return Note(card("Draft put away", say("The draft is put away.")))


@button("form.open")
def open_form(turn: Turn) -> Answer:
    """Opens any form from a message: args form, and discussion, family or meeting."""
    args = turn.event.args
    discussion = turn.session.get(Discussion, args["discussion"]) if args.get("discussion") else None
    family_id = discussion.family_id if discussion else args.get("family")
    meeting = turn.session.get(Meeting, args["meeting"]) if args.get("meeting") else None
    form_id = args["form"]
    rest = {k: v for k, v in args.items() if k not in ("form", "discussion", "family", "meeting", "unit")}
    discussion_id = discussion.id if discussion else None
    known = _prefills[form_id](turn, family_id, discussion_id, rest) if form_id in _prefills else None
    return ask(
        turn,
        form_id,
        family_id=family_id,
        discussion_id=discussion_id,
        meeting_id=meeting.id if meeting else (discussion.meeting_id if discussion else None),
        answers=known,
        args=rest,
    )
