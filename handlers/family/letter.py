"""A letter to a family: its lines come from an agreement or a meeting's decisions, and a person chooses and signs."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from handlers import documents, reach
from handlers.entries import recording
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Chosen,
    Heading,
    Menu,
    card,
    say,
    small,
)
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.documents import letter as wording
from prompts_and_forms.documents import plain_english
from prompts_and_forms.forms.catalogue import load_form
from storage.database.tables import Agreement, Discussion, Entry, Family
from storage.database.tables_machinery import Draft
from storage.decisions import actions, agreements, hypotheses
from storage.family import families, letters
from storage.forms import entries
from storage.unit import people

MOST = 12
"""Agreements and meetings to choose from."""
SHORT = 60


@button("family.letter", opens=True)
def begin(turn: Turn) -> Answer:
    """To whom, and about which agreement or meeting; with the letters there are."""
    family = reach.family(turn, turn.event.args.get("family"))
    reach.note_read(turn, family)
    args, sources = {"family": family.id}, _sources(turn, family)
    items = [
        Menu(action="letter.carers", label=wording.TO_CARERS, choices=sources, args=args),
        Menu(action="letter.young", label=wording.TO_YOUNG, choices=sources, args=args),
    ]
    items = items if sources else []
    written = tuple(Choice(value=one.id, label=_name(turn, one)) for one in letters.of_family(turn.session, family.id))
    if written:
        items.append(Menu(action="letter.show", label=wording.EARLIER, choices=written[: documents.MOST], args=args))
    first = say(wording.FROM_WHAT if sources else wording.NOTHING_YET)
    return Note(card(wording.NOTICE, first, *([Buttons(items=tuple(items))] if items else [])))


def _sources(turn: Turn, family: Family) -> tuple[Choice, ...]:
    session = turn.session
    agreed = [
        Choice(
            value=Chosen("agreement", one.id).value, label=wording.AGREEMENT.format(focus=_short(_focus(session, one)))
        )
        for one in agreements.of_family(session, family.id, only_running=True)
    ]
    met = [
        Choice(value=Chosen("discussion", talk.id).value, label=wording.MEETING.format(day=day_words.in_full(day)))
        for talk, day in letters.with_decisions(session, family.id, MOST)
    ]
    return (*agreed[:MOST], *met)


def _focus(session: Session, one: Agreement) -> str:
    return agreements.words(session, one).focus


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else line[: SHORT - 3].rstrip() + "..."


def _name(turn: Turn, one: Entry) -> str:
    day = one.recorded_at.astimezone(turn.zone()).date()
    return f"{day_words.in_full(day)}: {load_form(one.form).title}, {wording.SUBJECT[one.form]}"


@button("letter.carers", opens=True)
def to_carers(turn: Turn) -> Answer:
    """The form of a letter to parents or carers, with the lines there are."""
    return _ask(turn, "letter")


@button("letter.young", opens=True)
def to_young(turn: Turn) -> Answer:
    """The shorter one, to a child or young person."""
    return _ask(turn, "letter_young")


def _ask(turn: Turn, form: str) -> Answer:
    family = reach.family(turn, turn.event.args.get("family"))
    chosen = Chosen.read(turn.event.args.get("chosen", ""))
    agreed = turn.session.get(Agreement, chosen.row) if chosen.what == "agreement" else None
    talk = turn.session.get(Discussion, chosen.row) if chosen.what == "discussion" else None
    if agreed is not None and agreed.family_id == family.id:
        found, next_on = _of_agreement(turn.session, agreed), agreed.review_on
    elif talk is not None and talk.family_id == family.id:
        found, next_on = _of_meeting(turn.session, talk), talk.next_on
    else:
        raise Refused(decisions_wording.GONE)
    most = next(one.most for one in load_form(form).questions if one.id == "lines")
    known: dict[str, Any] = {"lines": found[:most]}
    if next_on is not None and next_on >= turn.today():
        known["next_on"] = next_on.isoformat()
    return ask(turn, form, family_id=family.id, answers=known, args={"source": chosen.row})


def _of_agreement(session: Session, row: Agreement) -> list[str]:
    """The change that is worked for, who does what, what each session is for, and when it is looked at again."""
    body = agreements.words(session, row)
    does = [(people.name_of(session, one.get("member")), str(one.get("does") or "")) for one in body.roles]
    lines = [body.focus, *(wording.agreed_line(who, what, None) for who, what in does if what.strip())]
    lines += [body.each_session] if body.each_session.strip() else []
    return [*lines, *([wording.review_line(row.review_on)] if row.review_on else [])]


def _of_meeting(session: Session, row: Discussion) -> list[str]:
    """What was agreed with the family then, and what somebody took on to do."""
    lines = [_focus(session, one) for one in agreements.offered_in(session, row.id)]
    for one in actions.made_in(session, row.id):
        owner = actions.owner_of(one)
        who = decisions_wording.OUTSIDE if owner == actions.OUTSIDE else people.name_of(session, owner)
        lines.append(wording.agreed_line(who, actions.words(session, one).text, one.due_on))
    return lines


# ---- written


@submits("letter")
def keep(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The letter as it was written, ready to print; how it reads is said beside it."""
    reach.family(turn, draft.family_id)
    if not recording.lines_of(answers, "lines"):
        return Wrong({"lines": wording.EMPTY})
    old = recording.replaced(turn, draft)
    subject = old.subject_id if old else draft.args.get("source")
    return Done(letter_card(turn, recording.keep(turn, draft, answers, subject_id=subject)))


