"""A person's own calendar: plain titles, as a file, and by a private address that can be withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.documents.asked import wish
from bot.health import Health
from bot.http import Door, _calendar_of
from bot.platform import Request
from handlers.turn import Answer
from prompts_and_forms.unit import feed_address
from storage.database.db import Database
from storage.database.tables_machinery import CalendarFeed
from storage.family import families
from storage.unit import calendar, people
from tests.worlds.council.two_units import DAY, REF, TwoUnits
from tests.worlds.in_memory import words_of
from tests.worlds.records_world import TODAY


@pytest.fixture
def council(db: Database) -> Iterator[TwoUnits]:
    feed_address.use("https://bot.council.example")
    yield TwoUnits(db)
    feed_address.use("")


def titles(council: TwoUnits, who: str) -> list[str]:
    with council.reading() as session:
        return [one.title for one in calendar.entries(session, council.people[who], council.now)]


def text_of(council: TwoUnits, who: str) -> str:
    council.press(who, "calendar.file", unit=council.unit.unit_id)
    key = council.document(who, "calendar")
    with council.reading() as session:
        found = wish(session, key, council.now)
        assert found is not None
        return found.draw().content.decode()


def address(answer: Answer) -> str:
    found = re.search(r"https://\S+\.ics", words_of(answer))
    assert found is not None, answer
    return found.group()


async def asked(council: TwoUnits, path: str, method: str = "GET") -> tuple[int, str]:
    async def feed(token: str) -> str | None:
        with council.reading() as session:
            return _calendar_of(session, token, council.now)

    async def well() -> Health:
        raise AssertionError

    class Line:
        path = "/slack"

    reply = await Door(Line(), well, feed).answer(Request(method, path, {}, b""))  # type: ignore[arg-type]
    return reply.status, reply.body.decode()


def test_it_has_the_meetings_the_reviews_and_supervision_and_no_family(council: TwoUnits) -> None:
    assert "Unit meeting, Kestrel Unit" in titles(council, "devan")
    assert any("due" in one for one in titles(council, "orla"))
    assert "Supervision due" in titles(council, "tomasz")
    assert "Supervision due" not in titles(council, "devan")
    with council.reading() as session:
        refs = [families.body(session, one).ref for one in families.open_families(session, council.unit.unit_id)]
    for who in ("orla", "devan", "tomasz", "ngozi"):
        text = text_of(council, who)
        assert [ref for ref in refs if ref in text] == []
        assert "BD" not in re.sub(r"UID:\S+", "", text)


def test_a_handover_meeting_is_in_both_leads_calendars(council: TwoUnits) -> None:
    council.ask("orla", council.heron.unit_id, meeting_on=(DAY - timedelta(days=5)).isoformat(), meeting_at="14:00")
    assert "Handover meeting" not in titles(council, "orla")
    council.accept("ama")
    assert "Handover meeting" in titles(council, "orla")
    assert "Handover meeting" in titles(council, "ama")
    assert "Handover meeting" not in titles(council, "marisol")


async def test_a_private_address_opens_only_ones_own_calendar_until_it_is_withdrawn(council: TwoUnits) -> None:
    made = address(council.press("devan", "calendar.make", unit=council.unit.unit_id))
    path = made.removeprefix("https://bot.council.example")
    status, text = await asked(council, path)
    assert status == 200
    assert "Unit meeting\\, Kestrel Unit" in text
    assert REF not in text
    assert (await asked(council, path, "POST"))[0] == 405
    again = address(council.press("devan", "calendar.make", unit=council.unit.unit_id))
    assert again != made
    assert (await asked(council, path))[0] == 404
    council.press("devan", "calendar.withdraw", unit=council.unit.unit_id)
    assert (await asked(council, again.removeprefix("https://bot.council.example")))[0] == 404
    assert (await asked(council, "/calendar/.ics"))[0] == 404
    assert (await asked(council, "/calendar/guess.ics"))[0] == 404


async def test_who_is_in_no_unit_any_more_has_no_calendar(council: TwoUnits) -> None:
    made = address(council.press("devan", "calendar.make", unit=council.unit.unit_id))
    with council.db.write() as session:
        membership = people.belongs(session, council.unit.unit_id, council.people["devan"])
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    assert (await asked(council, made.removeprefix("https://bot.council.example")))[0] == 404


def test_of_a_token_only_the_hash_is_saved_and_it_is_shown_once(council: TwoUnits) -> None:
    made = address(council.press("devan", "calendar.make", unit=council.unit.unit_id))
    token = feed_address.token_in(made.removeprefix("https://bot.council.example"))
    with council.reading() as session:
        row = calendar.feed_of(session, council.people["devan"])
        assert isinstance(row, CalendarFeed)
        assert row.token_hash == calendar.hash_of(token)
        assert token not in str(row.model_dump())
    shown = council.says("devan", "/unit", "calendar")
    assert "shown only once" in shown
    assert token not in shown


def test_without_an_address_of_its_own_the_bot_offers_the_file(council: TwoUnits) -> None:
    feed_address.use("")
    shown = council.says("devan", "/unit", "calendar")
    assert "As a file" in shown
    assert "Make a private address" not in shown
    assert "Ask whoever runs it" in shown
