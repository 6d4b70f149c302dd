"""The managers' message of the week: when it comes, what it begins with, and what it never names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.documents.asked import wish
from handlers import render
from handlers.turn import EventKind, Note
from prompts_and_forms.card import Card, Chart
from prompts_and_forms.states import WorkState
from storage.database.db import Database
from storage.database.looked import Asked, lines
from storage.database.tables import Person, Unit
from storage.database.tables_clinical import Episode
from storage.database.tables_machinery import OutboxMessage
from storage.family import access
from storage.unit import people, units
from tests.worlds.in_memory import buttons_of, menus_of, words_of
from tests.worlds.managers.many_units import manager_of
from tests.worlds.nudge_world import Mornings

MONDAY = date(2026, 11, 23)


@pytest.fixture
def room(db: Database) -> Mornings:
    return Mornings(db)


def keys(room: Mornings) -> list[str]:
    with room.reading() as session:
        found = session.exec(select(OutboxMessage.key)).all()
    return sorted(key for key in found if key.startswith("figures:"))


def message(room: Mornings, who: str, day: date = MONDAY) -> Card:
    with room.reading() as session:
        access.hide_from(session, room.people[who])
        shown = render.render(session, f"figures:{room.people[who]}/{day.isoformat()}", room.now)
    assert shown is not None
    return shown


def test_on_monday_at_half_past_eight_each_manager_gets_one_and_nobody_else(room: Mornings) -> None:
    room.tick(MONDAY, "08:25")
    assert keys(room) == []
    room.tick(MONDAY, "08:30")
    room.tick(MONDAY, "08:35")
    room.tick(MONDAY + timedelta(days=1), "08:30")
    wanted = {f"figures:{room.people[who]}/{MONDAY.isoformat()}" for who in ("ngozi", "graham")}
    assert set(keys(room)) == wanted


def test_it_says_first_what_needs_them_then_the_figures_with_a_week_ago(room: Mornings) -> None:
    room.tick(MONDAY)
    said = words_of(message(room, "ngozi"))
    assert said.startswith("Needs you\nK5377U (YA): urgent referral to Tier 3 without a plan yet.")
    assert said.index("Needs you") < said.index("Figures of Kestrel Unit") < said.index("Discussed this week")
    assert "Figure | Today | A week ago" in said
    assert [block.title for block in message(room, "ngozi").blocks if isinstance(block, Chart)] == [
        "Discussed in a week"
    ]


def test_the_notice_names_no_family_and_no_number(room: Mornings) -> None:
    room.tick(MONDAY)
    assert message(room, "graham").notice == "Your units this week"


def test_an_allocation_to_confirm_and_a_disagreement_come_to_those_whose_step_it_is(room: Mornings) -> None:
    with room.db.write() as session:
        for ref, state, step in (("K3107C", WorkState.TO_CONFIRM, 0), ("K4419D", WorkState.REVIEW_DUE, 3)):
            row = session.exec(select(Episode).where(Episode.family_id == room.family(ref))).one()
            row.state, row.differ_step = state, step
    room.tick(MONDAY)
    clinical, group = words_of(message(room, "ngozi")), words_of(message(room, "graham"))
    assert "K3107C (BD): agreed, and waits for you to confirm" in clinical
    assert "K3107C (BD): agreed" not in group
    assert "K4419D (RP): views differ, and it is at your step." in group
    assert "views differ" not in clinical


def test_at_most_ten_lines_need_somebody_and_the_rest_is_counted(room: Mornings) -> None:
    with room.db.write() as session:
        for row in session.exec(select(Episode)):
            row.state = WorkState.TO_CONFIRM
    room.tick(MONDAY)
    card = message(room, "ngozi")
    (needs,) = [block for block in card.blocks if getattr(block, "title", "") == "Needs you"]
    assert len(needs.items) == 10
    assert "more are on your Home tab." in words_of(card)


def test_a_family_closed_to_the_manager_is_in_no_line_and_no_number(room: Mornings) -> None:
    room.close_to("K5377U", "ngozi")
    room.tick(MONDAY)
    said = words_of(message(room, "ngozi"))
    assert "K5377U" not in said
    assert "K5377U" in words_of(message(room, "graham"))


def test_who_reads_which_unit_is_written_down_before_it_goes(room: Mornings) -> None:
    room.tick(MONDAY)
    with room.reading() as session:
        read = [(line.what, line.unit_id) for line in lines(session, Asked(person_id=room.people["graham"]))]
    assert ("figures", room.unit.unit_id) in read


def test_another_day_and_time_can_be_chosen_or_none(room: Mornings) -> None:
    room.tick(MONDAY)
    menu = next(one for one in menus_of(message(room, "graham")) if one.action == "figures.when")
    friday = next(choice for choice in menu.choices if choice.label == "Friday at 15:00")
    answer = room.press("graham", "figures.when", chosen=friday.value)
    assert isinstance(answer, Note)
    assert "Friday at 15:00" in words_of(answer.card)
    room.tick(MONDAY + timedelta(days=4), "15:00")
    room.press("ngozi", "figures.when", chosen="never")
    room.tick(MONDAY + timedelta(days=7), "08:30")
    mine = [key for key in keys(room) if room.people["graham"] in key]
    assert [key.rpartition("/")[2] for key in mine] == ["2026-11-23", "2026-11-27"]
    assert len([key for key in keys(room) if room.people["ngozi"] in key]) == 1


def test_who_left_on_wednesday_gets_none_and_one_already_asked_for_is_not_sent(room: Mornings) -> None:
    room.tick(MONDAY)
    with room.db.write() as session:
        membership = people.membership(session, room.unit.unit_id, room.people["graham"])
        assert membership is not None
        people.leave_unit(session, membership, MONDAY)
    with room.reading() as session:
        assert render.render(session, f"figures:{room.people['graham']}/{MONDAY.isoformat()}", room.now) is None
    room.tick(MONDAY + timedelta(days=7))
    assert len([key for key in keys(room) if room.people["graham"] in key]) == 1


def test_a_manager_of_a_hundred_units_gets_a_line_each(room: Mornings) -> None:
    with room.db.write() as session:
        boss = manager_of(session, 100, 1, actions=0)
        room.people["bola"] = boss.id
    said = words_of(message(room, "bola"))
    assert "Unit 099: 1 family" in said
    assert "Discussed this week" not in said
    assert "figures.together" in [one.action for one in buttons_of(message(room, "bola"))]


def test_after_a_month_without_a_meeting_the_numbers_say_so_and_nothing_is_divided_by_nought(room: Mornings) -> None:
    later = date(2027, 1, 18)
    room.tick(later)
    said = words_of(message(room, "ngozi", later))
    assert "Discussed this week | 0 of 15 (0%) | 0 of 15 (0%)" in said
    assert "Full discussion in six weeks | 0 of 15 (0%)" in said
    (chart,) = [block for block in message(room, "ngozi", later).blocks if isinstance(block, Chart)]
    assert chart.words.endswith("now it is 0 of 15 (0%).")


def test_somebody_who_is_no_manager_cannot_ask_for_it(room: Mornings) -> None:
    answer = room.send("devan", EventKind.BUTTON, name="figures.when", args={"chosen": "0-08:30"}, channel="D1")
    assert isinstance(answer, Note)
    assert "linked to no unit" in words_of(answer.card)


# ---- the spreadsheet of the month

TUESDAY = date(2026, 12, 1)


def sheets(room: Mornings, who: str) -> list[str]:
    with room.reading() as session:
        chat_user = session.get_one(Person, room.people[who]).chat_user
        found = session.exec(select(OutboxMessage).where(OutboxMessage.chat_user == chat_user)).all()
    return [one.key for one in found if one.key.startswith("file:figures/")]


def test_on_the_first_working_day_each_manager_gets_the_spreadsheet_once_and_nobody_else(room: Mornings) -> None:
    room.tick(TUESDAY, "08:25")
    assert sheets(room, "ngozi") == []
    room.tick(TUESDAY, "08:30")
    room.tick(TUESDAY, "08:35")
    room.tick(TUESDAY + timedelta(days=1), "08:30")
    assert {who: len(sheets(room, who)) for who in ("ngozi", "graham", "orla", "pippa")} == {
        "ngozi": 1, "graham": 1, "orla": 0, "pippa": 0,
    }  # fmt: skip
    with room.reading() as session:
        made = wish(session, sheets(room, "ngozi")[0], room.now)
    assert made is not None
    assert made.draw().name.endswith(".xlsx")


def test_who_wants_no_spreadsheet_gets_none_and_can_have_it_again(room: Mornings) -> None:
    room.tick(MONDAY)
    none = next(one for one in buttons_of(message(room, "graham")) if one.label == "No spreadsheet each month")
    assert "does not come by itself" in words_of(room.press("graham", none.action))
    room.tick(TUESDAY)
    assert sheets(room, "graham") == []
    again = next(one for one in buttons_of(message(room, "graham")) if one.label == "Send the spreadsheet each month")
    assert "first working day" in words_of(room.press("graham", again.action))
    room.tick(TUESDAY + timedelta(days=1))
    assert len(sheets(room, "graham")) == 1


def test_a_closed_unit_sends_its_managers_nothing(room: Mornings) -> None:
    with room.db.write() as session:
        unit = session.get_one(Unit, room.unit.unit_id)
        unit.settings = {**unit.settings, units.CLOSED_ON: MONDAY.isoformat()}
        session.add(unit)
    room.tick(MONDAY)
    room.tick(TUESDAY)
    assert keys(room) == sheets(room, "ngozi") == []
