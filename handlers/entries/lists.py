"""How one hypothesis, action, agreement and role is shown, in a list or alone.

A hypothesis always travels with who offered it, when, its status, and what speaks for and against it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlmodel import Session

from handlers import documents
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Facts, Quote, Span, Strong, Text, say, small
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import record_wording
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.states import ActionStatus, AgreementStatus, MemberStatus
from storage.database.bodies import AgreementBody, HypothesisBody
from storage.database.tables import Action, Agreement, AgreementVersion, Family, Hypothesis, Unit
from storage.decisions import actions, agreements, hypotheses
from storage.family import families
from storage.unit import people


def owner_words(session: Session, action: Action) -> str:
    """Who has an action: a name, somebody outside the unit, or nobody."""
    owner = actions.owner_of(action)
    if owner == actions.OUTSIDE:
        return decisions_wording.OUTSIDE
    return people.name_of(session, owner) if owner else decisions_wording.NOBODY


# ---- hypotheses


def hypothesis_blocks(
    session: Session, family_id: str, only_live: bool = True, *, buttons: bool = False
) -> tuple[Block, ...]:
    """The family's ideas; those set aside only when `only_live` is False."""
    ideas = hypotheses.of_family(session, family_id, only_live=only_live)
    if not ideas:
        return (small(decisions_wording.NO_HYPOTHESES),)
    blocks: list[Block] = []
    for idea in ideas:
        blocks += one_hypothesis(session, idea)
        if buttons:
            blocks.append(hypothesis_buttons(idea))
    return tuple(blocks)


def one_hypothesis(session: Session, idea: Hypothesis) -> tuple[Block, ...]:
    """One idea with everything it must not be read without."""
    body = hypotheses.words(session, idea)
    offered_by = people.name_of(session, idea.offered_by_id)
    recorded = people.name_of(session, idea.recorded_by_id) if idea.recorded_by_id else offered_by
    who = decisions_wording.offered_and_recorded(offered_by, recorded)
    blocks: list[Block] = [
        Quote(text=body.text, by=f"{who[:1].upper()}{who[1:]}, {day_words.in_full(idea.raised_on)}"),
        Text(spans=("Status: ", Strong(text=decisions_wording.STATUS.get(idea.status, idea.status)), *_riskiest(idea))),
        _evidence(decisions_wording.FITS, body.evidence_for),
        _evidence(decisions_wording.DOES_NOT_FIT, body.evidence_against),
    ]
    facts = _hypothesis_facts(session, idea, body)
    if facts:
        blocks.append(Facts(rows=facts))
    if hypotheses.is_unfinished(body):
        blocks.append(small(decisions_wording.UNFINISHED))
    stances = hypotheses.positions(session, idea)
    if stances:
        lines = (
            decisions_wording.stance_words(people.name_of(session, p.person_id), p.stance, text) for p, text in stances
        )
        blocks.append(Bullets(title=record_wording.WHERE_PEOPLE_STAND, items=tuple((line,) for line in lines)))
    return tuple(blocks)


def _riskiest(idea: Hypothesis) -> tuple[Span, ...]:
    return (f", {decisions_wording.RISKIEST}",) if idea.riskiest else ()


def _evidence(title: str, lines: list[str]) -> Bullets:
    return Bullets(title=title, items=tuple((line,) for line in lines) or ((decisions_wording.NOTHING_YET,),))


def _hypothesis_facts(session: Session, idea: Hypothesis, body: HypothesisBody) -> tuple[tuple[str, str], ...]:
    test = " ".join(
        part
        for part in (
            body.next_test,
            _test_owner(session, idea, body),
            f"by {day_words.in_full(idea.test_due_on)}" if idea.test_due_on else "",
        )
        if part
    )
    rows = (
        (record_wording.PATTERN, body.pattern),
        (record_wording.RELATIONSHIPS, body.relationships),
        (record_wording.CHANGE_OUR_MINDS, body.would_change_mind),
        (record_wording.RISK_LEFT_OPEN, body.risk_left_open),
        (record_wording.WHERE_IT_CAME_FROM, body.lens.replace("_", " ")),
        (record_wording.NEXT_TEST, test),
        (record_wording.GROWS_OUT_OF, _earlier(session, idea)),
    )
    return tuple((label, value) for label, value in rows if value.strip())


