"""A family's genogram as a document of its own, and as a picture in others."""

from __future__ import annotations

from datetime import datetime

from bot.documents.formats.genogram_svg import Drawing, drawing
from bot.documents.model import ROOM, AnyPart, Bullets, Document, Heading, Picture, line, say
from bot.documents.source import Source
from bot.documents.trouble import DocumentTrouble
from prompts_and_forms.days import day_words
from prompts_and_forms.documents import wording as documents_wording
from prompts_and_forms.genogram import wording as genogram_wording
from prompts_and_forms.genogram.genogram import alt_text, sentences
from storage.database.tables import Entry
from storage.family import genograms
from storage.family.genograms import Drawn
from storage.unit import people

ALT_LIMIT = 1000
"""Characters of words behind a picture that chat takes with an upload."""
TURNED_FROM = 1.25
"""A picture this much wider than a page is turned on its side."""


def genogram_document(source: Source, entry: Entry) -> Document:
    """The picture an entry belongs to, its words, who drew it and when. Raises DocumentTrouble."""
    drawn = genograms.of_entry(source.session, entry)
    if drawn is None:
        raise DocumentTrouble(documents_wording.GONE)
    newest = drawn.newest
    by = genogram_wording.drawn_by(
        people.name_of(source.session, newest.recorded_by_id), _day(source, newest.recorded_at)
    )
    shown = picture(source, drawn)
    told: list[AnyPart] = [
        Heading(text=genogram_wording.IN_WORDS),
        Bullets(items=tuple(line(one) for one in sentences(drawn.genogram))),
        say(f"{by}.", quiet=True),
        *([say(genogram_wording.NEWER, quiet=True)] if drawn.people.replaced_by_id else []),
    ]
    parts = [*told, shown] if shown.wide else [shown, *told]
    return source.document(
        "genogram",
        genogram_wording.TITLE,
        parts,
        family_id=entry.family_id,
        on=source.at(newest.recorded_at).date(),
        by=source.name(newest.recorded_by_id),
    )


def picture(source: Source, drawn: Drawn) -> Picture:
    """The drawing with its words; its foot carries the marking, since a picture is easily passed on alone."""
    day = _day(source, drawn.newest.recorded_at)
    made: Drawing = drawing(
        drawn.genogram, genogram_wording.foot(source.marking, source.ref(drawn.people.family_id), day)
    )
    return Picture(
        svg=made.svg,
        width=made.width,
        height=made.height,
        alt=alt_text(drawn.genogram),
        short=alt_text(drawn.genogram, ALT_LIMIT),
        caption=genogram_wording.caption(day),
        wide=made.width > ROOM[0] * TURNED_FROM and made.width > made.height,
    )


def kept_then(source: Source, family_id: str, when: datetime | None) -> Picture | None:
    """The family's genogram as it was at a moment, or as it is now; None where there was none."""
    session = source.session
    drawn = genograms.as_of(session, family_id, when) if when else genograms.current(session, family_id)
    return picture(source, drawn) if drawn else None


def _day(source: Source, at: datetime) -> str:
    return day_words.in_full(source.at(at).date())
