"""A letter to a family: the lines a worker chose, a few plain sentences around them, and room to sign."""

from __future__ import annotations

from datetime import date

from bot.documents.model import AnyPart, Blanks, Bullets, Document, Heading, line, say
from bot.documents.source import Source
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import letter as wording
from prompts_and_forms.unit import wording as unit_wording
from storage.database.tables import Entry
from storage.decisions import hypotheses
from storage.forms import entries
from storage.unit import people


def letter(source: Source, entry: Entry) -> Document:
    """No safe-contact warning stands on it, and no idea that nobody chose: the family reads it."""
    told, answers = wording.READERS[entry.form], entries.answers(source.session, entry)
    lines = tuple(line(str(one)) for one in answers.get("lines") or [] if str(one).strip())
    parts: list[AnyPart] = [Blanks(labels=wording.DEAR), say(told.first), Bullets(items=lines)]
    idea = hypotheses.by_id(source.session, str(answers.get("idea") or ""))
    if idea is not None:
        parts += [Heading(text=told.idea), say(hypotheses.words(source.session, idea).text), say(told.idea_is)]
    parts += [say(one) for one in str(answers.get("own_words") or "").splitlines() if one.strip()]
    if answers.get("next_on"):
        day = day_words.with_weekday(date.fromisoformat(str(answers["next_on"])))
        parts.append(say(told.next.format(day=day)))
    parts += [
        say(told.say_so),
        Blanks(labels=wording.SIGNED),
        say(_writer(source, entry)),
        Blanks(labels=wording.PHONE),
    ]
    return source.document(
        f"letter-{'young' if entry.form == 'letter_young' else 'carers'}",
        told.title,
        parts,
        subject=wording.SUBJECT[entry.form],
        family_id=entry.family_id,
        on=source.at(entry.recorded_at).date(),
        by=source.name(entry.recorded_by_id),
    )


def _writer(source: Source, entry: Entry) -> str:
    """Who wrote it, signs it by hand and can be asked: name, part and unit."""
    membership = people.membership(source.session, source.unit.id, entry.recorded_by_id)
    part = unit_wording.roles_words(membership.roles) if membership else ""
    return ", ".join(one for one in (source.name(entry.recorded_by_id), part, source.unit.name) if one)
