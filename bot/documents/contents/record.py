"""The record of one family's discussion: a child's safety and voice first, then what was decided, then the rest.

What people typed stands word for word in an appendix, which can be left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.documents.contents.actions import earlier_actions, new_actions
from bot.documents.contents.agreement import details, said_yes
from bot.documents.contents.answers import about_family, entry_parts
from bot.documents.contents.idea import idea_parts
from bot.documents.model import (
    AnyPart,
    Bullets,
    Document,
    Facts,
    Heading,
    NewPage,
    Notice,
    Paragraph,
    Quote,
    Run,
    line,
    say,
)
from bot.documents.source import Source
from handlers.concern import cards as concern_cards
from handlers.concern import challenged
from handlers.meeting.stages import stage_gaps
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.meeting import concern_wording, discussion_wording, script
from prompts_and_forms.meeting.gaps import Gap
from storage.database.tables import Agreement, Contribution, ContributionVersion, Discussion, Entry, Hypothesis
from storage.decisions import agreements, hypotheses, roles
from storage.family import families
from storage.forms import entries, published
from storage.meeting import contributions, discussions, meetings
from storage.unit import people

CONCERN = "immediate_concern"
"""A form that asks this is about safety."""
VOICES = ("voices", "l_voice", "view")
THROUGH_ITSELF = (
    "hypothesis",
    "hypothesis_status",
    "position",
    "contract",
    "action",
    "reassign",
    "action_close",
    "carry_over",
    "role",
    "l_actions",
    "stop",
    "see_child",
)
"""Told through the idea, agreement, action, role or stop itself."""
DECIDED = ("conversation", "stop_doing", "disagreement")
ELSEWHERE = frozenset(
    {"previous_actions", "updates", "next_discussion", "measures_due", "lead", "note_taker", "present"}
)
"""Questions whose answers stand in front or among the decisions."""


@dataclass(frozen=True)
class Page:
    """What every part of a record needs."""

    source: Source
    discussion: Discussion
    recorded: list[Entry]
    typed: list[Contribution]

    def of(self, *forms: str) -> list[Entry]:
        """The records of these forms."""
        return [entry for entry in self.recorded if entry.form in forms]

    def is_empty(self) -> bool:
        """Whether nothing was recorded and nothing typed."""
        return not self.recorded and not self.typed

    def name(self, person_id: str | None) -> str:
        """A person's name; nothing without a person."""
        return self.source.name(person_id) if person_id else ""


def record(source: Source, discussion: Discussion, *, talk: bool = True) -> Document:
    """What was kept of a discussion. `talk`: with what was typed, word for word, in an appendix."""
    session = source.session
    page = Page(
        source,
        discussion,
        entries.of_discussion(session, discussion.id),
        contributions.of_discussion(session, discussion.id),
    )
    return source.document(
        "meeting-record",
        documents_wording.RECORD,
        [
            Facts(rows=tuple(_front(page)), front=True),
            *_state(page),
            *_warnings(page),
            *_stopped(page),
            *_safety(page),
            *_section(page, documents_wording.VOICES, page.of(*VOICES)),
            *_decisions(page),
            *_rest(page),
            *_confirmation(page),
            *(_talk(page) if talk else []),
        ],
        family_id=discussion.family_id,
        on=meetings.get(session, discussion.meeting_id).day,
        by=page.name(discussion.note_taker_id) or page.name(discussion.lead_id),
    )


# ---- the front


def _front(page: Page) -> Iterable[tuple[str, str]]:
    found, session = page.discussion, page.source.session
    kind = discussion_wording.KIND[found.kind]
    if found.first_kind != found.kind:
        kind = documents_wording.begun_as(kind, discussion_wording.KIND[found.first_kind])
    rows = (
        *about_family(page.source, found.family_id),
        ("Meeting", f"{day_words.in_full(meetings.get(session, found.meeting_id).day)}, {kind}"),
        ("Led by", page.name(found.lead_id)),
        ("Notes by", page.name(found.note_taker_id)),
        ("Present", ", ".join(people.name_of(session, person) for person in found.present)),
    )
    return ((label, value) for label, value in rows if value)


def _state(page: Page) -> list[AnyPart]:
    found = page.discussion
    if found.state in discussions.STILL_TALKING:
        return [say(documents_wording.STILL_OPEN)]
    if page.is_empty() and found.lead_id is None:
        return [say(documents_wording.FROM_BEFORE_RECORD)]
    return []


def _warnings(page: Page) -> list[AnyPart]:
    lines = families.safe_contact_warnings(page.source.session, page.discussion.family_id)
    return [Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(lines))] if lines else []


def _stopped(page: Page) -> list[AnyPart]:
    found = page.discussion
    mistakes = concern_cards.mistakes_in_words(page.source.session, found)
    by_mistake = [Bullets(title=concern_wording.BY_MISTAKE, items=tuple(line(one) for one in mistakes))]
    if found.stopped_at is None:
        return [*by_mistake] if mistakes else []
    raised = discussion_wording.raised_by(page.name(found.stopped_by_id), page.source.at(found.stopped_at))
    after = documents_wording.AFTER_STOP.get(found.after_stop or "", documents_wording.STILL_STOPPED)
    parts: list[AnyPart] = [*(by_mistake if mistakes else ())]
    parts += [Heading(text=discussion_wording.STOP_TITLE), say(f"{raised} {after}")]
    for entry in page.of("stop"):
        parts += _entry(page, entry)
    return parts