def _test_owner(session: Session, idea: Hypothesis, body: HypothesisBody) -> str:
    name = people.name_of(session, idea.test_owner_id) if idea.test_owner_id else ""
    return f"({name})" if name and body.next_test.strip() else name


def _earlier(session: Session, idea: Hypothesis) -> str:
    earlier = hypotheses.by_id(session, idea.replaces_id) if idea.replaces_id else None
    if earlier is None:
        return ""
    return f"{hypotheses.words(session, earlier).text} ({decisions_wording.STATUS.get(earlier.status, earlier.status)})"


def hypothesis_buttons(idea: Hypothesis, discussion_id: str | None = None) -> Buttons:
    """What can be done with an idea."""
    args = _args("hypothesis", idea.id, discussion_id)
    return Buttons(
        items=(
            Button(action="hypothesis.edit", label=record_wording.EDIT_IDEA, args=args),
            Button(action="hypothesis.status", label=record_wording.HOW_IT_IS_DOING, args=args),
            Button(action="hypothesis.position", label=record_wording.WHERE_I_STAND, args=args),
        )
    )


# ---- actions


def action_blocks(session: Session, family_id: str, *, today: date, buttons: bool = False) -> tuple[Block, ...]:
    """The family's open actions, stuck ones first, with days overdue in words."""
    found = actions.open_actions(session, family_id)
    if not found:
        return (small(decisions_wording.NO_ACTIONS),)
    if not buttons:
        return (
            Bullets(title=record_wording.OPEN_ACTIONS, items=tuple(action_spans(session, row, today) for row in found)),
        )
    blocks: list[Block] = []
    for row in found:
        blocks += [Text(spans=action_spans(session, row, today)), action_buttons(row)]
    return tuple(blocks)


def stuck_after(session: Session, family_id: str) -> int:
    """How often carried over counts as stuck in the family's unit."""
    family = session.get(Family, family_id)
    unit = session.get(Unit, family.unit_id) if family else None
    return int((unit.settings if unit else {}).get("stuck_after") or actions.STUCK_AFTER)


def action_spans(session: Session, action: Action, today: date) -> tuple[Span, ...]:
    """One action in a line: what, who, by when, how often it was carried."""
    stuck = actions.is_stuck(action, stuck_after(session, action.family_id))
    facts = [owner_words(session, action)]
    if _owner_left(session, action):
        facts.append(decisions_wording.owner_gone_words(people.name_of(session, action.owner_id)))
    if action.status == ActionStatus.OPEN:
        facts.append(decisions_wording.due_words(action.due_on, today))
    else:
        facts.append(decisions_wording.ACTION_STATUS[action.status])
    carried = decisions_wording.carried_words(action.carried_over, stuck)
    if carried and not stuck:
        facts.append(carried)
    start: tuple[Span, ...] = (Strong(text=f"{carried.capitalize()}. "),) if stuck else ()
    return (*start, f"{actions.words(session, action).text} - {'; '.join(facts)}")


def _owner_left(session: Session, action: Action) -> bool:
    family = session.get(Family, action.family_id)
    if family is None or action.owner_id is None or action.status != ActionStatus.OPEN:
        return False
    membership = people.membership(session, family.unit_id, action.owner_id)
    return membership is not None and membership.status == MemberStatus.LEFT


def one_action(session: Session, action: Action, today: date) -> tuple[Block, ...]:
    """An action with its day and owner, how one will know that it helped, and the line of the plan."""
    body = actions.words(session, action)
    blocks: list[Block] = [Text(spans=action_spans(session, action, today))]
    facts = (
        (record_wording.HOW_WE_WILL_KNOW_IT_HELPED, body.how_we_know),
        (record_wording.LINE_OF_THE_PLAN, outcome_words(session, action.family_id, action.plan_outcome)),
    )
    rows = tuple((label, value) for label, value in facts if value.strip())
    if rows:
        blocks.append(Facts(rows=rows))
    return tuple(blocks)


