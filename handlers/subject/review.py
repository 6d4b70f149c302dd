"""Going through the lines of an answer before it is sent: what is about others or could harm is hidden, with why."""

from __future__ import annotations

from typing import Any

from handlers import reach
from handlers.forms.asking import ask, submits
from handlers.routes import button
from handlers.subject import lines
from handlers.subject.lines import Line
from handlers.subject.page import request_of
from handlers.turn import Answer, Done, Note, Refused, Turn, Wrong
from prompts_and_forms.card import Block, Bullets, Button, Buttons, Card, Choice, Heading, Menu, card, say
from prompts_and_forms.subject import wording
from storage.database.tables import Family
from storage.database.tables_machinery import Draft
from storage.database.tables_retention import SubjectMark, SubjectRequest
from storage.family import families
from storage.subject import requests

SIZE, SHORT, MENU = 12, 400, 60


@button("subject.lines", opens=True)
def show(turn: Turn) -> Answer:
    """A page of the lines, as they would be sent."""
    family, row = request_of(turn, turn.event.args.get("request"))
    asked = turn.event.args.get("page", "")
    return Note(_page(turn, family, row, int(asked) if asked.isascii() and asked.isdigit() else 0))


@button("subject.hide", opens=True)
def ask_mark(turn: Turn) -> Answer:
    """Asks which words, for what reason, and who decided."""
    family, row = request_of(turn, turn.event.args.get("request"))
    found, _record = _line(turn, family, row, turn.event.args.get("chosen", ""))
    args = {"request": row.id, "line": found.key, "page": turn.event.args.get("page", "0")}
    return ask(turn, "subject_mark", family_id=family.id, args=args, intro=(say(found.words[:SHORT]),))


@submits("subject_mark")
def keep_mark(turn: Turn, draft: Draft, answers: dict[str, Any]) -> Answer:
    """Hides the line, or the words, from now on."""
    family, row = request_of(turn, draft.args.get("request"))
    found, shown = _line(turn, family, row, draft.args.get("line", ""))
    words = str(answers.get("words") or "").strip()
    if words not in found.words:
        return Wrong({"words": wording.NOT_IN_LINE})
    requests.mark(
        turn.session, row, line=found.key, shown=shown, words=words, code=str(answers["code"]),
        why=str(answers["why"]).strip(), by_id=turn.actor().id, now=turn.now,
    )  # fmt: skip
    number = draft.args.get("page", "0")
    return Done(_page(turn, family, row, int(number) if number.isdigit() else 0))


@button("subject.unhide", opens=True)
def unmark(turn: Turn) -> Answer:
    """Shows a line again."""
    family, row = request_of(turn, turn.event.args.get("request"))
    made = turn.session.get(SubjectMark, turn.event.args.get("chosen", ""))
    if made is None or made.request_id != row.id or made.ended_at is not None:
        raise Refused(wording.NO_LINE)
    requests.unmark(turn.session, made, by_id=turn.actor().id, now=turn.now)
    return Note(_page(turn, family, row, 0))


def _line(turn: Turn, family: Family, row: SubjectRequest, key: str) -> tuple[Line, str]:
    """A line, and all words of its record."""
    found = lines.lines(turn.session, family, families.child_key(turn.session, row.child_id))
    line = next((one for one in found if one.key == key), None)
    if line is None:
        raise Refused(wording.NO_LINE)
    return line, lines.words_of(line.record, found)


def _page(turn: Turn, family: Family, row: SubjectRequest, number: int) -> Card:
    reach.note_read(turn, family)
    found = lines.lines(turn.session, family, families.child_key(turn.session, row.child_id))
    if not found:
        return card(wording.NOTICE, say(wording.EMPTY))
    pages = -(-len(found) // SIZE)
    number = min(number, pages - 1)
    shown = lines.hide(turn.session, row.id, found)[number * SIZE : (number + 1) * SIZE]
    blocks: list[Block] = [
        Heading(text=wording.heading(families.label(turn.session, family, turn.unit))),
        say(wording.page_of(number + 1, pages)),
        Bullets(items=tuple((_words(one),) for one in shown)),
    ]
    args = {"request": row.id, "family": family.id, "page": str(number)}
    choices = tuple(Choice(value=one.key, label=_short(one)) for one in shown)
    items: list[Button | Menu] = [Menu(action="subject.hide", label=wording.MARK, choices=choices, args=args)]
    keys = {one.key: one for one in shown}
    marked = [one for one in requests.marks(turn.session, row.id) if one.line in keys]
    if marked:
        again = tuple(Choice(value=one.id, label=_short(keys[one.line])) for one in marked)
        items.append(Menu(action="subject.unhide", label=wording.SHOW_AGAIN, choices=again, args=args))
    for label, other in ((wording.NEWER, number - 1), (wording.OLDER, number + 1)):
        if 0 <= other < pages:
            items.append(Button(action="subject.lines", label=label, args=args | {"page": str(other)}))
    return card(wording.NOTICE, *blocks, Buttons(items=tuple(items)))


def _words(one: Line) -> str:
    words = one.words if len(one.words) <= SHORT else f"{one.words[:SHORT]}…"
    return " · ".join(part for part in (one.at[:10], one.what, one.by, words) if part)


def _short(one: Line) -> str:
    words = " ".join(f"{one.at[:10]} {one.words}".split())
    return words if len(words) <= MENU else f"{words[: MENU - 1]}…"
