"""A family as its unit reads it: one card, safe contact before everything else."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import safe_contact
from handlers.clinical import ccin
from handlers.decisions import role
from handlers.family import family_group, looked
from handlers.reach import note_read
from handlers.turn import Note, Turn
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Chosen,
    Facts,
    Heading,
    Menu,
    card,
    say,
)
from prompts_and_forms.clinical import pathway
from prompts_and_forms.days import day_words
from prompts_and_forms.days.reading import as_day
from prompts_and_forms.documents import letter as letter_wording
from prompts_and_forms.family import group_wording, transfer_wording
from prompts_and_forms.family import wording as family_wording
from prompts_and_forms.retention import wording as retention_wording
from prompts_and_forms.states import FamilyStatus
from prompts_and_forms.subject import wording as subject_wording
from prompts_and_forms.unit import access_wording, looked_wording
from prompts_and_forms.unit import wording as unit_wording
from storage.clinical import clinical_work
from storage.clinical.clinical_work import ClinicalWork
from storage.database.bodies import CarerBody, ChildBody, FamilyBody
from storage.database.tables import Child, Family, Unit
from storage.family import families
from storage.unit import people, units

OUTSIDE = "outside"


def show(turn: Turn, family: Family, *first: Block) -> Note:
    """The family's card, for the person who asked; that it was read is saved."""
    note_read(turn, family)
    unit = units.by_id(turn.session, family.unit_id)
    return Note(family_card(turn, family, unit or turn.here(), first))


def family_card(turn: Turn, family: Family, unit: Unit, first: tuple[Block, ...] = ()) -> Card:
    """Everything the unit holds about a family's circumstances. `first` comes at the top."""
    known = families.body(turn.session, family)
    blocks: list[Block] = [
        *first,
        Heading(text=families.label(turn.session, family, unit)),
        *safe_contact.blocks(turn.session, [family.id]),
        Facts(rows=_facts(turn, family, known)),
    ]
    if known.summary:
        blocks.append(say(known.summary))
    blocks += _people(turn, family, unit)
    blocks += _plan(turn, family, unit, known)
    blocks += _roles(turn, family)
    blocks += _buttons(turn, family)
    return card(family_wording.FAMILY_PAGE.format(ref=known.ref), *blocks)


def _facts(turn: Turn, family: Family, known: FamilyBody) -> tuple[tuple[str, str], ...]:
    today = turn.today()
    rows = [(family_wording.CATEGORY, unit_wording.category_words(family.category))]
    if family.status == FamilyStatus.CLOSED:
        rows.append((family_wording.CLOSED, day_words.in_short(family.closed_on) if family.closed_on else "yes"))
    rows.append(
        (
            family_wording.LEAD_WORKER,
            people.name_of(turn.session, family.lead_worker_id) if family.lead_worker_id else unit_wording.NOBODY,
        )
    )
    rows.append(
        (
            family_wording.WITH_THE_UNIT_SINCE,
            day_words.in_short(family.allocated_on) if family.allocated_on else unit_wording.NOT_KNOWN,
        )
    )
    if known.transferred:
        rows.append((family_wording.CAME_FROM, str(known.transferred.get("from_unit") or family_wording.ANOTHER_UNIT)))
    rows += _watched(turn, family)
    every = f"every {family.visiting_days} days" if family.visiting_days else family_wording.NO_INTERVAL_SET
    rows.append((family_wording.EACH_CHILD_IS_SEEN, every))
    rows.append((family_wording.LAST_DISCUSSED, discussed_words(family, today)))
    rows.append((family_wording.NEXT_DISCUSSION, next_words(family, today)))
    return tuple(rows)


def _watched(turn: Turn, family: Family) -> list[tuple[str, str]]:
    """What entering complex child in need still asks for, whether the plan has stood still, the family's own plan."""
    return [*ccin.rows(turn, family), *family_group.rows(turn, family)]


def _roles(turn: Turn, family: Family) -> list[Block]:
    return role.blocks(turn, family)