# ---- what was recorded


def _safety(page: Page) -> list[AnyPart]:
    asked = [entry for entry in page.recorded if _asks(page, entry, CONCERN)]
    return _section(page, documents_wording.SAFETY, [*asked, *page.of("last_seen")])


def _asks(page: Page, entry: Entry, question: str) -> bool:
    return any(one.id == question for one in published.form_of(page.source.session, entry).questions)


def _section(page: Page, title: str, found: Iterable[Entry]) -> list[AnyPart]:
    """One section for the forms in it; a form's own title only where it says something else."""
    parts: list[AnyPart] = []
    for entry in found:
        parts += _entry(page, entry)
    return [Heading(text=title), *parts] if parts else []


def _entry(page: Page, entry: Entry) -> list[AnyPart]:
    """A form's answers, with its title and who wrote it when; nothing where they all stand elsewhere."""
    form = published.form_of(page.source.session, entry)
    parts = entry_parts(page.source, entry, form, ELSEWHERE)
    if not parts:
        return []
    late = f", {discussion_wording.LATE_MARK}" if entry.after_confirm else ""
    by = f"{page.name(entry.recorded_by_id)}, {page.source.at(entry.recorded_at):%H:%M}{late}"
    return [Heading(text=form.title, level=2, aside=f"({by})"), *_deeper(parts)]


def _deeper(parts: Iterable[AnyPart]) -> list[AnyPart]:
    """Under a form's title its own headings are one level down."""
    return [
        part.model_copy(update={"level": part.level + 1}) if isinstance(part, Heading) and part.level < 3 else part
        for part in parts
    ]


# ---- decisions


def _decisions(page: Page) -> list[AnyPart]:
    found, source = page.discussion, page.source
    decided: list[AnyPart] = [
        *new_actions(source, found.id),
        *earlier_actions(source, found.id),
        *_agreements(page),
        *_roles(page),
        *_ideas(page),
    ]
    for entry in page.of(*DECIDED):
        decided += _entry(page, entry)
    after = [*_measures(page), *_next(page), *_missing(page)]
    if page.is_empty() and not decided:
        return after
    nothing = [] if decided else [say(documents_wording.NO_DECISIONS)]
    return [Heading(text=discussion_wording.DECISIONS), *decided, *nothing, *after]


def _ideas(page: Page) -> list[AnyPart]:
    session, found = page.source.session, page.discussion
    ideas: dict[str, Hypothesis] = {idea.id: idea for idea in hypotheses.offered_in(session, found.id)}
    for change in hypotheses.changed_in(session, found.id):
        idea = hypotheses.by_id(session, change.hypothesis_id)
        if idea is not None:
            ideas.setdefault(idea.id, idea)
    parts: list[AnyPart] = [part for idea in ideas.values() for part in idea_parts(page.source, idea)]
    for entry in page.of("hypothesis_status"):
        note = str(entries.answers(session, entry).get("note") or "")
        if note.strip():
            by = f"{page.name(entry.recorded_by_id)}, {page.source.at(entry.recorded_at):%H:%M}"
            parts.append(Quote(text=note, by=by))
    if not parts:
        return []
    return [Heading(text=documents_wording.IDEAS, level=2), say(documents_wording.IDEAS_ARE, quiet=True), *parts]


def _agreements(page: Page) -> list[AnyPart]:
    session = page.source.session
    found: dict[str, Agreement] = {row.id: row for row in agreements.offered_in(session, page.discussion.id)}
    for entry in page.of("contract"):
        changed = agreements.by_id(session, entry.subject_id or "")
        if changed is not None:
            found[changed.id] = changed
    return [part for row in found.values() for part in _agreement(page, row)]


def _agreement(page: Page, row: Agreement) -> list[AnyPart]:
    """What was agreed, and both sides' yes with its day."""
    body = agreements.words(page.source.session, row)
    version = agreements.current(page.source.session, row)
    return [
        Heading(text=documents_wording.AGREEMENT, level=2, aside=f"({documents_wording.version_number(version.no)})"),
        Paragraph(runs=(Run(text=body.focus, strong=True),)),
        *_deeper(details(page.source, row, body)),
        Facts(rows=tuple(said_yes(page.source, version))),
    ]


def _roles(page: Page) -> list[AnyPart]:
    session = page.source.session
    rows = tuple(
        line(f"{page.name(row.person_id)}: {roles.words(session, row).role}")
        for row in roles.agreed_in(session, page.discussion.id)
    )
    return [Bullets(title=documents_wording.ROLES, items=rows)] if rows else []


