"""Forms that are signed: read through first, fixed by the first signature, corrected by a new version with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from sqlmodel import Session

from handlers import documents, reach
from handlers.clinical import supervision, tracking_lines
from handlers.entries import recording, show
from handlers.forms import asking
from handlers.forms.asking import submits
from handlers.reach import note_read
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Strong, card, say, small
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.clinical import work_wording
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.forms.catalogue import load_form
from prompts_and_forms.genogram.wording import OPEN as GENOGRAM
from prompts_and_forms.states import DraftState, SigningState
from storage.clinical import signings
from storage.database.tables import Entry, Family, Membership, Unit
from storage.database.tables_clinical import Signing
from storage.database.tables_machinery import Draft
from storage.decisions import agreements
from storage.family import families
from storage.forms import drafts, entries, published
from storage.messages import outbox
from storage.unit import people


def keep(turn: Turn, draft: Draft, answers: dict[str, Any], *, subject_id: str | None = None) -> Entry:
    """Keeps a form that is to be signed: a first version, a changed one, or a correction with its reason."""
    old = recording.replaced(turn, draft)
    before = signings.of_entry(turn.session, old.id) if old else None
    reason = turn.session.get(Entry, draft.args.get("reason") or "")
    if old is not None and recording.is_replaced(turn, old):
        raise Refused(clinical_wording.NEWER_MEANWHILE)
    if before is not None and signings.is_fixed(before) and reason is None:
        raise Refused(clinical_wording.FIXED)
    entry = recording.keep(turn, draft, answers, subject_id=subject_id)
    why = str(entries.answers(turn.session, reason).get("reason") or "") if reason else ""
    if before is not None and not why:
        why = signings.why(turn.session, before)
    signings.begin(turn.session, entry, published.form_of(turn.session, entry).signed_by, before=before, why=why)
    return entry


def read_through(turn: Turn, entry: Entry) -> Card:
    """The whole form as it would be signed, to read, with what can be done about it."""
    return entry_card(turn.session, entry, turn.today(), turn.membership)


def entry_card(session: Session, entry: Entry, today: date, membership: Membership | None = None) -> Card:
    """A signed form, with who signed it and what can still be done."""
    family = session.get(Family, entry.family_id) if entry.family_id else None
    label = families.label_of(session, family.id) if family else ""
    title = published.form_of(session, entry).title
    blocks: list[Block] = [say(Strong(text=f"{title}, {label}"))]
    return card(
        decisions_wording.notice(families.body(session, family).ref if family else work_wording.THE_UNIT),
        *blocks,
        *show.record_blocks(session, entry, today),
        *signature_blocks(session, entry, membership),
    )


def signature_blocks(session: Session, entry: Entry, membership: Membership | None = None) -> tuple[Block, ...]:
    """Who signed and who still has to; for somebody known, only the buttons that are theirs."""
    signing = signings.of_entry(session, entry.id)
    if signing is None:
        return ()
    lines = tuple((line,) for line in _lines(session, signing))
    blocks: list[Block] = []
    why = signings.why(session, signing)
    if signing.no > 1:
        blocks.append(small(clinical_wording.version_words(signing.no, why)))
    blocks.append(Bullets(title=work_wording.SIGNATURES, items=lines))
    if entry.replaced_by_id:
        return (*blocks, small(clinical_wording.NEWER_VERSION))
    if signing.state == SigningState.SIGNED:
        blocks.append(small(clinical_wording.ALL_SIGNED))
    elif not signings.is_fixed(signing):
        blocks.append(small(clinical_wording.READ_FIRST))
    buttons = _buttons(signing, entry, membership)
    return (*blocks, Buttons(items=buttons)) if buttons else tuple(blocks)


def _lines(session: Session, signing: Signing) -> list[str]:
    signed = {one["role"]: one for one in signing.signed}
    return [
        clinical_wording.signed_line(
            role,
            people.name_of(session, signed[role]["person"]),
            day_words.in_full(datetime.fromisoformat(signed[role]["at"]).date()),
        )
        if role in signed
        else clinical_wording.unsigned_line(role)
        for role in signing.wanted
    ]


def _buttons(signing: Signing, entry: Entry, membership: Membership | None) -> tuple[Button, ...]:
    args = {"entry": entry.id}
    found = [
        Button(
            action="form.sign",
            label=clinical_wording.SIGN_AS.get(role, work_wording.SIGN_AS.format(role=role)),
            args={**args, "role": role},
            style="primary",
            confirm=clinical_wording.SURE_TO_SIGN,
        )
        for role in signings.missing(signing)[:1]
        if membership is None or role in membership.roles
    ]
    if signings.is_fixed(signing):
        found.append(Button(action="form.correct", label=clinical_wording.CORRECT_IT, args=args))
    else:
        found.append(Button(action="entry.edit", label=clinical_wording.CHANGE_IT, args=args))
    if signing.state == SigningState.SIGNED:
        found += documents.buttons("form", entry.id)
    elif entry.form == "assessment" and entry.family_id:
        found.append(Button(action="genogram.open", label=GENOGRAM, args={"family": entry.family_id}))
    return tuple(found)


# ---- reading and signing


def _asked_for(turn: Turn) -> tuple[Entry, Signing]:
    entry = turn.session.get(Entry, turn.event.args.get("entry", ""))
    signing = signings.of_entry(turn.session, entry.id) if entry else None
    if entry is None or signing is None:
        raise Refused(decisions_wording.GONE)
    family = reach.family(turn, entry.family_id)
    note_read(turn, family, "read_form")
    return entry, signing


@button("form.read", opens=True)
def read(turn: Turn) -> Answer:
    """The form that waits for a signature, to read through first."""
    entry, _signing = _asked_for(turn)
    return Note(read_through(turn, entry))


@button("form.sign", opens=True)
def sign(turn: Turn) -> Answer:
    """One signature, in the order the form asks for, one person each."""
    entry, signing = _asked_for(turn)
    role = turn.event.args.get("role", "")
    _check(turn, entry, signing, role)
    complete = signings.sign(turn.session, signing, role, turn.actor().id, turn.now)
    _tell(turn, entry, signing, complete)
    return Note(read_through(turn, entry))


def _check(turn: Turn, entry: Entry, signing: Signing, role: str) -> None:
    if entry.replaced_by_id:
        raise Refused(clinical_wording.NEWER_VERSION)
    missing = signings.missing(signing)
    if role not in missing:
        raise Refused(clinical_wording.SIGNED_ALREADY)
    if turn.membership is None or role not in turn.membership.roles:
        raise Refused(clinical_wording.wrong_role(role))
    if role != missing[0]:
        raise Refused(
            clinical_wording.WAIT_FOR_FIRST.format(who=clinical_wording.ROLE_SIGNS.get(missing[0], missing[0]))
        )
    if any(one["person"] == turn.actor().id for one in signing.signed):
        raise Refused(clinical_wording.ONE_EACH)


def _tell(turn: Turn, entry: Entry, signing: Signing, complete: bool) -> None:
    """Whose signature comes next hears of it; when all have signed, whoever wrote it."""
    if complete:
        asked = [people.by_id(turn.session, entry.recorded_by_id)]
    else:
        asked = [*people.with_role(turn.session, entry.unit_id, signings.missing(signing)[0])]
    for person in asked:
        if person is not None and person.chat_user and person.id != turn.actor().id:
            what = "signed" if complete else "sign"
            key = f"form:{entry.id}/{what}:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)


@renders("form:{entry_id}/sign:{person_id}")
def ask_to_sign(view: Rendering, entry_id: str, person_id: str) -> Card | None:
    """Asks the next person to sign; nothing once they have."""
    return _message(view, entry_id, person_id, clinical_wording.asked_to_sign)


@renders("form:{entry_id}/signed:{person_id}")
def all_signed(view: Rendering, entry_id: str, person_id: str) -> Card | None:
    """Says to whoever wrote the form that everybody has signed, and offers what comes next."""
    return _message(view, entry_id, person_id, clinical_wording.now_signed, _comes_next)


def _comes_next(session: Session, entry: Entry) -> list[Button]:
    """After the assessment the joint working agreement, where there is none yet."""
    if entry.form != "assessment" or not entry.family_id or entry.replaced_by_id:
        return []
    if agreements.of_family(session, entry.family_id, only_running=True):
        return []
    label = clinical_wording.OFFER_AGREEMENT
    return [Button(action="agreement.new", label=label, args={"family": entry.family_id}, style="primary")]


def _message(
    view: Rendering,
    entry_id: str,
    person_id: str,
    say_it: Callable[[str, str], str],
    following: Callable[[Session, Entry], list[Button]] = lambda _session, _entry: [],
) -> Card | None:
    entry = view.session.get(Entry, entry_id)
    family = view.session.get(Family, entry.family_id) if entry and entry.family_id else None
    if entry is None or family is None or people.belongs(view.session, family.unit_id, person_id) is None:
        return None
    label = families.label_of(view.session, family.id)
    after = following(view.session, entry)
    style: Literal["primary", "plain"] = "plain" if after else "primary"
    read_it = Button(action="form.read", label=clinical_wording.READ_IT, args={"entry": entry.id}, style=style)
    sentence = say_it(published.form_of(view.session, entry).title, label)
    buttons = Buttons(items=(*after, read_it))
    return card(decisions_wording.notice(families.body(view.session, family).ref), say(sentence), buttons)


def waiting_for(turn: Turn, unit: Unit, membership: Membership) -> list[Entry]:
    """Forms that this person can sign now."""
    return [
        entry
        for signing, entry in signings.waiting(turn.session, unit.id)
        if signings.missing(signing)
        and signings.missing(signing)[0] in membership.roles
        and all(one["person"] != membership.person_id for one in signing.signed)
    ]


def waiting_blocks(turn: Turn, unit: Unit, membership: Membership) -> list[Block]:
    """For Home and /forms: what waits for this person's signature."""
    blocks: list[Block] = []
    for entry in waiting_for(turn, unit, membership):
        family = families.by_id(turn.session, entry.family_id)
        label = families.label(turn.session, family, unit) if family else ""
        title = f"{published.form_of(turn.session, entry).title}, {label}"
        read_it = Button(action="form.read", label=clinical_wording.READ_IT, args={"entry": entry.id}, about=title)
        blocks += [say(title), Buttons(items=(read_it,))]
    return [say(Strong(text=clinical_wording.TO_SIGN)), *blocks] if blocks else []


