"""Asking for a document: a button, a row of the outbox, and nothing for anybody outside the unit."""

from __future__ import annotations

import pytest
from sqlmodel import select

from handlers import routes
from handlers.documents import read_key
from handlers.turn import Note
from prompts_and_forms.card import Button
from storage.database.tables_machinery import Audit, OutboxMessage
from storage.family import families
from tests.worlds.assessing import signed
from tests.worlds.in_memory import buttons_of, menus_of, text_of
from tests.worlds.records_world import Room, other_unit_with_family


def asked(room: Room) -> list[OutboxMessage]:
    with room.reading() as session:
        return list(session.exec(select(OutboxMessage).where(OutboxMessage.how == "file")))


@pytest.fixture
def talk(room: Room) -> str:
    routes.load()
    return room.discuss("K3107C")


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_press_asks_for_one_document_for_the_person_who_pressed(room: Room, talk: str, form: str) -> None:
    answer = room.press("devan", f"document.{form}", what="record", row=talk, discussion=talk)
    assert isinstance(answer, Note)
    assert "direct messages" in text_of(answer.card)
    (row,) = asked(room)
    found = read_key(row.key)
    assert found is not None
    assert (found.what, found.row_id, found.form, found.person_id) == ("record", talk, form, room.people["devan"])
    assert (row.channel, bool(row.chat_user)) == ("", True)


def test_every_press_asks_anew(room: Room, talk: str) -> None:
    for _ in range(2):
        room.press("devan", "document.pdf", what="record", row=talk, discussion=talk)
    assert len(asked(room)) == 2


def test_it_is_audited_as_a_document_of_the_family(room: Room, talk: str) -> None:
    room.press("devan", "document.pdf", what="record", row=talk, discussion=talk)
    with room.reading() as session:
        (row,) = session.exec(select(Audit).where(Audit.what == "document")).all()
    assert (row.family_id, row.person_id, row.row_id) == (room.family("K3107C"), room.people["devan"], talk)


def test_somebody_of_another_unit_is_told_it_is_not_there(room: Room, talk: str) -> None:
    other_unit_with_family(room, "H0001A")
    for what, row in (("record", talk), ("agreement", next(iter(room.unit.agreements.values())))):
        answer = room.press("ida", "document.pdf", what=what, row=row)
        assert isinstance(answer, Note)
    assert asked(room) == []


@pytest.mark.parametrize(("what", "row"), [("record", "0" * 32), ("else", ""), ("form", ""), ("agreement", "x")])
def test_what_is_not_there_has_no_document(room: Room, talk: str, what: str, row: str) -> None:
    room.press("devan", "document.pdf", what=what, row=row)
    assert asked(room) == []


def test_the_record_and_the_agenda_offer_their_documents(room: Room, talk: str) -> None:
    record = room.press("devan", "discussion.record", discussion=talk)
    agenda = room.command("pippa", "/meeting", "agenda")
    assert isinstance(record, Note)
    assert isinstance(agenda, Note)
    assert {"PDF", "Word"} <= {button.label for button in buttons_of(record.card)}
    labels = {button.label for button in buttons_of(agenda.card)}
    assert {"PDF", "Word", "Blank script, full", "Blank script, light"} <= labels


@pytest.mark.parametrize("kind", ["full", "light"])
def test_a_blank_script_is_offered_in_both_forms(room: Room, talk: str, kind: str) -> None:
    choice = room.press("devan", "document.choose", what="script", row=kind, unit=room.unit.unit_id)
    assert isinstance(choice, Note)
    for button in buttons_of(choice.card):
        room.press("devan", button.action, **button.args)
    assert [found.row_id for row in asked(room) if (found := read_key(row.key))] == [kind, kind]


def test_every_document_of_a_family_is_reached_from_its_page(room: Room) -> None:
    entry = signed(room)
    talk = room.discuss("K2770L")
    page = room.command("orla", "/family", "K2770L")
    assert isinstance(page, Note)
    found = next(one for one in buttons_of(page.card) if one.label == "Documents")
    listed = room.press("orla", found.action, **found.args)
    assert isinstance(listed, Note)
    (menu,) = menus_of(listed.card)
    labels = {choice.value: choice.label for choice in menu.choices}
    assert labels[f"record:{talk}"] == "17 November 2026: Record of a full discussion"
    assert labels[f"form:{entry.id}"] == "17 November 2026: Clinician's assessment"
    for value in labels:
        choice = room.press("orla", menu.action, **menu.args, chosen=value)
        assert isinstance(choice, Note)
        pdf = next(one for one in buttons_of(choice.card) if one.label == "PDF")
        room.press("orla", pdf.action, **pdf.args)
    assert len(asked(room)) == len(labels)


def test_the_documents_of_a_family_of_another_unit_are_not_there(room: Room) -> None:
    other_unit_with_family(room, "H0001A")
    answer = room.press("orla", "family.documents", family=room.family("H0001A"))
    assert isinstance(answer, Note)
    assert menus_of(answer.card) == []


def test_a_record_of_supervision_is_for_the_clinician_and_managers(room: Room) -> None:
    form = room.press("ngozi", "supervision.record", unit=room.unit.unit_id)
    room.hand_in("ngozi", form, {"talked": "Two families."})
    (entry,) = room.entries("supervision_record")
    for who in ("orla", "tomasz", "ngozi"):
        room.press(who, "document.pdf", what="form", row=entry.id, unit=room.unit.unit_id)
    people_of = {read.person_id for row in asked(room) if (read := read_key(row.key))}
    assert people_of == {room.people["tomasz"], room.people["ngozi"]}


