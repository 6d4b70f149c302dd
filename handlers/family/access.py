"""Who may see a family: the unit's lead and managers close it to somebody, with a reason and a day to look again."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import reach
from handlers.family.looked import may_close
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms import wording as general_wording
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Choice, Heading, Menu, card, say
from prompts_and_forms.days import day_words
from prompts_and_forms.unit import access_wording as wording
from storage.database.tables import Family
from storage.database.tables_machinery import Draft, FamilyAccess
from storage.family import access, families
from storage.meeting import discussions
from storage.unit import people


@button("family.access", opens=True)
def show(turn: Turn) -> Answer:
    """Who may see the family, and why; with what can be changed."""
    family = _family(turn)
    reach.note_read(turn, family)
    rows = access.of_family(turn.session, family.id)
    args = {"family": family.id}
    lines = tuple((_line(turn, row),) for row in rows)
    label = families.label(turn.session, family, turn.unit)
    blocks: list[Block] = [Heading(text=wording.heading(label))]
    blocks.append(Bullets(items=lines) if lines else say(wording.OPEN))
    items: list[Any] = [Button(action="family.access_close", label=wording.CLOSE, args=args)]
    if rows:
        choices = tuple(Choice(value=row.id, label=_short(turn, row)) for row in rows)
        items.append(Menu(action="family.access_end", label=wording.END, choices=choices, args=args))
    return Note(card(wording.NOTICE, *blocks, Buttons(items=tuple(items))))


@button("family.access_close", opens=True)
def close(turn: Turn) -> Answer:
    """Asks for whom, why and until when."""
    family = _family(turn)
    _not_while_discussed(turn, family)
    return ask(turn, "family_access", family_id=family.id)


@submits("family_access")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Closes the family to somebody. Whoever sets it can still see it."""
    family = _family(turn, draft.family_id)
    _not_while_discussed(turn, family)
    me, chosen, kind = turn.actor().id, list(answers["who"]), str(answers["kind"])
    if kind == access.NOT_THIS_WORKER and me in chosen:
        return Wrong({"who": wording.NOT_YOURSELF})
    review_on = date.fromisoformat(answers["review_on"])
    if review_on <= turn.today():
        return Wrong({"review_on": wording.LATER})
    if kind == access.NAMED_ONLY and me not in chosen:
        chosen.append(me)
    there = {(row.kind, row.person_id) for row in access.of_family(turn.session, family.id)}
    for person_id in chosen:
        if (kind, person_id) not in there:
            access.close_to(
                turn.session, family, kind=kind, person_id=person_id, reason=str(answers["why"]).strip(),
                review_on=review_on, by_id=me, now=turn.now,
            )  # fmt: skip
    label = families.label(turn.session, family, turn.unit)
    written = len(discussions.of_family(turn.session, family.id))
    return Done(card(wording.NOTICE, say(wording.closed(label)), *_still_there(written)))


@button("family.access_end", opens=True)
def end(turn: Turn) -> Answer:
    """Takes one of them back."""
    family = _family(turn)
    row = turn.session.get(FamilyAccess, turn.event.args.get("chosen", ""))
    if row is None or row.family_id != family.id or row.ended_at is not None:
        raise Refused(general_wording.UNKNOWN_PRESS)
    access.end(turn.session, row, by_id=turn.actor().id, unit_id=family.unit_id, now=turn.now)
    return show(turn)


def refuse_in_channel(turn: Turn, family: Family) -> None:
    """Raises Refused for a family that is closed to somebody: the whole unit reads the channel."""
    if access.of_family(turn.session, family.id):
        raise Refused(wording.NOT_IN_CHANNEL.format(family=families.label(turn.session, family, turn.unit)))


def _family(turn: Turn, family_id: str | None = None) -> Family:
    family = reach.family(turn, family_id or turn.event.args.get("family"))
    if not may_close(turn.unit, turn.membership):
        raise Refused(wording.NOT_FOR_YOU)
    return family


def _not_while_discussed(turn: Turn, family: Family) -> None:
    if families.is_being_discussed(turn.session, family.id):
        label = families.label(turn.session, family, turn.unit)
        raise Refused(wording.BEING_DISCUSSED.format(family=label))


def _still_there(written: int) -> tuple[Block, ...]:
    return (say(wording.still_there(written)),) if written else ()


def _short(turn: Turn, row: FamilyAccess) -> str:
    return wording.rule(row.kind, people.name_of(turn.session, row.person_id))


def _line(turn: Turn, row: FamilyAccess) -> str:
    by, on = people.name_of(turn.session, row.by_id), row.from_at.astimezone(turn.zone()).date()
    review = day_words.in_full(row.review_on) if row.review_on else ""
    why = access.reason(turn.session, row)
    return wording.line(_short(turn, row), why, by, day_words.in_full(on), review)
