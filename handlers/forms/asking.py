"""Opening, redrawing and handing in forms. The one way the bot asks."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from handlers import reach, safe_contact
from handlers.forms import handed_on, registry, steps, written_before
from handlers.forms import versions as form_versions
from handlers.forms.context import context
from handlers.forms.private_details import private_details, remark_blocked
from handlers.forms.registry import introduces, prefilled, prefills, submit_of, submits
from handlers.forms.versions import form_of
from handlers.routes import button, on
from handlers.turn import Answer, Ask, Done, EventKind, Note, Nothing, Refused, Turn, Window, Wrong
from prompts_and_forms import wording as general_wording
from prompts_and_forms.card import Block, Button, Buttons, card, say, small
from prompts_and_forms.forms import change as form_change
from prompts_and_forms.forms import engine
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.forms.form import Form, FormView
from prompts_and_forms.states import DraftState
from storage.database.audit import audit
from storage.database.bodies import EntryBody, OrphanedAnswer
from storage.database.columns import new_id
from storage.database.rows import NotThere
from storage.database.tables import Discussion, Meeting
from storage.database.tables_machinery import Draft
from storage.database.vault import Scope, seal, unseal
from storage.forms import drafts, published

__all__ = ["ask", "introduces", "open_form", "prefilled", "prefills", "submit_of", "submits"]

CLOSED_EMPTY = "closed"
"""In a draft's args: its window was closed before anything of it was saved."""


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
        unit_id=unit_id or reach.own_unit_id(turn),
        family_id=family_id,
        discussion_id=discussion_id,
        meeting_id=meeting_id,
        form=form_id,
        args=args or {},
        made_at=turn.now,
        saved_at=turn.now,
    )
    form = load_form(form_id)
    draft.form_hash = published.in_force(turn.session, form_id, turn.now)
    known = form_versions.known_already(turn, form, family_id, answers or {}, draft.args.get("replaces", ""))
    flat, boxes, window = known.flat, known.boxes, new_id()
    if turn.event.kind in (EventKind.SHORTCUT, EventKind.COMMAND) and (private := private_details(turn, draft, flat)):
        flat = {key: value for key, value in flat.items() if key not in private}
        intro = (*intro, say(forms_wording.NOT_TAKEN_OVER), *(say(sentence) for sentence in private.values()))
    if begun := written_before.begun(turn, draft, form, flat):
        _audit_opened(turn, begun)
        return _as_left(turn, begun, say(written_before.words(turn, begun)), *intro)
    _save(turn, draft, flat, boxes, 0, window, known.also, {written_before.BEGAN: flat})
    _audit_opened(turn, draft)
    return Ask(_view(turn, draft, flat, boxes, (*known.told, *intro), 0, window))


def _audit_opened(turn: Turn, draft: Draft) -> None:
    if draft.family_id:
        about = {"person_id": draft.person_id, "unit_id": draft.unit_id, "family_id": draft.family_id}
        audit(turn.session, at=turn.now, what="opened", row=draft, **about)


def _view(
    turn: Turn,
    draft: Draft,
    flat: dict[str, Any],
    boxes: dict[str, int],
    intro: tuple[Block, ...] = (),
    number: int = 0,
    window: str = "",
) -> FormView:
    """`number` is the step of a long form, `window` the place it is open in."""
    form = form_of(turn, draft)
    said: tuple[Block, ...] = (small(form.intro),) if form.intro and number == 0 else ()
    said = (*said, *registry.introduction(turn, draft))
    also = form_versions.also_blocks(turn, draft)
    part, about = steps.part(form, number), safe_contact.about_family(turn.session, draft.family_id)
    return FormView(
        form=form.id,
        title=form.title,
        submit=steps.submit(form, number),
        intro=(*about, *steps.title(form, number), *said, *intro, *also),
        fields=engine.fields(part, context(turn, draft.family_id, form), flat, boxes),
        args={"draft": draft.id, form_versions.ASKED: draft.form_hash}
        | ({"section": str(number), "window": window} if form.sections else {}),
        steps=steps.buttons(form, number),
    )


