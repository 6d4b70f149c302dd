"""/review: what is due and by what rule, and recording what was held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from handlers.turn import Answer, Ask, Done, Note, Wrong
from prompts_and_forms.card import Card, Table
from prompts_and_forms.days import timescale_file
from prompts_and_forms.days.timescale_file import OWN_FILE
from storage.clinical import clinical_work, reviews
from storage.database.bodies import FamilyBody
from storage.database.tables import Family
from storage.database.tables_machinery import Audit
from storage.database.tables_measures import Review
from storage.export.export import export_unit
from storage.family import families
from tests.worlds.in_memory import buttons_of, text_of
from tests.worlds.records_world import TODAY, Room


def shown(answer: Answer) -> Card:
    assert isinstance(answer, Done | Note), answer
    card = answer.note if isinstance(answer, Done) else answer.card
    assert card is not None
    return card


def body(room: Room, ref: str) -> FamilyBody:
    with room.reading() as session:
        return families.body(session, session.get_one(Family, room.family(ref)))


def held(room: Room, ref: str) -> list[Review]:
    with room.reading() as session:
        return reviews.of_family(session, room.family(ref))


def record(room: Room, ref: str, answers: dict[str, Any], who: str = "devan") -> Answer:
    asked = room.press(who, "form.open", minutes=2, form="review", family=room.family(ref))
    return room.hand_in(who, asked, answers)


def caseload(room: Room) -> int:
    """Families in clinical work now, as the form of a supervision counts them."""
    asked = room.press("tomasz", "supervision.record", unit=room.unit.unit_id)
    assert isinstance(asked, Ask)
    return int(str(next(field.value for field in asked.view.fields if field.key == "caseload")))


def table_of(card: Card) -> Table:
    return next(block for block in card.blocks if isinstance(block, Table))


def said_of(room: Room, ref: str) -> str:
    return text_of(shown(room.command("pippa", "/review", ref)))


class TestTheList:
    def test_late_ones_come_first_and_say_so(self, room: Room) -> None:
        card = shown(room.command("pippa", "/review"))
        table = table_of(card)
        late = [row for row in table.rows if row[2].startswith("late")]
        assert list(table.rows[1 : 1 + len(late)]) == late
        assert any(row[:2] == ("K2045X (IJ)", "Child in need review") for row in late)
        assert table.words.endswith("due in the next four weeks.")
        assert table.words.startswith(f"{len(late)} late")

    def test_a_review_beyond_four_weeks_is_not_listed_yet(self, room: Room) -> None:
        rows = table_of(shown(room.command("pippa", "/review"))).rows
        assert all(row[:2] != ("K3107C (BD)", "Child protection review conference") for row in rows)

    def test_a_family_shows_each_review_with_its_rule_and_source(self, room: Room) -> None:
        said = said_of(room, "K3681B")
        assert "Complex child in need review: booked for 23 November 2026; due by 25 November 2026." in said
        assert "no later than 3 months after initial CCiN planning meeting" in said

    def test_the_sixth_session_calls_for_the_review_of_clinical_work(self, room: Room) -> None:
        assert "Review of clinical work: late: was due 8 November 2026" in said_of(room, "K4419D")

    def test_help_and_unknown_families(self, room: Room) -> None:
        assert "/review CASE-REFERENCE" in text_of(shown(room.command("pippa", "/review", "help")))
        assert "K9999Z" in text_of(shown(room.command("pippa", "/review", "K9999Z")))


class TestRecording:
    CCIN = {"kind": "ccin_review", "family_invited": True, "decided": "Stay for three more months."}

    def test_the_next_one_is_counted_from_it_and_the_familys_dates_follow(self, room: Room) -> None:
        answers = {**self.CCIN, "held_on": room.day(-1), "chaired_by": room.people["graham"]}
        said = text_of(shown(record(room, "K3681B", answers)))
        assert "Complex child in need review of 16 November 2026 is recorded." in said
        assert "The last day in time is 16 February 2027" in said
        (row,) = held(room, "K3681B")
        assert (row.due_on, row.rule_id, row.chaired_by_id) == (
            date(2027, 2, 16),
            "ccin_review_3m",
            room.people["graham"],
        )
        dates = body(room, "K3681B").dates
        assert (dates["last_review"], dates["next_review"]) == (TODAY - timedelta(days=1), None)
        assert "chaired by Graham: Stay for three more months." in said_of(room, "K3681B")

    def test_the_button_of_a_line_opens_the_form_for_it(self, room: Room) -> None:
        card = shown(room.command("pippa", "/review", "K4419D"))
        button = next(b for b in buttons_of(card) if b.args.get("kind") == "six_sessions")
        asked = room.press("tomasz", button.action, **button.args)
        assert isinstance(asked, Ask)
        values = {field.key: field.value for field in asked.view.fields}
        assert (values["kind"], values["held_on"]) == ("six_sessions", room.day(0))

    def test_after_the_review_of_clinical_work_counting_starts_again(self, room: Room) -> None:
        answers = {"kind": "six_sessions", "held_on": room.day(-2), "goes_on": "goes_on"}
        assert isinstance(record(room, "K4419D", answers, "tomasz"), Done)
        with room.reading() as session:
            work = clinical_work.of_family(session, room.family("K4419D"))
        assert (work.state, work.body.awaiting) == ("in_therapy", [])
        assert "Review of clinical work: late" not in said_of(room, "K4419D")

    def test_a_review_that_ends_the_work_is_said_everywhere_at_once(self, room: Room) -> None:
        review_due, ended = "Review after six sessions due", "Ended, closing questionnaires still to come"
        before = caseload(room)
        record(room, "K4419D", {"kind": "six_sessions", "held_on": room.day(-2), "goes_on": "ends"}, "tomasz")
        work, page, listed = (
            text_of(shown(room.command("tomasz", *line)))
            for line in (("/work", "K4419D"), ("/family", "K4419D"), ("/work",))
        )
        timeline = text_of(shown(room.press("tomasz", "family.timeline", family=room.family("K4419D"))))
        for said in (work, page, listed, timeline):
            assert ended in said
        assert review_due not in work + page + listed
        assert caseload(room) == before - 1
        with room.reading() as session:
            export = export_unit(session, room.unit.unit_id, "K4419D")
        (family,), (episode,) = export["families"], export["episodes"]
        assert family["clinical"]["state"] == episode["state"] == "ended_awaiting_measures"
        assert family["clinical"]["ended"] == episode["ended"] == room.day(-2)
        assert (episode["history"][-1]["move"], episode["history"][-1]["by"]) == ("review", "tomasz")

    def test_clinical_work_that_ends_brings_the_closing_questionnaires(self, room: Room) -> None:
        record(room, "K4419D", {"kind": "six_sessions", "held_on": room.day(-2), "goes_on": "ends"}, "tomasz")
        said = text_of(shown(room.command("tomasz", "/measure", "K4419D")))
        assert "SDQ from SR, at the end, due since 15 November 2026" in said
        assert "CHI-ESQ from the child or young person, at the end" in said

    def test_a_core_group_sets_the_next_one(self, room: Room) -> None:
        record(room, "K5052R", {"kind": "core_group", "held_on": room.day(0), "next_on": room.day(40)})
        assert body(room, "K5052R").dates["next_core_group"] == TODAY + timedelta(days=40)
        assert held(room, "K5052R")[0].due_on == TODAY + timedelta(days=42)

    @pytest.mark.parametrize(
        ("change", "field", "words"),
        [
            ({"kind": "lac_review"}, "kind", "not on that kind of plan"),
            ({"next_on": -3}, "next_on", "before the one that was held"),
            ({"held_on": -9, "next_on": -3}, "next_on", "dated in the past"),
            ({"held_on": 2}, "held_on", "to come"),
            ({"kind": "agreement"}, "agreement", "choose the agreement"),
            ({"next_on": 250}, "why_later", "later than the last day the rule allows (17 May 2027)"),
        ],
    )
    def test_what_cannot_be_is_said_beside_the_field(
        self, room: Room, change: dict[str, Any], field: str, words: str
    ) -> None:
        days = {key: room.day(value) for key, value in change.items() if isinstance(value, int)}
        answer = record(room, "K3107C", {"kind": "conference", "held_on": room.day(0), **change, **days})
        assert isinstance(answer, Wrong)
        assert words in answer.errors[field]
        assert held(room, "K3107C") == []

    def test_a_later_day_is_kept_with_its_reason(self, room: Room) -> None:
        answers = {"kind": "conference", "held_on": room.day(0), "next_on": room.day(250), "why_later": "Court in May"}
        assert isinstance(record(room, "K3107C", answers), Done)
        assert "after the last day the rule allows, 17 May 2027" in said_of(room, "K3107C")

    def test_the_same_day_twice_is_refused(self, room: Room) -> None:
        answers = {"kind": "conference", "held_on": room.day(0)}
        record(room, "K3107C", answers)
        again = record(room, "K3107C", {**answers, "decided": "Something else"})
        assert isinstance(again, Wrong)
        assert "already recorded" in again.errors["held_on"]


class TestTheUnitsOwn:
    def test_supervision_is_recorded_and_due_a_month_later(self, room: Room) -> None:
        card = shown(room.command("ngozi", "/review", "unit"))
        assert "Clinical supervision of Tomasz: due by 17 December 2026." in text_of(card)
        button = next(b for b in buttons_of(card) if b.args.get("kind") == "supervision")
        asked = room.press("ngozi", button.action, **button.args)
        room.hand_in("ngozi", asked, {"held_on": room.day(-7), "chaired_by": room.people["ngozi"]})
        said = text_of(shown(room.command("ngozi", "/review", "unit")))
        assert "Clinical supervision of Tomasz: due by 10 December 2026." in said
        with room.reading() as session:
            (row,) = reviews.of_unit(session, room.unit.unit_id)
            assert any(line.row_id == row.id for line in session.exec(select(Audit)))

    def test_a_staff_meeting_is_about_nobody(self, room: Room) -> None:
        asked = room.press("ngozi", "review.record_unit", unit=room.unit.unit_id, kind="clinical_staff")
        room.hand_in("ngozi", asked, {"held_on": room.day(-1)})
        said = text_of(shown(room.command("ngozi", "/review", "unit")))
        assert "Clinical staff meeting: due by 16 February 2027." in said


class TestRulesThatChange:
    @pytest.fixture
    def own_file(self, tmp_path: Path) -> Iterator[Path]:
        path = tmp_path / "timescales.yaml"
        path.write_text(OWN_FILE.read_text("utf-8"), "utf-8")
        timescale_file.use(path)
        yield path
        timescale_file.use(OWN_FILE)

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        place = text.index("  - id: ccin_review_3m")
        assert old in text[place:]
        path.write_text(text[:place] + text[place:].replace(old, new, 1) + "\n", "utf-8")

    def test_a_due_day_kept_before_stays_and_is_explained(self, room: Room, own_file: Path) -> None:
        record(room, "K3681B", {"kind": "ccin_review", "held_on": room.day(-1)})
        self.edit(own_file, "limit: 3", "limit: 2")
        said = said_of(room, "K3681B")
        assert "Complex child in need review: due by 16 February 2027." in said
        assert "The rule has changed since. This day was counted by the rule as it was" in said
        assert "no later than 3 months" in said

    def test_days_not_kept_yet_follow_the_new_rule(self, room: Room, own_file: Path) -> None:
        self.edit(own_file, "limit: 3", "limit: 4")
        assert "due by 25 December 2026" in said_of(room, "K3681B")

    def test_a_broken_file_is_said_with_its_line_and_the_old_rules_stay(self, room: Room, own_file: Path) -> None:
        self.edit(own_file, "limit: 3", "limit: three")
        card = shown(room.command("pippa", "/review"))
        assert "timescales.yaml, line" in text_of(card)
        assert "Complex child in need review" in text_of(card)
