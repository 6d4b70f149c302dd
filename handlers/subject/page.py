"""Requests to see the record of a child: when one came in, until when it is due, what stops the clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import documents, reach
from handlers.family.looked import may_close
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Button, Buttons, Card, Heading, card, say
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.subject import wording
from prompts_and_forms.subject.clock import may_extend
from storage.database.tables import Child, Family
from storage.database.tables_machinery import Draft
from storage.database.tables_retention import SubjectRequest
from storage.family import families
from storage.subject import requests
from storage.unit import people


@button("subject.show", opens=True)
def show(turn: Turn) -> Answer:
    """Every request about a child of the family, with what can be done."""
    return Note(page(turn, family_of(turn)))


def page(turn: Turn, family: Family) -> Card:
    """The same as a card."""
    reach.note_read(turn, family)
    label = families.label(turn.session, family, turn.unit)
    blocks: list[Block] = [Heading(text=wording.heading(label))]
    found = requests.of_family(turn.session, family.id)
    for row in found:
        blocks += _blocks(turn, row)
    if not found:
        blocks.append(say(wording.NONE_YET))
    new = Button(action="subject.new", label=wording.NEW, args={"family": family.id}, style="primary")
    return card(wording.NOTICE, *blocks, Buttons(items=(new,)))


def family_of(turn: Turn, family_id: str | None = None) -> Family:
    """The family a button is about, for the unit's lead and managers, and whoever looks after one of its requests."""
    family = reach.family(turn, family_id or turn.event.args.get("family"))
    if not may_answer(turn, family.id):
        raise Refused(wording.NOT_FOR_YOU)
    return family


def may_answer(turn: Turn, family_id: str) -> bool:
    """Whether whoever acts has a part in answering requests about a family."""
    if may_close(turn.unit, turn.membership):
        return True
    found = requests.of_family(turn.session, family_id)
    return any(row.responsible_id == turn.actor().id and row.sent_on is None for row in found)


def request_of(turn: Turn, request_id: str | None) -> tuple[Family, SubjectRequest]:
    """A request that is still open, and its family; raises Refused for others."""
    row = turn.session.get(SubjectRequest, request_id or "")
    if row is None:
        raise Refused(decisions_wording.GONE)
    family = family_of(turn, row.family_id)
    if row.sent_on is not None:
        raise Refused(wording.SENT_ALREADY)
    return family, row


@button("subject.new", opens=True)
def ask_new(turn: Turn) -> Answer:
    """Asks about which child, since when, and who looks after it."""
    family = family_of(turn)
    known = {"received": turn.today().isoformat(), "responsible": turn.actor().id}
    return ask(turn, "subject_request", family_id=family.id, answers=known)


@submits("subject_request")
def keep_new(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The clock starts on the day it was received."""
    family = family_of(turn, draft.family_id)
    received = date.fromisoformat(answers["received"])
    if received > turn.today():
        return Wrong({"received": wording.NOT_FUTURE})
    child = turn.session.get(Child, families.child_id(turn.session, family.id, str(answers["child"])))
    if child is None or child.family_id != family.id:
        return Wrong({"child": wording.OTHER_CHILD})
    requests.begin(
        turn.session, family, child_id=child.id, received_on=received, responsible_id=str(answers["responsible"]),
        by_id=turn.actor().id, now=turn.now,
    )  # fmt: skip
    return Done(page(turn, family))


@button("subject.ask", opens=True)
def ask_stop(turn: Turn) -> Answer:
    """Asks what was asked, and when."""
    family, row = request_of(turn, turn.event.args.get("request"))
    if requests.due(row) is None:
        raise Refused(wording.STOPPED_ALREADY)
    args = {"request": row.id}
    return ask(turn, "subject_ask", family_id=family.id, args=args, answers={"asked_on": turn.today().isoformat()})


@submits("subject_ask")
def keep_stop(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The clock stands still from that day."""
    family, row = request_of(turn, draft.args.get("request"))
    asked_on = date.fromisoformat(answers["asked_on"])
    if not row.received_on <= asked_on <= turn.today():
        return Wrong({"asked_on": wording.NOT_FUTURE})
    if requests.due(row) is None:
        raise Refused(wording.STOPPED_ALREADY)
    body = requests.body(turn.session, row)
    row.stops = [*row.stops, [asked_on.isoformat(), ""]]
    asked = [*body.asked, str(answers["what"]).strip()]
    requests.keep(turn.session, row, body.model_copy(update={"asked": asked}))
    return Done(page(turn, family))


@button("subject.answered", opens=True)
def answered(turn: Turn) -> Answer:
    """The clock goes on from today."""
    family, row = request_of(turn, turn.event.args.get("request"))
    if requests.due(row) is not None:
        raise Refused(wording.NOT_STOPPED)
    *before, last = row.stops
    row.stops = [*before, [last[0], turn.today().isoformat()]]
    requests.keep(turn.session, row, requests.body(turn.session, row))
    return Note(page(turn, family))


@button("subject.extend", opens=True)
def ask_extend(turn: Turn) -> Answer:
    """Asks why two months more are needed."""
    family, row = request_of(turn, turn.event.args.get("request"))
    _may_extend(turn, row)
    return ask(turn, "subject_extend", family_id=family.id, args={"request": row.id})


@submits("subject_extend")
def keep_extend(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """It is due three months after it was received."""
    family, row = request_of(turn, draft.args.get("request"))
    _may_extend(turn, row)
    row.extended_on = turn.today()
    why = str(answers["why"]).strip()
    requests.keep(turn.session, row, requests.body(turn.session, row).model_copy(update={"why_extended": why}))
    return Done(page(turn, family))


@button("subject.sent", opens=True)
def sent(turn: Turn) -> Answer:
    """It was answered."""
    family, row = request_of(turn, turn.event.args.get("request"))
    row.sent_on = turn.today()
    requests.keep(turn.session, row, requests.body(turn.session, row))
    return Note(page(turn, family))


def _may_extend(turn: Turn, row: SubjectRequest) -> None:
    if row.extended_on is not None:
        raise Refused(wording.EXTENDED_ALREADY)
    if not may_extend(turn.today(), row.received_on, requests.stops(row)):
        raise Refused(wording.TOO_LATE)


def _blocks(turn: Turn, row: SubjectRequest) -> list[Block]:
    child, who = families.child_key(turn.session, row.child_id), people.name_of(turn.session, row.responsible_id)
    due = requests.due(row)
    lines = [wording.standing(child, row.received_on, due, row.sent_on, who)]
    if row.sent_on is None:
        lines.append(wording.hidden(len(requests.marks(turn.session, row.id))))
    args, family = {"request": row.id, "family": row.family_id}, row.family_id
    values = {"what": "subject", "row": row.id, "family": family}
    as_values = Button(action=f"document.{documents.JSON}", label=documents_wording.JSON, args=values)
    papers = (*documents.buttons("subject", row.id, family=family), as_values)
    if row.sent_on is not None:
        return [say(" ".join(lines)), Buttons(items=papers)]
    stop = ("subject.ask", wording.ASK) if due is not None else ("subject.answered", wording.ANSWERED)
    presses = [("subject.lines", wording.LINES), stop]
    presses += [] if row.extended_on else [("subject.extend", wording.EXTEND)]
    presses.append(("subject.sent", wording.SENT))
    items = tuple(Button(action=action, label=label, args=args) for action, label in presses)
    return [say(" ".join(lines)), Buttons(items=(*items, *papers))]
