"""How each kind of reminder is done: the buttons that lead to the record, and what is said of it."""

from __future__ import annotations

from sqlmodel import Session

from handlers.decisions.agreement_confirm import Side, may_confirm
from handlers.entries import lists
from handlers.measures import next_one
from prompts_and_forms.card import Block, Button, Buttons, Strong, say
from prompts_and_forms.clinical import pathway
from prompts_and_forms.measures import catalogue
from prompts_and_forms.nudges import wording as nudges_wording
from prompts_and_forms.nudges.nudge_facts import Due, FormsToCome, Signature
from prompts_and_forms.nudges.nudge_kinds import groups, kind
from prompts_and_forms.states import DiscussionState
from storage.clinical import episodes
from storage.database.tables import Discussion, Unit
from storage.database.tables_nudges import Nudge
from storage.decisions import actions, agreements
from storage.family import families
from storage.meeting import discussions
from storage.unit import people

BY_HAND = frozenset({"tracking", "unfinished", "drift"})
"""The record cannot tell by itself that these are done."""
OF_A_DISCUSSION = frozenset({"concern_told", "unfinished"})
OF_A_MEETING = frozenset({"confirm", "copy", "meeting_tomorrow", "meeting_holiday"})
FORMS = {
    "permission": "permission_to_share",
    "consultation": "initial_consultation",
    "tracking": "tracking_entry",
    "tracking_quiet": "tracking_entry",
    "visit": "last_seen",
}


def what_words(session: Session, due: Due | None, row: Nudge) -> str:
    """What the sentence names; of something settled what is still known of it."""
    if due is not None:
        return nudges_wording.what_words(row.kind, due.what)
    action = actions.by_id(session, row.subject) if row.kind == "action" else None
    return actions.words(session, action).text if action else groups()[kind(row.kind).group]


def do_buttons(session: Session, due: Due | None, row: Nudge) -> list[Button]:
    """What does it now; the first is the main one."""
    label, args = kind(row.kind).do, _args(row)
    match row.kind:
        case "concern_told":
            return [_main("form.open", label, {"discussion": row.subject, "form": "stop"})]
        case "confirm" | "copy":
            return [_main("nudge.list", label, {"nudge": row.id, "unit": row.unit_id})]
        case "unfinished":
            return [_main("discussion.record", label, args)]
        case "action":
            carry = Button(action="action.carry", label=nudges_wording.CARRY_OVER, args=args)
            return [_main("action.close", label, args), carry]
        case "agreement":
            return _confirm_agreement(session, row)
        case "review" | "permission_review" | "sixth_session" | "agreement_review" | "supervision":
            return [_main(*_review(due, row, label))]
        case "sdq" | "chi":
            return _questionnaires(due, label, args)
        case "risk_item":
            about = {"measure": row.subject, **args}
            show = Button(action="measure.show", label=nudges_wording.SHOW_RESULT, args=about)
            return [_main("measure.alert_read", label, about), show]
        case "meeting_tomorrow":
            return [_main("nudge.agenda", label, {"nudge": row.id, "unit": row.unit_id})]
        case "meeting_holiday":
            return [_main("meeting.move", label, {"unit": row.unit_id, "day": row.due_on.isoformat()})]
        case "assessment":
            return _read_to_sign(due, row, label)
        case "referral":
            return _record_answer(session, row, label)
        case "transfer":
            return [_main("transfer.show", label, {"transfer": row.subject, "unit": row.unit_id})]
        case "subject_access":
            return [_main("subject.show", label, args)]
        case "access_review":
            return [_main("family.access", label, args)]
        case "tracking":
            line = Button(action="form.open", label=label, args={"form": FORMS["tracking"], **args})
            return [_main("work.move", nudges_wording.RECORD_SESSION, {**args, "move": "session"}), line]
        case "drift":
            return [_main("family.show", label, args)]
        case _ if row.kind in FORMS:
            return [_main("form.open", label, {"form": FORMS[row.kind], **args})]
        case _:
            return look_buttons(row)


def _review(due: Due | None, row: Nudge, label: str) -> tuple[str, str, dict[str, str]]:
    """Opens the form of that review; looking at the permission again is the permission's own form."""
    kind_of = due.what if due and isinstance(due.what, str) else ""
    if row.kind == "supervision":
        person = row.subject.rpartition(":")[2]
        args = {"unit": row.unit_id, "kind": kind_of} | ({"person": person} if person else {})
        return "review.record_unit", label, args
    family = {"family": row.family_id or ""}
    if kind_of == "permission":
        return "form.open", label, {"form": "permission_to_share", **family}
    about = {"agreement": row.subject} if row.kind == "agreement_review" else {}
    return "form.open", label, {"form": "review", "kind": kind_of, **family, **about}


