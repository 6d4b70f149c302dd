"""The written record of a discussion: read back, copied to the case file, exported. Clean words, nothing left out.

Ideas never stand without author, date, status and what fits and does not fit; different views stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers import emergency
from handlers.concern import cards as concern_cards
from handlers.concern import challenged
from handlers.entries import lists, show
from handlers.meeting.stages import stage_gaps
from prompts_and_forms.card import (
    Block,
    Bullets,
    Facts,
    Heading,
    Quote,
    Span,
    Strong,
    say,
    small,
)
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import record_wording
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import concern_wording, discussion_wording, script
from prompts_and_forms.meeting.gaps import Gap
from storage.database.tables import (
    Action,
    ActionChange,
    Agreement,
    Contribution,
    ContributionVersion,
    Discussion,
    Entry,
    Family,
    Hypothesis,
    Unit,
)
from storage.decisions import actions, agreements, hypotheses, roles
from storage.family import families
from storage.forms import entries, published
from storage.meeting import contributions, discussions, meetings
from storage.unit import people, units

OWN_SECTION = (
    "hypothesis",
    "hypothesis_status",
    "contract",
    "action",
    "reassign",
    "action_close",
    "carry_over",
    "role",
    "see_child",
)
"""Shown through the idea, agreement, action or role itself, not form by form."""
REWORDED = "reworded"


@dataclass(frozen=True)
class Page:
    """What every part of a record needs to know."""

    session: Session
    discussion: Discussion
    zone: ZoneInfo
    today: date
    recorded: list[Entry]

    def at(self, when: datetime) -> datetime:
        """A moment in the unit's own time."""
        return when.astimezone(self.zone)

    def of(self, *forms: str) -> list[Entry]:
        """The records of these forms, in the order they were made."""
        return [entry for entry in self.recorded if entry.form in forms]


def page_of(session: Session, discussion: Discussion, now: datetime) -> Page:
    """The page of a discussion's record, read once for all its parts."""
    unit = session.get(Unit, discussion.unit_id)
    zone = units.zone(unit)
    return Page(session, discussion, zone, now.astimezone(zone).date(), entries.of_discussion(session, discussion.id))


def record_blocks(session: Session, discussion: Discussion, now: datetime) -> list[Block]:
    """The whole written record."""
    page = page_of(session, discussion, now)
    return [
        Facts(rows=_front(page)),
        *stopped(page),
        *_decisions(page),
        *_by_stage(page),
        *_late(page),
    ]


# ---- the front


def _front(page: Page) -> tuple[tuple[str, str], ...]:
    session, found = page.session, page.discussion
    family = session.get(Family, found.family_id)
    unit = session.get(Unit, found.unit_id)
    meeting = meetings.get(session, found.meeting_id)
    kind = discussion_wording.KIND[found.kind]
    if found.first_kind != found.kind:
        kind = record_wording.BEGUN_AS_A.format(kind=kind, first=discussion_wording.KIND[found.first_kind])
    rows = [
        (record_wording.FAMILY, families.body(session, family).ref if family else ""),
        (record_wording.UNIT, unit.name if unit else ""),
        (record_wording.MEETING, day_words.in_full(meeting.day)),
        (record_wording.KIND, kind),
        (record_wording.LED_BY, people.name_of(session, found.lead_id) if found.lead_id else decisions_wording.NOBODY),
        (
            record_wording.WRITTEN_BY,
            people.name_of(session, found.note_taker_id) if found.note_taker_id else decisions_wording.NOBODY,
        ),
        (
            record_wording.PRESENT,
            ", ".join(people.name_of(session, person) for person in found.present) or decisions_wording.NOBODY,
        ),
        (record_wording.STATE, discussion_wording.STATE[found.state]),
    ]
    if found.confirmed_at is not None:
        by = people.name_of(session, found.confirmed_by_id)
        rows.append((record_wording.CONFIRMED, discussion_wording.done_by(by, page.at(found.confirmed_at))))
    if found.copied_at is not None and found.copied_by_id is not None:
        by = people.name_of(session, found.copied_by_id)
        rows.append((record_wording.COPIED, discussion_wording.done_by(by, page.at(found.copied_at))))
    return tuple(rows)