def discussed_words(family: Family, today: date) -> str:
    """When a family was last discussed, and how; or never."""
    if family.last_discussed_on is None:
        return "never"
    return f"{unit_wording.dated(family.last_discussed_on, today)}, {family.last_discussed_kind or 'light'}"


def next_words(family: Family, today: date) -> str:
    """When a family is discussed next, and how; or that there is no day yet."""
    if family.next_on is None:
        return family_wording.NO_DATE_YET
    return f"{unit_wording.dated(family.next_on, today)}{f', {family.next_kind}' if family.next_kind else ''}"


# ---- children and carers


def _people(turn: Turn, family: Family, unit: Unit) -> list[Block]:
    children = families.children(turn.session, family.id)
    carers = families.carers(turn.session, family.id)
    blocks: list[Block] = []
    if children:
        lines = tuple((_child_line(turn, unit, row, child),) for row, child in children)
        blocks.append(Bullets(title=family_wording.CHILDREN, items=lines))
    else:
        blocks.append(say(family_wording.NO_CHILDREN))
    if carers:
        lines = tuple((_carer_line(unit, carer),) for _row, carer in carers)
        blocks.append(Bullets(title=family_wording.PARENTS_AND_CARERS, items=lines))
    return blocks


def person_label(unit: Unit, key: str, initials: str) -> str:
    """A child or carer by key, with initials where the unit shows them."""
    return families.who_is(key, initials if unit.show_initials else "")


def _child_line(turn: Turn, unit: Unit, row: Child, child: ChildBody) -> str:
    parts = [
        person_label(unit, child.key, child.initials),
        unit_wording.age_words(child.known_age(), turn.today(), child.unborn, child.due),
    ]
    if child.school is not None:
        parts.append(family_wording.AT_SCHOOL if child.school else family_wording.NOT_AT_SCHOOL)
    if child.twin_of:
        parts.append(family_wording.TWIN_OF.format(who=child.twin_of))
    if child.turns_18 and child.turns_18 > turn.today():
        parts.append(f"18 on {day_words.in_short(child.turns_18)}")
    return f"{', '.join(parts)}. {'' if child.unborn else _seen_words(turn, row, child)}".strip()


def _seen_words(turn: Turn, row: Child, child: ChildBody) -> str:
    today = turn.today()
    if row.last_seen_on is None:
        return family_wording.NOT_SEEN_YET
    seen = family_wording.LAST_SEEN.format(day=unit_wording.dated(row.last_seen_on, today))
    if row.seen_by_id:
        outside = row.seen_by_id == OUTSIDE
        who = family_wording.SEEN_BY_OUTSIDE if outside else people.name_of(turn.session, row.seen_by_id)
        seen += family_wording.SEEN_BY.format(who=who)
    if child.seen_place:
        seen += f", {unit_wording.plain(child.seen_place)}"
    alone = (
        family_wording.SEEN_ALONE.format(day=unit_wording.dated(row.seen_alone_on, today))
        if row.seen_alone_on
        else family_wording.NEVER_SEEN_ALONE
    )
    return f"{seen}; {alone}."


def _carer_line(unit: Unit, carer: CarerBody) -> str:
    parts = [person_label(unit, carer.key, carer.initials)]
    if carer.relation:
        parts.append(unit_wording.plain(carer.relation))
    if carer.lives_with_children is not None:
        parts.append(
            family_wording.LIVES_WITH_THE_CHILDREN if carer.lives_with_children else family_wording.LIVES_ELSEWHERE
        )
    if carer.children:
        parts.append(f"for {', '.join(carer.children)}")
    if carer.safe_contact.strip():
        parts.append(family_wording.SAFE_CONTACT_FIRST)
    return ", ".join(parts)


# ---- dates, category, plan, permission, clinical work