def _measures(page: Page) -> list[AnyPart]:
    items = []
    for entry in page.recorded:
        for row in entries.answers(page.source.session, entry).get("measures_due") or []:
            owner, due = row.get("owner"), row.get("due")
            who = decisions_wording.OUTSIDE if owner == "outside" else page.name(owner)
            day = f"by {day_words.in_full(date.fromisoformat(due))}" if due else ""
            items.append(line(", ".join(part for part in (str(row.get("item") or ""), who, day) if part)))
    return [Bullets(title=documents_wording.MEASURES_DUE, items=tuple(items))] if items else []


def _next(page: Page) -> list[AnyPart]:
    found = page.discussion
    if found.next_on is None:
        return []
    kind = discussion_wording.KIND.get(found.next_kind or "", "")
    value = ", ".join(part for part in (day_words.in_full(found.next_on), kind) if part)
    return [Facts(rows=((discussion_wording.NEXT_DISCUSSION, value),))]


def _missing(page: Page) -> list[AnyPart]:
    found, session = page.discussion, page.source.session
    codes = challenged.missing(session, found, page.source.today)
    if not codes:
        return []
    lines = tuple(line(stage_gaps.in_words(session, found, Gap.read(code))) for code in codes)
    return [Bullets(title=discussion_wording.MISSING, items=lines)]


# ---- the rest, and what was typed


def _rest(page: Page) -> list[AnyPart]:
    told = {*VOICES, *THROUGH_ITSELF, *DECIDED, "last_seen"}
    parts: list[AnyPart] = []
    for stage_id, _name in _stages(page):
        for entry in page.recorded:
            if entry.stage == stage_id and entry.form not in told and not _asks(page, entry, CONCERN):
                parts += _entry(page, entry)
    return [Heading(text=documents_wording.ALSO_TALKED_ABOUT), *parts] if parts else []


def _stages(page: Page) -> list[tuple[str, str]]:
    """The stages of the discussion's kind; those it was in before it was switched, too."""
    used = {note.stage for note in page.typed} | {entry.stage for entry in page.recorded}
    own = [(one.id, one.name) for one in script.stages(page.discussion.kind)]
    known = {stage_id for stage_id, _ in own}
    other = "light" if page.discussion.kind == "full" else "full"
    before = [(one.id, one.name) for one in script.stages(other) if one.id in used and one.id not in known]
    return [*before, *own]


def _confirmation(page: Page) -> list[AnyPart]:
    """Who confirmed what was read back, who copied it to the case file, and what was changed since."""
    found = page.discussion
    rows = []
    if found.confirmed_at is not None:
        rows.append(("Confirmed by", _who_when(page, found.confirmed_by_id, found.confirmed_at)))
    elif found.state not in discussions.STILL_TALKING:
        rows.append(("Confirmed by", documents_wording.NOT_CONFIRMED))
    if found.copied_at is not None and found.copied_by_id is not None:
        rows.append(("Copied to the case file by", _who_when(page, found.copied_by_id, found.copied_at)))
    parts: list[AnyPart] = [Heading(text=documents_wording.READ_BACK), Facts(rows=tuple(rows))] if rows else []
    return [*parts, *_changed_since(page)]


def _who_when(page: Page, person_id: str | None, at: datetime) -> str:
    return f"{page.source.name(person_id)}, {documents_wording.when_words(page.source.at(at))}"


def _changed_since(page: Page) -> list[AnyPart]:
    """What was added or changed after the lead had confirmed, with what was there before."""
    found = page.discussion
    if found.confirmed_at is None or not found.changed_after_confirm:
        return []
    items = []
    for note in contributions.of_discussion(page.source.session, found.id, include_deleted=True):
        versions = contributions.versions(page.source.session, note.id)
        items += [line(_version(page, one, versions)) for one in versions if one.at > found.confirmed_at]
    for entry in page.recorded:
        if entry.after_confirm:
            title = published.form_of(page.source.session, entry).title
            items.append(line(f"{title}: {_who_when(page, entry.recorded_by_id, entry.recorded_at)}"))
    return [Bullets(title=discussion_wording.LATE, items=tuple(items))] if items else []


def _version(page: Page, version: ContributionVersion, every: list[ContributionVersion]) -> str:
    before = next((one for one in reversed(every) if one.n < version.n), None)
    return documents_wording.changed_since(
        version.what,
        page.name(version.by_id) or documents_wording.SOMEBODY,
        page.source.at(version.at),
        contributions.text(page.source.session, before) if before else "",
        contributions.text(page.source.session, version),
    )


def _talk(page: Page) -> list[AnyPart]:
    """What people typed, stage by stage, word for word."""
    parts: list[AnyPart] = []
    for stage_id, name in _stages(page):
        notes = [_note(page, note) for note in page.typed if note.stage == stage_id]
        parts += [Heading(text=name, level=2), *notes] if notes else []
    if not parts:
        return []
    return [NewPage(), Heading(text=documents_wording.SAID), say(documents_wording.SAID_IS, quiet=True), *parts]


def _note(page: Page, note: Contribution) -> Quote:
    marks = [f"{page.name(note.author_id)}, {page.source.at(note.said_at):%H:%M}"]
    marks += [discussion_wording.EDITED] if note.edits else []
    marks += [discussion_wording.LATE_MARK] if note.after_confirm else []
    return Quote(text=contributions.text(page.source.session, note), by=", ".join(marks))
