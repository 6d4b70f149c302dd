"""How a form that was saved is shown: its answers beside their questions, people by name."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import Any

from sqlmodel import Session

from handlers import remarks, safe_contact
from handlers.entries import lists
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Facts, Heading, Strong, card, say, small
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.forms import engine
from prompts_and_forms.forms import wording as forms_wording
from prompts_and_forms.forms.form import Question, QuestionKind
from storage.database.tables import Entry, Family
from storage.decisions import actions, agreements, hypotheses
from storage.family import families, genograms
from storage.forms import corrections, entries, published
from storage.unit import people

NOT_EDITED = (
    "hypothesis_status",
    "position",
    "reassign",
    "action_close",
    "carry_over",
    "agreement_noticed",
    "stop",
    "mistake",
)
"""A change that happened. Another change is made, the first stays."""


def entry_card(session: Session, entry: Entry, today: date) -> Card:
    """One record as a message: what was saved, by whom, and a button to put it right."""
    blocks: list[Block] = [
        say(Strong(text=decisions_wording.kept_title(entry.form))),
        *record_blocks(session, entry, today),
    ]
    if entry.discussion_id is not None:
        blocks += remarks.shown_in(session, entry.discussion_id, f"{remarks.IN_RECORD}{entry.id}")
    said = footer(session, entry)
    if said:
        blocks.append(small(said))
    pressed = buttons(session, entry)
    if pressed is not None:
        blocks.append(pressed)
    return card(notice(session, entry), *blocks)


def record_blocks(session: Session, entry: Entry, today: date) -> tuple[Block, ...]:
    """What was recorded, without who and when."""
    if entry.form == "hypothesis" and (idea := hypotheses.by_id(session, entry.subject_id or "")):
        return (*lists.one_hypothesis(session, idea), *_also(session, entry))
    if entry.form == "contract" and (agreement := agreements.by_id(session, entry.subject_id or "")):
        return (*lists.one_agreement(session, agreement), *_also(session, entry))
    if entry.form in ("action", "reassign", "action_close", "carry_over"):
        action = actions.by_id(session, entry.subject_id or "")
        if action is not None:
            note = str(entries.answers(session, entry).get("note") or "")
            said = (say(note),) if note.strip() else ()
            return (*lists.one_action(session, action, today), *said, *_also(session, entry))
    return answer_blocks(session, entry)


def answer_blocks(session: Session, entry: Entry) -> tuple[Block, ...]:
    """Every answer of an entry beside its question, whatever the form."""
    answers = entries.answers(session, entry)
    warnings = safe_contact_warnings(session, entry, answers)
    form = published.form_of(session, entry)
    blocks: list[Block] = []
    for section, step in zip_longest(form.sections, engine.parts(form)):
        shown = _blocks(session, entry, step.questions, answers)
        blocks += [*([Heading(text=section.title)] if section and shown else []), *shown]
    return (*warnings, *blocks, *_also(session, entry))


def _also(session: Session, entry: Entry) -> tuple[Block, ...]:
    """What was written in an earlier version of the form, under the question it was written for."""
    found = entries.orphaned_answers(session, entry)
    rows = tuple((decisions_wording.answer_label(one.label), one.text) for one in found)
    return (Heading(text=forms_wording.ALSO_WRITTEN), Facts(rows=rows)) if found else ()


def safe_contact_warnings(session: Session, entry: Entry, answers: dict[str, Any]) -> tuple[Block, ...]:
    """A planned contact, an address or a number never shows without the warning about it."""
    if entry.family_id is None:
        return ()
    if any(one.personal and answers.get(one.id) for one in published.form_of(session, entry).questions):
        return tuple(safe_contact.blocks(session, [entry.family_id]))
    if entry.form != "conversation":
        return ()
    planned = set(answers.get("with") or [])
    return tuple(safe_contact.blocks(session, [entry.family_id], only=planned))


def _blocks(session: Session, entry: Entry, questions: tuple[Question, ...], answers: dict[str, Any]) -> list[Block]:
    facts: list[tuple[str, str]] = []
    rest: list[Block] = []
    for question in questions:
        value = answers.get(question.id)
        if value is None or value == "" or value == []:
            continue
        if question.kind is QuestionKind.GROUP:
            rows = [value] if isinstance(value, dict) else value
            lines = tuple((_row_words(session, entry, question, row),) for row in rows)
            rest.append(Bullets(title=question.label, items=lines))
        elif question.kind is QuestionKind.LINES:
            rest.append(Bullets(title=question.label, items=tuple((str(line),) for line in value)))
        else:
            facts.append((decisions_wording.answer_label(question.label), value_words(session, entry, question, value)))
    return [*([Facts(rows=tuple(facts))] if facts else []), *rest]


def _row_words(session: Session, entry: Entry, group: Question, row: dict[str, Any]) -> str:
    """One row of a group in a line, its subject first."""
    parts: list[str] = []
    if group.per:
        subject = row.get(group.per.removeprefix("open_"))
        parts.append(subject_words(session, group.per, str(subject)))
    for question in group.questions:
        value = row.get(question.id)
        if value is not None and value != "" and value != []:
            parts.append(_in_row(question, value_words(session, entry, question, value)))
    line = ": ".join(parts[:2])
    for part in parts[2:]:
        ended = part.startswith("(") or line.endswith((".", "!", "?"))
        line += f"{'' if ended else ','} {part}"
    return line


def _in_row(question: Question, words: str) -> str:
    """A yes or no says what it answers: beside a day and a name it would not be understood."""
    return (
        f"({decisions_wording.answer_label(question.label)}: {words})"
        if question.kind is QuestionKind.YES_NO
        else words
    )


def subject_words(session: Session, per: str, subject: str) -> str:
    """What a repeated group of a form is about: an action in its own words, anything else by its key."""
    if per == "open_action":
        action = actions.by_id(session, subject)
        return actions.words(session, action).text if action else decisions_wording.UNKNOWN_THING
    return subject


def value_words(session: Session, entry: Entry, question: Question, value: Any) -> str:
    """One answer as people read it."""
    if isinstance(value, list | tuple):
        return ", ".join(value_words(session, entry, question, one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if question.kind in (QuestionKind.PERSON, QuestionKind.PEOPLE):
        return decisions_wording.OUTSIDE if text == "outside" else people.name_of(session, text)
    if question.kind is QuestionKind.DATE:
        return day_words.in_full(date.fromisoformat(text))
    if question.kind is QuestionKind.ACTION:
        return subject_words(session, "open_action", text)
    if question.kind is QuestionKind.HYPOTHESIS:
        idea = hypotheses.by_id(session, text)
        return hypotheses.words(session, idea).text if idea else decisions_wording.UNKNOWN_THING
    if question.kind in (QuestionKind.FAMILY, QuestionKind.FAMILIES):
        return families.label_of(session, text) if families.by_id(session, text) else decisions_wording.UNKNOWN_THING
    if question.kind is QuestionKind.DRAWN:
        return genograms.label_of(session, entry, text)
    if question.kind is QuestionKind.AGREEMENT:
        agreement = agreements.by_id(session, text)
        return agreements.words(session, agreement).focus if agreement else decisions_wording.UNKNOWN_THING
    return next((choice.label for choice in question.options if choice.value == text), text)


def footer(session: Session, entry: Entry) -> str:
    """Who recorded it, unless the record says so itself, and what became of it since."""
    by = decisions_wording.recorded_by(people.name_of(session, entry.recorded_by_id))
    parts = [] if entry.form == "hypothesis" else [by[:1].upper() + by[1:]]
    if entry.after_confirm:
        parts.append(decisions_wording.CHANGED_LATER)
    if entry.replaced_by_id:
        after = session.get(Entry, entry.replaced_by_id)
        out = after is not None and after.form == corrections.MISTAKE
        parts.append(decisions_wording.BY_MISTAKE if out else decisions_wording.WRITTEN_ANEW)
    return " ".join(f"{part.rstrip('.')}." for part in parts)


def notice(session: Session, entry: Entry) -> str:
    """What a notification says of a record."""
    family = session.get(Family, entry.family_id) if entry.family_id else None
    return decisions_wording.notice(families.body(session, family).ref if family else decisions_wording.THE_UNIT)


def buttons(session: Session, entry: Entry) -> Buttons | None:
    """What can be done about a record; None where nothing can."""
    if published.form_of(session, entry).signed_by:
        read = Button(action="form.read", label=clinical_wording.READ_AND_SIGN, args={"entry": entry.id})
        return Buttons(items=(read,))
    if entry.replaced_by_id or entry.form in NOT_EDITED:
        return None
    if entry.form == "hypothesis" and (idea := hypotheses.by_id(session, entry.subject_id or "")):
        return lists.hypothesis_buttons(idea, entry.discussion_id)
    if entry.form == "action" and (action := actions.by_id(session, entry.subject_id or "")):
        return lists.action_buttons(action, entry.discussion_id)
    if entry.form == "contract" and (agreement := agreements.by_id(session, entry.subject_id or "")):
        return lists.agreement_buttons(agreement, agreements.current(session, agreement), entry.discussion_id)
    correct = Button(action="entry.edit", label=decisions_wording.EDIT, args={"entry": entry.id})
    paper = Button(
        action="document.choose", label=documents_wording.AS_DOCUMENT, args={"what": "form", "row": entry.id}
    )
    if entry.form not in corrections.MAY_BE_TAKEN_OUT:
        return Buttons(items=(correct, paper))
    out = Button(action="entry.mistake", label=clinical_wording.BY_MISTAKE, args={"entry": entry.id})
    return Buttons(items=(correct, out, paper))