def sheets(room: Room, who: str, *words: str) -> list[Button]:
    shown = room.command(who, "/track", *words)
    assert isinstance(shown, Note)
    return [button for button in buttons_of(shown.card) if button.action == "document.list"]


def test_the_tracking_form_comes_as_a_spreadsheet_of_the_days_that_are_shown(room: Room) -> None:
    found = {button.label: button for button in sheets(room, "tomasz", "unit")}
    assert set(found) == {"As a spreadsheet", "As CSV", "Caseload as a spreadsheet"}
    for label in found:
        room.press("tomasz", "document.list", **found[label].args)
    keys = [read_key(row.key) for row in asked(room)]
    assert {(key.what, key.form) for key in keys if key} == {
        ("tracking", "xlsx"),
        ("tracking", "csv"),
        ("caseload", "xlsx"),
    }
    assert {key.row_id for key in keys if key} == {"2026-10-20.2026-11-17..", ""}
    with room.reading() as session:
        found_rows = session.exec(select(Audit).where(Audit.what == "document")).all()
    assert {(row.row_kind, row.person_id) for row in found_rows if row.family_id is None} == {
        ("unit", room.people["tomasz"])
    }


def test_each_family_in_a_document_about_several_has_a_line_of_its_own(room: Room, talk: str) -> None:
    meeting = room.discussion(talk).meeting_id
    in_all = {"records": {room.family("K3107C")}, "agenda": {room.family("K3107C")}}
    for what, of_them in in_all.items():
        room.press("devan", "document.pdf", what=what, row=meeting, unit=room.unit.unit_id)
        assert of_them <= noted(room, "devan"), what
    room.press("tomasz", "document.list", what="caseload", form="xlsx", unit=room.unit.unit_id)
    with room.reading() as session:
        open_ones = {one.id for one in families.open_families(session, room.unit.unit_id)}
    assert noted(room, "tomasz") == open_ones
    lines = f"{room.day(-60)}.{room.day(0)}.."
    room.press("pippa", "document.list", what="tracking", form="csv", unit=room.unit.unit_id, row=lines)
    assert noted(room, "pippa")
    assert noted(room, "pippa") < open_ones


def noted(room: Room, who: str) -> set[str | None]:
    """The families somebody has had a document of."""
    with room.reading() as session:
        asked_for = select(Audit).where(Audit.what == "document", Audit.person_id == room.people[who])
        return {row.family_id for row in session.exec(asked_for)} - {None}


def test_a_unit_as_a_list_is_not_for_everybody_but_ones_own_week_is(room: Room) -> None:
    assert sheets(room, "marisol", "unit") == []
    (args,) = [button.args for button in sheets(room, "tomasz", "unit") if button.label == "As CSV"]
    refused = room.press("marisol", "document.list", **args)
    assert isinstance(refused, Note)
    assert "Lists of the whole unit are for" in text_of(refused.card)
    own = {**args, "row": f"2026-11-16.2026-11-22.{room.people['marisol']}."}
    room.press("marisol", "document.list", **own)
    (row,) = asked(room)
    assert row.chat_user


@pytest.mark.parametrize("row", ["", "x", "2026-11-16", "2026-11-16.x.."])
def test_days_that_are_none_bring_no_list(room: Room, row: str) -> None:
    room.press("tomasz", "document.list", what="tracking", form="csv", unit=room.unit.unit_id, row=row)
    assert asked(room) == []


def test_the_permission_to_sign_is_among_the_documents_of_a_family_before_there_is_any_other(room: Room) -> None:
    answer = room.press("devan", "family.documents", family=room.family("K3107C"))
    assert isinstance(answer, Note)
    (menu,) = menus_of(answer.card)
    first = [choice.label for choice in menu.choices[:2]]
    assert first == ["Permission to share, for parents and carers", "Permission to share, for a young person"]
    picked = room.press("devan", menu.action, chosen=menu.choices[1].value, **menu.args)
    assert isinstance(picked, Note)
    pdf = next(one for one in buttons_of(picked.card) if one.label == "PDF")
    room.press("devan", pdf.action, **pdf.args)
    (found,) = [read_key(row.key) for row in asked(room)]
    assert found is not None
    assert (found.what, found.row_id) == ("permission", f"{room.family('K3107C')}.young")


def test_the_permission_of_another_units_family_is_not_there(room: Room) -> None:
    other_unit_with_family(room, "H0001A")
    row = f"{room.family('K3107C')}.carers"
    assert isinstance(room.press("ida", "document.pdf", what="permission", row=row), Note)
    assert asked(room) == []


def test_a_record_can_be_had_without_what_people_typed(room: Room, talk: str) -> None:
    read = room.press("devan", "discussion.record", discussion=talk)
    assert isinstance(read, Note)
    without = next(one for one in buttons_of(read.card) if one.label == "Without what was typed")
    choice = room.press("devan", without.action, **without.args)
    assert isinstance(choice, Note)
    word = next(one for one in buttons_of(choice.card) if one.label == "Word")
    room.press("devan", word.action, **word.args)
    (found,) = [read_key(row.key) for row in asked(room)]
    assert found is not None
    assert (found.what, found.row_id) == ("decisions", talk)