# ---- one of them is enough


def stands(turn: Turn, family: Family, form_id: str) -> str:
    """Where a signed form about a family stands, in words: begun by whom, waiting for whom, signed; "" without one."""
    kept = entries.newest_of_family(turn.session, family.id, form_id)
    signing = signings.of_entry(turn.session, kept.id) if kept else None
    if kept is not None and signing is not None:
        missing = signings.missing(signing)
        return (
            clinical_wording.waits_for(missing[0])
            if missing
            else clinical_wording.signed_on(day_words.in_full(_last_signed(signing)))
        )
    begun = drafts.begun(turn.session, family.id, form_id)
    return clinical_wording.begun_by(people.name_of(turn.session, begun[0].person_id)) if begun else ""


def is_signed(turn: Turn, family: Family, form_id: str) -> bool:
    """Whether the newest form of that kind about a family is signed by everyone it needs."""
    kept = entries.newest_of_family(turn.session, family.id, form_id)
    signing = signings.of_entry(turn.session, kept.id) if kept else None
    return signing is not None and signing.state == SigningState.SIGNED


def _last_signed(signing: Signing) -> date:
    return max(datetime.fromisoformat(one["at"]) for one in signing.signed).date()


def begun_already(turn: Turn, family: Family, form_id: str, anew: Button) -> Note | None:
    """What is begun or kept already, to go on with, and a button for a second form; None where nothing is."""
    kept = entries.newest_of_family(turn.session, family.id, form_id)
    begun = drafts.begun(turn.session, family.id, form_id)
    if kept is None and not begun:
        return None
    blocks: list[Block] = []
    if kept is not None:
        read_it = Button(action="form.read", label=clinical_wording.READ_IT, args={"entry": kept.id}, style="primary")
        blocks += [say(f"{load_form(form_id).title}: {stands(turn, family, form_id)}."), Buttons(items=(read_it,))]
    for draft in begun:
        day = day_words.in_full(draft.saved_at.date())
        if draft.person_id != turn.actor().id:
            blocks.append(say(clinical_wording.begun_elsewhere(people.name_of(turn.session, draft.person_id), day)))
            continue
        go_on = Button(
            action="form.resume", label=work_wording.GO_ON_WRITING, args={"draft": draft.id}, style="primary"
        )
        blocks += [say(clinical_wording.BEGUN_BY_YOU.format(day=day)), Buttons(items=(go_on,))]
    return Note(card(load_form(form_id).title, *blocks, Buttons(items=(anew,))))