def _save(
    turn: Turn,
    draft: Draft,
    flat: dict[str, Any],
    boxes: dict[str, int],
    number: int = 0,
    window: str = "",
    also: list[OrphanedAnswer] | None = None,
    mark: dict[str, Any] | None = None,
) -> None:
    """`also` = what has no place in the form any more, `mark` = see written_before. Both stay where not given."""
    draft.saved_at = turn.now
    left = drafts.orphaned_answers(turn.session, draft) if also is None else also
    if mark is None:
        before = _kept(turn.session, draft) if draft.sealed else {}
        mark = {key: value for key, value in before.items() if key == written_before.BEGAN}
    held = {"flat": flat, "boxes": boxes, "section": number, "window": window, **mark}
    body = EntryBody(answers=held, also=left)
    seal(turn.session, draft, body, Scope.family(draft.family_id) if draft.family_id else Scope.person(draft.person_id))
    turn.session.add(draft)
    turn.session.flush()


def _draft(turn: Turn) -> Draft:
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    if draft is None:
        raise Refused(forms_wording.NO_LONGER_OPEN)
    if handed_on.by_me(turn):
        raise Refused(handed_on.has_it_now(turn, draft))
    if draft.person_id != turn.actor().id:
        raise Refused(forms_wording.SOMEBODY_ELSES)
    return draft


@on(EventKind.SUBMIT)
def hand_in(turn: Turn) -> Answer:
    """Checks a form; keeps it, or leaves it open with a sentence beside each fault. A long form goes on a step."""
    if beside := _after_handing_on(turn):
        return beside
    draft = _draft(turn)
    if draft.state == DraftState.DONE:
        if not _is_another(turn, draft):
            return Done(card(forms_wording.SAVED_BEFORE_NOTICE, say(forms_wording.SAVED_BEFORE)))
        draft = _anew(turn, draft)
    if late := _from_older_window(turn, draft):
        return late
    form, number, window = form_of(turn, draft), *_place(turn, draft)
    if asked := _open_twice(turn, draft, form):
        return asked
    flat = steps.merged(form, number, _kept(turn.session, draft).get("flat", {}), turn.event.values)
    private = private_details(turn, draft, turn.event.values)
    if form_versions.is_outdated(form) and not private:
        return _up_to_date(turn, draft, form, flat, number, window)
    known = context(turn, draft.family_id, form)
    answers, errors = engine.read(steps.part(form, number), known, flat)
    if private:
        remark_blocked(turn, draft, private)
    if errors or private:
        _keep_for_later(turn, draft, {k: v for k, v in flat.items() if k not in private}, number, window)
        return Wrong({**errors, **private})
    full = steps.full_boxes(_boxes(turn.session, draft), turn.event.values)
    if full:
        roomier = dict(flat) | {key: flat.get(key, "") for key in steps.more_room(full)}
        _save(turn, draft, roomier, full, number, window)
        return Ask(_view(turn, draft, roomier, full, (say(forms_wording.BOX_FULL),), number, window))
    if number < steps.last(form):
        return _to_step(turn, draft, flat, number + 1, window)
    if form.sections:
        answers, errors = engine.read(form, known, flat)
        if errors:
            missing = say(forms_wording.STILL_MISSING)
            return _to_step(turn, draft, flat, steps.first_step_of(form, errors), window, missing)
    try:
        with turn.session.begin_nested():
            answer = submit_of(form.id)(turn, draft, answers)
    except Refused as refused:
        answer = Wrong({_first_key(turn.event.values): refused.sentence})
    except NotThere:
        answer = Wrong({_first_key(turn.event.values): forms_wording.BELONGS_TO_NOTHING})
    if isinstance(answer, Done | Window):
        draft.state = DraftState.DONE
        _save(turn, draft, {}, {}, also=[], mark={written_before.SAVED_AS: written_before.mark(turn.event.values)})
    elif isinstance(answer, Wrong):
        _keep_for_later(turn, draft, flat, number, window)
    return answer