def _plan(turn: Turn, family: Family, unit: Unit, known: FamilyBody) -> list[Block]:
    today = turn.today()
    outcomes = families.outcomes(turn.session, family.id)
    blocks: list[Block] = []
    dates = date_rows(known, today)
    blocks.append(Facts(rows=tuple(dates)) if dates else say(family_wording.NO_KEY_DATES))
    history = families.category_history(turn.session, family.id)
    lines = tuple((_category_line(turn, row.category, row.from_on, row.decided_by_id, why),) for row, why in history)
    if lines:
        blocks.append(Bullets(title=family_wording.CATEGORY_OVER_TIME, items=lines))
    if outcomes:
        blocks.append(
            Bullets(title=family_wording.PLAN_OUTCOMES, items=tuple((f"{key}: {text}",) for key, text in outcomes))
        )
    blocks.append(
        Facts(
            rows=(
                (family_wording.PERMISSION_TO_SHARE, _permission(known.permission)),
                *_clinical(turn, clinical_work.of_family(turn.session, family.id)),
            )
        )
    )
    return blocks


def date_rows(known: FamilyBody, today: date) -> list[tuple[str, str]]:
    """The family's key dates with how far each is; one that should lie ahead says when it is overdue."""
    rows: list[tuple[str, str]] = []
    for name, day in known.dates.items():
        if day is None or name in ("last_seen", "last_seen_alone"):
            continue
        said = unit_wording.ahead(day, today) if name in unit_wording.AHEAD else unit_wording.dated(day, today)
        rows.append((unit_wording.DATE_WORDS.get(name, unit_wording.plain(name).capitalize()), said))
    court = court_day(known)
    if court is not None:
        kind = str((known.court or {}).get("type") or "")
        rows.append(
            (
                family_wording.COURT,
                f"{unit_wording.dated(court, today)}{f', {unit_wording.plain(kind)}' if kind else ''}",
            )
        )
    return rows


def court_day(known: FamilyBody) -> date | None:
    """The day of the next court hearing, if one is recorded."""
    return as_day((known.court or {}).get("on"))


def next_date(known: FamilyBody, today: date) -> tuple[str, date] | None:
    """The key date that comes next, or the one longest overdue."""
    found = [(unit_wording.DATE_WORDS[name], known.dates[name]) for name in unit_wording.AHEAD if known.dates.get(name)]
    court = court_day(known)
    if court is not None and court >= today:
        found.append((family_wording.COURT, court))
    dated = [(name, day) for name, day in found if day is not None]
    return min(dated, key=lambda pair: pair[1]) if dated else None


def _category_line(turn: Turn, category: str, from_on: date | None, decided_by: str | None, why: str) -> str:
    line = unit_wording.category_words(category)
    if from_on:
        line += family_wording.CATEGORY_FROM.format(day=day_words.in_short(from_on))
    if decided_by:
        outside = decided_by == OUTSIDE
        line += family_wording.decided_by("" if outside else people.name_of(turn.session, decided_by))
    return f"{line}: {why}" if why else line


def _permission(permission: dict[str, Any]) -> str:
    parts = [unit_wording.permission_words(permission)]
    signed = as_day(permission.get("signed"))
    if signed:
        parts.append(f"on {day_words.in_short(signed)}")
    scope = [unit_wording.scope_words(str(one)) for one in permission.get("scope") or []]
    said = " ".join(parts) + (f": {', '.join(scope)}" if scope else "")
    note = str(permission.get("note") or "")
    return f"{said}. {note}" if note else said


def _clinical(turn: Turn, work: ClinicalWork) -> list[tuple[str, str]]:
    """Where clinical work is, in short; /work shows more."""
    if not work.state:
        return []
    said = [pathway.state(work.state).name]
    clinician = people.by_id(turn.session, work.clinician_id or "")
    if clinician:
        said.append(family_wording.CLINICIAN_IS.format(clinician=clinician.name))
    if work.body.work:
        said.append(work.body.work)
    rows = [(family_wording.CLINICAL_WORK, "; ".join(said))]
    days = {
        family_wording.INITIAL_CONSULTATION: work.consulted_on,
        family_wording.COMMISSIONING_MEETING: work.commissioned_on,
        family_wording.NEXT_SESSION: work.next_session,
        family_wording.ENDED: work.ended_on,
    }
    rows += [(name, unit_wording.dated(day, turn.today())) for name, day in days.items() if day]
    if work.body.sessions:
        rows.append((family_wording.SESSIONS_HELD, str(len(work.body.sessions))))
    if work.body.awaiting:
        rows.append((family_wording.STILL_TO_COME, ", ".join(unit_wording.plain(one) for one in work.body.awaiting)))
    return rows


