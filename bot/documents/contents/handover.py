"""The handover pack of a family that goes to another unit: one paper for the people who take over."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.contents.actions import due, owner
from bot.documents.contents.agreement import details, measure_name, said_yes
from bot.documents.contents.answers import about_family
from bot.documents.contents.idea import idea_parts
from bot.documents.model import (
    AnyPart,
    Bullets,
    Document,
    Facts,
    Heading,
    Notice,
    Paragraph,
    Quote,
    Run,
    Table,
    line,
    say,
)
from bot.documents.source import Source
from handlers.family.family_card import court_day
from handlers.family.transfer_messages import meeting_words
from handlers.measures import result_card
from prompts_and_forms.clinical.review_rules import Kind
from prompts_and_forms.clinical.reviews_wording import KINDS
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import handover as wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.states import AgreementStatus
from prompts_and_forms.unit import wording as unit_wording
from storage.clinical import clinical_work, reviews
from storage.database.tables import Family, Unit
from storage.database.tables_machinery import FamilyMove
from storage.decisions import actions, agreements, hypotheses, roles
from storage.family import families, transfers
from storage.measures import measures
from storage.unit import people, units

SEEN = ("last_seen", "last_seen_alone")
PEOPLE_WIDTHS, DATE_WIDTHS, ACTION_WIDTHS, RESULT_WIDTHS = (40, 60), (50, 50), (52, 22, 26), (9, 14, 24, 18, 35)


def handover(source: Source, move: FamilyMove) -> Document:
    """Safe contact first; then who they are, the plan, what is agreed and open, ideas, what works, dates, results."""
    family = source.family(move.family_id)
    parts: list[AnyPart] = [
        *_warnings(source, family),
        Facts(rows=tuple(_front(source, move, family)), front=True),
        say(wording.IS, quiet=True),
        *_who(source, family),
        *_plan(source, family),
        *_works(source, move),
        *_agreed(source, family),
        *_open(source, family),
        *_ideas(source, family),
        *_dates(source, family),
        *_results(source, family),
        *_ring(source, move, family),
    ]
    return source.document("handover-pack", wording.TITLE, parts, family_id=family.id, on=move.on)


def _warnings(source: Source, family: Family) -> list[AnyPart]:
    found = families.safe_contact_warnings(source.session, family.id)
    return [Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(found) or (wording.NO_WARNING,))]


def _front(source: Source, move: FamilyMove, family: Family) -> Iterable[tuple[str, str]]:
    session = source.session
    rows = (
        *about_family(source, family.id),
        (wording.CATEGORY, unit_wording.category_words(family.category)),
        (wording.LEAD_WORKER, source.name(family.lead_worker_id) if family.lead_worker_id else ""),
        (wording.FROM_UNIT, session.get_one(Unit, move.from_unit_id).name),
        (wording.TO_UNIT, session.get_one(Unit, move.to_unit_id).name),
        (wording.MOVES_ON, day_words.with_weekday(move.on)),
        (wording.MEETING, meeting_words(move, source.unit)),
        (wording.ASKED_BY, source.name(move.asked_by_id)),
        (wording.WHY, transfers.words(session, move).why),
    )
    return ((label, value) for label, value in rows if value)


def _who(source: Source, family: Family) -> list[AnyPart]:
    session, names = source.session, source.names(family.id)
    known = families.body(session, family)
    children = [
        line(
            wording.seen(
                names.who(body.key),
                unit_wording.age_words(body.known_age(), source.today, body.unborn, body.due),
                day_words.in_full(row.last_seen_on) if row.last_seen_on else "",
                day_words.in_full(row.seen_alone_on) if row.seen_alone_on else "",
            )
        )
        for row, body in families.children(session, family.id)
    ]
    carers = [line(names.who(body.key)) for _row, body in families.carers(session, family.id)]
    parts: list[AnyPart] = [Heading(text=wording.WHO)]
    parts += [say(known.summary)] if known.summary else []
    parts += [Bullets(title=documents_wording.CHILDREN, items=tuple(children))] if children else []
    parts += [Bullets(title=documents_wording.CARERS, items=tuple(carers))] if carers else []
    return parts if len(parts) > 1 else [*parts, say(wording.NOT_SAID)]


def _plan(source: Source, family: Family) -> list[AnyPart]:
    found = families.outcomes(source.session, family.id)
    if not found:
        return [Heading(text=wording.PLAN), say(wording.NO_PLAN)]
    return [Heading(text=wording.PLAN), Bullets(items=tuple(line(words) for _key, words in found))]


def _works(source: Source, move: FamilyMove) -> list[AnyPart]:
    """What the unit wrote for this, what was noticed at the end of agreements, and what reviews say worked."""
    session, by = source.session, source.name(move.asked_by_id)
    said = transfers.words(session, move).works
    parts: list[AnyPart] = [Quote(text=said, by=by)] if said.strip() else []
    ended = [agreements.words(session, one) for one in agreements.of_family(session, move.family_id)]
    noticed = tuple(line(one.noticed) for one in ended if one.noticed.strip())
    worked = [reviews.body(session, one).worked for one in reviews.of_family(session, move.family_id)]
    helped = tuple(line(one) for one in worked if one.strip())
    parts += [Bullets(title=wording.NOTICED, items=noticed)] if noticed else []
    parts += [Bullets(title=wording.WORKED, items=helped)] if helped else []
    return [Heading(text=wording.WORKS), *(parts or [say(wording.NOT_SAID)])]


def _agreed(source: Source, family: Family) -> list[AnyPart]:
    session = source.session
    parts: list[AnyPart] = []
    for one in agreements.of_family(session, family.id):
        if one.status == AgreementStatus.ENDED:
            continue
        body, version = agreements.words(session, one), agreements.current(session, one)
        parts += [
            Heading(text=documents_wording.AGREEMENT, level=2),
            Paragraph(runs=(Run(text=body.focus, strong=True),)),
            *(_under(part) for part in details(source, one, body)),
            Facts(rows=tuple(said_yes(source, version))),
        ]
    held = [one for one in roles.of_family(session, family.id, source.today) if one.until_on is None]
    if held:
        said = tuple(line(f"{source.name(one.person_id)}: {roles.words(session, one).role}") for one in held)
        parts.append(Bullets(title=wording.ROLES, items=said))
    return [Heading(text=wording.AGREED), *(parts or [say(wording.NO_AGREEMENT)])]


def _under(part: AnyPart) -> AnyPart:
    return part.model_copy(update={"level": 3}) if isinstance(part, Heading) else part


def _open(source: Source, family: Family) -> list[AnyPart]:
    rows = tuple(
        (actions.words(source.session, one).text, owner(source, one), due(one))
        for one in actions.open_actions(source.session, family.id)
    )
    if not rows:
        return [Heading(text=wording.OPEN), say(wording.NONE_OPEN)]
    return [Heading(text=wording.OPEN), Table(head=wording.ACTIONS_HEAD, rows=rows, widths=ACTION_WIDTHS)]


def _ideas(source: Source, family: Family) -> list[AnyPart]:
    live = hypotheses.of_family(source.session, family.id, only_live=True)
    if not live:
        return [Heading(text=wording.IDEAS), say(wording.NO_IDEAS)]
    told = [_deeper(part) for one in live for part in idea_parts(source, one)]
    return [Heading(text=wording.IDEAS), say(documents_wording.IDEAS_ARE, quiet=True), *told]


def _deeper(part: AnyPart) -> AnyPart:
    return part.model_copy(update={"level": 2}) if isinstance(part, Heading) else part


def _dates(source: Source, family: Family) -> list[AnyPart]:
    """Key dates, court and what is due by the rules, the earliest first; of two names for one day the rule's own."""
    known, names = families.body(source.session, family), source.names(family.id)
    children = {row.id: names.who(body.key) for row, body in families.children(source.session, family.id)}
    due = [(one, one.day) for one in reviews.due_of_family(source.session, family) if one.day is not None]
    ruled = {day for one, day in due if one.kind is not Kind.VISIT}
    found = [
        (day, unit_wording.DATE_WORDS.get(name, unit_wording.plain(name).capitalize()))
        for name, day in known.dates.items()
        if day is not None and name not in SEEN and not (name.startswith("next_") and day in ruled)
    ]
    court = court_day(known)
    found += [(court, wording.COURT)] if court else []
    for one, day in due:
        who = children.get(one.subject, "")
        found.append((day, ": ".join(part for part in (KINDS[one.kind], who) if part)))
    if not found:
        return [Heading(text=wording.DATES), say(wording.NO_DATES)]
    rows = tuple((what, day_words.in_full(day)) for day, what in sorted(found, key=lambda row: row[0]))
    return [Heading(text=wording.DATES), Table(head=wording.DATE_HEAD, rows=rows, widths=DATE_WIDTHS)]