def _is_another(turn: Turn, draft: Draft) -> bool:
    """Whether a window of a form that is saved, or was put away, now brings other words than were saved from it."""
    if form_of(turn, draft).sections:
        return False
    saved_as = _kept(turn.session, draft).get(written_before.SAVED_AS)
    return saved_as is not None and saved_as != written_before.mark(turn.event.values)


def _anew(turn: Turn, draft: Draft) -> Draft:
    """What a second window brings is a form of its own."""
    own = Draft(
        person_id=draft.person_id,
        unit_id=draft.unit_id,
        family_id=draft.family_id,
        discussion_id=draft.discussion_id,
        meeting_id=draft.meeting_id,
        form=draft.form,
        form_hash=draft.form_hash,
        args=draft.args,
        made_at=turn.now,
        saved_at=turn.now,
    )
    number, window = _place(turn, draft)
    _save(turn, own, {}, _boxes(turn.session, draft), number, window, also=[], mark={})
    return own


def _place(turn: Turn, draft: Draft) -> tuple[int, str]:
    """The step a window shows, and which window it is."""
    form = form_of(turn, draft)
    return steps.within(form, turn.event.args.get("section")), turn.event.args.get("window", "")


def _open_twice(turn: Turn, draft: Draft, form: Form) -> Ask | None:
    """Somebody has gone on with this long form in another window: both texts, in this window from now on."""
    number, window = _place(turn, draft)
    kept = _kept(turn.session, draft)
    if not form.sections or kept.get("window") in ("", None, window):
        return None
    before, typed = kept.get("flat", {}), turn.event.values
    if not steps.differs(form, number, before, typed):
        return None
    private = private_details(turn, draft, typed)
    flat = steps.both(form, number, before, {k: v for k, v in typed.items() if k not in private})
    return _to_step(turn, draft, flat, number, window, say(forms_wording.OPEN_TWICE))


def _from_older_window(turn: Turn, draft: Draft) -> Answer | None:
    """A window of an older version, when the form has gone on in the newer one: both texts, in the newer one."""
    kept = _kept(turn.session, draft)
    found = form_versions.from_older_window(turn, draft, kept.get("flat", {}), kept.get("boxes", {}))
    if found is None:
        return None
    if private := private_details(turn, draft, turn.event.values):
        return Wrong(private)
    number, window = steps.within(form_of(turn, draft), kept.get("section")), turn.event.args.get("window", "")
    draft.saved = True
    _save(turn, draft, found.flat, found.boxes, number, window, found.also)
    return Ask(_view(turn, draft, found.flat, found.boxes, found.told, number, window))


def _after_handing_on(turn: Turn) -> Ask | None:
    """A window that stood open when its form went to a colleague: what is typed in it becomes a draft of one's own."""
    handed, typed = handed_on.by_me(turn), turn.event.values
    if handed is None or handed_on.has_all(_kept(turn.session, handed).get("flat", {}), typed):
        return None
    draft, boxes = handed_on.own_draft(turn, handed), _boxes(turn.session, handed)
    form, number, window = form_of(turn, draft), *_place(turn, draft)
    before = _kept(turn.session, draft).get("flat", {}) if draft.sealed else {}
    private = private_details(turn, draft, typed)
    kept = steps.both(form, number, before, {k: v for k, v in typed.items() if k not in private})
    _save(turn, draft, kept, boxes, number, window)
    said = [say(handed_on.kept_beside(turn, handed)), *(say(sentence) for sentence in private.values())]
    shown = kept | {key: typed[key] for key in private}
    return Ask(_view(turn, draft, shown, boxes, tuple(said), number, window))


def _to_step(turn: Turn, draft: Draft, flat: dict[str, Any], number: int, window: str, *intro: Block) -> Ask:
    """Keeps everything and shows a step of a long form."""
    boxes = _boxes(turn.session, draft)
    draft.saved = True
    _save(turn, draft, flat, boxes, number, window)
    return Ask(_view(turn, draft, flat, boxes, intro, number, window))