def outcome_words(session: Session, family_id: str, key: str | None) -> str:
    """A line of the plan in its own words behind its short name."""
    known = dict(families.outcomes(session, family_id))
    if not key:
        return ""
    return f"{key}: {known[key]}" if key in known else key


def action_buttons(action: Action, discussion_id: str | None = None) -> Buttons:
    """What can be done with an action: once it has ended, only opening it again."""
    args = _args("action", action.id, discussion_id)
    if action.status != ActionStatus.OPEN:
        reopen = Button(
            action="action.reopen", label=record_wording.OPEN_AGAIN, args=args, confirm=decisions_wording.SURE_TO_REOPEN
        )
        return Buttons(items=(reopen,))
    return Buttons(
        items=(
            Button(action="action.edit", label=record_wording.EDIT_ACTION, args=args),
            Button(action="action.close", label=record_wording.DONE_OR_NO_LONGER_NEEDED, args=args),
            Button(action="action.carry", label=record_wording.CARRY_OVER, args=args),
            Button(action="action.handover", label=record_wording.HAND_OVER, args=args),
        )
    )


# ---- agreements


def agreement_blocks(
    session: Session, family_id: str, only_running: bool = True, *, buttons: bool = False
) -> tuple[Block, ...]:
    """The family's agreements, or one sentence that there are none."""
    found = agreements.of_family(session, family_id, only_running=only_running)
    if not found:
        return (small(decisions_wording.NO_AGREEMENTS),)
    blocks: list[Block] = []
    for row in found:
        blocks += one_agreement(session, row)
        if buttons and row.status != AgreementStatus.ENDED:
            blocks.append(agreement_buttons(row, agreements.current(session, row)))
    return tuple(blocks)


def one_agreement(session: Session, agreement: Agreement) -> tuple[Block, ...]:
    """An agreement's newest version in full; while it is offered, who has confirmed it."""
    version = agreements.current(session, agreement)
    body = agreements.words(session, agreement)
    status = decisions_wording.AGREEMENT_STATUS.get(agreement.status, agreement.status)
    made = day_words.in_full(agreement.made_on)
    blocks: list[Block] = [
        Quote(text=body.focus, by=record_wording.AGREEMENT_VERSION.format(made=made, no=version.no)),
        say("Status: ", Strong(text=status)),
        Facts(rows=_agreement_facts(session, agreement, body)),
    ]
    if body.roles:
        lines = (f"{people.name_of(session, r.get('member'))}: {r.get('does', '')}" for r in body.roles)
        blocks.append(Bullets(title=record_wording.WHO_DOES_WHAT, items=tuple((line,) for line in lines)))
    if body.measures:
        lines = (_measure_words(m) for m in body.measures)
        blocks.append(Bullets(title=record_wording.MEASURES, items=tuple((line,) for line in lines)))
    if agreement.status == AgreementStatus.OFFERED:
        blocks += [small(line) for line in _confirmations(session, version)]
    return tuple(blocks)


def agreement_line(session: Session, agreement: Agreement) -> str:
    """An agreement in a line: the focus, how far it is agreed, where, who leads, who does what, when it is reviewed."""
    body = agreements.words(session, agreement)
    status = decisions_wording.AGREEMENT_STATUS.get(agreement.status, agreement.status)
    does = [(people.name_of(session, row.get("member")), str(row.get("does") or "")) for row in body.roles]
    review = _review_words(agreement, body)
    lead = people.name_of(session, body.lead) if body.lead else ""
    space = body.space.replace("_", " ")
    return decisions_wording.agreement_line(body.focus, status, space, lead, does, review)


