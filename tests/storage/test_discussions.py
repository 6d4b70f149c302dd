"""A discussion, what is typed in it and what is pointed out, on both databases."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlmodel import Session, select

from prompts_and_forms.forms.catalogue import load_form
from storage.database.bodies import ChildBody, FamilyBody
from storage.database.db import Database
from storage.database.tables import Child, Contribution, Discussion, Family, RemarkGiven
from storage.family import families
from storage.forms import entries
from storage.meeting import contributions, discussions, meetings, remarks_given
from tests.worlds.storage_world import NOW, a_person, a_unit, later

TODAY = date(2026, 3, 2)


def a_discussion(session: Session, kind: str = "full") -> Discussion:
    unit, person = a_unit(session), a_person(session)
    family = families.add_family(
        session,
        unit_id=unit.id,
        known=FamilyBody(ref="K3107C"),
        category="child_in_need",
        allocated_on=TODAY,
        lead_worker_id=person.id,
        visiting_days=None,
        decided_by_id=person.id,
        now=NOW,
    )
    families.keep_child(session, family.id, ChildBody(key="K3107C-1"))
    meeting = meetings.start(
        session, unit_id=unit.id, day=TODAY, now=NOW, opened_by=person.id, facilitator=person.id, writer=None
    )
    return discussions.begin(
        session,
        meeting=meeting,
        family=family,
        kind=kind,
        stage="open",
        lead_id=person.id,
        note_taker_id=None,
        present=[person.id],
        now=NOW,
    )


def said(session: Session, talk: Discussion, text: str, ts: str, seconds: float = 0) -> Contribution:
    return contributions.keep(
        session,
        meeting_id=talk.meeting_id,
        discussion=talk,
        stage=talk.stage,
        author_id=talk.lead_id or "",
        channel="C1",
        ts=ts,
        text=text,
        now=later(seconds),
    )


def test_two_moves_at_once_are_one_after_the_other(db: Database) -> None:
    with db.write() as session:
        talk_id = a_discussion(session).id

    def press() -> None:
        with db.write() as session:
            talk = discussions.hold(session, talk_id)
            if talk.stage_no == 1:
                discussions.move(session, talk, "safety", NOW)

    presses = [threading.Thread(target=press) for _ in range(4)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    with db.read() as session:
        talk = discussions.get(session, talk_id)
        assert (talk.stage, talk.stage_no, talk.visited) == ("safety", 2, ["open", "safety"])


def test_each_move_is_remembered(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        for stage in ("safety", "open", "safety"):
            discussions.move(session, talk, stage, NOW)
        assert [discussions.stage_at(talk, number) for number in (1, 2, 3, 4)] == ["open", "safety", "open", "safety"]


def test_words_come_back_with_every_version(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        note = said(session, talk, "One. \r\n 😀", "1.1")
        contributions.edit(session, note, "Two.", talk.lead_id, later(60))
        contributions.move(session, note, "safety", talk.lead_id, later(70))
        contributions.delete(session, note, talk.lead_id, later(80))
        rows = contributions.versions(session, note.id)
        assert [(row.what, row.stage, contributions.text(session, row)) for row in rows] == [
            ("typed", "open", "One. \r\n 😀"),
            ("edited", "open", "Two."),
            ("moved", "safety", "Two."),
            ("deleted", "safety", ""),
        ]
        assert contributions.of_discussion(session, talk.id) == []
        assert len(contributions.of_discussion(session, talk.id, include_deleted=True)) == 1


def test_a_tally_counts_what_is_kept_and_names_the_last(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        assert contributions.tally(session, talk.id, "open") is None
        said(session, talk, "One.", "1.1")
        said(session, talk, "Two.", "1.2", seconds=5)
        contributions.delete(session, said(session, talk, "Three.", "1.3", seconds=9), None, later(10))
        tally = contributions.tally(session, talk.id, "open")
        assert tally is not None
        assert (tally.count, tally.last_at) == (2, later(5))


def test_the_same_words_of_the_same_person_just_now(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        note = said(session, talk, "One.", "1.1")

        def again(words: str, since: float) -> bool:
            return contributions.said_just_now(
                session,
                author_id=note.author_id,
                meeting_id=talk.meeting_id,
                discussion_id=talk.id,
                words=words,
                since=later(since),
            )

        assert again("One.", -60)
        assert not again("One", -60)
        assert not again("One.", 1)


def test_an_older_sighting_never_hides_a_newer_one(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        seen = {"child": "K3107C-1", "by": talk.lead_id}
        discussions.note_seen(session, talk.family_id, [{**seen, "date": "2026-03-01", "alone": False}])
        discussions.note_seen(session, talk.family_id, [{**seen, "date": "2026-02-01", "alone": True}])
        discussions.note_seen(session, talk.family_id, [{**seen, "alone": True}])
        child = session.exec(select(Child)).one()
        assert (child.last_seen_on, child.seen_alone_on) == (date(2026, 3, 1), date(2026, 2, 1))


@pytest.mark.parametrize(("kind", "full_on"), [("full", TODAY), ("light", None)])
def test_finishing_is_remembered_by_the_family(db: Database, kind: str, full_on: date | None) -> None:
    with db.write() as session:
        talk = a_discussion(session, kind)
        discussions.set_next(session, talk, date(2026, 3, 16), "full")
        discussions.close(session, talk, "awaiting", later(60))
        family = session.exec(select(Family)).one()
        assert (family.last_discussed_on, family.last_full_on, family.next_on) == (TODAY, full_on, date(2026, 3, 16))


def test_a_full_discussion_left_for_today_is_not_a_full_one_held(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        discussions.stop(session, talk, talk.lead_id, NOW)
        talk.after_stop = "not_today"
        discussions.close(session, talk, "awaiting", later(60))
        assert session.exec(select(Family)).one().last_full_on is None


def test_going_on_after_a_stop_returns_to_where_it_was(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        discussions.stop(session, talk, talk.lead_id, NOW)
        discussions.go_on(session, talk)
        assert talk.state == "open"
        discussions.confirm(session, talk, talk.lead_id or "", NOW)
        discussions.stop(session, talk, talk.lead_id, NOW)
        discussions.go_on(session, talk)
        assert talk.state == "closed"


def test_remarks_about_the_same_thing_are_alike_whatever_the_numbers(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        made = remarks_given.keep(
            session,
            RemarkGiven(
                code="stuck_action",
                unit_id=talk.unit_id,
                discussion_id=talk.id,
                at=NOW,
                params={"action": "a", "count": 2, "shown_in": "header"},
            ),
        )
        assert remarks_given.same_subject(made, {"action": "a", "count": 3})
        assert not remarks_given.same_subject(made, {"action": "b", "count": 2})
        assert remarks_given.of_discussion(session, talk.id, "stuck_action") == [made]


def test_who_was_told_before_the_last_stop_does_not_count(db: Database) -> None:
    with db.write() as session:
        talk = a_discussion(session)
        discussions.stop(session, talk, talk.lead_id, NOW)
        told = entries.keep(
            session,
            form=load_form("stop"),
            answers={"told": [{"outside": "Duty manager"}]},
            person_id=talk.lead_id or "",
            unit_id=talk.unit_id,
            discussion_id=talk.id,
            family_id=talk.family_id,
            now=later(60),
        )
        assert discussions.who_was_told(session, [talk]) == {talk.id: told}
        discussions.stop(session, talk, talk.lead_id, later(120))
        assert discussions.who_was_told(session, [talk]) == {}
        assert discussions.who_was_told(session, []) == {}