def _up_to_date(turn: Turn, draft: Draft, old: Form, flat: dict[str, Any], number: int, window: str) -> Ask:
    """A draft begun in an older version, in the form of today: all that was written is in it or shown beside it."""
    now = form_versions.up_to_date(turn, draft, old, flat, _boxes(turn.session, draft))
    number = form_change.step_for(old, form_of(turn, draft), number)
    draft.saved = True
    _save(turn, draft, now.flat, now.boxes, number, window, now.also)
    return Ask(_view(turn, draft, now.flat, now.boxes, now.told, number, window))


def _first_key(flat: dict[str, Any]) -> str:
    return next(iter(flat), "")


def _keep_for_later(turn: Turn, draft: Draft, flat: dict[str, Any], number: int = 0, window: str = "") -> None:
    draft.saved, kept = True, _kept(turn.session, draft)
    mark = {written_before.BEGAN: kept.get(written_before.BEGAN, {}), written_before.REFUSED: True}
    _save(turn, draft, flat, _boxes(turn.session, draft), number, window, mark=mark)


def _kept(session: Session, draft: Draft) -> dict[str, Any]:
    """What a draft holds: flat answers, boxes, and for a long form its step and window."""
    return unseal(session, draft, EntryBody).answers


def _boxes(session: Session, draft: Draft) -> dict[str, int]:
    boxes: dict[str, int] = _kept(session, draft).get("boxes", {})
    return boxes


@on(EventKind.CHANGE)
def changed(turn: Turn) -> Answer:
    """Somebody wants one more box or row, another step of a long form, or changed what hides or shows others.

    What they typed stays, and is kept.
    """
    if beside := _after_handing_on(turn):
        return beside
    draft = _draft(turn)
    if late := _from_older_window(turn, draft):
        return late
    form, number, window = form_of(turn, draft), *_place(turn, draft)
    if asked := _open_twice(turn, draft, form):
        return asked
    typed = turn.event.values
    private = private_details(turn, draft, typed)
    flat = steps.merged(form, number, _kept(turn.session, draft).get("flat", {}), typed)
    kept = {k: v for k, v in flat.items() if k not in private}
    if form_versions.is_outdated(form) and not private:
        return _up_to_date(turn, draft, form, flat, number, window)
    step = turn.event.args.get("step")
    if step == steps.BACK and not private:
        return _to_step(turn, draft, kept, max(number - 1, 0), window)
    if step is not None:
        said = [say(forms_wording.SAVED)] if not private else [say(sentence) for sentence in private.values()]
        draft.saved = True
        _save(turn, draft, kept, _boxes(turn.session, draft), number, window)
        return Ask(_view(turn, draft, flat, _boxes(turn.session, draft), tuple(said), number, window))
    boxes = _boxes(turn.session, draft)
    key = turn.event.args.get("more", "").removesuffix(engine.MORE)
    boxes[key] = engine.with_more(form, key, typed, boxes)
    draft.saved, before = True, _kept(turn.session, draft)
    _leave(turn, draft, {**before, "flat": kept, "boxes": boxes, "section": number, "window": window})
    return Ask(_view(turn, draft, flat, boxes, (), number, window))


@on(EventKind.CLOSED)
def closed(turn: Turn) -> Answer:
    """A form closed without being saved: what stood in it stays as a draft, and is offered again."""
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    if draft is None or turn.person is None or draft.person_id != turn.person.id or draft.state != DraftState.OPEN:
        return Nothing()
    if not draft.saved:
        draft.state, draft.args = DraftState.DONE, {**draft.args, CLOSED_EMPTY: "1"}
        turn.session.add(draft)
        return Nothing()
    _leave(turn, draft, _kept(turn.session, draft))
    title = form_of(turn, draft).title
    args = {"draft": draft.id}
    items = (
        Button(action="form.resume", label=forms_wording.GO_ON_WRITING, args=args, about=title),
        Button(action="form.discard", label=forms_wording.PUT_AWAY, args=args, about=title),
    )
    words = forms_wording.CLOSED_HALF_WRITTEN.format(title=title)
    return Note(card(words, say(words), Buttons(items=items)))


