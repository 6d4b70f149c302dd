"""One family on the agenda: what the rules know of it, and its line when it is added while the unit meets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.turn import Turn
from prompts_and_forms.days.closed_time import open_time_of
from prompts_and_forms.meeting import agenda_rules, agenda_wording
from prompts_and_forms.meeting.agenda_rules import FamilyFacts, Reason
from storage.database.tables import AgendaItem, Meeting, Unit
from storage.database.tables_decisions import AgendaWish
from storage.meeting import agenda_wishes, meetings
from storage.meeting.agenda_facts import KnownFamily, known_families
from storage.unit import people

TO_STATUTORY = ("next_review", "conference")


def facts(known: KnownFamily, today: date, wishes: Sequence[AgendaWish] = ()) -> FamilyFacts:
    """What the rules look at, from what is saved of a family."""
    family, body = known.family, known.body
    dates = body.dates
    coming = {name: on for name, on in dates.items() if on is not None and name in agenda_rules.COMING_DATES}
    court = _day(body.court.get("on")) if body.court else None
    if court is not None:
        coming["court"] = court
    consultation = known.work.consulted_on
    return FamilyFacts(
        family_id=family.id,
        reference=body.ref,
        category=family.category,
        last_discussed_on=family.last_discussed_on,
        last_full_on=open_time_of(family.last_full_on, body.closed_time()),
        first_since_consultation=bool(
            consultation and family.last_discussed_on and family.last_discussed_on < consultation
        ),
        concern_since_last=known.concern,
        coming=coming,
        missed=[name for name in TO_STATUTORY if (on := dates.get(name)) is not None and on < today],
        has_children=known.has_children,
        least_seen_on=known.least_seen_on,
        visiting_days=family.visiting_days,
        most_carried=known.most_carried,
        plan_start=known.plan_start,
        carried_from_last=known.carried_from_last,
        moved=tuple(
            open_time_of(day, body.closed_time())
            for day in (family.last_full_on, known.newest_seen_on, known.last_done_on, family.allocated_on)
        ),
        leaves_on=known.leaves_on,
        came_lately=known.came_on is not None and (family.last_full_on or date.min) < known.came_on,
        asked_full=family.next_kind == "full" and family.next_on is not None and family.next_on <= today,
        asked_for=tuple(wish.id for wish in wishes if wish.what == agenda_wishes.ADD),
        light=any(wish.what == agenda_wishes.LIGHT for wish in wishes),
        first=any(wish.what == agenda_wishes.FIRST for wish in wishes),
        leave=any(wish.what == agenda_wishes.LEAVE for wish in wishes),
    )


def why_words(session: Session, found: Iterable[Mapping[str, Any]], paper_of: date | None = None) -> list[str]:
    """The reasons in words; of what somebody asked for, who it was and what they wrote.

    For a paper of a day, which is read later too, days are said by their dates.
    """
    listed = list(found)
    asked = agenda_wishes.some(session, [str(one["wish"]) for one in listed if one.get("wish")])
    return [_why(session, one, asked.get(str(one.get("wish", ""))), paper_of) for one in listed]


def also_words(session: Session, wish: AgendaWish) -> str:
    """Something on the agenda that is no family, and who asked for it."""
    who = people.name_of(session, wish.by_id).partition(" ")[0]
    return f"{agenda_wishes.words(session, wish)} ({who})"


def _why(session: Session, found: Mapping[str, Any], wish: AgendaWish | None, paper_of: date | None) -> str:
    if wish is None:
        return agenda_rules.reason_words(found) if paper_of is None else agenda_wording.on_paper(found, paper_of)
    who = people.name_of(session, wish.by_id).partition(" ")[0]
    return agenda_wording.asked_words(who, agenda_wishes.words(session, wish))


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def append(turn: Turn, meeting: Meeting, family_id: str, asked_by: str | None) -> AgendaItem:
    """A family added during the meeting: full where the rules say so (as for one that is new) or somebody asks."""
    unit = turn.session.get(Unit, meeting.unit_id)
    settings = unit.settings if unit else {}
    found = _reasons(turn, meeting, family_id, settings)
    if asked_by and not any(reason["code"] in ("asked", "asked_for") for reason in found):
        found = [*found, {"code": "asked"}]
    kind = "full" if agenda_rules.full_reasons(found) else "light"
    return meetings.add_item(
        turn.session,
        meeting_id=meeting.id,
        family_id=family_id,
        position=len(meetings.items(turn.session, meeting.id)) + 1,
        kind=kind,
        reasons=found,
        minutes=agenda_rules.minutes_for(kind, settings),
        asked_by=asked_by,
    )


def _reasons(turn: Turn, meeting: Meeting, family_id: str, settings: dict[str, Any]) -> list[Reason]:
    today = meeting.day
    wishes = agenda_wishes.by_family(agenda_wishes.live(turn.session, meeting.unit_id)).get(family_id, [])
    for known in known_families(turn.session, meeting.unit_id, today):
        if known.family.id == family_id:
            return agenda_rules.reasons(facts(known, today, wishes), agenda_rules.Settings.of(settings), today)
    return []
