"""Every family of one meeting in one document, each on pages of its own, to copy to the case files."""

from __future__ import annotations

from bot.documents.bundle import section
from bot.documents.contents.record import record
from bot.documents.model import AnyPart, Contents, Document, Heading
from bot.documents.source import Source
from bot.documents.trouble import DocumentTrouble
from handlers.afterwards import copies
from prompts_and_forms.documents import wording as documents_wording
from storage.database.tables import Meeting


def records(source: Source, meeting_id: str) -> Document:
    """Raises DocumentTrouble for a meeting of another unit, and for one that left nothing to copy."""
    meeting = source.session.get(Meeting, meeting_id)
    if meeting is None or meeting.unit_id != source.unit.id:
        raise DocumentTrouble(documents_wording.GONE)
    papers = [record(source, one) for one in copies.to_copy(source.session, meeting.id)]
    if not papers:
        raise DocumentTrouble(documents_wording.NOTHING_TO_COPY)
    sections: list[AnyPart] = [part for one in papers for part in section(one, one.said_openly)]
    titles = tuple(part.text for part in sections if isinstance(part, Heading) and part.level == 1)
    return source.document(
        "meeting-records",
        documents_wording.RECORDS_OF_MEETING,
        [Contents(title=documents_wording.CONTENTS, items=titles), *sections],
        subject=documents_wording.of_meeting(meeting.day),
        on=meeting.day,
    )