@on(EventKind.TYPING)
def half_written(turn: Turn) -> Answer:
    """What stands in an open form becomes its draft, so that a closed window or a lost line loses nothing."""
    draft = turn.session.get(Draft, turn.event.args.get("draft", ""))
    if draft is None or draft.person_id != turn.actor().id:
        return Nothing()
    is_over = draft.state == DraftState.DONE and CLOSED_EMPTY not in draft.args
    if is_over or draft.form_hash != turn.event.args.get(form_versions.ASKED, draft.form_hash):
        return Nothing()
    (number, window), kept = _place(turn, draft), _kept(turn.session, draft)
    form = form_of(turn, draft)
    if form.sections and kept.get("window") not in ("", None, window):
        return Nothing()
    draft.state = DraftState.OPEN
    private = private_details(turn, draft, turn.event.values)
    flat = steps.merged(form, number, kept.get("flat", {}), turn.event.values)
    draft.saved, typed = True, {key: value for key, value in flat.items() if key not in private}
    _leave(turn, draft, {**kept, "flat": typed, "section": number, "window": window})
    return Nothing()


def _leave(turn: Turn, draft: Draft, kept: dict[str, Any]) -> None:
    """Half-written, so that the same form opened again goes on with it."""
    number, window = kept.get("section") or 0, kept.get("window") or ""
    _save(turn, draft, kept.get("flat", {}), kept.get("boxes", {}), number, window)


@button("form.resume", opens=True)
def resume(turn: Turn) -> Answer:
    """The form where it was left; on a form that has changed since, its answers go into the newest version."""
    draft = _draft(turn)
    if draft.state == DraftState.DONE:
        return Note(card(forms_wording.SAVED_BEFORE_NOTICE, say(forms_wording.SAVED_BEFORE)))
    return _as_left(turn, draft)


def _as_left(turn: Turn, draft: Draft, *intro: Block) -> Ask:
    kept = _kept(turn.session, draft)
    form, window = form_of(turn, draft), new_id()
    number = steps.within(form, kept.get("section"))
    if form_versions.is_outdated(form):
        return _up_to_date(turn, draft, form, kept.get("flat", {}), number, window)
    _save(turn, draft, kept.get("flat", {}), kept.get("boxes", {}), number, window)
    return Ask(_view(turn, draft, kept.get("flat", {}), kept.get("boxes", {}), intro, number, window))


@button("form.discard", opens=True)
def discard(turn: Turn) -> Answer:
    """Puts a draft away for good."""
    draft = _draft(turn)
    if draft.state != DraftState.DONE:
        draft.state = DraftState.DONE
        _save(turn, draft, {}, {}, also=[], mark={written_before.SAVED_AS: ""})
    return Note(card(forms_wording.IS_PUT_AWAY, say(forms_wording.IS_PUT_AWAY)))


@button("form.open", opens=True)
def open_form(turn: Turn) -> Answer:
    """Opens any form from a message: args form, and discussion, family or meeting."""
    args = turn.event.args
    discussion = turn.session.get(Discussion, args["discussion"]) if args.get("discussion") else None
    family_id = discussion.family_id if discussion else args.get("family")
    meeting = turn.session.get(Meeting, args["meeting"]) if args.get("meeting") else None
    form_id = args.get("form", "")
    if not registry.is_kept(form_id):
        raise Refused(general_wording.UNKNOWN_PRESS)
    turn.here()
    rest = {k: v for k, v in args.items() if k not in ("form", "discussion", "family", "meeting", "unit")}
    discussion_id = discussion.id if discussion else None
    return ask(
        turn,
        form_id,
        family_id=family_id,
        discussion_id=discussion_id,
        meeting_id=meeting.id if meeting else (discussion.meeting_id if discussion else None),
        answers=prefilled(turn, form_id, family_id, discussion_id, rest),
        args=rest,
    )