def stopped(page: Page) -> list[Block]:
    """That it stopped for a concern, who was told, and what was pressed by mistake."""
    found = page.discussion
    mistakes = concern_cards.mistakes_in_words(page.session, found)
    by_mistake = [Bullets(title=concern_wording.BY_MISTAKE, items=tuple((line,) for line in mistakes))]
    if found.stopped_at is None:
        return [*by_mistake] if mistakes else []
    at = page.at(found.stopped_at)
    blocks: list[Block] = [
        *(by_mistake if mistakes else ()),
        Heading(text=discussion_wording.STOP_TITLE),
        say(
            discussion_wording.raised_by(people.name_of(page.session, found.stopped_by_id), at), " ", after_stop(found)
        ),
    ]
    for entry in page.of("stop"):
        blocks += [say(Strong(text=discussion_wording.TOLD_TITLE)), *emergency.told_blocks(page.session, entry)]
    return blocks


def after_stop(found: Discussion) -> str:
    """How it went on after the stop."""
    return {
        "go_on": record_wording.WENT_ON,
        "not_today": record_wording.LEFT_FOR_TODAY,
    }.get(found.after_stop or "", record_wording.STILL_STOPPED)


# ---- decisions


def _decisions(page: Page) -> list[Block]:
    found = page.discussion
    parts: list[Block] = [*_ideas(page), *_agreements(page), *_roles(page), *_actions(page), *_views(page)]
    rest = page.of("conversation", "stop_doing")
    for entry in rest:
        parts += entry_blocks(page, entry)
    return [
        Heading(text=discussion_wording.DECISIONS),
        *(parts or [small(discussion_wording.NO_DECISIONS)]),
        *measures(page),
        Facts(
            rows=((discussion_wording.NEXT_DISCUSSION, discussion_wording.next_words(found.next_on, found.next_kind)),)
        ),
        *missing(page),
    ]


def new_ideas(page: Page) -> list[Hypothesis]:
    """Ideas offered here."""
    return hypotheses.offered_in(page.session, page.discussion.id)


def _ideas(page: Page) -> list[Block]:
    blocks: list[Block] = []
    new = new_ideas(page)
    for idea in new:
        blocks += lists.one_hypothesis(page.session, idea)
    changed = changed_ideas(page)
    if changed:
        blocks.append(say(Strong(text=discussion_wording.IDEAS_CHANGED)))
    for idea in changed:
        blocks += lists.one_hypothesis(page.session, idea)
    for entry in page.of("hypothesis_status"):
        note = str(entries.answers(page.session, entry).get("note") or "")
        if note.strip():
            blocks.append(Quote(text=note, by=_by(page, entry)))
    return [say(Strong(text=discussion_wording.IDEAS)), *blocks] if blocks else []


def changed_ideas(page: Page) -> list[Hypothesis]:
    """Ideas from before that were reworded or have another status since, each once."""
    known = {idea.id for idea in new_ideas(page)}
    changes = [c for c in hypotheses.changed_in(page.session, page.discussion.id) if c.hypothesis_id not in known]
    found = (hypotheses.by_id(page.session, c.hypothesis_id) for c in changes)
    return list({idea.id: idea for idea in found if idea}.values())


def agreed(page: Page) -> list[str]:
    """The focus of each agreement made or changed, with how it stands."""
    status = decisions_wording.AGREEMENT_STATUS
    return [
        f"{agreements.words(page.session, row).focus} ({status.get(row.status, row.status)})" for row in touched(page)
    ]


def touched(page: Page) -> list[Agreement]:
    """Agreements offered or changed here."""
    found: dict[str, Agreement] = {row.id: row for row in agreements.offered_in(page.session, page.discussion.id)}
    for entry in page.of("contract"):
        changed = agreements.by_id(page.session, entry.subject_id or "")
        if changed is not None:
            found[changed.id] = changed
    return list(found.values())


