"""A record in a family's thread: what was saved in a line or two, and all of it one press away."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from handlers import reach, remarks
from handlers.entries import show
from handlers.meeting import saved_words
from handlers.meeting.stages import stage_opening
from handlers.render import Rendering, renders
from handlers.routes import button
from handlers.turn import Answer, Turn, Window
from prompts_and_forms.card import Block, Button, Buttons, Card, Menu, Span, Strong, Text, card, small
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.meeting import discussion_wording, saved_wording
from storage.database.tables import Entry, Unit
from storage.decisions import hypotheses
from storage.forms import entries
from storage.unit import people, units


@renders("entry:{entry_id}")
def entry_message(view: Rendering, entry_id: str) -> Card | None:
    """What stands in the thread: short where the talk goes on below it, whole where it is about a child's safety."""
    entry = view.session.get(Entry, entry_id)
    if entry is None:
        return None
    unit = view.session.get(Unit, entry.unit_id)
    today = view.now.astimezone(units.zone(unit)).date()
    if entry.discussion_id is None or not _is_short(view.session, entry):
        return show.entry_card(view.session, entry, today)
    return _in_short(view.session, entry, today)


def _is_short(session: Session, entry: Entry) -> bool:
    """Whether a line says enough; what stops a discussion is never shortened."""
    answers = entries.answers(session, entry)
    stops = answers.get("immediate_concern") or answers.get("manager_needed_today")
    more = entries.orphaned_answers(session, entry)
    return entry.form in saved_words.SAID and not stops and not more


def _in_short(session: Session, entry: Entry, today: date) -> Card:
    blocks: list[Block] = [Text(spans=_line(session, entry))]
    blocks += show.safe_contact_warnings(session, entry, entries.answers(session, entry))
    asked: list[Button | Menu] = []
    for block in remarks.shown_in(session, entry.discussion_id or "", f"{remarks.IN_RECORD}{entry.id}"):
        if isinstance(block, Buttons):
            asked += block.items
        else:
            blocks.append(block)
    if entry.replaced_by_id or entry.after_confirm:
        blocks.append(small(show.footer(session, entry)))
    return card(show.notice(session, entry), *blocks, Buttons(items=(*asked, *_buttons(session, entry))))


def _line(session: Session, entry: Entry) -> tuple[Span, ...]:
    """An idea never travels without its author, date and status, and what fits and does not fit."""
    idea = hypotheses.by_id(session, entry.subject_id or "") if entry.form == "hypothesis" else None
    if idea is not None:
        return (Strong(text=f"{saved_wording.IDEA}: "), *stage_opening.idea_line(session, idea))
    who = saved_wording.signed(people.name_of(session, entry.recorded_by_id))
    return (*saved_words.line(session, entry), f" {who}")


def _buttons(session: Session, entry: Entry) -> list[Button]:
    """What there is to confirm, the way to correct it, and all of it."""
    whole = show.buttons(session, entry)
    near = [one for one in (whole.items if whole else ()) if isinstance(one, Button) and _is_near(one)]
    title = decisions_wording.kept_title(entry.form)
    see = Button(action="entry.show", label=discussion_wording.SHOW, args={"entry": entry.id}, about=title)
    return [*near, see]


def _is_near(one: Button) -> bool:
    return one.style == "primary" or one.action.endswith(".edit")


@button("entry.show", opens=True)
def show_record(turn: Turn) -> Answer:
    """The whole record with everything that can be done about it, for the person who asked."""
    entry = turn.session.get(Entry, turn.event.args.get("entry", ""))
    reach.family(turn, entry.family_id if entry else None)
    assert entry is not None
    return Window(discussion_wording.SAVED_TITLE, show.entry_card(turn.session, entry, turn.today()))
