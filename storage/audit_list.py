"""The audit in lines for people: names and case references are looked up now, for the audit itself holds ids alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlmodel import Session

from prompts_and_forms import audit_wording
from storage.database import looked
from storage.database.looked import Asked
from storage.database.vault import show_what_opens
from storage.family import families
from storage.unit import people, units


class UnknownOne(Exception):
    """There is no such family, person or unit; `sentence` says which."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def listed(session: Session, *, family: str, person: str, unit: str, since: datetime | None) -> Iterator[str]:
    """One line each, oldest first. What is "" does not matter. Raises UnknownOne."""
    show_what_opens(session)
    asked = Asked(_family(session, family), _person(session, person), _unit(session, unit), since)
    names: dict[str | None, str] = {None: audit_wording.NOBODY}
    refs: dict[str | None, str] = {None: "-"}
    for line in looked.lines(session, asked):
        if line.person_id not in names:
            names[line.person_id] = people.name_of(session, line.person_id)
        if line.family_id not in refs:
            refs[line.family_id] = families.ref_of(session, line.family_id or "")
        at = f"{line.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        yield "\t".join((at, names[line.person_id], line.what, line.row_kind, refs[line.family_id], line.through))


def _family(session: Session, given: str) -> str | None:
    found = families.anywhere(session, given) if given else None
    if given and found is None:
        raise UnknownOne(audit_wording.NO_FAMILY.format(given=given))
    return found.id if found else None


def _person(session: Session, given: str) -> str | None:
    found = (people.by_chat_user(session, given) or people.by_name(session, given)) if given else None
    if given and found is None:
        raise UnknownOne(audit_wording.NO_PERSON.format(given=given))
    return found.id if found else None


def _unit(session: Session, given: str) -> str | None:
    found = units.by_name(session, given) if given else None
    if given and found is None:
        raise UnknownOne(audit_wording.NO_UNIT.format(given=given))
    return found.id if found else None
