"""`unitbot sar`: everything kept about one child, for the child: PDF, Word and JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.records import end, opened

if TYPE_CHECKING:
    from sqlmodel import Session


def sar(
    family: Annotated[str, typer.Option(help="The case reference.")],
    child: Annotated[str, typer.Option(help="The child's key, such as K3107C-1.")],
    out: Annotated[Path, typer.Option(help="The folder to write into.")] = Path("."),
) -> None:
    """Write everything kept about one child, in order of time, as PDF, Word and JSON.

    What was marked on the family's page (Requests to see the record) is left out, with a letter for the reason.
    """
    from bot.documents.contents.subject import as_json, subject_document
    from bot.documents.formats.save import save_together
    from bot.documents.make import draw, name_of_file
    from bot.documents.source import Source
    from bot.documents.trouble import DocumentTrouble
    from handlers import routes
    from prompts_and_forms.subject import wording
    from storage.family import families
    from storage.subject import requests
    from storage.unit import units

    routes.load()
    with opened() as db:
        with db.write() as session:
            family_id = _known(session, family, child)
        with db.read() as session:
            found = families.by_id(session, family_id)
            assert found is not None
            unit = units.by_id(session, found.unit_id)
            assert unit is not None
            request = requests.open_for(session, families.child_id(session, found.id, child))
            source = Source(session, unit, datetime.now(UTC))
            paper = subject_document(source, found, child, request)
            values = as_json(source, found, child, request)
        try:
            files = [draw(paper, form, unit.slug) for form in ("pdf", "docx")]
            places = [(out / one.name, one.content) for one in files]
            places.append((out / name_of_file(unit.slug, paper.kind, paper.at, "json"), values.encode()))
            save_together(places)
        except DocumentTrouble as trouble:
            end(trouble.sentence)
    for place, _content in places:
        typer.echo(wording.WRITTEN.format(place=place))
    if request is None:
        typer.echo(wording.NO_REQUEST)


def _known(session: Session, ref: str, child: str) -> str:
    """The family's id; that its record leaves the bot is noted first."""
    from prompts_and_forms.subject import wording
    from storage.database.audit import audit
    from storage.family import families

    found = families.anywhere(session, ref)
    if found is None:
        end(wording.NO_FAMILY.format(given=ref))
    keys = [known.key for _row, known in families.children(session, found.id, include_gone=True)]
    if child not in keys:
        end(wording.NO_CHILD.format(given=child, keys=", ".join(keys)))
    audit(session, at=datetime.now(UTC), what="subject_access", row=found, unit_id=found.unit_id, family_id=found.id)
    return found.id
