"""A letter to a family: chosen lines, how they read, no idea unless chosen, signed, and who was given it."""

from __future__ import annotations

import pytest

from bot.documents.asked import wish
from bot.documents.make import document
from bot.documents.source import Source
from handlers.turn import Answer, Ask, Done, Note, Wrong
from prompts_and_forms.card import Menu
from storage.database.db import Database
from storage.database.tables import Unit
from storage.decisions import hypotheses
from storage.family import letters
from tests.worlds.in_memory import menus_of, words_of
from tests.worlds.records_world import Room

REF = "K3107C"
PLAIN = ["We will come on Tuesday after school.", "Mum gets up first and makes breakfast for all of you."]


@pytest.fixture
def room(db: Database) -> Room:
    found = Room(db)
    talk = found.discuss(REF)
    found.record(
        "devan",
        "action",
        talk,
        {"text": "Ring the school about mornings", "owner": found.people["devan"], "due": found.day(7)},
    )
    return found


def menu(room: Room, label: str) -> Menu:
    begun = room.press("devan", "family.letter", family=room.family(REF))
    assert isinstance(begun, Note)
    return next(one for one in menus_of(begun.card) if one.label == label)


def asked(room: Room, label: str = "To parents or carers about", about: str = "Meeting of") -> Ask:
    found = menu(room, label)
    chosen = next(one.value for one in found.choices if one.label.startswith(about))
    answer = room.press("devan", found.action, **found.args, chosen=chosen)
    assert isinstance(answer, Ask)
    return answer


def lines_of(ask: Ask) -> list[str]:
    return [str(field.value) for field in ask.view.fields if field.key.startswith("lines") and field.value]


def written(room: Room, label: str = "To parents or carers about", **answers: object) -> Answer:
    return room.hand_in("devan", asked(room, label), {"lines": PLAIN, **answers})


def paper(room: Room) -> str:
    with room.reading() as session:
        (one,) = letters.of_family(session, room.family(REF))
        source = Source(session, session.get_one(Unit, room.unit.unit_id), room.now, "Devan")
        return document(source, "letter", one.id).model_dump_json()


def test_it_opens_with_what_the_meeting_decided_and_what_the_agreement_says(room: Room) -> None:
    assert lines_of(asked(room)) == ["Devan: Ring the school about mornings, by Tuesday 24 November 2026"]
    from_agreement = lines_of(asked(room, about="Agreement"))
    assert len(from_agreement) > 1
    assert not any("Tomasz: Tomasz" in one for one in from_agreement)


def test_it_says_how_hard_it_is_to_read_and_what_to_say_instead(room: Room) -> None:
    easy = words_of(written(room, own_words="You did well last week. Thank you for making us tea."))
    assert "That is easy enough." in easy
    hard = words_of(
        room.hand_in(
            "devan",
            asked(room),
            {
                "lines": [
                    "The multi-agency core group will implement a comprehensive assessment of parenting capacity "
                    "prior to the review conference, with particular consideration of emotional availability."
                ]
            },
        )
    )
    assert "Aim for 11" in hard
    assert "multi-agency: different services together" in hard
    assert "Long sentences" in hard


def test_no_idea_is_in_it_unless_somebody_chooses_one(room: Room) -> None:
    with room.reading() as session:
        idea = hypotheses.of_family(session, room.family(REF), only_live=True)[0]
        said = hypotheses.words(session, idea).text
    written(room)
    assert said not in paper(room)
    with room.reading() as session:
        (one,) = letters.of_family(session, room.family(REF))
    again = room.press("devan", "entry.edit", entry=one.id)
    room.hand_in("devan", again, {"idea": idea.id})
    assert said in paper(room)


def test_a_letter_with_an_nhs_number_is_not_taken_and_nothing_typed_is_lost(room: Room) -> None:
    answer = written(room, own_words="Your NHS number is 943 476 5919.")
    assert isinstance(answer, Wrong)
    assert any("NHS" in sentence for sentence in answer.errors.values())
    with room.reading() as session:
        assert letters.of_family(session, room.family(REF)) == []


def test_the_one_to_a_child_is_short_and_says_so_in_a_childs_words(room: Room) -> None:
    young = asked(room, "To a child or young person about")
    assert len([field for field in young.view.fields if field.key.startswith("lines")]) <= 6
    room.hand_in("devan", young, {"lines": ["I will come on Tuesday."]})
    said = paper(room)
    assert "What we said we would do" in said
    assert "You can also ask somebody to tell me." in said
    assert "K3107C-" not in said


def test_it_is_signed_by_who_wrote_it_and_carries_no_warning(room: Room) -> None:
    written(room)
    said = paper(room)
    assert "Devan, social worker, Kestrel Unit" in said
    assert "Safe contact" not in said


def test_who_was_given_it_and_how_stays_with_it_also_when_it_is_written_anew(room: Room) -> None:
    written(room)
    with room.reading() as session:
        (one,) = letters.of_family(session, room.family(REF))
    given = room.press("devan", "letter.given", family=room.family(REF), letter=one.id)
    done = room.hand_in("devan", given, {"whom": ["K3107C-A"], "how": "together", "note": "She asked for a copy."})
    assert isinstance(done, Done)
    line = "AD: read together and left with them, 17 November 2026 (Devan). She asked for a copy."
    assert line in words_of(done)
    room.hand_in("devan", room.press("devan", "entry.edit", entry=one.id), {"lines": [*PLAIN, "We ring on Friday."]})
    shown = room.press("devan", "letter.show", family=room.family(REF), letter=one.id)
    assert line in words_of(shown)
    assert "We ring on Friday." in words_of(shown)


def test_it_comes_as_a_paper_and_lies_among_the_familys_documents(room: Room) -> None:
    written(room)
    with room.reading() as session:
        (one,) = letters.of_family(session, room.family(REF))
    room.press("devan", "document.docx", what="letter", row=one.id, family=room.family(REF))
    key = room.messages("file:letter/")[-1]
    with room.reading() as session:
        made = wish(session, key, room.now)
        assert made is not None
        assert made.draw().content[:2] == b"PK"
    listed = room.press("devan", "family.documents", family=room.family(REF))
    assert isinstance(listed, Note)
    assert f"letter:{one.id}" in listed.card.model_dump_json()
