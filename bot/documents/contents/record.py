"""The written record of one family's discussion."""

from __future__ import annotations

from collections.abc import Iterable

from bot.documents.contents import from_cards
from bot.documents.contents.short_names import explained
from bot.documents.model import AnyPart, Document, Facts, Heading, Notice, Table, say
from bot.documents.source import Source
from handlers.entries import lists, record_text
from prompts_and_forms.card import Block, Bullets
from prompts_and_forms.decisions.wording import day_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.meeting import discussion_wording
from storage.database.tables import Action, Discussion
from storage.decisions import actions
from storage.family import families
from storage.meeting import discussions, meetings
from storage.unit import people

ACTION_WIDTHS = (30, 12, 14, 22, 22)


def record(source: Source, discussion: Discussion) -> Document:
    """What was kept, in the words of the record, with what must be seen first in front of it."""
    ref = source.ref(discussion.family_id)
    day = meetings.get(source.session, discussion.meeting_id).day
    blocks = record_text.record_blocks(source.session, discussion, source.now)
    told = list(_parts(source, discussion, blocks))
    names = explained(source.session, discussion.family_id, told)
    return source.document(
        "meeting-record",
        documents_wording.RECORD,
        [*told[:1], *_state(discussion), *_warnings(source, discussion), *names, *told[1:]],
        subject=f"{documents_wording.of_family(ref)}, {documents_wording.of_unit(source.unit.name, day)}",
    )


def _state(discussion: Discussion) -> list[AnyPart]:
    if discussion.state in discussions.STILL_TALKING:
        return [say(documents_wording.STILL_OPEN)]
    return [] if discussion.confirmed_at else [say(documents_wording.AWAITS)]


def _warnings(source: Source, discussion: Discussion) -> list[AnyPart]:
    lines = families.safe_contact_warnings(source.session, discussion.family_id)
    return [Notice(title=documents_wording.SAFE_CONTACT, lines=tuple(lines))] if lines else []


def _parts(source: Source, discussion: Discussion, blocks: Iterable[Block]) -> Iterable[AnyPart]:
    """The record's blocks; new actions as a table, days with their year, no heading said twice."""
    section = ""
    for block in blocks:
        if isinstance(block, Bullets) and block.title == discussion_wording.NEW_ACTIONS:
            yield Heading(text=block.title, level=2)
            yield _actions(source, actions.made_in(source.session, discussion.id))
            continue
        for part in from_cards.parts([block]):
            if isinstance(part, Heading):
                yield _not_twice(part, section)
                section = part.text if part.level == 1 else section
            else:
                yield _with_years(source, discussion, part) if isinstance(part, Facts) else part


def _not_twice(heading: Heading, section: str) -> Heading:
    same = heading.level > 1 and heading.text == section
    return heading.model_copy(update={"text": documents_wording.RECORDED}) if same else heading


def _with_years(source: Source, discussion: Discussion, facts: Facts) -> Facts:
    rows = []
    for label, value in facts.rows:
        if label == discussion_wording.NEXT_DISCUSSION and discussion.next_on:
            kind = discussion_wording.KIND.get(discussion.next_kind or "", "full or light")
            value = f"{day_words(discussion.next_on)}, {kind}"
        elif label == "Confirmed" and discussion.confirmed_at:
            who = people.name_of(source.session, discussion.confirmed_by_id)
            value = f"{who}, {documents_wording.when_words(source.at(discussion.confirmed_at))}"
        elif label == "Copied" and discussion.copied_at:
            who = people.name_of(source.session, discussion.copied_by_id)
            value = f"{who}, {documents_wording.when_words(source.at(discussion.copied_at))}"
        rows.append((label, value))
    return Facts(rows=tuple(rows))


def _actions(source: Source, made: Iterable[Action]) -> Table:
    rows = tuple(_action(source, one) for one in made)
    return Table(
        head=documents_wording.ACTIONS_HEAD, rows=rows, widths=ACTION_WIDTHS, words=discussion_wording.NEW_ACTIONS
    )


def _action(source: Source, action: Action) -> tuple[str, ...]:
    body = actions.words(source.session, action)
    return (
        body.text,
        lists.owner_words(source.session, action),
        day_words(action.due_on) if action.due_on else documents_wording.NOT_SET,
        lists.outcome_words(source.session, action.family_id, action.plan_outcome),
        body.how_we_know,
    )
