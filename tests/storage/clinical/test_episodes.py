"""Pieces of clinical work: loaded in their states, moved on, and told on the family's page. On both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.practice.sample.unit_file import LoadedUnit
from prompts_and_forms.clinical import pathway
from storage.clinical import clinical_work, episodes, tracking
from storage.clinical.tracking import Asked
from storage.database.bodies import AgreementBody, TrackingBody
from storage.database.db import Database
from storage.database.tables import Family
from storage.decisions import agreements
from storage.export.export import export_unit
from tests.worlds.sample import sample_in

TODAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
STATES = {
    "K3107C": "in_therapy",
    "K2284H": "initial_consultation_only",
    "K4419D": "review_due",
    "K1936E": "none",
    "K2770L": "commissioning_booked",
    "K1218Y": "ended_awaiting_measures",
    "K4903E": "referred_to_panel",
    "K5377U": "urgent_tier3",
}
EVERYBODY = ("clinician", "consultant_social_worker", "clinical_manager", "unit_coordinator")


@pytest.fixture
def unit(db: Database) -> LoadedUnit:
    return sample_in(db, day=TODAY, channel="C0KESTREL", now=NOW)


def work_of(session: Session, unit: LoadedUnit, ref: str) -> tuple[Family, episodes.Episode]:
    family = session.get_one(Family, unit.families[ref])
    found = episodes.current(session, family.id)
    assert found is not None
    return family, found


@pytest.mark.parametrize("ref", STATES)
def test_loaded_work_stands_where_it_stood_and_can_go_on(db: Database, unit: LoadedUnit, ref: str) -> None:
    with db.read() as session:
        family, episode = work_of(session, unit, ref)
        assert episode.state == STATES[ref]
        moves = pathway.allowed(episodes.standing(session, family.id, episode, EVERYBODY))
        assert [move for move in moves if not move.urgent]


def test_loaded_work_keeps_its_sessions_and_its_past(db: Database, unit: LoadedUnit) -> None:
    with db.read() as session:
        _family, episode = work_of(session, unit, "K4419D")
        assert (episode.sessions, episode.reviewed_at) == (6, 0)
        moves = [change.move for change, _why in episodes.changes(session, episode)]
        assert moves == ["consult", "commission", *["session"] * 6]
        kinds = [line.kind for line in tracking.of_family(session, episode.family_id)]
        assert kinds == ["consultation", "meeting", *["session"] * 6]


def test_urgent_work_knows_where_it_was_before(db: Database, unit: LoadedUnit) -> None:
    with db.read() as session:
        _family, episode = work_of(session, unit, "K5377U")
        assert episode.back_state == "commissioned"


def test_a_move_is_kept_with_who_and_why(db: Database, unit: LoadedUnit) -> None:
    with db.write() as session:
        family, episode = work_of(session, unit, "K2284H")
        move = pathway.move("close")
        episode.ended_on = TODAY
        episodes.advance(
            session, family, episode, move, "ended", on=TODAY, by_id=unit.people["ngozi"], now=NOW, why="They moved."
        )
    with db.read() as session:
        family, episode = work_of(session, unit, "K2284H")
        change, why = episodes.changes(session, episode)[-1]
        assert (change.from_state, change.to_state, why) == ("initial_consultation_only", "ended", "They moved.")
        work = clinical_work.of_family(session, family.id)
        assert (work.state, work.ended_on) == ("ended", TODAY)


def test_a_new_piece_of_work_begins_afresh_and_leaves_the_old_one(db: Database, unit: LoadedUnit) -> None:
    with db.write() as session:
        family, _old = work_of(session, unit, "K1218Y")
        new = episodes.begin(session, family, TODAY, NOW)
        assert (new.no, new.state, new.sessions) == (2, "referred", 0)
        assert clinical_work.of_family(session, family.id).session_days == ()
        assert [one.state for one in episodes.of_family(session, family.id)] == ["ended_awaiting_measures", "referred"]


def test_after_a_review_counting_begins_again_and_an_older_one_changes_nothing(db: Database, unit: LoadedUnit) -> None:
    with db.write() as session:
        family, episode = work_of(session, unit, "K4419D")
        for ago, ends in ((0, False), (3, True)):
            on = TODAY - timedelta(days=ago)
            episodes.reviewed(session, family, on, ends=ends, by_id=None, now=NOW)
            assert (episode.state, episode.reviewed_at, episode.reviewed_on) == ("in_therapy", 6, TODAY)
        assert [change.move for change, _why in episodes.changes(session, episode)].count("review") == 1


def test_a_review_may_end_the_work(db: Database, unit: LoadedUnit) -> None:
    with db.write() as session:
        family, _episode = work_of(session, unit, "K4419D")
        episodes.reviewed(session, family, TODAY, ends=True, by_id=unit.people["tomasz"], now=NOW)
        work = clinical_work.of_family(session, family.id)
        assert (work.state, work.ended_on, work.next_session) == ("ended_awaiting_measures", TODAY, None)
        assert work.body.awaiting == ["sdq_end", "chi_esq"]


def test_families_without_clinical_work_have_an_answer_too(db: Database, unit: LoadedUnit) -> None:
    with db.read() as session:
        assert clinical_work.of_families(session, ["nobody"]) == {"nobody": clinical_work.ClinicalWork()}


def test_after_a_review_an_older_agreement_no_longer_counts(db: Database, unit: LoadedUnit) -> None:
    with db.write() as session:
        family_id, who = unit.families["K4903E"], unit.people
        body = AgreementBody(space="joint_session", focus="A calm tea-time.")
        offered = agreements.offer(session, family_id, body, by_id=who["tomasz"], made_on=TODAY, now=NOW)
        assert not episodes.agreed_since(session, family_id, None)
        agreements.confirm(session, offered, "social_work", by_id=who["orla"], now=NOW)
        agreements.confirm(session, offered, "clinical", by_id=who["tomasz"], now=NOW)
        assert episodes.agreed_since(session, family_id, None)
        assert episodes.agreed_since(session, family_id, TODAY)
        assert not episodes.agreed_since(session, family_id, date(2026, 11, 18))


def test_a_corrected_record_corrects_its_line_and_makes_no_second_one(db: Database, unit: LoadedUnit) -> None:
    family_id, tomasz = unit.families["K1936E"], unit.people["tomasz"]

    def line(session: Session, source: str, words: str, instead_of: str = "") -> None:
        tracking.keep(
            session,
            unit_id=unit.unit_id,
            family_id=family_id,
            person_id=tomasz,
            on=TODAY,
            kind="meeting",
            source=source,
            body=TrackingBody(description=words, themes=["loss"]),
            by_id=tomasz,
            now=NOW,
            instead_of=instead_of,
        )

    with db.write() as session:
        line(session, "entry:1", "First words")
        line(session, "entry:2", "Better words", instead_of="entry:1")
        line(session, "entry:2", "Best words")
        found = tracking.lines(session, Asked(unit.unit_id, TODAY, TODAY, tomasz, "meeting"))
        assert [tracking.body(session, one).description for one in found] == ["Best words"]
        assert b"Best words" not in found[0].sealed
        assert tracking.has_line(session, family_id, TODAY, ("meeting",))
        assert not tracking.has_line(session, family_id, TODAY, ("session",))


def test_every_line_of_some_days_is_read_oldest_first(db: Database, unit: LoadedUnit) -> None:
    with db.read() as session:
        days = [one.on for one in tracking.every_line(session, Asked(unit.unit_id, date(2026, 9, 1), TODAY))]
        assert days == sorted(days)
        assert len(days) > 5


def test_clinical_work_is_in_the_export_of_the_unit_and_of_one_family(db: Database, unit: LoadedUnit) -> None:
    with db.read() as session:
        whole = export_unit(session, unit.unit_id)
        one = export_unit(session, unit.unit_id, "K4419D")
    assert {row["family"]: row["state"] for row in whole["episodes"]}.items() >= STATES.items()
    (episode,) = one["episodes"]
    assert (episode["sessions_held"], len(episode["history"]), episode["clinician"]) == (6, 8, "tomasz")
    assert {line["family"] for line in one["tracking"]} == {"K4419D"}
    assert one["signatures"] == []
