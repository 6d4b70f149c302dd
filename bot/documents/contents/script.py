"""The meeting's script on paper, with room to write, for the day the chat is down."""

from __future__ import annotations

from bot.documents.contents.agenda import contacts
from bot.documents.model import AnyPart, Blanks, Bullets, Document, Heading, Notice, Space, Table, line, say
from bot.documents.source import Source
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.meeting import agenda_rules, script
from prompts_and_forms.meeting.script import FULL, Stage

LINES = {FULL: 3, "light": 2}
"""Lines to write on in a stage."""
SAFETY = ("safety", "l_safety")
ACTIONS = ("roles", "l_actions")
SEEN_ROWS, SEEN_WIDTHS = 3, (28, 24, 28, 20)
ACTION_ROWS, ACTION_WIDTHS = 4, (46, 20, 16, 18)


def paper_script(source: Source, kind: str) -> Document:
    """Every stage with its questions, its rule and lines to write on; whom to call stands first."""
    length = agenda_rules.Settings.of(source.unit.settings).full_minutes
    parts: list[AnyPart] = [
        say(documents_wording.ON_PAPER, quiet=True),
        Blanks(labels=documents_wording.FRONT, columns=2),
        contacts(source),
    ]
    *before, last = script.stages(kind)
    for number, stage in enumerate(before, start=1):
        parts += [*_asked(number, stage, length), *_written(kind, stage)]
    parts += [
        *_asked(len(before) + 1, last, length),
        *_said(last),
        Blanks(labels=documents_wording.NEXT_LINES, columns=2),
    ]
    subject = documents_wording.of_unit(source.unit.name, source.today)
    return source.document(
        f"script-{kind}", documents_wording.SCRIPT[kind], parts, subject=subject, whole_sections=True
    )


def _asked(number: int, stage: Stage, length: int) -> list[AnyPart]:
    return [
        Heading(text=documents_wording.stage_title(number, stage.name, stage.planned(length))),
        say(stage.purpose, quiet=True),
        Bullets(items=tuple(line(prompt) for prompt in stage.prompts)),
    ]


def _written(kind: str, stage: Stage) -> list[AnyPart]:
    if stage.id in SAFETY:
        stop: list[AnyPart] = [
            Notice(title=documents_wording.STOP_BOX, lines=(stage.rule,)),
            Blanks(labels=documents_wording.STOP_LINES),
        ]
        return [*stop, _empty(documents_wording.SEEN_HEAD, SEEN_ROWS, SEEN_WIDTHS), _room(stage, LINES[kind])]
    if stage.id in ACTIONS:
        return [*_said(stage), _empty(documents_wording.ACTION_HEAD, ACTION_ROWS, ACTION_WIDTHS)]
    return [*_said(stage), _room(stage, LINES[kind])]


def _said(stage: Stage) -> list[AnyPart]:
    return [say(stage.rule, quiet=True)] if stage.rule.strip() else []


def _room(stage: Stage, lines: int) -> Space:
    return Space(label=f"{documents_wording.LEAVES}: {'; '.join(stage.leaves)}.", lines=lines)


def _empty(head: tuple[str, ...], count: int, widths: tuple[int, ...]) -> Table:
    return Table(head=head, rows=(("",) * len(head),) * count, widths=widths, tall=True)
