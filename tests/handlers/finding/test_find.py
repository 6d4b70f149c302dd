"""Finding a family by a few letters, and words in the records: only what this person may see, and written down."""

from __future__ import annotations

import pytest

from handlers.turn import Answer, EventKind, Note
from prompts_and_forms.card import Card
from storage.database.db import Database
from storage.database.looked import Asked, lines
from storage.family import access
from tests.worlds.in_memory import buttons_of, menus_of, words_of
from tests.worlds.records_world import Room, other_unit_with_family

SAID = "Nan keeps the spare goldfish key in the blue teapot. Nobody else knows."


@pytest.fixture
def room(db: Database) -> Room:
    return Room(db)


def shown(answer: Answer) -> Card:
    assert isinstance(answer, Note), answer
    return answer.card


def said(room: Room, ref: str = "K3107C", text: str = SAID, number: int = 1) -> None:
    talk = room.discuss(ref)
    room.posted(f"discussion:{talk}", f"100.{number}")
    room.send("devan", EventKind.MESSAGE, text=text, ts=f"200.{number}", thread=f"100.{number}")


def close_to(room: Room, who: str, ref: str) -> None:
    with room.db.write() as session:
        access.close_to(
            session,
            session.get_one(access.Family, room.family(ref)),
            kind=access.NOT_THIS_WORKER,
            person_id=room.people[who],
            reason="a relative",
            review_on=None,
            by_id=room.people["orla"],
            now=room.now,
        )


def what_was_read(room: Room, who: str) -> list[tuple[str, str | None]]:
    with room.reading() as session:
        return [(line.what, line.family_id) for line in lines(session, Asked(person_id=room.people[who]))]


# ---- a family


def test_a_few_letters_offer_the_families_that_fit(room: Room) -> None:
    card = shown(room.command("orla", "/family", "complex child in need"))
    assert "K2284H (HM): complex child in need; lead worker Orla" in words_of(card)
    assert [one.label for one in buttons_of(card)] == ["Show K2284H (HM)", "Show K3681B (SO)"]
    opened = room.press("orla", "family.show", **buttons_of(card)[0].args)
    assert "K2284H" in words_of(shown(opened))


@pytest.mark.parametrize(
    ("typed", "ref"), [("3107", "K3107C"), ("bd", "K3107C"), ("TD", "K3107C"), ("marisol", "K4419D")]
)
def test_letters_initials_and_the_lead_worker_find_a_family(room: Room, typed: str, ref: str) -> None:
    assert ref in words_of(shown(room.command("pippa", "/family", typed)))


def test_a_whole_reference_shows_the_family_at_once(room: Room) -> None:
    assert words_of(shown(room.command("pippa", "/family", "K3107C"))).startswith("K3107C")


def test_a_family_of_another_unit_is_offered_to_nobody_and_answered_like_one_nobody_knows(room: Room) -> None:
    other_unit_with_family(room, "H9999Z")
    theirs = words_of(shown(room.command("orla", "/family", "H9999Z")))
    nobodys = words_of(shown(room.command("orla", "/family", "Q8888X")))
    assert theirs.replace("H9999Z", "") == nobodys.replace("Q8888X", "")


def test_a_family_closed_to_somebody_is_not_offered_to_them(room: Room) -> None:
    close_to(room, "devan", "K3107C")
    assert "K3107C" not in words_of(shown(room.command("devan", "/family", "child protection")))
    assert "K3107C" in words_of(shown(room.command("orla", "/family", "child protection")))


def test_each_family_that_is_offered_is_written_down(room: Room) -> None:
    room.command("marisol", "/family", "bd")
    assert ("listed", room.family("K3107C")) in what_was_read(room, "marisol")


# ---- words


