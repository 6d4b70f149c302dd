"""A family that is with another unit: what may be said of it, and who should talk to each other about it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from handlers.render import Rendering, renders
from handlers.turn import Turn
from prompts_and_forms.card import Bullets, Card, card, say
from prompts_and_forms.family import transfer_wording as wording
from storage.database.tables import Family, Person, Unit
from storage.family import access, families, transfers
from storage.family.transfers import Tombstone
from storage.messages import outbox
from storage.unit import people, units


def gone(turn: Turn, unit: Unit, ref: str) -> str:
    """Where a family of this unit went; "" for one it never had, or that is closed to whoever asks."""
    found = _tombstone(turn, unit, ref)
    return wording.gone(found.ref, found.to_unit, found.on) if found else ""


def _tombstone(turn: Turn, unit: Unit, ref: str) -> Tombstone | None:
    wanted, begin = families.normal_ref(ref), unit.created_at
    reader = turn.person.id if turn.person is not None else ""
    found = transfers.tombstones(turn.session, unit.id, reader, begin) if wanted else []
    return next((one for one in found if one.ref == wanted), None)


def list_of_gone(turn: Turn, unit: Unit) -> tuple[Bullets, ...]:
    """The families that went to another unit lately, under the list of those that are here."""
    since = turn.now - transfers.SHOWN_FOR
    found = transfers.tombstones(turn.session, unit.id, turn.actor().id, since)
    lines = tuple((wording.gone_line(one.ref, one.to_unit, one.on),) for one in found)
    return (Bullets(title=wording.MOVED_LIST, items=lines),) if lines else ()


def known_elsewhere(turn: Turn, unit: Unit, ref: str) -> dict[str, str]:
    """The sentence beside a reference that is not free. Which unit has the family is not said: two people talk."""
    there = families.anywhere(turn.session, ref)
    if there is None:
        return {}
    went = _tombstone(turn, unit, ref)
    if went is not None:
        return {"ref": wording.back_again(went.ref, went.to_unit, went.on)}
    _put_in_touch(turn, unit, there)
    return {"ref": wording.KNOWN}


def ask_to_talk(turn: Turn, unit: Unit, refs: Iterable[str]) -> bool:
    """The same for the references of a list that are not free; whether anybody is asked to talk to somebody."""
    asked = False
    for ref in refs:
        there = families.anywhere(turn.session, ref)
        if there is not None and _tombstone(turn, unit, ref) is None:
            _put_in_touch(turn, unit, there)
            asked = True
    return asked


def _put_in_touch(turn: Turn, unit: Unit, there: Family) -> None:
    """Whoever looks after the other unit's records is asked to ring; once a day, and without a word of the family."""
    theirs = units.by_id(turn.session, there.unit_id)
    today = turn.today(unit)
    if theirs is None:
        return
    able = _able(turn.session, theirs, turn)
    seeing = [one for one in able if there.id not in access.closed_to(turn.session, one.id)]
    asking = people.record_keepers(turn.session, unit, today)
    for mine in asking[:1]:
        for person in seeing[:1]:
            key = f"talk:{unit.id}/{mine.id}/{theirs.id}/{today.isoformat()}/to:{person.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=person.chat_user)
        if seeing:
            key = f"talk:{unit.id}/{today.isoformat()}/told:{mine.id}"
            outbox.say(turn.session, key, now=turn.now, chat_user=mine.chat_user)


def _able(session: Session, unit: Unit, turn: Turn) -> list[Person]:
    """The unit's coordinators, then its lead, then everybody else in it."""
    first = people.record_keepers(session, unit, turn.today(unit))
    lead = people.unit_lead(session, unit.id)
    rest = [person for _place, person in people.members(session, unit.id)]
    return list({one.id: one for one in (*first, *([lead] if lead else []), *rest)}.values())


@renders("talk:{unit_id}/{person_id}/{their_unit_id}/{day}/to:{reader_id}")
def draw_please_ring(
    view: Rendering, unit_id: str, person_id: str, their_unit_id: str, day: str, reader_id: str
) -> Card | None:
    """Who would like to talk, and from which unit; not about whom."""
    unit = units.by_id(view.session, unit_id)
    if unit is None or people.belongs(view.session, their_unit_id, reader_id) is None:
        return None
    return card(wording.TALK_NOTICE, say(wording.please_ring(people.name_of(view.session, person_id), unit.name)))


@renders("talk:{unit_id}/{day}/told:{reader_id}")
def draw_will_hear(view: Rendering, unit_id: str, day: str, reader_id: str) -> Card | None:
    """That a colleague will ring; not who, and not from where."""
    unit = units.by_id(view.session, unit_id)
    if unit is None or people.belongs(view.session, unit_id, reader_id) is None:
        return None
    return card(wording.TALK_NOTICE, say(wording.WILL_HEAR.format(unit=unit.name)))