def _agreements(page: Page) -> list[Block]:
    blocks: list[Block] = []
    for row in touched(page):
        blocks += lists.one_agreement(page.session, row)
    return [say(Strong(text=discussion_wording.AGREEMENTS)), *blocks] if blocks else []


def _roles(page: Page) -> list[Block]:
    lines = [(words,) for words in roles_agreed(page)]
    return [Bullets(title=record_wording.ROLES_AGREED, items=tuple(lines))] if lines else []


def roles_agreed(page: Page) -> list[str]:
    """Who does what, as agreed here."""
    return [
        f"{people.name_of(page.session, row.person_id)}: {roles.words(page.session, row).role}"
        for row in roles.agreed_in(page.session, page.discussion.id)
        if row.until_on is None or row.until_on > row.from_on
    ]


def new_actions(page: Page) -> list[Action]:
    """Actions made here."""
    return actions.made_in(page.session, page.discussion.id)


def _actions(page: Page) -> list[Block]:
    blocks: list[Block] = []
    new = new_actions(page)
    if new:
        lines = tuple(action_line(page, row) for row in new)
        blocks.append(Bullets(title=discussion_wording.NEW_ACTIONS, items=lines))
    changed = changed_actions(page)
    if changed:
        blocks.append(Bullets(title=record_wording.ACTIONS_FROM_BEFORE, items=tuple(changed)))
    return blocks


def changed_actions(page: Page) -> list[tuple[Span, ...]]:
    """What became of each action from before."""
    changed: list[tuple[Span, ...]] = []
    for change, note in _once_each(page, {row.id for row in new_actions(page)}):
        action = actions.by_id(page.session, change.action_id)
        if action is not None:
            told = record_wording.NOTE.format(note=note) if note.strip() else ""
            spans = lists.action_spans(page.session, action, page.today)
            changed.append(
                (Strong(text=f"{decisions_wording.ACTION_CHANGE.get(change.what, change.what)}: "), *spans, told)
            )
    return changed


def _once_each(page: Page, new: set[str]) -> list[tuple[ActionChange, str]]:
    """What became of actions from before, each once: an action of today stands above, as it is now.

    A correction of words or date is said only where nothing else happened to the action.
    """
    found: dict[str, tuple[ActionChange, str]] = {}
    for change, note in actions.changed_in(page.session, page.discussion.id):
        known = found.get(change.action_id)
        if change.action_id in new or (known and known[0].what != REWORDED and change.what == REWORDED):
            continue
        found.pop(change.action_id, None)
        found[change.action_id] = (change, "" if change.what == REWORDED else note)
    return list(found.values())


def action_line(page: Page, action: Action) -> tuple[Span, ...]:
    """An action with owner and day, and how one will know that it helped."""
    know = actions.words(page.session, action).how_we_know
    spans = lists.action_spans(page.session, action, page.today)
    return (*spans, record_wording.WE_WILL_KNOW_IT_HELPED.format(know=know)) if know.strip() else spans


def _views(page: Page) -> list[Block]:
    """Dissent stands apart from the decisions, each view in its own words."""
    blocks: list[Block] = []
    for entry in page.of("disagreement"):
        blocks += [say(Strong(text=discussion_wording.DIFFERENT_VIEWS)), *_entry_answers(page, entry)]
    return blocks


def measures(page: Page) -> list[Block]:
    """Measures and reviews that are due, with who does them."""
    lines: list[tuple[Span, ...]] = []
    for entry in page.of("close"):
        for row in entries.answers(page.session, entry).get("measures_due") or []:
            owner = row.get("owner")
            who = (
                decisions_wording.OUTSIDE
                if owner == "outside"
                else people.name_of(page.session, owner)
                if owner
                else decisions_wording.NOBODY
            )
            due = date.fromisoformat(row["due"]) if row.get("due") else None
            lines.append((f"{row.get('item', '')} ({who}; {decisions_wording.due_words(due, page.today)})",))
    return [Bullets(title=record_wording.MEASURES_AND_REVIEWS_DUE, items=tuple(lines))] if lines else []