# ---- correcting


@button("form.correct", opens=True)
def ask_correction(turn: Turn) -> Answer:
    """First the reason, then the form as it was signed."""
    entry, signing = _asked_for(turn)
    if entry.replaced_by_id:
        raise Refused(clinical_wording.NEWER_VERSION)
    if not signings.is_fixed(signing):
        raise Refused(clinical_wording.NOT_SIGNED_YET)
    signed = (small(clinical_wording.SIGNED_ANEW),)
    return asking.ask(turn, "correction", family_id=entry.family_id, args={"subject": entry.id}, intro=signed)


@submits("correction")
def go_on_correcting(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Opens the next version of a signed form, with the reason for it."""
    entry = turn.session.get(Entry, draft.args.get("subject", ""))
    if entry is not None and entry.form == supervision.FORM:
        return supervision.go_on_correcting(turn, draft, answers)
    reach.family(turn, entry.family_id if entry else None)
    assert entry is not None
    if entry.replaced_by_id:
        raise Refused(clinical_wording.NEWER_VERSION)
    reason = recording.keep(turn, draft, answers, subject_id=entry.id)
    draft.state = DraftState.DONE
    turn.session.add(draft)
    return asking.ask(
        turn,
        entry.form,
        family_id=entry.family_id,
        discussion_id=entry.discussion_id,
        answers=entries.answers(turn.session, entry),
        args={"replaces": entry.id, "reason": reason.id},
    )


@submits("assessment")
def keep_assessment(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The clinician's assessment, to read through and sign; it moves nothing by itself."""
    entry = keep(turn, draft, answers)
    tracking_lines.write(turn, draft, entry, answers)
    return Done(read_through(turn, entry))
