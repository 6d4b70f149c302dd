"""Each side says yes to an agreement by itself; with both it is active."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal

from sqlmodel import Session

from handlers import reach
from handlers.entries import lists, recording
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Note, Refused, Turn, Window
from prompts_and_forms.card import Button, Buttons, Card, Strong, card, say
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import discussion_wording, saved_wording
from prompts_and_forms.states import AgreementStatus, MemberStatus
from prompts_and_forms.unit import who
from storage.clinical import episodes
from storage.database.tables import Agreement, AgreementVersion, Discussion, Family, Membership, Unit
from storage.decisions import agreements
from storage.family import families
from storage.messages import outbox
from storage.unit import people

Side = Literal["social_work", "clinical"]
SIDES: tuple[Side, ...] = ("social_work", "clinical")


def may_confirm(membership: Membership | None, side: Side) -> bool:
    """Who speaks for a side of the joint work."""
    if membership is None or membership.status == MemberStatus.LEFT:
        return False
    return who.speaks_for(side, membership.roles, membership.unit_lead)


@button("agreement.confirm", opens=True)
def confirm(turn: Turn) -> Answer:
    """One side's yes to the newest version; raises Refused for an older one or for who may not speak for that side."""
    args = turn.event.args
    agreement = reach.agreement(turn, args.get("agreement"))
    side: Side = "clinical" if args.get("side") == "clinical" else "social_work"
    if agreement.status == AgreementStatus.ENDED:
        raise Refused(decisions_wording.ENDED_ALREADY)
    if args.get("no") != str(agreement.current):
        raise Refused(decisions_wording.OLDER_VERSION)
    version = agreements.current(turn.session, agreement)
    _check(turn, version, side)
    both = agreements.confirm(turn.session, agreement, side, by_id=turn.actor().id, now=turn.now)
    _draw_again(turn, agreement, version)
    sentence = decisions_wording.thanks_for_confirming(side, not both)
    return Note(card(decisions_wording.CONFIRM_KEPT, say(sentence)))


def side_of(turn: Turn) -> Side | None:
    """The side whoever acts speaks for; None for nobody's, and for who could speak for both."""
    mine = [side for side in SIDES if may_confirm(turn.membership, side)]
    return mine[0] if len(mine) == 1 else None


def yes_of_whoever_offers(turn: Turn, agreement: Agreement) -> None:
    """Whoever offers an agreement, or a new version of it, says yes to it for their own side."""
    if side := side_of(turn):
        agreements.confirm(turn.session, agreement, side, by_id=turn.actor().id, now=turn.now)


def _check(turn: Turn, version: AgreementVersion, side: Side) -> None:
    """One person on each side, each speaking for their own."""
    mine, other = version.social_work_by_id, version.clinical_by_id
    if side == "clinical":
        mine, other = other, mine
    if mine is not None:
        raise Refused(decisions_wording.ALREADY_CONFIRMED)
    if not may_confirm(turn.membership, side):
        raise Refused(decisions_wording.NOT_SOCIAL_WORK if side == "social_work" else decisions_wording.NOT_CLINICAL)
    if other == turn.actor().id:
        raise Refused(decisions_wording.TWO_PEOPLE)


def _draw_again(turn: Turn, agreement: Agreement, version: AgreementVersion) -> None:
    """Where the agreement lies in a discussion or with a person, its message says how it is now."""
    for person_id in _asked(turn, agreement):
        outbox.show_again(turn.session, _to(agreement, version.no, person_id), now=turn.now)
    discussion_id = turn.event.args.get("discussion") or agreement.discussion_id or ""
    discussion = turn.session.get(Discussion, discussion_id)
    if discussion is None or discussion.family_id != agreement.family_id:
        return
    show(turn, agreement, discussion)
    recording.redraw(turn, discussion)


def show(turn: Turn, agreement: Agreement, discussion: Discussion) -> None:
    """The agreement's own message in a discussion's thread, one for each version, edited as the sides confirm."""
    unit = turn.session.get(Unit, discussion.unit_id)
    if unit is not None:
        key = f"agreement:{agreement.id}/version:{agreement.current}"
        outbox.show(turn.session, key, now=turn.now, channel=unit.channel, thread=f"discussion:{discussion.id}")


def ask_each_side(turn: Turn, agreement: Agreement, here: Collection[str] = ()) -> None:
    """Both sides hear on the day it is offered: each in person who can confirm, but whoever offers it or is `here`."""
    for person_id in _asked(turn, agreement):
        if person_id != turn.actor().id and person_id not in here:
            _ask(turn, agreement, agreement.current, person_id)


def offered(turn: Turn, family_id: str) -> Agreement | None:
    """The family's newest agreement that waits for a yes."""
    running = agreements.of_family(turn.session, family_id, only_running=True)
    return next((one for one in running if one.status == AgreementStatus.OFFERED), None)


