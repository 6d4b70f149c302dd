"""A family's timeline: what happened, newest first, with the pathway in words and what comes next."""

from __future__ import annotations

from handlers import reach
from handlers.clinical import position, work_card
from handlers.reach import note_read
from handlers.routes import button
from handlers.turn import Answer, Note, Turn
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Facts, Heading, Span, Strong, card
from prompts_and_forms.clinical import pathway
from prompts_and_forms.clinical import wording as clinical_wording
from prompts_and_forms.days import day_words
from prompts_and_forms.decisions import wording as decisions_wording
from prompts_and_forms.family import wording as family_wording
from prompts_and_forms.unit import wording as unit_wording
from storage.clinical import episodes
from storage.database.tables import Family
from storage.database.tables_clinical import Episode
from storage.family import families, timeline
from storage.family.timeline import Event

SIZE = 12
SHORT = 220
WAY = 12
"""States of the way so far that are named; what lies further back is on the older pages."""


@button("family.timeline", opens=True)
def show(turn: Turn) -> Answer:
    """One page of what happened with a family, newest first; the first page begins with how things are now."""
    family = reach.family(turn, turn.event.args.get("family"))
    try:
        number = max(int(turn.event.args.get("page") or 0), 0)
    except ValueError:
        number = 0
    note_read(turn, family, "timeline")
    events, older = timeline.page(turn.session, family.id, number, SIZE)
    blocks: list[Block] = [Heading(text=f"{families.label(turn.session, family, turn.unit)}: timeline")]
    if number == 0:
        blocks.append(Facts(rows=_now(turn, family)))
    lines: tuple[tuple[Span, ...], ...] = tuple(_line(one) for one in events)
    blocks.append(Bullets(items=lines or ((clinical_wording.NOTHING_HAPPENED,),)))
    blocks.append(_pages(family, number, older))
    return Note(card(family_wording.TIMELINE_OF.format(ref=families.body(turn.session, family).ref), *blocks))


def _now(turn: Turn, family: Family) -> tuple[tuple[str, str], ...]:
    """The pathway in words: the way so far, where it is, what comes next and whose turn it is."""
    episode = episodes.current(turn.session, family.id)
    state = pathway.state(episode.state if episode else pathway.FIRST)
    way = _way(turn, episode) if episode else ""
    return (
        *(((family_wording.WAY_SO_FAR, way),) if way else ()),
        (family_wording.CLINICAL_WORK_NOW, state.name),
        (family_wording.WHAT_COMES_NEXT, state.next),
        (family_wording.WHOSE_TURN, position.whose_turn(turn, turn.here(), episode)),
    )


def _way(turn: Turn, episode: Episode) -> str:
    """Each state once, in order, the one it is in now last, sessions as a number."""
    names = [pathway.state(state).name for state in episodes.way(turn.session, episode)]
    shown = ["…", *names[-WAY:]] if len(names) > WAY else names
    held = f" ({episode.sessions} sessions)" if episode.sessions else ""
    return " → ".join(shown) + held


def _line(one: Event) -> tuple[Span, ...]:
    text = f": {_short(one.text)}" if one.text.strip() else ""
    by = f", {one.by}" if one.by else ""
    return Strong(text=day_words.in_full(one.on)), f"  {_what(one)}{by}{text}"


def _what(one: Event) -> str:
    if one.what == "move":
        move = pathway.load().moves.get(one.code)
        label = move.label if move else unit_wording.plain(one.code)
        return f"{label} → {pathway.state(one.more).name.lower()}" if one.more else label
    if one.what == "discussion":
        return family_wording.DISCUSSED.format(kind=one.code) + (", stopped" if one.more == "stopped" else "")
    if one.what == "category":
        return family_wording.CATEGORY_THEN.format(category=unit_wording.category_words(one.code))
    if one.what == "list":
        return family_wording.BEFORE_A_LIST
    if one.what == "entry":
        return decisions_wording.KEPT.get(
            one.code, clinical_wording.KEPT.get(one.code, unit_wording.plain(one.code))
        ).capitalize()
    return clinical_wording.HAPPENED.get(
        (one.what, one.code), f"{one.what.capitalize()} {unit_wording.plain(one.code)}"
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1].rstrip()}…"


def _pages(family: Family, number: int, older: bool) -> Buttons:
    args = {"family": family.id}
    items = []
    if number:
        items.append(
            Button(action="family.timeline", label=family_wording.NEWER, args={**args, "page": str(number - 1)})
        )
    if older:
        items.append(
            Button(action="family.timeline", label=family_wording.OLDER, args={**args, "page": str(number + 1)})
        )
    items.append(Button(action="work.show", label=family_wording.CLINICAL_WORK, args=args))
    items.append(work_card.urgent_button(family))
    items.append(Button(action="family.documents", label=family_wording.DOCUMENTS, args=args))
    return Buttons(items=tuple(items))
