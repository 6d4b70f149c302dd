"""What a stage begins with: open actions, ideas held, agreements, key dates, when each child was last seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlmodel import Session

from handlers.entries import lists
from prompts_and_forms.card import Block, Bullets, Facts, Span, Strong, say, small
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import discussion_wording
from prompts_and_forms.meeting.script import Part
from storage.database.bodies import HypothesisBody
from storage.database.tables import Discussion, Family, Hypothesis
from storage.decisions import actions, agreements, hypotheses
from storage.family import families
from storage.meeting import discussions
from storage.unit import people

Draw = Callable[[Session, Discussion, date], list[Block]]


def blocks(session: Session, discussion: Discussion, parts: Iterable[Part], today: date) -> list[Block]:
    """What people need in front of them on this card; nothing where it begins with a clean page."""
    return [block for part in parts for block in DRAWN[part](session, discussion, today)]


def last_time(session: Session, discussion: Discussion, today: date) -> list[Block]:
    """When the family was last discussed, and how."""
    before = discussions.before(session, discussion)
    family = session.get(Family, discussion.family_id)
    if before is not None and before.closed_at is not None:
        on, kind = before.started_at.date(), before.kind
    elif family is not None and family.last_discussed_on is not None:
        on, kind = family.last_discussed_on, family.last_discussed_kind or ""
    else:
        return [small(discussion_wording.NEVER_DISCUSSED)]
    return [small(discussion_wording.last_discussed(on, kind, today))]


def open_actions(session: Session, discussion: Discussion, today: date) -> list[Block]:
    """The family's open actions, each with owner and day."""
    found = actions.open_actions(session, discussion.family_id)
    if not found:
        return [small(discussion_wording.NO_OPEN_ACTIONS)]
    lines = tuple(lists.action_spans(session, action, today) for action in found)
    return [Bullets(title=discussion_wording.OPEN_ACTIONS, items=lines)]


def ideas(session: Session, discussion: Discussion, today: date) -> list[Block]:
    """The family's live ideas."""
    held = hypotheses.of_family(session, discussion.family_id, only_live=True)
    if not held:
        return [small(discussion_wording.NO_IDEAS)]
    return [Bullets(title=discussion_wording.LIVE_IDEAS, items=tuple(idea_line(session, idea) for idea in held))]


def idea_line(session: Session, idea: Hypothesis) -> tuple[Span, ...]:
    """An idea never travels without its author, date, status, and what fits and does not fit."""
    body = hypotheses.words(session, idea)
    by = people.name_of(session, idea.offered_by_id or idea.recorded_by_id)
    status = decisions_wording.STATUS[idea.status]
    if idea.riskiest:
        status = f"{status}, {decisions_wording.RISKIEST}"
    return (body.text, Strong(text=discussion_wording.idea_meta(by, idea.raised_on, status)), *evidence(body))


def evidence(body: HypothesisBody) -> tuple[Span, ...]:
    """What fits an idea and what does not, each named even when nothing is written; at once when neither is."""
    if not (body.evidence_for or body.evidence_against):
        return (f" {discussion_wording.NOTHING_EITHER_WAY}",)
    spans: list[Span] = []
    for title, lines in (
        (decisions_wording.FITS, body.evidence_for),
        (decisions_wording.DOES_NOT_FIT, body.evidence_against),
    ):
        said = "; ".join(line.strip().rstrip(".") for line in lines)
        spans.append(f" {title}: {said or discussion_wording.NOTHING_WRITTEN}.")
    return tuple(spans)


def running_agreements(session: Session, discussion: Discussion, today: date) -> list[Block]:
    """The family's running agreements, with the day of review."""
    found = agreements.of_family(session, discussion.family_id, only_running=True)
    if not found:
        return []
    lines: list[tuple[Span, ...]] = []
    for agreement in found:
        body = agreements.words(session, agreement)
        review = f"; review {discussion_wording.date_words(agreement.review_on, today)}" if agreement.review_on else ""
        lines.append((body.focus, f" ({decisions_wording.AGREEMENT_STATUS[agreement.status]}{review})"))
    return [Bullets(title=discussion_wording.AGREEMENTS, items=tuple(lines))]


def key_dates(session: Session, discussion: Discussion, today: date) -> list[Block]:
    """The family's key dates, the next first."""
    rows = [
        (discussion_wording.DATE_NAMES.get(name, name.replace("_", " ").capitalize()), _date_line(name, on, today))
        for name, on in dates_of(session, discussion.family_id)
    ]
    return [say(Strong(text=discussion_wording.KEY_DATES)), Facts(rows=tuple(rows))] if rows else []


def _date_line(name: str, on: date, today: date) -> str:
    return (
        discussion_wording.overdue(on, today)
        if name in discussion_wording.COMING and on < today
        else discussion_wording.date_words(on, today)
    )


def dates_of(session: Session, family_id: str) -> list[tuple[str, date]]:
    """The family's key dates, soonest first."""
    family = session.get(Family, family_id)
    if family is None:
        return []
    body = families.body(session, family)
    found = [(name, on) for name, on in body.dates.items() if on is not None and name in discussion_wording.DATE_NAMES]
    court = _day(body.court.get("on")) if body.court else None
    if court is not None:
        found.append(("court", court))
    return sorted(found, key=lambda pair: pair[1])


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def last_seen(session: Session, discussion: Discussion, today: date) -> list[Block]:
    """When each child was last seen, alone or not, and by whom."""
    rows = seen_rows(session, discussion, today)
    return [say(Strong(text=discussion_wording.LAST_SEEN)), Facts(rows=rows)] if rows else []


def seen_rows(session: Session, discussion: Discussion, today: date) -> tuple[tuple[str, str], ...]:
    """Each born child by initials, and when it was last seen, by whom, and whether alone."""
    rows = []
    children = families.children(session, discussion.family_id)
    named = families.called(body for _, body in children)
    for child, body in children:
        if body.unborn:
            continue
        by = people.name_of(session, child.seen_by_id) if child.seen_by_id else ""
        line = discussion_wording.seen_words(child.last_seen_on, child.seen_alone_on, by, today)
        rows.append((named[body.key], line))
    return tuple(rows)


def clinical_view(session: Session, discussion: Discussion, today: date) -> list[Block]:
    """A clinical view is asked for in every family."""
    here = set(discussion.present)
    names = [person.name for person in people.clinicians(session, discussion.unit_id) if person.id in here]
    return [say(discussion_wording.clinical_view(names))] if names else []


DRAWN: dict[Part, Draw] = {
    "last_time": last_time,
    "last_seen": last_seen,
    "open_actions": open_actions,
    "ideas": ideas,
    "running_agreements": running_agreements,
    "key_dates": key_dates,
    "clinical_view": clinical_view,
}