def waits_for(turn: Turn, agreement: Agreement) -> list[str]:
    """Who has still to say yes, by name; the side where nobody can."""
    version = agreements.current(turn.session, agreement)
    yes = {"social_work": version.social_work_by_id, "clinical": version.clinical_by_id}
    found: list[str] = []
    for side in SIDES:
        named = [people.name_of(turn.session, one) for one in _of_side(turn, agreement, side)]
        found += [] if yes[side] else [" or ".join(named) or decisions_wording.SIDE[side]]
    return found


def _asked(turn: Turn, agreement: Agreement) -> list[str]:
    return list(dict.fromkeys(one for side in SIDES for one in _of_side(turn, agreement, side)))


def _of_side(turn: Turn, agreement: Agreement, side: Side) -> list[str]:
    """Who is asked for a side's yes: those it names who can say it, else the unit's lead or the family's clinician."""
    family = families.by_id(turn.session, agreement.family_id)
    if family is None:
        return []
    body = agreements.words(turn.session, agreement)
    named = dict.fromkeys([body.lead, *(row.get("member") for row in body.roles)])
    found = _who_can(turn, family, named, side)
    if found:
        return found
    unit_id = family.unit_id
    if side == "social_work":
        lead = people.who_confirms(turn.session, unit_id, turn.today())
        return _who_can(turn, family, [lead.id] if lead else [], side)
    episode = episodes.current(turn.session, family.id)
    own = [episode.clinician_id] if episode and episode.clinician_id else []
    everyone = [one.id for one in people.clinicians(turn.session, unit_id)]
    return _who_can(turn, family, own, side) or _who_can(turn, family, everyone, side)


def _who_can(turn: Turn, family: Family, asked: Iterable[Any], side: Side) -> list[str]:
    memberships = [people.belongs(turn.session, family.unit_id, one) for one in asked if one]
    return [
        membership.person_id for membership in memberships if membership is not None and may_confirm(membership, side)
    ]


def _to(agreement: Agreement, no: int, person_id: str) -> str:
    return f"agreement:{agreement.id}/version:{no}/to:{person_id}"


def _ask(turn: Turn, agreement: Agreement, no: int, person_id: str) -> None:
    person = people.by_id(turn.session, person_id)
    if person is not None and person.chat_user:
        outbox.show(turn.session, _to(agreement, no, person.id), now=turn.now, chat_user=person.chat_user)


@renders("agreement:{agreement_id}/version:{no}")
def in_discussion(view: Rendering, agreement_id: str, no: str) -> Card | None:
    """The agreement in a line or two as it stands; an older version says that there is a newer one."""
    agreement = agreements.by_id(view.session, agreement_id)
    if agreement is None or no != str(agreement.current):
        return _whole(view.session, agreement, no) if agreement else None
    version = agreements.current(view.session, agreement)
    line = say(Strong(text=f"{saved_wording.AGREEMENT}: "), lists.agreement_line(view.session, agreement))
    pressed = lists.agreement_buttons(agreement, version, agreement.discussion_id)
    near = [one for one in pressed.items if one.action == "agreement.confirm"]
    see = Button(action="agreement.show", label=discussion_wording.SHOW, args={"agreement": agreement.id})
    return card(_notice(view.session, agreement), line, Buttons(items=(*near, see)))


@button("agreement.show", opens=True)
def show_whole(turn: Turn) -> Answer:
    """The whole agreement with everything that can be done about it, for the person who asked."""
    agreement = reach.agreement(turn, turn.event.args.get("agreement"))
    return Window(saved_wording.AGREEMENT, _whole(turn.session, agreement, str(agreement.current)))


def _notice(session: Session, agreement: Agreement) -> str:
    family = session.get(Family, agreement.family_id)
    return decisions_wording.notice(families.body(session, family).ref if family else "")


def _whole(session: Session, agreement: Agreement, no: str) -> Card:
    title = say(decisions_wording.kept_title("contract"))
    if no != str(agreement.current):
        return card(_notice(session, agreement), title, say(decisions_wording.OLDER_VERSION))
    version = agreements.current(session, agreement)
    blocks = lists.one_agreement(session, agreement)
    buttons = lists.agreement_buttons(agreement, version, agreement.discussion_id)
    return card(_notice(session, agreement), title, *blocks, buttons)


@renders("agreement:{agreement_id}/version:{no}/to:{person_id}")
def in_person(view: Rendering, agreement_id: str, no: str, person_id: str) -> Card | None:
    """The version in its reader's direct messages: which family, then the agreement; nothing once they left."""
    agreement = agreements.by_id(view.session, agreement_id)
    family = view.session.get(Family, agreement.family_id) if agreement else None
    if agreement is None or family is None or people.belongs(view.session, family.unit_id, person_id) is None:
        return None
    shown = _whole(view.session, agreement, no)
    unit = view.session.get(Unit, family.unit_id)
    about = say(decisions_wording.asked_to_confirm(families.label(view.session, family, unit)))
    return card(shown.notice, about, *shown.blocks)