def _results(source: Source, family: Family) -> list[AnyPart]:
    names = source.names(family.id)
    children = {row.id: names.who(body.key) for row, body in families.children(source.session, family.id)}
    rows = []
    for one in measures.of_family(source.session, family.id):
        known = measures.body(source.session, one)
        day = day_words.in_full(one.completed_on) if one.completed_on else ""
        said = result_card.sentence(one, known, source.unit)
        rows.append(
            (children.get(one.child_id or "", ""), known.informant, measure_name(one.measure, one.form), day, said)
        )
    if not rows:
        return [Heading(text=wording.QUESTIONNAIRES), say(wording.NO_RESULTS)]
    table = Table(head=wording.RESULT_HEAD, rows=tuple(rows), widths=RESULT_WIDTHS)
    return [Heading(text=wording.QUESTIONNAIRES), table]


def _ring(source: Source, move: FamilyMove, family: Family) -> list[AnyPart]:
    """The people who know the family, what was written about whom to ring, and whom to ring when it cannot wait."""
    session = source.session
    before = session.get_one(Unit, move.from_unit_id)
    clinician = clinical_work.of_family(session, family.id).clinician_id
    known = {family.lead_worker_id, clinician, move.asked_by_id}
    rows = tuple(
        (person.name, unit_wording.roles_words(membership.roles) or unit_wording.NO_PART_YET)
        for membership, person in people.members(session, before.id)
        if person.id in known or membership.unit_lead or "unit_coordinator" in membership.roles
    )
    said = transfers.words(session, move).ring
    parts: list[AnyPart] = [Heading(text=wording.RING)]
    parts += [Table(head=wording.PEOPLE_HEAD, rows=rows, widths=PEOPLE_WIDTHS)] if rows else []
    parts += [Quote(text=said, by=source.name(move.asked_by_id))] if said.strip() else []
    contacts = tuple(line(f"{one.who}: {one.how}") for one in units.contacts(session, before.id))
    return [*parts, *([Bullets(title=wording.CONTACTS, items=contacts)] if contacts else [])]
