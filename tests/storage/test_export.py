from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.practice.sample.unit_file import LoadedUnit
from prompts_and_forms.forms.catalogue import load_form
from storage.database.bodies import ActionBody, AgreementBody, HypothesisBody, RoleBody
from storage.database.db import Database
from storage.database.tables import Discussion, Family, RemarkGiven
from storage.decisions import actions, agreements, hypotheses, roles
from storage.decisions.actions import Change
from storage.decisions.hypotheses import Raised
from storage.export.export import export_unit
from storage.forms import entries
from storage.meeting import contributions, discussions, meetings, remarks_given
from tests.worlds.sample import sample_in
from tests.worlds.storage_world import NOW, later

DAY = date(2026, 3, 2)


@pytest.fixture
def kestrel(db: Database) -> LoadedUnit:
    return sample_in(db, day=DAY, channel="C1", now=NOW)


def exported(db: Database, unit: LoadedUnit, ref: str | None = None) -> dict[str, Any]:
    with db.read() as session:
        return export_unit(session, unit.unit_id, ref)


def a_discussion(session: Session, unit: LoadedUnit, ref: str = "K3107C") -> Discussion:
    who = unit.people["orla"]
    meeting = meetings.start(
        session, unit_id=unit.unit_id, day=DAY, now=NOW, opened_by=who, facilitator=who, writer=None
    )
    return discussions.begin(
        session,
        meeting=meeting,
        family=session.get_one(Family, unit.families[ref]),
        kind="full",
        stage="open",
        lead_id=unit.people["devan"],
        note_taker_id=None,
        present=[who],
        now=NOW,
    )


def test_an_export_fits_json_and_holds_no_inner_ids_of_people(db: Database, kestrel: LoadedUnit) -> None:
    with db.write() as session:
        a_discussion(session, kestrel)
    written = json.dumps(exported(db, kestrel))
    for person_id in kestrel.people.values():
        assert person_id not in written


def test_what_was_said_comes_with_every_version(db: Database, kestrel: LoadedUnit) -> None:
    with db.write() as session:
        talk = a_discussion(session, kestrel)
        said = contributions.keep(
            session,
            meeting_id=talk.meeting_id,
            discussion=talk,
            stage="open",
            author_id=kestrel.people["devan"],
            channel="C1",
            ts="1.1",
            text="AD never gets up.",
            now=NOW,
        )
        contributions.edit(session, said, "AD was up on three of five visits.", kestrel.people["devan"], later(60))
        contributions.move(session, said, "changed", kestrel.people["pippa"], later(90))
    talk_kept = exported(db, kestrel)["discussions"][-1]
    assert (talk_kept["family"], talk_kept["lead"], talk_kept["present"]) == ("K3107C", "devan", ["orla"])
    kept = talk_kept["contributions"][0]
    assert (kept["text"], kept["stage"], kept["author"]) == ("AD was up on three of five visits.", "changed", "devan")
    assert [(v["what"], v["by"]) for v in kept["versions"]] == [
        ("typed", "devan"),
        ("edited", "devan"),
        ("moved", "pippa"),
    ]
    assert kept["versions"][0]["text"] == "AD never gets up."


def test_answers_name_people_and_things_by_their_words(db: Database, kestrel: LoadedUnit) -> None:
    answers = {
        "lead": kestrel.people["devan"],
        "previous_actions": [{"action": kestrel.actions["a01"], "result": "done", "note": "Chart in use."}],
        "boundary_check": {"reading": "too_close", "note": "mine alone"},
    }
    with db.write() as session:
        talk = a_discussion(session, kestrel)
        entries.keep(
            session,
            form=load_form("changed"),
            answers=answers,
            person_id=kestrel.people["pippa"],
            unit_id=kestrel.unit_id,
            now=NOW,
            discussion_id=talk.id,
            family_id=talk.family_id,
        )
    export = exported(db, kestrel)
    kept = export["discussions"][-1]["entries"][0]
    assert kept["recorded_by"] == "pippa"
    assert kept["answers"] == {
        "lead": "devan",
        "previous_actions": [{"action": "a01", "result": "done", "note": "Chart in use."}],
    }
    assert "mine alone" not in json.dumps(export)