def test_words_are_found_with_where_and_when_in_their_sentence(room: Room) -> None:
    said(room)
    card = shown(room.command("pippa", "/find", "goldfish TEAPOT"))
    assert "Found once." in words_of(card)
    assert "K3107C (BD): Nan keeps the spare goldfish key in the blue teapot.\n" in words_of(card)
    assert "said in a meeting, 17 Nov 2026, Devan" in words_of(card)
    assert "Nobody else knows" not in words_of(card)
    (menu,) = menus_of(card)
    assert menu.action == "family.show"


def test_every_kind_of_record_is_looked_through(room: Room) -> None:
    idea = words_of(shown(room.command("pippa", "/find", "alarms")))
    assert "idea, " in idea
    assert "someone" not in idea
    assert "action" in words_of(shown(room.command("pippa", "/find", "picture chart")))
    assert "plan" in words_of(shown(room.command("pippa", "/find", "fed dressed weather")))
    assert "the family's page" in words_of(shown(room.command("pippa", "/find", "neglect hard mornings")))


def test_one_family_can_be_looked_through_alone(room: Room) -> None:
    said(room)
    said(room, "K2284H", number=2)
    assert "Found 2 times" in words_of(shown(room.command("pippa", "/find", "goldfish")))
    one = words_of(shown(room.command("pippa", "/find", "K2284H goldfish")))
    assert "Found once." in one
    assert "In the records of K2284H (HM):" in one


def test_a_family_closed_to_the_reader_is_not_looked_through(room: Room) -> None:
    said(room)
    close_to(room, "marisol", "K3107C")
    assert words_of(shown(room.command("marisol", "/find", "goldfish"))) == "I found nothing with those words."
    assert "Found once." in words_of(shown(room.command("devan", "/find", "goldfish")))


def test_nothing_of_another_unit_is_found(room: Room) -> None:
    said(room)
    other_unit_with_family(room, "H0001A")
    answer = room.send("ida", EventKind.COMMAND, name="/find", text="goldfish", channel="C0HERON")
    assert "I found nothing" in words_of(shown(answer))


def test_private_reflections_are_never_found(room: Room) -> None:
    asked = room.command("tomasz", "/agreement", "reflect K3107C")
    room.hand_in("tomasz", asked, {"note": "I felt like a goldfish in that room.", "reading": "healthy"})
    for who in ("tomasz", "ngozi", "orla"):
        assert "I found nothing" in words_of(shown(room.command(who, "/find", "goldfish")))


def test_looking_and_what_was_shown_are_written_down(room: Room) -> None:
    said(room)
    room.command("pippa", "/find", "goldfish")
    read = what_was_read(room, "pippa")
    assert ("searched", None) in read
    assert ("found", room.family("K3107C")) in read


def test_more_places_are_one_press_away(room: Room) -> None:
    talk = room.discuss("K3107C")
    room.posted(f"discussion:{talk}", "100.1")
    for number in range(13):
        room.send("devan", EventKind.MESSAGE, text=f"Goldfish number {number}", ts=f"200.{number}", thread="100.1")
    first = shown(room.command("pippa", "/find", "goldfish"))
    assert "Found 13 times, newest first." in words_of(first)
    assert words_of(first).index("number 12") < words_of(first).index("number 3")
    more = next(one for one in buttons_of(first) if one.action == "find.more")
    assert more.label == "Show more (3)"
    assert "Goldfish number 0" in words_of(shown(room.press("pippa", "find.more", **more.args)))
    room.command("pippa", "/find", "teapot")
    assert "nothing" in words_of(shown(room.press("pippa", "find.more", **more.args)))


@pytest.mark.parametrize("typed", ["a b", "to", "of it"])
def test_too_little_is_refused_in_words(room: Room, typed: str) -> None:
    assert "at least one word of three letters" in words_of(shown(room.command("pippa", "/find", typed)))


def test_help_says_what_it_can_do(room: Room) -> None:
    assert "/find CASE-REFERENCE WORDS" in words_of(shown(room.command("pippa", "/find", "help")))
