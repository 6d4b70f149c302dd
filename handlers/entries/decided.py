"""What a discussion decided, in lines: for the read-back, and shorter still for the lead's list."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from handlers import safe_contact
from handlers.concern import challenged
from handlers.entries import lists, record_text
from handlers.entries.record_text import Page
from handlers.meeting import saved_words
from handlers.meeting.stages import stage_gaps, stage_opening
from prompts_and_forms.card import Block, Bullets, Span, Strong, small
from prompts_and_forms.decisions import record_wording
from prompts_and_forms.meeting import discussion_wording, saved_wording
from prompts_and_forms.meeting.gaps import Gap
from storage.database.tables import Discussion, Entry
from storage.decisions import hypotheses
from storage.forms import entries
from storage.unit import people


def decision_blocks(session: Session, discussion: Discussion, now: datetime) -> list[Block]:
    """What was decided: stopped or not, ideas, agreements, roles, actions, different views, next date, gaps."""
    page = record_text.page_of(session, discussion, now)
    warnings = safe_contact.blocks(session, [discussion.family_id])
    return [*warnings, *record_text.stopped(page), *_decisions_in_lines(page)]


def in_brief(session: Session, discussion: Discussion, now: datetime) -> Block:
    """The decisions in a few lines, for somebody who confirms several discussions."""
    page = record_text.page_of(session, discussion, now)
    lines: list[tuple[Span, ...]] = []
    if discussion.stopped_at is not None:
        lines.append((Strong(text=record_wording.STOPPED), record_text.after_stop(discussion)))
    lines += _safety(page)
    lines += [lists.action_spans(session, row, page.today) for row in record_text.new_actions(page)]
    ideas = (hypotheses.words(session, idea).text for idea in record_text.new_ideas(page))
    lines += [(record_wording.NEW_IDEA.format(text=text),) for text in ideas]
    lines += [(record_wording.JOINT_WORKING_AGREEMENT.format(focus=focus),) for focus in record_text.agreed(page)]
    for entry in page.of("disagreement"):
        lines.append((record_wording.DIFFERENT_VIEWS.format(about=entries.answers(session, entry).get("about", "")),))
    when = discussion_wording.next_words(discussion.next_on, discussion.next_kind)
    lines.append((record_wording.NEXT_DISCUSSION_IS.format(when=when),))
    codes = challenged.missing(session, discussion, page.today)
    if codes:
        gaps = (stage_gaps.in_words(session, discussion, Gap.read(code)) for code in codes)
        lines.append((f"{discussion_wording.MISSING}: {'; '.join(gaps)}",))
    return Bullets(items=tuple(lines))


def _decisions_in_lines(page: Page) -> list[Block]:
    """The same, a line each: the whole of it is in the record. Safety comes first, different views last, apart from
    the decisions.
    """
    session, found = page.session, page.discussion
    ideas = [*record_text.new_ideas(page), *record_text.changed_ideas(page)]
    lines = [_line(discussion_wording.AN_IDEA, *stage_opening.idea_line(session, idea)) for idea in ideas]
    agreed = record_text.touched(page)
    lines += [_line(saved_wording.AGREEMENT, lists.agreement_line(session, row)) for row in agreed]
    lines += [_line(saved_wording.ROLE, words) for words in record_text.roles_agreed(page)]
    new = record_text.new_actions(page)
    lines += [_line(saved_wording.ACTION, *record_text.action_line(page, row)) for row in new]
    lines += record_text.changed_actions(page)
    rest: list[Block] = []
    for entry in page.of("conversation", "stop_doing"):
        rest += record_text.entry_blocks(page, entry)
    if not lines and not rest:
        rest.append(small(discussion_wording.NO_DECISIONS))
    views = [_line(discussion_wording.DIFFERENT_VIEWS, _views_line(page, one)) for one in page.of("disagreement")]
    following = discussion_wording.next_words(found.next_on, found.next_kind)
    lines = [*_safety(page), *lines]
    lines += [*views, _line(discussion_wording.NEXT_DISCUSSION, following)]
    return [*rest, *record_text.measures(page), Bullets(items=tuple(lines)), *record_text.missing(page)]


def _safety(page: Page) -> list[tuple[Span, ...]]:
    """What was answered about each child's safety, as it is now."""
    return saved_words.lines(page.session, page.of("safety", "l_safety"))


def _line(what: str, *said: Span) -> tuple[Span, ...]:
    return (Strong(text=f"{what}: "), *said)


def _views_line(page: Page, entry: Entry) -> str:
    """What it is about and each view in its own words, nothing shortened and nothing blended."""
    said = entries.answers(page.session, entry)
    views = [
        saved_wording.quoted(people.name_of(page.session, row.get("who")), str(row.get("view") or ""))
        for row in said.get("views") or []
    ]
    about = [saved_wording.sentence(str(said.get(key) or "")) for key in ("about", "outcome", "until_then")]
    return " ".join(part for part in (about[0], *views, *about[1:]) if part)
