"""Joint working agreements: offered, changed, ended. How each side confirms is in agreement_confirm.py."""

from __future__ import annotations

from typing import Any

from handlers import commands, reach
from handlers.clinical import known, permission
from handlers.decisions import agreement_confirm, reflection
from handlers.entries import lists, owners, recording
from handlers.entries.recording import Answers, RecordContext, date_of, group_of, rows_of, text_of
from handlers.forms import asking
from handlers.forms.asking import introduces, prefills, submits
from handlers.reach import note_read
from handlers.routes import button, command
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, card, say
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import AgreementStatus
from storage.database.bodies import AgreementBody
from storage.database.tables import Agreement, Discussion, Entry, Family
from storage.database.tables_machinery import Draft
from storage.decisions import agreements
from storage.family import families
from storage.forms import drafts
from storage.unit import people

NOUN = "agreement"
PRIVATE = "boundary_check"
"""The clinician's own look at how close they are. Never part of the agreement or of the kept form."""
SCHOOL = "school"


def body_of(answers: Answers) -> AgreementBody:
    """An agreement's words and lists as they were typed; they are stored sealed."""
    said = {key: answers[key] for key in AgreementBody.model_fields if answers.get(key) is not None}
    return AgreementBody.model_validate(said)


def answers_of(turn: Turn, agreement: Agreement) -> dict[str, Any]:
    """The current version as the form asks for it; the private part stays out."""
    body = agreements.words(turn.session, agreement).model_dump(mode="json")
    return {key: value for key, value in body.items() if value not in (None, "", [], {})}


