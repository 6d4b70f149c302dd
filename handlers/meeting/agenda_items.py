"""One family on the agenda: what the rules know of it, and its line when it is added while the unit meets."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.turn import Turn
from prompts_and_forms.days.closed_time import open_time_of
from prompts_and_forms.meeting import agenda_rules
from prompts_and_forms.meeting.agenda_rules import FamilyFacts, Reason
from storage.database.tables import AgendaItem, Meeting, Unit
from storage.meeting import meetings
from storage.meeting.agenda_facts import KnownFamily, known_families

TO_STATUTORY = ("next_review", "conference")


def facts(known: KnownFamily, today: date) -> FamilyFacts:
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
        asked_full=family.next_kind == "full" and family.next_on is not None and family.next_on <= today,
    )


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def append(turn: Turn, meeting: Meeting, family_id: str, asked_by: str | None) -> AgendaItem:
    """A family added during the meeting: full where the rules say so (as for one that is new) or somebody asks."""
    unit = turn.session.get(Unit, meeting.unit_id)
    settings = unit.settings if unit else {}
    found = _reasons(turn, meeting, family_id, settings)
    if asked_by and not any(reason["code"] == "asked" for reason in found):
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
    for known in known_families(turn.session, meeting.unit_id, today):
        if known.family.id == family_id:
            return agenda_rules.reasons(facts(known, today), agenda_rules.Settings.of(settings), today)
    return []