def missing(page: Page) -> list[Block]:
    """What is recorded as missing."""
    found = page.discussion
    codes = challenged.missing(page.session, found, page.today)
    if not codes:
        return [small(discussion_wording.NOTHING_MISSING)] if found.state not in discussions.STILL_TALKING else []
    lines = tuple((stage_gaps.in_words(page.session, found, Gap.read(code)),) for code in codes)
    return [Bullets(title=discussion_wording.MISSING, items=lines)]


# ---- stage by stage


def _by_stage(page: Page) -> list[Block]:
    said = contributions.of_discussion(page.session, page.discussion.id)
    blocks: list[Block] = []
    for stage_id, name in _stages(page, said):
        notes = [note for note in said if note.stage == stage_id]
        forms = [e for e in page.recorded if e.stage == stage_id and e.form not in OWN_SECTION]
        forms = [e for e in forms if e.form not in ("conversation", "stop_doing", "disagreement", "stop")]
        if notes or forms:
            blocks.append(Heading(text=name))
            for entry in forms:
                blocks += entry_blocks(page, entry)
            blocks += [_note(page, note) for note in notes]
    return blocks


def _stages(page: Page, said: Iterable[Contribution]) -> list[tuple[str, str]]:
    """The stages of the discussion's kind; those it was in before it was switched, too."""
    used = {note.stage for note in said} | {entry.stage for entry in page.recorded}
    own = [(s.id, s.name) for s in script.stages(page.discussion.kind)]
    other = "light" if page.discussion.kind == "full" else "full"
    own_ids = {stage_id for stage_id, _ in own}
    before = [(s.id, s.name) for s in script.stages(other) if s.id in used and s.id not in own_ids]
    return [*before, *own]


def entry_blocks(page: Page, entry: Entry) -> list[Block]:
    """One record under its title, with who and when."""
    late = f", {discussion_wording.LATE_MARK}" if entry.after_confirm else ""
    head = say(Strong(text=published.form_of(page.session, entry).title), f" ({_by(page, entry)}{late})")
    return [head, *_entry_answers(page, entry)]


def _entry_answers(page: Page, entry: Entry) -> list[Block]:
    return list(show.answer_blocks(page.session, entry))


def _by(page: Page, entry: Entry) -> str:
    return f"{people.name_of(page.session, entry.recorded_by_id)}, {page.at(entry.recorded_at):%H:%M}"


def _note(page: Page, note: Contribution) -> Block:
    marks = [f"{people.name_of(page.session, note.author_id)}, {page.at(note.said_at):%H:%M}"]
    if note.edits:
        marks.append(discussion_wording.EDITED)
    if note.after_confirm:
        marks.append(discussion_wording.LATE_MARK)
    return Quote(text=contributions.text(page.session, note), by=", ".join(marks))


def _late(page: Page) -> list[Block]:
    """What changed after the lead confirmed, with what stood there before."""
    found = page.discussion
    if found.confirmed_at is None or not found.changed_after_confirm:
        return []
    lines: list[tuple[Span, ...]] = []
    for note in contributions.of_discussion(page.session, found.id, include_deleted=True):
        versions = contributions.versions(page.session, note.id)
        for version in versions:
            if version.at > found.confirmed_at:
                lines.append((_version_line(page, version, versions),))
    for entry in page.recorded:
        if entry.after_confirm:
            lines.append(
                (
                    record_wording.RECORDED_BY.format(
                        title=published.form_of(page.session, entry).title, by=_by(page, entry)
                    ),
                )
            )
    return [Bullets(title=discussion_wording.LATE, items=tuple(lines))] if lines else []


def _version_line(page: Page, version: ContributionVersion, every: list[ContributionVersion]) -> str:
    who = people.name_of(page.session, version.by_id) if version.by_id else "someone"
    now = contributions.text(page.session, version)
    before = next((v for v in reversed(every) if v.n < version.n), None)
    was = record_wording.BEFORE.format(text=contributions.text(page.session, before)) if before is not None else ""
    said = f" Now: “{now}”." if now else ""
    return f"{discussion_wording.LATE_CHANGE[version.what]} by {who} at {page.at(version.at):%H:%M}.{was}{said}"
