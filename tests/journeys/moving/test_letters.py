"""A letter over the real connection: from an agreement, read back with its reading age, and brought as a PDF."""

from __future__ import annotations

from tests.worlds.practised import Room, elements, named

REF = "K3107C"


async def test_a_letter_is_written_from_an_agreement_and_comes_as_a_paper(room: Room) -> None:
    family = room.unit.families[REF]
    await room.command("devan", "/family", REF)
    await room.press("devan", "family.letter", family=family)
    menu = next(
        element
        for message in await room.seen("devan")
        for _, element in elements(message)
        if named(element)[0] == "letter.carers"
    )
    agreed = next(one["value"] for one in menu["options"] if one["value"].startswith("agreement:"))
    await room.press("devan", "letter.carers", choose=agreed)
    await room.submit("devan", {"own_words": "Thank you for making time for us. We know that mornings are hard."})
    said = (await room.notes("devan"))[-1]
    assert "This reads at about the age of" in said
    assert "Nobody has it yet." in said
    await room.press("devan", "document.pdf", what="letter")
    files = [one for one in await room.direct("devan") if one.get("files")]
    assert len(files) == 1