@submits("letter_young")
def keep_young(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """The same of a letter to a child or young person."""
    return keep(turn, draft, answers)


@button("letter.show", opens=True)
def show(turn: Turn) -> Answer:
    """A letter, how it reads, and who has it."""
    return Note(letter_card(turn, _letter(turn, turn.event.args.get("chosen") or turn.event.args.get("letter"))))


def _letter(turn: Turn, letter_id: str | None) -> Entry:
    entry = turn.session.get(Entry, letter_id or "")
    if entry is None or entry.form not in letters.FORMS:
        raise Refused(decisions_wording.GONE)
    reach.note_read(turn, reach.family(turn, entry.family_id))
    return entries.newest_of(turn.session, entry)


def letter_card(turn: Turn, entry: Entry) -> Card:
    """What it says, how hard that is to read, and what can be done with it."""
    session, told = turn.session, wording.READERS[entry.form]
    answers = entries.answers(session, entry)
    lines = recording.lines_of(answers, "lines")
    own, idea = recording.text_of(answers, "own_words"), _idea(session, answers)
    found = plain_english.reading([*lines, *([idea] if idea else []), *own.splitlines()])
    blocks: list[Block] = [
        Heading(text=f"{told.title}, {wording.SUBJECT[entry.form]}"),
        Bullets(items=tuple((one,) for one in lines)),
    ]
    blocks += [say(f"{told.idea}: {idea}")] if idea else []
    blocks += [say(own)] if own.strip() else []
    blocks.append(say(wording.reads(found, told.age)))
    if found.long:
        blocks.append(Bullets(title=wording.LONG, items=tuple((one,) for one in found.long[:5])))
    if found.jargon:
        said = tuple((f"{word}: {plain}",) for word, plain in found.jargon)
        blocks.append(Bullets(title=wording.TRADE, items=said))
    given = given_lines(turn, entry)
    blocks.append(
        Bullets(title=wording.GIVEN, items=tuple((one,) for one in given)) if given else small(wording.NOBODY_HAS_IT)
    )
    family_id = entry.family_id or ""
    items = (
        *documents.buttons("letter", entry.id, family=family_id),
        Button(action="entry.edit", label=wording.EDIT, args={"entry": entry.id}),
        Button(action="letter.given", label=wording.WHO_HAS_IT, args={"family": family_id, "letter": entry.id}),
    )
    return card(wording.NOTICE, *blocks, Buttons(items=items))


def _idea(session: Session, answers: dict[str, Any]) -> str:
    idea = hypotheses.by_id(session, recording.text_of(answers, "idea"))
    return hypotheses.words(session, idea).text if idea else ""


# ---- who has it


@button("letter.given", opens=True)
def ask_given(turn: Turn) -> Answer:
    """The form that says who was given it, and how."""
    entry = _letter(turn, turn.event.args.get("letter"))
    today = turn.today().isoformat()
    return ask(turn, "letter_given", family_id=entry.family_id, answers={"on": today}, args={"letter": entry.id})


@submits("letter_given")
def keep_given(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Who has it, how and since when, with the letter from now on."""
    entry = _letter(turn, draft.args.get("letter"))
    recording.keep(turn, draft, answers, subject_id=letters.first_of(turn.session, entry).id)
    return Done(letter_card(turn, entry))


def given_lines(turn: Turn, entry: Entry) -> list[str]:
    """Everybody who was given this letter, in any version of it, oldest first."""
    session, first = turn.session, letters.first_of(turn.session, entry)
    family_id = entry.family_id or ""
    named = families.called([body for _row, body in families.carers(session, family_id, include_gone=True)])
    named |= families.called([body for _row, body in families.children(session, family_id, include_gone=True)])
    ways = next(one.options for one in load_form("letter_given").questions if one.id == "how")
    how = {one.value: one.label for one in ways}
    found = []
    for one in entries.about(session, "letter_given", first.id):
        said = entries.answers(session, one)
        whom = [named.get(str(key), str(key)) for key in said.get("whom") or []]
        by, on = people.name_of(session, one.recorded_by_id), date.fromisoformat(str(said["on"]))
        way = how.get(str(said.get("how")), "")
        found.append(wording.given_line(whom, way[:1].lower() + way[1:], on, by, str(said.get("note") or "")))
    return found