def _agreement_facts(session: Session, agreement: Agreement, body: AgreementBody) -> tuple[tuple[str, str], ...]:
    def name(person_id: str | None) -> str:
        return people.name_of(session, person_id) if person_id else ""

    notes = body.notes
    rows = (
        (record_wording.SPACE, body.space.replace("_", " ")),
        (record_wording.KIND_OF_WORK, body.stream.replace("_", " ")),
        (record_wording.WHO_LEADS, name(body.lead)),
        (record_wording.HOW_WE_WILL_KNOW_IT_HAS_HELPED, body.goal),
        (record_wording.LINE_OF_THE_PLAN, outcome_words(session, agreement.family_id, body.plan_outcome)),
        (record_wording.EACH_SESSION, body.each_session),
        (record_wording.SESSIONS, str(body.sessions or "")),
        (record_wording.WHO_TAKES_NOTES, name(notes.get("by"))),
        (record_wording.WHERE_THE_NOTES_ARE, str(notes.get("kept") or "")),
        (record_wording.NOTES_CAN_BE_READ_BY, str(notes.get("readable_by") or "")),
        (record_wording.WHO_EXPLAINS_SAFEGUARDING, name(body.safeguarding_by)),
        (record_wording.WHO_ASKS, name(body.asks)),
        (record_wording.WHO_WATCHES_AND_LISTENS, name(body.observes)),
        (record_wording.ROOM_TO_CHANGE, body.flexibility),
        (record_wording.SHARED_AT_ONCE, body.shared_straight_away),
        (record_wording.WHAT_THE_FAMILY_WAS_TOLD, body.family_told),
        (record_wording.PERMISSION_SIGNED, day_words.in_full(body.permission_signed) if body.permission_signed else ""),
        (record_wording.REVIEW, _review_words(agreement, body)),
        (record_wording.RAISING_A_WORRY, body.raise_worry),
        (record_wording.WHAT_WE_NOTICED, body.noticed),
    )
    return tuple((label, value) for label, value in rows if value.strip())


def _review_words(agreement: Agreement, body: AgreementBody) -> str:
    after = body.review.get("after_sessions")
    parts = [f"after {after} sessions" if after else ""]
    parts.append(f"on {day_words.in_full(agreement.review_on)}" if agreement.review_on else "")
    return ", ".join(part for part in parts if part)


def _measure_words(measure: dict[str, object]) -> str:
    parts = (measure.get("measure"), measure.get("version"), measure.get("who"), measure.get("when"))
    return ", ".join(decisions_wording.code_words(str(part)) for part in parts if part)


def _confirmations(session: Session, version: AgreementVersion) -> list[str]:
    found = []
    for side, by_id, at in (
        ("social_work", version.social_work_by_id, version.social_work_at),
        ("clinical", version.clinical_by_id, version.clinical_at),
    ):
        if by_id and at:
            found.append(
                decisions_wording.confirmed_words(side, people.name_of(session, by_id), day_words.in_full(at.date()))
            )
        else:
            found.append(decisions_wording.waiting_words(side))
    return found


def agreement_buttons(
    agreement: Agreement,
    version: AgreementVersion,
    discussion_id: str | None = None,
    sides: Collection[str] = ("social_work", "clinical"),
) -> Buttons:
    """`sides`: those the reader may confirm, where only one person reads it."""
    args = {**_args("agreement", agreement.id, discussion_id), "no": str(version.no)}
    found: list[Button] = []
    if agreement.status == AgreementStatus.OFFERED and version.social_work_by_id is None and "social_work" in sides:
        found.append(_confirm(decisions_wording.CONFIRM_SOCIAL_WORK, args, "social_work"))
    if agreement.status == AgreementStatus.OFFERED and version.clinical_by_id is None and "clinical" in sides:
        found.append(_confirm(decisions_wording.CONFIRM_CLINICAL, args, "clinical"))
    found.append(Button(action="agreement.edit", label=record_wording.CHANGE_AGREEMENT, args=args))
    if agreement.status == AgreementStatus.ACTIVE:
        found.append(Button(action="agreement.end", label=record_wording.END_WITH_WHAT_WE_NOTICED, args=args))
    found += documents.buttons("agreement", agreement.id)
    return Buttons(items=tuple(found))


def _confirm(label: str, args: dict[str, str], side: str) -> Button:
    return Button(action="agreement.confirm", label=label, args={**args, "side": side}, style="primary")


def _args(noun: str, row_id: str, discussion_id: str | None) -> dict[str, str]:
    return {noun: row_id, "discussion": discussion_id} if discussion_id else {noun: row_id}
