"""/family, as the people of a unit meet it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from handlers.turn import ChannelFacts, ChannelTrouble, Done
from storage.database.db import Database
from storage.database.tables import Discussion, Family, Meeting
from storage.database.tables_machinery import Audit
from storage.export.export import export_unit
from storage.family import access, families
from storage.unit import people, units
from tests.worlds.in_memory import an_ask, faults, words_of
from tests.worlds.setting_up import (
    NOW,
    TODAY,
    Seat,
    a_family,
    add_child,
    correcting,
    family_card,
    heron_unit,
    kept,
    person_id,
)

# ---- adding


def test_a_family_is_added_and_shown(ben: Seat) -> None:
    ask = ben.asked("/family add b1234c")
    said = words_of(
        ben.submit(
            ask,
            initials="QD",
            category="child_protection",
            lead_worker=person_id(ben.db, "UBEN"),
            allocated="2026-02-20",
            visiting_days="10",
            summary="Two children at home.\nمرحبا 🌱 <!channel> *bold* &amp;",
        )
    )
    assert "B1234C (QD)" in said
    assert "Category: child protection" in said
    assert "Lead worker: Ben" in said
    assert "With the unit since: 20 Feb 2026" in said
    assert "Each child is seen: every 10 days" in said
    assert "Two children at home.\nمرحبا 🌱 <!channel> *bold* &amp;" in said


@pytest.mark.parametrize("ref", ["12", "B1234C B1234D", "🌱", "B" * 200, "אבגד", "<@U1>"])
def test_a_reference_of_another_shape_is_explained_and_nothing_typed_is_lost(ben: Seat, ref: str) -> None:
    answer = ben.submit(ben.asked("/family add"), ref=ref, category="child_in_need")
    assert "ref" in faults(answer)
    assert "B1234C" not in ben.says("/family list")


def test_a_reference_that_is_not_free_is_refused_in_the_same_words_whoever_has_it(db: Database, ben: Seat) -> None:
    """Of another unit, or of the own unit and closed to whoever asks. One that they see is said to be here."""
    a_family(db, heron_unit(db, "Egret Unit", "CEGRET", "E"), "K1234L")
    hidden = a_family(db, _own_unit(db), "B1234C")
    a_family(db, _own_unit(db), "B2234D")
    with db.write() as session:
        closed = session.get_one(Family, hidden)
        ids = {"person_id": person_id(db, "UBEN"), "by_id": person_id(db, "UOLA")}
        access.close_to(
            session, closed, kind=access.NOT_THIS_WORKER, reason="A neighbour", review_on=None, now=NOW, **ids
        )
    said = [
        faults(ben.submit(ben.asked(f"/family add {ref}"), category="child_in_need"))
        for ref in ("K1234L", "B1234C", "B2234D")
    ]
    assert said[0] == said[1] != said[2]
    assert "Egret" not in said[0]["ref"]
    assert "already known" in said[2]["ref"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("allocated", "2026-02-31"), ("allocated", "soon"), ("allocated", "2027-01-01"), ("visiting_days", "0")],
)
def test_impossible_answers_are_explained_beside_their_field(ben: Seat, field: str, value: str) -> None:
    answer = ben.submit(ben.asked("/family add B1234C"), category="child_in_need", **{field: value})
    assert field in faults(answer)


def test_somebody_who_left_cannot_be_made_lead_worker(ben: Seat) -> None:
    with ben.db.write() as session:
        membership = people.membership(session, _own_unit(ben.db), person_id(ben.db, "UTAM"))
        assert membership is not None
        people.leave_unit(session, membership, TODAY)
    ask = ben.asked("/family add B1234C")
    answer = ben.submit(ask, category="child_in_need", lead_worker=person_id(ben.db, "UTAM"))
    assert "Tam has left the unit" in faults(answer)["lead_worker"]


# ---- finding and reading


def test_a_family_of_another_unit_is_answered_like_one_nobody_knows(db: Database, ben: Seat) -> None:
    a_family(db, heron_unit(db, "Egret Unit", "CEGRET", "E"), "K1234L")
    assert ben.says("/family K1234L") == ben.says("/family K9999L").replace("K9999L", "K1234L")


@pytest.mark.parametrize(
    "pasted", ["\u200bB1234C", "b12\u200b34c", "`B1234C`", "“B1234C”", "\ufeffB1234C\u200e", "'B1234C'."]
)
def test_a_reference_is_found_however_it_was_pasted(ben: Seat, family_id: str, pasted: str) -> None:
    assert "B1234C" in words_of(family_card(ben, pasted))
    assert ben.asked(f"/family close {pasted}").view.form == "family_close"
    assert "ref" in faults(ben.submit(ben.asked("/family add"), ref=pasted, category="child_in_need"))


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff \u200e", "\u3164"])
def test_what_nobody_can_see_is_no_answer(ben: Seat, family_id: str, unseen: str) -> None:
    assert "initials" in faults(add_child(ben, initials=unseen))
    outcome = an_ask(ben.press(family_card(ben), "Add a plan outcome"))
    assert "text" in faults(ben.submit(outcome, text=unseen))


def test_half_a_character_in_a_form_is_kept_with_a_replacement_sign(ben: Seat, family_id: str) -> None:
    assert "Q\ufffd" in words_of(add_child(ben, initials="Q\ud83d"))


def test_a_button_of_another_unit_s_family_shows_nothing(db: Database, ben: Seat, family_id: str) -> None:
    heron_unit(db, "Egret Unit", "CEGRET", "E")
    card = family_card(ben)
    stranger = Seat(db, "EUBEN", channel="CEGRET")
    assert "B1234C" not in words_of(stranger.press(card, "Key dates"))


def test_reading_a_family_is_kept_as_an_audit_row(ben: Seat, family_id: str) -> None:
    family_card(ben)
    with ben.db.read() as session:
        rows = session.exec(select(Audit).where(Audit.family_id == family_id, Audit.what == "read")).all()
    assert [row.person_id for row in rows] == [person_id(ben.db, "UBEN")]


def test_the_list_shows_category_next_date_and_when_the_family_was_last_discussed(ben: Seat, family_id: str) -> None:
    a_family(ben.db, _own_unit(ben.db), "A1111B", "looked_after", dates={"next_review": date(2026, 3, 1)})
    with ben.db.write() as session:
        family = session.get_one(Family, family_id)
        family.last_discussed_on, family.last_discussed_kind = date(2026, 2, 24), "light"
    said = ben.says("/family")
    assert "A1111B (QD) | looked after | Next review: 1 Mar 2026, overdue by 2 days | never" in said
    assert "B1234C (QD) | child in need | none recorded | 24 Feb 2026 (7 days ago), light" in said
    assert said.index("A1111B") < said.index("B1234C")


def test_initials_are_left_out_where_the_unit_chose_so(ben: Seat, family_id: str) -> None:
    ben.submit(ben.asked("/unit settings"), show_initials="no")
    assert "QD" not in ben.says("/family")
    assert "QD" not in words_of(family_card(ben))


def test_an_empty_unit_says_so(ben: Seat) -> None:
    assert "no open families yet" in ben.says("/family")


def test_help_and_unknown_words_say_what_is_possible(ben: Seat) -> None:
    assert "/family add" in ben.says("/family help")
    assert "This is what is possible" in ben.says("/family please show everything")
    assert "/family list does the same" in ben.says(f"/family a {'x' * 12000}")


def test_outside_a_unit_s_channel_families_are_not_shown(db: Database, family_id: str) -> None:
    assert "B1234C (" not in Seat(db, "UBEN", channel="CTOWN").says("/family B1234C")
    assert "not in this unit" in Seat(db, "UZED").says("/family B1234C")


def test_a_public_channel_shows_no_family(ben: Seat, family_id: str) -> None:
    assert "QD" not in ben.says("/family B1234C", facts=ChannelFacts(trouble=ChannelTrouble.read("public")))


# ---- safe contact


def test_a_safe_contact_warning_comes_before_everything_about_people(ben: Seat, family_id: str) -> None:
    ask = an_ask(ben.press(family_card(ben), "Add a parent or carer"))
    ben.submit(ask, initials="DC", relation="father", safe_contact="Do not write to him. 🚫 اتصل", summary=None)
    said = words_of(family_card(ben))
    assert "Safe contact, before anything else: B1234C-A (DC): Do not write to him. 🚫 اتصل" in said
    assert said.index("Safe contact, before anything else") < said.index("Category")
    assert "read the warning at the top first" in said


# ---- dates, category, permission


def test_key_dates_are_set_and_taken_away(ben: Seat, family_id: str) -> None:
    ask = an_ask(ben.press(family_card(ben), "Key dates"))
    ben.submit(
        ask, next_review="2026-03-13", court_on="2026-04-01", court_type="first hearing", plan_start="2026-01-10"
    )
    said = words_of(family_card(ben))
    assert "Next review: 13 Mar 2026 (in 10 days)" in said
    assert "Court: 1 Apr 2026 (in 29 days), first hearing" in said
    ben.submit(an_ask(ben.press(family_card(ben), "Key dates")), court_on=None, court_type=None)
    assert "Court" not in words_of(family_card(ben))


def test_a_change_of_category_keeps_its_date_who_decided_and_why(ben: Seat, family_id: str) -> None:
    ask = an_ask(ben.press(family_card(ben), "Change of category"))
    values = {
        "category": "child_protection",
        "from": "2026-03-01",
        "decided_by": "outside",
        "why": "The conference agreed.",
    }
    said = words_of(ben.submit(ask, **values))
    assert "Category: child protection" in said
    assert "child in need from 5 Jan 2026" in said
    assert "child protection from 1 Mar 2026, decided by someone outside the unit: The conference agreed." in said
    assert kept(ben.db, family_id).category == "child_protection"


def test_stepping_from_child_protection_to_complex_child_in_need_asks_a_question_and_blocks_nothing(
    db: Database, ben: Seat
) -> None:
    protected = a_family(db, _own_unit(db), "B1234C", "child_protection")
    ask = an_ask(ben.press(family_card(ben), "Change of category"))
    values = {"category": "complex_child_in_need", "from": "2026-03-01", "why": "Agreed at the review."}
    answer = ben.submit(ask, decided_by=person_id(db, "UOLA"), **values)
    assert "What tells us this step fits" in words_of(answer)
    assert kept(db, protected).category == "complex_child_in_need"


def test_the_same_category_again_is_no_change(ben: Seat, family_id: str) -> None:
    ask = an_ask(ben.press(family_card(ben), "Change of category"))
    values = {"category": "child_in_need", "from": "2026-03-01", "decided_by": "outside", "why": "x"}
    assert "category" in faults(ben.submit(ask, **values))


def test_an_earlier_change_found_out_later_does_not_become_the_category_of_today(ben: Seat, family_id: str) -> None:
    ask = an_ask(ben.press(family_card(ben), "Change of category"))
    values = {"category": "looked_after", "from": "2025-06-01", "decided_by": "outside", "why": "Before our time."}
    ben.submit(ask, **values)
    assert kept(ben.db, family_id).category == "child_in_need"


# ---- details and closing


def test_a_mistyped_reference_is_corrected_with_the_keys_made_from_it(ben: Seat, family_id: str) -> None:
    add_child(ben, initials="TD")
    ben.submit(correcting(ben, "Reference, lead worker"), ref="b1235c")
    assert "B1235C-1 (TD)" in words_of(family_card(ben, "B1235C"))
    assert "do not know" in ben.says("/family B1234C")


def test_a_reference_stays_once_the_family_was_discussed(ben: Seat, family_id: str) -> None:
    _discuss(ben.db, family_id, "closed")
    assert "stays" in faults(ben.submit(correcting(ben, "Reference, lead worker"), ref="B1235C"))["ref"]


def test_a_family_is_closed_leaves_the_list_and_can_still_be_read_and_opened_again(ben: Seat, family_id: str) -> None:
    said = words_of(ben.submit(ben.asked("/family close B1234C"), why="Settled with grandmother."))
    assert "B1234C (QD) is closed" in said
    assert "B1234C" not in ben.says("/family list")
    card = family_card(ben)
    assert "Closed: 3 Mar 2026" in words_of(card)
    ben.submit(an_ask(ben.press(card, "Open this family again")), why="A new referral by school.")
    assert "B1234C" in ben.says("/family list")


def test_who_closed_and_who_opened_again_when_and_why_is_in_the_timeline_and_the_export(
    ben: Seat, family_id: str, unit_id: str
) -> None:
    for round_ in ("first", "second"):
        ben.submit(ben.asked("/family close B1234C"), why=f"Settled, the {round_} time.")
        ben.submit(an_ask(ben.press(family_card(ben), "Open this family again")), why=f"Asked back, the {round_} time.")
    said = words_of(ben.press(family_card(ben), "Timeline"))
    for round_ in ("first", "second"):
        assert f"Family closed, Ben: Settled, the {round_} time." in said
        assert f"Family opened again, Ben: Asked back, the {round_} time." in said
    with ben.db.read() as session:
        [family] = export_unit(session, unit_id)["families"]
    first, second = family["closings"]
    assert (first["why_closed"], second["why_opened"]) == ("Settled, the first time.", "Asked back, the second time.")
    assert {one["opened_again"] for one in family["closings"]} == {TODAY.isoformat()}
    assert "ben" in str(family["closings"][0]["closed_by"]).lower()


def test_a_family_closed_before_this_was_kept_is_opened_again_with_the_time_it_was_closed(
    ben: Seat, family_id: str
) -> None:
    ben.submit(ben.asked("/family close B1234C"), why="Settled.")
    with ben.db.write() as session:
        row = session.get_one(Family, family_id)
        families.keep_body(session, row, families.body(session, row).model_copy(update={"closings": []}))
        row.closed_on = date(2025, 9, 1)
        session.add(row)
    ben.submit(an_ask(ben.press(family_card(ben), "Open this family again")), why="Asked back.")
    with ben.db.read() as session:
        assert families.body(session, session.get_one(Family, family_id)).closed_time() == ((date(2025, 9, 1), TODAY),)


def test_closing_needs_a_reference_and_a_family_not_closed_yet(ben: Seat, family_id: str) -> None:
    assert "Say which family" in ben.says("/family close")
    ben.submit(ben.asked("/family close B1234C"), why="Settled.")
    assert "is closed already" in ben.says("/family close B1234C")


def test_a_family_is_not_closed_in_the_middle_of_its_discussion(ben: Seat, family_id: str) -> None:
    _discuss(ben.db, family_id, "open")
    assert "being discussed right now" in ben.says("/family close B1234C")


def test_a_family_cannot_have_closed_before_it_came(ben: Seat, family_id: str) -> None:
    answer = ben.submit(ben.asked("/family close B1234C"), closed_on="2026-01-01", why="Settled.")
    assert "closed_on" in faults(answer)


def test_twelve_thousand_characters_come_back_as_they_were_typed(ben: Seat) -> None:
    text = "“Über” مرحبا 🌱 " * 801
    pieces = [text[i : i + 3000] for i in range(0, len(text), 3000)]
    flat = {"summary": pieces[0]} | {f"summary~{n}": piece for n, piece in enumerate(pieces[1:], start=2)}
    ask = ben.asked("/family add B1234C")
    assert isinstance(ben.submit(ask, category="child_in_need", **flat), Done)
    with ben.db.read() as session:
        family = families.anywhere(session, "B1234C")
        assert family is not None
        assert families.body(session, family).summary == text


def _own_unit(db: Database) -> str:
    with db.read() as session:
        unit = units.by_name(session, "Heron Unit")
        assert unit is not None
        return unit.id


def _discuss(db: Database, family_id: str, state: str) -> None:
    with db.write() as session:
        family = session.get_one(Family, family_id)
        meeting = Meeting(unit_id=family.unit_id, day=TODAY, opened_at=NOW)
        session.add(meeting)
        session.flush()
        session.add(
            Discussion(
                meeting_id=meeting.id,
                family_id=family_id,
                unit_id=family.unit_id,
                kind="full",
                first_kind="full",
                stage="open",
                state=state,
                started_at=NOW,
            )
        )


def test_how_a_list_comes_in_is_said_with_its_headings(ben: Seat) -> None:
    said = ben.says("/family import")
    assert "Send me the list as a CSV file in a direct message" in said
    assert "Case reference,Family initials,Category" in said