def _record_answer(session: Session, row: Nudge, label: str) -> list[Button]:
    """The answer to a referral, for those who may record it; the others look at the family."""
    membership, move = people.belongs(session, row.unit_id, row.person_id), pathway.move("panel")
    episode = episodes.current(session, row.family_id or "")
    roles = (
        {*membership.roles, *(("consultant_social_worker",) if membership.unit_lead else ())} if membership else set()
    )
    if episode is None or not roles & set(move.roles):
        return look_buttons(row)
    args = {"family": row.family_id or "", "move": move.id, "at": str(episode.version)}
    return [_main("work.move", label, args)]


def _read_to_sign(due: Due | None, row: Nudge, label: str) -> list[Button]:
    """The form that waits for a signature, to read through first."""
    if due is None or not isinstance(due.what, Signature):
        return look_buttons(row)
    return [_main("form.read", label, {"entry": due.what.entry_id})]


def _questionnaires(due: Due | None, label: str, args: dict[str, str]) -> list[Button]:
    """The form where one is open, one form for the SDQs of one child; else the list, each with its own button."""
    what = due.what if due else ""
    if not isinstance(what, FormsToCome) or not what.child or (what.count > 1 and what.measure != "SDQ"):
        return [_main("measure.family", label, args)]
    if what.count > 1:
        together = next_one.together_button(args["family"], what.child, what.point, what.count)
        return [together, Button(action="measure.family", label=nudges_wording.SHOW_MEASURES, args=args)]
    about = {"form": catalogue.get(what.measure).form, "child": what.child, "version": what.version}
    every = Button(action="measure.family", label=nudges_wording.SHOW_MEASURES, args=args)
    return [
        _main("form.open", label, {**args, **about, "point": what.point}),
        every,
    ]


def each_blocks(session: Session, row: Nudge) -> list[Block]:
    """The discussions of a meeting behind one line, each with what does it."""
    unit = session.get(Unit, row.unit_id)
    blocks: list[Block] = []
    for discussion in discussions.of_meeting(session, row.subject):
        if not _waits(row.kind, discussion):
            continue
        family = families.by_id(session, discussion.family_id)
        name = families.label(session, family, unit) if family else ""
        args = {"discussion": discussion.id}
        label = nudges_wording.COPIED if row.kind == "copy" else nudges_wording.CONFIRM
        action = "record.copied" if row.kind == "copy" else "discussion.confirm"
        main = Button(action=action, label=label, args=args, style="primary", about=name)
        record = Button(action="discussion.record", label=nudges_wording.SHOW_RECORD, args=args, about=name)
        blocks += [say(Strong(text=name), f", {discussion.kind} discussion"), Buttons(items=(main, record))]
    return blocks or [say(nudges_wording.NOTHING_LEFT)]


def _waits(kind_id: str, discussion: Discussion) -> bool:
    if kind_id == "confirm":
        return discussion.state in (DiscussionState.READ_BACK, DiscussionState.AWAITING)
    return discussion.state in (DiscussionState.AWAITING, DiscussionState.CLOSED) and discussion.copied_at is None


def look_buttons(row: Nudge) -> list[Button]:
    """For somebody who is told of it and does not do it."""
    if row.family_id is None:
        return []
    return [Button(action="family.show", label=nudges_wording.SHOW_THE_FAMILY, args={"family": row.family_id})]


def may_be_done_by_hand(row: Nudge) -> bool:
    """Whether somebody can simply say that it is done; never for what the law asks for."""
    return row.kind in BY_HAND and not row.statutory


def _args(row: Nudge) -> dict[str, str]:
    if row.kind in OF_A_MEETING:
        return {"unit": row.unit_id}
    if row.kind in OF_A_DISCUSSION:
        return {"discussion": row.subject}
    if row.kind == "action":
        return {"action": row.subject}
    if row.kind == "agreement":
        return {"agreement": row.subject}
    return {"family": row.family_id} if row.family_id else {"unit": row.unit_id}


def _main(action: str, label: str, args: dict[str, str]) -> Button:
    return Button(action=action, label=label, args=args, style="primary")


def _confirm_agreement(session: Session, row: Nudge) -> list[Button]:
    """The yes of the side the person speaks for; nobody says it for both."""
    agreement = agreements.by_id(session, row.subject)
    membership = people.belongs(session, row.unit_id, row.person_id)
    if agreement is None or membership is None:
        return []
    version = agreements.current(session, agreement)
    sides: list[Side] = ["social_work", "clinical"]
    taken = (version.clinical_by_id, version.social_work_by_id)
    able = [s for s, other in zip(sides, taken, strict=True) if may_confirm(membership, s) and other != row.person_id]
    shown = lists.agreement_buttons(agreement, version, sides=able)
    return [one for one in shown.items if isinstance(one, Button)]
