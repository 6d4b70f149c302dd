"""Somebody asks to see their record: the clock, going through the lines, and a paper with no hidden word in it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.documents.asked import wish
from bot.documents.contents.subject import as_values, of_request
from bot.documents.make import draw
from bot.documents.source import Source
from handlers import routes
from handlers.documents import Asked, key_of
from handlers.subject import lines
from handlers.turn import Answer, Ask, Done, Event, EventKind, Note, Wrong
from prompts_and_forms.subject import wording
from storage.database.db import Database
from storage.database.tables import Family, Unit
from storage.database.tables_nudges import Nudge
from storage.database.tables_retention import SubjectMark, SubjectRequest
from storage.subject import requests
from tests.worlds.in_memory import buttons_of
from tests.worlds.papers import texts_of, words_of
from tests.worlds.presses import _plain
from tests.worlds.records_world import TODAY, Room

REF, CHILD = "K3107C", "K3107C-1"
SECRET, OTHER = "Zebedee", "Zebedee told me that Uncle Graham drinks"
WHY = "He has not agreed to it. Decided with the DPO."


def said(answer: Answer) -> str:
    return str(_plain(answer))


@pytest.fixture
def asked(db: Database) -> Room:
    """K3107C was discussed, and TB, who is 17 now, asks to see what there is."""
    room = Room(db)
    talk = room.discuss(REF)
    room.posted(f"discussion:{talk}", "100.1")
    room.send("devan", EventKind.MESSAGE, text=OTHER, ts="100.2", thread="100.1")
    room.send("devan", EventKind.MESSAGE, text="The school is pleased with her", ts="100.3", thread="100.1")
    idea = {"text": "Perhaps the move frightened them", "for": "They ask about it", "against": "Nobody has seen it"}
    room.record("devan", "hypothesis", talk, idea)
    form = room.press("orla", "subject.new", family=room.family(REF))
    answers = {"child": CHILD, "received": TODAY.isoformat(), "responsible": room.people["pippa"]}
    assert isinstance(room.hand_in("orla", form, answers), Done)
    return room


def request(room: Room) -> SubjectRequest:
    with room.reading() as session:
        return session.exec(select(SubjectRequest)).one()


def press(room: Room, name: str, who: str = "orla", **more: str) -> Answer:
    return room.press(who, f"subject.{name}", request=request(room).id, family=room.family(REF), **more)


def found(room: Room) -> list[lines.Line]:
    with room.reading() as session:
        return lines.lines(session, session.get_one(Family, room.family(REF)), CHILD)


def hides(room: Room, words: str, code: str = "A", of: str = SECRET) -> Answer:
    line = next(one for one in found(room) if of in one.words)
    return room.hand_in(
        "orla", press(room, "hide", chosen=line.key, page="0"), {"words": words, "code": code, "why": WHY}
    )


def files(room: Room) -> dict[str, str]:
    """What a reader could take out of each form of the answer."""
    with room.reading() as session:
        source = Source(session, session.get_one(Unit, room.unit.unit_id), room.now)
        row = session.exec(select(SubjectRequest)).one()
        family, paper = session.get_one(Family, row.family_id), of_request(source, row)
        values = json.dumps(as_values(source, family, CHILD, row), ensure_ascii=False)
    pdf, word = draw(paper, "pdf", "kestrel").content, draw(paper, "docx", "kestrel").content
    return {"pdf": texts_of(pdf), "docx": words_of(word), "json": values}


def test_everything_is_in_it_in_order_of_time_and_ideas_are_ideas(asked: Room) -> None:
    all_of_it = found(asked)
    assert [one.at for one in all_of_it] == sorted(one.at for one in all_of_it)
    assert any(OTHER in one.words and one.by == "Devan" for one in all_of_it)
    ideas = [one for one in all_of_it if "frightened" in one.words]
    assert ideas
    assert all(one.idea and one.what.startswith(wording.IDEA) for one in ideas)
    for form, text in files(asked).items():
        for words in ("The school is pleased", "frightened", "Idea, not a fact", "Orla"):
            assert words in text, (form, words)


def test_what_is_hidden_is_in_no_file_and_its_letter_is(asked: Room) -> None:
    assert all(SECRET in text for text in files(asked).values())
    assert isinstance(hides(asked, ""), Done)
    for form, text in files(asked).items():
        assert SECRET not in text, form
        assert "Graham drinks" not in text, form
        assert "[A]" in text, form
        assert "about somebody else" in text, form
        assert WHY not in text, form


def test_the_page_brings_all_three_forms_and_the_third_hides_the_same(asked: Room) -> None:
    hides(asked, "")
    page = press(asked, "show")
    assert isinstance(page, Note)
    papers = {one.label: one for one in buttons_of(page.card) if one.action.startswith("document.")}
    assert list(papers) == ["PDF", "Word", "JSON"]
    asked.press("orla", papers["JSON"].action, **papers["JSON"].args)
    with asked.reading() as session:
        made = wish(session, asked.messages("file:subject")[-1], asked.now)
    assert made is not None
    file = made.draw()
    values = json.loads(file.content)
    assert file.name.endswith(".json")
    assert REF not in file.name
    assert any("The school is pleased" in line["words"] for line in values["lines"])
    assert SECRET not in file.content.decode()


def test_only_an_answer_to_a_request_comes_as_values_and_only_for_those_who_answer_it(asked: Room) -> None:
    row = request(asked).id
    for who, what, of in (("devan", "subject", row), ("orla", "record", asked.discuss("K2284H"))):
        asked.press(who, "document.json", what=what, row=of, family=asked.family(REF))
    assert asked.messages("file:") == []


def test_words_in_a_line_are_hidden_and_the_rest_is_shown(asked: Room) -> None:
    assert isinstance(hides(asked, "Nobody said this"), Wrong)
    assert isinstance(hides(asked, "Uncle Graham drinks", "B"), Done)
    text = files(asked)["docx"]
    assert "Zebedee told me that ██████ [B]" in text
    assert "Uncle Graham" not in text


def test_a_record_that_was_changed_since_it_was_looked_through_is_left_out_until_somebody_looks_again(
    asked: Room,
) -> None:
    hides(asked, "Uncle Graham drinks")
    asked.send("devan", EventKind.EDITED, text="Zebedee told me that his uncle drinks", ts="100.2", thread="100.1")
    text = files(asked)["docx"]
    assert "uncle drinks" not in text
    assert "██████ [R]" in text


def test_a_line_is_shown_again_and_that_it_was_hidden_is_remembered(asked: Room) -> None:
    hides(asked, "")
    with asked.reading() as session:
        mark = session.exec(select(SubjectMark)).one()
        assert requests.mark_body(session, mark).why == WHY
    press(asked, "unhide", chosen=mark.id)
    assert SECRET in files(asked)["docx"]
    with asked.reading() as session:
        assert session.get_one(SubjectMark, mark.id).ended_by_id == asked.people["orla"]


def test_the_clock_stops_goes_on_and_takes_two_months_more(asked: Room) -> None:
    assert "Due on 17 December 2026" in said(press(asked, "show"))
    form = press(asked, "ask")
    page = asked.hand_in("orla", form, {"asked_on": TODAY.isoformat(), "what": "Is it you?"})
    assert "The clock stands still" in said(page)
    assert wording.STOPPED_ALREADY in said(press(asked, "ask"))
    asked.now += timedelta(days=5)
    assert "Due on 22 December 2026" in said(press(asked, "answered"))
    assert wording.NOT_STOPPED in said(press(asked, "answered"))
    more = asked.hand_in("orla", press(asked, "extend"), {"why": "Three brothers have asked, too."})
    assert "Due on 22 February 2027" in said(more)
    assert wording.EXTENDED_ALREADY in said(press(asked, "extend"))
    assert "Sent on" in said(press(asked, "sent"))
    assert wording.SENT_ALREADY in said(press(asked, "sent"))


def test_after_the_first_month_it_is_too_late_for_more_time(asked: Room) -> None:
    asked.now += timedelta(days=40)
    assert wording.TOO_LATE in said(press(asked, "extend"))


def test_whoever_looks_after_it_is_reminded(asked: Room) -> None:
    asked.now += timedelta(days=29)
    asked.send("pippa", EventKind.HOME, channel="D0DIRECT")
    with asked.db.write() as session:
        routes.handle(session, Event(id="morning", kind=EventKind.TICK, at=asked.now), asked.now)
    with asked.reading() as session:
        (nudge,) = session.exec(select(Nudge).where(Nudge.kind == "subject_access"))
        assert nudge.person_id == asked.people["pippa"]


@pytest.mark.parametrize("who", ["devan", "tomasz"])
def test_nobody_but_the_lead_managers_and_whoever_looks_after_it_sees_or_does_any_of_it(asked: Room, who: str) -> None:
    with asked.reading() as session:
        line = lines.lines(session, session.get_one(Family, asked.family(REF)), CHILD)[0].key
    more: dict[str, Any] = {"chosen": line}
    for name in ("show", "new", "lines", "hide", "unhide", "ask", "answered", "extend", "sent"):
        assert wording.NOT_FOR_YOU.partition("'")[0] in said(press(asked, name, who, **more)), name
    answer = asked.press(who, "document.pdf", what="subject", row=request(asked).id, family=asked.family(REF))
    assert "on its way" not in said(answer)


def test_the_lead_has_it_brought_as_a_document(asked: Room) -> None:
    row = request(asked)
    asked.press("orla", "document.pdf", what="subject", row=row.id, family=asked.family(REF))
    with asked.db.write() as session:
        key = key_of(Asked("subject", row.id, "pdf", asked.unit.unit_id, asked.people["orla"]))
        made = wish(session, key, asked.now)
        assert made is not None
        assert REF not in made.draw().name


def test_a_page_of_lines_is_shown_with_a_menu_for_each_line(asked: Room) -> None:
    first = press(asked, "lines", page="0")
    assert "Page 1 of" in said(first)
    for odd in ("-1", "999", "x", "²"):
        assert "Page" in said(press(asked, "lines", page=odd))
    assert isinstance(press(asked, "hide", chosen=found(asked)[0].key, page="0"), Ask)
    assert wording.NO_LINE in said(press(asked, "hide", chosen="said:nothing:0", page="0"))