def test_the_history_of_ideas_agreements_actions_and_roles_is_in_it(db: Database, kestrel: LoadedUnit) -> None:
    family_id, devan = kestrel.families["K3107C"], kestrel.people["devan"]
    with db.write() as session:
        idea = hypotheses.offer(session, family_id, HypothesisBody(text="Perhaps."), Raised(DAY, devan), now=NOW)
        hypotheses.reword(session, idea, HypothesisBody(text="Perhaps so."), by_id=devan, now=later(1))
        hypotheses.set_status(session, idea, "weakened", by_id=devan, now=later(2), note="The week went well.")
        hypotheses.take_position(session, idea, devan, "curious", "I wonder.", now=later(3))
        body = AgreementBody(space="joint_session", focus="Mornings", lead=devan)
        agreed = agreements.offer(session, family_id, body, by_id=devan, made_on=DAY, now=NOW)
        agreements.confirm(session, agreed, "social_work", by_id=devan, now=later(4))
        action = session.get_one(actions.Action, kestrel.actions["a02"])
        actions.carry_over(session, action, date(2026, 3, 20), Change(devan, NOW, DAY, note="Chart is late."))
        today = Change(devan, NOW, DAY)
        made = actions.make(session, family_id, ActionBody(text="Ring"), today, owner=None, due_on=None)
        roles.agree(
            session,
            family_id,
            RoleBody(role="holds the network"),
            person_id=devan,
            from_on=DAY,
            until_on=None,
            recorded_by_id=devan,
            now=NOW,
        )
    export = exported(db, kestrel, "K3107C")
    kept = next(one for one in export["hypotheses"] if one["id"] == idea.id)
    assert [(step["what"], step["status"]) for step in kept["history"]] == [
        ("offered", "live"),
        ("reworded", "live"),
        ("status", "weakened"),
    ]
    assert kept["history"][1]["before"]["text"] == "Perhaps."
    assert kept["positions"][0]["sentence"] == "I wonder."
    version = next(one for one in export["agreements"] if one["id"] == agreed.id)["versions"][0]
    assert (version["lead"], version["social_work"]["by"], version["clinical"]["by"]) == ("devan", "devan", None)
    carried = next(one for one in export["actions"] if one["id"] == "a02")
    assert (carried["due"], carried["carried_over"], carried["history"][-1]["note"]) == (
        "2026-03-20",
        1,
        "Chart is late.",
    )
    assert any(one["id"] == made.id and one["owner"] is None for one in export["actions"])
    assert (export["roles"][0]["role"], export["roles"][0]["person"]) == ("holds the network", "devan")


def test_one_familys_export_speaks_of_no_other(db: Database, kestrel: LoadedUnit) -> None:
    with db.write() as session:
        talk = a_discussion(session, kestrel)
        given = RemarkGiven(code="ask_owner", unit_id=kestrel.unit_id, discussion_id=talk.id, at=NOW)
        remarks_given.keep(session, given)
    export = exported(db, kestrel, "k3107c")
    written = json.dumps(export)
    for ref in kestrel.families:
        assert (ref in written) == (ref == "K3107C")
    assert export["discussions"][-1]["remarks"][0]["code"] == "ask_owner"


def test_that_a_record_was_copied_is_in_it(db: Database, kestrel: LoadedUnit) -> None:
    with db.write() as session:
        talk = a_discussion(session, kestrel)
        discussions.mark_copied(session, talk, kestrel.people["pippa"], later(5))
    assert exported(db, kestrel)["discussions"][-1]["copied"] == {"at": later(5).isoformat(), "by": "pippa"}


def test_a_family_that_is_not_the_units_is_not_found(db: Database, kestrel: LoadedUnit) -> None:
    with pytest.raises(KeyError):
        exported(db, kestrel, "K9999Z")


def test_every_field_of_the_export_is_explained(db: Database, kestrel: LoadedUnit) -> None:
    explained = Path("docs/export.md").read_text(encoding="utf-8")
    export = exported(db, kestrel)
    for part, rows in export.items():
        assert f"`{part}`" in explained
        first = rows[0] if isinstance(rows, list) and rows else rows if isinstance(rows, dict) else {}
        for name in first:
            assert f"`{name}`" in explained, f"{part}.{name}"
