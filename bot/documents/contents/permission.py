"""The permission to share, as a paper to give to a family: explained first, then ticked and signed by hand."""

from __future__ import annotations

from bot.documents.model import (
    AnyPart,
    Blanks,
    Bullets,
    Document,
    Heading,
    NewPage,
    Notice,
    Signatures,
    Space,
    line,
    say,
)
from bot.documents.source import Source
from prompts_and_forms.documents import permission as permission_wording
from prompts_and_forms.documents.permission import Reader, Section
from prompts_and_forms.forms.catalogue import load_form

FORM, WITH_WHOM, OTHER = "permission_to_share", "scope", "other"
MAY, MUST_NOT = 1, 2
"""Lines to write on."""


def permission(source: Source, family_id: str, reader: str) -> Document:
    """The whole explanation and the lines to sign; `reader` is carers or young.

    No safe-contact warning stands on it: everybody in the family may come to see it.
    """
    told = permission_wording.READERS[reader]
    parts: list[AnyPart] = [say(told.first)]
    for section in told.sections:
        parts += _section(section)
    parts += [*_choices(told), *_signing(told)]
    return source.document(
        f"permission-{reader}", permission_wording.TITLE, parts, subject=told.subtitle, family_id=family_id
    )


def _section(section: Section) -> list[AnyPart]:
    if section.framed:
        return [Notice(title=section.title, lines=section.text)]
    points = [Bullets(items=tuple(line(one) for one in section.points))] if section.points else []
    return [Heading(text=section.title), *(say(one) for one in section.text), *points]


def _choices(told: Reader) -> list[AnyPart]:
    asked = next(one for one in load_form(FORM).questions if one.id == WITH_WHOM)
    plain = permission_wording.IN_PLAIN_WORDS
    named = [line(plain.get(one.value, one.label)) for one in asked.options if one.value != OTHER]
    may, must_not = told.limits
    return [
        NewPage(),
        Heading(text=told.agree),
        Blanks(labels=told.about, columns=2),
        Bullets(title=told.agree_how, items=(*named, line(permission_wording.SOMEBODY_ELSE)), ticks=True),
        Space(lines=MAY),
        Space(label=may, lines=MAY),
        Space(label=must_not, lines=MUST_NOT),
    ]


def _signing(told: Reader) -> list[AnyPart]:
    return [
        Bullets(title=permission_wording.UNDERSTOOD, items=tuple(line(one) for one in told.understood), ticks=True),
        Heading(text=permission_wording.SIGNATURES),
        Signatures(rows=tuple((who, "", "", "") for who in told.signs)),
        Heading(text=permission_wording.COPY),
        Blanks(labels=permission_wording.COPY_LINES, columns=2),
    ]
