"""The Home tab: what needs me first, my units, what I have to do, and what I began to write."""

from __future__ import annotations

from dataclasses import replace

from handlers.forms import asking
from handlers.home import unit_blocks, your_units
from handlers.meeting import finish
from handlers.nudges import pressing
from handlers.routes import button, on
from handlers.turn import Answer, EventKind, HomeView, Turn
from prompts_and_forms.card import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Choice,
    Divider,
    Menu,
    Strong,
    card,
    say,
    small,
)
from prompts_and_forms.days import day_words
from prompts_and_forms.home import room
from prompts_and_forms.home import wording as home_wording
from prompts_and_forms.unit import wording as unit_wording
from storage.database.audit import audit
from storage.database.tables import Membership, Person, Unit
from storage.database.tables_machinery import Draft
from storage.family import families
from storage.forms import drafts, published
from storage.nudges import unreached
from storage.unit import people, units

WHOLE_UNITS = 2
"""So many units are shown whole; of more each has a line, and the rest behind a button."""
MOST, MOST_OF_TWO = 8, 3
MOST_DRAFTS = 10
DRAFTS_IN_A_MENU = 100


@on(EventKind.HOME)
def home(turn: Turn) -> Answer:
    """The tab of whoever opened it."""
    return HomeView(home_card(turn))


def home_card(turn: Turn) -> Card:
    """For one person: only units they are in now. It fits the platform, whatever they have to do."""
    person = turn.person
    if person is None:
        return card(home_wording.HOME, say(unit_wording.HOME_STRANGER))
    mine = people.units_of(turn.session, person.id)
    if not mine:
        return card(home_wording.HOME, say(unit_wording.HOME_NO_UNIT))
    begun = _drafts(turn, person, [unit for _place, unit in mine])
    parts = _whole(turn, person, mine) if len(mine) <= WHOLE_UNITS else _in_lines(turn, person, mine)
    if unreached.unsure(turn.session, person.id, turn.now):
        parts = [[say(home_wording.MAY_NOT_HAVE_ARRIVED)], *parts]
    return card(home_wording.HOME, *room.fitted(parts, begun, [small(home_wording.MORE_THAN_FITS)]))


def _whole(turn: Turn, person: Person, mine: list[tuple[Membership, Unit]]) -> list[list[Block]]:
    parts = (
        [your_units.blocks(turn, person, mine)] if any(people.is_manager(membership) for membership, _ in mine) else []
    )
    for membership, unit in mine:
        parts += [
            *unit_blocks.of_unit(turn, person, membership, unit, MOST if len(mine) == 1 else MOST_OF_TWO),
            [Divider()],
        ]
    return parts


def _in_lines(turn: Turn, person: Person, mine: list[tuple[Membership, Unit]]) -> list[list[Block]]:
    """What needs me in any of them, then a line a unit."""
    for _place, unit in mine:
        audit(turn.session, at=turn.now, what="home", row=unit, person_id=person.id, unit_id=unit.id)
    due = pressing.home_blocks(turn, person, mine, MOST)
    return [
        due or [say(home_wording.NOTHING_NEEDS_YOU)],
        [Divider()],
        your_units.blocks(turn, person, mine),
        [Divider()],
    ]


@button("home.confirm")
def confirm_here(turn: Turn) -> Answer:
    """The same yes as in the thread; the tab is drawn anew."""
    finish.confirm(turn)
    return HomeView(home_card(turn))


# ---- my drafts


def _drafts(turn: Turn, person: Person, mine: list[Unit]) -> list[Block]:
    """Forms begun and not saved; none of a unit the person has left."""
    ids = {unit.id for unit in mine}
    found = [one for one in drafts.drafts_of(turn.session, person.id) if one.unit_id is None or one.unit_id in ids]
    if not found:
        return [small(home_wording.NO_DRAFTS)]
    blocks: list[Block] = [say(Strong(text=home_wording.MY_DRAFTS))]
    for draft in found[:MOST_DRAFTS]:
        args = {"draft": draft.id}
        title = draft_words(turn, draft)
        resume = Button(action="form.resume", label=home_wording.GO_ON_WRITING, args=args, about=title)
        away = Button(action="form.discard", label=home_wording.PUT_AWAY, args=args, about=title)
        blocks += [say(title), Buttons(items=(resume, away))]
    return [*blocks, *_other_drafts(turn, found[MOST_DRAFTS:])]


@button("home.draft", opens=True)
def resume_older(turn: Turn) -> Answer:
    """A form begun a while ago, where it was left."""
    chosen = turn.event.args.get("chosen", "")
    turn.event = replace(turn.event, name="form.resume", args={"draft": chosen})
    return asking.resume(turn)


def _other_drafts(turn: Turn, found: list[Draft]) -> list[Block]:
    """The older ones, each in a line, with a menu that opens it: nothing anybody wrote is out of reach."""
    if not found:
        return []
    titles = {draft.id: f"{number}. {draft_words(turn, draft)}" for number, draft in enumerate(found, start=1)}
    choices = tuple(Choice(value=draft_id, label=title) for draft_id, title in titles.items())
    menus = tuple(
        Menu(action="home.draft", label=home_wording.OTHER_DRAFTS, choices=choices[start : start + DRAFTS_IN_A_MENU])
        for start in range(0, len(choices), DRAFTS_IN_A_MENU)
    )
    lines = tuple((title,) for title in titles.values())
    return [Bullets(title=home_wording.OTHER_DRAFTS, items=lines), Buttons(items=menus)]


def draft_words(turn: Turn, draft: Draft) -> str:
    """One line for a form that was begun: its title, the family, the day."""
    family = families.by_id(turn.session, draft.family_id)
    unit = units.by_id(turn.session, family.unit_id) if family else None
    about = f", {families.label(turn.session, family, unit)}" if family else ""
    title = published.form_of(turn.session, draft).title
    return home_wording.DRAFT_BEGUN.format(
        title=title, about=about, day=day_words.with_weekday(draft.made_at.astimezone(turn.zone(unit)).date())
    )
