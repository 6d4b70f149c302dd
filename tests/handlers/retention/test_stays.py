"""How long a family stays: nothing goes by itself, and nothing goes that is held, not copied or being talked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from handlers.turn import Answer, Ask, Done, EventKind, Note, Wrong
from prompts_and_forms.retention import rules, wording
from storage.backup.verify import verify
from storage.database.columns import metadata
from storage.database.tables import Discussion, Family, Meeting
from storage.database.tables_machinery import OutboxMessage
from storage.database.tables_retention import Erased, LegalHold
from storage.messages import posts
from storage.retention import due, erase
from storage.unit import people
from tests.worlds.presses import TYPED, _plain
from tests.worlds.records_world import Room

REF = "K3107C"
WHY = "The coroner has asked for the record."


def said(answer: Answer) -> str:
    return str(_plain(answer))


@pytest.fixture(autouse=True)
def own_rules(tmp_path: Path) -> Iterator[None]:
    """The council has said: six years, whatever the category."""
    row = (
        "  - {{id: {0}, what: families, categories: [{0}], starts: closed, years: 6, status: local, source: ours, "
        "checked: local}}\n"
    )
    every = ("child_in_need", "complex_child_in_need", "child_protection", "looked_after")
    file = tmp_path / "retention.yaml"
    file.write_text("rules:\n" + "".join(row.format(name) for name in every))
    rules.use(file)
    yield
    rules.use(rules.OWN_FILE)


@pytest.fixture
def due_room(room: Room) -> Room:
    """K3107C was discussed, copied and closed, and seven years have gone by."""
    talk = room.discuss(REF)
    room.posted(f"discussion:{talk}", "100.1")
    room.record("devan", "action", talk, {"text": TYPED, "owner": room.people["devan"], "due": room.day(7)})
    room.send("devan", EventKind.MESSAGE, text=f"Perhaps {TYPED}", ts="100.2", thread="100.1")
    room.press("orla", "family.access", family=room.family(REF))
    with room.db.write() as session:
        held = session.get_one(Discussion, talk)
        held.state, held.copied_at, held.closed_at = "closed", room.now, room.now
        for other in session.exec(select(Discussion).where(Discussion.family_id == room.family(REF))):
            other.copied_at = room.now
        family = session.get_one(Family, room.family(REF))
        family.status, family.closed_on = "closed", room.now.date()
        membership = people.belongs(session, room.unit.unit_id, room.people["ngozi"])
        assert membership is not None
        membership.linked = True
        meeting = held.meeting_id
        session.add_all((held, family, membership))
        session.get_one(Meeting, meeting).state = "closed"
    room.now += timedelta(days=7 * 366)
    return room


def everything_is_copied(room: Room) -> Answer:
    return room.press("ngozi", "family.copied_all", family=room.family(REF))


def erases(room: Room, ref: str = REF) -> Answer:
    asked = room.press("ngozi", "family.erase", family=room.family(REF))
    assert isinstance(asked, Ask), said(asked)
    return room.hand_in("ngozi", asked, {"ref": ref, "sure": ["copied"]})


def holds_it(room: Room, who: str = "orla", **answers: Any) -> Answer:
    asked = room.press(who, "family.hold", family=room.family(REF))
    return room.hand_in(who, asked, {"scope": "family", "why": WHY} | answers)


def test_what_was_not_copied_is_never_on_the_list(due_room: Room) -> None:
    page = said(due_room.press("ngozi", "family.stays", family=due_room.family(REF)))
    assert wording.NOT_COPIED in page
    assert wording.ERASE not in page
    assert isinstance(due_room.press("ngozi", "family.erase", family=due_room.family(REF)), Note)
    assert wording.ERASE in said(everything_is_copied(due_room))
    with due_room.reading() as session:
        today = due_room.now.date()
        assert [one.family.id for one in due.due_families(session, rules.rules(), today)] == [due_room.family(REF)]


def test_a_discussion_that_is_not_copied_comes_first(due_room: Room) -> None:
    with due_room.db.write() as session:
        one = session.exec(select(Discussion).where(Discussion.family_id == due_room.family(REF))).first()
        assert one is not None
        one.copied_at = None
        session.add(one)
    assert "First copy the discussions" in said(everything_is_copied(due_room))


def test_what_is_recorded_after_everything_was_copied_takes_it_off_the_list_again(due_room: Room) -> None:
    everything_is_copied(due_room)
    again = due_room.press("orla", "family.reopen", family=due_room.family(REF))
    due_room.hand_in("orla", again, {"opened_on": due_room.now.date().isoformat(), "why": "Back again."})
    with due_room.reading() as session:
        family = session.get_one(Family, due_room.family(REF))
        stops = due.of_family(session, family, rules.rules(), due_room.now.date()).stops
        assert wording.NOT_COPIED in stops


def test_a_manager_confirms_with_the_reference_and_it_is_gone(due_room: Room) -> None:
    everything_is_copied(due_room)
    family_id = due_room.family(REF)
    assert isinstance(erases(due_room, "K9999X"), Wrong)
    done = erases(due_room)
    assert isinstance(done, Done), said(done)
    assert "one post of mine, one message somebody typed" in said(done)
    with due_room.reading() as session:
        assert session.get(Family, family_id) is None
        stone = session.exec(select(Erased)).one()
        assert (stone.of_family_id, stone.by_id) == (family_id, due_room.people["ngozi"])
    page = said(due_room.send("ngozi", EventKind.COMMAND, name="/unit", text="stays"))
    assert "Erased families of this unit" in page
    assert REF not in page
    assert "Mother AD" not in said(due_room.command("orla", "/family", REF))
    assert [one for one in verify(due_room.db) if one.good is False] == []


def test_no_row_about_it_is_left_in_any_table(due_room: Room) -> None:
    everything_is_copied(due_room)
    with due_room.reading() as session:
        family_id = due_room.family(REF)
        gone = erase._rows_of(session, family_id)
    ids = set().union(*gone.values())
    assert {"action", "entry", "contribution", "discussion", "child", "carer", "draft"} <= set(gone)
    erases(due_room)
    with due_room.reading() as session:
        for table in metadata.sorted_tables:
            if table.name in ("audit", "erased", "data_key"):
                continue
            for row in session.connection().execute(table.select()).mappings():
                found = {name for name, value in row.items() if isinstance(value, str) and any(i in value for i in ids)}
                assert found == set(), (table.name, found)


def test_a_hold_stops_it_until_it_is_lifted_and_the_second_to_lift_it_hears_so(due_room: Room) -> None:
    everything_is_copied(due_room)
    open_already = due_room.press("ngozi", "family.erase", family=due_room.family(REF))
    page = holds_it(due_room)
    assert isinstance(page, Done), said(page)
    assert WHY in said(page)
    late = due_room.hand_in("ngozi", open_already, {"ref": REF, "sure": ["copied"]})
    assert isinstance(late, Wrong)
    assert wording.UNDER_HOLD in said(late)
    with due_room.reading() as session:
        row = session.exec(select(LegalHold)).one()
    lifted = due_room.press("orla", "family.hold_lift", family=due_room.family(REF), chosen=row.id)
    assert WHY not in said(lifted)
    again = due_room.press("ngozi", "family.hold_lift", family=due_room.family(REF), chosen=row.id)
    assert wording.NOTHING_TO_LIFT in said(again)
    assert isinstance(erases(due_room), Done)


def test_a_hold_on_everything_is_a_managers_and_stops_every_family(due_room: Room) -> None:
    everything_is_copied(due_room)
    assert isinstance(holds_it(due_room, scope="everything"), Wrong)
    assert isinstance(holds_it(due_room, "ngozi", scope="everything"), Done)
    assert wording.UNDER_HOLD in said(due_room.press("ngozi", "family.erase", family=due_room.family(REF)))


def test_a_hold_cannot_have_ended_already(due_room: Room) -> None:
    yesterday = (due_room.now - timedelta(days=1)).date().isoformat()
    answer = holds_it(due_room, until=yesterday)
    assert isinstance(answer, Wrong)
    assert "until" in answer.errors


def test_a_family_on_the_agenda_of_an_open_meeting_is_not_erased(due_room: Room) -> None:
    everything_is_copied(due_room)
    with due_room.db.write() as session:
        for one in session.exec(select(Discussion).where(Discussion.family_id == due_room.family(REF))):
            one.state = "open"
            session.add(one)
    assert wording.MEETING_ON in said(due_room.press("ngozi", "family.erase", family=due_room.family(REF)))


@pytest.mark.parametrize("who", ["devan", "tomasz", "pippa"])
def test_nobody_else_sees_or_does_any_of_it(due_room: Room, who: str) -> None:
    for press in ("stays", "hold", "copied_all", "erase", "hold_lift"):
        answer = due_room.press(who, f"family.{press}", family=due_room.family(REF))
        assert said(answer).count("Please ask one") == 1, press
    assert "Please ask one" in said(due_room.command(who, "/unit", "stays"))


def test_the_lead_sees_it_and_only_a_manager_erases(due_room: Room) -> None:
    everything_is_copied(due_room)
    assert wording.ERASE not in said(due_room.press("orla", "family.stays", family=due_room.family(REF)))
    assert wording.FOR_MANAGERS in said(due_room.press("orla", "family.erase", family=due_room.family(REF)))


def test_without_a_rule_of_the_council_nothing_is_due(due_room: Room) -> None:
    rules.use(rules.OWN_FILE)
    everything_is_copied(due_room)
    assert wording.ERASE not in said(due_room.press("ngozi", "family.stays", family=due_room.family(REF)))


def test_a_broken_file_of_rules_is_said_and_nothing_is_due(due_room: Room, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("rules: []")
    assert "no rules" in rules.use(broken)
    for answer in (
        due_room.press("ngozi", "family.stays", family=due_room.family(REF)),
        due_room.command("ngozi", "/unit", "stays"),
    ):
        assert "Nothing is due until this is mended" in said(answer)


def test_its_posts_are_deleted_once_when_a_manager_asks(due_room: Room) -> None:
    everything_is_copied(due_room)
    erases(due_room)
    with due_room.reading() as session:
        stone = session.exec(select(Erased)).one()
        (ours,) = [row for row in erase.left_in_chat(session, stone.id) if row.ours]
    assert wording.FOR_MANAGERS in said(due_room.press("orla", "erased.delete", erased=stone.id))
    assert wording.DELETING in said(due_room.press("ngozi", "erased.delete", erased=stone.id))
    assert wording.ASKED_ALREADY in said(due_room.press("ngozi", "erased.delete", erased=stone.id))
    with due_room.reading() as session:
        (row,) = session.exec(select(OutboxMessage).where(OutboxMessage.how == "remove")).all()
        post = posts.find_post(session, row.thread_key)
        assert post is not None
        assert (post.channel, post.ts) == (ours.channel, ours.ts)


# ---- the clock of the machine is wrong for a while


def is_due(room: Room) -> bool:
    with room.reading() as session:
        family = session.get_one(Family, room.family(REF))
        return due.of_family(session, family, rules.rules(), room.now.date()).is_due


def records(room: Room) -> None:
    """Something is written down about the closed family."""
    asked = room.press("devan", "form.open", form="hypothesis", family=room.family(REF))
    done = room.hand_in("devan", asked, {"text": "They may move again.", "where": "family"})
    assert isinstance(done, Done), said(done)


def test_what_is_recorded_while_the_clock_is_set_back_counts_as_recorded_after_the_copy(due_room: Room) -> None:
    everything_is_copied(due_room)
    assert is_due(due_room)
    due_room.now -= timedelta(days=1)
    records(due_room)
    due_room.now += timedelta(days=1)
    assert not is_due(due_room)
    assert wording.NOT_COPIED in said(due_room.press("ngozi", "family.erase", family=due_room.family(REF)))
    everything_is_copied(due_room)
    assert is_due(due_room)


def test_what_was_recorded_while_the_clock_was_ahead_does_not_stay_uncopied_for_ever(due_room: Room) -> None:
    due_room.now += timedelta(days=4000)
    records(due_room)
    due_room.now -= timedelta(days=4000)
    assert not is_due(due_room)
    everything_is_copied(due_room)
    assert is_due(due_room)


def test_a_clock_set_back_by_years_makes_nothing_due_and_erases_nothing(due_room: Room) -> None:
    everything_is_copied(due_room)
    asked = due_room.press("ngozi", "family.erase", family=due_room.family(REF))
    due_room.now -= timedelta(days=5 * 366)
    assert not is_due(due_room)
    assert "cannot be erased now" in said(due_room.hand_in("ngozi", asked, {"ref": REF, "sure": ["copied"]}))
    due_room.now += timedelta(days=5 * 366)
    assert is_due(due_room)
    assert isinstance(erases(due_room), Done)


def test_a_family_closed_while_the_clock_stood_years_back_is_not_due_years_early(due_room: Room) -> None:
    everything_is_copied(due_room)
    due_room.now -= timedelta(days=3 * 366)
    assert not is_due(due_room)
    with due_room.db.write() as session:
        family = session.get_one(Family, due_room.family(REF))
        assert family.closed_on is not None
        family.closed_on -= timedelta(days=10 * 366)
        session.add(family)
    assert not is_due(due_room)
    due_room.now += timedelta(days=3 * 366)
    assert is_due(due_room)


def test_a_hold_that_seemed_over_holds_again_when_the_clock_is_right(due_room: Room) -> None:
    everything_is_copied(due_room)
    until = (due_room.now + timedelta(days=30)).date().isoformat()
    holds_it(due_room, until=until)
    due_room.now += timedelta(days=40)
    assert is_due(due_room)
    due_room.now -= timedelta(days=40)
    assert not is_due(due_room)
    assert wording.UNDER_HOLD in said(due_room.press("ngozi", "family.erase", family=due_room.family(REF)))