@submits("contract")
def keep_agreement(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """A new agreement, or a new version of one. Either is only offered until both sides confirm."""
    private = reflection.with_earlier(group_of(answers, PRIVATE), drafts.own_look(turn.session, draft))
    answers = {key: value for key, value in answers.items() if key != PRIVATE}
    if already := recording.already_handed_in(turn, draft, answers):
        return already
    context = recording.context_of(turn, draft)
    if errors := owners.left_errors(turn, context, _named(turn), draft.id):
        return Wrong(errors)
    agreement = _change(turn, draft, answers) if draft.args.get("subject") else _offer(turn, draft, answers)
    if draft.discussion_id is None:
        agreement_confirm.yes_of_whoever_offers(turn, agreement)
    entry = recording.keep(turn, draft, answers, subject_id=agreement.id)
    reflection.keep_private(turn, agreement, private)
    _point_out_permission(turn, context, entry, answers)
    return _shown(turn, draft, entry, agreement)


@introduces("contract")
def whose_yes(turn: Turn, draft: Draft) -> tuple[Block, ...]:
    """Outside a discussion, that offering is the yes of one's own side; in one, both sides are asked."""
    side = agreement_confirm.side_of(turn) if draft.discussion_id is None else None
    return (say(decisions_wording.yes_by_offering(side)),) if side else ()


def _named(turn: Turn) -> dict[str, str | None]:
    """Everybody an agreement gives something to do, by field."""
    people_fields = ("lead", "notes#0#by", "safeguarding_by", "asks", "observes")
    return {
        key: str(who)
        for key, who in turn.event.values.items()
        if key in people_fields or (key.startswith("roles#") and key.endswith("#member"))
    }


def _offer(turn: Turn, draft: Draft, answers: Answers) -> Agreement:
    return agreements.offer(
        turn.session,
        recording.family_of(draft),
        body_of(answers),
        by_id=turn.actor().id,
        made_on=turn.today(),
        now=turn.now,
        discussion_id=draft.discussion_id,
        review_on=date_of(group_of(answers, "review"), "date"),
    )


def _change(turn: Turn, draft: Draft, answers: Answers) -> Agreement:
    agreement = reach.agreement(turn, draft.args["subject"])
    if agreement.status == AgreementStatus.ENDED:
        raise Refused(decisions_wording.ENDED_ALREADY)
    if draft.args.get("no", str(agreement.current)) != str(agreement.current):
        raise Refused(decisions_wording.CHANGED_MEANWHILE)
    review_on = date_of(group_of(answers, "review"), "date")
    agreements.change(
        turn.session, agreement, body_of(answers), by_id=turn.actor().id, now=turn.now, review_on=review_on
    )
    return agreement


def _point_out_permission(turn: Turn, context: RecordContext, entry: Entry, answers: Answers) -> None:
    """School is asked only with permission to share that is signed by all and covers it."""
    asked = [row for row in rows_of(answers, "measures") if _asks_school(row)]
    if not asked or permission.may_ask_school(turn, context.family_id):
        return
    measures = dict.fromkeys(text_of(row, "measure") or "measure" for row in asked)
    what = " and ".join(decisions_wording.TEACHER.format(measure=measure) for measure in measures)
    recording.point_out(turn, "permission_missing", context, about=entry.id, params={"for": what})


def _asks_school(measure: dict[str, Any]) -> bool:
    return text_of(measure, "version").casefold().startswith(("teacher", SCHOOL))


def _shown(turn: Turn, draft: Draft, entry: Entry, agreement: Agreement) -> Done:
    """In a discussion its message can be confirmed by both sides; alone, each side is asked in person."""
    discussion = recording.discussion_of(turn, draft)
    if discussion is None:
        agreement_confirm.ask_each_side(turn, agreement)
        return recording.shown(turn, draft, entry)
    agreement_confirm.show(turn, agreement, discussion)
    agreement_confirm.ask_each_side(turn, agreement, here=discussion.present)
    return recording.shown(turn, draft, entry, own_message=False)


@submits("agreement_noticed")
def end_agreement(turn: Turn, draft: Draft, answers: Answers) -> Answer:
    """Ends an agreement with what was noticed; raises Refused where it has ended before."""
    agreement = reach.agreement(turn, answers.get("agreement") or draft.args.get("subject"))
    if agreement.status == AgreementStatus.ENDED:
        raise Refused(decisions_wording.ENDED_ALREADY)
    agreements.end(
        turn.session, agreement, text_of(answers, "noticed"), by_id=turn.actor().id, on=turn.today(), now=turn.now
    )
    return recording.shown(turn, draft, recording.keep(turn, draft, answers, subject_id=agreement.id))


# ---- buttons and command


@prefills("contract")
def known_already(
    turn: Turn, family_id: str | None, discussion_id: str | None, _args: dict[str, str]
) -> dict[str, Any] | None:
    """The work as the family commissioned it, who leads and who joins, and when permission to share was signed."""
    family = families.by_id(turn.session, family_id)
    if family is None:
        return None
    said = known.agreement(turn, family)
    found = {**said, **_who_is_here(turn, family, discussion_id, said.get("lead"))}
    found["permission_signed"] = permission.signed_on(turn, family_id)
    return {key: value for key, value in found.items() if value}


def _who_is_here(turn: Turn, family: Family, discussion_id: str | None, clinician: str | None) -> dict[str, Any]:
    """In a discussion: whoever leads it and a clinician who is there. All of it can be changed."""
    discussion = turn.session.get(Discussion, discussion_id) if discussion_id else None
    if discussion is None or discussion.lead_id is None:
        return {}
    there = [one.id for one in people.clinicians(turn.session, family.unit_id) if one.id in discussion.present]
    first = clinician or next(iter(there), discussion.lead_id)
    return {"lead": clinician or discussion.lead_id, "roles": [{"member": first}]}


@button("agreement.new", opens=True)
def new(turn: Turn) -> Answer:
    """The form of a joint working agreement, for the family chosen."""
    family = commands.chosen_family(turn)
    return _what_waits(turn, family) or _ask_new(turn, family, reach.discussion_id_of(turn, family.id))


@button("agreement.edit", opens=True)
def edit(turn: Turn) -> Answer:
    """The form with the agreement's newest version; saving makes the next version, to be confirmed anew."""
    agreement = reach.agreement(turn, turn.event.args.get("agreement"))
    if agreement.status == AgreementStatus.ENDED:
        raise Refused(decisions_wording.ENDED_ALREADY)
    return asking.ask(
        turn,
        "contract",
        family_id=agreement.family_id,
        discussion_id=reach.discussion_id_of(turn, agreement.family_id),
        answers=answers_of(turn, agreement),
        args={"subject": agreement.id, "no": str(agreement.current)},
    )


@button("agreement.end", opens=True)
def ask_end(turn: Turn) -> Answer:
    """The form that ends an agreement."""
    agreement = reach.agreement(turn, turn.event.args.get("agreement"))
    return asking.ask(
        turn,
        "agreement_noticed",
        family_id=agreement.family_id,
        discussion_id=reach.discussion_id_of(turn, agreement.family_id),
        answers={"agreement": agreement.id},
    )


@command("/agreement")
def agreement_command(turn: Turn) -> Answer:
    """Between meetings: offer an agreement, look at those there are, or reflect on joining."""
    asked = commands.read(turn.event.text, ("list", "reflect", "reflections"))
    if asked is None or (asked.word == "reflections" and asked.ref):
        return commands.not_understood(turn, NOUN)
    if asked.word == "help":
        return commands.help_note(NOUN)
    turn.here()
    if asked.word == "reflections":
        return reflection.read_them(turn)
    family = reach.family_by_ref(turn, asked.ref) if asked.ref else None
    if asked.word == "reflect":
        return reflection.ask(turn, family)
    if asked.word == "list":
        return _list(turn, family) if family else commands.choose_family(turn, "agreement.list")
    if family is None:
        return commands.choose_family(turn, "agreement.new")
    return _what_waits(turn, family) or _ask_new(turn, family)


def _what_waits(turn: Turn, family: Family) -> Note | None:
    """An agreement that is offered already, with whose yes it waits for; None without one, or for another one."""
    offered = agreement_confirm.offered(turn, family.id)
    if offered is None or "anew" in turn.event.args:
        return None
    note_read(turn, family)
    label = families.label(turn.session, family, turn.here())
    waits = decisions_wording.offered_already(
        day_words.on_day(offered.made_on), agreement_confirm.waits_for(turn, offered)
    )
    sides = [side for side in agreement_confirm.SIDES if agreement_confirm.may_confirm(turn.membership, side)]
    version = agreements.current(turn.session, offered)
    return Note(
        card(
            decisions_wording.JOINT_WORK_WITH.format(label=label),
            say(waits),
            *lists.one_agreement(turn.session, offered),
            lists.agreement_buttons(offered, version, sides=sides),
            Buttons(items=(_another(family),)),
        )
    )


def _another(family: Family) -> Button:
    label = decisions_wording.OFFER_ANOTHER
    return Button(action="agreement.new", label=label, args={"family": family.id, "anew": "yes"})


def _ask_new(turn: Turn, family: Family, discussion_id: str | None = None) -> Answer:
    prefill = known_already(turn, family.id, discussion_id, {})
    return asking.ask(turn, "contract", family_id=family.id, discussion_id=discussion_id, answers=prefill)


@button("agreement.list", opens=True)
def list_agreements(turn: Turn) -> Answer:
    """The family's agreements, the running ones with their buttons."""
    return _list(turn, commands.chosen_family(turn))


def _list(turn: Turn, family: Family) -> Note:
    note_read(turn, family)
    label = families.label(turn.session, family, turn.here())
    blocks = lists.agreement_blocks(turn.session, family.id, only_running=False, buttons=True)
    new_one = Button(action="agreement.new", label=decisions_wording.OFFER_AN_AGREEMENT, args={"family": family.id})
    more = _another(family) if agreement_confirm.offered(turn, family.id) else new_one
    return Note(card(decisions_wording.JOINT_WORK_WITH.format(label=label), *blocks, Buttons(items=(more,))))