# ---- buttons


def _buttons(turn: Turn, family: Family) -> list[Block]:
    args = {"family": family.id}
    if family.status == FamilyStatus.CLOSED:
        again = Button(action="family.reopen", label=family_wording.OPEN_FAMILY_AGAIN, args=args)
        return [Buttons(items=(again, *_reading(args), *_who_looked(turn, args)))]
    adding = (
        Button(action="family.child", label=family_wording.ADD_A_CHILD, args=args),
        Button(action="family.carer", label=family_wording.ADD_A_CARER, args=args),
        Button(action="family.outcome", label=family_wording.ADD_A_PLAN_OUTCOME, args=args),
    )
    changing = (
        Button(action="family.dates", label=family_wording.KEY_DATES, args=args),
        Button(action="family.category", label=family_wording.CHANGE_OF_CATEGORY, args=args),
        Button(
            action="form.open", label=family_wording.PERMISSION_TO_SHARE, args={**args, "form": "permission_to_share"}
        ),
        Button(action="family.group", label=group_wording.BUTTON, args=args),
        Menu(
            action="family.correct",
            label=family_wording.CORRECT_SOMETHING,
            choices=_correctable(turn, family),
            args=args,
        ),
        Button(action="family.close", label=family_wording.CLOSE_THIS_FAMILY, args=args),
    )
    looking = (
        Button(action="work.show", label=family_wording.CLINICAL_WORK, args=args),
        *_reading(args),
        Button(action="measure.family", label=family_wording.QUESTIONNAIRES, args=args),
        Button(action="review.family", label=family_wording.REVIEWS, args=args),
        Button(action="family.letter", label=letter_wording.BUTTON, args=args),
        *_who_looked(turn, args),
        *_moving(turn, args),
    )
    return [Buttons(items=adding), Buttons(items=changing), Buttons(items=looking)]


def _who_looked(turn: Turn, args: dict[str, str]) -> tuple[Button, ...]:
    who = Button(action="family.looked", label=looked_wording.BUTTON, args=args)
    may = Button(action="family.access", label=access_wording.BUTTON, args=args)
    subject = Button(action="subject.show", label=subject_wording.BUTTON, args=args)
    stays = Button(action="family.stays", label=retention_wording.BUTTON, args=args)
    return ((who,) if looked.may_ask(turn.unit, turn.membership) else ()) + (
        (may, stays, subject) if looked.may_close(turn.unit, turn.membership) else ()
    )


def _moving(turn: Turn, args: dict[str, str]) -> tuple[Button, ...]:
    move = Button(action="family.transfer", label=transfer_wording.BUTTON, args=args)
    return (move,) if looked.may_ask(turn.unit, turn.membership) else ()


def _reading(args: dict[str, str]) -> tuple[Button, ...]:
    return (
        Button(action="family.timeline", label=family_wording.TIMELINE, args=args),
        Button(action="family.documents", label=family_wording.DOCUMENTS, args=args),
    )


def _correctable(turn: Turn, family: Family) -> tuple[Choice, ...]:
    found = [Choice(value="details", label=family_wording.DETAILS)]
    for child_row, child in families.children(turn.session, family.id):
        found.append(
            Choice(
                value=Chosen("child", child_row.id).value,
                label=family_wording.CHILD.format(who=families.who_is(child.key, child.initials)),
            )
        )
    for carer_row, carer in families.carers(turn.session, family.id):
        found.append(
            Choice(
                value=Chosen("carer", carer_row.id).value,
                label=family_wording.CARER.format(who=families.who_is(carer.key, carer.initials)),
            )
        )
    for outcome in families.outcome_rows(turn.session, family.id):
        found.append(
            Choice(value=Chosen("outcome", outcome.id).value, label=family_wording.PLAN_OUTCOME.format(key=outcome.key))
        )
    return tuple(found)
