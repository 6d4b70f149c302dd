"""A list of families sent to the bot in a direct message: the preview, the press, and the same list again."""

from __future__ import annotations

import base64

import pytest
from sqlmodel import select

from storage.database.bodies import EntryBody
from storage.database.tables_machinery import Draft
from storage.database.vault import unseal
from storage.family import families
from tests.worlds.practised import NothingToPress, Room, words

HEAD = "Case reference,Category,Lead worker,Child initials,Child age,Carer initials,Safe contact,Next review\r\n"
LIST = (
    f"{HEAD}K7001K,child protection,Devan,TD,9,AD,Not by text – PM reads her phone,03/12/2026\r\n"
    "K7001K,,,LD,14 months,,,\r\nK7002L,CIN,Marisol,,,,,\r\nK7003A,CIN,,,,,,\r\n"
)


async def send(room: Room, who: str, content: bytes, name: str = "families.csv") -> None:
    """Somebody sends the bot a file, without a word."""
    seat = room.seat(who)
    file = {"name": name, "mimetype": "text/csv", "content_base64": base64.b64encode(content).decode()}
    await seat.type(await seat.direct_channel(), "", files=[file])
    await room.settle()


async def answer(room: Room, who: str) -> str:
    """What the bot has said since they last sent something."""
    said = await room.direct(who)
    mine = max(number for number, message in enumerate(said) if message.get("user") == room.users[who])
    return words(said[mine + 1 :])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
async def test_a_list_is_looked_at_first_and_one_press_brings_it_in(room: Room, encoding: str) -> None:
    await send(room, "pippa", LIST.encode(encoding))
    said = await answer(room, "pippa")
    assert "For Kestrel Unit: 2 new, 0 changed, 1 refused." in said
    assert "line 5, K7003A: the reference has the wrong check letter" in said
    with room.read() as session:
        assert families.by_ref(session, room.unit.unit_id, "K7001K") is None
    await room.press_direct("pippa", "import.do")
    assert "Brought into Kestrel Unit: 2 new, 0 changed, 1 refused." in await answer(room, "pippa")
    with room.read() as session:
        family = families.by_ref(session, room.unit.unit_id, "K7001K")
        assert family is not None
        warnings = families.safe_contact_warnings(session, family.id)
        assert warnings == ["K7001K-A (AD): Not by text – PM reads her phone"]
        assert len(families.children(session, family.id)) == 2


async def test_the_same_list_again_finds_nothing_to_do(room: Room) -> None:
    await send(room, "pippa", LIST.encode())
    await room.press_direct("pippa", "import.do")
    await send(room, "pippa", LIST.encode())
    said = await answer(room, "pippa")
    assert "0 new, 0 changed, 2 already as in the list, 1 refused" in said
    assert "There is nothing to bring in" in said


async def test_a_list_is_left_and_its_button_does_nothing_any_more(room: Room) -> None:
    await send(room, "pippa", LIST.encode())
    await room.press_direct("pippa", "import.drop")
    assert "Nothing was brought in" in await answer(room, "pippa")
    await room.press_direct("pippa", "import.do")
    assert "This list is done with" in await answer(room, "pippa")
    with room.read() as session:
        assert families.by_ref(session, room.unit.unit_id, "K7001K") is None


async def test_a_newer_list_takes_the_place_of_an_older_one(room: Room) -> None:
    await send(room, "pippa", LIST.encode())
    await send(room, "pippa", f"{HEAD}K7002L,CIN,,,,,,\r\n".encode())
    await room.press_direct("pippa", "import.do")
    with room.read() as session:
        assert families.by_ref(session, room.unit.unit_id, "K7001K") is None
        assert families.by_ref(session, room.unit.unit_id, "K7002L") is not None
        drafts = session.exec(select(Draft).where(Draft.form == "import")).all()
        assert [unseal(session, draft, EntryBody).answers for draft in drafts] == [{}, {}]


@pytest.mark.parametrize(
    ("who", "content", "name", "sentence"),
    [
        ("marisol", LIST.encode(), "families.csv", "Please ask one of them"),
        ("pippa", b"PK\x03\x04", "families.xlsx", "This is an Excel workbook"),
        ("pippa", b"a,b\r\n1,2\r\n", "other.csv", "There is no column “Case reference”"),
        ("pippa", b"x" * 2_000_500, "big.csv", "larger than 2 MB"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_offers_no_button(
    room: Room, who: str, content: bytes, name: str, sentence: str
) -> None:
    await send(room, who, content, name)
    assert sentence in await answer(room, who)
    with pytest.raises(NothingToPress):
        await room.press_direct(who, "import.do")


async def test_a_list_of_a_whole_council_is_not_brought_in_by_a_message(room: Room) -> None:
    rows = "".join(f"X{number:05},CIN,,,,,,\r\n" for number in range(300)) + "X1,nonsense,,,,,,\r\n"
    await send(room, "pippa", f"{HEAD}{rows}".encode())
    said = await answer(room, "pippa")
    assert "There are 300 families in this list; a message brings in up to 100" in said
    assert "line 302, X1: “nonsense” is no category" in said


async def test_pictures_and_other_files_in_messages_are_left_alone(room: Room) -> None:
    await send(room, "pippa", b"\x89PNG", "photo.png")
    assert "list" not in await answer(room, "pippa")


async def test_a_reference_of_another_unit_is_refused_without_saying_whose_and_two_people_are_asked_to_talk(
    room: Room,
) -> None:
    ref = next(iter(room.other_unit.families))
    await send(room, "pippa", f"{HEAD}{ref},CIN,,,,,,\r\n".encode())
    said = await answer(room, "pippa")
    assert f"line 2, {ref}: this reference is in use already" in said
    assert "asked those who can help to talk to each other" in said
    assert "Heron" not in said
    asked = words((await room.direct("dagny"))[-1])
    assert "Pippa (Kestrel Unit) needs a word with you about a family" in asked
    assert ref not in asked


async def test_forty_faults_in_a_list_are_each_named_in_the_answer(room: Room) -> None:
    rows = [f"K71{number:02}X,goldfish,Somebody {number},,,,,\r\n" for number in range(40)]
    await send(room, "pippa", (HEAD + "".join(rows)).encode())
    said = await answer(room, "pippa")
    assert all(f"line {number}, " in said for number in range(2, 42))
